"""Calls to models: the only file that imports openai.

`stream()` yields what a model says as it says it. It retries by itself (backoff with jitter, honouring Retry-After)
and ends either with a `Finish` or with a `ModelError` whose sentence is fit for people.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast

import httpx

from server.errors import AppError
from server.llm import local
from server.llm.endpoints import Endpoint

if TYPE_CHECKING:  # a second and a half to load: the first call pays, not every start
    import openai

LONGEST_WAIT_S = 60.0
FIRST_WAIT_S = 1.0


class ModelError(AppError):
    """A call that failed for good. `retryable` says whether the same call may work later; `retry_after` in seconds."""

    status = 502
    title = "The model did not answer"

    def __init__(
        self, message: str, *, retryable: bool = False, retry_after: float | None = None, **values: Any
    ) -> None:
        super().__init__(message, **values)
        self.retryable = retryable
        self.retry_after = retry_after


@dataclass(frozen=True)
class Chunk:
    """More text."""

    text: str


@dataclass(frozen=True)
class Retry:
    """The try failed and another begins after `wait_s` seconds: what came so far does not count."""

    error: ModelError
    wait_s: float


@dataclass(frozen=True)
class Finish:
    """The end of a whole answer. `usage` is {prompt_tokens, completion_tokens}, empty when the endpoint kept silent.

    Times are in milliseconds from the beginning of the try that succeeded.
    """

    reason: str
    usage: dict[str, int]
    first_token_ms: int
    latency_ms: int


Piece = Chunk | Retry | Finish


async def stream(endpoint: Endpoint, messages: list[dict[str, str]]) -> AsyncIterator[Piece]:
    """Yield the answer of `endpoint` to `messages`, piece by piece. Raises ModelError when it cannot be had."""
    for tried in range(endpoint.retries + 1):
        try:
            async for piece in _try(endpoint, messages):
                yield piece
            return
        except ModelError as error:
            if not error.retryable or tried == endpoint.retries:
                raise
            wait = pause(tried, error.retry_after)
            yield Retry(error, wait)
            await asyncio.sleep(wait)


def pause(tried: int, retry_after: float | None) -> float:
    """Return the seconds to wait after try `tried` (from 0): what the endpoint asked for, else doubling with jitter."""
    if retry_after is not None:
        return min(max(retry_after, 0.0), LONGEST_WAIT_S)
    return min(FIRST_WAIT_S * float(2**tried), LONGEST_WAIT_S) * random.uniform(0.5, 1.0)  # noqa: S311


async def _try(endpoint: Endpoint, messages: list[dict[str, str]]) -> AsyncIterator[Chunk | Finish]:
    started = time.monotonic()
    usage: dict[str, int] = {}
    reason, first_token_ms = "", None
    async with _failing_well(endpoint), asyncio.timeout(endpoint.deadline_s), _connected(endpoint) as client:
        answer = await client.chat.completions.create(
            model=endpoint.model,
            messages=cast(Any, messages),
            stream=True,
            stream_options={"include_usage": True},
            extra_body=endpoint.parameters(),
        )
        async for event in answer:
            usage = _usage(event) or usage
            for choice in event.choices or []:
                reason = choice.finish_reason or reason
                if text := choice.delta.content if choice.delta else None:
                    first_token_ms = first_token_ms if first_token_ms is not None else _since(started)
                    yield Chunk(text)
        _must_be_whole(endpoint, reason, first_token_ms)
    yield Finish(reason, usage, first_token_ms or 0, _since(started))


def _usage(event: Any) -> dict[str, int]:
    if not event.usage:
        return {}
    return {
        "prompt_tokens": event.usage.prompt_tokens or 0,
        "completion_tokens": event.usage.completion_tokens or 0,
    }


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _must_be_whole(endpoint: Endpoint, reason: str, first_token_ms: int | None) -> None:
    if not reason:
        raise ModelError("{name} broke off before the answer was complete.", retryable=True, name=endpoint.name)
    if first_token_ms is None and reason == "content_filter":
        raise ModelError("{name} declined to answer: its content filter stopped it.", name=endpoint.name)
    if first_token_ms is None:
        raise ModelError("{name} ended without writing anything.", name=endpoint.name)


@asynccontextmanager
async def _connected(endpoint: Endpoint) -> AsyncIterator["openai.AsyncOpenAI"]:
    import openai

    address, key = endpoint.base_url, endpoint.key
    if endpoint.local:
        try:
            # a few blocking seconds at most, and only for the call that has to start the model
            running = await asyncio.to_thread(local.ensure, endpoint.local)
        except local.LocalModelError as error:
            raise ModelError(error.message, **error.values) from None
        address, key = running.base_url, running.key
    timeout = httpx.Timeout(endpoint.timeout_s, connect=min(15.0, endpoint.timeout_s))
    # a proxy from the environment must not see calls to this machine
    http = openai.DefaultAsyncHttpxClient(timeout=timeout, trust_env=not endpoint.local)
    async with openai.AsyncOpenAI(
        base_url=address, api_key=key or "none", max_retries=0, timeout=timeout, http_client=http
    ) as client:
        yield client


@asynccontextmanager
async def _failing_well(endpoint: Endpoint) -> AsyncIterator[None]:
    """Turn every way a call can fail into a ModelError."""
    import openai

    name = endpoint.name
    try:
        yield
    except openai.APIStatusError as error:
        raise _from_status(endpoint, error) from error
    except (openai.APITimeoutError, httpx.TimeoutException) as error:
        raise ModelError(
            "{name} was silent for {seconds} seconds.", retryable=True, name=name, seconds=f"{endpoint.timeout_s:g}"
        ) from error
    except TimeoutError as error:
        raise ModelError(
            "{name} took longer than {seconds} seconds.", name=name, seconds=f"{endpoint.deadline_s:g}"
        ) from error
    except openai.APIConnectionError as error:
        raise ModelError(
            "{name} cannot be reached at {host}. Check the address and the network.",
            retryable=True,
            name=name,
            host=endpoint.host or "127.0.0.1",
        ) from error
    except httpx.HTTPError as error:
        raise ModelError("The connection to {name} broke.", retryable=True, name=name) from error
    except (ValueError, AttributeError, TypeError, openai.APIResponseValidationError) as error:
        raise ModelError("{name} sent something that is not a chat answer.", retryable=True, name=name) from error
    except openai.APIError as error:  # an error event inside a stream that began well
        raise ModelError(
            "{name} stopped with an error: {reason}", retryable=True, name=name, reason=_short(error.message)
        ) from error


def _from_status(endpoint: Endpoint, error: "openai.APIStatusError") -> ModelError:
    status, name = error.status_code, endpoint.name
    if status in (401, 403):
        if endpoint.api_key_env:
            return ModelError(
                "{name} refused the key ({status}). Check {variable}.",
                name=name,
                status=status,
                variable=endpoint.api_key_env,
            )
        return ModelError("{name} refused the key ({status}). Check it in models.yaml.", name=name, status=status)
    if status == 404:
        return ModelError(
            "{name} knows no model {model} at {host}.", name=name, model=endpoint.model, host=endpoint.host
        )
    if status == 402 or error.code == "insufficient_quota":
        return ModelError("{name} says that the account has no credit left.", name=name)
    if status == 429:
        after = retry_after(error.response.headers)
        return ModelError("{name} is busy (429).", retryable=True, retry_after=after, name=name)
    if status >= 500 or status in (408, 409, 425):
        after = retry_after(error.response.headers)
        return ModelError("{name} failed ({status}).", retryable=True, retry_after=after, name=name, status=status)
    return ModelError(
        "{name} did not accept the request ({status}): {reason}", name=name, status=status, reason=_short(error.message)
    )


def retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds a Retry-After header asks for, written as a number or as a date; None without one."""
    written = headers.get("retry-after", "")
    with suppress(ValueError):
        return max(0.0, float(written))
    with suppress(ValueError, TypeError):
        date = parsedate_to_datetime(written)
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(0.0, (date - datetime.now(UTC)).total_seconds())
    return None


def _short(message: str) -> str:
    flat = " ".join(str(message).split())
    return flat if len(flat) <= 300 else flat[:299] + "…"
