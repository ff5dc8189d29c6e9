"""The places of the bars of a waterfall: how a match weight comes about, step by step. The template draws it.

A weight is log2 of the odds that two records are the same, against the better of two other explanations: strangers, or kin. The
steps are against the one that counts more; what the other one takes off is the last step, so that the steps add up to the weight.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.identity.explain import Explanation

WIDTH, LEFT, RIGHT = 360.0, 4.0, 52.0  # the values are written in the room at the right
ROW = 40.0
SEEN = 0.005  # a step that is less than that adds nothing
STRANGERS, KIN = "strangers", "kin"


@dataclass(frozen=True, slots=True)
class Step:
    """One bar, with where it is drawn."""

    name: str
    level: str
    weight: float
    kind: str  # start, for, against, total
    x: float
    width: float
    y: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All bars of a pair."""

    steps: tuple[Step, ...]
    against: str  # strangers or kin: what the steps are against
    height: float
    zero: float  # the x of a weight of 0
    threshold: float  # the x from which on two records are linked
    probability: float  # that they are the same, by the weight alone


def waterfall(pair: Explanation) -> Waterfall | None:
    """The bars of a pair; None if the two cannot be compared."""
    if pair.weight is None:
        return None
    against = STRANGERS if pair.against_strangers <= pair.against_kin else KIN
    moves = [("before comparing", "", pair.prior if against == STRANGERS else pair.kin_prior)]
    moves += [(one.name, one.level, one.against_strangers if against == STRANGERS else one.against_kin) for one in pair.parts]
    moves.append(
        (f"they may be {KIN if against == STRANGERS else STRANGERS}, too", "", pair.weight - sum(move for *_, move in moves))
    )
    moves = [one for place, one in enumerate(moves) if not place or abs(one[2]) >= SEEN]
    ends = [0.0]
    for *_, move in moves:
        ends.append(ends[-1] + move)
    low, high = min(*ends, pair.threshold), max(*ends, pair.threshold)
    scale = (WIDTH - LEFT - RIGHT) / (high - low or 1.0)

    def at(weight: float) -> float:
        return round(LEFT + (weight - low) * scale, 1)

    def step(place: int, name: str, level: str, begin: float, end: float, kind: str) -> Step:
        width = max(1.5, round(abs(end - begin) * scale, 1))
        return Step(name, level, end - begin, kind, at(min(begin, end)), width, place * ROW)

    steps = [
        step(place, name, level, ends[place], ends[place + 1], "start" if not place else "for" if move >= 0 else "against")
        for place, (name, level, move) in enumerate(moves)
    ]
    steps.append(step(len(moves), "weight", "", 0.0, pair.weight, "total"))
    return Waterfall(tuple(steps), against, len(steps) * ROW + 4, at(0.0), at(pair.threshold), probability(pair.weight))


def probability(weight: float) -> float:
    """The probability that log2 odds stand for."""
    odds: float = 2.0 ** max(-1000.0, min(1000.0, weight))
    return odds / (1.0 + odds)
