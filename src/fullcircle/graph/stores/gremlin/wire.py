"""Rows of a table as the bytes of the steps that write them (GraphBinary 1.0), whole columns at a time.

The driver converts one Python object after the other into bytes, which took longer than the server's own work. Here a column
of values becomes a column of bytes, the columns are joined into one binary value per row, and a request is a slice of those.
What is the same in every row comes from the driver's own writer; this file only knows the layout of values.
Layout: tinkerpop.apache.org/docs/3.7.1/dev/io/#graphbinary.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from gremlin_python.driver.serializer import GraphBinarySerializersV1
from gremlin_python.process.traversal import Bytecode, Cardinality, Direction, Merge, T
from gremlin_python.statics import GremlinType
from gremlin_python.structure.io.graphbinaryV1 import DataType, GraphBinaryReader, GraphBinaryWriter

from fullcircle.graph.stores.gremlin.values import structure
from fullcircle.model.graph import EDGES

BINARY = pa.large_binary()  # a portion of long texts may be over two GiB
LONG, DOUBLE, STRING, DATE, BOOLEAN, MAP, BYTECODE = (bytes([code, 0]) for code in (0x02, 0x07, 0x03, 0x04, 0x27, 0x0A, 0x15))


class Encoded(Bytecode):  # type: ignore[misc]  # the driver has no types
    """A request that is already bytes; `step_instructions` only has the names of its steps, `steps` is the number of all."""

    def __init__(self, names: Sequence[str], steps: int, body: bytes, without: Sequence[str] = ()) -> None:
        super().__init__()
        self.step_instructions = [[name] for name in names]
        self.steps = steps
        self.data = b"".join((BYTECODE, _int(steps), body, _sources(tuple(without))))


class _AsItIs:
    """Writes what is already bytes."""

    @staticmethod
    def dictify(message: Encoded, writer: object, into: bytearray) -> bytearray:  # noqa: ARG004 - the driver's signature
        into.extend(message.data)
        return into


def serializer() -> Any:
    """The driver's serializer, which also accepts `Encoded`, and reads every value that a server may send."""
    readers = {DataType.date: _Moment, **{DataType[name]: _Foreign(size) for name, size in FOREIGN.items()}}
    return GraphBinarySerializersV1(reader=GraphBinaryReader(readers), writer=GraphBinaryWriter({Encoded: _AsItIs}))


# Types of Java that the driver does not read, with their bytes (0: told in front of them). One such value would make an answer
# unreadable.
FOREIGN = {
    "instant": 12, "localdate": 6, "localdatetime": 14, "localtime": 8, "monthday": 2, "offsetdatetime": 18, "offsettime": 12,
    "period": 12, "year": 4, "yearmonth": 5, "zonedatetime": 18, "zoneoffset": 4, "inetaddress": 0,
}  # fmt: skip


class _Moment:
    """Reads dates: milliseconds since 1970, as text if that is a year that Python does not have."""

    @staticmethod
    def objectify(data: IO[bytes], _reader: object, nullable: bool = True) -> datetime | str | None:
        if nullable and data.read(1)[0]:
            return None
        (milliseconds,) = struct.unpack(">q", data.read(8))
        try:
            return datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)
        except OverflowError:
            return f"{milliseconds} milliseconds since 1970"


@dataclass(frozen=True, slots=True)
class _Foreign:
    """Reads a value that no property of ours has, as text: its bytes."""

    size: int

    def objectify(self, data: IO[bytes], _reader: object, nullable: bool = True) -> str | None:
        """See the driver's readers."""
        if nullable and data.read(1)[0]:
            return None
        size = self.size or struct.unpack(">i", data.read(4))[0]
        return f"0x{data.read(size).hex()}"


# -- what is the same in every row --------------------------------------------------------------------------------------

_WRITER = GraphBinaryWriter()


def _always(*things: Any) -> bytes:
    return b"".join(bytes(_WRITER.to_dict(thing)) for thing in things)


def _int(number: int) -> bytes:
    return struct.pack(">i", number)


def head(name: str, arguments: int) -> bytes:
    """The beginning of a step, before its arguments."""
    return _int(len(name)) + name.encode() + _int(arguments)


def _sources(without: tuple[str, ...]) -> bytes:
    if not without:
        return _int(0)
    return _int(1) + head("withoutStrategies", len(without)) + _always(*map(GremlinType, without))


# -- columns ------------------------------------------------------------------------------------------------------------


def encoded(column: pa.ChunkedArray, before: bytes = b"") -> pa.LargeBinaryArray:
    """Each value as the server reads it, after the bytes `before`; null stays null."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    prefix, payload = _payload(array)
    return _joined([before + prefix, *payload], "emit_null")


def _payload(array: pa.Array) -> tuple[bytes, list[pa.Array]]:
    type_ = array.type
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        lengths = pc.fill_null(pc.binary_length(array), 0)
        return STRING, [_numbers(lengths.to_numpy(zero_copy_only=False), ">i4"), array.cast(BINARY)]
    if pa.types.is_boolean(type_):
        return BOOLEAN, [_fixed(array.cast(pa.int8()), "i1")]
    if pa.types.is_floating(type_):
        return DOUBLE, [_fixed(array.cast(pa.float64()), ">f8")]
    if pa.types.is_temporal(type_):
        return DATE, [_fixed(array.cast(pa.timestamp("ms"), safe=False).cast(pa.int64()), ">i8")]
    return LONG, [_fixed(array.cast(pa.int64()), ">i8")]


def _fixed(array: pa.Array, layout: str) -> pa.LargeBinaryArray:
    found = _numbers(pc.fill_null(array, 0).to_numpy(zero_copy_only=False), layout)
    return pc.if_else(array.is_valid(), found, pa.scalar(None, BINARY)) if array.null_count else found


def _numbers(values: npt.NDArray[Any], layout: str) -> pa.LargeBinaryArray:
    raw = np.ascontiguousarray(values, np.dtype(layout))
    offsets = np.arange(len(raw) + 1, dtype=np.int64) * raw.itemsize
    return pa.LargeBinaryArray.from_buffers(BINARY, len(raw), [None, pa.py_buffer(offsets), pa.py_buffer(raw.tobytes())])


def _joined(pieces: Iterable[pa.Array | bytes], nulls: str) -> pa.LargeBinaryArray:
    columns = [pa.scalar(piece, BINARY) if isinstance(piece, bytes) else piece for piece in pieces]
    return pc.binary_join_element_wise(*columns, pa.scalar(b"", BINARY), null_handling=nulls)


# -- rows ---------------------------------------------------------------------------------------------------------------


def merges(label: str, table: pa.Table, insert_only: bool) -> tuple[pa.LargeBinaryArray, npt.NDArray[np.int32]]:
    """For each row the bytes of its merge steps, and its number of records (label and properties)."""
    own = structure(label)
    names = [name for name in table.column_names if name not in own]
    properties = [encoded(table[name], _always(name)) for name in names]
    present = sum((column.is_valid().to_numpy(zero_copy_only=False).astype(np.int32) for column in properties), _none(table))
    is_edge = label in EDGES
    ends = [encoded(table[name], _always(key)) for name, key in (("source", Direction.OUT), ("target", Direction.IN))] \
        if is_edge else []  # fmt: skip
    pieces: list[pa.Array | bytes] = [
        head("mergeE" if is_edge else "mergeV", 1), MAP, _int(1), _always(T.id), encoded(table["id"]),
        head("option", 2), _always(Merge.on_create), MAP, _numbers(present + 1 + len(ends), ">i4"),
        _always(T.label, label), *ends, *properties,
    ]  # fmt: skip
    if not insert_only:  # an edge has single values only
        single = b"" if is_edge else _always(Cardinality.single)
        pieces += [head("option", 2 if is_edge else 3), _always(Merge.on_match), MAP, _numbers(present, ">i4")]
        pieces += [*properties, single]
    return _joined(pieces, "skip"), present + 1


def steps_a_row(insert_only: bool) -> int:
    """How many steps `merges` makes for a row."""
    return 2 if insert_only else 3


def _none(table: pa.Table) -> npt.NDArray[np.int32]:
    return np.zeros(table.num_rows, np.int32)


def packs(rows: pa.LargeBinaryArray, weights: npt.NDArray[np.int32], most: int, most_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Rows combined into requests of at most `most` weight and `most_bytes` bytes: the number of rows, and their bytes.

    A row is never divided: one that exceeds a limit is sent alone.
    """
    ends, data = _bytes_of(rows)
    sums = np.concatenate(([0], np.cumsum(weights, dtype=np.int64)))
    start = 0
    while start < len(rows):
        fits = [np.searchsorted(sums, sums[start] + most, "right"), np.searchsorted(ends, ends[start] + most_bytes, "right")]
        end = max(start + 1, int(min(fits)) - 1)
        yield end - start, bytes(data[ends[start] : ends[end]])
        start = end


def starting_at(step: str, ids: pa.LargeBinaryArray, *after: str) -> Encoded:
    """A traversal that starts at elements by their encoded ids (V or E) and continues with steps that have no arguments."""
    ends, data = _bytes_of(ids)
    steps = [head(step, len(ids)), bytes(data[ends[0] : ends[-1]]), *(head(name, 0) for name in after)]
    return Encoded((step, *after), 1 + len(after), b"".join(steps))


def _bytes_of(rows: pa.LargeBinaryArray) -> tuple[npt.NDArray[np.int64], memoryview]:
    """The bytes of all rows, and where they begin and end."""
    _, offsets, data = rows.buffers()
    return np.frombuffer(offsets, np.int64)[rows.offset : rows.offset + len(rows) + 1], memoryview(data or b"")
