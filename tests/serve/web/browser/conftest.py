"""A real server of the demo company, a real Chromium, and pages of somebody who is logged in."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.serve.conftest import Served
from tests.servers.chromium import running_chromium

PLAYWRIGHT = pytest.importorskip("playwright.sync_api", reason="NOT TESTED in a browser: playwright is not installed")
START_SECONDS = 120


@pytest.fixture(scope="session")
def chromium() -> Iterator[PLAYWRIGHT.Browser]:
    """The browser."""
    with running_chromium() as one:
        yield one


@pytest.fixture(scope="session")
def site(chromium: PLAYWRIGHT.Browser, company: Served) -> Iterator[Site]:
    """The served company. Where there is no browser, it is not made."""
    with served_at(company.folder, company.keys["admin"]) as origin:
        yield Site(origin, company)


class Site:
    """Where a company is served, and the addresses of its pages."""

    def __init__(self, origin: str, company: Served) -> None:
        self.origin, self.company = origin, company
        with company.reader("steward") as reader:
            rows = next(reader.store.scan("Customer", ["id", "records"])).to_pylist()
            rows.sort(key=lambda row: (-(row["records"] or 0), row["id"]))
            views = [reader.show(row["id"]) for row in rows[:20]]
            view = next((one for one in views if one.habits and one.member_of and one.related), views[0])
            self.customer, self.name = view.customer["id"], str(view.customer["name"])
            self.related = view.related[0]["id"] if view.related else rows[-1]["id"]
            self.records = [row["id"] for row in view.records]
            self.product = view.products[0]["id"] if view.products else ""

    @property
    def pages(self) -> dict[str, str]:
        """The pages of customers that a steward may open."""
        one, a, b = f"/customers/{self.customer}", quote(self.records[0]), quote(self.records[-1])
        return {
            "search": "/", "found": f"/?q={quote(self.name.split()[-1])}", "nobody": "/?q=nobody-at-all", "profile": one,
            "timeline": f"{one}/timeline", "people": f"{one}/people", "related": f"{one}/related", "how": f"{one}/how",
            "history": f"{one}/history", "privacy": f"{one}/privacy", "why": f"/why?a={a}&b={b}",
            "why not": f"/why-not?a={a}&b={b}",
            "path": f"/path?a={self.customer}&b={self.related}", "together": f"/together?of={quote(self.product)}",
        }  # fmt: skip

    def enter(self, context: PLAYWRIGHT.BrowserContext, role: str = "steward") -> PLAYWRIGHT.Page:
        """A page of somebody who has logged in by the form."""
        page = context.new_page()
        page.set_default_navigation_timeout(120_000)  # a dry run of an erasure copies what it looks at
        page.goto(f"{self.origin}/login")
        page.fill("#key", self.company.keys[role])
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(lambda address: "/login" not in address)
        return page


@contextmanager
def served_at(folder: Path, key: str) -> Iterator[str]:
    """`fullcircle serve` on a free port of loopback; stopped as an operator stops it."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    log = (folder / "serve.log").open("w")
    command = [sys.executable, "-m", "fullcircle.serve.cli.main", "--as", key, "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=folder, env={**os.environ, "FORCE_COLOR": ""}, stdout=log, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            assert server.poll() is None and time.monotonic() < until, (folder / "serve.log").read_text()
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(180)
        log.close()
