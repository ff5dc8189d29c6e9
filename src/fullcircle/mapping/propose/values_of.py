"""The different values of a column, for what only its words can say."""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample


def values_of(engine: Engine, sample: Sample, column: str) -> list[str]:
    """All of them, sorted; the sample must have a table, and the column few values."""
    rows = engine.rows(f"SELECT DISTINCT {text_of(column)} AS v FROM {sample.table} WHERE v IS NOT NULL ORDER BY 1")
    return [str(value) for (value,) in rows]
