"""How the slips between two texts are counted: exactly as a condition says, but quickly.

DuckDB takes six times as long for `damerau_levenshtein`, which counts two letters that change places as one slip, as for
`levenshtein`, which counts them as two. The first is never more than the second, and never less than half of it.
"""

from __future__ import annotations

import re

_AT_MOST = re.compile(r"damerau_levenshtein\(([^()]+), ([^()]+)\) <= (\d)")


def counted_quickly(condition: str) -> str:
    """The SQL of a condition in which the slow count is made only where the quick one does not decide."""
    return _AT_MOST.sub(_decided, condition)


def _decided(found: re.Match[str]) -> str:
    one, other, most = found[1], found[2], int(found[3])
    quick = f"levenshtein({one}, {other})"
    return f"CASE WHEN {quick} <= {most} THEN true WHEN {quick} > {2 * most} THEN false ELSE {found[0]} END"
