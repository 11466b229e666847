"""Verbs on projects, on both databases."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from server.errors import Conflict, Forbidden, Invalid, NotFound
from server.models import Event, Membership, Project, Role, User
from server.policy import SYSTEM
from server.projects import queries, service
from server.projects.forms import ProjectForm, ProjectUpdate
from tests.factories import Cast

FORM = ProjectForm(slug="letters", name="Letters", guide="house")


def last(db: Session) -> Event:
    return db.exec(select(Event).order_by(col(Event.sequence).desc()).limit(1)).one()


def roles(db: Session, project: Project, person: User) -> set[Role]:
    query = select(Membership.role).where(Membership.project_id == project.id, Membership.user_id == person.id)
    return set(db.exec(query).all())


def test_an_administrator_creates_a_project(db: Session, cast: Cast) -> None:
    project = service.create(db, cast.ada, FORM)
    assert (project.show_reference, project.blind_drafts) == (True, False)
    assert queries.get(db, cast.ada, "letters") is project
    assert (last(db).name, last(db).project_id) == ("project.created", project.id)


@pytest.mark.parametrize("who", ["wren", "rosa", "lea", "otto"])
def test_nobody_else_creates_a_project(db: Session, cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden, match="Only an administrator"):
        service.create(db, getattr(cast, who), FORM)


@pytest.mark.parametrize("slug", ["desk", "new"])
def test_a_name_in_use_is_refused(db: Session, cast: Cast, slug: str) -> None:
    with pytest.raises(Conflict, match=slug):
        service.create(db, SYSTEM, FORM.model_copy(update={"slug": slug}))


@pytest.mark.parametrize("slug", ["", "a", "Big", "with space", "-x", "x-", "a--b", "../x", "x" * 61, "项目"])
def test_a_name_in_addresses_is_plain(slug: str) -> None:
    with pytest.raises(ValidationError):
        ProjectForm(slug=slug, name="Letters", guide="house")


def test_an_unknown_guide_is_refused_at_its_field(db: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="nothing") as refused:
        service.create(db, SYSTEM, FORM.model_copy(update={"guide": "nothing"}))
    assert refused.value.field == "guide"


@pytest.mark.parametrize("who", ["lea", "ada"])
def test_leads_and_administrators_change_a_project(db: Session, cast: Cast, who: str) -> None:
    form = ProjectUpdate(name="Desk two", guide="house", description="D", blind_drafts=True)
    service.update(db, getattr(cast, who), cast.project, form)
    found = queries.get(db, cast.wren, "desk")
    assert (found.name, found.description, found.show_reference, found.blind_drafts) == ("Desk two", "D", False, True)
    assert last(db).name == "project.updated"


Verb = Callable[[Session, User, Cast], object]
FOR_LEADS: dict[str, Verb] = {
    "update": lambda db, user, cast: service.update(db, user, cast.project, ProjectUpdate(name="N", guide="house")),
    "add": lambda db, user, cast: service.add_member(db, user, cast.project, cast.otto, Role.WRITER),
    "roles": lambda db, user, cast: service.set_roles(db, user, cast.project, cast.wren, {Role.LEAD}),
    "remove": lambda db, user, cast: service.remove_member(db, user, cast.project, cast.wren),
}


@pytest.mark.parametrize("who", ["wren", "rosa", "otto"])
@pytest.mark.parametrize("verb", FOR_LEADS.values(), ids=FOR_LEADS.keys())
def test_nobody_else_changes_a_project_or_its_members(db: Session, cast: Cast, verb: Verb, who: str) -> None:
    with pytest.raises(Forbidden, match="Only a lead"):
        verb(db, getattr(cast, who), cast)


def test_an_outsider_does_not_see_a_project(db: Session, cast: Cast) -> None:
    with pytest.raises(NotFound):
        queries.get(db, cast.otto, "desk")
    assert queries.index(db, cast.otto) == []


def test_a_member_has_several_roles_and_each_once(db: Session, cast: Cast) -> None:
    for role in (Role.WRITER, Role.REVIEWER, Role.REVIEWER):
        service.add_member(db, cast.lea, cast.project, cast.otto, role)
    assert roles(db, cast.project, cast.otto) == {Role.WRITER, Role.REVIEWER}
    otto = next(m for m in queries.members(db, cast.project) if m.user.id == cast.otto.id)
    assert otto.roles == [Role.WRITER, Role.REVIEWER]


def test_someone_whose_account_is_closed_is_not_added(db: Session, cast: Cast) -> None:
    cast.otto.is_active = False
    with pytest.raises(Conflict, match="Otto"):
        service.add_member(db, cast.lea, cast.project, cast.otto, Role.WRITER)
    with pytest.raises(Conflict, match="Otto"):
        service.set_roles(db, cast.lea, cast.project, cast.otto, {Role.WRITER})


def test_roles_are_replaced(db: Session, cast: Cast) -> None:
    service.set_roles(db, cast.lea, cast.project, cast.wren, {Role.REVIEWER, Role.LEAD})
    assert roles(db, cast.project, cast.wren) == {Role.REVIEWER, Role.LEAD}
    assert last(db).details["roles"] == ["reviewer", "lead"]
    with pytest.raises(Invalid, match="at least one role"):
        service.set_roles(db, cast.lea, cast.project, cast.wren, set())


def test_the_same_roles_again_are_no_event(db: Session, cast: Cast) -> None:
    service.set_roles(db, cast.lea, cast.project, cast.wren, {Role.WRITER})
    assert db.exec(select(Event)).all() == []


def test_the_last_lead_stays(db: Session, cast: Cast) -> None:
    with pytest.raises(Conflict, match="only lead"):
        service.remove_member(db, cast.ada, cast.project, cast.lea)
    with pytest.raises(Conflict, match="only lead"):
        service.set_roles(db, cast.ada, cast.project, cast.lea, {Role.WRITER})
    service.add_member(db, cast.ada, cast.project, cast.rosa, Role.LEAD)
    service.remove_member(db, cast.ada, cast.project, cast.lea)
    assert roles(db, cast.project, cast.lea) == set()


def test_a_removed_member_no_longer_sees_the_project(db: Session, cast: Cast) -> None:
    service.remove_member(db, cast.lea, cast.project, cast.wren)
    with pytest.raises(NotFound):
        queries.get(db, cast.wren, "desk")
    with pytest.raises(NotFound):
        service.remove_member(db, cast.lea, cast.project, cast.wren)
