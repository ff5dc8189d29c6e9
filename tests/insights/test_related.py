from math import log, sqrt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.insights import matrix
from fullcircle.insights.answers.related import Related
from fullcircle.model.graph import EDGES
from tests.properties import examples


def customers(**held):
    return [(name, "2026-01-01", products, 10, "web") for name, products in held.items()]


def idf(n, total):
    return log(1 + (total - n + 0.5) / (n + 0.5))


def related(shop, who, columns="related_id[10:]"):
    return shop.table(f"SELECT {columns} FROM insight_related WHERE customer_id = 'customer:{who}' ORDER BY rank")


FOUR = {"ann": "A B C", "bob": "A B", "cyd": "A", "dan": "A D"}  # buyers: A 4, B 2, C 1, D 1


def test_score_by_hand_without_damping(shop):
    made = shop(customers(**FOUR))
    made.compute(Related(), damping=0)
    a, b, c, d = (idf(n, 4) for n in (4, 2, 1, 1))
    ann, bob, cyd, dan = sqrt(a * a + b * b + c * c), sqrt(a * a + b * b), a, sqrt(a * a + d * d)
    assert related(made, "ann", "related_id[10:], score, shared") == [
        ("bob", round((a * a + b * b) / (ann * bob), 2), 2),
        ("cyd", round(a * a / (ann * cyd), 2), 1),
        ("dan", round(a * a / (ann * dan), 2), 1),
    ]


def test_damping_by_hand(shop):
    made = shop(customers(**FOUR))
    made.compute(Related(), damping=2)
    a, b, c, d = (idf(n, 4) for n in (4, 2, 1, 1))
    extra = 2 * (4 * a * a + 2 * b * b + c * c + d * d) / 8
    expected = (a * a + b * b) / sqrt((a * a + b * b + c * c + extra) * (a * a + b * b + extra))
    assert related(made, "ann", "score")[0] == (round(expected, 2),)


def test_bestsellers_do_not_dominate(shop):
    crowd = {f"x{i:02}": "BEST HIT TOP" for i in range(40)}
    made = shop(customers(ann="BEST HIT TOP RARE", bob="RARE", **crowd))
    made.compute(Related())
    assert related(made, "ann")[0] == ("bob",)  # one rare product beats three that everybody has


def test_more_shared_rare_products_are_more_related(shop):
    made = shop(customers(ann="A B C", bob="A B", cyd="A", dan="X", eve="Y", fay="Z"))
    made.compute(Related())
    assert related(made, "ann") == [("bob",), ("cyd",)]
    assert related(made, "cyd") == [("bob",), ("ann",)]  # shares A with both; bob has less besides


def test_max_buyers_leaves_products_out_of_the_search_but_not_out_of_the_score(shop):
    world = customers(ann="BIG RARE", bob="BIG RARE", cyd="BIG", dan="BIG")
    made = shop(world)
    finding = made.compute(Related(), max_buyers=3)
    assert related(made, "ann", "related_id[10:], shared") == [("bob", 2)]
    assert related(made, "cyd") == []
    assert finding.figures == {"coverage": 0.5, "products_left_out": 1}


def test_why_names_the_rarest_first(shop):
    made = shop(customers(ann="A B C D E", bob="A B C D E", cyd="A B C D", dan="A B C", eve="A B", fay="A"))
    made.compute(Related())
    why = {(row[0], row[1]): row[2] for row in made.table("SELECT customer_id[10:], related_id[10:], why FROM insight_related")}
    assert why["ann", "bob"] == "Both bought Tea E, Tea D, Tea C and 2 more (the rarest first)."
    assert why["ann", "dan"] == "Both bought Tea C, Tea B and Tea A (the rarest first)."
    assert why["ann", "eve"] == "Both bought Tea B and Tea A (the rarest first)."
    assert why["ann", "fay"] == "Both bought Tea A."


def test_top_k_and_ties_go_by_id(shop):
    made = shop(customers(**{name: "A" for name in "hgfedcba"}, z="B"))
    made.compute(Related(), k=3)
    assert related(made, "e", "related_id[10:], rank") == [("a", 1), ("b", 2), ("c", 3)]
    assert related(made, "a") == [("b",), ("c",), ("d",)]
    assert related(made, "z") == []


@given(st.integers(1, 10_000), st.lists(st.sets(st.sampled_from("ABCDEF"), min_size=1), min_size=2, max_size=12))
@settings(max_examples=examples(6, soak=75), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_same_answer_whatever_the_row_order_or_threads(shop, seed, held):
    world = customers(**{f"c{i}": " ".join(sorted(products)) for i, products in enumerate(held)})
    one, other = shop(world), shop(world, shuffle=seed)
    one.compute(Related(), k=2, threads=1)
    other.compute(Related(), k=2, threads=2)
    assert one.table("FROM edges_related_to ORDER BY id") == other.table("FROM edges_related_to ORDER BY id")


def test_blocks_do_not_change_the_answer(shop, monkeypatch):
    world = customers(**{f"c{i}": " ".join("ABCDEFGH"[i % 8 : i % 8 + 2] + "XY"[i % 2]) for i in range(23)})
    whole, parts = shop(world), shop(world)
    whole.compute(Related())
    monkeypatch.setattr("fullcircle.insights.answers.related.BLOCK", 5)
    parts.compute(Related())
    assert whole.table("FROM insight_related ORDER BY ALL") == parts.table("FROM insight_related ORDER BY ALL")


def test_nothing_in_nothing_out(shop):
    made = shop()
    assert made.compute(Related()).tables == {"insight_related": 0, "edges_related_to": 0}
    assert list(made.engine.columns("edges_related_to")) == ["id", "source", "target", "hash", *EDGES["RELATED_TO"].properties]


def test_edges_follow_the_model(shop):
    made = shop(customers(ann="A", bob="A"))
    made.compute(Related())
    assert made.table("SELECT id, source, target, shared FROM edges_related_to ORDER BY id") == [
        ("related_to:customer:ann>customer:bob", "customer:ann", "customer:bob", 1),
        ("related_to:customer:bob>customer:ann", "customer:bob", "customer:ann", 1),
    ]


@pytest.mark.parametrize(("buyers", "total"), [(1, 2), (5, 5), (100, 1_000_000)])
def test_rarity_is_never_below_zero(buyers, total):
    import numpy as np

    assert matrix.rarity(np.array([buyers]), total)[0] == pytest.approx(idf(buyers, total)) and idf(buyers, total) > 0
