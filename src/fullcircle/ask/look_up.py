"""Who is this? One record, as a form or a till has it, is looked up by the model of the last run; it may become a customer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.identity import live
from fullcircle.identity.explain import explain, threshold_of
from fullcircle.identity.look_up import Candidate, LookUpIndex
from fullcircle.mapping.reading.contacts import EMAIL
from fullcircle.mapping.reading.phones import e164
from fullcircle.mapping.reading.steps import cleaned
from fullcircle.model.tables import RECORDS

OTHERS = ("identifiers", "addresses")  # lists of {kind, value}, and of addresses


@dataclass(frozen=True, slots=True)
class LookUpAnswer(ReaderAnswer):
    """Who the record is. `candidates` are the records it was compared with, the best first."""

    state: str  # found, created (a new customer, with `create`) or unknown
    customer_id: str | None
    record_id: str  # the id by which a source may deliver the record later
    weight: float | None  # of the best link; None for what is certain
    rule: str | None  # score, identifier:<kind>, or record (a record that is known already)
    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...]  # what was left out of the comparison, or kept the record apart

    def to_dict(self) -> dict[str, Any]:
        """Plain values all the way down."""
        return asdict(self)


def look_up(index: LookUpIndex, book: Book, settings: IdentitySettings, record: dict[str, Any], notes: list[str]) -> LookUpAnswer:
    """Compare a record, as `read_record` has made it."""
    record_id = str(record["record_id"])
    there = index.known(record_id) or live.known(book, record_id)
    if there:
        return LookUpAnswer("found", there, record_id, None, "record", (), ())
    compared = index.compare(record)
    found = compared.candidates
    linked = [one for one in found if one.linked]
    notes = [*notes, *_kept_apart(found, threshold_of(settings))]
    if compared.not_compared:
        notes.append(
            f"{compared.not_compared} records that share only a common key with it, such as a given name in one area, were not "
            "compared; with an e-mail address, phone number, birth date or postcode more would be."
        )
    if len({one.customer_id for one in linked}) > 1:
        notes.append("More than one customer fits; the best is answered.")
    linked = linked or _made_live(book, settings, record)
    if not linked:
        return LookUpAnswer("unknown", None, record_id, None, None, found, tuple(notes))
    best = linked[0]
    weight = best.weight if best.rule == "score" else None
    return LookUpAnswer("found", best.customer_id, record_id, weight, best.rule, found, tuple(notes))


def _kept_apart(found: Sequence[Candidate], threshold: float) -> list[str]:
    """Why customers with a record that would fit alone are not the answer."""
    notes, vetoed = [], {one.customer_id for one in found if one.veto}
    fit = {one.customer_id for one in found if not one.veto and one.strength >= threshold}
    notes += [f"{one.customer_id}: {one.veto}" for one in found if one.veto and one.customer_id in fit]
    for one in found:
        if one.customer_id in fit - vetoed and not one.linked and one.mean is not None:
            fit.remove(one.customer_id)  # said once
            notes.append(
                f"{one.customer_id}: one record fits (weight {one.weight:.1f}), all together do not (mean {one.mean:.1f})."
            )
    return notes


def _made_live(book: Book, settings: IdentitySettings, record: dict[str, Any]) -> list[Candidate]:
    """A customer that was made by an earlier look-up, of the same person with other values."""
    for other_id, customer, fields in live.alike(book, record):
        pair = explain(book, record, {**fields, "record_id": other_id}, settings)
        if pair.linked:
            return [Candidate(customer, other_id, pair.weight, next(iter(pair.reasons), "score"), None, True)]
    return []


def read_record(cleaner: Engine, country: str, fields: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The record with its e-mail, phone and birth date as runs clean them; what cannot be read is left out, with a note.

    ConfigError for a field that records do not have, or a birth date that cannot be read.
    """
    known_fields = {column.name for column in RECORDS.columns} | {*OTHERS}
    for name in fields:
        if name not in known_fields:
            raise ConfigError(f'A record has no field "{name}".', did_you_mean(name, sorted(known_fields)))
    record: dict[str, Any] = dict(fields)
    notes: list[str] = []
    record["record_id"] = str(fields.get("record_id") or live.record_id_of(fields))
    record.setdefault("kind", "organisation" if record.get("organisation") and not _named(record) else "person")
    if record.get("email"):
        clean = cleaned(cleaner, [str(record["email"])], EMAIL)[0]
        notes += [] if clean else ["The e-mail cannot be read and was not compared."]
        record["email"] = clean
    if record.get("phone"):
        bare = re.sub(r"^00", "+", re.sub(r"[^\d+]", "", str(record["phone"])))
        clean = e164(bare, str(record.get("country") or country).upper()[:2])
        notes += [] if clean else ["The phone number is not a valid one and was not compared."]
        record["phone"] = clean
    if record.get("birth_date") and not isinstance(record["birth_date"], date):
        try:
            record["birth_date"] = datetime.strptime(str(record["birth_date"]), "%Y-%m-%d").date()
        except ValueError:
            raise ConfigError("The birth date cannot be read.", "Give it as YYYY-MM-DD, or as a date.") from None
    return record, notes


def _named(record: Mapping[str, Any]) -> bool:
    return bool(record.get("given_name") or record.get("family_name"))
