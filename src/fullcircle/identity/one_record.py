"""The features of one record, in Python: the same as the SQL of prepare.py makes of it, which takes thirty times as long for one.

Only for texts of ASCII letters, which are all that the SQL treats alike in every version; `features_of` says of others that it
cannot. A test compares the two on made-up records of every kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import md5
from typing import Any

from fullcircle.engine.base import Engine
from fullcircle.identity import fold
from fullcircle.identity.model import ORGANISATION, PERSON
from fullcircle.model.identifiers import COMPARISONS, DOMAIN, IDENTIFIER_KINDS, OF_RECORDS, SEARCHED

Features = dict[str, Any]
_SHORT = frozenset(fold.STREET_WORDS.values())
_LISTED = {name: tuple(kind.name for kind in IDENTIFIER_KINDS.values() if kind.compared_as == name) for name in COMPARISONS}
_LATIN = re.compile("[a-z]")
_SINGLES = re.compile(r"\b([a-z]) (?:([a-z])\b ?)(?:([a-z])\b)?$")
_FORMS = re.compile(rf"(\s+({fold.LEGAL_FORMS}))+$")
_FORM = re.compile(rf"\s(?:{fold.LEGAL_FORMS})$")
_TITLES = re.compile(rf"^(({fold.TITLES})( |$))+")
_SUFFIX = re.compile(rf"^(.+?) ({fold.SUFFIXES})$")


@dataclass(frozen=True, slots=True)
class OneRecord:
    """What is compared of a record: its row of `features`, and its identifiers (kind, value) that stand for somebody."""

    features: Features
    identifiers: list[tuple[str, str]]


def signs_of(engine: Engine) -> dict[str, int]:
    """The number that stands for each ASCII character in `fold.letters`, and for a text without any."""
    found = engine.rows("SELECT chr(CAST(n AS INTEGER)) AS c, hash(c) FROM range(128) t(n) UNION ALL SELECT '', hash('')")
    return dict(found)


def features_of(
    record: Mapping[str, Any], shared: Mapping[int, str], nicknames: Mapping[str, Iterable[str]], signs: Mapping[str, int]
) -> OneRecord | None:
    """The features by what the last run knew of shared identifiers (fingerprint -> state); None if the SQL must make them."""
    born = record.get("birth_date")
    if isinstance(born, str):
        born = date.fromisoformat(born) if re.fullmatch(r"\d{4}-\d\d-\d\d", born) else born
    if not str(record).isascii() or not (born is None or type(born) is date):
        return None
    names = _names(record, born)
    uses = {(kind, value, _state(shared, names["kind"], kind, value)) for kind, value in _identifiers(record, names["kind"])}
    uses = {use for use in uses if use[2] != "junk"}
    found = (
        names
        | _of_names(names, shared, nicknames, signs)
        | _identifier_lists(uses, signs)
        | _address_lists(record, names["kind"], shared)
    )
    return OneRecord(found | _of_emails(found), [use[:2] for use in uses])


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _fold(value: object) -> str | None:
    if value is None:
        return None
    return re.sub("[^a-z0-9]+", " ", re.sub("['`]", "", str(value).lower())).strip(" ") or None


def _untitled(text: str | None) -> str | None:
    return (_TITLES.sub("", text, count=1) or None) if text else None


def _generation(text: str | None, words: int) -> str | None:
    found = re.search(" ".join(["[^ ]+"] * (words - 1)) + rf" ({fold.SUFFIXES})$", text or "")
    return fold.GENERATIONS.get(found[1]) if found else None


def _organisation(value: object) -> str | None:
    folded = _fold(value)
    if folded is None:
        return None
    text = re.sub("^the ", "", _SINGLES.sub(r"\1\2\3", folded, count=1))
    return _FORMS.sub("", text, count=1).strip(" ") or folded


def _kind(record: Mapping[str, Any]) -> str:
    if record.get("kind") is not None:
        return ORGANISATION if str(record["kind"]).lower().startswith("organi") else PERSON
    alone = record.get("organisation") is not None and record.get("given_name") is None and record.get("family_name") is None
    return ORGANISATION if alone else PERSON


def _names(record: Mapping[str, Any], born: date | None) -> Features:
    """The columns of `names`."""
    kind, full = _kind(record), _text(record.get("full_name"))
    if kind == ORGANISATION:
        organisation = record.get("organisation")
        name = full if organisation is None else organisation
        folded = _fold(name)
        formed = bool(_FORM.search(_SINGLES.sub(r"\1\2\3", folded, count=1))) if folded else False
        return {"kind": kind, "organisation": _organisation(name), "formed": formed}
    parts = (record.get("given_name"), record.get("family_name"))
    whole = full if full is not None else " ".join(str(part) for part in parts if part is not None)
    given_text, family_text = _untitled(_fold(parts[0])), _fold(parts[1])
    full_text = _untitled(_fold(whole))
    given_words = _words(given_text)
    family = _SUFFIX.sub(r"\1", family_text) if family_text else None
    if given_text is None and family_text is None and (words := _words(full_text)):
        comma = "," in (full or "")
        if len(words) > 1:
            given_words = words[1:] if comma else words[:-1]
        family = words[0] if comma else words[-1]
    given = given_words[0] if given_words else None
    generations = (
        _generation(family_text, 2), _generation(given_text, 2), _generation(full_text, 3),
        _generation(_fold(record.get("full_name_raw")), 3),
    )  # fmt: skip
    gender = str(record.get("gender") or "").strip(" ")[:1].lower()
    first = family if family is not None else given
    return {
        "kind": kind, "given": given, "family": family,
        "middle": _fold(record.get("middle_name")) or " ".join(given_words[1:]) or None,
        "suffix": next((one for one in generations if one), None),
        "latin": None if first is None else bool(_LATIN.search(first)),
        "family_parts": None if family is None else [word for word in family.split(" ") if len(word) > 2],
        "birth": born.isoformat() if born and born.year >= 1000 else None,
        "gender": gender if gender in ("m", "f") else None,
    }  # fmt: skip


def _words(text: str | None) -> list[str]:
    return _SUFFIX.sub(r"\1", text).split(" ") if text else []


def _fingerprint(*columns: str | None) -> int:
    """As `engine.base.fingerprint`."""
    text = "\x1f".join("\x1e" if column is None else column for column in columns)
    return int.from_bytes(md5(text.encode(), usedforsecurity=False).digest()[8:], "little") >> 1


def _state(shared: Mapping[int, str], *columns: str | None) -> str:
    return shared.get(_fingerprint(*columns), "own")


def _letters(text: str, signs: Mapping[str, int]) -> int:
    """As `fold.letters`."""
    return sum(signs[one] for one in text.replace(" ", "") or [""]) % fold.LETTERS


def _sound(name: str | None) -> str | None:
    if name is None:
        return None
    text = re.sub("[aeiouyhw ]", "", name[1:])
    for letter in "lstnrfmpc":
        text = text.replace(letter * 2, letter)
    return name[:1] + text


def _of_names(
    names: Features, shared: Mapping[int, str], nicknames: Mapping[str, Iterable[str]], signs: Mapping[str, int]
) -> Features:
    """What `features` adds to the names, and the birth date unless it stands for none."""
    given, family, birth = names.get("given"), names.get("family"), names.get("birth")
    if birth and _fingerprint(PERSON, "birth", birth) in shared:
        birth = None
    words = names["organisation"].split(" ") if names.get("organisation") else None
    return {
        "birth": birth,
        "given_roots": sorted({*nicknames.get(given, ()), given}) if given else None,
        "family_sound": _sound(family), "given_sound": _sound(given),
        "birth_year": int(birth[:4]) if birth else None,
        "birth_vague": birth.endswith("01-01") if birth else None,
        "birth_swapped": f"{birth[:5]}{birth[-2:]}-{birth[5:7]}" if birth else None,
        "name_letters": _letters(given + family, signs) if given and family else None,
        "initials": "".join(word[:1] for word in words) if words and len(words) >= 3 else None,
        "organisation_parts": [word for word in words if len(word) > 2] if words else None,
        "organisation_words": " ".join(sorted(words)) if words else None,
        "first_copy": 0, "copies": 1, "place": 1,
    }  # fmt: skip


def _identifiers(record: Mapping[str, Any], record_kind: str) -> set[tuple[str, str]]:
    """Kind and value of each identifier, once; of an organisation's e-mails the domains too."""
    found = {(str(item["kind"]), _text(item.get("value"))) for item in record.get("identifiers") or () if item.get("kind")}
    found = {(kind, value) for kind, value in found if kind not in SEARCHED}
    found = {(kind, value and value.strip(" ")) for kind, value in found}
    found |= {(name, _text(record.get(name))) for name in OF_RECORDS}
    plain = {(kind, _email(value) if kind == "email" else value) for kind, value in found if value}
    if record_kind == ORGANISATION:
        plain |= {(DOMAIN, _part(value, 1)) for kind, value in plain if kind == "email"}
    return plain


def _part(value: str, place: int) -> str:
    parts = value.split("@")
    return parts[place] if len(parts) > place else ""


def _email(value: str) -> str:
    bare = re.sub(r"\+[^@]*@", "@", value.lower(), count=1)
    gmail = re.sub(r"@googlemail\.com$", "@gmail.com", bare, count=1)
    return f"{_part(gmail, 0).replace('.', '')}@gmail.com" if gmail.endswith("@gmail.com") else bare


def _sorted(values: Iterable[Any]) -> list[Any] | None:
    return sorted(set(values)) or None


def _identifier_lists(uses: set[tuple[str, str, str]], signs: Mapping[str, int]) -> Features:
    emails = [(value, state) for kind, value, state in uses if kind in _LISTED["email"]]
    phones = [(value, state) for kind, value, state in uses if kind in _LISTED["phone"]]
    numbers = [(kind, value) for kind, value, _ in uses if kind in _LISTED["number"]]
    others = {DOMAIN, *(name for of, names in _LISTED.items() if of != "handle" for name in names)}
    long = [(_part(value, 0), _part(value, 1)) for value, _ in emails if value.find("@") >= 6]
    return {
        "emails": _sorted(value for value, _ in emails),
        "emails_own": _sorted(value for value, state in emails if state == "own"),
        "emails_shared": _sorted(value for value, state in emails if state == "shared"),
        "email_names": _sorted(name for name, _ in long),
        "email_letters": _sorted(_letters(value, signs) for value, _ in emails),
        "email_starts": _sorted(f"{name[:5]}@{domain}" for name, domain in long),
        "email_ends": _sorted(f"{name[-5:]}@{domain}" for name, domain in long),
        "email_domains": _sorted(value for kind, value, _ in uses if kind == DOMAIN),
        "phones": _sorted(value for value, _ in phones),
        "phones_own": _sorted(value for value, state in phones if state == "own"),
        "phones_shared": _sorted(value for value, state in phones if state == "shared"),
        "handles": _sorted(value.lower() for kind, value, _ in uses if kind not in others),
        "numbers": _sorted(f"{kind}:{value}" for kind, value in numbers),
        "number_kinds": _sorted(kind for kind, _ in numbers),
    }


def _of_emails(found: Features) -> Features:
    """What is made of the e-mails and the names together."""
    emails, names, parts = found["emails"], found["email_names"], [found.get("given"), found.get("family")]
    return {
        "main_email": emails[0] if emails else None,
        "main_email_digits": re.sub("[^0-9]", "", emails[0]) if emails else None,
        "email_words": [one for one in names if not any(part and part in one for part in parts)] if names else None,
    }


def _street(value: object) -> str | None:
    text = _fold(value)
    return None if text is None else " ".join(fold.STREET_WORDS.get(w, w) for w in text.replace("strasse", "st").split(" "))


def _street_key(street: str | None) -> str | None:
    if street is None:
        return None
    number, after = re.search(r"\d+", street), re.search(r"\d+ (.*)$", street)
    for text in (after[1] if after else "", street):
        word = next((word for word in text.split(" ") if len(word) >= 3 and word not in _SHORT), None)
        if word:
            return f"{number[0] if number else ''}|{word}"
    return None


def _address_lists(record: Mapping[str, Any], record_kind: str, shared: Mapping[int, str]) -> Features:
    written = {tuple(_text(one.get(name)) for name in ("street", "city", "postcode"))
               for one in (record, *(record.get("addresses") or ()))}  # fmt: skip
    folded = {
        (_street(street), _fold(city), (_fold(postcode) or "").replace(" ", "") or None)
        for street, city, postcode in written if (street, city, postcode) != (None, None, None)
    }  # fmt: skip
    if not folded:
        return {}
    places, lists = set(), dict[int, set[str]]((number, set()) for number in range(5))
    postcodes, areas, cities = set[str](), set[str](), set[str]()
    for street, city, postcode in folded:
        near = postcode if postcode is not None else city if city is not None else ""
        crowded = record_kind == PERSON and _fingerprint("place", street, near) in shared
        places.add(", ".join(part for part in (street, postcode, city) if part is not None))
        key = None if crowded else _street_key(street)
        for number, ends in enumerate((postcode, city)):
            if street is not None and ends is not None and not crowded:
                lists[number].add(f"{street}|{ends}")
        for number, ends in ((2, postcode and postcode[:3]), (3, city)):
            if key is not None and ends is not None:
                lists[number].add(f"{key}|{ends}")
        if key is not None and postcode is None and city is None:
            lists[4].add(key)
        everybodys = record_kind == PERSON and _fingerprint("postcode", postcode) in shared
        if postcode and not everybodys:
            postcodes.add(postcode)
            areas |= {postcode[: max(3, len(postcode) - 2)]} if len(postcode) >= 4 else set()
        cities |= ({city} if city else set()) | ({postcode} if postcode and everybodys else set())
    return {
        "places": _sorted(places),
        "addresses": [*sorted(lists[0]), *sorted(lists[1])],
        "street_keys": [*sorted(lists[2]), *sorted(lists[3]), *sorted(lists[4])] or None,
        "postcodes": _sorted(postcodes), "areas": _sorted(areas), "cities": _sorted(cities),
    }  # fmt: skip
