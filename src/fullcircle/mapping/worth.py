"""Sums of money as messages say them: one for each currency. Amounts of different currencies are never added."""

from __future__ import annotations

from collections.abc import Iterator

from fullcircle.engine.base import Engine, literal
from fullcircle.model.counting import money

CENT = 0.005  # sums that differ by no more are the same


def worth(engine: Engine, amount: str, rows: str, currency: str = "currency") -> str:
    """`1,234.00 EUR and 20.00 CHF`: the sums of an amount (SQL) over rows (SQL from FROM on); of none, `0.00`."""
    found = engine.rows(
        f"SELECT {currency} AS c, CAST(sum({amount}) AS DOUBLE) AS s {rows} GROUP BY c HAVING s IS NOT NULL ORDER BY c"
    )
    return " and ".join(money(total, name) for name, total in found) or "0.00"


def by_object(engine: Engine, amount: str, rows: str) -> Iterator[tuple[str, int, str]]:
    """For each object of a source: its name as messages have it, how many of the rows are of it, and what they are worth.

    `rows`: SQL from FROM on, with a condition at its end; it has the columns source and object.
    """
    for source, name, number in engine.rows(f"SELECT source, object, count(*) {rows} GROUP BY ALL ORDER BY ALL"):
        ours = f"{rows} AND source = {literal(source)} AND object = {literal(name)}"
        yield f"{source}.{name}", int(number), worth(engine, amount, ours)
