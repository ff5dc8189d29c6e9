"""What changed in a table against how it was before: its columns, how many rows, how old they are, how values spread.

Limits are robust: the median of the snapshots before, more or less some typical deviations. Distributions are compared by PSI.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fullcircle.quality.evaluation.limits import robust_limits
from fullcircle.quality.evaluation.rule_plan import shown
from fullcircle.quality.snapshot import Snapshot

LEAST_BEFORE = 3  # snapshots, from which on it is known what is usual
PSI_LIMIT = 0.25  # the usual reading: below 0.1 the same, above 0.25 another distribution
FLOOR = 1e-4  # of a share, where a bin is empty
ENOUGH = 100  # rows, from which on shares are compared
MISSING_LIMIT = 0.05  # by which a share of missing values may change at least


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that changed. `kind`: schema, volume, freshness, missing or distribution."""

    table: str
    kind: str
    column: str
    message: str
    now: float | None = None
    expected: str = ""


def drift(table: str, now: Snapshot, before: Sequence[Snapshot]) -> list[Drift]:
    """What changed. `before`: newest first; nothing changed where there is nothing to compare with."""
    if not before:
        return []
    found = list(_schema(table, now, before[0]))
    if len(before) < LEAST_BEFORE:
        return found
    found += _outside(table, "volume", "rows", now.rows, [one.rows for one in before])
    ages = [one.age_hours for one in before if one.age_hours is not None]
    if now.age_hours is not None and len(ages) >= LEAST_BEFORE:
        high = max(robust_limits(ages)[1], 24.0)
        if now.age_hours > high:
            said = f"Its newest row is {shown(round(now.age_hours))} hours old, and usually {shown(round(high))} at most."
            found.append(Drift(table, "freshness", "updated_at", said, now.age_hours, f"up to {high:.0f} hours"))
    if now.rows >= ENOUGH:
        found += _missing(table, now, before)
        found += _distributions(table, now, before)
    return found


def _schema(table: str, now: Snapshot, last: Snapshot) -> Iterator[Drift]:
    for name in last.columns.keys() - now.columns.keys():
        yield Drift(table, "schema", name, f"The column {name} is gone.")
    for name in now.columns.keys() - last.columns.keys():
        yield Drift(table, "schema", name, f"The column {name} is new.")
    for name, kind in now.columns.items():
        if name in last.columns and last.columns[name] != kind:
            yield Drift(table, "schema", name, f"The type of {name} is {kind} now, and was {last.columns[name]}.")


def _outside(table: str, kind: str, what: str, now: float, before: Sequence[float]) -> Iterator[Drift]:
    low, high = robust_limits(before)
    if not low <= now <= high:
        expected = f"{shown(math.ceil(max(low, 0)))} to {shown(math.floor(high))}"
        yield Drift(table, kind, "", f"It has {shown(now)} {what}, and usually {expected}.", now, expected)


def _missing(table: str, now: Snapshot, before: Sequence[Snapshot]) -> Iterator[Drift]:
    for name, share in now.missing.items():
        past = [one.missing[name] for one in before if name in one.missing and one.rows >= ENOUGH]
        if len(past) < LEAST_BEFORE:
            continue
        low, high = robust_limits(past)
        middle = statistics.median(past)
        if not min(low, middle - MISSING_LIMIT) <= share <= max(high, middle + MISSING_LIMIT):
            said = f"{share:.1%} of {name} are missing, and usually {middle:.1%}."
            yield Drift(table, "missing", name, said, share, f"about {middle:.1%}")


def _distributions(table: str, now: Snapshot, before: Sequence[Snapshot]) -> Iterator[Drift]:
    for name, shares in now.shares.items():
        past = [one.shares[name] for one in before if name in one.shares and one.edges.get(name) == now.edges.get(name)]
        if len(past) < LEAST_BEFORE:
            continue
        usual = {key: statistics.median(one.get(key, 0.0) for one in past) for key in {key for one in past for key in one}}
        value = psi(shares, usual)
        if value > PSI_LIMIT:
            said = f"The values of {name} spread otherwise than before (PSI {value:.2f}; up to {PSI_LIMIT} is usual)."
            yield Drift(table, "distribution", name, said, value, f"PSI up to {PSI_LIMIT}")


def psi(now: Mapping[str, float], before: Mapping[str, float]) -> float:
    """The population stability index of two distributions over the same bins."""
    total = 0.0
    for key in {*now, *before}:
        new, old = max(now.get(key, 0.0), FLOOR), max(before.get(key, 0.0), FLOOR)
        total += (new - old) * math.log(new / old)
    return total
