"""What is beside the lines of an order and a part of its amount: the freight, once, where what was paid proves it; the tax and
the tip of each item whose amount is net. Start at `freight_of` and `beside_net`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.field_names import without_tax
from fullcircle.mapping.propose.grain import number_in_column
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
TIP = re.compile(
    r"(^|_)(tips?|tip_amount|gratuit(y|ies)|trinkgeld\w*|pourboires?|propinas?|mancia|mance|gorjetas?|fooi\w*|drikkepenge|driks|dricks|tippi|juomaraha"
    r"|napiwe?k\w*|spropitne|borravalo|bacsis|bahsis|napojnica|чаевые|чайові|小费|小費|チップ|팁)(_|$)"
)
LEAST, SHARE = 0.95, 0.5  # of the rows, where a tax or a tip is no more than that share of the net amount
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
        each = number_in_column(engine, sample, name)
        was = number_in_column(engine, sample, paid) if paid in sample.facts else "NULL"
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


def beside_net(engine: Engine | None, sample: Sample, items: Items, able: bool) -> tuple[list[str], list[str]]:
    """The columns of the tax and the tip of each item, where its amount is net, and sentences on those that are not added.

    `able`: the amount of an order is the sum of its items.
    """
    net, one = items.columns.get("amount", ""), items.within
    if engine is None or items.total or not NET.search(plain(net)) or GROSS.search(plain(net)):
        return [], []
    of_rows = able and not one.down and sample.facts[items.product].filled == sample.rows  # another row would be added too
    added, said = [], []
    whole = f"abs({number_in_column(engine, sample, net)})"
    for name, facts in sample.facts.items():
        kind = TAX.search(plain(name)) or TIP.search(plain(name))
        if name == net or not kind or GROSS.search(plain(name)) or facts.number < 0.9 or facts.whole >= 0.9 or is_staff(name):
            continue
        value = f"abs({number_in_column(engine, sample, name)})"
        total, within = engine.rows(
            f"SELECT sum({value}), count(*) FILTER ({value} <= {SHARE} * {whole} + {CLOSE}) >= {LEAST} * count({value}) "
            f"FROM {sample.table}"
        )[0]
        if total and of_rows and within and not (one.several and name in one.same):
            added.append(name)
        elif total:
            said.append(f"{LOOK}{name} ({total:,.2f} together) is in no amount: {net} is without it, so customers paid more")
    return added, said


def with_net(engine: Engine, sample: Sample, line: str, added: Sequence[str]) -> str:
    """SQL: what an item comes to with its tax and its tip."""
    more = [f" + coalesce({number_in_column(engine, sample, name)}, 0)" for name in added]
    return f"({line}{''.join(more)})" if more else line


def _is_freight(sample: Sample, name: str) -> bool:
    """True for a column of sums that is called freight, with its tax or without."""
    word, facts = plain(name), sample.facts[name]
    other = NO_SUM.search(without_tax(word)) and not GROSS.search(word)
    return bool(facts.filled and facts.number >= 0.9 and FREIGHT.search(word) and not other and not is_staff(name))


def freight_rule(engine: Engine | None, sample: Sample, items: Items, line: str, freight: str, added: Sequence[str] = ()) -> Rule:
    """The amount of an order: what its lines come to with what was `added` to them, and its freight; {} without either."""
    if engine is None or not (freight or added):
        return {}
    over = f"OVER (PARTITION BY {', '.join(map(quoted, items.within.key))})"
    once = f"coalesce(max({number_in_column(engine, sample, freight)}) {over}, 0)" if freight else "0"
    return {"sql": f"CAST(CAST(sum({line}) {over} + {once} AS DECIMAL(18,2)) AS VARCHAR)"}
