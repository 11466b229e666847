"""What people send about people."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from server.models import Language

Email = Annotated[EmailStr, AfterValidator(str.lower), Field(max_length=254)]
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
