"""Appointments that are sales: a label of `No Show` beside `Paid?`, and `Paid? yes` with less paid online. See `with_labels`."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.planner import Proposed, ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.words import LOOK, plain
from fullcircle.mapping.reading.values import YES, listed
from fullcircle.mapping.status import status_of
from fullcircle.model.counting import counted

LABELS = {"label", "labels", "appointment_label", "appointment_status", "booking_status", "attendance", "attendance_status"}
ONLINE = {"amount_paid_online", "paid_online", "online_payment", "amount_paid", "prepaid", "prepaid_amount", "online_bezahlt"}
FLAGS = {"paid", "is_paid", "paid_in_full", "bezahlt", "paye", "pagado", "betaald"}
MOST = 30  # different labels


def with_labels(engine: Engine, made: Sequence[Proposed]) -> None:
    """Read the label where the status is that of the payment alone, and say where less was paid online than the price."""
    for one in made:
        orders = next((each for each in one.maps if each.to == "orders" and not each.each), None)
        if orders is None or not one.sample.table or "field" in orders.fields.get("status", {}):
            continue
        for column in [name for name in one.left if plain(name) in LABELS and one.sample.facts[name].distinct <= MOST]:
            _read(engine, one, orders, column)
        one.notes += _less_online(engine, one, orders)


def _read(engine: Engine, one: Proposed, orders: ProposedMap, column: str) -> None:
    rows = engine.rows(f"SELECT DISTINCT {text_of(column)} FROM {one.sample.table} WHERE {quoted(column)} IS NOT NULL ORDER BY 1")
    lost = [str(word) for (word,) in rows if word and status_of(str(word)) == "cancelled"]
    if not lost:
        return
    said = f"CASE WHEN {text_of(column)} IN ({', '.join(map(literal, lost))}) THEN {text_of(column)}"
    before = orders.fields.get("status", {}).get("sql", "")
    orders.fields["status"] = {"sql": f"{said} ELSE {before} END" if before else f"{said} END"}
    one.left.remove(column)
    one.evidence.append(f"{column}: {', '.join(lost)} is the status of the order, whatever is said of the payment")


def _less_online(engine: Engine, one: Proposed, orders: ProposedMap) -> list[str]:
    flag = next((name for name in one.sample.facts if plain(name) in FLAGS and one.sample.facts[name].answer >= 0.9), "")
    online = next((name for name in one.left if plain(name) in ONLINE and one.sample.facts[name].number >= 0.9), "")
    price = orders.fields.get("amount", {}).get("field", "")
    if not flag or not online or not price:
        return []
    paid, whole = (number_in_column(engine, one.sample, name) for name in (online, price))
    those = f"lower({text_of(flag)}) IN ({listed(YES)}) AND {paid} < {whole}"
    rows, less = engine.rows(f"SELECT count(*), sum({whole} - {paid}) FROM {one.sample.table} WHERE {those}")[0]
    if not rows:
        return []
    sum_ = f"{float(less):,.2f}"
    return [
        f"{LOOK}{flag} says yes in {counted(rows, 'row')} of which {online} is less than {price}, by {sum_} together: "
        f"they count as paid whole; if only {online} was paid, map it as `paid`"
    ]
