"""The interface of a publish target: receives named tables and replaces or merges them by key, idempotently."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from fullcircle.engine.base import Engine


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A table to publish: its name in the engine, its published name, and its key columns (empty: replace it as a whole)."""

    table: str
    name: str
    key: tuple[str, ...] = ()
    classes: Mapping[str, str] = field(default_factory=dict)  # column -> its class, of a table that the model does not know
    seen: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # for ServesRoles: role -> what it reads -> the column


@dataclass(frozen=True, slots=True)
class Sent:
    """The result of publishing one table."""

    name: str
    rows: int  # rows the target has now
    inserted: int = 0
    changed: int = 0
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class TargetContext:
    """What a target is opened with: `PLUGIN(context)`."""

    name: str
    folder: Path  # the project's home; a relative `path` of the config arrives in the options as an absolute one
    options: dict[str, Any] = field(default_factory=dict)
    config_folder: Path = Path(".")  # where relative paths of other options start, such as that of a secret in a file


class Target(Protocol):
    """An open target. Sending the same table twice changes nothing the second time."""

    def send(self, engine: Engine, what: Outgoing) -> Sent:
        """Bring the target's table to the state of the engine's table."""
        ...

    def close(self) -> None:
        """Close files and connections."""
        ...


@runtime_checkable
class ChecksTarget(Protocol):
    """A target plugin (the class itself) that can find wrong options before a run begins its work."""

    def check_options(self, context: TargetContext) -> None:
        """ConfigError if a target could not be opened with these options; nothing is opened. Write it as a static method."""
        ...


@runtime_checkable
class ServesRoles(Protocol):
    """An open target that shows each login what its role may see: `Outgoing.seen` says it. By default it gets the flat views."""

    def together(self) -> AbstractContextManager[None]:
        """What is sent inside the `with` block is seen by readers at once when it ends, or, on an error, not at all."""
        ...


@runtime_checkable
class Examines(Protocol):
    """A target plugin (the class itself, not an open target) that can look, before a run begins, at what it has to write into."""

    def problem(self, context: TargetContext) -> str:
        """Why what is there cannot be written into (it is damaged, or refers to another place); empty if all is well."""
        ...

    def discard(self, context: TargetContext) -> None:
        """Delete what is there: everything is published anew. Called only for a place inside the home, on the user's order."""
        ...


@runtime_checkable
class Heals(Protocol):
    """A target plugin (the class itself) that can bring what is there in order without a loss."""

    def heal(self, context: TargetContext) -> str:
        """Do so, and say what was done; empty if that is not possible. Called as `discard` is."""
        ...


@runtime_checkable
class DropsOlderContent(Protocol):
    """An open target that keeps older content of its tables, or files of tables that are not sent any more."""

    def drop_older_content(self, sent: Collection[str]) -> list[str]:
        """Delete all content but the newest of these tables; returns the names of other tables there, which stay as they are."""
        ...
