"""Exports of desks, deals, mail and of firms that keep their books in French, Italian, Dutch and Swedish."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def happyfox() -> Export:
    """HappyFox: tickets with the contact's name, address and phone, and the agent."""
    e, w = Export("HappyFox", known=False), World("happyfox", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        rows.append(
            {"p": p, "at": at, "n": f"HF{number:08d}", "subject": w.subject(number), "state": ("New", "Solved")[number % 2]}
        )
        e.ticket(f"HF{number:08d}", p, subject=w.subject(number), opened_at=at, priority="Medium")
        e.person(p, "name email phone")
    e.table("report.csv", {
        "Ticket ID": "{n}", "Ticket Subject": "{subject}", "Category": "Support", "Status": "{state}", "Priority": "Medium", "Assignee": OWNER, "Contact Name": "{p.name}", "Contact Email": "{p.email}", "Contact Phone": "{p.phone}", "Contact Groups": "", "Source": "Email", "Created On": "{at:%Y-%m-%d %H:%M:%S}", "Last Modified On": "2025-01-05 10:00:00", "Last Staff Reply On": "", "Last Contact Reply On": "",
        "Number of Contact Replies": "2", "Time Spent": "5", "Tags": "", "Unresponded": "No",
    }, rows)  # fmt: skip
    return e


def gorgias() -> Export:
    """Gorgias: tickets with a customer of an e-mail, some without a name."""
    e, w = Export("Gorgias", known=False), World("gorgias", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        rows.append(
            {
                "p": p,
                "at": at,
                "n": 33000 + number,
                "subject": w.subject(number),
                "state": ("open", "closed")[number % 2],
                "end": f"{at:%Y-%m-%dT}23:59:00" if number % 2 else "",
            }
        )
        e.ticket(str(33000 + number), p, subject=w.subject(number), opened_at=at, channel="email")
        e.person(p, "name email")
    e.table("tickets.csv", {
        "Ticket id": "{n}", "Initial channel": "email", "Last used integration type": "gmail", "Last used integration name": "Support", "Creation date": "{at:%Y-%m-%dT%H:%M:%S}", "Closed date": "{end}", "Survey score": "", "Assignee name": OWNER, "Assignee email": STAFF[2], "Customer email": "{p.email}", "Customer name": "{p.name}", "Number of agent messages": "1", "Number of customer messages": "1",
        "Subject": "{subject}", "Status": "{state}", "Spam": "False", "Tags": "", "First response time (s)": "300",
    }, rows)  # fmt: skip
    return e


def monday() -> Export:
    """Boards of monday, as CSV: contacts with two owners of a column, deals with the contact's name and e-mail."""
    e, w = Export("monday", known=False), World("monday", countries=("GB",))
    for p in w.people:
        e.person(p, "name email phone organisation")
    e.table("Contacts.csv", {
        "Name": "{p.name}", "Subitems": "", "Person": OWNER, "Type": "Customer", "Company": "{p.organisation}", "Email": "{p.email}", "Phone": "{p.phone}", "Title": "Buyer", "Priority": "High", "Comments": "", "Item ID": "77{p.number:05d}",
    }, [{"p": p} for p in w.people])  # fmt: skip
    rows = [
        {
            "p": w.people[number % 30],
            "at": at,
            "n": 8800 + number,
            "sum": 1000 + number,
            "stage": ("Won", "Lost", "Proposal")[number % 3],
        }
        for number, at in enumerate(w.moments(30))
    ]
    e.table("Deals.csv", {
        "Name": "Deal {n}", "Owner": OWNER, "Stage": "{stage}", "Deal Value": "{sum}", "Close Date": "{at:%Y-%m-%d}", "Contact": "{p.name}", "Contact Email": "{p.email}", "Close Probability": "50", "Item ID": "{n}",
    }, rows)  # fmt: skip
    for row in rows:
        e.deal(str(row["n"]), row["p"], amount=Decimal(row["sum"]), at=row["at"].date())
    return e


def activecampaign() -> Export:
    """ActiveCampaign: contacts with percent signs of nothing, deals with an organisation; status in words."""
    e, w = Export("ActiveCampaign", known=False), World("activecampaign", countries=("US",))
    for p in w.people:
        e.person(p, "name given_name family_name email phone organisation", str(p.number + 1))
    e.table("contacts.csv", {
        "ID": "{n}", "Email": "{p.email}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Phone": "{p.phone}", "Organization": "{p.organisation}", "Tags": "", "Date Created": "2024-01-02 10:00:00", "IP Address": "192.0.2.1", "Score": "3", "Lists": "Newsletter", "*Contact owner": OWNER,
    }, [{"p": p, "n": p.number + 1} for p in w.people])  # fmt: skip
    rows = [
        {
            "p": w.people[number % 30],
            "at": at,
            "n": number + 1,
            "sum": f"{100 + number}.00",
            "state": ("Open", "Won", "Lost")[number % 3],
        }
        for number, at in enumerate(w.moments(30))
    ]
    e.table("deals.csv", {
        "Deal ID": "{n}", "Title": "Deal {n}", "Deal Value": "{sum}", "Currency": "USD", "Pipeline": "Sales", "Stage": "To Contact", "Status": "{state}", "Owner": OWNER, "Primary Contact ID": "{c}", "Primary Contact Name": "{p.name}", "Primary Contact Email": "{p.email}", "Date Created": "{at:%Y-%m-%d %H:%M:%S}", "Next Action": "",
    }, [row | {"c": row["p"].number + 1} for row in rows])  # fmt: skip
    for row in rows:
        e.deal(str(row["n"]), row["p"], amount=Decimal(row["sum"]), at=row["at"])
    return e


def nop() -> Export:
    """nopCommerce: orders as exported to a spreadsheet, one word for a header, in capitals."""
    e, w = Export("nopCommerce", known=False), World("nop", countries=("US",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Complete": DONE, "Cancelled": "cancelled"})
        rows.append({"o": o, "p": o.person, "word": word, "n": o.number + 1})
        e.order(str(o.number + 1), o.person, ordered_at=o.at, amount=o.total, currency="USD", status=status)
        e.person(o.person, f"given_name family_name region {OWN}")
    e.table("orders.csv", {
        "OrderId": "{n}", "StoreId": "1", "OrderGuid": "g-{n}", "CustomerId": "{p.number}", "CustomerGuid": "c-{p.number}", "OrderStatus": "{word}", "PaymentStatus": "Paid", "ShippingStatus": "Delivered", "OrderSubtotalInclTax": "{o.subtotal}", "OrderShippingInclTax": "{o.shipping}", "OrderTax": "{o.tax}", "OrderTotal": "{o.total}", "RefundedAmount": "0", "OrderDiscount": "0", "CurrencyRate": "1", "CustomerCurrencyCode": "USD",
        "AffiliateId": "0", "PaymentMethodSystemName": "Card", "CreatedOnUtc": "{o.at:%Y-%m-%d %H:%M:%S}", "BillingFirstName": "{p.given_name}", "BillingLastName": "{p.family_name}", "BillingPhoneNumber": "{p.phone}", "BillingEmail": "{p.email}", "BillingFaxNumber": "", "BillingCompany": "", "BillingAddress1": "{p.street}", "BillingAddress2": "", "BillingCity": "{p.city}", "BillingCountry": "United States", "BillingStateProvince": "{p.region_name}", "BillingZipPostalCode": "{p.postcode}",
        "ShippingFirstName": "Uncle", "ShippingLastName": "Gift", "ShippingEmail": "uncle@gift.example", "ShippingCity": "Salem",
    }, rows)  # fmt: skip
    return e


def vtex() -> Export:
    """VTEX: a row for each item; documents, sums, and a name in two columns."""
    e, w = Export("VTEX", known=False), World("vtex", countries=("US",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Faturado": DONE, "Cancelado": "cancelled"})
        e.order(
            f"v{88000 + o.number}lux-01",
            o.person,
            o.lines,
            ordered_at=o.at,
            amount=o.total,
            status=status,
            currency={"BRL", None},
        )
        e.person(o.person, "name given_name family_name email phone", city={"São Paulo", None})  # where it is sent
        rows += [
            {
                "o": o,
                "p": o.person,
                "line": line,
                "word": word,
                "id": f"v{88000 + o.number}lux-01",
                "ep": comma(line.good.price),
                "gp": comma(line.amount),
                "sum": comma(o.total),
            }
            for line in o.lines
        ]
    e.table("pedidos.csv", {
        "Origin": "Marketplace", "Order": "{id}", "Sequence": "{o.number}", "Creation Date": "{o.at:%Y-%m-%d %H:%M:%S}Z", "Client Name": "{p.given_name}", "Client Last Name": "{p.family_name}", "Client Document": "", "Email": "{p.email}", "Phone": "{p.phone}", "UF": "SP", "City": "São Paulo", "Receiver Name": "Uncle Gift", "Status": "{word}", "Payment System Name": "Visa", "Quantity_SKU": "{line.quantity}", "ID_SKU": "{line.good.sku}", "SKU Name": "{line.good.name}",
        "SKU Value": "{ep}", "SKU Selling Price": "{ep}", "SKU Total Price": "{gp}", "Discounts Totals": "0", "Shipping Value": "{o.shipping}", "Total Value": "{sum}", "Seller Name": "Loja", "Coupon": "",
    }, rows, ";")  # fmt: skip
    return e


def plumber() -> Export:
    """A French craftsman: customers and invoices, abbreviated, in the encoding of old Windows."""
    e, w = Export("Plombier FR", known=False), World("plumber", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name {OWN}", f"C{p.number:04d}")
    for o in w.orders(40):
        word, status = state(o, {"Réglée": DONE, "Annulée": "cancelled"})
        rows.append(
            {"o": o, "p": o.person, "word": word, "ht": comma(o.total - o.tax), "tva": comma(o.tax), "sum": comma(o.total)}
        )
        e.order(f"FA{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("clients.csv", {
        "Réf. client": "C{p.number:04d}", "Civ.": "M.", "Nom": "{p.family_name}", "Prénom": "{p.given_name}", "Adr.": "{p.street}", "C.P.": "{p.postcode}", "Ville": "{p.city}", "Tél. fixe": "", "Tél. port.": "{p.phone}", "Mél": "{p.email}", "Obs.": "",
    }, [{"p": p} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("factures.csv", {
        "N° fact.": "FA{o.number:05d}", "Date fact.": "{o.at:%d/%m/%Y}", "Réf. client": "C{p.number:04d}", "Objet": "Travaux", "Total HT": "{ht}", "TVA": "{tva}", "Total TTC": "{sum}", "Échéance": "01/01/2026", "État": "{word}",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def gym_italian() -> Export:
    """An Italian gym: who is enrolled, and what they paid."""
    e, w = Export("Palestra IT", known=False), World("palestra", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone street city postcode birth_date", f"{p.number:05d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": comma(o.total)})
        e.order(f"R{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("iscritti.csv", {
        "N. tessera": "{p.number:05d}", "Cognome": "{p.family_name}", "Nome": "{p.given_name}", "Nato il": "{p.birth:%d/%m/%Y}", "Nato a": "Roma", "Cell.": "{p.phone}", "Mail": "{p.email}", "Indirizzo": "{p.street}", "CAP": "{p.postcode}", "Città": "{p.city}", "Istruttore": OWNER, "Scad. certificato": "01/09/2025",
    }, [{"p": p} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("pagamenti.csv", {
        "N. ricevuta": "R{o.number:05d}", "Data pagam.": "{o.at:%d/%m/%Y}", "N. tessera": "{p.number:05d}", "Causale": "Abbonamento", "Importo €": "{sum}", "Mod. pagamento": "Contanti",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def nursery() -> Export:
    """A Dutch garden centre: relations, and invoices with their lines."""
    e, w = Export("Kwekerij NL", known=False), World("kwekerij", countries=("DE",))
    heads, items = [], []
    for p in w.people:
        e.person(p, f"name {OWN}", f"{2000 + p.number}")
    for o in w.orders(40):
        heads.append({"o": o, "p": o.person, "c": 2000 + o.person.number, "sum": comma(o.total), "net": comma(o.total - o.tax)})
        items += [{"o": o, "line": line, "ep": comma(line.good.price), "gp": comma(line.amount)} for line in o.lines]
        e.order(f"{240000 + o.number}", o.person, o.lines, ordered_at=o.at.date(), amount=o.total)
    e.table("Relaties.csv", {
        "Relatienr": "{c}", "Naam": "{p.name}", "T.a.v.": "", "Adres": "{p.street}", "PC": "{p.postcode}", "Plaats": "{p.city}", "Tel.nr.": "{p.phone}", "E-mail": "{p.email}", "Soort": "Klant",
    }, [{"p": p, "c": 2000 + p.number} for p in w.people], ";")  # fmt: skip
    e.table("Facturen.csv", {
        "Factuurnr": "{n}", "Factuurdat.": "{o.at:%d-%m-%Y}", "Relatienr": "{c}", "Bedrag excl.": "{net}", "Bedrag incl.": "{sum}", "Vervaldat.": "01-01-2026", "Betaald": "J",
    }, [row | {"n": 240000 + row["o"].number} for row in heads], ";")  # fmt: skip
    e.table("Factuurregels.csv", {
        "Factuurnr": "{n}", "Artikelnr": "{line.good.sku}", "Omschrijving": "{line.good.name}", "Aantal": "{line.quantity}", "Stukprijs": "{ep}", "Regelbedrag": "{gp}",
    }, [row | {"n": 240000 + row["o"].number} for row in items], ";")  # fmt: skip
    return e


def choir() -> Export:
    """A Swedish society: members and the fees they paid."""
    e, w = Export("Körförening SV", known=False), World("choir", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone street city postcode birth_date", f"{100 + p.number}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "c": 100 + o.person.number, "sum": comma(o.total)})
        e.order(f"{5000 + o.number}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("medlemsregister.csv", {
        "Medlemsnr": "{c}", "Förnamn": "{p.given_name}", "Efternamn": "{p.family_name}", "Född": "{p.birth_date}", "Adress": "{p.street}", "Postnr": "{p.postcode}", "Postort": "{p.city}", "Mobil": "{p.phone}", "E-post": "{p.email}", "Stämma": "Alt", "Medlem sedan": "2019",
    }, [{"p": p, "c": 100 + p.number} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("avgifter.csv", {
        "Verifikat": "{n}", "Inbetalt datum": "{o.at:%Y-%m-%d}", "Medlemsnr": "{c}", "Avser": "Medlemsavgift", "Belopp (kr)": "{sum}",
    }, [row | {"n": 5000 + row["o"].number} for row in rows], ";", "utf-8-sig")  # fmt: skip
    return e
