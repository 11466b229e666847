"""Chinese typography on real pairs of texts before and after: nothing invented, formulas untouched."""

import pytest

from server import lint
from server.lint.document import Document
from tests.lint import support

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not support.CORPORA.is_dir(), reason="no corpora folder; set GOLDSMITH_CORPORA"),
]
GENERAL = {"profile": "zh-general"}
GUIDE = support.guide(extends="none", rules=dict.fromkeys(("ZHT101", "ZHT103", "ZHT104", "ZHT106"), GENERAL))


def mended(text: str, guide: lint.Guide = GUIDE) -> str:
    return lint.apply_fixes(text, lambda version: lint.lint(version, guide)).text


@pytest.mark.parametrize(("name", "least"), [("autocorrect_pairs", 0.55), ("zhlint_pairs", 0.5)])
def test_most_pairs_come_out_as_expected(name: str, least: float) -> None:
    rows = [row for row in support.rows(name) if "`" not in row["input"] and "$" not in row["input"]]
    same = [row for row in rows if mended(row["input"]) == row["expected"]]
    assert len(same) / len(rows) >= least, (len(same), len(rows))


def test_texts_that_need_nothing_are_left_alone() -> None:
    rows = [row for row in support.rows("autocorrect_pairs") if row["input"] == row["expected"]]
    touched = [row["input"] for row in rows if mended(row["input"]) != row["input"]]
    assert len(touched) <= len(rows) * 0.1, touched


@pytest.mark.parametrize("name", ["gaokao_math_gold_zh", "gaokao_gpt4_outputs_zh", "tal_scq5k_zh"])
def test_no_formula_is_touched(name: str) -> None:
    for row in list(support.rows(name))[::3]:
        before = [item.tex for item in Document(row["response"]).formulas]
        assert [item.tex for item in Document(mended(row["response"])).formulas] == before
