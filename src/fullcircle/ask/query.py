"""A query in the graph store's own language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from fullcircle.ask.tables import SHOWN_ROWS, html_rows
from fullcircle.graph.base import GraphStore


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The rows that a query gives, as an Arrow table."""

    table: pa.Table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def to_arrow(self) -> pa.Table:
        """The table itself."""
        return self.table

    def to_pylist(self) -> list[dict[str, Any]]:
        """The rows as plain dicts."""
        rows: list[dict[str, Any]] = self.table.to_pylist()
        return rows

    def _repr_html_(self) -> str:
        return html_rows(self.table.slice(0, SHOWN_ROWS).to_pylist(), self.table.column_names, self.table.num_rows)


def query(store: GraphStore, text: str, language: str = "") -> QueryAnswer:
    """Read with the store's own query language (none named: its first); writing is refused."""
    return QueryAnswer(store.query(text, language))
