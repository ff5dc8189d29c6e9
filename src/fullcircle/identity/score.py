"""Computes match weights in SQL: the level of each comparison, the weight against strangers and the weight against kin."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from math import log2

import pyarrow as pa

from fullcircle.engine.base import Engine, quick_hash
from fullcircle.identity import remembered, slim
from fullcircle.identity.model import ELSE, SHARED_PARTS, Comparison, Level, MatchModel, exact_levels
from fullcircle.identity.prepare import WORK
from fullcircle.identity.slips import counted_quickly

LEVELS = "levels"  # the scratch table of the candidate pairs and their levels
FLOOR = -4.0  # pairs with a lower weight are dropped
MOST_LEVELS = 31  # a comparison has fewer levels; it stands for one that is missing
_SIDED = re.compile(r"\b([a-z_]+)_([lr])\b")


def score(engine: Engine, model: MatchModel, pairs: str, into: str, floor: float | None = FLOOR) -> None:
    """Score the pairs of one scratch table into another: code_a, code_b, weight; without a floor also met, level_*, against_*.

    With a floor, they are all the candidates, which are compared as `compare` does.
    """
    if not is_made(engine, LEVELS):  # unless learning has compared them already
        (compare_anew if floor is None else compare)(engine, model, pairs, LEVELS)
    made = weighed(model, LEVELS) if floor is None else _kept(model, LEVELS, floor)
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.{into} AS {made}")
    engine.run(f"DROP TABLE {WORK}.{LEVELS}")


def _kept(model: MatchModel, levels: str, floor: float) -> str:
    """SQL: the pairs that weigh enough, and their weights. Millions of pairs have some thousand patterns of levels: these are
    weighed."""
    names = [f"level_{comparison.name}" for comparison in model.comparisons]
    pattern = " + ".join(f"(CAST(coalesce({name}, {MOST_LEVELS}) AS HUGEINT) << {5 * place})" for place, name in enumerate(names))
    if len(names) <= 12:
        pattern = pattern.replace("HUGEINT", "UBIGINT")
    return f"""
        WITH patterns AS MATERIALIZED (
            SELECT {pattern} AS pattern, {", ".join(f"any_value({name}) AS {name}" for name in names)}
            FROM {WORK}.{levels} GROUP BY 1),
        weights AS (SELECT pattern, weight FROM ({weighed(model, "patterns", "pattern")}) WHERE weight >= {floor})
        SELECT code_a, code_b, weight FROM (SELECT code_a, code_b, {pattern} AS pattern FROM {WORK}.{levels})
            JOIN weights USING (pattern)"""


def weighed(model: MatchModel, levels: str, of: str = "") -> str:
    """SQL: pairs and their levels with the weights: against_strangers, against_kin, weight.

    They are those of a scratch table, or of a table `levels` with the column `of` in place of the pairs.
    """
    names = ", ".join(f"level_{comparison.name}" for comparison in model.comparisons)
    return f"""
        SELECT *, -log2(pow(2.0, -against_strangers) + pow(2.0, -against_kin)) AS weight FROM (
            SELECT {of or "code_a, code_b, met"}, {names},
                {stranger_weight(model)} - {name_dependence_sql(model)} AS against_strangers,
                {kin_weight(model)} AS against_kin
            FROM {levels if of else f"{WORK}.{levels}"})"""


def is_made(engine: Engine, table: str) -> bool:
    """Whether there is a scratch table of this name."""
    return engine.has(f"{WORK}.{table}")


def compare(engine: Engine, model: MatchModel, pairs: str, into: str) -> None:
    """The level of each comparison of each pair: code_a, code_b, met, level_<name> (null: missing). Of many, those of the last
    run are kept."""
    if engine.count(f"{WORK}.{pairs}") < slim.MANY:
        compare_anew(engine, model, pairs, into)
        return
    of = model.kind, _conditions(model), [one.name for one in model.comparisons]
    remembered.compare(engine, of, _prints(engine, model), pairs, into, partial(compare_anew, engine, model))


def _prints(engine: Engine, model: MatchModel) -> str:
    """The scratch table of fingerprints of the records, as far as a model compares them, made once."""
    columns, types = _plain(_sided(model)), engine.columns(f"{WORK}.features")
    lists = [name for name in columns if types[name].endswith("[]")]
    table = f"prints_{sha256(repr((columns, model.rarity, model.unseen)).encode()).hexdigest()[:8]}"
    if not is_made(engine, table):
        second = f"SELECT *, {quick_hash(columns, lists)} AS second FROM {WORK}.features"
        with engine.register("rarity_rows", rarity_rows(model)):
            engine.run(f"""
                CREATE TABLE {WORK}.{table} AS
                SELECT code, hash(second, given_class, family_class) AS first, second
                FROM ({with_classes(model, f"FROM ({second})")})""")
    return table


def compare_anew(engine: Engine, model: MatchModel, pairs: str, into: str) -> None:
    """The same, of pairs that were never compared, or are not worth keeping."""
    texts, layers = _computed_once([level_sql(comparison) for comparison in model.comparisons])
    sided, made_of = _sided(model), None
    if slim.is_worth(engine, pairs):
        made_of = slim.slim(engine, _plain(sided), _conditions(model))
        texts, layers = ([made_of.rewritten(one) for one in each] for each in (texts, layers))
    levels = ", ".join(f"{text} AS level_{one.name}" for text, one in zip(texts, model.comparisons, strict=True))
    columns = [made_of.columns(*one) if made_of else [f"{one[1]}.{one[0]} AS {one[0]}_{one[1]}"] for one in sided]
    sides = ", ".join(sql for each in columns for sql in each)
    left, right = (f"FROM {WORK}.{made_of.table}" if made_of else _side(model, side) for side in ("l", "r"))
    with engine.register("rarity_rows", rarity_rows(model)):
        joined = f"""
            SELECT p.join_key_l AS code_a, p.join_key_r AS code_b, p.match_key AS met, {sides}
            FROM {WORK}.{pairs} p JOIN ({with_classes(model, left)}) l ON l.code = p.join_key_l
                JOIN ({right}) r ON r.code = p.join_key_r"""
        for layer in layers:
            joined = f"SELECT *, {layer} FROM ({joined})"
        engine.run(f"CREATE OR REPLACE TABLE {WORK}.{into} AS SELECT code_a, code_b, met, {levels} FROM ({joined})")


def with_classes(model: MatchModel, features: str) -> str:
    """SQL: the features of the first record of each pair, with the rarity class of its names if the model has any."""
    if not any(model.rarity.values()):
        return f"SELECT *, {model.unseen} AS given_class, {model.unseen} AS family_class FROM ({features})"
    return f"""
        SELECT s.*, coalesce(g.class, {model.unseen}) AS given_class, coalesce(f.class, {model.unseen}) AS family_class
        FROM ({features}) s LEFT JOIN rarity_rows g ON g.of = 'given' AND g.name = s.given
            LEFT JOIN rarity_rows f ON f.of = 'family' AND f.name = s.family"""


def _plain(sided: list[tuple[str, str]]) -> list[str]:
    """The columns of `features` that are compared."""
    return sorted({column for column, _ in sided if not column.endswith("_class")})


def _side(model: MatchModel, side: str) -> str:
    """SQL: the features that one side of each pair is compared by; of a list that only must be there, only that."""
    texts = " ".join(_conditions(model))
    columns = []
    for column in (column for column, of in _sided(model) if of == side and not column.endswith("_class")):
        name = rf"\b{column}_{side}\b"
        only_there = len(re.findall(name, texts)) == len(re.findall(rf"{name} IS NULL", texts))
        columns.append(f"CASE WHEN {column} IS NOT NULL THEN true END AS {column}" if only_there else column)
    return f"SELECT {', '.join(['code', *columns])} FROM {WORK}.features"


def rarity_rows(model: MatchModel) -> pa.Table:
    """The classes of names, for `with_classes`: of (given or family), name, class."""
    rows = [(column, name, place) for column, names in model.rarity.items() for name, place in names.items()]
    return pa.table(
        {
            "of": pa.array([row[0] for row in rows], pa.string()),
            "name": pa.array([row[1] for row in rows], pa.string()),
            "class": pa.array([row[2] for row in rows], pa.int32()),
        }
    )


def _computed_once(texts: list[str]) -> tuple[list[str], list[str]]:
    """The conditions with names in place of the parts that occur in several, and the layers that compute these parts."""
    layers: list[str] = []
    for parts in SHARED_PARTS:
        used = {name: text for name, text in parts.items() if any(text in one for one in (*texts, *layers))}
        for name, text in used.items():
            texts, layers = ([one.replace(text, name) for one in each] for each in (texts, layers))
        layers += [", ".join(f"{text} AS {name}" for name, text in used.items())] if used else []
    return texts, layers[::-1]


def columns_of(model: MatchModel) -> set[str]:
    """The features that a model compares."""
    return {column for column, _ in _sided(model)}


def _sided(model: MatchModel) -> list[tuple[str, str]]:
    """The features that a model compares, each with the side of the pair, l or r."""
    return sorted({found for text in _conditions(model) for found in _SIDED.findall(text)})


def _conditions(model: MatchModel) -> list[str]:
    return [text for one in model.comparisons for text in (one.missing, *(level.when for level in one.levels))]


def level_sql(comparison: Comparison) -> str:
    """SQL: the position of the first level that applies; null if the comparison is missing."""
    cases = " ".join(
        f"ELSE {place}" if level.when == ELSE else f"WHEN {counted_quickly(level.when)} THEN {place}"
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
