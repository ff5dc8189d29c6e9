"""Exports of lotteries, lenders, libraries, kennels, couriers, kitchens and clubs: what small systems of all sorts write."""

# ruff: noqa: E501 - the rows of exports are long

from datetime import timedelta
from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def vet() -> Export:
    """A vet: the owner of the animal is the customer, the animal has a name too; the owner column is no staff."""
    e, w = Export("Vet", known=False), World("vet", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name {OWN}", f"CL{p.number:04d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person})
        e.order(f"INV{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("clients.csv", {
        "ClientID": "CL{p.number:04d}", "Title": "", "Forename": "{p.given_name}", "Surname": "{p.family_name}", "House/Street": "{p.street}", "Town": "{p.city}", "County": "", "Postcode": "{p.postcode}", "Mob.": "{p.phone}", "Email Addr": "{p.email}", "PetName": "Rex", "Species": "Canine",
        "UsualVet": OWNER,
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("invoice_hdr.csv", {
        "InvNo": "INV{o.number:05d}", "ClientID": "CL{p.number:04d}", "InvDate": "{o.at:%d/%m/%Y}", "NetAmt": "{o.subtotal}", "VatAmt": "{o.tax}", "InvTotal": "{o.total}", "PostedBy": OWNER,
    }, rows)  # fmt: skip
    return e


def lender() -> Export:
    """Loans: borrowers and a co-borrower; the loan's amount is what was lent."""
    e, w = Export("Lender", known=False), World("lender", countries=("US",))
    rows = []
    for o in w.orders(30):
        rows.append({"o": o, "p": o.person, "due": o.at + timedelta(days=365)})
        e.person(o.person, f"given_name family_name region birth_date {OWN}")
    e.table("loan_applications.csv", {
        "Application Number": "LN{o.number:06d}", "Borrower First Name": "{p.given_name}", "Borrower Last Name": "{p.family_name}", "Borrower DOB": "{p.birth:%m/%d/%Y}", "Borrower Email": "{p.email}", "Borrower Cell": "{p.phone}", "Co-Borrower First Name": "Odd",
        "Co-Borrower Last Name": "Other", "Co-Borrower Email": "odd@other.example", "Current Street": "{p.street}", "Current City": "{p.city}", "Current State": "{p.region}", "Current Zip": "{p.postcode}", "Loan Officer": OWNER, "Loan Officer Email": STAFF[2],
    }, rows)  # fmt: skip
    return e


def library() -> Export:
    """A library: patrons with a barcode, fines they paid."""
    e, w = Export("Library", known=False), World("library", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone street city region postcode", f"21{p.number:08d}")
    for o in w.orders(30):
        rows.append({"o": o, "p": o.person})
        e.order(f"{9000 + o.number}", o.person, ordered_at={o.at, o.at.date()}, amount=o.subtotal)
    e.table("patrons.csv", {
        "Patron Barcode": "21{p.number:08d}", "Patron First": "{p.given_name}", "Patron Last": "{p.family_name}", "Patron Type": "Adult", "Email": "{p.email}", "Phone1": "{p.phone}", "Addr1": "{p.street}", "CityStateZip": "{p.city}, {p.region} {p.postcode}", "Exp Date": "01/01/2027",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("payments.csv", {
        "Payment #": "{n}", "Patron Barcode": "21{p.number:08d}", "Pmt Date/Time": "{o.at:%m/%d/%Y %H:%M}", "Pmt Amt": "{o.subtotal}", "Staff ID": "RR",
    }, [row | {"n": 9000 + row["o"].number} for row in rows])  # fmt: skip
    return e


def courier() -> Export:
    """German: parcels, whose sender is the customer who pays; the receiver is another."""
    e, w = Export("Kurier DE", known=False), World("courier", countries=("DE",))
    rows = []
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": comma(o.total)})
        e.order(f"S{o.number:07d}", o.person, ordered_at={o.at, o.at.date()}, amount=o.total, currency={"EUR", None})
        e.person(o.person, "name email phone street city postcode")
    e.table("sendungen.csv", {
        "Sendungs-Nr.": "S{o.number:07d}", "Auftragsdatum": "{o.at:%d.%m.%Y}", "Auftraggeber": "{p.name}", "Auftraggeber Straße": "{p.street}", "Auftraggeber PLZ": "{p.postcode}", "Auftraggeber Ort": "{p.city}", "Auftraggeber E-Mail": "{p.email}", "Auftraggeber Telefon": "{p.phone}",
        "Empfänger": "Uncle Gift", "Empfänger Straße": "Nirgendweg 1", "Empfänger PLZ": "99999", "Empfänger Ort": "Anderswo", "Empfänger Telefon": "+4930999999", "Gewicht (kg)": "2,5", "Preis (brutto)": "{sum}", "Fahrer": OWNER,
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def kitchen() -> Export:
    """A caterer kept by hand: sums with a word, first and last name in one, two phones."""
    e, w = Export("Catering", known=False), World("kitchen", countries=("US",))
    rows = []
    for o in w.orders(30):
        word, status = state(o, {"Paid": "paid", "Cancelled": "cancelled", "Deposit only": {"placed", "paid"}})
        rows.append({"o": o, "p": o.person, "word": word, "event": o.at + timedelta(days=40)})
        e.order(f"BEO-{o.number:03d}", o.person, amount=o.total, currency={"USD", None}, status=status)
        e.person(o.person, "name email phone")
    e.table("bookings.csv", {
        "BEO #": "BEO-{o.number:03d}", "Booked": "{o.at:%m/%d/%Y}", "Client Name (First Last)": "{p.name}", "Best Email": "{p.email}", "Best Phone": "{p.phone}", "Event Date": "{event:%m/%d/%Y}", "Guests": "40", "Venue": "Town Hall", "Quoted Total": "${o.total}", "Deposit": "$50.00", "Pmt Status": "{word}", "Sales Mgr": OWNER,
    }, rows)  # fmt: skip
    return e


def club() -> Export:
    """Dutch: members of a club with a house number apart, and their contributions."""
    e, w = Export("Vereniging NL", known=False), World("club", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "family_name email phone street postcode city birth_date", f"L{p.number:04d}", given_name=p.given_name)
    for o in w.orders(30):
        rows.append({"o": o, "p": o.person, "sum": comma(o.subtotal, ".")})
        e.order(f"CF{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.subtotal, currency={"EUR", None})
    e.product("Contributie", "Contributie")
    e.table("ledenlijst.csv", {
        "Lidnr.": "L{p.number:04d}", "Roepnaam": "{p.given_name}", "Tussenv.": "", "Achternaam": "{p.family_name}", "Geb.datum": "{p.birth:%d-%m-%Y}", "Adres": "{road}", "Nr.": "{house}", "Pc": "{p.postcode}", "Plaats": "{p.city}", "Tel. mobiel": "{p.phone}", "E-mailadres 1": "{p.email}", "Trainer": OWNER,
    }, [{"p": p, "road": p.street.rsplit(" ", 1)[0], "house": p.street.rsplit(" ", 1)[1]} for p in w.people], ";")  # fmt: skip
    e.table("contributiefacturen.csv", {
        "Factuurnr.": "CF{o.number:05d}", "Lidnr.": "L{p.number:04d}", "Factuurdat.": "{o.at:%d-%m-%Y}", "Te betalen": "{sum}", "Omschrijving": "Contributie",
    }, rows, ";")  # fmt: skip
    return e


def lottery() -> Export:
    """Ukrainian: who took part and what they paid."""
    e, w = Export("Лотерея UK", known=False), World("lottery", countries=("DE",))
    rows = []
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": comma(o.subtotal, " ")})
        e.order(f"К{o.number:05d}", o.person, ordered_at={o.at, o.at.date()}, amount=o.subtotal, currency={"UAH", None})
        e.person(o.person, "given_name family_name email phone city")
    e.table("квитки.csv", {
        "№ чека": "К{o.number:05d}", "Дата покупки": "{o.at:%d.%m.%Y %H:%M}", "Прізвище учасника": "{p.family_name}", "Ім'я учасника": "{p.given_name}", "Телефон учасника": "{p.phone}", "E-mail учасника": "{p.email}", "Місто": "{p.city}", "Сума, грн": "{sum}", "Касир": OWNER,
    }, rows, ";")  # fmt: skip
    return e


def sparse() -> Export:
    """camelCase of a web shop's database: `buyerInfo` columns, `grandTotalAmount`."""
    e, w = Export("Shop database", known=False), World("sparse", countries=("US",))
    rows, items = [], []
    for o in w.orders(40):
        word, status = state(o, {"FULFILLED": DONE, "CANCELLED": "cancelled", "REFUNDED": "refunded"})
        rows.append({"o": o, "p": o.person, "word": word})
        items += [{"o": o, "line": line, "n": n} for n, line in enumerate(o.lines)]
        e.order(f"ord_{o.number:05d}", o.person, o.lines, ordered_at=o.at, amount=o.total, currency="USD", status=status)
        e.person(o.person, f"given_name family_name region {OWN}")
    e.table("orders_v2.csv", {
        "orderUuid": "ord_{o.number:05d}", "orderCreatedAtUtc": "{o.at:%Y-%m-%dT%H:%M:%SZ}", "buyerInfoFirstName": "{p.given_name}", "buyerInfoLastName": "{p.family_name}", "buyerInfoEmailAddress": "{p.email}", "buyerInfoPhoneNumber": "{p.phone}", "buyerInfoAddressLine1": "{p.street}",
        "buyerInfoCity": "{p.city}", "buyerInfoStateCode": "{p.region}", "buyerInfoPostalCode": "{p.postcode}", "subTotalAmount": "{o.subtotal}", "taxAmount": "{o.tax}", "grandTotalAmount": "{o.total}", "currencyIsoCode": "USD", "orderStatusText": "{word}",
    }, rows)  # fmt: skip
    e.table("order_items_v2.csv", {
        "orderItemUuid": "{o.number}-{n}", "orderUuid": "ord_{o.number:05d}", "productSkuCode": "{line.good.sku}", "productTitleText": "{line.good.name}", "qtyOrdered": "{line.quantity}", "unitPriceAmount": "{line.good.price}", "lineTotalAmount": "{line.amount}",
    }, items)  # fmt: skip
    return e


def hostel() -> Export:
    """Spanish: guests of a hostel with first and second family name."""
    e, w = Export("Hostal ES", known=False), World("hostel", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Confirmada": DONE, "Anulada": "cancelled"})
        rows.append({"o": o, "p": o.person, "word": word, "sum": comma(o.total, "."), "inn": o.at + timedelta(days=9)})
        e.order(
            f"LOC{o.number:04d}", o.person, ordered_at={o.at, o.at.date()}, amount=o.total, currency={"EUR", None}, status=status
        )
        e.person(o.person, "given_name email phone")
    e.table("reservas.csv", {
        "Localizador": "LOC{o.number:04d}", "F. reserva": "{o.at:%d/%m/%Y}", "F. entrada": "{inn:%d/%m/%Y}", "Nombre huésped": "{p.given_name}", "1er apellido huésped": "{p.family_name}", "2º apellido huésped": "", "Tlf. huésped": "{p.phone}", "Correo huésped": "{p.email}", "Imp. total": "{sum} €", "Situación": "{word}", "Recepcionista": OWNER,
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def kiosk() -> Export:
    """Chinese: members by phone and what they consumed."""
    e, w = Export("会员 ZH", known=False), World("kiosk", countries=("US",))
    rows = []
    for p in w.people:
        e.person(
            p,
            "email phone birth_date",
            f"VIP{p.number:04d}",
            name={p.name, f"{p.family_name}{p.given_name}", f"{p.family_name} {p.given_name}"},
        )
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person})
        e.order(f"XS{o.number:06d}", o.person, ordered_at=o.at, amount=Decimal(o.total), currency={"CNY", None})
    e.table("会员资料.csv", {
        "会员卡号": "VIP{p.number:04d}", "会员姓名": "{p.family_name} {p.given_name}", "手机号码": "{p.phone}", "电子邮箱": "{p.email}", "出生日期": "{p.birth_date}", "会员等级": "金卡", "开卡门店": "一店", "开卡人": "Rick",
    }, [{"p": p} for p in w.people], ",", "utf-8-sig")  # fmt: skip
    e.table("消费明细.csv", {
        "消费单号": "XS{o.number:06d}", "会员卡号": "VIP{p.number:04d}", "消费时间": "{o.at:%Y-%m-%d %H:%M:%S}", "实付金额": "{o.total}", "收银员": "Rick",
    }, rows, ",", "utf-8-sig")  # fmt: skip
    return e
