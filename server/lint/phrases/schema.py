"""The shape of a phrase rule, one model a verb, all strict: what is not known is an error with its place."""

import string
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from server.lint import registry
from server.lint.diagnostic import Level, Safety
from server.lint.phrases import measures, search
from server.lint.phrases.scopes import Scope

Texts = tuple[Annotated[str, Field(min_length=1)], ...]


def _supported(pattern: str) -> str:
    search.compiled(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_supported)]
# what a message may hold in braces
FILLS = {
    "match": "the words found",
    "replacement": "what `swap` has for them",
    "other": "the other spelling of `either`",
    "first": "what matched `first`",
    "words": "the different words counted",
    "count": "how many were counted",
    "value": "the figure that `formula` came to",
    "max": "the limit",
    "min": "the limit",
}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Status(Strict):
    """How settled a rule is. `preview` rules work only where a guide asks for them; `removed` ones are gone."""

    stage: Literal["stable", "preview", "deprecated", "removed"] = Field(
        default="stable", description="How settled the rule is; of the engine's own rules."
    )
    since: str = Field(default="", description="The version in which the stage was reached.")


class FixKind(Strict):
    """What the fix does with the words found."""

    kind: Literal["delete", "delete_sentence", "replace"] = Field(
        description="Take the words out, or their sentence, or put `text`."
    )
    text: str = Field(default="", description="What `replace` puts in their place.")
    safety: Safety = Field(
        default="unsafe", description="Who may make the fix: a machine, a person after a look, nobody."
    )
    why: str = Field(default="", description="Why a person should look.")


class Common(Strict):
    """What every phrase rule says."""

    code: str = Field(
        pattern=r"^[A-Z]{3}\d{3}$", description="Three capitals and three digits; a guide's own begin with `STY`."
    )
    name: str = Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Small letters and hyphens; it reads after “allow …”."
    )
    status: Status = Field(default=Status(), description="How settled the rule is.")
    scope: Scope = Field(default="prose", description="Where to look.")
    lang: tuple[Literal["en", "zh"], ...] = Field(
        default=(), description="Only answers in these languages; any when empty."
    )
    level: Level = Field(default="warning", description="What a finding comes to.")
    message: str = Field(min_length=1, description="What is said; words in braces are filled in.")
    doc: str = Field(
        default="", description="The rule's page: its first line is the title, of which it shows the rest."
    )
    bad: tuple[str, ...] = Field(default=(), description="Examples it finds, shown on its page and tried.")
    good: tuple[str, ...] = Field(default=(), description="Examples it passes, shown and tried too.")
    ignore_case: bool = Field(default=True, description="Whether capitals and small letters are the same.")
    limit: int = Field(default=0, ge=0, description="The most findings an answer; 0 is all.")
    unless_prompted: bool = Field(default=False, description="Whether words that the prompt has too pass.")
    unless_quoted: bool = Field(default=False, description="Whether words behind an opening quotation mark pass.")

    @field_validator("message")
    @classmethod
    def fillable(cls, message: str) -> str:
        try:
            names = {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}
        except ValueError as error:
            raise PydanticCustomError("bad_message", "braces stand for words to fill in: {reason}",
                                      {"reason": str(error)}) from error  # fmt: skip
        if unknown := sorted(names - FILLS.keys()):
            raise PydanticCustomError("unknown_fill", "{name} is not filled in; known: {known}",
                                      {"name": unknown[0], "known": ", ".join(sorted(FILLS))})  # fmt: skip
        return message


class Searching(Common):
    """Rules that look for literals (`tokens`) and RE2 patterns (`patterns`)."""

    tokens: Texts = Field(default=(), description="Words as they are written; whole words, in Chinese anywhere.")
    patterns: tuple[Pattern, ...] = Field(default=(), description="Patterns of RE2.")

    @model_validator(mode="after")
    def searchable(self) -> "Searching":
        if not self.tokens and not self.patterns:
            raise PydanticCustomError("nothing_to_find", "give tokens, patterns or both")
        search.Search(self.tokens, self.patterns, ignore_case=self.ignore_case)
        return self


class Existence(Searching):
    """Each of the words is a finding."""

    extends: Literal["existence"]
    fix: FixKind | None = Field(default=None, description="What becomes of the words found.")


class Substitution(Common):
    """Each of the words on the left has a better one on the right."""

    extends: Literal["substitution"]
    swap: dict[str, str] = Field(min_length=1, description="The words, each with the better one.")
    safety: Safety = Field(default="unsafe", description="Who may make the fix.")


class Occurrence(Searching):
    """The words stand too often, or too seldom. `distinct` counts different words, forms of one as one; `per_words`
    makes it a density."""

    extends: Literal["occurrence"]
    max: int | None = Field(default=None, ge=0, description="The most there may be.")
    min: int | None = Field(default=None, ge=1, description="The fewest there may be.")
    distinct: bool = Field(default=False, description="Whether different words are counted; forms of one word are one.")
    per_words: int = Field(
        default=0, ge=0, description="`max` is for so many words; a Chinese character is half a word."
    )

    @model_validator(mode="after")
    def limited(self) -> "Occurrence":
        if self.max is None and self.min is None:
            raise PydanticCustomError("no_limit", "give max, min or both")
        registry.in_order(self.min, self.max)
        return self


class Repetition(Searching):
    """The same words come back more than `max` times."""

    extends: Literal["repetition"]
    max: int = Field(default=1, ge=1, description="How often the same words may stand.")


class Consistency(Common):
    """Two spellings of one thing; the rarer is the finding."""

    extends: Literal["consistency"]
    either: dict[str, str] = Field(min_length=1, description="Spellings, each with the other one.")


class Conditional(Common):
    """Where `first` stands, `second` must stand too; with a group in each, with the same words in it."""

    extends: Literal["conditional"]
    first: Pattern = Field(description="A pattern of RE2: what asks for `second`.")
    second: Pattern = Field(description="A pattern of RE2: what must stand somewhere too.")
    exceptions: Texts = Field(default=(), description="Words that need no `second`.")


class Metric(Common):
    """A figure computed of the whole answer is beyond a limit."""

    extends: Literal["metric"]
    formula: str = Field(description="Numbers, measures and `+ - * /`.")
    max: float | None = Field(default=None, description="The most it may come to.")
    min: float | None = Field(default=None, description="The least it may come to.")

    @field_validator("formula")
    @classmethod
    def computable(cls, formula: str) -> str:
        measures.parse(formula)
        return formula

    @model_validator(mode="after")
    def limited(self) -> "Metric":
        if self.max is None and self.min is None:
            raise PydanticCustomError("no_limit", "give max, min or both")
        registry.in_order(self.min, self.max)
        return self


class Sequence(Common):
    """The steps, RE2 patterns, must come in this order; with `required`, all of them."""

    extends: Literal["sequence"]
    steps: tuple[Pattern, ...] = Field(min_length=2, description="Patterns of RE2, in their order.")
    required: bool = Field(default=False, description="Whether each must be there.")


Verb = Existence | Substitution | Occurrence | Repetition | Consistency | Conditional | Metric | Sequence
VERBS = tuple(each.__name__.lower() for each in get_args(Verb))
Phrase = Annotated[Verb, Field(discriminator="extends")]
