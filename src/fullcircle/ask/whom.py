"""Whom a verb is about: erasing and restricting name people as questions do, by what their asker sees.

Else a role that may erase and sees no names could try them out: `erase WORDS --dry-run` would say who is there.
"""

from __future__ import annotations

from typing import cast

from fullcircle.ask.named import customer_id, find_customer, mapped_objects
from fullcircle.ask.named_as_seen import StoreAsSeen
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.engine.base import Engine
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.govern.door import Door
from fullcircle.graph.base import GraphStore
from fullcircle.graph.open import open_store
from fullcircle.identity.ledger import Ledger
from fullcircle.privacy.collect import Named
from fullcircle.steward.who import customer_ever_named, customer_named


def named_by(settings: Config, door: Door, ever: bool = False) -> Named:
    """How whoever is at this door names a customer; `ever`: also one that has no records any more, by an id that it had."""
    if door.mask.whole:
        return customer_ever_named if ever else customer_named

    def as_seen(_: Engine, book: Book, which: str) -> str:
        try:
            with open_store(settings, read_only=True) as store:
                seen, objects = cast(GraphStore, StoreAsSeen(store, door.mask)), mapped_objects(settings)
                return _ever(seen, book, which, door) if ever else find_customer(seen, book, which, objects).id
        except FullcircleError as error:
            raise door.as_said(error) from None

    def _ever(seen: GraphStore, book: Book, which: str, door: Door) -> str:
        try:
            return customer_id(seen, book, which, mapped_objects(settings))
        except NotFound:
            record = which if which.startswith("record:") else f"record:{which}"
            if door.mask.may_name(record) and (known := Ledger(book).customer_of(record)):
                return known
            raise

    return as_seen
