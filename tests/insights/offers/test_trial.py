"""The trial: split by time, nothing of the future known, figures by hand, and the choice that chance does not make."""

from datetime import datetime
from math import log2, sqrt

import numpy as np
import pytest

from fullcircle.engine.duckdb import DuckDB
from fullcircle.insights.base import InsightContext
from fullcircle.insights.offers import trial
from fullcircle.insights.offers.known import Knowledge
from fullcircle.insights.offers.methods import BASKET, METHODS, NEW, SIMPLEST
from fullcircle.insights.offers.moves import gather, split_at
from fullcircle.insights.offers.past import read_past
from fullcircle.insights.offers.trial import Trial, Tried, held_out, hold_trial, measure
from fullcircle.model.progress import Silent
from tests.insights.taste import plant

NOW = datetime(2026, 3, 1)


def ints(values):
    return np.array(values, dtype=np.int32)


def hold(engine, question, now=NOW, **options):
    return hold_trial(Knowledge(InsightContext(engine, now, Silent())), question, (365, 365.0, 2), **options)


def test_recall_and_ndcg_by_hand():
    # Customer 3 bought 7, 8, 9 and was offered 7 first and 9 third; customer 5 bought 1 and was offered it second.
    recall, ndcg = measure(ints([[7, 2, 9], [4, 1, -1]]), ints([3, 5]), ints([3, 3, 3, 5]), ints([7, 8, 9, 1]))
    assert recall.tolist() == pytest.approx([2 / 3, 1])
    three = (1 + 1 / log2(4)) / (1 + 1 / log2(3) + 1 / log2(4))
    assert ndcg.tolist() == pytest.approx([three, 1 / log2(3)])


def test_ideal_stops_at_k_and_unknown_products_are_misses():
    recall, ndcg = measure(ints([[1]]), ints([0]), ints([0, 0, 0]), ints([-1, 1, 2]))
    assert (recall[0], ndcg[0]) == (pytest.approx(1 / 3), pytest.approx(1.0))
    recall, ndcg = measure(ints([[-1]]), ints([0]), ints([0]), ints([-1]))
    assert (recall[0], ndcg[0]) == (0.0, 0.0)


ORDERS = [
    ("ann", "2026-01-01", "A B", 1, "web"),
    ("bob", "2026-01-02", "A", 1, "web"),
    ("cyd", "2026-01-03", "C", 1, "web"),
    ("dan", "2026-01-04", "B", 1, "web"),
    ("ann", "2026-02-01", "B C", 1, "web"),  # B again, C new
    ("ann", "2026-02-02", "D", 1, "web"),  # D is not known before
    ("bob", "2026-02-03", "A", 1, "web"),  # nothing new
    ("eve", "2026-02-04", "A", 1, "web"),  # has no past
]


def names(engine, past, customer, product):
    who = dict(engine.rows("SELECT customer, customer_id[10:] FROM offer_customers"))
    what = dict(engine.rows("SELECT product, product_id[9:] FROM offer_products"))
    return {(who[int(c)], what[int(past.good[p])] if p >= 0 else "?") for c, p in zip(customer, product, strict=True)}


def test_what_was_bought_after_the_date_is_held_out(shop):
    engine = shop(ORDERS).engine
    gather(engine, NOW)
    moment = datetime(2026, 2, 1)
    past = read_past(engine, NOW, moment)
    assert names(engine, past, past.customer, past.product) == {
        ("ann", "A"), ("ann", "B"), ("bob", "A"), ("cyd", "C"), ("dan", "B"),
    }  # fmt: skip
    assert past.buyers.tolist() == [1, 2, 2]  # C, A, B: as if nothing had come later
    assert names(engine, past, *held_out(engine, moment, BASKET, past)) == {("ann", "B"), ("ann", "C"), ("bob", "A")}
    assert names(engine, past, *held_out(engine, moment, NEW, past)) == {("ann", "C"), ("ann", "?")}


def test_the_newest_fifth_of_the_orders_is_after_the_date(shop):
    engine = shop([("ann", f"2026-01-{day:02}", "A", 1, "") for day in range(1, 11)]).engine
    gather(engine, NOW)
    assert split_at(engine) == datetime(2026, 1, 8)


def test_two_days_are_split_between_them_and_one_day_is_not(shop):
    many = [("ann", "2026-01-01", "A", 1, "")] * 9
    engine = shop([*many, ("bob", "2026-01-02", "A", 1, "")]).engine
    gather(engine, NOW)
    assert split_at(engine) == datetime(2026, 1, 2)
    engine = shop(many).engine
    gather(engine, NOW)
    assert split_at(engine) is None
    assert hold(engine, NEW).problem == "all orders are of one day"


def test_the_sample_is_seeded(shop, monkeypatch):
    monkeypatch.setattr(trial, "SAMPLE", 1)
    engine = shop(ORDERS).engine
    gather(engine, NOW)
    past = read_past(engine, NOW, datetime(2026, 2, 1))
    one, other = (held_out(engine, datetime(2026, 2, 1), BASKET, past) for _ in range(2))
    assert len(np.unique(one[0])) == 1
    assert one[0].tolist() == other[0].tolist()


def of(gain, by, ndcg=0.2, name="items"):
    method = next(one for one in METHODS[NEW] if one.name == name)
    return Tried(method, 0.1, 0.01, ndcg, 0.01, gain, by)


def test_the_best_is_taken_only_if_that_is_more_than_chance():
    simplest = of(0.0, 0.0, 0.1, SIMPLEST)
    assert Trial(100, NOW, [simplest, of(0.05, 0.04), of(0.06, 0.01, 0.3, "near")]).best == "near"
    assert Trial(100, NOW, [simplest, of(0.05, 0.06)]).best == SIMPLEST
    assert Trial(20, NOW, [simplest, of(0.05, 0.01)], problem="20 held-out customers are too few").best == SIMPLEST
    assert Trial(problem="all orders are of one day").best == SIMPLEST
    worse = Trial(100, NOW, [simplest, of(-0.05, 0.01)])
    assert (worse.beaten("items"), Trial(100, NOW, [simplest, of(-0.05, 0.06)]).beaten("items")) == (True, False)


def test_intervals_for_many_methods_are_wider():
    random = np.random.default_rng(1)
    one = random.normal(size=(1, 500))
    many = random.normal(size=(9, 500))
    assert trial.width(one) == pytest.approx(1.96, abs=0.03)
    assert trial.width(many) == pytest.approx(2.77, abs=0.06)  # as Bonferroni, for methods that have nothing in common
    assert trial.width(np.repeat(one, 9, axis=0)) == pytest.approx(1.96, abs=0.03)
    assert trial.width(np.zeros((3, 500))) == 1.96


def test_the_interval_is_of_the_mean_over_customers():
    values = np.array([0.0, 1.0] * 50)
    assert trial._error(values) == pytest.approx(sqrt(0.25 * 100 / 99) / 10)
    assert trial._error(values[:1]) == float("inf")


@pytest.mark.parametrize("question", [NEW, BASKET])
def test_planted_taste_is_found(question):
    engine = DuckDB(threads=2)
    plant(engine, customers=2000, products=200, orders=8000, groups=12, seed=3)
    found = hold(engine, question, datetime(2025, 12, 31))
    assert found.customers > 500
    assert found.best != SIMPLEST
    assert found.of(found.best).ndcg > 1.1 * found.of(SIMPLEST).ndcg


def test_where_there_is_no_taste_bestsellers_are_taken():
    """With products at random there is nothing to be learned; what comes after the date would still find them."""
    engine = DuckDB(threads=2)
    plant(engine, customers=1500, products=200, orders=4500, taste=0.0, seed=3)
    found = hold(engine, NEW, datetime(2025, 12, 31))
    assert found.best == SIMPLEST
    assert all(one.recall < 1.15 * found.of(SIMPLEST).recall for one in found.tried)


def rows(values):
    """Recall and NDCG of a method, customer by customer."""
    return np.array(values, dtype=float), np.array(values, dtype=float)


def test_the_yardstick_of_the_next_basket_is_the_better_of_two_simple_ones():
    methods = {one.name: one for one in METHODS[BASKET]}
    names = ("bestsellers", "favourites", "own_near")
    chosen = [methods[name] for name in names]
    few, more, most = rows([0.1, 0.2] * 50), rows([0.2, 0.3] * 50), rows([0.9, 0.8] * 50)
    for found, simplest in (
        ([few, more, most], "favourites"),
        ([more, few, most], "bestsellers"),
        ([few, few, most], "favourites"),
    ):
        tried, name = trial._compared(chosen, found, ("favourites", "bestsellers"))
        assert name == simplest
        held = Trial(100, NOW, tried, simplest=name)
        assert held.of(name).gain == held.of(name).gain_by == 0
        assert held.of("own_near").gain == pytest.approx(0.85 - held.of(name).ndcg)
        assert held.best == "own_near"
    tried, name = trial._compared(chosen, [few, more, more], ("favourites", "bestsellers"))
    assert Trial(100, NOW, tried, simplest=name).best == "favourites"
    assert Trial(100, NOW, tried, simplest=name).beaten("bestsellers")


def test_too_few_customers_are_not_worth_the_work(shop, monkeypatch):
    def learn(*_):
        raise AssertionError("nothing is to be learned")

    monkeypatch.setattr(Knowledge, "past", learn)
    orders = [(f"c{n}", f"2026-0{month}-01", "A B", 1, "") for n in range(trial.ENOUGH - 1) for month in (1, 2)]
    for question in (NEW, BASKET):
        found = hold(shop(orders).engine, question)
        assert (found.tried, found.customers) == ([], 29)
        assert found.problem == "29 held-out customers are too few to compare methods (30 needed)"


def test_what_the_config_names_is_tried_beside_the_simple_methods_alone():
    engine = DuckDB(threads=2)
    plant(engine, customers=600, products=60, orders=2400, groups=6, seed=3)
    names = [one.method.name for one in hold(engine, BASKET, datetime(2025, 12, 31), wanted="own_near").tried]
    assert names == ["bestsellers", "favourites", "own_near"]


def test_a_sample_is_tried_of_many_customers(monkeypatch):
    monkeypatch.setattr("fullcircle.insights.offers.known.LEARNED_FROM", 500)
    engine = DuckDB(threads=2)
    plant(engine, customers=2000, products=60, orders=8000, groups=6, seed=3)
    known = Knowledge(InsightContext(engine, datetime(2025, 12, 31), Silent()))
    assert known.step == 4
    assert set(known.past(365, tried=True).people() % 4) == {0}
    assert 30 < hold_trial(known, NEW, (365, 365.0, 2)).customers < 500
    assert set(known.past(365).people() % 4) == {0, 1, 2, 3}


def test_methods_that_would_cost_too_much_are_not_tried(monkeypatch):
    engine = DuckDB(threads=2)
    plant(engine, customers=600, products=60, orders=2400, groups=6, seed=3)
    monkeypatch.setattr("fullcircle.insights.offers.methods.SMALL", 50)
    monkeypatch.setattr("fullcircle.insights.offers.methods.NEAR_CUSTOMERS", 400)
    names = {one.method.name for one in hold(engine, BASKET, datetime(2025, 12, 31)).tried}
    assert names == {"bestsellers", "recent", "favourites", "own_recent", "own_items"}
