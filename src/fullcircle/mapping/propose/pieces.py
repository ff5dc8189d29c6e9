"""What was bought where no column is called like a product: the tariff of a ticket, a bare `name` beside quantity and price.

A guess that holds only where it differs within orders. Start at `piece_of` and `is_of_pieces`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from functools import cache

from fullcircle.mapping.propose.grain import Order
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.shipped import shipped

BARE = ("name", "label", "title", "titel", "bezeichnung", "nom", "nombre", "nome", "naam", "nazwa", "nazev", "navn", "namn")


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(tomllib.loads(shipped("pieces.toml"))["kinds"])


def piece_of(sample: Sample, lines: Mapping[str, str], leave: Collection[str]) -> str:
    """The column of the kind of ticket, or the bare name beside a quantity and a price; "" if there is none."""
    known = {
        plain(name): name for name, facts in reversed(sample.facts.items())
        if name not in leave and facts.filled and facts.number < 0.5 and facts.email < 0.5 and not is_staff(name)
    }  # fmt: skip
    able = [*_kinds(), *(BARE if "quantity" in lines and {"unit_price", "amount"} & lines.keys() else ())]
    return next((known[word] for word in able if word in known), "")


def amount_of(sample: Sample, piece: str) -> str:
    """The sum that is called after the kind: `Tariff amount` beside `Tariff`; "" without one."""
    word = plain(piece)
    able = [name for name, facts in sample.facts.items() if name != piece and facts.filled and facts.number >= 0.9]
    return next((name for name in able if word in plain(name)), "")


def is_of_pieces(order: Order, product: str) -> bool:
    """True if the rows of one order are of different kinds: what was bought, and not a word for the whole order."""
    one = order.within
    return bool(one and one.several and not one.down and product not in one.same)
