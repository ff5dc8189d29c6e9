"""What more a row says of its person: further identifiers and addresses, consents given and denied."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.guess import is_somebody_else, is_staff, plain, words
from fullcircle.mapping.propose.house_numbers import with_house_number
from fullcircle.mapping.propose.identifier_columns import columns_for, why_not
from fullcircle.mapping.propose.mail_states import active_agreed, on_the_list, said_by_state, status_of
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refusal_columns import (
    about_consent,
    agreed_to,
    agreed_ways,
    is_end_of_consent,
    left_beside,
    names_a_list,
    refused_beside,
    refused_ways,
    refusing_words,
)
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.several import further, further_places
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.reading.retired import KNOWN
from fullcircle.mapping.reading.values import NO, listed
from fullcircle.model.identifiers import STRONG, UNIQUE

ALL_ANSWERS = 0.95  # of the values of a column of yes and no
ALL_DATES = 0.95  # of the values of a column that says when, not whether
YES_OR_NO = re.compile(
    r"_(y_n|j_n|s_n|o_n|t_n|e_h|a_n|ja_nein|yes_no|oui_non|si_no|ja_nee|ja_nej|tak_nie|sim_nao|true_false|yn|jn|sn|tn|ano_ne|ja_nei)$"
)


def personal_maps(
    sample: Sample, whose: Mapping[str, Rule], leave: set[str], notes: list[str], state: str = "", engine: Engine | None = None
) -> list[ProposedMap]:
    """The maps of further identifiers, addresses and consents of a person; `leave` names the columns of other maps.

    `state` is a column whose values say who subscribed, whatever it is called.
    """
    found, facts, rows = sample.found, sample.facts, sample.rows
    own = {*leave, *found.key, *(one.name for one in found.fields if is_staff(one.name))}
    theirs = [one.name for one in found.fields if one.name not in own and not is_somebody_else(one.name)]
    left = {plain(re.sub(r"\([^()]*\)", " ", name)): name for name in theirs} | {plain(name): name for name in theirs}
    left = {without_yes_or_no(name): column for name, column in left.items()} | left
    filled = {name for name, known in facts.items() if known.filled} if rows else set(left.values())
    made = [
        ProposedMap("identifiers", {**whose, "kind": {"value": one.kind}, "value": {"field": one.column}}, key=plain(one.column))
        for one in further(found, facts, own, rows)
    ]
    used = {one.fields["value"]["field"] for one in made}
    for kind in (each for each in words()["identifiers"] if each not in {"email", "phone"}):
        for word, column in columns_for(kind, left):
            if column in used or column not in filled:
                continue
            if not_one := why_not(kind, sample, column, engine):
                notes.append(f"{column} {not_one}: left out")
                continue
            if kind not in STRONG and _repeats(sample, column):
                notes.append(f"{column} repeats in many rows, so it does not identify people: left out")
                continue
            used.add(column)
            made.append(ProposedMap("identifiers", {**whose, "kind": {"value": kind}, "value": {"field": column}}, key=word))
    for use, place in further_places(found, facts, own | used, rows):
        of_place: dict[str, Rule] = {column: {"field": name} for column, name in place.items()}
        if "street" in place:
            of_place["street"] = with_house_number(sample, place["street"], own | used, own, engine)
        used |= {*place.values(), *of_place.get("street", {}).get("fields", ())}
        made.append(ProposedMap("addresses", {**whose, "use": {"value": use}, **of_place}, key=use))
    free = {word: column for word, column in left.items() if column not in used}
    free = {_spaced(word): column for word, column in free.items()} | free
    since = list(_since(sample, whose, free, filled, notes))
    states = _states(sample, whose, free, filled, notes, "" if since else state, engine)
    consents = list({one.key: one for one in (*since, *states, *_consents(sample, whose, free, filled))}.values())
    _without_ended(sample, consents, filled, notes)
    return [*made, *consents]


def _without_ended(sample: Sample, consents: Sequence[ProposedMap], filled: set[str], notes: list[str]) -> None:
    """A consent may end on a day: who has such a day is not read as having agreed."""
    ends = [
        name
        for name, facts in sample.facts.items()
        if name in filled and facts.date >= ALL_DATES / 2 and is_end_of_consent(plain(name))
    ]
    given = [
        one for one in consents if one.fields.get("granted", {}).get("value") is True or "field" in one.fields.get("granted", {})
    ]
    for end in ends if given else ():
        for one in given:
            yes = (
                f"lower({text_of(one.fields['granted']['field'])}) IN ({listed(NO)}) OR "
                if "field" in one.fields["granted"]
                else ""
            )
            one.where = " AND ".join(part for part in (one.where, f"({yes}{text_of(end)} IS NULL)") if part)
        notes.append(
            f"{LOOK}{end}: a consent that ends on a day; who has such a day is not read as having agreed, whether it has come or "
            "not. Take the column out of `where` if all of them are still valid"
        )


def without_yes_or_no(name: str) -> str:
    """A plain name without what says how it is answered: `newsletter_ja_nein` is `newsletter`."""
    return YES_OR_NO.sub("", name)


@cache
def _run_together() -> dict[str, str]:
    """The words for consents, by how they are written without gaps: `emailsubscriber`."""
    known = words()["consents"]
    every = (*refusing_words(), *known["words"], *known["states"])
    return {word.replace("_", ""): word for word in every if "_" in word}


def _spaced(name: str) -> str:
    return _run_together().get(name.replace("_", ""), name)


def own_numbers(sample: Sample, key: Rule, used: Collection[str], where: str, engine: Engine | None = None) -> list[ProposedMap]:
    """Numbers that one person alone has, of people on the rows of other things: `NIF` beside the guest of a hotel."""
    made, used = [], {*used}
    for kind in UNIQUE:
        for _, column in columns_for(kind, {plain(one.name): one.name for one in sample.found.fields}):
            facts = sample.facts.get(column)
            if why_not(kind, sample, column, engine):
                continue
            if column not in used and facts and facts.filled and not is_somebody_else(column) and not is_staff(column):
                of: dict[str, Rule] = {
                    "record_id": {**key, "ref": sample.name},
                    "kind": {"value": kind},
                    "value": {"field": column},
                }
                made.append(ProposedMap("identifiers", of, plain(column), where))
                used.add(column)
    return made


def _repeats(sample: Sample, column: str) -> bool:
    facts = sample.facts.get(column)
    return bool(facts and facts.filled > 1 and (facts.distinct == 1 or 4 * facts.distinct <= facts.filled))


def _consents(sample: Sample, whose: Mapping[str, Rule], left: Mapping[str, str], filled: set[str]) -> Iterator[ProposedMap]:
    """A map for each column that grants or denies: `newsletter`, `Unsubscribed`."""
    others = [plain(each.name) for each in sample.found.fields]
    for column in dict.fromkeys(left.values()):
        forms = (plain(column), *(word for word, name in left.items() if name == column))
        ways = next((found for word in forms if (found := _refused(sample, word, others))), ()) if column in filled else ()
        if not ways and column in filled and _says_left(sample, column, others):
            ways = ("email",)
        for way in ways:
            yield _refusal(sample, whose, column, way, len(ways) == 1)
    for word in words()["consents"]["words"]:
        facts = sample.facts.get(left.get(word, ""))
        if word in left and (facts is None or (facts.date < 0.5 and facts.distinct <= 6)):
            yield ProposedMap("consents", {**whose, "purpose": {"value": word}, "granted": {"field": left[word]}}, key=word)
    known = {left[word] for list_ in ("words", "states", "since") for word in words()["consents"][list_] if word in left}
    for column in dict.fromkeys(left.values()):
        if column in known or column not in filled or refused_ways(plain(column)) or not is_answered(sample, column):
            continue
        purposes = agreed_ways(plain(column), others)
        for purpose in purposes:
            key = plain(column) if len(purposes) == 1 else f"{plain(column)}_{purpose}"
            yield ProposedMap("consents", {**whose, "purpose": {"value": purpose}, "granted": {"field": column}}, key=key)


def _refused(sample: Sample, name: str, others: list[str]) -> tuple[str, ...]:
    """The ways that a plain name refuses. Who left (`Baja`) is a customer no more: that is about mail only on a list of mail, or
    beside a consent."""
    if name in KNOWN["retired"] and not names_a_list(plain(sample.found.name)) and not left_beside(name, others):
        return ()
    return refused_beside(name, others)


def _says_left(sample: Sample, column: str, others: list[str]) -> bool:
    """True for yes and no or days of leaving beside what is about a consent: who left is not written to."""
    facts = sample.facts.get(column)
    if facts is None or max(facts.answer, facts.date) < ALL_ANSWERS:
        return False
    return left_beside(plain(column), others)


def answers(sample: Sample) -> set[str]:
    """The columns whose values are yes and no."""
    return {name for name, facts in sample.facts.items() if facts.answer >= ALL_ANSWERS}


def is_answered(sample: Sample, column: str) -> bool:
    """True for a column of a few short values that are not dates: yes and no, in some language."""
    facts = sample.facts.get(column)
    if facts is not None and facts.answer >= ALL_ANSWERS:
        return True
    return (
        facts is not None
        and bool(agreed_to(plain(column)))
        and facts.date < 0.5
        and facts.distinct <= 4
        and facts.longest <= 12
        and facts.email == 0
    )


def refusals(sample: Sample, whose: Mapping[str, Rule], leave: Collection[str], where: str = "") -> list[ProposedMap]:
    """Who refused, said on the rows of other things: `Do not contact` beside the customer of an order."""
    made = []
    for column in (one.name for one in sample.found.fields if one.name not in leave and not is_somebody_else(one.name)):
        facts = sample.facts.get(column)
        others = [plain(each.name) for each in sample.found.fields]
        ways = _refused(sample, plain(column), others) if facts is None or facts.filled else ()
        for way in ways:
            one = _refusal(sample, whose, column, way, len(ways) == 1)
            one.where = where
            made.append(one)
    return made


def _refusal(sample: Sample, whose: Mapping[str, Rule], column: str, way: str, only: bool = True) -> ProposedMap:
    facts = sample.facts.get(column)
    no: dict[str, Rule] = {**whose, "purpose": {"value": way}, "refused": {"field": column}}
    when: dict[str, Rule] = {"at": {"field": column}} if facts is not None and facts.date >= ALL_DATES else {}
    return ProposedMap("consents", {**no, **when}, key=plain(column) if only else f"{plain(column)}_{way}")


def _since(
    sample: Sample, whose: Mapping[str, Rule], left: Mapping[str, str], filled: set[str], notes: list[str]
) -> Iterator[ProposedMap]:
    """Consent given at a time, where another column has the time at which somebody left: `Aktiviert` and `Deaktiviert`.

    A status beside them must say so, too.
    """
    times = {word: name for word, name in left.items() if (facts := sample.facts.get(name)) is not None and facts.date >= 0.5}
    inactive = words()["consents"]["inactive"]
    gone = next((word for word in times if "email" in refused_ways(word) or word in inactive), "")
    since = next((times[word] for word in words()["consents"]["since"] if word in times and times[word] in filled), "")
    given = (name for word, name in times.items() if _is_start(word) and name in filled)
    since = since or next(given, "")  # `Samtycke givet`
    if gone and since and times[gone] in filled:
        if not refused_ways(gone):
            yield _refusal(sample, whose, times[gone], "email")
        fields: dict[str, Rule] = {**whose, "purpose": {"value": "email"}, "granted": {"value": True}, "at": {"field": since}}
        where = f"{text_of(since)} IS NOT NULL"
        if not all(sample.facts[name].date >= ALL_DATES for name in (since, times[gone])):
            where += f" AND {text_of(times[gone])} IS NULL"  # of two days the later one holds: mapping/denials.py
        for column in dict.fromkeys(left.values()):  # `Consent = no` with the day on which somebody was asked
            if column in filled and is_answered(sample, column) and _is_of_letters(plain(column)):
                where += f" AND coalesce(lower({text_of(column)}) NOT IN ({listed(NO)}), true)"
        if status := status_of(sample):
            where += f" AND {on_the_list(status)}"
            notes.append(f"{status}: where it is not a word for being on the list (`active`, `subscribed`), nobody has agreed")
            yield from said_by_state(sample, whose, status, "email", agreed=False)
        yield ProposedMap("consents", fields, key=plain(since), where=where)


def _is_of_letters(name: str) -> bool:
    """True for the plain name of a yes or no to consent in general, or to what is sent by e-mail."""
    purposes = agreed_ways(name)
    return name in words()["consents"]["words"] or bool({"marketing_consent", "email_opt_in"} & {*purposes})


def _is_start(word: str) -> bool:
    return about_consent(word) and not refused_ways(word) and not is_end_of_consent(word)


def _states(
    sample: Sample,
    whose: Mapping[str, Rule],
    left: Mapping[str, str],
    filled: set[str],
    notes: list[str],
    state: str,
    engine: Engine | None,
) -> Iterator[ProposedMap]:
    """A map for each way of sending of which a column says `subscribed` or `unsubscribed`."""
    done: set[str] = set()
    for word in (*words()["consents"]["states"], plain(state)):
        column, purpose = left.get(word, ""), "sms" if "sms" in word else "email"
        facts = sample.facts.get(column)
        if column not in filled or purpose in done or (facts and (facts.date >= 0.5 or facts.number >= 0.5)):
            continue
        done.add(purpose)
        active = column == state and active_agreed(engine, sample, column)
        words_for_yes = "says subscribed (or active, in a list of mail)" if active else "says subscribed"
        notes.append(f"{column}: consent is what {words_for_yes} or unsubscribed; other words neither grant nor deny")
        if column == state:
            yield from said_by_state(sample, whose, column, purpose, agreed=True, active=active)
            continue
        said = ", ".join(map(literal, words()["consents"]["said"]))
        fields: dict[str, Rule] = {**whose, "purpose": {"value": purpose}, "granted": {"field": column}}
        yield ProposedMap("consents", fields, key=word, where=f"lower({text_of(column)}) IN ({said})")
