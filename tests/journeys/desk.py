"""The desk as a writer meets it, and what journeys do there again and again."""

import time

from playwright.sync_api import Page, Response, expect

from tests.journeys.served import Served

DRAFT = "We use **AM–GM**, with $abc=1$."
FAULTS = "So $\\frac{a}{b$ and $\\foo$ and $\\frca{1}{2}$ are **bold, and we utilize and and it."


class Desk:
    """A served project with nine tasks, and Wren's own way to it past the browser."""

    def __init__(self, served: Served, token: str) -> None:
        self.url = served.url
        self.wren = served.client(token)

    def answer(self, task: str) -> dict[str, object]:
        return dict(self.wren.get(f"/api/v1/tasks/{task}").json()["answer"])

    def comes_to_hold(self, task: str, text: str) -> None:
        """Wait until the answer saved is `text`."""
        until = time.monotonic() + 30
        while self.answer(task)["text"] != text and time.monotonic() < until:
            time.sleep(0.1)
        assert self.answer(task)["text"] == text

    def save(self, task: str, text: str, revision: object) -> int:
        saved = self.wren.put(f"/api/v1/tasks/{task}/answer", json={"text": text, "revision": revision})
        return int(saved.json()["revision"])


def saved(page: Page) -> None:
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()


def write(page: Page, text: str, code: str) -> None:
    """Add `text`, and wait until a finding of this code is listed."""
    page.keyboard.insert_text(text)
    expect(page.locator("#findings-list .finding-code", has_text=code).first).to_be_visible()


def write_and_rest(page: Page, text: str, code: str) -> None:
    """Add `text` as above, and wait for the findings that only come when the writer pauses."""
    with page.expect_response(_tells_both_tiers):
        write(page, text, code)
    page.wait_for_timeout(200)  # they are drawn


def _tells_both_tiers(response: Response) -> bool:
    return response.url.endswith("/lint") and "second" in (response.request.post_data or "")
