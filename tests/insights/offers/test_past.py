"""What is known at a moment: given back is not bought, one-off and withdrawn products are no offers, later baskets weigh more."""

from datetime import datetime

import pytest

from fullcircle.insights.offers.moves import gather
from fullcircle.insights.offers.past import read_past

NOW = datetime(2026, 3, 31)


def known(shop, moment=None, now=NOW, **values):
    gather(shop.engine, now)
    found = read_past(shop.engine, now, moment, **values)
    what = dict(shop.engine.rows("SELECT product, product_id[9:] FROM offer_products"))
    return found, [what[int(good)] for good in found.good]


def offered(shop, **values):
    found, names = known(shop, **values)
    return {name for name, yes in zip(names, found.offered, strict=True) if yes}


def give_back(shop, order, product, quantity, day):
    """A return that is an order of its own."""
    who = shop.engine.value(f"SELECT customer_id FROM customer_orders WHERE order_id = '{order}'")
    shop.engine.run(f"INSERT INTO customer_returns VALUES ('{who}', 'back:{order}', '{day}', -10, NULL)")
    shop.engine.run(
        "INSERT INTO order_lines (line_id, order_id, product_id, quantity, amount) "
        f"VALUES ('line:back', 'back:{order}', 'product:{product}', {-quantity}, -10)"
    )


def test_what_was_given_back_was_not_bought(shop):
    made = shop([("ann", "2026-01-01", "A B", 1, ""), ("bob", "2026-01-02", "A", 1, "")])
    give_back(made, "order:0000", "A", 1, "2026-02-01")
    _, names = known(made)
    found, _ = known(made)
    assert [(int(c), names[p]) for c, p in zip(found.customer, found.product, strict=True)] == [(0, "B"), (1, "A")]


def test_what_was_given_back_later_is_still_bought_before(shop):
    made = shop([("ann", "2026-01-01", "A B", 1, ""), ("bob", "2026-01-02", "A", 1, "")])
    give_back(made, "order:0000", "A", 1, "2026-02-01")
    found, names = known(made, datetime(2026, 1, 15))
    assert sorted((int(c), names[p]) for c, p in zip(found.customer, found.product, strict=True)) == [
        (0, "A"),
        (0, "B"),
        (1, "A"),
    ]


def test_a_negative_quantity_is_no_purchase(shop):
    made = shop([("ann", "2026-01-01", "A", 1, ""), ("bob", "2026-01-01", "A", 1, "")])
    made.engine.run("UPDATE order_lines SET quantity = -1 WHERE order_id = 'order:0000'")
    assert known(made)[0].customer.tolist() == [0]


def test_later_baskets_weigh_more(shop):
    made = shop([("ann", "2026-01-01", "A", 1, ""), ("ann", "2026-01-02", "A B", 1, ""), ("ann", "2026-01-03", "B", 1, "")])
    found, names = known(made)
    own = dict(zip((names[p] for p in found.product), found.own.tolist(), strict=True))
    assert own == {"A": pytest.approx(0.9**2 + 0.9), "B": pytest.approx(0.9 + 1)}
    assert found.baskets.tolist() == pytest.approx([1 + 0.9 + 0.81])


def test_one_off_products_are_no_offers(shop):
    made = shop([("ann", "2026-01-01", "A ODD", 1, ""), ("bob", "2026-01-01", "A", 1, ""), ("ann", "2026-01-09", "ODD", 1, "")])
    found, names = known(made)
    assert offered(made) == {"A"}
    assert {name for name, yes in zip(names, found.alone, strict=True) if yes} == {"A", "ODD"}  # to ann, who bought it twice


def test_what_nobody_bought_for_long_is_no_offer(shop):
    old = [(who, "2024-01-01", "OLD", 1, "") for who in ("ann", "bob")]
    made = shop([*old, *[(who, "2026-01-01", "A", 1, "") for who in ("ann", "bob")]])
    assert offered(made) == {"A"}
    assert offered(made, long_ago=2000) == {"A", "OLD"}


def test_a_withdrawn_product_is_no_offer(shop):
    """GONE was in every order and then in none of twelve; RARE is in every tenth, so twelve without it say nothing."""
    days = [(f"c{n}", f"2026-01-{n + 1:02}", "GONE A" if n < 12 else "A", 1, "") for n in range(24)]
    rare = [(f"r{n}", "2026-01-01", "RARE", 1, "") for n in range(3)]
    assert offered(shop([*rare, *days])) == {"A", "RARE"}


def test_a_quiet_time_of_the_whole_shop_withdraws_nothing(shop):
    assert offered(shop([(f"c{n}", f"2026-01-{n + 1:02}", "A", 1, "") for n in range(10)]), now=datetime(2026, 12, 1)) == {"A"}


def test_orders_without_a_date_are_known_but_not_before_any_date(shop):
    made = shop([("ann", None, "A", 1, ""), ("bob", "2026-01-01", "A", 1, "")])
    assert len(known(made)[0].customer) == 2
    assert len(known(made, datetime(2026, 2, 1))[0].customer) == 1
    assert offered(made) == {"A"}
