"""Exports from the corners: senders of mail, subscriptions with a colon in every header, chats, courses, shops of five tongues."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def keap() -> Export:
    """Keap: contacts, and orders with a total of the invoice."""
    e, w = Export("Keap", known=False), World("keap", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name region {OWN}", str(20 + p.number))
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "id": 20 + o.person.number})
        e.order(str(600 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("contacts.csv", {
        "Contact Id": "{id}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Email": "{p.email}", "Phone 1": "{p.phone}", "Phone 1 Type": "Mobile", "Phone 1 Ext": "", "Street Address 1": "{p.street}", "Street Address 2": "", "City": "{p.city}", "State": "{p.region}", "Postal Code": "{p.postcode}",
        "Lead Source": "Web", "Owner": OWNER, "Person Notes": "", "Spouse Name": "Odd", "Score": "3",
    }, [{"p": p, "id": 20 + p.number} for p in w.people])  # fmt: skip
    e.table("orders.csv", {
        "Id": "{n}", "ContactId": "{id}", "Order Title": "Online Order", "Date Created": "{o.at:%m/%d/%Y}", "Inv Total": "{o.total}", "Amt Paid": "0.00", "Balance": "{o.total}", "Lead Affiliate": "", "Promo Code": "",
    }, [row | {"n": 600 + row["o"].number} for row in rows])  # fmt: skip
    return e


def zuora() -> Export:
    """Zuora: every header with the object before a colon; whom the bill goes to is a contact."""
    e, w = Export("Zuora", known=False), World("zuora", countries=("US",))
    rows = []
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person})
        e.order(
            f"INV{o.number:08d}", o.person, ordered_at=o.at.date(), amount=o.total, currency="USD", status=DONE | {"Posted", None}
        )
        e.person(o.person, "given_name family_name email phone")
    e.table("InvoiceExport.csv", {
        "Invoice: Invoice Number": "INV{o.number:08d}", "Invoice: Invoice Date": "{o.at:%Y-%m-%d}", "Invoice: Due Date": "2026-01-01", "Invoice: Amount": "{o.total}", "Invoice: Status": "Posted", "Account: Account Number": "A{p.number:05d}", "Account: Currency": "USD", "Bill To: First Name": "{p.given_name}",
        "Bill To: Last Name": "{p.family_name}", "Bill To: Work Email": "{p.email}", "Bill To: Work Phone": "{p.phone}", "Sold To: First Name": "Uncle", "Sold To: Last Name": "Gift", "Account: Sales Rep": OWNER,
    }, rows)  # fmt: skip
    return e


def chat() -> Export:
    """Chats of a web site: visitors and agents."""
    e, w = Export("Chats", known=False), World("chats", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        rows.append({"n": number, "p": p, "at": at, "subject": w.subject(number)})
        e.person(p, "name email")
        e.ticket(f"ch{number:06d}", p, opened_at=at)
    e.table("chat_transcripts.csv", {
        "Chat ID": "ch{n:06d}", "Visitor Name": "{p.name}", "Visitor Email": "{p.email}", "Visitor IP": "192.0.2.1", "Agent Name": OWNER, "Started At": "{at:%Y-%m-%d %H:%M:%S}", "Rating": "good", "Transcript": "{subject}",
    }, rows)  # fmt: skip
    return e


def course() -> Export:
    """Courses sold online: the purchaser, the course, the gross and what is left of it."""
    e, w = Export("Courses", known=False), World("course", countries=("US",))
    rows = []
    for o in w.orders(40):
        back = o.number % 8 == 3
        rows.append({"o": o, "p": o.person, "good": o.lines[0].good, "back": "true" if back else "false"})
        e.order(
            f"{88000 + o.number}",
            o.person,
            ordered_at=o.at,
            amount=o.total,
            currency="USD",
            status="refunded" if back else DONE | {None},
        )
        e.person(o.person, "name email")
        e.product(o.lines[0].good.name, o.lines[0].good.name)
    e.table("transactions.csv", {
        "Transaction ID": "{n}", "Purchased At": "{o.at:%Y-%m-%d %H:%M:%S} UTC", "Purchaser Name": "{p.name}", "Purchaser Email": "{p.email}", "Course Name": "{good.name}", "Coupon Code": "", "Currency": "USD", "Final Price": "{o.total}", "Author Fees": "1.00", "Affiliate Fees": "0.00", "Refunded": "{back}",
    }, [row | {"n": 88000 + row["o"].number} for row in rows])  # fmt: skip
    return e


def naver() -> Export:
    """Korean: orders of a shop, won without cents; who orders and who receives."""
    e, w = Export("Naver KO", known=False), World("naver", countries=("US",))
    rows = []
    for o in w.orders(40):
        p, line = o.person, o.lines[0]
        rows.append({"o": o, "p": p, "line": line, "won": int(line.amount) * 1000})
        e.order(f"20240{o.number:05d}", p, ordered_at=o.at, amount=Decimal(int(line.amount) * 1000), currency={"KRW", None})
        e.person(p, "email phone", name={p.name, f"{p.family_name} {p.given_name}"})
        e.product(line.good.sku, line.good.name)
    e.table("주문내역.csv", {
        "상품주문번호": "20240{o.number:05d}", "주문일시": "{o.at:%Y-%m-%d %H:%M:%S}", "주문상태": "배송완료", "구매자명": "{p.family_name} {p.given_name}", "구매자연락처": "{p.phone}", "구매자이메일": "{p.email}", "수취인명": "Uncle Gift", "수취인연락처1": "+12025550000", "상품번호": "{line.good.sku}", "상품명": "{line.good.name}", "수량": "{line.quantity}", "총 주문금액": "{won}",
    }, rows, ",", "utf-8-sig")  # fmt: skip
    return e


def factura() -> Export:
    """Romanian: customers and invoices."""
    e, w = Export("Facturi RO", known=False), World("factura", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "name email phone street city", f"CL{p.number:03d}")
    for o in w.orders(40):
        word, status = state(o, {"Încasată": DONE, "Anulată": "cancelled"})
        rows.append({"o": o, "p": o.person, "word": word, "sum": comma(o.total, ".")})
        e.order(f"F{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total, currency={"RON", None}, status=status)
    e.table("clienti.csv", {
        "Cod client": "CL{p.number:03d}", "Denumire client": "{p.name}", "CUI/CNP": "", "Adresă": "{p.street}", "Localitate": "{p.city}", "Telefon mobil": "{p.phone}", "Adresă e-mail": "{p.email}", "Agent vânzări": OWNER,
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    e.table("facturi.csv", {
        "Nr. factură": "F{o.number:05d}", "Data emiterii": "{o.at:%d.%m.%Y}", "Data scadenței": "01.01.2026", "Cod client": "CL{p.number:03d}", "Total factură (RON)": "{sum}", "Stare": "{word}",
    }, rows, ";")  # fmt: skip
    return e


def shopware() -> Export:
    """German: an order on a row with a billing and a shipping address, English and German mixed."""
    e, w = Export("Shopware DE", known=False), World("shopware", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Abgeschlossen": DONE, "Abgebrochen": "cancelled"})
        rows.append({"o": o, "p": o.person, "word": word, "sum": comma(o.total)})
        e.order(f"SW{o.number:05d}", o.person, ordered_at=o.at, amount=o.total, currency="EUR", status=status)
        e.person(o.person, f"given_name family_name {OWN}")
    e.table("orders.csv", {
        "orderNumber": "SW{o.number:05d}", "orderTime": "{o.at:%Y-%m-%d %H:%M:%S}", "orderStatusDescription": "{word}", "invoiceAmount": "{o.total}", "currency": "EUR", "customerEmail": "{p.email}", "billingFirstName": "{p.given_name}", "billingLastName": "{p.family_name}", "billingStreet": "{p.street}",
        "billingZipcode": "{p.postcode}", "billingCity": "{p.city}", "billingPhone": "{p.phone}", "shippingFirstName": "Uncle", "shippingLastName": "Gift", "shippingCity": "Salem", "shippingZipcode": "99999", "shippingStreet": "Nowhere 1",
    }, rows, ";")  # fmt: skip
    return e


def unleashed() -> Export:
    """B2B: sales orders whose customer has a code and a contact; lines in a file of their own."""
    e, w = Export("Unleashed", known=False), World("unleashed", countries=("GB",))
    heads, items = [], []
    for p in w.people:
        e.person(p, f"{OWN}", f"CU{p.number:04d}")
        e.people[p.name].fields["organisation"] = {p.organisation, None}
    for o in w.orders(40):
        heads.append({"o": o, "p": o.person})
        items += [{"o": o, "line": line, "n": n + 1} for n, line in enumerate(o.lines)]
        e.order(f"SO-{o.number:08d}", o.person, o.lines, ordered_at=o.at.date(), amount=o.total)
    e.table("Customers.csv", {
        "*Customer Code": "CU{p.number:04d}", "*Customer Name": "{p.organisation} {p.number}", "Contact Name": "{p.name}", "Contact Mobile": "{p.phone}", "Contact Email": "{p.email}", "Address Line 1": "{p.street}", "Address Line 2": "", "Town / City": "{p.city}", "Postal Code": "{p.postcode}", "Salesperson": OWNER,
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.people[p.name].fields["organisation"] = {f"{p.organisation} {p.number}", None}
    e.table("SalesOrders.csv", {
        "Order No.": "SO-{o.number:08d}", "Order Date": "{o.at:%d/%m/%Y}", "Required Date": "01/01/2026", "Customer Code": "CU{p.number:04d}", "Sub Total": "{o.subtotal}", "Tax Total": "{o.tax}", "Total": "{o.total}", "Status Desc": "Completed",
    }, heads)  # fmt: skip
    e.table("SalesOrderLines.csv", {
        "Order No.": "SO-{o.number:08d}", "Line No.": "{n}", "Product Code": "{line.good.sku}", "Product Desc": "{line.good.name}", "Order Qty": "{line.quantity}", "Unit Price": "{line.good.price}", "Line Total": "{line.amount}",
    }, items)  # fmt: skip
    return e


def pool() -> Export:
    """Croatian: season tickets of a pool, who holds them."""
    e, w = Export("Bazen HR", known=False), World("pool", countries=("DE",))
    rows = []
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": comma(o.total)})
        e.order(f"R-{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total, currency={"EUR", None})
        e.person(o.person, "given_name family_name email phone city postcode")
    e.table("racuni.csv", {
        "Br. računa": "R-{o.number:05d}", "Datum računa": "{o.at:%d.%m.%Y.}", "Ime člana": "{p.given_name}", "Prezime člana": "{p.family_name}", "Mob.": "{p.phone}", "E-mail adresa": "{p.email}", "Mjesto": "{p.city}", "Pošt. broj": "{p.postcode}", "Iznos (EUR)": "{sum}", "Blagajnik": OWNER,
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def clinic_hebrew() -> Export:
    """Hebrew: who comes and what was paid."""
    e, w = Export("Clinic HE", known=False), World("hebrew", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone", f"{3000 + p.number}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "id": 3000 + o.person.number})
        e.order(f"{5000 + o.number}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("מטופלים.csv", {
        "מספר מטופל": "{id}", "שם פרטי": "{p.given_name}", "שם משפחה": "{p.family_name}", "טלפון נייד": "{p.phone}", "דוא\"ל": "{p.email}", "מטפל": OWNER,
    }, [{"p": p, "id": 3000 + p.number} for p in w.people], ",", "utf-8-sig")  # fmt: skip
    e.table("קבלות.csv", {
        "מספר קבלה": "{n}", "תאריך קבלה": "{o.at:%d/%m/%Y}", "מספר מטופל": "{id}", "סכום לתשלום": "{o.total}",
    }, [row | {"n": 5000 + row["o"].number} for row in rows], ",", "utf-8-sig")  # fmt: skip
    return e
