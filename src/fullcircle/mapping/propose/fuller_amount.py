"""The sum that is there in every row, where the one that was taken for the amount is empty in most. See `fuller_amount`.

A `total` may be that of a pledge alone, beside the `amount` of every gift.
"""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.mapping.propose.gross_amount import NET, TAX, is_paid
from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.sample import Sample

FEW, NEARLY = 0.5, 0.9  # of the rows


def fuller_amount(sample: Sample, columns: Mapping[str, str], key: str) -> str:
    """The column of the amount that nearly every row has, where the chosen one has few; "" if it is right, or none is.

    Only where each row is an order: what is empty in most rows may be written in the first row of each.
    """
    chosen = sample.facts.get(columns.get("amount", ""))
    if chosen is None or not sample.rows or chosen.filled >= FEW * sample.rows or not key or not sample.unique(key):
        return ""
    known = words()["columns"]["orders"]["amount"]
    able = [
        name for name, facts in sample.facts.items()
        if plain(name) in known and facts.filled >= NEARLY * sample.rows and facts.number >= NEARLY
        and name not in columns.values() and not (NET.search(plain(name)) or TAX.search(plain(name)) or is_paid(name))
    ]  # fmt: skip
    return min(able, key=lambda name: known.index(plain(name)), default="")
