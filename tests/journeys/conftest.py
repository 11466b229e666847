"""A served desk, and Wren signed in at it."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from server.config import resources
from tests.journeys.browser import chromium
from tests.journeys.desk import DRAFT, Desk
from tests.journeys.served import Served, serving

STYLE = """lint:
  style:
    - {code: STY001, name: plain-words, extends: substitution, swap: {utilize: use}, message: "{replacement}"}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


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
