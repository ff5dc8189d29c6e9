"""Refunds that only the payments know: money that went back of an order which the shop calls paid or shipped.

What was given back of it was not spent. It becomes a refund of that order (an order of a negative amount that names it), unless
something else gives it back already: its status, or a refund or credit note of its own. An invoice of which money went back is
owed again, and is the business of paid_by.py. Start at `find_money_back`; when all corrections are known at `refund_money_back`.
"""

from __future__ import annotations

import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.corrections import LOST
from fullcircle.mapping.payment_words import money_came
from fullcircle.mapping.status import status_of
from fullcircle.mapping.worth import CENT, by_object
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.statuses import GIVEN_BACK

REFUNDED = "refunded"  # the status of such an order
SOLD = "'paid', 'shipped'"


def find_money_back(engine: Engine) -> None:
    """Make `money_back`: the payments that give back of an order that was paid, each with its order. They are no longer debts."""
    words = [
        str(word)
        for (word,) in engine.rows("SELECT DISTINCT status FROM staged_interactions WHERE pays IS NOT NULL AND status <> ''")
    ]
    gone = [word for word in words if status_of(word) in GIVEN_BACK]
    never = [word for word in words if word not in gone and money_came(word) is False]  # a refund that failed, or is awaited
    tables = [pa.table({"word": pa.array(each, pa.string())}) for each in (gone, never)]
    with engine.register("back_words", tables[0]), engine.register("lost_words", tables[1]):
        engine.run(
            "UPDATE payments_found SET came = false WHERE amount < 0 AND order_id IS NOT NULL AND interaction_id IN (SELECT "
            "interaction_id FROM staged_interactions WHERE pays IS NOT NULL AND status IN (SELECT word FROM lost_words))"
        )
        engine.run(f"""CREATE OR REPLACE TEMP TABLE money_back AS
            WITH named AS (
                SELECT f.interaction_id, f.order_id, f.amount, i."at" AS paid_at, f.came,
                    (f.amount < 0 AND f.came) OR (NOT f.came AND i.status IN (SELECT word FROM back_words)) AS gives
                FROM payments_found f JOIN staged_interactions i USING (interaction_id)
                WHERE f.order_id IS NOT NULL AND f.same AND NOT f.off),
            sums AS (
                SELECT order_id, coalesce(sum(amount) FILTER (came AND NOT gives), 0) AS came,
                    coalesce(sum(abs(amount)) FILTER (gives), 0) AS back, min(paid_at) FILTER (came AND NOT gives) AS first
                FROM named GROUP BY 1)
            SELECT n.interaction_id, n.order_id, abs(n.amount) AS amount, n.paid_at
            FROM named n JOIN sums s USING (order_id) JOIN staged_orders o USING (order_id)
            WHERE n.gives AND n.amount <> 0 AND o.amount > 0 AND o.unpaid IS NULL AND o.status IN ({SOLD})
                AND (o.status = 'paid' OR greatest(s.came, s.back) >= o.amount - {CENT})
                AND coalesce(n.amount < 0 OR n.paid_at >= s.first, true)""")
    engine.run(
        "UPDATE payments_found SET amount = 0, came = true, unknown = NULL "
        "WHERE interaction_id IN (SELECT interaction_id FROM money_back)"
    )


def refund_money_back(engine: Engine, progress: Progress) -> None:
    """Make refunds of the money that went back, of orders of which nothing else gives back; corrections must be found."""
    if not engine.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'money_back'"):
        return
    engine.run(f"""CREATE OR REPLACE TEMP TABLE refunds_paid AS
        SELECT o.*, b.of_source, b.of_object, least(b.amount, o.amount) AS back, b.back_at
        FROM (SELECT b.order_id, any_value(i.source) AS of_source, any_value(i.object) AS of_object, sum(b.amount) AS amount,
            max(b.paid_at) AS back_at FROM money_back b JOIN staged_interactions i USING (interaction_id) GROUP BY 1) b
        JOIN staged_orders o USING (order_id) WHERE coalesce(o.status, '') NOT IN ({LOST})""")
    other = (
        "EXISTS (SELECT 1 FROM staged_orders r WHERE r.amount < 0 AND (r.corrects = p.order_id OR r.order_id = p.order_id || "
        "'-refund' OR (r.corrects IS NULL AND r.record_id = p.record_id AND r.source = p.source AND abs(r.amount + p.back) <= "
        f"{CENT})))"
    )
    for rows, said in (
        (f"NOT {other}", "counts as a refund of the order, and lessens what was spent"),
        (other, "is taken for the same as the refund or credit note that is there, and not taken off again"),
    ):
        for name, number, sum_ in by_object(engine, "back", f"FROM (SELECT * FROM refunds_paid p WHERE {rows}) WHERE true"):
            progress.say(f"{name}: of {counted(number, 'order')} the payments give money back ({sum_} together): that {said}.")
    place = f"{literal('order:')} || of_source || ':' || of_object || ':' || key || '-refund'"
    engine.run(f"""INSERT INTO staged_orders BY NAME
        SELECT {place} AS order_id, record_id, of_source AS source, of_object AS object, key || '-refund' AS key, -back AS amount,
            currency, coalesce(back_at, ordered_at) AS ordered_at, {literal(REFUNDED)} AS status, order_id AS corrects,
            channel, updated_at, false AS _unpaid, false AS _written_off, _place, _seq
        FROM refunds_paid p WHERE NOT {other}""")
    engine.run("DROP TABLE refunds_paid; DROP TABLE money_back")
