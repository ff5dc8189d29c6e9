"""Checks of who is who that need no truth: sizes, given names, single records, and what changed since the last good run.

A run whose figures break a limit of [identity.limits] is stopped before the graph and the targets are touched. Its tables are
made, so that they can be looked at; the state that it is compared with stays that of the last run that was accepted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentityLimits
from fullcircle.engine.base import Engine
from fullcircle.errors import Unhealthy
from fullcircle.identity.model_change import ModelChanges, regrouping

DDL = """
CREATE TABLE IF NOT EXISTS identity_health (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, measures TEXT NOT NULL, problems TEXT NOT NULL,
    accepted INTEGER NOT NULL);
"""
ACCEPTED = "identity_accepted"  # the members of the last run that was accepted: record_id, customer_id
KEPT = 50  # measures of runs kept in the book
EXAMPLES = 3
INITIALS = 3  # a person with given names of so many different first letters is probably several

_BOTH_TIMES = f"SELECT record_id, a.customer_id AS old, m.customer_id AS new FROM {ACCEPTED} a JOIN members m USING (record_id)"
_GIVEN = "lower(strip_accents(coalesce(given_name, split_part(full_name, ' ', 1))))"
# SQL: customer_id, n (records) and initials of each person: the different first letters of given names, where none of them begins
# half of the names. Many records of one person have slips in some; of several persons none is the rule.
INITIALS_OF_PERSONS = f"""
    SELECT customer_id, n, first_record, last_record,
        CASE WHEN 2 * list_max(map_values(letters)) < list_sum(map_values(letters))
            THEN cardinality(letters) ELSE 1 END AS initials
    FROM (
        SELECT customer_id, count(*) AS n, histogram(nullif(left(trim({_GIVEN}), 1), '')) AS letters,
            arg_min(record_id, (trim({_GIVEN}), record_id)) AS first_record,
            arg_max(record_id, (trim({_GIVEN}), record_id)) AS last_record
        FROM members JOIN records USING (record_id) WHERE coalesce(kind, 'person') = 'person' GROUP BY customer_id)"""


@dataclass(frozen=True, slots=True)
class HealthMeasures:
    """The figures of one run. Shares are between 0 and 1; `changed` is None where there was nothing to compare with."""

    records: int
    customers: int
    singles: float  # share of customers that have only one record
    biggest: int  # records of the customer with the most
    biggest_id: str
    mixed: float  # share of the persons with several records whose given names begin with three letters or more, none with most
    mixed_ids: tuple[str, ...]  # examples
    changed: float | None  # share of the customers of the last accepted run whose records are grouped otherwise now
    changed_ids: tuple[str, ...]  # examples, as their ids were
    customers_before: int


def measure(engine: Engine) -> HealthMeasures:
    """The figures of the tables as they are now."""
    records, customers, single, biggest, biggest_id = engine.rows("""
        WITH size AS (SELECT customer_id, count(*) AS n FROM members GROUP BY customer_id)
        SELECT coalesce(sum(n), 0), count(*), count(*) FILTER (n = 1), coalesce(max(n), 0), arg_max(customer_id, (n, customer_id))
        FROM size
    """)[0]
    several, mixed, mixed_ids = engine.rows(f"""
        WITH names AS ({INITIALS_OF_PERSONS})
        SELECT count(*) FILTER (n > 1), count(*) FILTER (initials >= {INITIALS}),
            list(customer_id ORDER BY initials DESC, customer_id) FILTER (initials >= {INITIALS})[1:{EXAMPLES}] FROM names""")[0]
    changed, before, changed_ids = _changes(engine)
    return HealthMeasures(
        int(records), customers, single / customers if customers else 0.0, int(biggest), biggest_id or "",
        mixed / several if several else 0.0, tuple(mixed_ids or ()),
        changed / before if before else None, tuple(changed_ids or ()), before,
    )  # fmt: skip


def _changes(engine: Engine) -> tuple[int, int, Sequence[str] | None]:
    """Customers grouped otherwise than in the last accepted run, all, and examples. Records that came or went do not count."""
    if not engine.has(ACCEPTED):
        return 0, 0, None
    found: tuple[int, int, Sequence[str] | None] = engine.rows(f"""
        WITH {regrouping(_BOTH_TIMES)}
        SELECT count(*) FILTER (other), count(*), list(old ORDER BY old) FILTER (other)[1:{EXAMPLES}] FROM judged""")[0]
    return found


def problems(found: HealthMeasures, limits: IdentityLimits, expected: bool = False) -> list[str]:
    """What breaks a limit, in words with figures. `expected`: changes do not count."""
    small = found.customers < limits.smallest
    broken = []
    if limits.biggest and found.biggest > limits.biggest:
        broken.append(f"{found.biggest_id} has {found.biggest:,} records (limit {limits.biggest:,})")
    if not small and found.mixed > limits.mixed:
        broken.append(
            f"{found.mixed:.1%} of the persons with several records have given names of {INITIALS} first letters or more, "
            f"none of them in half of the records (limit {limits.mixed:.1%}), for example {', '.join(found.mixed_ids)}"
        )
    if not small and not limits.singles[0] <= found.singles <= limits.singles[1]:
        low, high = limits.singles
        broken.append(f"{found.singles:.1%} of the customers have one record only (limits {low:.1%} and {high:.1%})")
    if (
        not expected
        and found.customers_before >= limits.smallest
        and found.changed is not None
        and found.changed > limits.changed
    ):
        broken.append(
            f"{found.changed:.1%} of the customers have other records than before (limit {limits.changed:.1%}), "
            f"for example {', '.join(found.changed_ids)}"
        )
    return broken


def check(engine: Engine, book: Book, limits: IdentityLimits, accept: bool) -> HealthMeasures:
    """Measure, note the figures in the book, and stop a bad run (Unhealthy), unless it is accepted.

    After a person has applied new match weights, many customers may have other records.
    """
    found, changes = measure(engine), ModelChanges(book)
    broken = problems(found, limits, expected=changes.unproven())
    book.define(DDL)
    good = accept or not broken
    with book.transaction():
        book.write(
            "INSERT INTO identity_health (at, measures, problems, accepted) VALUES (?, ?, ?, ?)",
            (datetime.now(UTC).isoformat(timespec="seconds"), json.dumps(asdict(found)), json.dumps(broken), int(good)),
        )
        if good:
            changes.prove()
        book.write("DELETE FROM identity_health WHERE number <= (SELECT max(number) FROM identity_health) - ?", (KEPT,))
    if not good:
        raise Unhealthy(
            f"The run was stopped before the graph, because who is who looks wrong: {'; '.join(broken)}.",
            "Look at `fullcircle identity health`, `fullcircle review` and `fullcircle how CUSTOMER`. If it is right, "
            "`fullcircle run --accept` goes on; the limits are in [identity.limits].",
        )
    engine.run(f"CREATE OR REPLACE TABLE {ACCEPTED} AS SELECT record_id, customer_id FROM members")
    return found


@dataclass(frozen=True, slots=True)
class HealthNote:
    """The figures of one run, as the book keeps them."""

    at: str
    measures: HealthMeasures
    problems: tuple[str, ...]
    accepted: bool


def notes(book: Book, limit: int = 10) -> list[HealthNote]:
    """The figures of the last runs of `resolve`, newest first."""
    if not book.read("SELECT 1 FROM sqlite_master WHERE name = 'identity_health'"):
        return []
    rows = book.read("SELECT at, measures, problems, accepted FROM identity_health ORDER BY number DESC LIMIT ?", (limit,))
    return [HealthNote(at, _read(text), tuple(json.loads(broken)), bool(good)) for at, text, broken, good in rows]


def _read(text: str) -> HealthMeasures:
    data: dict[str, Any] = json.loads(text)
    known = {one.name for one in fields(HealthMeasures)}
    lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
    return HealthMeasures(**{name: value for name, value in (data | lists).items() if name in known})
