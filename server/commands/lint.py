"""`goldsmith lint`: needs no server and no database."""

import os
import sys
from typing import Annotated, cast

import typer

from server.commands.languages import Language, speech, take_every_character
from server.config import resources
from server.lint import command
from server.lint.diagnostic import Level
from server.lint.sources import Fields
from server.lint.voice import ENGLISH

List = list[str]


def lint(
    files: Annotated[List, typer.Argument(help="Files, folders or globs; - is standard input, .jsonl is read by row.")],
    guide: Annotated[str, typer.Option(help="A guide's name, or a path to its YAML file.")] = "",
    format: Annotated[str, typer.Option(help="text, json, jsonl, github, sarif or junit.")] = "text",
    select: Annotated[List | None, typer.Option(help="Only these rules: codes, prefixes (TEX) or names.")] = None,
    ignore: Annotated[List | None, typer.Option(help="Not these rules: codes, prefixes (TEX) or names.")] = None,
    fail_on: Annotated[str, typer.Option(help="Exit with 1 at this level or above: error, warning, info.")] = "error",
    fix: Annotated[bool, typer.Option("--fix", help="Apply safe fixes to the files.")] = False,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="With --fix or --diff: unsafe fixes too.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change; write nothing.")] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count findings by rule instead.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="How many processes; 0 is one a core.")] = 1,
    baseline: Annotated[str, typer.Option(help="Speak only of what this file does not hold.")] = "",
    write_baseline: Annotated[str, typer.Option(help="Write all findings to this file as known.")] = "",
    second_tier: Annotated[bool, typer.Option("--second-tier", help="Run the slow rules too.")] = False,
    stdin_name: Annotated[str, typer.Option(help="The name to show for standard input; .jsonl reads rows.")] = "",
    color: Annotated[str, typer.Option(help="auto, always or never.")] = "auto",
    field: Annotated[
        str, typer.Option(help="Where a row holds the answer: response, messages.1.content.")
    ] = "response",
    prompt_field: Annotated[str, typer.Option(help="Where it holds the prompt.")] = "prompt",
    reference_field: Annotated[str, typer.Option(help="Where it holds the reference.")] = "reference_answer",
    language: Language = "",
) -> None:
    """Check answers against a guide. Exit status: 0 clean, 1 found something, 2 could not run."""
    voice = speech(language)
    wishes = command.Wishes(
        guides=resources("styleguides"),
        guide=guide,
        output=format,
        fail_on=cast(Level, fail_on),
        fix=fix,
        unsafe=unsafe,
        diff=diff,
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        statistics=statistics,
        jobs=jobs or os.cpu_count() or 1,
        baseline=baseline,
        write_baseline=write_baseline,
        second_tier=second_tier,
        stdin_name=stdin_name,
        colour=_coloured(color),
        fields=Fields(field, prompt_field, reference_field),
        voice=voice,
        recorded=voice if language else ENGLISH,  # a record does not depend on who ran it
    )
    take_every_character(as_record=format != "text" or diff)
    raise typer.Exit(command.run(files, wishes))


def _coloured(wish: str) -> bool:
    if wish not in ("auto", "always", "never"):
        raise typer.BadParameter(f"{wish!r} is none of auto, always, never", param_hint="--color")
    return wish == "always" or (wish == "auto" and sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
