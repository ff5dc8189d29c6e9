"""Exports of those who sell services: hotels, airlines, telecoms, insurers, banks, utilities, workshops, tables, cures."""

# ruff: noqa: E501 - the rows of exports are long

from datetime import timedelta

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def hotel() -> Export:
    """Reservations of a hotel (Cloudbeds): arrival and departure are not when it was booked."""
    e, w = Export("Cloudbeds", known=False), World("hotel", countries=("GB",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Checked Out": DONE, "Canceled": "cancelled", "Confirmed": {"placed", "pending"} | DONE})
        rows.append({"o": o, "p": o.person, "word": word, "inn": o.at + timedelta(days=20), "out": o.at + timedelta(days=23)})
        e.order(f"4417{o.number:06d}", o.person, ordered_at={o.at, o.at.date()}, amount=o.total, status=status)
        e.person(o.person, "name email phone street city")
    e.table("reservations.csv", {
        "Name": "{p.name}", "Email": "{p.email}", "Phone Number": "{p.phone}", "Mobile": "", "Gender": "N/A", "Guest Country": "United Kingdom", "Address": "{p.street}", "City": "{p.city}",
        "Reservation Number": "4417{o.number:06d}", "Third Party Confirmation Number": "EXP-{o.number:04d}99", "Adults": "2", "Children": "0", "Room Number": "12", "Accommodation Total": "{o.subtotal}",
        "Amount Paid": "0.00", "Check in Date": "{inn:%d/%m/%Y}", "Check out Date": "{out:%d/%m/%Y}", "Nights": "3", "Room Type": "Double", "Grand Total": "{o.total}", "Balance Due": "{o.total}",
        "Reservation Date": "{o.at:%d/%m/%Y %H:%M}", "Source": "Walk-In", "Status": "{word}", "Cancelation fee": "0.00",
    }, rows)  # fmt: skip
    return e


def airline() -> Export:
    """Tickets of an airline: who books, who flies; records are named by their locator."""
    e, w = Export("Airline PSS", known=False), World("airline", countries=("US",))
    rows = []
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "fly": o.at + timedelta(days=30), "mile": f"FF{o.person.number:07d}"})
        e.order(f"X{o.number:05d}", o.person, ordered_at=o.at, amount=o.total, currency="USD")
        e.person(o.person, "given_name family_name email phone birth_date")
    e.table("pnr_extract.csv", {
        "RecordLocator": "X{o.number:05d}", "CreateDateTime": "{o.at:%Y-%m-%dT%H:%M:%S}", "PaxFirstName": "{p.given_name}", "PaxLastName": "{p.family_name}", "PaxDOB": "{p.birth_date}",
        "PaxEmail": "{p.email}", "PaxMobilePhone": "{p.phone}", "FrequentFlyerNo": "{mile}", "Origin": "BOS", "Destination": "AUS", "DepartureDate": "{fly:%Y-%m-%d}", "FareClass": "Y",
        "BaseFare": "{o.subtotal}", "Taxes": "{o.tax}", "TotalFare": "{o.total}", "CurrencyCode": "USD", "TravelAgentName": OWNER, "EmergencyContactPhone": "+16175559999",
    }, rows)  # fmt: skip
    return e


def telecom() -> Export:
    """German: customers of a telephone company, their invoices."""
    e, w = Export("Telefonie DE", known=False), World("telecom", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"7700{p.number:04d}")
    for o in w.orders(40):
        word, status = state(o, {"bezahlt": DONE, "storniert": "cancelled", "offen": {"placed", "pending"}})
        rows.append(
            {
                "o": o,
                "p": o.person,
                "word": word,
                "net": comma(o.subtotal),
                "gross": comma(o.total, "."),
                "due": o.at + timedelta(days=14),
            }
        )
        e.order(f"RE{o.number:07d}", o.person, ordered_at=o.at.date(), amount=o.total, currency={"EUR", None}, status=status)
    e.table("Kundenstamm.csv", {
        "Kd.-Nr.": "7700{p.number:04d}", "Anrede": "", "Name": "{p.family_name}", "Vorname": "{p.given_name}", "Geb.-Dat.": "{p.birth:%d.%m.%Y}", "Str./Hausnr.": "{p.street}", "PLZ": "{p.postcode}",
        "Wohnort": "{p.city}", "E-Mail-Adr.": "{p.email}", "Mobilfunknr.": "{p.phone}", "Tarif": "Flat L", "Kd. seit": "01.02.2020", "Sachbearb.": OWNER, "IBAN": "",
    }, [{"p": p} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("Rechnungen.csv", {
        "Rg.-Nr.": "RE{o.number:07d}", "Kd.-Nr.": "7700{p.number:04d}", "Rg.-Datum": "{o.at:%d.%m.%Y}", "Fällig am": "{due:%d.%m.%Y}", "Nettobetrag": "{net}", "Bruttobetrag": "{gross}", "Zahlstatus": "{word}",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def insurer() -> Export:
    """Dutch: relations of an insurance agent and their policies; initials, house numbers apart."""
    e, w = Export("Assurantie NL", known=False), World("insurer", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "family_name email phone city postcode birth_date street", f"R{p.number:05d}")
    for o in w.orders(40):
        word = state(o, {"Lopend": DONE, "Geroyeerd": "cancelled"})[0]
        rows.append({"o": o, "p": o.person, "word": word, "sum": comma(o.subtotal, ".")})
        e.order(f"POL{o.number:06d}", o.person, amount=o.subtotal, currency={"EUR", None})
    e.table("relaties.csv", {
        "Relatienr": "R{p.number:05d}", "Voorletters": "{p.given_name[0]}.", "Tussenvoegsel": "", "Achternaam": "{p.family_name}", "Geslacht": "", "Geboortedatum": "{p.birth:%d-%m-%Y}", "Straat": "{road}",
        "Huisnr": "{house}", "Toev.": "", "Postcode": "{p.postcode}", "Woonplaats": "{p.city}", "Tel. privé": "", "Mobiel nr": "{p.phone}", "Emailadres": "{p.email}", "Adviseur": OWNER,
    }, [{"p": p, "road": p.street.rsplit(" ", 1)[0], "house": p.street.rsplit(" ", 1)[1]} for p in w.people], ";")  # fmt: skip
    e.table("polissen.csv", {
        "Polisnummer": "POL{o.number:06d}", "Relatienr": "R{p.number:05d}", "Branche": "Auto", "Ingangsdatum": "{o.at:%d-%m-%Y}", "Jaarpremie": "€ {sum}", "Status": "{word}", "Maatschappij": "Nationale",
    }, rows, ";")  # fmt: skip
    return e


def bank() -> Export:
    """A bank's own extract: names of columns cut short, in capitals."""
    e, w = Export("Bank extract", known=False), World("bank", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date region {OWN}", f"90{p.number:06d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person})
        e.order(f"TX{o.number:08d}", o.person, ordered_at={o.at, o.at.date()}, amount=o.subtotal, currency="USD")
    e.table("CIF_CUST.csv", {
        "CIF_NO": "90{p.number:06d}", "CUST_FST_NM": "{p.given_name}", "CUST_MID_NM": "", "CUST_LST_NM": "{p.family_name}", "CUST_BRTH_DT": "{p.birth:%Y%m%d}", "ADDR_LN_1": "{p.street}", "ADDR_LN_2": "",
        "CTY_NM": "{p.city}", "ST_CD": "{p.region}", "ZIP_CD": "{p.postcode}", "CTRY_CD": "US", "EMAIL_ADDR_TX": "{p.email}", "CELL_PHN_NO": "{p.phone}", "HM_BRNCH_NM": "Downtown", "RLTN_MGR_NM": OWNER, "OPN_DT": "20190102",
    }, [{"p": p} for p in w.people], "|")  # fmt: skip
    e.table("CARD_TXN.csv", {
        "TXN_ID": "TX{o.number:08d}", "CIF_NO": "90{p.number:06d}", "TXN_TS": "{o.at:%Y-%m-%d %H:%M:%S}", "TXN_AMT": "{o.subtotal}", "CCY_CD": "USD", "MRCHNT_NM": "Corner Shop",
    }, rows, "|")  # fmt: skip
    return e


def utility() -> Export:
    """Water: where it is used is not where the bills are sent; bills."""
    e, w = Export("Utility", known=False), World("utility", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, f"region {OWN}", f"A-{p.number:05d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "due": o.at + timedelta(days=21), "kwh": 300 + o.number})
        e.order(f"BL{o.number:06d}", o.person, ordered_at=o.at.date(), amount=o.total, currency={"USD", None})
    e.table("accounts.csv", {
        "Account Number": "A-{p.number:05d}", "Account Holder": "{p.name}", "Meter ID": "M{p.number:07d}", "Service Address": "9 Hidden Valley", "Service City": "Elsewhere", "Service Zip": "99999",
        "Mailing Address": "{p.street}", "Mailing City": "{p.city}", "Mailing State": "{p.region}", "Mailing Zip": "{p.postcode}", "Primary Phone": "{p.phone}", "E-Mail Address": "{p.email}", "Autopay": "Y",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("bills.csv", {
        "Bill ID": "BL{o.number:06d}", "Account Number": "A-{p.number:05d}", "Bill Date": "{o.at:%m/%d/%Y}", "Due Date": "{due:%m/%d/%Y}", "Previous Balance": "0.00", "Usage (kWh)": "{kwh}",
        "Current Charges": "{o.subtotal}", "Total Amount Due": "{o.total}",
    }, rows)  # fmt: skip
    return e


def workshop() -> Export:
    """German: a car workshop's jobs, one flat sheet with a title above."""
    e, w = Export("Werkstatt DE", known=False), World("workshop", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"abgerechnet": DONE, "storniert": "cancelled", "in Arbeit": {"placed", "pending"} | DONE})
        rows.append({"o": o, "p": o.person, "word": word, "sum": comma(o.total, ".")})
        e.order(f"A24-{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total, currency="EUR", status=status)
        e.person(o.person, OWN)
    e.table("Auftragsliste.csv", {
        "Auftragsnr.": "A24-{o.number:04d}", "Auftragsdatum": "{o.at:%d.%m.%Y}", "Kunde": "{p.name}", "Straße": "{p.street}", "PLZ/Ort": "{p.postcode} {p.city}", "Tel.": "{p.phone}", "Mail": "{p.email}",
        "Kennzeichen": "B-XX {o.number}", "Fahrgestellnr.": "WDB{o.number:014d}", "Km-Stand": "45000", "Auftragssumme (EUR)": "{sum}", "Meister": OWNER, "Stand": "{word}",
    }, rows, ";", "cp1252", "Auftragsliste Autohaus Beispiel\n\n")  # fmt: skip
    return e


def toast() -> Export:
    """A restaurant's till (Toast): checks with server, table and guest."""
    e, w = Export("Toast", known=False), World("toast", countries=("US",))
    rows = []
    for o in w.orders(40):
        off = o.number % 9 == 4
        rows.append({"o": o, "p": o.person, "off": str(off).lower()})
        e.order(f"8000{o.number:05d}", o.person, ordered_at=o.at, amount=o.total, status="cancelled" if off else DONE | {None})
        e.person(o.person, "name email phone")
    e.table("CheckDetails.csv", {
        "Check Id": "8000{o.number:05d}", "Check #": "{o.number}", "Opened Date": "{o.at:%m/%d/%y}", "Opened Time": "{o.at:%I:%M %p}", "Server": OWNER, "Table": "12", "Dining Area": "Patio", "Tab Names": "",
        "Customer": "{p.name}", "Customer Phone": "{p.phone}", "Customer Email": "{p.email}", "Discount": "0.00", "Tax": "{o.tax}", "Tip": "2.00", "Gratuity": "0.00", "Total": "{o.total}", "Voided": "{off}",
    }, rows)  # fmt: skip
    return e


def cure() -> Export:
    """Turkish: patients of a clinic and what they were billed."""
    e, w = Export("Klinik TR", known=False), World("cure", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone birth_date city street", f"H{p.number:05d}")
    for o in w.orders(40):
        word, status = state(o, {"Ödendi": DONE, "İptal": "cancelled", "Bekliyor": {"placed", "pending"}})
        rows.append({"o": o, "p": o.person, "word": word, "sum": comma(o.total, ".")})
        e.order(f"F{o.number:06d}", o.person, ordered_at=o.at.date(), amount=o.total, currency={"TRY", None}, status=status)
    e.table("hastalar.csv", {
        "Hasta No": "H{p.number:05d}", "Hasta Adı": "{p.given_name}", "Hasta Soyadı": "{p.family_name}", "Doğum Tar.": "{p.birth:%d.%m.%Y}", "Cinsiyet": "", "Cep Tel": "{p.phone}", "E-posta Adresi": "{p.email}",
        "Açık Adres": "{p.street}", "Şehir": "{p.city}", "Doktor Adı": OWNER, "Yakını": "Anne", "Yakın Tel": "+905551112233",
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    e.table("faturalar.csv", {
        "Fatura No": "F{o.number:06d}", "Hasta No": "H{p.number:05d}", "Fatura Tar.": "{o.at:%d.%m.%Y}", "İşlem": "Muayene", "Genel Toplam": "{sum}", "Ödeme Durumu": "{word}",
    }, rows, ";")  # fmt: skip
    return e


def sage() -> Export:
    """Sage 50: customer accounts with short references and numbered address lines; invoices whose net and tax are apart."""
    e, w = Export("Sage 50", known=False), World("sage", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, "name email phone street city postcode", f"{p.family_name[:4].upper()}{p.number:03d}")
        e.people[p.name].fields["organisation"] = {p.organisation, None}
    for o in w.orders(40):
        rows.append(
            {
                "o": o,
                "p": o.person,
                "net": o.subtotal + o.shipping,
                "ref": f"{o.person.family_name[:4].upper()}{o.person.number:03d}",
            }
        )
        e.order(str(3000 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("CustomerRecord.csv", {
        "A/C": "{ref}", "Name": "{p.organisation}", "Contact Name": "{p.name}", "Address Street 1": "{p.street}", "Address Street 2": "", "Address Town": "{p.city}", "Address County": "", "Address Post Code": "{p.postcode}",
        "Telephone": "{p.phone}", "Fax": "", "Analysis 1": "Trade", "VAT Registration Number": "", "Credit Limit": "1000.00", "E-mail": "{p.email}", "Settlement Due Days": "30",
    }, [{"p": p, "ref": f"{p.family_name[:4].upper()}{p.number:03d}"} for p in w.people])  # fmt: skip
    e.table("InvoiceList.csv", {
        "No": "30{o.number:02d}", "Type": "Invoice", "Date": "{o.at:%d/%m/%Y}", "A/C": "{ref}", "Net": "{net}", "Tax": "{o.tax}", "Amount": "{o.total}", "Details": "Goods",
    }, rows)  # fmt: skip
    return e
