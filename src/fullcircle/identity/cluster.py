"""Groups records by their links: connected components, with cannot-link pairs kept apart and long chains cut. Uses SciPy.

Groups are arrays: `group_of[code]` is the smallest code in the record's group. The result does not depend on the order of
the links.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Codes = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

GIANT = 30  # records; larger groups are checked for chains
SPARSE = 0.15  # a large group with less than this share of its possible links is a chain
STEP = 2.0  # log2 weight by which the threshold rises each time a chain is cut


SURE = 6.0  # log2 weight from which one link is enough to join two groups
SPREAD = 6.0  # a weight further from 0 than this counts as this much
SUPPORT = 0.0  # the mean weight between two groups from which a weaker link joins them


@dataclass(frozen=True, slots=True)
class Links:
    """Undirected links: from, to, strength (log2 weight; certain links far above any weight)."""

    a: Codes
    b: Codes
    strength: Weights

    def only(self, mask: Mask) -> Links:
        """The links for which the mask is true."""
        return Links(self.a[mask], self.b[mask], self.strength[mask])

    def renamed(self, name: Codes) -> Links:
        """The links between what the records are named; those of one name to itself are left out."""
        a, b = name[self.a], name[self.b]
        other = a != b
        return Links(a[other], b[other], self.strength[other] if len(self.strength) else self.strength)


def cluster(size: int, links: Links, cannot_links: tuple[Codes, Codes], certain: float = 1e5) -> tuple[Codes, int]:
    """The group of each of `size` records, and how many groups were cut. Links of at least `certain` are never thinned out."""
    group_of = components(size, links)
    group_of, thinned = _cut_chains(size, group_of, links, certain)
    separated = _separate(group_of, links, cannot_links)
    return group_of, thinned + separated


def supported(size: int, links: Links, weighed: Links) -> Links:
    """The links without the weak ones that the other pairs of records of the same two groups speak against.

    Groups are those that sure links make. One pair of sparse records may look alike while all the others of the two people
    differ: a weak link between them counts only if the mean of what was weighed between the two groups does not speak against it.
    """
    group_of = components(size, links.only(links.strength >= SURE))
    pairs, of_link = _between(size, group_of, weighed), _between(size, group_of, links)
    keys, place = np.unique(pairs, return_inverse=True)
    sums = np.bincount(place, weights=np.clip(weighed.strength, -SPREAD, SPREAD), minlength=len(keys))
    means = sums / np.maximum(np.bincount(place, minlength=len(keys)), 1)
    if not len(keys):
        return links
    found = np.minimum(np.searchsorted(keys, of_link), len(keys) - 1)
    against = (keys[found] == of_link) & (means[found] < SUPPORT)
    return links.only((links.strength >= SURE) | ~against)


def _between(size: int, group_of: Codes, links: Links) -> Codes:
    """One number for the two groups of each link."""
    one, other = group_of[links.a], group_of[links.b]
    number: Codes = np.minimum(one, other) * size + np.maximum(one, other)
    return number


def components(size: int, links: Links) -> Codes:
    """Connected components; a group's code is its smallest member."""
    graph = coo_array((np.ones(len(links.a), dtype=np.int8), (links.a, links.b)), shape=(size, size))
    count, found = connected_components(graph, directed=False)
    smallest = np.full(count, size, dtype=np.int64)
    np.minimum.at(smallest, found, np.arange(size, dtype=np.int64))
    group_of: Codes = smallest[found]
    return group_of


def _cut_chains(size: int, group_of: Codes, links: Links, certain: float) -> tuple[Codes, int]:
    """Large groups with few of their possible links are chains: they are cut again at a rising threshold."""
    cut: set[int] = set()
    every = links
    floor = float(links.strength.min()) if len(links.strength) else 0.0
    while True:
        members = np.bincount(group_of, minlength=size)
        within = every.only(group_of[every.a] == group_of[every.b])  # also links removed earlier: groups are assessed anew
        inside = np.bincount(group_of[within.a], minlength=size)
        chains = (members > GIANT) & (inside < SPARSE * members * (members - 1) / 2)
        loose = chains[group_of[links.a]] & (links.strength < certain)
        if not loose.any():
            return group_of, len(cut)
        cut.update(np.flatnonzero(chains & (np.bincount(group_of[links.a][loose], minlength=size) > 0)).tolist())
        floor = max(floor, float(links.strength[loose].min())) + STEP
        links = links.only(~(loose & (links.strength < floor)))
        group_of = components(size, links)


def _separate(group_of: Codes, links: Links, cannot_links: tuple[Codes, Codes]) -> int:
    """Cut, in place, the groups with a cannot-link pair: apply links strongest first, except those that join such a pair."""
    one, other = cannot_links
    inside = group_of[one] == group_of[other]
    bad = np.unique(group_of[one[inside]])
    if not len(bad):
        return 0
    one, other = one[inside], other[inside]
    links = links.only(np.isin(group_of[links.a], bad) & (group_of[links.a] == group_of[links.b]))
    order = np.lexsort((links.b, links.a, -links.strength))
    members = np.flatnonzero(np.isin(group_of, bad))
    groups = _ConstrainedUnionFind(members.tolist(), one.tolist(), other.tolist())
    # A loop over links, but only over those of the few groups with a cannot-link pair.
    for a, b in zip(links.a[order].tolist(), links.b[order].tolist(), strict=True):
        groups.join(a, b)
    group_of[members] = [groups.smallest[groups.root(code)] for code in members.tolist()]
    return len(bad)


class _ConstrainedUnionFind:
    """Union-find that does not join two groups with a cannot-link pair between them."""

    def __init__(self, members: list[int], one: list[int], other: list[int]) -> None:
        self._parent = {code: code for code in members}
        self.smallest = {code: code for code in members}
        self._size = dict.fromkeys(members, 1)
        self._apart_from: dict[int, set[int]] = {}
        for a, b in zip(one, other, strict=True):
            self._apart_from.setdefault(a, set()).add(b)
            self._apart_from.setdefault(b, set()).add(a)

    def root(self, code: int) -> int:
        while self._parent[code] != code:
            self._parent[code] = self._parent[self._parent[code]]
            code = self._parent[code]
        return code

    def join(self, a: int, b: int) -> None:
        a, b = self.root(a), self.root(b)
        if a == b or b in self._apart_from.get(a, ()):
            return
        if self._size[a] < self._size[b]:
            a, b = b, a
        self._parent[b] = a
        self._size[a] += self._size[b]
        self.smallest[a] = min(self.smallest[a], self.smallest[b])
        for other in self._apart_from.pop(b, set()):  # stored under the roots of both groups
            self._apart_from[other].discard(b)
            self._apart_from[other].add(a)
            self._apart_from.setdefault(a, set()).add(other)
