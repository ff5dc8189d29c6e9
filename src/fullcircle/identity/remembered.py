"""Compares only pairs of which a record has changed: the levels of all others are kept from run to run.

The levels of a pair follow from the features of its two records, and the rarity classes of the names of the first, alone. So they
are kept by the fingerprints of these: a record that changed has another fingerprint, and none of its pairs is found. The table
`pair_levels` is a cache. It begins anew with other conditions or another version of the engine; pairs of
records that are gone or changed are deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from fullcircle.engine.base import Engine, literal
from fullcircle.identity.prepare import WORK

PRINTS = "prints"  # the scratch table (code, first, second)
KEPT = "pair_levels"  # (basis, a, b, low, high): the two fingerprints, and the levels in numbers, five bits each
HALF = 12  # as many levels of five bits as fit into a number
MISSING = 31  # a level that is missing; a comparison has fewer

Compare = Callable[[str, str], None]  # compares the pairs of one scratch table into another


def compare(engine: Engine, kind: str, names: list[str], basis: object, pairs: str, into: str, anew: Compare) -> None:
    """Fill `into` (code_a, code_b, met, level_<name>) for the pairs, by `anew` for those that were not compared before.

    `kind` is that of the records. The scratch table PRINTS has two fingerprints of each: as the first and as the second of a
    pair. `basis`: what else the levels depend on.
    """
    of = f"{kind} {sha256(repr((basis, engine.value('SELECT version()'))).encode()).hexdigest()[:16]}"
    engine.run(f"CREATE TABLE IF NOT EXISTS {KEPT} (basis VARCHAR, a UBIGINT, b UBIGINT, low UBIGINT, high UBIGINT)")
    if not engine.value(f"SELECT count(*) FROM (SELECT 1 FROM {KEPT} WHERE basis = {literal(of)} LIMIT 1)"):
        engine.run(f"DELETE FROM {KEPT} WHERE starts_with(basis, {literal(kind + ' ')})")  # what is of other conditions
        anew(pairs, into)
        engine.run(
            f"INSERT INTO {KEPT} SELECT {literal(of)}, l.first, r.second, {_packed(names)} FROM {WORK}.{into} c "
            f"JOIN {WORK}.{PRINTS} l ON l.code = c.code_a JOIN {WORK}.{PRINTS} r ON r.code = c.code_b"
        )
        return
    kept = f"SELECT a, b, any_value(low) AS low, any_value(high) AS high FROM {KEPT} WHERE basis = {literal(of)} GROUP BY a, b"
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.recalled AS
        SELECT p.*, l.first AS a, r.second AS b, k.low, k.high FROM {WORK}.{pairs} p
            JOIN {WORK}.{PRINTS} l ON l.code = p.join_key_l JOIN {WORK}.{PRINTS} r ON r.code = p.join_key_r
            LEFT JOIN ({kept}) k ON k.a = l.first AND k.b = r.second""")
    engine.run(
        f"CREATE OR REPLACE TABLE {WORK}.unknown AS SELECT * EXCLUDE (a, b, low, high) FROM {WORK}.recalled WHERE low IS NULL"
    )
    anew("unknown", "compared")
    engine.run(f"""
        INSERT INTO {KEPT} SELECT {literal(of)}, a, b, {_packed(names)} FROM {WORK}.compared c
            JOIN {WORK}.recalled p ON p.join_key_l = c.code_a AND p.join_key_r = c.code_b""")
    levels = ", ".join(f"{_unpacked(place)} AS level_{name}" for place, name in enumerate(names))
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.{into} AS
        SELECT join_key_l AS code_a, join_key_r AS code_b, match_key AS met, {levels}
        FROM {WORK}.recalled WHERE low IS NOT NULL
        UNION ALL BY NAME FROM {WORK}.compared""")
    engine.run(f"""
        DELETE FROM {KEPT} WHERE basis = {literal(of)} AND NOT (a IN (SELECT first FROM {WORK}.{PRINTS})
            AND b IN (SELECT second FROM {WORK}.{PRINTS}))""")
    engine.run(f"DROP TABLE {WORK}.recalled; DROP TABLE {WORK}.unknown; DROP TABLE {WORK}.compared")


def _packed(names: list[str]) -> str:
    """SQL: the levels as two numbers, of the first HALF of the comparisons and of the others."""
    halves = [
        " + ".join(f"(CAST(coalesce(level_{name}, {MISSING}) AS UBIGINT) << {5 * place})" for place, name in enumerate(half))
        or "0"
        for half in (names[:HALF], names[HALF:])
    ]
    return ", ".join(halves)


def _unpacked(place: int) -> str:
    of, place = ("low", place) if place < HALF else ("high", place - HALF)
    return f"CAST(nullif(({of} >> {5 * place}) & {MISSING}, {MISSING}) AS UTINYINT)"
