"""Reads a graph that an older version wrote: a property that came to the model later is null there, a label has no rows.

`prepare` adds them, but readers may come before the next run, and a dry run never writes. See `executed`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

READS = ("MATCH", "UNWIND")  # how our reading statements begin
MISSING = re.compile(r"Cannot find property (\w+) for (\w+)\.")
NO_TABLE = re.compile(r"Table (\w+) does not exist")
UNION = " UNION ALL "
COLUMN = re.compile(r" AS `?([^`,]+?)`?(?=,| ORDER BY| LIMIT|$)")


class _NoRows:
    """The result of a statement about a label that the graph does not have."""

    def __init__(self, text: str) -> None:
        self._columns = COLUMN.findall(text.rpartition("RETURN ")[2].join((" ", "")))

    def get_column_names(self) -> list[str]:
        """The names that the statement gives its columns."""
        return self._columns

    def get_num_tuples(self) -> int:
        """None."""
        return 0

    def has_next(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Nothing to release."""


def executed(connection: Any, text: str, params: Mapping[str, object]) -> Any:
    """The result of a statement, with null for the properties, and no rows for the labels, that the graph does not have."""
    while True:
        try:
            return connection.execute(text, params)
        except RuntimeError as error:
            if (table := NO_TABLE.search(str(error))) and text.lstrip().startswith(READS):
                parts = text.split(UNION)
                rest = [part for part in parts if f"`{table[1]}`" not in part]
                if len(rest) == len(parts):
                    raise
                if not rest:
                    return _NoRows(text)
                text = UNION.join(rest)
                continue
            changed = _without_missing(text, str(error))
            if changed == text:
                raise
            text = changed


def _without_missing(text: str, said: str) -> str:
    """The statement with null for the property that the engine does not find; unchanged if its error is another one."""
    found = MISSING.search(said)
    if not found or not text.lstrip().startswith(READS):
        return text
    name, of = found.groups()
    return text.replace(f"{of}.`{name}`", "CAST(NULL AS STRING)")
