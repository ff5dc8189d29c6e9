"""What a customer agreed to or refused, by all records, and what counts where they say different things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

COLUMNS = ("id", "purpose", "channel", "granted", "at", "source", "record")


def consents_of(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Consents with all their columns, in their order; `granted` None: the source does not say; `at` None: not since when."""
    return [{name: row.get(name) for name in COLUMNS} for row in rows]


def agreed(consents: Sequence[Mapping[str, Any]]) -> dict[str, bool | None]:
    """Channel (where a consent names none: its purpose) -> whether the customer agreed, None where nobody says so.

    A refusal counts, also of another record, unless a consent is known to be newer: as mapping/denials.py has it for one record.
    """
    by: dict[str, list[Mapping[str, Any]]] = {}
    for one in consents:
        by.setdefault(str(one["channel"] or one["purpose"]), []).append(one)
    return {name: _counts(some) for name, some in sorted(by.items())}


def _counts(consents: Sequence[Mapping[str, Any]]) -> bool | None:
    yes, no = ([one for one in consents if one["granted"] is said] for said in (True, False))
    if not no:
        return True if yes else None
    newest = max((at for one in yes if isinstance(at := one["at"], datetime)), default=None)
    return newest is not None and all(isinstance(at := one["at"], datetime) and at < newest for one in no)
