"""Reads a graph that an older version wrote: a property that came to the model later is null there. See `without_missing`.

`prepare` adds such properties, but readers may come before the next run, and a dry run never writes.
"""

from __future__ import annotations

import re

READS = ("MATCH", "UNWIND")  # how our reading statements begin
MISSING = re.compile(r"Cannot find property (\w+) for (\w+)\.")


def without_missing(text: str, said: str) -> str:
    """The statement with null for the property that the engine does not find, or "" if its error is another one."""
    found = MISSING.search(said)
    if not found or not text.lstrip().startswith(READS):
        return ""
    name, of = found.groups()
    changed = text.replace(f"{of}.`{name}`", "CAST(NULL AS STRING)")
    return changed if changed != text else ""
