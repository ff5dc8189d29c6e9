"""Invoices that name an order of somebody else: the money is that of the customer of the invoice. Start at `billed_to_others`.

Somebody pays for the order of somebody else (an insurer, a firm, a parent), or the number that looks like that of an order is
none, or is wrong. If the invoices come to what the order does, they are that sale: they count, with their customer, and the order
is what happened. If they do not, they are not known to be that sale: they count themselves, and so does the order.
Whether two records are of different people is judged by e-mail, phone and names, as nobody is resolved yet.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.worth import CENT, worth
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.tables import CONFORMED

INTERACTIONS = CONFORMED["interactions"]
SAME_ROW = ("record_id", "amount", "currency", "status", "status_raw", "channel", "source", "object", "key", "updated_at")
PEOPLE = r"""CREATE OR REPLACE TEMP TABLE billed_people AS
    SELECT record_id, nullif(lower(trim(email)), '') AS email,
        nullif(right(regexp_replace(phone, '\D', '', 'g'), 8), '') AS phone,
        list_distinct(regexp_extract_all(lower(strip_accents(concat_ws(' ', full_name, given_name, family_name, organisation))),
            '[\p{L}\p{M}]{2,}')) AS words
    FROM staged_records WHERE record_id IN (SELECT record_id FROM billed UNION SELECT of_record FROM billed)"""
# Two records that have something to compare, of which nothing is the same. `apart`: not even one word of the names.
OTHER = """a.record_id <> b.record_id AND NOT coalesce(a.email = b.email, false) AND NOT coalesce(a.phone = b.phone, false)
    AND (len(a.words) > 0 AND len(b.words) > 0 OR (len(a.words) = 0 OR len(b.words) = 0) AND a.email <> b.email)
    AND len(list_intersect(a.words, b.words)) < greatest(least(len(a.words), len(b.words), 2), 1)"""


def billed_to_others(engine: Engine, progress: Progress) -> None:
    """Take out of `billed` the invoices whose order is of another customer: of each such sale one row goes on counting."""
    engine.run(PEOPLE)
    engine.run(f"""CREATE OR REPLACE TEMP TABLE billed_apart AS
        SELECT i.order_id, i.same_as, i.amount, i.currency, i.source, i.object, i.of_object, {OTHER} AS other,
            len(list_intersect(a.words, b.words)) = 0 AS apart, w.whole
        FROM billed i JOIN billed_people a ON a.record_id = i.record_id JOIN billed_people b ON b.record_id = i.of_record
        JOIN (SELECT same_as, abs(sum(amount) - any_value(of_order)) < {CENT} AS whole FROM billed GROUP BY 1) w
            ON w.same_as = i.same_as""")
    engine.run("DROP TABLE billed_people")
    if engine.value("SELECT count(*) FROM billed_apart WHERE other"):
        _not_that_sale(engine, progress)
        _instead(engine, progress)
    engine.run("DROP TABLE billed_apart")


def _not_that_sale(engine: Engine, progress: Progress) -> None:
    """Invoices of others that do not come to what the order does count themselves."""
    those = "FROM billed_apart WHERE other AND apart AND NOT whole"
    for source, name, other, number in engine.rows(
        f"SELECT source, object, of_object, count(*) {those} GROUP BY ALL ORDER BY ALL"
    ):
        ours = f"{those} AND (source, object, of_object) = ({', '.join(map(literal, (source, name, other)))})"
        progress.say(
            f"{source}.{name}: {counted(number, 'invoice names an order', 'invoices name orders')} of {other} that "
            f"{'is' if number == 1 else 'are'} of another customer, and not of the same amount ({worth(engine, 'amount', ours)} "
            f"together). {'It counts' if number == 1 else 'They count'} beside the {'order' if number == 1 else 'orders'}, each "
            f"with its own customer. If the customers are the same, look at same_as in the map of {name}."
        )
    _let_go(engine, f"SELECT order_id {those}")


def _let_go(engine: Engine, invoices: str) -> None:
    engine.run(f"UPDATE staged_orders SET same_as = NULL WHERE order_id IN ({invoices})")
    engine.run(f"DELETE FROM billed WHERE order_id IN ({invoices})")


def _instead(engine: Engine, progress: Progress) -> None:
    """Orders that were billed to others whole: their invoices count instead of them."""
    engine.run(
        "CREATE OR REPLACE TEMP TABLE billed_instead AS SELECT same_as, arg_max(order_id, (amount, order_id)) AS meant, "
        "any_value(source) AS source, any_value(object) AS object, any_value(of_object) AS of_object FROM billed_apart "
        "WHERE whole GROUP BY 1 HAVING bool_or(other)"
    )
    gone = "FROM staged_orders WHERE order_id IN (SELECT same_as FROM billed_instead)"
    for source, name, other, number in engine.rows(
        "SELECT source, object, of_object, count(*) FROM billed_instead GROUP BY ALL ORDER BY ALL"
    ):
        which = f"(source, object, of_object) = ({', '.join(map(literal, (source, name, other)))})"
        ours = f"FROM staged_orders WHERE order_id IN (SELECT same_as FROM billed_instead WHERE {which})"
        progress.say(
            f"{source}.{name}: {counted(number, 'order')} of {other} ({worth(engine, 'amount', ours)} together) "
            f"{'was' if number == 1 else 'were'} billed to another customer than ordered. Each sale counts once, with the "
            f"customer of the invoice: the {'order is an interaction' if number == 1 else 'orders are interactions'}."
        )
    columns = ", ".join(
        [
            f"{literal(INTERACTIONS.noun + ':')} || substr(order_id, {len(CONFORMED['orders'].noun) + 2}) AS {INTERACTIONS.key}",
            "ordered_at AS at", "'order' AS kind", *map(quoted, SAME_ROW), "_place", "_seq",
        ]
    )  # fmt: skip
    engine.run(
        "UPDATE staged_orders SET corrects = b.meant FROM billed_instead b WHERE b.same_as = staged_orders.corrects; "
        "UPDATE staged_order_lines SET order_id = b.meant FROM billed_instead b WHERE b.same_as = staged_order_lines.order_id "
        "AND b.meant NOT IN (SELECT order_id FROM staged_order_lines); "
        "DELETE FROM staged_order_lines WHERE order_id IN (SELECT same_as FROM billed_instead); "
        f"INSERT INTO staged_interactions BY NAME SELECT {columns} {gone}"
    )
    _let_go(engine, "SELECT order_id FROM billed WHERE same_as IN (SELECT same_as FROM billed_instead)")
    engine.run("DELETE FROM staged_orders WHERE order_id IN (SELECT same_as FROM billed_instead); DROP TABLE billed_instead")
