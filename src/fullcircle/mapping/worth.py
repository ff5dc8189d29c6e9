"""Sums of money as messages say them: one for each currency. Amounts of different currencies are never added."""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.model.counting import money

CENT = 0.005  # sums that differ by no more are the same


def worth(engine: Engine, amount: str, rows: str, currency: str = "currency") -> str:
    """`1,234.00 EUR and 20.00 CHF`: the sums of an amount (SQL) over rows (SQL from FROM on); of none, `0.00`."""
    found = engine.rows(
        f"SELECT {currency} AS c, CAST(sum({amount}) AS DOUBLE) AS s {rows} GROUP BY c HAVING s IS NOT NULL ORDER BY c"
    )
    return " and ".join(money(total, name) for name, total in found) or "0.00"
