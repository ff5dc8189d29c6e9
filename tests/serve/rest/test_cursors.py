"""Where a page ended: a place that was changed, made up, or is of another list, is refused by every list that has pages."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from fullcircle.ask.page_cursor import PageCursor
from fullcircle.book.book import Book
from fullcircle.errors import ConfigError
from fullcircle.identity.ids import secret_of
from fullcircle.serve.web.routes import ROUTERS
from tests.serve.conftest import Served
from tests.serve.rest.requests import ADA, BEN
from tests.serve.web.conftest import browser

# Every list with pages -> what its first page is asked by, and that of another list.
LISTS = {
    "/v1/customers": ({"q": "3", "limit": "1"}, {"q": "3", "limit": "1", "kind": "person"}),
    "/v1/customers/{which}/timeline": ({"limit": "1"}, {"limit": "1", "kind": "order"}),
}
PAGES = ("/", "/customers/{which}/timeline", "/customers/{which}/people", "/explore/list")


def changed(cursor: str) -> Iterator[str]:
    """The cursor with something done to it that leaves it alike, and texts that are none."""
    yield from (text for text in _changed(cursor) if text != cursor)


def _changed(cursor: str) -> Iterator[str]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place in {0, 5, 15, 16, len(cursor) // 2, len(cursor) - 2, len(cursor) - 1}:
        for step in (1, 2, 32):  # the last character of a cursor has bits that say nothing
            other = letters[(letters.find(cursor[place]) + step) % 64]
            yield cursor[:place] + other + cursor[place + 1 :]
    yield from (cursor[:-1], cursor[1:], cursor + "A", cursor + "=", cursor * 2, cursor.lower(), f" {cursor}")
    yield from ("x", "0", "null", "[]", "W10", "customer:aaaaaaaaaaaaaaaa", "../..", "é", "-1", "\u202e")
    plain = json.dumps(["", None, "order", "z"]).encode()
    yield from (base64.urlsafe_b64encode(b"\0" * 12 + plain).decode(), base64.b64encode(plain).decode())


def refused(client: TestClient, path: str, params: dict[str, str], after: str) -> None:
    got = client.get(path, params={**params, "after": after})
    assert got.status_code == 400, (path, after, got.text)
    assert got.headers["content-type"].startswith(("application/problem+json", "text/html"))


@pytest.mark.parametrize("role", ["steward", "marketer"])  # who sees keys, and who gets them in ciphers
def test_a_changed_or_foreign_cursor_is_refused_by_every_list(served: Served, role: str) -> None:
    client = served.client(role)
    described = client.get("/openapi.json").json()
    paged = {
        path: next(one["schema"] for one in get["parameters"] if one["name"] == "after")
        for path, methods in described["paths"].items()
        if (get := methods.get("get")) and any(one["name"] == "after" for one in get.get("parameters", ()))
    }
    numbered = {path for path, schema in paged.items() if schema["type"] == "integer"}  # of events: each number is a place
    assert numbered == {"/v1/changes", "/v1/changes/stream"}
    for path in numbered:
        assert client.get(path, params={"after": "x"}).status_code == 422
    assert set(paged) - numbered == {*LISTS, "/v1/export/customers"}
    for path, (first, other) in LISTS.items():
        mine, bens = path.replace("{which}", ADA), path.replace("{which}", BEN)
        cursor = client.get(mine, params=first).json()["next"]
        assert client.get(mine, params={**first, "after": cursor}).status_code == 200, cursor
        for text in changed(cursor):
            refused(client, mine, first, text)
        refused(client, mine, other, cursor)
        if bens != mine:
            refused(client, bens, first, cursor)
        for foreign in {*LISTS} - {path}:
            refused(client, foreign.replace("{which}", ADA), LISTS[foreign][0], cursor)


def test_an_export_goes_on_only_from_a_customer_that_there_was(served: Served) -> None:
    client, ada = served.client("privacy_officer"), served.customer()
    assert client.get("/v1/export/customers", params={"after": ada}).status_code == 200
    for text in changed(ada):
        refused(client, "/v1/export/customers", {}, text)


@pytest.mark.parametrize("role", ["steward", "marketer"])
def test_a_changed_or_foreign_cursor_is_refused_by_every_page(served: Served, role: str) -> None:
    one, ada = browser(served, served.keys[role]), served.customer()
    paged = [route.path for router in ROUTERS for route in router.routes if isinstance(route, APIRoute) and _is_paged(route)]
    assert sorted(paged) == sorted(PAGES)
    with served.reader(role) as reader:
        timeline, search = reader.timeline(ada, limit=1).next, reader.search_page("3", limit=1).next
        orders = reader.around(ada, "PLACED", limit=1).groups[0].next
    for path, own in zip(PAGES, (search, timeline, "", orders), strict=True):
        params = {"/": {"q": "3"}, "/explore/list": {"at": ada, "group": "PLACED"}}.get(path, {})
        where = path.replace("{which}", ada)
        if own:
            assert one.get(where, params={**params, "after": own}).status_code == 200
        texts = changed(own or timeline)
        for text in [*list(texts)[::3], *({search, timeline, orders} - {own})]:
            refused(one, where, params, text)


def _is_paged(route: APIRoute) -> bool:
    return any(one.alias == "after" for one in route.dependant.query_params)


def test_a_cursor_of_another_book_is_refused(tmp_path: Any) -> None:
    mine, other, none = (Book(tmp_path / name) for name in ("mine", "other", "none"))
    for book, secret in ((mine, "one"), (other, "another")):
        secret_of(book)  # in tests all books have the same
        book.write("UPDATE customer_secret SET secret = ?", (secret,))
    for book in (mine, none):
        list_ = PageCursor(book, "this list", "words")
        assert list(list_.place(list_.at(None, "é", 3, 1.5))) == [None, "é", 3, 1.5]
        for wrong in (PageCursor(other, "this list", "words"), PageCursor(book, "this list", "word", "s")):
            with pytest.raises(ConfigError, match="not one of this list"):
                wrong.place(list_.at(1))
    for book in (mine, other, none):
        book.close()
