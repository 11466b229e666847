"""Texts nobody would write: a small grammar of what is left open, what cannot be seen and what goes on for ever."""

from collections.abc import Callable

from hypothesis import strategies as st

ATOMS = [
    # what opens, and may not close
    "`", "``", "```", "~~~", "```python\n", "```json\n", "\n```\n", "$", "$$", "\\(", "\\)", "\\[", "\\]", "{",
    "}", "\\left(",
    "\\right)", "\\left\\{", "\\begin{matrix}", "\\end{matrix}", "\\begin{align}", "\\end{cases}", "\\begin{",
    "\\end{",
    "*", "**", "_", "__", "~~", "***", "[", "](", "][", "![", ")", "(", "<", ">", "<b>", "</b>", "<a href=\"",
    "<!--", "-->",
    "“", "”", "\"", "'", "（", "）", "【", "】", "{{", "}}", "\\boxed{", "\\text{", "^{", "_{", "\\frac{1}{", "[asy]",
    "[/asy]",
    # lines and blocks
    "\n", "\n\n", "\r\n", "\r", "\u2028", "\u0085", "\x0b", "\x0c", "> ", ">", "- ", "* ", "1. ", "3) ", "  - ",
    "    ", "\t", "# ",
    "### ", "#", "####", "---\n", "===\n", "***\n", "|", "|---|---|\n", "| a | b |\n", "\\|", ": ", "[^1]",
    "[^1]: ", "[a]: b\n",
    "- [ ] ", "<div>\n", "</div>\n", "  \n", " \\\n",
    # directives
    "<!-- lint-disable-next-line TEX -->\n", "<!-- lint-disable-next-line TEX102, DLM -- so it is -->\n\n",
    "<!-- lint-disable-next-line", "<!-- lint-disable-next-line NONE -->", "<!-- lint-enable -->", "<!--lint-",
    # what cannot be seen or stored
    "\x00", "\x07", "\x1b[31m", "\ud800", "\udc00", "\ud83d", "\ufeff", "\u200b", "\u200d", "\u00ad", "\u00a0",
    "\u202e", "\u2066",
    "\u2069", "\u200f", "\u2060", "\ue000", "\ue001", "\ufffd", "\ufffe", "\U0010ffff", "e\u0301", "İ", "ß", "ﬁ", "Å",
    # words, in which rules find something
    "x", "a ", "the the ", "word, ", "Then so. ", "中文", "，", "。", "的的", "用Python写", "Ａ１", "：", "…", "...",
    "😀",
    "👩\u200d🚀",
    "א", "5", "1,000", "$5 ", "1 + 1 = 3", "= ", "10 / 4", "50%", "x^2", "x_1", "\\alpha", "\\foo", "\\textless ",
    "\\\\", "\\ ", "&",
    "%", "\\", "\\def\\a{b}", "\\tag{1}", "\\href{a}{b}", "x_1_2", "\\mathrm{中}", "The answer is 4", "答案：B",
    "#### 4", "(A) ",
    "\\boxed{4}", "As an AI language model, ", "I hope this helps! ", "delve ", "[Your Name]", "TODO",
    "<|im_end|>", "Human: ",
    "ada@goldsmith.io ", "138 0013 8000", "4539 1488 0343 6467", "sk-abcdefghijklmnopqrstuv", "https://a.b/c",
    "http:/x", "www.a.b",
    "https://x.cn，", "[a](b)", "![a]()", "[]()", "&amp;", "&#0;", "â€™", "Ã©", "print(“a”)", "{\"a\": 1,}",
    "def f(:\n", " ", "  ",
]  # fmt: skip
ENDS = ["\n", "\n", "\n", "\r\n", "\r", "\u2028"]
PAIRS = [
    ("> ", ""), ("- ", ""), ("1. ", ""), ("[", "]"), ("[", "](a)"), ("![", "]()"), ("{", "}"), ("(", ")"),
    ("$\\left(", "\\right)$"),
    ("*", "*"), ("**a ", " b**"), ("_a ", "_"), ("~~", "~~"), ("<b>", "</b>"), ("\\text{", "}"), ("x^{", "}"),
    ("\\frac{1}{", "}"),
    ("“", "”"), ("（", "）"), ("`", "`"), ("<!--", "-->"), ("\\begin{matrix}", "\\end{matrix}"), ("| ", " |"),
    ("\t- ", ""),
]  # fmt: skip


def texts(longest: int) -> st.SearchStrategy[str]:
    """Return a strategy of texts, most of them short, some up to about `longest` characters."""
    atom = st.sampled_from(ATOMS)
    line = st.lists(atom, max_size=14).map("".join)
    block = st.recursive(line | _tables(atom) | _maths(atom), _inside, max_leaves=6)
    ended = st.tuples(st.lists(block, max_size=6), st.sampled_from(["\n", "\n\n"]), st.sampled_from(ENDS))
    whole = ended.map(lambda made: made[1].join(made[0]).replace("\n", made[2]))
    return st.one_of(*[whole] * 12, _nested(line, longest), _repeated(line, longest))


def _inside(block: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Put blocks into quotes, items and fences, the fences often left open."""

    def prefixed(made: tuple[str, str]) -> str:
        first, text = made
        rest = first if first == "> " else " " * len(first)
        return first + text.replace("\n", f"\n{rest}")

    within = st.tuples(st.sampled_from(["> ", "- ", "1. ", "  * ", "    "]), block).map(prefixed)
    fences = st.tuples(
        st.sampled_from(["```", "~~~~", "```json", "$$", "\\["]), block, st.sampled_from(["```", "", "$$"])
    )
    return within | fences.map("\n".join) | st.lists(block, min_size=2, max_size=3).map("\n\n".join)


def _tables(atom: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    row = st.lists(atom, max_size=4).map(lambda cells: f"| {' | '.join(cells)} |")
    return st.tuples(row, st.sampled_from(["|---|---|", "|--|", "|:-:|-|-|", ""]), st.lists(row, max_size=4)).map(
        lambda made: "\n".join([made[0], made[1], *made[2]])
    )


def _maths(atom: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    marks = st.sampled_from(
        [("$", "$"), ("$$", "$$"), ("\\(", "\\)"), ("\\[", "\\]"), ("$$\n", "\n$$"), ("$", ""), ("", "\\)")]
    )
    body = st.lists(atom, max_size=8).map("".join)
    return st.tuples(marks, body).map(lambda made: f"{made[0][0]}{made[1]}{made[0][1]}")


def _nested(line: st.SearchStrategy[str], longest: int) -> st.SearchStrategy[str]:
    depth = st.one_of(*[st.integers(2, 60)] * 6, st.integers(60, max(61, longest // 10)))

    def built(made: tuple[tuple[str, str], int, int, str]) -> str:
        (opener, closer), deep, missing, inner = made
        return opener * deep + inner + closer * max(0, deep - missing)

    return st.tuples(st.sampled_from(PAIRS), depth, st.integers(0, 3), line).map(built)


def _repeated(line: st.SearchStrategy[str], longest: int) -> st.SearchStrategy[str]:
    def built(made: tuple[str, str, str, int]) -> str:
        head, unit, tail, size = made
        return head + unit * (size // max(1, len(unit))) + tail

    sizes = st.one_of(*[st.integers(100, 3_000)] * 6, st.integers(3_000, longest))
    return st.tuples(line, line, line, sizes).map(built)


def _filled(unit: str) -> Callable[[int], str]:
    return lambda size: unit * (size // len(unit))


def _around(head: str, unit: str, tail: str) -> Callable[[int], str]:
    return lambda size: head + unit * (size // len(unit)) + tail


def _counted(form: str) -> Callable[[int], str]:
    return lambda size: "".join(form.replace("#", str(number)) for number in range(size // (len(form) + 3)))


# each held lint up for seconds once; given a size in characters
GIANTS: dict[str, Callable[[int], str]] = {
    **{repr(unit): _filled(unit) for unit in (
        "$ x", "$x$ ", "$ x $ ", "$a ", "$5 ", "\\( ", "\\[", "\\(\n\n\\)", "\\[\n\nx\n\n\\]\n\n", "$\n\n$",
        "|$x$|", "${$", "$x%$ ",
        "`a", "` ", "*a**", "**a", "**a ", "~~a~~ ", "**注意：**中文", "[a](b)", "[]()", "![", "[", "\\*", "\\", ">",
        "> ", "- ```\n",
        "http://a.b ", "www.a.b ", "a@b.c ", "<a>", "<br>", "<x-y>", "<!--", "<!-- lint-disable-next-line ",
        "<!-- lint-",
        "<!-- lint-disable-next-line TEX -->\n\n$\\foo$\n\n", "1+1=3 ", "1=1=1=", "x=1 ", "中a", "中 a ", "答案:A ",
        "\u202e", "a\u200b",
        "a\u00a0", "é $\\foo$ ", "中 $\\foo$ ", "As an AI language model. ", "[INST]", "\\begin{a}",
        "\\begin{align}\n", "\\frac{1}{2} and ",
        "the the ", "```\n", "-\n", "1. a\n\n", "a\u2028", "\x00", "\ud800", "'a", "😀", "\n", "\r", " ", "a<",
        "[your ", "#a ", "1-",
    )},
    "an item with a long formula": _around("- $$\n", "  x+\n", "  $$"),
    "an item with many lines under it": _around("- a\n", "b\n", ""),
    "a table of a thousand columns": _around(f"{'|a' * 1000}|\n{'|-' * 1000}|\n", "|b|\n", ""),
    "a table of formulas": _around("|a|b|\n|-|-|\n", "|$x$|$y$|\n", ""),
    "one cell of escaped bars": _around("|a|\n|-|\n|", "\\| $x$ ", "|"),
    "words of another script in an open formula": lambda size: "\\[" + "www.a.bÅ" * min(400, size // 8) + " \\]",
    "a long word before the last": _around("", "\\left\\{\\end{[/asy]", " 138 x"),
    "dollars and closing brackets on one line": _around("the ", "...\ue000\\)...$", ""),
    "a long word before LaTeX": _around("", "1 ", "\\frac{1}{2}"),
    "brackets behind LaTeX": _around("\\frac", ")", ""),
    "a dollar and blanks": _around("$x", " ", "x"),
    "a hash and hyphens": _around("#", "a-", ""),
    "escaped quotes in code": _around("```python\n“", '"\\', "\n```"),
    "an open JSON": _around("```json\n", "[", "\n```"),
    "an open Python": _around("```python\n", "(", "\n```"),
    "a long formula": _around("$", "x", "$"),
    "a deep formula": _around("$", "{", "$"),
    "many formulas": _counted("$x_{#}$ "),
    "many unknown commands": _counted("$\\foo{#}$ "),
    "many answers": _counted("$\\boxed{#}$\n\n"),
    "many links": _counted("[#]: a\n"),
    "many notes": _counted("[^#]: a\n\n"),
    "a chain of equations": _counted("=#"),
    "fences that grow": lambda size: "\n".join("`" * length for length in range(3, int((2 * size) ** 0.5))),
    "quotes that grow": lambda size: "\n".join(f"{'>' * length}a" for length in range(int((2 * size) ** 0.5))),
    "lists that grow": lambda size: "\n".join(f"{'  ' * depth}- a" for depth in range(int(size**0.5))),
}  # fmt: skip
