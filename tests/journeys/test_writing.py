"""At the desk, in a real browser: nothing typed is lost, findings are mended by key, Chinese input is left alone."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from server.config import resources
from tests.journeys.browser import Watcher, axe, chromium
from tests.journeys.served import Served, serving

pytestmark = pytest.mark.slow
DRAFT = "We use **AM–GM**, with $abc=1$."
STYLE = """lint:
  style:
    - {code: STY001, name: plain-words, extends: substitution, swap: {utilize: use}, message: "{replacement}"}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Desk:
    """A served project with nine tasks, and Wren's own way to it past the browser."""

    def __init__(self, served: Served, token: str) -> None:
        self.url = served.url
        self.wren = served.client(token)

    def answer(self, task: str) -> dict[str, object]:
        return dict(self.wren.get(f"/api/v1/tasks/{task}").json()["answer"])

    def save(self, task: str, text: str, revision: object) -> int:
        saved = self.wren.put(f"/api/v1/tasks/{task}/answer", json={"text": text, "revision": revision})
        return int(saved.json()["revision"])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with serving(folder / "home", GOLDSMITH_JOBS="false") as found:
        tokens = found.people()
        rows = folder / "tasks.jsonl"
        drafts = [{"model": "one", "text": DRAFT}, {"model": "two", "text": "Another."}]
        rows.write_text(
            "".join(json.dumps({"prompt": f"Show ${n}<{n + 1}$.", "drafts": drafts}) + "\n" for n in range(9))
        )
        found.goldsmith("import", "tasks", str(rows), "--project", "desk")
        found.start()
        publish(found, tokens["lea"])
        yield Desk(found, tokens["wren"])


def publish(served: Served, token: str) -> None:
    """Give the project's guide a rule of its own."""
    source = (resources("styleguides") / "maths-en.yaml").read_text("utf-8").replace("lint:\n", STYLE, 1)
    with served.client(token) as lea:
        done = lea.post("/guides/maths-en/versions", data={"source": source, "base": 1})
    assert done.status_code == 303, done.text


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{desk.url}/sign-in")
    page.locator("input[name=email]").fill("wren@example.org")
    page.locator("input[name=password]").fill("a long passphrase")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    yield page
    context.close()


@pytest.fixture
def task(desk: Desk, page: Page) -> str:
    """A task that holds one line, open on the page with the cursor in the editor."""
    id = str(desk.wren.post("/api/v1/projects/desk/next-task").json()["id"])
    before = (desk.wren.get(f"/api/v1/tasks/{id}").json()["answer"] or {"revision": 0})["revision"]
    desk.save(id, "Start.\n", before)
    page.goto(f"{desk.url}/tasks/{id}")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    return id


def saved(page: Page) -> None:
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()


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
    page.wait_for_timeout(1500)
    assert desk.answer(task)["text"] == text


def test_a_finding_is_reached_and_mended_by_key(desk: Desk, page: Page, task: str) -> None:
    page.keyboard.insert_text("So $\\frac{a}{b$ it is. 😀")
    expect(page.locator("#findings-list")).to_contain_text("TEX105")
    current = page.locator(".finding[data-current]")
    for _ in range(5):
        page.keyboard.press("F8")
        expect(current).to_be_visible()
        if "TEX105" in current.inner_text():
            break
    page.keyboard.press("Control+.")
    page.keyboard.press("Enter")
    expect(page.locator(".cm-content")).to_contain_text("$\\frac{a}{b}$")
    expect(page.locator("[data-level=error]")).to_have_count(0)


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


FAULTS = "So $\\frac{a}{b$ and $\\foo$ and $\\frca{1}{2}$ are **bold, and we utilize and and it."


def write(page: Page, text: str, code: str) -> None:
    """Add `text`, and wait until a finding of this code is listed."""
    page.keyboard.insert_text(text)
    expect(page.locator("#findings-list .finding-code", has_text=code).first).to_be_visible()


def rule_page(page: Page) -> Locator:
    return page.get_by_role("dialog", name=re.compile("^About "))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (1280, 800)], ids=str)
def test_a_finding_opens_its_rule_beside_it(page: Page, task: str, scheme: str, size: tuple[int, int]) -> None:
    watcher = Watcher(page)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    write(page, FAULTS, "TEX105")
    code = page.locator("#findings-list [data-rule=TEX105]")
    code.click()
    shown = rule_page(page)
    expect(shown.get_by_role("heading", name="has no partner")).to_be_visible()
    expect(shown).to_contain_text("Both ends are marked")
    expect(shown).to_contain_text("Close brace: after a look")
    box, row = shown.bounding_box(), page.locator(".finding", has=page.locator("[data-rule=TEX105]")).bounding_box()
    assert box
    assert row
    assert min(box["x"], box["y"]) >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] + box["height"] <= row["y"]
    assert axe(page) == []
    assert watcher.take() == []
    with page.context.expect_page() as opened:
        shown.get_by_role("link", name="Open as a page").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("has no partner")


def test_the_rule_closes_by_escape_and_by_a_press_elsewhere_and_the_focus_returns(page: Page, task: str) -> None:
    write(page, FAULTS, "TEX105")
    code, shown = page.locator("#findings-list [data-rule=TEX105]"), rule_page(page)
    code.focus()
    page.keyboard.press("Enter")
    expect(shown.get_by_role("region")).to_be_focused()
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(code).to_be_focused()
    code.click()
    expect(shown).to_be_visible()
    page.locator(".desk-prompt .pane-foot dt").first.click()
    expect(shown).to_have_count(0)
    expect(code).to_be_focused()
    code.click()
    expect(shown).to_be_visible()
    code.click()
    expect(shown).to_have_count(0)
    code.click()
    expect(shown).to_be_visible()
    box = page.locator("#editor .cm-content").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 8, box["y"] + 8)
    expect(shown).to_have_count(0)
    expect(page.locator("#editor .cm-content")).to_be_focused()


def test_the_rule_opens_by_key_from_the_text_and_from_its_menu(page: Page, task: str) -> None:
    write(page, FAULTS, "TEX105")
    shown, editor = rule_page(page), page.locator("#editor .cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    page.keyboard.press("F1")
    expect(shown).to_be_visible()
    # a letter meant for nobody moves nothing below
    page.keyboard.press("]")
    expect(page.locator(".desk-drafts [role=tab][aria-selected=true]")).to_have_text("A")
    page.keyboard.press("F8")
    expect(shown).to_have_count(0)
    expect(editor).to_be_focused()
    page.keyboard.press("Control+.")
    assert axe(page) == []
    page.get_by_role("menuitem", name=re.compile("^About ")).first.press("Enter")
    expect(shown).to_be_visible()
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(editor).to_be_focused()


def test_a_rule_of_the_guide_s_own_opens_too_and_in_the_reader_s_language(page: Page, desk: Desk, task: str) -> None:
    write(page, FAULTS, "STY001")
    shown = rule_page(page)
    page.locator("#findings-list [data-rule=STY001]").click()
    expect(shown).to_contain_text("utilize → use")
    expect(shown.get_by_role("link", name="Open as a page")).to_have_attribute(
        "href", f"{desk.url}/guides/maths-en/versions/2/rules/STY001"
    )
    page.goto(f"{desk.url}/account")
    page.get_by_label("Language").select_option("zh_CN")
    page.get_by_role("button", name="Save").first.click()
    page.goto(f"{desk.url}/tasks/{task}")
    page.locator("#findings-list [data-rule=STY001]").click()
    shown = page.get_by_role("dialog", name="关于 STY001")
    expect(shown).to_contain_text("看过后再用")
    assert axe(page) == []
    page.goto(f"{desk.url}/account")
    page.locator("select[name=language]").select_option("en")
    page.locator("form", has=page.locator("select[name=language]")).get_by_role("button").first.click()


def test_a_rule_that_does_not_arrive_says_so(page: Page, task: str) -> None:
    write(page, FAULTS, "TEX105")
    page.route("**/rules/TEX105", lambda route: route.abort())
    page.locator("#findings-list [data-rule=TEX105]").click()
    expect(rule_page(page)).to_contain_text("Check the connection")


def test_all_safe_fixes_are_one_step_to_take_back(page: Page, desk: Desk, task: str) -> None:
    """Two of them touch, so that the second can be made only once the first is."""
    before = "One  \u200b \n\n\n"
    write(page, f"$a \\textless b$.\n{before}", "TEX102")
    page.get_by_role("button", name="Fix all safe").click()
    expect(page.get_by_role("button", name="Fix all safe")).to_be_hidden()
    saved(page)
    page.wait_for_timeout(1200)
    assert desk.answer(task)["text"] == "Start.\n$a < b$.\nOne\n"
    expect(page.locator("#editor .cm-content")).to_be_focused()
    page.keyboard.press("Control+z")
    page.wait_for_timeout(1500)
    assert desk.answer(task)["text"] == f"Start.\n$a \\textless b$.\n{before}"


def test_what_was_let_stay_keeps_its_reason_and_is_not_mended(page: Page, desk: Desk, task: str) -> None:
    write(page, "So $a \\textless b$ and then $c \\textless d$ hold.", "TEX102")
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    current = page.locator(".finding[data-current]")
    current.get_by_role("button", name="Let it stay…").click()
    page.get_by_label("Why it may stay").fill("It shows the command.")
    page.get_by_role("dialog").get_by_role("button", name="Let it stay").click()
    expect(page.locator(".finding[data-waived]")).to_have_count(1)
    page.get_by_role("button", name="Fix all safe").click()
    expect(page.locator("#editor .cm-content")).to_contain_text("$a \\textless b$ and then $c < d$")
    page.locator(".finding[data-waived]").get_by_role("button", name="Take back").click()
    expect(page.locator(".finding[data-waived]")).to_have_count(0)
    expect(page.locator("#findings-list")).to_contain_text("KaTeX does not know \\textless.")


def test_keys_walk_through_every_finding_and_round(page: Page, task: str) -> None:
    """Also through those on the same words, and those a fold hides."""
    write(page, "So $\\foo$, $\\goo$, $\\hoo$, $\\joo$, $\\koo$ and and we utilize it.", "STY001")
    page.wait_for_timeout(1500)
    places = page.evaluate("document.querySelector('#findings-summary').textContent")
    total = sum(int(number) for number in re.findall(r"\d+", places))
    assert total >= 7
    assert page.locator(".finding[data-fingerprint]").count() < total
    page.keyboard.press("Control+Home")
    current, seen = page.locator(".finding[data-current]"), []
    for _ in range(total):
        page.keyboard.press("F8")
        expect(current).to_be_visible()
        seen.append(current.get_attribute("data-fingerprint"))
    assert len(set(seen)) == total
    page.keyboard.press("F8")
    assert current.get_attribute("data-fingerprint") == seen[0]
    page.keyboard.press("Shift+F8")
    assert current.get_attribute("data-fingerprint") == seen[-1]


def test_a_way_that_is_only_shown_is_no_button(page: Page, task: str) -> None:
    write(page, "So $\\frca{1}{2}$ is half.", "TEX102")
    row = page.locator(".finding", has_text="frca")
    expect(row).to_contain_text("Replace with \\frac")
    expect(row.get_by_role("button", name="Replace")).to_have_count(0)
    page.keyboard.press("F8")
    page.keyboard.press("Control+.")
    expect(page.get_by_role("menu")).to_contain_text("Replace with \\frac: only shown")
    expect(page.get_by_role("menuitem", name="Replace")).to_have_count(0)


@pytest.mark.parametrize("key", ["F1", "F8", "."])
def test_no_key_of_a_finding_fires_while_a_word_is_composed(page: Page, task: str, key: str) -> None:
    write(page, FAULTS, "TEX105")
    page.keyboard.press("Control+Home")
    page.evaluate(
        """(key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
            {key, ctrlKey: key === ".", keyCode: 229, isComposing: true, bubbles: true}))""",
        key,
    )
    page.wait_for_timeout(300)
    expect(page.locator(".finding[data-current], .rule-page, .fix-menu")).to_have_count(0)


def test_the_list_keeps_its_place_while_one_writes(page: Page, task: str) -> None:
    """An open fold stays open, and the control in use keeps the focus."""
    write(page, "So $\\foo$, $\\goo$, $\\hoo$, $\\joo$, $\\koo$.", "TEX102")
    more = page.locator(".finding-more")
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(more).to_be_focused()
    page.locator("#editor .cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" Then $\\loo$.")
    expect(page.locator("#findings-list")).to_contain_text("\\loo")
    expect(more).to_have_attribute("aria-expanded", "true")
    more.click()
    expect(page.locator("#findings-list")).not_to_contain_text("\\loo")
