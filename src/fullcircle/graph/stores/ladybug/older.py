"""Reads a graph that an older version wrote: a property that came to the model later is null there. See `executed`.

`prepare` adds such properties, but readers may come before the next run, and a dry run never writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

READS = ("MATCH", "UNWIND")  # how our reading statements begin
MISSING = re.compile(r"Cannot find property (\w+) for (\w+)\.")


def executed(connection: Any, text: str, params: Mapping[str, object]) -> Any:
    """The result of a statement, with null for the properties that the graph does not have."""
    while True:
        try:
            return connection.execute(text, params)
        except RuntimeError as error:
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
