"""Refunds and payments that name the order and not the customer: they are of the customer of that order. See `of_their_orders`.

Their map says so with the id of the order in the place of the customer's: `record_id = { sql = "'order:shop:orders:' || ..." }`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.tables import CONFORMED

PREFIX = f"{CONFORMED['orders'].noun}:"


def of_their_orders(engine: Engine, progress: Progress) -> None:
    """Give these orders the customer and the currency of the order that they name, which is the one that they correct."""
    _payments(engine)
    named = f"starts_with(staged_orders.record_id, {literal(PREFIX)})"
    if not engine.value(f"SELECT count(*) FROM staged_orders WHERE {named}"):
        return
    engine.run(
        "CREATE OR REPLACE TEMP TABLE named_orders AS SELECT order_id, record_id, currency FROM staged_orders "
        f"WHERE NOT coalesce({named}, false)"
    )
    engine.run(
        "UPDATE staged_orders SET record_id = o.record_id, currency = coalesce(staged_orders.currency, o.currency), "
        "corrects = coalesce(staged_orders.corrects, o.order_id) "
        f"FROM named_orders o WHERE {named} AND o.order_id = staged_orders.record_id"
    )
    open_ = engine.value(f"SELECT count(*) FROM staged_orders WHERE {named}")
    engine.run(f"UPDATE staged_orders SET record_id = NULL WHERE {named}; DROP TABLE named_orders")
    if open_:
        progress.say(
            f"orders.record_id: {counted(open_, 'refund names', 'refunds name')} an order that is not there: they "
            "are of no known customer."
        )


def _payments(engine: Engine) -> None:
    """Give what happened with an order, such as its payment, the customer of that order."""
    named = f"starts_with(staged_interactions.record_id, {literal(PREFIX)})"
    engine.run(
        f"UPDATE staged_interactions SET record_id = o.record_id FROM staged_orders o WHERE {named} AND "
        f"o.order_id = staged_interactions.record_id; UPDATE staged_interactions SET record_id = NULL WHERE {named}"
    )
