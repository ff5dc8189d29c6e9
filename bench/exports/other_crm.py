"""Exports of CRMs, help desks and mailing lists that fullcircle has no profile of."""

# ruff: noqa: E501 - the rows of exports are long

from datetime import timedelta
from decimal import Decimal

from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"
ADDRESS = "street city postcode region country"


def pipedrive() -> Export:
    """People and deals; every header says of what it is."""
    e, w = Export("Pipedrive", known=False), World("pipedrive")
    rows = []
    for p in w.people:
        home = f"{p.given_name}@home.example".lower() if p.number % 4 == 0 else ""
        rows.append({
            "Person - ID": str(p.number + 1), "Person - Name": p.name, "Person - First name": p.given_name,
            "Person - Last name": p.family_name, "Person - Email - Work": p.email, "Person - Email - Home": home,
            "Person - Email - Other": "", "Person - Phone - Work": "", "Person - Phone - Mobile": p.phone,
            "Person - Organization": p.organisation, "Person - Owner": OWNER, "Person - Open deals": "1",
            "Person - Person created": "2024-01-05 10:00:00", "Person - Update time": "2024-05-05 10:00:00",
        })  # fmt: skip
        e.person(p, "name given_name family_name phone organisation", str(p.number + 1), email={p.email, home} - {""})
    e.file("people-1234567-1.csv", list(rows[0]), rows)
    deals = []
    for number, at in enumerate(w.moments(30)):
        p = w.people[number]
        deals.append({
            "Deal - ID": str(number + 1), "Deal - Title": f"{p.organisation} deal", "Deal - Value": f"{400 + number}.50",
            "Deal - Currency": "EUR", "Deal - Owner": OWNER, "Deal - Organization": p.organisation, "Deal - Contact person": p.name,
            "Deal - Stage": "Proposal Made", "Deal - Status": "Won", "Deal - Deal created": f"{at:%Y-%m-%d %H:%M:%S}",
            "Deal - Won time": f"{at + timedelta(days=3):%Y-%m-%d %H:%M:%S}", "Deal - Expected close date": f"{at + timedelta(days=9):%Y-%m-%d}",
        })  # fmt: skip
        times = {at, at + timedelta(days=3), (at + timedelta(days=9)).date()}
        e.deal(str(number + 1), p, at=times, amount=Decimal(f"{400 + number}.50"), text=f"{p.organisation} deal")
    e.file("deals-1234567-1.csv", list(deals[0]), deals)
    return e


def zoho() -> Export:
    """Contacts and deals, which name each other by ids and names."""
    e, w = Export("Zoho CRM", known=False), World("zoho")
    rows, deals = [], []
    for p in w.people:
        rows.append({
            "Record Id": f"zcrm_4150868000000{p.number:06d}", "Contact Owner.id": "zcrm_4150868000000111111", "Contact Owner": OWNER,
            "Lead Source": "Web", "First Name": p.given_name, "Last Name": p.family_name, "Account Name.id": "", "Account Name": p.organisation,
            "Email": p.email, "Title": "Buyer", "Department": "", "Phone": "", "Mobile": p.phone, "Assistant": "Sam Aide",
            "Date of Birth": p.birth_date, "Mailing Street": p.street, "Mailing City": p.city, "Mailing State": p.region_name,
            "Mailing Zip": p.postcode, "Mailing Country": p.country_name, "Created By": OWNER, "Created Time": "2024-01-05 10:00:00",
            "Modified Time": "2024-05-05 10:00:00", "Email Opt Out": "true" if p.number % 5 == 0 else "false", "Tag": "",
        })  # fmt: skip
        e.person(p, f"name given_name family_name email phone birth_date organisation {ADDRESS}", rows[-1]["Record Id"])
        if p.number % 5 == 0:
            e.consent(p, "email", False)
    e.file("Contacts_001.csv", list(rows[0]), rows)
    for number, at in enumerate(w.moments(25)):
        p = w.people[number]
        deals.append({
            "Record Id": f"zcrm_4150868000001{number:06d}", "Deal Owner": OWNER, "Amount": f"{700 + number}.75", "Deal Name": f"Order {number}",
            "Closing Date": f"{at:%Y-%m-%d}", "Account Name": p.organisation, "Stage": "Closed Won",
            "Contact Name.id": f"zcrm_4150868000000{p.number:06d}", "Contact Name": p.name, "Probability": "100", "Currency": "USD",
            "Created Time": f"{at:%Y-%m-%d %H:%M:%S}",
        })  # fmt: skip
        e.deal(deals[-1]["Record Id"], p, at={at, at.date()}, amount=Decimal(f"{700 + number}.75"), text=f"Order {number}")
    e.file("Deals_001.csv", list(deals[0]), deals)
    return e


def freshdesk() -> Export:
    """Tickets with the requester on each row, and who served them."""
    e, w = Export("Freshdesk", known=False), World("freshdesk")
    rows = []
    for number, at in enumerate(w.moments(45)):
        p, closed = w.people[number % 30], at + timedelta(hours=26) if number % 2 else None
        rows.append({
            "Ticket ID": str(number + 1), "Subject": w.subject(number), "Status": "Closed" if closed else "Open", "Priority": "Medium",
            "Source": "Portal", "Type": "Question", "Agent": OWNER, "Group": "Support", "Created time": f"{at:%Y-%m-%d %H:%M:%S}",
            "Due by Time": f"{at + timedelta(days=3):%Y-%m-%d %H:%M:%S}", "Resolved time": f"{closed:%Y-%m-%d %H:%M:%S}" if closed else "",
            "Closed time": f"{closed:%Y-%m-%d %H:%M:%S}" if closed else "", "Last update time": f"{at:%Y-%m-%d %H:%M:%S}",
            "Agent interactions": "1", "Customer interactions": "2", "Tags": "", "Full name": p.name, "Title": "", "Email": p.email,
            "Work phone": "", "Mobile phone": p.phone, "Time zone": "UTC", "Language": "en", "Company Name": p.organisation,
            "Company Domains": f"{p.organisation.split()[0].lower()}.example",
        })  # fmt: skip
        e.person(p, "name email phone organisation")
        e.ticket(str(number + 1), p, subject=w.subject(number), opened_at=at, closed_at=closed, status=rows[-1]["Status"],
                 channel="Portal", priority="Medium")  # fmt: skip
    e.file("1234_tickets-June-01-2024.csv", list(rows[0]), rows)
    return e


def intercom() -> Export:
    """Users."""
    e, w = Export("Intercom", known=False), World("intercom")
    rows = []
    for p in w.people:
        rows.append({
            "ID": f"65f1c{p.number:019d}", "Type": "user", "User ID": str(9000 + p.number), "Name": p.name, "Email": p.email,
            "Phone": p.phone, "Owner": OWNER, "Signed up (UTC)": "2024-01-05 10:00", "Last seen (UTC)": "2024-05-05 10:00",
            "Web sessions": "12", "Country": p.country_name, "Region": p.region_name, "City": p.city, "Browser": "Chrome", "OS": "Linux",
            "Unsubscribed from Emails": "true" if p.number % 5 == 0 else "false", "Company name": p.organisation,
        })  # fmt: skip
        e.person(p, "name email phone city region country organisation")
        if p.number % 5 == 0:
            e.consent(p, "email", False)
    e.file("intercom-users-export.csv", list(rows[0]), rows)
    return e


def klaviyo() -> Export:
    """Profiles."""
    e, w = Export("Klaviyo", known=False), World("klaviyo")
    rows = []
    for p in w.people:
        rows.append({
            "Email": p.email, "Klaviyo ID": f"01HQ{p.number:06d}", "First Name": p.given_name, "Last Name": p.family_name,
            "Organization": "", "Title": "", "Phone Number": p.phone, "Address": p.street, "Address 2": "", "City": p.city,
            "State / Region": p.region_name, "Country": p.country_name, "Zip Code": p.postcode, "Latitude": "", "Longitude": "",
            "Source": "Form", "IP Address": "", "Last Open": "2024-05-01 10:00:00", "Last Click": "", "First Active": "2024-01-01 10:00:00",
            "Email Marketing Consent": "SUBSCRIBED" if p.number % 3 else "UNSUBSCRIBED",
            "Email Marketing Consent Timestamp": "2024-01-01 10:00:00", "Total Customer Lifetime Value": "120.50",
        })  # fmt: skip
        e.person(p, f"name given_name family_name email phone {ADDRESS}", rows[-1]["Klaviyo ID"])
        e.consent(p, "email", bool(p.number % 3))
    e.file("Newsletter_list_export.csv", list(rows[0]), rows)
    return e


def brevo() -> Export:
    """Contacts, with semicolons."""
    e, w = Export("Brevo", known=False), World("brevo")
    rows = []
    for p in w.people:
        rows.append({
            "CONTACT ID": str(p.number + 1), "EMAIL": p.email, "LASTNAME": p.family_name, "FIRSTNAME": p.given_name,
            "SMS": p.phone.lstrip("+"), "EXT_ID": "", "OPT_IN": "true", "DOUBLE_OPT-IN": "1", "ADDED_TIME": "05-01-2024 10:00:00",
            "MODIFIED_TIME": "25-05-2024 10:00:00",
        })  # fmt: skip
        e.person(p, "name given_name family_name email phone", str(p.number + 1))
        e.consent(p, "email", True)
    e.file("export_contacts.csv", list(rows[0]), rows, delimiter=";")
    return e


def linkedin() -> Export:
    """Connections, below notes of three lines."""
    e, w = Export("LinkedIn", known=False), World("linkedin")
    rows = []
    for p in w.people:
        shown = p.number % 3 == 0
        rows.append({
            "First Name": p.given_name, "Last Name": p.family_name, "URL": f"https://www.linkedin.com/in/{p.given_name.lower()}-{p.number}",
            "Email Address": p.email if shown else "", "Company": p.organisation, "Position": "Buyer", "Connected On": f"{p.birth:%d %b} 2024",
        })  # fmt: skip
        e.person(p, "name given_name family_name organisation", **({"email": p.email} if shown else {}))
    e.file("Connections.csv", list(rows[0]), rows)
    note = "When exporting your connection data, you may notice that some of the email addresses are missing."
    e.files["Connections.csv"] = f'Notes:\n"{note}"\n\n' + e.files["Connections.csv"]
    return e


def bitrix() -> Export:
    """Contacts with Russian headers."""
    e, w = Export("Bitrix24 RU", known=False), World("bitrix")
    rows = []
    for p in w.people:
        rows.append({
            "ID": str(p.number + 1), "Обращение": "", "Имя": p.given_name, "Отчество": "", "Фамилия": p.family_name,
            "Дата рождения": f"{p.birth:%d.%m.%Y}", "Рабочий телефон": "", "Мобильный телефон": p.phone, "Рабочий e-mail": p.email,
            "Улица, номер дома": p.street, "Город": p.city, "Почтовый индекс": p.postcode, "Страна": p.country_name,
            "Компания": p.organisation, "Должность": "", "Ответственный": OWNER, "Дата создания": "05.01.2024 10:00:00",
        })  # fmt: skip
        e.person(
            p, "name given_name family_name email phone birth_date street city postcode country organisation", str(p.number + 1)
        )
    e.file("CONTACT_20240601.csv", list(rows[0]), rows, delimiter=";")
    return e


def constant_contact() -> Export:
    """Contacts."""
    e, w = Export("Constant Contact", known=False), World("constant")
    rows = []
    for p in w.people:
        rows.append({
            "First name": p.given_name, "Last name": p.family_name, "Email address": p.email, "Email permission status": "Implicit",
            "Email update source": "Account", "Confirmed Opt-Out Date": "", "Company": "", "Job title": "Buyer",
            "Phone - mobile": p.phone, "Phone - work": "", "Street address line 1 - Home": p.street, "City - Home": p.city,
            "State/Province - Home": p.region_name, "Zip/Postal Code - Home": p.postcode, "Country - Home": p.country_name,
            "Email Lists": "General", "Created At": "2024-01-05 10:00:00 -0500", "Updated At": "2024-05-05 10:00:00 -0500",
        })  # fmt: skip
        e.person(p, f"name given_name family_name email phone {ADDRESS}")
    e.file("contact_export_1101.csv", list(rows[0]), rows)
    return e


def copper() -> Export:
    """People, with numbered addresses and phones of several kinds."""
    e, w = Export("Copper", known=False), World("copper")
    rows = []
    for p in w.people:
        second = f"{p.given_name}@home.example".lower() if p.number % 3 == 0 else ""
        rows.append({
            "Copper ID": str(70000 + p.number), "Name": p.name, "Prefix": "", "First Name": p.given_name, "Middle Name": "",
            "Last Name": p.family_name, "Suffix": "", "Title": "Buyer", "Company Id": "", "Company": p.organisation, "Owner Id": "77",
            "Owned By": OWNER, "Contact Type": "Customer", "Tags": "", "Details": "", "Email": p.email, "Email Type": "work",
            "Email 2": second, "Email 2 Type": "home" if second else "", "Phone Number": p.phone, "Phone Number Type": "mobile",
            "Phone Number 2": "", "Phone Number 2 Type": "", "Street": p.street, "City": p.city, "State": p.region_name,
            "Postal Code": p.postcode, "Country": p.country, "Created At": "2024/01/05", "Updated At": "2024/05/05",
        })  # fmt: skip
        e.person(
            p, f"name given_name family_name phone organisation {ADDRESS}", str(70000 + p.number), email={p.email, second} - {""}
        )
    e.file("people_2024-06-01.csv", list(rows[0]), rows)
    return e


def kintone() -> Export:
    """Customers with Japanese headers, the family name first."""
    e, w = Export("Kintone JA", known=False), World("kintone", countries=("US",))
    rows = []
    for p in w.people:
        rows.append({
            "レコード番号": str(p.number + 1), "会社名": p.organisation, "姓": p.family_name, "名": p.given_name, "メールアドレス": p.email,
            "電話番号": p.phone, "郵便番号": p.postcode, "都道府県": p.region_name, "市区町村": p.city, "住所": p.street,
            "生年月日": f"{p.birth:%Y/%m/%d}", "作成日時": "2024/01/05 10:00", "更新日時": "2024/05/05 10:00", "作成者": OWNER, "担当者": OWNER,
        })  # fmt: skip
        e.person(
            p, "name given_name family_name email phone birth_date street city postcode region organisation", str(p.number + 1)
        )
    e.file("顧客リスト.csv", list(rows[0]), rows)
    return e


def calendly() -> Export:
    """Meetings that invitees booked with a host, who is staff."""
    e, w = Export("Calendly", known=False), World("calendly")
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        rows.append({
            "Host Name": OWNER, "Host Email": STAFF[2], "Invitee Name": p.name, "Invitee First Name": p.given_name,
            "Invitee Last Name": p.family_name, "Invitee Email": p.email, "Invitee Time Zone": "Europe/Berlin",
            "Text Reminder Number": p.phone, "Event Type Name": "Intro call", "Start Date & Time": f"{at:%Y-%m-%d %I:%M %p}",
            "End Date & Time": f"{at + timedelta(minutes=30):%Y-%m-%d %I:%M %p}", "Location": "Phone",
            "Event Created Date & Time": f"{at - timedelta(days=2):%Y-%m-%d %I:%M %p}", "Canceled": "false",
        })  # fmt: skip
        e.person(p, "name given_name family_name email phone")
    e.file("events-export.csv", list(rows[0]), rows)
    return e


def patreon() -> Export:
    """Members with their pledges."""
    e, w = Export("Patreon", known=False), World("patreon")
    rows = []
    for p in w.people:
        rows.append({
            "Name": p.name, "Email": p.email, "Discord": f"{p.given_name.lower()}#{1000 + p.number}", "Patron Status": "Active patron",
            "Follows You": "No", "Lifetime Amount": "120.00", "Pledge Amount": "5.00", "Charge Frequency": "monthly", "Tier": "Gold",
            "Addressee": p.name, "Street": p.street, "City": p.city, "State": p.region, "Zip": p.postcode, "Country": p.country,
            "Phone": p.phone, "Patronage Since Date": "2024-01-05 10:00:00", "Last Charge Date": "2024-05-01 08:00:00",
            "Last Charge Status": "Paid", "User ID": str(555000 + p.number), "Last Updated": "2024-05-05 10:00:00", "Currency": "USD",
        })  # fmt: skip
        e.person(p, f"name email phone {ADDRESS}", str(555000 + p.number))
    e.file("Members_1234567.csv", list(rows[0]), rows)
    return e
