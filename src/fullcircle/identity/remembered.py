"""Compares only pairs of which a record has changed: the levels of all others are kept from run to run.

The levels of a pair follow from the features of its two records, and the rarity classes of the names of the first, alone. So they
are kept by the fingerprints of these: a record that changed has another fingerprint, and none of its pairs is found. The tables
`pair_levels_<kind>_<basis>` are a cache, one for each kind of records. One begins anew with other conditions or another version
of the engine; pairs of records that are gone or changed are deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from fullcircle.engine.base import Engine, literal
from fullcircle.identity.prepare import WORK

KEPT = "pair_levels"  # what the names of its tables begin with; a, b, low, high: two fingerprints, and levels of five bits each
HALF = 12  # as many levels of five bits as fit into a number
MISSING = 31  # a level that is missing; a comparison has fewer

Compare = Callable[[str, str], None]  # compares the pairs of one scratch table into another


def compare(engine: Engine, of: tuple[str, object, Sequence[str]], prints: str, pairs: str, into: str, anew: Compare) -> None:
    """Fill `into` (code_a, code_b, met, level_<name>) for the pairs, by `anew` for those that were not compared before.

    `of`: the kind of the records, what else the levels depend on, and the names of the comparisons. The scratch table `prints`
    (code, first, second) has two fingerprints of each record: as the first and as the second of a pair.
    """
    kind, basis, names = of
    kept = f"{KEPT}_{kind}_{sha256(repr((basis, engine.value('SELECT version()'))).encode()).hexdigest()[:16]}"
    prints = f"{WORK}.{prints}"
    if not engine.has(kept):
        for other in kept_tables(engine, kind):  # what is of other conditions
            engine.run(f"DROP TABLE {other}")
        anew(pairs, into)
        engine.run(
            f"CREATE TABLE {kept} AS SELECT l.first AS a, r.second AS b, {_packed(names)} FROM {WORK}.{into} c "
            f"JOIN {prints} l ON l.code = c.code_a JOIN {prints} r ON r.code = c.code_b"
        )
        return
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.recalled AS
        SELECT p.*, l.first AS a, r.second AS b, k.low, k.high FROM {WORK}.{pairs} p
            JOIN {prints} l ON l.code = p.join_key_l JOIN {prints} r ON r.code = p.join_key_r
            LEFT JOIN (SELECT a, b, any_value(low) AS low, any_value(high) AS high FROM {kept} GROUP BY a, b) k
                ON k.a = l.first AND k.b = r.second""")
    engine.run(
        f"CREATE OR REPLACE TABLE {WORK}.unknown AS SELECT * EXCLUDE (a, b, low, high) FROM {WORK}.recalled WHERE low IS NULL"
    )
    anew("unknown", "compared")
    engine.run(f"""
        INSERT INTO {kept} SELECT a, b, {_packed(names)} FROM {WORK}.compared c
            JOIN {WORK}.recalled p ON p.join_key_l = c.code_a AND p.join_key_r = c.code_b""")
    levels = ", ".join(f"{_unpacked(place)} AS level_{name}" for place, name in enumerate(names))
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.{into} AS
        SELECT join_key_l AS code_a, join_key_r AS code_b, match_key AS met, {levels}
        FROM {WORK}.recalled WHERE low IS NOT NULL
        UNION ALL BY NAME FROM {WORK}.compared""")
    engine.run(f"DELETE FROM {kept} WHERE NOT (a IN (SELECT first FROM {prints}) AND b IN (SELECT second FROM {prints}))")
    engine.run(f"DROP TABLE {WORK}.recalled; DROP TABLE {WORK}.unknown; DROP TABLE {WORK}.compared")


def kept_tables(engine: Engine, kind: str) -> list[str]:
    """The tables of a kind of records; and that of earlier versions, which held both kinds."""
    rows = engine.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database() AND table_schema = 'main' "
        f"AND (table_name = {literal(KEPT)} OR starts_with(table_name, {literal(f'{KEPT}_{kind}_')})) ORDER BY table_name"
    )
    return [str(name) for (name,) in rows]


def _packed(names: Sequence[str]) -> str:
    """SQL: the levels as two numbers, of the first HALF of the comparisons and of the others."""
    low, high = (
        " + ".join(f"(CAST(coalesce(level_{name}, {MISSING}) AS UBIGINT) << {5 * place})" for place, name in enumerate(half))
        or "CAST(0 AS UBIGINT)"
        for half in (names[:HALF], names[HALF:])
    )
    return f"{low} AS low, {high} AS high"


def _unpacked(place: int) -> str:
    of, place = ("low", place) if place < HALF else ("high", place - HALF)
    return f"CAST(nullif(({of} >> {5 * place}) & {MISSING}, {MISSING}) AS UTINYINT)"
