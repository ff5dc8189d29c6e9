"""The status of orders whose items have a status each: `sent` and `returned` in one order. See `status_of_items`.

Where the items of an order agree, their status is that of the order. Where they differ, the order has that of the items which
were kept, and its amount is without those that were cancelled or given back.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.items import CLOSE, Items
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.values_of import values_of
from fullcircle.mapping.status import status_of
from fullcircle.model.statuses import GIVEN_BACK, NO_SALE

LOST = ("cancelled", *GIVEN_BACK)
MOST_WORDS = 40
OF_ITEM = re.compile(
    r"(order_)?(line|item|line_?item|product|article|artikel|position|positions|zeilen|ligne|linea|riga|regel)_?(status|state|statut|stato|estado)"
    r"|(statut|stato|estado|status)_(de_|du_|del_|da_)?(ligne|article|produit|linea|articulo|riga|articolo|item|artigo)"
)


def status_of_items(engine: Engine | None, sample: Sample, items: Items, column: str) -> tuple[dict[str, Rule], str]:
    """The rules for status and amount of the orders, and a sentence; nothing if the words are not known, or there is no key."""
    one = items.within
    if engine is None or one.down or not 0 < sample.facts[column].distinct <= MOST_WORDS:
        return {}, ""
    text = text_of(column)
    known = engine.rows(f"SELECT DISTINCT {text} AS v FROM {sample.table} WHERE v IS NOT NULL ORDER BY 1")
    means = {str(word): status_of(str(word)) for (word,) in known}
    if not any(means.values()):
        return {}, ""
    over = f"OVER (PARTITION BY {', '.join(map(quoted, one.key))})"
    gone, not_yet = ([word for word, each in means.items() if each in some] for some in (LOST, set(NO_SALE) - {*LOST}))
    lost, early = (f"coalesce({text} IN ({', '.join(map(literal, some)) or 'NULL'}), false)" for some in (gone, not_yet))
    kept = f"max(CASE WHEN NOT {lost} AND NOT {early} THEN {text} END) {over}, max(CASE WHEN NOT {lost} THEN {text} END) {over}"
    rules: dict[str, Rule] = {"status": {"sql": f"coalesce({kept}, max({text}) {over})"}}
    line = line_of(engine, sample, items)
    if gone and line:
        worth, all_ = f"sum(CASE WHEN NOT {lost} THEN {line} END) {over}", f"sum({line}) {over}"
        whole = text_of(items.total) if items.total else "NULL"
        if items.total:
            total = number_in_column(engine, sample, items.total)
            back = f"sum(CASE WHEN {lost} THEN {line} END) {over}"
            worth = f"CASE WHEN {total} >= {all_} - {CLOSE} THEN {total} - {back} ELSE {total} END"
        mixed = f"bool_or({lost}) {over} AND NOT bool_and({lost}) {over}"
        rules["amount"] = {"sql": f"CASE WHEN {mixed} THEN CAST(CAST({worth} AS DECIMAL(18,2)) AS VARCHAR) ELSE {whole} END"}
        return rules, (
            f"{column} is that of the item: an order counts without its items that are {', '.join(gone)}, which "
            "stay among its lines with that status, and were not bought"
        )
    return rules, f"{column} is that of the item: the order has that of its items"


def lost_words(engine: Engine | None, sample: Sample, column: str) -> list[str]:
    """The words of a column that say that an item was cancelled or given back."""
    if engine is None or not sample.table or not 0 < sample.facts[column].distinct <= MOST_WORDS:
        return []
    return [word for word in values_of(engine, sample, column) if status_of(word) in LOST]


def line_of(engine: Engine, sample: Sample, items: Items) -> str:
    """SQL: the amount of an item; "" if it is not known, or what a discount leaves is not."""
    columns = items.columns
    if name := columns.get("amount"):
        return number_in_column(engine, sample, name)
    if "unit_price" not in columns or "discount" in columns:
        return ""
    pieces, price = columns.get("quantity", ""), columns["unit_price"]
    times = f"{number_in_column(engine, sample, pieces)} * " if pieces else ""
    return times + number_in_column(engine, sample, price)
