"""The day of a consent or a refusal, in a column beside the one that says it: `Email Consent` and `Email Consent Timestamp`.

See `with_days`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.fields import REFUSED
from fullcircle.mapping.propose.planner import Proposed, ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refusal_columns import day_words, is_end_of_consent, still_unread
from fullcircle.mapping.propose.words import plain
from fullcircle.mapping.reading.values import LEFT, YES, listed

DAYS = 0.95  # of the values of a column of days
MIXED = {"at", "updated_at"}


def with_days(engine: Engine, made: Sequence[Proposed]) -> None:
    """Give consents without a day that of the column beside them; of one refusal that is said twice keep one, with its day."""
    for one in made:
        for each in [every for every in one.maps if every.to == "consents" and not MIXED & every.fields.keys()]:
            said = each.fields.get("granted", each.fields.get(REFUSED, {})).get("field", "")
            if day := next(_days_of(one, said), "") if said else "":
                each.fields["at"] = {"field": day}
                one.maps = [every for every in one.maps if every is each or every.fields.get(REFUSED) != {"field": day}]
                one.evidence.append(f"{day}: the day of {said}")
                one.left = [name for name in one.left if name != day]
                one.notes = still_unread(one.notes, day)
            elif said and REFUSED in each.fields:
                _with_day_of_refusal(engine, one, each, said)


def _days_of(one: Proposed, said: str) -> Iterator[str]:
    """The columns of days whose names are that of the consent, with a word for a day."""
    more, lacking = day_words("words"), day_words("lacking")
    bare = {*plain(said).split("_")} - lacking
    for name, facts in one.sample.facts.items():
        parts = {*plain(name).split("_")}
        if name == said or not bare or not facts.filled or facts.date < DAYS or is_end_of_consent(plain(name)):
            continue
        if parts - more - lacking == bare - more and parts & more:
            yield name


def _with_day_of_refusal(engine: Engine, one: Proposed, each: ProposedMap, said: str) -> None:
    """`Unsubscribed Time` beside `Email Opt Out`: one refusal, where every row with a time says it."""
    if not one.sample.table:
        return
    for other in one.maps:
        day = other.fields.get(REFUSED, {}).get("field", "")
        same = other is not each and other.to == "consents" and other.fields.get("purpose") == each.fields.get("purpose")
        if not same or not day or other.fields.get("at") != {"field": day}:
            continue
        yes = f"lower({text_of(said)}) IN ({listed(YES)}, {listed(LEFT)})"
        if not engine.value(
            f"SELECT count(*) FROM {one.sample.table} WHERE {text_of(day)} IS NOT NULL AND NOT coalesce({yes}, false)"
        ):
            each.fields["at"] = {"field": day}
            one.maps = [every for every in one.maps if every is not other]
            one.evidence.append(f"{day}: the day of {said}")
            return
