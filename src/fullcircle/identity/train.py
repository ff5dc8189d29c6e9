"""Which model to weigh with: the built-in one, or one learned from the records at hand."""

from __future__ import annotations

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine, literal
from fullcircle.identity.model import Model, default, with_rarity
from fullcircle.identity.prepare import WORK, name_classes
from fullcircle.model.progress import Progress


def model_for(engine: Engine, book: Book, kind: str, train: str, tell: Progress) -> Model:
    """The model for the subjects of a kind; kept in the book, so that explanations use the same."""
    records = int(engine.value(f"SELECT count(*) FROM {WORK}.subjects WHERE kind = {literal(kind)}"))
    return with_rarity(default(kind, records), *name_classes(engine, kind))
