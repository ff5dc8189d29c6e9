"""Results of ladybug: as an Arrow table for many rows, as Python rows for a few, which is twice as fast for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pyarrow as pa


class Run(Protocol):
    """Runs one statement with its parameters and gives the result as a table."""

    def __call__(self, text: str, /, **params: object) -> pa.Table:
        """Run it."""
        ...


def table(result: Any) -> pa.Table:
    """A result as an Arrow table; statements without one give an empty table."""
    try:
        return result.get_as_arrow(-1) if result.get_column_names() and result.get_num_tuples() else _empty(result)
    finally:
        result.close()


def _empty(result: Any) -> pa.Table:
    return pa.table({name: pa.array([], pa.null()) for name in result.get_column_names()})


def rows(result: Any) -> Iterator[list[Any]]:
    """The values of the rows of a result."""
    try:
        while result.has_next():
            yield result.get_next()
    finally:
        result.close()
