"""Data of which nothing can be said: a sentence says why, and there is no nonsense."""

import pyarrow as pa
import pytest

from fullcircle.config.sections import InsightSettings
from fullcircle.insights import compute as room
from fullcircle.model.progress import Silent

OFFERS = ("next_product", "next_basket")
EVERYBODY = [f"c{n:02}" for n in range(40)]


class Heard(Silent):
    def __init__(self):
        self.lines = []

    def say(self, text):
        self.lines.append(text)


def run(made, as_of="newest"):
    """What is said of offers, and how many there are."""
    heard = Heard()
    room.compute(made.engine, InsightSettings.model_validate({"names": OFFERS, "as_of": as_of}), heard)
    return heard.lines, [made.engine.count(f"insight_{name}") for name in OFFERS]


def only_returns(made):
    made.engine.run("INSERT INTO customer_returns SELECT customer_id, order_id, ordered_at, -amount, NULL FROM customer_orders")
    made.engine.run("DELETE FROM customer_orders")


def below_zero(made):
    made.engine.run("UPDATE order_lines SET quantity = -1")


def test_no_orders(shop):
    lines, offers = run(shop())
    assert offers == [0, 0]
    assert lines == [
        f"{name}: nobody gets offers, as no order of a known customer has a product that was kept." for name in OFFERS
    ]


@pytest.mark.parametrize("spoil", [only_returns, below_zero])
def test_nothing_but_returns(shop, spoil):
    made = shop([(who, f"2026-01-{n % 28 + 1:02}", "A B", 1, "") for n, who in enumerate(EVERYBODY)])
    spoil(made)
    lines, offers = run(made)
    assert offers == [0, 0]
    assert all("nobody gets offers, as no order" in line for line in lines)


@pytest.mark.parametrize(
    "orders",
    [
        [("ann", "2026-01-01", "A B", 1, "")],
        [("ann", f"2026-01-0{n}", f"P{n}", 1, "") for n in range(1, 9)],
        [(who, "2026-01-01", f"P{who}", 1, "") for who in EVERYBODY],
    ],
    ids=["one order", "one customer", "each product bought once"],
)
def test_nobody_to_learn_from(shop, orders):
    lines, offers = run(shop(orders))
    assert offers == [0, 0]
    for name, line in zip(OFFERS, lines, strict=True):
        assert line == f"{name}: no product can be offered, as none is sold now that two customers bought."


def test_one_customer_who_buys_again(shop):
    lines, offers = run(shop([("ann", f"2026-01-0{n}", "A", 1, "") for n in range(1, 9)]))
    assert offers == [0, 1]  # their own favourite
    assert "no product can be offered" in lines[0]
    assert "1 held-out customer is too few" in lines[1]


def test_few_customers(shop):
    orders = [(who, f"2026-01-{day:02}", f"A {who}", 1, "") for who in EVERYBODY[:9] for day in range(1, 9)]
    lines, offers = run(shop(orders))
    assert offers == [0, 18]
    assert (
        "own favourites and then bestsellers are offered, as 9 held-out customers are too few to compare methods (30 needed)."
        in lines[1]
    )


def test_all_orders_on_one_day(shop):
    lines, offers = run(shop([(who, "2026-01-01", f"A P{n % 5}", 1, "") for n, who in enumerate(EVERYBODY)]))
    assert lines == [
        "next_product: bestsellers are offered, as all orders are of one day.",
        "next_basket: own favourites and then bestsellers are offered, as all orders are of one day.",
    ]
    assert offers[0] > 0


def test_nobody_buys_twice(shop):
    lines, _ = run(shop([(who, f"2026-01-{n % 28 + 1:02}", f"A P{n % 5}", 1, "") for n, who in enumerate(EVERYBODY)]))
    assert all("bestsellers are offered, as nobody bought before and after 2026-01-" in line for line in lines)


def test_one_product_bought_by_all(shop):
    orders = [(who, f"2026-0{month}-01", "A", 1, "") for who in EVERYBODY for month in (1, 2, 3)]
    made = shop(orders)
    lines, offers = run(made)
    assert offers == [0, 40]
    assert "as nobody bought before and after" in lines[0]  # ... something new
    assert "NDCG@10 1.000" in lines[1]
    assert {why for (why,) in made.table("SELECT why FROM insight_next_basket")} == {
        "Bought 3 times, about every 30 days, last on 2026-03-01."
    }


def test_prices_of_zero_and_several_currencies_change_no_offer(shop):
    orders = [(who, f"2026-0{month}-01", f"A P{n % 5}", 10, "") for n, who in enumerate(EVERYBODY) for month in (1, 2, 3)]
    plain, odd = shop(orders), shop(orders)
    odd.engine.run("UPDATE order_lines SET amount = 0")
    odd.engine.run(
        "UPDATE customer_orders SET amount = 0, currency = CASE WHEN ordered_at < '2026-02-01' THEN 'EUR' ELSE 'USD' END"
    )
    assert run(plain) == run(odd)
    assert plain.table("FROM insight_next_basket ORDER BY ALL") == odd.table("FROM insight_next_basket ORDER BY ALL")


def test_dates_in_the_future_are_not_known(shop):
    orders = [(who, f"2026-0{month}-01", f"A P{n % 5}", 10, "") for n, who in enumerate(EVERYBODY) for month in (1, 2, 3)]
    plain, odd = shop(orders), shop([*orders, *[(who, "2926-01-01", "Z", 1, "") for who in EVERYBODY]])
    assert run(plain) == run(odd)
    assert odd.table("SELECT count(*) FROM insight_next_product WHERE product_id = 'product:Z'") == [(0,)]


def test_no_date_at_all(shop):
    lines, offers = run(shop([(who, None, f"A P{n % 5}", 1, "") for n, who in enumerate(EVERYBODY)]), as_of="2026-03-31")
    assert "bestsellers are offered, as no order has a date" in lines[0]
    assert offers[0] > 0


def test_no_table_of_consents(shop):
    made = shop([(who, "2026-01-01", f"A P{n % 5}", 1, "") for n, who in enumerate(EVERYBODY)])
    assert not made.engine.has("edges_has_consent")
    assert run(made)[1][0] > 0


def test_very_many_products_bought_once(shop):
    made = shop([("ann", "2026-01-01", "A", 1, ""), ("bob", "2026-01-02", "A", 1, "")])
    many = 40_000
    with made.engine.register("numbers", pa.table({"n": range(many)})):
        made.engine.run("INSERT INTO products (product_id, name) SELECT 'product:x' || n, 'X' || n FROM numbers")
        made.engine.run(
            "INSERT INTO customer_orders (customer_id, order_id, ordered_at) "
            "SELECT 'customer:x' || n // 4, 'order:x' || n // 2, TIMESTAMP '2026-01-03' + to_hours(CAST(n % 999 AS INTEGER)) "
            "FROM numbers WHERE n % 2 = 0"
        )
        made.engine.run(
            "INSERT INTO order_lines (line_id, order_id, product_id, quantity) "
            "SELECT 'line:x' || n, 'order:x' || n // 2, 'product:x' || n, 1 FROM numbers"
        )
    _, offers = run(made)
    assert made.table("SELECT DISTINCT product_id FROM insight_next_product") == [("product:A",)]
    assert offers[0] == many // 4
