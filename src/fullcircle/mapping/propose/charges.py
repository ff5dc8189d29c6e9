"""Fees, dues and rents in a list of people: what somebody owes by a contract, not what was paid. See `said_of_charges`.

No order is made of them: the bills, where they are, say what was paid, and both would count it twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK, plain, words

NUMBERS, DAYS = 0.9, 0.9  # of the values


def said_of_charges(sample: Sample, maps: Sequence[ProposedMap]) -> list[str]:
    """A note on sums of a list of people that no map reads, with the days that may say from when to when."""
    if any(one.to not in {"records", "identifiers", "addresses", "consents", "accounts"} for one in maps):
        return []
    read = {str(rule.get("field", "")) for one in maps for rule in one.fields.values()}
    left = {name: facts for name, facts in sample.facts.items() if name not in read and facts.filled}
    sums = [name for name, facts in left.items() if facts.number >= NUMBERS and facts.answer < NUMBERS and _is_charge(name)]
    if not sums:
        return []
    days = [name for name, facts in left.items() if facts.date >= DAYS and name not in sums]
    when = f", nor from when to when ({', '.join(days[:4])})" if days else ""
    return [
        f"{LOOK}{', '.join(sums)}: what these people owe by a contract is not read{when}, and nothing of it counts as spent: "
        "bills and payments say what was paid. If there are none, and these sums were paid, map them to orders: "
        "docs/how-to/map-fields.md"
    ]


def _is_charge(column: str) -> bool:
    known, name = words()["charges"]["words"], plain(column)
    return (
        name in known
        or any(part in known for part in name.split("_"))
        or name.endswith(("beitrag", "gebuehr", "miete", "avgift"))
    )
