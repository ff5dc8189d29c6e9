"""How the records of one customer hold together: the strongest links that join them all, as a small tree."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.identity.tree import RecordLink, TreeNode, links_of, tree, weakest


@dataclass(frozen=True, slots=True)
class RecordLine(ReaderAnswer):
    """One record of the tree, with what shows who it is."""

    record: str
    depth: int
    above: str | None  # the record that it is joined to; none for the first
    rule: str | None  # the rule that joins the two
    weight: float | None
    name: str | None
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class HowAnswer(ReaderAnswer):
    """A customer as a tree of its records, in the order to draw it, and the link that would break first."""

    customer_id: str
    lines: tuple[RecordLine, ...]
    weakest: RecordLink | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values all the way down."""
        return asdict(self)


def how(tables: Engine, book: Book, which: str) -> HowAnswer:
    """The tree of a customer named by its id (old ids too), a record's id, or words that fit only one customer."""
    from fullcircle.steward.who import customer_named, records_of

    customer = customer_named(tables, book, which)
    links = links_of(tables, customer)
    nodes = tree(records_of(tables, customer), links)
    facts = tables.rows(
        "SELECT record_id, coalesce(full_name, organisation), email, phone FROM records SEMI JOIN members USING (record_id) "
        "WHERE record_id IN (SELECT record_id FROM members WHERE customer_id = $id)",
        {"id": customer},
    )
    of = {row[0]: row[1:] for row in facts}
    lines = tuple(_line(node, of.get(node.record, (None, None, None))) for node in nodes)
    return HowAnswer(customer, lines, weakest([node.link for node in nodes if node.link]))


def _line(node: TreeNode, facts: tuple[Any, ...]) -> RecordLine:
    link = node.link
    return RecordLine(node.record, node.depth, node.above, link.rule if link else None, link.weight if link else None, *facts)
