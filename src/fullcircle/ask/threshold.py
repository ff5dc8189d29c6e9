"""Which threshold is best: precision and recall for each, from the labels of people or, without any, from the model's weights."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.identity.explain import threshold_of
from fullcircle.identity.labels import Labels
from fullcircle.identity.threshold import ThresholdRow, best, by_threshold, classes


@dataclass(frozen=True, slots=True)
class ThresholdAnswer(ReaderAnswer):
    """The table, the threshold of the config, and the one with the best F1."""

    rows: tuple[ThresholdRow, ...]
    now: float
    best: ThresholdRow | None  # None if nothing was compared
    labels: int  # that were used; 0: the figures are what the weights themselves say
    never_compared: int  # labelled as the same, but never compared (or vetoed): no threshold finds them

    def to_dict(self) -> dict[str, Any]:
        """Plain values all the way down."""
        return asdict(self)


def threshold(tables: Engine, book: Book, settings: IdentitySettings) -> ThresholdAnswer:
    """Precision, recall and F1 by threshold."""
    labels = [label for label in Labels(book).list() if label.answer != "unsure"]
    found = classes(tables, labels)
    rows = by_threshold(found)
    same = sum(label.answer == "same" for label in labels)
    return ThresholdAnswer(
        tuple(rows), threshold_of(settings), best(rows), sum(one.labelled for one in found), same - sum(one.same for one in found)
    )
