"""Chromium, driven by Playwright, for what only a browser shows. Debian's package (`apt-get install chromium`) is enough."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MUST_RUN = "FULLCIRCLE_REQUIRE_BROWSER"
PLACES = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
)  # fmt: skip


def found() -> str | None:
    """Where Chromium is."""
    return next((place for one in PLACES if (place := shutil.which(one))), None)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser without a window. Skips with the reason where there is none, or fails if FULLCIRCLE_REQUIRE_BROWSER is set."""
    place = found()
    if place is None:
        reason = "NOT TESTED in a browser: there is no Chromium here (Debian: apt-get install chromium)"
        if os.environ.get(MUST_RUN):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=Path(place), args=list(QUIET))
        yield browser
        browser.close()
