"""The same sale twice: an invoice that names the order that it bills (`same_as`). It counts once, as that order: `bill_once`.

Only the rows whose order is there are concerned, one by one; all others stay orders. What is there twice becomes an interaction
of the kind `invoice`: it can be seen, and adds to nothing. Credit notes stay: they take back what the order sold.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.billed_to import billed_to_others
from fullcircle.mapping.corrections import LOST
from fullcircle.mapping.worth import by_object, worth
from fullcircle.mapping.written_off import give_up_orders
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.tables import CONFORMED

INTERACTIONS = CONFORMED["interactions"]
NOT_YET = "'pending', 'draft'"  # an invoice that stands counts, rather than an order that is none yet


def bill_once(engine: Engine, progress: Progress) -> None:
    """Let invoices of staged orders that are there count as these orders; statuses and corrections must have been read."""
    if not engine.value("SELECT count(same_as) FROM staged_orders"):
        return
    _find_orders(engine)
    _of_whom(engine)
    engine.run(f"""CREATE OR REPLACE TEMP TABLE billed AS
        SELECT i.*, o.amount AS of_order, o.object AS of_object, o.key AS of_key, o.record_id AS of_record FROM staged_orders i
        JOIN staged_orders o ON o.order_id = i.same_as AND o.order_id <> i.order_id AND o.same_as IS NULL
        WHERE coalesce(i.amount, 0) >= 0 AND coalesce(i.status, '') NOT IN ({LOST})
            AND coalesce(o.status, '') NOT IN ({NOT_YET}) AND coalesce(o.amount, 0) >= 0""")
    billed_to_others(engine, progress)
    _say(engine, progress)
    _say_cancelled(engine, progress)
    _say_paid(engine, progress)
    engine.run(
        "UPDATE staged_orders SET corrects = b.same_as FROM billed b WHERE b.order_id = staged_orders.corrects; "
        "UPDATE staged_orders SET corrects = same_as WHERE amount < 0 AND corrects IS NULL AND same_as IS NOT NULL "
        "AND same_as IN (SELECT order_id FROM staged_orders)"
    )
    _owed_too(engine)
    engine.run(
        "UPDATE staged_orders SET ordered_at = b.first FROM (SELECT same_as, min(ordered_at) AS first FROM billed GROUP BY 1) b "
        "WHERE b.same_as = staged_orders.order_id AND staged_orders.ordered_at IS NULL"
    )
    give_up_orders(engine, progress)
    _move_lines(engine)
    _move_rows(engine)
    engine.run("DELETE FROM staged_orders WHERE order_id IN (SELECT order_id FROM billed)")
    engine.run("UPDATE staged_orders SET same_as = NULL WHERE same_as IS NOT NULL; DROP TABLE billed")


def _of_whom(engine: Engine) -> None:
    """An invoice that names no customer is of the customer of its order, also where that is a draft or was cancelled."""
    engine.run(
        "UPDATE staged_orders SET record_id = o.record_id, currency = coalesce(staged_orders.currency, o.currency) "
        "FROM staged_orders o WHERE o.order_id = staged_orders.same_as AND o.order_id <> staged_orders.order_id "
        "AND o.record_id IN (SELECT record_id FROM staged_records) "
        "AND coalesce(staged_orders.record_id, '') NOT IN (SELECT record_id FROM staged_records)"
    )


def _say_cancelled(engine: Engine, progress: Progress) -> None:
    """An order that counts, though every invoice of it was cancelled: whether it was still paid, no row says."""
    lost = (
        f"FROM staged_orders o JOIN (SELECT same_as FROM staged_orders WHERE same_as IS NOT NULL AND coalesce(amount, 0) >= 0 "
        f"GROUP BY 1 HAVING bool_and(coalesce(status, '') IN ({LOST})) AND NOT bool_or(_written_off)) i "
        f"ON i.same_as = o.order_id WHERE coalesce(o.status, '') NOT IN ({LOST}, {NOT_YET}) AND o.amount > 0"
    )
    for name, number, sum_ in by_object(engine, "o.amount", lost):
        progress.say(
            f"{name}: of {counted(number, 'order', 'orders')} ({sum_} together) every "
            "invoice that is there was cancelled, but the order itself was not: "
            f"{'it counts' if number == 1 else 'they count'} as spent. Look at {'it' if number == 1 else 'them'}."
        )


def _say_paid(engine: Engine, progress: Progress) -> None:
    """Orders that were cancelled and count nowhere, though an invoice of them was paid and nothing was given back."""
    kept = (
        "FROM billed WHERE status = 'paid' AND amount > 0 AND same_as IN (SELECT order_id FROM staged_orders WHERE status = "
        "'cancelled' AND NOT _written_off) AND same_as NOT IN (SELECT coalesce(corrects, '') FROM staged_orders) "
        "AND order_id NOT IN (SELECT coalesce(corrects, '') FROM staged_orders)"
    )
    for name, number, sum_ in by_object(engine, "amount", kept):
        progress.say(
            f"{name}: {counted(number, 'invoice was', 'invoices were')} paid ({sum_} together) "
            f"whose order was cancelled: nothing of it counts as spent. Look at {'it' if number == 1 else 'them'}."
        )


def _find_orders(engine: Engine) -> None:
    """A number with a sign, in other letters or beside the key is that of the one order which has it so."""
    bare = "regexp_replace(lower(trim({})), '^[#№ ]+', '')"
    engine.run(f"""CREATE OR REPLACE TEMP TABLE orders_meant AS
        WITH asked AS (SELECT DISTINCT same_as, regexp_extract(same_as, '^(order:[^:]*:[^:]*:)', 1) AS prefix FROM staged_orders
            WHERE same_as IS NOT NULL AND same_as NOT IN (SELECT order_id FROM staged_orders)),
        there AS (SELECT order_id, 'order:' || source || ':' || object || ':' AS prefix, {bare.format("key")} AS number
            FROM staged_orders
            UNION ALL SELECT order_id, 'order:' || source || ':' || object || ':', {bare.format("number")} FROM staged_orders)
        SELECT a.same_as AS said, min(t.order_id) AS meant FROM asked a JOIN there t ON t.prefix = a.prefix
            AND t.number = {bare.format("substr(a.same_as, len(a.prefix) + 1)")} GROUP BY 1
            HAVING count(DISTINCT t.order_id) = 1""")
    engine.run("UPDATE staged_orders SET same_as = m.meant FROM orders_meant m WHERE m.said = same_as; DROP TABLE orders_meant")


def _owed_too(engine: Engine) -> None:
    """What the invoices say of payment is said of their order, where that does not say it itself."""
    engine.run(
        "UPDATE staged_orders SET paid = b.paid, unpaid = b.unpaid, _unpaid = b.whole FROM (SELECT same_as, sum(paid) AS paid, "
        "sum(unpaid) AS unpaid, bool_and(_unpaid) AS whole FROM billed GROUP BY 1) b WHERE b.same_as = staged_orders.order_id "
        "AND staged_orders.paid IS NULL AND staged_orders.unpaid IS NULL AND NOT staged_orders._unpaid"
    )


def _move_lines(engine: Engine) -> None:
    """The lines of such an invoice are those of its order, unless that has lines of its own."""
    engine.run(
        "CREATE OR REPLACE TEMP TABLE billed_lines AS SELECT order_id, same_as AS meant, "
        "same_as NOT IN (SELECT order_id FROM staged_order_lines) AS only_here FROM billed; "
        "DELETE FROM staged_order_lines WHERE order_id IN (SELECT order_id FROM billed_lines WHERE NOT only_here); "
        "UPDATE staged_order_lines SET order_id = b.meant FROM billed_lines b WHERE b.order_id = staged_order_lines.order_id; "
        "DROP TABLE billed_lines"
    )


def _move_rows(engine: Engine) -> None:
    own = {
        INTERACTIONS.key: f"{literal(INTERACTIONS.noun + ':')} || substr(order_id, {len(CONFORMED['orders'].noun) + 2})",
        "at": "ordered_at",
        "kind": "'invoice'",
        "text": "'bills ' || of_object || ' ' || of_key",
    }
    same = ("record_id", "amount", "currency", "status", "status_raw", "channel", "source", "object", "key", "updated_at")
    columns = ", ".join([*(f"{sql} AS {quoted(name)}" for name, sql in own.items()), *same, "_place", "_seq"])
    engine.run(f"INSERT INTO staged_interactions BY NAME SELECT {columns} FROM billed")


def _say(engine: Engine, progress: Progress) -> None:
    for source, name, other, number, differing, same_number in engine.rows(
        "SELECT source, object, of_object, count(*), count(DISTINCT same_as) FILTER (abs(together - of_order) > 0.005), "
        "bool_and(key = of_key) FROM "
        "(SELECT *, sum(amount) OVER (PARTITION BY same_as) AS together FROM billed) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    ):
        ours = f"FROM billed WHERE (source, object, of_object) = ({', '.join(map(literal, (source, name, other)))})"
        billed = worth(engine, "amount", ours)
        if same_number:
            progress.say(_said_of_exports(f"{source}.{name}", other, number, billed, differing))
            continue
        odd = (
            f" Of {counted(differing, 'order')} the invoices have another amount than the order: that of the order counts."
            if differing
            else ""
        )
        progress.say(
            f"{source}.{name}: {counted(number, 'invoice bills an order', 'invoices bill orders')} of {other} that "
            f"{'is' if number == 1 else 'are'} there too ({billed} together). {'It is' if number == 1 else 'They are'} the "
            f"same {'sale' if number == 1 else 'sales'} and {'counts' if number == 1 else 'count'} once, as the order; all other "
            f"rows count.{odd}"
        )


def _said_of_exports(name: str, other: str, number: int, billed: str, differing: int) -> str:
    """The sentence for orders that have the same number there: two exports of the same orders, and no invoices of them."""
    once = "It counts" if number == 1 else "They count"
    odd = f" {counted(differing, 'order has', 'orders have')} another amount there: that one counts." if differing else ""
    return (
        f"{name}: {counted(number, 'order is', 'orders are')} in {other} too ({billed} together). {once} once, as "
        f"{other} has {'it' if number == 1 else 'them'}; all other rows count.{odd}"
    )
