"""Bills with a net sum, its tax and what was paid, and no column of the whole: `Net Total`, `VAT`, `Amount Paid`.

What was paid would be taken for the amount, and nothing would be owed. See `with_net_and_tax`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.grain import is_money_text, number_in_column
from fullcircle.mapping.propose.gross_amount import CLOSE, MOSTLY, NET, TAX, is_paid
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample


def with_net_and_tax(engine: Engine | None, sample: Sample, orders: ProposedMap) -> tuple[list[str], list[str]]:
    """Make the amount the sum of net and tax where only what was paid of it is known; the columns used and a line on it."""
    paid = str(orders.fields.get("amount", {}).get("field", ""))
    if engine is None or not sample.table or paid not in sample.facts or not is_paid(paid) or "unpaid" in orders.fields:
        return [], []
    sums = [name for name, facts in sample.facts.items() if name != paid and is_money_text(facts)]
    for net in (one for one in sums if NET.search(plain(one)) and not TAX.search(plain(one))):
        for tax in (one for one in sums if TAX.search(plain(one)) and not NET.search(plain(one))):
            n, t, was = (f"coalesce({number_in_column(engine, sample, one)}, 0)" for one in (net, tax, paid))
            more = f"({n} + {t} - {was})"
            whole, some, rows = engine.rows(
                f"SELECT count(*) FILTER (abs{more} <= {CLOSE}), count(*) FILTER ({more} >= -{CLOSE}), count(*) "
                f"FROM {sample.table}"
            )[0]
            if not whole or some < MOSTLY * rows:
                continue
            orders.fields["paid"] = {"sql": text_of(paid)}
            orders.fields["amount"] = {"sql": f"printf('%.2f', {n} + {t})"}
            return [net, tax, paid], [f"{net} and {tax} are the amount of an order together, and {paid} what was paid of it"]
    return [], []
