"""Made-up people: sparse duplicates as FEBRL makes them, short records with e-mails, households, organisations with sites."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from random import Random

from bench.people.load import Row
from bench.people.public import febrl_rows
from bench.people.slips import slip, spoil

MAILS = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "web.example", "post.example")
ENDS = ("com", "net", "org", "info", "biz")


@cache
def names() -> tuple[list[str], list[str], list[tuple[str, str, str]]]:
    """Given names, family names (both as often as they occur) and places (suburb, postcode, street) of FEBRL."""
    rows = list(febrl_rows("dataset4a"))
    given = [row["given_name"] for row in rows if row["given_name"]]
    family = [row["surname"] for row in rows if row["surname"]]
    places = [(row["suburb"], row["postcode"], row["address_1"]) for row in rows if row["suburb"] and row["address_1"]]
    return given, family, places


@cache
def nicknames() -> dict[str, list[str]]:
    """Long form -> short forms."""
    text = files("fullcircle.identity").joinpath("nicknames.csv").read_text(encoding="utf-8")
    return {row[0]: row[1:] for row in csv.reader(text.splitlines())}


def _birth(draw: Random, first: int, last: int) -> str:
    return f"{draw.randint(first, last)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"


def _more_family_names(draw: Random) -> list[str]:
    """Rarer family names than FEBRL has: two halves of those it has."""
    halves = sorted({name for name in names()[1] if name.isalpha() and len(name) > 4})
    return [draw.choice(halves)[:4] + draw.choice(halves)[-3:] for _ in range(6000)]


# -- sparse duplicates --------------------------------------------------------------------------------------------------


def sparse(seed: int, records: int = 20_000) -> Iterator[Row]:
    """FEBRL-like: nearly all once, about one in twenty a miswritten second time; all fields, each with a chance to be missing."""
    draw = Random(seed)
    given, family, places = names()
    rare = _more_family_names(draw)
    entity = made = 0
    while made < records:
        entity += 1
        suburb, postcode, street = draw.choice(places)
        row: Row = {
            "given_name": draw.choice(given), "family_name": draw.choice(family if draw.random() < 0.6 else rare),
            "street": f"{draw.randint(1, 250)} {street}", "city": suburb, "postcode": postcode,
            "birth_date": _birth(draw, 1900, 1999) if draw.random() < 0.9 else None,
            "id:tax": str(draw.randint(1000000, 9999999)),
        }  # fmt: skip
        yield {**row, "entity": entity}
        made += 1
        for _ in range(draw.choice((1, 1, 1, 1, 2, 3)) if draw.random() < 0.045 and made < records else 0):
            yield {**_changed(draw, row, draw.randint(1, 5)), "entity": entity}
            made += 1


def _changed(draw: Random, row: Row, changes: int) -> Row:
    new = dict(row)
    for _ in range(changes):
        field = draw.choice(sorted(new))
        if not new[field]:
            continue
        kind = draw.random()
        if kind < 0.12:
            new[field] = None
        elif kind < 0.2 and field in ("given_name", "family_name"):
            new["given_name"], new["family_name"] = new["family_name"], new["given_name"]
        elif kind < 0.3 and field in ("street", "city"):
            new["street"], new["city"] = new["city"], new["street"]
        else:
            new[field] = spoil(draw, new[field])
    return new


# -- short records with e-mails -----------------------------------------------------------------------------------------


def mails(seed: int, records: int = 20_000) -> Iterator[Row]:
    """Name, birth date, city and e-mail only; much is missing, swapped or miswritten, e-mails too."""
    draw = Random(seed)
    given, family, places = names()
    common = given[:700]
    cities = ["london"] * 400 + [place[0] for place in places[:400]]
    entity = made = 0
    while made < records:
        entity += 1
        first, last = draw.choice(common), draw.choice(family)
        provider = f"{draw.choice(family)}{draw.choice(('', '-' + draw.choice(family), 'group'))}.{draw.choice(ENDS)}"
        local = f"{first}{draw.choice(('', '.', ''))}{draw.choice((last, '', ''))}{draw.randint(1, 99)}"
        row: Row = {"given_name": first, "family_name": last, "birth_date": _birth(draw, 1960, 2015), "city": draw.choice(cities),
                    "email": f"{local}@{provider}".replace(" ", "")}  # fmt: skip
        for number in range(draw.choice((1, 2, 3, 3, 4, 4, 5, 6))):
            yield {**(_worn(draw, row) if number else row), "entity": entity}
            made += 1


def _worn(draw: Random, row: Row) -> Row:
    new = dict(row)
    if draw.random() < 0.08:
        new["given_name"], new["family_name"] = new["family_name"], new["given_name"]
    for field, lost, wrong in (("given_name", 0.18, 0.22), ("family_name", 0.18, 0.22), ("birth_date", 0.04, 0.25),
                               ("city", 0.2, 0.2), ("email", 0.25, 0.25)):  # fmt: skip
        if draw.random() < lost:
            new[field] = None
        elif draw.random() < wrong:
            if field == "birth_date":
                new[field] = _other_date(draw, new[field])
                continue
            if field == "given_name" and draw.random() < 0.3:
                new[field] = draw.choice(nicknames().get(new[field], [new[field]]))
            for _ in range(draw.choice((1, 1, 2))):
                new[field] = spoil(draw, new[field]) if field != "email" else _scrambled(draw, new[field])
    return new


def _other_date(draw: Random, text: str) -> str:
    year, month, day = text.split("-")
    kind = draw.randrange(3)
    if kind == 0:
        return f"{int(year) + draw.choice((-10, -5, -2, -1, 1, 3, 10))}-{month}-{day}"
    return f"{year}-{draw.randint(1, 12):02}-{day}" if kind == 1 else f"{year}-{month}-{draw.randint(1, 28):02}"


def _scrambled(draw: Random, text: str) -> str:
    """Two characters anywhere change places."""
    one, other = sorted(draw.sample(range(len(text)), 2))
    return text[:one] + text[other] + text[one + 1 : other] + text[one] + text[other + 1 :]


# -- households ---------------------------------------------------------------------------------------------------------


def households(seed: int, records: int = 100_000) -> Iterator[Row]:
    """Families with one family name, address, often one phone or e-mail; movers, married names, twins, namesakes, junk."""
    draw = Random(seed)
    given, family, places = names()
    rare = _more_family_names(draw)
    taken: dict[str, int] = {}
    entity = made = 0
    while made < records:
        home = _with_own_mail(taken, _home(draw, rare, family, places))
        namesake = draw.choice(given)
        size = draw.choices((1, 2, 3, 4, 5), (35, 30, 15, 13, 7))[0]
        born = draw.randint(1945, 1985)
        for place in range(size):
            entity += 1
            person = _with_own_mail(taken, _person(draw, home, given, family, born if place < 2 else born + 27))
            if (place in (0, 2) and draw.random() < 0.04) and size > 2:
                person["given_name"] = namesake
            moved = _home(draw, rare, family, places) if draw.random() < 0.15 else None
            married = draw.choice(rare) if draw.random() < 0.04 else None
            for _ in range(draw.choice((1, 1, 2, 2, 3, 3, 4, 5))):
                yield {**_seen(draw, person, home, moved, married), "entity": entity}
                made += 1


def _with_own_mail(taken: dict[str, int], one: Row) -> Row:
    """The home or person with an e-mail address that nobody else has: the second john.smith gets john.smith.2."""
    times = taken[one["email"]] = taken.get(one["email"], 0) + 1
    return one if times == 1 else {**one, "email": one["email"].replace("@", f".{times}@")}


def _home(draw: Random, rare: list[str], family: list[str], places: list[tuple[str, str, str]]) -> Row:
    suburb, postcode, street = draw.choice(places)
    last = draw.choice(family if draw.random() < 0.5 else rare)
    return {
        "family_name": last, "street": f"{draw.randint(1, 250)} {street}", "city": suburb, "postcode": postcode,
        "phone": f"+61{draw.randint(200000000, 899999999)}",
        "email": f"{draw.choice(('', 'the', 'family.'))}{last}{draw.randint(1, 999)}@{draw.choice(MAILS)}".replace(" ", ""),
    }  # fmt: skip


def _person(draw: Random, home: Row, given: list[str], family: list[str], born: int) -> Row:
    first = draw.choice(given)
    last = home["family_name"] if draw.random() < 0.9 else draw.choice(family)
    styles = (f"{first}.{last}", f"{first[0]}{last}", f"{first}{last}{draw.randint(1, 99)}", f"{first}{draw.randint(1, 9999)}")
    return {
        "given_name": first, "family_name": last, "birth_date": _birth(draw, born - 4, born + 4),
        "email": f"{draw.choice(styles)}@{draw.choice(MAILS)}".replace(" ", ""),
        "phone": f"+61{draw.randint(400000000, 499999999)}",
    }  # fmt: skip


def _seen(draw: Random, person: Row, home: Row, moved: Row | None, married: str | None) -> Row:
    where = moved if moved and draw.random() < 0.5 else home
    new: Row = {
        **person, "street": where["street"], "city": where["city"], "postcode": where["postcode"],
        "email": home["email"] if draw.random() < 0.15 else person["email"],
        "phone": home["phone"] if draw.random() < 0.3 else person["phone"],
    }  # fmt: skip
    if married and draw.random() < 0.5:
        new["family_name"] = married
    chance = draw.random()
    if chance < 0.06:
        new["given_name"] = new["given_name"][0]
    elif chance < 0.16:
        new["given_name"] = draw.choice(nicknames().get(new["given_name"], [new["given_name"]]))
    if draw.random() < 0.01:
        new["given_name"], new["family_name"] = new["family_name"], new["given_name"]
    for field, lost in (("given_name", 0.02), ("family_name", 0.02), ("birth_date", 0.35), ("email", 0.25), ("phone", 0.35),
                        ("street", 0.2), ("city", 0.1), ("postcode", 0.15)):  # fmt: skip
        if draw.random() < lost:
            new[field] = None
        elif field != "phone" and draw.random() < 0.04:
            new[field] = _other_date(draw, new[field]) if field == "birth_date" else slip(draw, new[field])
    if draw.random() < 0.004:
        new["email"], new["phone"] = "none@none.example", "+61200000000"
    return new
