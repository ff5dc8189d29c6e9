"""Chooses the model: the stored one, the built-in one, or one learned from the current records.

Learning is cheap: `u` comes from random pairs of records; `m` and the prior odds come from expectation maximisation (EM) over the
distinct level patterns of a sample of the candidate pairs. A comparison is learned only from pairs found by a blocking rule that
does not use its columns, classified by all other comparisons: otherwise blocking itself would make it agree. How much more often
strangers agree on both names than their single rates suggest is counted over all records, without the pairs classified as
matches. Samples are drawn by hashing, so the same records give the same model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log2

import numpy as np
import numpy.typing as npt

from fullcircle.engine.base import Engine, literal
from fullcircle.identity import sieve
from fullcircle.identity.block import rules_for
from fullcircle.identity.model import (
    KIN_SHARE,
    MOST_KIN,
    NAME_DEPENDENCE,
    PERSON,
    RARITY_WORDS,
    SMALLEST_CROWD,
    Comparison,
    Level,
    MatchModel,
    default,
    exact_levels,
    with_kin,
    with_rarity,
)
from fullcircle.identity.prepare import WORK, name_agreement, name_classes
from fullcircle.identity.score import compare_anew
from fullcircle.model.identifiers import COMPARISONS
from fullcircle.model.progress import Progress

ENOUGH = 500  # `train = "auto"` learns from this many records of a kind on
RANDOM_PAIRS, RANDOM_FOR_EACH = 250_000, 20
ROUNDS = 8
# The weight of the built-in values against the counts: they count like this many random pairs, or matches.
PSEUDO_COUNT_U, PSEUDO_COUNT_M = 50_000, 300
PSEUDO_COUNT_NAME_DEPENDENCE = 3_000  # ... or pairs that agree on both names; few of them do not separate strangers from matches
# So few random pairs share an identifier that a sample cannot estimate it: the built-in `u` of these stays.
KEEP_U = COMPARISONS
PSEUDO_COUNT_KIN, MOST_AGAINST_KIN, AMONG_FAMILIES = 100, 5.0, 0.3
AT_HOME = (0, 1, 2, 3)  # the levels of the address that show one street or postcode
ENOUGH_BY_CHANCE = 20  # matches among the random pairs, from which they tell how many there are

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Agreement = tuple[list[tuple[int, int, float]], float]  # see `name_agreement`


def model_for(engine: Engine, record_kind: str, train: str, progress: Progress, kept: MatchModel | None = None) -> MatchModel:
    """The model for one kind of records: that of the last run while it fits, else a new one, learned if the settings ask for it.

    It fits until there are twice or half as many records as it was made for. So the new records of a day do not change every
    weight a little, and with it every decision near the threshold. Needs `candidates`.
    """
    records = _records(engine, record_kind)
    rarity, unseen = name_classes(engine, record_kind)
    model = with_rarity(default(record_kind, records), rarity, unseen)
    if kept and fits(engine, kept, train):
        return with_rarity(kept, rarity, unseen)
    if _wanted(train, records):
        model = learn(engine, model, records)
        progress.say(f"{record_kind}: match weights learned from {records} records.")
    return model


def fits(engine: Engine, kept: MatchModel, train: str) -> bool:
    """Whether a model that was made earlier may stay in use for the records as they are now."""
    records = _records(engine, kept.kind)
    return train != "always" and _fits(kept, default(kept.kind, records), _wanted(train, records))


def _records(engine: Engine, record_kind: str) -> int:
    return int(engine.value(f"SELECT count(*) FROM {WORK}.features WHERE kind = {literal(record_kind)}"))


def _wanted(train: str, records: int) -> bool:
    return train == "always" or (train == "auto" and records >= ENOUGH)


def _fits(kept: MatchModel, built_in: MatchModel, wanted: bool) -> bool:
    """Whether the model of an earlier run stays in use: same built-in comparisons, similar size, and learned if wanted."""
    alike = kept.records <= 2 * built_in.records and built_in.records <= 2 * kept.records
    return alike and kept.basis == built_in.basis and (kept.trained_on > 0) == wanted


def learn(engine: Engine, model: MatchModel, records: int) -> MatchModel:
    """The model with `u`, `m` and priors learned from the features and their candidate pairs."""
    if records < 2 or engine.count(f"{WORK}.candidates") == 0:
        return model
    random = _random_patterns(engine, model, records)
    patterns = _candidate_patterns(engine, model)
    agreement = name_agreement(engine) if model.name_dependence else None
    distinct_records = int(
        engine.value(f"SELECT count(*) FROM {WORK}.features WHERE kind = {literal(model.kind)} AND place <= 2")
    )
    for _ in range(ROUNDS):
        model = _round(_fitted(model, random), patterns, random, distinct_records, agreement)
    model = _fitted(model, random)
    return replace(model, trained_on=records)


def _random_patterns(engine: Engine, model: MatchModel, records: int) -> _Patterns:
    """The patterns of random pairs: records a fixed number of places apart in an order by hash."""
    steps = max(1, min(records - 1, RANDOM_PAIRS // records, RANDOM_FOR_EACH))
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.random_pairs AS
        WITH of_kind AS (
            SELECT code, row_number() OVER (ORDER BY hash(code), code) - 1 AS number, count(*) OVER () AS size
            FROM {WORK}.features WHERE kind = {literal(model.kind)} AND place = 1
            QUALIFY number < {RANDOM_PAIRS})
        SELECT DISTINCT least(a.code, b.code) AS join_key_l, greatest(a.code, b.code) AS join_key_r,
            CAST(0 AS UBIGINT) AS match_key
        FROM (SELECT code, (number + step * 7919 + 1) % least(size, {RANDOM_PAIRS}) AS other
              FROM of_kind CROSS JOIN range(1, {steps + 1}) s(step)) a
            JOIN of_kind b ON b.number = a.other
        WHERE b.code <> a.code""")
    compare_anew(engine, model, "random_pairs", "random_levels")
    found = _patterns(engine, model, f"{WORK}.random_levels", 1.0)
    engine.run(f"DROP TABLE {WORK}.random_pairs; DROP TABLE {WORK}.random_levels")
    return found


def _fitted(model: MatchModel, random: _Patterns) -> MatchModel:
    """The model with the `u` and `k` that fit its `m`.

    `u` is what random pairs show, less those that are matches: where a customer has many records these are most of the pairs that
    agree, and would hide how rare a value is. What kin share, they share as one person's records do: see `model.with_kin`.
    """
    strangers = (1 - _same(model, random)) * random.counts
    fitted_ones, built_in = [], default(model.kind, 0).comparisons
    for i, comparison in enumerate(model.comparisons):
        fitted = comparison
        if comparison.name not in KEEP_U:
            known = random.levels[:, i] >= 0
            counts = np.bincount(random.levels[known, i], weights=strangers[known], minlength=len(comparison.levels))
            before = np.array([level.u for level in built_in[i].levels])
            fitted = _with(comparison, u=_mixed(counts.astype(np.float64), before, PSEUDO_COUNT_U))
        fitted_ones.append(with_kin(fitted, built_in[i]) if model.kind == PERSON else fitted)
    return replace(model, comparisons=tuple(fitted_ones))


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Distinct level patterns of the sampled pairs: levels (patterns x comparisons, -1: missing), met (bits of rules), counts."""

    levels: Codes
    met: Codes
    counts: Floats
    share: float  # of the candidate pairs that were sampled


def _candidate_patterns(engine: Engine, model: MatchModel) -> _Patterns:
    """The patterns of a sample of the candidate pairs."""
    levels, share = sieve.sample(engine, model, engine.count(f"{WORK}.candidates"))
    return _patterns(engine, model, levels, share)


def _patterns(engine: Engine, model: MatchModel, compared: str, share: float) -> _Patterns:
    columns = ", ".join(f"level_{comparison.name}" for comparison in model.comparisons)
    read = ", ".join(f"coalesce(CAST(level_{comparison.name} AS INTEGER), -1)" for comparison in model.comparisons)
    found = engine.arrow(f"SELECT {read}, met, count(*) AS n FROM {compared} GROUP BY {columns}, met ORDER BY ALL")
    arrays = [column.to_numpy().astype(np.int64) for column in found.columns]
    return _Patterns(np.column_stack(arrays[:-2]), arrays[-2], arrays[-1].astype(np.float64), share)


def _against(model: MatchModel, patterns: _Patterns) -> tuple[Floats, Floats, Floats]:
    """The weights of each comparison of each pattern, against strangers and against kin; and the correction for names."""
    strangers, kin = (
        np.column_stack(
            [
                _weights(c, [getattr(level, side) for level in c.levels])[patterns.levels[:, i]]
                for i, c in enumerate(model.comparisons)
            ]
        )
        for side in ("u", "k")
    )
    return strangers, kin, _name_dependence(model, patterns)


def _same(model: MatchModel, patterns: _Patterns) -> Floats:
    """The probability that pairs of each pattern are one customer."""
    strangers, kin, name_dependence = _against(model, patterns)
    return _posterior(model.prior + strangers.sum(axis=1) - name_dependence, model.kin_prior + kin.sum(axis=1))


def _round(model: MatchModel, patterns: _Patterns, random: _Patterns, records: int, agreement: Agreement | None) -> MatchModel:
    """One round of expectation maximisation."""
    strangers, kin, name_dependence = _against(model, patterns)
    all_strangers, all_kin = model.prior + strangers.sum(axis=1) - name_dependence, model.kin_prior + kin.sum(axis=1)
    bits = [(1 << place, rule.uses) for place, rule in enumerate(rules_for(model.kind))]
    learned = []
    for i, comparison in enumerate(model.comparisons):
        others = sum(bit for bit, uses in bits if comparison.name not in uses)
        usable = ((patterns.met & others) > 0) & (patterns.levels[:, i] >= 0)
        against_others = all_strangers - strangers[:, i] + (name_dependence if comparison.name in ("given", "family") else 0.0)
        same = _posterior(against_others, all_kin - kin[:, i])
        counts = np.bincount(
            patterns.levels[usable, i], weights=(same * patterns.counts)[usable], minlength=len(comparison.levels)
        ).astype(np.float64)
        learned.append(
            _with(
                comparison,
                m=_mixed(counts, np.array([level.m for level in default(model.kind, 0).comparisons[i].levels]), PSEUDO_COUNT_M),
            )
        )
    same = _posterior(all_strangers, all_kin)
    pairs = max(records, SMALLEST_CROWD) * (records - 1) / 2
    matches = float((same * patterns.counts).sum()) / patterns.share / pairs
    # Blocking does not find all matches. Where there are many, random pairs hold some too, whatever their keys.
    by_chance = float((_same(model, random) * random.counts).sum())
    if by_chance >= ENOUGH_BY_CHANCE:
        matches = max(matches, by_chance / float(random.counts.sum()))
    at_home, kin_at_home = _at_home(model, patterns, all_strangers, all_kin)
    learned_dependence = _learn_name_dependence(model, patterns, same, agreement) if agreement else model.name_dependence
    return replace(
        model,
        comparisons=tuple(learned),
        prior=log2(max(matches, 1 / pairs)),
        kin_prior=_kin_prior(model, at_home, kin_at_home),
        kin_share=_kin_share(at_home, kin_at_home),
        name_dependence=learned_dependence,
    )


def _at_home(model: MatchModel, patterns: _Patterns, all_strangers: Floats, all_kin: Floats) -> tuple[float, float]:
    """How many pairs that show one street or postcode are the same person, and how many are kin.

    Kin meet by family name and street or postcode. Without these nobody can tell.
    """
    address = next((i for i, comparison in enumerate(model.comparisons) if comparison.name == "address"), None)
    if address is None or model.kind != PERSON:
        return 0.0, 0.0
    at_home = np.isin(patterns.levels[:, address], AT_HOME)
    same, kin = (
        float((share * patterns.counts)[at_home].sum())
        for share in (
            _posterior(all_strangers, all_kin),
            1 / (1 + np.exp2(np.clip(all_kin, -500, 500)) + np.exp2(np.clip(all_kin - all_strangers, -500, 500))),
        )
    )
    return same, kin


def _kin_share(same: float, kin: float) -> float:
    """The share of kin among the pairs of one home, mixed with the built-in one."""
    return (kin + KIN_SHARE * PSEUDO_COUNT_KIN) / (same + kin + PSEUDO_COUNT_KIN)


def _kin_prior(model: MatchModel, same: float, kin: float) -> float:
    """log2 odds of same against kin: even, or fewer kin where the addresses show it, or a little less than even among families.

    Blocking shows only kin that look alike, so where they are many there are more of them than are counted.
    """
    if model.kind != PERSON:
        return model.kin_prior
    odds = np.clip(log2((same + PSEUDO_COUNT_KIN) / (kin + PSEUDO_COUNT_KIN)), 0.0, MOST_AGAINST_KIN)
    families = np.clip((_kin_share(same, kin) - KIN_SHARE) / (MOST_KIN - KIN_SHARE), 0.0, 1.0)
    return float(odds - AMONG_FAMILIES * families)


def _agree(model: MatchModel, patterns: _Patterns) -> Iterator[tuple[int, int, Bools]]:
    """For each pair of classes of the given and the family name: the patterns that agree on both names."""
    of = {comparison.name: patterns.levels[:, i] for i, comparison in enumerate(model.comparisons)}
    for g, given in enumerate(exact_levels(model, "given")):
        for f, family in enumerate(exact_levels(model, "family")):
            yield g, f, (of["given"] == given) & (of["family"] == family)


def _name_dependence(model: MatchModel, patterns: _Patterns) -> Floats:
    """The correction to subtract from each pattern."""
    off = np.zeros(len(patterns.counts))
    for g, f, agree in _agree(model, patterns) if model.name_dependence else ():
        off[agree] = model.name_dependence[g][f]
    return off


def _learn_name_dependence(
    model: MatchModel, patterns: _Patterns, same: Floats, agreement: Agreement
) -> tuple[tuple[float, ...], ...]:
    """log2 of how much more often strangers agree on both names than the single rates suggest, mixed with the built-in value."""
    counted, pairs = agreement
    agreeing = {(g, f): count for g, f, count in counted}
    us = {c.name: [c.levels[place].u for place in exact_levels(model, c.name)] for c in model.comparisons[:2]}
    learned_dependence = np.full((len(RARITY_WORDS), len(RARITY_WORDS)), NAME_DEPENDENCE)
    for g, f, agree in _agree(model, patterns):
        seen = float(patterns.counts[agree].sum())
        if not seen or (g, f) not in agreeing:
            continue
        strangers = agreeing[g, f] * float(((1 - same) * patterns.counts)[agree].sum()) / seen
        more = max(0.0, log2(max(strangers, 1e-9) / pairs / (us["given"][g] * us["family"][f])))
        learned_dependence[g, f] = (more * seen + NAME_DEPENDENCE * PSEUDO_COUNT_NAME_DEPENDENCE) / (
            seen + PSEUDO_COUNT_NAME_DEPENDENCE
        )
    return tuple(tuple(float(off) for off in row) for row in learned_dependence)


def _weights(comparison: Comparison, alternatives: Sequence[float]) -> Floats:
    """Log2 weight of each level against an alternative explanation. The last entry, reached by -1, is 0: a missing value."""
    return np.array([*(log2(level.m / other) for level, other in zip(comparison.levels, alternatives, strict=True)), 0.0])


def _posterior(strangers: Floats, kin: Floats) -> Floats:
    """The probability that a pair is one customer, from its log2 odds against strangers and against kin."""
    probability: Floats = 1 / (1 + np.exp2(-np.clip(strangers, -500, 500)) + np.exp2(-np.clip(kin, -500, 500)))
    return probability


def _mixed(counts: Floats, built_in: Floats, pseudo_count: float) -> Floats:
    """The observed shares, mixed with the built-in ones as if those had been observed `pseudo_count` times."""
    mixed: Floats = (counts + pseudo_count * built_in / built_in.sum()) / (counts.sum() + pseudo_count)
    return mixed


def _with(comparison: Comparison, m: Floats | None = None, u: Floats | None = None) -> Comparison:
    levels = [
        Level(
            level.label, level.when, float(m[i]) if m is not None else level.m, float(u[i]) if u is not None else level.u, level.k
        )
        for i, level in enumerate(comparison.levels)
    ]
    return replace(comparison, levels=tuple(levels))
