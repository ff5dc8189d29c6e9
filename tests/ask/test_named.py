"""Whom a person means: every id that an answer prints, numbers as the sources show them, and what has to be asked back."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from fullcircle.ask.named import mapped_objects
from fullcircle.ask.reader import Reader
from fullcircle.book.book import Book
from fullcircle.config.sections import Config, FieldRule, MapSettings
from fullcircle.errors import Ambiguous, FullcircleError, NotFound
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.memory import Memory
from fullcircle.identity.ledger import Ledger
from tests.graph.town import ADA, BEN, CLEO, CUP, FIRM, HOME, edge, rows, settle_in

LIVE = "customer:0123456789abcdef"
MAPS = tuple(
    MapSettings(source="shop", object=name, to=to, key=key)
    for name, to, key in (
        ("people", "records", ""),
        ("orders", "orders", ""),
        ("calls", "tickets", "t"),
        ("goods", "products", ""),
    )
)
RECORDS = {"record:shop:people:1": ADA, "record:shop:people:2": ADA, "record:shop:people:C-9": BEN, "record:shop:orders:7": CLEO}
ORDERS = {
    "order:shop:orders:#1001": ADA,
    "order:shop:orders:INV-0042": BEN,
    "order:shop:orders:7": BEN,
    "order:shop:orders:9": "",
}


@pytest.fixture
def town(tmp_path: Path) -> Reader:
    store, book = Memory(StoreContext(tmp_path)), Book(tmp_path / "book.sqlite")
    settle_in(store)
    store.write_vertices("Record", rows("Record", *({"id": id} for id in RECORDS)))
    store.write_edges("RESOLVES_TO", rows("RESOLVES_TO", *(edge("RESOLVES_TO", *pair) for pair in RECORDS.items())))
    store.write_vertices("Order", rows("Order", *({"id": id} for id in ORDERS)))
    store.write_edges("PLACED", rows("PLACED", *(edge("PLACED", who, id) for id, who in ORDERS.items() if who)))
    store.write_vertices("Ticket", rows("Ticket", {"id": "ticket:shop:calls:55:t"}))
    store.write_edges("RAISED", rows("RAISED", edge("RAISED", CLEO, "ticket:shop:calls:55:t")))
    Ledger(book)
    book.write_many("INSERT INTO customer_id (id, founded, into_id, state) VALUES (?, ?, ?, ?)", [
        (ADA, 1, None, "live"), (LIVE, 2, ADA, "absorbed")])  # fmt: skip
    return Reader(store, book, Config(map=MAPS))


@pytest.mark.parametrize(
    ("which", "wanted"),
    [
        (ADA, ADA), (LIVE, ADA), (LIVE.removeprefix("customer:"), ADA), ("record:shop:people:1", ADA), ("shop:people:1", ADA),
        (" shop:people:2 ", ADA), ("shop:orders:#1001", ADA), ("order:shop:orders:INV-0042", BEN), ("shop:calls:55:t", CLEO),
        ("#1001", ADA), ("1001", ADA), ("inv-0042", BEN), ("Invoice INV-0042", BEN), ("order #1001", ADA), ("ticket 55", CLEO),
        ("C-9", BEN), ("c-9", BEN), ("7", BEN), (HOME, ADA), ("ada@example.org", ADA),
    ],
)  # fmt: skip
def test_every_way_to_name_a_customer(town: Reader, which: str, wanted: str) -> None:
    assert town.show(which).customer["id"] == wanted


@pytest.mark.parametrize(
    ("which", "told"),
    [
        ("shop:orders:7", [f"{CLEO} (Cleo Muller-Ada, record:shop:orders:7)", f"{BEN} (Ben Ito, order:shop:orders:7)"]),
        (FIRM, [f"{ADA} (Ada Müller, {FIRM})", f"{BEN} (Ben Ito, {FIRM})"]),
        (CUP, [f"{ADA} (Ada Müller, {CUP})", f"{BEN} (Ben Ito, {CUP})"]),
        ("example.org", [f"{BEN} (Ben Ito)", f"{ADA} (Ada Müller)"]),
    ],
)
def test_what_is_ambiguous_is_asked_back_with_the_choices(town: Reader, which: str, told: list[str]) -> None:
    with pytest.raises(Ambiguous) as raised:
        town.show(which)
    assert raised.value.hint == f"Name one by its id: {', '.join(told)}"


@pytest.mark.parametrize(
    "which",
    [
        " ",
        "%",
        "...",
        "shop:people:404",
        "record:shop:people:404",
        "order:shop:orders:9",
        "customer:nobody",
        "404",
        "household:9",
    ],
)
def test_what_is_not_there_is_said(town: Reader, which: str) -> None:
    for ask in (town.show, town.related, town.history):
        with pytest.raises(NotFound) as raised:
            ask(which)
        assert raised.value.hint


def test_the_other_questions_take_the_same_names(town: Reader) -> None:
    assert [one.id for one in town.related("shop:people:1")] == [BEN]
    assert [one.id for one in town.path("shop:people:1", "#1001")] == [ADA]
    assert [one.id for one in town.path(HOME, FIRM)][::2] == [HOME, ADA, FIRM]
    assert town.history("shop:people:1") == town.history(ADA)


def test_searching_by_numbers_says_what_was_found(town: Reader) -> None:
    assert [(one.id, one.found_by) for one in town.search("1001")] == [(ADA, "order:shop:orders:#1001")]
    assert [(one.id, one.found_by) for one in town.search("shop:people:1")] == [(ADA, "record:shop:people:1")]
    assert {(one.id, one.found_by) for one in town.search("shop:orders:7")} == {
        (CLEO, "record:shop:orders:7"), (BEN, "order:shop:orders:7")}  # fmt: skip
    assert [(one.id, one.found_by) for one in town.search("ben")] == [(BEN, None)]
    assert [one.id for one in town.search(LIVE)] == []  # an older id: `show` knows it
    assert len(town.search("example.org", limit=1)) == 1


def test_objects_of_products_are_not_searched_for_numbers() -> None:
    assert [one.start for one in mapped_objects(Config(map=MAPS))] == [
        "record:shop:people:", "order:shop:orders:", "ticket:shop:calls:"]  # fmt: skip


def test_no_text_breaks_it(town: Reader) -> None:
    for odd in ("", " ", ":", "::", "a:b:c", "order:", "record:::", "https://example.org/1:2:3", "1:2", "#", "№ 1", "\0"):
        assert isinstance(len(town.search(odd)), int)
        with suppress(FullcircleError):
            assert town.show(odd).customer


def test_what_belongs_to_nobody_is_said_to_be_there(town: Reader) -> None:
    assert town.of_nobody("9") == ["order:shop:orders:9"] and town.of_nobody("1001") == [] and town.of_nobody("keller") == []
    with pytest.raises(NotFound, match="order:shop:orders:9 exists, but no customer is known for it"):
        town.show("order 9")


def test_invoices_that_count_as_an_order_are_sought_by_their_number() -> None:
    billed = MapSettings(
        source="books", object="invoices", to="orders", fields={"same_as": FieldRule(field="order", ref="orders")}
    )
    assert "interaction:books:invoices:" in [one.start for one in mapped_objects(Config(map=(billed,)))]


def test_a_whole_name_means_the_one_who_has_it(tmp_path: Path) -> None:
    store, book = Memory(StoreContext(tmp_path)), Book(tmp_path / "book.sqlite")
    people = ("Ada Tal", "ada@tal.example"), ("Ada Tal Berg", "ada@tal.example")
    store.write_vertices(
        "Customer",
        rows("Customer", *({"id": f"customer:{n}", "name": name, "email": mail} for n, (name, mail) in enumerate(people))),
    )
    town = Reader(store, book, Config())
    assert town.show("ada  TAL").customer["id"] == "customer:0"
    with pytest.raises(Ambiguous):
        town.show("ada@tal.example")


def test_an_e_mail_address_of_two_customers_is_asked_back(town: Reader) -> None:
    """It is the key of a row of one, and a value of the other."""
    store, shared = town.store, "ben7@example.org"
    store.write_vertices("Record", rows("Record", {"id": f"record:shop:people:{shared}"}))
    store.write_edges("RESOLVES_TO", rows("RESOLVES_TO", edge("RESOLVES_TO", f"record:shop:people:{shared}", CLEO)))
    store.write_vertices("Customer", rows("Customer", {"id": BEN, "name": shared, "full_name": shared, "email": shared}))
    with pytest.raises(Ambiguous) as raised:
        town.show(shared)
    assert CLEO in str(raised.value.hint) and BEN in str(raised.value.hint)
