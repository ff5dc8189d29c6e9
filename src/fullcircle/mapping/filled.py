"""One thing that several maps speak of: an empty value of the newest never hides the filled one of another map.

The buyer of one row may be the attendee of the next; each map knows only some of the columns. Of the rows of one map the newest
alone counts, so that a value that was emptied is empty; between maps the first filled value counts, and so it does between orders
or tickets that only mention somebody. Parts of an address are taken together, from one row.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.validate import CheckedMap
from fullcircle.model.entities import ENTITIES
from fullcircle.model.table import Table

OF_THINGS = ("records", "accounts", "products")
ENTITIES_OR_LINES = {"order_lines", *(entity.table_name for entity in ENTITIES.values())}
PLACE = ("street", "city", "postcode", "region", "country")


def mentions(maps: Sequence[CheckedMap]) -> list[int]:
    """The places of the maps whose rows are orders, tickets ... that only mention the person or the thing."""
    of = {(one.settings.source, one.settings.object) for one in maps if one.table.name in ENTITIES_OR_LINES}
    return [one.place for one in maps if one.table.name in OF_THINGS and (one.settings.source, one.settings.object) in of]


def keep_filled(engine: Engine, staged: str, table: Table, order: str, maps: Sequence[CheckedMap]) -> None:
    """Keep the filled values of rows that are about to be dropped because another row of the same id is newer."""
    engine.run("DROP TABLE IF EXISTS temp.filled_values")
    if table.name not in OF_THINGS:
        return
    of_mentions = f"_place IN ({', '.join(map(str, [-1, *mentions(maps)]))})"
    twice = (
        f"SELECT {table.key} FROM {staged} GROUP BY {table.key} "
        f"HAVING count(DISTINCT _place) > 1 OR count(*) FILTER ({of_mentions}) > 1"
    )
    newest = (
        f"SELECT *, row_number() OVER (PARTITION BY {table.key} ORDER BY {order}) AS _n, "
        f"row_number() OVER (PARTITION BY {table.key}, _place ORDER BY {order}) AS _of_map "
        f"FROM {staged} s WHERE {table.key} IN ({twice})"
    )
    places = _places(table)
    of_places = "{" + ", ".join(f"'{one}': {one}" for one in places) + "}"
    somewhere = f"coalesce({', '.join(places[:3])}) IS NOT NULL" if places else ""
    columns = [f"arg_min({quoted(one)}, _n) FILTER ({quoted(one)} IS NOT NULL) AS {quoted(one)}" for one in _columns(table)]
    columns += [f"arg_min({of_places}, _n) FILTER ({somewhere}) AS _place_of" for _ in places[:1]]
    engine.run(
        f"CREATE TEMP TABLE filled_values AS SELECT {table.key}, {', '.join(columns)} FROM ({newest}) "
        f"WHERE _of_map = 1 OR {of_mentions} "
        f"GROUP BY {table.key}"
    )


def give_filled(engine: Engine, staged: str, table: Table) -> None:
    """Put the kept values where the row that stayed has none."""
    if not engine.has("temp.filled_values"):
        return
    places = _places(table)
    nowhere = f"coalesce({', '.join(f's.{one}' for one in places[:3])}) IS NULL"
    given = [f"{quoted(one)} = coalesce(s.{quoted(one)}, f.{quoted(one)})" for one in _columns(table)]
    given += [f"{one} = CASE WHEN {nowhere} THEN coalesce(f._place_of.{one}, s.{one}) ELSE s.{one} END" for one in places]
    engine.run(f"UPDATE {staged} s SET {', '.join(given)} FROM filled_values f WHERE f.{table.key} = s.{table.key}")
    engine.run("DROP TABLE temp.filled_values")


def _places(table: Table) -> list[str]:
    names = [column.name for column in table.columns]
    return [one for one in PLACE if one in names] if "street" in names else []


def _columns(table: Table) -> list[str]:
    kept = {table.key, "source", "object", "key", "updated_at", *_places(table)}
    return [column.name for column in table.columns if column.name not in kept]
