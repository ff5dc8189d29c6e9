"""Guesses what a source's objects and fields mean, from their names and the shapes of example values. Used by suggest.py."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.books_of_account import without_accounts
from fullcircle.mapping.propose.field_names import HOME, holds_whole, is_filled, names_of
from fullcircle.mapping.propose.gist import STATE, aliases
from fullcircle.mapping.propose.numbered import compound_stems, numbered_people
from fullcircle.mapping.propose.object_names import is_about_others, named
from fullcircle.mapping.propose.of_orders import is_of_orders
from fullcircle.mapping.propose.only_paid import as_amount
from fullcircle.mapping.propose.payers import not_the_payers
from fullcircle.mapping.propose.sample import Facts
from fullcircle.mapping.propose.stages import is_of_deals
from fullcircle.mapping.propose.suppliers import OF_PAYING, is_list_of_suppliers
from fullcircle.mapping.propose.support_requests import SUPPORT, are_requests
from fullcircle.mapping.propose.words import UNSPACED, code_words, plain, says, singular, spoken, words
from fullcircle.model.tables import CONFORMED

__all__ = ["ID_ENDINGS", "ID_STARTS", "Guess", "columns_of", "guess", "is_about_others", "named", "plain", "singular", "words"]

ID_ENDINGS = (
    "_id",
    "_no",
    "_nr",
    "_number",
    "_nummer",
    "_num",
    "_key",
    "_code",
    "_ref",
    "id",
    "nr",
    "nummer",
    "number",
    "no",
    "code",
    "",
    *(f"_{word}" for word in code_words("code_after")),
    *(word for word in code_words("code_after") if len(word) > 3 or UNSPACED.match(word)),
)
ID_STARTS = (
    "id_", "code_", "no_", "nr_", "n_", "num_", "numero_", "numero_de_", "id_de_", "codigo_", "codice_", "id_do_", "cod_", "cd_",
    "kod_",
    *(f"{word}_" for word in code_words("code_before")),
)  # fmt: skip
NEEDED = {"order_lines": ("order_id", "product_id"), "addresses": ("record_id",), "consents": ("record_id", "purpose")}
WHO = {"given_name", "family_name", "full_name", "organisation", "email", "phone", "street"}
PLACES = {"city", "postcode", "postal_code", "zip", "zip_code", "country"}
OF = ("du", "de", "del", "do", "da", "des", "der", "van", "di", "of", "of_the")
NO_PERSON = {  # `buyer_address`
    *("address", "adr", "po", "work", "payment", "business", "billing", "shipping", "mailing", "default_address"),
}
USES = (
    *("primary_address", "alternate_address", "billing_address", "shipping_address", "mailing_address", "home_address"),
    *("work_address", "other_address", "business_address", "address_mailing", "address_mail", "address_home", "address_primary"),
    *("address_other", "address_work", "address_billing", "address_shipping", "address_business"),
    *("current", "present", "residential", "correspondence", "payment", "physical"),
    *("po", "billing", "bill_to", "shipping", "ship_to", "delivery", "mailing", "home", "private", "personal", "business"),
    *("work", "office", "other", "alternate", "secondary", "permanent", "invoice", "default", "legal", "registered"),
    *("address_2", "address_3", "address_4", "address2", "address3", "rechnungs", "liefer", "rechnung", "lieferung", "privat"),
)
EVENT = re.compile(
    r"(^|_)(event|ticket_type|seat|attendees?|performance|venue|admission|veranstaltung|ticketart|sitzplatz|teilnehmer|evenement|spectacle"
    r"|billet|tour|participant|workshop|excursion|evento|entrada|asistente|biglietto|partecipante|ingresso|wydarzenie|uczestnik|etkinlik|koltuk|arrangement|deltager"
    r"|tilaisuus|akce|ucastnik)(_|$)"
)
ACTIVITIES = frozenset((
    "activity", "activitie", "actividad", "aktivitat", "aktivitaet", "activite", "attivita", "atividade", "account_activity",
    "activity_report",
))  # fmt: skip
SUM = re.compile(r"(^|_)(value|price|amount|total|cost|sum|betrag|preis|wert|valor|montant|prix|importe|precio|prezzo|cena)(_|$)")
SURELY_GIVEN = frozenset((
    "first_name", "firstname", "given_name", "givenname", "forename", "fname", "f_name", "vorname", "prenom", "voornaam",
    "fornavn", "fornamn", "foernamn", "etunimi", "keresztnev", "imie", "krestni_jmeno", "nombre_de_pila", "prenume",
))  # fmt: skip
CUSTOMER_NAMES = frozenset(
    ("customer_name", "client_name", "customer", "client", "display_name", "name", "account_holder", "party_name")
)
NO_FLAGS = frozenset(("street", "city", "postcode", "given_name", "family_name", "full_name", "organisation"))
ALL_FLAGS = 0.9  # of the values are yes or no: nothing else is so short
FITTING = 0.5  # of the sampled values of a field must have the shape of its column
EMAIL_SHAPE = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """The canonical table an object seems to match, and the source field for each of its columns."""

    found: FoundObject
    table: str
    columns: dict[str, str] = field(default_factory=dict)


def is_of_events(found: FoundObject) -> bool:
    """True for tickets to events and bookings of them: what was sold to whom for how much, not a request to support."""
    names = [plain(each.name) for each in found.fields]
    if not any(EVENT.search(name) for name in names) or any(SUPPORT.search(name) for name in names):
        return False
    orders = {*words()["columns"]["order_lines"]["order_id"], *words()["tables"]["orders"], "reservation"}
    if not any(
        name in orders or re.sub(r"_?(id|no|nr|num|number|nummer|numero|code|ref|reference|#)$", "", name) in orders
        for name in names
    ):
        return False
    return bool({"unit_price", "amount"} & columns_of(found, "order_lines").keys() or "amount" in columns_of(found, "orders"))


@lru_cache(maxsize=20_000)  # asked again for each table, and files have thousands of columns
def is_staff(column: str) -> bool:
    """True for a column about the people who serve customers: `Contact owner`, `sales_rep_email`, `created_by`."""
    name = plain(column)
    return says(name, words()["staff"]["words"]) and not OF_PAYING.search(name)


@lru_cache(maxsize=20_000)  # asked again for each table, and files have thousands of columns
def is_somebody_else(column: str) -> bool:
    """True for a column about another person than the one of the row: `Spouse First Name`, `Emergency contact phone`, `cc`."""
    name = plain(column)
    return says(name, words()["others"]["words"]) or any(name.startswith(word) for word in words()["others"]["starts"])


def columns_of(
    found: FoundObject, table: str, facts: Mapping[str, Facts] | None = None, leave: Collection[str] = ()
) -> dict[str, str]:
    """The matching source field for each column of a table, each field used once; references match by `<object>_id`.

    Where values were sampled, a field whose values do not fit the column is passed over.
    """
    single = set(found.key) if len(found.key) == 1 else set()
    here = spoken(found.name, tuple(each.name for each in found.fields))
    names = _all_names(found, table, facts, leave, here)
    taken: set[str] = set()
    chosen = {}
    for column, synonyms in words(here)["columns"][table].items():
        is_ref = bool(CONFORMED[table].column(column).ref)  # type: ignore[union-attr]
        around = _prefixes(found.name, table, here)
        fitting = (
            _references(names, synonyms, column == "record_id")
            if is_ref
            else _named(names, synonyms, around, table in {"records", "addresses"})
        )
        usable = [name for name in fitting if name not in taken and (is_ref or column == "sku" or name not in single)]
        usable = [name for name in usable if column != "product_id" or not _is_sum(facts, name)]
        best = [name for name in usable if is_ref or _fits(table, column, facts, name)]
        best = [name for name in best if is_filled(facts, name)] or ([] if is_ref else best)
        if best:
            taken.add(best[0])
            chosen[column] = best[0]
    if table == "records":
        _one_person(chosen, names)
        not_the_payers(chosen, found, facts)
    if table in {"records", "addresses"}:
        _one_place(chosen, names, facts)
        if plain(chosen.get("region", "")) in STATE - {"state"} and not {"street", "city", "postcode"} & chosen.keys():
            chosen.pop("region")  # an `Estado` beside no part of an address is a status
    if table == "records" and "email" not in chosen:
        chosen |= _by_shape([each for each in found.fields if each.name in names.values()], taken, facts)
    if "given_name" in chosen and "family_name" in chosen and chosen.get("full_name"):
        whole = chosen.pop("full_name")  # the separate parts are more precise
        if table == "records" and "organisation" not in chosen and is_named_beside_contact(whole, chosen["given_name"]):
            chosen["organisation"] = whole
    if table == "records":
        _only_name(chosen, facts)
    as_amount(chosen, facts)
    return chosen


def _only_name(chosen: dict[str, str], facts: Mapping[str, Facts] | None) -> None:
    """Where one column alone has names, it may hold the whole ones."""
    for part, other in (("given_name", "family_name"), ("family_name", "given_name")):
        column = "" if {other, "full_name"} & chosen.keys() else chosen.get(part, "")
        if column and (_may_be_whole(column) if part == "given_name" else holds_whole(column, facts)):
            chosen["full_name"] = chosen.pop(part)


def is_named_beside_contact(whole: str, given: str) -> bool:
    """True for a `Customer name` beside a `Contact first name`: the customer is a company, or the contact."""
    return "contact" in plain(given).split("_") and plain(whole) in CUSTOMER_NAMES


def _may_be_whole(column: str) -> bool:
    """True for a word that is said of given and of whole names, as `nombre`; a `Vorname` is never both."""
    return bool(column) and plain(column) not in SURELY_GIVEN


def _all_names(
    found: FoundObject, table: str, facts: Mapping[str, Facts] | None, leave: Collection[str], here: tuple[str, ...]
) -> dict[str, str]:
    """The names of the fields that may be columns of a table, and all their other forms -> field."""
    about = [each.name for each in found.fields if not is_staff(each.name) and not is_somebody_else(each.name)]
    names = names_of([name for name in about if name not in leave], facts)
    if table in {"orders", "interactions"}:
        names = _without_regions(names, {plain(each.name) for each in found.fields}, here)
    names |= aliases(names, table, here)
    names = without_accounts(names) if table == "records" else names
    second = {"name_1", "name1"} if "name" in names else set()  # a second column of that name is of somebody else
    return {name: each for name, each in names.items() if name not in second}


def _without_regions(names: Mapping[str, str], all_names: Collection[str], here: tuple[str, ...]) -> dict[str, str]:
    """Without a `State` or an `Estado` beside a city or a country: that is a region, never the status of an order."""
    known = words(here)["columns"]["records"]
    beside = PLACES.union(*(known[column] for column in ("city", "postcode", "country"))).intersection(all_names)
    return {name: each for name, each in names.items() if not (beside and name in STATE)}


def _one_place(chosen: dict[str, str], names: Mapping[str, str], facts: Mapping[str, Facts] | None) -> None:
    """The parts of an address are of one address: beside `Billing Street`, not `Shipping City`."""
    use = next((one for one in USES if plain(chosen.get("street", "")).startswith(one + "_")), "")
    for column in ("city", "postcode", "region", "country"):
        other = next((one for one in USES if plain(chosen.get(column, "")).startswith(one + "_")), "")
        if "street" in chosen and other and _bare_use(other) != _bare_use(use):
            word = plain(chosen.pop(column)).removeprefix(f"{other}_")
            same = names.get(f"{use}_{word}" if use else word)
            if same and is_filled(facts, same):
                chosen[column] = same


def _bare_use(use: str) -> str:
    """`Shipping Address 1` and `Shipping City` are of one use."""
    return use.removesuffix("_address").removeprefix("address_")


@cache
def _roles() -> frozenset[str]:
    """Words that say who of several people a column is about: `payer`, `member`, `adherent`."""
    known = (*words()["prefixes"]["people"], *words()["columns"]["orders"]["record_id"], "payer", "payor", "payeur", "pagador")
    return frozenset(word for word in known if "_" not in word) - {
        *HOME,
        "business",
        "work",
        "billing",
        "shipping",
        "address",
        "adr",
        "po",
    }


def _one_person(chosen: dict[str, str], names: Mapping[str, str]) -> None:
    """The name and the e-mail are of one person: beside `Email payeur`, not `Nom adhérent` where there is `Nom payeur`."""
    whose = {*plain(chosen.get("email", "")).split("_")} & _roles()
    for column in ("given_name", "family_name", "full_name", "phone") if len(whose) == 1 else ():
        parts = plain(chosen.get(column, "")).split("_")
        if column in chosen and not whose & {*parts} and (other := {*parts} & _roles()):
            same = names.get("_".join(next(iter(whose)) if part in other else part for part in parts))
            if same and same not in chosen.values():
                chosen[column] = same


def _fits(table: str, column: str, facts: Mapping[str, Facts] | None, name: str) -> bool:
    """False if the sampled values of a field cannot be values of a column."""
    known = (facts or {}).get(name)
    if known is None:
        return True
    if not known.filled:
        return True
    kind = CONFORMED[table].column(column).sql_type  # type: ignore[union-attr]
    if column in NO_FLAGS and known.answer >= ALL_FLAGS:
        return False  # `Shipping address` True or False says whether there is one
    if kind.startswith("DECIMAL"):
        flag = column == "amount" and known.longest == 1 and known.distinct <= 2  # `Paid` 0 or 1
        return known.number >= FITTING and not flag
    if kind in {"TIMESTAMP", "DATE"}:
        return known.date >= FITTING
    if column in {"currency", "price_currency"}:  # its code or mark, or its number of three digits: not a rate of exchange
        return known.number < FITTING or (known.whole >= FITTING and known.longest == 3)
    if column == "email":
        return known.email >= FITTING
    if column == "phone":
        return (known.phone >= 0.3 and known.date < 0.9) or (known.whole >= FITTING and known.longest >= 6)
    if column in {"given_name", "family_name", "full_name", "city", "organisation", "region"}:
        return known.number < FITTING and known.email < FITTING and (known.date < 0.9 or column == "organisation")
    return True


def _is_sum(facts: Mapping[str, Facts] | None, name: str) -> bool:
    """True for numbers with decimals: the `SKU Value` is not an article."""
    known = (facts or {}).get(name)
    return bool(known and known.filled and known.number >= 0.9 and known.whole < 0.1 and SUM.search(plain(name)))


def _named(names: dict[str, str], synonyms: Sequence[str], prefixes: Sequence[str], of_people: bool) -> Iterable[str]:
    together = "\n".join(names)
    for word in synonyms:
        if word not in together:  # of a thousand words most are nowhere
            continue
        if word in names:
            yield names[word]
        for prefix in prefixes:  # in `customers`, `customer_name` is the name
            joined = [f"{prefix}_{word}", f"{prefix}{word}" if UNSPACED.match(prefix) else ""]
            if of_people and prefix not in NO_PERSON:
                joined += [f"{word}_{prefix}", *(f"{word}_{of}_{prefix}" for of in OF)]
            for one in joined:  # in other languages the customer stands behind: `nom_du_client`, `имя_клиента`
                if one in names:
                    yield names[one]


def _prefixes(object_name: str, table: str, here: tuple[str, ...]) -> list[str]:
    """What may stand before a word: the object's own name, and for people what says that it is about the customer."""
    own = sorted(_stems(plain(object_name)), key=len)
    return (
        [*own, *words(here)["prefixes"]["people"]]
        if table in {"records", "addresses"}
        else own + list(words()["prefixes"].get(table, ()))
    )


def _stems(name: str) -> set[str]:
    """The singular of an object's name; of a word, also without a further ending: `kartyabirtokos` of `kartyabirtokosok`."""
    return singular(name) | ({name[:-cut] for cut in (2, 3)} if len(name) > 9 and "_" not in name else set())


def _references(names: dict[str, str], synonyms: Sequence[str], of_people: bool) -> Iterable[str]:
    """The columns named like a number of what the words say; of people, a compound says so in every language."""
    together = "\n".join(names)
    synonyms = [word for word in synonyms if word and word in together]
    for ending in ID_ENDINGS:
        for word in synonyms:
            if word + ending in names:
                yield names[word + ending]
    for start in ID_STARTS:
        for word in synonyms:
            if start + word in names:
                yield names[start + word]
    known = numbered_people() if of_people else {*synonyms}
    yield from (column for name, column in names.items() if known.intersection(compound_stems(name)))


def _by_shape(fields: Sequence[FoundField], taken: set[str], facts: Mapping[str, Facts] | None) -> dict[str, str]:
    for each in fields:
        known = (facts or {}).get(each.name)
        shaped = known.email >= 0.8 if known else bool(EMAIL_SHAPE.fullmatch(each.example.strip()))
        if each.name not in taken and shaped:
            return {"email": each.name}
    return {}


def _table_of(found: FoundObject, facts: Mapping[str, Facts] | None) -> str:
    """The table that the name of an object says, unless its columns say better; "" if neither says anything."""
    table = named(found.name) or by_fields(found, facts)
    if not table:
        return ""
    if table in {"tickets", "interactions", "records"} and is_of_events(found):
        table = "orders"
    may_be_lines = table in {"orders", "records"} or (table == "products" and is_of_orders(found.name))
    if may_be_lines and by_fields(found, facts) == "order_lines":
        table = "order_lines"  # whatever the name of the file: each row is a line
    if table == "records" and _gives(found, facts):
        table = "orders"
    named_in_parts = {"given_name", "family_name"} <= columns_of(found, "records", facts).keys() if table == "records" else True
    if not named_in_parts and by_fields(found, facts) == "interactions":
        table = "interactions"  # `leads` with a stage and a budget
    if table == "interactions" and _are_payments(found, facts):
        table = "orders"
    return table


def _gives(found: FoundObject, facts: Mapping[str, Facts] | None) -> bool:
    """True for a list of people, each with the date and the amount of what they gave: `Pledged At` and `Pledge Amount`."""
    if by_fields(found, facts) != "orders":
        return False
    columns, giving = columns_of(found, "orders", facts), {*words()["giving"]["words"]}
    return all(giving & set(plain(columns[one]).split("_")) for one in ("ordered_at", "amount"))


def guess(found: FoundObject, facts: Mapping[str, Facts] | None = None) -> Guess | None:
    """The best guess for the object, or None if it is not recognised."""
    table = "" if is_about_others(found.name) else _table_of(found, facts)
    if not table or (table == "records" and is_list_of_suppliers(found)):
        return None
    columns = columns_of(found, table, facts)
    if table == "orders" and _are_people_alone(found, columns, facts):
        table, columns = "records", columns_of(found, "records", facts)
    if table == "accounts" and not is_filled(facts, columns.get("name", "")):
        columns.pop("name")  # accounts of people, whose company nobody gave
    if any(name not in columns for name in NEEDED.get(table, ())) or not _is_enough(table, columns):
        if table == "orders" and not columns and WHO & columns_of(found, "records", facts).keys():
            return Guess(found, table, columns)  # date and amount are found by their values
        other = by_fields(found, facts)
        if not other or other == table or any(name not in columns_of(found, other, facts) for name in NEEDED.get(other, ())):
            return None
        table, columns = other, columns_of(found, other, facts)
    return Guess(found, table, columns) if columns else None


def _are_people_alone(found: FoundObject, columns: Mapping[str, str], facts: Mapping[str, Facts] | None) -> bool:
    """True for people in what is named for orders, as the first sheet of `Customers and Orders.xlsx` is: no date, no sum."""
    if not facts or {"ordered_at", "amount", "paid", "unpaid", "status"} & columns.keys() or by_fields(found, facts) != "records":
        return False
    of_sales = (one for one in facts.values() if one.filled and one.whole < 0.5 and one.phone < 0.5)
    return not any(one.date >= 0.5 or one.number >= 0.5 for one in of_sales)


def _are_payments(found: FoundObject, facts: Mapping[str, Facts] | None) -> bool:
    """True for a mere `activity` whose date and amount have names that only orders and payments use for theirs."""
    if not singular(plain(found.name)) & ACTIVITIES or by_fields(found, facts) != "orders":
        return False
    known, columns = words(spoken(found.name, tuple(each.name for each in found.fields))), columns_of(found, "orders", facts)
    names = [_known_form(columns[one], found) for one in ("ordered_at", "amount")]
    return not any(form in known["columns"]["interactions"][one] for form, one in zip(names, ("at", "amount"), strict=True))


def _known_form(column: str, found: FoundObject) -> str:
    return next((name for name, each in names_of([one.name for one in found.fields]).items() if each == column), plain(column))


def _is_enough(table: str, columns: Mapping[str, str]) -> bool:
    """A person needs something that says who it is, and a company its name."""
    if table in {"accounts", "orders"}:
        return "name" in columns if table == "accounts" else bool(columns)
    return table != "records" or bool(WHO & columns.keys()) or len(columns) > 1


def by_fields(found: FoundObject, facts: Mapping[str, Facts] | None = None) -> str:
    """The table whose characteristic columns the object has, or ""."""
    lines = columns_of(found, "order_lines", facts)
    if {"order_id", "product_id"} <= lines.keys() and {"quantity", "amount", "unit_price"} & lines.keys():
        return "order_lines"
    names, deals = {plain(each.name) for each in found.fields}, columns_of(found, "interactions", facts)
    if not names.isdisjoint(words()["deals"]["words"]) and {"at", "amount"} <= deals.keys():
        return "interactions"
    if not named(found.name) and is_of_deals(names, deals):
        return "interactions"
    orders = columns_of(found, "orders", facts)
    people = columns_of(found, "records", facts)
    if (
        {"ordered_at", "amount"} <= orders.keys()
        and ("record_id" in orders or "email" in people)
        and ("birth_date" not in people or "order_id" in lines)  # who was born, and when they became a member
    ):
        return "orders"
    if are_requests([plain(each.name) for each in found.fields], columns_of(found, "tickets", facts), people):
        return "tickets"
    if "email" in people or {"given_name", "family_name"} <= people.keys():
        return "records"
    if ("full_name" in people or "organisation" in people) and {"phone", "street", "postcode", "birth_date"} & people.keys():
        return "records"
    products = columns_of(found, "products", facts)
    return "products" if {"name", "price"} <= products.keys() else ""
