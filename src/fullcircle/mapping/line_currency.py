"""The currency of an order that only its lines name: in the header of their prices (`Price (EUR)`) or in the cells (`€12.50`).

Lines of one order in several currencies are never added up: such an order has no amount, and that is reported. Start at
`currency_of_lines`.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.currency import LISTED, header_currency, in_cell
from fullcircle.mapping.staging import text_select
from fullcircle.mapping.validate import CheckedMap
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.tables import CONFORMED

LINES = CONFORMED["order_lines"]
OF_LINE = ("amount", "unit_price")


def currency_of_lines(engine: Engine, maps: Sequence[CheckedMap], progress: Progress) -> None:
    """Give the staged orders without a currency that of their lines; forget the amounts of lines in several currencies."""
    _of_the_order(engine)
    lines = [each for each in maps if each.table is LINES]
    if not lines or not engine.value("SELECT count(*) FROM staged_orders WHERE nullif(trim(currency), '') IS NULL"):
        return
    selects = [sql for each in lines if (sql := _named(each))]
    if not selects:
        return
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE line_currencies AS SELECT order_id, min(currency) AS currency, "
        f"count(DISTINCT currency) AS n FROM ({' UNION ALL '.join(selects)}) WHERE currency IN ({LISTED}) GROUP BY order_id"
    )
    engine.run(
        "UPDATE staged_orders SET currency = c.currency FROM line_currencies c "
        "WHERE c.order_id = staged_orders.order_id AND c.n = 1 AND nullif(trim(staged_orders.currency), '') IS NULL"
    )
    mixed = "SELECT o.order_id FROM staged_orders o JOIN line_currencies c USING (order_id) WHERE c.n > 1 AND o.amount IS NULL"
    several = engine.value(f"SELECT count(*) FROM ({mixed})")
    if several:
        engine.run(f"UPDATE staged_order_lines SET amount = NULL, discount_kind = 'unknown' WHERE order_id IN ({mixed})")
        progress.say(
            f"orders.amount: the lines of {counted(several, 'order')} are in several currencies. They are never added, so "
            f"{'this order has' if several == 1 else 'these orders have'} no amount."
        )
    engine.run("DROP TABLE line_currencies")
    _of_the_order(engine)


def _of_the_order(engine: Engine) -> None:
    """A refund that names no currency has that of its order."""
    engine.run(
        "UPDATE staged_orders SET currency = o.currency FROM staged_orders o "
        "WHERE nullif(trim(staged_orders.currency), '') IS NULL "
        "AND o.currency IS NOT NULL AND staged_orders.order_id <> o.order_id "
        "AND o.order_id = coalesce(staged_orders.corrects, regexp_replace(staged_orders.order_id, '-refund$', ''))"
    )


def _named(map_: CheckedMap) -> str:
    """SQL: the orders of the lines of a map with the currency that the header of their money, or its cell, names."""
    rules = [(name, rule) for name in OF_LINE if (rule := map_.settings.fields.get(name))]
    header = header_currency(rule for _, rule in rules)
    if header:
        currency = f"CASE WHEN coalesce({', '.join(name for name, _ in rules)}) IS NOT NULL THEN {literal(header)} END"
    elif rules:
        currency = f"coalesce({', '.join(in_cell(name) for name, _ in rules)})"
    else:
        return ""
    return f"SELECT order_id, {currency} AS currency FROM ({text_select(map_, LINES, {})})"
