"""When a ticket was closed, in two columns: `Closed time` and, for those that are solved and not closed yet, `Resolved time`.

See `with_closing`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.planner import Proposed
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.words import plain

DAYS = 0.95  # of the values of a column of days
SOLVED = re.compile(
    r"(^|_)(resolved|solved|resolution|closed|completed|geloest|gelost|erledigt|geschlossen|resolu|cloture|ferme|resuelto|"
    r"cerrado|risolto|chiuso|opgelost|gesloten|afgesloten|rozwiazan|zamkniec|zakonczen|lost|stangd|lukket|loest|ratkaistu)\w*"
)
NOT_A_DAY = re.compile(r"(^|_)(by|in|hrs|hours|due|target|sla|first|duration|elapsed|status|von|par|por|da|door|przez)(_|$)")


def with_closing(engine: Engine, made: Sequence[Proposed]) -> None:
    """Read the second column where the first is empty."""
    for one in made:
        for each in [every for every in one.maps if every.to == "tickets" and not every.each]:
            closed = each.fields.get("closed_at", {}).get("field", "")
            taken = {name for rule in each.fields.values() for name in (rule.get("field"), *rule.get("fields", ()))}
            for name, facts in one.sample.facts.items() if closed and one.sample.table else ():
                called = plain(name)
                if name in taken or facts.date < DAYS or not facts.filled or NOT_A_DAY.search(called):
                    continue
                empty = f"SELECT count({quoted(name)}) FROM {one.sample.table} WHERE {text_of(closed)} IS NULL"
                if SOLVED.search(called) and engine.value(empty):
                    each.fields["closed_at"] = {"sql": f"coalesce({text_of(closed)}, {text_of(name)})"}
                    one.evidence.append(f"{closed}: where it is empty, {name} is the day")
                    one.left = [left for left in one.left if left != name]
                    break
