"""References that miss their key by the way a number is written. Start at `mend_references`.

A spreadsheet turns the key 17 into 17.0 in one file and not in the other: such a reference gets the key that there is. Leading
zeros are different: 0017 and 17 may be two things. They are not linked, but it is reported where nothing else is in the way.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.validate import CheckedMap
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.tables import CONFORMED

_AS_FLOAT = r"^([0-9]+)\.0+$"
_ZEROS = r"^0+([0-9])"


def mend_references(engine: Engine, maps: Sequence[CheckedMap], progress: Progress) -> None:
    """Give references of the staged tables the key that is meant, and report those that only leading zeros keep apart."""
    for each in maps:
        for column, prefix in each.refs.items():
            ref = each.table.column(column)
            if ref is not None and ref.ref and not (column in each.settings.fields and each.settings.fields[column].by):
                _mend(engine, each, column, prefix, ref.ref, progress)


def _mend(engine: Engine, map_: CheckedMap, column: str, prefix: str, to: str, progress: Progress) -> None:
    staged, target, key = f"staged_{map_.table.name}", f"staged_{to}", CONFORMED[to].key
    ours = f"_place = {map_.place} AND starts_with({quoted(column)}, {literal(prefix)})"
    asked = f"SELECT DISTINCT {quoted(column)} AS ref FROM {staged} WHERE {ours}"
    lost = f"SELECT ref FROM ({asked}) ANTI JOIN {target} t ON t.{key} = ref"
    bare, there = f"substr(ref, {len(prefix) + 1})", f"substr({key}, {len(prefix) + 1})"
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE lost_references AS SELECT ref, {bare} AS bare FROM ({lost}) "
        f"WHERE regexp_full_match({bare}, '[0-9]+(\\.0+)?')"
    )
    if engine.count("lost_references"):
        where = f"{map_.table.name}.{column} from {map_.settings.source}.{map_.settings.object}"
        keys = f"SELECT {key} AS id, {there} AS bare FROM {target} WHERE starts_with({key}, {literal(prefix)})"
        _link(engine, staged, column, ours, _pairs(keys, f"regexp_replace(bare, '{_AS_FLOAT}', '\\1')"), where, progress)
        if column != "pays":  # paid_by.py links those
            _report_zeros(engine, staged, column, ours, _pairs(keys, f"regexp_replace(bare, '{_ZEROS}', '\\1')"), where, progress)
    engine.run("DROP TABLE temp.lost_references")


def _pairs(keys: str, same: str) -> str:
    """SQL: the references and the one key each that they equal if both are written in the same way."""
    return (
        f"SELECT ref, any_value(id) AS id FROM (SELECT ref, {same} AS same FROM lost_references) JOIN "
        f"(SELECT id, {same} AS same FROM ({keys})) USING (same) GROUP BY ref HAVING count(DISTINCT id) = 1"
    )


def _link(engine: Engine, staged: str, column: str, ours: str, pairs: str, where: str, progress: Progress) -> None:
    engine.run(f"CREATE OR REPLACE TEMP TABLE mended_references AS {pairs}")
    rows = engine.value(f"SELECT count(*) FROM {staged} WHERE {ours} AND {quoted(column)} IN (SELECT ref FROM mended_references)")
    if rows:
        engine.run(
            f"UPDATE {staged} SET {quoted(column)} = m.id FROM mended_references m WHERE m.ref = {quoted(column)} AND {ours}"
        )
        engine.run("DELETE FROM lost_references WHERE ref IN (SELECT ref FROM mended_references)")
        progress.say(
            f"{where}: {counted(rows, 'value is', 'values are')} written as 17.0 where the key is 17, or the other "
            "way round. They were linked."
        )
    engine.run("DROP TABLE temp.mended_references")


def _report_zeros(engine: Engine, staged: str, column: str, ours: str, pairs: str, where: str, progress: Progress) -> None:
    rows = engine.value(f"SELECT count(*) FROM {staged} WHERE {ours} AND {quoted(column)} IN (SELECT ref FROM ({pairs}))")
    if rows:
        progress.say(
            f"{where}: {counted(rows, 'value')} would have a key if leading zeros did not count (0017 and 17). "
            f"{'It was' if rows == 1 else 'They were'} not linked: these may be different things. If they are the same, export "
            "both columns as text, or use sql in the map."
        )
