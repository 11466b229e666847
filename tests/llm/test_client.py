"""Calls to models, against an endpoint that misbehaves in every known way."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
import respx

from server.llm import client
from server.llm.endpoints import Endpoint

URL = "https://models.example/v1/chat/completions"
QUESTION = [{"role": "user", "content": "What is 2 + 2?"}]


def endpoint(**over: Any) -> Endpoint:
    values = {"name": "far", "model": "far-1", "base_url": "https://models.example/v1", "api_key": "k", "retries": 2}
    return Endpoint.model_validate(values | over)


def event(content: str | None = None, *, finish: str | None = None, usage: dict[str, int] | None = None) -> str:
    choices = [] if usage else [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]
    body = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "far-1", "choices": choices}
    return f"data: {json.dumps(body | ({'usage': usage} if usage else {}))}\n\n"


def whole(*words: str) -> str:
    usage = {"prompt_tokens": 9, "completion_tokens": len(words), "total_tokens": 9 + len(words)}
    return "".join([*map(event, words), event(finish="stop"), event(usage=usage), "data: [DONE]\n\n"])


def streamed(body: str) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, text=body)


async def _breaking(*parts: str) -> AsyncIterator[bytes]:
    for part in parts:
        yield part.encode()
    raise httpx.RemoteProtocolError("peer closed connection")


@pytest.fixture
def api() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, noted and not waited for."""
    noted: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float, *_: Any) -> None:
        if seconds:
            noted.append(seconds)
        await real(0)

    monkeypatch.setattr(client.asyncio, "sleep", sleep)
    return noted


def ask(to: Endpoint | None = None) -> list[client.Piece]:
    async def collect() -> list[client.Piece]:
        return [piece async for piece in client.stream(to or endpoint(), QUESTION)]

    return asyncio.run(collect())


def refused(to: Endpoint | None = None) -> client.ModelError:
    with pytest.raises(client.ModelError) as caught:
        ask(to)
    return caught.value


def text(pieces: list[client.Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, client.Chunk))


def test_a_stream_arrives_piece_by_piece_and_ends_with_its_usage(api: respx.MockRouter) -> None:
    route = api.post(URL).mock(return_value=streamed(whole("It", " is", " 4")))
    pieces = ask(endpoint(temperature=0.2, max_tokens=50, extra={"top_p": 0.9}))
    assert [p.text for p in pieces if isinstance(p, client.Chunk)] == ["It", " is", " 4"]
    end = pieces[-1]
    assert isinstance(end, client.Finish)
    assert (end.reason, end.usage) == ("stop", {"prompt_tokens": 9, "completion_tokens": 3})
    assert 0 <= end.first_token_ms <= end.latency_ms
    sent = json.loads(route.calls[0].request.content)
    assert sent["messages"] == QUESTION
    assert (sent["model"], sent["temperature"], sent["max_tokens"], sent["top_p"]) == ("far-1", 0.2, 50, 0.9)
    assert route.calls[0].request.headers["authorization"] == "Bearer k"


def test_an_endpoint_that_keeps_silent_about_usage_still_answers(api: respx.MockRouter) -> None:
    api.post(URL).mock(return_value=streamed(event("4") + event(finish="stop") + "data: [DONE]\n\n"))
    end = ask()[-1]
    assert isinstance(end, client.Finish)
    assert end.usage == {}


def test_a_refused_key_is_not_tried_again_and_names_the_variable(api: respx.MockRouter) -> None:
    route = api.post(URL).mock(return_value=httpx.Response(401, json={"error": {"message": "bad key"}}))
    error = refused(endpoint(api_key_env="FAR_KEY"))
    assert str(error) == "far refused the key (401). Check FAR_KEY."
    assert not error.retryable
    assert route.call_count == 1


def test_an_unknown_model_is_named(api: respx.MockRouter) -> None:
    api.post(URL).mock(return_value=httpx.Response(404, json={"error": {"message": "no such model"}}))
    assert str(refused()) == "far knows no model far-1 at models.example."


def test_a_busy_endpoint_is_tried_again_after_the_seconds_it_asks_for(
    api: respx.MockRouter, waits: list[float]
) -> None:
    busy = httpx.Response(429, headers={"retry-after": "7"}, json={"error": {"message": "slow down"}})
    api.post(URL).mock(side_effect=[busy, streamed(whole("4"))])
    pieces = ask()
    assert isinstance(pieces[0], client.Retry)
    assert str(pieces[0].error) == "far is busy (429)."
    assert waits == [7.0]
    assert text(pieces) == "4"


def test_a_busy_endpoint_may_name_a_date(api: respx.MockRouter, waits: list[float]) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    api.post(URL).mock(side_effect=[httpx.Response(429, headers={"retry-after": at}), streamed(whole("4"))])
    ask()
    assert waits[0] == pytest.approx(20, abs=3)


def test_a_wait_asked_for_is_capped(api: respx.MockRouter, waits: list[float]) -> None:
    busy = httpx.Response(429, headers={"retry-after": "86400"})
    api.post(URL).mock(side_effect=[busy, streamed(whole("4"))])
    ask()
    assert waits == [client.LONGEST_WAIT_S]


def test_an_account_without_credit_is_not_tried_again(api: respx.MockRouter) -> None:
    body = {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}
    route = api.post(URL).mock(return_value=httpx.Response(429, json=body))
    assert str(refused()) == "far says that the account has no credit left."
    assert route.call_count == 1


def test_a_failing_server_is_tried_again_with_growing_pauses(api: respx.MockRouter, waits: list[float]) -> None:
    route = api.post(URL).mock(return_value=httpx.Response(500, text="oops"))
    error = refused(endpoint(retries=3))
    assert str(error) == "far failed (500)."
    assert error.retryable
    assert route.call_count == 4
    for tried, wait in enumerate(waits):
        assert client.FIRST_WAIT_S * 2**tried * 0.5 <= wait <= client.FIRST_WAIT_S * 2**tried


def test_a_refused_request_says_why(api: respx.MockRouter) -> None:
    body = {"error": {"message": "max_tokens is too large"}}
    route = api.post(URL).mock(return_value=httpx.Response(400, json=body))
    error = refused()
    assert "max_tokens is too large" in str(error)
    assert route.call_count == 1


@pytest.mark.parametrize(
    "body",
    [
        "data: {not json\n\n",
        'data: {"hello": "world"}\n\n',
        'data: "text"\n\n',
        event("4") + "data: {\n\n",
        "data: []\n\n",
    ],
)
def test_a_malformed_stream_ends_in_a_sentence(api: respx.MockRouter, body: str) -> None:
    api.post(URL).mock(return_value=streamed(body))
    error = refused(endpoint(retries=0))
    assert str(error) in (
        "far sent something that is not a chat answer.",
        "far broke off before the answer was complete.",
    )
    assert error.retryable


def test_a_page_instead_of_a_stream_ends_in_a_sentence(api: respx.MockRouter) -> None:
    page = httpx.Response(200, headers={"content-type": "text/html"}, text="<html>Sign in to the network</html>")
    api.post(URL).mock(return_value=page)
    assert str(refused(endpoint(retries=0))) == "far broke off before the answer was complete."


def test_an_error_inside_a_stream_is_told(api: respx.MockRouter) -> None:
    body = event("4") + 'data: {"error": {"message": "overloaded"}}\n\n'
    api.post(URL).mock(return_value=streamed(body))
    assert str(refused(endpoint(retries=0))) == "far stopped with an error: overloaded"


def test_after_a_dropped_connection_the_text_begins_anew(api: respx.MockRouter) -> None:
    dropped = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=_breaking(event("The an")))
    api.post(URL).mock(side_effect=[dropped, streamed(whole("It is 4"))])
    pieces = ask()
    assert [type(piece) for piece in pieces] == [client.Chunk, client.Retry, client.Chunk, client.Finish]
    assert isinstance(pieces[1], client.Retry)
    assert str(pieces[1].error) == "The connection to far broke."


def test_a_stream_that_ends_without_a_finish_is_a_dropped_connection(api: respx.MockRouter) -> None:
    api.post(URL).mock(return_value=streamed(event("It is")))
    assert str(refused(endpoint(retries=0))) == "far broke off before the answer was complete."


def test_an_endpoint_that_cannot_be_reached_names_its_host(api: respx.MockRouter) -> None:
    api.post(URL).mock(side_effect=httpx.ConnectError("no route"))
    assert "cannot be reached at models.example" in str(refused(endpoint(retries=0)))


def test_silence_times_out(api: respx.MockRouter) -> None:
    route = api.post(URL).mock(side_effect=httpx.ReadTimeout("silence"))
    error = refused(endpoint(retries=1, timeout_s=3))
    assert str(error) == "far was silent for 3 seconds."
    assert route.call_count == 2


def test_an_answer_without_end_is_stopped_at_the_deadline(api: respx.MockRouter) -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield event("more ").encode()
            await asyncio.wait([asyncio.create_task(asyncio.Event().wait())], timeout=0.02)

    api.post(URL).mock(return_value=httpx.Response(200, headers={"content-type": "text/event-stream"}, content=drip()))
    assert str(refused(endpoint(deadline_s=0.2))) == "far took longer than 0.2 seconds."


def test_an_empty_answer_ends_in_a_sentence(api: respx.MockRouter) -> None:
    api.post(URL).mock(return_value=streamed(event(finish="stop") + "data: [DONE]\n\n"))
    assert str(refused()) == "far ended without writing anything."


def test_a_content_filter_is_named(api: respx.MockRouter) -> None:
    api.post(URL).mock(return_value=streamed(event(finish="content_filter")))
    assert "content filter" in str(refused())


def test_a_call_can_be_cancelled_while_it_waits(api: respx.MockRouter) -> None:
    async def forever() -> AsyncIterator[bytes]:
        yield event("It").encode()
        await asyncio.Event().wait()

    async def go() -> list[client.Piece]:
        seen: list[client.Piece] = []

        async def listen() -> None:
            async for piece in client.stream(endpoint(), QUESTION):
                seen.append(piece)

        task = asyncio.create_task(listen())
        await asyncio.wait({task}, timeout=0.3)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        return seen

    api.post(URL).mock(
        return_value=httpx.Response(200, headers={"content-type": "text/event-stream"}, content=forever())
    )
    assert text(asyncio.run(go())) == "It"
