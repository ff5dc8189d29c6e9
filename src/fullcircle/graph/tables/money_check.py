"""What the amounts of every object became: spent, still owed, given back, or not counted and why. The table `money_check`.

Each entry (an order, an invoice, a credit note, a deal) is in one row of it, so the parts add up to what was read, to the cent.
The amounts are in the currency of the source, before any rate. ask/money_check.py reads it.
"""

from __future__ import annotations

from fullcircle.engine.base import literal
from fullcircle.graph.tables.money import OWN
from fullcircle.model.tables import MONEY_CHECK

COUNTS = "counts"  # what the entries have as `what` that are spent, owed or given back; for all others it says why they are not

# A return with quantities below zero may have an amount above it: it is given back all the same.
ORDERS = f"""
    SELECT o.source, o.object, coalesce({OWN}, c.currency) AS currency,
        CASE WHEN p.back THEN -abs(coalesce(o.amount, a.amount)) ELSE coalesce(o.amount, a.amount) END AS amount,
        coalesce(p.sale, false) AS sale, coalesce(p.back, false) AS back,
        CASE WHEN p.sale THEN greatest(o.unpaid - coalesce(n.amount, 0), 0) END AS owed,
        CASE WHEN p.sale OR p.back THEN {literal(COUNTS)}
            WHEN NOT coalesce(t.counts, true) THEN 'a credit note of an order that does not count, or is not there'
            WHEN lower(trim(o.status)) IN ({{no_sale}}) THEN lower(trim(o.status))
            WHEN p.order_id IS NULL THEN 'no customer is known'
            ELSE concat('below zero, but the status is ', lower(trim(o.status))) END AS what
    FROM orders o LEFT JOIN order_amounts a USING (order_id) LEFT JOIN order_currencies c USING (order_id)
    LEFT JOIN placed_orders p USING (order_id) LEFT JOIN corrected_orders t USING (order_id) {{credited}}"""
OTHERS = """
    SELECT source, object, nullif(upper(trim(currency)), '') AS currency, amount, false, false, NULL,
        CASE WHEN kind = 'invoice' THEN 'the invoice of an order, which counts'
            WHEN kind = 'payment' THEN 'the payment of an order'
            ELSE concat_ws(', ', coalesce(kind, 'interaction'), nullif(lower(trim(status)), '')) END
    FROM interactions WHERE amount IS NOT NULL"""
# Items that were cancelled or given back alone, where the amount of their order is without them: the file has it with them.
ITEMS = f"""
    SELECT o.source, o.object, coalesce({OWN}, c.currency) AS currency, l.lost AS amount, false, false, NULL,
        'items that were cancelled or given back'
    FROM (SELECT order_id, coalesce(sum(amount) FILTER ({{kept}}), 0) AS kept, sum(amount) FILTER (NOT {{kept}}) AS lost
        FROM order_lines SEMI JOIN (SELECT order_id FROM order_lines WHERE NOT {{kept}}) USING (order_id) GROUP BY order_id) l
    JOIN placed_orders p USING (order_id) JOIN orders o USING (order_id) LEFT JOIN order_amounts a USING (order_id)
    LEFT JOIN order_currencies c USING (order_id)
    WHERE p.sale AND l.lost > 0
        AND abs(coalesce(o.amount, a.amount) - l.kept) < abs(coalesce(o.amount, a.amount) - l.kept - l.lost)"""
EXACT = "CAST(coalesce(sum({}), 0) AS DECIMAL(38,4))"


def select(no_sale: str, credited: str, kept: str) -> str:
    """SQL that makes the table from those of trade.py: `no_sale` lists statuses, `credited` joins credit notes as n, `kept` is a
    condition for lines that were neither cancelled nor given back.
    """
    parts = {
        "amount": EXACT.format("amount"),
        "spent": EXACT.format("CASE WHEN sale THEN coalesce(amount, 0) - coalesce(owed, 0) END"),
        "owed": EXACT.format("CASE WHEN sale THEN owed END"),
        "given_back": EXACT.format("CASE WHEN back THEN amount END"),
        "not_counted": EXACT.format("CASE WHEN NOT sale AND NOT back THEN amount END"),
    }
    entries = " UNION ALL ".join((ORDERS.format(no_sale=no_sale, credited=credited), OTHERS, ITEMS.format(kept=kept)))
    sums = ", ".join(f"{sql} AS {name}" for name, sql in parts.items())
    return f"""CREATE OR REPLACE TABLE {MONEY_CHECK.name} AS
        SELECT source, object, currency, what, count(*) AS entries, count(*) FILTER (amount IS NULL) AS without_amount, {sums}
        FROM ({entries}) GROUP BY ALL ORDER BY ALL"""
