"""Makes groups of records: what is sure first, then what all the records of two groups say together.

A sure link joins two groups. A doubtful one, near the threshold, is a question about the two groups it lies between: all their
records are compared with each other, and the mean of the weights decides. So one sparse record does not join two people, and a
person whose records are each written a little differently still becomes one. How much the mean must say depends on how many kin
the records show: where families are many, two groups that look alike are more often two people.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.identity import cluster, score
from fullcircle.identity.model import MOST_KIN, PERSON, MatchModel
from fullcircle.identity.prepare import WORK

SURE = 4.0  # a link this far above the threshold joins two groups by itself
SPREAD = 6.0  # a weight further from 0 than this counts as this much in a mean
MERCY = 3.0  # where no kin are, a mean so far below the threshold still joins; 4 joined strangers where columns are few
MOST_COMPARED = 15  # records of one group that are compared with those of another


def group(engine: Engine, models: Sequence[MatchModel], threshold: float) -> int:
    """Make `groups` (record_id, code, group_code) from the accepted links; returns how many groups were cut.

    Links below the threshold whose records came together all the same are added to `accepted_links`.
    """
    size = engine.count(f"{WORK}.names")
    one_of = _one_of(engine, size)
    apart = cluster.Links(*_pairs(engine, f"SELECT code_a, code_b FROM {WORK}.cannot_links ORDER BY code_a, code_b"), np.zeros(0))
    apart = apart.renamed(one_of)
    sure = _links(
        engine,
        f"""
        SELECT code_a, code_b, strength FROM {WORK}.accepted_links JOIN {WORK}.names n ON n.code = code_a
        WHERE strength >= {threshold + SURE} OR n.kind <> {literal(PERSON)} ORDER BY code_a, code_b""",
    )
    group_of, cut = cluster.cluster(size, sure.renamed(one_of), (apart.a, apart.b))
    for model in models:
        if model.kind == PERSON:
            doubtful = _doubtful(engine, model, threshold, group_of, one_of)
            group_of = cluster.join_doubtful(group_of, doubtful, (apart.a, apart.b))
    group_of = group_of[one_of]
    with engine.register("group_codes", pa.table({"code": np.arange(size, dtype=np.int64), "group_code": group_of})):
        engine.run(f"""
            CREATE TABLE {WORK}.groups AS
            SELECT n.record_id, n.code, CAST(g.group_code AS INTEGER) AS group_code
            FROM {WORK}.names n JOIN group_codes g USING (code)""")
    engine.run(f"""
        INSERT INTO {WORK}.accepted_links
        SELECT h.code_a, h.code_b, h.weight FROM {WORK}.hopeful h
            JOIN {WORK}.groups a ON a.code = h.code_a JOIN {WORK}.groups b ON b.code = h.code_b
        WHERE a.group_code = b.group_code AND h.weight < {threshold}""")
    return cut


def hope(model: MatchModel, threshold: float) -> float:
    """The weight from which a link is a question about its two groups: the more kin there are, the nearer to the threshold.

    With built-in weights it is the threshold itself.
    """
    return threshold - 2 * (1 - _kin(model)) if model.trained_on else threshold


def needed(model: MatchModel, threshold: float) -> float:
    """What the mean of the weights between two groups must be to join them, one of several records at least."""
    return threshold - MERCY * (1 - _kin(model))


def _kin(model: MatchModel) -> float:
    return min(model.kin_share / MOST_KIN, 1.0)


def _one_of(engine: Engine, size: int) -> cluster.Codes:
    """The record that each stands for: linked records that are alike in every feature are one, so that many make no chain."""
    alike = _pairs(
        engine,
        f"""
        SELECT l.code_a, l.code_b FROM {WORK}.accepted_links l
            JOIN {WORK}.features a ON a.code = l.code_a AND a.place = 1 JOIN {WORK}.features b ON b.code = l.code_b
        WHERE b.first_copy = a.first_copy AND l.code_b NOT IN (SELECT unnest([code_a, code_b]) FROM {WORK}.cannot_links)""",
    )
    one_of = np.arange(size, dtype=np.int64)
    one_of[alike[1]] = alike[0]
    return one_of


def _doubtful(
    engine: Engine, model: MatchModel, threshold: float, group_of: cluster.Codes, one_of: cluster.Codes
) -> cluster.Doubtful:
    """The pairs of groups with a link near the threshold, and what all their records say of each other."""
    engine.run(f"""
        CREATE TABLE {WORK}.hopeful AS
        SELECT code_a, code_b, max(weight) AS weight FROM {WORK}.links JOIN {WORK}.names n ON n.code = code_a
        WHERE n.kind = {literal(model.kind)} AND rule = 'score' AND veto IS NULL AND weight >= {hope(model, threshold)}
            AND (code_a, code_b) NOT IN (SELECT (code_a, code_b) FROM {WORK}.cannot_links)
        GROUP BY code_a, code_b""")
    placed = pa.table({"code": np.arange(len(one_of), dtype=np.int64), "one": one_of, "home": group_of[one_of]})
    with engine.register("placed", placed):
        engine.run(f"""
            CREATE TABLE {WORK}.group_pairs AS
            SELECT least(a.home, b.home) AS one, greatest(a.home, b.home) AS other, max(h.weight) AS best
            FROM {WORK}.hopeful h JOIN placed a ON a.code = h.code_a JOIN placed b ON b.code = h.code_b
            WHERE a.home <> b.home GROUP BY 1, 2""")
        if not engine.count(f"{WORK}.group_pairs"):
            engine.run(f"DROP TABLE {WORK}.group_pairs")
            none, no_weight = np.zeros(0, np.int64), np.zeros(0)
            return cluster.Doubtful(none, none, no_weight, no_weight, none, threshold, needed(model, threshold))
        engine.run(f"""
            CREATE TABLE {WORK}.to_compare AS
            WITH asked AS (SELECT DISTINCT unnest([one, other]) AS home FROM {WORK}.group_pairs),
            chosen AS (
                SELECT p.code, p.home FROM placed p JOIN asked USING (home) JOIN {WORK}.names n USING (code) WHERE p.code = p.one
                QUALIFY row_number() OVER (PARTITION BY p.home ORDER BY hash(n.record_id), n.record_id) <= {MOST_COMPARED})
            SELECT g.one, g.other, least(a.code, b.code) AS join_key_l, greatest(a.code, b.code) AS join_key_r,
                CAST(0 AS UBIGINT) AS match_key
            FROM {WORK}.group_pairs g JOIN chosen a ON a.home = g.one JOIN chosen b ON b.home = g.other""")
    score.score(engine, model, "to_compare", "compared_all", None)
    found = engine.arrow(f"""
        SELECT g.one, g.other, g.best, s.total, s.pairs FROM {WORK}.group_pairs g JOIN (
            SELECT one, other, round(sum(greatest({-SPREAD}, least({SPREAD}, weight))), 6) AS total, count(*) AS pairs
            FROM {WORK}.to_compare JOIN {WORK}.compared_all ON code_a = join_key_l AND code_b = join_key_r
            GROUP BY one, other) s ON s.one = g.one AND s.other = g.other
        ORDER BY g.one, g.other""")
    for table in ("group_pairs", "to_compare", "compared_all"):
        engine.run(f"DROP TABLE {WORK}.{table}")
    one, other, best, total, pairs = (column.to_numpy() for column in found.columns)
    return cluster.Doubtful(one, other, best, total, pairs, threshold, needed(model, threshold))


def _pairs(engine: Engine, sql: str) -> tuple[cluster.Codes, cluster.Codes]:
    a, b = _arrays(engine, sql)
    return a.astype(np.int64), b.astype(np.int64)


def _links(engine: Engine, sql: str) -> cluster.Links:
    a, b, strength = _arrays(engine, sql)
    return cluster.Links(a.astype(np.int64), b.astype(np.int64), strength.astype(np.float64))


def _arrays(engine: Engine, sql: str) -> list[np.ndarray]:
    return [column.to_numpy() for column in engine.arrow(sql).columns]
