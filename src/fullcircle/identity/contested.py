"""What a person should look at, in order of worth: where the model is unsure, and much hangs on it.

- unsure: two customers with a pair of records near the threshold;
- vetoed: two customers whose weight says "one" and a veto says "two";
- cut: two customers with a link between them, since their group was cut;
- weak: a customer that one record joins only by a weak link;
- mixed: a person whose given names begin with three letters or more: probably several people;
- not met: a judgement "together" whose records are two customers, or one of them is gone.

Worth is the doubt (1 at even odds) times the logarithm of what hangs on it: records, orders, tickets of the customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log2

from fullcircle.engine.base import Engine
from fullcircle.identity.health import INITIALS, INITIALS_OF_PERSONS
from fullcircle.identity.judgements import Judgement
from fullcircle.model.entities import ENTITIES

MARGIN = 5.0  # log2 weight around the threshold in which a pair is doubtful
VETOED = 0.5  # the doubt where the weight and a veto disagree
MIXED = 0.8  # the doubt where the given names say that there are several people
MANY = 5_000  # doubtful pairs that are looked at, the most doubtful first


@dataclass(frozen=True, slots=True)
class Contested:
    """One thing to look at; `customer_b` is empty where it is about one customer."""

    kind: str
    worth: float
    customer_a: str
    customer_b: str
    record_a: str
    record_b: str
    weight: float | None
    veto: str | None
    pairs: int  # pairs of records between the two that were compared; of a mixed one: how many first letters
    judgement: int | None = None


def contested(
    engine: Engine, threshold: float, judgements: Sequence[Judgement], limit: int, waiting: Sequence[Judgement] = ()
) -> list[Contested]:
    """The most worth first. `waiting`: those of the judgements that no run has applied yet: what they are about is decided."""
    applied = [one for one in judgements if one not in waiting]
    found = [*_not_met(engine, applied), *_between(engine, threshold), *_inside(engine, threshold), *_mixed(engine)]
    found = _undecided(engine, found, judgements, waiting)
    stakes = _stakes(engine, sorted({id for one in found for id in (one.customer_a, one.customer_b) if id}))
    weighed = []
    for one in found:
        stake = stakes.get(one.customer_a, 0) + stakes.get(one.customer_b, 0)
        weighed.append(replace(one, worth=one.worth * log2(2 + stake)))
    return sorted(weighed, key=lambda one: (-one.worth, one.record_a, one.record_b))[:limit]


def _undecided(
    engine: Engine, found: Sequence[Contested], judgements: Sequence[Judgement], waiting: Sequence[Judgement]
) -> list[Contested]:
    """Without pairs that were judged, and without customers between whom, or in whom, a judgement waits for a run."""
    judged = {(one.record_a, one.record_b) for one in judgements}
    of = _customers(engine, [record for one in waiting for record in (one.record_a, one.record_b)])
    about = {frozenset(filter(None, (of.get(one.record_a), of.get(one.record_b)))) for one in waiting}
    return [
        one for one in found
        if one.kind == "not met"
        or ((min(one.record_a, one.record_b), max(one.record_a, one.record_b)) not in judged
            and frozenset(filter(None, (one.customer_a, one.customer_b))) not in about)
    ]  # fmt: skip


def _customers(engine: Engine, records: Sequence[str]) -> dict[str, str]:
    """Record -> the customer it is of now."""
    ids = {"ids": sorted(set(records))}
    return dict(engine.rows("SELECT record_id, customer_id FROM members WHERE list_contains($ids, record_id)", ids))


def doubt(weight: float) -> float:
    """How unsure a weight is: 1 at even odds, 0 where it is certain."""
    probability = 1 / (1 + 2 ** -max(-60.0, min(60.0, weight)))
    return 4 * probability * (1 - probability)


def _between(engine: Engine, threshold: float) -> list[Contested]:
    """Doubtful pairs of customers: their strongest pair of records, unless a judgement keeps them apart."""
    rows = engine.rows(f"""
        WITH between_two AS (
            SELECT least(a.customer_id, b.customer_id) AS one, greatest(a.customer_id, b.customer_id) AS other, p.*
            FROM pairs p JOIN members a ON a.record_id = p.record_a JOIN members b ON b.record_id = p.record_b
            WHERE a.customer_id <> b.customer_id)
        SELECT one, other, arg_max(record_a, (weight, record_a, record_b)), arg_max(record_b, (weight, record_a, record_b)),
            max(weight) AS best, arg_max(coalesce(veto, ''), (weight, record_a, record_b)), count(*)
        FROM between_two GROUP BY one, other
        HAVING best >= {threshold - MARGIN} AND NOT bool_or(veto IS NOT DISTINCT FROM 'judged to be apart')
        ORDER BY abs(best), one, other LIMIT {MANY}""")
    found = []
    for one, other, a, b, weight, veto, pairs in rows:
        kind = "unsure" if weight < threshold else "vetoed" if veto else "cut"
        unsure = doubt(weight) if kind == "unsure" else VETOED
        found.append(Contested(kind, unsure, one, other, a, b, weight, veto or None, pairs))
    return found


def _inside(engine: Engine, threshold: float) -> list[Contested]:
    """Customers with a record whose strongest link is weak: that link."""
    rows = engine.rows(f"""
        WITH weak AS (
            SELECT customer_id, arg_min(record_id, (weight, record_id)) AS record_id, min(weight) AS weight
            FROM members WHERE rule = 'score' AND weight < {threshold + MARGIN} GROUP BY customer_id
            ORDER BY min(weight), customer_id LIMIT {MANY})
        SELECT w.customer_id, min(p.record_a), min(p.record_b), w.weight
        FROM weak w JOIN pairs p ON p.linked AND p.weight = w.weight AND w.record_id IN (p.record_a, p.record_b)
        GROUP BY w.customer_id, w.weight""")
    return [Contested("weak", doubt(weight), customer, "", a, b, weight, None, 1) for customer, a, b, weight in rows]


def _mixed(engine: Engine) -> list[Contested]:
    rows = engine.rows(
        f"SELECT customer_id, first_record, last_record, initials FROM ({INITIALS_OF_PERSONS}) WHERE initials >= {INITIALS} "
        f"ORDER BY initials DESC, customer_id LIMIT {MANY}"
    )
    return [Contested("mixed", MIXED, customer, "", a, b, None, None, initials) for customer, a, b, initials in rows]


def _not_met(engine: Engine, judgements: Sequence[Judgement]) -> list[Contested]:
    together = [one for one in judgements if one.kind == "together"]
    of = _customers(engine, [record for one in together for record in (one.record_a, one.record_b)])
    return [
        Contested("not met", 1.0, of.get(one.record_a, ""), of.get(one.record_b, ""), one.record_a, one.record_b, None,
                  None if of.get(one.record_a) and of.get(one.record_b) else "a record of it is gone", 0, one.id)
        for one in together if not of.get(one.record_a) or of.get(one.record_a) != of.get(one.record_b)
    ]  # fmt: skip


def _stakes(engine: Engine, customers: Sequence[str]) -> dict[str, int]:
    """Records, orders, tickets ... of each customer, in one number."""
    names = [entity.table_name for entity in ENTITIES.values() if engine.has(entity.table_name)]
    parts = ["SELECT record_id FROM members", *(f"SELECT record_id FROM {name}" for name in names)]
    rows = engine.rows(
        f"SELECT customer_id, count(*) FROM ({' UNION ALL '.join(parts)}) JOIN members USING (record_id) "
        "WHERE list_contains($ids, customer_id) GROUP BY customer_id",
        {"ids": list(customers)},
    )
    return dict(rows)
