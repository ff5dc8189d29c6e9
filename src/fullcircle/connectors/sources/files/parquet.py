"""Parquet files: columns keep their types, nested values become JSON text, and bytes become hex."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fullcircle.connectors.columns import raw_json, unique
from fullcircle.connectors.sources.files.part import REPLACE_FILE, FilePart, How, opened
from fullcircle.engine.base import Engine
from fullcircle.errors import SourceBroken


def read(path: Path, how: How, engine: Engine) -> Iterator[FilePart]:
    """The rows of a Parquet file. Raises SourceBroken if the file is truncated or damaged."""
    with opened(path):  # raises our own errors if the file is missing or not readable
        pass
    done = 0
    try:
        with pa.OSFile(str(path)) as opened_file, pq.ParquetFile(opened_file) as file:
            for batch in file.iter_batches(how.rows):
                table = pa.Table.from_batches([batch])
                table = table.rename_columns(unique(table.schema.names))
                raw = raw_json(engine, table)
                lines = pa.array(np.arange(done + 1, done + 1 + table.num_rows))
                yield FilePart(_flat(engine, table), lines, raw)
                done += table.num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise SourceBroken(f"The Parquet file {path} cannot be read: it is truncated or damaged.", REPLACE_FILE) from error


def _flat(engine: Engine, table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        if pa.types.is_nested(field.type):
            one = table.select([place]).rename_columns(["c"]).append_column("n", pa.array(np.arange(table.num_rows)))
            with engine.register("nested", one):
                sql = "SELECT CASE WHEN c IS NOT NULL THEN CAST(to_json(c) AS VARCHAR) END AS c FROM nested ORDER BY n"
                table = table.set_column(place, field.name, engine.arrow(sql)["c"])
        elif pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            one = table.select([place]).rename_columns(["c"]).append_column("n", pa.array(np.arange(table.num_rows)))
            with engine.register("nested", one):
                table = table.set_column(place, field.name, engine.arrow("SELECT hex(c) AS c FROM nested ORDER BY n")["c"])
    return table
