"""Writes down what a customer agreed to or refused, and brings insights, offers and published tables to it at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fullcircle import pipeline
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import NotFound
from fullcircle.mapping.given import GivenConsents
from fullcircle.model.progress import Progress
from fullcircle.stage import Choice
from fullcircle.steward.who import customer_named, records_of


@dataclass(frozen=True, slots=True)
class ConsentWritten:
    """What is written down now. `granted` None: nothing, so what the sources say counts."""

    customer_id: str
    purpose: str
    granted: bool | None
    records: int  # that keep it


def write_consent(
    settings: Config,
    which: str,
    purpose: str,
    said: tuple[bool, datetime, str] | None,
    by: str,
    noted: Callable[[Book], None] | None = None,
    progress: Progress | None = None,
) -> ConsentWritten:
    """Write it down and run what depends on it. `said`: yes or no, when, and where; None takes back what was written here."""
    with open_desk(settings, progress) as desk:
        if desk.log.last("resolve") is None:
            raise NotFound("It is not known yet who is who.", "Run `fullcircle run` first.")
        customer = customer_named(desk.engine, desk.book, which)
        records, given = records_of(desk.engine, customer), GivenConsents(desk.book)
        with desk.book.transaction():
            given.take_back(records, purpose)
            number = given.put(records, purpose, *said, by) if said else 0
            if noted:
                noted(desk.book)
        pipeline.run(desk, Choice(first="conform"))
        return ConsentWritten(customer, purpose, said[0] if said else None, number)
