"""The ground every test stands on: a real store of its own, the cast, a signed-in client."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ["GOLDSMITH_LOG_LEVEL"] = "ERROR"
os.environ["GOLDSMITH_LANGUAGE"] = "en"  # whoever runs the tests
os.environ.setdefault("GOLDSMITH_CORPORA", str(Path(__file__).parents[2] / "shared" / "corpora"))

from fastapi.testclient import TestClient
from sqlmodel import Session

from server import config, db
from server.models import User
from tests import factories
from tests.postgres.server import PostgreSQL

_real_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: object) -> None:
    host = address[0] if isinstance(address, tuple) else "local"
    if host not in ("local", "127.0.0.1", "::1", "localhost") and self.family != socket.AF_UNIX:
        raise RuntimeError(f"a test reached for the network: {host}")
    _real_connect(self, address)  # type: ignore[arg-type]


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    socket.socket.connect = _loopback_only  # type: ignore[method-assign]
    yield
    socket.socket.connect = _real_connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("GOLDSMITH_HOME", str(folder))
    config.settings.cache_clear()
    yield folder
    config.settings.cache_clear()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run service tests, and whatever is marked `databases`, on both databases."""
    if "backend" in metafunc.fixturenames:
        is_service = metafunc.module.__name__.endswith("test_service")
        both = is_service or metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("backend", ["sqlite", "postgresql"] if both else ["sqlite"], scope="function")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "goldsmith.db"
    store = db.Database(f"sqlite:///{path}")
    store.upgrade()
    store.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    server.start()
    template = db.Database(server.url("postgres"))
    _execute(template, "CREATE DATABASE template_goldsmith")
    store = db.Database(server.url("template_goldsmith"))
    store.upgrade()
    store.dispose()
    yield server
    template.dispose()
    server.stop()


def _execute(store: db.Database, statement: str) -> None:
    with store.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture
def store(backend: str, home: Path, request: pytest.FixtureRequest) -> Iterator[db.Database]:
    """A fresh, migrated store, in use by the whole process for the test's length."""
    if backend == "sqlite":
        home.mkdir(parents=True, exist_ok=True)
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, home / "goldsmith.db")
        opened = db.Database(f"sqlite:///{home / 'goldsmith.db'}")
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        name = f"test_{os.urandom(6).hex()}"
        admin = db.Database(server.url("postgres"))
        _execute(admin, f"CREATE DATABASE {name} TEMPLATE template_goldsmith")
        admin.dispose()
        opened = db.Database(server.url(name))
        os.environ["GOLDSMITH_DATABASE_URL"] = server.url(name)
        config.settings.cache_clear()
    db.use(opened)
    yield opened
    db.use(None)
    os.environ.pop("GOLDSMITH_DATABASE_URL", None)


@pytest.fixture
def cast(store: db.Database) -> factories.Cast:
    with store.unit_of_work() as session:
        return factories.cast(session)


# `db` shadows the module on purpose inside tests: a session in one transaction, kept at the end
@pytest.fixture(name="db")
def _session(store: db.Database, cast: factories.Cast) -> Iterator[Session]:
    with store.unit_of_work() as session:
        yield session


@pytest.fixture
def client(store: db.Database) -> TestClient:
    from server.app import create_app

    return TestClient(create_app(with_jobs=False), follow_redirects=False)


@pytest.fixture
def as_user(store: db.Database) -> Callable[[User], TestClient]:
    """Return a function that gives a client signed in as someone, whose writes carry the CSRF token."""
    from server.accounts import service as accounts
    from server.app import create_app
    from server.web import security

    def sign_in(user: User) -> TestClient:
        with store.unit_of_work() as session:
            token = accounts.open_sign_in(session, session.get_one(User, user.id), agent="test")
        client = TestClient(create_app(with_jobs=False), follow_redirects=False)
        client.cookies.set(security.SESSION_COOKIE, token)
        client.headers["X-CSRF-Token"] = security.token_for(token)
        return client

    return sign_in
