"""How healthy the last runs of `resolve` look, without any truth: their figures beside each other."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.identity.health import HealthMeasures, notes


@dataclass(frozen=True, slots=True)
class HealthRow(ReaderAnswer):
    """The figures of one run; see HealthMeasures for what they mean."""

    at: str
    accepted: bool  # false: the run was stopped before the graph
    problems: tuple[str, ...]
    measures: HealthMeasures

    def to_dict(self) -> dict[str, Any]:
        """All values side by side."""
        return {"at": self.at, "accepted": self.accepted, "problems": list(self.problems), **asdict(self.measures)}


def health(book: Book, limit: int = 5) -> Answers[HealthRow]:
    """The newest first."""
    return Answers(HealthRow, tuple(HealthRow(one.at, one.accepted, one.problems, one.measures) for one in notes(book, limit)))
