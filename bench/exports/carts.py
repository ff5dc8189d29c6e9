"""Exports of carts, desks, direct debits and of what small firms keep in files of their own."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def opencart() -> Export:
    """OpenCart, its tables: customers, orders with a paying and a receiving address, and what was in them."""
    e, w = Export("OpenCart", known=False), World("opencart", countries=("GB",))
    items, n = [], 100
    orders = w.orders(40)
    for p in w.people:
        e.person(p, "name given_name family_name email phone", str(p.number + 1))
        e.consent(p, "email", p.number % 2 == 0)
    for o in orders:
        e.order(str(o.number + 1), o.person, o.lines, ordered_at=o.at, amount=o.total, currency="GBP")
        e.person(o.person, "street city postcode")
        for line in o.lines:
            items.append({"o": o, "line": line, "n": n})
            n += 1
    e.table("customer.csv", {
        "customer_id": "{id}", "customer_group_id": "1", "store_id": "0", "firstname": "{p.given_name}", "lastname": "{p.family_name}", "email": "{p.email}", "telephone": "{p.phone}", "fax": "", "newsletter": "{yes}", "address_id": "{id}", "ip": "192.0.2.1", "status": "1", "approved": "1", "safe": "0", "date_added": "2024-01-02 10:00:00",
    }, [{"p": p, "id": p.number + 1, "yes": int(p.number % 2 == 0)} for p in w.people])  # fmt: skip
    e.table("order.csv", {
        "order_id": "{id}", "invoice_no": "0", "invoice_prefix": "INV-2024-00", "store_id": "0", "store_name": "Lamps", "customer_id": "{cid}", "customer_group_id": "1", "firstname": "{p.given_name}", "lastname": "{p.family_name}", "email": "{p.email}", "telephone": "{p.phone}",
        "payment_firstname": "{p.given_name}", "payment_lastname": "{p.family_name}", "payment_company": "", "payment_address_1": "{p.street}", "payment_city": "{p.city}", "payment_postcode": "{p.postcode}", "payment_country": "United Kingdom", "payment_zone": "", "payment_method": "Card",
        "shipping_firstname": "Uncle", "shipping_lastname": "Gift", "shipping_address_1": "1 Nowhere Lane", "shipping_city": "Salem", "shipping_postcode": "ZZ1 1ZZ", "shipping_method": "Flat", "comment": "", "total": "{o.total}00", "order_status_id": "5", "affiliate_id": "0", "commission": "0.0000", "language_id": "1",
        "currency_id": "1", "currency_code": "GBP", "currency_value": "1.00000000", "ip": "192.0.2.1", "date_added": "{o.at:%Y-%m-%d %H:%M:%S}", "date_modified": "2025-02-01 10:00:00",
    }, [{"o": o, "p": o.person, "id": o.number + 1, "cid": o.person.number + 1} for o in orders])  # fmt: skip
    e.table("order_product.csv", {
        "order_product_id": "{n}", "order_id": "{id}", "product_id": "{line.good.sku}", "name": "{line.good.name}", "model": "{line.good.sku}", "quantity": "{line.quantity}", "price": "{line.good.price}00", "total": "{line.amount}00", "tax": "0.0000", "reward": "0",
    }, [row | {"id": row["o"].number + 1} for row in items])  # fmt: skip
    return e


def jtl() -> Export:
    """JTL-Ameise: German, customers, and a row for each position of an order."""
    e, w = Export("JTL DE", known=False), World("jtl", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"{10000 + p.number}")
    for o in w.orders(40):
        e.order(f"AU{o.number:06d}", o.person, o.lines, ordered_at=o.at.date(), currency="EUR")
        rows += [
            {
                "o": o,
                "p": o.person,
                "line": line,
                "n": 10000 + o.person.number,
                "ep": comma(line.good.price),
                "gp": comma(line.amount),
            }
            for line in o.lines
        ]
    e.table("Kunden.csv", {
        "Kundennummer": "{n}", "Kundengruppe": "Endkunden", "Anrede": "", "Titel": "", "Vorname": "{p.given_name}", "Nachname": "{p.family_name}", "Firma": "", "Firmenzusatz": "", "Straße": "{p.street}", "Adresszusatz": "", "PLZ": "{p.postcode}", "Ort": "{p.city}", "Land": "Deutschland", "Land ISO": "DE", "Tel": "", "Mobil": "{p.phone}", "Fax": "", "EMail": "{p.email}",
        "USTID": "", "Geburtstag": "{p.birth:%d.%m.%Y}", "Kunde seit": "05.01.2024", "Gesperrt": "N", "Newsletter": "N", "Zahlungsziel": "14", "Rabatt": "0,00",
    }, [{"p": p, "n": 10000 + p.number} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("Auftraege.csv", {
        "Auftragsnummer": "AU{o.number:06d}", "Externe Auftragsnummer": "", "Auftragsdatum": "{o.at:%d.%m.%Y}", "Kundennummer": "{n}", "Firma/Name": "{p.name}", "Währung": "EUR", "Zahlungsart": "PayPal", "Versandart": "DHL", "Bearbeiter": OWNER, "Positionstyp": "1", "Artikelnummer": "{line.good.sku}", "Artikelname": "{line.good.name}", "Menge": "{line.quantity}",
        "VK Brutto": "{ep}", "MwSt.": "19,00", "Gesamt Brutto": "{gp}",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def ecwid() -> Export:
    """Ecwid: a row for each item, the order's sums on every one of them."""
    e, w = Export("Ecwid", known=False), World("ecwid", countries=("US",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"PAID": DONE, "CANCELLED": "cancelled"})
        e.order(f"{4400 + o.number}", o.person, o.lines, ordered_at=o.at, amount=o.total, status=status, currency={"USD", None})
        e.person(o.person, "name email phone")
        rows += [{"o": o, "p": o.person, "line": line, "word": word, "id": 4400 + o.number} for line in o.lines]
    e.table("orders.csv", {
        "order_number": "{id}", "email": "{p.email}", "date": "{o.at:%Y-%m-%d %H:%M:%S} +0000", "payment_status": "{word}", "fulfillment_status": "SHIPPED", "payment_method": "Card", "shipping_method": "Standard", "customer_name": "{p.name}", "customer_phone": "{p.phone}", "shipping_name": "Uncle Gift", "shipping_street": "1 Nowhere Lane", "shipping_city": "Salem", "shipping_zip": "99999",
        "product_name": "{line.good.name}", "product_sku": "{line.good.sku}", "product_quantity": "{line.quantity}", "product_price": "{line.good.price}", "subtotal": "{o.subtotal}", "shipping_cost": "{o.shipping}", "tax": "{o.tax}", "coupon_discount": "0", "total": "{o.total}", "referer": "", "order_comments": "",
    }, rows)  # fmt: skip
    return e


def gocardless() -> Export:
    """GoCardless: payments with the customer in headers of two words and a point, what failed and what was charged back."""
    e, w = Export("GoCardless", known=False), World("gocardless", countries=("GB",))
    rows, states = [], ("paid_out", "failed", "paid_out", "cancelled")
    for p in w.people:
        e.person(p, "given_name family_name email phone street city postcode", f"CU{p.number:06d}")
    for number, at in enumerate(w.moments(40)):
        p, word = w.people[number % 30], states[number % 4]
        rows.append({"p": p, "at": at, "n": number, "word": word, "sum": f"{20 + number}.00"})
        status = {"paid_out": DONE, "failed": {"failed", "cancelled", "draft", None}, "cancelled": "cancelled"}[word]
        e.product("Monthly", "Monthly")
        e.order(f"PM{number:06d}", p, amount=Decimal(20 + number), currency="GBP", ordered_at={at, at.date()}, status=status)
    e.table("customers.csv", {
        "id": "CU{p.number:06d}", "created_at": "2024-01-02T10:00:00.000Z", "email": "{p.email}", "given_name": "{p.given_name}", "family_name": "{p.family_name}", "company_name": "", "address_line1": "{p.street}", "address_line2": "", "address_line3": "", "city": "{p.city}", "region": "", "postal_code": "{p.postcode}", "country_code": "GB", "language": "en", "phone_number": "{p.phone}", "swedish_identity_number": "",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("payments.csv", {
        "id": "PM{n:06d}", "created_at": "{at:%Y-%m-%dT%H:%M:%S}.000Z", "charge_date": "{at:%Y-%m-%d}", "amount": "{sum}", "description": "Monthly", "currency": "GBP", "status": "{word}", "amount_refunded": "0.00", "reference": "", "transaction_fee": "0.20", "links.mandate": "MD{p.number:06d}", "links.creditor": "CR00001", "links.payout": "PO0001", "customers.id": "CU{p.number:06d}",
        "customers.given_name": "{p.given_name}", "customers.family_name": "{p.family_name}", "customers.company_name": "", "customers.email": "{p.email}",
    }, rows)  # fmt: skip
    return e


def cleverreach() -> Export:
    """CleverReach: German, who reads and who has left, said by times."""
    e, w = Export("CleverReach DE", known=False), World("cleverreach", countries=("DE",))
    for p in w.people:
        e.person(p, "given_name family_name email street city postcode birth_date")
        e.consent(p, "email", p.number % 4 != 1)
    e.table("Empfaenger.csv", {
        "E-Mail": "{p.email}", "Aktiviert": "05.01.2024 10:00", "Registriert": "04.01.2024 09:00", "Deaktiviert": "{gone}", "Quelle": "Formular", "Anrede": "", "Vorname": "{p.given_name}", "Nachname": "{p.family_name}", "Firma": "", "Strasse": "{p.street}", "PLZ": "{p.postcode}", "Ort": "{p.city}", "Geburtsdatum": "{p.birth:%d.%m.%Y}", "Sterne": "3", "Tags": "",
    }, [{"p": p, "gone": "11.03.2024 08:15" if p.number % 4 == 1 else ""} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    return e


def osticket() -> Export:
    """osTicket: tickets with who wrote and who answers."""
    e, w = Export("osTicket", known=False), World("osticket", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        open_ = number % 3 == 0
        rows.append(
            {
                "p": p,
                "at": at,
                "n": 680000 + number,
                "subject": w.subject(number),
                "state": "Open" if open_ else "Closed",
                "end": "" if open_ else f"{at:%m/%d/%Y} 11:59:00 PM",
            }
        )
        e.ticket(str(680000 + number), p, subject=w.subject(number), opened_at=at, priority="Normal")
        e.person(p, "name email")
    e.table("tickets.csv", {
        "Ticket Number": "{n}", "Date Created": "{at:%m/%d/%Y %I:%M:%S %p}", "Subject": "{subject}", "From": "{p.name}", "From Email": "{p.email}", "Priority": "Normal", "Department": "Support", "Help Topic": "General", "Source": "Email", "Current Status": "{state}", "Last Updated": "01/05/2025 10:00:00 AM", "SLA Due Date": "", "Due Date": "", "Closed Date": "{end}", "Overdue": "0", "Answered": "1",
        "Agent Assigned": OWNER, "Team Assigned": "", "Thread Count": "3", "Attachment Count": "0",
    }, rows)  # fmt: skip
    return e


def bigin() -> Export:
    """Bigin: contacts, companies and pipelines, each with ids and names of the others."""
    e, w = Export("Bigin", known=False), World("bigin", countries=("US",))
    for p in w.people:
        e.person(p, f"given_name family_name region {OWN}", f"zcrm_{500 + p.number}")
    for number, name in enumerate(sorted({p.organisation for p in w.people})):
        e.account(f"zcrm_{900 + number}", name)
    ids = {name: f"zcrm_{900 + number}" for number, name in enumerate(sorted({p.organisation for p in w.people}))}
    e.table("Companies.csv", {"Record Id": "{id}", "Company Owner.id": "zcrm_1", "Company Owner": OWNER, "Company Name": "{name}", "Phone": "", "Website": "", "Created Time": "2024-01-02 10:00:00", "Modified Time": "2024-03-02 10:00:00", "Tag": ""}, [{"id": id_, "name": name} for name, id_ in ids.items()])  # fmt: skip
    e.table("Contacts.csv", {
        "Record Id": "zcrm_{n}", "Contact Owner.id": "zcrm_1", "Contact Owner": OWNER, "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Company Name.id": "{c}", "Company Name": "{p.organisation}", "Email": "{p.email}", "Title": "Buyer", "Phone": "", "Mobile": "{p.phone}", "Created By": OWNER, "Created Time": "2024-01-02 10:00:00", "Modified Time": "2024-03-02 10:00:00", "Email Opt Out": "false", "Mailing Street": "{p.street}", "Mailing City": "{p.city}", "Mailing State": "{p.region}",
        "Mailing Zip": "{p.postcode}", "Mailing Country": "US", "Tag": "",
    }, [{"p": p, "n": 500 + p.number, "c": ids[p.organisation]} for p in w.people])  # fmt: skip
    rows = [
        {
            "p": w.people[number % 30],
            "at": at,
            "n": 2000 + number,
            "sum": f"{1000 + number}.50",
            "stage": ("Closed Won", "Qualification")[number % 2],
        }
        for number, at in enumerate(w.moments(35))
    ]
    e.table("Pipelines.csv", {
        "Record Id": "zcrm_{n}", "Deal Owner": OWNER, "Deal Name": "Deal {n}", "Sub-Pipeline": "Sales", "Stage": "{stage}", "Amount": "{sum}", "Closing Date": "{at:%Y-%m-%d}", "Contact Name.id": "zcrm_{c}", "Contact Name": "{p.name}", "Company Name.id": "{a}", "Company Name": "{p.organisation}", "Created Time": "2024-01-02 10:00:00",
    }, [row | {"c": 500 + row["p"].number, "a": ids[row["p"].organisation]} for row in rows])  # fmt: skip
    for row in rows:
        e.deal(
            f"zcrm_{row['n']}",
            row["p"],
            amount=Decimal(row["sum"]),
            at={row["at"].date()},
            status={"Closed Won": {"won", "Closed Won"}, "Qualification": {"open", "Qualification"}}[row["stage"]],
        )
    return e


def joiner() -> Export:
    """A German workshop's own files: everything short, the positions apart from the invoices."""
    e, w = Export("Tischler DE", known=False), World("joiner", countries=("DE",))
    heads, items = [], []
    for p in w.people:
        e.person(p, f"given_name family_name {OWN}", f"K{p.number:03d}")
    for o in w.orders(40):
        heads.append({"o": o, "p": o.person, "net": comma(o.total - o.tax), "tax": comma(o.tax), "sum": comma(o.total)})
        items += [
            {"o": o, "line": line, "n": n + 1, "ep": comma(line.good.price), "gp": comma(line.amount)}
            for n, line in enumerate(o.lines)
        ]
        e.order(f"RE{o.number:04d}", o.person, o.lines, ordered_at=o.at.date(), amount=o.total)
    e.table("Kunden.csv", {
        "KdNr": "K{p.number:03d}", "Anr.": "", "Name": "{p.family_name}", "Vorname": "{p.given_name}", "Str. / Nr.": "{p.street}", "Plz": "{p.postcode}", "Ort": "{p.city}", "Tel.": "", "Mobil": "{p.phone}", "eMail": "{p.email}", "Bem.": "",
    }, [{"p": p} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("Rechnungen.csv", {
        "ReNr": "RE{o.number:04d}", "ReDat": "{o.at:%d.%m.%y}", "KdNr": "K{p.number:03d}", "Betreff": "Arbeiten", "Netto": "{net}", "MwSt": "{tax}", "Brutto": "{sum}", "bez. am": "",
    }, heads, ";", "cp1252")  # fmt: skip
    e.table("RePos.csv", {
        "ReNr": "RE{o.number:04d}", "Pos": "{n}", "ArtNr": "{line.good.sku}", "Bez.": "{line.good.name}", "Mg": "{line.quantity}", "Einh.": "Stk", "EP": "{ep}", "GP": "{gp}",
    }, items, ";", "cp1252")  # fmt: skip
    return e


def beautician() -> Export:
    """A Polish salon: cards of customers, and what was done and paid."""
    e, w = Export("Salon PL", known=False), World("beautician", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone street city postcode birth_date", f"{p.number:04d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": comma(o.total)})
        e.order(f"PAR/{o.number}/2024", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("klienci.csv", {
        "Lp.": "{n}", "Nr karty": "{p.number:04d}", "Imię": "{p.given_name}", "Nazwisko": "{p.family_name}", "Tel. kom.": "{p.phone}", "E-mail": "{p.email}", "Ulica": "{p.street}", "Kod": "{p.postcode}", "Miasto": "{p.city}", "Data ur.": "{p.birth:%d.%m.%Y}", "Uwagi": "", "Pracownik": OWNER,
    }, [{"p": p, "n": p.number + 1} for p in w.people], ";", "cp1250")  # fmt: skip
    e.table("sprzedaz.csv", {
        "Nr paragonu": "PAR/{o.number}/2024", "Data sprzedaży": "{o.at:%d.%m.%Y}", "Nr karty": "{p.number:04d}", "Usługa": "Strzyżenie", "Wartość brutto": "{sum}", "Forma płatności": "karta", "Pracownik": OWNER,
    }, rows, ";", "cp1250")  # fmt: skip
    return e


def dentist() -> Export:
    """A Turkish dentist: patients and receipts."""
    e, w = Export("Diş TR", known=False), World("dentist", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "name email phone street birth_date", f"H{p.number:04d}", city={p.city, None})
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": comma(o.total)})
        e.order(f"M{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("Hastalar.csv", {
        "Hasta Kodu": "H{p.number:04d}", "Adı Soyadı": "{p.name}", "T.C. No": "", "Cep No": "{p.phone}", "E-Posta": "{p.email}", "Doğum Tarihi": "{p.birth:%d.%m.%Y}", "İl": "{p.city}", "Adres": "{p.street}", "Hekim": OWNER, "Kayıt Tarihi": "05.01.2024",
    }, [{"p": p} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("Tahsilat.csv", {
        "Makbuz No": "M{o.number:05d}", "Tarih": "{o.at:%d.%m.%Y}", "Hasta Kodu": "H{p.number:04d}", "İşlem": "Dolgu", "Tutar": "{sum}", "Ödeme Şekli": "Nakit", "Hekim": OWNER,
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e
