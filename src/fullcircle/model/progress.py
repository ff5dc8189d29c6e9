"""How a room tells how far it is: front doors draw it, tests and libraries stay silent."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told by the rooms while they work; every method returns at once."""

    def stage(self, name: str) -> None:
        """A stage of the pipeline begins."""
        ...

    def step(self, what: str, total: int | None = None) -> None:
        """A piece of work inside the stage begins; `total` is in rows where it is known."""
        ...

    def advance(self, rows: int) -> None:
        """So many more rows are done."""
        ...

    def say(self, text: str) -> None:
        """A line a person should read: what was decided, a warning."""
        ...


class Silent:
    """The progress that tells nobody."""

    def stage(self, name: str) -> None:
        """Say nothing."""

    def step(self, what: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, rows: int) -> None:
        """Say nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""
