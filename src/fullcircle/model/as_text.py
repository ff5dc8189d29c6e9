"""A value as a person likes to read it, at the command line and on the web page."""

from __future__ import annotations

from datetime import date, datetime


def as_text(value: object) -> str:
    """Null is a dash, numbers have commas, a time at midnight is a day. A text is as it is: whoever draws it makes it safe."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == datetime.min.time() else value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)
