"""Whom a person means: customers and records by id or by words, as the tables have them now (also before there is a graph)."""

from __future__ import annotations

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.errors import Ambiguous, NotFound
from fullcircle.identity.ledger import Ledger

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
    if which.count(":") >= 2 and " " not in which:  # it looks like the id of a record: source:object:key
        raise NotFound(f"There is no record {which}.", "`fullcircle show CUSTOMER` lists the ids of the records of a customer.")
    return _by_words(engine, which)


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


def _record(engine: Engine, which: str) -> str:
    id = which if which.startswith("record:") else f"record:{which}"
    return id if engine.value("SELECT count(*) FROM members WHERE record_id = $id", {"id": id}) else ""


def _by_words(engine: Engine, words: str) -> str:
    text = "lower(concat_ws(' ', name, full_name, organisation, email, phone, city, postcode))"
    rows = engine.rows(
        f"SELECT customer_id FROM customers WHERE len(list_filter(string_split(lower($words), ' '), "
        f"lambda w: NOT contains({text}, w))) = 0 ORDER BY length(name), customer_id LIMIT {SHOWN + 1}",
        {"words": " ".join(words.split())},
    )
    if len(rows) == 1:
        return str(rows[0][0])
    if not rows:
        raise NotFound("No customer has all of these words.", "Try fewer words, an e-mail address or a phone number like +1...")
    ids = ", ".join(row[0] for row in rows[:SHOWN])
    raise Ambiguous("More than one customer fits these words.", f"Name one by its id: {ids}{' ...' if len(rows) > SHOWN else ''}")
