"""The timeline of a customer: one stream of all that happened, in order, page by page, whatever is equal or missing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from fullcircle.ask.moment import moment
from fullcircle.ask.reader import Reader
from fullcircle.ask.timeline import KINDS, TimelineEvent, TimelineFilter
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError, NotFound
from fullcircle.graph import shape
from fullcircle.graph.base import GraphStore, StoreContext
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.stores.sqlite.store import Sqlite
from fullcircle.identity.decisions import Decisions
from fullcircle.identity.ledger import Ledger
from tests.graph.town import ADA, BEN, edge, rows

LABELS = {
    "order": ("Order", "PLACED", "ordered_at"), "ticket": ("Ticket", "RAISED", "opened_at"),
    "interaction": ("Interaction", "INTERACTED", "at"), "consent": ("Consent", "HAS_CONSENT", "at"),
}  # fmt: skip
START = datetime(2026, 3, 1)
OLD = "customer:old"


def events_of(kind: str, many: int, random_: random.Random) -> list[dict[str, object]]:
    when = LABELS[kind][2]
    return [
        {
            "id": f"{kind}:shop:x:{n:03}",
            when: START + timedelta(days=random_.randrange(6), hours=random_.choice([0, 12])) if n % 7 else None,
            "source": "shop" if n % 3 else "crm",
        }
        for n in range(many)
    ]


def fill(store: GraphStore, seed: int, many: int = 25) -> None:
    random_ = random.Random(seed)
    store.prepare()
    store.write_vertices("Customer", rows("Customer", {"id": ADA, "name": "Ada"}, {"id": BEN, "name": "Ben"}))
    for kind, (label, edge_label, _) in LABELS.items():
        made = events_of(kind, many, random_)
        store.write_vertices(label, rows(label, *made))
        store.write_edges(edge_label, rows(edge_label, *(edge(edge_label, ADA, row["id"]) for row in made)))


def fill_book(book: Book) -> None:
    Ledger(book)
    book.write_many(
        "INSERT INTO customer_id (id, founded, into_id, state) VALUES (?, 1, ?, ?)",
        [(ADA, None, "live"), (BEN, None, "live"), (OLD, ADA, "absorbed")],
    )
    book.write_many("INSERT INTO customer_record VALUES (?, ?)", [("record:crm:c:1", ADA), ("record:shop:c:2", ADA)])
    book.write_many(
        "INSERT INTO customer_event (run, at, event, customer_id, other_id) VALUES (?, ?, ?, ?, ?)",
        [
            (1, "2026-03-01T12:00:00+00:00", "create", ADA, None), (1, "2026-03-01T12:00:00+00:00", "create", OLD, None),
            (2, "2026-03-04T01:00:00+01:00", "absorb", ADA, OLD), (2, "2026-03-04T00:00:00+00:00", "create", BEN, None),
        ],
    )  # fmt: skip
    decisions = Decisions(book)
    made = decisions.take("always", [("together", "record:crm:c:1", "record:shop:c:2")], "maria", "same phone")
    decisions.undo(made.id, "otto")
    decisions.take("never", [("apart", "record:crm:c:8", "record:shop:c:9")], "maria", "of others")


@pytest.fixture(params=[Memory, Sqlite], ids=["memory", "sqlite"], scope="module")
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("timeline")
    store, book = request.param(StoreContext(folder / "graph.sqlite")), Book(folder / "book.sqlite")
    fill(store, 7)
    fill_book(book)
    yield Reader(store, book, Config())
    store.close()
    book.close()


def read(reader: Reader, size: int, wanted: TimelineFilter | None = None) -> list[TimelineEvent]:
    """All pages."""
    found, after = list[TimelineEvent](), ""
    while True:
        page = reader.timeline(ADA, wanted, after, size)
        assert len(page.events) <= size
        found += page.events
        after = page.next
        if not after:
            return found
        assert len(page.events) == size


def test_all_kinds_are_in_one_stream_the_newest_first(reader: Reader) -> None:
    found = read(reader, 1000)
    assert len(found) == 4 * 25 + 3 + 2
    known = [one.at for one in found if one.at]
    assert known == sorted(known, reverse=True)
    assert [one.at for one in found[len(known) :]] == [None] * 16
    assert {one.kind for one in found} == set(KINDS) & {*LABELS, "identity"}
    first = next(one for one in found if one.id == "order:shop:x:004")
    assert (first.source, first.kind) == ("shop", "order")


@pytest.mark.parametrize("size", [1, 2, 3, 10, 104])
@pytest.mark.parametrize(
    "wanted",
    [
        TimelineFilter(), TimelineFilter(("order", "tickets")), TimelineFilter(source="crm"), TimelineFilter(source="nobody"),
        TimelineFilter(as_of=date(2026, 3, 3)), TimelineFilter(since=date(2026, 3, 3)),
        TimelineFilter(("identity", "consent"), "", datetime(2026, 3, 2, 12), datetime(2026, 3, 4)),
        TimelineFilter(("order",), "shop", date(2026, 3, 2), date(2026, 3, 5)),
    ],
)  # fmt: skip
def test_pages_together_are_the_whole_and_filters_leave_out_the_rest(reader: Reader, size: int, wanted: TimelineFilter) -> None:
    def fits(one: TimelineEvent) -> bool:
        day = one.at
        dated = wanted.since is not None or wanted.as_of is not None
        begin, end = (moment_of(value) for value in (wanted.since, wanted.as_of))
        last = end + (timedelta(days=1) if type(wanted.as_of) is date else timedelta(milliseconds=1)) if end else None
        return (
            (not wanted.kinds or one.kind in [kind.removesuffix("s") for kind in wanted.kinds])
            and wanted.source in ("", one.source)
            and (day is not None or not dated)
            and (day is None or ((begin is None or day >= begin) and (last is None or day < last)))
        )

    assert read(reader, size, wanted) == [one for one in read(reader, 1000) if fits(one)]


def moment_of(value: date | datetime | None) -> datetime | None:
    return datetime(value.year, value.month, value.day, *value.timetuple()[3:6]) if value else None


def test_who_a_customer_is_is_in_it_with_merged_ids_and_decisions(reader: Reader) -> None:
    found = read(reader, 1000, TimelineFilter(("identity",)))
    assert [(one.details["what"], one.details.get("customer", one.details.get("by"))) for one in found] == [
        ("always", "maria"), ("always was withdrawn", "otto"), (f"absorbed {OLD}", ADA), ("created", ADA), ("created", OLD),
    ]  # fmt: skip
    assert found[2].at == datetime(2026, 3, 4)
    assert reader.timeline(OLD, limit=1).customer_id == ADA


def test_what_comes_meanwhile_is_not_given_twice_and_moves_nothing(tmp_path: Path) -> None:
    store, book = Sqlite(StoreContext(tmp_path / "graph.sqlite")), Book(tmp_path / "book.sqlite")
    fill(store, 3)
    fill_book(book)
    reader = Reader(store, book, Config())
    before = read(reader, 1000)
    page = reader.timeline(ADA, limit=20)
    new = {"id": "order:shop:x:new", "ordered_at": datetime(2027, 1, 1)}
    store.write_vertices("Order", rows("Order", new))
    store.write_edges("PLACED", rows("PLACED", edge("PLACED", ADA, "order:shop:x:new")))
    assert list(reader.timeline(ADA, after=page.next, limit=1000).events) == before[20:]
    assert reader.timeline(ADA, limit=1).events[0].id == "order:shop:x:new"
    store.close()
    book.close()


def test_a_cursor_belongs_to_its_timeline(reader: Reader) -> None:
    after = reader.timeline(ADA, limit=5).next
    for question in (
        lambda: reader.timeline(BEN, after=after),
        lambda: reader.timeline(ADA, TimelineFilter(("order",)), after),
        lambda: reader.timeline(ADA, TimelineFilter(as_of=date(2026, 3, 3)), after),
        lambda: reader.timeline(ADA, after=after[:-3]),
        lambda: reader.timeline(ADA, after="WyJhIiwi"),
        lambda: reader.timeline(ADA, after="not a cursor é"),
        lambda: reader.timeline(ADA, after="W10"),
    ):
        with pytest.raises(ConfigError, match="not one of this timeline"):
            question()


def test_nobody_and_unknown_kinds_say_so(reader: Reader) -> None:
    with pytest.raises(NotFound):
        reader.timeline("customer:nobody")
    with pytest.raises(NotFound, match='no kind of event "ordre"') as caught:
        reader.timeline(ADA, TimelineFilter(("ordre",)))
    assert "order" in caught.value.hint
    assert [one.details["what"] for one in reader.timeline(BEN).events] == ["created"]


def test_it_becomes_plain_values(reader: Reader) -> None:
    found = reader.timeline(ADA, limit=2).to_dict()
    assert set(found) == {"customer_id", "events", "next"}
    assert set(found["events"][0]) == {"at", "kind", "id", "source", "details"}
    assert reader.timeline(ADA).events.to_arrow().num_rows == 50


def test_times_as_people_write_them() -> None:
    assert moment("2026-03-01", "--since") == date(2026, 3, 1)
    assert moment("2026-03-01T10:00+02:00", "--since") == datetime(2026, 3, 1, 8)
    assert moment("", "--since") is None
    ago = moment("2d", "--since")
    assert isinstance(ago, datetime)
    assert timedelta(days=2) <= datetime.utcnow() - ago < timedelta(days=2, minutes=5)
    for wrong in ("yesterday", "2026-13-01", "99999999d", "1.3.2026"):
        with pytest.raises(ConfigError, match="--since"):
            moment(wrong, "--since")


@pytest.mark.slow
def test_the_last_page_of_100_000_orders_reads_no_more_than_the_first(tmp_path: Path) -> None:
    store, book = Sqlite(StoreContext(tmp_path / "graph.sqlite")), Book(tmp_path / "book.sqlite")
    store.prepare()
    fill_book(book)
    store.write_vertices("Customer", rows("Customer", {"id": ADA}))
    many, minute = 100_000, timedelta(minutes=1)
    ids = [f"order:shop:o:{n:06}" for n in range(many)]
    times = [START + minute * (n // 3) for n in range(many)]
    store.write_vertices("Order", whole("Order", {"id": ids, "ordered_at": times}), insert_only=True)
    edges = {"id": [f"placed:{ADA}>{id}" for id in ids], "source": [ADA] * many, "target": ids}
    store.write_edges("PLACED", whole("PLACED", edges), insert_only=True)
    reader = Reader(store, book, Config())
    asked = list[int]()
    greatest = store.greatest_neighbours
    store.greatest_neighbours = lambda *given: asked.append(len(found := greatest(*given))) or found  # type: ignore[method-assign]
    wanted = TimelineFilter(("order",))
    middle = reader.timeline(ADA, TimelineFilter(("order",), as_of=START + minute * 20_000), limit=100)
    assert [one.id for one in middle.events][:4] == [
        "order:shop:o:060000",
        "order:shop:o:060001",
        "order:shop:o:060002",
        "order:shop:o:059997",
    ]
    page = reader.timeline(ADA, wanted, limit=1000)
    seen = len(page.events)
    while page.next and seen < 5000:
        page = reader.timeline(ADA, wanted, page.next, 1000)
        seen += len(page.events)
    assert seen == 5000
    assert max(asked) == 1001
    store.close()
    book.close()


def whole(label: str, columns: dict[str, list[object]]) -> pa.Table:
    schema, many = shape.schema(label), len(columns["id"])
    made = {**columns, "hash": list(range(many))}
    return pa.table({field.name: pa.array(made.get(field.name, [None] * many), field.type) for field in schema})
