"""Exports of marketplaces, subscriptions, schools, desks and landlords, some as JSON, some kept by hand in a spreadsheet."""

# ruff: noqa: E501 - the rows of exports are long

import json

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def bol() -> Export:
    """bol.com in Dutch: a row for each item; who is billed and who receives are apart; dates with hyphens, day first."""
    e, w = Export("bol NL", known=False), World("bol", countries=("DE",))
    rows = []
    for o in w.orders(40):
        rows += [
            {"o": o, "p": o.person, "line": line, "sum": comma(line.amount), "unit": comma(line.good.price)} for line in o.lines
        ]
        e.order(f"12{o.number:08d}", o.person, o.lines, ordered_at=o.at.date(), amount=o.subtotal, currency={"EUR", None})
        e.person(o.person, "given_name family_name email city postcode")
    e.table("bestellingen.csv", {
        "Bestelnummer": "12{o.number:08d}", "Besteldatum": "{o.at:%d-%m-%Y}", "EAN": "{line.good.sku}", "Titel": "{line.good.name}", "Aantal": "{line.quantity}", "Stukprijs": "{unit}", "Regeltotaal": "{sum}",
        "Voornaam factuuradres": "{p.given_name}", "Achternaam factuuradres": "{p.family_name}", "Postcode factuuradres": "{p.postcode}", "Woonplaats factuuradres": "{p.city}", "E-mail koper": "{p.email}",
        "Voornaam verzendadres": "Uncle", "Achternaam verzendadres": "Gift", "Woonplaats verzendadres": "Salem", "Uiterste leverdatum": "01-02-2026",
    }, rows, ";")  # fmt: skip
    return e


def recurly() -> Export:
    """Recurly: accounts are people; invoices with their totals in cents aside."""
    e, w = Export("Recurly", known=False), World("recurly", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name region {OWN}", f"acct-{p.number:04d}")
    for o in w.orders(40):
        word, status = state(o, {"paid": "paid", "failed": {"cancelled", "pending", "placed"}, "voided": "cancelled"})
        rows.append({"o": o, "p": o.person, "word": word})
        e.order(str(1000 + o.number), o.person, ordered_at={o.at, o.at.date()}, amount=o.total, currency="USD", status=status)
    e.table("accounts.csv", {
        "account_code": "acct-{p.number:04d}", "account_email": "{p.email}", "account_first_name": "{p.given_name}", "account_last_name": "{p.family_name}", "account_company_name": "", "account_phone": "{p.phone}", "account_address1": "{p.street}",
        "account_city": "{p.city}", "account_state": "{p.region}", "account_postal_code": "{p.postcode}", "account_state_name": "active", "account_created_at": "2023-01-05T10:00:00Z",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("invoices_summary.csv", {
        "invoice_number": "10{o.number:02d}", "account_code": "acct-{p.number:04d}", "invoice_state": "{word}", "invoice_date": "{o.at:%Y-%m-%dT%H:%M:%SZ}", "invoice_closed_at": "", "invoice_subtotal": "{o.subtotal}", "invoice_tax": "{o.tax}",
        "invoice_total": "{o.total}", "invoice_currency": "USD", "net_terms": "0",
    }, rows)  # fmt: skip
    return e


def charges_json() -> Export:
    """Charges as an API gives them: amounts in cents, times in seconds, the payer nested."""
    e, w = Export("Charges JSON", known=False), World("charges", countries=("US",))
    rows = []
    for o in w.orders(40):
        cents = int(o.total * 100)
        rows.append({
            "id": f"ch_{o.number:06d}", "object": "charge", "amount": cents, "currency": "usd", "created": int(o.at.timestamp()), "status": "succeeded", "paid": True,
            "billing_details": {"name": o.person.name, "email": o.person.email, "phone": o.person.phone},
        })  # fmt: skip
        e.order(f"ch_{o.number:06d}", o.person, amount=o.total, currency="USD", status=DONE)
        e.person(o.person, "name email phone")
    e.files["charges.json"] = json.dumps(rows)
    return e


def university() -> Export:
    """A university in Czech: students and fees; parents and tutors are others."""
    e, w = Export("Škola CZ", known=False), World("university", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name birth_date email phone city postcode street", f"S{p.number:05d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": comma(o.total, " ")})
        e.order(f"P{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total, currency={"CZK", None})
    e.table("studenti.csv", {
        "Osobní číslo": "S{p.number:05d}", "Jméno": "{p.given_name}", "Příjmení": "{p.family_name}", "Datum nar.": "{p.birth:%d.%m.%Y}", "E-mail": "{p.email}", "Mobil": "{p.phone}", "Ulice": "{p.street}", "Obec": "{p.city}", "PSČ": "{p.postcode}",
        "Jméno zákonného zástupce": "Anna", "Telefon zákonného zástupce": "+420601555999", "Školitel": "Rick Repp",
    }, [{"p": p} for p in w.people], ";", "cp1250")  # fmt: skip
    e.table("platby.csv", {
        "Číslo dokladu": "P{o.number:05d}", "Osobní číslo": "S{p.number:05d}", "Datum platby": "{o.at:%d.%m.%Y}", "Částka": "{sum} Kč", "Účel": "školné",
    }, rows, ";", "cp1250")  # fmt: skip
    return e


def front() -> Export:
    """Front: conversations with their requester; the assignee is staff."""
    e, w = Export("Front", known=False), World("front", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        rows.append({"n": number, "p": p, "at": at, "subject": w.subject(number)})
        e.person(p, "name email")
        e.ticket(f"cnv_{number:05d}", p, subject=w.subject(number), opened_at=at)
    e.table("conversations.csv", {
        "Conversation ID": "cnv_{n:05d}", "Subject": "{subject}", "Status": "archived", "Inbox": "Support", "Assignee": OWNER, "Contact name": "{p.name}", "Contact handle": "{p.email}", "Created at": "{at:%Y-%m-%d %H:%M}", "First response time (s)": "300", "Tags": "billing",
    }, rows)  # fmt: skip
    return e


def landlord() -> Export:
    """Finnish: tenants and the rents they were billed, kept by hand with a title above."""
    e, w = Export("Vuokrat FI", known=False), World("landlord", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone street postcode city", f"V{p.number:03d}")
    for o in w.orders(40):
        word, status = state(o, {"Maksettu": DONE, "Avoin": {"placed", "pending"}})
        rows.append({"o": o, "p": o.person, "sum": comma(o.subtotal, " "), "word": word})
        e.order(f"L{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.subtotal, currency={"EUR", None}, status=status)
    e.table("vuokralaiset.csv", {
        "Vuokralaisnro": "V{p.number:03d}", "Etunimi": "{p.given_name}", "Sukunimi": "{p.family_name}", "Sähköpostiosoite": "{p.email}", "Puh.": "{p.phone}", "Katuosoite": "{p.street}", "Postinro": "{p.postcode}", "Postitoimipaikka": "{p.city}", "Isännöitsijä": OWNER,
    }, [{"p": p} for p in w.people], ";", "", "Vuokralaiset 2024\n\n")  # fmt: skip
    e.table("laskut.csv", {
        "Laskun nro": "L{o.number:05d}", "Vuokralaisnro": "V{p.number:03d}", "Laskutuspvm": "{o.at:%d.%m.%Y}", "Eräpäivä": "01.01.2026", "Summa (€)": "{sum}", "Tila": "{word}",
    }, rows, ";")  # fmt: skip
    return e


def mercado() -> Export:
    """Mercado Libre in Spanish: sales with a buyer and what was sold."""
    e, w = Export("Mercado Libre ES", known=False), World("mercado", countries=("DE",))
    rows = []
    for o in w.orders(40):
        line = o.lines[0]
        word, status = state(
            o, {"Entregado": DONE, "Cancelada por el comprador": "cancelled", "Devolución finalizada": {"returned", "refunded"}}
        )
        rows.append({"o": o, "p": o.person, "line": line, "word": word})
        e.order(
            f"20000{o.number:05d}", o.person, ordered_at=o.at, amount=line.amount, currency={"MXN", "EUR", None}, status=status
        )
        e.person(o.person, "name city")
        e.product(line.good.sku, line.good.name)
    e.table("ventas.csv", {
        "# de venta": "20000{o.number:05d}", "Fecha de venta": "{o.at:%d/%m/%Y %H:%M}", "Estado": "{word}", "Unidades": "{line.quantity}", "SKU": "{line.good.sku}", "Título de la publicación": "{line.good.name}", "Precio unitario de venta de la publicación": "{line.good.price}",
        "Ingresos por productos": "{line.amount}", "Comprador": "{p.name}", "Ciudad": "{p.city}", "Forma de entrega": "Mercado Envíos",
    }, rows, ";")  # fmt: skip
    return e


def dump() -> Export:
    """A database as CSV: keys of three tables, flags, JSON in a cell, times with zones, cents in a column that says so."""
    e, w = Export("Database dump", known=False), World("dump", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone", str(100 + p.number))
    for o in w.orders(40):
        word, status = state(o, {"completed": DONE, "canceled": "cancelled", "pending_payment": {"pending", "placed"}})
        rows.append({"o": o, "p": o.person, "word": word, "id": 100 + o.person.number, "cents": int(o.total * 100)})
        e.order(str(500 + o.number), o.person, ordered_at=o.at, amount=o.total, currency="USD", status=status)
    e.table("app_users.csv", {
        "id": "{id}", "uuid": "00000000-0000-4000-8000-{p.number:012d}", "email_address": "{p.email}", "given_names": "{p.given_name}", "surname": "{p.family_name}", "phone_e164": "{p.phone}", "password_hash": "x{p.number}", "is_active": "t",
        "created_at": "2023-01-05 10:00:00+00", "deleted_at": "",
    }, [{"p": p, "id": 100 + p.number} for p in w.people])  # fmt: skip
    e.table("purchases.csv", {
        "id": "{n}", "user_id": "{id}", "placed_at": "{o.at:%Y-%m-%d %H:%M:%S}+00", "state": "{word}", "total_cents": "{cents}", "currency_iso": "USD", "meta": "{{}}",
    }, [row | {"n": 500 + row["o"].number} for row in rows])  # fmt: skip
    return e


def chapel() -> Export:
    """Kept by hand: a title, words of people, money with a sign, `Date Rec'd`."""
    e, w = Export("By hand", known=False), World("chapel", countries=("US",))
    rows = []
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person})
        e.order({f"{o.number + 1}"}, o.person, ordered_at=o.at.date(), amount=o.subtotal)
        e.person(o.person, "name phone street city postcode region")
    e.table("Spring Sale 2024.csv", {
        "#": "{n}", "Date Rec'd": "{o.at:%m/%d/%y}", "Who": "{p.name}", "Ph #": "{p.phone}", "Mailing Addr": "{p.street}", "City, ST Zip": "{p.city}, {p.region} {p.postcode}", "Amt Pd": "${o.subtotal}", "Pd?": "Y", "Taken by": OWNER,
    }, [row | {"n": row["o"].number + 1} for row in rows], ",", "", "Spring Sale - orders\n\n")  # fmt: skip
    return e


def loyalty() -> Export:
    """A loyalty programme in Hungarian: cards, holders, and purchases that name the card."""
    e, w = Export("Hűség HU", known=False), World("loyalty", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(
            p, "email phone city postcode birth_date", f"9900{p.number:05d}", name={p.name, f"{p.family_name} {p.given_name}"}
        )
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": comma(o.subtotal, " ")})
        e.order(f"NY{o.number:05d}", o.person, ordered_at=o.at, amount=o.subtotal, currency={"HUF", None})
    e.table("kartyabirtokosok.csv", {
        "Kártyaszám": "9900{p.number:05d}", "Kártyabirtokos neve": "{p.family_name} {p.given_name}", "Szül. dátum": "{p.birth:%Y.%m.%d}", "E-mail cím": "{p.email}", "Mobilszám": "{p.phone}", "Irányítószám": "{p.postcode}", "Helység": "{p.city}", "Egyenleg (pont)": "120",
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    e.table("vasarlasok.csv", {
        "Nyugtaszám": "NY{o.number:05d}", "Kártyaszám": "9900{p.number:05d}", "Vásárlás időpontja": "{o.at:%Y.%m.%d %H:%M}", "Fizetett összeg": "{sum}", "Üzlet": "Budapest 1", "Pénztáros": OWNER,
    }, rows, ";")  # fmt: skip
    return e
