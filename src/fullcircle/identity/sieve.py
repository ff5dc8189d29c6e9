"""Leaves out, of many candidate pairs, those that met only by keys that bring nobody together here, as a sample shows.

The more records there are, the more of them share the start of an e-mail or a given name in one area by chance. Pairs are sorted
by the set of keys that they share. Where hardly one pair of such a set is likely one customer, the set is not compared. Which
sets these are is found with the weights, and stays while these do: a few more records do not change what is compared of others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from fullcircle.engine.base import Engine
from fullcircle.identity import score
from fullcircle.identity.block import NARROWER, RULES
from fullcircle.identity.model import MatchModel, with_rarity
from fullcircle.identity.prepare import WORK

MANY = 1_000_000  # candidate pairs, from which they are sieved; fewer are all compared
SAMPLE_PAIRS = 120_000
SAMPLE = "sample_levels"  # the scratch table of the levels of the sample
ENOUGH = 300  # pairs of a set in the sample, that tell what it is worth
HARDLY = 0.005  # the mean probability of being one customer, below which a set is left out
KEPT = 0.02  # ... but not if so many of its pairs weigh enough to be looked at


def sample(engine: Engine, model: MatchModel, candidates: int) -> tuple[str, float]:
    """Compare a sample of the candidate pairs, or all if they are not too many; returns the table of levels, with the condition
    that chooses the sample, and its share. Pairs are drawn by hashing."""
    share = min(1.0, SAMPLE_PAIRS / candidates)
    drawn = f"hash({{}}) % 1000003 < {share * 1000003}"
    if candidates <= MANY:  # all, and scoring finds them compared
        score.compare(engine, model, "candidates", score.LEVELS)
        return f"{WORK}.{score.LEVELS} WHERE {drawn.format('code_a, code_b')}", share
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.sampled AS FROM {WORK}.candidates WHERE {drawn.format('join_key_l, join_key_r')}")
    score.compare_anew(engine, model, "sampled", SAMPLE)
    engine.run(f"DROP TABLE {WORK}.sampled")
    return f"{WORK}.{SAMPLE}", share


@dataclass(frozen=True, slots=True)
class Sieve:
    """The sets of keys of which no pair is compared; of many or few pairs, when there were so many records."""

    kind: str
    basis: str  # a fingerprint of the weights and the rules by which it was found
    records: int
    worthless: tuple[int, ...] = ()

    def fits(self, model: MatchModel, records: int) -> bool:
        """Whether it stays in use: the same weights and rules, and not twice or half as many records."""
        return self.basis == basis_of(model) and self.records <= 2 * records and records <= 2 * self.records


def basis_of(model: MatchModel) -> str:
    """What a sieve is found by: the weights and the rules, whatever the names and the number of records."""
    plain = with_rarity(replace(model, records=0, trained_on=0), {}, 0)
    return sha256(repr((plain.as_json(), RULES, NARROWER)).encode()).hexdigest()


def find(engine: Engine, model: MatchModel, records: int) -> Sieve:
    """The sieve for the pairs in `candidates`."""
    found = engine.count(f"{WORK}.candidates")
    worthless: tuple[int, ...] = ()
    if found > MANY:
        if not score.is_made(engine, SAMPLE):  # unless learning has compared it already
            sample(engine, model, found)
        rows = engine.rows(f"""
            SELECT met FROM ({score.weighed(model, SAMPLE)})
            GROUP BY met HAVING count(*) >= {ENOUGH} AND avg(1 / (1 + pow(2.0, -greatest(weight, -60)))) < {HARDLY}
                AND avg(CAST(weight >= {score.FLOOR} AS INTEGER)) < {KEPT} ORDER BY met""")
        worthless = tuple(int(met) for (met,) in rows)
    return Sieve(model.kind, basis_of(model), records, worthless)


def sieve(engine: Engine, worthless: Sequence[int]) -> int:
    """Take the pairs that are not worth comparing out of `candidates`; returns how many."""
    engine.run(f"DROP TABLE IF EXISTS {WORK}.{SAMPLE}")
    if not worthless:
        return 0
    before = engine.count(f"{WORK}.candidates")
    # A new table, as rows that are deleted would still take their place in memory.
    engine.run(f"""
        CREATE TABLE {WORK}.sieved AS FROM {WORK}.candidates
        WHERE match_key NOT IN (SELECT CAST(unnest({list(worthless)}) AS UBIGINT))""")
    engine.run(f"DROP TABLE {WORK}.candidates; ALTER TABLE {WORK}.sieved RENAME TO candidates")
    if score.is_made(engine, score.LEVELS):  # learning has compared all of them
        engine.run(f"DROP TABLE {WORK}.{score.LEVELS}")
    return before - engine.count(f"{WORK}.candidates")
