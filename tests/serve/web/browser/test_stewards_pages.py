"""The working pages in a real browser: the queue by keyboard alone, the explorer's picture, and what axe says of all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.serve.conftest import Served
from tests.serve.web.browser.conftest import served_at
from tests.serve.web.browser.test_pages import VIEWS, Watched, problems
from tests.serve.web.stewards import made

pytestmark = pytest.mark.server
LONG = 60_000  # milliseconds, for a machine that does much else


@dataclass(frozen=True, slots=True)
class Desks:
    """Where the project of the stewards is served."""

    origin: str
    served: Served

    def enter(self, context: BrowserContext, role: str = "steward") -> Page:
        """A page of somebody who has logged in."""
        page = context.new_page()
        page.goto(f"{self.origin}/login")
        page.fill("#key", self.served.keys[role])
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(lambda address: "/login" not in address)
        return page


@pytest.fixture(scope="module")
def desks(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    with closing(made(tmp_path_factory.mktemp("desks"))) as served, served_at(served.folder, served.keys["admin"]) as origin:
        yield Desks(origin, served)


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_working_pages(chromium: Browser, desks: Desks, tmp_path: Path, scheme: str, width: int) -> None:
    ada = "ada.keller@example.org"
    pages = {
        "review": "/review", "blind": "/review?blind=1", "list": "/review/list", "decisions": "/decisions",
        "decide": f"/decide?customer={ada}",
        "explore": f"/explore?at={ada}", "path": f"/explore?at={ada}&to=cleo@example.org&on={ada}", "start": "/explore",
        "neighbours": f"/explore/list?at={desks.served.customer()}&group=RESOLVES_TO:in", "quality": "/quality", "runs": "/runs",
        "segments": "/segments?field=orders&op=%3E&value=0",
    }  # fmt: skip
    of_admin = {"audit": "/audit", "access": "/access"}
    wrong = {}
    with chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}) as context:
        for role, addresses in (("steward", pages), ("admin", of_admin)):
            watched = Watched(desks.enter(context, role), desks.origin)
            for name, address in addresses.items():
                watched.open(address)
                watched.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
                watched.page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
                if found := problems(watched, width):
                    wrong[name] = found
    assert wrong == {}


def test_the_explorer_by_mouse_and_by_keyboard(chromium: Browser, desks: Desks) -> None:
    with chromium.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = desks.enter(context)
        page.goto(f"{desks.origin}/explore?at=ada.keller@example.org&open=-")
        page.evaluate("document.body.dataset.mine = 'kept'")
        before = page.locator("#graph .thing").count()
        page.get_by_role("link", name="records: show").click()
        expect(page.locator("#graph .thing.box")).to_have_count(3, timeout=LONG)
        assert page.evaluate("document.body.dataset.mine") == "kept", "only the part was replaced"
        assert page.locator("#graph .thing").count() > before
        page.locator("#graph .thing.circle").focus()
        here = page.evaluate("document.activeElement.dataset.id")
        for key in ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"):
            page.keyboard.press(key)
        assert page.evaluate("document.activeElement.classList.contains('thing')")
        page.locator("#graph .thing.box").first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2)).to_contain_text("Record", timeout=LONG)
        page.get_by_role("link", name="Pin", exact=True).click()
        expect(page.locator("#graph .thing.pinned")).to_have_count(1, timeout=LONG)
        page.go_back()
        expect(page.locator("#graph .thing.pinned")).to_have_count(0, timeout=LONG)
        assert here.startswith("customer:")


def test_the_queue_by_keyboard_alone(chromium: Browser, desks: Desks) -> None:
    with chromium.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = desks.enter(context)
        page.goto(f"{desks.origin}/review")
        table = page.locator("table.compare thead")
        expect(table).to_contain_text("crm:contacts:20", timeout=LONG)
        page.wait_for_load_state()
        page.keyboard.press("?")
        expect(page.locator("#help")).to_have_attribute("open", "")
        page.keyboard.press("?")
        page.keyboard.press("s")
        expect(table).to_contain_text("shop:people:6", timeout=LONG)
        page.goto(f"{desks.origin}/review")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "reason":
                break
        page.keyboard.type("yes, nobody knows")  # letters, where one types
        expect(table).to_contain_text("crm:contacts:20", timeout=LONG)
        assert page.input_value("#reason") == "yes, nobody knows"
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("n")
        expect(table).to_contain_text("shop:people:6", timeout=LONG)
        page.wait_for_load_state()  # keys are understood from then on
        page.keyboard.press("u")
        expect(table).to_contain_text("crm:contacts:20", timeout=LONG)
        page.wait_for_load_state()  # keys are understood from then on
        page.keyboard.press("p")
        page.wait_for_url("**/errands/**", timeout=LONG)
        expect(page.get_by_role("heading", name="After", exact=True)).to_be_visible(timeout=120_000)
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "Decide so":
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**/review", timeout=LONG)
        expect(table).to_contain_text("shop:people:6", timeout=LONG)
    with desks.served.reader("steward") as reader:
        assert [(one.verb, bool(one.undone_at)) for one in reader.decisions()] == [("merge", False), ("never", True)]
