"""A small made-up town as graph rows, and the shapes in which tests look at a store."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pyarrow as pa

from fullcircle.graph import shape
from fullcircle.graph.base import GraphStore


def rows(label: str, *given: dict[str, Any]) -> pa.Table:
    """Rows of a kind as a store gives them back; columns not given are null, the hash is made up from the rest."""
    made = [{"hash": hash_of(row), **row} for row in given]
    return shape.in_milliseconds(pa.Table.from_pylist(made, shape.schema(label)))


def hash_of(row: dict[str, Any]) -> int:
    """A stand-in for the fingerprint: any number that changes with the row."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(repr(sorted(row.items()))))


def edge(label: str, source: str, target: str, **properties: Any) -> dict[str, Any]:
    """An edge's row with the usual id."""
    return {"id": f"{label.lower()}:{source}>{target}", "source": source, "target": target, **properties}


def ids(*names: str) -> pa.Array:
    """Ids as stores take them."""
    return pa.array(names, pa.string())


def everything(store: GraphStore, label: str) -> dict[str, dict[str, Any]]:
    """All rows of a kind by id; fails where an id is there twice."""
    found = [row for page in store.scan(label) for row in page.to_pylist()]
    by_id = {row["id"]: row for row in found}
    assert len(by_id) == len(found), f"{label} has an id twice"
    return by_id


ADA, BEN, CLEO = "customer:ada", "customer:ben", "customer:cleo"
TEA, CUP, POT = "product:shop:p:tea", "product:shop:p:cup", "product:shop:p:pot"
HOME, FIRM = "household:1", "account:crm:a:9"
VERTICES = {
    "Customer": (
        {"id": ADA, "name": "Ada Müller", "full_name": "Ada Müller", "email": "ada@example.org", "phone": "+4930123456",
         "birth_date": date(1815, 12, 10), "records": 2, "first_seen": datetime(2020, 1, 2, 3, 4, 5, 678000)},
        {"id": BEN, "name": "Ben Ito", "full_name": "Ben Ito", "email": "ben@example.org", "records": 1},
        {"id": CLEO, "name": "Cleo Muller-Ada", "full_name": "Cleo Muller-Ada", "records": 1},
    ),
    "Product": ({"id": TEA, "name": "Tea", "price": 2.5}, {"id": CUP, "name": "Cup"}, {"id": POT, "name": "Pot"}),
    "Category": ({"id": "category:kitchen", "name": "Kitchen"},),
    "Household": ({"id": HOME, "name": "Müller"},),
    "Account": ({"id": FIRM, "name": "Firm"},),
}  # fmt: skip
EDGES = {
    "PURCHASED": (
        edge("PURCHASED", ADA, TEA, times=3, amount=7.5, first=datetime(2021, 5, 6)),
        edge("PURCHASED", ADA, CUP, times=1),
        edge("PURCHASED", BEN, CUP, times=2),
    ),
    "MAY_LIKE": (edge("MAY_LIKE", ADA, POT, score=0.5, rank=1), edge("MAY_LIKE", BEN, TEA, rank=1)),
    "IN_CATEGORY": (edge("IN_CATEGORY", CUP, "category:kitchen"),),
    "MEMBER_OF": (edge("MEMBER_OF", ADA, HOME), edge("MEMBER_OF", ADA, FIRM), edge("MEMBER_OF", BEN, FIRM)),
    "RELATED_TO": (edge("RELATED_TO", ADA, BEN, score=0.9, shared=1, why="cup"),),
}


def settle_in(store: GraphStore) -> None:
    """Write the town: Ada and Ben share cup and firm, Ada has a household, Cleo knows nobody."""
    for label, given in VERTICES.items():
        store.write_vertices(label, rows(label, *given), insert_only=True)
    for label, given in EDGES.items():
        store.write_edges(label, rows(label, *given), insert_only=True)
    store.checkpoint()
