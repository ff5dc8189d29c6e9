"""Exports of people and what they owe or ask from systems of several countries: names of couples, merged rows, links by name."""

# ruff: noqa: E501 - the rows of exports are long

import json
import sqlite3
import tempfile
from decimal import Decimal
from pathlib import Path

from bench.exports.made_up import STAFF, Order, World
from bench.exports.offices import OWNER, account_of, companies, deals, tickets
from bench.exports.truth import Export

ADDRESS = "street city postcode region country"


def comma(value: Decimal) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def invoices(w: World, count: int = 40) -> list[dict[str, object]]:
    """Invoices of people, one a row."""
    return [{"o": o, "p": o.person, "sum": comma(o.total), "n": o.number + 1} for o in w.orders(count)]


def _order(row: dict[str, object]) -> Order:
    order = row["o"]
    assert isinstance(order, Order)
    return order


def vtiger() -> Export:
    """Contacts, opportunities and tickets that name each other."""
    e, w = Export("vTiger", known=False), World("vtiger")
    e.table("Accounts.csv", {"Organization Name": "{name}", "Organization Number": "ACC{n}", "Website": "{domain}.example", "Assigned To": OWNER, "Industry": "Energy"},
            companies(e, key="ACC{n}"))  # fmt: skip
    e.table("Contacts.csv", {
        "Contact Id": "CON{p.number}", "Salutation": "", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Organization Name": "{p.organisation}", "Title": "",
        "Primary Email": "{p.email}", "Secondary Email": "", "Office Phone": "", "Mobile Phone": "{p.phone}", "Date of Birth": "{p.birth_date}", "Mailing Street": "{p.street}",
        "Mailing City": "{p.city}", "Mailing State": "{p.region_name}", "Mailing Zip": "{p.postcode}", "Mailing Country": "{p.country_name}", "Reports To": "", "Do Not Call": "0",
        "Assigned To": OWNER, "Created Time": "2024-01-05 10:00:00", "Modified Time": "2024-05-05 10:00:00",
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(
            p, f"name given_name family_name email phone birth_date organisation {ADDRESS}", f"CON{p.number}", **account_of(p, "")
        )
    e.table("Potentials.csv", {
        "Potential No": "POT{n}", "Opportunity Name": "Supply {n}", "Organization Name": "{p.organisation}", "Contact Name": "{p.name}", "Amount": "{amount}",
        "Expected Close Date": "{close:%Y-%m-%d}", "Sales Stage": "Closed Won", "Probability": "100", "Assigned To": OWNER,
    }, deals(e, w, 25, "POT{n}"))  # fmt: skip
    rows = tickets(w, 30)
    e.table("HelpDesk.csv", {
        "Ticket No": "TT{n}", "Title": "{subject}", "Status": "{state}", "Priority": "Normal", "Contact Name": "{p.name}", "Organization Name": "{p.organisation}",
        "Assigned To": OWNER, "Created Time": "{at:%Y-%m-%d %H:%M:%S}",
    }, rows)  # fmt: skip
    for row in rows:
        e.ticket(f"TT{row['n']}", row["p"], subject=row["subject"], opened_at=row["at"], status=row["state"])
    return e


def mailerlite() -> Export:
    """Subscribers: what they are is in a word, when they left in a date."""
    e, w = Export("MailerLite", known=False), World("mailerlite")
    rows = [
        {
            "p": p,
            "state": "Unsubscribed" if p.number % 4 == 0 else "Active",
            "off": "2024-05-05 10:00:00" if p.number % 4 == 0 else "",
        }
        for p in w.people
    ]
    e.table("subscribers.csv", {
        "Subscriber": "{p.email}", "Status": "{state}", "Sent": "5", "Opens": "2", "Clicks": "1", "Subscribed": "2024-01-05 10:00:00", "Unsubscribed": "{off}",
        "Location": "", "Name": "{p.given_name}", "Last name": "{p.family_name}", "Company": "{p.organisation}", "Phone": "{p.phone}", "City": "{p.city}", "Zip": "{p.postcode}",
    }, rows)  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone organisation city postcode")
        e.consent(p, "email", p.number % 4 != 0)  # they subscribed at a time, and some left
    return e


def lexware() -> Export:
    """Customers of a German book below a title, with two phones, and invoices that name the number of the customer."""
    e, w = Export("Lexware DE", known=False), World("lexware")
    e.table("Kundenliste.csv", {
        "Kunden-Nr.": "{k}", "Anrede": "Frau", "Titel": "Dr.", "Vorname": "{p.given_name}", "Name": "{p.family_name}", "Firma": "{p.organisation}", "Straße": "{p.street}",
        "PLZ": "{p.postcode}", "Ort": "{p.city}", "Land": "{p.country}", "Telefon 1": "{p.phone}", "Telefon 2": "+4930123{k}", "E-Mail": "{p.email}", "Vertreter": OWNER, "Kunde seit": "05.01.2024",
    }, [{"p": p, "k": 10001 + p.number} for p in w.people], ";", "cp1252", above="Musterfirma GmbH - Kundenliste;;;;\n\n")  # fmt: skip
    for p in w.people:
        e.person(p, "given_name family_name email organisation street city postcode country", str(10001 + p.number),
                 phone={p.phone, f"+4930123{10001 + p.number}"})  # fmt: skip
    words = {"bezahlt": "paid", "offen": {"pending", "placed"}, "storniert": "cancelled"}
    rows = [{**row, "k": 10001 + _order(row).person.number, "state": list(words)[_order(row).number % 3]} for row in invoices(w)]
    e.table("Rechnungsausgangsbuch.csv", {
        "Rechnungs-Nr.": "RE{n:05d}", "Rechnungsdatum": "{o.at:%d.%m.%Y}", "Kunden-Nr.": "{k}", "Kunde": "{p.organisation}", "Netto": "0,00", "Brutto": "{sum}", "Status": "{state}",
    }, rows, ";", "cp1252")  # fmt: skip
    for row in rows:
        o = _order(row)
        e.order(f"RE{o.number + 1:05d}", o.person, ordered_at=o.at.date(), amount=o.total, status=words[str(row["state"])])
    return e


def fatture() -> Export:
    """Customers and invoices of an Italian book: the invoice has nothing but the name of the customer."""
    e, w = Export("Fatture IT", known=False), World("fatture")
    e.table("clienti.csv", {
        "Codice": "{p.number:05d}", "Denominazione": "{p.name}", "P.IVA": "", "Codice fiscale": "CF{p.number:014d}", "Indirizzo": "{p.street}", "CAP": "{p.postcode}", "Comune": "{p.city}",
        "Paese": "{p.country_name}", "Telefono": "{p.phone}", "E-mail": "{p.email}", "PEC": "", "Referente": "", "Note": "",
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    for p in w.people:
        e.person(p, "name email phone street city postcode country", f"{p.number:05d}")
    e.table("fatture_emesse.csv", {
        "Numero": "{n}", "Data": "{o.at:%d/%m/%Y}", "Cliente": "{p.name}", "Imponibile": "0,00", "IVA": "0,00", "Totale": "{sum} €", "Stato": "Pagata",
    }, rows := invoices(w), ";")  # fmt: skip
    for row in rows:
        o = _order(row)
        e.order(str(row["n"]), o.person, ordered_at=o.at.date(), amount=o.total, currency="EUR", status="paid")
    return e


def sansan() -> Export:
    """Business cards in Shift-JIS: the whole address in one cell, a company phone beside the mobile."""
    e, w = Export("Sansan JA", known=False), World("sansan", countries=("US",))
    e.table("名刺一覧.csv", {
        "名刺ID": "{p.number:08d}", "会社名": "{p.organisation}", "部署名": "", "役職": "", "氏名": "{p.family_name} {p.given_name}", "e-mail": "{p.email}", "携帯電話": "{p.phone}",
        "郵便番号": "{p.postcode}", "所有者": OWNER, "名刺交換日": "2024/01/05",
    }, [{"p": p} for p in w.people], encoding="cp932")  # fmt: skip
    for p in w.people:
        e.person(p, "email phone organisation postcode", f"{p.number:08d}", name={p.name, f"{p.family_name} {p.given_name}"})
    return e


def rd_station() -> Export:
    """Leads of a Brazilian marketing system and its deals, which name the contact."""
    e, w = Export("RD Station PT", known=False), World("rdstation")
    e.table("contatos.csv", {
        "Email": "{p.email}", "Nome": "{p.name}", "Telefone": "", "Celular": "{p.phone}", "Empresa": "{p.organisation}", "Cargo": "", "Cidade": "{p.city}", "Estado": "{p.region_name}",
        "País": "{p.country_name}", "Data de nascimento": "{p.birth:%d/%m/%Y}", "Dono do Lead (última atualização)": STAFF[2], "Estágio no funil": "Cliente",
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, "name email phone organisation city region country birth_date")
    e.table("negociacoes.csv", {
        "ID": "64{n}", "Nome da negociação": "Proposta {n}", "Empresa": "{p.organisation}", "Contatos": "{p.name}", "Etapa": "Ganha", "Valor único": "{money}", "Responsável": OWNER,
        "Data de criação": "{at:%d/%m/%Y %H:%M}",
    }, [{**row, "money": row["amount"].replace(".", ",")} for row in deals(e, w, 25, "64{n}")])  # fmt: skip
    return e


def couples() -> Export:
    """Members of a club, two in a row, who share a phone; the family in one cell."""
    e, w = Export("Club, couples", known=False), World("couples")
    rows = []
    for p in w.people[:20]:
        other = w.people[p.number + 20]
        rows.append(
            {"p": p, "o": other, "names": f"{p.given_name} & {other.given_name} {p.family_name}" if p.number % 2 else p.name}
        )
    e.table("members.csv", {
        "Member No": "{p.number:04d}", "Names": "{names}", "Email": "{p.email}", "Phone": "{p.phone}", "Address": "{p.street}", "Town": "{p.city}", "Postcode": "{p.postcode}", "Paid": "yes",
    }, rows)  # fmt: skip
    for row in rows:
        p = row["p"]
        both = {p.name, str(row["names"])}
        e.person(p, "email phone street city postcode", f"{p.number:04d}", name=both)  # type: ignore[arg-type]
    return e


def merged() -> Export:
    """Clients of a property system: merged into others, deleted at a time, two addresses."""
    e, w = Export("Property, merged", known=False), World("merged")
    rows = [{"p": p, "id": 900 + p.number, "into": "", "gone": ""} for p in w.people]
    rows += [{"p": p, "id": 990 + p.number, "into": 900 + p.number, "gone": ""} for p in w.people[:5]]
    rows[39]["gone"] = "2024-03-03 10:00:00"
    e.table("clients.csv", {
        "id": "{id}", "first_name": "{p.given_name}", "last_name": "{p.family_name}", "email": "{p.email}", "cell": "{p.phone}", "street": "{p.street}", "city": "{p.city}",
        "zip_code": "{p.postcode}", "broker_id": "7", "broker_email": STAFF[2], "merged_into_id": "{into}", "deleted_at": "{gone}", "created_at": "2024-01-05T10:00:00Z",
        "updated_at": "2024-05-05T10:00:00Z",
    }, rows)  # fmt: skip
    for p in w.people[:39]:
        e.person(p, "name given_name family_name email phone street city postcode", str(900 + p.number))
    return e


def close() -> Export:
    """Leads as JSON lines: the contacts of each are a list in it."""
    e, w = Export("Close", known=False), World("close")
    lines = []
    for p in w.people:
        lines.append(json.dumps({
            "id": f"lead_{p.number}", "display_name": p.organisation, "status_label": "Customer", "contacts": [
                {"id": f"cont_{p.number}", "name": p.name, "title": "Buyer", "emails": [{"email": p.email, "type": "office"}], "phones": [{"phone": p.phone, "type": "mobile"}]}
            ],
        }))  # fmt: skip
        e.person(p, "name email phone organisation", f"cont_{p.number}", belongs_to=p.organisation)
        e.account(f"lead_{p.number}", p.organisation)
        e.accounts[p.organisation].keys.add(f"lead_{p.number}")
    e.files["leads.jsonl"] = "\n".join(lines) + "\n"
    return e


def desk_database() -> Export:
    """A help desk as a SQLite file: users of whom some are staff, organisations, tickets."""
    e, w = Export("Help desk, SQLite", known=False), World("desk")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.sqlite"
        base = sqlite3.connect(path)
        base.executescript(
            "CREATE TABLE organizations (id INTEGER PRIMARY KEY, name TEXT, website TEXT);"
            "CREATE TABLE users (id INTEGER PRIMARY KEY, organization_id INTEGER REFERENCES organizations(id), fullname TEXT, email TEXT, mobile TEXT, role TEXT);"
            "CREATE TABLE tickets (id INTEGER PRIMARY KEY, requester_id INTEGER REFERENCES users(id), assignee_id INTEGER REFERENCES users(id), subject TEXT, status TEXT, created_at TEXT);"
            "CREATE VIEW open_tickets AS SELECT * FROM tickets WHERE status = 'open';"
        )
        rows = companies(e, key="{n}")
        base.executemany(
            "INSERT INTO organizations VALUES (?, ?, ?)", [(row["n"], row["name"], f"{row['domain']}.example") for row in rows]
        )
        ids = {row["name"]: row["n"] for row in rows}
        base.execute("INSERT INTO users VALUES (1, NULL, ?, ?, NULL, 'agent')", (OWNER, STAFF[2]))
        base.executemany(
            "INSERT INTO users VALUES (?, ?, ?, ?, ?, 'customer')",
            [(p.number + 2, ids[p.organisation], p.name, p.email, p.phone) for p in w.people],
        )
        asked = tickets(w, 40)
        base.executemany(
            "INSERT INTO tickets VALUES (?, ?, 1, ?, ?, ?)",
            [(row["n"], row["p"].number + 2, row["subject"], row["state"], f"{row['at']:%Y-%m-%d %H:%M:%S}") for row in asked],
        )
        base.commit()
        base.close()
        e.files["desk.sqlite"] = path.read_bytes()
    for p in w.people:
        e.person(p, "name email phone", str(p.number + 2), belongs_to=p.organisation)
    for row in asked:
        e.ticket(str(row["n"]), row["p"], subject=row["subject"], opened_at=row["at"], status=row["state"])
    return e


def mindbody() -> Export:
    """Clients of a studio and its sales, a row an item, with the name of the client beside the number."""
    e, w = Export("Mindbody", known=False), World("mindbody")
    e.table("Clients.csv", {
        "Client ID": "10000{p.number:04d}", "Last Name": "{p.family_name}", "First Name": "{p.given_name}", "Email": "{p.email}", "Mobile Phone": "{p.phone}", "Home Phone": "", "Address": "{p.street}",
        "City": "{p.city}", "State": "{p.region}", "Postal Code": "{p.postcode}", "Birth Date": "{p.birth:%m/%d/%Y}", "Inactive": "No", "Is Prospect": "No", "Emergency Contact": "Odd Aide",
        "Emergency Contact Phone": "+15125559999", "Sales Rep": OWNER, "Email Opt-In": "Yes",
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone birth_date street city postcode region", f"10000{p.number:04d}")
        e.consent(p, "email", True)
    orders = w.orders(40)
    rows = [{"o": o, "p": o.person, "l": line} for o in orders for line in o.lines]
    e.table("Sales.csv", {
        "Sale ID": "7{o.number:04d}", "Sale Date": "{o.at:%m/%d/%Y}", "Client ID": "10000{p.number:04d}", "Client": "{p.family_name}, {p.given_name}", "Item name": "{l.good.name}",
        "Quantity": "{l.quantity}", "Item Price": "{l.good.price}", "Item Total": "{l.amount}", "Payment Method": "Card", "Sold By": OWNER,
    }, rows)  # fmt: skip
    for o in orders:
        e.order(f"7{o.number:04d}", o.person, o.lines, ordered_at=o.at.date(), amount=o.subtotal)
    return e
