"""Reads what sources say of rows that are no longer in use: a yes, a day, `archived`, `geschlossen`. See `read`."""

from __future__ import annotations

import tomllib

from fullcircle.engine.base import literal
from fullcircle.mapping.reading.values import YES
from fullcircle.mapping.shipped import shipped

KNOWN: dict[str, list[str]] = tomllib.loads(shipped("retired.toml"))
DAY = (
    "[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}.*|[0-9]{10}([0-9]{3})?|[12][0-9]{7}"
    "|[^0-9]{0,20}[0-9]{1,2}[^0-9]{1,12}[12][0-9]{3}([^0-9].*)?"  # Jan 5, 2024; 5. Januar 2024
)
NO_DAY = "0000-.*|1970-01-01.*|9999-.*|1900-0[01]-.*|0?1[-/.]0?1[-/.]1970.*"
_OUT = ", ".join(literal(word) for word in (*YES.split(), *KNOWN["deleted"], *KNOWN["inactive"]))


def read(column: str) -> str:
    """SQL: `yes`, or null: the text says no, nothing, or another state."""
    text = f"lower(trim({column}))"
    day = f"regexp_full_match({text}, '{DAY}') AND NOT regexp_full_match({text}, '{NO_DAY}')"
    return f"CASE WHEN {text} IN ({_OUT}) OR ({day}) THEN 'yes' END"
