"""Other programs on the same records as bench/identity.py: who they take for one person, by their own defaults."""

from __future__ import annotations

import pyarrow as pa

from fullcircle.engine.base import Engine

COLUMNS = ("given_name", "family_name", "birth_date", "street", "city", "postcode", "email", "phone")


def people(engine: Engine) -> pa.Table:
    """The records as one flat table, as a person would hand them to such a program; columns without a value are left out."""
    shown = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in COLUMNS)
    table = engine.arrow(f"""
        SELECT record_id, {shown},
            (SELECT min(value) FROM identifiers i WHERE i.record_id = r.record_id AND i.kind = 'tax') AS tax
        FROM records r ORDER BY record_id""")
    return table.select([name for name in table.column_names if table[name].null_count < len(table)])
