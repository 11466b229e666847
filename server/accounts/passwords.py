"""Passwords: argon2 by a library, slow on purpose, and as slow for nobody as for somebody."""

import secrets
from functools import lru_cache

from pwdlib import PasswordHash

_hasher = PasswordHash.recommended()


def hashed(password: str) -> str:
    """Return what is stored of a password. Takes tens of milliseconds: never inside a transaction of a request."""
    return _hasher.hash(password)


def match(password: str, stored: str) -> bool:
    """Say whether `password` is the one stored; `stored` may be empty, which takes as long and is never right."""
    return _hasher.verify(password, stored or _nobody()) and bool(stored)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
