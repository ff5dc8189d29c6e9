"""Fills records, identifiers, addresses and truth from plain rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.model.table import Table
from fullcircle.model.tables import ADDRESSES, IDENTIFIERS, RECORDS

Row = dict[str, Any]


def load(engine: Engine, rows: Iterable[Row]) -> None:
    """Each row: columns of `records`, `entity` (who it is), and for each further identifier `id:<kind>`."""
    records, identifiers, truth = [], [], []
    for number, row in enumerate(rows):
        id = f"record:bench:people:{number}"
        truth.append((id, str(row["entity"])))
        names = " ".join(row[part] for part in ("given_name", "family_name") if row.get(part)) or None
        records.append({"kind": "person", "full_name": names, **row, "record_id": id, "source": "bench", "object": "people",
                        "key": str(number)})  # fmt: skip
        kinds = {"email": row.get("email"), "phone": row.get("phone")}
        kinds |= {name[3:]: value for name, value in row.items() if name.startswith("id:")}
        identifiers += [
            {"identifier_row": f"{kind}{number}", "record_id": id, "kind": kind, "value": value, "source": "bench", "object": "x",
             "key": str(number)}
            for kind, value in kinds.items() if value
        ]  # fmt: skip
    for table, of in ((RECORDS, records), (IDENTIFIERS, identifiers), (ADDRESSES, [])):
        _insert(engine, table, of)
    with engine.register("truth_rows", pa.table({"record_id": [t[0] for t in truth], "entity_id": [t[1] for t in truth]})):
        engine.run("CREATE OR REPLACE TABLE truth AS FROM truth_rows")


def _insert(engine: Engine, table: Table, rows: list[Row]) -> None:
    engine.run(table.ddl())
    if not rows:
        return
    columns = {column.name: pa.array([row.get(column.name) for row in rows]) for column in table.columns}
    casts = ", ".join(f'TRY_CAST("{column.name}" AS {column.sql_type}) AS "{column.name}"' for column in table.columns)
    with engine.register("rows_to_insert", pa.table(columns)):
        engine.run(f"INSERT INTO {table.name} SELECT {casts} FROM rows_to_insert")
