"""Keeps the rows that were read from landed ones, so that the next run reads only what landed since. Start at `KeptRows.changed`.

What a map makes of a landed row depends on this row and on the text of the SQL that reads it, in which the map, the columns, the
country and all that was decided about whole columns (which of day and month comes first ...) are written out. So the staged rows
of a table are kept in the schema `kept`, with a fingerprint of that text. While it is the same and no landed file is gone, only
the rows of the keys in new files are read again, by the same SQL. Without a state, with another text, files or erased people, if
much changed, or where the SQL of a map looks at more than its row, everything is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fullcircle import __version__
from fullcircle.connectors.landing import LandedFile, Landing
from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.validate import CheckedMap
from fullcircle.model.table import Table

KEPT = "kept"
STATE = f"{KEPT}.state"
SMALLEST = 20_000  # landed rows of a table; of fewer, to keep them costs as much as to read them
MOST = 0.2  # of the landed rows of an object; if more of them are new, everything is read
GONE = "kept_gone"  # (place, seq): the landed rows that count no more


@dataclass(frozen=True, slots=True)
class ToRead:
    """What is to be read again of a table whose other rows are kept."""

    maps: Sequence[CheckedMap]  # those of which landed rows are new, narrowed to the keys of these
    text: str  # fingerprint of the SQL that read what is kept
    plain: bool  # nothing had to be decided about its columns


@dataclass(frozen=True, slots=True)
class HowRead:
    """How a table was read: what changed, or everything (None), and what it says of the rows for the next time."""

    changed: ToRead | None
    text: str
    plain: bool


class KeptRows:
    """The kept rows of all tables, for one run of `conform`.

    `about`: what else the rows depend on. `late`: nothing is written before `end`, as all may have to be read again, without
    somebody who was erased. `anew`: what is kept is not used.
    """

    def __init__(self, engine: Engine, landing: Landing, about: str = "", late: bool = False, anew: bool = False) -> None:
        self._engine, self._landing, self._late = engine, landing, late
        self._about = f"{__version__} {engine.value('SELECT version()')} {about}"
        self._states = {} if anew else self._read()
        self._waiting: dict[str, tuple[HowRead, str]] = {}  # table -> how it was read and its state, to be written at the end
        self._kept: set[str] = set()
        self._looked_at: dict[str, Sequence[LandedFile]] = {}  # view -> the new files of which there are temporary tables
        self._by_row: dict[str, bool] = {}

    def is_worth(self, maps: Sequence[CheckedMap]) -> bool:
        """True if there is enough to keep, and every row is made of one landed row alone."""
        landed = sum(file.rows for which in _by_object(maps) for file in self._landing.listed(*which))
        return landed >= SMALLEST and all("_seq" in one.landed.columns and self._is_by_row(one) for one in maps)

    def changed(self, table: Table, maps: Sequence[CheckedMap]) -> ToRead | None:
        """What is to be read again; None: everything."""
        state = self._states.get(table.name)
        if state is None or state["about"] != self._basis(maps) or not self._is_whole(table, state["rows"]):
            return None
        self._engine.run(f"CREATE OR REPLACE TEMP TABLE {GONE} (place INTEGER, seq BIGINT)")
        narrowed: list[CheckedMap] = []
        for which, ours in _by_object(maps).items():
            now = {_named(file): file for file in self._landing.listed(*which)}
            before = set(state["files"][repr(which)])
            new = [file for name, file in now.items() if name not in before]
            rows = sum(file.rows for file in now.values())
            if before - now.keys() or sum(file.rows for file in new) > MOST * rows:
                return None
            if new:
                narrowed += self._narrowed(which, ours, new)
        return ToRead(narrowed, state["text"], state["plain"])

    def text(self, sql: str) -> str:
        """The fingerprint of the SQL that reads a table."""
        return hashlib.sha256(sql.encode()).hexdigest()

    def keep(self, table: Table, staged: str, maps: Sequence[CheckedMap], reading: HowRead) -> None:
        """Keep what was read; if that is only what changed, make the staged table whole."""
        if not self.is_worth(maps):
            return
        self._kept.add(table.name)
        state = json.dumps({
            "about": self._basis(maps), "text": reading.text, "plain": reading.plain,
            "files": {repr(one): [_named(file) for file in self._landing.listed(*one)] for one in _by_object(maps)},
        })  # fmt: skip
        if reading.changed is None and not self._late:
            with self._engine.transaction():
                self._write(table.name, f"SELECT * REPLACE ({self._seq(maps, landed=True)}) FROM {staged}", reading, state)
            return
        waiting, there = f"kept_{table.name}", f"{KEPT}.{table.name}"
        self._waiting[table.name] = reading, state
        self._engine.run(
            f"CREATE OR REPLACE TEMP TABLE {waiting} AS SELECT * REPLACE ({self._seq(maps, landed=True)}) FROM {staged}"
        )
        if reading.changed is None:
            return
        self._engine.run(f"CREATE OR REPLACE TEMP TABLE {waiting}_gone AS FROM {GONE}")
        stay = f"SELECT * FROM {there} k ANTI JOIN {waiting}_gone g ON g.place = k._place AND g.seq = k._seq"
        both = f"SELECT * FROM ({stay}) UNION ALL BY NAME SELECT * FROM {waiting}"
        self._engine.run(f"CREATE OR REPLACE TEMP TABLE {staged} AS SELECT * REPLACE ({self._seq(maps)}) FROM ({both})")

    def end(self) -> None:
        """All was read: write what waited, and forget what belongs to no table of now."""
        engine = self._engine
        with engine.transaction():
            for name, (reading, state) in self._waiting.items():
                self._write(name, f"SELECT * FROM kept_{name}", reading, state)
            for name in [name for name in self._read() if name not in self._kept]:
                engine.run(f"DROP TABLE IF EXISTS {KEPT}.{name}; DELETE FROM {STATE} WHERE name = {literal(name)}")
        for name in self._waiting:
            engine.run(f"DROP TABLE temp.kept_{name}; DROP TABLE IF EXISTS temp.kept_{name}_gone")
        for name in (GONE, *(f"{view}_{what}" for view in self._looked_at for what in ("keys", "seqs", "new"))):
            engine.run(f"DROP TABLE IF EXISTS temp.{name}")

    # -- what decides ------------------------------------------------------------------------------------------------------
    def _read(self) -> dict[str, dict[str, Any]]:
        if not self._engine.has(STATE):
            return {}
        return {
            name: {**json.loads(state), "rows": rows}
            for name, state, rows in self._engine.rows(f"SELECT name, state, rows FROM {STATE}")
        }

    def _basis(self, maps: Sequence[CheckedMap]) -> str:
        columns = [(one.landed.source, one.landed.name, [*one.landed.columns.items()]) for one in maps]
        return self.text(repr((self._about, columns)))

    def _is_whole(self, table: Table, rows: int) -> bool:
        name = f"{KEPT}.{table.name}"
        return self._engine.has(name) and self._engine.count(name) == rows

    def _is_by_row(self, map_: CheckedMap) -> bool:
        settings = map_.settings
        texts = [text for rule in settings.fields.values() for text in (rule.sql, rule.otherwise) if text]
        texts += [settings.where] if settings.where else []
        texts += [settings.each[1:]] if settings.each.startswith("=") else []
        for text in texts:
            if text not in self._by_row:
                self._by_row[text] = self._engine.is_of_row(text)
        return all(self._by_row[text] for text in texts)

    # -- what changed ------------------------------------------------------------------------------------------------------
    def _narrowed(self, which: tuple[str, str], maps: Sequence[CheckedMap], new: Sequence[LandedFile]) -> list[CheckedMap]:
        """The maps of an object, over the rows of the keys in the new files alone; notes which kept rows these replace."""
        engine, landing, view = self._engine, self._landing, maps[0].landed.view
        if self._looked_at.get(view) != new:
            files = [landing.reader(which[0], [landing.root / file.path]) for file in new]
            keys = " UNION ".join(f"SELECT _key FROM {file}" for file in files)
            engine.run(f"CREATE OR REPLACE TEMP TABLE {view}_keys AS {keys}")
            seqs = landing.places_sql(*which, f"{view}_keys")
            engine.run(f"CREATE OR REPLACE TEMP TABLE {view}_seqs AS SELECT _seq FROM ({seqs})")
            sql = landing.current_sql(*which, numbered=True, among=f"{view}_keys")
            engine.run(f"CREATE OR REPLACE TEMP TABLE {view}_new AS {sql}")
            self._looked_at[view] = new
        places = ", ".join(f"({one.place})" for one in maps)
        engine.run(f"INSERT INTO {GONE} SELECT place, _seq FROM {view}_seqs, (VALUES {places}) p(place)")
        return [replace(one, landed=replace(one.landed, view=f"{view}_new")) for one in maps]

    def _seq(self, maps: Sequence[CheckedMap], landed: bool = False) -> str:
        """SQL for `_seq` as it counts among the landed files of now, of what is kept; `landed`: the reverse.

        Kept is the place in the order of landing: it stays, while that in which rows count may change with each file.
        """
        when = []
        for which, ours in _by_object(maps).items():
            turns = self._landing.turns(*which)
            if turns is None:
                continue
            known = turns if landed else [turns.index(at) + 1 if at in turns else None for at in range(1, max(turns) + 1)]
            listed = ", ".join("NULL" if one is None else str(one) for one in known)
            places = ", ".join(str(one.place) for one in ours)
            when.append(f"WHEN _place IN ({places}) THEN (([{listed}]::BIGINT[])[_seq >> 32] << 32) + (_seq & 4294967295)")
        return f"CASE {' '.join(when)} ELSE _seq END AS _seq" if when else "_seq AS _seq"

    def _write(self, name: str, rows: str, reading: HowRead, state: str) -> None:
        engine, there = self._engine, f"{KEPT}.{name}"
        engine.run(
            f"CREATE SCHEMA IF NOT EXISTS {KEPT}; CREATE TABLE IF NOT EXISTS {STATE} (name VARCHAR, state VARCHAR, rows BIGINT)"
        )
        if reading.changed is None:
            engine.run(f"CREATE OR REPLACE TABLE {there} AS {rows}")
        else:
            engine.run(f"DELETE FROM {there} k USING kept_{name}_gone g WHERE g.place = k._place AND g.seq = k._seq")
            engine.run(f"INSERT INTO {there} BY NAME {rows}")
        engine.run(f"DELETE FROM {STATE} WHERE name = {literal(name)}")
        engine.run(f"INSERT INTO {STATE} SELECT {literal(name)}, {literal(state)}, count(*) FROM {there}")


def _by_object(maps: Sequence[CheckedMap]) -> dict[tuple[str, str], list[CheckedMap]]:
    found: dict[tuple[str, str], list[CheckedMap]] = {}
    for one in maps:
        found.setdefault((one.landed.source, one.landed.name), []).append(one)
    return found


def _named(file: LandedFile) -> str:
    """What a file is known by: another one of the same number, or of other content, is another file."""
    return f"{file.path} {file.number} {file.sha256} {' '.join(file.like[1:])}"
