"""Using the page: without JavaScript, with it, and by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.serve.web.browser.conftest import Site

pytestmark = pytest.mark.server


def test_everything_can_be_read_without_javascript(chromium: Browser, site: Site) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = site.enter(context)
        page.get_by_role("searchbox").fill(site.name)
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name=site.name, exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(site.name)
        for tab in ("Timeline", "People", "Related", "Why one", "History", "Privacy", "Profile"):
            page.get_by_role("navigation", name="This customer").get_by_role("link", name=tab).click()
            expect(page.get_by_role("navigation", name="This customer").get_by_role("link", name=tab)).to_have_attribute(
                "aria-current", "page"
            )
        page.goto(f"{site.origin}/customers/{site.customer}/timeline")
        page.get_by_label("order", exact=True).check()
        page.get_by_role("button", name="Show").click()
        assert "kind=order" in page.url
        assert page.locator("#events .of-order").count() > 0
        assert page.locator("#events li.of-identity").count() == 0
        page.get_by_role("button", name="Log out").click()
        assert page.url.endswith("/login")


def test_the_screens_in_the_head_open_in_groups_by_keyboard(chromium: Browser, site: Site) -> None:
    for scripts, width in ((False, 360), (True, 1440)):
        with chromium.new_context(java_script_enabled=scripts, viewport={"width": width, "height": 740}) as context:
            page = site.enter(context)
            head = page.get_by_role("navigation", name="Screens")
            assert head.locator("a, summary").first.is_visible()
            group, link = head.locator("summary", has_text="Decide"), head.get_by_role("link", name="Decisions")
            expect(link).to_be_hidden()
            group.focus()
            page.keyboard.press("Enter")
            expect(link).to_be_visible()
            box = head.locator("details[open] ul").bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
            if scripts:
                page.keyboard.press("Escape")
                expect(link).to_be_hidden()
                expect(group).to_be_focused()
                page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            page.wait_for_url("**/decisions")
            expect(group).to_have_attribute("aria-current", "true")


def test_a_filter_changes_only_its_part(chromium: Browser, site: Site) -> None:
    with chromium.new_context() as context:
        page = site.enter(context)
        page.goto(f"{site.origin}/customers/{site.customer}/timeline")
        page.evaluate("document.body.dataset.mine = 'kept'")
        page.get_by_label("order", exact=True).check()
        expect(page.locator("#events li.of-identity")).to_have_count(0)
        expect(page.locator("#said")).to_contain_text("event")
        assert "kind=order" in page.url
        assert page.evaluate("document.body.dataset.mine") == "kept", "the page itself was not loaded again"
        page.reload()
        expect(page.locator("#events li.of-identity")).to_have_count(0)


def test_a_search_is_narrowed(chromium: Browser, site: Site) -> None:
    with chromium.new_context() as context:
        page = site.enter(context)
        page.goto(f"{site.origin}/?q=example")
        before = page.locator("#found tbody tr").count()
        source = page.locator("#found input[name=source]:not([value=''])").last
        value = source.get_attribute("value")
        source.check()
        page.wait_for_url(f"**source={value}**")
        expect(page.locator(f"#found input[name=source][value='{value}']")).to_be_checked()
        assert 0 < page.locator("#found tbody tr").count() <= before


def test_the_keyboard_is_enough(chromium: Browser, site: Site) -> None:
    with chromium.new_context() as context:
        page = site.enter(context)
        page.goto(f"{site.origin}/customers/{site.customer}")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("To the content")
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        page.goto(f"{site.origin}/")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type(site.name)
        page.keyboard.press("Enter")
        page.wait_for_url("**?q=**")
        expect(page.get_by_role("link", name=site.name, exact=True).first).to_be_visible()
