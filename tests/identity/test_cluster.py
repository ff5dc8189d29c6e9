"""Groups: components, cannot_links pairs, chains, and that order does not matter."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fullcircle.identity.cluster import GIANT, Doubtful, Links, cluster, components, join_doubtful


def links(rows: list[tuple[int, int, float]]) -> Links:
    a, b, strength = zip(*rows, strict=True) if rows else ((), (), ())
    return Links(np.array(a, dtype=np.int64), np.array(b, dtype=np.int64), np.array(strength, dtype=np.float64))


def pairs(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([a for a, _ in rows], dtype=np.int64), np.array([b for _, b in rows], dtype=np.int64)


def test_linked_records_are_one_group_named_by_its_smallest():
    group_of, cut = cluster(6, links([(1, 3, 5.0), (3, 5, 5.0)]), pairs([]))
    assert group_of.tolist() == [0, 1, 2, 1, 4, 1]
    assert cut == 0


def test_a_forbidden_pair_cuts_the_weakest_link_between_them():
    group_of, cut = cluster(4, links([(0, 1, 9.0), (1, 2, 3.0), (2, 3, 8.0)]), pairs([(0, 3)]))
    assert group_of.tolist() == [0, 0, 2, 2]
    assert cut == 1


def test_a_forbidden_pair_far_away_cuts_nothing():
    group_of, cut = cluster(4, links([(0, 1, 9.0)]), pairs([(2, 3)]))
    assert group_of.tolist() == [0, 0, 2, 3]
    assert cut == 0


def test_a_long_chain_of_weak_links_is_cut_but_a_dense_group_is_not():
    size = 3 * GIANT
    dense = [(a, b, 3.0) for a in range(GIANT + 5) for b in range(a)]
    chain = [(n, n + 1, 3.0 if n % 6 else 1.0) for n in range(GIANT + 5, size - 1)]
    group_of, cut = cluster(size, links([*dense, *chain]), pairs([]))
    assert set(group_of[: GIANT + 5].tolist()) == {0}
    assert cut == 1
    assert max(np.bincount(group_of[GIANT + 5 :])) <= GIANT


edges = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from([1.0, 2.0, 5.0])), max_size=25)


@given(edges, st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=6), st.randoms())
def test_forbidden_pairs_stay_apart_whatever_the_order(rows, cannot_links, chance):
    rows = list({(min(a, b), max(a, b)): (min(a, b), max(a, b), w) for a, b, w in rows if a != b}.values())
    cannot_links = [(min(a, b), max(a, b)) for a, b in cannot_links if a != b]
    group_of, _ = cluster(12, links(rows), pairs(cannot_links))
    assert all(group_of[a] != group_of[b] for a, b in cannot_links)
    whole = components(12, links(rows))
    assert all(whole[a] == whole[b] for a in range(12) for b in range(12) if group_of[a] == group_of[b])
    chance.shuffle(rows)
    chance.shuffle(cannot_links)
    again, _ = cluster(12, links(rows), pairs(cannot_links))
    assert again.tolist() == group_of.tolist()


def doubtful(rows: list[tuple[int, int, float, int]]) -> Doubtful:
    """Rows: two groups, the sum of the weights between them, their number."""
    one, other, total, pairs = zip(*rows, strict=True) if rows else ((), (), (), ())
    best = np.full(len(one), 3.0)
    return Doubtful(np.array(one, int), np.array(other, int), best, np.array(total, float), np.array(pairs, int), 2.0, 0.0)


def test_two_groups_become_one_by_what_all_their_records_say():
    """0-1 and 2-3 are sure; one pair between them looks alike, and the mean of all four pairs decides."""
    groups = np.array([0, 0, 2, 2])
    assert join_doubtful(groups, doubtful([(0, 2, 3.0 - 18.0, 4)]), pairs([])).tolist() == [0, 0, 2, 2]
    assert join_doubtful(groups, doubtful([(0, 2, 3.0 + 1.0, 4)]), pairs([])).tolist() == [0, 0, 0, 0]
    assert join_doubtful(groups, doubtful([(0, 2, 3.0 + 1.0, 4)]), pairs([(1, 3)])).tolist() == [0, 0, 2, 2]


def test_two_single_records_need_the_threshold():
    groups = np.array([0, 1])
    assert join_doubtful(groups, doubtful([(0, 1, 1.9, 1)]), pairs([])).tolist() == [0, 1]
    assert join_doubtful(groups, doubtful([(0, 1, 2.0, 1)]), pairs([])).tolist() == [0, 0]


def test_a_third_group_is_weighed_against_both_that_joined():
    """0 and 1 join first; what 1 says against 2 counts more than what 0 says for it."""
    rows = [(0, 1, 5.0, 1), (0, 2, 3.0, 1), (1, 2, -6.0, 1)]
    assert join_doubtful(np.arange(3), doubtful(rows), pairs([])).tolist() == [0, 0, 2]
    rows[2] = (1, 2, -1.0, 1)
    assert join_doubtful(np.arange(3), doubtful(rows), pairs([])).tolist() == [0, 0, 0]


@given(
    st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)), st.integers(-6, 6), max_size=25),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4),
    st.randoms(),
)
def test_joining_keeps_apart_is_local_and_in_no_order(weights, cannot_links, chance):
    rows = list({(min(p), max(p)): (min(p), max(p), w + sum(p) / 100, 1) for p, w in weights.items() if p[0] != p[1]}.values())
    apart = [pair for pair in cannot_links if pair[0] != pair[1]]
    found = join_doubtful(np.arange(10), doubtful(rows), pairs(apart))
    assert all(found[a] != found[b] for a, b in apart)
    chance.shuffle(rows)
    assert join_doubtful(np.arange(10), doubtful(rows), pairs(apart)).tolist() == found.tolist()
    more = join_doubtful(np.arange(12), doubtful([*rows, (10, 11, 5.0, 1)]), pairs(apart))
    assert more.tolist() == [*found.tolist(), 10, 10]
