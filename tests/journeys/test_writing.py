"""At the desk, in a real browser: nothing typed is lost, and Chinese input is left alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Watcher, axe
from tests.journeys.desk import DRAFT, Desk, saved

pytestmark = pytest.mark.slow


def test_what_is_typed_is_saved_without_a_button(desk: Desk, page: Page, task: str) -> None:
    page.keyboard.type("Then more.")
    saved(page)
    assert desk.answer(task)["text"] == "Start.\nThen more."


def test_words_typed_offline_stay_in_the_browser_and_go_out_later(desk: Desk, page: Page, task: str) -> None:
    page.context.set_offline(True)
    page.keyboard.type("Offline.")
    expect(page.locator("#save-state")).to_have_text("Offline, kept in this browser")
    page.context.set_offline(False)
    saved(page)
    assert desk.answer(task)["text"] == "Start.\nOffline."


def test_words_the_server_never_got_come_back_after_a_reload(desk: Desk, page: Page, task: str) -> None:
    page.route("**/api/v1/tasks/*/answer", lambda route: route.fulfill(status=503))
    page.keyboard.type("Nearly lost.")
    expect(page.locator("#save-state[data-state=offline]")).to_be_visible()
    page.unroute("**/api/v1/tasks/*/answer")
    page.reload()
    expect(page.locator("#recovered")).to_contain_text("brought back")
    saved(page)
    assert desk.answer(task)["text"] == "Start.\nNearly lost."


@pytest.mark.parametrize(
    ("choice", "text"), [("mine", "Start.\nMine."), ("theirs", "Start.\nTheirs."), ("merged", "Start.\nMine. Both.")]
)
def test_a_text_saved_elsewhere_is_never_overwritten_silently(
    desk: Desk, page: Page, task: str, choice: str, text: str
) -> None:
    revision = desk.answer(task)["revision"]
    desk.save(task, "Start.\nTheirs.", revision)
    page.keyboard.type("Mine.")
    expect(page.locator("#conflict")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#conflict")).to_be_visible()
    assert desk.answer(task)["text"] == "Start.\nTheirs."
    if choice == "merged":
        page.locator(".cm-merge-b .cm-content").click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" Both.")
    page.locator(f"[data-conflict={choice}]").click()
    expect(page.locator("#conflict")).to_be_hidden()
    expect(page.locator("#editor .cm-content")).to_contain_text(text.split("\n")[1])
    desk.comes_to_hold(task, text)


def test_no_key_of_ours_fires_while_a_word_is_composed(desk: Desk, page: Page, task: str) -> None:
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
            {key: "Enter", ctrlKey: true, keyCode: 229, isComposing: true, bubbles: true}))"""
    )
    keyboard.send("Input.insertText", {"text": "你好"})
    expect(page.locator(".cm-content")).to_contain_text("你好")
    expect(page.locator("#submission-dialog")).to_be_hidden()
    saved(page)
    assert desk.answer(task)["text"] == "Start.\n你好"


def test_a_selection_of_a_draft_comes_in_as_markdown(desk: Desk, page: Page, task: str) -> None:
    paragraph = page.locator("[data-draft]:visible .prose-answer p").first
    paragraph.evaluate("node => getSelection().selectAllChildren(node)")
    page.locator("[data-draft]:visible [data-insert-draft]").click()
    saved(page)
    assert desk.answer(task)["text"] == f"Start.\n{DRAFT}"


def test_brackets_walk_through_the_drafts(page: Page, task: str) -> None:
    page.keyboard.press("Escape")
    open_tab = page.locator(".desk-drafts [role=tab][aria-selected=true]")
    expect(open_tab).to_have_text("A")
    page.keyboard.press("]")
    expect(open_tab).to_have_text("B")
    page.keyboard.press("[")
    expect(open_tab).to_have_text("A")


def test_dividers_move_by_key_and_are_remembered(page: Page, task: str) -> None:
    divider = page.locator("[data-divider=left]")
    divider.focus()
    page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "324")
    page.reload()
    expect(divider).to_have_attribute("aria-valuenow", "324")


@pytest.mark.parametrize("mode", ["write", "split", "preview"])
def test_the_desk_is_accessible_and_complains_of_nothing(page: Page, task: str, mode: str) -> None:
    watcher = Watcher(page)
    page.locator(f"[data-mode-choice={mode}]").click()
    page.keyboard.press("Escape")
    page.wait_for_timeout(600)
    assert axe(page) == []
    assert watcher.take() == []
