"""A change of the match weights is an event of its own: prepared beside the old weights, measured, and only then used.

New weights would regroup customers that people and other systems know by their ids. So a run that learns new ones groups the
records by the old weights and by the new ones, and counts which of the known customers would have other records. Up to a limit
(`weights` in [identity.limits]), and while only few customers are known, the new ones are used at once. Otherwise they wait in
the book, the old ones go on being used, and a person decides. Which weights are in force changes in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.identity import model_store
from fullcircle.identity.model import MatchModel, with_rarity
from fullcircle.identity.model_json import from_json

# waiting: for a person. applied: in force since. confirmed: a person applied it, and no run has ended well with it yet.
# kept: a person kept the weights of before. replaced: by newer ones, before anybody decided.
DDL = """
CREATE TABLE IF NOT EXISTS identity_model_change (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL, model TEXT NOT NULL, before TEXT NOT NULL,
    why TEXT NOT NULL, effect TEXT, state TEXT NOT NULL CHECK (state IN ('waiting', 'applied', 'confirmed', 'kept', 'replaced')),
    by TEXT NOT NULL, decided_at TEXT);
"""
EXAMPLES = 5  # of each kind
PARTS = 6  # ids in one example
LOOKED_AT = 50  # changes, newest first
_COLUMNS = "number, at, model, before, why, effect, state, by, decided_at"


@dataclass(frozen=True, slots=True)
class ModelExample:
    """Customers that would become one (`joined`), or a customer that would become several (`parted`)."""

    what: str
    customers: tuple[str, ...]  # their ids as they are
    records: tuple[str, ...]  # the first record of each of them, or of each part


@dataclass(frozen=True, slots=True)
class ModelEffect:
    """What other weights do to the customers that are known: how many there are, have other records, are absorbed, are new."""

    customers: int
    changed: int
    absorbed: int
    split: int
    examples: tuple[ModelExample, ...] = ()

    @property
    def share(self) -> float:
        """The share of the customers whose records are grouped otherwise."""
        return self.changed / self.customers if self.customers else 0.0

    def __str__(self) -> str:
        """As a message names it."""
        return f"{self.changed:,} of {self.customers:,} customers ({self.share:.1%})"


@dataclass(frozen=True, slots=True)
class ModelChange:
    """One change of the weights for one kind of records, as the book keeps it. Persons and organisations never meet."""

    number: int
    at: str
    model: MatchModel
    before: MatchModel
    why: str
    effect: ModelEffect | None  # none where it was not measured: few customers were known, or the old weights fit no more
    state: str
    by: str
    decided_at: str | None


def regrouping(pairs: str) -> str:
    """SQL: WITH clauses over `pairs` (record_id, old, new), which end in `judged` (old, other): whether its records moved.

    `was` and `is_now` count the parts of each group. Records that are in only one of the two do not count.
    """
    return f"""
        both_times AS ({pairs}),
        was AS (SELECT old, count(*) AS n, min(new) AS one, count(DISTINCT new) AS parts FROM both_times GROUP BY old),
        is_now AS (SELECT new, count(*) AS n, count(DISTINCT old) AS parts FROM both_times GROUP BY new),
        judged AS (SELECT old, was.parts > 1 OR is_now.parts > 1 AS other FROM was JOIN is_now ON is_now.new = was.one)"""


def measure_effect(engine: Engine, pairs: str) -> ModelEffect:
    """The effect from SQL with (record_id, customer_id, old, new): the known customer of each record, its old and new group.

    As in the ledger, an id follows the largest part of its records; of the ids that follow to one group all but one are absorbed,
    and a group that none follows to gets a new one.
    """
    parts = regrouping(f"SELECT record_id, old, new FROM ({pairs})")
    customers, changed, absorbed, split = engine.rows(f"""
        WITH {parts}, together AS (
            SELECT old, new, count(*) AS n, min(record_id) AS first FROM both_times GROUP BY ALL),
        followed AS (SELECT old, arg_min(new, (-n, first)) AS new FROM together GROUP BY old)
        SELECT (SELECT count(*) FROM judged), (SELECT count(*) FROM judged WHERE other),
            count(*) - count(DISTINCT new), (SELECT count(*) FROM is_now) - count(DISTINCT new) FROM followed""")[0]
    examples: list[ModelExample] = []
    for what, table, this, that in (("joined", "is_now", "new", "old"), ("parted", "was", "old", "new")):
        rows = engine.rows(f"""
            WITH {parts}, chosen AS (
                SELECT {this} FROM {table} WHERE parts > 1 ORDER BY n DESC, {this} LIMIT {EXAMPLES}),
            firsts AS (
                SELECT {this}, {that}, min(record_id) AS record_id, arg_min(customer_id, record_id) AS customer_id
                FROM ({pairs}) SEMI JOIN chosen USING ({this}) GROUP BY ALL)
            SELECT list(customer_id ORDER BY record_id), list(record_id ORDER BY record_id) FROM firsts
            GROUP BY {this} ORDER BY min(record_id)""")
        examples += [ModelExample(what, tuple(dict.fromkeys(ids))[:PARTS], tuple(records[:PARTS])) for ids, records in rows]
    return ModelEffect(int(customers), int(changed), int(absorbed), int(split), tuple(examples))


class ModelChanges:
    """The changes of weights in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def recent(self, limit: int = 10) -> list[ModelChange]:
        """The last changes, newest first."""
        if not self._book.read("SELECT 1 FROM sqlite_master WHERE name = 'identity_model_change'"):
            return []
        rows = self._book.read(f"SELECT {_COLUMNS} FROM identity_model_change ORDER BY number DESC LIMIT ?", (limit,))
        return [_read(row) for row in rows]

    def waiting(self) -> list[ModelChange]:
        """The changes that wait for a person: of each kind of records at most one."""
        return [one for one in self.last_ones() if one.state == "waiting"]

    def last(self, record_kind: str) -> ModelChange | None:
        """The last change of a kind of records, unless another took its place before it was used."""
        return next((one for one in self.last_ones() if one.model.kind == record_kind), None)

    def last_ones(self) -> list[ModelChange]:
        """The last change of each kind of records."""
        found: dict[str, ModelChange] = {}
        for one in self.recent(LOOKED_AT):
            if one.state != "replaced":
                found.setdefault(one.model.kind, one)
        return list(found.values())

    def unproven(self) -> bool:
        """Whether a person applied a change with which no run has ended well yet."""
        return any(one.state == "confirmed" for one in self.last_ones())

    def decided(self) -> list[str]:
        """When a person decided last, if ever: what depends on the weights must be done again then."""
        return [one.decided_at for one in self.recent(LOOKED_AT) if one.decided_at][:1]

    def note(self, model: MatchModel, before: MatchModel, why: str, effect: ModelEffect | None, state: str) -> None:
        """Note a change that a run made, waiting or applied. One that waited is replaced."""
        with self._book.transaction():
            self.drop_waiting(model.kind)
            self._book.write(
                "INSERT INTO identity_model_change (at, kind, model, before, why, effect, state, by) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, '')",
                (
                    _now(),
                    model.kind,
                    unnamed(model).as_json(),
                    unnamed(before).as_json(),
                    why,
                    json.dumps(asdict(effect)) if effect else None,
                    state,
                ),
            )

    def drop_waiting(self, record_kind: str) -> None:
        """What waits is not asked about any more: newer weights took its place, or those in force fit again."""
        self._book.write(
            "UPDATE identity_model_change SET state = 'replaced' WHERE state = 'waiting' AND kind = ?", (record_kind,)
        )

    def decide(self, changes: Sequence[ModelChange], use: bool, by: str) -> None:
        """Put the weights of changes in force (`use`), or those of before them. All of it in one transaction."""
        with self._book.transaction():
            model_store.put(self._book, [change.model if use else change.before for change in changes])
            for change in changes:
                self._book.write(
                    "UPDATE identity_model_change SET state = ?, by = ?, decided_at = ? WHERE number = ?",
                    ("confirmed" if use else "kept", by, _now(), change.number),
                )

    def prove(self) -> None:
        """A run has ended well: what a person applied is applied."""
        self._book.write("UPDATE identity_model_change SET state = 'applied' WHERE state = 'confirmed'")


def unnamed(model: MatchModel) -> MatchModel:
    """The model without the list of names: which are common is counted anew in every run."""
    return with_rarity(model, {}, 0)


def _read(row: tuple[Any, ...]) -> ModelChange:
    number, at, model, before, why, effect, *rest = row
    return ModelChange(
        number, at, from_json(model), from_json(before), why, read_effect(json.loads(effect)) if effect else None, *rest
    )


def read_effect(data: dict[str, Any]) -> ModelEffect:
    """An effect from its JSON."""
    examples = tuple(
        ModelExample(one["what"], tuple(one["customers"]), tuple(one["records"])) for one in data.pop("examples", ())
    )
    return ModelEffect(**data, examples=examples)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
