"""Computes match weights in SQL: the level of each comparison, the weight against strangers and the weight against kin."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import log2

import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.identity.model import ELSE, Comparison, Level, MatchModel, exact_levels
from fullcircle.identity.prepare import WORK

LEVELS = "levels"  # the scratch table of the candidate pairs and their levels
FLOOR = -4.0  # pairs with a lower weight are dropped
_SIDED = re.compile(r"\b([a-z_]+)_[lr]\b")


def score(engine: Engine, model: MatchModel, pairs: str, into: str, floor: float | None = FLOOR) -> int:
    """Score the pairs of one scratch table into another (code_a, code_b, met, level_*, against_*, weight); returns its rows."""
    if not engine.rows(f"FROM duckdb_tables() WHERE database_name = '{WORK}' AND table_name = '{LEVELS}'"):
        compare(engine, model, pairs, LEVELS)  # unless learning has compared them already
    names = ", ".join(f"level_{comparison.name}" for comparison in model.comparisons)
    where = f"WHERE weight >= {floor}" if floor is not None else ""
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.{into} AS
        SELECT * FROM (
            SELECT *, -log2(pow(2.0, -against_strangers) + pow(2.0, -against_kin)) AS weight FROM (
                SELECT code_a, code_b, met, {names},
                    {stranger_weight(model)} - {name_dependence_sql(model)} AS against_strangers,
                    {kin_weight(model)} AS against_kin
                FROM {WORK}.{LEVELS}))
        {where}""")
    engine.run(f"DROP TABLE {WORK}.{LEVELS}")
    return engine.count(f"{WORK}.{into}")


def compare(engine: Engine, model: MatchModel, pairs: str, into: str) -> None:
    """The level of each comparison of each pair: code_a, code_b, met, level_<name> (null: missing)."""
    _compared(engine, model)
    sides = ", ".join(f"{side}.{column} AS {column}_{side}" for column in sorted(columns_of(model)) for side in "lr")
    levels = ", ".join(f"{level_sql(comparison)} AS level_{comparison.name}" for comparison in model.comparisons)
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.{into} AS
        SELECT code_a, code_b, met, {levels}
        FROM (SELECT p.join_key_l AS code_a, p.join_key_r AS code_b, p.match_key AS met, {sides}
              FROM {WORK}.{pairs} p JOIN {WORK}.compared l ON l.code = p.join_key_l
                  JOIN {WORK}.compared r ON r.code = p.join_key_r)""")
    engine.run(f"DROP TABLE {WORK}.compared")


def columns_of(model: MatchModel) -> set[str]:
    """The features that a model compares."""
    return {found for comparison in model.comparisons for text in _conditions(comparison) for found in _SIDED.findall(text)}


def _conditions(comparison: Comparison) -> tuple[str, ...]:
    return (comparison.missing, *(level.when for level in comparison.levels))


def _compared(engine: Engine, model: MatchModel) -> None:
    """The features of the records of the model's kind, with the rarity class of their names."""
    rows = [(column, name, place) for column, names in model.rarity.items() for name, place in names.items()]
    listed = pa.table(
        {
            "of": pa.array([row[0] for row in rows], pa.string()),
            "name": pa.array([row[1] for row in rows], pa.string()),
            "class": pa.array([row[2] for row in rows], pa.int32()),
        }
    )
    with engine.register("rarity_rows", listed):
        engine.run(f"""
            CREATE OR REPLACE TABLE {WORK}.compared AS
            SELECT s.*, coalesce(g.class, {model.unseen}) AS given_class, coalesce(f.class, {model.unseen}) AS family_class
            FROM {WORK}.features s
                LEFT JOIN rarity_rows g ON g.of = 'given' AND g.name = s.given
                LEFT JOIN rarity_rows f ON f.of = 'family' AND f.name = s.family
            WHERE s.kind = {literal(model.kind)}""")


def level_sql(comparison: Comparison) -> str:
    """SQL: the position of the first level that applies; null if the comparison is missing."""
    cases = " ".join(
        f"ELSE {place}" if level.when == ELSE else f"WHEN {level.when} THEN {place}"
        for place, level in enumerate(comparison.levels)
    )
    return f"CAST(CASE WHEN {comparison.missing} THEN NULL {cases} END AS UTINYINT)"


def name_dependence_sql(model: MatchModel) -> str:
    """SQL over the levels: the correction for two names that often occur together; see `model.name_dependence_at`."""
    if not model.name_dependence:
        return "0"
    rows = zip(exact_levels(model, "given"), model.name_dependence, strict=True)
    cells = [(given, family, off) for given, row in rows for family, off in zip(exact_levels(model, "family"), row, strict=True)]
    cases = " ".join(
        f"WHEN level_given = {given} AND level_family = {family} THEN {off!r}::DOUBLE" for given, family, off in cells
    )
    return f"CASE {cases} ELSE 0 END"


def stranger_weight(model: MatchModel) -> str:
    """SQL over the levels: log2 odds that a pair is one customer rather than two strangers, without the correction for names."""
    return _total(model, model.prior, lambda level: level.u)


def kin_weight(model: MatchModel) -> str:
    """SQL over the levels: log2 odds that a pair is one customer rather than two members of one household."""
    return _total(model, model.kin_prior, lambda level: level.k)


def _total(model: MatchModel, prior: float, other: Callable[[Level], float]) -> str:
    terms = [f"{prior!r}::DOUBLE"]
    for comparison in model.comparisons:
        cases = " ".join(
            f"WHEN {place} THEN {log2(level.m / other(level))!r}::DOUBLE" for place, level in enumerate(comparison.levels)
        )
        terms.append(f"CASE level_{comparison.name} {cases} ELSE 0 END")
    return "(" + " + ".join(terms) + ")"
