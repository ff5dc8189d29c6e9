"""Visitors of the web page: a browser that is logged in with the key of a role, and the addresses of all screens of customers."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.serve.conftest import ORIGIN, Served

HTML = {"accept": "text/html,application/xhtml+xml"}
ADA, BEN = "record:crm:contacts:17", "record:crm:contacts:18"
KEYED = "record:shop:people:ada.quillfeather@example.org"
Visitor = Callable[[str], TestClient]


def browser(served: Served, key: str = "") -> TestClient:
    """A browser that follows nothing by itself; with a key, it is logged in."""
    one = served.client()
    one.follow_redirects = False
    one.headers.update(HTML)
    if key:
        answer = one.post("/login", data={"key": key})
        assert answer.status_code == 303, answer.text
    return one


def form_key(page: str) -> str:
    """What the forms of a page send back."""
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def sent_from(one: TestClient, page: str, to: str, **data: str):
    """Send a form of a page, as a browser does."""
    data["form_key"] = form_key(one.get(page).text)
    return one.post(to, data=data, headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"})


@pytest.fixture
def visitor(served: Served) -> Visitor:
    """`visitor(role)`: a browser of somebody with this role, at the small project."""
    return lambda role: browser(served, served.keys[role])


@pytest.fixture(scope="session")
def screens(served: Served) -> dict[str, tuple[str, str]]:
    """Screen -> its address, and the action of the policy that it needs."""
    ada, ben = served.customer(), served.customer("crm:contacts:18")
    return {
        "search": ("/?q=quillfeather", "search"),
        "search by a number": ("/?q=order 7", "search"),
        "search of nobody": ("/?q=nobody-at-all", "search"),
        "profile": (f"/customers/{ada}", "show"),
        "profile of another": (f"/customers/{ben}", "show"),
        "timeline": (f"/customers/{ada}/timeline", "timeline"),
        "timeline of orders": (f"/customers/{ada}/timeline?kind=order&since=2026-01-01", "timeline"),
        "people": (f"/customers/{ada}/people", "show"),
        "related": (f"/customers/{ada}/related", "related"),
        "how": (f"/customers/{ada}/how", "how"),
        "history": (f"/customers/{ada}/history", "history"),
        "privacy": (f"/customers/{ada}/privacy", "show"),
        "why": (f"/why?a={ADA}&b={quote(KEYED)}", "why"),
        "why not": (f"/why-not?a={ADA}&b={BEN}", "why"),
        "path": (f"/path?a={ada}&b={ben}", "path"),
        "path to nowhere": (f"/path?a={ada}&b={ben}&hops=1", "path"),
        "together": ("/together?of=nothing", "bought_together"),
        "erase": (f"/customers/{ada}/erase", "erase"),
        "erased": ("/erased", "erase"),
    }
