"""The durable engine, DBOS, behind five functions: the only file that imports it.

It keeps its own tables: `jobs.db` in the home folder, or the schema `dbos` of the same PostgreSQL.
"""

import logging
import threading
import time
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import Engine, create_engine, event

from server.config import settings
from server.jobs import queue

log = structlog.get_logger()
VERSION = "goldsmith-1"  # fixed: a job begun by one release is finished by the next
ALIVE = ["PENDING", "ENQUEUED", "DELAYED"]
_POLL_S = 0.25
_queues: set[str] = set()
_engine: Engine | None = None
_workflow: Any = None
_running: set[str] = set()
_running_lock = threading.Lock()


def launch(executor_id: str, url: str, paces: dict[str, int | None]) -> None:
    """Start working as `executor_id`. `paces` gives each queue's starts per minute, None for no limit."""
    global _engine, _workflow
    config: DBOSConfig = {
        "name": "goldsmith",
        "executor_id": executor_id,
        "application_version": VERSION,
        "log_level": "ERROR",
        "notification_listener_polling_interval_sec": 1.0,
        "max_executor_threads": settings().draft_workers * (len(paces) + 1) + 8,
    }
    if url.startswith("sqlite"):
        url = f"sqlite:///{settings().home.resolve() / 'jobs.db'}"
        _engine = config["system_database_engine"] = _sqlite(url)
    config["system_database_url"] = url
    logging.getLogger("dbos").setLevel(logging.ERROR)
    DBOS(config=config)
    _workflow = DBOS.workflow(name="job", max_recovery_attempts=20)(_run)
    DBOS.launch()
    for name, per_minute in paces.items():
        limiter: Any = {"limit": per_minute, "period": 60} if per_minute else None
        DBOS.register_queue(
            name, worker_concurrency=settings().draft_workers, limiter=limiter, polling_interval_sec=_POLL_S
        )
        _queues.add(name)


def shut_down() -> None:
    """Stop working. What was running is found again by the next process."""
    global _engine
    DBOS.destroy(destroy_registry=True)
    _queues.clear()
    if _engine is not None:
        _engine.dispose()
        _engine = None


def start(job: queue.Job) -> None:
    """Make the engine run `job`. One that is waiting or running already is left alone; one that ended runs anew."""
    name = job.queue if job.queue in _queues else queue.DEFAULT
    with SetWorkflowID(_free_id(job)):
        DBOS.enqueue_workflow(name, _workflow, job.name, job.key)


def _free_id(job: queue.Job) -> str:
    # a job that ended while its row still waits was cut off by a shutdown: the same id would never run again
    for again in range(100):
        candidate = f"{job.id}.{again}" if again else job.id
        status = DBOS.get_workflow_status(candidate)
        if status is None or status.status in ALIVE:
            return candidate
    return candidate


def is_alive(name: str, key: str) -> bool:
    """Say whether any turn of this job is waiting or running somewhere."""
    found = DBOS.list_workflows(
        workflow_id_prefix=f"{name}:{key}:", status=ALIVE, limit=1, load_input=False, load_output=False
    )
    return bool(found)


def take_over(executor_id: str) -> int:
    """Let living workers go on with what a dead one was doing; return the number of jobs."""
    found = DBOS.list_workflows(status="PENDING", executor_id=executor_id, load_input=False, load_output=False)
    for workflow in found:
        DBOS.resume_workflow(workflow.workflow_id)
    return len(found)


def wait_until_idle(seconds: float) -> None:
    """Wait until no job runs in this process, or `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while _running and time.monotonic() < deadline:
        time.sleep(0.05)


def _run(name: str, key: str) -> None:
    if queue.stopping.is_set():
        return
    mark = f"{name}:{key}"
    with _running_lock:
        _running.add(mark)
    try:
        queue.handler(name)(key)
    except Exception:
        # the job's own row says what became of it, or the sweep does; the engine need not keep a traceback
        log.exception("job failed", job=name, key=key)
    finally:
        with _running_lock:
            _running.discard(mark)


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 10, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"  # a read that turns into a write must not meet "database is locked"
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
