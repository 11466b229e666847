"""Publishing guides: numbers, hashes, events, and who may."""

import pytest
from sqlmodel import Session, select

from server import lint
from server.errors import Conflict, Forbidden, NotFound
from server.guides import queries, service
from server.models import Event, Guide, GuideVersion
from tests.factories import GUIDE, Cast

NEXT = GUIDE.replace("Answer in full sentences.", "Answer in full sentences, and begin with the answer.")
UNTRUE = """lint:
  style:
    - {code: STY001, name: plain-words, extends: substitution, swap: {utilize: use}, message: "{match}", bad: [use]}
"""
OTHER = GUIDE.replace("guide: house", "guide: other")


def test_publishing_makes_the_next_version_and_an_event(db: Session, cast: Cast) -> None:
    version = service.publish(db, cast.lea, NEXT, slug="house", base=1)
    assert (version.number, version.author_id) == (2, cast.lea.id)
    assert version.content["rubric"][0]["scale"][4] == {"value": 5, "text": "Right."}
    assert queries.current(db, cast.guide.id).id == version.id
    event = db.exec(select(Event).where(Event.subject_id == version.id)).one()
    assert (event.name, event.details["number"]) == ("guide.published", 2)


def test_the_same_text_again_changes_nothing(db: Session, cast: Cast) -> None:
    assert service.publish(db, cast.lea, GUIDE).id == cast.guide_version.id
    assert service.publish(db, cast.lea, GUIDE.replace("\n", "\r\n")).id == cast.guide_version.id


def test_going_back_to_an_older_text_is_a_new_version(db: Session, cast: Cast) -> None:
    service.publish(db, cast.lea, NEXT)
    assert service.publish(db, cast.lea, GUIDE).number == 3


def test_a_new_guide_starts_at_version_one(db: Session, cast: Cast) -> None:
    version = service.publish(db, cast.ada, OTHER, base=0)
    assert version.number == 1
    assert queries.current_by_slug(db, "other").id == version.id


@pytest.mark.parametrize("who", ["wren", "rosa", "otto"])
def test_only_leads_and_administrators_publish(db: Session, cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden, match="Only leads and administrators"):
        service.publish(db, getattr(cast, who), NEXT)


def test_a_version_published_meanwhile_is_not_overwritten(db: Session, cast: Cast) -> None:
    service.publish(db, cast.lea, NEXT, base=1)
    with pytest.raises(Conflict, match="Version 2 of house was published while you wrote"):
        service.publish(db, cast.ada, NEXT.replace("begin", "start"), base=1)


def test_a_new_guide_does_not_take_a_name_in_use(db: Session, cast: Cast) -> None:
    with pytest.raises(Conflict, match="already a guide called house"):
        service.publish(db, cast.ada, NEXT, base=0)


@pytest.mark.parametrize(
    ("source", "path", "message"),
    [
        (GUIDE.replace("checklist:", "cheklist:"), "cheklist", "did you mean 'checklist'"),
        (GUIDE + "lint2: {}\n", "lint2", "unknown key"),
        (GUIDE.replace("recommended", "recomended"), "lint.extends", "'recommended'"),
        (GUIDE.replace("extends: recommended", "select: [LEN999]"), "lint.select.0", "no rule is called 'LEN999'"),
        (GUIDE.replace("title: House guide", f"title: {'x' * 201}"), "title", "keep it to 200"),
        (GUIDE.replace("guide: house", "guide: new"), "guide", "taken by a page"),
        (GUIDE.replace("lint:\n", UNTRUE), "lint.style.0.bad.0", "STY001 passes this example"),
        ("guide: [", "", ""),
        ("", "", "a guide is a mapping"),
        ("a: &x [1]\nb: *x\n", "", "uses the alias *x"),
        (GUIDE.replace("value: 1,", "value: -99999999999999999999,", 1), "rubric.0.scale.0.value", "-1000"),
        ("[" * 100_000, "", "nested more than 20 levels deep"),
        ("- " * 50_000, "", "nested more than 20 levels deep"),
        ("x" * 200_001, "", "keep it to 200000"),
        (GUIDE.replace("title: House guide", "title: House \x00 guide"), None, None),
    ],
)
def test_a_wrong_guide_names_the_place_and_the_mend(
    db: Session, cast: Cast, source: str, path: str | None, message: str | None
) -> None:
    if path is None:  # NUL is replaced, as everywhere else, and does no harm
        assert "\x00" not in service.publish(db, cast.lea, source).source
        return
    with pytest.raises(lint.GuideError) as caught:
        service.publish(db, cast.lea, source)
    problem = caught.value.problems[0]
    assert problem.path == path
    assert message is not None
    assert message in problem.message


def test_a_guide_keeps_its_name(db: Session, cast: Cast) -> None:
    with pytest.raises(lint.GuideError, match="a guide keeps its name"):
        service.publish(db, cast.lea, OTHER, slug="house")


def test_the_guides_that_come_with_goldsmith_are_published_once(db: Session, cast: Cast) -> None:
    added = service.sync_builtin(db)
    assert [version.content["guide"] for version in added] == ["general-en", "maths-en", "maths-zh"]
    assert all(version.author_id is None for version in added)
    assert service.sync_builtin(db) == []


def test_a_guide_someone_changed_is_left_to_them(db: Session, cast: Cast) -> None:
    service.sync_builtin(db)
    source = queries.current_by_slug(db, "maths-en").source
    mine = service.publish(db, cast.lea, source.replace("no longer than the problem asks", "short"))
    assert service.sync_builtin(db) == []
    assert queries.current_by_slug(db, "maths-en").id == mine.id


def test_a_guide_nobody_changed_follows_the_file(db: Session, cast: Cast) -> None:
    service.sync_builtin(db)
    guide = db.exec(select(Guide).where(Guide.slug == "maths-en")).one()
    shipped = queries.current(db, guide.id)
    older = GuideVersion(
        guide_id=guide.id, number=2, sha256="0" * 64, source="old", content=shipped.content, author_id=None
    )
    db.add(older)
    db.flush()
    assert [version.number for version in service.sync_builtin(db)] == [3]


def test_what_is_not_there_is_not_found(db: Session, cast: Cast) -> None:
    with pytest.raises(NotFound):
        queries.current_by_slug(db, "nothing")
    with pytest.raises(NotFound):
        queries.numbered(db, cast.guide, 7)
    with pytest.raises(NotFound):
        queries.version(db, cast.guide.id)
