"""Rows of orders and of what happened that the `where` of every map leaves out: they are in no sum, and a run says so."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.staging import rows_of
from fullcircle.mapping.validate import CheckedMap
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

OF_MONEY = frozenset(("orders", "order_lines", "interactions"))


def report_left_out(engine: Engine, checked: Sequence[CheckedMap], progress: Progress) -> None:
    """Say it for each object with amounts; a row that another map of the object reads is not left out."""
    objects: dict[tuple[str, str], list[CheckedMap]] = {}
    for one in checked:
        if one.table.name in OF_MONEY:
            objects.setdefault((one.settings.source, one.settings.object), []).append(one)
    for (source, name), maps in sorted(objects.items()):
        if any(not one.settings.where or one.settings.each for one in maps):
            continue
        read = " OR ".join(f"coalesce(({one.settings.where}), false)" for one in maps)
        amounts = [rule.field for one in maps if (rule := one.settings.fields.get("amount")) and rule.field in one.landed.columns]
        some = f" AND {quoted(amounts[0])} IS NOT NULL" if amounts else ""
        if out := engine.value(f"SELECT count(*) FROM {rows_of(maps[0])} WHERE NOT ({read}){some}"):
            progress.say(
                f"{source}.{name}: {counted(out, 'row is', 'rows are')} left out by the `where` of the maps: what "
                f"{'it says' if out == 1 else 'they say'} is in no order and in no sum."
            )
