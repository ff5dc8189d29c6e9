"""A segment as SQL over the tables: `FROM ... WHERE ...`, all conditions together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, NotFound, did_you_mean
from fullcircle.insights.segments.conditions import Condition
from fullcircle.insights.segments.fields import BESIDE, CONSENT, NEEDS_HABITS, segment_field
from fullcircle.insights.segments.sql import condition_sql


def segment_sql(tables: Engine, conditions: Sequence[Condition], today: date | None = None, also: str = "") -> str:
    """The customers (c) who fulfil all conditions; `also` is one more, as SQL. `today`: the day from which days ago count.

    NotFound for what is not in the tables, ConfigError for a consent that nobody was asked for.
    """
    _check_tables(tables, conditions)
    tests = [condition_sql(one, lambda field: _currencies(tables, field), today) for one in conditions]
    beside = "".join(f" LEFT JOIN {table} {name} USING (customer_id)" for table, name in BESIDE.items() if tables.has(table))
    return f"FROM customers c{beside}\nWHERE " + "\n  AND ".join([*([also] if also else []), *tests])


def _check_tables(tables: Engine, conditions: Sequence[Condition]) -> None:
    if not tables.has("customers"):
        raise NotFound("It is not known yet who is who.", "Run `fullcircle run` first.")
    for one in conditions:
        field = segment_field(one.field)
        if field.table and not tables.has(field.table):
            raise NotFound(f'"{one.field}" is not known: there is no table {field.table}.', "A whole `fullcircle run` makes it.")
        if one.field.startswith(CONSENT):
            purposes = [row[0] for row in tables.rows("SELECT DISTINCT purpose FROM customer_consents ORDER BY 1")]
            if (purpose := field.name.removeprefix(CONSENT)) not in purposes:
                raise ConfigError(f'Nobody was asked for consent by "{purpose}".', did_you_mean(purpose, purposes))


def _currencies(tables: Engine, table: str) -> tuple[str, ...]:
    """The currencies in which customers pay, by a table of BESIDE; "" where the sources do not say."""
    if table != NEEDS_HABITS:
        found = f"SELECT DISTINCT coalesce(currency, '') FROM {table} WHERE expected_value IS NOT NULL ORDER BY 1"
    else:
        found = (
            f"SELECT DISTINCT coalesce(currency, '') FROM {table} WHERE amount IS NOT NULL UNION SELECT DISTINCT "
            f"replace(unnest(json_keys(CAST(amounts AS JSON))), '?', '') FROM {table} WHERE amounts IS NOT NULL ORDER BY 1"
        )
    return tuple(row[0] for row in tables.rows(found))
