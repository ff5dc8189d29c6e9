import json
from datetime import date, datetime

import pytest

from fullcircle.errors import ConfigError
from fullcircle.insights.answers.habits import SEGMENTS, Habits
from fullcircle.insights.answers.next_product import NextProduct
from fullcircle.model.graph import VERTICES

# One customer a line of thought; as of 2026-03-31.
ORDERS = [
    ("ann", "2026-01-01", "A", 10, "shop"),  # gaps 30, 20, 30: median 30, next 2026-04-21
    ("ann", "2026-01-31", "A B", 20, "shop"),
    ("ann", "2026-02-20", "A", 30, "web"),
    ("ann", "2026-03-22", "C", 40.5, "web"),
    ("bob", "2026-03-01", "B", 5, "web"),  # one order: new, no rhythm
    ("cyd", "2025-06-01", "A", 7, "web"),  # gaps 10, 10, then silence: lapsed
    ("cyd", "2025-06-11", "A", 7, "web"),
    ("cyd", "2025-06-21", "A", 7, "web"),
    ("dan", "2026-01-01 09:00:00", "A", 1, ""),  # two orders on one day are no rhythm
    ("dan", "2026-01-01 17:00:00", "A", 1, ""),
    ("dan", "2026-02-01", "A", 1, ""),
    ("eve", "2026-01-10", "D", 100, "shop"),  # gaps 29, 28: median 28.5, expected after 29
    ("eve", "2026-02-08", "D", 100, "shop"),
    ("eve", "2026-03-08", "D", 100, "shop"),
]
CATEGORIES = {"A": "Green", "B": "Black", "C": "Black", "D": "White"}


@pytest.fixture
def computed(shop):
    made = shop(ORDERS, categories=CATEGORIES)
    made.finding = made.compute(Habits())
    return made


def row(shop, who, columns):
    return shop.table(f"SELECT {columns} FROM insight_habits WHERE customer_id = 'customer:{who}'")[0]


def test_numbers_of_a_customer_with_a_rhythm(computed):
    found = row(computed, "ann", "orders, CAST(amount AS DOUBLE), cadence_days, first_order, last_order, next_order, due")
    assert found == (4, 100.5, 30.0, datetime(2026, 1, 1), datetime(2026, 3, 22), date(2026, 4, 21), False)


def test_rhythm_needs_three_different_days(computed):
    assert row(computed, "bob", "cadence_days, next_order, due") == (None, None, False)
    assert row(computed, "dan", "orders, cadence_days, next_order, due") == (3, None, None, False)


def test_due_when_expected_soon_and_not_when_lapsed(computed):
    cadence, next_order, due = row(computed, "eve", "cadence_days, next_order, due")
    assert (cadence, due, next_order) == (28.5, True, date(2026, 4, 6))
    assert row(computed, "cyd", "next_order, due, segment") == (date(2025, 7, 1), False, "lapsed")


def test_due_days_option(shop):
    made = shop(ORDERS)
    made.compute(Habits(), due_days=21)
    assert row(made, "ann", "due") == (True,)


def test_scores_are_fifths_and_equal_customers_get_equal_scores(computed):
    # Recency, most days ago first: cyd 283, dan 58, bob 30, eve 23, ann 9 -> 1, 2, 3, 4, 5 (5 customers: (place-1)*5//4 + 1)
    # Orders: bob 1 -> 1; cyd, dan, eve 3 -> all (2-1)*5//4 + 1 = 2; ann 4 -> 5
    # Money: dan 3, bob 5, cyd 21, ann 100.5, eve 300 -> 1, 2, 3, 4, 5
    found = dict(computed.table("SELECT customer_id[10:], rfm FROM insight_habits"))
    assert found == {"ann": "554", "bob": "312", "cyd": "123", "dan": "221", "eve": "425"}


def test_segments(computed):
    found = dict(computed.table("SELECT customer_id[10:], segment FROM insight_habits"))
    # The usual pause of bob and dan is the median of 30, 10 and 28.5: 28.5 days. dan's 58 days are over twice that.
    assert found == {"ann": "champions", "bob": "new", "cyd": "lapsed", "dan": "at risk", "eve": "promising"}
    assert set(found.values()) <= {name for name, _, _ in SEGMENTS}


def test_favourites_and_channel(computed):
    assert json.loads(row(computed, "ann", "categories")[0]) == ["Green", "Black"]
    assert row(computed, "ann", "channel") == ("web",)  # two each: the one used last
    assert row(computed, "dan", "channel") == (None,)


def test_why_says_it_in_words(computed):
    assert row(computed, "ann", "why") == (
        "4 orders, usually every 30 days; the last one on 2026-03-22, the next expected around 2026-04-21. "
        "Buys mostly Green, Black. Usual channel: web. Champions: among the best in how lately, how often and how much.",
    )
    assert row(computed, "bob", "why")[0].startswith("1 order; the last one on 2026-03-01. Buys mostly Black.")


def test_graph_tables_have_the_columns_of_the_model(computed):
    assert list(computed.engine.columns("vertices_habits")) == ["id", "hash", *VERTICES["Habits"].properties]
    assert list(computed.engine.columns("edges_has_habits")) == ["id", "source", "target", "hash"]
    edge = computed.table("SELECT id, source, target FROM edges_has_habits ORDER BY id")[0]
    assert edge == ("has_habits:customer:ann>habits:customer:ann", "customer:ann", "habits:customer:ann")
    assert computed.finding.tables == {"insight_habits": 5, "vertices_habits": 5, "edges_has_habits": 5}
    assert computed.finding.figures["due"] == 1


def test_orders_after_as_of_do_not_count(shop):
    made = shop(ORDERS)
    made.compute(Habits(), as_of=datetime(2026, 1, 15))
    assert row(made, "ann", "orders, last_order") == (1, datetime(2026, 1, 1))
    assert made.table("SELECT count(*) FROM insight_habits WHERE customer_id = 'customer:bob'") == [(0,)]


def test_a_new_day_alone_changes_only_who_crosses_a_bound(shop):
    made = shop(ORDERS, categories=CATEGORIES)
    made.compute(Habits())
    before = {row[0]: row for row in made.table("FROM vertices_habits")}
    made.compute(Habits(), as_of=datetime(2026, 4, 1))
    assert {row[0]: row for row in made.table("FROM vertices_habits")} == before
    made.compute(Habits(), as_of=datetime(2026, 4, 15))  # in a week from then Ann is due
    changed = [key[16:] for key, row in sorted(before.items()) if made.table(f"FROM vertices_habits WHERE id = '{key}'") != [row]]
    assert changed == ["ann"]


def test_same_answer_whatever_the_row_order(shop):
    one, other = shop(ORDERS, categories=CATEGORIES), shop(ORDERS, shuffle=7, categories=CATEGORIES)
    one.compute(Habits())
    other.compute(Habits())
    for table in ("insight_habits", "vertices_habits", "edges_has_habits"):
        assert one.table(f"FROM {table} ORDER BY ALL") == other.table(f"FROM {table} ORDER BY ALL")


def test_nothing_in_nothing_out(shop):
    made = shop()
    assert made.compute(Habits()).tables == {"insight_habits": 0, "vertices_habits": 0, "edges_has_habits": 0}
    assert list(made.engine.columns("vertices_habits")) == ["id", "hash", *VERTICES["Habits"].properties]


def test_unknown_option_names_the_nearest(shop):
    with pytest.raises(ConfigError, match="due_day") as caught:
        shop().compute(Habits(), due_day=3)
    assert "due_days" in caught.value.hint


def test_nobody_is_to_write_to_the_dead(shop):
    made = shop(ORDERS, categories=CATEGORIES)
    made.engine.run("CREATE TABLE customers (customer_id VARCHAR, deceased VARCHAR)")
    made.engine.run("INSERT INTO customers VALUES ('customer:ann', '2026-03-25'), ('customer:eve', NULL)")
    made.compute(Habits())
    assert row(made, "ann", "segment, next_order, due, orders") == ("deceased", None, False, 4)
    assert "nobody is to write to them" in row(made, "ann", "why")[0]
    assert row(made, "eve", "next_order") == (date(2026, 4, 6),)
    made.compute(NextProduct(), judge=False)
    advised = {who for (who,) in made.table("SELECT customer_id FROM insight_next_product")}
    assert "customer:bob" in advised
    assert "customer:ann" not in advised
