"""What the commands share: finding things by name, and saying what was wrong with an option."""

from pydantic import ValidationError
from sqlmodel import Session, select

from server.accounts import queries as accounts
from server.errors import NotFound
from server.models import Project, User


def person_called(db: Session, email: str) -> User:
    """Return the person with this address, or raise NotFound."""
    person = accounts.by_email(db, email)
    if person is None:
        raise NotFound("Nobody has the address {email}. `goldsmith user list` shows who there is.", email=email)
    return person


def project_called(db: Session, slug: str) -> Project:
    """Return the project with this name, or raise NotFound."""
    project = db.exec(select(Project).where(Project.slug == slug)).first()
    if project is None:
        raise NotFound("There is no project called {slug}.", slug=slug)
    return project


def sentences(error: ValidationError) -> str:
    """Return what pydantic found, as one line."""
    from server.web.forms import sentence

    return " ".join(f"{'.'.join(map(str, e['loc']))}: {sentence(dict(e))}" for e in error.errors())
