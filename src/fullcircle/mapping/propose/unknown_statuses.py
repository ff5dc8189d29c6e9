"""Words and codes for the status of orders that are not known: `O`, `C`, `Q` are never guessed. See `unknown_statuses`."""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.status import asked, status_of
from fullcircle.model.counting import counted

MOST = 40  # different words; what has more is a text
NAMED = 5


def unknown_statuses(engine: Engine | None, sample: Sample, orders: ProposedMap, line: str = "") -> list[str]:
    """A line with how much money depends on each word of the status that is not known; none if all are.

    `line`: SQL for the sum of a row, where the rows are items of orders and these have no amount of their own.
    """
    rule = orders.fields.get("status", {})
    column, amount = rule.get("field", ""), orders.fields.get("amount", {}).get("field", "")
    if engine is None or not sample.table or column not in sample.facts or not (amount in sample.facts or line):
        return []
    if sample.facts[column].distinct > MOST:
        return []
    known = rule.get("map", {})
    sum_ = f"sum({number_in_column(engine, sample, amount) if amount in sample.facts else line})"
    rows = engine.rows(
        f"SELECT {text_of(column)} AS v, count(*), coalesce({sum_}, 0) FROM {sample.table} WHERE v IS NOT NULL GROUP BY 1 "
        "ORDER BY 2 DESC, 1"
    )
    unknown = [(str(word), int(n), float(money)) for word, n, money in rows if word not in known and status_of(str(word)) is None]
    unknown = [one for one in unknown if one[2] > 0]
    if not unknown:
        return []
    named = ", ".join(f"{word} ({money:,.2f} in {counted(n, 'row')})" for word, n, money in unknown[:NAMED])
    more = f" and {counted(len(unknown) - NAMED, 'more word', 'more words')}" if len(unknown) > NAMED else ""
    return [
        f"{LOOK}{column}: what {named}{more} mean is not known, and that counts as spent. Say it in [status] map = "
        f"{{ {asked([word for word, _, _ in unknown])} }}"
    ]
