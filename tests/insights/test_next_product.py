from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError
from fullcircle.insights.answers.next_product import NextProduct
from fullcircle.insights.base import InsightContext
from fullcircle.insights.offers import methods
from fullcircle.insights.offers.parts import Parts
from fullcircle.model.graph import EDGES
from fullcircle.model.progress import Silent
from tests.insights.taste import plant
from tests.properties import examples

TEA = [(f"t{i}", "2026-01-01", "POT LEAF", 1, "web") for i in range(5)]
COFFEE = [(f"c{i}", "2026-01-01", "MILL BEAN", 1, "web") for i in range(5)]
ALL = [*TEA, *COFFEE, ("ann", "2026-01-01", "POT", 1, "web"), ("bob", "2026-01-01", "ODD", 1, "web")]


class Heard(Silent):
    def __init__(self):
        self.lines = []

    def say(self, text):
        self.lines.append(text)


def offered(shop, who, columns="product_id[9:]"):
    return shop.table(f"SELECT {columns} FROM insight_next_product WHERE customer_id = 'customer:{who}' ORDER BY rank")


@pytest.mark.parametrize("method", ["items", "ridge"])
def test_recommends_what_goes_with_what_is_owned(shop, method):
    made = shop(ALL)
    finding = made.compute(NextProduct(), method=method)
    assert offered(made, "ann", "product_id[9:], rank, why") == [("LEAF", 1, "Because they bought Tea POT.")]
    assert offered(made, "t0") == []  # owns both
    assert offered(made, "bob") == []  # nobody else has it
    assert finding.figures == {"judged_customers": 0, "coverage": round(1 / 12, 4)}


def test_bestsellers_are_offered_where_nothing_could_be_tried(shop):
    heard, made = Heard(), shop(ALL)
    NextProduct().compute(InsightContext(made.engine, datetime(2026, 3, 31), heard, {"k": 2}))
    assert offered(made, "ann", "product_id[9:], why") == [
        ("MILL", "A bestseller: bought by 42 % of customers."),
        ("LEAF", "A bestseller: bought by 42 % of customers."),
    ]
    assert heard.lines == ["next_product: bestsellers are offered, as all orders are of one day."]
    assert made.table("SELECT method, chosen, customers, note FROM insight_trials") == [
        ("bestsellers", True, None, "all orders are of one day")
    ]


def test_fill_popular_says_so(shop):
    made = shop(ALL)
    made.compute(NextProduct(), fill_popular=True, k=3, method="items")
    # Buyers: POT 6, then BEAN, LEAF, MILL 5 each (ties: the later id first), ODD 1
    assert offered(made, "ann", "product_id[9:], why") == [
        ("LEAF", "Because they bought Tea POT."),
        ("MILL", "A bestseller: bought by 42 % of customers; nothing closer is known."),
        ("BEAN", "A bestseller: bought by 42 % of customers; nothing closer is known."),
    ]
    assert offered(made, "bob") == [("POT",), ("MILL",), ("LEAF",)]


def test_buy_again_categories(shop):
    labels = {"LEAF": "Supplies", "POT": "Things"}
    made = shop([*TEA, ("ann", "2026-01-01", "POT LEAF", 1, "web")], categories=labels)
    made.compute(NextProduct(), buy_again=["Supplies"], method="items")
    assert offered(made, "ann") == [("LEAF",)]


def test_ridge_refuses_a_large_catalogue(shop, monkeypatch):
    monkeypatch.setattr("fullcircle.insights.offers.methods.SMALL", 4)
    made = shop(ALL)
    with pytest.raises(ConfigError, match="products; more were bought"):
        made.compute(NextProduct(), method="ridge")
    made.compute(NextProduct(), method="auto")
    assert offered(made, "ann")


def test_two_reasons(shop):
    both = [(f"x{i}", "2026-01-01", "A B C", 1, "") for i in range(5)]
    made = shop([*both, ("ann", "2026-01-01", "A B", 1, "")])
    made.compute(NextProduct(), method="items")
    assert offered(made, "ann", "why") == [("Because they bought Tea A and Tea B.",)]


def test_purchases_after_as_of_do_not_count(shop):
    made = shop([*ALL, ("ann", "2026-03-01", "MILL", 1, "web")])
    made.compute(NextProduct(), as_of=datetime(2026, 2, 1), method="items")
    assert offered(made, "ann") == [("LEAF",)]


@pytest.fixture(scope="module")
def planted():
    engine = DuckDB(threads=2)
    plant(engine, customers=2000, products=200, orders=8000, groups=12, seed=3)
    return engine


def test_beats_popularity_on_planted_taste_and_says_so(planted):
    heard = Heard()
    figures = NextProduct().compute(InsightContext(planted, datetime(2025, 12, 31), heard, {})).figures
    assert figures["judged_customers"] > 500
    assert figures["recall_at_10"] > 1.1 * figures["popularity_recall_at_10"] > 0
    assert figures["ndcg_at_10"] > 1.1 * figures["popularity_ndcg_at_10"] > 0
    assert figures["ndcg_at_10"] == max(value for name, value in figures.items() if name.endswith("ndcg_at_10"))
    assert f"bestsellers {figures['popularity_ndcg_at_10']:.3f}" in heard.lines[0]
    assert f"on what {figures['judged_customers']:.0f} customers bought from" in heard.lines[0]
    kept = planted.rows("SELECT method, ndcg, ndcg_low, ndcg_high, gain_low, customers FROM insight_trials WHERE chosen")
    [(method, ndcg, low, high, gain_low, customers)] = kept
    assert round(ndcg, 4) == figures[f"{method}_ndcg_at_10"] == figures["ndcg_at_10"]
    assert low < ndcg < high
    assert gain_low > 0
    assert customers == figures["judged_customers"]


def test_a_method_that_bestsellers_beat_makes_no_offers(planted, monkeypatch):
    """Whatever the config names: offers of a method that its own yardstick beats are not shown."""
    backwards = methods.Method("items", "the slowest sellers", {"slow": 1.0})
    monkeypatch.setitem(methods.METHODS, methods.NEW, (methods.BESTSELLERS, backwards))
    monkeypatch.setattr(Parts, "_slow", lambda self: self._same_for_all(1.0 / self.past.buyers), raising=False)
    heard = Heard()
    NextProduct().compute(InsightContext(planted, datetime(2025, 12, 31), heard, {"method": "items"}))
    assert "bestsellers are offered" in heard.lines[0]
    assert planted.value("SELECT count(*) FROM insight_next_product WHERE why NOT LIKE 'A bestseller: bought by %'") == 0


def test_an_unknown_method_is_said(shop):
    with pytest.raises(ConfigError, match='"itms" is not a method') as caught:
        shop(ALL).compute(NextProduct(), method="itms")
    assert "items" in caught.value.hint


def test_the_option_is_called_judge_in_the_config(shop):
    assert "judged_customers" not in shop(ALL).compute(NextProduct(), judge=False).figures
    with pytest.raises(ConfigError, match='unknown key "evaluate"') as caught:
        shop(ALL).compute(NextProduct(), evaluate=False)
    assert "judge" in caught.value.hint


def test_nobody_is_offered_what_they_own(planted):
    NextProduct().compute(InsightContext(planted, datetime(2025, 12, 31), Silent(), {"judge": False}))
    assert planted.value("SELECT count(*) FROM insight_next_product") > 5000
    assert planted.value("SELECT count(*) FROM insight_next_product SEMI JOIN purchases USING (customer_id, product_id)") == 0
    assert planted.value("SELECT max(rank) FROM insight_next_product") == 5


@given(st.integers(1, 10_000), st.lists(st.sets(st.sampled_from("ABCDEF"), min_size=1), min_size=2, max_size=12))
@settings(max_examples=examples(5, soak=50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_same_answer_whatever_the_row_order_or_threads(shop, seed, held):
    world = [(f"c{i}", "2026-01-01", " ".join(sorted(products)), 1, "") for i, products in enumerate(held)]
    one, other = shop(world), shop(world, shuffle=seed)
    one.compute(NextProduct(), k=2, threads=1, method="items")
    other.compute(NextProduct(), k=2, threads=2, method="items")
    assert one.table("FROM edges_may_like ORDER BY id") == other.table("FROM edges_may_like ORDER BY id")


@pytest.mark.parametrize("orders", [[], ALL[:1]])
def test_nothing_in_nothing_out(shop, orders):
    made = shop(orders)
    assert made.compute(NextProduct()).tables == {"insight_next_product": 0, "edges_may_like": 0}
    assert list(made.engine.columns("edges_may_like")) == ["id", "source", "target", "hash", *EDGES["MAY_LIKE"].properties]
