"""Projects as JSON: the same verbs and the same policy as the pages."""

from fastapi import APIRouter, Response

from server.accounts import queries as accounts
from server.errors import Invalid
from server.models import Project
from server.policy import Action, authorize
from server.projects import forms, queries, service
from server.web.deps import DB, CurrentUser

router = APIRouter(prefix="/api/v1/projects", tags=["projects"])


@router.get("")
def index(db: DB, user: CurrentUser) -> forms.ProjectList:
    """The projects one may see, by name."""
    return forms.ProjectList(items=[_record(entry.project, entry.guide.slug) for entry in queries.index(db, user)])


@router.post("", status_code=201)
def create(form: forms.ProjectForm, db: DB, user: CurrentUser) -> forms.ProjectRecord:
    """Add a project."""
    return _record(service.create(db, user, form), form.guide)


@router.get("/{slug}")
def show(slug: str, db: DB, user: CurrentUser) -> forms.ProjectRecord:
    """One project."""
    project = queries.get(db, user, slug)
    return _record(project, queries.guide(db, project).slug)


@router.put("/{slug}")
def update(slug: str, form: forms.ProjectUpdate, db: DB, user: CurrentUser) -> forms.ProjectRecord:
    """Change a project's settings."""
    return _record(service.update(db, user, queries.get(db, user, slug), form), form.guide)


@router.get("/{slug}/members")
def members(slug: str, db: DB, user: CurrentUser) -> forms.MemberList:
    """Who works in a project, and as what."""
    rows = queries.members(db, queries.get(db, user, slug))
    return forms.MemberList(
        items=[forms.MemberRecord(email=row.user.email, name=row.user.name, roles=row.roles) for row in rows]
    )


@router.put("/{slug}/members/{email}")
def put_member(slug: str, email: str, form: forms.RolesForm, db: DB, user: CurrentUser) -> forms.MemberRecord:
    """Give a person these roles, and only these, in a project."""
    project = queries.get(db, user, slug)
    authorize(user, Action.MANAGE_MEMBERS, project)
    person = service.person(db, email)
    service.set_roles(db, user, project, person, set(form.roles))
    return forms.MemberRecord(email=person.email, name=person.name, roles=queries.in_order(set(form.roles)))


@router.delete("/{slug}/members/{email}", status_code=204)
def destroy_member(slug: str, email: str, db: DB, user: CurrentUser) -> Response:
    """Take a person out of a project."""
    project = queries.get(db, user, slug)
    authorize(user, Action.MANAGE_MEMBERS, project)
    person = accounts.by_email(db, email)
    if person is None:
        raise Invalid("Nobody has the address {email}.", email=email)
    service.remove_member(db, user, project, person)
    return Response(status_code=204)


def _record(project: Project, guide: str) -> forms.ProjectRecord:
    fields = {name: getattr(project, name) for name in forms.ProjectRecord.model_fields if name != "guide"}
    return forms.ProjectRecord(**fields, guide=guide)
