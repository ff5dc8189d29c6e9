"""A street and its house number in two columns: `Hausnummer`, `billing_house_number` beside `billing_street`, or a mere `Número`
right behind the street. Of several numbers, that of the same address: what stands around the word is around the street too.
"""

from __future__ import annotations

from collections.abc import Collection

from fullcircle.engine.base import Engine, quoted
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
    "nr_posesji",
    "gatunummer",
    "talonumero",
    "talonro",
    "supisne_cislo",
    "orientacni_cislo",
    "kapi_no",
    "bina_no",
    "dis_kapi_no",
    "so_nha",
    "αριθμοσ_οδου",
    "номер_дома",
    "门牌号",
    "門牌號",
    "番地",
}
ADDITIONS = {
    "toevoeging",
    "huisnummertoevoeging",
    "huisnummer_toevoeging",
    "huisnr_toevoeging",
    "hausnummerzusatz",
    "hausnummer_zusatz",
    "hausnr_zusatz",
    "house_number_addition",
    "house_number_suffix",
    "house_number_extension",
}
NUMBER_BEHIND = (
    r"(?i)(str\.?|stra(ß|ss)e|weg|platz|gasse|allee|damm|ufer|laan|straat|plein|kade|gracht|gatan|vägen|gade|vej|veien|katu|tie|utca)$"
    r"|^(ul\.?|ulica|via|viale|piazza|calle|avenida|rua|ulice|улица|ул\.?)\s"
)
SOME = 0.3  # of the streets have such a word
SHORTEST = 5  # letters of a word that may stand behind another without a mark: `Rechnungshausnummer`


def with_house_number(
    sample: Sample, street: str, used: Collection[str], keys: Collection[str], engine: Engine | None = None
) -> Rule:
    """The rule for a street, with its house number where a column holds it; `keys` are columns of numbers of something else."""
    number = _column(sample, street, used, keys)
    if not number:
        return {"field": street}
    here = spoken(sample.found.name, tuple(one.name for one in sample.found.fields))
    last = plain(street).startswith(NUMBER_LAST) or (here and "fr" not in here)
    last = last or any(word in plain(number) for word in ("hausn", "huisn", "husn", "civico", "domu"))
    last = last or _written_before(engine, sample, street)
    before = plain(number).startswith("street") or not last
    addition = _named(sample, street, {*used, number}, ADDITIONS)
    both = [number, addition] if addition else [number]
    return {"fields": [*both, street] if before else [street, *both]}


def _written_before(engine: Engine | None, sample: Sample, street: str) -> bool:
    """True if the values are streets of countries that write the number behind, whatever the language of the headers."""
    if engine is None or not sample.table or street not in sample.facts:
        return False
    name = quoted(street)
    many = f"count(*) FILTER (regexp_matches({name}, '{NUMBER_BEHIND}')) >= {SOME} * count({name})"
    return bool(engine.value(f"SELECT {many} FROM {sample.table}"))


def _column(sample: Sample, street: str, used: Collection[str], keys: Collection[str]) -> str:
    every = [one.name for one in sample.found.fields]
    here = spoken(sample.found.name, tuple(every))
    own = {word for code in here for word in languages()[code].lists.get("house_number", ())}
    known = {*HOUSE_NUMBERS, *own, *(word for word in words()["house_number"]["words"] if len(word) > 3)}
    if sure := _named(sample, street, used, known):
        return sure
    behind = every[every.index(street) + 1] if street in every[:-1] else ""
    facts = sample.facts.get(behind)
    short = facts is not None and 0 < facts.longest <= 6 and facts.whole >= 0.5
    free = behind not in used and behind not in keys and behind not in sample.found.key
    return behind if plain(behind) in NUMBER and short and free else ""


def _named(sample: Sample, street: str, used: Collection[str], known: Collection[str]) -> str:
    """The column that is called by one of the words, with around it what is around the street; else one with nothing around."""
    theirs, bare = plain(street), ""
    filled = [one.name for one in sample.found.fields if (facts := sample.facts.get(one.name)) is None or facts.filled]
    for name in (one for one in filled if one not in used and one != street):
        word = plain(name)
        if word in known:
            bare = bare or name
            continue
        around = _around(word, known)
        if around and _is_around(around, theirs):
            return name
    return bare


def _around(word: str, known: Collection[str]) -> str:
    """What stands before or behind a word for a number: `billing` of `billing_house_number`; "" if it is none."""
    for one in sorted(known, key=len, reverse=True):
        if word.endswith(f"_{one}") or (len(one) > SHORTEST and word.endswith(one)):
            return word.removesuffix(one).strip("_")
        if word.startswith(f"{one}_"):
            return word.removeprefix(one).strip("_")
    return ""


def _is_around(around: str, street: str) -> bool:
    """True if the street has the same around it: `Rechnung Straße`, `Straße (Rechnung)`, `Rechnungsstraße`."""
    return street.startswith(around) or street.endswith(f"_{around}")
