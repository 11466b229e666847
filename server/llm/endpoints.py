"""Model endpoints: where drafts come from, read from `models.yaml`, the environment, or the models on this machine.

A key is best named by `api_key_env`, so that the file holds no secret; docs/models.md describes every field.
"""

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from server.config import settings
from server.errors import Invalid
from server.llm import weights

MODELS_FILE = "models.yaml"
NAME = r"^[a-z0-9][a-z0-9._-]*$"


class EndpointError(Invalid):
    """`models.yaml` cannot be used; the sentence names the file, the place and the mend."""


class Endpoint(BaseModel):
    """One model somewhere. Prices are per million tokens, in whatever currency the team keeps its books."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=NAME, max_length=80, description="Name used in commands, the API and drafts.")]
    model: Annotated[str, Field(min_length=1, max_length=200, description="Model id sent to the endpoint.")]
    base_url: Annotated[str, Field(description="Address up to and including /v1.")] = ""
    local: Annotated[
        Literal["", "smollm2", "qwen2.5-coder-1.5b"], Field(description="Run this model here instead of calling out.")
    ] = ""
    api_key_env: Annotated[str, Field(description="Environment variable that holds the key.")] = ""
    api_key: Annotated[str, Field(repr=False, description="The key itself; better kept in the environment.")] = ""
    temperature: Annotated[float | None, Field(ge=0, le=2, description="Sampling temperature; null sends none.")] = 0.7
    max_tokens: Annotated[int | None, Field(ge=1, description="Longest answer in tokens; null sends none.")] = 2048
    timeout_s: Annotated[float, Field(gt=0, le=3600, description="Longest silence, in seconds.")] = 120
    deadline_s: Annotated[float, Field(gt=0, le=86_400, description="Longest time for one answer, in seconds.")] = 900
    retries: Annotated[int, Field(ge=0, le=10, description="Tries after the first that failed.")] = 4
    price_in: Annotated[float, Field(ge=0, description="Price of a million prompt tokens.")] = 0
    price_out: Annotated[float, Field(ge=0, description="Price of a million answer tokens.")] = 0
    requests_per_minute: Annotated[int | None, Field(ge=1, description="Drafts begun a minute; null: no limit.")] = None
    small: Annotated[bool, Field(description="Say on the page that this model is small.")] = False
    extra: Annotated[dict[str, Any], Field(description="More members of the request body, sent as they are.")] = {}

    @field_validator("base_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and not re.match(r"https?://[^\s/]+", value):
            raise ValueError("write an address that begins with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _one_place(self) -> "Endpoint":
        if bool(self.base_url) == bool(self.local):
            raise ValueError("give either base_url (an address) or local (a model run here)")
        return self

    @property
    def key(self) -> str:
        """The key in force, empty when there is none."""
        return self.api_key or (os.environ.get(self.api_key_env, "") if self.api_key_env else "")

    @property
    def host(self) -> str:
        """The address's host, for people; empty for a model run here."""
        return re.sub(r"^https?://(?:[^/@]*@)?([^/]+).*$", r"\1", self.base_url)

    @property
    def needs_key(self) -> bool:
        """Whether a key was promised but is not there."""
        return bool(self.api_key_env) and not self.key

    def parameters(self) -> dict[str, Any]:
        """Return the sampling parameters that are sent, as kept with each draft."""
        sent = {"temperature": self.temperature, "max_tokens": self.max_tokens}
        return {key: value for key, value in sent.items() if value is not None} | self.extra

    def cost(self, prompt_tokens: int, completion_tokens: int) -> int:
        """Return the price of a call in millionths of the currency."""
        return round(prompt_tokens * self.price_in + completion_tokens * self.price_out)


SMOLLM2 = Endpoint(
    name="local", model="SmolLM2-135M-Instruct", local="smollm2", temperature=0.4, max_tokens=320, retries=1, small=True
)
QWEN = Endpoint(
    name="local-qwen",
    model="Qwen2.5-Coder-1.5B-Instruct",
    local="qwen2.5-coder-1.5b",
    temperature=0.4,
    max_tokens=1024,
    retries=1,
    small=True,
)


def available() -> list[Endpoint]:
    """Return the endpoints in force: those of models.yaml if there is one, else the environment's and this machine's.

    Raises EndpointError when models.yaml cannot be used.
    """
    path = models_file()
    if path.is_file():
        return parse(path.read_text("utf-8", errors="replace"), file=str(path))
    if settings().models_file:
        raise EndpointError("{file} does not exist. Create it, or unset GOLDSMITH_MODELS_FILE.", file=str(path))
    return [*_from_environment(), *_from_this_machine()]


def models_file() -> Path:
    """Return where models.yaml is, or would be."""
    return settings().models_file or settings().home / MODELS_FILE


def find(name: str) -> Endpoint:
    """Return the endpoint of this name. Raises EndpointError, with the nearest name, when there is none."""
    known = {endpoint.name: endpoint for endpoint in available()}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        raise EndpointError("There is no model {name}. Did you mean {near}?", field="models", name=name, near=near[0])
    names = ", ".join(known) or "–"
    raise EndpointError("There is no model {name}. Known: {names}.", field="models", name=name, names=names)


def _from_environment() -> list[Endpoint]:
    model, address = os.environ.get("GOLDSMITH_MODEL", ""), os.environ.get("OPENAI_BASE_URL", "")
    if not model:
        return []
    name = re.sub(r"[^a-z0-9._-]+", "-", model.lower()).strip("-._")[:80] or "model"
    try:
        return [
            Endpoint(
                name=name,
                model=model,
                base_url=address or "https://api.openai.com/v1",
                api_key_env="OPENAI_API_KEY" if os.environ.get("OPENAI_API_KEY") or not address else "",
            )
        ]
    except ValidationError as error:
        raise EndpointError("OPENAI_BASE_URL: {problem}", problem=_sentence(dict(error.errors()[0]))) from None


def _from_this_machine() -> list[Endpoint]:
    if not settings().local_model:
        return []
    return [SMOLLM2, *([QWEN] if weights.path(QWEN.local).is_file() else [])]


def parse(source: str, *, file: str) -> list[Endpoint]:
    """Return the endpoints written in `source`. Raises EndpointError naming file, place and mend."""
    try:
        content = yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise EndpointError(
            "{file}, line {line}: this is not YAML. Check the indentation and the quotes there.", file=file, line=line
        ) from None
    rows = content.get("models") if isinstance(content, dict) and set(content) == {"models"} else None
    if not isinstance(rows, list) or not rows:
        raise EndpointError("{file}: write one key, models, and under it a list of endpoints.", file=file)
    found = [_endpoint(row, file, index) for index, row in enumerate(rows)]
    names = [endpoint.name for endpoint in found]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise EndpointError(
                "{file}, {path}: the name {name} is taken. Give each endpoint its own.",
                file=file,
                path=f"models.{index}.name",
                name=name,
            )
    return found


def _endpoint(row: Any, file: str, index: int) -> Endpoint:
    try:
        return Endpoint.model_validate(row)
    except ValidationError as error:
        # a misspelt field explains a missing one, so it is told first
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        path = ".".join(["models", str(index), *map(str, first["loc"])])
        problem = _sentence(dict(first))
        raise EndpointError("{file}, {path}: {problem}", file=file, path=path, problem=problem) from None


def _sentence(error: dict[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), Endpoint.model_fields, n=1)
        return "there is no such field." + (f" Did you mean {near[0]}?" if near else "")
    if error["type"] == "missing":
        return "this is needed."
    if error["loc"] and error["loc"][-1] == "name" and error["type"] == "string_pattern_mismatch":
        return "use small letters, digits, dots and hyphens."
    return str(error["msg"]).removeprefix("Value error, ").rstrip(".") + "."
