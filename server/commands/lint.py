"""`goldsmith lint`: needs no server and no database."""

from typing import Annotated, cast

import typer

from server.config import resources
from server.lint import command
from server.lint.diagnostic import Level


def lint(
    files: Annotated[list[str], typer.Argument(help="Files to read; - is standard input, .jsonl is read row by row.")],
    guide: Annotated[str, typer.Option(help="A guide's name, or a path to its YAML file.")] = "",
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    fail_on: Annotated[str, typer.Option(help="Exit with 1 at this level or above: error, warning, info.")] = "error",
    fix: Annotated[bool, typer.Option("--fix", help="Apply safe fixes to the files.")] = False,
    field: Annotated[str, typer.Option(help="Where a row of JSONL holds the answer.")] = "response",
    prompt_field: Annotated[str, typer.Option(help="Where it holds the prompt.")] = "prompt",
    reference_field: Annotated[str, typer.Option(help="Where it holds the reference.")] = "reference_answer",
) -> None:
    """Check answers against a guide. Exit status: 0 clean, 1 found something, 2 could not run."""
    raise typer.Exit(
        command.run(
            files,
            guides=resources("styleguides"),
            guide=guide,
            output=format,
            fail_on=cast(Level, fail_on),
            fix=fix,
            fields=command.Fields(field, prompt_field, reference_field),
        )
    )
