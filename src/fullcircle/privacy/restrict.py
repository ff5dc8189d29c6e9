"""Restricts a person: the data are kept, but not used, until that is lifted (GDPR, Art. 18). See govern/restricted.py."""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle import pipeline
from fullcircle.config.sections import Config
from fullcircle.desk import Desk, open_desk
from fullcircle.errors import NotFound
from fullcircle.govern.restricted import Restricted
from fullcircle.model.progress import Progress
from fullcircle.privacy.collect import Named
from fullcircle.stage import Choice


@dataclass(frozen=True, slots=True)
class Restriction:
    """Who is restricted or not any more, and by how many records it is known."""

    customer_id: str
    restricted: bool
    records: int


def restrict(
    settings: Config, which: str, named: Named, by: str, reference: str = "", progress: Progress | None = None
) -> Restriction:
    """Keep the data of a customer, but use them no more: insights and published tables are brought to that at once."""
    with open_desk(settings, progress) as desk:
        customer, records = _meant(desk, which, named)
        Restricted(desk.book).restrict(records, by, reference)
        pipeline.run(desk, Choice(first="insights"))
        return Restriction(customer, True, len(records))


def lift(settings: Config, which: str, named: Named, progress: Progress | None = None) -> Restriction:
    """Use the data of a customer again."""
    with open_desk(settings, progress) as desk:
        customer, records = _meant(desk, which, named)
        if not Restricted(desk.book).since(records):
            raise NotFound(f"{customer} is not restricted.", "")
        Restricted(desk.book).lift(records)
        pipeline.run(desk, Choice(first="insights"))
        return Restriction(customer, False, len(records))


def _meant(desk: Desk, which: str, named: Named) -> tuple[str, list[str]]:
    if desk.log.last("resolve") is None:
        raise NotFound("It is not known yet who is who.", "Run `fullcircle run` first.")
    customer = named(desk.engine, desk.book, which)
    rows = desk.engine.rows("SELECT record_id FROM members WHERE customer_id = $id ORDER BY 1", {"id": customer})
    return customer, [row[0] for row in rows]
