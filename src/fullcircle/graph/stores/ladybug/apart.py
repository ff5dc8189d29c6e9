"""Runs one query of a user in a process of its own; see ../apart.py."""

from __future__ import annotations

import time
from typing import Any

import ladybug
import pyarrow as pa

from fullcircle.graph.stores.apart import TooMany

WAIT = 20.0  # seconds to wait for the end of a checkpoint of the writer


def answer(request: dict[str, Any]) -> pa.Table:
    """The rows of the query `text` over the graph `path`."""
    connection = ladybug.Connection(_opened(request))
    connection.set_query_timeout(int(request["seconds"] * 1000))
    connection.execute("BEGIN TRANSACTION READ ONLY")
    found = connection.execute(request["text"])
    names = found.get_column_names()
    if found.get_num_tuples() > request["rows"]:
        raise TooMany
    table: pa.Table = (
        found.get_as_arrow(-1) if names and found.get_num_tuples() else pa.table({name: pa.nulls(0) for name in names})
    )
    return table


def _opened(request: dict[str, Any]) -> Any:
    until = time.monotonic() + WAIT
    while True:
        try:
            return ladybug.Database(
                request["path"], buffer_pool_size=request["memory"], max_num_threads=request["threads"], read_only=True
            )
        except RuntimeError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
