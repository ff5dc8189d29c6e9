"""Bills whose money was given up (`Written off`, `Uneinbringlich`): what was paid of them counts, the rest is not spent.

A bill that names its order (billed.py) takes this to the order: what was written off of an order was not spent. Start at
`keep_what_was_paid`, and for orders at `give_up_orders`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.corrections import LOST
from fullcircle.mapping.worth import CENT, worth
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

PAID = "coalesce(paid, amount - unpaid)"


def keep_what_was_paid(engine: Engine, progress: Progress) -> None:
    """A staged order that was written off after a part of it was paid is a sale, of which the rest is owed."""
    _nothing_paid(engine, progress)
    some = f"FROM staged_orders WHERE _written_off AND {PAID} > {CENT} AND {PAID} < amount - {CENT}"
    found = engine.value(f"SELECT count(*) {some}")
    if not found:
        return
    paid = worth(engine, PAID, some)
    engine.run(
        f"UPDATE staged_orders SET status = 'placed', unpaid = amount - {PAID}, _written_off = false "
        f"WHERE order_id IN (SELECT order_id {some})"
    )
    progress.say(
        f"orders.status: {counted(found, 'order was', 'orders were')} written off after a part was paid. That part ({paid} "
        "together) counts as spent, the rest as unpaid."
    )


def _nothing_paid(engine: Engine, progress: Progress) -> None:
    """An order of which nothing was paid and nothing is owed was not spent, whatever its status: nobody came, it was let go."""
    those = f"FROM staged_orders WHERE amount > {CENT} AND paid = 0 AND unpaid = 0 AND coalesce(status, '') NOT IN ({LOST})"
    found = engine.value(f"SELECT count(*) {those}")
    if found:
        progress.say(
            f"orders.paid: of {counted(found, 'order')} ({worth(engine, 'amount', those)} together) nothing was paid and "
            f"nothing is owed: {'it is' if found == 1 else 'they are'} not spent, whatever the status says."
        )
        engine.run(f"UPDATE staged_orders SET status = 'cancelled' WHERE order_id IN (SELECT order_id {those})")


def give_up_orders(engine: Engine, progress: Progress) -> None:
    """What was written off of the invoices of an order (`same_as`) was not spent on it."""
    engine.run(f"""CREATE OR REPLACE TEMP TABLE given_up AS
        SELECT o.order_id, o.source, o.object, o.currency, least(sum(i.amount) FILTER (i._written_off), o.amount) AS lost,
            coalesce(sum(i.amount) FILTER (coalesce(i.status, '') NOT IN ({LOST})), 0) < {CENT}
                AND sum(i.amount) FILTER (i._written_off) >= o.amount - {CENT} AS whole
        FROM staged_orders i JOIN staged_orders o ON o.order_id = i.same_as AND o.order_id <> i.order_id
        WHERE i.amount > 0 AND o.amount > 0 AND coalesce(o.status, '') NOT IN ({LOST})
        GROUP BY o.order_id, o.source, o.object, o.currency, o.amount HAVING count(*) FILTER (i._written_off) > 0""")
    if engine.count("given_up"):
        engine.run(
            "UPDATE staged_orders SET status = 'cancelled', _written_off = true FROM given_up g "
            "WHERE g.order_id = staged_orders.order_id AND g.whole; "
            "UPDATE staged_orders SET unpaid = least(amount, lost + coalesce(unpaid, amount - paid, "
            "CASE WHEN _unpaid THEN amount END, 0)) FROM given_up g WHERE g.order_id = staged_orders.order_id AND NOT g.whole"
        )
        _report(engine, progress)
    engine.run("DROP TABLE given_up")


def _report(engine: Engine, progress: Progress) -> None:
    for source, name, number, some in engine.rows(
        "SELECT source, object, count(*), count(*) FILTER (NOT whole) FROM given_up GROUP BY 1, 2 ORDER BY 1, 2"
    ):
        lost = worth(engine, "lost", f"FROM given_up WHERE source = {literal(source)} AND object = {literal(name)}")
        part = f" Where that is only a part of an order ({some:,}), it is shown as unpaid." if some else ""
        progress.say(
            f"{source}.{name}: invoices of {counted(number, 'order')} were written off ({lost} together): "
            f"that was not spent.{part}"
        )
