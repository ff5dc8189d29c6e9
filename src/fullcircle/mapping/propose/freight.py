"""Freight that is on each row of an order and in none of its lines: a part of the amount, once, where what was paid proves it.

Start at `freight_of`.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.field_names import without_tax
from fullcircle.mapping.propose.grain import decimal_comma, number
from fullcircle.mapping.propose.gross_amount import CLOSE, GROSS, NET, TAX
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.items import Items
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted

FREIGHT = re.compile(
    r"(^|_)(freight|shipping|postage|delivery|carriage|handling|versand\w*|porto|fracht\w*|lieferkosten|frais_de_port|port|livraison|expedition"
    r"|envio|portes|gastos_de_envio|flete|frete|spedizione|trasporto|verzend\w*|bezorg\w*|frakt\w*|fragt\w*|toimitus\w*|dostaw[ay]|wysylk[ai]"
    r"|doprav[ay]|postovne|szallitas\w*|livrare|dostava|kargo|доставк[аи]|送料|运费|運費|배송비)(_|$)"
)
NO_SUM = re.compile(r"(^|_)(tax|vat|mwst|tva|iva|gst|status|date|datum|code|id|no|nr|method|zip|rate|percent)(_|$)")


def freight_of(engine: Engine | None, sample: Sample, items: Items, line: str, paid: str) -> tuple[str, list[str]]:
    """The column of the freight ("" without proof) and sentences. `line`: SQL for the sum of an item; `paid`: a column, or ""."""
    one = items.within
    if engine is None or not line or items.total or not one.several or one.down:
        return "", []
    able = [name for name in sample.facts if name in one.same and _is_freight(sample, name)]
    able.sort(key=lambda name: (not GROSS.search(plain(name)), bool(NET.search(plain(name)))))
    key, best, most = ", ".join(map(quoted, one.key)), "", 0
    said: list[str] = []
    for name in able:
        each = number(name, decimal_comma(engine, sample, name))
        was = number(paid, decimal_comma(engine, sample, paid)) if paid in sample.facts else "NULL"
        orders = f"SELECT sum({line}) AS l, max({each}) AS f, max({was}) AS p FROM {sample.table} GROUP BY {key}"
        some, total, fits, bare = engine.rows(
            f"SELECT count(*), coalesce(sum(f), 0), count(*) FILTER (abs(p - l - f) <= {CLOSE}), "
            f"count(*) FILTER (abs(p - l) <= {CLOSE}) FROM ({orders}) WHERE abs(f) > {CLOSE}"
        )[0]
        if fits > most and fits > bare:
            best, most = name, int(fits)
        if some and not said:
            said = [
                f"{LOOK}{name} ({total:,.2f} in {counted(int(some), 'order')}) is in no line and in no amount: if customers pay "
                "it beside the lines, it is missing in what they spent"
            ]
    if best:
        said = [f"{best} is a part of the amount of an order, once: {paid} is the lines with it in {counted(most, 'order')}"]
    return best, said


def tax_left_out(engine: Engine | None, sample: Sample, items: Items) -> list[str]:
    """A line on the tax of items whose amount is net, where no column has the amount with it."""
    net = items.columns.get("amount", "")
    if engine is None or items.total or not NET.search(plain(net)) or GROSS.search(plain(net)):
        return []
    for name, facts in sample.facts.items():
        if name == net or not TAX.search(plain(name)) or facts.number < 0.9 or facts.whole >= 0.9 or is_staff(name):
            continue
        total = engine.value(f"SELECT sum({number(name, decimal_comma(engine, sample, name))}) FROM {sample.table}")
        if total:
            return [f"{LOOK}{name} ({total:,.2f} together) is in no amount: {net} is without it, so customers paid more"]
    return []


def _is_freight(sample: Sample, name: str) -> bool:
    """True for a column of sums that is called freight, with its tax or without."""
    word, facts = plain(name), sample.facts[name]
    other = NO_SUM.search(without_tax(word)) and not GROSS.search(word)
    return bool(facts.filled and facts.number >= 0.9 and FREIGHT.search(word) and not other and not is_staff(name))


def freight_rule(engine: Engine | None, sample: Sample, items: Items, line: str, freight: str) -> Rule:
    """The amount of an order: what its lines come to together with its freight; {} without a freight."""
    if engine is None or not freight:
        return {}
    over = f"OVER (PARTITION BY {', '.join(map(quoted, items.within.key))})"
    once = number(freight, decimal_comma(engine, sample, freight))
    return {"sql": f"CAST(CAST(sum({line}) {over} + coalesce(max({once}) {over}, 0) AS DECIMAL(18,2)) AS VARCHAR)"}
