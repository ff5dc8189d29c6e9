"""Where each golden value of a customer comes from: the record, the rule that chose it, and the values that lost."""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.ask.customer import CustomerView
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.model.golden import GOLDEN_FIELDS


@dataclass(frozen=True, slots=True)
class LosingValue:
    """A value that was not chosen, and the records that have it."""

    value: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldenSource(ReaderAnswer):
    """One golden value and its origin."""

    field: str
    value: str
    record: str | None  # that it was taken from
    rule: str | None  # why this value
    agreeing: tuple[str, ...]  # all records that have the same value
    losing: tuple[LosingValue, ...]  # most records first


def sources(view: CustomerView) -> Answers[GoldenSource]:
    """The golden values of a view, in their usual order, each with its origin."""
    found = []
    for field in GOLDEN_FIELDS:
        value = view.customer.get(field)
        if value is None:
            continue
        origin = view.customer["provenance"].get(field, {})
        having: dict[str, list[str]] = {}
        for row in view.records:
            if row.get(field) is not None:
                having.setdefault(str(row[field]), []).append(row["id"])
        agreeing = tuple(having.pop(str(value), ()))
        losing = sorted(having.items(), key=lambda one: (-len(one[1]), one[0]))
        lost = tuple(LosingValue(other, tuple(records)) for other, records in losing)
        found.append(GoldenSource(field, str(value), origin.get("from"), origin.get("rule"), agreeing, lost))
    return Answers(GoldenSource, tuple(found))
