"""Exports of sellers of courses, salons and practices, and second books of small firms in seven tongues."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def thrivecart() -> Export:
    """ThriveCart: transactions, a refund as a type of them."""
    e, w = Export("ThriveCart", known=False), World("thrivecart", countries=("US",))
    rows = []
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "id": 31000 + o.number, "good": o.lines[0].good})
        e.order({str(31000 + o.number), f"INV-{31000 + o.number}"}, o.person, ordered_at=o.at, amount=o.total, currency="USD")
        e.person(o.person, f"name region {OWN}")
        e.product(o.lines[0].good.name, o.lines[0].good.name)
    e.table("transactions.csv", {
        "Order Date": "{o.at:%Y-%m-%d %H:%M:%S}", "Order ID": "{id}", "Invoice ID": "INV-{id}", "Transaction Type": "charge", "Product Name": "{good.name}", "Price Paid": "{o.total}", "Currency": "USD", "Customer Name": "{p.name}", "Customer Email": "{p.email}", "Customer Phone": "{p.phone}", "Customer Business": "", "Address Line 1": "{p.street}", "Address Line 2": "", "City": "{p.city}", "State": "{p.region}", "Zip": "{p.postcode}", "Country": "US", "Affiliate": "", "Affiliate Email": "aff@partner.example", "Coupon": "",
    }, rows)  # fmt: skip
    return e


def salon_app() -> Export:
    """A booking app of salons: clients with two consents, sales by item with a team member."""
    e, w = Export("Salon app", known=False), World("salon-app", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"{p.number + 1}")
        e.consent(p, "email", p.number % 3 != 0)
    for o in w.orders(40):
        rows += [{"o": o, "p": o.person, "c": o.person.number + 1, "line": line} for line in o.lines]
        e.order(f"S{o.number:05d}", o.person, o.lines, ordered_at=o.at.date())
    e.table("clients.csv", {
        "Client ID": "{c}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Mobile Number": "{p.phone}", "Telephone": "", "Email": "{p.email}", "Gender": "", "Date of Birth": "{p.birth_date}", "Accepts Marketing": "{yes}", "Accepts SMS Marketing": "", "Address": "{p.street}", "City": "{p.city}", "Post Code": "{p.postcode}", "Blocked": "No", "Added": "2024-01-02", "Source": "Walk-in",
    }, [{"p": p, "c": p.number + 1, "yes": "No" if p.number % 3 == 0 else "Yes"} for p in w.people])  # fmt: skip
    e.table("sales_log.csv", {
        "Sale no.": "S{o.number:05d}", "Sale date": "{o.at:%Y-%m-%d}", "Location": "High Street", "Channel": "Online", "Client ID": "{c}", "Client": "{p.name}", "Team member": OWNER, "Type": "Product", "Item": "{line.good.name}", "SKU": "{line.good.sku}", "Qty": "{line.quantity}", "Gross sales": "{line.amount}", "Discounts": "0.00", "Net sales": "{line.amount}", "Tax": "0.00", "Total sales": "{line.amount}",
    }, rows)  # fmt: skip
    return e


def practice() -> Export:
    """A practice of physiotherapists: patients, whom to call, and invoices that name the patient twice."""
    e, w = Export("Practice", known=False), World("practice", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"{p.number + 81000}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "c": o.person.number + 81000, "n": 1200 + o.number})
        e.order(str(1200 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("patients.csv", {
        "ID": "{c}", "Title": "", "First Name": "{p.given_name}", "Preferred First Name": "", "Last Name": "{p.family_name}", "DOB": "{p.birth:%d %b %Y}", "Sex": "", "Address 1": "{p.street}", "Address 2": "", "City": "{p.city}", "State": "", "Post Code": "{p.postcode}", "Country": "United Kingdom", "Email": "{p.email}", "Mobile Phone": "{p.phone}", "Home Phone": "", "Emergency Contact": "Ann on +447700900999", "Referral Source": "", "Referring Doctor": OWNER, "Receives Confirmation Emails": "Yes",
    }, [{"p": p, "c": p.number + 81000} for p in w.people])  # fmt: skip
    e.table("invoices.csv", {
        "Invoice Number": "{n}", "Issue Date": "{o.at:%d %b %Y}", "Patient ID": "{c}", "Patient": "{p.name}", "Patient DOB": "", "Practitioner": OWNER, "Business": "Main Street", "Net Amount": "{net}", "Tax": "{o.tax}", "Total Amount": "{o.total}", "Outstanding": "0.00", "Closed At": "",
    }, [row | {"net": row["o"].total - row["o"].tax} for row in rows])  # fmt: skip
    return e


def driving_school() -> Export:
    """A German driving school: the name and the place in one column each, payments in a column called by the currency."""
    e, w = Export("Fahrschule DE", known=False), World("fahrschule", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"birth_date {OWN}", f"{p.number + 1}", name=p.name)
    for o in w.orders(40):
        rows.append({"o": o, "c": o.person.number + 1, "n": 8000 + o.number, "sum": comma(o.total)})
        e.order(str(8000 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("Fahrschueler.csv", {
        "Schülernr.": "{n}", "Name, Vorname": "{p.family_name}, {p.given_name}", "geb.": "{p.birth:%d.%m.%Y}", "Strasse": "{p.street}", "PLZ Ort": "{p.postcode} {p.city}", "Handy": "{p.phone}", "E-Mail": "{p.email}", "Klasse": "B", "Fahrlehrer": OWNER,
    }, [{"p": p, "n": p.number + 1} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("Zahlungen.csv", {
        "Quittungsnr.": "{n}", "Datum": "{o.at:%d.%m.%Y}", "Schülernr.": "{c}", "Zweck": "Fahrstunden", "Betrag EUR": "{sum}", "Kassierer": OWNER,
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def caterer_french() -> Export:
    """A Belgian caterer: customers, orders, and lines with unit prices."""
    e, w = Export("Traiteur FR", known=False), World("traiteur", countries=("DE",))
    heads, items = [], []
    for p in w.people:
        e.person(p, f"name {OWN}", f"CL{p.number:03d}")
    for o in w.orders(40):
        word, status = state(o, {"Livrée": {"shipped"} | DONE, "Annulée": "cancelled"})
        heads.append({"o": o, "p": o.person, "word": word, "sum": comma(o.total)})
        items += [{"o": o, "line": line, "ep": comma(line.good.price), "gp": comma(line.amount)} for line in o.lines]
        e.order(f"CD{o.number:04d}", o.person, o.lines, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("clients.csv", {
        "Code client": "CL{p.number:03d}", "Nom client": "{p.name}", "Rue": "{p.street}", "Code post.": "{p.postcode}", "Localité": "{p.city}", "Tél": "", "GSM": "{p.phone}", "Courriel": "{p.email}",
    }, [{"p": p} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("commandes.csv", {
        "N° cde": "CD{o.number:04d}", "Date cde": "{o.at:%d/%m/%Y}", "Code client": "CL{p.number:03d}", "Livr. le": "01/01/2026", "Total": "{sum}", "Statut": "{word}",
    }, heads, ";", "cp1252")  # fmt: skip
    e.table("lignes.csv", {
        "N° cde": "CD{o.number:04d}", "Réf. art.": "{line.good.sku}", "Désignation": "{line.good.name}", "Qté": "{line.quantity}", "P.U.": "{ep}", "Montant": "{gp}",
    }, items, ";", "cp1252")  # fmt: skip
    return e


def salon_japanese() -> Export:
    """A Japanese salon: members and visits with what was paid."""
    e, w = Export("美容室 JA", known=False), World("biyoshitsu", countries=("US",))
    rows = []
    for p in w.people:
        e.person(
            p,
            "email phone postcode birth_date city street",
            f"M{p.number:04d}",
            name={p.name, f"{p.family_name} {p.given_name}"},
            region={p.region, p.region_name, None},
        )
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "n": 300 + o.number, "sum": int(o.total * 10)})
        e.order(str(300 + o.number), o.person, ordered_at=o.at.date(), amount=Decimal(int(o.total * 10)))
    e.table("会員一覧.csv", {
        "会員番号": "M{p.number:04d}", "お名前": "{p.family_name} {p.given_name}", "ふりがな": "", "性別": "", "生年月日": "{p.birth:%Y年%m月%d日}", "郵便番号": "{p.postcode}", "都道府県": "{p.region_name}", "市区町村": "{p.city}", "番地・建物名": "{p.street}", "お電話番号": "{p.phone}", "メールアドレス": "{p.email}", "担当スタッフ": OWNER, "初回来店日": "2024/01/05",
    }, [{"p": p} for p in w.people], ",", "utf-8-sig")  # fmt: skip
    e.table("来店履歴.csv", {
        "レシート番号": "{n}", "来店日": "{o.at:%Y/%m/%d}", "会員番号": "M{p.number:04d}", "メニュー": "カット", "会計金額": "{sum}", "支払方法": "現金", "担当スタッフ": OWNER,
    }, rows, ",", "utf-8-sig")  # fmt: skip
    return e


def physio_dutch() -> Export:
    """A Dutch physiotherapist: the name in four parts, the house number apart, claims."""
    e, w = Export("Fysio NL", known=False), World("fysio", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(
            p, "family_name email phone city postcode birth_date", f"{p.number + 600}", given_name=p.given_name, street=p.street
        )
    for o in w.orders(40):
        word, status = state(o, {"Betaald": DONE, "Gecrediteerd": {"refunded", "cancelled"}})
        rows.append({"o": o, "c": o.person.number + 600, "n": 2400 + o.number, "word": word, "sum": comma(o.total)})
        e.order(str(2400 + o.number), o.person, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("Patienten.csv", {
        "Pat.nr": "{n}", "Achternaam": "{p.family_name}", "Voorv.": "", "Roepnaam": "{p.given_name}", "Geb.dat.": "{p.birth:%d-%m-%Y}", "Straat": "{road}", "Huisnr.": "{house}", "Postcode": "{p.postcode}", "Woonpl.": "{p.city}", "Tel. mobiel": "{p.phone}", "Mailadres": "{p.email}", "Huisarts": OWNER, "Verzekeraar": "CZ",
    }, [{"p": p, "n": p.number + 600, "road": p.street.rsplit(" ", 1)[0], "house": p.street.rsplit(" ", 1)[1]} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("Declaraties.csv", {
        "Declaratienr": "{n}", "Behandeldatum": "{o.at:%d-%m-%Y}", "Pat.nr": "{c}", "Prestatie": "Zitting", "Bedrag": "{sum}", "Status": "{word}",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def hotel_swedish() -> Export:
    """A Swedish hotel: bookings that name the guest in the possessive."""
    e, w = Export("Hotell SV", known=False), World("hotell", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Bekräftad": DONE, "Avbokad": "cancelled"})
        rows.append({"o": o, "p": o.person, "n": f"BK{o.number:04d}", "word": word, "sum": comma(o.total)})
        e.order(f"BK{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total, currency="SEK", status=status)
        e.person(o.person, "name email phone")
    e.table("bokningar.csv", {
        "Bokningsnr": "{n}", "Bokad den": "{o.at:%Y-%m-%d}", "Gästens namn": "{p.name}", "Gästens e-post": "{p.email}", "Gästens mobil": "{p.phone}", "Incheckning": "2026-01-01", "Utcheckning": "2026-01-03", "Rum": "12", "Antal gäster": "2", "Totalpris": "{sum}", "Valuta": "SEK", "Bokningsstatus": "{word}", "Bokad av": OWNER,
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def orders_polish() -> Export:
    """Polish: orders with their items on one sheet, everything cut short."""
    e, w = Export("Zamówienia PL", known=False), World("zamowienia", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Zrealizowane": DONE | {"shipped"}, "Anulowane": "cancelled"})
        rows += [
            {
                "o": o,
                "p": o.person,
                "line": line,
                "n": f"ZAM/{o.number:04d}",
                "word": word,
                "ep": comma(line.good.price),
                "gp": comma(line.amount),
            }
            for line in o.lines
        ]
        e.order(f"ZAM/{o.number:04d}", o.person, o.lines, ordered_at=o.at.date(), status=status)
        e.person(o.person, "name email phone")
    e.table("zamowienia.csv", {
        "Nr zam.": "{n}", "Data zam.": "{o.at:%d.%m.%Y}", "Kupujący": "{p.name}", "Tel. kupującego": "{p.phone}", "E-mail kupującego": "{p.email}", "Kod prod.": "{line.good.sku}", "Nazwa prod.": "{line.good.name}", "Szt.": "{line.quantity}", "Cena jedn.": "{ep}", "Wartość": "{gp}", "Stan zam.": "{word}", "Sprzedawca": OWNER,
    }, rows, ";", "cp1250")  # fmt: skip
    return e


def course_turkish() -> Export:
    """A Turkish language school: pupils with their parent, and what was paid."""
    e, w = Export("Kurs TR", known=False), World("kurs", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone birth_date", f"{p.number + 1}")
    for o in w.orders(40):
        rows.append({"o": o, "c": o.person.number + 1, "n": 55000 + o.number, "sum": comma(o.total, ".")})
        e.order(str(55000 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("ogrenciler.csv", {
        "Öğr. No": "{n}", "Ad": "{p.given_name}", "Soyad": "{p.family_name}", "Doğ. Tar.": "{p.birth:%d.%m.%Y}", "Veli Adı": "Ayşe {p.family_name}", "Veli Tel": "+905551112233", "Cep Tel": "{p.phone}", "E-posta": "{p.email}", "Kurs": "B1", "Öğretmen": OWNER,
    }, [{"p": p, "n": p.number + 1} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("odemeler.csv", {
        "Makbuz No": "{n}", "Ödeme Tar.": "{o.at:%d.%m.%Y}", "Öğr. No": "{c}", "Ödenen Tutar": "{sum}", "Ödeme Türü": "Nakit",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e
