"""Organisations of the same name that a run left apart: nothing but the name says they are one. See `stayed_apart`."""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.model.counting import counted

FEW = 3  # names that the sentence lists


def stayed_apart(engine: Engine) -> str:
    """A sentence for who ran; "" where every organisation has a name of its own."""
    if not engine.has("customers"):
        return ""
    name = r"trim(regexp_replace(lower(strip_accents(name)), '[^\pL\pN]+', ' ', 'g'))"
    found = engine.rows(
        f"SELECT min(name), count(*) FROM customers WHERE kind = 'organisation' AND name IS NOT NULL AND {name} <> '' "
        f"GROUP BY {name} HAVING count(*) > 1 ORDER BY 2 DESC, 1"
    )
    if not found:
        return ""
    shown = ", ".join(f"{one}: {several}" for one, several in found[:FEW]) + (", ..." if len(found) > FEW else "")
    said = counted(len(found), "name of an organisation has", "names of organisations have")
    return (
        f"{said} several customers ({shown}): nothing but the name says that they are one, so they stayed apart. "
        "`fullcircle review` shows those that are close; `fullcircle merge` joins two."
    )
