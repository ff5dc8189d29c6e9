"""Refunds that name the order and not the customer: they are of the customer of that order. See `of_their_orders`.

Their map says so with the id of the order in the place of the customer's: `record_id = { sql = "'order:shop:orders:' || ..." }`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.statuses import NO_SALE
from fullcircle.model.tables import CONFORMED

PREFIX = f"{CONFORMED['orders'].noun}:"


def of_their_orders(engine: Engine, progress: Progress) -> None:
    """Give these orders the customer and the currency of the order that they name; statuses must have been read."""
    named = f"starts_with(staged_orders.record_id, {literal(PREFIX)})"
    if not engine.value(f"SELECT count(*) FROM staged_orders WHERE {named}"):
        return
    lost = ", ".join(map(literal, NO_SALE))
    engine.run(
        "CREATE OR REPLACE TEMP TABLE named_orders AS SELECT order_id, record_id, currency, "
        f"coalesce(status, '') IN ({lost}) AS no_sale FROM staged_orders WHERE NOT coalesce({named}, false)"
    )
    twice = engine.value(
        "SELECT count(*) FROM staged_orders JOIN named_orders o ON o.order_id = staged_orders.record_id "
        f"WHERE {named} AND o.no_sale"
    )
    engine.run(
        "UPDATE staged_orders SET record_id = o.record_id, currency = coalesce(staged_orders.currency, o.currency), "
        "amount = CASE WHEN o.no_sale THEN NULL ELSE staged_orders.amount END "
        f"FROM named_orders o WHERE {named} AND o.order_id = staged_orders.record_id"
    )
    open_ = engine.value(f"SELECT count(*) FROM staged_orders WHERE {named}")
    engine.run(f"UPDATE staged_orders SET record_id = NULL WHERE {named}; DROP TABLE named_orders")
    if twice:
        progress.say(
            f"orders.amount: {counted(twice, 'refund is', 'refunds are')} of orders that were refunded or cancelled "
            "whole, and count as no sale: "
            "they have no amount, or the money would be taken off twice."
        )
    if open_:
        progress.say(
            f"orders.record_id: {counted(open_, 'refund names', 'refunds name')} an order that is not there: they "
            "are of no known customer."
        )
