"""Draws the money check: one line for each object and currency, in parts that add up; beneath it, what does not count and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fullcircle.serve.cli.output import say, table
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.ask.money_check import MoneyOfObject

TITLE = "Money: read = spent + owed + given back + uncounted"


def draw_money(found: Sequence[MoneyOfObject]) -> None:
    """Print it for a person; nothing where there are no amounts."""
    if not found:
        return
    rows = [
        {
            "object": f"{one.source}.{one.object}", "currency": one.currency, "entries": one.entries, "read": float(one.amount),
            "spent": float(one.spent), "owed": float(one.owed), "back": float(one.given_back),
            "uncounted": float(one.not_counted),
        }
        for one in found
    ]  # fmt: skip
    table(TITLE, rows, worth=("object", "read", "spent", "uncounted", "owed", "back", "currency", "entries"))
    for place, one in enumerate(found):
        name = " ".join(part for part in (f"{one.source}.{one.object}", one.currency) if part)
        for note in one.notes():
            say(f"  {plain(f'{name}: {note}')}")
        last = all((each.source, each.object) != (one.source, one.object) for each in found[place + 1 :])
        if last and one.quarantined:
            say(f"  {plain(f'{one.source}.{one.object}: {one.lost()}')}")
