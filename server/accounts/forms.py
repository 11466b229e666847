"""What people send about people."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from server.models import Language

_SHAPE = re.compile(r"[^\s@,;<>\x00-\x1f]+@[^\s@,;<>.\x00-\x1f]+(\.[^\s@,;<>.\x00-\x1f]+)*")


def _email(address: str) -> str:
    """Ask for the shape only: whether mail arrives there, the one-time link will show, inside a company's net too."""
    if not _SHAPE.fullmatch(address):
        raise PydanticCustomError("email", "Write an address such as ada@example.org.")
    return address


Email = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=254), AfterValidator(_email)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
# length is what makes a password hard to guess; the upper end only keeps hashing quick
Password = Annotated[str, StringConstraints(min_length=10, max_length=200)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignInForm(Strict):
    email: str = Field(max_length=254)
    password: str = Field(max_length=200)
    next: str = "/"


class PersonForm(Strict):
    """A new person; the first password is theirs to choose by a one-time link."""

    email: Email
    name: Name
    is_admin: bool = False


class PersonUpdate(Strict):
    name: Name
    is_admin: bool = False


class WelcomeForm(Strict):
    """What a one-time link asks for; `email` only where the link makes the first administrator."""

    email: Email | None = None
    name: Name
    password: Password


class PasswordForm(Strict):
    current: str = Field(default="", max_length=200)
    password: Password


class ThemeForm(Strict):
    theme: Literal["auto", "light", "dark"]


class PreferencesForm(ThemeForm):
    name: Name
    language: Language


class TokenForm(Strict):
    name: Name
