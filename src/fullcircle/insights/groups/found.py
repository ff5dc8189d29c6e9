"""Whether there are groups at all, and how many: against data of the same kind that have none.

Any cloud of points can be cut into groups. So the same is done with made-up customers who have no groups: their measures have the
same values and the same correlations (normal scores with the correlations of the real ones, each turned into a value of its
column), and what they buy is drawn by the shares of everybody. Groups are found if the silhouette of some number of them is
above that of the made-up ones by more than in any of the made-up worlds themselves, and by at least LEAST. This is the idea of
the gap statistic (Tibshirani, Walther and Hastie, JRSS B 2001), with a stricter null: plain shuffling of columns would take a
mere correlation (who buys often bought lately) for groups. Why so: docs/decisions/0035-natural-groups.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fullcircle.insights.groups import means
from fullcircle.insights.groups.traits import Shares, Traits, together
from fullcircle.insights.history import Floats, Ints

ENOUGH = 100  # customers with habits
FEWEST, MOST = 2, 6  # groups
SMALLEST = 0.03  # of the customers, in a group
WORLDS = 9  # of made-up customers
LEAST = 0.06  # of silhouette, above that of the made-up worlds
AS_GOOD = 0.01  # a number of groups that is worse by so little stays what it was
LOOKED_AT = 800  # customers by whom the number is chosen
LEARNED_FROM = 20_000  # customers by whom the means are found
TRIES = 2  # beginnings, of which the best counts
SEED = 35


@dataclass(frozen=True, slots=True)
class Groups:
    """The means of groups, or why there are none."""

    means: Floats = field(default_factory=lambda: np.empty((0, 0)))
    silhouette: float = 0.0
    made_up: float = 0.0  # that of made-up customers without groups
    problem: str = ""


def find_groups(traits: Traits, last: Ints | None = None) -> Groups:
    """The groups. `last`: the group of each customer in the last run, from 0; -1: none. What is as good stays as it was."""
    many, before = len(traits.customers), 0 if last is None else int(last.max(initial=-1)) + 1
    if many < ENOUGH:
        return Groups(problem=f"only {many:,} ordered on two days or more ({ENOUGH} are needed)")
    some = traits.of(sample(many, LOOKED_AT))
    numbers = some.numbers()
    if (numbers.std(axis=0) > 1e-9).sum() < 2:
        return Groups(problem="they differ in less than two ways")
    real = _silhouettes(numbers, SMALLEST)
    worlds = np.array([_silhouettes(_made_up(some, np.random.default_rng(SEED + n))) for n in range(WORLDS)])
    usual = worlds.mean(axis=0)
    above = real - usual
    chance = float((worlds - usual).max())
    best = int(above.argmax())
    if 0 <= before - FEWEST < len(above) and above[before - FEWEST] >= above[best] - AS_GOOD:
        best = before - FEWEST
    if above[best] <= max(chance, LEAST):
        beside = f"silhouette {max(real[best], 0):.2f}, there {usual[best]:.2f}"
        said = f"the best cut is hardly clearer than in data without groups ({beside})"
        return Groups(silhouette=float(real[best]), made_up=float(usual[best]), problem=said)
    numbers, rows = traits.numbers(), sample(many, LEARNED_FROM)
    start = None
    if last is not None and before == best + FEWEST and np.bincount(last[last >= 0], minlength=before).min() > 0:
        start = np.stack([numbers[last == one].mean(axis=0) for one in range(before)])
    return Groups(means.fit(numbers[rows], best + FEWEST, SEED, 5, start), float(real[best]), float(usual[best]))


def sample(many: int, most: int) -> Ints:
    """Rows, evenly spread over customers sorted by id: in a mixed order, the same each time."""
    mixed = (np.arange(many, dtype=np.uint64) * np.uint64(2654435761)) % np.uint64(2**32)
    found: Ints = np.sort(np.argsort(mixed, kind="stable")[:most]).astype(np.int32)
    return found


def _silhouettes(numbers: Floats, smallest: float = 0.0) -> Floats:
    """By number of groups; -1 where one has a smaller share of the customers than `smallest`."""
    found = []
    for many in range(FEWEST, MOST + 1):
        centres = means.fit(numbers, many, SEED, TRIES)
        sizes = np.bincount(means.nearest(numbers, centres), minlength=many)
        found.append(means.silhouette(numbers, centres) if sizes.min() >= smallest * len(numbers) else -1.0)
    return np.array(found)


def _made_up(real: Traits, random: np.random.Generator) -> Floats:
    """As many customers with the same values, correlations and shares, but without groups."""
    many, standard = len(real.customers), real.standard()
    ranks = np.argsort(np.argsort(standard, axis=0, kind="stable"), axis=0, kind="stable")
    correlations = np.atleast_2d(np.corrcoef(_normal((ranks + 0.5) / many).T))
    drawn = random.multivariate_normal(np.zeros(len(correlations)), correlations, many, check_valid="ignore")
    places = np.argsort(np.argsort(drawn, axis=0), axis=0)
    shares = {}
    for kind, one in real.shares.items():
        usual = one.counts.sum(axis=0) / max(one.counts.sum(), 1)
        has = one.counts.sum(axis=1).astype(np.int64)
        counts = random.multinomial(has, usual).astype(np.float64) if has.any() else one.counts
        shares[kind] = Shares(one.names, counts)
    return together(np.take_along_axis(np.sort(standard, axis=0), places, axis=0), shares)


def _normal(shares: Floats) -> Floats:
    """Normal scores: Tukey's lambda with 0.14 is within a few thousandths of the normal quantile."""
    found: Floats = (shares**0.1349 - (1 - shares) ** 0.1349) / 0.1975
    return found
