"""BG/NBD and gamma-gamma: what is learned of made-up customers whose numbers are known, and what follows from them."""

import numpy as np
import pytest

from fullcircle.insights.worth.buying import Buying, expected_orders, learn, lost, staying
from fullcircle.insights.worth.lives import KnownDays
from fullcircle.insights.worth.spending import expected_sum, learn_spending

TRUE = Buying(r=0.6, alpha=30.0, a=0.8, b=2.5)


def customers(many=20_000, time=400, ahead=200, seed=3, true=TRUE):
    """Customers who order and leave as the model says: what is known of them after `time` days, and their orders after it."""
    random = np.random.default_rng(seed)
    rate = random.gamma(true.r, 1 / true.alpha, many)
    leaves = random.beta(true.a, true.b, many)
    at, here = np.zeros(many), np.ones(many, dtype=bool)
    days, last, later = np.ones(many), np.zeros(many), np.zeros(many)
    while here.any():
        at = at + random.exponential(1 / np.maximum(rate, 1e-12))
        here &= at <= time + ahead
        known = here & (at <= time)
        days, last = days + known, np.where(known, at, last)
        later += here & (at > time)
        here &= random.random(many) >= leaves
    return KnownDays(np.arange(many), days, np.zeros(many), last, days * 10, time), later


def one(days, last, age):
    """One customer."""
    return KnownDays(np.zeros(1, dtype=np.int32), np.array([days * 1.0]), np.zeros(1), np.array([last * 1.0]), np.ones(1), age)


@pytest.fixture(scope="module")
def crowd():
    return customers()


def test_the_numbers_are_found_again(crowd):
    found = learn(crowd[0])
    assert found.r == pytest.approx(TRUE.r, rel=0.1)
    assert found.alpha == pytest.approx(TRUE.alpha, rel=0.1)
    assert found.a / (found.a + found.b) == pytest.approx(TRUE.a / (TRUE.a + TRUE.b), rel=0.1)


def test_what_is_expected_comes(crowd):
    known, later = crowd
    found = learn(known)
    expected, nothing = expected_orders(found, known, 200), lost(found, known, 200)
    assert expected.sum() == pytest.approx(later.sum(), rel=0.05)
    assert nothing.mean() == pytest.approx((later == 0).mean(), abs=0.02)
    for those in np.array_split(np.argsort(expected), 10)[3:]:
        assert expected[those].mean() == pytest.approx(later[those].mean(), rel=0.2)
        assert nothing[those].mean() == pytest.approx((later[those] == 0).mean(), abs=0.05)


# By numerical integration over the chance to leave, at the numbers that the paper found for CDNOW, in weeks times seven.
@pytest.mark.parametrize(
    ("days", "last", "age", "orders"), [(1, 0, 300, 0.240414), (4, 200, 300, 2.842233), (61, 200, 210, 61.7385)]
)
def test_the_mean_over_who_has_not_left(days, last, age, orders):
    found, known = Buying(0.25, 30.0, 0.8, 2.4), one(days, last, age)
    assert expected_orders(found, known, 365)[0] / staying(found, known)[0] == pytest.approx(orders, rel=1e-5)


@pytest.mark.parametrize(
    "buying", [Buying(0.25, 30, 0.8, 2.4), Buying(3, 1, 1.0, 1.0), Buying(0.01, 8000, 8000, 1e-4), Buying(9, 1e-3, 1e-4, 8000)]
)
@pytest.mark.parametrize("known", [one(1, 0, 0), one(1, 0, 9000), one(5000, 700, 730), one(2, 1, 5000), one(3000, 3000, 3000)])
def test_nothing_overflows(buying, known):
    with np.errstate(all="raise", under="ignore"):
        orders, nothing = expected_orders(buying, known, 365)[0], lost(buying, known, 365)[0]
    assert 0 <= orders < np.inf
    assert 0 <= nothing <= 1


def test_who_orders_often_and_pauses_is_rather_lost_than_who_orders_seldom():
    found = Buying(0.5, 20, 1, 3)
    assert lost(found, one(30, 200, 400), 100)[0] > 0.9 > lost(found, one(2, 200, 400), 100)[0]


def test_sums_are_drawn_to_the_mean_of_all_by_how_few_they_are():
    random = np.random.default_rng(8)
    own = 6 * 15 / random.gamma(4, 1, 20_000)
    days = random.integers(1, 20, 20_000).astype(float)
    mean = random.gamma(6 * days, own / (6 * days))
    found = learn_spending(days, mean)
    once, often = expected_sum(found, np.array([1.0, 30.0]), np.array([500.0, 500.0]))
    assert mean.mean() < once < often < 500
    expected = expected_sum(found, days, mean)
    assert ((expected - own) ** 2).mean() < ((mean - own) ** 2).mean()
    assert expected.sum() == pytest.approx(own.sum(), rel=0.03)


@pytest.mark.parametrize("mean", [[], [5.0], [0.0, 0.0], [-3.0, 0.0], [7.0, 7.0, 7.0]])
def test_where_there_is_nothing_to_learn_the_own_mean_counts(mean):
    days, mean = np.ones(len(mean)), np.array(mean)
    assert learn_spending(days, mean) is None
    assert list(expected_sum(None, days, mean)) == [max(one, 0) for one in mean]
