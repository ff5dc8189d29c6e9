"""Counts and sums in messages: `1 row is`, `1,234 rows are`, `20.00 CHF`. See `counted` and `money`."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """The number with its noun, and its verb if there is one: `counted(n, "order is", "orders are")`; `many`: `one` with an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def money(amount: float, currency: str | None) -> str:
    """A sum with its currency, if it has one: `1,234.00 EUR`."""
    return f"{amount:,.2f} {currency or ''}".strip()
