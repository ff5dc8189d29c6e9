"""Groups: components, cannot_links pairs, chains, and that order does not matter."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fullcircle.identity.cluster import GIANT, Links, cluster, components, supported


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


def test_a_weak_link_needs_the_support_of_the_other_pairs():
    """0-1 and 2-3 are sure; 1-2 is weak, and what else was weighed between the two groups decides."""
    sure = [(0, 1, 9.0), (2, 3, 9.0)]
    for others, kept in (([(0, 2, -6.0), (0, 3, -6.0)], False), ([(0, 2, 1.0)], True), ([], True)):
        links = Links(*(np.array(part) for part in zip(*sure, (1, 2, 3.0), strict=True)))
        weighed = Links(*(np.array(part) for part in zip(*sure, (1, 2, 3.0), *others, strict=True)))
        found = supported(4, links, weighed)
        assert (len(found.a) == 3) is kept
        assert {(int(a), int(b)) for a, b in zip(found.a, found.b, strict=True)} >= {(0, 1), (2, 3)}
