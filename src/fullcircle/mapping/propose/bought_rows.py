"""Rows of what the company bought in a list of all papers, where a column says so: `Belegart`. See `without_bought`."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.bought import kinds_bought
from fullcircle.mapping.propose.gone import keep_only
from fullcircle.mapping.propose.kinds_of_rows import says_kind
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample


def without_bought(engine: Engine | None, sample: Sample, maps: Sequence[ProposedMap]) -> list[str]:
    """Leave out the rows that a column calls bills of suppliers or expenses; sentences on them."""
    said = []
    for column, facts in sample.facts.items() if engine and sample.table and maps else ():
        if not says_kind(column, facts):
            continue
        text = text_of(column)
        known = engine.rows(f"SELECT {text} AS v, count(*) FROM {sample.table} WHERE v IS NOT NULL GROUP BY 1 ORDER BY 1")  # type: ignore[union-attr]
        kinds = {str(word): int(rows) for word, rows in known if kinds_bought().fullmatch(str(word).strip().lower())}
        if kinds:
            sql = f"coalesce({text} NOT IN ({', '.join(map(literal, kinds))}), true)"
            for one in maps:
                keep_only(one, sql)
            said.append(
                f"{sum(kinds.values()):,} of {sample.rows:,} rows are expenses or bills of suppliers by {column} "
                f"({', '.join(kinds)}): they are left out"
            )
    return said
