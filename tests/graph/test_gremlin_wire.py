"""What wire.py makes of columns is, byte for byte, what the driver makes of the same values one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from gremlin_python.process.traversal import Bytecode, Cardinality, Direction, Merge, T
from gremlin_python.statics import GremlinType, long
from gremlin_python.structure.io.graphbinaryV1 import GraphBinaryWriter
from hypothesis import given
from hypothesis import strategies as st

from fullcircle.graph import shape
from fullcircle.graph.stores.gremlin import wire, writing
from fullcircle.model.graph import EDGES, VERTICES

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
TIMES = st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXTS,
    "int": st.integers(-(2**63), 2**63 - 1),
    "double": st.floats(allow_nan=False) | st.just(float("nan")),  # there are many NaNs, the driver writes one
    "bool": st.booleans(),
    "date": st.dates(date(1700, 1, 1), date(2200, 1, 1)),
    "timestamp": TIMES,
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, pa.Table]:
    """Some rows of some kind, with gaps in every property."""
    label = draw(st.sampled_from([*VERTICES, *EDGES]))
    always = {"id": TEXTS, "hash": VALUES["int"], **({"source": TEXTS, "target": TEXTS} if label in EDGES else {})}
    may_lack = {name: st.none() | VALUES[type_] for name, type_ in shape.label_named(label).properties.items()}
    found = draw(st.lists(st.fixed_dictionaries({**always, **may_lack}), min_size=1, max_size=6))
    return label, shape.conformed(label, pa.Table.from_pylist(found, shape.schema(label)))


@given(tables(), st.booleans(), st.sampled_from([(), ("some.Strategy", "an.OtherStrategy")]))
def test_merges_are_the_bytes_the_driver_writes(world: tuple[str, pa.Table], insert_only: bool, without: tuple[str, ...]) -> None:
    label, table = world
    load = writing.Load(label, table, insert_only)
    sent = list(writing.merges(load, np.arange(table.num_rows), writing.Manner(10_000, without)))
    assert [bytes(message.data) for message in sent] == [one_by_one(label, table.to_pylist(), insert_only, without)]


@given(st.lists(TEXTS, min_size=1, max_size=20), st.data())
def test_ids_are_the_bytes_the_driver_writes(ids: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(ids) - 1))
    plain = Bytecode()
    plain.add_step("V", *ids[start:])
    plain.add_step("count")
    found = wire.starting_at("V", wire.encoded(pa.array(ids)).slice(start), "count")
    assert found.data == bytes(GraphBinaryWriter().to_dict(plain))


@given(
    st.lists(st.tuples(st.binary(min_size=1, max_size=9), st.integers(1, 7)), min_size=1, max_size=40),
    st.integers(1, 20), st.integers(1, 30),
)  # fmt: skip
def test_packs_hold_every_row_once_and_keep_their_bounds(rows: list[tuple[bytes, int]], most: int, most_bytes: int) -> None:
    weights = np.array([weight for _, weight in rows], np.int32)
    packs = list(wire.packs(pa.array([row for row, _ in rows], pa.large_binary()), weights, most, most_bytes))
    assert b"".join(body for _, body in packs) == b"".join(row for row, _ in rows)
    at = 0
    for number, body in packs:
        assert body == b"".join(row for row, _ in rows[at : at + number])
        assert number == 1 or (len(body) <= most_bytes and weights[at : at + number].sum() <= most)
        at += number
    assert at == len(rows)


@pytest.mark.parametrize("label", ["Customer", "PURCHASED"])
def test_no_rows_are_no_request(label: str) -> None:
    load = writing.Load(label, shape.schema(label).empty_table(), insert_only=True)
    assert list(writing.merges(load, np.arange(0), writing.Manner())) == []


def one_by_one(label: str, rows: list[dict[str, Any]], insert_only: bool, without: tuple[str, ...]) -> bytes:
    """The same request made of Python objects and written by the driver."""
    own = ("id", "source", "target") if label in EDGES else ("id",)
    chain = Bytecode()
    for row in rows:
        properties = {name: sendable(value) for name, value in row.items() if name not in own and value is not None}
        if label in EDGES:
            ends = {Direction.OUT: row["source"], Direction.IN: row["target"]}
            chain.add_step("mergeE", {T.id: row["id"]})
            chain.add_step("option", Merge.on_create, {T.label: label, **ends, **properties})
        else:
            chain.add_step("mergeV", {T.id: row["id"]})
            chain.add_step("option", Merge.on_create, {T.label: label, **properties})
        if not insert_only:
            chain.add_step("option", Merge.on_match, properties, *([] if label in EDGES else [Cardinality.single]))
    chain.add_step("id")
    if without:
        chain.source_instructions.append(["withoutStrategies", *map(GremlinType, without)])
    return bytes(GraphBinaryWriter().to_dict(chain))


def sendable(value: Any) -> Any:
    if isinstance(value, bool | str | float | datetime):
        return value
    return long(value) if isinstance(value, int) else datetime.combine(value, time(), UTC)
