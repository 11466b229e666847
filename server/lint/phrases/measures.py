"""Figures of a whole answer, and the small formulas that guides compute from them."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from server.lint.document import Document

_SENTENCE = re.compile(r"[.!?。！？](?=[\s\"”’)）\u4e00-\u9fff]|\Z)")
MEASURES: Mapping[str, Callable[[Document], float]] = {
    "characters": lambda document: len(document.text),
    "words": lambda document: document.words,
    "han": lambda document: document.han,
    "sentences": lambda document: max(1, len(_SENTENCE.findall(document.masked))),
    "paragraphs": lambda document: sum(leaf.kind == "paragraph" for leaf in document.leaves),
    "headings": lambda document: sum(leaf.kind == "heading" for leaf in document.leaves),
    "items": lambda document: sum(node.tag == "li" for node in document.nodes),
    "tables": lambda document: sum(node.tag == "table" for node in document.nodes),
    "bold": lambda document: sum(node.tag == "strong" for node in document.nodes),
    "links": lambda document: len(document.links),
    "formulas": lambda document: len(document.formulas),
    "displays": lambda document: sum(item.display for item in document.formulas),
    "code_blocks": lambda document: len(document.code_blocks),
}
MEANINGS: Mapping[str, str] = {
    "characters": "characters, of all kinds",
    "words": "words of alphabets in running text",
    "han": "Chinese characters in running text",
    "sentences": "sentences, one at least",
    "paragraphs": "paragraphs",
    "headings": "headings",
    "items": "items of lists",
    "tables": "tables",
    "bold": "stretches in bold",
    "links": "links and pictures",
    "formulas": "formulas",
    "displays": "formulas on lines of their own",
    "code_blocks": "blocks of code",
}
_OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda left, right: left / right if right else 0.0,
}


def parse(formula: str) -> ast.expr:
    """Read a formula of numbers, measures and `+ - * /`. Raises PydanticCustomError with the reason."""
    try:
        tree = ast.parse(formula, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refusal("bad_formula", "{formula} is no formula", formula) from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in MEASURES:
            raise PydanticCustomError("unknown_measure", "no measure is called {name}; known: {known}",
                                      {"name": node.id, "known": ", ".join(MEASURES)})  # fmt: skip
        if not isinstance(node, (ast.BinOp, ast.Name, ast.Constant, ast.Load, *_OPERATORS)):
            raise _refusal("bad_formula", "{formula}: a formula has numbers, measures and + - * /", formula)
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            raise _refusal("bad_formula", "{formula}: a formula has numbers, measures and + - * /", formula)
    return tree


def _refusal(kind: str, text: str, formula: str) -> PydanticCustomError:
    return PydanticCustomError(kind, text, {"formula": formula})


def value(tree: ast.AST, document: Document) -> float:
    """Return the value of a parsed formula for one answer; a division by zero is zero."""
    if isinstance(tree, ast.BinOp):
        return _OPERATORS[type(tree.op)](value(tree.left, document), value(tree.right, document))
    if isinstance(tree, ast.Name):
        return float(MEASURES[tree.id](document))
    constant: Any = tree.value if isinstance(tree, ast.Constant) else 0
    return float(constant)
