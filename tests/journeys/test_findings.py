"""At the desk, in a real browser: findings are walked through, mended and let stay."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import FAULTS, Desk, write, write_and_rest

pytestmark = pytest.mark.slow


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


def test_all_safe_fixes_are_one_step_to_take_back(page: Page, desk: Desk, task: str) -> None:
    """Two of them touch, so that the second can be made only once the first is."""
    before = "One  \u200b \n\n\n"
    write(page, f"$a \\textless b$.\n{before}", "TEX102")
    page.get_by_role("button", name="Fix all safe").click()
    expect(page.get_by_role("button", name="Fix all safe")).to_be_hidden()
    desk.comes_to_hold(task, "Start.\n$a < b$.\nOne\n")
    expect(page.locator("#editor .cm-content")).to_be_focused()
    page.keyboard.press("Control+z")
    desk.comes_to_hold(task, f"Start.\n$a \\textless b$.\n{before}")


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
    write_and_rest(page, "So $\\foo$, $\\goo$, $\\hoo$, $\\joo$, $\\koo$ and and we utilize it.", "STY001")
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
