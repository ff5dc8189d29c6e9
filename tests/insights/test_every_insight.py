"""Odd data, for every insight at once: there is an answer, or a sentence says why there is none; and never nonsense."""

import pytest

from fullcircle import registry
from fullcircle.config.sections import InsightSettings
from fullcircle.insights import compute as room
from fullcircle.model.progress import Silent

EVERYBODY = [f"c{n:02}" for n in range(40)]
PLAIN = [
    (who, f"2026-0{month}-{n % 27 + 1:02}", f"A P{n % 5}", 10, "web") for n, who in enumerate(EVERYBODY) for month in (1, 2, 3)
]
ONE_DAY = [(who, "2026-01-01", f"A P{n % 5}", 10, "web") for n, who in enumerate(EVERYBODY)]
RETURNED = "INSERT INTO customer_returns SELECT customer_id, order_id, ordered_at, -amount, NULL FROM customer_orders"
CASES = {
    "no order": ([], ""),
    "one order": (PLAIN[:1], ""),
    "one customer": ([("ann", f"2026-0{n}-01", "A B", 10, "web") for n in range(1, 9)], ""),
    "one day": (ONE_DAY, ""),
    "refunds only": (PLAIN, f"{RETURNED}; DELETE FROM customer_orders; DELETE FROM purchases"),
    "negative quantities": (PLAIN, "UPDATE order_lines SET quantity = -1; DELETE FROM purchases"),
    "prices of zero": (PLAIN, "UPDATE order_lines SET amount = 0; UPDATE customer_orders SET amount = 0"),
    "negative amounts": (PLAIN, "UPDATE customer_orders SET amount = -10"),
    "one product": ([(who, day, "A", paid, way) for who, day, _, paid, way in PLAIN], ""),
    "no products": ([(who, day, "", paid, way) for who, day, _, paid, way in PLAIN], ""),
    "the future alone": (PLAIN, "UPDATE customer_orders SET ordered_at = ordered_at + INTERVAL 900 YEAR"),
    "a future date": (PLAIN, "UPDATE customer_orders SET ordered_at = '2926-01-01' WHERE order_id = 'order:0007'"),
    "no dates": (PLAIN, "UPDATE customer_orders SET ordered_at = NULL; UPDATE purchases SET first = NULL, last = NULL"),
    "currencies": (PLAIN, "UPDATE customer_orders SET currency = CASE WHEN month(ordered_at) = 1 THEN 'EUR' ELSE 'USD' END"),
    "no amounts": (PLAIN, "UPDATE customer_orders SET amount = NULL; UPDATE order_lines SET amount = NULL, quantity = NULL"),
    "no names": (PLAIN, "UPDATE products SET name = NULL, category = ' '; UPDATE customer_orders SET channel = ' '"),
}


class Heard(Silent):
    def __init__(self):
        self.lines = []

    def say(self, text):
        self.lines.append(text)


@pytest.mark.parametrize("case", CASES)
def test_there_is_an_answer_or_a_reason(shop, case):
    orders, spoil = CASES[case]
    made, heard = shop(orders), Heard()
    if spoil:
        made.engine.run(spoil)
    names = registry.names("insights")
    room.compute(made.engine, InsightSettings.model_validate({"names": names}), heard)
    silent = [name for name in names if not made.engine.count(f"insight_{name}") and not said(heard.lines, name)]
    assert not silent
    for name in names:
        _no_nonsense(made, f"insight_{name}")


def said(lines, name):
    return [line for line in lines if line.startswith((f"{name}:", f"{name}, "))]


def _no_nonsense(made, table):
    columns = made.engine.columns(table)
    for name in (one for one, type_ in columns.items() if type_ == "DOUBLE"):
        odd = made.engine.value(f'SELECT count(*) FROM {table} WHERE isnan("{name}") OR isinf("{name}")')
        assert not odd, f"{table}.{name}"
    if "why" in columns:
        assert not made.table(f"SELECT why FROM {table} WHERE why IS NULL OR regexp_matches(why, '\\b(nan|inf|None|NULL)\\b')")


def test_the_answer_for_bad_data_is_the_same_in_a_second_run(shop):
    made, heard = shop(PLAIN), Heard()
    for _ in range(2):
        room.compute(made.engine, InsightSettings.model_validate({"names": registry.names("insights")}), heard)
    half = len(heard.lines) // 2
    assert heard.lines[:half] == heard.lines[half:]
