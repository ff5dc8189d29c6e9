"""Exports of CRMs and help desks that fullcircle has a profile of: Salesforce, HubSpot, Dynamics, Zendesk, Odoo."""

# ruff: noqa: E501 - the rows of exports are long

from datetime import timedelta
from decimal import Decimal

from bench.exports.made_up import COMPANIES, STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"
ADDRESS = "street city postcode region country"
CONTACT = (
    "Id|IsDeleted|MasterRecordId|AccountId|LastName|FirstName|Salutation|Name|MailingStreet|MailingCity|MailingState|"
    "MailingPostalCode|MailingCountry|Phone|Fax|MobilePhone|HomePhone|Email|Title|Department|AssistantName|LeadSource|Birthdate|"
    "OwnerId|HasOptedOutOfEmail|DoNotCall|CreatedDate|LastModifiedDate|SystemModstamp"
)
ACCOUNT = "Id|IsDeleted|MasterRecordId|Name|Type|ParentId|BillingStreet|BillingCity|BillingCountry|Phone|Website|Industry|OwnerId"
CASE = "Id|IsDeleted|CaseNumber|ContactId|AccountId|Type|Status|Reason|Origin|Subject|Priority|IsClosed|ClosedDate|OwnerId|CreatedDate"
DEAL = "Id|IsDeleted|AccountId|Name|StageName|Amount|Probability|CloseDate|Type|IsClosed|IsWon|OwnerId|ContactId|CreatedDate"


def salesforce(upper: bool = False) -> Export:
    """Objects as the API and Data Loader write them; Data Loader's names are in capitals."""
    e, w = Export("Salesforce upper case" if upper else "Salesforce API"), World("salesforce")
    case = str.upper if upper else str
    stamp = "2024-05-05T10:00:00.000Z"
    accounts = {name: f"001Hs0000{number:06d}AAA" for number, name in enumerate(COMPANIES)}
    rows = []
    for p in w.people:
        out = p.number % 5 == 0
        rows.append({
            "Id": f"003Hs0000{p.number:06d}AAB", "IsDeleted": "false", "AccountId": accounts[p.organisation], "LastName": p.family_name,
            "FirstName": p.given_name, "Salutation": "Ms.", "Name": p.name, "MailingStreet": p.street, "MailingCity": p.city,
            "MailingState": p.region_name, "MailingPostalCode": p.postcode, "MailingCountry": p.country_name, "Phone": "",
            "MobilePhone": p.phone, "Email": p.email, "Title": "Buyer", "AssistantName": "Sam Aide", "LeadSource": "Web",
            "Birthdate": p.birth_date, "OwnerId": "005Hs000001RICKAA0", "HasOptedOutOfEmail": str(out).lower(), "DoNotCall": "false",
            "CreatedDate": stamp, "LastModifiedDate": stamp, "SystemModstamp": stamp,
        })  # fmt: skip
        e.person(p, f"name given_name family_name email phone birth_date {ADDRESS}", rows[-1]["Id"], belongs_to=p.organisation)
        if out:
            e.consent(p, "email", False)
    e.file("Contact.csv", case(CONTACT), [_cased(row, case) for row in rows])
    e.file("Account.csv", case(ACCOUNT), [_cased({
        "Id": key, "IsDeleted": "false", "Name": name, "Type": "Customer", "BillingCity": "Hull", "BillingCountry": "United Kingdom",
        "Website": f"https://{name.split()[0].lower()}.example", "Industry": "Retail", "OwnerId": "005Hs000001RICKAA0",
    }, case) for name, key in accounts.items()])  # fmt: skip
    for name, key in accounts.items():
        e.account(
            key, name, industry="Retail", website=f"https://{name.split()[0].lower()}.example", country={"GB", "United Kingdom"}
        )
    cases, deals = [], []
    for number, at in enumerate(w.moments(30)):
        p = w.people[number * 7 % 40]
        closed = at + timedelta(hours=30) if number % 2 else None
        key, subject = f"500Hs0000{number:06d}AAC", w.subject(number)
        cases.append({
            "Id": key, "IsDeleted": "false", "CaseNumber": f"{number + 1:08d}", "ContactId": f"003Hs0000{p.number:06d}AAB",
            "AccountId": accounts[p.organisation], "Status": "Closed" if closed else "New", "Origin": "Web", "Subject": subject,
            "Priority": "High", "IsClosed": str(bool(closed)).lower(), "ClosedDate": f"{closed:%Y-%m-%dT%H:%M:%S.000Z}" if closed else "",
            "OwnerId": "005Hs000001RICKAA0", "CreatedDate": f"{at:%Y-%m-%dT%H:%M:%S.000Z}",
        })  # fmt: skip
        e.ticket(
            key, p, subject=subject, opened_at=at, closed_at=closed, status=cases[-1]["Status"], channel="Web", priority="High"
        )
        key = f"006Hs0000{number:06d}AAD"
        deals.append({
            "Id": key, "IsDeleted": "false", "AccountId": accounts[p.organisation], "Name": f"Renewal {number}", "StageName": "Closed Won",
            "Amount": f"{1200 + number}.50", "Probability": "100", "CloseDate": f"{at:%Y-%m-%d}", "IsClosed": "true", "IsWon": "true",
            "OwnerId": "005Hs000001RICKAA0", "ContactId": f"003Hs0000{p.number:06d}AAB", "CreatedDate": f"{at:%Y-%m-%dT%H:%M:%S.000Z}",
        })  # fmt: skip
        e.deal(key, p, at={at.date(), at}, amount=Decimal(f"{1200 + number}.50"), text=f"Renewal {number}")
    e.file("Case.csv", case(CASE), [_cased(row, case) for row in cases])
    e.file("Opportunity.csv", case(DEAL), [_cased(row, case) for row in deals])
    return e


def _cased(row: dict[str, str], case: type[str] | object) -> dict[str, str]:
    return {case(name): value for name, value in row.items()}  # type: ignore[operator]


def salesforce_report(german: bool = False) -> Export:
    """Reports with labels, as people export them; ids have 15 characters there, and times are local."""
    e, w = (
        Export("Salesforce labels DE" if german else "Salesforce labels EN"),
        World("report", countries=("DE",) if german else ("US",)),
    )
    english = (
        "Contact ID|Salutation|First Name|Last Name|Title|Account Name|Mailing Street|Mailing City|Mailing State/Province|"
        "Mailing Zip/Postal Code|Mailing Country|Phone|Fax|Mobile|Email|Account Owner|Contact Owner|Birthdate|Email Opt Out|Created Date"
    )
    deutsch = (
        "Kontakt-ID|Anrede|Vorname|Nachname|Titel|Accountname|Postanschrift (Straße)|Postanschrift (Ort)|Postanschrift (Bundesland)|"
        "Postanschrift (PLZ)|Postanschrift (Land)|Telefon|Fax|Mobil|E-Mail|Accountinhaber|Kontaktinhaber|Geburtsdatum|E-Mail-Abmeldung|"
        "Erstelldatum"
    )
    header = (deutsch if german else english).split("|")
    rows = []
    for p in w.people:
        born = f"{p.birth:%d.%m.%Y}" if german else f"{p.birth.month}/{p.birth.day}/{p.birth.year}"
        made = "05.05.2024" if german else "5/5/2024"
        country = "Deutschland" if german else p.country_name
        values = [
            f"003Hs0000{p.number:06d}", "Frau" if german else "Ms.", p.given_name, p.family_name, "Buyer", p.organisation, p.street, p.city,
            p.region_name, p.postcode, country, p.phone, "", "", p.email, OWNER, OWNER, born, "1" if p.number % 5 == 0 else "0", made,
        ]  # fmt: skip
        rows.append(dict(zip(header, values, strict=True)))
        e.person(p, f"name given_name family_name email phone birth_date organisation {ADDRESS}", values[0])
        if p.number % 5 == 0:
            e.consent(p, "email", False)
    e.file("Kontakte.csv" if german else "report1714903200.csv", header, rows)
    if german:
        return e
    tickets = []
    header = [
        "Case Number",
        "Subject",
        "Status",
        "Priority",
        "Case Origin",
        "Date/Time Opened",
        "Date/Time Closed",
        "Contact ID",
        "Contact Name",
        "Case Owner",
    ]
    for number, at in enumerate(w.moments(30)):
        p = w.people[number]
        closed = at + timedelta(hours=30) if number % 2 else None
        form = "%m/%d/%Y %I:%M %p"
        values = [
            f"{number + 1:08d}", w.subject(number), "Closed" if closed else "New", "High", "Phone", at.strftime(form),
            closed.strftime(form) if closed else "", f"003Hs0000{p.number:06d}", p.name, OWNER,
        ]  # fmt: skip
        tickets.append(dict(zip(header, values, strict=True)))
        e.ticket(
            values[0], p, subject=values[1], opened_at=at, closed_at=closed, status=values[2], channel="Phone", priority="High"
        )
    e.file("cases.csv", header, tickets)
    return e


def hubspot() -> Export:
    """HubSpot's own export of all records, with the labels of its pages."""
    e, w = Export("HubSpot UI"), World("hubspot")
    companies = {name: str(9001 + number) for number, name in enumerate(COMPANIES)}
    rows = []
    for p in w.people:
        second = f"{p.given_name}@home.example".lower() if p.number % 4 == 0 else ""
        rows.append({
            "Record ID": str(51 + p.number), "First Name": p.given_name, "Last Name": p.family_name, "Email": p.email,
            "Phone Number": p.phone, "Contact owner": f"{OWNER} ({STAFF[2]})", "Lifecycle Stage": "Customer", "Lead Status": "",
            "Marketing contact status": "Marketing contact", "Create Date": "2024-01-05 10:00", "Last Modified Date": "2024-05-05 11:00",
            "Street Address": p.street, "City": p.city, "State/Region": p.region_name, "Postal Code": p.postcode,
            "Country/Region": p.country_name, "Company Name": p.organisation, "Job Title": "Buyer",
            "Associated Company": p.organisation, "Associated Company IDs (Primary)": companies[p.organisation],
            "Additional email addresses": second, "Unsubscribed from all email": "true" if p.number % 6 == 0 else "",
            "Date of birth": p.birth_date,
        })  # fmt: skip
        e.person(
            p, f"name given_name family_name phone birth_date organisation {ADDRESS}", str(51 + p.number),
            email={p.email, second} - {""}, belongs_to=p.organisation,
        )  # fmt: skip
        if p.number % 6 == 0:
            e.consent(p, "email", False)
    e.file("hubspot-crm-exports-all-contacts-2024-06-01.csv", list(rows[0]), rows)
    e.file("hubspot-crm-exports-all-companies-2024-06-01.csv", "Record ID|Company name|Company owner|Create Date|Phone Number|City|"
           "Country/Region|Industry|Company Domain Name|Number of Employees", [{
        "Record ID": key, "Company name": name, "Company owner": OWNER, "Create Date": "2024-01-01 10:00", "Country/Region": "Germany",
        "Industry": "RETAIL", "Company Domain Name": f"{name.split()[0].lower()}.example",
    } for name, key in companies.items()])  # fmt: skip
    for name, key in companies.items():
        e.account(key, name, industry="RETAIL", website=f"{name.split()[0].lower()}.example", country={"DE", "Germany"})
    deals, tickets = [], []
    for number, at in enumerate(w.moments(30)):
        p, other = w.people[number], w.people[(number + 3) % 40]
        several = number % 5 == 0
        deals.append({
            "Record ID": str(701 + number), "Deal Name": f"Renewal {number}", "Deal Stage": "Closed Won (Sales Pipeline)",
            "Close Date": f"{at:%Y-%m-%d %H:%M}", "Deal owner": OWNER, "Amount": f"{900 + number}.25", "Pipeline": "Sales Pipeline",
            "Create Date": "2024-01-05 10:00",
            "Associated Contact": f"{p.name} ({p.email})" + (f";{other.name} ({other.email})" if several else ""),
            "Associated Contact IDs": f"{51 + p.number}" + (f";{51 + other.number}" if several else ""),
        })  # fmt: skip
        e.deal(str(701 + number), p, at=at, amount=Decimal(f"{900 + number}.25"), text=f"Renewal {number}")
        tickets.append({
            "Ticket ID": str(801 + number), "Ticket name": w.subject(number), "Ticket status": "New (Support Pipeline)",
            "Create date": f"{at:%Y-%m-%d %H:%M}", "Pipeline": "Support Pipeline", "Priority": "HIGH", "Ticket owner": OWNER,
            "Source": "Email", "Associated Contact": f"{p.name} ({p.email})", "Associated Contact IDs": f"{51 + p.number}",
        })  # fmt: skip
        e.ticket(str(801 + number), p, subject=w.subject(number), opened_at=at, channel="Email", priority="HIGH",
                 status={"New (Support Pipeline)", "New"})  # fmt: skip
    e.file("hubspot-crm-exports-all-deals-2024-06-01.csv", list(deals[0]), deals)
    e.file("hubspot-crm-exports-all-tickets-2024-06-01.csv", list(tickets[0]), tickets)
    return e


def hubspot_api() -> Export:
    """The properties of HubSpot's API."""
    e, w = Export("HubSpot API"), World("hubspot-api")
    rows = []
    for p in w.people:
        rows.append({
            "hs_object_id": str(151 + p.number), "firstname": p.given_name, "lastname": p.family_name, "email": p.email,
            "phone": "", "mobilephone": p.phone, "hubspot_owner_id": "77", "lifecyclestage": "customer", "hs_lead_status": "OPEN",
            "createdate": "2024-01-05T10:00:00.000Z", "lastmodifieddate": "2024-05-05T11:00:00.000Z", "address": p.street, "city": p.city,
            "state": p.region_name, "zip": p.postcode, "country": p.country_name, "company": p.organisation, "jobtitle": "Buyer",
            "hs_email_optout": "true" if p.number % 6 == 0 else "false",
        })  # fmt: skip
        e.person(p, f"name given_name family_name email phone organisation {ADDRESS}", str(151 + p.number))
        if p.number % 6 == 0:
            e.consent(p, "email", False)
    e.file("contacts.csv", list(rows[0]), rows)
    return e


def dynamics() -> Export:
    """Microsoft Dynamics 365: the names of its columns."""
    e, w = Export("Dynamics"), World("dynamics")
    accounts = {name: f"a{number:07d}-0000-4000-8000-000000000000" for number, name in enumerate(COMPANIES)}
    contact = {p.number: f"c{p.number:07d}-0000-4000-8000-000000000000" for p in w.people}
    rows = []
    for p in w.people:
        rows.append({
            "contactid": contact[p.number], "firstname": p.given_name, "lastname": p.family_name, "fullname": p.name,
            "emailaddress1": p.email, "telephone1": "", "mobilephone": p.phone, "jobtitle": "Buyer", "birthdate": p.birth_date,
            "address1_line1": p.street, "address1_city": p.city, "address1_stateorprovince": p.region_name,
            "address1_postalcode": p.postcode, "address1_country": p.country_name, "parentcustomerid": accounts[p.organisation],
            "statecode": "Active", "donotemail": "true" if p.number % 5 == 0 else "false", "ownerid": OWNER,
            "modifiedon": "2024-05-05T10:00:00Z",
        })  # fmt: skip
        e.person(p, f"name given_name family_name email phone birth_date {ADDRESS}", contact[p.number], belongs_to=p.organisation)
        if p.number % 5 == 0:
            e.consent(p, "email", False)
    e.file("contacts.csv", list(rows[0]), rows)
    e.file("accounts.csv", "accountid|name|telephone1|websiteurl|industrycode|statecode|ownerid", [
        {"accountid": key, "name": name, "websiteurl": f"https://{name.split()[0].lower()}.example", "industrycode": "Retail",
         "statecode": "Active", "ownerid": OWNER} for name, key in accounts.items()
    ])  # fmt: skip
    for name, key in accounts.items():
        e.account(key, name, industry="Retail", website=f"https://{name.split()[0].lower()}.example")
    tickets = []
    for number, at in enumerate(w.moments(30)):
        p = w.people[number]
        key = f"i{number:07d}-0000-4000-8000-000000000000"
        tickets.append({
            "incidentid": key, "title": w.subject(number), "ticketnumber": f"CAS-{number:05d}", "customerid": contact[p.number],
            "caseorigincode": "Web", "prioritycode": "High", "statecode": "Active", "statuscode": "In Progress",
            "createdon": f"{at:%Y-%m-%dT%H:%M:%SZ}", "ownerid": OWNER,
        })  # fmt: skip
        e.ticket(
            key, p, subject=w.subject(number), opened_at=at, status={"In Progress", "Active"}, channel="Web", priority="High"
        )
    e.file("incidents.csv", list(tickets[0]), tickets)
    return e


def zendesk() -> Export:
    """Zendesk: users and tickets by id; agents are among the users."""
    e, w = Export("Zendesk"), World("zendesk")
    rows = [{
        "id": str(1000 + p.number), "name": p.name, "email": p.email, "role": "end-user", "phone": p.phone, "time_zone": "UTC",
        "locale": "en", "suspended": "false", "verified": "true", "created_at": "2024-01-01T10:00:00Z", "updated_at": "2024-05-01T10:00:00Z",
    } for p in w.people]  # fmt: skip
    rows.append({**rows[0], "id": "900", "name": OWNER, "email": STAFF[2], "role": "agent", "phone": ""})
    e.file("users.csv", list(rows[0]), rows)
    for p in w.people:
        e.person(p, "name email phone", str(1000 + p.number))
    tickets = []
    for number, at in enumerate(w.moments(30)):
        p = w.people[number]
        solved = at + timedelta(hours=20) if number % 2 else None
        tickets.append({
            "id": str(10 + number), "subject": w.subject(number), "status": "solved" if solved else "open",
            "requester_id": str(1000 + p.number), "submitter_id": "900", "assignee_id": "900", "priority": "high", "group_id": "5",
            "created_at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "solved_at": f"{solved:%Y-%m-%dT%H:%M:%SZ}" if solved else "", "via": "web",
        })  # fmt: skip
        e.ticket(str(10 + number), p, subject=w.subject(number), opened_at=at, closed_at=solved, status=tickets[-1]["status"],
                 channel="web", priority="high")  # fmt: skip
    e.file("tickets.csv", list(tickets[0]), tickets)
    return e


def zendesk_view() -> Export:
    """Zendesk: the CSV of a view, where the requester is only in the ticket's row."""
    e, w = Export("Zendesk view CSV"), World("zendesk-view")
    header = (
        "Id|Requester|Requester id|Requester external id|Requester email|Requester domain|Submitter|Assignee|Group|Subject|Tags|Status|"
        "Priority|Via|Ticket type|Created at|Updated at|Assigned at|Organization|Due date|Initially assigned at|Solved at|Resolution time"
    )
    rows = []
    for number, at in enumerate(w.moments(45)):
        p = w.people[number % 30]
        solved = at + timedelta(hours=20) if number % 2 else None
        rows.append({
            "Id": str(510 + number), "Requester": p.name, "Requester id": str(1000 + p.number), "Requester email": p.email,
            "Requester domain": p.email.split("@")[1], "Submitter": p.name, "Assignee": OWNER, "Group": "Support",
            "Subject": w.subject(number), "Status": "Solved" if solved else "Open", "Priority": "High", "Via": "Web form",
            "Ticket type": "Incident", "Created at": f"{at:%Y-%m-%d %H:%M}", "Updated at": f"{at:%Y-%m-%d %H:%M}",
            "Solved at": f"{solved:%Y-%m-%d %H:%M}" if solved else "",
        })  # fmt: skip
        e.person(p, "name email", str(1000 + p.number))
        e.ticket(str(510 + number), p, subject=w.subject(number), opened_at=at, closed_at=solved, status=rows[-1]["Status"],
                 channel="Web form", priority="High")  # fmt: skip
    e.file("tickets-2024-06-01.csv", header, rows)
    return e


def odoo() -> Export:
    """Odoo: contacts, sale orders and their lines, with labels and external ids."""
    e, w = Export("Odoo"), World("odoo")
    rows = []
    for p in w.people:
        rows.append({
            "External ID": f"__export__.res_partner_{p.number}", "Display Name": p.name, "Email": p.email, "Phone": "", "Mobile": p.phone,
            "Street": p.street, "City": p.city, "Zip": p.postcode, "State": p.region_name, "Country": p.country_name,
            "Is a Company": "False", "Tax ID": "", "Salesperson": OWNER,
        })  # fmt: skip
        e.person(p, f"name email phone {ADDRESS}", rows[-1]["External ID"])
    e.file("res.partner.csv", list(rows[0]), rows)
    orders, lines = [], []
    states = {"Sales Order": {"placed", "paid"}, "Cancelled": "cancelled", "Quotation": "draft"}
    for o in w.orders(45):
        key, state = f"__export__.sale_order_{o.number}", list(states)[0 if o.number % 9 else 1 + o.number % 2]
        orders.append({
            "External ID": key, "Order Reference": f"S{o.number + 1:05d}", "Order Date": f"{o.at:%Y-%m-%d %H:%M:%S}",
            "Customer/External ID": f"__export__.res_partner_{o.person.number}", "Customer": o.person.name, "Salesperson": OWNER,
            "Sales Team": "Europe", "Currency": "EUR", "Untaxed Amount": str(o.subtotal), "Taxes": str(o.tax),
            "Total": str(o.subtotal + o.tax), "Status": state, "Invoice Status": "Fully Invoiced",
        })  # fmt: skip
        e.order(key, o.person, o.lines, ordered_at=o.at, amount=o.subtotal + o.tax, currency="EUR", status=states[state])
        for place, line in enumerate(o.lines):
            lines.append({
                "External ID": f"__export__.sale_order_line_{o.number}_{place}", "Order Reference/External ID": key,
                "Product": f"[{line.good.sku}] {line.good.name}", "Quantity": f"{line.quantity}.00", "Unit of Measure": "Units",
                "Unit Price": str(line.good.price), "Discount (%)": "0.00", "Subtotal": str(line.amount),
            })  # fmt: skip
            e.product(line.good.sku, line.good.name, name={line.good.name, f"[{line.good.sku}] {line.good.name}"})
    for thing in e.orders:
        thing.lines = [
            (q, a, names | {f"[{sku}] {name}" for sku in names for name in names}) for q, a, names in thing.lines or []
        ]
    for thing in list(e.products.values()):
        thing.keys |= {f"[{sku}] {name}" for sku in thing.keys for name in thing.keys}
    e.file("sale.order.csv", list(orders[0]), orders)
    e.file("sale.order.line.csv", list(lines[0]), lines)
    return e
