"""People whose data are kept but not used (GDPR, Art. 18): out of insights, out of what is published, and so out of offers.

The list is of records, so it follows a person through merges: whoever has a restricted record is restricted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine, literal, quoted

DDL = """
CREATE TABLE IF NOT EXISTS restricted_record (
    record_id TEXT PRIMARY KEY, by TEXT NOT NULL, reference TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
"""
APPLIED = "insights_without"  # a hash of who was left out when insights were last computed
SENT = "sent"  # the schema with views of what may be published


class Restricted:
    """The records of people whose data are not to be used, in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def records(self) -> list[str]:
        """All restricted records, sorted."""
        if not self._book.read("SELECT 1 FROM sqlite_master WHERE name = 'restricted_record'"):
            return []
        return [row[0] for row in self._book.read("SELECT record_id FROM restricted_record ORDER BY 1")]

    def since(self, records: Sequence[str]) -> str:
        """When the first of these records was restricted; empty if none is."""
        known = set(self.records()) & set(records)
        found = [self._book.read("SELECT at FROM restricted_record WHERE record_id = ?", (one,))[0][0] for one in sorted(known)]
        return min(found, default="")

    def restrict(self, records: Sequence[str], by: str, reference: str) -> None:
        """Put records on the list; those that are on it stay as they are."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        rows = ((record, by, reference, now) for record in records)
        self._book.write_many("INSERT OR IGNORE INTO restricted_record VALUES (?, ?, ?, ?)", rows)

    def lift(self, records: Sequence[str]) -> None:
        """Take records off the list."""
        self._book.write_many("DELETE FROM restricted_record WHERE record_id = ?", ((record,) for record in records))


@contextmanager
def without_restricted(engine: Engine, records: Sequence[str], names: Sequence[str]) -> Iterator[bool]:
    """Inside the `with` block these tables are read without the rows of restricted people. True if they changed since.

    They are hidden by temporary views of the same names: whoever works with other connections sees them all.
    """
    hidden = _hide(engine, records, names, "temp") if records else []
    who = "SELECT customer_id FROM temp.restricted_customers" if records else "SELECT NULL AS customer_id WHERE false"
    now = engine.value(f"SELECT md5(coalesce(string_agg(customer_id, ' ' ORDER BY customer_id), '')) FROM ({who})")
    before = engine.value(f"SELECT who FROM {APPLIED}") if engine.has(APPLIED) else None
    try:
        yield bool(records or before) and now != before
        if records or before:
            engine.run(f"CREATE OR REPLACE TABLE {APPLIED} AS SELECT $now AS who", {"now": now})
    finally:
        for name in hidden:
            engine.run(f"DROP VIEW IF EXISTS temp.{quoted(name)}")


def views_to_send(engine: Engine, records: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Table -> the view of it without restricted people, for those that have rows of people; empty if nobody is restricted."""
    engine.run(f"DROP SCHEMA IF EXISTS {SENT} CASCADE")
    if not records:
        return {}
    engine.run(f"CREATE SCHEMA {SENT}")
    return {name: f"{SENT}.{quoted(name)}" for name in _hide(engine, records, names, SENT)}


def _hide(engine: Engine, records: Sequence[str], names: Sequence[str], where: str) -> list[str]:
    """Make the views; returns the names of the tables that have one: those with a column of records or customers."""
    temporary = "TEMP " if where == "temp" else ""
    place = "" if temporary else f"{where}."
    main = f"{quoted(engine.value('SELECT current_database()'))}.main"
    listed = pa.table({"record_id": pa.array(list(records), pa.string())})
    with engine.register("restricted_now", listed):
        engine.run(f"CREATE OR REPLACE {temporary}TABLE {place}restricted_records AS FROM restricted_now")
    engine.run(
        f"CREATE OR REPLACE {temporary}TABLE {place}restricted_customers AS SELECT DISTINCT customer_id FROM {main}.members "
        f"SEMI JOIN {place}restricted_records USING (record_id)"
    )
    wanted = ", ".join(map(literal, names)) or "''"
    found = engine.rows(
        "SELECT table_name, min(column_name) FROM information_schema.columns WHERE table_catalog = current_database() "
        f"AND table_schema = 'main' AND column_name IN ('customer_id', 'record_id') AND table_name IN ({wanted}) GROUP BY 1"
    )
    for name, column in found:
        those = f"{place}restricted_{column.removesuffix('_id')}s"
        engine.run(
            f"CREATE OR REPLACE {temporary}VIEW {place}{quoted(name)} AS SELECT * FROM {main}.{quoted(name)} "
            f"WHERE {column} IS NULL OR {column} NOT IN (SELECT {column} FROM {those})"
        )
    return [name for name, _ in found]
