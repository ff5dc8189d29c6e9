"""The words by which sources call tables and columns: data/synonyms.toml, and a file for each language in data/languages/.

Names are compared in one form, `plain`: letters of every script in one case, without accents. A word of a language is used only
in objects that speak it, so that a short word (`ad`, `by`) means nothing elsewhere: see `spoken`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from fullcircle.mapping.shipped import shipped
from fullcircle.model.entities import ADDED

LOOK = "LOOK: "  # how a note of a proposal begins that a person must judge
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
LETTERS = {"ß": "ss", "ẞ": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "Æ": "Ae"}
LETTERS |= {"œ": "oe", "Œ": "Oe", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ς": "σ", "ى": "ي", "ة": "ه", "ـ": ""}
LETTERS |= {"〒": "郵便番号", "№": "n"}
UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af々ー]")  # words run into one another
ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0670]")

# What books of accounts call their columns: CUSTNO, ORDDATE, QTYORD. Only names that are nothing but these are taken apart.
ABBREVIATIONS = {
    "CUST": "customer", "CUS": "customer", "CLI": "client", "ORD": "order", "INV": "invoice", "ITM": "item", "PROD": "product",
    "PRD": "product", "NO": "no", "NUM": "number", "NBR": "number", "NR": "nr", "ID": "id", "CD": "code", "NAM": "name",
    "NM": "name", "DAT": "date", "DT": "date", "QTY": "quantity", "UNT": "unit", "PRC": "price", "AMT": "amount", "TOT": "total",
    "ADDR": "address", "ADR": "address", "TEL": "phone", "DESC": "description", "DSC": "description", "CURR": "currency",
    "CUR": "currency", "CCY": "currency", "EXT": "extended", "LN": "line", "STAT": "status", "STS": "status", "SO": "sales_order",
    "CTRY": "country", "CTY": "city", "ST": "state", "AD": "address", "ADD": "address", "EML": "email", "PHN": "phone",
    "PHON": "phone", "STR": "street", "MOB": "mobile", "PST": "postcode", "PCD": "postcode", "QT": "quantity", "PR": "price",
    "TYP": "type", "GRP": "group", "SLS": "sales", "BIL": "bill", "SHP": "ship",
}  # fmt: skip
SHORT = {**ABBREVIATIONS, "HDR": "header", "HEAD": "header", "DTL": "detail", "DET": "detail", "MST": "master", "MSTR": "master"}
WHOLE = (
    *("CUSTOMER", "CLIENT", "ORDER", "INVOICE", "ITEM", "PRODUCT", "NUMBER", "CODE", "NAME", "DATE", "QUANTITY", "UNIT", "PRICE"),
    *("AMOUNT", "TOTAL", "ADDRESS", "PHONE", "EMAIL", "ZIP", "CITY", "LINE", "STATUS", "COUNTRY", "TAX", "SHIP"),
)
PIECE = re.compile("|".join(sorted((*ABBREVIATIONS, *WHOLE), key=len, reverse=True)) + r"|\d")
CODE = re.compile(f"(?:{'|'.join(sorted((*ABBREVIATIONS, *WHOLE), key=len, reverse=True))}){{2,4}}\\d?")

# A key of a language's file -> the lists that its words join.
PLACES = {
    "given": [("records", "given_name")], "middle": [("records", "middle_name")], "family": [("records", "family_name")],
    "full": [("records", "full_name")], "family_first": [("records", "full_name")],
    "organisation": [("records", "organisation"), ("accounts", "name")], "email": [("records", "email")],
    "phone": [("records", "phone")], "birth": [("records", "birth_date")], "gender": [("records", "gender")],
    "street": [("records", "street"), ("addresses", "street")], "city": [("records", "city"), ("addresses", "city")],
    "postcode": [("records", "postcode"), ("addresses", "postcode")], "region": [("records", "region"), ("addresses", "region")],
    "country": [("records", "country"), ("addresses", "country"), ("accounts", "country")],
    "account": [("records", "account_id")],
    "updated": [(table, "updated_at") for table in ("records", "accounts", "products", "orders", "order_lines", "tickets",
                                                    "interactions", "addresses")],
    "order_date": [("orders", "ordered_at")],
    "date": [("orders", "ordered_at"), ("tickets", "opened_at"), ("interactions", "at"), ("consents", "at")],
    "status": [("orders", "status"), ("tickets", "status"), ("interactions", "status")], "currency": [("orders", "currency")],
    "amount": [("orders", "amount"), ("order_lines", "amount"), ("interactions", "amount")],
    "order": [("order_lines", "order_id")], "product": [("order_lines", "product_id")],
    "quantity": [("order_lines", "quantity")], "unit_price": [("order_lines", "unit_price"), ("products", "price")],
    "discount": [("order_lines", "discount")], "product_name": [("products", "name")], "sku": [("products", "sku")],
    "category": [("products", "category")], "subject": [("tickets", "subject")], "closed": [("tickets", "closed_at")],
    "priority": [("tickets", "priority")], "text": [("interactions", "text")],
    "kind": [("interactions", "kind"), ("addresses", "use")],
    "who": [(table, "record_id") for table in ("orders", "tickets", "interactions", "addresses", "consents")],
}  # fmt: skip
CUT_SHORT = frozenset((  # words whose point is no path
    "geb", "tel", "str", "nr", "kd", "rg", "dat", "adr", "fakt", "fact", "cod", "num", "ord", "inv", "cust", "doc", "mob", "art",
    "post", "klant",
))  # fmt: skip
LINKING = ("s", "n", "e", "en", "es", "er", "ns", "ens", "ers", "ets", "jen")  # between the parts of a compound: Medlem-s-nr
OF_ANYTHING = frozenset(("obj", "doc", "res", "par", "pag", "book"))  # abbreviations that mean other things elsewhere
SHORTEST = 3  # letters of the first part of a compound
NUMBERS = ("nr", "no", "num", "nro", "dat", "adr", "bez")
FEW_SPEAK, ENOUGH_ALONE = 3, 4  # so many words that hardly another language has show a language
AT_A_TIME = re.compile(
    r"^(date|data|datum|fecha)_(de_|d_|della_|di_|van_)?|_(am|le|el|il|op|em|den|dne|dnia|at|on|datum|date|dato|data|tarihi|kl|tid|zeit|"
    r"time|日|日時|时间|日期|時間|일|일시)$"
)
OF_EITHER = re.compile(  # who a word means, of either sex or of several: `Comprador(a)`, `Kund:in`, `Adhérent·e`, `Alumno/a`
    r"(?<=[^\W\d_]{2})(\((a|as|os|e|es|s|in|innen|ne|rice|trice)\)|[:*·•](in|innen|e|es|e·s|r)\b|/-?(in|innen|a|as)\b)(?!\w)"
)
DOUBLED = re.compile(r"(?i)\s*(\w.*?)\s*[-–—:/|>]+\s*\1\s*")  # a group and its only column: `Demandeur - Demandeur`
TABLES = ("records", "accounts", "orders", "order_lines", "products", "tickets", "interactions")
FURTHER = {"mobile": "phone", "mail2": "email"}  # the other keys have the name of their kind


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language, in the form of `plain`."""

    code: str
    lists: Mapping[str, tuple[str, ...]]
    columns: frozenset[str] = field(default_factory=frozenset)  # all words for columns


@lru_cache(maxsize=50_000)
def plain(name: str) -> str:
    """The name in the form for comparison: `OrderDetails`, `Order Details` and `order-details` all become `order_details`."""
    if name.strip() == "#":
        return "no"
    if doubled := DOUBLED.fullmatch(name):
        name = doubled[1]
    name = re.sub(r"(?<=[a-z])['’]d\b", "d", re.sub(r"^\s*#\s*(de|do|di|of)?(?=\s|$)", "", name))  # `# de venta`, `Rec'd`
    name = OF_EITHER.sub("", name)
    name = re.sub(r"(?i);\s*type=", " ", name)  # the header of an address book: EMAIL;TYPE=WORK
    parts = name.strip(" .").split(".")
    short = parts[0].casefold() in CUT_SHORT or (len(parts) == 2 and parts[1].casefold() in NUMBERS)  # `Deb.nr` is no path
    if not short and all(len(part) > 1 and (part[0].isalnum() or part[0] == "_") for part in parts):
        name = parts[-1]  # dbo.Orders; but not Τ.Κ., Tel. privat, Geb.datum
    normal = unicodedata.normalize("NFKC", name)
    if re.fullmatch(r"[A-Z]{4,}\d?", normal.strip()) and (code := CODE.fullmatch(normal.strip())):
        return "_".join(ABBREVIATIONS.get(one, one.lower()) for one in _pieces(code.group()))
    return "_".join(_parts(_without_accents(_apart(normal))))


def _pieces(code: str) -> list[str]:
    """The fewest abbreviations that a code is made of: CUSTEL is CUS and TEL, not CUST and a rest."""
    known: dict[int, list[str]] = {0: []}
    for end in range(1, len(code) + 1):
        ways = [[*known[start], code[start:end]] for start in known if PIECE.fullmatch(code[start:end])]
        if ways:
            known[end] = min(ways, key=len)
    return known[len(code)]


@lru_cache(maxsize=50_000)
def written_out(name: str) -> str:
    """A plain name in whole words, if it is nothing but abbreviations and such words: `ord_dt` is `order_date`."""
    parts = name.split("_")
    if len(parts) < 2 or not all(part.upper() in SHORT or part.upper() in WHOLE for part in parts):
        return name
    return "_".join(SHORT.get(part.upper(), part) for part in parts)


def _apart(name: str) -> str:
    """With a space where a word ends: before a capital, and between letters of scripts that are not spaced and others."""
    made = []
    for place, letter in enumerate(name):
        before, after = name[place - 1 : place], name[place + 1 : place + 2]
        new_word = letter.isupper() and (before.islower() or before.isdigit() or (before.isupper() and after.islower()))
        other_script = letter.isalnum() and before.isalnum() and bool(UNSPACED.match(letter)) != bool(UNSPACED.match(before))
        made.append(" " if new_word or other_script else "")
        made.append(letter)
    return "".join(made)


def _without_accents(name: str, umlauts: Mapping[str, str] = UMLAUTS) -> str:
    name = "".join(LETTERS.get(letter, umlauts.get(letter, letter)) for letter in name)
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return unicodedata.normalize("NFC", ACCENTS.sub("", folded))


def _parts(name: str) -> list[str]:
    return "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in name).split()


def spellings(word: str) -> list[str]:
    """The forms of a word that names can have: `förnamn` is written `foernamn` and `fornamn`, `beløb` also `beloeb`."""
    word = unicodedata.normalize("NFKC", word.strip())
    bare = "_".join(_parts(_without_accents(_apart(word), {})))
    other = "".join({"ø": "oe", "å": "aa"}.get(letter, letter) for letter in word)
    return list(dict.fromkeys(one for one in (plain(word), bare, plain(other)) if one))


def singular(name: str) -> set[str]:
    """A name in plain form and its possible singular forms."""
    cut = {name}
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("en", ""), ("n", ""), ("e", "")):
        if name.endswith(ending) and len(name) > len(ending) + 2:
            cut.add(name[: -len(ending)] + instead)
    return cut


@cache
def languages() -> Mapping[str, Language]:
    """The languages in data/languages, by their code."""
    folder = resources.files("fullcircle.mapping").joinpath("data/languages")
    found = {}
    for file in sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name):
        lists = {}
        for name, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            lists[name] = tuple(dict.fromkeys(form for word in text.split(",") for form in spellings(word)))
        columns = frozenset(word for name in PLACES if name != "who" for word in lists.get(name, ()))
        found[file.name.removesuffix(".toml")] = Language(file.name.removesuffix(".toml"), lists, columns)
    return found


@cache
def base() -> dict[str, Any]:
    """The synonyms in data/synonyms.toml and those declared by added entities, without the languages."""
    text = shipped("synonyms.toml")
    known = tomllib.loads(text)
    for entity in ADDED:
        known["tables"][entity.table_name] = [entity.noun, *entity.words]
        known["columns"][entity.table_name] = {
            "record_id": known["columns"]["orders"]["record_id"],
            **{field.name: [field.name, *field.words] for field in entity.fields},
        }
    return known


@cache
def words(spoken_here: tuple[str, ...] | None = None) -> dict[str, Any]:
    """All synonyms, with the columns of these languages; None: of all languages."""
    known, all_of = base(), languages().values()
    chosen = [one for one in all_of if spoken_here is None or one.code in spoken_here]
    columns = {
        table: {
            column: [*synonyms, *(word for one in chosen for word in _joined(one, table, column))]
            for column, synonyms in of_table.items()
        }
        for table, of_table in known["columns"].items()
    }
    tables = {
        table: [*synonyms, *(word for one in all_of for word in one.lists.get(table if table in TABLES else "", ()))]
        for table, synonyms in known["tables"].items()
    }
    people = [*known["prefixes"]["people"], *(word for one in chosen for word in one.lists.get("who", ()))]
    extra = {
        kind: [word for one in all_of for name, each in one.lists.items() if FURTHER.get(name, name) == kind for word in each]
        for kind in known["identifiers"]
    }
    return {
        **known,
        "columns": columns,
        "tables": tables,
        "prefixes": {**known["prefixes"], "people": people},
        "identifiers": {kind: [*synonyms, *extra[kind]] for kind, synonyms in known["identifiers"].items()},
        **{
            name: {
                **known[name],
                "words": [*known[name]["words"], *_long(word for one in all_of for word in one.lists.get(name, ()))],
            }
            for name in ("staff", "others", "family_first")
        },
        "qualifiers": {"words": frozenset(form for word in known["qualifiers"]["words"] for form in spellings(word))},
        "house_number": {"words": [word for one in all_of for word in one.lists.get("house_number", ())]},
    }


def _long(of_languages: Iterable[str]) -> list[str]:
    """Without the short words of languages, which mean something else in others: `far` is a father in Danish."""
    return [word for word in of_languages if len(word) > 4 or not word.isascii()]


def _joined(one: Language, table: str, column: str) -> list[str]:
    return [word for name, where in PLACES.items() if (table, column) in where for word in one.lists.get(name, ())]


def with_and_without_time(name: str) -> tuple[str, ...]:
    """A plain name, and what it is without its words for a time: `abgemeldet_am` is also `abgemeldet`."""
    return tuple(dict.fromkeys((name, AT_A_TIME.sub("", name))))


@cache
def common_words() -> frozenset[str]:
    """The words for columns that all objects know, whatever their language."""
    return frozenset(word for of_table in base()["columns"].values() for synonyms in of_table.values() for word in synonyms)


@lru_cache(maxsize=20_000)
def _speakers(name: str) -> int:
    """How many languages have a word: `email` and `status` are in nearly all of them."""
    return sum(name in one.columns for one in languages().values())


_BESIDE: ContextVar[Mapping[tuple[str, tuple[str, ...]], tuple[str, ...]]] = ContextVar("_BESIDE", default=MappingProxyType({}))


@contextmanager
def neighbours_speak(beside: Mapping[tuple[str, tuple[str, ...]], tuple[str, ...]]) -> Iterator[None]:
    """While a source is looked at: the languages of the other objects beside each, for those whose own cannot be seen."""
    token = _BESIDE.set(beside)
    try:
        yield
    finally:
        _BESIDE.reset(token)


def spoken(object_name: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of an object: those that its fields show, else those of the objects beside it."""
    return _spoken(object_name, fields) or _BESIDE.get().get((object_name, fields), ())


@lru_cache(maxsize=5_000)
def _spoken(object_name: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Two of its fields have the words of a language, or one in a script or with accents of its own."""
    found = []
    names = {plain(each): each for each in fields}
    for one in languages().values():
        hits = {name for name in names if name not in common_words() and (name in one.columns or _is_code(one, name))}
        few = {name for name in names if name in one.columns and _speakers(name) <= FEW_SPEAK}  # words that all objects know too
        few |= {name for name in names if any(_speaks(one, part) for part in name.split("_"))}
        alone = {name for name in few if any(_speaks(one, part) and _speakers(part) == 1 for part in name.split("_"))}
        codes = {name for name in names if _is_code(one, name)}
        own = any(not names[name].isascii() for name in {*hits, *few})
        named_so = _is_named_in(one, plain(object_name), object_name.isascii())
        known = hits or one.columns & names.keys()
        enough = ENOUGH_ALONE - 2 * (named_so and _namers(plain(object_name)) == 1)
        if len(hits) > 1 or own or (named_so and known) or len(few | codes) + len(alone) >= enough:
            found.append(one.code)
    return tuple(found)


def _is_named_in(one: Language, name: str, ascii_only: bool) -> bool:
    """True for an object with a name of this language that few others share: `prodotti`, `produkter`."""
    if not any(name in one.lists.get(table, ()) for table in TABLES):
        return False
    return not ascii_only or (_namers(name) <= FEW_SPEAK and not any(name in known for known in base()["tables"].values()))


def _namers(name: str) -> int:
    """How many languages have a name of an object."""
    return sum(any(name in each.lists.get(table, ()) for table in TABLES) for each in languages().values())


def _speaks(one: Language, part: str) -> bool:
    """True for a part of a name that is a long word of hardly another language: `fornamn` of `bestallarens_fornamn`."""
    return len(part) >= 5 and part in one.columns and part not in common_words() and _speakers(part) <= FEW_SPEAK


@cache
def _coded(code: str) -> frozenset[str]:
    """What has numbers in a language: customers, orders, products."""
    return frozenset(word for key in ("who", "order", "product") for word in languages()[code].lists.get(key, ()))


def _is_code(one: Language, name: str) -> bool:
    """True for the key of something in this language: `kundennummer`, `medlemsnr`, `код_клиента`, `客户_编号`."""
    things = _coded(one.code)
    ends = [stem for end in one.lists.get("code_after", ()) if name.endswith(end) for stem in unlinked(name.removesuffix(end))]
    starts = [name.removeprefix(start).lstrip("_") for start in one.lists.get("code_before", ()) if name.startswith(start + "_")]
    return any(stem in things or _whole(one.code).get(stem) in things for stem in (*ends, *starts))


@cache
def _whole(code: str) -> Mapping[str, str]:
    """The abbreviations of a language, without those of a single letter: `re` of `ReNr`."""
    pairs = (pair.partition("_") for pair in languages()[code].lists.get("short", ()))
    return {short: whole for short, _, whole in pairs if len(short) > 1}


def unlinked(stem: str) -> Iterator[str]:
    """The first part of a compound, and without the letters that link it: `medlems` of `medlemsnr` is `medlem`."""
    stem = stem.rstrip("_")
    yield stem
    yield from (stem.removesuffix(link) for link in LINKING if stem.endswith(link) and len(stem) - len(link) >= SHORTEST)
    yield stem + "e"  # `deltagar` of `deltagarnr` is `deltagare`


@cache
def short_things(kind: str) -> Mapping[str, str]:
    """Abbreviations of words for people (`who`) or orders (`order`), in all languages: `kd` of `Kd-Nr`, `fact` of `N° fact.`."""
    found: dict[str, str] = {}
    for one in languages().values():
        for short, whole in _whole(one.code).items():
            if whole in one.lists[kind] and short not in OF_ANYTHING:
                found.setdefault(short, whole)
    return found


def code_words(key: str) -> tuple[str, ...]:
    """The words before (`code_before`) or after (`code_after`) what a key is the key of, in all languages."""
    return tuple(dict.fromkeys(word for one in languages().values() for word in one.lists.get(key, ())))


def says(name: str, known: Iterable[str]) -> bool:
    """True if one of the words is in a plain name: as a word of its own, or anywhere where words are not spaced."""
    padded = f"_{name}_"
    return any(f"_{word}_" in padded or (UNSPACED.match(word) and len(word) > 1 and word in name) for word in known)
