"""The money check: for each object and currency what its amounts became, in parts that add up. See `money_check`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.engine.base import Engine
from fullcircle.graph.tables.money_check import COUNTS
from fullcircle.model.counting import counted, money
from fullcircle.model.tables import MONEY_CHECK


@dataclass(frozen=True, slots=True)
class NotCounted(ReaderAnswer):
    """Entries that count for nothing, and why."""

    why: str  # draft, cancelled, the invoice of an order ...
    entries: int
    amount: Decimal

    def to_dict(self) -> dict[str, Any]:
        """The amount as a number."""
        return {"why": self.why, "entries": self.entries, "amount": float(self.amount)}


@dataclass(frozen=True, slots=True)
class MoneyOfObject(ReaderAnswer):
    """What the amounts of an object in one currency became: amount = spent + owed + given_back + not_counted."""

    source: str
    object: str
    currency: str | None
    entries: int  # orders, invoices, credit notes, deals: not rows, where an order has several
    amount: Decimal  # all of them together, as they were read
    spent: Decimal
    owed: Decimal
    given_back: Decimal  # zero or less
    not_counted: Decimal
    why: tuple[NotCounted, ...]
    without_amount: int  # entries that have none: they count, and add nothing
    quarantined: int  # rows of the object, of every currency, that could not be read: they are in none of these sums

    def to_dict(self) -> dict[str, Any]:
        """The amounts as numbers."""
        sums = {name: float(getattr(self, name)) for name in ("amount", "spent", "owed", "given_back", "not_counted")}
        known = {"source": self.source, "object": self.object, "currency": self.currency, "entries": self.entries}
        return {
            **known, **sums, "why": [one.to_dict() for one in self.why], "without_amount": self.without_amount,
            "quarantined": self.quarantined,
        }  # fmt: skip

    def notes(self) -> list[str]:
        """Sentences on what is not counted and what is not in the sums."""
        said = [f"{counted(one.entries, 'entry', 'entries')} not counted ({money(float(one.amount), self.currency)}): {one.why}"
                for one in self.why]  # fmt: skip
        if self.without_amount:
            said.append(f"{counted(self.without_amount, 'entry has', 'entries have')} no amount")
        return said

    def lost(self) -> str:
        """How many rows of the object are in none of the sums."""
        return f"{counted(self.quarantined, 'row is', 'rows are')} in quarantine, and in no sum"


def money_check(engine: Engine) -> Answers[MoneyOfObject]:
    """What the amounts of each object became, by the tables of the last run; nothing where no run has made them yet."""
    if not engine.has(MONEY_CHECK.name):
        return Answers(MoneyOfObject, ())
    names = ("entries", "without_amount", "amount", "spent", "owed", "given_back", "not_counted")
    entry = "{'why': what, 'entries': entries, 'amount': amount}"
    found = engine.rows(
        f"SELECT source, object, currency, {', '.join(f'CAST(sum({name}) AS DECIMAL(38,4))' for name in names)}, "
        f"list({entry} ORDER BY abs(amount) DESC, what) FILTER (what <> '{COUNTS}') "
        f"FROM {MONEY_CHECK.name} GROUP BY ALL ORDER BY 1, 2, 3 NULLS LAST"
    )
    lost = _quarantined(engine)
    return Answers(
        MoneyOfObject,
        tuple(
            MoneyOfObject(
                source, object_, currency, int(entries), amount, spent, owed, back, rest,
                tuple(NotCounted(one["why"], one["entries"], one["amount"]) for one in why or ()), int(without),
                lost.get((source, object_), 0),
            )
            for source, object_, currency, entries, without, amount, spent, owed, back, rest, why in found
        ),
    )  # fmt: skip


def _quarantined(engine: Engine) -> dict[tuple[str, str], int]:
    if not engine.has("quarantine"):
        return {}
    rows = engine.rows(
        "SELECT source, object, count(DISTINCT coalesce(key, raw)) FROM quarantine WHERE stage = 'landing' OR rule = 'readable' "
        "OR reason LIKE 'orders.%' OR reason LIKE 'interactions.%' GROUP BY ALL"
    )
    return {(source, object_): number for source, object_, number in rows}
