"""Columns of people by what is around their words, where nobody knows it: `PaxFirstName`, `PaxLastName`. See `of_a_person`.

Only where one such word is there: of two unknown persons, nobody knows which is the customer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from fullcircle.mapping.propose.words import words

KINDS = ("given_name", "family_name", "full_name", "email", "phone", "birth_date")
EVENTS = re.compile(  # the first and the last of these are times: `First visit`, `Last visit`
    r"(^|_)(visit|visits|order|orders|purchase|seen|login|contact|contacted|activity|date|day|time|donation|gift|sale|booking|invoice"
    r"|payment|reply|response|message|open|opened|click|session|touch|sync|update|updated|modified|change|used|use)(_|$)"
)
BARE = frozenset(("first", "last"))  # names of people only where nothing beside them happens: not `First booking`
SIDES = frozenset((  # whose e-mail is beside is a person: `From` and `From Email`
    "from", "sender", "author", "raised_by", "reported_by", "submitted_by", "sent_by", "ordered_by", "booked_by", "purchased_by",
    "opened_by", "asked_by", "name_of_sender", "von", "absender", "de", "expediteur", "remitente", "mittente", "nadawca", "van",
    "afzender", "avsandare", "gonderen",
))  # fmt: skip
OTHERS = re.compile(
    r"(^|_)(ship|shipping|delivery|recipient|sender|vendor|supplier|doctor|dr|insured_by|empfaenger\w*|liefer\w*|versand\w*|verzend\w*|bezorg\w*"
    r"|aflever\w*|lever\w*|livraison|envio|entrega|destinatari\w*|consegna|spedizione|dostaw\w*|odbiorc\w*|doruc\w*|dodac\w*|toimitus\w*"
    r"|teslimat\w*|kargo|szallit\w*|доставк\w*|получател\w*|送付先|お届け先|配送先|배송지?|收货人?|收貨人?)(_|$)"
    r"|_(li|la|lf)$"  # Lieferung, Lieferadresse: `Vorname LI` beside `Vorname RE`
)


def of_a_person(names: Collection[str], here: tuple[str, ...]) -> dict[str, str]:
    """The names without what says whose these are -> the whole name."""
    columns = words(here)["columns"]["records"]
    lists = {kind: {*columns[kind]} for kind in KINDS}
    persons = {word for table in ("orders", "tickets", "interactions") for word in words(here)["columns"][table]["record_id"]}
    bare = [
        name
        for name in names
        if name in persons | SIDES and name not in lists["full_name"] and lists["email"] & _behind(name, names)
    ]
    if len(bare) == 1:  # `Reporter` beside `Reporter Email`
        mail = next(one for one in names if one.removeprefix(f"{bare[0]}_") in lists["email"] and one.startswith(f"{bare[0]}_"))
        return {"full_name": bare[0], "email": mail}
    able = [beside for beside, kinds in _around(names, lists).items() if {"given_name", "family_name"} <= kinds]
    if len(able) != 1:
        return {}
    every = {word for synonyms in columns.values() for word in synonyms}
    found = {}
    for name in names:
        for rest in (name.removeprefix(f"{able[0]}_"), name.removesuffix(f"_{able[0]}")):
            if rest != name and rest in every:
                found[rest] = name
    return found


def _around(names: Collection[str], lists: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """What is around the words for people -> of which kinds these are."""
    said: dict[str, set[str]] = {}
    for name in names:
        if any(name in known for known in lists.values()) or OTHERS.search(name):
            continue
        of_event = bool(EVENTS.search(name))
        for beside, word in _cuts(name.split("_")):
            kind = next((kind for kind in KINDS if word in lists[kind]), "")
            if of_event and word in BARE:
                continue
            if kind and len(beside) > 1 and not beside.isdigit():
                said.setdefault(beside, set()).add(kind)
    return said


def _cuts(parts: list[str]) -> Iterator[tuple[str, str]]:
    """A name in two: what is beside, and the word; either may come first."""
    for place in range(1, len(parts)):
        first, last = "_".join(parts[:place]), "_".join(parts[place:])
        yield first, last
        yield last, first


def _behind(name: str, names: Collection[str]) -> set[str]:
    """What follows a name in others: `email` of `reporter_email`."""
    return {one.removeprefix(f"{name}_") for one in names if one.startswith(f"{name}_")}
