"""Organisations with branches, as lists of sites hold them: a name, an address, a postcode, a phone."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bench.people.load import Row
from bench.people.made import names
from bench.people.slips import slip

KINDS = ("nursery", "school", "academy", "church", "community center", "child development center", "head start", "day care",
         "plumbing", "bakery", "logistics", "software", "dental clinic", "pharmacy", "hotel", "motors", "insurance")  # fmt: skip
LEGAL = ("", "", "", "inc", "llc", "ltd", "corp", "co", "gmbh")
SHORT = {"center": "ctr", "community": "comm", "development": "dev", "school": "sch", "academy": "acad", "saint": "st",
         "child": "ch", "insurance": "ins"}  # fmt: skip
STREET = {"street": "st", "avenue": "ave", "road": "rd", "place": "pl", "drive": "dr", "crescent": "cres"}


def sites(seed: int, records: int = 3_300) -> Iterator[Row]:
    """Sites of organisations, each written by up to six lists; branches of one organisation are sites of their own."""
    draw = Random(seed)
    _, family, places = names()
    entity = made = 0
    while made < records:
        base = f"{draw.choice(family)} {draw.choice(('', draw.choice(family) + ' ', 'united '))}{draw.choice(KINDS)}"
        legal = draw.choice(LEGAL)
        branches = draw.choices((1, 2, 3, 5), (70, 15, 10, 5))[0]
        for branch in range(branches):
            entity += 1
            suburb, postcode, street = draw.choice(places)
            name = base if branches == 1 or draw.random() < 0.5 else f"{base} {suburb if branch else 'main'}"
            site = {"street": f"{draw.randint(1, 6000)} {street}", "city": suburb, "postcode": postcode,
                    "phone": f"+1312{draw.randint(2000000, 9999999)}"}  # fmt: skip
            for _ in range(draw.choice((1, 1, 2, 3, 3, 4, 6))):
                yield {**_listed(draw, name, legal, site), "kind": "organisation", "full_name": None, "entity": entity}
                made += 1


def _listed(draw: Random, name: str, legal: str, site: Row) -> Row:
    words = name.split()
    if draw.random() < 0.3:
        words = [SHORT.get(word, word) for word in words]
    if draw.random() < 0.12 and len(words) > 2:
        words = [*words[:-1]]
    if draw.random() < 0.08:
        words = [*words, draw.choice(("program", "services", "group", "of chicago"))]
    if legal and draw.random() < 0.5:
        words = [*words, legal]
    text = " ".join(words)
    if draw.random() < 0.12:
        text = slip(draw, text)
    street = site["street"]
    if draw.random() < 0.4:
        street = " ".join(STREET.get(word, word) for word in street.split())
    if draw.random() < 0.06:
        street = slip(draw, street)
    return {
        "organisation": text, "street": street if draw.random() < 0.95 else None,
        "city": site["city"] if draw.random() < 0.4 else None, "postcode": site["postcode"] if draw.random() < 0.45 else None,
        "phone": site["phone"] if draw.random() < 0.7 else None,
    }  # fmt: skip
