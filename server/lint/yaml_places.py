"""YAML read together with the line of every value; a key given twice is an error."""

from dataclasses import dataclass
from typing import Any

import yaml


class RepeatedKey(ValueError):
    """A key given twice in one mapping, at a 1-based line."""

    def __init__(self, key: str, line: int) -> None:
        self.key, self.line = key, line
        super().__init__(f"line {line}: the key {key!r} is given twice")


@dataclass(frozen=True, slots=True)
class Places:
    """Lines of the values of a YAML text, by path."""

    lines: dict[tuple[Any, ...], int]

    def line(self, path: tuple[Any, ...]) -> int:
        """Return the 1-based line of the nearest part of `path` that is written down."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def read_yaml(text: str) -> tuple[Any, Places]:
    """Return the value and the places. Raises yaml.YAMLError, RepeatedKey, ValueError, RecursionError."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    lines: dict[tuple[Any, ...], int] = {}
    if root is not None:
        _visit(root, (), lines)
    return yaml.safe_load(text), Places(lines)


def _visit(node: yaml.Node, path: tuple[Any, ...], lines: dict[tuple[Any, ...], int]) -> None:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _visit(item, (*path, index), lines)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, key.value)
            if inner in lines:
                raise RepeatedKey(key.value, key.start_mark.line + 1)
            _visit(value, inner, lines)
            lines[inner] = key.start_mark.line + 1
