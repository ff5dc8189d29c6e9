"""Landed rows that were about several people and were emptied of one: what the maps still make of the emptied part is left out.

A gift that was sent to somebody erased stays, as the order of who paid. Its receiver was a record of its own: without this, one
without a name would be left of it, or a row in quarantine for its missing key.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.govern.suppressed import Suppressed
from fullcircle.mapping.traced import by_place, paths_of
from fullcircle.mapping.validate import CheckedMap


class Emptied:
    """Leaves out what the maps make of emptied rows: ids that are on the list, and rows whose own key was emptied."""

    def __init__(self, suppressed: Suppressed) -> None:
        self._suppressed = suppressed
        entries = suppressed.entries()
        self._parts = [(digest, detail) for kind, digest, detail in entries if kind == "part"]
        self._is_any = bool(self._parts) or any(kind == "element" for kind, _, _ in entries)

    def leave_out(self, engine: Engine, staged: str, maps: Sequence[CheckedMap]) -> None:
        """Delete them. Not where ids are places in an array: there the next element has the id of the one that is gone."""
        own = [each for each in maps if not by_place(each)]
        if not self._is_any or not own:
            return
        places = ", ".join(str(each.place) for each in own)
        with engine.register("erased_ids", self._suppressed.ids()):
            engine.run(
                f"DELETE FROM {staged} WHERE _place IN ({places}) "
                f"AND {self._suppressed.digest_sql(own[0].table.key)} IN (SELECT digest FROM erased_ids)"
            )
        columns = zip(*self._parts, strict=True) if self._parts else ((), ())
        parts = {name: pa.array(values, pa.string()) for name, values in zip(("digest", "patch"), columns, strict=True)}
        with engine.register("erased_parts", pa.table(parts)):
            for each in own:
                self._without_key(engine, staged, each)

    def _without_key(self, engine: Engine, staged: str, map_: CheckedMap) -> None:
        """Those of a map whose key is a field that was emptied: only their landed row says what they were."""
        pointers = [literal("$" + "".join(f".{quoted(name)}" for name in path)) for path in paths_of(map_, only="key")]
        rows = f"{staged} WHERE _place = {map_.place} AND key IS NULL"
        if not pointers or not engine.value(f"SELECT count(*) FROM {rows}"):
            return
        emptied = " OR ".join(f"json_exists(patch, {pointer})" for pointer in pointers)
        row = self._suppressed.row_sql(map_.settings.source, map_.settings.object)
        engine.run(
            f"DELETE FROM {rows} AND _bad_raw IN (SELECT _raw FROM {map_.landed.view} "
            f"WHERE {row} IN (SELECT digest FROM erased_parts WHERE {emptied}))"
        )
