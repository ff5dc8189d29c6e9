"""Computes match weights: Splink 5 gives the level of each comparison and the weight against strangers; this adds kin.

This is the only file that imports Splink. Splink's tables are made in the scratch (see prepare.py), never in the engine's file.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from math import log2
from typing import Any

import pyarrow as pa
from splink import Linker, SettingsCreator
from splink.backends.duckdb import DuckDBAPI

from fullcircle.engine.base import Engine, literal
from fullcircle.errors import FullcircleError
from fullcircle.identity.model import MISSING, Comparison, MatchModel, exact_levels
from fullcircle.identity.prepare import WORK

FLOOR = -4.0  # pairs with a lower weight are dropped
_NUDGE = 1e-9


def score(engine: Engine, model: MatchModel, pairs: str, into: str, floor: float | None = FLOOR) -> int:
    """Score the pairs of one scratch table into another (code_a, code_b, met, level_*, against_*, weight); returns its rows."""
    _compared(engine, model)
    with _splink(engine) as api:
        table = api.register("compared", table_name="records_to_compare")
        linker = Linker(table, settings(model), log_level=None, validate_settings=False)
        linker.table_management.register_blocked_pairs_for_predict(api.register(pairs, table_name="pairs_to_compare"))
        found = linker.inference.predict(threshold_match_weight=floor, warning_mode="never")
        levels = ", ".join(f"{level_sql(comparison)} AS level_{comparison.name}" for comparison in model.comparisons)
        names = ", ".join(f"level_{comparison.name}" for comparison in model.comparisons)
        where = f"WHERE weight >= {floor}" if floor is not None else ""
        engine.run(f"""
            CREATE OR REPLACE TABLE {WORK}.{into} AS
            SELECT * FROM (
                SELECT *, -log2(pow(2.0, -against_strangers) + pow(2.0, -against_kin)) AS weight FROM (
                    SELECT code_a, code_b, met, {names},
                        match_weight - {name_dependence_sql(model)} AS against_strangers, {kin_weight(model)} AS against_kin
                    FROM (SELECT unique_id_l AS code_a, unique_id_r AS code_b, match_key AS met,
                            match_weight, {levels}
                          FROM {found.physical_name})))
            {where}""")
    engine.run(f"DROP TABLE {WORK}.compared")
    return engine.count(f"{WORK}.{into}")


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
            SELECT s.code AS unique_id, s.* EXCLUDE (code),
                coalesce(g.class, {model.unseen}) AS given_class, coalesce(f.class, {model.unseen}) AS family_class
            FROM {WORK}.features s
                LEFT JOIN rarity_rows g ON g.of = 'given' AND g.name = s.given
                LEFT JOIN rarity_rows f ON f.of = 'family' AND f.name = s.family
            WHERE s.kind = {literal(model.kind)}""")


def settings(model: MatchModel) -> SettingsCreator:
    """The model as Splink settings."""
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(comparison) for comparison in model.comparisons],
        probability_two_random_records_match=1 / (1 + 2**-model.prior),
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,  # the weight of each comparison
        additional_columns_to_retain=[],
        linker_uid="fullcircle",
    )


def _comparison(comparison: Comparison) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.missing, "label_for_charts": MISSING, "is_null_level": True},
        *(
            {"sql_condition": level.when, "label_for_charts": level.label, "m_probability": level.m, "u_probability": u}
            for level, u in zip(comparison.levels, _distinct_u(comparison), strict=True)
        ),
    ]
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _distinct_u(comparison: Comparison) -> list[float]:
    """The u of each level, changed in the tenth digit so that no two levels (nor "missing", which is 0) have the same weight.

    Splink returns the weight of each comparison, but its level only together with all compared values.
    """
    return [level.u * (1 + _NUDGE * place) for place, level in enumerate(comparison.levels, 1)]


def level_sql(comparison: Comparison) -> str:
    """SQL: the position of the level that Splink's weight `mw_<name>` belongs to; null if the comparison is missing."""
    cases = " ".join(
        f"WHEN abs(mw_{comparison.name} - {log2(level.m / u)!r}::DOUBLE) < {_NUDGE / 4} THEN {place}"
        for place, (level, u) in enumerate(zip(comparison.levels, _distinct_u(comparison), strict=True))
    )
    return f"CAST(CASE {cases} END AS UTINYINT)"


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


def kin_weight(model: MatchModel) -> str:
    """SQL over the levels: log2 odds that a pair is one customer rather than two members of one household."""
    terms = [f"{model.kin_prior!r}::DOUBLE"]
    for comparison in model.comparisons:
        cases = " ".join(
            f"WHEN {place} THEN {log2(level.m / level.k)!r}::DOUBLE" for place, level in enumerate(comparison.levels)
        )
        terms.append(f"CASE level_{comparison.name} {cases} ELSE 0 END")
    return "(" + " + ".join(terms) + ")"


@contextmanager
def _splink(engine: Engine) -> Iterator[DuckDBAPI]:
    """Splink on the engine's own connection, with the scratch as the database for its tables."""
    if engine.dialect != "duckdb":
        raise FullcircleError(
            "This table engine cannot score pairs of records.",
            "Use the default engine (DuckDB).",
        )
    home = engine.rows("SELECT current_database(), current_schema()")[0]
    logging.getLogger("splink").setLevel(logging.ERROR)
    engine.run(f"USE {WORK}.main")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            api = DuckDBAPI(connection=engine.native())
            try:
                yield api
            finally:
                api.delete_tables_created_by_splink_from_db()
    finally:
        engine.run(f'USE "{home[0]}"."{home[1]}"')
