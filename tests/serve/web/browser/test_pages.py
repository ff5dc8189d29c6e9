"""Every page in a real browser: for people who see little, on a telephone, in the dark; and nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.serve.web.browser.conftest import Site

axe_script = pytest.importorskip("axe_playwright_python.sync_playwright").Axe().axe_script
MOST_BYTES = 300_000
VIEWS = [("light", 1440), ("dark", 1440), ("light", 360), ("dark", 360)]
AXE = "axe.run({resultTypes: ['violations']}).then(found => found.violations.map(one => [one.id, one.nodes.map(n => n.html)]))"
pytestmark = pytest.mark.server


class Watched:
    """A page, with what its browser loads and complains about."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.bytes = 0
        page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        page.on("response", self._weighed)

    def open(self, address: str) -> None:
        """Open a page of the site."""
        self.complaints, self.foreign, self.bytes = [], [], 0
        self.page.goto(f"{self.origin}{address}", wait_until="networkidle")

    def _asked(self, url: str) -> None:
        if not url.startswith(("data:", "blob:")) and urlsplit(url).netloc != urlsplit(self.origin).netloc:
            self.foreign.append(url)

    def _weighed(self, response: Response) -> None:
        if response.status == 200:
            self.bytes += len(response.body())


def problems(watched: Watched, width: int) -> list[object]:
    """What is wrong with the page that is open."""
    page = watched.page
    found: list[object] = [*watched.complaints, *watched.foreign]
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"{wide} px wide")
    if watched.bytes > MOST_BYTES:
        found.append(f"{watched.bytes:,} bytes")
    page.evaluate(axe_script)
    return found + page.evaluate(AXE)


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_pages_of_customers(chromium: Browser, site: Site, tmp_path: Path, scheme: str, width: int) -> None:
    with chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}) as context:
        watched = Watched(site.enter(context), site.origin)
        wrong = {}
        for name, address in site.pages.items():
            watched.open(address)
            watched.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
            for closed in watched.page.locator("main details:not([open]) > summary").all()[:8]:
                closed.click()
            if found := problems(watched, width):
                wrong[name] = found
        assert wrong == {}


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1440)])
@pytest.mark.parametrize("role", ["marketer", "privacy_officer"])
def test_pages_of_other_roles(chromium: Browser, site: Site, tmp_path: Path, role: str, scheme: str, width: int) -> None:
    one = f"/customers/{site.customer}"
    pages = {"profile": one, "privacy": f"{one}/privacy", "timeline": f"{one}/timeline"}
    if role == "privacy_officer":
        pages |= {"erase": f"{one}/erase", "erased": "/erased"}
    with chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}) as context:
        watched = Watched(site.enter(context, role), site.origin)
        wrong = {}
        for name, address in pages.items():
            watched.open(address)
            watched.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
            if found := problems(watched, width):
                wrong[name] = found
        assert wrong == {}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_pages_before_one_is_logged_in_and_of_problems(
    chromium: Browser, site: Site, tmp_path: Path, scheme: str, width: int
) -> None:
    with chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}) as context:
        watched = Watched(context.new_page(), site.origin)
        watched.open("/login")
        watched.page.screenshot(path=tmp_path / "login.png")
        assert problems(watched, width) == []
        watched = Watched(site.enter(context), site.origin)
        watched.open("/customers/customer:0000000000000000")
        watched.complaints = []  # a browser complains of every 404
        assert problems(watched, width) == []
