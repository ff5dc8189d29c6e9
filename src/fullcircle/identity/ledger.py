"""The ledger of customer ids: the last id of every record, the history of every id, and the assignment of ids to groups.

An id is assigned once, is never reused, and always resolves: an absorbed id to the id that absorbed it, the id of a split
customer to the largest part. Events are only appended. Records that disappear keep their last assignment here, so they get
the same id again when they return. Records of an absorbed id keep it here, too: if they are separated again, so that a merge is
undone, each part gets back the id it had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.identity.ids import named, secret_of
from fullcircle.identity.prepare import WORK

DDL = """
CREATE TABLE IF NOT EXISTS customer_event (
    number INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, at TEXT NOT NULL,
    event TEXT NOT NULL CHECK (event IN ('create', 'absorb', 'split', 'retire', 'revive')),
    customer_id TEXT NOT NULL, other_id TEXT);
CREATE INDEX IF NOT EXISTS customer_event_of ON customer_event (customer_id);
CREATE INDEX IF NOT EXISTS customer_event_other ON customer_event (other_id) WHERE other_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS customer_id (
    id TEXT PRIMARY KEY, founded INTEGER NOT NULL, into_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('live', 'retired', 'absorbed'))
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS customer_id_into ON customer_id (into_id) WHERE into_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS customer_record (record_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the ledger: what happened to `customer_id`. `other_id` is the absorbed id, the new id of a split, or
    the id from which a merged one came back."""

    number: int
    run: int
    at: str
    event: str
    customer_id: str
    other_id: str | None


class Ledger:
    """The ledger, stored in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def resolve(self, customer_id: str) -> str | None:
        """The current id for this id (itself unless it was absorbed); None if it was never assigned."""
        found = self._book.read("SELECT coalesce(into_id, id) FROM customer_id WHERE id = ?", (customer_id,))
        return found[0][0] if found else None

    def history(self, customer_id: str) -> list[Event]:
        """All events that mention the id, oldest first."""
        rows = self._book.read(
            "SELECT number, run, at, event, customer_id, other_id FROM customer_event "
            "WHERE customer_id = ? OR other_id = ? ORDER BY number",
            (customer_id, customer_id),
        )
        return [Event(*row) for row in rows]

    def customer_of(self, record_id: str) -> str | None:
        """The current customer id of a record, or the one it had last."""
        found = self._book.read("SELECT customer_id FROM customer_record WHERE record_id = ?", (record_id,))
        return self.resolve(found[0][0]) if found else None

    def leading_to(self, customer_id: str) -> list[str]:
        """The ids that mean this customer today: its own, and every one that was merged into it. Empty if there never was one."""
        now = self.resolve(customer_id)
        rows = self._book.read("SELECT id FROM customer_id WHERE id = ? OR into_id = ? ORDER BY id", (now, now))
        return [row[0] for row in rows]

    def records_of(self, customer_id: str) -> list[str]:
        """The records of a customer id, and of the ids that lead to it; the last ones it had if it is retired or absorbed."""
        rows = self._book.read(
            "SELECT record_id FROM customer_record WHERE customer_id IN (SELECT id FROM customer_id WHERE id = ? OR into_id = ?) "
            "ORDER BY record_id",
            (customer_id, customer_id),
        )
        return [row[0] for row in rows]

    def live(self, after: str = "", limit: int = 500) -> list[str]:
        """The ids of customers that there are, in order, from the one after this on."""
        rows = self._book.read("SELECT id FROM customer_id WHERE state = 'live' AND id > ? ORDER BY id LIMIT ?", (after, limit))
        return [row[0] for row in rows]

    def has_any(self) -> bool:
        """False where no id was ever assigned: before the first run, or where the graph was imported."""
        there = self._book.read("SELECT 1 FROM sqlite_master WHERE name = 'customer_id'")
        return bool(there and self._book.read("SELECT 1 FROM customer_id LIMIT 1"))

    def assign(self, engine: Engine) -> dict[str, int]:
        """Assign ids to the scratch table `groups` (record_id, group_code): make `assigned`, count events.

        All changes are written to the book in one transaction. Assigning the same groups again writes nothing.
        """
        before = self._table(
            "SELECT r.record_id, coalesce(i.into_id, r.customer_id), r.customer_id FROM customer_record r "
            "JOIN customer_id i ON i.id = r.customer_id",
            ("record_id", "customer_id", "own_id"),
        )
        known = self._table(
            "SELECT id, founded, state, into_id FROM customer_id", ("id", "founded", "state", "into_id"), whole="founded"
        )
        with engine.register("ledger_record", before), engine.register("ledger_id", known):
            _keep_ids(engine)
            _new_ids(engine, secret_of(self._book))
            _derive_events(engine)
            events = engine.rows(
                f"SELECT event, customer_id, other_id FROM {WORK}.ledger_events ORDER BY rank, customer_id, other_id"
            )
            moved = engine.rows(f"""
                SELECT g.record_id, a.customer_id FROM {WORK}.groups g JOIN {WORK}.assigned a USING (group_code)
                    LEFT JOIN ledger_record b ON b.record_id = g.record_id
                    LEFT JOIN {WORK}.ledger_biggest f ON f.customer_id = b.own_id
                WHERE f.group_code IS DISTINCT FROM g.group_code ORDER BY g.record_id""")
        self._write(events, moved)
        counts: dict[str, int] = {}
        for event, _, _ in events:
            counts[event] = counts.get(event, 0) + 1
        return counts

    def _table(self, sql: str, names: Sequence[str], whole: str = "") -> pa.Table:
        rows = self._book.read(sql)
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        return pa.table(
            {
                name: pa.array(column, pa.int64() if name == whole else pa.string())
                for name, column in zip(names, columns, strict=True)
            }
        )

    def _write(self, events: Sequence[tuple[str, str, str | None]], moved: Sequence[tuple[str, str]]) -> None:
        if not events and not moved:
            return
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._book.transaction():
            run, number = self._book.read("SELECT coalesce(max(run), 0) + 1, coalesce(max(number), 0) FROM customer_event")[0]
            self._book.write_many(
                "INSERT INTO customer_event (run, at, event, customer_id, other_id) VALUES (?, ?, ?, ?, ?)",
                ((run, now, *event) for event in events),
            )
            born = [event[1] if event[0] == "create" else event[2] for event in events if event[0] in ("create", "split")]
            self._book.write_many(
                "INSERT INTO customer_id (id, founded, state) VALUES (?, ?, 'live')",
                ((id, number + place) for place, id in enumerate(born, 1)),
            )
            self._book.write_many(
                "UPDATE customer_id SET state = 'absorbed', into_id = ? WHERE id = ?",
                ((event[1], event[2]) for event in events if event[0] == "absorb"),
            )
            self._book.write_many(  # chains stay one step long: ids absorbed earlier by the absorbed id now lead to its successor
                "UPDATE customer_id SET into_id = ? WHERE into_id = ?",
                ((event[1], event[2]) for event in events if event[0] == "absorb"),
            )
            for event, state in (("retire", "retired"), ("revive", "live")):
                self._book.write_many(
                    f"UPDATE customer_id SET state = '{state}', into_id = NULL WHERE id = ?",
                    ((row[1],) for row in events if row[0] == event),
                )
            for what, id, from_id in events:
                if what == "revive" and from_id:
                    self._lead_back(id, from_id)
            self._book.write_many("INSERT OR REPLACE INTO customer_record VALUES (?, ?)", moved)

    def _lead_back(self, id: str, from_id: str) -> None:
        """Ids that the id had absorbed, and that have no records of their own, lead to it again, not to what had absorbed it."""
        self._book.write(
            "WITH RECURSIVE under (id) AS (SELECT ? UNION SELECT e.other_id FROM customer_event e JOIN under u "
            "ON e.customer_id = u.id WHERE e.event = 'absorb' AND e.number = "
            "(SELECT max(number) FROM customer_event WHERE event = 'absorb' AND other_id = e.other_id)) "
            "UPDATE customer_id SET into_id = ? WHERE id IN (SELECT id FROM under) AND into_id = ? AND state = 'absorbed' "
            "AND id NOT IN (SELECT customer_id FROM customer_record)",
            (id, id, from_id),
        )


def _keep_ids(engine: Engine) -> None:
    """`ledger_parts`: how many records of each known id are in each group; `ledger_kept`: which group keeps which id.

    An id follows the largest part of its own records: those that it did not get by absorbing another id. If none of these is
    left, it follows the largest part of all its records. Of the ids that follow to one group, a live one is kept before an
    absorbed one, then the one with the most records, then the oldest.
    """
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.ledger_parts AS
        SELECT g.group_code, b.customer_id, b.own_id, count(*) AS records, min(g.record_id) AS first
        FROM {WORK}.groups g JOIN ledger_record b USING (record_id) GROUP BY ALL""")
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.ledger_biggest AS
        WITH own AS ({_biggest("own_id")}), every AS ({_biggest("customer_id")})
        FROM own UNION ALL FROM every WHERE customer_id NOT IN (SELECT customer_id FROM own)""")
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.ledger_kept AS
        WITH size AS (SELECT customer_id, sum(records) AS records FROM {WORK}.ledger_parts GROUP BY customer_id)
        SELECT b.group_code,
            arg_max(b.customer_id, (k.state <> 'absorbed', coalesce(s.records, b.records), -k.founded)) AS customer_id
        FROM {WORK}.ledger_biggest b JOIN ledger_id k ON k.id = b.customer_id LEFT JOIN size s USING (customer_id)
        GROUP BY b.group_code""")


def _biggest(id: str) -> str:
    """SQL: the group in which the most records with this id are; among equals the one with the first record."""
    return f"""
        SELECT {id} AS customer_id, arg_max(group_code, (records, -rank)) AS group_code, sum(records) AS records FROM (
            SELECT *, row_number() OVER (PARTITION BY {id} ORDER BY first) AS rank FROM (
                SELECT {id}, group_code, sum(records) AS records, min(first) AS first FROM {WORK}.ledger_parts GROUP BY ALL))
        GROUP BY {id}"""


def _new_ids(engine: Engine, secret: str) -> None:
    """`assigned`: the kept ids, and new ids for the other groups. If a hash is taken already, a counter is added to its input."""
    engine.run(
        f"CREATE OR REPLACE TABLE {WORK}.assigned AS SELECT group_code, customer_id, false AS is_new FROM {WORK}.ledger_kept"
    )
    without_id = (
        f"SELECT group_code, min(record_id) AS first FROM {WORK}.groups "
        f"WHERE group_code NOT IN (SELECT group_code FROM {WORK}.assigned) GROUP BY group_code"
    )
    attempt = 0
    while True:
        founder = "first" if attempt == 0 else f"(first || '#{attempt}')"
        engine.run(f"""
            INSERT INTO {WORK}.assigned
            SELECT arg_min(group_code, first), customer_id, true FROM ({named(without_id, founder, secret)})
            WHERE customer_id NOT IN (SELECT id FROM ledger_id) AND customer_id NOT IN (SELECT customer_id FROM {WORK}.assigned)
            GROUP BY customer_id""")
        left = engine.value(f"SELECT count(DISTINCT group_code) FROM {WORK}.groups ANTI JOIN {WORK}.assigned USING (group_code)")
        if not left:
            return
        attempt += 1


def _derive_events(engine: Engine) -> None:
    """`ledger_events` in the order of writing: new ids first, so that an absorb event refers to ids that exist."""
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.ledger_events AS
        WITH origin AS (
            SELECT group_code, arg_max(customer_id, (records, -rank)) AS customer_id
            FROM (SELECT *, row_number() OVER (PARTITION BY group_code ORDER BY first) AS rank FROM (
                SELECT group_code, customer_id, sum(records) AS records, min(first) AS first
                FROM {WORK}.ledger_parts GROUP BY ALL))
            GROUP BY group_code)
        SELECT 1 AS rank, 'create' AS event, a.customer_id, CAST(NULL AS VARCHAR) AS other_id
            FROM {WORK}.assigned a LEFT JOIN origin o USING (group_code) WHERE a.is_new AND o.group_code IS NULL
        UNION ALL SELECT 2, 'split', o.customer_id, a.customer_id
            FROM {WORK}.assigned a JOIN origin o USING (group_code) WHERE a.is_new
        UNION ALL SELECT 3, 'revive', k.id, CASE WHEN k.state = 'absorbed' THEN k.into_id END
            FROM {WORK}.assigned a JOIN ledger_id k ON k.id = a.customer_id WHERE k.state <> 'live'
        UNION ALL SELECT 4, 'absorb', a.customer_id, b.customer_id
            FROM {WORK}.ledger_biggest b JOIN {WORK}.assigned a USING (group_code) JOIN ledger_id k ON k.id = b.customer_id
            WHERE a.customer_id <> b.customer_id AND (k.state <> 'absorbed' OR k.into_id <> a.customer_id)
        UNION ALL SELECT 5, 'retire', k.id, NULL
            FROM ledger_id k WHERE k.state = 'live' AND k.id NOT IN (SELECT customer_id FROM {WORK}.ledger_biggest)""")
