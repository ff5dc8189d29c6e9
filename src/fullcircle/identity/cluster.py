"""Groups records by their links: connected components, with cannot-link pairs kept apart and long chains cut. Uses SciPy.

Groups are arrays: `group_of[code]` is the smallest code in the record's group. The result does not depend on the order of
the links.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

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


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Pairs of groups that may be one: their names, their strongest link, and the sum and number of all weights between them."""

    one: Codes
    other: Codes
    best: Weights
    total: Weights
    pairs: Codes
    threshold: float  # what the link of two single records must reach
    needed: float  # ... and the mean between larger groups


def cluster(size: int, links: Links, cannot_links: tuple[Codes, Codes], certain: float = 1e5) -> tuple[Codes, int]:
    """The group of each of `size` records, and how many groups were cut. Links of at least `certain` are never thinned out."""
    group_of = components(size, links)
    group_of, thinned = _cut_chains(size, group_of, links, certain)
    separated = _separate(group_of, links, cannot_links)
    return group_of, thinned + separated


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


def join_doubtful(group_of: Codes, doubtful: Doubtful, cannot_links: tuple[Codes, Codes]) -> Codes:
    """The groups after joining the doubtful pairs of groups that look alike as wholes, those that look most alike first.

    The weights between two groups that have joined and a third one are added up before that one is looked at again.
    """
    joining = _Joining(doubtful)
    for one, other in zip(group_of[cannot_links[0]].tolist(), group_of[cannot_links[1]].tolist(), strict=True):
        joining.keep_apart(one, other)
    joined = joining.join()
    if not joined:
        return group_of
    names, place = np.unique(group_of, return_inverse=True)
    final = np.array([joined.get(name, name) for name in names.tolist()], dtype=np.int64)[place]
    smallest = np.full(len(group_of), len(group_of), dtype=np.int64)
    np.minimum.at(smallest, final, np.arange(len(group_of), dtype=np.int64))
    named: Codes = smallest[final]
    return named


def _last(joined: dict[int, int], name: int) -> int:
    while name in joined:
        name = joined[name]
    return name


class _Joining:
    """Average linkage over the doubtful pairs of groups only. A loop, but over these few."""

    def __init__(self, doubtful: Doubtful) -> None:
        self._threshold, self._needed = doubtful.threshold, doubtful.needed
        self._between: dict[int, dict[int, tuple[float, int]]] = {}
        self._apart: dict[int, set[int]] = {}
        self._queue: list[tuple[float, int, int, int]] = []
        rows = zip(*(part.tolist() for part in (doubtful.one, doubtful.other, doubtful.total, doubtful.pairs)), strict=True)
        for one, other, total, pairs in rows:
            self._put(one, other, total, pairs)

    def keep_apart(self, one: int, other: int) -> None:
        self._apart.setdefault(one, set()).add(other)
        self._apart.setdefault(other, set()).add(one)

    def _put(self, one: int, other: int, total: float, pairs: int) -> None:
        self._between.setdefault(one, {})[other] = self._between.setdefault(other, {})[one] = (total, pairs)
        mean = total / pairs
        if mean >= (self._threshold if pairs == 1 else self._needed):
            heappush(self._queue, (-mean, min(one, other), max(one, other), pairs))

    def join(self) -> dict[int, int]:
        """The group that each joined one is now part of."""
        joined: dict[int, int] = {}
        while self._queue:
            _, one, other, pairs = heappop(self._queue)
            current = self._between.get(one, {}).get(other)
            if current is None or current[1] != pairs or other in self._apart.get(one, ()):
                continue  # one of them has joined another group since, or they must not be one
            joined[other] = one
            self._move(other, one)
        return {name: _last(joined, into) for name, into in joined.items()}

    def _move(self, group: int, into: int) -> None:
        for third in self._apart.pop(group, set()):
            self._apart[third].discard(group)
            self.keep_apart(third, into)
        moved = self._between.pop(group)
        del self._between[into][group]
        for third, (total, pairs) in moved.items():
            if third == into:
                continue
            del self._between[third][group]
            more_total, more_pairs = self._between[into].get(third, (0.0, 0))
            self._put(into, third, total + more_total, pairs + more_pairs)
