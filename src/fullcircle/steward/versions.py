"""The version of a customer: it changes when its records change, or somebody decides about them. Read from the book alone.

Who decides about customers says which versions of them they saw, so that nobody decides about what is not there any more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable

from fullcircle.book.book import Book
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.identity.decisions import Decisions
from fullcircle.identity.ledger import Ledger

ANY = "*"  # whatever their versions are


class VersionMissing(FullcircleError):
    """A decision that does not say which versions of its customers it is about."""

    code, status = "version-missing", 428


class VersionStale(FullcircleError):
    """A customer has changed since who decides looked at it."""

    code, status = "version-stale", 412


def versions(book: Book, customers: Iterable[str]) -> dict[str, str]:
    """Customer -> its version; NotFound for one that there never was."""
    ledger, decisions = Ledger(book), Decisions(book).all()
    found = {}
    for customer in dict.fromkeys(customers):
        now = ledger.resolve(customer)
        if now is None:
            raise NotFound(f"There is no {customer}.", "`fullcircle search WORDS` finds customers.")
        records = ledger.records_of(now)
        about = [[one.id, one.undone_at] for one in decisions if set(records) & set(one.records)]
        found[now] = hashlib.sha256(json.dumps([now, records, about]).encode()).hexdigest()[:24]
    return found


def customers_of(book: Book, records: Iterable[str]) -> list[str]:
    """The customers of these records, as the ledger knows them, each once and in order."""
    ledger = Ledger(book)
    return sorted({customer for record in records if (customer := ledger.customer_of(record))})


def check_versions(book: Book, records: Iterable[str], seen: Collection[str]) -> None:
    """VersionStale unless who decides about these records has seen their customers as they are now."""
    if ANY in seen:
        return
    if not seen:
        raise version_missing()
    changed = [customer for customer, version in versions(book, customers_of(book, records)).items() if version not in seen]
    if changed:
        raise VersionStale(
            f"{', '.join(changed[:5])} changed since you looked, or you did not name its version.",
            "Look at it again, and decide again if that is still right.",
        )


def version_missing() -> VersionMissing:
    """The error for a decision that names no versions."""
    return VersionMissing(
        "This decision does not say which versions of the customers it is about.",
        "Send them as `If-Match`: a dry run and GET /v1/customers/{id}/version say them.",
    )
