"""Why two records are not one customer: what kept them apart, what was missing, and which key would have made them meet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fullcircle.ask.group_reasons import group_reasons
from fullcircle.ask.record import record
from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.graph.base import GraphStore
from fullcircle.identity.explain import Explanation, explain
from fullcircle.identity.meeting import KeyMeeting, Needed, may_be_sieved, meetings, needed


@dataclass(frozen=True, slots=True)
class WhyNotAnswer(ReaderAnswer):
    """The reasons in plain words, most important first, and what they are read from."""

    record_a: str
    record_b: str
    one_customer: bool  # they are one customer after all
    reasons: tuple[str, ...]
    weight: float | None
    threshold: float
    vetoes: tuple[str, ...]
    met: tuple[str, ...]  # the blocking rules that made the two meet
    keys: tuple[KeyMeeting, ...]  # the other rules, and what each record lacks for them
    needed: tuple[Needed, ...]  # what would raise the weight, best first
    explanation: Explanation

    def to_dict(self) -> dict[str, Any]:
        """Plain values all the way down."""
        return asdict(self)


def why_not(
    store: GraphStore, tables: Engine | None, book: Book, pair: tuple[str, str], settings: IdentitySettings
) -> WhyNotAnswer:
    """Explain why a pair of records, named by their ids, is not one customer."""
    one, other = record(store, tables, pair[0]), record(store, tables, pair[1])
    customers = (str(one.pop("customer_id")), str(other.pop("customer_id")))
    together = customers[0] == customers[1]
    found = explain(book, one, other, settings)
    keys = meetings(book, one, other, settings)
    met = tuple(key.rule for key in keys if key.met)
    more = needed(book, found, _kind(one)) if found.weight is not None else ()
    reasons = _reasons(found, met, more, together)
    if found.linked and met and not together:
        reasons += group_reasons(store, tables, book, found, customers, settings, _kind(one))
    if met and not together and may_be_sieved(book, _kind(one)):
        reasons.append(
            "A run over so many records does not compare pairs that share nothing but keys which, as a sample shows, bring "
            "nobody together; so these two may not have been compared, although they share a key."
        )
    return WhyNotAnswer(
        found.record_a, found.record_b, together, tuple(reasons), found.weight, found.threshold,
        found.vetoes, met, tuple(key for key in keys if not key.met), more, found,
    )  # fmt: skip


def _kind(fields: dict[str, Any]) -> str:
    from fullcircle.identity.model import ORGANISATION, PERSON

    return ORGANISATION if str(fields.get("kind") or "").lower().startswith("organi") else PERSON


def _reasons(found: Explanation, met: tuple[str, ...], more: tuple[Needed, ...], together: bool) -> list[str]:
    if together:
        return ["They are one customer."]
    reasons = [f"They are kept apart: {veto}." for veto in found.vetoes]
    if not found.reasons and not met and found.weight is not None:
        reasons.append("They were never compared: they have no key in common.")
    if found.weight is not None and found.weight < found.threshold and not found.reasons:
        reasons.append(f"Their weight is {found.weight:+.2f}, which is {found.threshold - found.weight:.2f} too little.")
        reasons += [_would_be_enough(one) for one in more[:3] if one.enough]
    if found.linked and not met:
        reasons.append("If they were compared, they would be linked.")
    return reasons


def _would_be_enough(one: Needed) -> str:
    if one.same:
        return f"They have the same {one.field}, but it counts for less than one that nobody else has."
    missing = f"it is missing in {' and '.join(one.missing_in)}." if one.missing_in else "now the values differ."
    return f"The same {one.field} in both would be enough; {missing}"
