"""Columns and lists of who must not get mail any more, and why: `Email Suppressions`, `Complained`, `Hard bounce reason`.

A complaint or a suppression by the person is a refusal, which counts before a consent; a hard bounce says that the address gets
no mail. A word that is not known refuses, as mail to somebody on such a list is worse than none, and is said.

See `with_suppressions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.fields import REFUSED
from fullcircle.mapping.propose.guess import is_somebody_else
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refusal_columns import refused_ways, still_unread, suppression_words
from fullcircle.mapping.propose.sample import Facts
from fullcircle.mapping.propose.words import LOOK, plain
from fullcircle.mapping.reading.undeliverable import DAY
from fullcircle.mapping.reading.values import NO, YES, listed

SHAPED = 0.95  # of the values are yes and no, or days
NAMED = 5  # words in a message
OF_A_LIST = ("reason", "type", "cause", "status", "grund", "motif", "motivo", "reden", "powod", "orsak", "suppression_reason")


@dataclass(frozen=True, slots=True)
class _Said:
    """SQL conditions for what a column says of the person of the row."""

    refused: str
    bounced: str
    nothing: str


def with_suppressions(engine: Engine, made: Sequence[Proposed]) -> None:
    """Read such columns for the people of every object, and lists that are nothing else."""
    for one in made:
        people = one.people("email")
        if people is None or not one.sample.table:
            continue
        read = people.fields.get("undeliverable", {}).get("field")
        columns = [name for name in _columns(engine, one) if name != read]
        for column in columns:
            _read(engine, one, people, column)
        if not columns and _is_list(one.sample.name) and not any(each.to in {"consents", "orders"} for each in one.maps):
            _all_refused(one, people)


def _columns(engine: Engine, one: Proposed) -> Iterator[str]:
    there = set(engine.columns(one.sample.table))
    for name, facts in one.sample.facts.items():
        of_list = _is_list(one.sample.name) and plain(name) in OF_A_LIST
        if name not in there or not facts.filled or facts.mail > 0.5 or is_somebody_else(name):
            continue
        if of_list or (_is_named(plain(name)) and not _is_read(one, name, facts)):
            yield name


def _is_read(one: Proposed, name: str, facts: Facts) -> bool:
    """True for a column of yes and no or of days that is read as a refusal or as mail that came back, or that others say."""
    shaped = facts.answer >= SHAPED or facts.date >= SHAPED
    if refused_ways(plain(name)) and shaped:
        return True
    refusing = any(REFUSED in each.fields for each in one.maps)
    return refusing and "reason" in plain(name) and "unsub" in plain(name)  # why somebody left, where it is known who did


def _is_list(name: str) -> bool:
    name = plain(name)
    return _is_named(name) and not _has(name, "of_bounces")


def _is_named(name: str) -> bool:
    return _has(name, "names") and not set(name.split("_")) & set(suppression_words("never"))


def _has(name: str, list_: str) -> bool:
    return any(word in f"{name}_" for word in suppression_words(list_))


def _read(engine: Engine, one: Proposed, people: ProposedMap, column: str) -> None:
    said = _said(column)
    table = one.sample.table
    refused, bounced = (bool(engine.value(f"SELECT count(*) FROM {table} WHERE {sql}")) for sql in (said.refused, said.bounced))
    one.maps = [each for each in one.maps if each.fields.get(REFUSED) != {"field": column}]
    if refused:
        one.maps.append(_refusal(one, people, column, said.refused))
        one.evidence.append(f"{column}: who is on it for a complaint, or asked for it, refuses e-mail, whatever else is said")
    if bounced:
        before = people.fields.get("undeliverable")
        known = f"CASE WHEN {said.bounced} THEN 'bounced' END"
        other = f", {text_of(before['field'])}" if before and "field" in before and before["field"] != column else ""
        people.fields["undeliverable"] = {"sql": f"coalesce({known}{other})"}
        one.evidence.append(f"{column}: a hard bounce says that mail to the address comes back; it does not refuse mail")
    one.left = [name for name in one.left if name != column]
    one.notes = still_unread(one.notes, column)
    one.notes += _unknown(engine, one, column, said)


def _unknown(engine: Engine, one: Proposed, column: str, said: _Said) -> list[str]:
    """What to say of words that are not known."""
    text = _text(column)
    known = " OR ".join(f"({sql})" for sql in (_words(text, "refused"), said.bounced, said.nothing, _plainly(text)))
    rows = engine.rows(
        f"SELECT {text_of(column)}, count(*) FROM {one.sample.table} WHERE {text} IS NOT NULL AND NOT ({known}) "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    if not rows:
        return []
    words = ", ".join(f'"{value}"' for value, _ in rows[:NAMED])
    more = f" and {len(rows) - NAMED:,} others" if len(rows) > NAMED else ""
    means = "they say nothing" if _has(plain(column), "of_bounces") else "they are read as a refusal of e-mail"
    return [f"{LOOK}{column}: it is not known what {words}{more} mean; {means}"]


def _all_refused(one: Proposed, people: ProposedMap) -> None:
    fields = _whose(one, people) | {"purpose": {"value": "email"}, "granted": {"value": False}}
    one.maps.append(ProposedMap("consents", fields, key="suppressed", where=people.where))
    one.evidence.append(f"{one.sample.name} is a list of who must not get mail: everybody on it refuses e-mail")


def _refusal(one: Proposed, people: ProposedMap, column: str, where: str) -> ProposedMap:
    fields = _whose(one, people) | {"purpose": {"value": "email"}, "granted": {"value": False}}
    if one.sample.facts[column].date >= SHAPED:
        fields["at"] = {"field": column}
    where = " AND ".join(f"({part})" for part in (people.where, where) if part)
    return ProposedMap("consents", fields, key=plain(column), where=where)


def _whose(one: Proposed, people: ProposedMap) -> dict[str, Rule]:
    key = people.fields.get("key")
    return {"record_id": {**key, "ref": one.sample.name}} if key else {}


def _said(column: str) -> _Said:
    """What the words of a column say; of a bounce only that mail came back."""
    text, name = _text(column), plain(column)
    words = f"{_words(text, 'nothing')} AND NOT {_words(text, 'refused')}"
    zero = f"coalesce(try_cast({text} AS DOUBLE) = 0, false)"
    nothing = f"({words} OR {text} IN ({listed(NO)}) OR {text} = '' OR {zero})"
    of_bounces = _has(name, "of_bounces")
    there = f"{text} IS NOT NULL AND NOT {nothing}"
    if of_bounces:
        every = "hard" in name.split("_")
        return _Said("false", f"({there})" if every else f"({there} AND {_words(text, 'bounced')})", nothing)
    bounced = f"({text} IS NOT NULL AND {_words(text, 'bounced')} AND NOT {_words(text, 'soft_only')})"
    refused = f"({there} AND (NOT {bounced} OR {_words(text, 'refused')}))"
    return _Said(refused, bounced, nothing)


def _text(column: str) -> str:
    """SQL: the words of a value, or of a list of values, in small letters with `_` between them; an empty list has none."""
    signs = "|".join((r"[\s(),;:|_.!?/-]", r"[\[\]{}]", '"', "''"))
    bare = f"regexp_replace(strip_accents(lower({text_of(column)})), '({signs})+', '_', 'g')"
    return f"trim({bare}, '_')"


def _words(text: str, list_: str) -> str:
    if list_ == "soft_only":
        return f"regexp_matches({text}, '^soft')"
    return f"regexp_matches({text}, {literal('|'.join(suppression_words(list_)))})"


def _plainly(text: str) -> str:
    """SQL: a yes, a number or a day, which need no word."""
    day = f"regexp_full_match(replace({text}, '_', '-'), '{DAY}')"
    return f"{text} IN ({listed(YES)}) OR try_cast({text} AS DOUBLE) IS NOT NULL OR {day}"
