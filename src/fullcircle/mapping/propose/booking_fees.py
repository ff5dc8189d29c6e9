"""What the buyer paid with the fees of booking: a price, a `Booking fee` beside it, and what was paid is both. See `with_fees`.

The amount of such an order is the price with the fees, so that what was reserved and not paid is owed with them too.
"""

from __future__ import annotations

import re
from itertools import combinations

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.grain import is_money_text, number_in_column
from fullcircle.mapping.propose.gross_amount import CLOSE, is_paid
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample

FEE = re.compile(
    r"(^|_)(fees?|surcharges?|service_charges?|gebuhr\w*|gebuehr\w*|aufschlag|frais|commission|comision|gastos|cargo|commissione|commissioni|diritti"
    r"|prevendita|taxa|toeslag|kosten|servicekosten|gebyr|avgift|palvelumaksu|toimitusmaksu|oplata|poplatek|poplatky|dij|taxe|ucret|hizmet_bedeli"
    r"|сбор|комиссия|手数料|手续费|수수료)(_|$)|gebuhr(en)?$|gebuehr(en)?$|avgift$|gebyr$"
)
MOSTLY = 0.9  # of the orders that were paid
MOST = 5  # columns of fees that are tried


def with_fees(engine: Engine | None, sample: Sample, orders: ProposedMap) -> tuple[list[str], set[str]]:
    """Make the price with the fees the amount of orders where that is what was paid; if so a sentence, and the columns."""
    amount = orders.fields.get("amount", {}).get("field", "")
    key = orders.fields.get("key", {}).get("field", "")
    if engine is None or not sample.table or amount not in sample.facts or is_paid(amount):
        return [], set()
    if key not in sample.facts or not sample.unique(key):
        return [], set()
    paid = next((name for name, each in sample.facts.items() if is_paid(name) and is_money_text(each)), "")
    fees = [name for name, each in sample.facts.items() if FEE.search(plain(name)) and is_money_text(each) and name != amount]
    for some in [one for n in (1, 2) for one in combinations(fees[:MOST], n)] if paid else ():
        price, was, *more = (number_in_column(engine, sample, name) for name in (amount, paid, *some))
        whole = f"coalesce({price}, 0) + {' + '.join(f'coalesce({one}, 0)' for one in more)}"
        of, fits, all_ = engine.rows(
            f"SELECT count(*), count(*) FILTER (abs({whole} - {was}) <= {CLOSE}), "
            f"count(*) FILTER (abs({price} - {was}) <= {CLOSE}) FROM {sample.table} WHERE {was} > 0"
        )[0]
        if of and fits >= MOSTLY * of and all_ < fits:
            together = f"CAST(CAST({whole} AS DECIMAL(18,2)) AS VARCHAR)"
            text = f"regexp_replace({text_of(amount)}, '-?[0-9]([0-9.,'' ]*[0-9])?', {together})"  # with the sign of its currency
            orders.fields["amount"] = {"sql": text}
            orders.fields["paid"] = {"field": paid}
            said = (
                f"{amount} with {' and '.join(some)} is the amount, as {paid} is both: it is what the buyer pays. What was not "
                "paid counts as unpaid, and not as spent"
            )
            return [said], {amount, paid, *some}
    return [], set()
