"""Natural groups: found where there are some, told in words, the same from run to run; and none where there are none."""

from datetime import date, timedelta

import numpy as np
import pytest

from fullcircle.insights.answers.groups import NaturalGroups
from fullcircle.insights.base import InsightContext
from fullcircle.insights.groups.carried import names_of
from fullcircle.insights.groups.found import find_groups
from fullcircle.insights.groups.traits import Shares, Traits
from fullcircle.model.progress import Silent
from tests.insights.conftest import AS_OF

KINDS = {"Coffee": (12, 1, 6), "Wine": (3, 4, 120), "Bread": (6, 2, 25)}  # orders, products in each, amount
LABELS = {f"{kind}{n}": kind for kind in KINDS for n in range(6)}


class Heard(Silent):
    def __init__(self):
        self.lines = []

    def say(self, text):
        self.lines.append(text)


def planted(each=50, seed=3, left_out=()):
    """Three sorts of customers, each with a taste and a manner of their own."""
    random = np.random.default_rng(seed)
    found = []
    for kind, (orders, products, amount) in KINDS.items():
        for n in range(each):
            taste = [kind if random.random() < 0.9 else str(random.choice(list(KINDS))) for _ in range(40)]
            days = sorted(random.choice(360, max(int(random.poisson(orders)), 2), replace=False))
            for day in days:
                held = " ".join(f"{taste[int(random.integers(40))]}{random.integers(6)}" for _ in range(products))
                paid = round(amount * float(random.lognormal(0, 0.3)), 2)
                if f"{kind}{n}" not in left_out:
                    found.append((f"{kind}{n}", str(date(2025, 4, 1) + timedelta(days=int(day))), held, paid, "web"))
    return found


def compute(made):
    heard = Heard()
    NaturalGroups().compute(InsightContext(made.engine, AS_OF, heard, {}))
    return heard.lines


@pytest.fixture(scope="module")
def world():
    from tests.insights.conftest import Shop

    made = Shop(planted(), categories=LABELS)
    return made, compute(made)


def test_groups_are_found_and_said_in_words(world):
    made, lines = world
    assert lines[0].startswith("groups: 3 natural groups (silhouette 0.")
    found = dict(made.table('SELECT description, size FROM insight_group_sizes ORDER BY "group"'))
    [coffee] = [words for words in found if "mostly Coffee" in words]
    [wine] = [words for words in found if "mostly Wine" in words]
    assert {"buy often", "small baskets", "pay little for an order"} <= set(coffee.split(", "))
    assert {"buy seldom", "large baskets", "pay much for an order"} <= set(wine.split(", "))
    own = made.table("SELECT \"group\", regexp_extract(customer_id, 'customer:([A-Za-z]+)', 1) AS kind FROM insight_groups")
    assert len(own) == 150
    best = sum(max(own.count((group, kind)) for kind in KINDS) for group in {row[0] for row in own})
    assert best >= 145


def test_they_are_in_the_graph(world):
    made, _ = world
    vertices = made.table("SELECT id, name, size, orders, basket FROM vertices_group ORDER BY id")
    assert [row[:2] for row in vertices] == [(f"group:{n}", f"group {n}") for n in (1, 2, 3)]
    assert sum(row[2] for row in vertices) == made.engine.count("edges_in_group") == 150
    [(why,)] = made.table("SELECT why FROM edges_in_group WHERE source = 'customer:Wine7'")
    assert why.startswith("Of 3 natural groups this one is the nearest: ")


def test_the_next_run_calls_them_the_same(world):
    made, _ = world
    before = dict(made.table('SELECT customer_id, "group" FROM insight_groups'))
    from tests.insights.conftest import Shop

    other = Shop(planted(60, seed=4, left_out={"Coffee1", "Coffee2"}), shuffle=9, categories=LABELS)
    names = {"group 1": "group 7", "group 2": "group 8", "group 3": "group 9"}
    rows = ", ".join(f"('{who}', '{names[group]}')" for who, group in before.items())
    other.engine.run('CREATE TABLE insight_groups (customer_id VARCHAR, "group" VARCHAR)')
    other.engine.run(f"INSERT INTO insight_groups VALUES {rows}")
    compute(other)
    now = dict(other.table('SELECT customer_id, "group" FROM insight_groups'))
    same = [now[who] == names[group] for who, group in before.items() if who in now]
    assert len(same) == 148
    assert sum(same) >= 145


def test_a_name_goes_with_most_of_the_members_and_is_not_given_twice():
    group = np.repeat([0, 1, 2, 3], 10).astype(np.int32)
    last = np.array([0] * 8 + [-1] * 2 + [1] * 9 + [0] + [1] * 5 + [-1] * 5 + [-1] * 10, dtype=np.int32)
    assert names_of(group, 4, last, ["group 2", "group 5"]) == ["group 2", "group 5", "group 6", "group 7"]


def cloud(many, seed):
    """Customers who differ, and in whom one thing goes with another, but of one sort."""
    random = np.random.default_rng(seed)
    often = 2 + random.poisson(random.lognormal(1.2, 0.8, many))
    basket = 1 + random.poisson(2, many) * random.lognormal(0, 0.3, many)
    measures = np.column_stack([often, basket, basket * random.lognormal(3, 0.5, many), random.exponential(200 / often)])
    lines = np.maximum((often * basket).astype(int), 1)
    counts = random.multinomial(lines, random.dirichlet(np.ones(6))).astype(float)
    shares = {"category": Shares(tuple("abcde"), counts), "channel": Shares((), np.zeros((many, 1)))}
    return Traits([f"c{n}" for n in range(many)], measures, np.zeros(many, dtype=np.int32), ("",), shares)


@pytest.mark.parametrize(("many", "seed"), [(120, 1), (120, 2), (500, 3), (500, 4), (3000, 5)])
def test_customers_of_one_sort_are_not_cut_into_groups(many, seed):
    found = find_groups(cloud(many, seed))
    assert len(found.means) == 0
    assert found.problem.startswith("the best cut is hardly clearer than in data without groups")


@pytest.mark.parametrize(
    ("orders", "reason"),
    [
        ([], "only 0 ordered on two days or more (100 are needed)"),
        ([(f"c{n}", "2026-01-01", "A", 1, "") for n in range(200)], "only 0 ordered on two days or more (100 are needed)"),
        (
            [(f"c{n}", f"2026-01-0{day}", "A", 1, "web") for n in range(120) for day in (1, 2)],
            "they differ in less than two ways",
        ),
    ],
    ids=["no order", "all on one day", "all alike"],
)
def test_without_groups_it_says_why(shop, orders, reason):
    made = shop(orders)
    assert compute(made) == [f"groups: there are no natural groups, as {reason}."]
    assert made.table('SELECT "group", note FROM insight_group_sizes') == [("none", f"There are no natural groups, as {reason}.")]
    assert made.engine.count("vertices_group") == made.engine.count("edges_in_group") == 0
