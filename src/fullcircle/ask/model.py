"""The match weights in use, new ones that wait for a person and what they would change, and the changes so far."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.identity.model_change import ModelChange, ModelChanges, ModelEffect

SHOWN = 10  # changes


@dataclass(frozen=True, slots=True)
class WeightsInUse(ReaderAnswer):
    """The weights for one kind of records. `learned_from` records; 0: the built-in ones."""

    kind: str
    learned_from: int
    made_for: int
    since: str


@dataclass(frozen=True, slots=True)
class WeightsChange(ReaderAnswer):
    """One change of weights; see ModelChange for what its state means."""

    number: int
    at: str
    kind: str
    why: str
    state: str
    by: str
    effect: ModelEffect | None
    share: float | None  # of the known customers, whose records are grouped otherwise


@dataclass(frozen=True, slots=True)
class ModelAnswer(ReaderAnswer):
    """What is in use, what waits, what was changed. `names`: golden names of the customers in the examples."""

    in_use: tuple[WeightsInUse, ...]
    waiting: tuple[WeightsChange, ...]
    changes: tuple[WeightsChange, ...]  # newest first
    limit: float
    names: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Plain values all the way down."""
        return asdict(self)


def model(book: Book, tables: Engine | None, limit: float) -> ModelAnswer:
    """The answer; without tables (beside a run) the names are left out."""
    rows = []
    if book.read("SELECT 1 FROM sqlite_master WHERE name = 'identity_model'"):
        rows = book.read(
            "SELECT kind, json_extract(model, '$.trained_on'), json_extract(model, '$.records'), at FROM identity_model "
            "ORDER BY kind DESC"
        )
    changes = ModelChanges(book)
    waiting = tuple(_row(one) for one in changes.waiting())
    ids = [id for one in waiting if one.effect for example in one.effect.examples for id in example.customers]
    return ModelAnswer(
        tuple(WeightsInUse(*row) for row in rows), waiting, tuple(_row(one) for one in changes.recent(SHOWN)), limit,
        names_of(tables, ids) if tables else {},
    )  # fmt: skip


def names_of(tables: Engine, customers: list[str]) -> dict[str, str]:
    """The golden names of customers, as far as they are there."""
    if not tables.has("customers"):
        return {}
    ids = {"ids": customers}
    return dict(tables.rows("SELECT customer_id, coalesce(name, '') FROM customers WHERE list_contains($ids, customer_id)", ids))


def _row(one: ModelChange) -> WeightsChange:
    share = one.effect.share if one.effect else None
    return WeightsChange(one.number, one.at, one.model.kind, one.why, one.state, one.by, one.effect, share)
