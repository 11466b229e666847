"""`goldsmith serve` and `goldsmith worker`: the long-running processes."""

import os
from typing import Annotated

import typer

from server import db
from server.commands.database import prepare
from server.config import settings


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; GOLDSMITH_HOST.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on; GOLDSMITH_PORT.")] = 0,
    with_demo: Annotated[bool, typer.Option("--demo", help="Fill an empty store with the demonstration.")] = False,
) -> None:
    """Serve the pages and the API."""
    import uvicorn

    os.environ |= ({"GOLDSMITH_HOST": host} if host else {}) | ({"GOLDSMITH_PORT": str(port)} if port else {})
    settings.cache_clear()
    prepare()
    if with_demo:
        _fill_if_empty()
    _first_link()
    typer.echo(f"Goldsmith is at {settings().base_url}", err=True)
    uvicorn.run(
        "server.app:create_app",
        factory=True,
        host=settings().host,
        port=settings().port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
    )


def worker() -> None:
    """Make drafts in a process of its own; run the server with GOLDSMITH_JOBS=false beside it."""
    from server import logs
    from server.jobs import worker as jobs

    logs.configure()
    prepare()
    jobs.run()


def _fill_if_empty() -> None:
    from server.commands import demo

    demo.demo(if_empty=True)


def _first_link() -> None:
    """Print the one-time administrator link while the store has no administrator of its own."""
    from server.accounts import service as accounts

    with db.unit_of_work() as session:
        link = accounts.first_administrator_link(session)
    if link:
        typer.echo(f"Become the administrator (works once): {link}", err=True)
