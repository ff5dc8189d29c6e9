"""How a room reports its progress: the command line and the server show it, tests and libraries ignore it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives reports from the rooms while they work; every method returns at once."""

    def stage(self, name: str) -> None:
        """A stage of the pipeline begins."""
        ...

    def step(self, what: str, total: int | None = None) -> None:
        """A step inside the stage begins; `total` is its number of rows, if known."""
        ...

    def advance(self, rows: int) -> None:
        """More rows of the step are done."""
        ...

    def say(self, text: str) -> None:
        """A message for a person: a decision or a warning."""
        ...


class Silent:
    """Progress that is not reported."""

    def stage(self, name: str) -> None:
        """Do nothing."""

    def step(self, what: str, total: int | None = None) -> None:
        """Do nothing."""

    def advance(self, rows: int) -> None:
        """Do nothing."""

    def say(self, text: str) -> None:
        """Do nothing."""
