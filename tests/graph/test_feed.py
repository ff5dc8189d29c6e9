"""The change feed: one event for each that changed, in order; a run that is killed loses none; a first run is one event."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.graph import feed
from fullcircle.graph.feed import Feed
from fullcircle.home.book_file import book_for_reading
from fullcircle.identity.ledger import Ledger
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from fullcircle.steward.carry_out import carry_out
from fullcircle.steward.wish import Wish
from tests import small


def after(settings: Config, number: int = 0) -> list[tuple[str, str | None, str | None]]:
    with closing(book_for_reading(settings)) as book:
        return [(one.what, one.customer_id, one.other_id) for one in Feed(book).after(number, 1000)]


def customer(settings: Config, record: str) -> str:
    with closing(book_for_reading(settings)) as book:
        return str(Ledger(book).customer_of(f"record:{record}"))


def go(settings: Config, choice: Choice = Choice()) -> None:  # noqa: B008 - it cannot be changed
    with open_desk(settings) as desk:
        run(desk, choice)


def test_what_a_project_goes_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_config(small.make(tmp_path))
    go(settings)
    assert after(settings) == [("everything", None, None)]
    go(settings)
    assert after(settings, 1) == []

    small.change(tmp_path, 1)  # somebody new, who orders
    orders = tmp_path / "shop" / "orders.csv"
    orders.write_text(orders.read_text().replace("9,5,2026-03-10,7", "9,5,2026-03-10,70"))  # one amount of Cleo's
    monkeypatch.setattr(Feed, "publish", dead)
    with pytest.raises(KeyboardInterrupt):
        go(settings)  # killed when the graph is written, before the stage has ended
    monkeypatch.undo()
    go(settings)
    nia, cleo = customer(settings, "shop:people:100"), customer(settings, "shop:people:5")
    assert after(settings, 1) == [("created", nia, None), ("changed", cleo, None)]

    other = customer(settings, "crm:contacts:18")
    made = carry_out(settings, Wish("merge", (cleo, other)), "ann")
    kept = customer(settings, "shop:people:5")
    gone = other if kept == cleo else cleo
    assert after(settings, 3) == [("merged", gone, kept), ("changed", kept, None)]
    carry_out(settings, Wish("undo", (str(made.decision),)), "ann")
    assert after(settings, 5) == [("back", gone, kept), ("changed", kept, None)]
    go(settings, Choice(rebuild_graph=True))
    assert after(settings, 7) == [("everything", None, None)]


def dead(*_: object) -> None:
    raise KeyboardInterrupt


def test_who_is_too_far_behind_or_ahead_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Book(Path(":memory:"))) as book:
        Ledger(book)
        kept = Feed(book)
        assert kept.after(0, 10) == []
        assert kept.newest() == 0
        monkeypatch.setattr(feed, "KEPT", 3)
        for _ in range(6):
            book.write("DELETE FROM change_place")
            book.write("INSERT INTO customer_event (run, at, event, customer_id) VALUES (1, '', 'create', 'customer:a')")
            kept.publish(lambda _: False)
        assert [one.number for one in kept.after(3, 10)] == [4, 5, 6]
        behind = kept.after(1, 2)
        assert [(one.number, one.what) for one in behind] == [(3, "everything"), (4, "everything")]
        assert [(one.number, one.what) for one in kept.after(99, 10)] == [(6, "everything")]  # of a book that was restored
        assert kept.after(6, 10) == []


def test_an_erased_person_is_named_as_erased() -> None:
    with closing(Book(Path(":memory:"))) as book:
        Ledger(book)
        kept = Feed(book)
        kept.publish(lambda _: False)
        for id in ("customer:a", "customer:b"):
            book.write("INSERT INTO customer_event (run, at, event, customer_id) VALUES (1, '', 'retire', ?)", (id,))
        kept.wait_for(None)
        kept.publish(lambda id: id == "customer:b")
        assert [(one.what, one.customer_id) for one in kept.after(0, 10)] == [("erased", "customer:b"), ("everything", None)]


def test_a_book_without_a_feed_sends_who_has_read_one_back_to_its_beginning(tmp_path: Path) -> None:
    """Otherwise a stream would ask again and again for what comes after that number, without a pause."""
    with closing(Book(tmp_path / "book.sqlite")) as book:
        Ledger(book)
    with closing(Book(tmp_path / "book.sqlite", read_only=True)) as book:
        assert Feed(book).after(0, 10) == []
        assert [(one.number, one.what) for one in Feed(book).after(5, 10)] == [(0, "everything")]
