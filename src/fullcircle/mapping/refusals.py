"""What a column of refusals says: a yes under `Opted out` takes consent away, a no says nothing. Start at `with_refusal`.

A map of consents reads such a column as `refused`, which is not a column of the table: from it comes `granted`. Nobody agreed to
anything by not having refused, so a no makes no row. A day or time says that somebody refused then. A word for a state counts by
itself: `opted in` under `Opt out` is a consent. What says none of these goes to quarantine.
"""

from __future__ import annotations

from fullcircle.engine.base import quoted
from fullcircle.mapping.fields import REFUSED
from fullcircle.mapping.reading.characters import plain
from fullcircle.mapping.reading.values import AGREED, LEFT, NO, YES, filled, listed

# A day, month or moment in any form: numbers with signs between them, a year, a serial number or an epoch.
DAY = (
    r"'(?s)[^0-9]{0,12}[0-9]{1,4} ?[-/.年 ] ?[0-9A-Za-zäéû]{1,9}\.? ?[-/.月 ] ?[0-9]{1,4}.*"
    r"|[^0-9]{0,25}[0-9]{1,2}[^0-9]{1,12}[0-9]{4}.*|[^0-9]{0,25}[0-9]{4,}.*'"
)
UNREAD = "neither a yes, a no nor a day"  # what no reader takes for a yes or no


def with_refusal(select: str, names: list[str]) -> str:
    """SQL: the rows of a map of consents with `granted` by what was refused; a mere absence of a refusal makes no row."""
    word = f"lower({plain(REFUSED)})"
    refused = f"{word} IN ({listed(LEFT)}) OR regexp_full_match({REFUSED}, {DAY})"
    granted = f"""CASE WHEN {word} IN ({listed(AGREED)}) THEN 'yes' WHEN {refused} OR {word} IN ({listed(_yes())}) THEN 'no'
        ELSE '{UNREAD}' END"""
    columns = ", ".join(f"{granted} AS granted" if name == "granted" else quoted(name) for name in names)
    said = f"SELECT * REPLACE ({filled(REFUSED, 'TIMESTAMP')} AS {REFUSED}) FROM ({select})"
    return f"SELECT {columns} FROM ({said}) WHERE {REFUSED} IS NOT NULL AND {word} NOT IN ({listed(_no())})"


def _yes() -> str:
    return " ".join(word for word in YES.split() if word not in {*AGREED.split(), "in", "accepted", "confirmed"})


def _no() -> str:
    return " ".join(
        word for word in NO.split() if word not in {*LEFT.split(), "out", "denied", "declined", "refused", "rejected"}
    )
