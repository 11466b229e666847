"""Every rule: its help page is its test, its name is its file, what it shows can be translated."""

import re
import string

import pytest

from server import lint
from server.lint.registry import Rule
from tests.lint import support

RULES = list(lint.rules().values())
EXAMPLES = [example for rule in RULES for example in support.examples(rule)]
WITHOUT_BAD = {"SUP900"}


def _name(value: object) -> str:
    return value.code if isinstance(value, Rule) else ""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda item: f"{item.rule.code}-{'bad' if item.bad else 'good'}")
def test_every_bad_example_fires_and_every_good_one_is_silent(example: support.Example) -> None:
    guide = support.only(example.rule.code, **example.options)
    fired = example.rule.code in support.codes(example.text, guide, example.context)
    assert fired == example.bad, example.text


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_a_rule_has_a_title_a_help_page_and_examples_of_both_kinds(rule: Rule) -> None:
    kinds = {example.bad for example in support.examples(rule)}
    assert rule.title
    assert False in kinds
    assert True in kinds or rule.code in WITHOUT_BAD


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_a_rule_is_named_after_its_file_and_its_folder_after_its_family(rule: Rule) -> None:
    _, _, _, family, module = rule.module.split(".")
    assert rule.name == module.replace("_", "-")
    assert rule.family.lower() == family


def test_all_that_diagnostics_show_is_registered_for_translation() -> None:
    known = set(lint.messages())
    for example in EXAMPLES:
        report = lint.lint(example.text, support.only(example.rule.code, **example.options), example.context)
        for item in report.diagnostics:
            assert item.template in known
            for fix in item.fixes:
                assert fix.template in known
                assert not fix.why or fix.why in known
    assert {rule.title for rule in RULES} <= known


def test_titles_of_fixes_say_what_the_fix_does_without_a_full_stop() -> None:
    for text in lint.messages():
        fields = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        assert all(re.fullmatch("[a-z_]+", name) for name in fields), text
        assert "!" not in text, text
        assert "lease " not in text.lower().replace("release", ""), text


def test_no_two_rules_share_a_code_or_a_name() -> None:
    assert len({rule.name for rule in RULES}) == len({rule.code for rule in RULES}) == len(RULES)
