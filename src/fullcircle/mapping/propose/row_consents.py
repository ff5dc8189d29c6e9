"""Consents that people give on the row of an order, a booking or a ticket: `Accepts Marketing`, `buyer_accepts_marketing`.

They were given when the order was, by the person of the row; of several orders the newest counts. Start at `consents_of_rows`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fullcircle.mapping.propose.guess import is_somebody_else, is_staff, plain, words
from fullcircle.mapping.propose.personal import is_answered, without_yes_or_no
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refusal_columns import agreed_ways, refused_ways, still_unread

TIMES = {"orders": "ordered_at", "tickets": "opened_at", "interactions": "at"}
OF_GOODS = {"subscribed", "is_subscribed", "is_subscriber"}  # on an order this is about what was bought
MOST_VALUES = 6


def consents_of_rows(made: Sequence[Proposed]) -> None:
    """Give the proposals with orders, tickets or interactions the consents on their rows, at the time of the row."""
    for one in made:
        main = next((each for each in one.maps if each.to in TIMES and "record_id" in each.fields), None)
        if main is None:
            continue
        rules = [rule for each in one.maps for rule in each.fields.values()]
        used = {name for rule in rules for name in (rule.get("field", ""), *rule.get("fields", ()))}
        used |= {name for name in one.sample.facts for rule in rules if text_of(name) in rule.get("sql", "")}
        for column, word in _columns(one, used):
            where = " AND ".join(f"({text})" for text in (main.where, f"{text_of(column)} IS NOT NULL") if text)
            fields: dict[str, Rule] = {
                "record_id": main.fields["record_id"], "purpose": {"value": word}, "granted": {"field": column},
            }  # fmt: skip
            one.maps.append(ProposedMap("consents", fields, key=word, where=where))
            one.evidence.append(f"{column}: a consent of the person of the row, at the time of the row; the newest counts")
            one.left = [name for name in one.left if name != column]
            one.notes = still_unread(one.notes, column)
        for each in one.maps:
            if each.to == "consents":
                _dated(each, main)


def _dated(consent: ProposedMap, main: ProposedMap) -> None:
    """One row for each person and column: that of the newest order, with its time."""
    person = _person(consent.fields.get("record_id", main.fields["record_id"]))
    when = main.fields.get(TIMES[main.to])
    if not person or not when or "key" in consent.fields:
        return
    known = f"({person}) IS NOT NULL"  # a booking of nobody has nobody's consent
    consent.where = f"{consent.where} AND {known}" if consent.where else known
    consent.fields = {"key": {"sql": person}, **consent.fields}
    consent.fields.setdefault("at", when)
    consent.fields["updated_at"] = consent.fields["at"]


def _person(rule: Rule) -> str:
    """SQL: what the person of a row is known by."""
    texts = [text_of(name) for name in (rule.get("field", ""), *rule.get("fields", ())) if name]
    known = rule.get("sql") or (texts[0] if len(texts) == 1 else f"concat_ws('|', {', '.join(texts)})" if texts else "")
    return f"coalesce({known}, {rule['otherwise']})" if rule.get("otherwise") else str(known)


def _columns(one: Proposed, used: set[str]) -> Iterator[tuple[str, str]]:
    """The columns with a word for a consent in their name, and nothing but a word for people beside it."""
    known = [word for word in words()["consents"]["words"] if word not in OF_GOODS]
    people = {*words()["prefixes"]["people"], *words()["columns"]["orders"]["record_id"], "order", "checkout"}
    done: set[str] = set()
    for each in one.sample.found.fields:
        facts = one.sample.facts.get(each.name)
        if each.name in used or is_staff(each.name) or is_somebody_else(each.name) or not facts or not facts.filled:
            continue
        if facts.date >= 0.5 or facts.distinct > MOST_VALUES:
            continue
        name = without_yes_or_no(plain(each.name))
        forms = {name} | {name.removeprefix(f"{who}_") for who in people} | {name.removesuffix(f"_{who}") for who in people}
        word = next((word for word in known if word in forms), "")
        purposes: tuple[str, ...] = (word,) if word else ()
        if not word and not refused_ways(name) and is_answered(one.sample, each.name):
            others = [plain(other.name) for other in one.sample.found.fields]
            purposes = next((found for form in sorted(forms, key=len) if (found := agreed_ways(form, others))), ())
        for purpose in purposes:
            if purpose not in done:
                done.add(purpose)
                yield each.name, purpose
