"""Rows that share the key of an order and are of different amounts, a payment and its refund: another column keeps them apart.

Where no column does, only one of them counts, and what the others come to is said. Start at `unique_beside`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.guess import is_staff, plain, words
from fullcircle.mapping.propose.links import is_like_a_key, is_money, stem_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted


def unique_beside(engine: Engine | None, sample: Sample, key: str, amount: str, signs: bool = False) -> str:
    """A column that is different in every row and named like an id, where rows of one key differ in their amounts; or "".

    `signs`: only where one takes back what another sold.
    """
    if engine is None or not _repeats(sample, key, amount):
        return ""
    sum_ = number_in_column(engine, sample, amount)
    differ = f"min({sum_}) < 0 AND max({sum_}) > 0" if signs else f"count(DISTINCT {sum_}) > 1"
    if not engine.rows(f"SELECT 1 FROM {sample.table} GROUP BY {quoted(key)} HAVING {differ} LIMIT 1"):
        return ""
    people = {*words()["columns"]["orders"]["record_id"], *words()["tables"]["records"]}
    able = [
        one.name for one in sample.found.fields
        if one.name != key and sample.unique(one.name) and is_like_a_key(one.name) and not is_staff(one.name)
        and not {plain(one.name), stem_of(plain(one.name))} & people and not is_money(engine, sample, one.name)
    ]  # fmt: skip
    return able[0] if able else ""


def lost_amounts(engine: Engine | None, sample: Sample, key: str, amount: str) -> str:
    """A line on the money of rows that share a key with a row of another amount: only one of them counts; "" without any."""
    if engine is None or not _repeats(sample, key, amount):
        return ""
    sum_ = number_in_column(engine, sample, amount)
    groups = (
        f"SELECT count(*) AS n, sum({sum_}) AS s, arg_max({sum_}, rowid) AS kept FROM {sample.table} "
        f"WHERE {quoted(key)} IS NOT NULL GROUP BY {quoted(key)} HAVING count(DISTINCT {sum_}) > 1"
    )
    keys, rows, lost = engine.rows(f"SELECT count(*), coalesce(sum(n), 0), coalesce(sum(s - kept), 0) FROM ({groups})")[0]
    if not keys:
        return ""
    return (
        f"{LOOK}{counted(int(rows), 'row')} share {counted(int(keys), 'value')} of {key} and are of different amounts: one of "
        f"each counts, and what the others come to ({lost:,.2f} in {amount}) does not. Map as key what is different in each row"
    )


def in_all(engine: Engine | None, sample: Sample, amount: str) -> str:
    """What the rows come to, in brackets; "" where that is not known."""
    if engine is None or not sample.table or amount not in sample.facts:
        return ""
    ours = number_in_column(engine, sample, amount)
    sum_, more = engine.rows(f"SELECT sum({ours}), sum({ours}) FILTER ({ours} > 0) FROM {sample.table}")[0]
    if more and not round(sum_, 2):  # paid out is what came in
        return f" ({more:,.2f} in {amount}, of which as much is taken back, counts nowhere)"
    return f" ({sum_:,.2f} in {amount} counts nowhere)" if sum_ else ""


def _repeats(sample: Sample, key: str, amount: str) -> bool:
    return bool(sample.table and key in sample.facts and amount in sample.facts and amount != key and not sample.unique(key))
