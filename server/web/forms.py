"""Forms from people: checked by pydantic, answered with a sentence a field."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from server import i18n

Form = TypeVar("Form", bound=BaseModel)

# message ids by pydantic's error type; {…} comes from the error's own context
SENTENCES = {
    "missing": "This is needed.",
    "string_too_short": "Write at least {min_length} characters.",
    "string_too_long": "Keep it under {max_length} characters.",
    "int_parsing": "Write a whole number.",
    "int_type": "Write a whole number.",
    "float_parsing": "Write a number.",
    "greater_than_equal": "Write {ge} or more.",
    "less_than_equal": "Write {le} or less.",
    "email": "Write an address such as ada@example.org.",
    "enum": "Choose one of: {expected}.",
    "literal_error": "Choose one of: {expected}.",
    "string_type": "Write text here.",
    "list_type": "A list goes here.",
    "dict_type": "An object goes here.",
    "bool_parsing": "Write true or false.",
    "extra_forbidden": "There is no such field.",
    "string_pattern_mismatch": "Use small letters, digits and hyphens.",
    "json_invalid": "This is not valid JSON.",
    "uuid_parsing": "This is not a valid id.",
    "model_attributes_type": "An object goes here.",
}


def parse(form: type[Form], data: FormData | Mapping[str, Any]) -> tuple[Form | None, dict[str, str]]:
    """Return the checked form and no errors, or None and {field: sentence}."""
    try:
        return form.model_validate(_plain(form, data)), {}
    except ValidationError as error:
        return None, {str(e["loc"][0]) if e["loc"] else "": sentence(dict(e)) for e in error.errors()}


def sentence(error: dict[str, Any]) -> str:
    """Return one pydantic error as a sentence, in the language in use."""
    known = SENTENCES.get(error["type"])
    if known is None:
        return str(error["msg"]).removeprefix("Value error, ").rstrip(".") + "."
    return i18n.say(known, error.get("ctx") or {})


def _plain(form: type[BaseModel], data: FormData | Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(data, FormData):
        return dict(data)
    plain: dict[str, Any] = {}
    for key in data:
        if key == "csrf_token":
            continue
        values = data.getlist(key)
        field = form.model_fields.get(key)
        wants_list = field is not None and "list" in str(field.annotation)
        plain[key] = values if wants_list else values[-1]
    return plain
