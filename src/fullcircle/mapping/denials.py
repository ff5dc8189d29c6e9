"""Of two columns of one record, one denies and the other does not: the denial counts. See `deny_first`.

`Do not email = yes` beside `Newsletter = yes` is a no: writing to somebody who said no is worse than not writing. A purpose is
that of a way if it is named for it (`sms_opt_in`); a newsletter and what names no way go by e-mail.
"""

from __future__ import annotations

import tomllib
from functools import cache

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.shipped import shipped
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

WAYS = {"sms": "sms|text", "call": "call|phone|telefon", "post": "post(al)?|letter|brief"}


def deny_first(engine: Engine, progress: Progress) -> None:
    """Take away consents that another row of the same record denies, unless they are known to be newer than the denial."""
    granted = f"""staged_consents WHERE granted AND EXISTS (
        SELECT 1 FROM staged_consents d WHERE d.record_id = staged_consents.record_id AND d.granted = false
            AND {_way("d.purpose")} = {_way("staged_consents.purpose")} AND coalesce(d."at" >= staged_consents."at", true))"""
    if found := engine.value(f"SELECT count(*) FROM {granted}"):
        engine.run(f"DELETE FROM {granted}")
        progress.say(
            f"consents: {counted(found, 'consent is', 'consents are')} denied by another column of the same record, and not "
            "known to be newer: the denial counts."
        )


def _way(purpose: str) -> str:
    """SQL: the way of a purpose that the proposals write; another purpose is its own."""
    by_mail = ", ".join(literal(word) for word in ("email", *_newsletters()))
    ways = " ".join(
        f"WHEN regexp_matches(lower({purpose}), '(^|[_ -])({those})($|[_ -])') THEN '{way}'" for way, those in WAYS.items()
    )
    return f"CASE {ways} WHEN lower({purpose}) IN ({by_mail}) THEN 'email' ELSE lower({purpose}) END"


def channel_of(purpose: str) -> str:
    """SQL: the way by which people are reached for a purpose (email, sms, call, post); null where the purpose names none."""
    return f"CASE WHEN {_way(purpose)} IN ({', '.join(map(literal, ('email', *WAYS)))}) THEN {_way(purpose)} END"


@cache
def _newsletters() -> list[str]:
    """The purposes that the proposals take from the names of columns: `newsletter`, `accepts_marketing`."""
    text = shipped("synonyms.toml")
    words: list[str] = tomllib.loads(text)["consents"]["words"]
    return words
