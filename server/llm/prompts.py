"""Prompt templates: the files of `prompts/`, each a front matter (purpose, inputs, sample) and a Jinja body.

A name is the path below `prompts/` without `.md.j2`: `drafts/answer`. What is rendered is recorded by the
template's SHA-256, so that every draft can be traced to the words it was asked with.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from jinja2 import StrictUndefined, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from server.config import resources
from server.text import sha256

SUFFIX = ".md.j2"
_NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)+")
_FRONT_MATTER = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_KEYS = {"purpose", "inputs", "sample"}
_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class PromptError(ValueError):
    """A prompt file, or the inputs given to it, cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Prompt:
    """One template. `inputs` maps each input to its meaning, `sample` to an example; `sha256` is the whole file's."""

    name: str
    purpose: str
    inputs: Mapping[str, str]
    sample: Mapping[str, Any]
    body: str
    sha256: str

    def render(self, **inputs: Any) -> str:
        """Return the text for these inputs. Raises PromptError for a missing or an unknown one."""
        missing, unknown = sorted(self.inputs.keys() - inputs), sorted(inputs.keys() - self.inputs)
        if missing or unknown:
            raise PromptError(f"Prompt {self.name}: missing inputs {missing}, unknown inputs {unknown}.")
        return _environment.from_string(self.body).render(inputs).strip()

    def variables(self) -> set[str]:
        """Return the names the body reads."""
        return meta.find_undeclared_variables(_environment.parse(self.body))


def names() -> list[str]:
    """Return the name of every prompt, sorted."""
    root = resources("prompts")
    return sorted(path.relative_to(root).as_posix().removesuffix(SUFFIX) for path in root.rglob(f"*{SUFFIX}"))


@lru_cache
def load(name: str) -> Prompt:
    """Return the prompt of this name. Raises PromptError when there is none or its front matter is wrong."""
    path = resources("prompts") / f"{name}{SUFFIX}"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise PromptError(f"There is no prompt {name!r}. Known: {', '.join(names())}.")
    return parse(name, path.read_text("utf-8"))


def parse(name: str, source: str) -> Prompt:
    """Return the prompt written in `source`. Raises PromptError when its front matter is wrong."""
    parts = _FRONT_MATTER.match(source)
    if parts is None:
        raise PromptError(f"Prompt {name} must begin with a front matter between two lines of ---.")
    head = yaml.safe_load(parts["head"])
    if not isinstance(head, dict) or head.keys() != _KEYS:
        raise PromptError(f"The front matter of prompt {name} must have exactly: {', '.join(sorted(_KEYS))}.")
    return Prompt(name, head["purpose"], head["inputs"] or {}, head["sample"] or {}, parts["body"], sha256(source))


def render(name: str, **inputs: Any) -> str:
    """Return prompt `name` rendered with `inputs`. Raises PromptError as `load` and `Prompt.render` do."""
    return load(name).render(**inputs)


def chat(name: str, turns: Sequence[Mapping[str, str]], **inputs: Any) -> list[dict[str, str]]:
    """Return a conversation: prompt `name` as the system message, then `turns` without their system messages.

    A prompt with an input `system` is given the text of those system messages.
    """
    prompt = load(name)
    if "system" in prompt.inputs:
        inputs["system"] = "\n\n".join(turn["content"] for turn in turns if turn["role"] == "system")
    spoken = [{"role": turn["role"], "content": turn["content"]} for turn in turns if turn["role"] != "system"]
    return [{"role": "system", "content": prompt.render(**inputs)}, *spoken]
