"""The desk over HTTP, as the page's script and other programs use it."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from server.answers import reports
from server.db import Database
from server.models import Language, Stage, Task, User
from tests import factories
from tests.factories import Cast

SignIn = Callable[[User], TestClient]
BROKEN = "The answer is $\\frac{1}{2$."


@pytest.fixture
def task(store: Database, cast: Cast) -> Task:
    with store.unit_of_work() as db:
        made = factories.task(db, cast, reference_answer="4", extra={"source": "test"})
        factories.draft(db, made, model="giant", text="It is **4**.")
        return made


def test_a_task_comes_with_drafts_answer_and_versions(as_user: SignIn, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": "It is 4.", "revision": 0})
    body = wren.get(f"/api/v1/tasks/{task.id}").json()
    assert body["answer"]["revision"] == 1
    assert body["drafts"][0]["model"] == "giant"
    assert body["metadata"] == {"source": "test"}
    assert body["versions"] == []


def test_an_outsider_sees_no_task(as_user: SignIn, cast: Cast, task: Task) -> None:
    answer = as_user(cast.otto).get(f"/api/v1/tasks/{task.id}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_stranger_is_asked_to_sign_in(client: TestClient, cast: Cast, task: Task) -> None:
    answer = client.get(f"/api/v1/tasks/{task.id}")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_conflict_carries_the_newer_text(as_user: SignIn, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    address = f"/api/v1/tasks/{task.id}/answer"
    assert wren.put(address, json={"text": "one", "revision": 0}).json()["revision"] == 1
    refused = wren.put(address, json={"text": "two", "revision": 0})
    assert refused.status_code == 409
    assert (refused.json()["text"], refused.json()["revision"]) == ("one", 1)


@pytest.mark.parametrize(
    "body",
    [{}, {"text": 1, "revision": 0}, {"text": "a"}, {"text": "a", "revision": -1}, {"text": "a", "revision": "x"}],
)
def test_a_bad_save_is_a_sentence(as_user: SignIn, cast: Cast, task: Task, body: dict[str, object]) -> None:
    answer = as_user(cast.wren).put(f"/api/v1/tasks/{task.id}/answer", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")


def test_not_json_is_a_sentence(as_user: SignIn, cast: Cast, task: Task) -> None:
    answer = as_user(cast.wren).put(
        f"/api/v1/tasks/{task.id}/answer", content=b"{", headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422


def test_a_write_without_the_csrf_token_is_refused(as_user: SignIn, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    del wren.headers["X-CSRF-Token"]
    assert wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": "a", "revision": 0}).status_code == 403


def test_submission_answers_with_the_version(as_user: SignIn, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": "It is $4$.", "revision": 0})
    made = wren.post(f"/api/v1/tasks/{task.id}/answer/submission", json={"checklist": ["reread"]})
    assert (made.status_code, made.json()["number"]) == (201, 1)


def test_blocking_diagnostics_come_with_the_refusal(as_user: SignIn, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": BROKEN, "revision": 0})
    refused = wren.post(f"/api/v1/tasks/{task.id}/answer/submission", json={"checklist": ["reread"]})
    assert refused.status_code == 422
    assert [d["code"] for d in refused.json()["diagnostics"]] == ["TEX105"]


def test_a_list_not_ticked_does_not_hide_what_blocks(as_user: SignIn, store: Database, cast: Cast, task: Task) -> None:
    with store.unit_of_work() as db:
        db.get_one(User, cast.wren.id).language = Language.CHINESE
    wren = as_user(cast.wren)
    wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": BROKEN, "revision": 0})
    refused = wren.post(f"/api/v1/tasks/{task.id}/answer/submission", json={"checklist": []})
    assert refused.status_code == 422
    assert [item["id"] for item in refused.json()["checklist"]] == ["reread"]
    found = reports.DiagnosticRecord.model_validate(refused.json()["diagnostics"][0])
    assert (found.code, found.message.isascii()) == ("TEX105", False)


def test_reports_have_the_shape_that_is_described(as_user: SignIn, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    text = {"text": BROKEN, "tiers": ["first", "second"]}
    assert reports.AnswerReport.model_validate(wren.post(f"/api/v1/tasks/{task.id}/lint", json=text).json()).diagnostics
    report = wren.post("/api/v1/lint", json=text | {"guide": cast.guide.slug}).json()
    assert reports.Report.model_validate(report).diagnostics[0].fixes


def test_lint_answers_with_spans_in_utf16(as_user: SignIn, cast: Cast, task: Task) -> None:
    report = as_user(cast.wren).post(f"/api/v1/tasks/{task.id}/lint", json={"text": f"😀 {BROKEN}"}).json()
    found = next(d for d in report["diagnostics"] if d["code"] == "TEX105")
    (start, end), (wide, _) = found["span"]["codepoints"], found["span"]["utf16"]
    assert wide == start + 1
    assert end > start
    assert report["waived"] == []


def test_a_waived_finding_is_listed(as_user: SignIn, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": BROKEN, "revision": 0})
    found = wren.post(f"/api/v1/tasks/{task.id}/lint", json={"text": BROKEN}).json()["diagnostics"][0]
    body = {"fingerprint": found["fingerprint"], "reason": "a quoted mistake"}
    assert wren.post(f"/api/v1/tasks/{task.id}/waivers", json=body).status_code == 201
    report = wren.post(f"/api/v1/tasks/{task.id}/lint", json={"text": BROKEN}).json()
    assert report["waived"] == [found["fingerprint"]]
    assert wren.delete(f"/api/v1/tasks/{task.id}/waivers/{found['fingerprint']}").status_code == 204


def test_lint_of_any_text_under_a_guide(as_user: SignIn, cast: Cast) -> None:
    rosa = as_user(cast.rosa)
    assert rosa.post("/api/v1/lint", json={"text": BROKEN, "guide": "house"}).json()["diagnostics"]
    assert rosa.post("/api/v1/lint", json={"text": "x", "guide": "nowhere"}).status_code == 404


def test_the_reference_stays_hidden_when_the_project_says_so(
    as_user: SignIn, store: Database, cast: Cast, task: Task
) -> None:
    with store.unit_of_work() as db:
        project = db.get_one(type(cast.project), cast.project.id)
        project.show_reference, project.blind_drafts = False, True
        db.add(project)
    seen = as_user(cast.wren).get(f"/api/v1/tasks/{task.id}").json()
    assert (seen["reference_answer"], seen["drafts"][0]["model"]) == (None, "A")
    (shown,) = seen["drafts"]
    assert shown == as_user(cast.wren).get(f"/api/v1/drafts/{shown['id']}").json()
    led = as_user(cast.lea).get(f"/api/v1/tasks/{task.id}").json()
    assert (led["reference_answer"], led["drafts"][0]["model"]) == ("4", "giant")


def test_the_desk_opens_for_each_role(as_user: SignIn, cast: Cast, task: Task) -> None:
    for user, status in ((cast.wren, 200), (cast.rosa, 200), (cast.lea, 200), (cast.ada, 200), (cast.otto, 404)):
        assert as_user(user).get(f"/tasks/{task.id}").status_code == status, user.name


def test_the_preview_is_harmless(as_user: SignIn, cast: Cast, task: Task) -> None:
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) $\\href{javascript:alert(1)}{x}$ "
    hostile += "<img src=x onerror=alert(1)>"
    html = as_user(cast.wren).post(f"/tasks/{task.id}/preview", json={"text": hostile}).text
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_the_submission_form_keeps_words_when_it_is_not_right(as_user: SignIn, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": "It is $4$.", "revision": 0})
    assert wren.get(f"/tasks/{task.id}/answer/submission").status_code == 200
    again = wren.post(f"/tasks/{task.id}/answer/submission", data={"message": "look at line 2"})
    assert again.status_code == 422
    assert "look at line 2" in again.text
    done = wren.post(f"/tasks/{task.id}/answer/submission", data={"checklist": "reread"})
    assert done.status_code == 303
    assert done.headers["location"].startswith("/versions/")


def test_a_submission_moves_the_task_to_review(as_user: SignIn, store: Database, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": "It is $4$.", "revision": 0})
    wren.post(f"/tasks/{task.id}/answer/submission", data={"checklist": "reread"})
    with store.reading() as db:
        assert db.get_one(Task, task.id).stage is Stage.IN_REVIEW


def test_lint_says_which_draft_the_words_come_from(as_user: SignIn, cast: Cast, task: Task) -> None:
    found = as_user(cast.wren).post(f"/api/v1/tasks/{task.id}/lint", json={"text": "Well, it is 4."})
    assert found.json()["attribution"] == {}
    found = as_user(cast.wren).post(f"/api/v1/tasks/{task.id}/lint", json={"text": "It is **4**."})
    assert found.json()["attribution"] == {"A": 1.0}


def test_the_first_tier_answers_alone_unless_both_are_asked_for(as_user: SignIn, cast: Cast, task: Task) -> None:
    address, text = f"/api/v1/tasks/{task.id}/lint", "We recieve $\\frac{1}{2$."
    wren = as_user(cast.wren)
    first = wren.post(address, json={"text": text}).json()
    both = wren.post(address, json={"text": text, "tiers": ["second", "first"]}).json()
    assert (first["tiers"], first["later"]) == (["first"], [])
    assert both["tiers"] == ["first", "second"]
    late = [found for found in both["diagnostics"] if found["fingerprint"] in both["later"]]
    assert [(found["code"], found["level"]) for found in late] == [("GRA101", "info")]
    assert [found for found in both["diagnostics"] if found not in late] == first["diagnostics"]


@pytest.mark.parametrize("tiers", [[], ["third"], "first"])
def test_an_unknown_tier_is_a_sentence(as_user: SignIn, cast: Cast, task: Task, tiers: object) -> None:
    answer = as_user(cast.wren).post(f"/api/v1/tasks/{task.id}/lint", json={"text": "x", "tiers": tiers})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_comments_in_the_text_do_not_silence_lint_at_the_desk(as_user: SignIn, cast: Cast, task: Task) -> None:
    text = f"<!-- lint-disable-next-line TEX105 -- no -->\n{BROKEN}"
    found = as_user(cast.wren).post(f"/api/v1/tasks/{task.id}/lint", json={"text": text}).json()["diagnostics"]
    assert "TEX105" in {item["code"] for item in found}
