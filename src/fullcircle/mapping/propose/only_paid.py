"""Orders of which only what was paid is known, as gifts and receipts are: that is their amount."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping

from fullcircle.mapping.propose.sample import Facts
from fullcircle.mapping.propose.words import plain

IN_ADVANCE = re.compile(
    r"deposit|advance|prepa|anzahl|vorau|acompt|arrh|avan|antici|senal|sinal|aconto|caparr|zalicz|zadat|zaloh|предоп"
)
NUMBERS = 0.9  # of the values


def as_amount(orders: MutableMapping[str, str], facts: Mapping[str, Facts] | None) -> None:
    """Make `paid` the amount of the orders where no column has one, or what is owed; a deposit is only a part."""
    paid = orders.get("paid", "")
    if not paid or {"amount", "unpaid"} & orders.keys() or IN_ADVANCE.search(plain(paid)):
        return
    if facts is None or facts[paid].number >= NUMBERS:
        orders["amount"] = orders.pop("paid")
