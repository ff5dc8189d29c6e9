"""A mere `Status` of a list of mail, known by its values: they subscribed or left. See `state_of_mail`."""

from __future__ import annotations

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.sample import Sample

NAMES = frozenset(
    ("status", "state", "contact_status", "list_status", "subscriber_state", "member_status", "mail_status", "statut")
)
SUBSCRIBED = frozenset(("subscribed", "unsubscribed", "opted in", "opted out", "opted-in", "opted-out", "opt-in", "opt-out"))
BESIDE = SUBSCRIBED | {
    "active", "inactive", "unconfirmed", "confirmed", "pending", "bounced", "hard bounced", "soft bounced", "cleaned", "deleted",
    "complained", "spam", "junk", "marked as spam", "blocked", "blocklisted", "suppressed", "invalid", "non-subscribed",
    "never subscribed",
}  # fmt: skip


def state_of_mail(engine: Engine | None, sample: Sample) -> str:
    """The column whose values all are states of a subscription, and at least one says that somebody subscribed or left."""
    for name, facts in sample.facts.items():
        if engine is None or not sample.table or plain(name) not in NAMES or not 0 < facts.distinct <= len(BESIDE):
            continue
        rows = engine.rows(f"SELECT DISTINCT lower({quoted(name)}) FROM {sample.table} WHERE {quoted(name)} IS NOT NULL")
        values = {str(value) for (value,) in rows}
        if values & SUBSCRIBED and values <= BESIDE:
            return name
    return ""
