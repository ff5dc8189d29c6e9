"""The contract of a connector: say what is there, and hand over what changed since a cursor, in Arrow batches.

A connector never writes files and never stores cursors: `pull.py` does, in that order. So a connector may be killed at
any time, and is simply asked again from the last stored cursor. Handing a row over twice is harmless (the newest wins),
leaving one out is not: where a source's clock is coarse or late, start a little before the cursor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

from fullcircle.config.sections import MapSettings

# The columns every landed row has, beside the source's own. Names are reserved.
META = pa.schema(
    [
        pa.field("_key", pa.string(), nullable=False),  # the source's primary key as text
        pa.field("_op", pa.string(), nullable=False),  # upsert | delete | merge
        pa.field("_into", pa.string()),  # for merge: the key of the record this one became part of
        pa.field("_at", pa.timestamp("us")),  # when the source says it changed, UTC
        pa.field("_raw", pa.string()),  # the record as the source gave it, JSON
    ]
)

Cursor = dict[str, Any]  # JSON-able; what it holds is the connector's own business


@dataclass(frozen=True, slots=True)
class FoundField:
    """A field of a source object: its name and the source's own name for its type."""

    name: str
    type: str = ""
    example: str = ""  # the shape of a value, never a value: 'aaa@aaa.aa', '9999-99-99'


@dataclass(frozen=True, slots=True)
class FoundObject:
    """An object (table, file set, model) of a source."""

    name: str
    key: tuple[str, ...] = ()
    fields: tuple[FoundField, ...] = ()
    rows: int | None = None
    cursor: str = ""  # the field that tells what changed, where there is one


@dataclass(frozen=True, slots=True)
class FullRead:
    """One reading, from start to end, of something that is only ever read as a whole: a file.

    When it ends, the rejects of earlier readings of the same thing no longer count; with `whole` neither do any rows of
    the object that came before it.
    """

    of: str  # what is read
    id: str  # different for every reading
    ends: bool = False  # this is its last batch
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one object (META columns, then the source's own), what could not be read, and the cursor after them."""

    rows: pa.Table
    cursor: Cursor
    rejects: pa.Table | None = None  # columns: key, reason, raw (all text)
    reading: FullRead | None = None


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What a connector may use beside its options."""

    name: str  # the source's name in the config
    folder: Path  # relative paths in options are relative to this: the config file's folder
    batch_rows: int = 100_000
    options: Mapping[str, Any] = field(default_factory=dict)  # as they stand in [sources.<name>], without `connector`


class Connector(Protocol):
    """A source that is open for reading. `PLUGIN(surroundings)` opens it; errors are SourceError or ConfigError."""

    def check(self) -> list[str]:
        """Reach the source and say what was found, a line each ("PostgreSQL 15.1", "12 tables"); raises if it cannot."""
        ...

    def discover(self) -> list[FoundObject]:
        """The objects that can be pulled, with their fields."""
        ...

    def objects(self) -> list[str]:
        """The objects a run pulls: those named in the options, else all that can be discovered."""
        ...

    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """What changed in an object since the cursor (None: everything), in batches, each with the cursor after it."""
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...


@runtime_checkable
class SweepsIds(Protocol):
    """A source that does not tell of hard deletes, but can list all its live keys cheaply."""

    def sweep(self, name: str) -> Iterator[pa.Array] | None:
        """All live keys of the object as text arrays; None where a sweep is not wanted or not possible."""
        ...


@runtime_checkable
class FetchesKeys(Protocol):
    """A source that can hand over single rows by key: a sweep uses it for live rows that slipped past the cursor."""

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        """The rows with these keys (text), in batches; the cursor stays `cursor`."""
        ...


@runtime_checkable
class ProvidesMaps(Protocol):
    """A plugin whose sources always have the same fields, and which therefore brings the maps for them.

    The plugin itself provides them (on a class: a static method), because maps are also needed while no source is open.
    """

    def default_maps(self, source: str) -> list[MapSettings]:
        """The maps of a source with this name; `optional = True` where an object may not have been pulled."""
        ...
