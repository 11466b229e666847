"""Rows for tests, as the product itself would write them."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, func, select

from server.models import (
    AnswerVersion,
    Draft,
    DraftState,
    Guide,
    GuideVersion,
    Membership,
    Project,
    Review,
    Role,
    Stage,
    Task,
    User,
    Verdict,
    now,
)
from server.text import canonical_json, sha256

GUIDE = """guide: house
title: House guide
language: any
instructions: |
  Answer in full sentences.
lint:
  extends: recommended
checklist:
  - {id: reread, text: "I read the answer once more from the top.", required: true}
rubric:
  - id: correct
    title: Correct
    description: Every step follows.
    scale:
      - {value: 1, text: Wrong.}
      - {value: 2, text: Mostly wrong.}
      - {value: 3, text: Half right.}
      - {value: 4, text: Right with a gap.}
      - {value: 5, text: Right.}
taxonomy:
  - {id: hallucination, title: Hallucination, description: States something that is not so.}
"""


@dataclass
class Cast:
    """Wren writes, Rosa reviews, Lea leads, Ada administers, Otto is an outsider."""

    wren: User
    rosa: User
    lea: User
    ada: User
    otto: User
    project: Project
    guide: Guide
    guide_version: GuideVersion
    ids: dict[str, uuid.UUID] = field(default_factory=dict)


def person(db: Session, name: str, **over: Any) -> User:
    user = User(email=f"{name.lower()}@example.org", name=name, **over)
    db.add(user)
    db.flush()
    return user


def cast(db: Session) -> Cast:
    """Add the five people and a project with its guide."""
    import yaml

    wren, rosa, lea = person(db, "Wren"), person(db, "Rosa"), person(db, "Lea")
    ada, otto = person(db, "Ada", is_admin=True), person(db, "Otto")
    guide = Guide(slug="house", title="House guide")
    db.add(guide)
    db.flush()
    version = GuideVersion(
        guide_id=guide.id, number=1, sha256=sha256(GUIDE), source=GUIDE, content=yaml.safe_load(GUIDE)
    )
    project = Project(slug="desk", name="Desk", guide_id=guide.id)
    db.add_all([version, project])
    db.flush()
    for user, role in ((wren, Role.WRITER), (rosa, Role.REVIEWER), (lea, Role.LEAD)):
        db.add(Membership(project_id=project.id, user_id=user.id, role=role))
    db.flush()
    for user in (wren, rosa, lea, ada, otto):
        db.refresh(user, ["memberships"])
    return Cast(wren, rosa, lea, ada, otto, project, guide, version)


def task(db: Session, on: Cast | Project, **over: Any) -> Task:
    """Add a task to the cast's project; `prompt` is short for one user message."""
    project = on if isinstance(on, Project) else on.project
    prompt = over.pop("prompt", "What is $2+2$?")
    messages = over.pop("messages", [{"role": "user", "content": prompt}])
    number = (
        over.pop("number", None)
        or (db.exec(select(func.max(Task.number)).where(Task.project_id == project.id)).one() or 0) + 1
    )
    due = over.get("due_at")
    row = Task(
        project_id=project.id,
        number=number,
        messages=messages,
        excerpt=over.pop("excerpt", prompt),
        content_sha256=sha256(canonical_json(messages)),
        due_sort=due.isoformat() if due else "9999",
        updated_at=now(),
        **over,
    )
    db.add(row)
    db.flush()
    return row


def draft(db: Session, on: Task, **over: Any) -> Draft:
    position = db.exec(select(func.count()).select_from(Draft).where(Draft.task_id == on.id)).one()
    values: dict[str, Any] = {"model": "small", "text": "It is 4.", "state": DraftState.DONE, "position": position}
    row = Draft(task_id=on.id, **(values | over))
    db.add(row)
    db.flush()
    return row


def version(db: Session, cast: Cast, on: Task, text: str = "It is $4$.", **over: Any) -> AnswerVersion:
    """Add the next version of a task's answer, by Wren, and put the task in review."""
    last = db.exec(
        select(AnswerVersion).where(AnswerVersion.task_id == on.id).order_by(col(AnswerVersion.number).desc())
    ).first()
    values: dict[str, Any] = {
        "number": last.number + 1 if last else 1,
        "parent_id": last.id if last else None,
        "author_id": cast.wren.id,
        "guide_version_id": cast.guide_version.id,
        "report": {"engine": "0", "katex": "0", "guide": "house", "tiers": [], "counts": {}, "diagnostics": []},
        "waivers": [],
        "checklist": ["reread"],
        "attribution": {},
    }
    row = AnswerVersion(task_id=on.id, text=text, sha256=sha256(text), **(values | over))
    db.add(row)
    on.version_count, on.stage = row.number, Stage.IN_REVIEW
    db.add(on)
    db.flush()
    return row


def review(db: Session, cast: Cast, on: AnswerVersion, verdict: Verdict = Verdict.APPROVE, comment: str = "") -> Review:
    """Add Rosa's verdict and move the task as it says."""
    row = Review(version_id=on.id, reviewer_id=cast.rosa.id, verdict=verdict, comment=comment)
    db.add(row)
    task = db.get_one(Task, on.task_id)
    if verdict is Verdict.APPROVE:
        task.approve(on.id)
    elif verdict is Verdict.SEND_BACK:
        task.send_back()
    else:
        task.reject()
    db.add(task)
    db.flush()
    return row
