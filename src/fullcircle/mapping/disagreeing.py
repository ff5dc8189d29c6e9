"""Rows that are one sale by its number and disagree on its amount or its status: counted, with one of them by its key.

In one object, as two exports of different days are, one of the rows counts (`report_states`). In two objects both count, as they
may be two sales of the same number (`report_twice`). Neither is silent.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.mapping.corrections import LOST
from fullcircle.mapping.payments_found import BARE
from fullcircle.mapping.reading.same_name import words_of_name
from fullcircle.mapping.worth import CENT
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

DAYS = 3  # between the two dates of a sale
NAMES = ("given_name", "family_name", "full_name")


def report_states(engine: Engine, staged: str, progress: Progress) -> None:
    """Say of which staged orders several rows differ, where no time says which of them is later."""
    amounts, states = "count(DISTINCT amount) > 1", "count(DISTINCT lower(trim(status))) > 1"
    rows = (
        f"SELECT source, object, any_value(key) AS key, {amounts} AS amounts, {states} AS states FROM {staged} "
        f"GROUP BY source, object, order_id HAVING ({amounts} OR {states}) AND count(DISTINCT updated_at) < count(*)"
    )
    for source, name, number, of_amount, of_state, key in engine.rows(
        "SELECT source, object, count(*), count(*) FILTER (amounts), count(*) FILTER (states), min(key) "
        f"FROM ({rows}) GROUP BY ALL ORDER BY ALL"
    ):
        progress.say(
            f"{source}.{name}: {counted(number, 'order is', 'orders are')} there in several rows that disagree: "
            f"{_on(of_amount, of_state)}, such as {key}. The row that landed last counts."
        )


def report_twice(engine: Engine, progress: Progress) -> None:
    """Say of which staged orders another object has one of the same number, customer and day."""
    if engine.value("SELECT count(DISTINCT (source, object)) FROM staged_orders") < 2:
        return
    engine.run(f"""CREATE OR REPLACE TEMP TABLE numbered_orders AS
        SELECT o.source, o.object, o.key, {BARE.format("coalesce(o.number, o.key)")} AS bare, o.amount, o.currency, o.ordered_at,
            lower(o.status) AS status, lower(r.email) AS email, {words_of_name(NAMES)} AS name, o.record_id
        FROM staged_orders o LEFT JOIN staged_records r ON r.record_id = o.record_id
        WHERE coalesce(o.amount, 1) > 0 AND coalesce(o.status, '') NOT IN ({LOST})
            AND {BARE.format("coalesce(o.number, o.key)")} IN (SELECT {BARE.format("coalesce(number, key)")} FROM staged_orders
                GROUP BY 1 HAVING count(DISTINCT (source, object)) > 1)""")
    same = "a.record_id = b.record_id OR a.email = b.email OR a.name = b.name AND a.name <> ''"
    rows = (
        f"SELECT a.source || '.' || a.object AS one, b.source || '.' || b.object AS other, a.key, a.bare, "
        f"coalesce(abs(a.amount - b.amount) > {CENT}, false) AS amounts, coalesce(a.status <> b.status, false) AS states "
        "FROM numbered_orders a JOIN numbered_orders b ON a.bare = b.bare AND (a.source, a.object) < (b.source, b.object) "
        f"WHERE ({same}) AND coalesce(abs(date_diff('day', a.ordered_at, b.ordered_at)) <= {DAYS}, true)"
    )
    for one, other, number, of_amount, of_state, key in engine.rows(
        "SELECT one, other, count(DISTINCT bare), count(DISTINCT bare) FILTER (amounts), count(DISTINCT bare) FILTER (states), "
        f"coalesce(min(key) FILTER (amounts OR states), min(key)) FROM ({rows}) GROUP BY ALL ORDER BY ALL"
    ):
        odd = f" They disagree: {_on(of_amount, of_state)}." if of_amount or of_state else ""
        progress.say(
            f"{one}: {counted(number, 'order has', 'orders have')} the number, the customer and the day of one of {other}, such "
            f"as {key}.{odd} Each counts, there and here: if they are the same sales, take out the map of one of the two."
        )
    engine.run("DROP TABLE numbered_orders")


def _on(amounts: int, states: int) -> str:
    """What they disagree on, in words."""
    said = [f"{number:,} on the {what}" for number, what in ((amounts, "amount"), (states, "status")) if number]
    return " and ".join(said)
