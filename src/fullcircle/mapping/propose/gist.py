"""Other forms of a column's name that mean the same: written out, run together, without what is said beside. See `aliases`.

`CUST_FST_NM` is `customer_first_name`, `Kd.-Nr.` is `kunden_nr`, `phonenumber` is `phone_number`, `Auftragssumme` the `summe` of
an order, `Data wystawienia faktury` a date of one, `HastaAdı` a first name where `HastaSoyadı` is beside it. These are only used
where no column has such a name itself, and never where two columns come down to the same: a wrong column is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache

from fullcircle.mapping.propose.common_prefix import without_it
from fullcircle.mapping.propose.person_words import of_a_person
from fullcircle.mapping.propose.words import UNSPACED, base, common_words, languages, words

EXPANDED = {
    "fst": "first", "frst": "first", "lst": "last", "mid": "middle", "nm": "name", "nam": "name", "nme": "name", "brth": "birth",
    "bth": "birth", "phn": "phone", "ph": "phone", "fon": "phone", "mob": "mobile", "mbl": "mobile", "cel": "cell",
    "eml": "email", "addr": "address", "adr": "address", "adrs": "address", "addrs": "address", "ln": "line", "cty": "city",
    "ctry": "country", "cntry": "country", "cntr": "country", "pstl": "postal", "pst": "post", "pcode": "postcode", "dt": "date",
    "dte": "date", "dat": "date", "tm": "time", "tmst": "timestamp", "ts": "timestamp", "tx": "text", "txt": "text",
    "desc": "description", "dsc": "description", "descr": "description", "amt": "amount", "amnt": "amount", "tot": "total",
    "ttl": "total", "qnty": "quantity", "qty": "quantity", "prc": "price", "unt": "unit", "txn": "transaction",
    "trx": "transaction", "trxn": "transaction", "trans": "transaction", "tran": "transaction", "inv": "invoice", "ord": "order",
    "cust": "customer", "cst": "customer", "cus": "customer", "custmr": "customer", "clnt": "client", "cli": "client",
    "acct": "account", "accnt": "account", "num": "number", "nbr": "number", "nmbr": "number", "cd": "code", "cde": "code",
    "ccy": "currency", "curr": "currency", "cur": "currency", "crncy": "currency", "stat": "status", "sts": "status",
    "prod": "product", "prd": "product", "itm": "item", "ctgry": "category", "categ": "category", "gndr": "gender",
    "cmpny": "company", "pmt": "payment", "pymt": "payment", "strt": "street", "mbr": "member", "mem": "member", "pat": "patient",
    "pt": "patient", "pol": "policy", "usr": "user", "contct": "contact", "subs": "subscriber", "emp": "employee",
    "pd": "paid", "recd": "received", "rcvd": "received",
}  # fmt: skip
PAIRS = (("st_code", "state_code"), ("st_name", "state"), ("zip_name", "zip"), ("post_code", "postcode"))
TAIL = ("text", "value", "val", "field", "fld", "col", "string", "full", "desc", "description", "name", "code", "abbr", "iso")
OF_WORDS = frozenset((
    "of", "the", "de", "do", "da", "dos", "das", "du", "des", "del", "della", "di", "der", "den", "vom", "van",
    "von", "fuer", "for", "til", "till", "pour", "para", "per", "la", "le", "el", "il", "su",
))  # fmt: skip
SORTS = frozenset((  # before a name in databases: `NM_CIDADE`, `DS_EMAIL`
    "nm", "ds", "nr", "cd", "tx", "txt", "str", "fld", "col", "vc",
))  # fmt: skip
MINOR = re.compile(r"_(in_)?(cents?|minor|minor_units?|minor_amount|pence|centimes|centavos)$")
MOMENT = re.compile(r"(_date)?_?(date_time|datetime|date_stamp|datestamp|time_stamp|timestamp|utc|gmt|date_utc|local|time)$")
SUMS = frozenset((
    "total", "amount", "sum", "due", "gross", "grand", "order", "invoice", "bill", "fare", "payable", "value",
    "price", "charges", "charged", "charge", "sale", "sales", "booking", "reservation", "check", "final", "overall",
    "paid", "all", "quoted", "agreed", "contract", "current", "cost", "stay", "policy", "premium", "transaction",
    "purchase", "receipt", "ticket", "incl", "tax", "vat", "gst",
))  # fmt: skip
FOREWORDS = (  # before the names of fields that a firm has made itself
    "custom_field", "custom", "cf", "customfield", "field", "fld", "attribute", "attributes", "attr", "profile", "trait",
    "traits", "merge", "udf", "user_defined", "enter_your", "your", "what_is_your",
)  # fmt: skip
BEGUN = 0.6  # of a word must be there
POLITE = ("ご", "お", "御")
AND = frozenset(("and", "und", "en", "et", "y", "e", "og", "och", "i", "ve", "a", "ja"))
PLACE = ("city", "region", "postcode", "country", "street")
LINKS = ("", "s", "es", "n", "en", "e", "er", "ns", "-")  # between the parts of a compound: Auftrag-s-summe
COMPOUNDING = frozenset(("de", "nl", "da", "no", "sv", "fi", "hu", "is"))
OF_ORDERS = ("orders", "order_lines")
STATE = frozenset(("state", "estado", "stato", "etat"))  # a status, or a part of a country
OTHER_DATE = re.compile(
    r"(^|_)(birth|birthday|born|dob|geb|geburt\w*|naissance|nacimiento|nascimento|due|faellig\w*|ship|shipped|shipping|deliver\w*|liefer\w*"
    r"|expir\w*|erapaiva|forfall\w*|forfald\w*|vencimiento|echeance|scadenza|vervaldatum|vervalt|splatnost\w*|platnosci|vencimento"
    r"|hatarido|esedekes\w*|vade|срок|оплатить|ληξη\w*|valid|until|end|update\w*|modif\w*|change\w*|geaendert|refund\w*|cancel\w*|phone|time|zip|id|no|nr)(_|$)"
    r"|(^|_)(out|checkout|departure|depart|partenza|salida|vertrek|abreise|abflug|utcheckning|udtjekning|utsjekk|wyjazd|odjezd)(_|$)"
)


def aliases(names: Mapping[str, str], table: str, here: tuple[str, ...]) -> dict[str, str]:
    """Further names of the columns -> the column, for one table; `names` are those that they have anyway."""
    return {form: names[name] for form, name in _aliases(tuple(names), tuple(names.values()), table, here)}


@lru_cache(maxsize=500)  # asked again for each question about an object, and files have thousands of columns
def _aliases(names: tuple[str, ...], columns: tuple[str, ...], table: str, here: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each further form, and the name whose column has it alone."""
    of = dict(zip(names, columns, strict=True))
    found: dict[str, dict[str, str]] = {}  # form -> column -> one of its names
    for name in names:
        for form in forms(name, table, here):
            if form not in of:
                found.setdefault(form, {})[of[name]] = name
    if table in {"records", "addresses"}:
        for form, name in of_a_person(names, here).items():
            if form not in of:
                found.setdefault(form, {})[of[name]] = name
    for form, name in without_it(names, _all(table, here)).items():
        if form not in of:
            found.setdefault(form, {})[of[name]] = name
    return tuple((form, next(iter(theirs.values()))) for form, theirs in found.items() if len(theirs) == 1)


def in_whole_words(name: str) -> str:
    """A plain name of an object without abbreviations: `card_txn` are `card_transaction`."""
    return "_".join(EXPANDED.get(part, part) for part in name.split("_")) if "_" in name else name


def bare_of(name: str) -> str:
    """A plain name without what is said of its format: `product_title_text` is `product_title`."""
    head, _, tail = name.rpartition("_")
    return head if head and tail in TAIL[:7] else name


@lru_cache(maxsize=100_000)
def forms(name: str, table: str, here: tuple[str, ...]) -> tuple[str, ...]:
    """The other forms of a plain name, for a table."""
    known = _known(table, here)
    if name in _all(table, here):
        return ()
    made: dict[str, None] = {}
    for one in _written(name, here):
        made[one] = None
        made |= dict.fromkeys(_run_together(one, known, here))
    made |= dict.fromkeys(_begun(name, table, here))
    for one in (name, *made):
        made |= dict.fromkeys(_as_moment(one, table, here))
        made |= dict.fromkeys(_of_streets(one, here)) if table in {"records", "addresses"} else {}
    for one in (name, MOMENT.sub("", name), *made):
        if one and table in OF_ORDERS:
            made |= dict.fromkeys(form for form in _of_an_order(one, table, here) if form not in STATE)
    made.pop(name, None)
    return tuple(made)


@cache
def _known(table: str, here: tuple[str, ...]) -> dict[str, str]:
    """The words for columns of a table, by how they are written without gaps."""
    known: dict[str, str] = {}
    for column, synonyms in words(here)["columns"][table].items():
        for word in synonyms:
            if column != "record_id" and len(word) > 3:
                known.setdefault(word.replace("_", ""), word)
    return known


@cache
def _all(table: str, here: tuple[str, ...]) -> frozenset[str]:
    """All words for the columns of a table: what is called so needs no other form."""
    return frozenset(word for synonyms in words(here)["columns"][table].values() for word in synonyms)


@cache
def _short_here(here: tuple[str, ...]) -> dict[str, str]:
    """The abbreviations of the languages."""
    found: dict[str, str] = {}
    for code in here:
        for pair in languages()[code].lists.get("short", ()):
            short, _, whole = pair.partition("_")
            found.setdefault(short, whole)
    return found


@cache
def _short(here: tuple[str, ...]) -> dict[str, str]:
    """All abbreviations, those of the languages first."""
    return EXPANDED | _short_here(here)


def _written(name: str, here: tuple[str, ...]) -> Iterator[str]:
    """In whole words; and without what is said of its format."""
    whole_here = any(name in languages()[code].columns for code in here)  # `Art` alone is a kind, not an `Artikel`
    parts = [part if whole_here else _short(here).get(part) or _cut_short(part, here) for part in name.split("_")]
    whole = "_".join(parts)
    for short, long in PAIRS:
        whole = f"_{whole}_".replace(f"_{short}_", f"_{long}_").strip("_") if f"_{short}_" in f"_{whole}_" else whole
    if whole != name:
        yield whole
    if "_" not in name and COMPOUNDING & {*here}:  # of several languages, each has its own ending: `gatuadress`
        yield from (cut for code in here if (cut := _cut_short(name, (code,))) != name)
    yield from _without_manners(name)
    if 1 < len(parts) <= 4 and all(len(part) == 1 for part in parts):  # `C.P.`, `D.O.B.`
        yield "".join(name.split("_"))
    head, _, tail = whole.rpartition("_")
    places = {word for column in PLACE for word in words(here)["columns"]["records"][column]}
    if head and (
        tail in TAIL[:7] or (tail in TAIL and (head in places or head.rpartition("_")[2] in places or head == "status"))
    ):
        yield head
    sort, _, thing = name.partition("_")
    if sort in SORTS and thing in _of_places_and_ways(here):
        yield thing
    if cents := MINOR.sub("", whole):
        yield cents
    if head and tail in {"no", "number", "nr", "num"} and head in words(here)["columns"]["records"]["phone"]:
        yield head


@cache
def _known_words() -> frozenset[str]:
    """The words that all objects know: the `Order` of a Portuguese file does not begin `ordered`."""
    return common_words().union(*base()["tables"].values())


def _begun(name: str, table: str, here: tuple[str, ...]) -> Iterator[str]:
    """The word whose beginning a name is, where all such words are for the same column: `poblac` of `poblacion`."""
    whole = name in _all(table, here) or name in _known_words() or any(name in languages()[code].columns for code in here)
    if len(name) < 5 or not here or whole:
        return
    known = {word: column for column, synonyms in words(here)["columns"][table].items() for word in synonyms}
    found = {word for word in known if word.startswith(name) and len(name) >= BEGUN * len(word)}
    found = {
        word for word in found if word[len(name) :][:1] not in {"", "_"}
    }  # cut within a word: not `Rechnung` of `Rechnung vom`
    if len({known[word] for word in found}) == 1:
        yield min(found, key=len)


def _without_manners(name: str) -> Iterator[str]:
    """What is left of `custom: phone`, `cf_city`, `Birth_Date__c` and `ご住所` without what says nothing."""
    for start in FOREWORDS:
        if name.startswith(f"{start}_"):
            yield name.removeprefix(f"{start}_")
    if name.endswith("_c") and len(name) > 5:
        yield name.removesuffix("_c")
    if name[:1] in POLITE and len(name) > 2 and UNSPACED.match(name):
        yield name[1:]


def _of_streets(name: str, here: tuple[str, ...]) -> Iterator[str]:
    """The street of `ulica_i_nr_domu`, `n_et_rue` and `house_street`, where a house number is said to be with it."""
    parts, streets = name.split("_"), words(here)["columns"]["records"]["street"]
    if len(parts) > 2 and parts[0] in streets and parts[1] in AND:
        yield parts[0]
    if len(parts) > 2 and parts[-1] in streets and parts[-2] in AND:
        yield parts[-1]
    numbers = {"house", "number", "nummer", "numero", "numer", "nro", "no", "nr", "num", *words()["house_number"]["words"]}
    rest = [part for part in parts if part not in numbers]
    if len(rest) == 1 and rest != parts and rest[0] in streets:
        yield rest[0]


@cache
def _of_places_and_ways(here: tuple[str, ...]) -> frozenset[str]:
    """The words for parts of an address, an e-mail and a phone."""
    return frozenset(word for kind in (*PLACE, "email", "phone") for word in words(here)["columns"]["records"][kind])


def _cut_short(part: str, here: tuple[str, ...]) -> str:
    """A compound with its last word written out: `belegdat` is `belegdatum`."""
    if not COMPOUNDING & {*here} or len(part) < 6:
        return part
    for short, whole in _short_here(here).items():
        if len(short) >= 3 and part.endswith(short) and not part.endswith(whole):
            return part.removesuffix(short) + whole
    return part


def _run_together(name: str, known: Mapping[str, str], here: tuple[str, ...]) -> Iterator[str]:
    """The word that a name is, if its gaps do not count: `geburts_datum` and `Geburts-Datum` are `geburtsdatum`."""
    bare = name.replace("_", "")
    if len(bare) >= 6 and bare in known:
        yield known[bare]
    for prefix in _people(here):
        rest = bare.removeprefix(prefix)
        if rest != bare and len(rest) >= 5 and rest in known:
            yield f"{prefix}_{known[rest]}"
            return


@cache
def _people(here: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words(here)["prefixes"]["people"] if "_" not in word and len(word) > 3)


@cache
def _things(table: str, here: tuple[str, ...]) -> frozenset[str]:
    """The words for orders (or lines) in a language: what a date or a sum may be of."""
    known = words(here)
    found = {*known["columns"]["order_lines"]["order_id"], *words()["tables"]["orders"], *known["prefixes"].get(table, ())}
    for code in here:
        found |= {word for key in ("orders", "order") for word in languages()[code].lists.get(key, ())}
    return frozenset(word for word in found if "_" not in word and len(word) > 2)


@cache
def _values(table: str, here: tuple[str, ...]) -> frozenset[str]:
    """The words for what an order has that may be said of it: its date, amount, status, currency."""
    columns = words(here)["columns"][table]
    kinds = ("ordered_at", "amount", "status", "currency", "quantity", "unit_price")
    return frozenset(word for kind in kinds for word in columns.get(kind, ()) if len(word) > 2)


@cache
def _days(table: str, here: tuple[str, ...]) -> frozenset[str]:
    """The bare words for a date."""
    found = {"date", *(word for code in here for word in languages()[code].lists.get("date", ()))}
    return frozenset(word for word in found if "_" not in word) & _values(table, here)


def _of_an_order(name: str, table: str, here: tuple[str, ...]) -> Iterator[str]:
    """What is left of a name without the word for an order: of `data_zamowienia` and `auftragssumme`, a date and a sum."""
    things, values, parts = _things(table, here), _values(table, here), name.split("_")
    rest = [part for part in parts if part not in OF_WORDS and not _is_thing(part, things, here)]
    if rest and len(rest) < len([part for part in parts if part not in OF_WORDS]) and "_".join(rest) in values:
        yield "_".join(rest)
    day = next((part for part in rest if part in _days(table, here)), "")
    if day and 1 < len(rest) <= 3 and len(rest) < len(parts) and not OTHER_DATE.search(name):  # data zawarcia umowy
        yield day
    if len(parts) > 1 and "total" in parts and {*parts} <= SUMS and ("incl" in parts or not {"tax", "vat", "gst"} & {*parts}):
        yield "total"
    if len(parts) == 1 and (COMPOUNDING & {*here} or UNSPACED.match(name)):
        links = ("", "の") if UNSPACED.match(name) else LINKS
        for value in sorted(one for one in values if name.endswith(one) and len(one) >= (2 if UNSPACED.match(one) else 4)):
            head = name.removesuffix(value)
            if any(head.removesuffix(link) in things for link in links if head.endswith(link)):
                yield value


def _is_thing(part: str, things: Collection[str], here: tuple[str, ...]) -> bool:
    """True for a word for an order, in other languages than English in any of its cases: `zamowienia` of `zamowienie`."""
    if part in things:
        return True
    if not here or len(part) < 5:
        return False
    for word in things:
        shared = 0
        for a, b in zip(part, word, strict=False):
            if a != b:
                break
            shared += 1
        if shared >= 5 and shared >= max(len(part), len(word)) - 3:
            return True
    return False


def _as_moment(name: str, table: str, here: tuple[str, ...]) -> Iterator[str]:
    """A time is named with much beside: `create_date_time`, `transaction_timestamp`, `opened_date_utc`."""
    head = MOMENT.sub("", name)
    columns = words(here)["columns"][table]
    known = {
        *columns.get("ordered_at", ()),
        *columns.get("opened_at", ()),
        *columns.get("at", ()),
        *columns.get("updated_at", ()),
    }
    if head and head != name:
        yield from (one for one in (f"{head}_date", f"{head}_at", head) if one in known)
    elif name.endswith("_date") and f"{name[:-5]}_at" in known:
        yield f"{name[:-5]}_at"
