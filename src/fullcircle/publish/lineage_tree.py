"""The whole way of a column, back to the fields of the sources, as a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fullcircle.config.sections import MapSettings
from fullcircle.errors import NotFound, did_you_mean
from fullcircle.model.flat_views import SCHEMA
from fullcircle.publish.lineage import columns_of, sources_of, table_of, tables_known


@dataclass(frozen=True, slots=True)
class LineageNode:
    """A column, how the one above is made of it, and what it is made of itself."""

    table: str
    column: str
    how: str
    at_source: bool
    sources: tuple[LineageNode, ...]

    @property
    def name(self) -> str:
        """As a person writes it."""
        return f"{self.table.removeprefix(f'{SCHEMA}.')}.{self.column}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        kind = "source" if self.at_source else "view" if self.table.startswith(f"{SCHEMA}.") else "table"
        return {"column": self.name, "kind": kind, "how": self.how, "sources": [one.to_dict() for one in self.sources]}


def lineage_of(maps: Sequence[MapSettings], name: str) -> LineageNode:
    """The tree of "table.column". NotFound for one that there is not."""
    table, _, column = name.rpartition(".")
    table = table_of(table.removeprefix(f"{SCHEMA}."))
    known = tables_known()
    if table not in known:
        named = [one.removeprefix(f"{SCHEMA}.") for one in known]
        raise NotFound(
            f'There is no table "{table}".' if table else f'"{name}" is not a column.',
            did_you_mean(table, named) if table else "Write it as table.column: customers_360.email.",
        )
    if column not in columns_of(table):
        raise NotFound(f"{table.removeprefix(f'{SCHEMA}.')} has no column {column}.", did_you_mean(column, columns_of(table)))
    return _node(maps, table, column, "", False, frozenset())


def _node(
    maps: Sequence[MapSettings], table: str, column: str, how: str, at_source: bool, above: frozenset[tuple[str, str]]
) -> LineageNode:
    here = above | {(table, column)}
    found = () if at_source else sources_of(maps, table, column)
    return LineageNode(
        table, column, how, at_source,
        tuple(
            _node(maps, one.table, one.column, one.how, one.at_source, here)
            for one in found
            if (one.table, one.column) not in above
        ),
    )  # fmt: skip
