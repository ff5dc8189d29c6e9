"""Exports of invoices, tills, bookings and subscriptions that fullcircle has no profile of."""

# ruff: noqa: E501 - the rows of exports are long

from datetime import timedelta
from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import World
from bench.exports.truth import Export


def fatture() -> Export:
    """Italian invoices, with a title above the header and a sum at the bottom."""
    e, w = Export("Fatture in Cloud IT", known=False), World("fatture", countries=("DE",))
    rows, total = [], Decimal(0)
    for o in w.orders(40):
        word, status = state(o, {"Pagata": "paid", "Non pagata": {"placed", "pending"}, "Annullata": "cancelled"})
        rows.append(
            {
                "o": o,
                "p": o.person,
                "word": word,
                "net": comma(o.total - o.tax, "."),
                "tax": comma(o.tax, "."),
                "total": comma(o.total, "."),
            }
        )
        total += o.total
        e.order(f"{o.number + 1}/2024", o.person, ordered_at=o.at.date(), amount=o.total, currency={"EUR", None}, status=status)
        e.person(o.person, "name email street city postcode")
    e.table("fatture.csv", {
        "Numero": "{number}/2024", "Data": "{o.at:%d/%m/%Y}", "Cliente": "{p.name}", "Codice Fiscale": "", "Indirizzo": "{p.street}",
        "CAP": "{p.postcode}", "Città": "{p.city}", "E-mail": "{p.email}", "Imponibile": "{net}", "IVA": "{tax}", "Totale": "{total}",
        "Stato": "{word}", "Scadenza": "31/12/2024",
    }, [row | {"number": row["o"].number + 1} for row in rows], ";", "", "Elenco fatture emesse - anno 2024\n\n")  # fmt: skip
    e.files["fatture.csv"] = str(e.files["fatture.csv"]) + f"Totale;;;;;;;;;;{comma(total, '.')};;\n"
    return e


def economic() -> Export:
    """Danish books: customers, invoices and lines in three files; credit notes are negative."""
    e, w = Export("e-conomic DK", known=False), World("economic", countries=("DE",))
    heads, items = [], []
    for p in w.people:
        e.person(p, OWN, str(1000 + p.number))
    for o in w.orders(40):
        back = o.number % 9 == 4
        sign = -1 if back else 1
        heads.append({"o": o, "p": o.person, "total": comma(sign * o.subtotal, ".")})
        items += [
            {
                "o": o,
                "good": line.good,
                "n": sign * line.quantity,
                "price": comma(line.good.price),
                "sum": comma(sign * line.amount, "."),
            }
            for line in o.lines
        ]
        e.order(str(50000 + o.number), o.person, ordered_at=o.at.date(), amount=sign * o.subtotal, currency="DKK",
                status={"returned", "refunded"} if back else {*DONE, None})  # fmt: skip
        for line in o.lines:
            e.product(line.good.sku, line.good.name)
    e.table("kunder.csv", {
        "Kundenr.": "1{p.number:03d}", "Navn": "{p.name}", "Adresse": "{p.street}", "Postnr.": "{p.postcode}", "By": "{p.city}",
        "E-mail": "{p.email}", "Telefon": "{p.phone}", "Kundegruppe": "Private", "Sælger": "Rick Repp",
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    e.table("fakturaer.csv", {
        "Fakturanr.": "50{o.number:03d}", "Fakturadato": "{o.at:%d-%m-%Y}", "Forfaldsdato": "31-12-2024", "Kundenr.": "1{p.number:03d}",
        "Beløb": "{total}", "Valuta": "DKK",
    }, heads, ";")  # fmt: skip
    e.table("fakturalinjer.csv", {
        "Fakturanr.": "50{o.number:03d}", "Varenr.": "{good.sku}", "Beskrivelse": "{good.name}", "Antal": "{n}", "Enhedspris": "{price}",
        "Linjebeløb": "{sum}",
    }, items, ";")  # fmt: skip
    return e


def lexoffice() -> Export:
    """German invoices: contacts and invoices, both with notes above the header."""
    e, w = Export("Lexoffice DE", known=False), World("lexoffice", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, OWN, str(10001 + p.number))
    for o in w.orders(40):
        word, status = state(o, {"bezahlt": "paid", "offen": {"placed", "pending"}, "storniert": "cancelled", "Entwurf": "draft"})
        rows.append(
            {
                "o": o,
                "p": o.person,
                "number": 10001 + o.person.number,
                "word": word,
                "net": comma(o.total - o.tax, "."),
                "total": comma(o.total, "."),
            }
        )
        e.order(f"RE{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total, currency="EUR", status=status)
    e.table("kontakte.csv", {
        "Kundennummer": "{number}", "Anrede": "", "Vorname": "{p.given_name}", "Nachname": "{p.family_name}", "Straße": "{p.street}",
        "PLZ": "{p.postcode}", "Ort": "{p.city}", "E-Mail 1": "{p.email}", "Telefon 1": "{p.phone}",
    }, [{"p": p, "number": 10001 + p.number} for p in w.people], ";")  # fmt: skip
    e.table("belege.csv", {
        "Belegnummer": "RE{o.number:04d}", "Belegart": "Rechnung", "Belegdatum": "{o.at:%d.%m.%Y}", "Kundennummer": "{number}",
        "Kundenname": "{p.name}", "Nettobetrag": "{net}", "Bruttobetrag": "{total}", "Währung": "EUR", "Status": "{word}",
        "Fälligkeitsdatum": "31.12.2024",
    }, rows, ";", "cp1252", "Belegliste;;;\nErstellt am 01.12.2024;;;\n")  # fmt: skip
    return e


def freshbooks() -> Export:
    """Invoices with a row for each line and no sum of the invoice."""
    e, w = Export("FreshBooks", known=False), World("freshbooks", countries=("US",))
    rows = []
    for o in w.orders(40):
        word, status = state(
            o, {"Paid": "paid", "Sent": {"placed", "pending"}, "Draft": "draft", "Overdue": {"pending", "placed"}}
        )
        rows += [{"o": o, "p": o.person, "word": word, "line": line} for line in o.lines]
        e.order(
            f"{o.number + 1:07d}", o.person, o.lines, ordered_at=o.at.date(), amount=o.subtotal, currency="USD", status=status
        )
        e.person(o.person, "name")
    e.table("invoice_details.csv", {
        "Client Name": "{p.name}", "Invoice #": "{number:07d}", "Date Issued": "{o.at:%m/%d/%Y}", "Invoice Status": "{word}", "Date Paid": "",
        "Item Name": "{line.good.name}", "Item Description": "", "Rate": "{line.good.price}", "Quantity": "{line.quantity}",
        "Discount Percentage": "0", "Line Subtotal": "{line.amount}", "Tax 1 Type": "", "Tax 1 Amount": "0", "Line Total": "{line.amount}",
        "Currency": "USD",
    }, [row | {"number": row["o"].number + 1} for row in rows])  # fmt: skip
    return e


def clover() -> Export:
    """A till: orders, their payments beside them, customers."""
    e, w = Export("Clover", known=False), World("clover", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, "name email phone", f"CUST{p.number:04d}")
    for o in w.orders(40):
        back = o.number % 9 == 4
        rows.append(
            {
                "o": o,
                "p": o.person,
                "total": o.subtotal + o.tax,
                "back": o.subtotal + o.tax if back else "0.00",
                "state": "Refunded" if back else "Paid",
            }
        )
        e.order(f"ORD{o.number:05d}", o.person, ordered_at=o.at, amount=o.subtotal + o.tax, status="refunded" if back else DONE)
    e.table("Customers.csv", {
        "Customer ID": "CUST{p.number:04d}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Phone Number": "{p.phone}",
        "Email Address": "{p.email}", "Marketing Allowed": "", "Customer Since": "05-Jan-2024",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("Orders.csv", {
        "Order Date": "{o.at:%d-%b-%Y %I:%M %p}", "Order ID": "ORD{o.number:05d}", "Order Number": "", "Order Employee Name": "Rick Repp",
        "Customer ID": "CUST{p.number:04d}", "Currency": "", "Tax Amount": "{o.tax}", "Discount": "0.00", "Order Total": "{total}",
        "Payments Total": "{total}", "Refunds Total": "{back}", "Order Payment State": "{state}",
    }, rows)  # fmt: skip
    e.table("Payments.csv", {
        "Payment Date": "{o.at:%d-%b-%Y %I:%M %p}", "Payment ID": "PAY{o.number:05d}", "Order ID": "ORD{o.number:05d}", "Tender": "Credit Card",
        "Result": "SUCCESS", "Amount": "{total}", "Tax Amount": "{o.tax}", "Tip Amount": "0.00", "Card Brand": "VISA",
    }, rows)  # fmt: skip
    return e


def sumup() -> Export:
    """A card reader: sales of nobody, refunds as rows of their own."""
    e, w = Export("SumUp", known=False), World("sumup", countries=("GB",))
    rows = []
    for o in w.orders(40):
        back = o.number % 9 == 4
        total = -o.total if back else o.total
        rows.append({"o": o, "total": total, "kind": "Refund" if back else "Sale", "state": "Refunded" if back else "Successful"})
        e.order(
            f"TAAA{o.number:05d}",
            None,
            ordered_at=o.at,
            amount=total,
            currency="GBP",
            status={"refunded", "returned"} if back else {*DONE, "Successful"},
        )
        e.product(o.lines[0].good.name, o.lines[0].good.name)
    e.table("sumup-transactions.csv", {
        "Email": "shop@store.example", "Date": "{o.at:%Y-%m-%d %H:%M:%S}", "Transaction ID": "TAAA{o.number:05d}", "Transaction Type": "{kind}",
        "Status": "{state}", "Card Type": "VISA", "Last 4 digits": "4242", "Payment Method": "POS", "Description": "{o.lines[0].good.name}",
        "Total": "{total}", "Tax": "{o.tax}", "Tip": "0.0", "Fee": "0.20", "Payout": "", "Currency": "GBP",
    }, rows)  # fmt: skip
    return e


def acuity() -> Export:
    """Appointments that were paid for, some cancelled."""
    e, w = Export("Acuity", known=False), World("acuity", countries=("US",))
    rows = []
    for o in w.orders(40):
        off = o.number % 9 == 4
        rows.append(
            {"o": o, "p": o.person, "start": o.at + timedelta(days=7), "off": "yes" if off else "no", "good": o.lines[0].good}
        )
        e.order(
            str(880000 + o.number),
            o.person,
            ordered_at={o.at, o.at + timedelta(days=7)},
            amount=o.lines[0].good.price,
            status="cancelled" if off else {*DONE, None},
        )
        e.person(o.person, "given_name family_name email phone")
    e.table("schedule.csv", {
        "Start Time": "{start:%B %d, %Y %I:%M %p}", "End Time": "{start:%B %d, %Y} 11:59 pm", "First Name": "{p.given_name}", "Last Name": "{p.family_name}",
        "Phone": "{p.phone}", "Email": "{p.email}", "Type": "{good.name}", "Calendar": "Rick Repp", "Appointment Price": "{good.price}",
        "Paid?": "yes", "Amount Paid Online": "{good.price}", "Canceled?": "{off}", "Notes": "", "Date Scheduled": "{o.at:%B %d, %Y %I:%M %p}",
        "Scheduled By": "", "Appointment ID": "88{o.number:04d}",
    }, rows)  # fmt: skip
    return e


def paddle() -> Export:
    """Subscriptions: customers and transactions in three currencies, money in cents as text with a point."""
    e, w = Export("Paddle", known=False), World("paddle", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, "name email", f"ctm_{p.number:04d}")
    for o in w.orders(40):
        word, status = state(o, {"completed": DONE, "past_due": {"pending", "placed"}, "canceled": "cancelled", "draft": "draft"})
        currency = ("USD", "EUR", "GBP")[o.number % 3]
        rows.append({"o": o, "p": o.person, "word": word, "currency": currency})
        e.order(f"txn_{o.number:05d}", o.person, ordered_at=o.at, amount=o.total, currency=currency, status=status)
    e.table("customers.csv", {"id": "ctm_{p.number:04d}", "email": "{p.email}", "name": "{p.name}", "status": "active", "locale": "en", "marketing_consent": "false",
                              "created_at": "2024-01-05T10:00:00Z"}, [{"p": p} for p in w.people])  # fmt: skip
    e.table("transactions.csv", {
        "id": "txn_{o.number:05d}", "status": "{word}", "customer_id": "ctm_{p.number:04d}", "subscription_id": "sub_{p.number:04d}",
        "invoice_number": "325-{o.number:05d}", "currency_code": "{currency}", "subtotal": "{o.subtotal}", "tax": "{o.tax}", "grand_total": "{o.total}",
        "created_at": "{o.at:%Y-%m-%dT%H:%M:%SZ}", "billed_at": "{o.at:%Y-%m-%dT%H:%M:%SZ}",
    }, rows)  # fmt: skip
    return e


def bokun() -> Export:
    """Tours: a row for each person who takes part, and who booked."""
    e, w = Export("Bokun", known=False), World("bokun", countries=("GB",))
    rows = []
    for o in w.orders(40):
        off, line = o.number % 9 == 4, o.lines[0]
        for place in range(line.quantity):
            guest = o.person.name if not place else f"Guest {place}"
            rows.append(
                {
                    "o": o,
                    "p": o.person,
                    "guest": guest,
                    "good": line.good,
                    "word": "CANCELLED" if off else "CONFIRMED",
                    "total": line.amount,
                }
            )
        e.order(
            f"BOK-{o.number:04d}",
            o.person,
            ordered_at={o.at, o.at.date()},
            amount=line.amount,
            currency="EUR",
            status="cancelled" if off else DONE,
        )
        e.person(o.person, "name email phone")
        e.product(line.good.name, line.good.name)
    e.table("bookings.csv", {
        "Booking reference": "BOK-{o.number:04d}", "Created on": "{o.at:%Y-%m-%d %H:%M}", "Booking status": "{word}", "Customer name": "{p.name}",
        "Customer email": "{p.email}", "Customer phone": "{p.phone}", "Tour": "{good.name}", "Tour date": "2025-06-01", "Participant": "{guest}",
        "Price per person": "{good.price}", "Total price": "{total}", "Currency": "EUR", "Sales agent": "Rick Repp",
    }, rows)  # fmt: skip
    return e


def pretix() -> Export:
    """Tickets to events: orders, and their positions with who attends, in two files."""
    e, w = Export("pretix", known=False), World("pretix", countries=("DE",))
    heads, items = [], []
    for o in w.orders(40):
        word, status = state(
            o, {"paid": "paid", "canceled": "cancelled", "pending": {"placed", "pending"}, "expired": {"cancelled", "pending"}}
        )
        heads.append({"o": o, "p": o.person, "word": word})
        items += [
            {"o": o, "p": o.person, "good": line.good, "place": n, "word": word} for line in o.lines for n in range(line.quantity)
        ]
        e.order(f"QX{o.number:03d}", o.person, ordered_at={o.at, o.at.date()}, amount=o.subtotal, currency="EUR", status=status)
        e.person(o.person, "name email phone")
        for line in o.lines:
            e.product(line.good.name, line.good.name)
    e.table("orders.csv", {
        "Order code": "QX{o.number:03d}", "Order total": "{o.subtotal}", "Currency": "EUR", "Status": "{word}", "Email": "{p.email}",
        "Phone number": "{p.phone}", "Order date": "{o.at:%Y-%m-%d}", "Order time": "{o.at:%H:%M:%S}", "Name": "{p.name}", "Payment provider": "Stripe",
    }, heads)  # fmt: skip
    e.table("positions.csv", {
        "Order code": "QX{o.number:03d}", "Position ID": "{place}", "Status": "{word}", "Product": "{good.name}", "Price": "{good.price}",
        "Attendee name": "Guest {place}", "Attendee email": "", "Order date": "{o.at:%Y-%m-%d}",
    }, items)  # fmt: skip
    return e
