"""Customers made for a record that no source has delivered yet: their ids, given at once and kept in the ledger.

The next run reads the record like those of sources (mapping/made_records.py). When a source delivers one with its id (source,
object, key), the ledger already knows its customer: the id stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import md5
from typing import Any

from fullcircle.book.book import Book
from fullcircle.identity.ids import id_from, secret_of
from fullcircle.identity.ledger import DDL as LEDGER_DDL
from fullcircle.mapping.made_records import OBJECT, SOURCE, MadeRecords


def record_id_of(fields: Mapping[str, Any]) -> str:
    """The id of the record: from its source, object and key, else from all its values, so that the same again is the same."""
    if fields.get("source") and fields.get("object") and fields.get("key"):
        return f"record:{fields['source']}:{fields['object']}:{fields['key']}"
    text = json.dumps({name: fields[name] for name in sorted(fields) if fields[name] is not None}, default=str)
    return f"record:{SOURCE}:{OBJECT}:{md5(text.encode(), usedforsecurity=False).hexdigest()}"


def known(book: Book, record_id: str) -> str | None:
    """The customer that was made for this record, or the one that absorbed it since."""
    if not book.read("SELECT 1 FROM sqlite_master WHERE name = 'live_record'"):
        return None
    found = book.read(
        "SELECT coalesce(c.into_id, l.customer_id) FROM live_record l LEFT JOIN customer_id c ON c.id = l.customer_id "
        "WHERE l.record_id = ?",
        (record_id,),
    )
    return str(found[0][0]) if found else None


def alike(book: Book, fields: Mapping[str, Any], limit: int = 20) -> list[tuple[str, str, dict[str, Any]]]:
    """Records made so far with the same e-mail address or phone number: id, customer, fields."""
    if not book.read("SELECT 1 FROM sqlite_master WHERE name = 'live_record'"):
        return []
    rows = book.read(
        "SELECT l.record_id, coalesce(c.into_id, l.customer_id), l.fields FROM live_record l "
        "LEFT JOIN customer_id c ON c.id = l.customer_id WHERE json_extract(l.fields, '$.email') = ? "
        "OR json_extract(l.fields, '$.phone') = ? ORDER BY l.at, l.record_id LIMIT ?",
        (fields.get("email"), fields.get("phone"), limit),
    )
    return [(record, customer, json.loads(text)) for record, customer, text in rows]


def create(book: Book, record_id: str, fields: Mapping[str, Any]) -> tuple[str, bool]:
    """The id of a new customer for this record, and whether it was made now. Durable; doing it again changes nothing."""
    book.define(LEDGER_DDL)
    made = MadeRecords(book)
    secret = secret_of(book)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with book.transaction():
        if there := known(book, record_id):
            return there, False
        attempt, customer = 0, id_from(record_id, secret)
        while book.read("SELECT 1 FROM customer_id WHERE id = ?", (customer,)):
            attempt += 1
            customer = id_from(f"{record_id}#{attempt}", secret)
        run, number = book.read("SELECT coalesce(max(run), 0) + 1, coalesce(max(number), 0) + 1 FROM customer_event")[0]
        book.write(
            "INSERT INTO customer_event (run, at, event, customer_id, other_id) VALUES (?, ?, 'create', ?, NULL)",
            (run, now, customer),
        )
        book.write("INSERT INTO customer_id (id, founded, state) VALUES (?, ?, 'live')", (customer, number))
        book.write("INSERT OR REPLACE INTO customer_record VALUES (?, ?)", (record_id, customer))
        made.keep(record_id, customer, fields, now)
    return customer, True
