"""Importing a whole file: a chunk, a transaction, so that nobody's save waits for a million rows.

What came in before an interruption stays; importing the file again goes on from there.
"""

from collections.abc import Iterator
from typing import BinaryIO

from server import db
from server.errors import Invalid
from server.models import Project, User
from server.policy import Action, authorize
from server.tasks import importing, intake, service
from server.tasks.importing import ImportResult, Seen

CHUNK_ROWS = 5_000
CHUNK_BYTES = 16_000_000
MOST_REJECTED = 100_000  # beyond this a file is something else


def load(user: User, project: Project, file: BinaryIO, *, dry_run: bool = False) -> Iterator[ImportResult]:
    """Yield what became of each chunk of `file` as it is done; a dry run writes nothing.

    Raises Forbidden, and Invalid once nearly nothing in the file is a task.
    """
    authorize(user, Action.IMPORT_TASKS, project)
    return _load(user, project, file, dry_run)


def _load(user: User, project: Project, file: BinaryIO, dry_run: bool) -> Iterator[ImportResult]:
    seen, rejected = Seen(), 0
    for rows in _chunks(file):
        if dry_run:
            with db.reading() as session:
                done = importing.foresee(session, project, rows, seen)
        else:
            with db.unit_of_work() as session:
                done = service.import_rows(session, user, project, rows, seen=seen)
        yield done
        rejected += len(done.rejected)
        if rejected > MOST_REJECTED:
            raise Invalid(
                "More than {count} rows are not tasks, so the rest was not read. Is this a file of JSON lines?",
                count=MOST_REJECTED,
            )


def _chunks(file: BinaryIO) -> Iterator[list[intake.TaskRow | intake.Rejected]]:
    lines: list[bytes] = []
    first, size = 1, 0
    for line in intake.lines_of(file):
        lines.append(line)
        size += len(line)
        if len(lines) == CHUNK_ROWS or size >= CHUNK_BYTES:
            yield list(intake.read(lines, first))
            first, size, lines = first + len(lines), 0, []
    yield list(intake.read(lines, first))
