"""The contract of a publish target: take named tables, replace or merge them by key, idempotently."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from fullcircle.engine.base import Engine


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A table to publish: its name in the engine, the name it gets, and its key columns (empty: replace as a whole)."""

    table: str
    name: str
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one table."""

    name: str
    rows: int  # rows the target has now
    inserted: int = 0
    changed: int = 0
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class TargetContext:
    """What a target is opened with: `PLUGIN(setting)`."""

    name: str
    folder: Path  # the project's home; relative paths in options are relative to the config file's folder, given absolute
    options: dict[str, Any] = field(default_factory=dict)


class Target(Protocol):
    """An open target. Sending the same table twice changes nothing the second time."""

    def send(self, engine: Engine, what: Outgoing) -> Sent:
        """Bring the target's table to the state of the engine's."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
