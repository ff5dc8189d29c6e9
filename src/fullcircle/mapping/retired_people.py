"""A run says how many people are archived, deleted or no longer active, and stay; and how many such rows a `where` leaves out.

Whether they are still customers is for who owns the data, so nothing is done about them here. See `report_retired`.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.connectors.base import META
from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.gone import is_deletion
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.retired import is_retired, may_say_retired
from fullcircle.mapping.propose.words import plain
from fullcircle.mapping.reading.retired import DAY
from fullcircle.mapping.staging import rows_of
from fullcircle.mapping.validate import CheckedMap
from fullcircle.model.counting import counted
from fullcircle.model.entities import ENTITIES
from fullcircle.model.progress import Progress

ACTIVITY = frozenset(("orders", "order_lines", "tickets", "interactions", *(one.table.name for one in ENTITIES.values())))
WHAT = "archived, deleted or no longer active"


def report_retired(engine: Engine, checked: Sequence[CheckedMap], progress: Progress) -> None:
    """Say it for each object with people of its own."""
    of_things = {(one.settings.source, one.settings.object) for one in checked if one.table.name in ACTIVITY}
    said = set()
    for one in checked:
        name = (one.settings.source, one.settings.object)
        if one.table.name == "records" and not one.settings.each and name not in of_things:
            said |= {f"{'.'.join(name)}: {text}" for text in _said(engine, one)}
    for text in sorted(said):
        progress.say(text)


def _said(engine: Engine, one: CheckedMap) -> list[str]:
    rows, where = rows_of(one), one.settings.where or "true"
    found = []
    for column in engine.columns(one.landed.view):
        if column in META.names:
            continue
        if quoted(column) in where and (may_say_retired(column) or is_deletion(plain(column))):
            out = engine.value(f"SELECT count(*) FROM {rows} WHERE NOT coalesce(({where}), false)")
            if out:
                found.append(f"{counted(out, 'row is', 'rows are')} left out by the `where` of its map, which reads {column}.")
        elif may_say_retired(column):
            text = text_of(column)
            distinct, dates = engine.rows(
                f"SELECT count(DISTINCT {text}), coalesce(avg(CAST(regexp_full_match(lower({text}), '{DAY}') AS INTEGER)), 0) "
                f"FROM {rows} WHERE {where}"
            )[0]
            those = is_retired(column, distinct, float(dates))
            many = engine.value(f"SELECT count(*) FROM {rows} WHERE ({where}) AND coalesce({those}, false)") if those else 0
            if many:
                people = counted(many, "person is", "people are")
                found.append(f"{people} {WHAT} by {column}: they stay, with all they did; a `where` in the map leaves them out.")
    return found
