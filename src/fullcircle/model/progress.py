"""How a room reports its progress: the command line and the server show it, tests and libraries ignore it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


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


@runtime_checkable
class SideBySide(Protocol):
    """Progress that can be that of several pieces of work at the same time."""

    def beside(self) -> Progress:
        """For one of them: its steps do not end those of the others."""
        ...


@runtime_checkable
class NotesSteps(Protocol):
    """Progress that shows a word beside a step."""

    def note(self, text: str) -> None:
        """What is shown until the step ends or another word comes."""
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
