"""`goldsmith demo`: the demonstration project, its cast, and the work they have done so far."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from sqlmodel import Session, select

from server import db, events
from server.answers import service as answers
from server.answers.forms import SubmissionForm
from server.commands.database import prepare
from server.config import PACKAGE
from server.events import EventName
from server.models import GuideVersion, Project, Role, Task, User, Verdict, now
from server.policy import SYSTEM
from server.projects import service as projects
from server.projects.forms import ProjectForm
from server.reviews import service as reviews
from server.reviews.forms import ReviewForm
from server.tasks import intake
from server.tasks import service as tasks

CONTENT = PACKAGE / "demo_content" / "prompts.yaml"
CAST = {
    "Wren": ("wren@demo.example", Role.WRITER),
    "Rosa": ("rosa@demo.example", Role.REVIEWER),
    "Lea": ("lea@demo.example", Role.LEAD),
    "Ada": ("ada@demo.example", None),
}


def demo(
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing where somebody already works.")] = False,
) -> None:
    """Make the demonstration: 24 prompts, four people, work in every stage. Only in an empty store."""
    prepare()
    with db.reading() as session:
        is_empty = session.exec(select(User.id).limit(1)).first() is None
    if not is_empty:
        if if_empty:
            return
        typer.echo("This store already has people in it; the demonstration goes into an empty one.", err=True)
        raise typer.Exit(1)
    with db.unit_of_work() as session:
        make(session, yaml.safe_load(Path(CONTENT).read_text("utf-8")))
    typer.echo("Made the demonstration project “First light”.", err=True)


def make(session: Session, content: dict[str, Any]) -> Project:
    """Add the demonstration through the same verbs that people use."""
    cast = {name: _person(session, name, email) for name, (email, _role) in CAST.items()}
    project = projects.create(session, SYSTEM, ProjectForm(**content["project"]))
    project.is_demonstration = True
    for name, (_email, role) in CAST.items():
        if role:
            projects.add_member(session, SYSTEM, project, cast[name], role)
    for person in cast.values():
        session.refresh(person, ["memberships"])
    rows = (intake.parse(line, _row(task)) for line, task in enumerate(content["tasks"], 1))
    tasks.import_rows(session, SYSTEM, project, rows)
    for task in content["tasks"]:
        if "gold" in task:
            _work(session, project, cast, task)
    return project


def _work(session: Session, project: Project, cast: dict[str, User], content: dict[str, Any]) -> None:
    """Write, submit and review one task's answer, as far as its `gold` says."""
    gold = content["gold"]
    task = session.exec(
        select(Task).where(Task.project_id == project.id, Task.external_id == content["external_id"])
    ).one()
    guide = session.exec(select(GuideVersion).where(GuideVersion.guide_id == project.guide_id)).one()
    ticked = [item["id"] for item in guide.content.get("checklist") or []]
    answers.save(session, cast["Wren"], task, gold["text"], 0)
    form = SubmissionForm(checklist=ticked, message=gold.get("message", ""))
    version = answers.submit(session, cast["Wren"], task, form)
    if "review" in gold:
        review = gold["review"] | {"verdict": Verdict(gold["review"]["verdict"])}
        reviews.submit(session, cast["Rosa"], version, ReviewForm(**review))


def _person(session: Session, name: str, email: str) -> User:
    person = User(email=email, name=name, is_demonstration=True, is_admin=name == "Ada")
    session.add(person)
    session.flush()
    events.record(session, SYSTEM, EventName.USER_CREATED, on=person, email=email)
    return person


def _row(task: dict[str, Any]) -> dict[str, Any]:
    """Return a task of the demonstration as a row of an import."""
    row = {key: task[key] for key in task if key not in ("gold", "due_in_days", "drafts")}
    if "due_in_days" in task:
        row["due_at"] = (now() + timedelta(days=task["due_in_days"])).isoformat()
    row["drafts"] = [{"model": d["model"], "text": d["text"]} for d in task.get("drafts", [])]
    return row
