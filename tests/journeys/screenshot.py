"""`python -m tests.journeys.screenshot OUT`: the README's picture, from the running demonstration."""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.browser import chromium
from tests.journeys.served import serving

ANSWER = """Write $u = xy + yz + zx$. By the Cauchy–Schwarz inequality,

$$
\\frac{1}{1+xy} + \\frac{1}{1+yz} + \\frac{1}{1+zx} \\ge \\frac{9}{3 + u}.
$$

Since $(x+y+z)^2 \\ge 3u$, we have $u \\le 3$, so the right-hand side
is at least $\\frac{9}{6} = \\frac{3}{2$.

Equality holds exactly when $x = y = z = 1$.
"""


def desk(page: Page, url: str) -> None:
    """Open the second task of the demonstration as Wren, with an answer under way."""
    page.goto(f"{url}/sign-in")
    page.get_by_role("button", name="Wren").click()
    page.goto(f"{url}/projects/first-light/tasks")
    page.get_by_role("link", name=re.compile("^Let .* be positive")).first.click()
    page.locator(".cm-content").click()
    page.keyboard.insert_text(ANSWER)
    expect(page.locator("#findings-list").get_by_text("TEX105")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Saved \d"))).to_be_visible()
    page.wait_for_timeout(800)


def main(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "home") as served, chromium() as browser:
        served.goldsmith("demo")
        served.start()
        page = browser.new_page(viewport={"width": 1440, "height": 900}, device_scale_factor=1)
        desk(page, served.url)
        out.parent.mkdir(exist_ok=True)
        page.screenshot(path=out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
