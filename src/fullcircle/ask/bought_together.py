"""What goes into the same order as a product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fullcircle.ask.customer import flat
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.errors import Ambiguous, NotFound
from fullcircle.graph.base import GraphStore, RunsInsights, Vertex

FEW = 5  # choices that a message lists


@dataclass(frozen=True, slots=True)
class BoughtWith(ReaderAnswer):
    """A product that is in the same orders more often than by chance."""

    id: str
    name: str | None
    together: int | None  # orders that hold both
    support: float | None  # of all orders
    confidence: float | None  # of the orders with the product that was asked for
    lift: float | None  # how many times as often as by chance
    lift_low: float | None  # its lower bound, by which they are ranked
    why: str | None  # one sentence


def bought_together(store: GraphStore, which: str, limit: int = 10) -> Answers[BoughtWith]:
    """What goes into the same order as a product, the most telling first, as the last run found it."""
    product = find_product(store, which)
    rows = [flat(one) for one in store.neighbours(product.id, ["BOUGHT_WITH"], "out", limit=1000)]
    rows.sort(key=lambda row: (-(row.get("lift_low") or 0), -(row.get("together") or 0), row["id"]))
    return Answers(BoughtWith, tuple(_answer(row["id"], row) for row in rows[:limit]))


def bought_together_live(
    store: GraphStore, server: RunsInsights, which: str, limit: int, options: Mapping[str, Any]
) -> Answers[BoughtWith]:
    """What goes into the same order as a product, the most telling first, as the graph server computes it now."""
    product = find_product(store, which)
    rows = server.bought_together_with(product.id, limit, **options).to_pylist()
    return Answers(BoughtWith, tuple(_answer(row["with_product_id"], row) for row in rows))


def find_product(store: GraphStore, which: str) -> Vertex:
    """The one product that is meant, by its id or by words of its name; NotFound and Ambiguous say how to name it better."""
    which = which.strip()
    if found := store.vertex(which if which.startswith("product:") else f"product:{which}"):
        return found
    named = store.find("Product", which, FEW + 1)
    same = [one for one in named if str(one.properties.get("name") or "").casefold() == which.casefold()]
    if len(same or named) == 1:
        return (same or named)[0]
    if not named:
        raise NotFound(f"The graph has no product {which}.", "Give words of its name, its article number, or its id, product:...")
    some = "; ".join(f"{one.id} ({one.properties.get('name') or '-'})" for one in named[:FEW])
    raise Ambiguous(
        f"Several products are meant by {which}: {some}{' ...' if len(named) > FEW else ''}", "Give one of these ids."
    )


def _answer(id: str, row: Mapping[str, Any]) -> BoughtWith:
    return BoughtWith(id, *(row.get(name) for name in ("name", "together", "support", "confidence", "lift", "lift_low", "why")))
