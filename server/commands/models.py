"""`goldsmith models …`: the models that run on this machine."""

from typing import Annotated

import typer

from server.errors import AppError
from server.llm import endpoints, local, weights

app = typer.Typer(help="Models: the endpoints in force, and those that run on this machine.", no_args_is_help=True)


@app.command("list")
def list_endpoints() -> None:
    """Print the endpoints drafts can come from."""
    try:
        known = endpoints.available()
    except endpoints.EndpointError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    for endpoint in known:
        where = endpoint.host or f"this machine{'' if local.installed(endpoint.local) else ', not installed'}"
        typer.echo(f"{endpoint.name}\t{endpoint.model}\t{where}{', key missing' if endpoint.needs_key else ''}")


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(weights.KNOWN)}.")],
) -> None:
    """Install a model on this machine, and check that its file is whole."""
    from server.llm import fetching

    try:
        path = fetching.fetch(name)
    except AppError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{weights.KNOWN[name].title} is ready: {path}")
