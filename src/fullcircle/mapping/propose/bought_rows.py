"""Rows of what the company bought in a list of all papers, where a column says so: `Belegart`. See `without_bought`."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.bought import kinds_bought
from fullcircle.mapping.propose.documents import KIND, MOST_KINDS, NOT_KIND
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample


def without_bought(engine: Engine | None, sample: Sample, maps: Sequence[ProposedMap]) -> list[str]:
    """Leave out the rows that a column calls bills of suppliers or expenses; sentences on them."""
    said = []
    for column, facts in sample.facts.items() if engine and sample.table and maps else ():
        name = plain(column)
        if not 0 < facts.distinct <= MOST_KINDS or not KIND.search(name) or NOT_KIND.search(name):
            continue
        text = text_of(column)
        known = engine.rows(f"SELECT {text} AS v, count(*) FROM {sample.table} WHERE v IS NOT NULL GROUP BY 1 ORDER BY 1")  # type: ignore[union-attr]
        kinds = {str(word): int(rows) for word, rows in known if kinds_bought().fullmatch(str(word).strip().lower())}
        if kinds:
            sql = f"coalesce({text} NOT IN ({', '.join(map(literal, kinds))}), true)"
            for one in maps:
                one.where = f"({one.where}) AND {sql}" if one.where else sql
            said.append(
                f"{sum(kinds.values()):,} of {sample.rows:,} rows are expenses or bills of suppliers by {column} "
                f"({', '.join(kinds)}): they are left out"
            )
    return said
