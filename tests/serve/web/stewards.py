"""A project with two customers who are easily taken for one, and stewards who are logged in there."""

from __future__ import annotations

import re
import time
from contextlib import closing
from html import unescape
from pathlib import Path

from starlette.testclient import TestClient

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.keys import ApiKeys
from fullcircle.pipeline import run
from tests import small
from tests.serve.conftest import ORIGIN, Served, serve

SAME_SITE = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
HTML = {"accept": "text/html,application/xhtml+xml"}


def made(folder: Path) -> Served:
    """The project, run once, with a key for every role and a second steward."""
    file = small.make(folder, small.PARQUET)
    with open_desk(read_config(file)) as desk:
        run(desk)
    served = serve(file)
    with closing(open_book(read_config(file))) as book:
        served.keys["second"] = ApiKeys(book).make("second", ["steward"], "os:tests", 30)[1]
    return served


def visitor(served: Served, role: str) -> TestClient:
    """A browser of somebody who is logged in."""
    one = served.client()
    one.follow_redirects = False
    one.headers.update(HTML)
    assert one.post("/login", data={"key": served.keys[role]}).status_code == 303
    return one


def fields(page: str, action: str) -> dict[str, list[str]]:
    """The hidden fields of the first form of a page that is sent to this address."""
    form = re.search(rf'<form [^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, f"no form is sent to {action}"
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]):
        found.setdefault(name, []).append(unescape(value))
    return found


def send(one: TestClient, page: str, action: str, **data: object):
    """Send a form of a page that was drawn, as a browser does."""
    return one.post(action, data={**fields(page, action), **data}, headers=SAME_SITE)


def question(page: str) -> str:
    """What the queue asks; nothing if it is empty. With the records that it is about."""
    heads = re.findall(r'<th scope="col">([a-z]+:[^<]+)</th>', page)
    return " ".join(heads)


def finished(one: TestClient, address: str, seconds: float = 120) -> str:
    """The page of an errand when it is over."""
    until = time.monotonic() + seconds
    while 'data-fresh="2"' in (page := one.get(address).text):
        assert time.monotonic() < until, "the errand does not end"
        time.sleep(0.3)
    return page
