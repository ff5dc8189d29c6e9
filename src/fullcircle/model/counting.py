"""Counts in messages: `1 row is`, `1,234 rows are`. See `counted`."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """The number with its noun, and its verb if there is one: `counted(n, "order is", "orders are")`; `many`: `one` with an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
