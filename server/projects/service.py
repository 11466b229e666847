"""Verbs on projects: create, change, add and remove members."""

from sqlmodel import Session, col, select

from server import events
from server.errors import Conflict, Invalid, NotFound
from server.events import EventName
from server.models import Guide, Membership, Project, Role, User
from server.policy import Action, authorize
from server.projects.forms import ProjectForm, ProjectUpdate
from server.text import normalise

RESERVED = {"new"}  # /projects/new is a page


def create(db: Session, user: User, form: ProjectForm) -> Project:
    """Add a project. Raises Conflict for a taken slug, Invalid for an unknown guide."""
    authorize(user, Action.CREATE_PROJECT)
    if form.slug in RESERVED or db.exec(select(Project).where(Project.slug == form.slug)).first():
        raise Conflict("There is already a project called {slug}.", slug=form.slug)
    project = Project(slug=form.slug, name=form.name, guide_id=_guide(db, form.guide).id)
    _fill(project, form)
    db.add(project)
    events.record(db, user, EventName.PROJECT_CREATED, on=project, project_id=project.id, slug=form.slug)
    return project


def update(db: Session, user: User, project: Project, form: ProjectUpdate) -> Project:
    """Change a project's name, description, guide and what writers see."""
    authorize(user, Action.MANAGE_PROJECT, project)
    project.guide_id = _guide(db, form.guide).id
    _fill(project, form)
    db.add(project)
    events.record(
        db,
        user,
        EventName.PROJECT_UPDATED,
        on=project,
        project_id=project.id,
        guide=form.guide,
        show_reference=form.show_reference,
        blind_drafts=form.blind_drafts,
    )
    return project


def add_member(db: Session, user: User, project: Project, person: User, role: Role) -> Membership:
    """Give a person a role; having it already changes nothing."""
    authorize(user, Action.MANAGE_MEMBERS, project)
    query = select(Membership).where(
        Membership.project_id == project.id, Membership.user_id == person.id, Membership.role == role
    )
    known = db.exec(query).first()
    if known:
        return known
    if not person.is_active:
        raise Conflict("{name} has no active account.", name=person.name)
    membership = Membership(project_id=project.id, user_id=person.id, role=role)
    db.add(membership)
    events.record(db, user, EventName.MEMBER_ADDED, on=person, project_id=project.id, role=role.value, name=person.name)
    return membership


def set_roles(db: Session, user: User, project: Project, person: User, roles: set[Role]) -> None:
    """Make these, and only these, a member's roles. Raises Invalid for none, Conflict for the last lead."""
    authorize(user, Action.MANAGE_MEMBERS, project)
    if not roles:
        raise Invalid("Choose at least one role, or remove {name} from the project.", field="roles", name=person.name)
    if not person.is_active:
        raise Conflict("{name} has no active account.", name=person.name)
    rows = _rows(db, project)
    if Role.LEAD not in roles:
        _keep_a_lead(rows, person)
    theirs = {row.role: row for row in rows if row.user_id == person.id}
    for role in theirs.keys() - roles:
        db.delete(theirs[role])
    for role in roles - theirs.keys():
        db.add(Membership(project_id=project.id, user_id=person.id, role=role))
    if theirs.keys() != roles:
        held = [role.value for role in Role if role in roles]
        events.record(db, user, EventName.MEMBER_ADDED, on=person, project_id=project.id, roles=held)


def remove_member(db: Session, user: User, project: Project, person: User) -> None:
    """Take every role in a project from a person; what they wrote stays. The last lead cannot go."""
    authorize(user, Action.MANAGE_MEMBERS, project)
    rows = _rows(db, project)
    theirs = [row for row in rows if row.user_id == person.id]
    if not theirs:
        raise NotFound("{name} is not in this project.", name=person.name)
    _keep_a_lead(rows, person)
    for row in theirs:
        db.delete(row)
    events.record(db, user, EventName.MEMBER_REMOVED, on=person, project_id=project.id, name=person.name)


def person(db: Session, email: str) -> User:
    """Return the person with this address. Raises Invalid, naming the field."""
    found = db.exec(select(User).where(col(User.email) == email.strip().lower())).first()
    if found is None:
        raise Invalid(
            "Nobody has the address {email}. An administrator can add them under People.", field="email", email=email
        )
    return found


def _rows(db: Session, project: Project) -> list[Membership]:
    return list(db.exec(select(Membership).where(Membership.project_id == project.id)).all())


def _keep_a_lead(rows: list[Membership], person: User) -> None:
    if {row.user_id for row in rows if row.role is Role.LEAD} == {person.id}:
        raise Conflict("{name} is the only lead. Make someone else a lead first.", name=person.name)


def _fill(project: Project, form: ProjectUpdate) -> None:
    project.name, project.description = normalise(form.name), normalise(form.description)
    project.show_reference, project.blind_drafts = form.show_reference, form.blind_drafts


def _guide(db: Session, slug: str) -> Guide:
    guide = db.exec(select(Guide).where(Guide.slug == slug)).first()
    if guide is None:
        raise Invalid("There is no guide called {name}.", field="guide", name=slug)
    return guide
