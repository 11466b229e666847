"""Lint: an edit to a 1,000-word answer with 40 formulas, and answers in bulk, with what each family of rules costs.

Baselines: comrak reading the same texts; the goals of the specification stand beside the figures.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Sequence

import comrak

from server import lint
from server.lint.document import Document
from tests.benchmarks.material import answer
from tests.lint import support

EDITS = 200
NAMES = ("math_test", "gsm8k_gold", "gaokao_math_gold_zh", "gaokao_gpt4_outputs_zh", "llm_outputs_arena_hard",
         "oasst_human_en")  # fmt: skip
GUIDE = support.RECOMMENDED


def timed(texts: Sequence[str]) -> list[float]:
    """Return the milliseconds of processor and waiting time each text took, in rising order."""
    took = []
    for text in texts:
        started = time.perf_counter()
        lint.lint(text, GUIDE)
        took.append(1000 * (time.perf_counter() - started))
    return sorted(took)


def line(name: str, took: Sequence[float], goals: str = "") -> str:
    """Return one line of figures of rising times."""
    at = [took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.95, 0.99)]
    mean = statistics.fmean(took)
    return f"{name:<26} mean {mean:7.2f}  p50 {at[0]:7.2f}  p95 {at[1]:7.2f}  p99 {at[2]:7.2f} ms  {goals}"


def edits() -> list[str]:
    """Return the answer after each of many edits, words and formulas in turn."""
    text = answer()
    words = [text.replace("keeps its order", f"keeps its order {number}", 1) for number in range(EDITS)]
    formulas = [text.replace("a_{1}", f"a_{{1+{number}}}", 1) for number in range(EDITS)]
    return [each for pair in zip(words, formulas, strict=True) for each in pair]


def corpora() -> dict[str, list[str]]:
    """Return the texts at hand: the corpora, or the one answer when they are not there."""
    if not support.CORPORA.is_dir():
        return {"one answer": [answer()] * 100}
    return {name: [row["response"] for row in support.rows(name)] for name in NAMES}


def families(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Return the milliseconds a text that each family of rules takes, the costliest first."""
    spent: defaultdict[str, float] = defaultdict(float)
    for text in texts:
        document = Document(text)
        _ = document.verdicts, document.words, document.han
        for setting in GUIDE.settings((), document.language):
            if setting.rule.tier == "first":
                started = time.perf_counter()
                list(setting.rule.check(document, setting.options))
                spent[setting.rule.family] += time.perf_counter() - started
    return sorted(((name, 1000 * each / len(texts)) for name, each in spent.items()), key=lambda pair: -pair[1])


def main() -> None:
    texts = corpora()
    timed([answer(), *(each[0] for each in texts.values())])
    print(line("one edit, first tier", timed(edits()), "goal p95 5"))
    everything = [text for each in texts.values() for text in each]
    for name, each in texts.items():
        print(line(f"{name} ({len(each)})", timed(each)))
    print(line(f"all ({len(everything)}), warm", timed(everything), "goals mean 0.8, p99 4"))
    options = (comrak.ExtensionOptions(), comrak.ParseOptions(), comrak.RenderOptions())
    started = time.perf_counter()
    for text in everything:
        comrak.render_markdown(text.encode("utf-8", "replace").decode(), *options)
    print(f"{'comrak alone':<26} mean {1000 * (time.perf_counter() - started) / len(everything):7.2f} ms")
    print("rules, by family:", ", ".join(f"{name} {each:.3f}" for name, each in families(everything[::5])), "ms a text")


if __name__ == "__main__":
    main()
