"""Discounts as a share, a percent or money: the source's own amounts tell which, else it is asked for."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.conform import conform
from tests.mapping.conftest import Recording, SmallLanding
from tests.mapping.test_conform import map_of
from tests.properties import examples

FIELDS = {
    "order_id": {"field": "order", "ref": "orders"}, "product_id": {"field": "sku", "ref": "products"}, "quantity": "n",
    "unit_price": "price", "discount": "off", "amount": "sum",
}  # fmt: skip


def lines_of(engine, landing, progress, lines, totals, **more):
    """Conform a shop of the lines (order, quantity, price, discount[, amount]) and the orders' totals."""
    landing.put("shop", "products", [{"id": "T"}])
    landing.put("shop", "orders", [{"id": key, "total": total, "cur": "USD"} for key, total in totals.items()])
    rows = [dict(zip(("order", "n", "price", "off", "sum"), line, strict=False)) for line in lines]
    columns = ("id", "order", "sku", "n", "price", "off", "sum")
    made = [{"id": str(place), "sku": "T", "sum": None, **row} for place, row in enumerate(rows, 1)]
    landing.put("shop", "lines", made, columns=columns)
    maps = [
        map_of("shop", "products", "products", {"name": "id"}),
        map_of("shop", "orders", "orders", {"amount": "total", "currency": "cur"}),
        map_of("shop", "lines", "order_lines", {**FIELDS, **more}),
    ]
    conform(engine, landing, maps, "US", progress)
    columns = "key, CAST(amount AS DOUBLE), CAST(discount AS DOUBLE), discount_kind"
    found = engine.rows(f"SELECT {columns} FROM conformed.order_lines ORDER BY len(key), key")
    return {key: tuple(rest) for key, *rest in found}


def refused(engine):
    return dict(engine.rows("SELECT object || ' ' || key, reason FROM conformed.quarantine"))


@pytest.mark.parametrize(
    ("kind", "lines", "totals"),
    [
        ("share", [("1", "2", "50", "0.1"), ("2", "1", "40", "0.5")], {"1": "90", "2": "20"}),
        ("percent", [("1", "2", "50", "10"), ("2", "1", "40", "50")], {"1": "90.00", "2": "20"}),
        ("percent", [("1", "1", "40", "0.5"), ("2", "1", "40", "50")], {"1": "39.80", "2": "20"}),
        ("money", [("1", "1", "55", "5.00"), ("2", "3", "40", "50")], {"1": "50", "2": "70"}),
        ("money_each", [("1", "2", "55", "5.00"), ("2", "3", "40", "10")], {"1": "100", "2": "90"}),
    ],
)
def test_the_sums_of_the_orders_tell(engine, landing, progress, kind, lines, totals):
    found = lines_of(engine, landing, progress, lines, totals)
    assert [amount for amount, _, _ in found.values()] == [float(total) for total in totals.values()]
    assert {said for _, _, said in found.values()} == {kind}
    assert all(0 < share < 1 for _, share, _ in found.values())
    (said,) = [text for text in progress.said if "discount" in text]
    assert "2 of 2 sums" in said


def test_a_few_other_sums_do_not_change_the_reading_of_the_object(engine, landing, progress):
    """An order whose total has freight in it says nothing."""
    lines = [(str(n), "1", str(20 + n), "10") for n in range(30)]
    totals = {str(n): f"{(20 + n) * 0.9 + (5 if n % 3 == 0 else 0):.2f}" for n in range(30)}
    found = lines_of(engine, landing, progress, lines, totals)
    assert {kind for _, _, kind in found.values()} == {"percent"}
    assert found["1"][0] == 18.0  # 20 less 10 %, though its order's total is 23


def test_the_amount_of_a_line_tells_too(engine, landing, progress):
    found = lines_of(engine, landing, progress, [("1", "1", "80", "25", "60"), ("1", "1", "40", "25", None)], {"1": None})
    assert found == {"1": (60.0, 0.25, "percent"), "2": (30.0, 0.25, "percent")}


def test_each_order_is_read_as_its_own_amount_says_where_they_differ(engine, landing, progress):
    lines = [
        ("1", "1", "55", "5.00"),
        ("2", "2", "55", "10%"),
        ("3", "1", "40", "50"),
        ("4", "1", "25", "0.2"),
        ("5", "1", "25", "4"),
    ]
    found = lines_of(engine, landing, progress, lines, {"1": "50", "2": "100", "3": "20", "4": "20", "5": None})
    assert found == {
        "1": (50.0, 0.0909, "money"), "2": (99.0, 0.1, "percent"), "3": (20.0, 0.5, "percent"), "4": (20.0, 0.2, "share"),
        "5": (None, 4.0, "unknown"),
    }  # fmt: skip
    assert engine.rows("SELECT amount FROM conformed.orders WHERE key = '5'") == [(None,)]  # no sum that lacks a line
    (said,) = [text for text in progress.said if "discount" in text]
    assert "1 line has no amount" in said and "discount_kind" in said


def test_what_nothing_tells_is_asked_for(engine, landing, progress):
    lines = [("1", "1", "55", "5.00"), ("1", "1", "40", None)]
    assert lines_of(engine, landing, progress, lines, {"1": None}) == {"1": (None, 5.0, "unknown"), "2": (40.0, None, None)}
    assert any("share, percent, money" in text and "1 line has no amount" in text for text in progress.said)


def test_the_map_says_it(engine, landing, progress):
    found = lines_of(engine, landing, progress, [("1", "2", "55", "5.00")], {"1": None}, discount_kind={"value": "money"})
    assert found == {"1": (105.0, 0.0455, "money")}
    assert engine.rows("SELECT CAST(amount AS DOUBLE) FROM conformed.orders") == [(105.0,)]


def test_a_column_of_the_source_says_it(engine, landing, progress):
    kinds = {"field": "sku", "map": {"T": "fixed_amount"}}
    found = lines_of(engine, landing, progress, [("1", "2", "55", "5.00")], {"1": None}, discount_kind=kinds)
    assert found == {"1": (105.0, 0.0455, "money")}


@pytest.mark.parametrize(("text", "amount"), [("10%", 90.0), ("10 %", 90.0), ("%10", 90.0), ("$10.00", 90.0), ("0.5 %", 99.5)])
def test_a_sign_in_the_cell_says_it(engine, landing, progress, text, amount):
    assert lines_of(engine, landing, progress, [("1", "1", "100", text)], {"1": None})["1"][0] == amount


def test_shares_alone_are_shares_and_it_is_told(engine, landing, progress):
    found = lines_of(engine, landing, progress, [("1", "2", "50", "0.1")], {"1": None})
    assert found == {"1": (90.0, 0.1, "share")}
    assert any("taken as a share" in text for text in progress.said)


def test_an_impossible_amount_goes_to_quarantine_with_its_order(engine, landing, progress):
    lines = [("1", "2", "50", "3"), ("2", "1", "50", "3"), ("2", "1", "50", "0.1"), ("3", "1", "50", "0.1")]
    found = lines_of(engine, landing, progress, lines, {"1": None, "2": "45", "3": None}, discount_kind={"value": "share"})
    assert found == {"3": (45.0, 0.1, "share"), "4": (45.0, 0.1, "share")}
    reason = "order_lines.discount makes an amount below zero or above the price"
    assert refused(engine) == {
        "lines 1": reason,
        "lines 2": reason,
        "orders 1": "orders.amount is the sum of its lines, and one of these is in quarantine",
    }


def test_an_unknown_kind_goes_to_quarantine(engine, landing, progress):
    assert lines_of(engine, landing, progress, [("1", "2", "50", "3")], {"1": "5"}, discount_kind={"value": "magic"}) == {}
    assert refused(engine) == {"lines 1": "order_lines.discount_kind is none of share, percent, money, money_each"}


def test_returned_lines_have_their_discount_too(engine, landing, progress):
    found = lines_of(engine, landing, progress, [("1", "-2", "40", "10"), ("2", "1", "80", "10")], {"1": "-72", "2": "70"})
    assert found == {"1": (-72.0, 0.1, "percent"), "2": (70.0, 0.125, "money")}


@pytest.mark.property
@settings(max_examples=examples(2, soak=200))
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 900), st.integers(1, 120)), min_size=1, max_size=6),
    st.sampled_from(["share", "percent", "money", "money_each"]), st.booleans(),
)  # fmt: skip
def test_no_amount_is_impossible_or_unlike_its_order(tmp_path_factory, drawn, kind, with_totals):
    """Whatever the discounts are: a line's amount is between zero and its price, and the lines give the order's own amount."""
    engine = DuckDB(threads=1, memory="500MB")
    progress, landing = Recording(), SmallLanding(engine, tmp_path_factory.mktemp("shop"))
    cents, lines, totals = Decimal("0.01"), [], {}
    for place, (quantity, price, number) in enumerate(drawn):
        cost, off = Decimal(quantity * price), Decimal(number) / (100 if kind == "share" else 1)
        made = {
            "share": cost * (1 - off),
            "percent": cost * (1 - off / 100),
            "money": cost - off,
            "money_each": cost - off * quantity,
        }
        lines.append((str(place), str(quantity), str(price), str(off)))
        totals[str(place)] = str(made[kind].quantize(cents)) if with_totals and made[kind] >= 0 else None
    found = lines_of(engine, landing, progress, lines, totals)
    for key, (amount, _, said) in found.items():
        quantity, price, _ = drawn[int(key) - 1]
        total = totals[str(int(key) - 1)]
        assert (amount is None) == (said == "unknown")
        if amount is not None:
            assert -0.02 <= amount <= quantity * price + 0.02
        if total is not None:
            assert amount is not None and abs(amount - float(total)) < 0.02
    assert len(found) + len(refused(engine)) >= len(drawn)
    engine.close()


def test_no_number_is_too_large(engine, landing, progress):
    lines = [
        ("1", "99999999999999", "99999999999999", "99999999999999"),
        ("2", "1", "99999999999999", "50"),
        ("3", "1", "4", "1e13"),
    ]
    found = lines_of(engine, landing, progress, lines, {"1": "1", "2": "49999999999999.50", "3": "2"})
    assert found["2"] == (49999999999999.5, 0.5, "percent")


@pytest.mark.parametrize("more", [lambda net: net + 4.99, lambda net: round(net * 1.19, 2)], ids=["freight", "tax"])
def test_freight_and_tax_in_the_amounts_of_orders_are_allowed_for(engine, landing, progress, more):
    plain = [(f"p{n}", "1", str(20 + n), None) for n in range(8)]
    lines = [("1", "2", "55", "5"), ("2", "1", "40", "10")]
    totals = {f"p{n}": f"{more(20 + n):.2f}" for n in range(8)} | {"1": f"{more(105):.2f}", "2": f"{more(30):.2f}"}
    found = lines_of(engine, landing, progress, [*plain, *lines], totals)
    assert (found["9"], found["10"]) == ((105.0, 0.0455, "money"), (30.0, 0.25, "money"))
