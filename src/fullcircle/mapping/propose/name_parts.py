"""`Name` beside `Vorname` or beside `Last name`: the whole name, or the part that is missing? The values say. See `name_part`."""

from __future__ import annotations

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.sample import Sample

MOST = 0.1  # of the rows may have the one part by chance in the other


def name_part(engine: Engine | None, sample: Sample, columns: dict[str, str]) -> None:
    """Make the column of whole names one of the missing part, where hardly any of its values has the part that is known."""
    known = {"given_name", "family_name"} & columns.keys()
    whole = columns.get("full_name", "")
    if len(known) != 1 or not whole or engine is None or not sample.table or whole not in sample.facts:
        return
    (part,) = known
    if columns[part] not in sample.facts:
        return
    both = f"{quoted(whole)} IS NOT NULL AND {quoted(columns[part])} IS NOT NULL"
    rows, inside = engine.rows(
        f"SELECT count(*), count(*) FILTER (contains(lower({quoted(whole)}), lower({quoted(columns[part])}))) "
        f"FROM {sample.table} WHERE {both}"
    )[0]
    if rows and inside <= MOST * rows:
        columns["family_name" if part == "given_name" else "given_name"] = columns.pop("full_name")
