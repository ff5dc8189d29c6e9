"""Exports of payment services, events, mailing lists and address books that fullcircle has a profile of."""

# ruff: noqa: E501 - the rows of exports are long

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bench.exports.made_up import World
from bench.exports.truth import Export

ADDRESS = "street city postcode region country"
EASTERN = ZoneInfo("America/New_York")
PACIFIC = timedelta(hours=8)  # PST is eight hours behind UTC, on every day of the year
STRIPE = {"Paid": "paid", "Refunded": "refunded", "Failed": {"cancelled", "draft"}}


def stripe() -> Export:
    """Customers and all payments of the dashboard."""
    e, w = Export("Stripe"), World("stripe")
    rows = []
    for p in w.people:
        rows.append({
            "id": f"cus_{p.number:04d}Qx", "Description": "", "Email": p.email, "Name": p.name, "Created (UTC)": "2024-01-01 10:00",
            "Delinquent": "false", "Card ID": f"card_{p.number}", "Card Last4": "4242", "Card Brand": "Visa", "Card Name": p.name.upper(),
            "Card Address Line1": p.street, "Card Address City": p.city, "Card Address State": p.region,
            "Card Address Country": p.country, "Card Address Zip": p.postcode, "Total Spend": "30.00", "Payment Count": "2",
            "Average Order": "15.00", "Refunded Volume": "0.00", "Dispute Losses": "0.00",
        })  # fmt: skip
        e.person(p, f"name email {ADDRESS}", f"cus_{p.number:04d}Qx")
    e.file("customers.csv", list(rows[0]), rows)
    rows = []
    for o in w.orders(50):
        p, status = o.person, list(STRIPE)[0 if o.number % 5 else o.number // 5 % 3]
        rows.append({
            "id": f"ch_{o.number:04d}", "Created date (UTC)": f"{o.at:%Y-%m-%d %H:%M}", "Amount": str(o.total),
            "Amount Refunded": str(o.total) if status == "Refunded" else "0.00", "Currency": "eur", "Captured": "true",
            "Converted Amount": f"{o.total * Decimal('1.08'):.2f}", "Converted Amount Refunded": "0.00", "Converted Currency": "usd",
            "Decline Reason": "", "Description": f"Invoice {o.number}", "Fee": "0.88", "Mode": "Live", "PaymentIntent ID": f"pi_{o.number}",
            "Statement Descriptor": "SHOP", "Status": status, "Seller Message": "Payment complete.", "Card ID": f"card_{p.number}",
            "Customer ID": f"cus_{p.number:04d}Qx", "Customer Description": "", "Customer Email": p.email,
        })  # fmt: skip
        e.order(f"ch_{o.number:04d}", p, ordered_at=o.at, amount=o.total, currency="EUR", status=STRIPE[status])
    e.file("unified_payments.csv", list(rows[0]), rows)
    return e


def mailchimp() -> Export:
    """The audience: those who are subscribed and those who are not any more, in a file each."""
    e, w = Export("Mailchimp"), World("mailchimp")
    rows = []
    for p in w.people:
        rows.append({
            "Email Address": p.email, "First Name": p.given_name, "Last Name": p.family_name, "Address": "", "Phone Number": p.phone,
            "Birthday": f"{p.birth:%m/%d}", "MEMBER_RATING": "2", "OPTIN_TIME": "2024-01-01 10:00:00", "OPTIN_IP": "",
            "CONFIRM_TIME": "2024-01-01 10:05:00", "CONFIRM_IP": "", "LATITUDE": "", "LONGITUDE": "", "GMTOFF": "", "DSTOFF": "",
            "TIMEZONE": "", "CC": p.country, "REGION": p.region, "LAST_CHANGED": "2024-01-01 10:05:00", "LEID": str(p.number + 1),
            "EUID": f"e{p.number}", "NOTES": "", "TAGS": '"vip"',
        })  # fmt: skip
        e.person(p, "name given_name family_name email phone")
        e.consent(p, "email", p.number % 4 != 0)
    e.file("subscribed_email_audience_export_1a2b3c.csv", list(rows[0]), [row for row in rows if int(row["LEID"]) % 4 != 1])
    gone = [row | {"UNSUB_TIME": "2024-03-01 09:00:00", "UNSUB_CAMPAIGN_TITLE": "Spring", "UNSUB_REASON": "No longer interested"}
            for row in rows if int(row["LEID"]) % 4 == 1]  # fmt: skip
    e.file("unsubscribed_email_audience_export_1a2b3c.csv", list(gone[0]), gone)
    return e


def google() -> Export:
    """Google Contacts; relations are other people."""
    e, w = Export("Google Contacts"), World("google")
    rows = []
    for p in w.people:
        second = f"{p.given_name}@home.example".lower() if p.number % 3 == 0 else ""
        rows.append({
            "First Name": p.given_name, "Middle Name": "", "Last Name": p.family_name, "Phonetic First Name": "", "Phonetic Last Name": "",
            "Name Prefix": "Dr." if p.number % 5 == 0 else "", "Name Suffix": "", "Nickname": "", "File As": "",
            "Organization Name": p.organisation, "Organization Title": "Buyer", "Organization Department": "", "Birthday": p.birth_date,
            "Notes": "", "Photo": "https://photos.example/1", "Labels": "* myContacts", "E-mail 1 - Label": "* Work",
            "E-mail 1 - Value": p.email, "E-mail 2 - Label": "Home", "E-mail 2 - Value": second, "Phone 1 - Label": "Mobile",
            "Phone 1 - Value": p.phone, "Address 1 - Label": "Home", "Address 1 - Formatted": f"{p.street}\n{p.city}\n{p.postcode}",
            "Address 1 - Street": p.street, "Address 1 - City": p.city, "Address 1 - PO Box": "", "Address 1 - Region": p.region_name,
            "Address 1 - Postal Code": p.postcode, "Address 1 - Country": p.country, "Address 1 - Extended Address": "",
            "Relation 1 - Label": "Spouse", "Relation 1 - Value": "Alex Other",
        })  # fmt: skip
        e.person(p, f"name given_name family_name phone birth_date organisation {ADDRESS}", email={p.email, second} - {""})
    e.file("contacts.csv", list(rows[0]), rows)
    return e


def outlook() -> Export:
    """Outlook contacts, as classic Outlook exports them in English."""
    e, w = Export("Outlook contacts"), World("outlook", countries=("US",))
    header = (
        "Title|First Name|Middle Name|Last Name|Suffix|Company|Department|Job Title|Business Street|Business Street 2|Business City|"
        "Business State|Business Postal Code|Business Country/Region|Home Street|Home City|Home State|Home Postal Code|"
        "Home Country/Region|Other Street|Assistant's Phone|Business Fax|Business Phone|Home Phone|Mobile Phone|Anniversary|"
        "Assistant's Name|Birthday|E-mail Address|E-mail Type|E-mail Display Name|E-mail 2 Address|Gender|Manager's Name|Notes|Spouse|Web Page"
    )
    rows = []
    for p in w.people:
        second = f"{p.given_name}@home.example".lower() if p.number % 3 == 0 else ""
        rows.append({
            "First Name": p.given_name, "Last Name": p.family_name, "Company": p.organisation, "Job Title": "Buyer",
            "Home Street": p.street, "Home City": p.city, "Home State": p.region, "Home Postal Code": p.postcode,
            "Home Country/Region": p.country_name, "Assistant's Phone": "+1 503 555 0999", "Mobile Phone": p.phone,
            "Assistant's Name": "Sam Aide", "Birthday": f"{p.birth.month}/{p.birth.day}/{p.birth.year}", "E-mail Address": p.email,
            "E-mail Type": "SMTP", "E-mail Display Name": f"{p.name} ({p.email})", "E-mail 2 Address": second,
            "Gender": "Unspecified", "Manager's Name": "Rick Repp", "Spouse": "Alex Other", "Anniversary": "0/0/00",
        })  # fmt: skip
        e.person(p, f"name given_name family_name phone birth_date organisation {ADDRESS}", email={p.email, second} - {""})
    e.file("contacts.CSV", header, rows)
    return e


def eventbrite() -> Export:
    """The attendees of events, each with who bought the ticket."""
    e, w = Export("Eventbrite"), World("eventbrite")
    rows = []
    for number, at in enumerate(w.moments(30)):
        buyer, guest = w.people[number], w.people[39 - number % 8]
        both = (buyer, guest) if number % 3 == 0 and buyer is not guest else (buyer,)
        for p in both:
            rows.append({
                "Order #": str(900100 + number), "Order Date": f"{at:%Y-%m-%d %H:%M:%S}", "First Name": p.given_name, "Last Name": p.family_name,
                "Email": p.email, "Quantity": "1", "Ticket Type": "General Admission", "Attendee #": str(7700 + len(rows)), "Group": "",
                "Order Type": "Eventbrite Completed", "Currency": "USD", "Total Paid": "10.00", "Fees Paid": "0.50",
                "Eventbrite Fees": "0.50", "Eventbrite Payment Processing": "0.30", "Attendee Status": "Attending", "Event Name": "Fair",
                "Cell Phone": p.phone, "Buyer First Name": buyer.given_name, "Buyer Last Name": buyer.family_name,
                "Buyer Email": buyer.email,
            })  # fmt: skip
            e.person(p, "name given_name family_name email phone")
        ticket = {"General Admission", "Fair", "Fair / General Admission"}
        e.order(
            str(900100 + number), buyer, ordered_at=at, amount=Decimal(10) * len(both), currency="USD", status={"paid", "placed"}
        )
        e.orders[-1].lines = [(Decimal(1), Decimal(10), ticket)] * len(both)
    e.product("General Admission", "Fair / General Admission", name=ticket)
    e.file("report-2024-06-01.csv", list(rows[0]), rows)
    return e


def paypal() -> Export:
    """The activity download: payments, refunds, withdrawals and what the shop itself pays."""
    e, w = Export("PayPal"), World("paypal")
    rows = []
    shop = {"To Email Address": "shop@store.example", "TimeZone": "PST", "Currency": "USD", "Status": "Completed"}
    for o in w.orders(45):
        p, refund = o.person, o.number % 9 == 4
        money = {"Gross": f"{o.total:,}", "Fee": "-1.70", "Net": f"{o.total - Decimal('1.70'):,}"}
        rows.append({
            **shop, **money, "Date": f"{o.at:%m/%d/%Y}", "Time": f"{o.at:%H:%M:%S}", "Name": p.name, "Type": "Express Checkout Payment",
            "From Email Address": p.email, "Transaction ID": f"8AB{o.number:05d}", "Item Title": o.lines[0].good.name,
            "Item ID": o.lines[0].good.sku, "Reference Txn ID": "", "Invoice Number": str(1001 + o.number), "Balance": "100.00",
        })  # fmt: skip
        e.person(p, "name email")
        e.order(f"8AB{o.number:05d}", p, ordered_at=o.at + PACIFIC, amount=o.total, currency="USD", status="paid")
        if refund:
            rows.append({
                **shop, "Date": f"{o.at:%m/%d/%Y}", "Time": f"{o.at:%H:%M:%S}", "Name": p.name, "Type": "Payment Refund",
                "Gross": f"-{o.total:,}", "Fee": "1.40", "Net": f"-{o.total:,}", "From Email Address": "shop@store.example",
                "To Email Address": p.email, "Transaction ID": f"9RF{o.number:05d}", "Reference Txn ID": f"8AB{o.number:05d}",
                "Balance": "90.00",
            })  # fmt: skip
            e.order(f"9RF{o.number:05d}", p, amount=-o.total, currency="USD", status="refunded")
        if o.number % 10 == 7:
            rows.append({
                **shop, "Date": f"{o.at:%m/%d/%Y}", "Time": f"{o.at:%H:%M:%S}", "Name": "", "Type": "General Withdrawal", "Gross": "-500.00",
                "Fee": "0.00", "Net": "-500.00", "From Email Address": "shop@store.example", "To Email Address": "",
                "Transaction ID": f"7WD{o.number:05d}", "Balance": "10.00",
            })  # fmt: skip
    header = "Date|Time|TimeZone|Name|Type|Status|Currency|Gross|Fee|Net|From Email Address|To Email Address|Transaction ID|Item Title|"
    e.file("Download.CSV", header + "Item ID|Reference Txn ID|Invoice Number|Balance", rows)
    return e


def utc(local: datetime) -> datetime:
    """The moment of a time of the east of the USA, as views have it: in UTC."""
    return local.replace(tzinfo=EASTERN).astimezone(UTC).replace(tzinfo=None)


def square() -> Export:
    """Square's transactions and its directory of customers."""
    e, w = Export("Square"), World("square", countries=("US",))
    rows = []
    for p in w.people:
        rows.append({
            "Reference ID": "", "First Name": p.given_name, "Last Name": p.family_name, "Email Address": p.email, "Phone Number": p.phone,
            "Nickname": "", "Company Name": "", "Street Address 1": p.street, "Street Address 2": "", "City": p.city, "State": p.region,
            "Postal Code": p.postcode, "Birthday": p.birth_date, "Memo": "", "Square Customer ID": f"SQ{p.number:06d}",
            "Creation Source": "Directory", "First Visit": "2024-01-01", "Last Visit": "2024-05-01", "Transaction Count": "1",
            "Lifetime Spend": "$10.00", "Email Subscription Status": "subscribed", "Instant Profile": "No",
        })  # fmt: skip
        e.person(p, f"name given_name family_name email phone birth_date street city postcode region", f"SQ{p.number:06d}")  # noqa: F541
        e.consent(p, "email", True)
    e.file("customers.csv", list(rows[0]), rows)
    rows = []
    for o in w.orders(45):
        p, nobody, refund = o.person, o.number % 11 == 5, o.number % 9 == 4
        total = -o.total if refund else o.total
        text = f"(${o.total})" if refund else f"${o.total}"
        rows.append({
            "Date": f"{o.at:%m/%d/%y}", "Time": f"{o.at:%H:%M:%S}", "Time Zone": "Eastern Time (US & Canada)", "Gross Sales": f"${o.subtotal}",
            "Discounts": "$0.00", "Net Sales": f"${o.subtotal}", "Tax": f"${o.tax}", "Tip": "$0.00", "Partial Refunds": "$0.00",
            "Total Collected": text, "Source": "Point of Sale", "Card": text, "Card Entry Methods": "Tapped", "Cash": "$0.00",
            "Fees": "($0.43)", "Net Total": text, "Transaction ID": f"T{o.number:05d}", "Payment ID": f"P{o.number:05d}",
            "Device Name": "iPad", "Staff Name": "Rick Repp", "Staff ID": "S1", "Description": o.lines[0].good.name,
            "Event Type": "Refund" if refund else "Payment", "Location": "Main", "Customer ID": "" if nobody else f"SQ{p.number:06d}",
            "Customer Name": "" if nobody else p.name,
        })  # fmt: skip
        e.order(
            f"T{o.number:05d}",
            None if nobody else p,
            ordered_at=utc(o.at),
            amount=total,
            status="refunded" if refund else "paid",
        )
    e.file("transactions-2024-01-01-2024-06-01.csv", list(rows[0]), rows)
    return e
