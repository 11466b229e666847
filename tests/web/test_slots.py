"""Many at once: nobody waits for a thread that waits for them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from server.accounts import service as accounts
from server.app import create_app
from server.config import settings
from server.db import Database
from server.models import Task, User
from server.policy import SYSTEM
from server.web import slots
from tests import factories
from tests.factories import Cast

PATIENCE_S = 20  # a lock-up lasts as long as a pool waits: a minute on SQLite, half of one on PostgreSQL
MANY = 6

Call = Callable[[httpx.AsyncClient, int], Awaitable[httpx.Response]]


def at_once(token: str, count: int, call: Call) -> Counter[int]:
    """Return how often each status came back from `count` calls made together."""

    async def all_of_them() -> list[httpx.Response]:
        slots.prepare_threads()
        transport = httpx.ASGITransport(create_app(with_jobs=False))
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://here", headers=headers) as client:
            return await asyncio.gather(*(call(client, index) for index in range(count)))

    async def in_time() -> list[httpx.Response]:
        return await asyncio.wait_for(all_of_them(), PATIENCE_S)

    return Counter(answer.status_code for answer in asyncio.run(in_time()))


@pytest.fixture
def tasks(store: Database, cast: Cast) -> list[Task]:
    with store.unit_of_work() as db:
        return [factories.task(db, cast) for _ in range(MANY * settings().threads)]


@pytest.fixture
def token(store: Database, cast: Cast) -> str:
    with store.unit_of_work() as db:
        return accounts.create_token(db, SYSTEM, db.get_one(User, cast.lea.id), "test")


@pytest.mark.databases
def test_more_saves_than_threads_are_all_kept(tasks: list[Task], token: str) -> None:
    async def save(client: httpx.AsyncClient, index: int) -> httpx.Response:
        return await client.put(f"/api/v1/tasks/{tasks[index].id}/answer", json={"text": str(index), "revision": 0})

    assert at_once(token, len(tasks), save) == {200: len(tasks)}


@pytest.mark.databases
def test_reads_writes_imports_and_strangers_do_not_lock_each_other_out(tasks: list[Task], token: str) -> None:
    async def one(client: httpx.AsyncClient, index: int) -> httpx.Response:
        task = tasks[index // 4].id
        match index % 4:
            case 0:
                return await client.get(f"/api/v1/tasks/{task}")
            case 1:
                return await client.put(f"/api/v1/tasks/{task}/answer", json={"text": "x", "revision": 0})
            case 2:
                return await client.post("/api/v1/projects/desk/tasks", content=b'{"prompt": "%d + 1?"}' % index)
            case _:
                return await client.get(f"/nosuch/{index}")

    quarter = len(tasks) // 2
    assert at_once(token, 4 * quarter, one) == {200: 3 * quarter, 404: quarter}


def test_a_slow_sender_takes_no_slot(tasks: list[Task], token: str) -> None:
    async def one(client: httpx.AsyncClient, index: int) -> httpx.Response:
        if index < 2 * settings().threads:
            return await client.post("/api/v1/projects/desk/tasks", content=slowly())
        answer = await client.get(f"/api/v1/tasks/{tasks[0].id}")
        finished.set()
        return answer

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"prompt": "one'
        await finished.wait()  # the senders go on only when the reader has its answer
        yield b' + one?"}'

    finished = asyncio.Event()
    assert at_once(token, 2 * settings().threads + 1, one) == {200: 2 * settings().threads + 1}


@pytest.mark.databases
def test_two_who_do_the_same_at_once_are_told_so(store: Database, cast: Cast) -> None:
    with store.unit_of_work() as db:
        token = accounts.create_token(db, SYSTEM, db.get_one(User, cast.ada.id), "test")

    async def create(client: httpx.AsyncClient, index: int) -> httpx.Response:
        body = {"slug": "race", "name": str(index), "guide": cast.guide.slug}
        return await client.post("/api/v1/projects", json=body)

    assert at_once(token, 8, create) == {201: 1, 409: 7}


@pytest.mark.databases
@pytest.mark.parametrize("path", ["/guides/%00", "/projects/%00", "/api/v1/projects/a%00b/tasks", "/rules/%00"])
def test_an_address_with_a_nul_is_not_found(token: str, path: str) -> None:
    async def visit(client: httpx.AsyncClient, index: int) -> httpx.Response:
        return await client.get(path)

    assert at_once(token, 1, visit) == {404: 1}
