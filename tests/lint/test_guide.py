"""Guides: what is accepted, and how each mistake is told."""

from pathlib import Path

import pytest

from server import lint
from server.lint.guide import Setting
from tests.lint import support

HEAD = "guide: g\ntitle: G\n"


def _problems(text: str) -> list[str]:
    with pytest.raises(lint.GuideError) as caught:
        lint.parse_guide(text, file="g.yaml")
    return str(caught.value).split("\n")


def _in_force(lint_section: str, tags: tuple[str, ...] = (), language: str = "") -> dict[str, Setting]:
    guide = lint.parse_guide(f"{HEAD}lint:\n{lint_section}")
    return {setting.rule.code: setting for setting in guide.settings(tags, language)}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEAD + "lnit: {}", "g.yaml:3: lnit: unknown key; did you mean 'lint'?"),
        (HEAD + "lint:\n  selekt: [TEX]", "g.yaml:4: lint.selekt: unknown key; did you mean 'select'?"),
        (HEAD + "lint:\n  select:\n  - TEX\n  - TEX999", "g.yaml:6: lint.select.1: no rule is called 'TEX999'"),
        (HEAD + "lint:\n  ignore: [placehlder]", "did you mean 'placeholder'?"),
        (HEAD + "lint: {rules: {LEN002: {maks: 3}}}", "lint.rules.LEN002.maks: unknown key; did you mean 'max'?"),
        (HEAD + "lint: {rules: {LEN002: {max: many}}}", "lint.rules.LEN002.max: Input should be a valid integer"),
        (HEAD + "lint: {rules: {LEN: {level: info}}}", "names several rules; options belong to one"),
        (HEAD + "lint: {rules: {LEN002: {level: fatal}}}", "'error', 'warning' or 'info'"),
        (HEAD + "lint: {rules: {LEN002: {min: 5, max: 3}}}", "lint.rules.LEN002: min 5 is above max 3"),
        (HEAD + "lint: {rules: {LEN003: {min: 5, max: 3}}}", "lint.rules.LEN003: min 5 is above max 3"),
        (
            HEAD + "lint:\n  rules: {LEN002: {max: 3}}\n  profiles:\n  - {when: {}, rules: {LEN002: {min: 9}}}",
            "g.yaml:6: lint.profiles.0.rules.LEN002: min 9 is above max 3",
        ),
        (
            HEAD + "lint: {profiles: [{when: {tags: [a]}, rules: {LEN002: {min: 9}}}, "
            "{when: {tags: [b]}, rules: {LEN002: {max: 3}}}]}",
            "lint.profiles.0.rules.LEN002: min 9 is above max 3",
        ),
        (HEAD + "lint: {rules: {LEN002: {}, length-out-of-range: {}}}", "sets the same rule as 'LEN002'"),
        (
            HEAD + "lint: {rules: {FMT102: {required: ['']}}}",
            "lint.rules.FMT102.required.0: needs at least 1 characters",
        ),
        (HEAD + "lint: {select: [tex]}", "lint.select.0: no rule is called 'tex'; did you mean 'TEX'?"),
        (HEAD + "? [a]\n: b", "is not YAML"),
        (HEAD + "title: H", "g.yaml:3: the key 'title' is given twice"),
        (HEAD + "rubric: [{id: a, title: A, scale: [{value: 2, text: x}, {value: 1, text: y}]}]", "must rise"),
        (HEAD + "checklist: [{id: a, text: x}, {id: a, text: y}]", "the id 'a' is used twice"),
        (HEAD + "language: fr", "'en', 'zh' or 'any'"),
        ("guide: Not A Slug\ntitle: G", "g.yaml:1: guide: String should match"),
        ("- a", "a guide is a mapping"),
        ("a: [", "g.yaml:1:"),
        ("", "a guide is a mapping"),
        ("title: 5\nguide: g", "title: Input should be a valid string"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_a_way_out(text: str, problem: str) -> None:
    assert any(problem in line for line in _problems(text)), _problems(text)


def test_all_mistakes_are_told_at_once() -> None:
    assert len(_problems("guide: g\ntitel: G\nlanguage: fr")) == 3


def test_codes_prefixes_and_names_select_and_ignore() -> None:
    assert set(_in_force("  extends: none\n  select: [DLM, placeholder]")) >= {"DLM001", "PLH101"}
    assert "TEX101" not in _in_force("  extends: none\n  select: [DLM]")
    assert not any(code.startswith("TEX") for code in _in_force("  ignore: [TEX]"))


def test_options_and_level_of_a_rule_are_taken_by_code_or_name() -> None:
    for name in ("LEN002", "length-out-of-range"):
        setting = _in_force(f"  rules: {{{name}: {{level: info, max: 9}}}}")["LEN002"]
        assert (setting.level, setting.options.model_dump()) == ("info", {"min": None, "max": 9})


def test_of_the_profiles_that_fit_the_first_wins_key_by_key() -> None:
    section = """
  rules: {LEN002: {min: 5, max: 100}}
  profiles:
    - when: {tags: [proof], language: zh}
      ignore: [LEN004]
      rules: {LEN002: {max: 50}}
    - when: {language: zh}
      ignore: [LEN001]
      rules: {LEN002: {max: 20, level: info}}
"""
    both = _in_force(section, ("proof",), "zh")
    assert both["LEN002"].options.model_dump() == {"min": 5, "max": 50}
    assert both["LEN002"].level == "info"
    assert "LEN004" not in both
    assert "LEN001" in both
    assert "LEN001" not in _in_force(section, (), "zh")
    assert _in_force(section, ("proof",), "en")["LEN002"].options.model_dump() == {"min": 5, "max": 100}


def test_a_guide_is_named_after_its_file(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(HEAD)
    with pytest.raises(lint.GuideError, match="they must agree"):
        lint.load_guide(tmp_path / "other.yaml")
    (tmp_path / "g.yaml").write_text(HEAD)
    assert lint.load_guide(tmp_path / "g.yaml").title == "G"


def test_a_guide_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "g.yaml").write_bytes(b"\xff\xfe")
    for name, reason in (("g.yaml", "it is not UTF-8"), ("absent.yaml", "no such file or directory")):
        with pytest.raises(lint.GuideError, match=f"{name}: cannot be read: {reason}$"):
            lint.load_guide(tmp_path / name)


def test_the_language_of_the_task_chooses_the_profile() -> None:
    guide = support.guide(profiles=[{"when": {"language": "zh"}, "ignore": ["TEX"]}])
    assert support.codes("So $\\foo$ it is.", guide) == ["TEX102"]
    assert support.codes("所以 $\\foo$ 成立。", guide) == []
    assert support.codes("So $\\foo$ it is.", guide, lint.LintContext(language="zh")) == []


STYLE = HEAD + "lint:\n  style:\n  - {code: STY001, name: so, extends: existence, message: m, tokens: [so]%s}\n"


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (", patterns: ['(?=a)b']", "lint.style.0.patterns.0: RE2 refuses (?=a)b: look-ahead is not supported"),
        (", fix: {kind: drop}", "lint.style.0.fix.kind: Input should be 'delete', 'delete_sentence' or 'replace'"),
        (", tokns: [b]", "lint.style.0.tokns: unknown key; did you mean 'tokens'?"),
        (
            "}\n  - {code: STY002, name: b, extends: occurence, message: m",
            "g.yaml:6: lint.style.1.extends: Input should",
        ),
        ("}\n  - {code: STY002, name: b, extends: occurence, message: m", "did you mean 'occurrence'?"),
        ("}\n  - {code: STY002, name: b, message: m", "lint.style.1.extends: is missing"),
        (
            "}\n  - {code: STY002, name: so, extends: existence, message: m, tokens: [b]",
            "'so' is another rule's",
        ),
        (
            "}\n  - {code: STY002, name: placeholder, extends: existence, message: m, tokens: [b]",
            "g.yaml:6: lint.style.1",
        ),
        ("}\n  rules: {STY001: {level: info}", "lint.rules.STY001: is a rule of the guide's own"),
        ("}\n  - {code: STY002, name: b, extends: occurrence, message: m, tokens: [b], min: 3, max: 1", "above max 1"),
    ],
)
def test_a_mistake_in_a_rule_of_the_house_is_told_where_the_guide_has_it(more: str, problem: str) -> None:
    assert any(problem in line for line in _problems(STYLE % more)), _problems(STYLE % more)


def test_profiles_that_never_meet_may_set_what_they_like() -> None:
    lint.parse_guide(
        HEAD + "lint: {profiles: [{when: {language: en}, rules: {LEN002: {min: 9}}}, "
        "{when: {language: zh}, rules: {LEN002: {max: 3}}}]}"
    )


def test_off_is_off_as_yaml_reads_it() -> None:
    assert _in_force("  rules: {ZHT101: {profile: off}}")["ZHT101"].options.model_dump() == {"profile": "off"}


def test_the_examples_of_a_guide_s_own_rules_are_tried() -> None:
    source = STYLE % ", bad:\n   [So it is., It is.], good: [It is., And so on.]"
    told = [f"{item.line} {item.path}: {item.message}" for item in lint.misjudged(lint.parse_guide(source), source)]
    assert told == [
        "6 lint.style.0.bad.1: STY001 passes this example, which it should find",
        "6 lint.style.0.good.1: STY001 finds “so” in this example, which it should pass",
    ]
