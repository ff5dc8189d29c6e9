"""Leaves out the rows of erased people: of a batch before it is landed, and of the files that are landed already.

A row is theirs if its key is on the list, or if a cell of it is an identifier that is. Of a row that is also about others only
the fields about the erased person are emptied.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fullcircle.connectors.base import META, Batch
from fullcircle.connectors.landing import REJECTS, ROWS, Landing
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.govern.suppressed import Entry, Suppressed
from fullcircle.govern.tokens import tokens_of_json, tokens_of_text
from fullcircle.model.progress import Progress

Places = npt.NDArray[np.int64]
PLACE, RAW = "_place_in_batch", "_raw_in_batch"  # beside the columns of the source, which may have any other name
LISTS = ("row", "value", "part", "element", "id")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The outcome for one table of rows: what stays, and how many rows are gone, and how many have emptied fields."""

    rows: pa.Table
    gone: int
    emptied: int


class ErasedRows:
    """Knows the rows of erased people; open while rows are looked at."""

    def __init__(self, engine: Engine, suppressed: Suppressed) -> None:
        self._engine, self._suppressed = engine, suppressed

    def among(self, source: str, object: str, rows: pa.Table) -> LeftOut:
        """The rows (META, then others) without those of erased people."""
        rows, emptied = self._emptied(source, object, rows)
        rows, shorter = self._shortened(source, object, rows)
        emptied += shorter
        gone = self.found(source, object, rows)
        self._note_keys(source, object, rows, gone)
        return LeftOut(_without(rows, gone), len(gone), emptied)

    def found(self, source: str, object: str, rows: pa.Table) -> Places:
        """The positions of the rows of erased people."""
        with self._engine.register("looked_at", _numbered(rows)):
            raw = f"SELECT {PLACE} AS n, coalesce(_raw, CAST(to_json(l) AS VARCHAR)) AS raw FROM looked_at l"
            return self._matching(
                f"SELECT {PLACE} AS n, {self._row(source, object)} AS d FROM looked_at", tokens_of_json(raw, "raw")
            )

    def among_rejects(self, source: str, object: str, rejects: pa.Table) -> LeftOut:
        """Rejected rows (key, reason, raw) without those of erased people: by key, by their text, or by what is in it."""
        with self._engine.register("looked_at", _numbered(rejects)):
            keys = " UNION ALL ".join(
                f"SELECT {PLACE} AS n, {self._row(source, object, text)} AS d FROM looked_at"
                for text in ("coalesce(key, '')", "coalesce(raw, '')")
            )
            gone = self._matching(keys, tokens_of_text(f"SELECT {PLACE} AS n, coalesce(raw, '') AS raw FROM looked_at", "raw"))
        return LeftOut(_without(rejects, gone), len(gone), 0)

    def keys(self, source: str, object: str, keys: pa.ChunkedArray) -> Places:
        """The positions of those keys that are on the list."""
        with self._engine.register("looked_at", _numbered(pa.table({"_key": keys}))):
            sql = f"SELECT {PLACE} AS n FROM looked_at WHERE {self._row(source, object)} IN (SELECT digest FROM erased_row)"
            return _places(self._engine.arrow(f"{sql} ORDER BY n"))

    def in_table(self, rows: str) -> Places:
        """Of a SELECT (n, raw, id) of another table: the n of rows with an identifier, or of a record, that is listed."""
        found = self._matching("SELECT 0 AS n, '' AS d WHERE false", tokens_of_json(rows, "raw"))
        pointed = f"SELECT n FROM ({rows}) WHERE {self._suppressed.digest_sql('id')} IN (SELECT digest FROM erased_id)"
        return np.union1d(found, _places(self._engine.arrow(pointed)))

    def _note_keys(self, source: str, object: str, rows: pa.Table, gone: Places) -> None:
        """Somebody who comes back under a new key: put the key on the list, so that what points to it is known, too."""
        if not len(gone):
            return
        keys = pa.table({"_key": rows["_key"].take(pa.array(gone)), PLACE: pa.array(gone)})
        record = f"{literal(f'record:{source}:{object}:')} || _key"
        with self._engine.register("keys_gone", keys):
            found = self._engine.rows(
                f"SELECT digest, {self._row(source, object)} AS row, {self._suppressed.digest_sql(record)} FROM keys_gone "
                f"JOIN found_values ON n = {PLACE} WHERE row NOT IN (SELECT digest FROM erased_row)"
            )
        for value, row, id in found:
            self._suppressed.add_beside(value, [("row", row, ""), ("id", id, "")])

    def _row(self, source: str, object: str, key: str = "_key") -> str:
        return self._suppressed.row_sql(source, object, key)

    def _matching(self, rows: str, tokens: str) -> Places:
        """Of SELECTs (n, d) of hashes and (n, token): the n that are on the list."""
        engine = self._engine
        engine.run(f"CREATE OR REPLACE TEMP TABLE seen_tokens AS {tokens}")
        hashed = f"SELECT token, {self._suppressed.digest_sql('token')} AS d FROM (SELECT DISTINCT token FROM seen_tokens)"
        engine.run(
            f"CREATE OR REPLACE TEMP TABLE found_values AS SELECT n, min(digest) AS digest FROM seen_tokens JOIN ({hashed}) "
            "USING (token) JOIN erased_value ON digest = d GROUP BY n"
        )
        found = engine.arrow(
            f"SELECT n FROM ({rows}) WHERE d IN (SELECT digest FROM erased_row) UNION SELECT n FROM found_values ORDER BY n"
        )
        engine.run("DROP TABLE seen_tokens")
        return _places(found)

    def _emptied(self, source: str, object: str, rows: pa.Table) -> tuple[pa.Table, int]:
        """The rows with what is about erased people emptied, in the typed columns and in the raw record."""
        engine = self._engine
        if not engine.count("erased_part"):
            return rows, 0
        with engine.register("looked_at", _numbered(rows)):
            patched = (
                f"SELECT {PLACE}, detail AS patch_of_row FROM looked_at JOIN erased_part ON digest = {self._row(source, object)}"
            )
            own = [name for name in rows.schema.names if name not in {*META.names, "_seq"}]
            emptied = [
                f"CASE WHEN list_contains(list_transform(json_keys(patch_of_row), lambda k: lower(k)), {literal(name.lower())}) "
                f"THEN {_what_stays(name, rows.schema.field(name).type)} ELSE {quoted(name)} END AS {quoted(name)}"
                for name in own
            ]
            raw = "CASE WHEN json_valid(_raw) THEN CAST(json_merge_patch(_raw, patch_of_row) AS VARCHAR) END AS _raw"
            new = f"SELECT l.* REPLACE ({', '.join([raw, *emptied])}) FROM looked_at l JOIN ({patched}) USING ({PLACE})"
            changed = engine.arrow(
                f"SELECT n.* FROM ({new}) n JOIN looked_at l USING ({PLACE}) WHERE n._raw IS DISTINCT FROM l._raw"
            )
        return _replaced(rows, changed)

    def _shortened(self, source: str, object: str, rows: pa.Table) -> tuple[pa.Table, int]:
        """The rows without the elements of arrays that are about erased people."""
        engine, total = self._engine, 0
        for (path,) in engine.rows("SELECT DISTINCT detail ->> 'path' FROM erased_element ORDER BY 1"):
            names: list[str] = json.loads(path)
            known = engine.rows(f"SELECT detail ->> 'element' FROM erased_element WHERE detail ->> 'path' = {literal(path)}")
            hashes = f"[{', '.join(literal(row[0]) for row in known)}]"
            at = literal("$" + "".join(f'."{name}"' for name in names))
            stay = (
                f"list_filter(json_extract(_raw, {at} || '[*]'), "
                f"lambda e: NOT list_contains({hashes}, {self._suppressed.digest_sql('CAST(e AS VARCHAR)')}))"
            )
            head = literal("".join(f"{{{json.dumps(name)}:" for name in names))
            patch = f"{head} || CAST(to_json({stay}) AS VARCHAR) || {literal('}' * len(names))}"
            column = next((name for name in rows.schema.names if name.lower() == names[0].lower()), "")
            text = (
                f", CAST(json_extract({RAW}, {literal(f'$.{quoted(names[0])}')}) AS VARCHAR) AS {quoted(column)}"
                if column
                else ""
            )
            with engine.register("looked_at", _numbered(rows)):
                listed = f"{self._row(source, object)} IN (SELECT digest FROM erased_element)"
                new = f"SELECT *, CAST(json_merge_patch(_raw, {patch}) AS VARCHAR) AS {RAW} FROM looked_at WHERE {listed} "
                new += f"AND json_valid(_raw) AND json_type(_raw, {at}) = 'ARRAY'"
                changed = engine.arrow(
                    f"SELECT * EXCLUDE ({RAW}) REPLACE ({RAW} AS _raw{text}) FROM ({new}) "
                    f"WHERE json_array_length({RAW}, {at}) < json_array_length(_raw, {at})"
                )
            rows, number = _replaced(rows, changed)
            total += number
        return rows, total


def _replaced(rows: pa.Table, changed: pa.Table) -> tuple[pa.Table, int]:
    """The rows, with the changed ones (which have PLACE) in their places; and how many these are."""
    if not changed.num_rows:
        return rows, 0
    places = changed[PLACE].to_numpy()
    order = np.arange(rows.num_rows)
    order[places] = rows.num_rows + np.arange(len(places))
    both = pa.concat_tables([rows, changed.select(rows.schema.names).cast(rows.schema)])
    return both.take(pa.array(order)), len(places)


@contextmanager
def erased_rows(engine: Engine, suppressed: Suppressed, entries: Sequence[Entry] | None = None) -> Iterator[ErasedRows]:
    """Open the list for looking at rows; or only these entries of it."""
    entries = suppressed.entries() if entries is None else entries
    for kind in LISTS:
        chosen = [(digest, detail) for of, digest, detail in entries if of == kind]
        table = pa.table(
            {name: pa.array([row[place] for row in chosen], pa.string()) for place, name in enumerate(("digest", "detail"))}
        )
        with engine.register("listed", table):
            engine.run(f"CREATE OR REPLACE TEMP TABLE erased_{kind} AS SELECT * FROM listed")
    try:
        yield ErasedRows(engine, suppressed)
    finally:
        for name in ("found_values", *(f"erased_{kind}" for kind in LISTS)):
            engine.run(f"DROP TABLE IF EXISTS temp.{name}")


def left_out(erased: ErasedRows, source: str, object: str, batch: Batch) -> tuple[Batch, int]:
    """The batch without the rows of erased people, and how many are left out."""
    rows = erased.among(source, object, batch.rows) if batch.rows.num_rows else LeftOut(batch.rows, 0, 0)
    if batch.rejects is None or not batch.rejects.num_rows:
        return (replace(batch, rows=rows.rows) if rows.gone or rows.emptied else batch), rows.gone
    rejects = erased.among_rejects(source, object, batch.rejects)
    return replace(batch, rows=rows.rows, rejects=rejects.rows), rows.gone + rejects.gone


def take_out(erased: ErasedRows, landing: Landing, progress: Progress) -> dict[str, int]:
    """Write the landed files that have rows of erased people again, without them: all versions of a row, and rejected ones.

    Killed at any point, each file is the old or the new one; doing it again finds nothing to do.
    """
    counts = {"rows": 0, "rejects": 0, "emptied": 0, "files": 0}
    for source, object in landing.objects():
        progress.step(f"{source}.{object}: looking for rows of erased people")
        for kind, paths in ((ROWS, landing.files(source, object)), (REJECTS, landing.rejects(source, object))):
            for path in paths:
                rows = landing.read(source, path)
                look = erased.among if kind == ROWS else erased.among_rejects
                found = look(source, object, rows)
                progress.advance(rows.num_rows)
                if found.gone or found.emptied:
                    landing.rewrite(source, path, found.rows)
                    counts["rows" if kind == ROWS else "rejects"] += found.gone
                    counts["emptied"] += found.emptied
                    counts["files"] += 1
    landing.tidy()
    return counts


def _numbered(rows: pa.Table) -> pa.Table:
    return rows.append_column(PLACE, pa.array(np.arange(rows.num_rows)))


def _places(found: pa.Table) -> Places:
    return np.asarray(found["n"].to_numpy(), dtype=np.int64)


def _without(rows: pa.Table, gone: Places) -> pa.Table:
    if not len(gone):
        return rows
    stays = np.ones(rows.num_rows, dtype=bool)
    stays[gone] = False
    return rows.filter(pa.array(stays))


def _what_stays(name: str, kind: pa.DataType) -> str:
    """SQL: a column with JSON keeps what is not emptied within it."""
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return "NULL"
    inner = literal(f"$.{quoted(name)}")
    kept = f"CAST(json_extract(json_merge_patch(_raw, patch_of_row), {inner}) AS VARCHAR)"
    return f"CASE WHEN json_type(patch_of_row, {inner}) = 'OBJECT' AND json_valid(_raw) THEN {kept} END"
