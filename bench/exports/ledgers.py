"""Exports of ERPs, registers and senders of mail: SAP tables, Navision, Oracle, JD Edwards, 1C, Datev, Brevo-like, tickets, gifts."""

# ruff: noqa: E501 - the rows of exports are long

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def sap_tables() -> Export:
    """KNA1, VBAK and VBAP as they are in the database: technical names of five letters, dates without separators."""
    e, w = Export("SAP tables", known=False), World("kna1", countries=("DE",))
    heads, items = [], []
    for p in w.people:
        e.person(p, OWN, f"{p.number:010d}")
    for o in w.orders(40):
        heads.append({"o": o, "p": o.person})
        items += [{"o": o, "line": line, "n": 10 * (n + 1)} for n, line in enumerate(o.lines)]
        e.order(f"{o.number:010d}", o.person, o.lines, ordered_at=o.at.date(), amount=o.subtotal, currency="EUR")
    e.table("KNA1.csv", {
        "MANDT": "100", "KUNNR": "{p.number:010d}", "LAND1": "DE", "NAME1": "{p.name}", "NAME2": "", "ORT01": "{p.city}", "PSTLZ": "{p.postcode}", "STRAS": "{p.street}", "TELF1": "{p.phone}",
        "SMTP_ADDR": "{p.email}", "KTOKD": "CPD", "ERNAM": "RREPP", "ERDAT": "20190101",
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    e.table("VBAK.csv", {
        "MANDT": "100", "VBELN": "{o.number:010d}", "ERDAT": "{o.at:%Y%m%d}", "ERNAM": "RREPP", "AUDAT": "{o.at:%Y%m%d}", "AUART": "TA", "NETWR": "{o.subtotal}", "WAERK": "EUR", "VKORG": "1000", "KUNNR": "{p.number:010d}",
    }, heads, ";")  # fmt: skip
    e.table("VBAP.csv", {
        "MANDT": "100", "VBELN": "{o.number:010d}", "POSNR": "{n:06d}", "MATNR": "{line.good.sku}", "ARKTX": "{line.good.name}", "KWMENG": "{line.quantity}", "NETPR": "{line.good.price}", "NETWR": "{line.amount}", "WAERK": "EUR",
    }, items, ";")  # fmt: skip
    return e


def navision() -> Export:
    """Dynamics NAV in English: `Sell-to` and `Bill-to`, numbers called `No.`."""
    e, w = Export("Navision", known=False), World("navision", countries=("GB",))
    heads, items = [], []
    for p in w.people:
        e.person(p, f"{OWN}", f"C{p.number:05d}")
    for o in w.orders(40):
        heads.append({"o": o, "p": o.person})
        items += [{"o": o, "p": o.person, "line": line, "n": 10000 * (n + 1)} for n, line in enumerate(o.lines)]
        e.order(f"PSI{o.number:05d}", o.person, o.lines, ordered_at=o.at.date(), amount=o.subtotal)
    e.table("Customer.csv", {
        "No.": "C{p.number:05d}", "Name": "{p.name}", "Search Name": "", "Address": "{p.street}", "Address 2": "", "City": "{p.city}", "Post Code": "{p.postcode}", "Phone No.": "{p.phone}", "E-Mail": "{p.email}",
        "Salesperson Code": "RR", "Payment Terms Code": "14D", "Blocked": "",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("Sales Invoice Header.csv", {
        "No.": "PSI{o.number:05d}", "Sell-to Customer No.": "C{p.number:05d}", "Bill-to Customer No.": "C{p.number:05d}", "Bill-to Name": "{p.name}", "Posting Date": "{o.at:%d/%m/%Y}", "Due Date": "01/01/2026", "Salesperson Code": "RR",
    }, heads)  # fmt: skip
    e.table("Sales Invoice Line.csv", {
        "Document No.": "PSI{o.number:05d}", "Line No.": "{n}", "Sell-to Customer No.": "C{p.number:05d}", "Type": "Item", "No.": "{line.good.sku}", "Description": "{line.good.name}", "Quantity": "{line.quantity}",
        "Unit Price": "{line.good.price}", "Amount": "{line.amount}",
    }, items)  # fmt: skip
    return e


def oracle_ebs() -> Export:
    """Oracle EBS: parties with attributes, transactions of receivables."""
    e, w = Export("Oracle EBS", known=False), World("ebs", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name region {OWN}", f"{7000 + p.number}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "id": 7000 + o.person.number})
        e.order({str(50000 + o.number), f"AR-{o.number}"}, o.person, ordered_at=o.at.date(), amount=o.total, currency="USD")
    e.table("HZ_PARTIES.csv", {
        "PARTY_ID": "{id}", "PARTY_NUMBER": "P{id}", "PARTY_TYPE": "PERSON", "PARTY_NAME": "{p.name}", "PERSON_FIRST_NAME": "{p.given_name}", "PERSON_LAST_NAME": "{p.family_name}", "ADDRESS1": "{p.street}", "CITY": "{p.city}", "STATE": "{p.region}",
        "POSTAL_CODE": "{p.postcode}", "EMAIL_ADDRESS": "{p.email}", "PRIMARY_PHONE_NUMBER": "{p.phone}", "CREATED_BY": "1013", "CREATION_DATE": "2019-01-01", "LAST_UPDATE_DATE": "2024-05-05",
    }, [{"p": p, "id": 7000 + p.number} for p in w.people])  # fmt: skip
    e.table("RA_CUSTOMER_TRX.csv", {
        "CUSTOMER_TRX_ID": "{n}", "TRX_NUMBER": "AR-{o.number}", "TRX_DATE": "{o.at:%Y-%m-%d}", "BILL_TO_PARTY_ID": "{id}", "INVOICE_CURRENCY_CODE": "USD", "TRX_TOTAL_AMOUNT": "{o.total}", "PRIMARY_SALESREP_ID": "77", "CREATED_BY": "1013",
    }, [row | {"n": 50000 + row["o"].number} for row in rows])  # fmt: skip
    return e


def one_c() -> Export:
    """1C in Russian: contractors and sales with their words run together."""
    e, w = Export("1C RU", known=False), World("onec", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "name email phone", f"00-{p.number:06d}")
    for o in w.orders(40):
        word, status = state(o, {"Отгружен": DONE, "Отменен": "cancelled"})
        rows.append({"o": o, "p": o.person, "word": word, "sum": comma(o.total, " ")})
        e.order(f"УТ-{o.number:06d}", o.person, ordered_at=o.at, amount=o.total, currency={"RUB", None}, status=status)
    e.table("Контрагенты.csv", {
        "Код": "00-{p.number:06d}", "Наименование": "{p.name}", "ИНН": "", "КонтактныйТелефон": "{p.phone}", "АдресЭлектроннойПочты": "{p.email}", "ОсновнойМенеджер": "Рик Репп", "ПометкаУдаления": "Нет",
    }, [{"p": p} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("РеализацияТоваровУслуг.csv", {
        "Номер": "УТ-{o.number:06d}", "Дата": "{o.at:%d.%m.%Y %H:%M:%S}", "Контрагент_Код": "00-{p.number:06d}", "Контрагент": "{p.name}", "СуммаДокумента": "{sum}", "СтатусЗаказа": "{word}", "Ответственный": "Рик Репп",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def datev() -> Export:
    """Datev: debtors with names of company and person apart, and postings in a German spelling."""
    e, w = Export("Datev DE", known=False), World("datev", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name {OWN}", str(10000 + p.number))
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "konto": 10000 + o.person.number, "sum": comma(o.total)})
        e.order(f"RE-{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total, currency={"EUR", None})
    e.table("Debitoren.csv", {
        "Konto": "{konto}", "Name (Adressattyp Unternehmen)": "", "Name (Adressattyp natürl. Person)": "{p.family_name}", "Vorname (Adressattyp natürl. Person)": "{p.given_name}", "Straße": "{p.street}", "Postleitzahl": "{p.postcode}", "Ort": "{p.city}",
        "Land": "DE", "Telefon": "{p.phone}", "E-Mail": "{p.email}", "Bankverbindung": "", "Sachbearbeiter": OWNER,
    }, [{"p": p, "konto": 10000 + p.number} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("Ausgangsrechnungen.csv", {
        "Rechnungs-Nr.": "RE-{o.number:04d}", "Belegdat.": "{o.at:%d.%m.%Y}", "Konto": "{konto}", "Gegenkonto": "8400", "Umsatz (Brutto)": "{sum}", "Buchungstext": "Verkauf",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def sendy() -> Export:
    """ActiveCampaign-like: contacts with lists and what they agreed to; names in one word."""
    e, w = Export("ActiveCampaign", known=False), World("active", countries=("US",))
    e.table("contacts.csv", {
        "Contact Id": "{p.number}", "Email": "{p.email}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Phone": "{p.phone}", "Organization": "", "Date Created": "2024-01-05 10:00:00", "IP Address": "192.0.2.4",
        "Tags": "vip, web", "*Shipping City": "{p.city}", "Lead Score": "12", "Account Owner": OWNER, "Email Subscription": "{word}",
    }, [{"p": p, "word": "Unsubscribed" if p.number % 4 == 0 else "Subscribed"} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone", str(p.number), city={p.city, None})
        e.consent(p, "email", p.number % 4 != 0)
    return e


def museum() -> Export:
    """Swedish: event tickets bought, who bought them, whom they are for."""
    e, w = Export("Biljetter SV", known=False), World("museum", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Betald": DONE, "Återbetald": "refunded"})
        rows.append({"o": o, "p": o.person, "word": word, "sum": comma(o.total, " ")})
        e.order(f"B{o.number:05d}", o.person, ordered_at=o.at, amount=o.total, currency={"SEK", None}, status=status)
        e.person(o.person, "given_name family_name email phone")
    e.table("bokningar.csv", {
        "Bokningsnr": "B{o.number:05d}", "Bokningsdatum": "{o.at:%Y-%m-%d %H:%M}", "Evenemang": "Utställning", "Beställarens förnamn": "{p.given_name}", "Beställarens efternamn": "{p.family_name}", "Beställarens e-post": "{p.email}", "Beställarens mobilnr": "{p.phone}",
        "Antal biljetter": "2", "Totalt pris (kr)": "{sum}", "Betalstatus": "{word}", "Guide": "Rick Repp",
    }, rows, ";")  # fmt: skip
    return e


def jde() -> Export:
    """JD Edwards: an address book and sales orders by the descriptions of their columns."""
    e, w = Export("JD Edwards", known=False), World("jde", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, f"region {OWN}", str(4000 + p.number))
    for o in w.orders(40):
        for n, line in enumerate(o.lines):
            rows.append({"o": o, "line": line, "n": n + 1, "id": 4000 + o.person.number})
        e.order(str(8000 + o.number), o.person, o.lines, ordered_at=o.at.date(), amount=o.subtotal, currency={"USD", None})
    e.table("AddressBook.csv", {
        "Address Number": "{id}", "Alpha Name": "{p.name}", "Search Type": "C", "Address Line 1": "{p.street}", "City": "{p.city}", "State": "{p.region}", "Postal Code": "{p.postcode}", "Phone Number": "{p.phone}", "Electronic Address": "{p.email}",
    }, [{"p": p, "id": 4000 + p.number} for p in w.people], "|")  # fmt: skip
    e.table("SalesOrderDetail.csv", {
        "Order Number": "{n8}", "Order Type": "SO", "Line Number": "{n}.000", "Sold To": "{id}", "Ship To": "{id}", "Order Date": "{o.at:%m/%d/%Y}", "2nd Item Number": "{line.good.sku}", "Description": "{line.good.name}", "Quantity Ordered": "{line.quantity}",
        "Unit Price": "{line.good.price}", "Extended Price": "{line.amount}", "Currency Code": "USD",
    }, [row | {"n8": 8000 + row["o"].number} for row in rows], "|")  # fmt: skip
    return e


def foundation() -> Export:
    """Donations in Spanish, one flat sheet; who gives is a donor, the receipt has its own date."""
    e, w = Export("Donativos ES", known=False), World("foundation", countries=("DE",))
    rows = []
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": comma(o.subtotal, ".")})
        e.order(f"DON-{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.subtotal, currency={"EUR", None})
        e.person(o.person, "given_name family_name email phone city postcode street")
    e.table("donativos.csv", {
        "Núm. donativo": "DON-{o.number:04d}", "F. donativo": "{o.at:%d/%m/%Y}", "Nombre donante": "{p.given_name}", "Apellidos donante": "{p.family_name}", "E-mail donante": "{p.email}", "Tfno. donante": "{p.phone}", "Dirección": "{p.street}", "CP": "{p.postcode}",
        "Municipio": "{p.city}", "Importe donado": "{sum} €", "Campaña": "Navidad", "Captador": "Rick Repp",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def clinic_arabic() -> Export:
    """Arabic: patients and what they paid."""
    e, w = Export("Clinic AR", known=False), World("arabic", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, "name email phone", f"P{p.number:04d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person})
        e.order(f"F{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("المرضى.csv", {
        "رقم المريض": "P{p.number:04d}", "اسم المريض": "{p.name}", "رقم الجوال": "{p.phone}", "البريد الإلكتروني": "{p.email}", "اسم الطبيب": "Rick Repp", "تاريخ الميلاد": "{p.birth:%Y-%m-%d}",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("الفواتير.csv", {
        "رقم الفاتورة": "F{o.number:05d}", "رقم المريض": "P{p.number:04d}", "تاريخ الفاتورة": "{o.at:%Y-%m-%d}", "المبلغ الإجمالي": "{o.total}",
    }, rows)  # fmt: skip
    return e
