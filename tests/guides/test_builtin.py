"""The guides that come with Goldsmith: whole, and kept by their own demonstration."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from server import lint
from server.config import PACKAGE, resources

FILES = sorted(resources("styleguides").glob("*.yaml"))
DEMO = yaml.safe_load((PACKAGE / "demo_content" / "prompts.yaml").read_text("utf-8"))
DONE = [task for task in DEMO["tasks"] if "gold" in task]


def test_there_are_three() -> None:
    assert [file.stem for file in FILES] == ["general-en", "maths-en", "maths-zh"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_guide_is_whole(file: Path) -> None:
    guide = lint.load_guide(file)
    assert guide.instructions.strip()
    assert 4 <= len(guide.checklist) <= 6
    assert 3 <= len(guide.rubric) <= 4
    assert {"hallucination", "bias", "misleading", "unsafe"} <= {kind.id for kind in guide.taxonomy}
    for criterion in guide.rubric:
        assert [point.value for point in criterion.scale] == [1, 2, 3, 4, 5]
        assert all(point.text for point in criterion.scale)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_guide_keeps_its_own_rules(file: Path) -> None:
    guide = lint.load_guide(file)
    report = lint.lint(guide.instructions, guide)
    found = [(each.code, each.message) for each in report.diagnostics]
    assert found == []


@pytest.mark.parametrize("task", DONE, ids=lambda task: task["external_id"])
def test_the_demonstration_s_answers_are_clean(task: dict[str, Any]) -> None:
    guide = lint.load_guide(resources("styleguides") / f"{DEMO['project']['guide']}.yaml")
    prompt = task.get("prompt") or task["messages"][-1]["content"]
    context = lint.LintContext(prompt=prompt, tags=task["tags"], language="zh" if "zh" in task["tags"] else "en")
    report = lint.lint(task["gold"]["text"], guide, context=context)
    assert [(each.code, each.message) for each in report.diagnostics] == []


@pytest.mark.parametrize("task", DEMO["tasks"], ids=lambda task: task["external_id"])
def test_the_demonstration_s_prompts_have_no_broken_formula(task: dict[str, Any]) -> None:
    guide = lint.parse_guide("guide: formulas\ntitle: Formulas\nlint: {extends: none, select: [TEX, DLM, COD101]}\n")
    texts = [turn["content"] for turn in task.get("messages", [])] + [task.get("prompt", "")]
    texts.append(task.get("reference_answer", ""))
    assert [each.message for text in texts for each in lint.lint(text, guide).diagnostics] == []


def test_some_drafts_have_faults_lint_can_show() -> None:
    guide = lint.load_guide(resources("styleguides") / "general-en.yaml")
    codes = {
        each.code
        for task in DEMO["tasks"]
        for draft in task.get("drafts", [])
        for each in lint.lint(draft["text"], guide, context=lint.LintContext(tags=task["tags"])).diagnostics
    }
    assert {"TEX105", "PLH101", "COD101"} <= codes
