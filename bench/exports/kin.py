"""Exports of people, written after the proposals had been mended: families with one address, companies, suppliers, refusals."""

# ruff: noqa: E501 - the rows of exports are long

from dataclasses import replace
from typing import Any

from bench.exports.far_shops import comma
from bench.exports.made_up import Person, World
from bench.exports.truth import Export

OWN = "name email phone"


def families(w: World) -> list[Person]:
    """The people of a world; every fourth has the family name and the address of the one before."""
    made: list[Person] = []
    for p in w.people:
        last = made[-1] if made else p
        shared = {
            "family_name": last.family_name,
            "email": last.email,
            "street": last.street,
            "city": last.city,
            "postcode": last.postcode,
        }
        made.append(replace(p, **shared) if p.number % 4 == 1 else p)  # type: ignore[arg-type]
    return made


def flat(
    name: str, title: str, country: str, columns: dict[str, str], delimiter: str, yes_no: tuple[str, str] = ("", "")
) -> Export:
    """One flat file of sales, with consents on its rows where `yes_no` has words for them."""
    e, w = Export(title, known=False), World(name, countries=(country,))
    people, rows, newest = families(w), [], {}
    for o in w.orders(40):
        p = people[o.person.number]
        said = o.number % 3 == 0
        rows.append({"o": o, "p": p, "sum": comma(o.subtotal), "said": yes_no[0] if said else yes_no[1]})
        e.order(f"{o.number:05d}", p, ordered_at=o.at.date(), amount=o.subtotal)
        e.person(p, OWN)
        newest[p.name] = (p, said)
    for p, said in newest.values() if yes_no[0] else ():
        e.consent(p, "email", said)
    e.table(f"{name}.csv", columns, rows, delimiter)
    return e


def taller() -> Export:
    """Spanish: enrolments of a school, a family under one e-mail, consent on the row."""
    return flat("inscripciones", "School ES", "US", {
        "Nº inscripción": "{o.number:05d}", "Fecha": "{o.at:%d/%m/%Y}", "Alumno": "{p.name}", "Correo": "{p.email}", "Teléfono": "{p.phone}",
        "Importe": "{sum}", "Moneda": "EUR", "Acepta publicidad": "{said}",
    }, ";", ("sí", "no"))  # fmt: skip


def gifts() -> Export:
    """English: the gifts of a charity, couples with one e-mail."""
    return flat("gifts", "Charity GB", "GB", {
        "Gift ID": "{o.number:05d}", "Gift Date": "{o.at:%Y-%m-%d}", "Donor Name": "{p.name}", "Donor Email": "{p.email}", "Donor Phone": "{p.phone}",
        "Gift Amount": "{o.subtotal}", "Currency": "GBP", "Newsletter opt in": "{said}",
    }, ",", ("Yes", "No"))  # fmt: skip


def ferienhaus() -> Export:
    """German: bookings of holiday flats, first and last name apart."""
    return flat("buchungen", "Ferienhaus DE", "DE", {
        "Buchungsnr": "{o.number:05d}", "Buchungsdatum": "{o.at:%d.%m.%Y}", "Vorname": "{p.given_name}", "Nachname": "{p.family_name}",
        "E-Mail": "{p.email}", "Telefon": "{p.phone}", "Gesamtbetrag": "{sum}", "Währung": "EUR",
    }, ";")  # fmt: skip


def listed(name: str, title: str, country: str, columns: dict[str, str], delimiter: str, words: tuple[str, str, str]) -> Export:
    """A list of people, some of them suppliers and some both; a consent that some took back on a day."""
    e, w = Export(title, known=False), World(name, countries=(country,))
    rows: list[dict[str, Any]] = []
    for p in families(w):
        kind = words[1] if p.number % 7 == 3 else words[2] if p.number % 7 == 5 else words[0]
        gone = p.number % 5 == 2
        rows.append({"p": p, "kind": kind, "gone": "2025-02-11" if gone else "", "key": f"K{p.number:04d}"})
        if kind != words[1]:
            e.person(p, OWN, f"K{p.number:04d}")
            if gone:
                e.consent(p, "email", False)
    e.table(f"{name}.csv", columns, rows, delimiter)
    return e


def verein() -> Export:
    """German: the contacts of a club's books."""
    return listed("kontakte", "Verein DE", "DE", {
        "Kontakt-Nr.": "{key}", "Vorname": "{p.given_name}", "Nachname": "{p.family_name}", "Kontaktkategorie": "{kind}", "E-Mail": "{p.email}",
        "Mobil": "{p.phone}", "Einwilligung widerrufen am": "{gone}",
    }, ";", ("Kunde", "Lieferant", "Kunde und Lieferant"))  # fmt: skip


def cabinet() -> Export:
    """French: the contacts of a practice."""
    return listed("contacts", "Cabinet FR", "US", {
        "Réf": "{key}", "Nom": "{p.family_name}", "Prénom": "{p.given_name}", "Type de contact": "{kind}", "Courriel": "{p.email}",
        "Tél. portable": "{p.phone}", "Consentement retiré le": "{gone}",
    }, ";", ("Client", "Fournisseur", "Client / Fournisseur"))  # fmt: skip


def soci() -> Export:
    """Italian: the members of an association."""
    return listed("soci", "Associazione IT", "US", {
        "N. tessera": "{key}", "Cognome": "{p.family_name}", "Nome": "{p.given_name}", "Cellulare": "{p.phone}", "Email": "{p.email}",
        "Categoria": "{kind}", "Consenso revocato il": "{gone}",
    }, ",", ("Socio", "Fornitore", "Socio e fornitore"))  # fmt: skip


def leden() -> Export:
    """Dutch: the relations of a club."""
    return listed("relaties", "Vereniging NL", "US", {
        "Relatiecode": "{key}", "Roepnaam": "{p.given_name}", "Achternaam": "{p.family_name}", "E-mail": "{p.email}", "Mobiel": "{p.phone}",
        "Soort relatie": "{kind}", "Toestemming ingetrokken": "{gone}",
    }, ";", ("Lid", "Leverancier", "Lid, leverancier"))  # fmt: skip


def fundacja() -> Export:
    """Polish: the contacts of a foundation, in the encoding of Windows."""
    e = listed("kontakty", "Fundacja PL", "US", {
        "Identyfikator": "{key}", "Imię": "{p.given_name}", "Nazwisko": "{p.family_name}", "E-mail": "{p.email}", "Telefon": "{p.phone}",
        "Rodzaj": "{kind}", "Zgoda wycofana": "{gone}",
    }, ";", ("Klient", "Dostawca", "Klient i dostawca"))  # fmt: skip
    e.files = {name: str(text).encode("cp1250") for name, text in e.files.items()}
    return e
