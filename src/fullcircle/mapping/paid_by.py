"""What the payments of an object of their own come to was paid of the orders (invoices) that they name. Start at `read_payments`.

A payment (an interaction) names its order in `pays`. Row by row, its amount is added to what was paid of that order; the rest is
owed. A payment that failed or is awaited pays nothing, and of an order that is said to be paid nothing is owed. What pays nothing
that is there is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.corrections import LOST
from fullcircle.mapping.paid_back import find_money_back
from fullcircle.mapping.payments_found import find_payments
from fullcircle.mapping.status import asked, listed, status_of
from fullcircle.mapping.validate import CheckedMap
from fullcircle.mapping.worth import CENT, by_object, worth
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.statuses import GIVEN_BACK


def read_payments(engine: Engine, own: Mapping[str, str], maps: Sequence[CheckedMap], progress: Progress) -> None:
    """Add the staged payments to what was paid of the staged orders that they name; statuses must have been read.

    `own`: the words of the sources for a status, beside the built-in ones.
    """
    if not engine.value("SELECT count(pays) FROM staged_interactions"):
        return
    _turn_ledger(engine, progress)
    find_payments(engine, own, maps)
    find_money_back(engine)
    known = "staged_interactions.record_id IN (SELECT record_id FROM staged_records)"
    engine.run(  # a payment that names no customer is of the customer of its order
        f"UPDATE staged_interactions SET pays = f.order_id, record_id = CASE WHEN f.owner IS NULL OR {known} "
        "THEN staged_interactions.record_id ELSE f.owner END, currency = coalesce(f.currency, f.of_currency) "
        "FROM payments_found f WHERE f.interaction_id = staged_interactions.interaction_id"
    )
    _say_lost(engine, progress)
    _say_unknown(engine, progress)
    _say_zeros(engine, progress)
    _pay(engine, progress)
    engine.run("DROP TABLE payments_found")


def _turn_ledger(engine: Engine, progress: Progress) -> None:
    """Payments that are all negative have the sign of a ledger: they came, and nothing went back."""
    came = "pays IS NOT NULL AND coalesce(status, '') NOT IN (SELECT word FROM back_words)"
    words = [
        str(word)
        for (word,) in engine.rows("SELECT DISTINCT status FROM staged_interactions WHERE pays IS NOT NULL AND status <> ''")
    ]
    back = pa.table({"word": pa.array([word for word in words if status_of(word) in GIVEN_BACK], pa.string())})
    with engine.register("back_words", back):
        for source, name, number in engine.rows(
            f"SELECT source, object, count(*) FROM staged_interactions WHERE {came} GROUP BY ALL "
            "HAVING count(*) FILTER (amount > 0) = 0 AND count(*) FILTER (amount < 0) > 1 ORDER BY ALL"
        ):
            ours = f"{came} AND source = {literal(source)} AND object = {literal(name)}"
            engine.run(f"UPDATE staged_interactions SET amount = -amount WHERE {ours}")
            sum_ = worth(engine, "amount", f"FROM staged_interactions WHERE {ours}")
            progress.say(
                f"{source}.{name}: all payments ({number:,}) are negative, {sum_} "
                "without the sign: it is that of a ledger, and the money came. If it was paid back instead, map -amount."
            )


NO_LESS = "what is owed is not less by that"
SAID = (  # which payments, what they do (one, several), and what follows
    (
        "order_id IS NULL AND why = 'unclear'",
        "names an order whose number is there several times, and neither customer, amount nor day says which",
        "name orders whose numbers are there several times, and neither customer, amount nor day says which",
        NO_LESS,
    ),
    (
        "order_id IS NULL AND why = 'several'",
        "names several orders and is not just what is open of them",
        "name several orders and are not just what is open of them",
        NO_LESS,
    ),
    ("order_id IS NULL AND why IS NULL", "names no order that is there", "name no order that is there", NO_LESS),
    ("NOT came AND NOT off", "failed, is awaited or was given back", "failed, are awaited or were given back", "it was not paid"),
    ("came AND NOT same", "is of another currency than its order", "are of another currency than their order", NO_LESS),
    (
        f"came AND of_status <> 'pending' AND of_status IN ({LOST})",
        "is of an order that does not count (cancelled, given back or a draft)",
        "are of orders that do not count (cancelled, given back or a draft)",
        "that is not spent",
    ),
)  # fmt: skip


def _say_lost(engine: Engine, progress: Progress) -> None:
    """Payments of nothing that is there or counts, in another currency, or that never came."""
    for rows, one, several, then in SAID:
        for name, number, sum_ in by_object(engine, "amount", f"FROM payments_found WHERE {rows}"):
            progress.say(
                f"{name}: {counted(number, f'payment {one}', f'payments {several}')} ({sum_} together): {then}. "
                f"Look at {'it' if number == 1 else 'them'}."
            )


def _say_unknown(engine: Engine, progress: Progress) -> None:
    """Payments whose status is in no list of words: whether their money came, nobody knows."""
    where = "FROM payments_found WHERE unknown IS NOT NULL"
    for source, name in engine.rows(f"SELECT DISTINCT source, object {where} ORDER BY ALL"):
        ours = f"{where} AND source = {literal(source)} AND object = {literal(name)}"
        words = [
            (str(word), int(number))
            for word, number in engine.rows(f"SELECT unknown, count(*) {ours} GROUP BY 1 ORDER BY 2 DESC, 1")
        ]
        number = sum(each for _, each in words)
        progress.say(
            f"{source}.{name}: {counted(number, 'payment has', 'payments have')} a status that is not known: {listed(words)}. "
            f"{'It counts' if number == 1 else 'They count'} as paid ({worth(engine, 'amount', ours)} together). Say what each "
            f'word means in [status] map = {{ {asked([word for word, _ in words])} }}: "paid" if the money came, "unpaid" if not.'
        )


def _say_zeros(engine: Engine, progress: Progress) -> None:
    for name, number, _ in by_object(engine, "amount", "FROM payments_found WHERE zeros"):
        progress.say(
            f"{name}: {counted(number, 'payment names its order', 'payments name their orders')} with other leading "
            "zeros (0017 and 17): no other order has that number, so they were linked."
        )


def _give_up(engine: Engine, progress: Progress) -> None:
    """What was written off in the place of a payment is neither spent nor owed."""
    engine.run(f"""CREATE OR REPLACE TEMP TABLE lost_payments AS
        SELECT o.order_id, o.source, o.object, o.currency, least(sum(abs(f.amount)), o.amount) AS lost,
            sum(abs(f.amount)) >= o.amount - {CENT} AS whole
        FROM payments_found f JOIN staged_orders o USING (order_id) WHERE f.off AND f.same AND o.unpaid IS NULL AND o.amount > 0
        GROUP BY o.order_id, o.source, o.object, o.currency, o.amount""")
    engine.run(
        "UPDATE staged_orders SET status = 'cancelled', _written_off = true FROM lost_payments l "
        "WHERE l.order_id = staged_orders.order_id AND l.whole; "
        "UPDATE staged_orders SET amount = amount - l.lost FROM lost_payments l WHERE l.order_id = staged_orders.order_id "
        "AND NOT l.whole"
    )
    for name, number, sum_ in by_object(engine, "lost", "FROM lost_payments WHERE true"):
        progress.say(
            f"{name}: of {counted(number, 'order')} {sum_} was written off: that is neither "
            "spent nor owed. Where it is only a part, the order counts without it."
        )
    engine.run("DROP TABLE lost_payments")


def _pay(engine: Engine, progress: Progress) -> None:
    engine.run("""CREATE OR REPLACE TEMP TABLE orders_paid AS
        SELECT order_id, sum(amount) AS sum, -sum(amount) FILTER (amount < 0) AS back FROM payments_found
        WHERE order_id IS NOT NULL AND came AND same GROUP BY 1""")
    _give_up(engine, progress)
    _say_of_orders(engine, progress)
    engine.run(
        "UPDATE staged_orders SET paid = coalesce(staged_orders.paid, 0) + p.sum FROM orders_paid p WHERE "
        "p.order_id = staged_orders.order_id AND staged_orders.unpaid IS NULL"
    )
    named = "order_id IN (SELECT order_id FROM orders_paid)"
    targets = "SELECT DISTINCT of_source, of_object FROM payments_found WHERE order_id IS NOT NULL"
    engine.run(  # what is said to be paid was, also where its payments are not here
        f"UPDATE staged_orders SET paid = amount WHERE (source, object) IN ({targets}) AND unpaid IS NULL AND paid < amount "
        f"AND NOT _unpaid AND (status = 'paid' OR status = 'shipped' AND NOT {named})"
    )
    covered = f"coalesce(paid >= amount - {CENT}, false)"
    engine.run(
        f"UPDATE staged_orders SET status = CASE WHEN {covered} THEN 'paid' ELSE 'placed' END "
        f"WHERE {named} AND paid > 0 AND (status = 'pending' OR coalesce(status, 'placed') = 'placed' AND {covered})"
    )
    engine.run("DROP TABLE orders_paid")


def _say_of_orders(engine: Engine, progress: Progress) -> None:
    """Orders of which money went back, and orders that are said to be paid although their payments do not come to that."""
    ours = "FROM staged_orders o JOIN orders_paid p USING (order_id) WHERE true"
    for rows, sum_, said in (
        (
            "o.unpaid IS NULL AND back > 0",
            "back",
            "of {} money was paid back ({} together): what was paid is without it, and a credit note lessens what is owed",
        ),
        (
            f"o.unpaid IS NULL AND o.status = 'paid' AND coalesce(o.paid, 0) + p.sum < o.amount - {CENT}",
            "o.amount - p.sum - coalesce(o.paid, 0)",
            "{} said to be paid, but the payments that name it come to less ({} less): nothing is owed of it",
        ),
        (
            f"abs(o.amount - p.sum - o.unpaid) > {CENT}",
            "abs(o.amount - p.sum - o.unpaid)",
            "of {} the balance is not what its payments leave ({} apart): the balance counts",
        ),
    ):
        for name, number, worth_ in by_object(engine, sum_, f"{ours} AND {rows}"):
            progress.say(f"{name}: {said.format(_orders(number, said), worth_)}.")


def _orders(number: int, said: str) -> str:
    return counted(number, "order", "orders") if said.startswith("of ") else counted(number, "order is", "orders are")
