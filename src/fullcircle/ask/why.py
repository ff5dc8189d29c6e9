"""Why two records are, or are not, one customer; for two that are joined through others, the chain between them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fullcircle.ask.record import record
from fullcircle.ask.tables import ReaderAnswer
from fullcircle.ask.why_not import why_not
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.graph.base import GraphStore
from fullcircle.identity.explain import Explanation, explain
from fullcircle.identity.tree import RecordLink, chain, links_of, weakest


@dataclass(frozen=True, slots=True)
class WhyAnswer(ReaderAnswer):
    """The match weights field by field, and whether the two records are one customer now."""

    explanation: Explanation
    one_customer: bool
    chain: tuple[RecordLink, ...] = ()  # from one to the other; empty where they are not joined, or the tables cannot be read
    weakest: RecordLink | None = None  # the link of the chain that would break first
    apart_because: tuple[str, ...] = ()  # of a pair that alone would be one customer, and is not: why

    def to_dict(self) -> dict[str, Any]:
        """The explanation's values and the others side by side."""
        whole = asdict(self)
        return {**whole.pop("explanation"), **whole}


def why(store: GraphStore, tables: Engine | None, book: Book, pair: tuple[str, str], settings: IdentitySettings) -> WhyAnswer:
    """Explain a pair of records, named by their ids (the word `record:` may be left out)."""
    one, other = record(store, tables, pair[0]), record(store, tables, pair[1])
    customer = one.pop("customer_id")
    together = customer == other.pop("customer_id")
    between = chain(links_of(tables, customer), one["record_id"], other["record_id"]) if tables and together else []
    found = explain(book, one, other, settings)
    because = why_not(store, tables, book, pair, settings).reasons if found.linked and not together else ()
    return WhyAnswer(found, together, tuple(between), weakest(between), because)
