"""Columns of text, as APIs send them, in their types."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa


def typed(kinds: Mapping[str, str], types: Mapping[str, pa.DataType], texts: pa.Table) -> tuple[pa.Table, dict[int, str]]:
    """The columns in their types (`kinds`: column -> what the API calls its type; one that `types` does not have is text).

    Also, for each row with a value that does not fit, the reason. A column that is not there is empty.
    """
    columns: dict[str, pa.ChunkedArray] = {}
    bad: dict[int, str] = {}
    for name, kind in kinds.items():
        wanted = types.get(kind, pa.string())
        column = texts[name] if name in texts.schema.names else pa.chunked_array([pa.nulls(texts.num_rows, pa.string())])
        try:
            found = column.cast(wanted)
        except pa.ArrowInvalid:
            found, wrong = _one_by_one(column, wanted)
            bad |= {row: f"the value of {name} is not of the type {kind}" for row in wrong}
        columns[name] = found.cast(pa.timestamp("us")) if pa.types.is_timestamp(wanted) else found
    return pa.table(columns), bad


def _one_by_one(column: pa.ChunkedArray, wanted: pa.DataType) -> tuple[pa.ChunkedArray, list[int]]:
    """The values that fit, null for the others, and the places of these. Rare: only where a value does not fit."""
    values, wrong = [], []
    for place, value in enumerate(column):
        try:
            values.append(value.cast(wanted).as_py())
        except pa.ArrowInvalid:
            values.append(None)
            wrong.append(place)
    return pa.chunked_array([pa.array(values, wanted)]), wrong
