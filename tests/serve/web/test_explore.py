"""The graph explorer: pages by place, never by count; a picture that is the same each time; lists that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from fullcircle.ask.around import around
from fullcircle.book.book import Book
from fullcircle.errors import ConfigError, NotFound
from fullcircle.graph.base import StoreContext
from fullcircle.graph.shape import schema
from fullcircle.graph.stores.memory import PLUGIN as MEMORY
from fullcircle.graph.stores.sqlite.store import PLUGIN as SQLITE
from fullcircle.serve.web.csv_list import defused
from fullcircle.serve.web.explore_view import ExplorerView, Opened, view_of
from fullcircle.serve.web.layout import placed
from tests.serve.conftest import Served
from tests.serve.web.stewards import visitor

CUSTOMER = "customer:aaaaaaaaaaaaaaaa"
START = datetime(2026, 3, 1)


def write(store, numbers: range, day=lambda number: START + timedelta(days=number // 3)) -> None:
    """Orders of the customer, three on each day."""
    ids = [f"order:shop:orders:{number}" for number in numbers]
    columns = {"id": ids, "hash": list(numbers), "ordered_at": [day(number) for number in numbers]}
    store.write_vertices("Order", _rows("Order", columns))
    edges = [f"placed:{CUSTOMER}>{id}" for id in ids]
    store.write_edges(
        "PLACED", _rows("PLACED", {"id": edges, "hash": list(numbers), "source": [CUSTOMER] * len(ids), "target": ids})
    )


def _rows(label: str, columns: dict[str, list]) -> pa.Table:
    of = schema(label)
    count = len(columns["id"])
    return pa.table([pa.array(columns.get(one.name, [None] * count), one.type) for one in of], schema=of)


@pytest.fixture(params=[MEMORY, SQLITE], ids=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path):
    opened = request.param(StoreContext(tmp_path / "graph"))
    opened.prepare()
    opened.write_vertices("Customer", _rows("Customer", {"id": [CUSTOMER], "hash": [1], "name": ["Ada Example"]}))
    yield opened
    opened.close()


@pytest.fixture
def book():
    one = Book(Path(":memory:"))
    yield one
    one.close()


def test_pages_neither_skip_nor_repeat_while_neighbours_are_added(store, book: Book) -> None:
    write(store, range(100, 125))
    found, after = [], ""
    for place in range(10):
        page = around(store, book, CUSTOMER, "PLACED", after, 4).groups[0]
        found += [one.vertex["id"] for one in page.neighbours]
        write(store, range(200 + place, 201 + place), lambda _: START + timedelta(days=90))  # newer than all
        write(store, range(300 + place, 301 + place), lambda _: START)  # as old as the oldest
        after = page.next
        if not after:
            break
    assert len(found) == len(set(found))
    assert {f"order:shop:orders:{number}" for number in range(100, 125)} <= set(found)
    assert page.total >= 25


def test_groups_have_their_counts_and_the_first_page(store, book: Book) -> None:
    write(store, range(100, 125))
    found = around(store, book, CUSTOMER, limit=10)
    assert [(one.group, one.total, len(one.neighbours)) for one in found.groups] == [("PLACED", 25, 10)]
    order = found.groups[0].neighbours[0].vertex["id"]
    back = around(store, book, order)
    assert [(one.group, one.total) for one in back.groups] == [("PLACED:in", 1)]
    with pytest.raises(NotFound):
        around(store, book, order, "RELATED_TO")
    with pytest.raises(ConfigError):
        around(store, book, CUSTOMER, "PLACED", "bm90aGluZw==")
    with pytest.raises(ConfigError):
        around(store, book, order, "PLACED:in", found.groups[0].next)


def test_a_view_is_its_address() -> None:
    view = ExplorerView("customer:a", (Opened("customer:a", "PLACED", 2),), "order:x:y z", ("customer:b",), "customer:c")
    address = view.further("customer:a", "PLACED").pinned("customer:d").address()
    assert "open=3+PLACED+customer%3Aa" in address
    again = view_of("customer:a", ["3 PLACED customer:a", "x", "9 y"], "order:x:y z", ["customer:b", "customer:d"], "customer:c")
    assert again.address() == address
    assert again.pinned("customer:d").pins == ("customer:b",)
    assert again.closed("customer:a").address() == ExplorerView("customer:a", (), again.on, again.pins, again.to).address()


def test_the_same_things_are_at_the_same_places() -> None:
    ids, edges = [f"customer:{number}" for number in range(60)], [(0, number) for number in range(1, 60)]
    first = placed(ids, edges)
    assert np.array_equal(first, placed(ids, edges))
    assert first[0].tolist() == [0, 0]
    apart = np.sqrt(((first[:, None] - first[None]) ** 2).sum(axis=2)) + np.eye(60)
    assert apart.min() > 0.2  # nothing hides another
    assert np.isfinite(placed(["a", "a"], [(0, 1), (0, 1)])).all()


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1"])
def test_no_value_of_a_list_is_a_formula(value: str) -> None:
    assert defused(value).startswith("'")
    assert defused("Ada -1") == "Ada -1"


def test_expanding_goes_by_links_alone(company: Served) -> None:
    steward = visitor(company, "steward")
    with company.reader("steward") as reader:
        busy = max((reader.show(hit.id) for hit in reader.search("a", 20)), key=lambda one: len(one.orders)).customer["id"]
    page = steward.get(f"/explore?at={busy}").text
    links = [unescape(one) for one in re.findall(r'<a class="thing more" href="([^"]+)"', page)]
    assert links
    more = steward.get(links[0]).text
    assert more.count('class="thing ') > page.count('class="thing ')
    others = re.findall(r'class="thing circle[^"]*" href="[^"]*" [^>]*data-id="([^"]+)"', more)
    looked_at = steward.get(unescape(re.findall(r'<a class="thing box[^"]*" href="([^"]+)"', more)[0])).text
    assert "Begin from here" in looked_at
    for kind in ("svg", "csv"):
        file = steward.get(links[0].replace("/explore?", f"/explore.{kind}?"))
        assert file.status_code == 200
        assert "attachment" in file.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(file.text)))
    assert rows[0][0] == "from"
    assert busy in {row[0] for row in rows}
    assert others


def test_a_path_and_pins_are_drawn(company: Served) -> None:
    steward = visitor(company, "steward")
    with company.reader("steward") as reader:
        a, b = next((hit.id, like[0].id) for hit in reader.search("a", 20) if (like := reader.related(hit.id, 1)))
        steps = reader.path(a, b)
    page = steward.get(f"/explore?at={a}&to={b}").text
    assert page.count("on-path") >= len(steps)
    assert "pinned" in steward.get(f"/explore?at={a}&pin={b}").text
    assert "There is no path" in steward.get(f"/explore?at={a}&to=customer:zzzzzzzzzzzzzzzz").text
