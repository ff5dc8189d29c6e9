"""Exports of tills, givers, gyms, desks of a firm's own people, and third books of small firms."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def loyverse() -> Export:
    """Loyverse: customers with a code, receipts by item, the customer by name and contact."""
    e, w = Export("Loyverse", known=False), World("loyverse", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, f"name region {OWN}", f"L{p.number:04d}")
    for o in w.orders(40):
        rows += [{"o": o, "p": o.person, "line": line} for line in o.lines]
        e.order(f"1-{1000 + o.number}", o.person, o.lines, ordered_at=o.at)
    e.table("customers.csv", {
        "Customer ID": "L{p.number:04d}", "Customer name": "{p.name}", "Email": "{p.email}", "Phone": "{p.phone}", "Address": "{p.street}", "City": "{p.city}", "Region": "{p.region_name}", "Postal code": "{p.postcode}", "Country": "United States", "Customer code": "", "Points balance": "12", "Note": "", "First visit": "2024-01-02", "Last visit": "2024-05-02", "Total visits": "3", "Total spent": "120.00",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("receipts-by-item.csv", {
        "Date": "{o.at:%Y-%m-%d %H:%M}", "Receipt number": "1-{n}", "Receipt type": "Sale", "Category": "{line.good.category}", "SKU": "{line.good.sku}", "Item": "{line.good.name}", "Variant": "", "Quantity": "{line.quantity}", "Gross sales": "{line.amount}", "Discounts": "0.00", "Net sales": "{line.amount}", "Cost of goods": "1.00", "Gross profit": "1.00", "Taxes": "0.00", "POS": "POS 1", "Store": "Main", "Cashier name": OWNER, "Customer name": "{p.name}", "Customer contacts": "{p.email}, {p.phone}", "Comment": "", "Status": "Closed",
    }, [row | {"n": 1000 + row["o"].number} for row in rows])  # fmt: skip
    return e


def donorbox() -> Export:
    """Donorbox: donations with the donor in the possessive."""
    e, w = Export("Donorbox", known=False), World("donorbox", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p, word = w.people[number % 30], ("paid", "refunded")[number % 7 == 3]
        rows.append({"p": p, "at": at, "n": 600100 + number, "word": word, "sum": f"{25 + number}.00"})
        e.order(
            str(600100 + number),
            p,
            amount=Decimal(25 + number),
            currency="USD",
            ordered_at=at,
            status=DONE if word == "paid" else "refunded",
        )
        e.person(p, f"given_name family_name region {OWN}")
    e.table("donations.csv", {
        "Name": "{p.name}", "Donor's First Name": "{p.given_name}", "Donor's Last Name": "{p.family_name}", "Donor Email": "{p.email}", "Phone": "{p.phone}", "Makes Donation Anonymous": "No", "Address": "{p.street}", "Address 2": "", "City": "{p.city}", "State/Region": "{p.region}", "Postal Code": "{p.postcode}", "Country": "United States", "Employer": "", "Campaign": "Roof", "Amount": "{sum}", "Currency": "USD", "Processing Fee": "0.50", "Receipt Id": "{n}", "Donated At": "{at:%m/%d/%Y %H:%M:%S}", "Status": "{word}", "Donor Comment": "", "Honoree Name": "Old Friend", "Recipient Email": "friend@else.example",
    }, rows)  # fmt: skip
    return e


def gym_app() -> Export:
    """A gym's software: members with whom to call, transactions sold by staff."""
    e, w = Export("Gym app", known=False), World("gym-app", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone birth_date", f"{p.number + 5000}")
    for o in w.orders(40):
        word, status = state(o, {"PAID": DONE, "REFUNDED": "refunded"})
        rows.append({"o": o, "p": o.person, "c": o.person.number + 5000, "n": f"T{o.number:06d}", "word": word})
        e.product("Membership", "Membership")
        e.order(f"T{o.number:06d}", o.person, ordered_at=o.at, amount=o.total, status=status)
    e.table("members.csv", {
        "Member ID": "{c}", "First name": "{p.given_name}", "Last name": "{p.family_name}", "Email": "{p.email}", "Phone": "{p.phone}", "Birth date": "{p.birth_date}", "Gender": "", "Membership name": "Gold", "Membership status": "Active", "Emergency contact name": "Ann Other", "Emergency contact phone": "+447700900555", "Signed up": "2024-01-02", "Trainer": OWNER,
    }, [{"p": p, "c": p.number + 5000} for p in w.people])  # fmt: skip
    e.table("transactions.csv", {
        "Transaction ID": "{n}", "Date": "{o.at:%Y-%m-%d %H:%M:%S}", "Member ID": "{c}", "Member name": "{p.name}", "Amount": "{o.total}", "Tax": "{o.tax}", "Payment method": "Card", "Status": "{word}", "Description": "Membership", "Sold by": OWNER,
    }, rows)  # fmt: skip
    return e


def sell() -> Export:
    """A CRM of sales: people and organisations in one file, told by a yes; deals by the id of the main contact."""
    e, w = Export("Sell", known=False), World("sell", countries=("US",))
    for p in w.people:
        e.person(p, f"name given_name family_name organisation region {OWN}", str(700 + p.number))
    e.table("contacts.csv", {
        "id": "{n}", "name": "{p.name}", "first_name": "{p.given_name}", "last_name": "{p.family_name}", "is_organization": "false", "organization_name": "{p.organisation}", "title": "Buyer", "email": "{p.email}", "phone": "", "mobile": "{p.phone}", "address": "{p.street}", "city": "{p.city}", "zip": "{p.postcode}", "state": "{p.region}", "country": "US", "owner": OWNER, "created_at": "2024-01-02T10:00:00Z", "tags": "", "customer_status": "current", "prospect_status": "none",
    }, [{"p": p, "n": 700 + p.number} for p in w.people])  # fmt: skip
    rows = [
        {
            "p": w.people[number % 30],
            "at": at,
            "n": 90 + number,
            "sum": 2000 + number,
            "stage": ("Won", "Incoming", "Lost")[number % 3],
        }
        for number, at in enumerate(w.moments(30))
    ]
    e.table("deals.csv", {
        "id": "{n}", "name": "Deal {n}", "value": "{sum}", "currency": "USD", "stage_name": "{stage}", "source_name": "Web", "owner": OWNER, "main_contact_id": "{c}", "main_contact_name": "{p.name}", "company_name": "{p.organisation}", "estimated_close_date": "{at:%Y-%m-%d}", "created_at": "2024-01-02T10:00:00Z",
    }, [row | {"c": 700 + row["p"].number} for row in rows])  # fmt: skip
    for row in rows:
        e.deal(str(row["n"]), row["p"], amount=Decimal(row["sum"]), at={row["at"].date()})
    return e


def incidents() -> Export:
    """ServiceNow: incidents with who called, his e-mail behind a point, and groups of staff."""
    e, w = Export("ServiceNow", known=False), World("servicenow", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        rows.append(
            {
                "p": p,
                "at": at,
                "n": f"INC{10000 + number}",
                "subject": w.subject(number),
                "state": ("New", "Closed")[number % 2],
                "end": f"{at:%Y-%m-%d} 23:58:00" if number % 2 else "",
            }
        )
        e.ticket(f"INC{10000 + number}", p, subject=w.subject(number), opened_at=at)
        e.person(p, "name email")
    e.table("incident.csv", {
        "number": "{n}", "opened_at": "{at:%Y-%m-%d %H:%M:%S}", "short_description": "{subject}", "caller_id": "{p.name}", "caller_id.email": "{p.email}", "priority": "3 - Moderate", "state": "{state}", "category": "Inquiry", "assignment_group": "Service Desk", "assigned_to": OWNER, "sys_updated_on": "2025-01-05 10:00:00", "sys_updated_by": "rick.repp", "closed_at": "{end}",
    }, rows)  # fmt: skip
    return e


def charity() -> Export:
    """An English charity's own lists, with marks in brackets."""
    e, w = Export("Charity", known=False), World("charity", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name {OWN}", f"{p.number + 100:05d}")
        e.consent(p, "email", p.number % 4 != 0)
    for o in w.orders(40):
        rows.append({"o": o, "c": o.person.number + 100, "n": 44000 + o.number})
        e.order(str(44000 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("Supporters.csv", {
        "Supp No": "{c:05d}", "Title": "", "Inits": "", "Forename": "{p.given_name}", "Surname": "{p.family_name}", "Addr 1": "{p.street}", "Addr 2": "", "Town": "{p.city}", "P/Code": "{p.postcode}", "Tel (H)": "", "Tel (M)": "{p.phone}", "Email": "{p.email}", "Gift Aid (Y/N)": "Y", "Email OK (Y/N)": "{yes}",
    }, [{"p": p, "c": p.number + 100, "yes": "N" if p.number % 4 == 0 else "Y"} for p in w.people])  # fmt: skip
    e.table("Gifts.csv", {
        "Gift No": "{n}", "Dt Recd": "{o.at:%d/%m/%Y}", "Supp No": "{c:05d}", "Amt (£)": "{o.total}", "Appeal": "Roof", "Method": "CHQ",
    }, rows)  # fmt: skip
    return e


def doctor_german() -> Export:
    """A German practice: patients and invoices, marks in brackets behind the phones."""
    e, w = Export("Praxis DE", known=False), World("praxis", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"{p.number + 2000}")
    for o in w.orders(40):
        rows.append({"o": o, "c": o.person.number + 2000, "n": f"R24{o.number:04d}", "sum": comma(o.total)})
        e.order(f"R24{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("Patienten.csv", {
        "Pat.-Nr.": "{n}", "Name": "{p.family_name}", "Vorname": "{p.given_name}", "Geb.-dat.": "{p.birth:%d.%m.%Y}", "Str./Hnr.": "{p.street}", "PLZ": "{p.postcode}", "Ort": "{p.city}", "Tel. (p)": "", "Tel. (m)": "{p.phone}", "Mail": "{p.email}", "Kasse": "AOK", "Behandler": OWNER,
    }, [{"p": p, "n": p.number + 2000} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("Rechnungen.csv", {
        "Rg.-Nr.": "{n}", "Rg.-Dat.": "{o.at:%d.%m.%Y}", "Pat.-Nr.": "{c}", "Leistung": "Untersuchung", "Rg.-Betrag": "{sum}", "bez. am": "", "Mahnst.": "0",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def shop_spanish() -> Export:
    """A Spanish shop: tickets with their lines on one sheet."""
    e, w = Export("Tienda ES", known=False), World("tienda", countries=("DE",))
    rows = []
    for o in w.orders(40):
        rows += [
            {
                "o": o,
                "p": o.person,
                "line": line,
                "c": f"C{o.person.number:03d}",
                "n": 12000 + o.number,
                "ep": comma(line.good.price),
                "gp": comma(line.amount),
            }
            for line in o.lines
        ]
        e.order(str(12000 + o.number), o.person, o.lines, ordered_at={o.at, o.at.date()})
        e.person(o.person, "name", f"C{o.person.number:03d}")
    e.table("ventas.csv", {
        "Nº ticket": "{n}", "Fecha": "{o.at:%d/%m/%Y}", "Hora": "{o.at:%H:%M}", "Cód. cliente": "{c}", "Cliente": "{p.name}", "Cód. art.": "{line.good.sku}", "Descripción": "{line.good.name}", "Cant.": "{line.quantity}", "P. unit.": "{ep}", "Dto. %": "0", "Importe": "{gp}", "Dependiente": OWNER,
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def shop_czech() -> Export:
    """A Czech shop: an order on a row, cut short."""
    e, w = Export("E-shop CS", known=False), World("eshop", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Vyřízena": DONE | {"shipped"}, "Stornována": "cancelled"})
        rows.append({"o": o, "p": o.person, "n": 202400 + o.number, "word": word, "sum": comma(o.total)})
        e.order(str(202400 + o.number), o.person, ordered_at=o.at.date(), amount=o.total, status=status)
        e.person(o.person, f"given_name family_name {OWN}")
    e.table("objednavky.csv", {
        "Číslo obj.": "{n}", "Datum obj.": "{o.at:%d.%m.%Y}", "Jméno": "{p.given_name}", "Příjmení": "{p.family_name}", "E-mail": "{p.email}", "Tel.": "{p.phone}", "Ulice a č.p.": "{p.street}", "Město": "{p.city}", "PSČ": "{p.postcode}", "Doprava": "PPL", "Cena celkem s DPH": "{sum}", "Stav obj.": "{word}",
    }, rows, ";", "cp1250")  # fmt: skip
    return e


def cart3() -> Export:
    """A cart with every word run together and an o for order before it."""
    e, w = Export("3dcart", known=False), World("cart3", countries=("US",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Shipped": {"shipped"}, "Cancelled": "cancelled"})
        rows.append({"o": o, "p": o.person, "n": 5000 + o.number, "word": word})
        e.order(
            {str(5000 + o.number), f"AB-{5000 + o.number}"},
            o.person,
            ordered_at={o.at, o.at.date()},
            amount=o.total,
            status=status,
        )
        e.person(o.person, f"given_name family_name region {OWN}")
    e.table("orders.csv", {
        "orderid": "{n}", "invoicenum": "AB-{n}", "ocustomerid": "{p.number}", "odate": "{o.at:%m/%d/%Y}", "ofirstname": "{p.given_name}", "olastname": "{p.family_name}", "oemail": "{p.email}", "oaddress": "{p.street}", "oaddress2": "", "ocity": "{p.city}", "ozip": "{p.postcode}", "ostate": "{p.region}", "ocountry": "US", "ophone": "{p.phone}", "oshipname": "Uncle Gift", "oshipcity": "Salem", "orderamount": "{o.total}", "oshipcost": "{o.shipping}", "otax": "{o.tax}", "order_status": "{word}", "salesperson": OWNER,
    }, rows)  # fmt: skip
    return e
