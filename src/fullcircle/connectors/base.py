"""The interface of a connector: list the objects of a source, and yield what changed since a cursor, in Arrow batches.

A connector never writes files and never stores cursors; `pull.py` does both, in that order. A connector may therefore be killed
at any time: it is called again with the last stored cursor. Yielding a row twice does no harm (the newest one counts), but
missing a row does: if the clock of a source is coarse or late, start a little before the cursor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

from fullcircle.config.sections import MapSettings

# The columns that every landed row has in addition to the source's own. Their names are reserved.
META = pa.schema(
    [
        pa.field("_key", pa.string(), nullable=False),  # the source's primary key as text
        pa.field("_op", pa.string(), nullable=False),  # upsert | delete | merge
        pa.field("_into", pa.string()),  # for merge: the key of the record that this one was merged into
        pa.field("_at", pa.timestamp("us")),  # when it changed according to the source, UTC
        pa.field("_raw", pa.string()),  # the record as the source returned it, JSON
    ]
)

Cursor = dict[str, Any]  # must be serialisable as JSON; only the connector knows its contents


@dataclass(frozen=True, slots=True)
class FoundField:
    """A field of a source object: its name and the source's own name for its type."""

    name: str
    type: str = ""
    example: str = ""  # the shape of a value, never a value: 'aaa@aaa.aa', '9999-99-99'


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Several columns that together point to the key of an object: each to the column of the same place in `theirs`."""

    columns: tuple[str, ...]
    object: str
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundObject:
    """An object (table, file set, model) of a source."""

    name: str
    key: tuple[str, ...] = ()
    fields: tuple[FoundField, ...] = ()
    rows: int | None = None
    cursor: str = ""  # the field that shows what changed, if there is one
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # declared foreign keys: field -> (object, its field)
    together: tuple[ForeignKey, ...] = ()  # declared foreign keys of several columns


@dataclass(frozen=True, slots=True)
class FullRead:
    """One reading, from start to end, of something that can only be read as a whole, such as a file.

    When the reading ends, it replaces the rows and the rejects of earlier readings of the same thing: what the thing holds now is
    what counts. A reading without any row says that the thing is gone. With `whole` it replaces all earlier rows of the object.
    Where two things hold the same key, the later one by name counts (numbers in order: `part2` before `part10`).
    """

    of: str  # what is read, e.g. the name of the file
    id: str  # unique for each reading
    ends: bool = False  # True on its last batch
    whole: bool = False  # True: the object consists of this reading alone


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one object (META columns, then the source's own), the rejected rows, and the cursor after them."""

    rows: pa.Table
    cursor: Cursor
    rejects: pa.Table | None = None  # columns: key, reason, raw (all text)
    full_read: FullRead | None = None
    notes: tuple[str, ...] = ()  # what a person should know about these rows: how they were read, what was skipped


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What a connector is opened with."""

    name: str  # the source's name in the config
    folder: Path  # the config file's folder: relative paths in the options start here
    batch_rows: int = 100_000
    options: Mapping[str, Any] = field(default_factory=dict)  # the keys of [sources.<name>], without `connector`
    country: str = ""  # [project] country: what is likely where a source leaves it open


class Connector(Protocol):
    """A source that is open for reading. `PLUGIN(context)` opens it; errors are SourceError or ConfigError.

    ObjectRefused from `pull` skips that object, which is said; the others are read.
    """

    def check(self) -> list[str]:
        """Connect to the source and describe it, one line per fact ("PostgreSQL 15.1", "12 tables"). Raises on failure."""
        ...

    def discover(self) -> list[FoundObject]:
        """The objects that can be pulled, with their fields."""
        ...

    def objects(self) -> list[str]:
        """The objects that a run pulls: those named in the options, else all that can be discovered."""
        ...

    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows of an object that changed since the cursor (None: all rows), in batches, each with the cursor after it."""
        ...

    def close(self) -> None:
        """Close connections and files."""
        ...


@runtime_checkable
class SweepsIds(Protocol):
    """A source that does not report hard deletes, but can list all its existing keys cheaply."""

    def sweep(self, name: str) -> Iterator[pa.Array] | None:
        """All existing keys of the object, as text arrays. None if a sweep is switched off or not possible."""
        ...


@runtime_checkable
class NotesSweeps(Protocol):
    """A source that is swept only when its record of deletes does not reach back: its cursor keeps that a sweep is due."""

    def swept(self, name: str, cursor: Cursor) -> Cursor:
        """The cursor once the sweep has been carried through. Killed before that, the next pull sweeps."""
        ...


@runtime_checkable
class FetchesKeys(Protocol):
    """A source that can read single rows by key. A sweep uses it for existing rows that the cursor missed."""

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        """The rows with these keys (text), in batches; the cursor of each batch is `cursor`."""
        ...


@runtime_checkable
class ReadsSince(Protocol):
    """A source that can be asked once more for what changed since some moment."""

    def since(self, cursor: Cursor, moment: datetime) -> Cursor:
        """The cursor, set back to this moment (UTC, without a zone); one that is further back already stays."""
        ...


@runtime_checkable
class SaysQuota(Protocol):
    """A source that says how much of what it allows is used."""

    def quota(self) -> tuple[int, int] | None:
        """Requests that are used, and how many are allowed, as its last answer had it; None if it did not say."""
        ...


@runtime_checkable
class FollowsRemoved(Protocol):
    """A source whose objects can vanish, such as the files of a folder."""

    def gone(self, landed: Sequence[str]) -> list[str]:
        """Those of these landed objects that are no longer among `objects()`: pulled once more, they tell what is gone."""
        ...


@runtime_checkable
class ProvidesMaps(Protocol):
    """A connector whose sources always have the same fields, so that it can provide their maps.

    The plugin itself has the method (on a class: a static method), because maps are also needed while no source is open.
    """

    def default_maps(self, source: str) -> list[MapSettings]:
        """The maps of a source with this name; `optional = True` where an object may not have been pulled."""
        ...
