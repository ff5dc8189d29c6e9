"""Records that somebody made at a door of ours, by a look-up that found nobody: one more source of records, kept in the book.

`conform` reads them like the rows of any source, so that who was made stays, and is joined with what a source brings later. A
record that its own source has delivered is the source's from then on: what it changes or deletes counts, and nothing of here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine, quoted
from fullcircle.govern.suppressed import Suppressed
from fullcircle.govern.tokens import tokens_of_json
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.table import Table
from fullcircle.model.tables import ADDRESSES, IDENTIFIERS, RECORDS

SOURCE, OBJECT = "live", "look_up"  # of records that no source was named for
DDL = """
CREATE TABLE IF NOT EXISTS live_record (
    record_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, fields TEXT NOT NULL, at TEXT NOT NULL,
    delivered INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
"""
# Of a book that is older than `delivered`: which of these their sources had brought, and deleted since, is not known any more.
OLDER = f"""
ALTER TABLE live_record ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;
UPDATE live_record SET delivered = 1 WHERE record_id NOT LIKE 'record:{SOURCE}:%';
"""
OF_SOURCES = ("account_id", "merged_into", "retired", "updated_at", "deleted_at", "source", "object", "key", "record_id")
_TEXTS = pa.schema([("record_id", pa.string()), ("fields", pa.string()), ("at", pa.string())])


class MadeRecords:
    """The records in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)
        if not book.read_only and "delivered" not in {row[1] for row in book.read("PRAGMA table_info(live_record)")}:
            with book.transaction():
                book.define(OLDER)

    def all(self) -> list[tuple[str, str, str]]:
        """Id, fields (as JSON) and time of all of them, those that were delivered since, too."""
        if not self._book.read("SELECT 1 FROM sqlite_master WHERE name = 'live_record'"):
            return []
        return [tuple(row) for row in self._book.read("SELECT record_id, fields, at FROM live_record ORDER BY record_id")]

    def keep(self, record_id: str, customer_id: str, fields: Mapping[str, Any], at: str) -> None:
        """Keep a record that was made now."""
        text = json.dumps(dict(fields), default=str)
        self._book.write("INSERT INTO live_record VALUES (?, ?, ?, ?, 0)", (record_id, customer_id, text, at))

    def add(self, engine: Engine) -> None:
        """Add those that no source has delivered to the staged records, identifiers and addresses."""
        rows = self._book.read("SELECT record_id, fields, at FROM live_record WHERE delivered = 0 ORDER BY record_id")
        if not rows:
            return
        with engine.register("made_rows", _table(rows)):
            delivered = engine.rows("SELECT record_id FROM made_rows SEMI JOIN staged_records USING (record_id)")
            self._book.write_many("UPDATE live_record SET delivered = 1 WHERE record_id = ?", delivered)
            if len(rows) > len(delivered):
                _stage(engine)

    def without_listed(self, engine: Engine, suppressed: Suppressed) -> int:
        """Delete those of erased people, known by the id or by an identifier; returns how many."""
        rows = self.all()
        if not rows:
            return 0
        values = pa.table({"digest": pa.array(suppressed.digests("value"), pa.string())})
        with (
            engine.register("made_rows", _table(rows)),
            engine.register("listed_values", values),
            engine.register("listed_ids", suppressed.ids()),
        ):
            tokens = tokens_of_json("SELECT record_id AS n, fields AS raw FROM made_rows", "raw")
            found = engine.rows(f"""
                SELECT n FROM ({tokens}) WHERE {suppressed.digest_sql("token")} IN (SELECT digest FROM listed_values)
                UNION SELECT record_id FROM made_rows
                WHERE {suppressed.digest_sql("record_id")} IN (SELECT digest FROM listed_ids)""")
        self._book.write_many("DELETE FROM live_record WHERE record_id = ?", found)
        return len(found)


def leave_out_erased(made: MadeRecords, engine: Engine, suppressed: Suppressed, progress: Progress) -> None:
    """Before a run: erased people whom somebody made again are left out, and it is said."""
    if gone := made.without_listed(engine, suppressed):
        which = counted(gone, "record that a look-up made is", "records that look-ups made are")
        progress.say(f"{which} of somebody erased, and left out.")


def _table(rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(_TEXTS.names, row, strict=True)) for row in rows], _TEXTS)


def _stage(engine: Engine) -> None:
    parts = "regexp_extract(record_id, '^record:([^:]+):([^:]+):(.+)$', ['source', 'object', 'key'])"
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE made_records AS
        SELECT record_id, fields, CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) AS updated_at,
            coalesce(nullif(p.source, ''), '{SOURCE}') AS source, coalesce(nullif(p.object, ''), '{OBJECT}') AS object,
            coalesce(nullif(p.key, ''), md5(record_id)) AS key
        FROM (SELECT *, {parts} AS p FROM made_rows ANTI JOIN staged_records USING (record_id))""")
    own = "record_id, source, object, key, updated_at"
    engine.run(f"INSERT INTO staged_records BY NAME SELECT {own}, {_values(RECORDS, 'fields')} FROM made_records")
    for table in (IDENTIFIERS, ADDRESSES):
        listed = f"CAST(json_extract(fields, '$.{table.name}') AS JSON[])"
        engine.run(f"""
            INSERT INTO staged_{table.name} BY NAME
            SELECT '{table.noun}' || substr(record_id, 7) || ':' || place AS {table.key}, {own}, {_values(table, "one")}
            FROM (SELECT *, unnest({listed}) AS one, generate_subscripts({listed}, 1) AS place FROM made_records)""")
    engine.run("DROP TABLE temp.made_records")


def _values(table: Table, json_of: str) -> str:
    """SQL: the columns of a table that a person may have filled in, from a JSON object."""
    wanted = [one for one in table.columns[1:] if one.name not in OF_SOURCES]
    return ", ".join(
        f"TRY_CAST(json_extract_string({json_of}, '$.{one.name}') AS {one.sql_type}) AS {quoted(one.name)}" for one in wanted
    )
