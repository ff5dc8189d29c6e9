"""Whose content a sync will change: customers with another vertex, other edges, or other things at these edges."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine, literal
from fullcircle.graph import diff
from fullcircle.graph.diff import CHANGED, GraphDifference
from fullcircle.graph.feed import MOST, Feed
from fullcircle.graph.shape import label_named
from fullcircle.model.entities import ENTITIES
from fullcircle.model.graph import EDGES

CUSTOMER = "Customer"
OWN = ("Record", "Identifier", "Consent", *(one.label for one in ENTITIES.values()))  # things that are somebody's


def wait_for_changed(engine: Engine, book: Book, differences: Sequence[GraphDifference]) -> None:
    """Note in the feed whose content is about to change; durable when this returns."""
    whole = any(one.whole for one in differences if one.label == CUSTOMER)
    selects = [] if whole else _selects(engine, [one for one in differences if one])
    found = engine.rows(f"SELECT DISTINCT id FROM ({' UNION ALL '.join(selects)}) LIMIT {MOST + 1}") if selects else []
    Feed(book).wait_for(None if whole or len(found) > MOST else [row[0] for row in found])


def _selects(engine: Engine, differences: Sequence[GraphDifference]) -> list[str]:
    """SQL for the ids of the customers concerned, by label."""
    selects = []
    for one in differences:
        if one.label == CUSTOMER:
            selects.append(f"SELECT id FROM {CHANGED} WHERE label = {literal(CUSTOMER)}")
        elif one.label in EDGES:
            selects += [select for side in _sides(one.label) for select in _of_edges(engine, one, side)]
        elif one.label in OWN:
            selects += _of_things(engine, one)
    return selects


def _of_edges(engine: Engine, one: GraphDifference, side: str) -> list[str]:
    table, was = label_named(one.label).table, diff.written(one.label)
    only = f"starts_with({side}, 'customer:')"
    if one.whole:
        return [f"SELECT {side} AS id FROM {table} WHERE {only}"]
    changed = f"(SELECT id FROM {CHANGED} WHERE label = {literal(one.label)})"
    places = [table, *([was] if engine.has(was) else [])]  # as it is to be, and as it was
    return [f"SELECT {side} AS id FROM {place} WHERE {only} AND id IN {changed}" for place in places]


def _of_things(engine: Engine, one: GraphDifference) -> list[str]:
    changed = "" if one.whole else f"IN (SELECT id FROM {CHANGED} WHERE label = {literal(one.label)})"
    selects = []
    for edge in EDGES.values():
        if edge.insight or not engine.has(edge.table):
            continue
        for mine, other in (("source", "target"), ("target", "source")):
            place = 0 if mine == "source" else 1
            if any(pair[place] == CUSTOMER and pair[1 - place] == one.label for pair in edge.joins):
                where = f" WHERE {other} {changed}" if changed else ""
                selects.append(f"SELECT {mine} AS id FROM {edge.table}{where}")
    return selects


def _sides(label: str) -> list[str]:
    """The columns of an edge in which customers are."""
    joins = label_named(label).joins  # type: ignore[union-attr]  # an edge
    return [side for place, side in enumerate(("source", "target")) if any(pair[place] == CUSTOMER for pair in joins)]
