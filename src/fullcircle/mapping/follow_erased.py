"""After a pull: new rows of erased people that their own key does not give away, because they only point to them.

An order of somebody erased has a key of its own. The maps know whose it is: such rows are put on the list, and taken out again.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from fullcircle.config.sections import MapSettings
from fullcircle.connectors.landing import Landing
from fullcircle.engine.base import Engine
from fullcircle.govern.suppressed import Entry, Suppressed
from fullcircle.mapping.traced import ELEMENTS, IDS, LANDED, TRACED, begin, landed_of, trace


def follow(
    engine: Engine,
    landing: Landing,
    maps: Sequence[MapSettings],
    suppressed: Suppressed,
    only: Set[tuple[str, str]] | None = None,
) -> int:
    """Put the landed rows that belong to erased people on the list; returns how many were not on it."""
    checked = trace(engine, landing, maps, only)
    begin(engine)
    names = f"SELECT DISTINCT unnest(CASE WHEN by_place THEN owners ELSE list_append(owners, id) END) AS id FROM {TRACED}"
    with engine.register("erased_ids", suppressed.ids()):
        engine.run(
            f"INSERT INTO {IDS} SELECT id, min(erasure) FROM (SELECT id, {suppressed.digest_sql('id')} AS digest FROM ({names})) "
            "JOIN erased_ids USING (digest) GROUP BY id"
        )
    landed_of(engine, checked, tables=False)
    return note_landed(engine, suppressed)


def note_landed(engine: Engine, suppressed: Suppressed, erasure: str = "") -> int:
    """Put what `landed_of` found on the list, each under its erasure (or all under this one); returns how many are new."""
    found: dict[str, list[Entry]] = {}
    for of, *entry in entries_of(engine, suppressed):
        found.setdefault(erasure or of, []).append((entry[0], entry[1], entry[2]))
    before = len(suppressed.entries())
    for of, entries in found.items():
        suppressed.add(of, entries)
    return len(suppressed.entries()) - before


def entries_of(engine: Engine, suppressed: Suppressed) -> list[tuple[str, str, str, str]]:
    """What `landed_of` found, as entries of the list with the erasure in front. Hashes only."""
    row = suppressed.digest_sql("concat_ws(chr(31), 'row', source, object, landed)")
    rows = engine.rows(
        f"SELECT erasure, CASE WHEN patch IS NULL THEN 'row' ELSE 'part' END, {row}, coalesce(patch, '') FROM {LANDED} "
        f"UNION ALL SELECT erasure, 'element', {row}, "
        f"CAST(json_object('path', path, 'element', {suppressed.digest_sql('element')}) AS VARCHAR) FROM {ELEMENTS} "
        f"UNION ALL SELECT erasure, 'id', {suppressed.digest_sql('id')}, '' FROM {IDS}"
    )
    return [(of, kind, digest, detail) for of, kind, digest, detail in rows]
