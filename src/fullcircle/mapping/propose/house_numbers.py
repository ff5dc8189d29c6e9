"""A street and its house number in two columns: `Hausnummer`, or a mere `Número` right behind the street."""

from __future__ import annotations

from collections.abc import Collection

from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import languages, spoken

NUMBER = {"numero", "number", "no", "nr", "num", "nummer", "n", "n_o"}
NUMBER_LAST = (
    "str",
    "rue",
    "via",
    "calle",
    "ulica",
    "endereco",
    "rua",
    "logradouro",
    "morada",
    "direccion",
    "indirizzo",
    "domicilio",
)
HOUSE_NUMBERS = {
    "street_number",
    "street_no",
    "house_number",
    "house_no",
    "housenumber",
    "hausnummer",
    "haus_nr",
    "hausnr",
    "street_num",
    "numero_civico",
    "huisnummer",
    "nr_domu",
}


def with_house_number(sample: Sample, street: str, used: Collection[str], keys: Collection[str]) -> Rule:
    """The rule for a street, with its house number where a column holds it; `keys` are columns of numbers of something else."""
    number = _column(sample, street, used, keys)
    if not number:
        return {"field": street}
    here = spoken(sample.found.name, tuple(one.name for one in sample.found.fields))
    last = plain(street).startswith(NUMBER_LAST) or (here and "fr" not in here)
    before = plain(number).startswith("street") or not last
    return {"fields": [number, street] if before else [street, number]}


def _column(sample: Sample, street: str, used: Collection[str], keys: Collection[str]) -> str:
    every = [one.name for one in sample.found.fields]
    here = spoken(sample.found.name, tuple(every))
    own = {word for code in here for word in languages()[code].lists.get("house_number", ())}
    known = {*HOUSE_NUMBERS, *own, *(word for word in words()["house_number"]["words"] if len(word) > 3)}
    if sure := next((name for name in every if plain(name) in known and name not in used), ""):
        return sure
    behind = every[every.index(street) + 1] if street in every[:-1] else ""
    facts = sample.facts.get(behind)
    short = facts is not None and 0 < facts.longest <= 6 and facts.whole >= 0.5
    free = behind not in used and behind not in keys and behind not in sample.found.key
    return behind if plain(behind) in NUMBER and short and free else ""
