"""Each substitute of TEX102: KaTeX refuses the command and reads what is written for it."""

import pytest

from server.lint import katex
from server.lint.rules.tex import _lacking, _substitutes
from tests.lint import support


def formulas(name: str) -> list[str]:
    """Return small formulas with a command, one of which gives it all it needs."""
    if name in ("root", "of"):
        return [r"\root 3 \of x"]
    grouped = [rf"x \{name}{'{1em}' * _lacking.GROUPS[name][0]} y"] if name in _lacking.GROUPS else []
    alone = [rf"x \{name} y", rf"x \{name}{{y}}", rf"x \{name}{{1mu}} y"] if name not in grouped else []
    return grouped + alone


def mended(tex: str) -> str:
    for start, end, text in reversed(_substitutes.replacements(tex)):
        tex = tex[:start] + text + tex[end:]
    return tex


def kind(tex: str) -> str:
    return katex.check([(tex, True)])[0].kind


@pytest.mark.parametrize("name", sorted(_substitutes.names()))
def test_katex_refuses_the_command_and_reads_its_substitute(name: str) -> None:
    given = formulas(name)
    assert [tex for tex in given if "Undefined control sequence" not in katex.check([(tex, True)])[0].message] == []
    assert "ok" in [kind(mended(tex)) for tex in given]


@pytest.mark.parametrize("name", sorted(_lacking.GROUPS))
def test_a_command_with_groups_compiles_with_them(name: str) -> None:
    (tex, *_) = formulas(name)
    assert kind(mended(tex)) == "ok"


@pytest.mark.parametrize("name", sorted(_lacking.IN_TEXT))
def test_inside_text_another_sign_stands_for_it(name: str) -> None:
    assert kind(rf"\text{{4 \{name}}}") == "parse"
    assert kind(mended(rf"\text{{4 \{name}}}")) == "ok"


@pytest.mark.parametrize("name", sorted(_lacking.OF_TEXT))
def test_a_command_of_text_stays_inside_text(name: str) -> None:
    tex = rf"\text{{4 \{name} 5}}"
    assert kind(tex) == "ok"
    assert mended(tex) == tex


@pytest.mark.corpora
@pytest.mark.skipif(not support.CORPORA.is_dir(), reason="no corpora folder; set GOLDSMITH_CORPORA")
def test_what_katex_names_an_alternative_for_has_a_substitute() -> None:
    rows = [row for row in support.rows("katex_support_table") if not row["supported"] and row["alternatives"]]
    missing = {row["name"] for row in rows if row["name"][1:] not in _substitutes.names()}
    assert missing == {r"\raise"}  # its size is no group: \raise 2pt x
