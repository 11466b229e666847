"""Which language a request is answered in."""

from fastapi import Request

from server.errors import AppError
from server.i18n import LANGUAGES, say, speaking


def of(request: Request) -> str:
    """Return the person's own setting, else the cookie's, else what the browser prefers."""
    user = getattr(request.state, "user", None)
    if user is not None:
        return str(user.language.value)
    chosen = request.cookies.get("goldsmith_language", "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("zh"):
            return "zh_CN"
        if tag.startswith("en"):
            return "en"
    return "en"


def sentence(request: Request, error: AppError) -> str:
    """Return what an error says, in the request's language."""
    with speaking(of(request)):
        return say(error.message, error.values)
