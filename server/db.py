"""The database: engines, sessions and the one unit of work.

SQLite has one writer connection that begins IMMEDIATE (nothing is lost, nobody meets "database is locked")
beside several readers that may only read. PostgreSQL uses one pool for both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from server.config import PACKAGE, settings

SPARE_CONNECTIONS = 4  # beyond one for each request at work: jobs, streams, error pages


class Database:
    """One store: `writer` and `reader` engines, and the URL they came from."""

    def __init__(self, url: str, *, synchronous: str = "NORMAL") -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        connections = settings().threads + SPARE_CONNECTIONS
        if self.is_sqlite:
            self.writer = _sqlite(url, "BEGIN IMMEDIATE", size=1, synchronous=synchronous)
            self.reader = _sqlite(url, "BEGIN", size=connections, synchronous=synchronous, read_only=True)
        else:
            self.writer = self.reader = create_engine(
                url, pool_size=connections, max_overflow=connections, pool_pre_ping=True
            )

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """Yield a session in one transaction: returning commits, raising rolls back."""
        with Session(self.writer, expire_on_commit=False) as session, session.begin(), _readable(session):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that only reads, on one snapshot."""
        made = Session(self.reader, expire_on_commit=False, autoflush=False, info={"reads_only": True})
        with made as session, session.begin(), _readable(session):
            if not self.is_sqlite:  # where each statement would otherwise see its own moment
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @property
    def shown_url(self) -> str:
        """The URL without its password."""
        return make_url(self.url).render_as_string(hide_password=True)

    def dispose(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()

    def upgrade(self) -> None:
        """Bring the tables to the newest migration; where they are, nothing is loaded to find out."""
        if self.revision() == newest_revision():
            return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(PACKAGE / "migrations"))
        config.attributes["engine"] = self.writer
        command.upgrade(config, "head")

    def revision(self) -> str:
        """Return the migration the tables are at; empty where there are none or the store does not answer."""
        try:
            with self.reader.connect() as connection:
                return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
        except DBAPIError:
            return ""

    def is_ready(self) -> bool:
        """Say whether the store answers and its tables are there."""
        return bool(self.revision())


@contextmanager
def _readable(session: Session) -> Iterator[None]:
    """Let what was loaded outlive a failure, which would expire it: the answer still names who is signed in."""
    try:
        yield
    except BaseException:
        session.expunge_all()
        raise


def newest_revision() -> str:
    """Return the newest migration's number: the first part of its file's name."""
    files = sorted((PACKAGE / "migrations" / "versions").glob("[0-9]*.py"))
    return files[-1].stem.split("_")[0]


def _sqlite(url: str, begin: str, *, size: int, synchronous: str, read_only: bool = False) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=60,
        connect_args={"check_same_thread": False, "timeout": 10},
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves, see _begin
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "busy_timeout=10000",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-20000",
            *(["query_only=ON"] if read_only else []),
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


_current: Database | None = None


def database() -> Database:
    """Return this process's store, opened on first use."""
    global _current
    if _current is None:
        _current = Database(settings().url, synchronous=settings().sqlite_synchronous)
    return _current


def use(store: Database | None) -> None:
    """Make `store` this process's store (tests, commands); None closes the one in use."""
    global _current
    if _current is not None and _current is not store:
        _current.dispose()
    _current = store


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Yield a session in one transaction of this process's store."""
    with database().unit_of_work() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Yield a read-only session of this process's store."""
    with database().reading() as session:
        yield session
