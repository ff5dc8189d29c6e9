from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fullcircle.graph.base import GraphStore, StoreContext
from fullcircle.graph.digest import digest
from fullcircle.graph.stores.memory import Memory
from tests.graph import town
from tests.graph.town import ADA, CUP, TEA, edge, ids, rows


def memory() -> Memory:
    return Memory(StoreContext(Path("nowhere")))


def test_the_same_content_has_the_same_digest_in_every_store(store: GraphStore) -> None:
    other = memory()
    assert digest(store) == digest(other)
    town.settle_in(store)
    for label, given in town.VERTICES.items():
        other.write_vertices(label, rows(label, *given[::-1]))
    for label, given in town.EDGES.items():
        other.write_edges(label, rows(label, *given[::-1]))
    assert digest(store) == digest(other)


@pytest.mark.parametrize(
    ("label", "row"),
    [
        ("Product", {"id": TEA, "name": "Tea"}),  # price gone
        ("Product", {"id": TEA, "name": "Tea", "price": 2.5000000001}),
        ("Product", {"id": TEA, "name": "Tea", "price": 2.5, "brand": ""}),  # null before
        ("Product", {"id": TEA, "name": "Tea", "price": 2.5, "hash": 1}),
        ("Product", {"id": "product:more"}),
        ("PURCHASED", {**edge("PURCHASED", ADA, CUP, times=1), "target": TEA}),
        ("IN_CATEGORY", {**edge("IN_CATEGORY", CUP, "category:kitchen"), "source": TEA}),
    ],
)
def test_any_difference_changes_the_digest(label: str, row: dict[str, Any]) -> None:
    one, other = memory(), memory()
    town.settle_in(one)
    town.settle_in(other)
    write = other.write_vertices if label in town.VERTICES else other.write_edges
    write(label, rows(label, row))
    assert digest(one) != digest(other)


def test_what_is_missing_changes_the_digest() -> None:
    one, other = memory(), memory()
    town.settle_in(one)
    town.settle_in(other)
    other.forget_edges("IN_CATEGORY", ids(f"in_category:{CUP}>category:kitchen"))
    assert digest(one) != digest(other)
