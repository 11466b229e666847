"""What can go wrong and be told to a person: a status, a sentence, and what the sentence names.

The first argument is the message id: it is translated when the error is shown, never before.
"""

from typing import Any


class AppError(Exception):
    """An outcome with an HTTP status, a sentence for people and extra members for the problem document."""

    status = 500
    title = "Something went wrong"

    def __init__(self, message: str, *, extra: dict[str, Any] | None = None, **values: Any) -> None:
        self.message = message
        self.values = values
        self.extra = extra or {}
        super().__init__(message.format(**values) if values else message)


class Unauthorized(AppError):
    status = 401
    title = "Sign in to go on"


class Forbidden(AppError):
    status = 403
    title = "Not allowed"


class NotFound(AppError):
    status = 404
    title = "Not found"


class Conflict(AppError):
    status = 409
    title = "Something changed meanwhile"


class TooLarge(AppError):
    status = 413
    title = "Too large"


class Invalid(AppError):
    """Bad input. `field` names the form field it belongs to, if one does."""

    status = 422
    title = "Not quite right"

    def __init__(self, message: str, *, field: str = "", extra: dict[str, Any] | None = None, **values: Any) -> None:
        super().__init__(message, extra=extra, **values)
        self.field = field


class TooMany(AppError):
    """Throttled. `retry_after` is in seconds."""

    status = 429
    title = "Too many tries"

    def __init__(self, message: str, *, retry_after: int, **values: Any) -> None:
        super().__init__(message, **values)
        self.retry_after = retry_after


class Unavailable(AppError):
    status = 503
    title = "Not available now"
