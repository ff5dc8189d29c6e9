"""What of an order was paid, and what is owed, where its rows are items: said of each item, or of the order on each row.

The values tell, beside what the items come to: `Collected` and `Balance` of each item add up to its sum, or those of the order,
on each of its rows, to the sum of all. Start at `owed_of_items`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.items import Items
from fullcircle.mapping.propose.open_amounts import MOSTLY, WHAT
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.worth import CENT
from fullcircle.model.counting import counted

SAID = {"unpaid": "what is owed of an order", "paid": "what was paid of an order, and the rest is owed"}


def owed_of_items(
    engine: Engine | None, sample: Sample, items: Items, orders: dict[str, str], line: str, freight: str = ""
) -> tuple[dict[str, Rule], list[str]]:
    """The rules for `paid` and `unpaid` of orders, whose columns are taken out of `orders`; and sentences.

    `line`: SQL for the sum of an item; `freight`: a column that is added to them, once.
    """
    one = items.within
    if engine is None or one.down or not (items.total or line):
        return {}, []  # what both come to is the amount: open_amounts.py
    columns = {name: orders.pop(name) for name in ("unpaid", "paid") if orders.get(name) in sample.facts}
    if not columns:
        return {}, []
    key = ", ".join(map(quoted, one.key))
    money = {name: number_in_column(engine, sample, column) for name, column in columns.items()}
    total = number_in_column(engine, sample, items.total) if items.total else ""
    once = f" + coalesce(max({number_in_column(engine, sample, freight)}), 0)" if freight else ""
    whole = f"max({total})" if total else f"sum({line}){once}"
    parts = ", ".join(f"{how}({sql}) AS {name}_{how}" for name, sql in money.items() for how in ("sum", "max"))
    table = f"(SELECT {whole} AS whole, {parts} FROM {sample.table} GROUP BY {key})"
    ways = ("max", "sum") if all(column in one.same for column in columns.values()) else ("sum",)
    proved = next((how for how in ways if len(columns) == 2 and _add_up(engine, table, how)), "")
    rules: dict[str, Rule] = {}
    said: list[str] = []
    for name, column in columns.items():
        how = proved or ways[0]
        of, fits = engine.rows(
            f"SELECT count(*), count(*) FILTER (abs({name}_{how}) <= abs(whole) + {CENT} AND {name}_{how} * whole >= 0) "
            f"FROM {table} WHERE {name}_{how} IS NOT NULL AND whole IS NOT NULL"
        )[0]
        odd = f"{column} is not between nothing and what the order comes to in {of - fits:,} of {counted(of, 'order')}"
        if not of or not (proved or fits >= MOSTLY * of):
            said += [f"{LOOK}{odd}, so it is not read as what is {WHAT[name]} of it"][: of - fits]
            continue
        over = f"{how}({money[name]}) OVER (PARTITION BY {key})"
        rules[name] = {"sql": f"CAST(CAST({over} AS DECIMAL(18,2)) AS VARCHAR)"}
        said += [f"{odd}: such an order counts with its amount"][: of - fits]
        said.append(f"{column}: {SAID[name]}, {'added up over its items' if how == 'sum' else 'the same on each of its rows'}")
    return rules, said


def _add_up(engine: Engine, table: str, how: str) -> bool:
    """True if what was paid and what is owed is what the order comes to, in most orders."""
    sums = f"abs(paid_{how} + unpaid_{how} - whole) < {CENT}"
    of, fits, owed = engine.rows(
        f"SELECT count(*), count(*) FILTER ({sums}), count(*) FILTER ({sums} AND unpaid_{how} > 0) FROM {table} "
        f"WHERE paid_{how} + unpaid_{how} + whole IS NOT NULL"
    )[0]
    return bool(owed and fits >= MOSTLY * of)
