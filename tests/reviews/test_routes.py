"""The review queue, a version's page and its verdict."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from server import db as store_module
from server.models import (
    AnswerVersion,
    Membership,
    Project,
    Review,
    Role,
    Stage,
    Task,
    User,
    Verdict,
)
from server.reviews import queries
from tests import factories
from tests.factories import Cast
from tests.reviews.support import add_version

SignIn = Callable[[User], TestClient]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))"


# the queue


def test_the_queue_shows_what_waits_oldest_first(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    first, second = add_version(store, cast), add_version(store, cast)
    html = as_user(cast.rosa).get("/reviews").text
    assert html.index(str(first.id)) < html.index(str(second.id))


def test_the_queue_shows_only_the_newest_version_of_a_task(
    as_user: SignIn, cast: Cast, store: store_module.Database
) -> None:
    first = add_version(store, cast)
    second = add_version(store, cast, on=first, text="Better.")
    html = as_user(cast.rosa).get("/reviews").text
    assert str(second.id) in html
    assert str(first.id) not in html


def test_the_queue_leaves_out_ones_own_work_and_says_so(
    as_user: SignIn, cast: Cast, store: store_module.Database
) -> None:
    own = add_version(store, cast, author_id=cast.rosa.id)
    html = as_user(cast.rosa).get("/reviews").text
    assert str(own.id) not in html
    assert "nobody reviews their own work" in html


def test_the_queue_leaves_out_what_is_reviewed(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    done = add_version(store, cast)
    with store.unit_of_work() as db:
        factories.review(db, cast, db.get_one(AnswerVersion, done.id))
    assert str(done.id) not in as_user(cast.rosa).get("/reviews").text


def test_the_queue_leaves_out_projects_where_one_does_not_review(
    as_user: SignIn, cast: Cast, store: store_module.Database
) -> None:
    with store.unit_of_work() as db:
        other = Project(slug="other", name="Other", guide_id=cast.guide.id)
        db.add(other)
        db.flush()
        db.add(Membership(project_id=other.id, user_id=cast.rosa.id, role=Role.WRITER))
        theirs = factories.version(db, cast, factories.task(db, other))
    client = as_user(cast.rosa)
    assert str(theirs.id) not in client.get("/reviews").text
    assert "Reviews are for reviewers" in client.get("/projects/other/reviews").text


def test_a_project_has_its_own_queue(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    client = as_user(cast.rosa)
    assert str(version.id) in client.get("/projects/desk/reviews").text
    assert client.get("/projects/nowhere/reviews").status_code == 404
    assert as_user(cast.otto).get("/projects/desk/reviews").status_code == 404


def test_an_empty_queue_says_what_it_is_for(as_user: SignIn, cast: Cast) -> None:
    assert "Nothing waits for you" in as_user(cast.rosa).get("/reviews").text
    assert "Reviews are for reviewers" in as_user(cast.wren).get("/reviews").text


def test_the_queue_turns_its_pages_without_losing_or_repeating(
    as_user: SignIn, cast: Cast, store: store_module.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [str(add_version(store, cast).id) for _ in range(5)]
    monkeypatch.setattr(queries.queue, "__kwdefaults__", {"project": None, "cursor": "", "limit": 2})
    client, address, seen = as_user(cast.rosa), "/reviews", []
    while address:
        html = client.get(address).text
        seen += re.findall(r'<td[^>]*><a[^>]*href="/versions/([0-9a-f-]+)"', html)
        following = re.search(r'href="(\?cursor=[^"]+)"', html)
        address = f"/reviews{following[1]}" if following else ""
    assert seen == wanted


def test_a_broken_page_address_is_a_sentence(as_user: SignIn, cast: Cast) -> None:
    answer = as_user(cast.rosa).get("/reviews?cursor=7")
    assert answer.status_code == 422
    assert "Go back to the first page." in answer.text


def test_next_goes_to_what_has_waited_longest(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    client = as_user(cast.rosa)
    assert client.get("/reviews/next").headers["location"] == "/reviews"
    first = add_version(store, cast)
    add_version(store, cast)
    assert client.get("/reviews/next").headers["location"] == f"/versions/{first.id}"


# a version


def test_a_version_is_shown_rendered(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    html = as_user(cast.rosa).get(f"/versions/{version.id}").text
    assert "as six sevens are" in html
    assert "katex" in html
    assert "Diff to 1" in html
    assert "Diff to A" in html


def test_its_source_is_shown_as_written(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    assert "It is $42$, as six sevens are." in as_user(cast.rosa).get(f"/versions/{version.id}?view=source").text


def test_its_difference_to_the_version_before(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    html = as_user(cast.rosa).get(f"/versions/{version.id}?view=diff&against=1").text
    assert "From version 1 to version 2" in html
    assert "<ins>" in html
    assert "<del>" in html


def test_its_difference_to_a_draft_names_the_model(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    html = as_user(cast.rosa).get(f"/versions/{version.id}?view=diff&against=A").text
    assert "From draft A, by small, to this version" in html


def test_a_blind_project_names_no_model(
    as_user: SignIn, cast: Cast, version: AnswerVersion, store: store_module.Database
) -> None:
    with store.unit_of_work() as db:
        db.get_one(Project, cast.project.id).blind_drafts = True
    address = f"/versions/{version.id}?view=diff&against=A"
    assert "From draft A to this version" in as_user(cast.rosa).get(address).text
    assert "small" not in re.sub(r'class="[^"]*"', "", as_user(cast.rosa).get(address).text)
    assert "by small" in as_user(cast.lea).get(address).text


@pytest.mark.parametrize("against", ["Z", "99", "x" * 400])
def test_a_difference_to_nothing_is_404(as_user: SignIn, cast: Cast, version: AnswerVersion, against: str) -> None:
    assert as_user(cast.rosa).get(f"/versions/{version.id}?view=diff&against={against}").status_code == 404


def test_htmx_gets_the_text_alone(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    answer = as_user(cast.rosa).get(f"/versions/{version.id}?view=source", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div id="version-text">')
    assert "<html" not in answer.text
    assert answer.headers["vary"] == "HX-Request"


def test_a_reviewer_gets_the_rubric_and_both_buttons(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    html = as_user(cast.rosa).get(f"/versions/{version.id}").text
    assert 'name="rating-correct"' in html
    assert "4: Right with a gap." in html
    assert 'value="approve"' in html
    assert 'value="send_back"' in html
    assert 'value="reject"' in html


@pytest.mark.parametrize("who", ["wren", "ada"])
def test_other_readers_get_no_form(as_user: SignIn, cast: Cast, version: AnswerVersion, who: str) -> None:
    html = as_user(getattr(cast, who)).get(f"/versions/{version.id}").text
    assert "review-form" not in html
    assert "This waits for a reviewer." in html


def test_an_author_reads_why_there_is_no_form(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    own = add_version(store, cast, author_id=cast.lea.id)
    html = as_user(cast.lea).get(f"/versions/{own.id}").text
    assert "review-form" not in html
    assert "Nobody reviews their own work." in html


def test_a_replaced_version_points_at_the_newest(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    first = str(version.parent_id)
    html = as_user(cast.rosa).get(f"/versions/{first}").text
    assert "Version 2 replaced this one." in html
    assert "review-form" not in html


def test_an_outsider_finds_no_version(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    client = as_user(cast.otto)
    assert client.get(f"/versions/{version.id}").status_code == 404
    assert client.get(f"/tasks/{version.task_id}/versions").status_code == 404
    assert client.post(f"/versions/{version.id}/reviews", data={"verdict": "approve"}).status_code == 404


def test_a_visitor_is_sent_to_sign_in(client: TestClient, version: AnswerVersion) -> None:
    answer = client.get(f"/versions/{version.id}?view=source")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


def test_findings_stand_beside_their_waivers(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    def found(code: str, level: str, line: int, fingerprint: str) -> dict[str, object]:
        return {
            "code": code, "name": code, "level": level, "message": f"Message of {code}.", "line": line, "column": 1,
            "span": {}, "fixes": [], "fingerprint": fingerprint, "doc_url": f"/rules/{code}",
        }  # fmt: skip

    report = {"engine": "0", "katex": "0", "guide": "house", "tiers": [], "counts": {"words": 3}, "diagnostics": [
        found("LEN003", "warning", 4, "aa"), found("LEN003", "warning", 9, "bb"), found("TEX105", "error", 2, "cc"),
    ]}  # fmt: skip
    waivers = [{"fingerprint": "cc", "code": "TEX105", "reason": "A quotation.", "by": str(cast.wren.id)}]
    version = add_version(store, cast, report=report, waivers=waivers)
    html = as_user(cast.rosa).get(f"/versions/{version.id}").text
    assert html.index("TEX105") < html.index("LEN003")
    assert html.count("Message of LEN003.") == 1
    assert "lines 4, 9" in html
    assert "Waived by Wren:" in html
    assert "A quotation." in html
    assert re.sub(r"\s+", " ", html).count("2 warnings · 1 waiver") == 1


def test_nothing_hostile_comes_alive(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    with store.unit_of_work() as db:
        task = factories.task(db, cast, prompt=HOSTILE, reference_answer=HOSTILE)
        factories.draft(db, task, text=HOSTILE, model=HOSTILE)
        first = factories.version(db, cast, task, text="Plain.", message=HOSTILE)
        factories.review(db, cast, first, Verdict.SEND_BACK, HOSTILE)
        waivers = [{"fingerprint": "aa", "code": "X", "reason": HOSTILE, "by": str(cast.wren.id)}]
        second = factories.version(db, cast, task, text=HOSTILE, message=HOSTILE, waivers=waivers)
    client = as_user(cast.rosa)
    addresses = [
        f"/versions/{second.id}{query}" for query in ("", "?view=source", "?view=diff", "?view=diff&against=A")
    ]
    addresses += [f"/tasks/{task.id}/versions{query}" for query in ("", "?view=rendered")]
    for address in [*addresses, "/reviews", "/projects/desk/reviews"]:
        html = client.get(address).text
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html


# the verdict


def test_an_approval_from_the_page(
    as_user: SignIn, cast: Cast, version: AnswerVersion, store: store_module.Database
) -> None:
    form = {"verdict": "approve", "rating-correct": "4", "comment": "Fine."}
    answer = as_user(cast.rosa).post(f"/versions/{version.id}/reviews", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/versions/{version.id}")
    with store.reading() as db:
        review = db.exec(select(Review)).one()
        assert (review.verdict, review.comment) == (Verdict.APPROVE, "Fine.")
        assert [(r.criterion, r.score) for r in review.ratings] == [("correct", 4)]
        assert db.get_one(Task, version.task_id).golden_version_id == version.id


def test_after_the_verdict_the_page_shows_it(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    client = as_user(cast.rosa)
    client.post(f"/versions/{version.id}/reviews", data={"verdict": "send_back", "comment": "Say **why**, with $x$."})
    html = client.get(f"/versions/{version.id}").text
    assert "Rosa sent back" in html
    assert "<strong>why</strong>" in html
    assert "review-form" not in html
    assert "Revise" in as_user(cast.wren).get(f"/versions/{version.id}").text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_bad_form_comes_back_with_its_words(
    as_user: SignIn, cast: Cast, version: AnswerVersion, headers: dict[str, str]
) -> None:
    form = {"verdict": "send_back", "rating-correct": "2", "comment": "vague"}
    answer = as_user(cast.rosa).post(f"/versions/{version.id}/reviews", data=form, headers=headers)
    assert answer.status_code == 422
    assert "Say in a few words what the writer should change." in answer.text
    assert "vague</textarea>" in answer.text
    assert re.search(r'name="rating-correct" value="2"[^>]* checked', answer.text)
    assert ("<html" in answer.text) is not bool(headers)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"verdict": "maybe"},
        {"verdict": "approve", "rating-correct": "9"},
        {"verdict": "approve", "rating-correct": "nine"},
        {"verdict": "approve", "rating-correct": "9" * 5_000},
        {"verdict": "approve", "rating-": "1"},
        {"verdict": "approve", "comment": "x" * 10_001},
    ],
)
def test_what_a_form_may_not_hold_is_422(
    as_user: SignIn, cast: Cast, version: AnswerVersion, store: store_module.Database, form: dict[str, str]
) -> None:
    answer = as_user(cast.rosa).post(f"/versions/{version.id}/reviews", data=form)
    assert answer.status_code == 422
    with store.reading() as db:
        assert db.get_one(Task, version.task_id).stage is Stage.IN_REVIEW


def test_a_verdict_that_comes_too_late_says_what_happened(
    as_user: SignIn, cast: Cast, version: AnswerVersion, store: store_module.Database
) -> None:
    client = as_user(cast.rosa)
    add_version(store, cast, on=version, text="A third.")
    answer = client.post(f"/versions/{version.id}/reviews", data={"verdict": "approve"}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Version 2 was replaced by version 3 while you were reading." in answer.text
    assert answer.headers["hx-retarget"] == "#notices"


def test_writers_and_authors_are_403(
    as_user: SignIn, cast: Cast, version: AnswerVersion, store: store_module.Database
) -> None:
    own = add_version(store, cast, author_id=cast.rosa.id)
    assert as_user(cast.wren).post(f"/versions/{version.id}/reviews", data={"verdict": "approve"}).status_code == 403
    assert as_user(cast.rosa).post(f"/versions/{own.id}/reviews", data={"verdict": "approve"}).status_code == 403


def test_a_verdict_without_the_token_is_refused(
    as_user: SignIn, cast: Cast, version: AnswerVersion, store: store_module.Database
) -> None:
    client = as_user(cast.rosa)
    del client.headers["X-CSRF-Token"]
    assert client.post(f"/versions/{version.id}/reviews", data={"verdict": "approve"}).status_code == 403
