"""How the records of one customer hold together: the strongest links that join them all, as a tree.

A path in this tree is the best chain between two records: no other one has a stronger weakest link.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fullcircle.engine.base import Engine
from fullcircle.identity.links import MERGE, SCORE, TOGETHER

MOST = 200_000  # links of one customer that are read, the strongest first
NOT_KEPT = "not kept"  # the rule of a record whose links are not in the tables


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A link between two records: the rule that made it, and the match weight (none for what is certain)."""

    record_a: str
    record_b: str
    rule: str
    weight: float | None

    @property
    def strength(self) -> float:
        """Compares links of all rules: judgements, merges of a source, strong identifiers, then weights."""
        certain = {TOGETHER: 3e6, MERGE: 2e6}.get(self.rule, 1e6)
        return certain if self.rule != SCORE or self.weight is None else self.weight


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A record in the tree: how deep, and the link to the record above it; none for the first."""

    record: str
    depth: int
    above: str | None
    link: RecordLink | None


def links_of(engine: Engine, customer_id: str) -> list[RecordLink]:
    """The links between the records of a customer, as the last run kept them in `pairs`."""
    rows = engine.rows(
        "SELECT record_a, record_b, rule, weight FROM pairs p WHERE linked "
        "AND record_a IN (SELECT record_id FROM members WHERE customer_id = $id) "
        f"ORDER BY (rule = '{SCORE}'), weight DESC NULLS FIRST, record_a, record_b LIMIT {MOST}",
        {"id": customer_id},
    )
    return [RecordLink(*row) for row in rows]


def spanning(links: Iterable[RecordLink]) -> list[RecordLink]:
    """The strongest links that join all that these links join: one less than records in each group."""
    group_of: dict[str, set[str]] = {}
    kept = []
    for link in sorted(links, key=lambda one: (-one.strength, one.record_a, one.record_b)):
        a, b = (group_of.setdefault(record, {record}) for record in (link.record_a, link.record_b))
        if a is b:
            continue
        small, large = sorted((a, b), key=len)
        large |= small
        for record in small:
            group_of[record] = large
        kept.append(link)
    return kept


def tree(records: Sequence[str], links: Iterable[RecordLink]) -> list[TreeNode]:
    """The records as a tree in the order to draw it, beginning with the record that has the most links in it."""
    near = _near(spanning(links))
    found: list[TreeNode] = []
    seen: set[str] = set()
    for record in sorted(records, key=lambda record: (-len(near.get(record, ())), record)):
        if record in seen:
            continue
        joined = RecordLink(found[0].record, record, NOT_KEPT, None) if found else None
        waiting = [TreeNode(record, int(bool(found)), found[0].record if found else None, joined)]
        while waiting:
            here = waiting.pop()
            found.append(here)
            seen.add(here.record)
            below = sorted(near.get(here.record, ()), key=lambda one: (one.strength, one.record_a, one.record_b))
            ends = ((_other(link, here.record), link) for link in below)
            waiting += [TreeNode(end, here.depth + 1, here.record, link) for end, link in ends if end not in seen]
    return found


def chain(links: Iterable[RecordLink], start: str, end: str) -> list[RecordLink]:
    """The best chain from one record to another; empty if these links do not join them."""
    near = _near(spanning(links))
    came: dict[str, RecordLink | None] = {start: None}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for link in near.get(here, ()):
            there = _other(link, here)
            if there not in came:
                came[there] = link
                waiting.append(there)
    found: list[RecordLink] = []
    place = end
    while (last := came.get(place)) is not None:
        found.append(last)
        place = _other(last, place)
    return found[::-1]


def weakest(links: Sequence[RecordLink]) -> RecordLink | None:
    """The link that would break first."""
    return min(links, key=lambda link: link.strength, default=None)


def _near(links: Iterable[RecordLink]) -> dict[str, list[RecordLink]]:
    near: dict[str, list[RecordLink]] = {}
    for link in links:
        near.setdefault(link.record_a, []).append(link)
        near.setdefault(link.record_b, []).append(link)
    return near


def _other(link: RecordLink, record: str) -> str:
    return link.record_b if link.record_a == record else link.record_a
