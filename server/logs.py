"""Structured logs: JSON for machines, text for a terminal; values that look like secrets are left out."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from server.config import settings

SECRET_WORDS = ("password", "token", "authorization", "cookie", "api_key", "secret")


def configure() -> None:
    """Set up logging for this process, on standard error."""
    chosen = settings().log_format
    as_text = chosen == "text" or (chosen == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_secrets,
            structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings().log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _without_secrets(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in line:
        if any(word in key.lower() for word in SECRET_WORDS):
            line[key] = "…"
    return line
