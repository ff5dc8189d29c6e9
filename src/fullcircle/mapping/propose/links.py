"""Which column is the key of an object, and which columns point to it: judged by names, uniqueness and inclusion of values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import is_staff, plain, singular, words
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.status_column import INVOICE
from fullcircle.mapping.propose.words import SHORT, UNSPACED, code_words, short_things, unlinked
from fullcircle.model.identifiers import UNIQUE

ENDING = (
    r"(_?(id|no|nr|nro|num|numero|number|nummer|key|code|ref|reference|referenz|referencia|uuid|guid|pk|identifier|kennung"
    r"|handle))$"
)
START = (
    r"^(id|code|cod|cd|kod|no|nr|n|num|numero|codigo|codice)_"
    r"(de_la_|de_los_|de_l_|de_|do_|da_|del_|della_|dell_|di_|du_|des_|van_de_|van_|der_)?"
)
KEY_ENDING = re.compile(
    r"(^|_)(id|no|nr|nro|num|numero|number|nummer|key|code|ref|reference|referenz|referencia|uuid|guid|pk|identifier|sku|kennung|handle)$"
)
HOUSE = frozenset(("number", "no", "nr", "num", "nummer", "numero", "n", "cislo", "numer", "szam", "номер"))
WHOLE_KEY = frozenset(
    [
        *("id", "uuid", "guid", "key", "pk", "record_id", "rec_id", "row_id", "code", "no", "nr", "number", "nummer", "ref"),
        *("reference", "codice", "codigo", "kennung", "matricule", "identifier", "unique_id"),
        *(
            "clave",
            "chave",
            "chiave",
            "cle",
            "clef",
            "schluessel",
            "sleutel",
            "klucz",
            "klic",
            "kulcs",
            "noegle",
            "nogle",
            "noekkel",
        ),
        *("nokkel", "nyckel", "avain", "anahtar", "cheie", "kljuc", "ключ", "κλειδι"),
    ]
)
NO_KEY = re.compile(
    r"(^|_)(phone|telephone|mobile|fax|zip|post|postal|date|amount|price|total|qty|quantity|line|account|haus|house|tax|vat|ssn|street|house)(_|$)"
)
AFTER = "|".join(re.escape(word) for word in sorted(code_words("code_after"), key=len, reverse=True))
BEFORE = "|".join(re.escape(word) for word in sorted(code_words("code_before"), key=len, reverse=True))
UNSPACED_AFTER = tuple(word for word in code_words("code_after") if UNSPACED.match(word))
CLEAR_NUMBER = re.compile(
    rf"^({BEFORE})_|" + r"(nr|nro|nummer|numero|szam|szama|kod|tunnus|azonosito)$|_(no|id|num|ref|code|key)$"
)
NO_MONEY = r"\d{1,3}(\.\d{1,3}){3}|\d+\.\d+\.\d+"  # the address of a computer, a version
ROWS = frozenset(
    ("item", "element", "entry", "row", "line", "card", "task", "pulse", "object", "entity", "submission", "response")
)
OF_ROWS = frozenset(("records", "accounts", "tickets", "interactions"))
ENOUGH = 0.5  # of the different values of a column must be among the keys it points to


@dataclass(frozen=True, slots=True)
class Link:
    """A column that points to the key of another object, and how many of its different sampled values are there."""

    column: str
    to: Sample
    key: str
    hits: int
    of: int

    def evidence(self, sample: Sample) -> str:
        """A sentence for the person who reads the proposal."""
        if not self.of:
            return f"{sample.name}.{self.column} points to {self.to.name}.{self.key} by its name; there were no values to compare"
        return f"{self.hits:,} of {self.of:,} values of {sample.name}.{self.column} are in {self.to.name}.{self.key}"


OWN = 7  # the score of a key by its name alone


def is_like_a_key(column: str) -> bool:
    """True if the column has a name that keys have: `id`, `Order ID`, `kundennr`."""
    name = plain(column)
    if NO_KEY.search(name) or re.match(r"haus_?nr|hausnummer|huisnummer", name):
        return False
    if name in _other_numbers():
        return False
    if re.search(r"[#№]", column) and name != "no":
        return True  # `Payment #`
    if _is_whole(name) or KEY_ENDING.search(name):
        return True
    stem = stem_of(name)
    if stem and name.endswith(UNSPACED_AFTER):
        return True
    if stem == name:  # `Receipt #`, `Invoice`: what is called like an order is its number
        return name in words()["columns"]["order_lines"]["order_id"]
    return any(stem in known for known in _stems().values())


def _is_whole(name: str) -> bool:
    """True if a name is nothing but a word for a key: `ID`, `Код`, `番号`."""
    return name in WHOLE_KEY or name in code_words("code_before") or name in code_words("code_after")


def stem_of(name: str) -> str:
    """What a key is the key of: `order` of `Order ID`, `kunden` of `Kundennummer`, `client` of `Code client`."""
    if name in WHOLE_KEY:
        return name
    stem = _short_stem(name)
    if stem == name:
        return stem
    known = _stems()
    if not any(stem in words_of for words_of in known.values()):  # `medlems` of `Medlemsnr`
        stem = next((one for one in unlinked(stem) if one in known["records"]), _whole_word(stem))
    return SHORT.get(stem.upper(), stem)


def _whole_word(stem: str) -> str:
    return short_things("who").get(stem) or short_things("order").get(stem) or stem


def _short_stem(name: str) -> str:
    after = re.sub(START, "", name)
    if after != name and any(after in known for known in _stems().values()):
        return after  # `n_scontrino`: its end is no number
    stem = re.sub(START, "", re.sub(ENDING, "", name))
    return stem if stem != name else re.sub(rf"^({BEFORE})_", "", re.sub(rf"_?({AFTER})$", "", name))


@cache
def _other_numbers() -> frozenset[str]:
    """Names of numbers that are not keys of rows: of phones, of postcodes, of houses, of documents."""
    known = words()
    numbers = {word for column in ("phone", "postcode", "birth_date", "street") for word in known["columns"]["records"][column]}
    return frozenset(numbers.union(*(known["identifiers"][kind] for kind in ("phone", *UNIQUE))))


def key_of(sample: Sample, table: str, engine: Engine | None, others: Sequence[Sample] = ()) -> str:
    """The column that identifies the rows of an object, or "": the source's own key, else unique and named like one."""
    if len(sample.found.key) == 1:
        return sample.found.key[0]
    if sample.found.key:
        return _own_part(sample, table, engine, others)
    names = [each.name for each in sample.found.fields]
    ranked = sorted(
        ((score, -place, name) for place, name in enumerate(names) if (score := _score(sample, table, name, engine, others)) > 0),
        reverse=True,
    )
    return ranked[0][2] if ranked else ""


def _own_part(sample: Sample, table: str, engine: Engine | None, others: Sequence[Sample]) -> str:
    """The column of a key of several that is alone a key, as in partitioned tables, whose key must hold a date or a region."""
    alike = [name for name in sample.found.key if is_like_a_key(name)]
    if len(alike) != 1 or table in {"order_lines", "addresses", "consents"} or not sample.rows:
        return ""
    return alike[0] if sample.unique(alike[0]) and _score(sample, table, alike[0], engine, others) >= OWN else ""


def _is_behind_a_street(sample: Sample, name: str) -> bool:
    """True for a mere `Nummer` right behind a `Straat`: of a house, even where each happens to be another."""
    every = [each.name for each in sample.found.fields]
    before = plain(every[every.index(name) - 1]) if name in every[1:] else ""
    return plain(name) in HOUSE and before in words()["columns"]["records"]["street"]


def _score(sample: Sample, table: str, name: str, engine: Engine | None, others: Sequence[Sample]) -> int:
    """How much a column seems to be the key; 0: it cannot be."""
    if is_staff(name) or (sample.rows and not _nearly_unique(sample, name)):
        return 0
    if not is_like_a_key(name) and not is_own_number(sample, name):
        return 0
    if _is_bare(plain(name)) and (table not in {"orders", "order_lines"} or is_money(engine, sample, name)):
        return 0
    if _is_behind_a_street(sample, name):
        return 0
    score = _by_name(sample, table, name)
    if not score:
        return 0
    if sample.rows and not sample.unique(name):
        score = score - 4 if score > 4 and table != "order_lines" else 0  # the same row in several states, or a history
    if score == 1 and _begins_another(sample, name, others):
        return 0  # `PatNum` of the appointments is the key of the patients, even where it happens to be unique here
    if table == "orders" and not _named_after(sample, name) and _has_own_number(sample, name, others):
        return 0  # `Order Number` of the invoices, one for each order: it names the order
    if score > 0 and engine is not None and sample.table:
        score += 2 * min(3, sum(_named_the_same(other, name) for other in others if other is not sample))
    return score


def is_own_number(sample: Sample, name: str) -> bool:
    """True for the number of what the object is called after, `Declaratienr` of `Declaraties`, and any in the first column."""
    word = plain(name)
    stem = stem_of(word)
    if not CLEAR_NUMBER.search(word) or stem == word or len(stem) < 3 or word in _other_numbers() or NO_KEY.search(word):
        return False  # `Jméno` ends like a number and is a name
    return stem in singular(plain(sample.name)) or name == sample.found.fields[0].name


def _by_name(sample: Sample, table: str, name: str) -> int:
    """How much a name speaks for the key of rows of the table; 0: it is that of something else, which is unique here."""
    stem, stems = stem_of(plain(name)), _stems()
    own = singular(plain(sample.name)) | {form for known in words()["tables"].get(table, ()) for form in singular(known)}
    if _is_whole(plain(name)):
        return 7
    if stem in stems.get(table, ()) or stem in own:
        return 8
    if stem in ROWS and table in OF_ROWS and sample.unique(name):
        return 4
    if any(stem in known for known_table, known in stems.items() if known_table != table):
        return 0
    return 8 if stem and any(form.endswith("_" + stem) for form in own) else 1


def _own_forms(sample: Sample) -> set[str]:
    """The words by which a key of the object's own rows is called, after the object."""
    return {part for form in singular(plain(sample.name)) for part in (form, *form.split("_"))}


def _has_own_number(sample: Sample, name: str, others: Sequence[Sample]) -> bool:
    """True if the column is the number by which another object knows its rows, and this object has one of its own beside it."""
    first = sample.found.fields[0].name
    if plain(name) in WHOLE_KEY:
        return False  # each object has an `id`
    if plain(name) not in {plain(other.found.fields[0].name) for other in others if other is not sample and other.found.fields}:
        return False
    own = [
        each.name for each in sample.found.fields if each.name != name and sample.unique(each.name) and not is_staff(each.name)
    ]
    numbers = [one for one in own if is_like_a_key(one) or is_own_number(sample, one)]
    return any(
        _named_after(sample, one) or (one == first and stem_of(plain(one)) in _stems()["orders"])
        for one in numbers
        if not any(_named_the_same(other, one) for other in others if other is not sample)
    )


def _named_after(sample: Sample, name: str) -> bool:
    """True for the number that is called after the object: `Invoice Number` of `invoices_2025`, `Rechnungsnr` of any invoices."""
    stem = stem_of(plain(name))
    bills = INVOICE.search(plain(sample.name)) and INVOICE.search(plain(name))
    return (len(stem) > 2 and stem in _own_forms(sample)) or bool(bills)


def _begins_another(sample: Sample, name: str, others: Sequence[Sample]) -> bool:
    """True if a column is not the first here, but the first of another object: the key is usually written first."""
    firsts = {plain(other.found.fields[0].name) for other in others if other is not sample and other.found.fields}
    return plain(name) in firsts and name != sample.found.fields[0].name


def _is_bare(name: str) -> bool:
    """True for a key that is called like what it is the key of: `receipt`."""
    return stem_of(name) == name and name not in WHOLE_KEY and not KEY_ENDING.search(name)


def is_flag(sample: Sample, column: str) -> bool:
    """True for a column of yes and no that is not called like a number: `New customer` 1 or 0 points to no row."""
    facts = sample.facts.get(column)
    return bool(facts and facts.filled > 2 and facts.distinct <= 2 and facts.answer == 1 and not is_like_a_key(column))


def is_money(engine: Engine | None, sample: Sample, name: str) -> bool:
    """True for a column whose values mostly have cents."""
    facts = sample.facts.get(name)
    if not facts or facts.number < 0.9 or facts.whole >= 0.9 or engine is None:
        return False
    column = quoted(name)
    cents = f"count(*) FILTER (regexp_matches({column}, '\\d[.,]\\d{{1,2}}\\D*$')) >= 0.3 * count({column})"
    other = f"count(*) FILTER (regexp_full_match({column}, '{NO_MONEY}')) <= 0.3 * count({column})"
    return bool(engine.value(f"SELECT {cents} AND {other} FROM {sample.table}"))


def _nearly_unique(sample: Sample, name: str) -> bool:
    facts = sample.facts.get(name)
    return bool(facts and facts.filled >= 0.9 * sample.rows and facts.distinct >= 0.5 * facts.filled)


@cache
def _stems() -> dict[str, set[str]]:
    """For each table the words by which keys are named after it."""
    known = words()
    columns = known["columns"]
    more = {
        "records": [*columns["orders"]["record_id"], *known["numbered"]["words"]],
        "orders": columns["order_lines"]["order_id"],
        "products": columns["order_lines"]["product_id"],
    }
    return {
        table: {*known["tables"][table], *more.get(table, ())}
        for table in ("records", "orders", "products", "accounts", "tickets")
    }


def _named_the_same(other: Sample, name: str) -> bool:
    return any(plain(each.name) == plain(name) for each in other.found.fields)


def link(engine: Engine | None, sample: Sample, column: str, to: Sample, key: str, sql: str = "") -> Link:
    """How many of the different values of a column are among the keys of another object; `sql`: of an expression over it."""
    if engine is None or not sample.table or not to.table or key not in to.facts or column not in sample.facts:
        return Link(column, to, key, 0, 0)
    value = _as_whole(sql or quoted(column))
    values = f"SELECT DISTINCT {value} AS v FROM {sample.table} WHERE ({sql or quoted(column)}) IS NOT NULL"
    hits, of = engine.rows(
        f"SELECT count(k.v), count(*) FROM ({values}) a "
        f"LEFT JOIN (SELECT DISTINCT {_as_whole(quoted(key))} AS v FROM {to.table}) k ON k.v = a.v"
    )[0]
    return Link(column, to, key, int(hits), int(of))


def _as_whole(sql: str) -> str:
    """SQL: the text without what a spreadsheet adds to whole numbers (17.0), as near_keys.py links it."""
    return f"regexp_replace(CAST({sql} AS VARCHAR), '^([0-9]+)\\.0+$', '\\1')"


def holds(found: Link) -> bool:
    """True if the values do not speak against the link."""
    return not found.of or found.hits >= ENOUGH * found.of or (not found.to.whole and found.hits > 0)
