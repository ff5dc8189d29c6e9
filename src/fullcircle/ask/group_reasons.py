"""Why two records are not one customer although the pair alone would be: what their other records say. See `group_reasons`."""

from __future__ import annotations

from typing import Any

from fullcircle.ask.record import record
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.graph.base import GraphStore
from fullcircle.identity.between import apart_between, mean_between, was_compared
from fullcircle.identity.explain import Explanation
from fullcircle.identity.grouping import MOST_COMPARED, SURE
from fullcircle.identity.model import PERSON

ASK_AGAIN = "Its other records decide, which are in the tables: ask again when no run has them."


def group_reasons(
    store: GraphStore,
    tables: Engine | None,
    book: Book,
    found: Explanation,
    customers: tuple[str, str],
    settings: IdentitySettings,
    kind: str,
) -> list[str]:
    """The reason there is, in plain words."""
    start = "By itself this pair would be one customer."
    if tables is None:
        return [f"{start} {ASK_AGAIN}"]
    if apart := apart_between(tables, *customers):
        a, b, why = apart
        return [f"{start} But {a} and {b}, one of each customer, are kept apart: {why}. So the two customers stay two."]
    if not was_compared(tables, found.record_a, found.record_b):
        return [
            f"{start} But the last run did not compare them: too many records share each of their keys, or they have changed "
            "since. `fullcircle run` compares what has changed; `fullcircle merge` of the two customers joins them."
        ]
    doubtful = kind == PERSON and not found.reasons and found.weight is not None and found.weight < found.threshold + SURE
    if doubtful and (mean := mean_between(book, *_records(store, tables, customers), settings, kind)) and mean.mean < mean.needed:
        a, b, weight = mean.lowest
        return [
            f"{start} But its weight is near the threshold, so all records of the two customers were compared: the mean of "
            f"{mean.pairs} weights is {mean.mean:+.2f}, and {mean.needed:+.2f} would be enough. Most against it: {a} and {b} "
            f"({weight:+.2f})."
        ]
    return [
        f"{start} But it is one link in a group of records that was cut, because some in it are kept apart: `fullcircle how` of "
        "each of the two customers shows the links that are left."
    ]


def _records(store: GraphStore, tables: Engine, customers: tuple[str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    sides = []
    for customer in customers:
        rows = tables.rows(
            f"SELECT record_id FROM members WHERE customer_id = $id ORDER BY hash(record_id), record_id LIMIT {MOST_COMPARED}",
            {"id": customer},
        )
        sides.append([record(store, tables, str(id)) for (id,) in rows])
    return sides[0], sides[1]
