"""Exports of gateways, far markets and lists of mail, and of what guest houses, salons, vets and gyms write down."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def streak() -> Export:
    """Streak: boxes of a pipeline, the contact in them by e-mail."""
    e, w = Export("Streak", known=False), World("streak", countries=("US",))
    rows = [
        {
            "p": w.people[number % 30],
            "at": at,
            "n": number,
            "sum": 900 + number,
            "stage": ("Closed - Won", "Lead", "Contacted")[number % 3],
        }
        for number, at in enumerate(w.moments(35))
    ]
    e.table("Sales pipeline.csv", {
        "Name": "Project {n}", "Stage": "{stage}", "Assigned To": STAFF[2], "Contact Name": "{p.name}", "Contact Email": "{p.email}", "Deal Size": "${sum}", "Close Date": "{at:%m/%d/%Y}", "Notes": "", "Last Updated Date": "01/05/2025", "Box Key": "agxz{n:06d}",
    }, rows)  # fmt: skip
    for row in rows:
        e.deal(f"agxz{row['n']:06d}", row["p"], amount=Decimal(row["sum"]), at=row["at"].date())
        e.person(row["p"], "name email")
    return e


def braintree() -> Export:
    """Braintree: transactions with the customer, the card and the address, and what was voided."""
    e, w = Export("Braintree", known=False), World("braintree", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p, word = w.people[number % 30], ("settled", "voided", "settled", "settled")[number % 4]
        rows.append({"p": p, "at": at, "n": f"tx{number:06d}", "word": word, "sum": f"{60 + number}.00"})
        e.order(
            {f"tx{number:06d}", f"otx{number:06d}"},
            p,
            amount=Decimal(60 + number),
            currency="USD",
            ordered_at={at, at.date()},
            status={"settled": DONE, "voided": "cancelled"}[word],
        )
        e.person(p, f"given_name family_name region {OWN}")
    e.table("transactions.csv", {
        "Transaction ID": "{n}", "Subscription ID": "", "Transaction Type": "sale", "Transaction Status": "{word}", "Escrow Status": "", "Created Datetime": "{at:%m/%d/%Y %H:%M:%S}", "Created Timezone": "UTC", "Settlement Date": "{at:%m/%d/%Y}", "Merchant Account": "shop", "Currency ISO Code": "USD", "Amount Authorized": "{sum}", "Amount Submitted For Settlement": "{sum}", "Service Fee": "", "Tax Amount": "", "Purchase Order Number": "", "Order ID": "o{n}", "Card Type": "Visa",
        "Cardholder Name": "{p.name}", "Last Four of Credit Card": "1111", "Customer ID": "c{p.number}", "Payment Method Token": "t{p.number}", "Customer First Name": "{p.given_name}", "Customer Last Name": "{p.family_name}", "Customer Company": "", "Customer Email": "{p.email}", "Customer Phone": "{p.phone}", "Billing First Name": "{p.given_name}", "Billing Last Name": "{p.family_name}", "Billing Street Address": "{p.street}", "Billing Extended Address": "", "Billing City (Locality)": "{p.city}",
        "Billing State/Province (Region)": "{p.region}", "Billing Postal Code": "{p.postcode}", "Billing Country": "United States of America", "Shipping First Name": "Uncle", "Shipping Last Name": "Gift", "User": OWNER,
    }, rows)  # fmt: skip
    return e


def drupal() -> Export:
    """Drupal Commerce: orders by a view, the address in headers with a colon."""
    e, w = Export("Drupal Commerce", known=False), World("drupal", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Completed": DONE, "Canceled": "cancelled"})
        rows.append({"o": o, "p": o.person, "word": word, "n": o.number + 1})
        e.order(str(o.number + 1), o.person, ordered_at=o.at, amount=o.total, currency={"EUR", None}, status=status)
        e.person(o.person, "given_name family_name email street city postcode")
    e.table("orders.csv", {
        "Order number": "{n}", "Placed": "{o.at:%a, %m/%d/%Y - %H:%M}", "Customer": "{p.given_name}{p.number}", "E-mail": "{p.email}", "State": "{word}", "Total price": "€{o.total}", "Billing: Given name": "{p.given_name}", "Billing: Family name": "{p.family_name}", "Billing: Organization": "", "Billing: Street address": "{p.street}", "Billing: Postal code": "{p.postcode}", "Billing: Locality": "{p.city}", "Billing: Country": "Germany", "Operations": "",
    }, rows)  # fmt: skip
    for p in {row["p"] for row in rows}:
        e.people[p.name].fields["country"] = {"DE", "Germany"}
    return e


def lazada() -> Export:
    """Lazada: a row for each piece, capitals inside words."""
    e, w = Export("Lazada", known=False), World("lazada", countries=("US",))
    rows, n = [], 10
    for o in w.orders(40):
        word, status = state(o, {"delivered": DONE | {"shipped"}, "canceled": "cancelled"})
        e.order(f"{66000 + o.number}", o.person, ordered_at=o.at, status=status)
        e.person(o.person, "name email phone street city postcode")
        for line in o.lines:
            e.product(line.good.sku, line.good.name)
            for _ in range(line.quantity):
                rows.append({"o": o, "p": o.person, "line": line, "word": word, "id": 66000 + o.number, "n": n})
                n += 1
    e.table("orders.csv", {
        "orderItemId": "{n}", "orderType": "Normal", "deliveryType": "standard", "lazadaId": "L{n}", "sellerSku": "{line.good.sku}", "lazadaSku": "LS{line.good.sku}", "createTime": "{o.at:%d %b %Y %H:%M}", "updateTime": "05 Jan 2025 10:00", "orderNumber": "{id}", "invoiceRequired": "No", "customerName": "{p.name}", "customerEmail": "{p.email}", "nationalRegistrationNumber": "", "shippingName": "Uncle Gift", "shippingAddress": "Nowhere 1", "shippingPhone": "+12025550000", "shippingCity": "Salem",
        "billingName": "{p.name}", "billingAddr": "{p.street}", "billingPhone": "{p.phone}", "billingCity": "{p.city}", "billingPostCode": "{p.postcode}", "payMethod": "COD", "paidPrice": "{line.good.price}", "unitPrice": "{line.good.price}", "shippingFee": "0.00", "itemName": "{line.good.name}", "variation": "", "status": "{word}",
    }, [row for row in rows if row["n"] < 240])  # fmt: skip
    kept = {str(row["id"]) for row in rows if row["n"] < 240}
    e.orders = [one for one in e.orders if kept & one.keys]
    names = {one.of for one in e.orders}
    e.people = {name: one for name, one in e.people.items() if name in names}
    return e


def campaign_monitor() -> Export:
    """Campaign Monitor: subscribers with a state in a word and the date of it."""
    e, w = Export("Campaign Monitor", known=False), World("campaign", countries=("GB",))
    for p in w.people:
        e.person(p, "name email birth_date city")
        e.consent(p, "email", p.number % 5 != 2)
    e.table("Subscribers.csv", {
        "Name": "{p.name}", "Email Address": "{p.email}", "Status": "{word}", "Date": "2024-01-05 10:00:00", "City": "{p.city}", "Birthday": "{p.birth_date}", "Consent to Track": "Unchanged", "Source": "Form",
    }, [{"p": p, "word": "Unsubscribed" if p.number % 5 == 2 else "Subscribed"} for p in w.people])  # fmt: skip
    return e


def guest_house() -> Export:
    """A German guest house: guests, and stays by arrival."""
    e, w = Export("Pension DE", known=False), World("pension", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"{p.number + 1}")
    for o in w.orders(40):
        word, status = state(o, {"gebucht": DONE, "storniert": "cancelled"})
        rows.append({"o": o, "p": o.person, "c": o.person.number + 1, "n": 3000 + o.number, "word": word, "sum": comma(o.total)})
        e.order(str(3000 + o.number), o.person, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("Gaeste.csv", {
        "GastNr": "{n}", "Anrede": "", "Nachname": "{p.family_name}", "Vorname": "{p.given_name}", "Str.": "{p.street}", "PLZ": "{p.postcode}", "Wohnort": "{p.city}", "Nat.": "D", "Tel.": "{p.phone}", "EMail": "{p.email}", "Gebdat": "{p.birth:%d.%m.%Y}", "Kfz-Kz.": "",
    }, [{"p": p, "n": p.number + 1} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("Buchungen.csv", {
        "BuchNr": "{n}", "GastNr": "{c}", "Anreise": "{o.at:%d.%m.%Y}", "Abreise": "01.01.2026", "Zimmer": "7", "Pers.": "2", "Preis/Nacht": "50,00", "Gesamtpreis": "{sum}", "Status": "{word}", "Bearb.": OWNER,
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def hairdresser() -> Export:
    """A Hungarian hairdresser: guests and receipts."""
    e, w = Export("Fodrászat HU", known=False), World("fodraszat", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"V{p.number:03d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": int(o.total * 10)})
        e.order(f"NY-{o.number:05d}", o.person, ordered_at=o.at.date(), amount=Decimal(int(o.total * 10)))
    e.table("vendegek.csv", {
        "Vendégkód": "V{p.number:03d}", "Vezetéknév": "{p.family_name}", "Keresztnév": "{p.given_name}", "Mobil": "{p.phone}", "E-mail": "{p.email}", "Szül. dátum": "{p.birth:%Y.%m.%d.}", "Irsz.": "{p.postcode}", "Település": "{p.city}", "Utca, hsz.": "{p.street}", "Fodrász": OWNER,
    }, [{"p": p} for p in w.people], ";", "cp1250")  # fmt: skip
    e.table("nyugtak.csv", {
        "Nyugtaszám": "NY-{o.number:05d}", "Kelt": "{o.at:%Y.%m.%d.}", "Vendégkód": "V{p.number:03d}", "Szolgáltatás": "Hajvágás", "Fizetett (Ft)": "{sum}", "Fiz. mód": "kp",
    }, rows, ";", "cp1250")  # fmt: skip
    return e


def vet_finnish() -> Export:
    """A Finnish vet: who owns the animals, and receipts."""
    e, w = Export("Eläinlääkäri FI", known=False), World("elain", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name {OWN}", f"{p.number + 500}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "c": o.person.number + 500, "n": 9000 + o.number, "sum": comma(o.total)})
        e.order(str(9000 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("asiakkaat.csv", {
        "Asnro": "{n}", "Etunimi": "{p.given_name}", "Sukunimi": "{p.family_name}", "Puh.": "{p.phone}", "Sposti": "{p.email}", "Lähiosoite": "{p.street}", "Postinro": "{p.postcode}", "Ptp": "{p.city}", "Eläimen nimi": "Musti", "Eläinlääkäri": OWNER,
    }, [{"p": p, "n": p.number + 500} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("kuitit.csv", {
        "Kuittinro": "{n}", "Pvm": "{o.at:%d.%m.%Y}", "Asnro": "{c}", "Toimenpide": "Rokotus", "Summa €": "{sum}", "Maksutapa": "kortti",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def academy() -> Export:
    """A Brazilian gym: pupils by their enrolment, and what they paid."""
    e, w = Export("Academia PT", known=False), World("academia", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, f"name birth_date {OWN}", f"{p.number + 2000}", region={None, "SP"})
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "c": o.person.number + 2000, "n": 100 + o.number, "sum": comma(o.total)})
        e.order(str(100 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("alunos.csv", {
        "Matrícula": "{n}", "Nome do aluno": "{p.name}", "Dt. Nasc.": "{p.birth:%d/%m/%Y}", "CPF": "", "Celular": "{p.phone}", "E-mail": "{p.email}", "Endereço": "{p.street}", "Bairro": "Centro", "Cidade": "{p.city}", "UF": "SP", "CEP": "{p.postcode}", "Professor": OWNER, "Situação": "Ativo",
    }, [{"p": p, "n": p.number + 2000} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("mensalidades.csv", {
        "Nº recibo": "{n}", "Dt. Pagto": "{o.at:%d/%m/%Y}", "Matrícula": "{c}", "Plano": "Mensal", "Valor pago": "{sum}", "Forma pagto": "Pix",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def mechanic() -> Export:
    """An English mechanic: short headers, cars, jobs with a yes for paid."""
    e, w = Export("Mechanic", known=False), World("mechanic", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name {OWN}", f"CR{p.number:03d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "n": 700 + o.number, "sum": f"{o.total}"})
        e.order(str(700 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("Customers.csv", {
        "Cust Ref": "CR{p.number:03d}", "Title": "", "Fname": "{p.given_name}", "Sname": "{p.family_name}", "Add1": "{p.street}", "Add2": "", "Town": "{p.city}", "Pcode": "{p.postcode}", "Mob": "{p.phone}", "Eml": "{p.email}", "Veh Reg": "AB12 CDE", "Notes": "",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("Jobs.csv", {
        "Job No": "{n}", "Job Date": "{o.at:%d/%m/%Y}", "Cust Ref": "CR{p.number:03d}", "Veh Reg": "AB12 CDE", "Mechanic": OWNER, "Labour": "10.00", "Parts": "5.00", "VAT": "{o.tax}", "Inv Total": "{sum}", "Paid": "Y",
    }, rows)  # fmt: skip
    return e
