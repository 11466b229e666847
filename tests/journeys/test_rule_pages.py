"""At the desk, in a real browser: a rule's page opens beside its finding."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.browser import Watcher, axe
from tests.journeys.desk import FAULTS, Desk, write

pytestmark = pytest.mark.slow


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
