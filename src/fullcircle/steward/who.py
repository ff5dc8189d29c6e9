"""Whom a person means: customers and records by id or by words, as the tables have them now (also before there is a graph)."""

from __future__ import annotations

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.errors import Ambiguous, NotFound
from fullcircle.graph.words import SEARCH, tries
from fullcircle.identity.ledger import Ledger
from fullcircle.model.entities import ENTITIES
from fullcircle.model.graph import VERTICES

SHOWN = 5  # ids in a hint


def customer_named(engine: Engine, book: Book, which: str) -> str:
    """The customer with this id (old ids too), of this record, or the only one that has all of these words."""
    if record := _record(engine, which):
        return str(engine.value("SELECT customer_id FROM members WHERE record_id = $id", {"id": record}))
    if which.startswith(("customer:", "record:")):
        now = Ledger(book).resolve(which) or ""
        if engine.value("SELECT count(*) FROM customers WHERE customer_id = $id", {"id": now}):
            return now
        raise NotFound(
            f"There is no {which}.", "`fullcircle search WORDS` finds customers; `fullcircle show` lists their records."
        )
    if owners := _owners(engine, which):
        if len(owners) > 1:
            raise Ambiguous(f"More than one customer fits {which}.", f"Name one by its id: {', '.join(owners[:SHOWN])}")
        return owners[0]
    if which.count(":") >= 2 and " " not in which:  # it looks like the id of a record: source:object:key
        raise NotFound(f"There is no record {which}.", "`fullcircle show CUSTOMER` lists the ids of the records of a customer.")
    return _by_words(engine, which)


def customer_ever_named(engine: Engine, book: Book, which: str) -> str:
    """As `customer_named`; also one without records now, by an id that the ledger knows: its own, or of a record it had."""
    try:
        return customer_named(engine, book, which)
    except NotFound:
        ledger = Ledger(book)
        known = ledger.resolve(which) if which.startswith("customer:") else ledger.customer_of(_whole(which))
        if not known:
            raise
        return known


def record_named(engine: Engine, which: str) -> str:
    """The record with this id; the word `record:` may be left out."""
    if found := _record(engine, which):
        return found
    raise NotFound(f"There is no record {which}.", "`fullcircle show CUSTOMER` lists the ids of the records of a customer.")


def records_named(engine: Engine, book: Book, which: str) -> list[str]:
    """A record alone, or all records of a customer."""
    record = _record(engine, which)
    return [record] if record else records_of(engine, customer_named(engine, book, which))


def records_of(engine: Engine, customer_id: str) -> list[str]:
    """The records of a customer, by id."""
    rows = engine.rows("SELECT record_id FROM members WHERE customer_id = $id ORDER BY record_id", {"id": customer_id})
    return [row[0] for row in rows]


def _whole(record: str) -> str:
    """The id of a record; the word in front may be left out."""
    return record if record.startswith("record:") else f"record:{record}"


def _record(engine: Engine, which: str) -> str:
    id = _whole(which)
    return id if engine.value("SELECT count(*) FROM members WHERE record_id = $id", {"id": id}) else ""


def _owners(engine: Engine, which: str) -> list[str]:
    """The customers of the order, ticket ... with this id; the word in front (`order:`) may be left out."""
    if which.count(":") < 2:
        return []
    found: set[str] = set()
    for entity in ENTITIES.values():
        if engine.has(entity.table_name):
            rows = engine.rows(
                f"SELECT DISTINCT customer_id FROM {entity.table_name} JOIN members USING (record_id) "
                f"WHERE {entity.table.key} IN ($id, $short)",
                {"id": which, "short": f"{entity.noun}:{which}"},
            )
            found |= {str(row[0]) for row in rows}
    return sorted(found)


def _by_words(engine: Engine, words: str) -> str:
    rows = _searched(engine, words)
    if len(rows) == 1:
        return str(rows[0][0])
    if not rows:
        raise NotFound("No customer has all of these words.", "Try fewer words, an e-mail address or a phone number like +1...")
    ids = ", ".join(row[0] for row in rows[:SHOWN])
    raise Ambiguous("More than one customer fits these words.", f"Name one by its id: {ids}{' ...' if len(rows) > SHOWN else ''}")


def _searched(engine: Engine, words: str) -> list[tuple[str]]:
    """The customers that `find` finds; before there is a graph, those with the words in their golden values."""
    last = f"ORDER BY length(name), customer_id LIMIT {SHOWN + 1}"
    table = VERTICES["Customer"].table
    if engine.has(table) and SEARCH in engine.columns(table):
        for pieces in tries(words):
            given = {f"p{place}": piece for place, piece in enumerate(pieces)}
            held = " AND ".join(f"contains(v.{SEARCH}, ${name})" for name in given)
            select = f"SELECT customer_id FROM customers JOIN {table} v ON v.id = customer_id WHERE {held}"
            if rows := engine.rows(f"{select} ORDER BY length(customers.name), customer_id LIMIT {SHOWN + 1}", given):
                return rows
    text = "lower(concat_ws(' ', name, full_name, organisation, email, phone, city, postcode))"
    return engine.rows(
        f"SELECT customer_id FROM customers WHERE len(list_filter(string_split(lower($words), ' '), "
        f"lambda w: NOT contains({text}, w))) = 0 {last}",
        {"words": " ".join(words.split())},
    )
