"""Who may see what, and who may do what: the only file that knows.

SIGHT answers with rows (what is not visible is 404), RULES with yes or no (403). A task's stage is not a
permission: that is the model's 409.
"""

import uuid
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from server.errors import Forbidden
from server.models import (
    SYSTEM_ID,
    Answer,
    AnswerVersion,
    Draft,
    Guide,
    GuideVersion,
    Membership,
    Project,
    Release,
    Review,
    Role,
    Task,
    User,
)

T = TypeVar("T")

# Commands on the machine act as Goldsmith itself: an administrator with no row and no name in foreign keys.
SYSTEM = User(id=SYSTEM_ID, email="goldsmith", name="Goldsmith", is_admin=True, memberships=[])


class Action(StrEnum):
    """Every verb of the product."""

    MANAGE_PEOPLE = "manage_people"
    MANAGE_OWN_ACCOUNT = "manage_own_account"
    CREATE_PROJECT = "create_project"
    MANAGE_PROJECT = "manage_project"
    MANAGE_MEMBERS = "manage_members"
    PUBLISH_GUIDE = "publish_guide"
    IMPORT_TASKS = "import_tasks"
    TAKE_TASK = "take_task"
    WRITE_ANSWER = "write_answer"
    REQUEST_DRAFT = "request_draft"
    RATE_DRAFT = "rate_draft"
    REVIEW_VERSION = "review_version"
    CREATE_RELEASE = "create_release"
    LINT_TEXT = "lint_text"
    READ_ENDPOINTS = "read_endpoints"
    READ_AUDIT = "read_audit"


Rule = Callable[[User, Any], bool]


def project_of(subject: Any) -> uuid.UUID:
    """Return the project a subject belongs to."""
    if isinstance(subject, Project):
        return subject.id
    if isinstance(subject, Task | Release):
        return subject.project_id
    if isinstance(subject, Draft | AnswerVersion):
        return subject.task.project_id
    raise TypeError(f"{type(subject).__name__} belongs to no project")


def _role(*roles: Role) -> Rule:
    wanted = set(roles)
    return lambda user, subject: bool(wanted & user.roles_in(project_of(subject)))


def _administrator(user: User, _subject: Any) -> bool:
    return user.is_admin


def _anyone(user: User, _subject: Any) -> bool:
    return user.is_active


def _either(*rules: Rule) -> Rule:
    return lambda user, subject: any(rule(user, subject) for rule in rules)


def _oneself(user: User, subject: Any) -> bool:
    return isinstance(subject, User) and (user.id == subject.id or user.is_system)


def _leads_somewhere(user: User, _subject: Any) -> bool:
    return any(membership.role is Role.LEAD for membership in user.memberships)


def _another_reviewer(user: User, subject: Any) -> bool:
    is_reviewer = _role(Role.REVIEWER, Role.LEAD)(user, subject)
    return is_reviewer and not (isinstance(subject, AnswerVersion) and subject.author_id == user.id)


_lead = _either(_role(Role.LEAD), _administrator)

RULES: dict[Action, Rule] = {
    Action.MANAGE_PEOPLE: _administrator,
    Action.MANAGE_OWN_ACCOUNT: _oneself,
    Action.CREATE_PROJECT: _administrator,
    Action.MANAGE_PROJECT: _lead,
    Action.MANAGE_MEMBERS: _lead,
    Action.PUBLISH_GUIDE: _either(_administrator, _leads_somewhere),
    Action.IMPORT_TASKS: _lead,
    Action.TAKE_TASK: _role(Role.WRITER, Role.LEAD),
    Action.WRITE_ANSWER: _role(Role.WRITER, Role.LEAD),
    Action.REQUEST_DRAFT: _either(_role(Role.WRITER), _lead),
    Action.RATE_DRAFT: _role(Role.WRITER, Role.REVIEWER, Role.LEAD),
    Action.REVIEW_VERSION: _another_reviewer,
    Action.CREATE_RELEASE: _lead,
    Action.LINT_TEXT: _anyone,
    Action.READ_ENDPOINTS: _either(_administrator, _leads_somewhere),
    Action.READ_AUDIT: _administrator,
}

REASONS: dict[Action, str] = {
    Action.MANAGE_PEOPLE: "Only an administrator can manage people.",
    Action.MANAGE_OWN_ACCOUNT: "This account belongs to someone else.",
    Action.CREATE_PROJECT: "Only an administrator can create a project.",
    Action.MANAGE_PROJECT: "Only a lead of this project can change it.",
    Action.MANAGE_MEMBERS: "Only a lead of this project can change its members.",
    Action.PUBLISH_GUIDE: "Only leads and administrators can publish a guide.",
    Action.IMPORT_TASKS: "Only a lead of this project can import tasks.",
    Action.TAKE_TASK: "Only a writer of this project can take a task.",
    Action.WRITE_ANSWER: "Only a writer of this project can write an answer.",
    Action.REQUEST_DRAFT: "Only writers and leads of this project can ask for drafts.",
    Action.RATE_DRAFT: "Only members of this project can rate its drafts.",
    Action.REVIEW_VERSION: "Only a reviewer who did not write this version can review it.",
    Action.CREATE_RELEASE: "Only a lead of this project can export it.",
    Action.LINT_TEXT: "This account is not active.",
    Action.READ_ENDPOINTS: "Only leads and administrators can see the model endpoints.",
    Action.READ_AUDIT: "Only an administrator can read the audit trail.",
}


def can(user: User, action: Action, subject: Any = None) -> bool:
    """Say whether `user` may do `action` to `subject`."""
    return user.is_active and RULES[action](user, subject)


def authorize(user: User, action: Action, subject: Any = None) -> None:
    """Raise Forbidden, with the reason, unless `user` may do `action` to `subject`."""
    if not can(user, action, subject):
        raise Forbidden(REASONS[action])


def visible(user: User, model: type[T]) -> SelectOfScalar[T]:
    """Return a SELECT of the rows of `model` this user may see; every read starts here."""
    return SIGHT[model](user)


def _projects(user: User) -> SelectOfScalar[Any]:
    query = select(Project)
    if user.is_admin:
        return query
    mine = select(Membership.project_id).where(Membership.user_id == user.id)
    return query.where(col(Project.id).in_(mine))


def _in_my_projects(model: Any, column: Any) -> Callable[[User], SelectOfScalar[Any]]:
    def sight(user: User) -> SelectOfScalar[Any]:
        query = select(model)
        if user.is_admin:
            return query
        return query.where(column.in_(select(Membership.project_id).where(Membership.user_id == user.id)))

    return sight


def _through_task(model: Any) -> Callable[[User], SelectOfScalar[Any]]:
    def sight(user: User) -> SelectOfScalar[Any]:
        query = select(model).join(Task, col(Task.id) == model.task_id)
        if user.is_admin:
            return query
        return query.where(col(Task.project_id).in_(select(Membership.project_id).where(Membership.user_id == user.id)))

    return sight


def _reviews(user: User) -> SelectOfScalar[Any]:
    versions = _through_task(AnswerVersion)(user).with_only_columns(col(AnswerVersion.id))
    return select(Review).where(col(Review.version_id).in_(versions))


def _people(user: User) -> SelectOfScalar[Any]:
    query = select(User)
    if user.is_admin:
        return query
    mine = select(Membership.project_id).where(Membership.user_id == user.id)
    mates = select(Membership.user_id).where(col(Membership.project_id).in_(mine))
    return query.where((col(User.id).in_(mates)) | (col(User.id) == user.id))


SIGHT: dict[type[Any], Callable[[User], SelectOfScalar[Any]]] = {
    Project: _projects,
    Task: _in_my_projects(Task, col(Task.project_id)),
    Release: _in_my_projects(Release, col(Release.project_id)),
    Draft: _through_task(Draft),
    Answer: _through_task(Answer),
    AnswerVersion: _through_task(AnswerVersion),
    Review: _reviews,
    User: _people,
    Guide: lambda _user: select(Guide),
    GuideVersion: lambda _user: select(GuideVersion),
}
