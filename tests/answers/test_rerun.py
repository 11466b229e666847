"""A version's report can be made again, whatever was changed around it since."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from typer.testing import CliRunner

from server import cli, lint
from server.answers import linting, rerun, service
from server.answers.forms import SubmissionForm, WaiverForm
from server.config import resources
from server.db import Database
from server.errors import Invalid
from server.guides import queries as guides
from server.guides import service as publishing
from server.models import AnswerVersion, Guide, Task
from tests import factories
from tests.factories import Cast

GUIDES = sorted(path.stem for path in resources("styleguides").glob("*.yaml"))
TEXTS = [
    "Four is even, for it is twice two, and two is a whole number.",
    "# Sum\n\n### Step\n\nIt is important to note that $\\frac{1}{2$ and $ x $ and $\\foo$ are **bold. 😀 is $5 or $6.",
    "中文测试,这里用了半角标点，２０２４年。**注意：**这里有问题,所以 $x^2$答案是 $\\boxed{5}$。",
    "```json\n{1,}\n```\n\n| a | b |\n|---|---|\n| $|x|$ | 2 | 3 |\n\nTODO: 2 + 2 = 5. Dear [Your Name], I hopes so\n",
    "The sum is $\\boxed{5}$, or perhaps $\\boxed{6}$.  \n\n\n\nHe go to school, and and then he write an letter.",
]


def submitted(db: Session, cast: Cast, task: Task, text: str) -> AnswerVersion:
    """Save and submit `text`, whatever blocks it waived."""
    revision = getattr(service.queries.answer(db, task), "revision", 0)
    service.save(db, cast.wren, task, text, revision)
    version = guides.current(db, task.project.guide_id)
    ticked = [item["id"] for item in version.content.get("checklist") or []]
    try:
        return service.submit(db, cast.wren, task, SubmissionForm(checklist=ticked))
    except Invalid as refused:
        prints = {found["fingerprint"] for found in refused.extra["diagnostics"]}
    waivers = [WaiverForm(fingerprint=each, reason="It shows a mistake.") for each in sorted(prints)]
    return service.submit(db, cast.wren, task, SubmissionForm(checklist=ticked, waivers=waivers))


def follow(db: Session, cast: Cast, slug: str) -> None:
    """Let the project follow a guide that comes with Goldsmith."""
    publishing.sync_builtin(db)
    cast.project = db.merge(cast.project)
    cast.project.guide_id = db.exec(select(Guide.id).where(Guide.slug == slug)).one()
    db.flush()


def change_everything_around(db: Session, cast: Cast, slug: str) -> None:
    """What a re-import, a lead and a newer guide may do to what a report was made from."""
    for task in db.exec(select(Task)).all():
        task.messages = [{"role": "user", "content": "Something else entirely."}]
        task.tags, task.reference_answer, task.language = ["other"], "17", "zh" if task.language == "en" else "en"
        db.add(task)
    cast.project.show_reference = False
    source = (resources("styleguides") / f"{slug}.yaml").read_text("utf-8")
    publishing.publish(db, cast.lea, re.sub(r"\nlint:\n(?:[ #].*\n)+", "\nlint: {extends: none}\n", source))
    linting._reports.clear()
    db.flush()
    db.expire_all()


@pytest.mark.databases
@pytest.mark.parametrize("slug", GUIDES)
def test_every_report_under_every_built_in_guide_says_the_same_again(db: Session, cast: Cast, slug: str) -> None:
    follow(db, cast, slug)
    for number, text in enumerate(TEXTS):
        prompt = "Write a template with [Your Name]. It is important to note that 2 + 3 is asked for."
        language = "zh" if slug.endswith("zh") else "en"
        tags = ["proof"] if number % 2 else []
        task = factories.task(db, cast, prompt=prompt, tags=tags, reference_answer="5", language=language)
        factories.draft(db, task, text=text)
        first = submitted(db, cast, task, text)
        submitted(db, cast, task, f"{text}\n\nA line more.")
        service.restore(db, cast.wren, first)
    change_everything_around(db, cast, slug)
    reruns = list(rerun.every(db))
    assert [(each.differences, each.why_not) for each in reruns] == [((), "")] * (3 * len(TEXTS))
    assert {each.version.report["guide_version"] for each in reruns} == {1}
    assert len({found["code"] for each in reruns for found in each.version.report["diagnostics"]}) > 15


def test_the_task_as_it_is_now_would_give_another_report(db: Session, cast: Cast) -> None:
    """What is kept is needed: the same text with today's prompt, tags and reference is another matter."""
    follow(db, cast, "maths-en")
    task = factories.task(db, cast, prompt="Write a template with [Your Name].", reference_answer="5", tags=["proof"])
    version = submitted(db, cast, task, "Dear [Your Name], the sum is $\\boxed{6}$, as two and three are six.")
    change_everything_around(db, cast, "maths-en")
    today = linting.report(version.text, version.guide_version, linting.context_of(task), tiers=lint.BOTH)
    assert today["diagnostics"] != version.report["diagnostics"]
    assert rerun.compared(version).differences == ()


def stored(db: Session, cast: Cast, text: str, **over: Any) -> AnswerVersion:
    """A version whose report is as it should be, but for what is `over`."""
    context = lint.LintContext(prompt="What is $2+2$?", language="en")
    report = rerun.kept(linting.report(text, cast.guide_version, context), cast.guide_version, context)
    return factories.version(db, cast, factories.task(db, cast), text, report=report | over)


def test_a_report_that_says_something_else_is_named_with_what_differs(db: Session, cast: Cast) -> None:
    text = "So $\\foo$ and $\\bar$."
    sound = stored(db, cast, text)
    assert rerun.compared(sound).differences == ()
    found = sound.report["diagnostics"]
    assert rerun.compared(stored(db, cast, text, diagnostics=found[1:])).differences == (
        "TEX102 on line 1, 'KaTeX does not know \\\\foo.', was not found then",
    )
    forged = [found[0] | {"line": 7}, *found[1:]]
    assert len(rerun.compared(stored(db, cast, text, diagnostics=forged)).differences) == 2
    assert rerun.compared(stored(db, cast, text, diagnostics=found[::-1])).differences == (
        "the findings stand in another order",
    )
    counts = sound.report["counts"] | {"words": 99}
    assert "counts was" in rerun.compared(stored(db, cast, text, counts=counts)).differences[0]


def test_a_report_of_another_engine_is_not_compared(db: Session, cast: Cast) -> None:
    assert "made by engine 9.9" in rerun.compared(stored(db, cast, "Four.", engine="9.9")).why_not
    assert "KaTeX 0.1" in rerun.compared(stored(db, cast, "Four.", katex="0.1")).why_not
    assert rerun.compared(factories.version(db, cast, factories.task(db, cast))).why_not


def test_advice_that_came_too_late_then_is_no_difference(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast)
    version = submitted(db, cast, task, "He go to school, and **then he write an letter to his friend.")
    codes = {rule.code for rule in lint.rules().values() if rule.tier == "second"}
    found = version.report["diagnostics"]
    early = [each for each in found if each["code"] not in codes]
    assert 0 < len(early) < len(found)
    late = early[0] | {"code": "SUP900", "level": "info"}
    report = version.report | {"diagnostics": [late, *early]}
    kept = factories.version(db, cast, factories.task(db, cast), version.text, report=report)
    assert rerun.compared(kept).differences == ()
    report = version.report | {"diagnostics": [late | {"level": "error"}, *early]}
    kept = factories.version(db, cast, factories.task(db, cast), version.text, report=report)
    assert rerun.compared(kept).differences != ()


def test_what_is_kept_for_running_again_is_shown_to_nobody(db: Session, cast: Cast, as_user: Any) -> None:
    task = factories.task(db, cast, reference_answer="a reference kept for later")
    version = submitted(db, cast, task, "It is $4$, as two and two are four.")
    assert version.report["context"]["reference"] == "a reference kept for later"
    cast.project = db.merge(cast.project)
    cast.project.show_reference = False
    db.commit()
    wren: TestClient = as_user(cast.wren)
    for path in (f"/api/v1/tasks/{task.id}", f"/api/v1/tasks/{task.id}/versions", f"/versions/{version.id}"):
        answer = wren.get(path)
        assert answer.status_code == 200
        assert "kept for later" not in answer.text
    assert wren.get(f"/api/v1/tasks/{task.id}").json()["versions"][0]["report"]["guide_version"] == 1
    assert "engine 0.1.0, KaTeX 0.19.1" in wren.get(f"/versions/{version.id}").text


def test_no_rule_reads_what_a_report_does_not_keep() -> None:
    rules = Path(lint.__file__).parent
    readers = [path.name for path in rules.rglob("*.py") if "context.drafts" in path.read_text("utf-8")]
    assert readers == [], "keep the drafts with the report, in rerun.kept"


def test_the_command_says_how_many_are_sound_and_names_what_is_not(store: Database, cast: Cast) -> None:
    def run() -> tuple[int, str, str]:
        done = CliRunner().invoke(cli.application(), ["verify", "reports"])
        return done.exit_code, done.stdout, done.stderr

    with store.unit_of_work() as db:
        submitted(db, cast, factories.task(db, cast), "It is $4$, as two and two are four.")
    assert run() == (0, "Sound: 1 reports say the same again\n", "")
    with store.unit_of_work() as db:
        stored(db, cast, "So $\\foo$.", engine="9.9")
    code, said, told = run()
    assert (code, said) == (0, "Sound: 1 reports say the same again\n")
    assert "desk, task 2, version 1 was not compared: it was made by engine 9.9" in told
    with store.unit_of_work() as db:
        stored(db, cast, "So $\\foo$.", diagnostics=[])
    code, said, told = run()
    assert (code, said) == (1, "")
    assert "desk, task 3, version 1: TEX102 on line 1" in told
