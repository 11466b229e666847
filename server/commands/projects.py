"""`goldsmith project …`."""

from typing import Annotated

import typer
from pydantic import ValidationError

from server import db
from server.commands.asking import person_called, project_called, sentences
from server.errors import Invalid
from server.models import Role
from server.policy import SYSTEM
from server.projects import service
from server.projects.forms import ProjectForm

app = typer.Typer(help="Projects.", no_args_is_help=True)


@app.command()
def create(
    slug: Annotated[str, typer.Argument(help="Its name in addresses: small letters, digits, hyphens.")],
    name: Annotated[str, typer.Option(help="Its name for people.")],
    guide: Annotated[str, typer.Option(help="The guide its answers follow.")],
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Create a project."""
    try:
        form = ProjectForm(slug=slug, name=name, guide=guide, description=description)
    except ValidationError as error:
        raise Invalid("{problems}", problems=sentences(error)) from error
    with db.unit_of_work() as session:
        project = service.create(session, SYSTEM, form)
    typer.echo(f"Created {project.slug}.", err=True)


@app.command("add-member")
def add_member(
    slug: Annotated[str, typer.Argument(help="The project.")],
    email: Annotated[str, typer.Option(help="Who joins.")],
    role: Annotated[Role, typer.Option(help="What they do there.")],
) -> None:
    """Add a person to a project; a second role is added beside the first."""
    with db.unit_of_work() as session:
        project = project_called(session, slug)
        service.add_member(session, SYSTEM, project, person_called(session, email), role)
    typer.echo(f"{email} is a {role.value} in {slug}.", err=True)
