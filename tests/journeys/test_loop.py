"""The main job in a real browser: import, draft, write, mend, submit, send back, revise, approve, export, verify."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import Watcher, axe, chromium
from tests.journeys.served import Served, serving

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PROMPT = "What is $\\frac{1}{2} + \\frac{1}{3}$? Show the common denominator."
BROKEN = "The common denominator is $6$, so $\\frac{1}{2} + \\frac{1}{3} = \\frac{5}{6$."
REASON = "Line 1: show how each half and third becomes sixths, then add."
REVISED = (
    "The common denominator is $6$, since $6 = 2 \\cdot 3$.\n\n"
    "$$\n\\frac{1}{2} + \\frac{1}{3} = \\frac{3}{6} + \\frac{2}{6} = \\frac{5}{6}.\n$$\n\n"
    "The sum is $\\boxed{\\frac{5}{6}}$."
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "home", GOLDSMITH_LOG_LEVEL="ERROR") as server:
        server.people()
        server.start()
        yield server


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Person:
    """Someone at their own browser; every page they leave is checked for complaints and by axe."""

    def __init__(self, browser: Browser, served: Served, name: str, shots: Path) -> None:
        self.page: Page = browser.new_context(
            base_url=served.url, viewport={"width": 1440, "height": 900}, locale="en-GB"
        ).new_page()
        self.page.set_default_timeout(20_000)
        self.watcher, self.name, self.shots = Watcher(self.page), name, shots
        self.page.goto("/sign-in")
        self.page.get_by_label("E-mail").fill(f"{name}@example.org")
        self.page.get_by_label("Password").fill("a long passphrase")
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page).to_have_title(re.compile("My work"))

    def look(self, what: str) -> None:
        """Take a picture, and find nothing wrong with what is on it."""
        self.page.screenshot(path=self.shots / f"{self.name}-{what}.png")
        assert axe(self.page) == [], what
        assert self.watcher.take() == [], what


def test_the_first_gold_answer(served: Served, browser: Browser, tmp_path: Path) -> None:
    shots = tmp_path / "shots"
    shots.mkdir()
    lea, wren, rosa = (Person(browser, served, name, shots) for name in ("lea", "wren", "rosa"))
    import_a_file(lea, tmp_path)
    ask_the_local_model(wren)
    write_and_mend(wren)
    submit(wren)
    send_back(rosa)
    revise(wren)
    approve(rosa)
    folder = export(lea, tmp_path)
    # both versions, the one sent back and the one approved, linted again as they were linted then
    assert served.goldsmith("verify", "reports") == "Sound: 2 reports say the same again\n"
    assert "sound" in served.goldsmith("verify", "release", str(folder)).lower()
    rows = [json.loads(line) for line in (folder / "data.jsonl").read_text("utf-8").splitlines()]
    assert [m["content"] for m in rows[0]["messages"]] == [PROMPT, REVISED]


def import_a_file(lea: Person, tmp_path: Path) -> None:
    file = tmp_path / "tasks.jsonl"
    good = {"external_id": "halves", "prompt": PROMPT, "reference_answer": "5/6", "tags": ["fractions"], "priority": 5}
    file.write_text(json.dumps(good) + "\n" + '{"prompt": ""}\n', "utf-8")
    page = lea.page
    page.goto("/projects/desk/import")
    lea.look("import")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look inside").click()
    expect(page.get_by_role("heading", name="tasks.jsonl")).to_be_visible()
    expect(page.get_by_role("region", name="Left out").get_by_role("cell", name="2", exact=True)).to_be_visible()
    lea.look("import-preview")
    page.get_by_role("button", name="Import 1 task").click()
    expect(page.get_by_role("link", name="See the tasks")).to_be_visible()
    page.get_by_role("link", name="See the tasks").click()
    expect(page.get_by_role("link", name=re.compile("What is"))).to_be_visible()
    lea.look("tasks")


def ask_the_local_model(wren: Person) -> None:
    page = wren.page
    page.goto("/")
    wren.look("home")
    page.get_by_role("button", name="Next task").first.click()
    expect(page.get_by_role("region", name="Model drafts")).to_be_visible()
    page.get_by_role("button", name="Ask models").first.click()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("tab", name=re.compile("^A"))).to_be_visible()
    expect(page.get_by_role("button", name="Insert")).to_be_visible(timeout=90_000)


def editor(person: Person) -> None:
    person.page.locator(".cm-content").click()


def write_and_mend(wren: Person) -> None:
    page = wren.page
    editor(wren)
    page.keyboard.insert_text(BROKEN)
    finding = page.locator("#findings-list").get_by_text("TEX105")
    expect(finding).to_be_visible()
    wren.look("desk-broken")
    page.keyboard.press("F8")
    page.get_by_role("button", name="Close brace").first.click()
    expect(finding).to_have_count(0)
    expect(page.locator(".cm-content")).to_contain_text("\\frac{5}{6}$")
    page.get_by_role("button", name="Split").click()
    expect(page.locator("#preview .katex").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d:\d\d"))).to_be_visible()
    wren.look("desk-mended")


def submit(wren: Person) -> None:
    page = wren.page
    editor(wren)
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=re.compile("Submit version"))).to_be_visible()
    for box in dialog.get_by_role("checkbox").all():
        box.check()
    wren.look("submission")
    dialog.get_by_role("button", name=re.compile("Submit version")).click()
    expect(page).to_have_url(re.compile(r"/versions/"))
    wren.look("submitted")


def send_back(rosa: Person) -> None:
    page = rosa.page
    page.goto("/reviews")
    rosa.look("queue")
    page.get_by_role("link", name="Task 1").click()
    rosa.look("version-1")
    page.get_by_role("textbox", name="Comment").fill(REASON)
    page.get_by_role("button", name=re.compile("^Send back")).click()
    expect(page.get_by_text(REASON).first).to_be_visible()


def revise(wren: Person) -> None:
    page = wren.page
    page.goto("/")
    page.get_by_role("link", name=re.compile("What is")).first.click()
    expect(page.get_by_text("Version 1 was sent back.")).to_be_visible()
    editor(wren)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(REVISED)
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d:\d\d"))).to_be_visible()
    submit(wren)
    page.goto(page.url.split("?")[0] + "?view=diff")
    wren.look("diff")


def approve(rosa: Person) -> None:
    page = rosa.page
    page.goto("/reviews")
    page.get_by_role("link", name="Task 1").click()
    expect(page.get_by_text("Version 2").first).to_be_visible()
    rosa.look("version-2")
    page.keyboard.press("a")
    expect(page.get_by_text(re.compile("[Aa]pproved")).first).to_be_visible()
    page.goto("/projects/desk/golden")
    expect(page.get_by_text("What is")).to_be_visible()
    rosa.look("golden")


def export(lea: Person, tmp_path: Path) -> Path:
    page = lea.page
    page.goto("/projects/desk/exports")
    lea.look("exports")
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page).to_have_url(re.compile(r"/exports/[0-9a-f-]{36}$"))
    expect(page.get_by_role("link", name="Download manifest.json")).to_be_visible()
    lea.look("release")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download all").click()
    with ZipFile(waiting.value.path()) as archive:
        archive.extractall(tmp_path)
    return next(tmp_path.glob("desk-openai-*"))
