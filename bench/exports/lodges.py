"""Exports of shops that run words together, of gateways, and of clubs, schools and workshops in seven tongues."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def volusion() -> Export:
    """Volusion: words in small letters without a gap; the lines of orders apart."""
    e, w = Export("Volusion", known=False), World("volusion", countries=("US",))
    heads, items, n = [], [], 1
    for p in w.people:
        e.person(p, f"given_name family_name region {OWN}", f"{p.number + 10}")
        e.consent(p, "email", p.number % 3 != 0)
    for o in w.orders(40):
        word, status = state(o, {"Shipped": {"shipped"}, "Cancelled": "cancelled"})
        heads.append({"o": o, "p": o.person, "word": word, "id": 9000 + o.number, "c": o.person.number + 10})
        e.order(str(9000 + o.number), o.person, o.lines, ordered_at=o.at, amount=o.total, status=status)
        for line in o.lines:
            items.append({"o": o, "line": line, "id": 9000 + o.number, "n": n})
            n += 1
    e.table("customers.csv", {
        "customerid": "{c}", "accesskey": "C", "firstname": "{p.given_name}", "lastname": "{p.family_name}", "companyname": "", "billingaddress1": "{p.street}", "billingaddress2": "", "city": "{p.city}", "state": "{p.region}", "postalcode": "{p.postcode}", "country": "United States", "phonenumber": "{p.phone}", "faxnumber": "", "emailaddress": "{p.email}", "emailsubscriber": "{yes}", "lastmodified": "1/5/2025 10:00", "salesrep_customerid": "",
    }, [{"p": p, "c": p.number + 10, "yes": "N" if p.number % 3 == 0 else "Y"} for p in w.people])  # fmt: skip
    e.table("orders.csv", {
        "orderid": "{id}", "customerid": "{c}", "orderdate": "{o.at:%m/%d/%Y %H:%M}", "orderstatus": "{word}", "paymentamount": "{o.total}", "billingfirstname": "{p.given_name}", "billinglastname": "{p.family_name}", "billingaddress1": "{p.street}", "billingcity": "{p.city}", "shipfirstname": "Uncle", "shiplastname": "Gift", "shipaddress1": "Nowhere 1", "shipcity": "Salem", "salestax1": "{o.tax}", "totalshippingcost": "{o.shipping}", "salesrep_customerid": "",
    }, heads)  # fmt: skip
    e.table("orderdetails.csv", {
        "orderdetailid": "{n}", "orderid": "{id}", "productcode": "{line.good.sku}", "productname": "{line.good.name}", "quantity": "{line.quantity}", "productprice": "{line.good.price}", "totalprice": "{line.amount}", "productweight": "1",
    }, items)  # fmt: skip
    return e


def adyen() -> Export:
    """Adyen: payments of shoppers, two accounts of the firm before every row."""
    e, w = Export("Adyen", known=False), World("adyen", countries=("DE",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p, word = w.people[number % 30], ("Settled", "Refused", "Settled", "Refunded")[number % 4]
        rows.append({"p": p, "at": at, "n": f"PSP{number:08d}", "word": word, "sum": f"{40 + number}.00"})
        status = {"Settled": DONE, "Refused": {"failed", "cancelled", "draft", None}, "Refunded": "refunded"}[word]
        e.order(
            {f"PSP{number:08d}", f"R-PSP{number:08d}"},
            p,
            amount=Decimal(40 + number),
            currency="EUR",
            ordered_at=at,
            status=status,
        )
        e.person(p, "name email")
    e.table("payments.csv", {
        "Company Account": "LampsCorp", "Merchant Account": "LampsEU", "Psp Reference": "{n}", "Merchant Reference": "R-{n}", "Payment Method": "visa", "Creation Date": "{at:%Y-%m-%d %H:%M:%S}", "TimeZone": "UTC", "Value": "{sum}", "Currency": "EUR", "Status": "{word}", "Risk Score": "3", "Shopper Interaction": "Ecommerce", "Shopper Name": "{p.name}", "Shopper PAN": "1111", "Shopper IP": "192.0.2.1", "Shopper Country": "DE", "Issuer Name": "Bank", "Shopper Email": "{p.email}",
    }, rows)  # fmt: skip
    return e


def tennis() -> Export:
    """A German tennis club: members with dates of entry, and their fees."""
    e, w = Export("Tennis DE", known=False), World("tennis", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"{p.number + 300}")
    for o in w.orders(40):
        rows.append({"o": o, "c": o.person.number + 300, "n": f"B{o.number:04d}", "sum": comma(o.total)})
        e.order(f"B{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("Mitglieder.csv", {
        "Mitgl.-Nr.": "{n}", "Name": "{p.family_name}", "Vorname": "{p.given_name}", "Geb.-Datum": "{p.birth:%d.%m.%Y}", "Straße": "{p.street}", "PLZ": "{p.postcode}", "Ort": "{p.city}", "Tel. priv.": "", "Mobil": "{p.phone}", "E-Mail": "{p.email}", "Eintritt": "01.01.2019", "Austritt": "", "Beitragsgr.": "A", "Trainer": OWNER,
    }, [{"p": p, "n": p.number + 300} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("Beitraege.csv", {
        "Beleg-Nr.": "{n}", "Buch.-Datum": "{o.at:%d.%m.%Y}", "Mitgl.-Nr.": "{c}", "Buch.-Text": "Beitrag", "Betrag": "{sum}",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def dance_school() -> Export:
    """A French dance school: pupils with who answers for them, and payments."""
    e, w = Export("Danse FR", known=False), World("danse", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"E{p.number:03d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "n": 60 + o.number, "sum": comma(o.total)})
        e.order(str(60 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("eleves.csv", {
        "N° élève": "E{p.number:03d}", "Nom": "{p.family_name}", "Prénom": "{p.given_name}", "Né(e) le": "{p.birth:%d/%m/%Y}", "Nom resp. légal": "Petit", "Prénom resp. légal": "Odile", "Tél. resp. légal": "+33612345678", "Mail resp. légal": "resp{p.number}@parents.example", "E-mail": "{p.email}", "Portable": "{p.phone}", "Adresse": "{p.street}", "CP": "{p.postcode}", "Ville": "{p.city}", "Prof.": OWNER,
    }, [{"p": p} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("reglements.csv", {
        "N° règlement": "{n}", "Date règl.": "{o.at:%d/%m/%Y}", "N° élève": "E{p.number:03d}", "Mode règl.": "Chèque", "Mt réglé": "{sum}",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def wholesaler_italian() -> Export:
    """An Italian wholesaler: customers by a code, invoices with a yes for paid."""
    e, w = Export("Ingrosso IT", known=False), World("ingrosso", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"name {OWN}", f"{p.number + 70}")
    for o in w.orders(40):
        rows.append(
            {
                "o": o,
                "c": o.person.number + 70,
                "n": f"{o.number + 1}/2024",
                "net": comma(o.total - o.tax),
                "tax": comma(o.tax),
                "sum": comma(o.total),
            }
        )
        e.order(f"{o.number + 1}/2024", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("clienti.csv", {
        "Cod.": "{n}", "Nominativo": "{p.name}", "Ind.": "{p.street}", "C.A.P.": "{p.postcode}", "Loc.": "{p.city}", "Tel.": "", "Cell.": "{p.phone}", "E-mail": "{p.email}", "P.IVA": "", "C.F.": "", "Agente": OWNER,
    }, [{"p": p, "n": p.number + 70} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("fatture.csv", {
        "Num. fatt.": "{n}", "Data fatt.": "{o.at:%d/%m/%Y}", "Cod. cli.": "{c}", "Imponibile": "{net}", "IVA": "{tax}", "Tot. fatt.": "{sum}", "Scad.": "01/01/2026", "Pagata": "S",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def garage_polish() -> Export:
    """A Polish garage: customers whose postcode and town are one, and jobs."""
    e, w = Export("Warsztat PL", known=False), World("warsztat", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"name {OWN}", f"{p.number + 1}")
    for o in w.orders(40):
        word, status = state(o, {"Zakończone": DONE, "Anulowane": "cancelled"})
        rows.append({"o": o, "c": o.person.number + 1, "n": f"ZL/{o.number}", "word": word, "sum": comma(o.total)})
        e.order(f"ZL/{o.number}", o.person, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("klienci.csv", {
        "Id klienta": "{n}", "Imię i nazwisko": "{p.name}", "Tel.": "{p.phone}", "Mail": "{p.email}", "Ulica, nr": "{p.street}", "Kod i miejscowość": "{p.postcode} {p.city}", "Uwagi": "",
    }, [{"p": p, "n": p.number + 1} for p in w.people], ";", "cp1250")  # fmt: skip
    e.table("zlecenia.csv", {
        "Nr zlec.": "{n}", "Data przyj.": "{o.at:%d.%m.%Y}", "Id klienta": "{c}", "Pojazd": "Auto", "Mechanik": OWNER, "Do zapłaty": "{sum}", "Status": "{word}",
    }, rows, ";", "cp1250")  # fmt: skip
    return e


def bike_shop() -> Export:
    """A Swedish bicycle shop: customers, orders and their rows."""
    e, w = Export("Cykel SV", known=False), World("cykel", countries=("DE",))
    heads, items = [], []
    for p in w.people:
        e.person(p, f"name {OWN}", f"{p.number + 1000}")
    for o in w.orders(40):
        word, status = state(o, {"Levererad": {"shipped"} | DONE, "Makulerad": "cancelled"})
        heads.append({"o": o, "c": o.person.number + 1000, "n": 400 + o.number, "word": word, "sum": comma(o.total)})
        items += [
            {"o": o, "line": line, "n": 400 + o.number, "k": k + 1, "ep": comma(line.good.price), "gp": comma(line.amount)}
            for k, line in enumerate(o.lines)
        ]
        e.order(str(400 + o.number), o.person, o.lines, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("kunder.csv", {
        "Kundnr": "{n}", "Namn": "{p.name}", "Gatuadr.": "{p.street}", "Postnr": "{p.postcode}", "Ort": "{p.city}", "Tfn": "{p.phone}", "Mejl": "{p.email}", "Anm.": "",
    }, [{"p": p, "n": p.number + 1000} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("ordrar.csv", {
        "Ordernr": "{n}", "Orderdat.": "{o.at:%Y-%m-%d}", "Kundnr": "{c}", "Summa inkl. moms": "{sum}", "Status": "{word}", "Säljare": OWNER,
    }, heads, ";", "cp1252")  # fmt: skip
    e.table("orderrader.csv", {
        "Ordernr": "{n}", "Radnr": "{k}", "Artnr": "{line.good.sku}", "Benämning": "{line.good.name}", "Antal": "{line.quantity}", "à-pris": "{ep}", "Radsumma": "{gp}",
    }, items, ";", "cp1252")  # fmt: skip
    return e


def ledger_turkish() -> Export:
    """A Turkish firm's books: current accounts and invoices."""
    e, w = Export("Muhasebe TR", known=False), World("muhasebe", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "email phone street", f"120.{p.number:03d}", name=p.name)
    for o in w.orders(40):
        rows.append(
            {
                "o": o,
                "p": o.person,
                "n": f"FTR{o.number:06d}",
                "net": comma(o.total - o.tax, "."),
                "tax": comma(o.tax),
                "sum": comma(o.total, "."),
            }
        )
        e.order(f"FTR{o.number:06d}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("cariler.csv", {
        "Cari Kodu": "120.{p.number:03d}", "Adı Soyadı": "{p.name}", "Vergi No": "", "Vergi Dairesi": "", "GSM": "{p.phone}", "E-Mail": "{p.email}", "Adres": "{p.street}", "Plasiyer": OWNER,
    }, [{"p": p} for p in w.people], ";", "cp1254")  # fmt: skip
    e.table("faturalar.csv", {
        "Fatura No": "{n}", "Fat. Tarihi": "{o.at:%d.%m.%Y}", "Cari Kodu": "120.{p.number:03d}", "Matrah": "{net}", "KDV": "{tax}", "G. Toplam": "{sum}",
    }, rows, ";", "cp1254")  # fmt: skip
    return e


def clinic_spanish() -> Export:
    """A Spanish clinic: histories by a number, and invoices."""
    e, w = Export("Clínica ES", known=False), World("clinica", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"birth_date {OWN}", f"{p.number + 40000}", name=p.name)
    for o in w.orders(40):
        rows.append(
            {
                "o": o,
                "c": o.person.number + 40000,
                "n": f"F24-{o.number:04d}",
                "net": comma(o.total - o.tax),
                "tax": comma(o.tax),
                "sum": comma(o.total),
            }
        )
        e.order(f"F24-{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("pacientes.csv", {
        "Nº Hª": "{n}", "Apellidos, Nombre": "{p.family_name}, {p.given_name}", "F.Nac.": "{p.birth:%d/%m/%Y}", "DNI": "", "Tfno.": "", "Móvil": "{p.phone}", "e-mail": "{p.email}", "Direcc.": "{p.street}", "CP": "{p.postcode}", "Poblac.": "{p.city}", "Médico": OWNER,
    }, [{"p": p, "n": p.number + 40000} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("facturas.csv", {
        "Nº Fra.": "{n}", "F. Fra.": "{o.at:%d/%m/%Y}", "Nº Hª": "{c}", "Concepto": "Visita", "Base imp.": "{net}", "I.V.A.": "{tax}", "Total Fra.": "{sum}",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def reamaze() -> Export:
    """Re:amaze: conversations with the customer in two columns, and the last to answer."""
    e, w = Export("Re:amaze", known=False), World("reamaze", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        rows.append(
            {
                "p": p,
                "at": at,
                "n": f"conv-{number:05d}",
                "subject": w.subject(number),
                "state": ("Unresolved", "Resolved")[number % 2],
            }
        )
        e.ticket(f"conv-{number:05d}", p, subject=w.subject(number), opened_at=at)
        e.person(p, "name email")
    e.table("conversations.csv", {
        "Slug": "{n}", "Subject": "{subject}", "Channel": "Support Mailbox", "Customer Name": "{p.name}", "Customer Email": "{p.email}", "Status": "{state}", "Assigned To": OWNER, "Created At (UTC)": "{at:%Y-%m-%d %H:%M:%S}", "First Response At": "", "Last Staff Message By": OWNER, "Tags": "", "Message Count": "3",
    }, rows)  # fmt: skip
    return e
