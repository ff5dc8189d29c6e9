"""Further exports: people and organisations in one file, several e-mails and phones in a cell, names with the family name first."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.abroad import _order, invoices
from bench.exports.made_up import COMPANIES, World
from bench.exports.offices import OWNER, companies, deals, tickets
from bench.exports.truth import Export, Thing

ADDRESS = "street city postcode region country"


def nutshell() -> Export:
    """People with several e-mails and phones in a cell; leads that name people and companies."""
    e, w = Export("Nutshell", known=False), World("nutshell")
    e.table(
        "companies.csv",
        {"Company": "{name}", "Url": "https://{domain}.example", "Industry": "Energy", "Assigned to": OWNER},
        companies(e),
    )
    e.table("people.csv", {
        "Name": "{p.name}", "Title": "Buyer", "Company": "{p.organisation}", "Emails": "{p.email}; {p.given_name}@home.example", "Phones": "{p.phone}", "Address": "{p.street}",
        "City": "{p.city}", "State": "{p.region}", "Postal code": "{p.postcode}", "Country": "{p.country}", "Assigned to": OWNER, "Created": "2024-01-05",
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(
            p,
            f"name phone {ADDRESS}",
            organisation={p.organisation, None},
            email={p.email, f"{p.given_name}@home.example".lower()},
            belongs_to=p.organisation,
        )
    e.table("leads.csv", {
        "Lead number": "Lead-{n}", "Name": "Order {n}", "Company": "{p.organisation}", "Person": "{p.name}", "Value": "${amount}", "Status": "Won", "Pipeline": "Default",
        "Close date": "{close:%Y-%m-%d}", "Assigned to": OWNER,
    }, deals(e, w, 25, "Lead-{n}"))  # fmt: skip
    return e


def insightly() -> Export:
    """Contacts with two addresses by numbered and prefixed headers."""
    e, w = Export("Insightly", known=False), World("insightly")
    e.table("Contacts.csv", {
        "RecordId": "3{p.number:05d}", "Salutation": "", "FirstName": "{p.given_name}", "LastName": "{p.family_name}", "OrganizationName": "{p.organisation}", "EmailAddress1": "{p.email}",
        "EmailAddress2": "{second}", "Phone": "", "PhoneMobile": "{p.phone}", "PhoneFax": "", "AddressMailStreet": "{p.street}", "AddressMailCity": "{p.city}", "AddressMailState": "{p.region_name}",
        "AddressMailPostcode": "{p.postcode}", "AddressMailCountry": "{p.country_name}", "DateOfBirth": "{p.birth_date}", "Background": "", "OwnerUser": OWNER, "DateCreated": "2024-01-05 10:00:00",
    }, [{"p": p, "second": f"{p.given_name}@home.example" if p.number % 3 == 0 else ""} for p in w.people])  # fmt: skip
    for p in w.people:
        second = {f"{p.given_name}@home.example".lower()} if p.number % 3 == 0 else set()
        e.person(
            p,
            f"name given_name family_name phone birth_date organisation {ADDRESS}",
            f"3{p.number:05d}",
            email={p.email} | second,
        )
    return e


def capsule() -> Export:
    """People and organisations are the rows of one file; a column says which."""
    e, w = Export("Capsule", known=False), World("capsule")
    header = {
        "ID": "{id}", "Type": "{type}", "Title": "", "First Name": "{first}", "Last Name": "{last}", "Job Title": "", "Organisation": "{org}", "Address Street": "{street}", "City": "{city}",
        "State": "{state}", "Postcode": "{zip}", "Country": "{country}", "Phone Number": "{phone}", "Email Address": "{email}", "Owner": OWNER, "Created": "2024-01-05",
    }  # fmt: skip
    rows = [
        {"id": 200 + p.number, "type": "Person", "first": p.given_name, "last": p.family_name, "org": p.organisation, "street": p.street, "city": p.city, "state": p.region_name,
         "zip": p.postcode, "country": p.country_name, "phone": p.phone, "email": p.email}
        for p in w.people
    ]  # fmt: skip
    nothing = dict.fromkeys(("first", "last", "street", "city", "state", "zip", "country", "phone"), "")
    rows += [
        {**nothing, "id": 300 + number, "type": "Organisation", "org": name, "email": f"info@{name.split()[0].lower()}.example"}
        for number, name in enumerate(COMPANIES)
    ]
    e.table("contacts.csv", header, rows)
    for p in w.people:
        e.person(p, f"name given_name family_name email phone organisation {ADDRESS}", str(200 + p.number))
    for row in rows[len(w.people) :]:
        e.people[str(row["org"])] = Thing({str(row["id"])}, {"email": row["email"], "kind": "organisation"})
    return e


def civicrm() -> Export:
    """Individuals and their contributions, which name them with the family name first; some were cancelled or given back."""
    e, w = Export("CiviCRM", known=False), World("civicrm")
    e.table("contacts.csv", {
        "Contact ID": "{p.number}", "Contact Type": "Individual", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Sort Name": "{p.family_name}, {p.given_name}",
        "Display Name": "{p.name}", "Street Address": "{p.street}", "City": "{p.city}", "Postal Code": "{p.postcode}", "State": "{p.region_name}", "Country": "{p.country_name}",
        "Phone (primary)": "{p.phone}", "Email (primary)": "{p.email}", "Current Employer": "{p.organisation}", "Do Not Email": "{no}", "Is Deceased": "0", "Birth Date": "{p.birth_date}",
    }, [{"p": p, "no": int(p.number % 4 == 0)} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(
            p, f"name given_name family_name email phone birth_date {ADDRESS}", str(p.number), organisation={p.organisation, None}
        )
        if p.number % 4 == 0:
            e.consent(p, "email", False)
    words = {"Completed": {"paid", "shipped", None}, "Cancelled": "cancelled", "Refunded": "refunded", "Pending": "pending"}
    rows = [
        {"n": 700 + number, "p": w.people[number % 30], "at": at, "sum": f"{25 + number}.00", "state": list(words)[number % 4]}
        for number, at in enumerate(w.moments(40))
    ]
    e.table("contributions.csv", {
        "Contribution ID": "{n}", "Contact ID": "{p.number}", "Contact Name": "{p.family_name}, {p.given_name}", "Financial Type": "Donation", "Total Amount": "{sum}", "Currency": "USD",
        "Date Received": "{at:%Y-%m-%d %H:%M:%S}", "Contribution Status": "{state}", "Payment Method": "Check",
    }, rows)  # fmt: skip
    for row in rows:
        e.order(
            str(row["n"]),
            row["p"],
            ordered_at=row["at"],
            amount=Decimal(str(row["sum"])),
            currency="USD",
            status=words[str(row["state"])],
        )  # type: ignore[arg-type]
    return e


def planning_center() -> Export:
    """People of a church, a home address by its lines, and donations with the part that was refunded."""
    e, w = Export("Planning Center", known=False), World("planning")
    e.table("people.csv", {
        "Person ID": "81{p.number:04d}", "First Name": "{p.given_name}", "Nickname": "", "Last Name": "{p.family_name}", "Birthdate": "{p.birth:%m/%d/%Y}", "Membership": "Member", "Home Email": "{p.email}",
        "Mobile Phone Number": "{p.phone}", "Home Address Street Line 1": "{p.street}", "Home Address Street Line 2": "", "Home Address City": "{p.city}", "Home Address State": "{p.region}",
        "Home Address Zip Code": "{p.postcode}", "Household Name": "{p.family_name} Household", "Status": "active",
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone birth_date street city postcode region", f"81{p.number:04d}")
    rows = [
        {"n": 100 + number, "p": w.people[number % 30], "at": at, "sum": f"{30 + number}.00"}
        for number, at in enumerate(w.moments(40))
    ]
    e.table("donations.csv", {
        "Donation ID": "{n}", "Received Date": "{at:%m/%d/%Y}", "Donor ID": "81{p.number:04d}", "Donor First Name": "{p.given_name}", "Donor Last Name": "{p.family_name}", "Source": "Online",
        "Fund": "General", "Amount": "{sum}", "Fee": "-1.00", "Net": "1.00", "Payment Method": "card",
    }, rows)  # fmt: skip
    for row in rows:
        e.order(str(row["n"]), row["p"], ordered_at=row["at"].date(), amount=Decimal(str(row["sum"])))  # type: ignore[attr-defined,arg-type]
    return e


def book(
    vendor: str,
    seed: str,
    people: dict[str, str],
    bills: dict[str, str],
    files: tuple[str, str],
    currency: str,
    encoding: str = "",
) -> Export:
    """Customers with one name column and invoices that give the number of the customer."""
    e, w = Export(vendor, known=False), World(seed)
    e.table(files[0], people, [{"p": p, "k": 1000 + p.number} for p in w.people], ";", encoding)
    for p in w.people:
        e.person(p, "name email phone street city postcode", str(1000 + p.number))
    rows = [{**row, "k": 1000 + _order(row).person.number} for row in invoices(w)]
    e.table(files[1], bills, rows, ";", encoding)
    for row in rows:
        o = _order(row)
        e.order(str(row["n"]), o.person, ordered_at=o.at.date(), amount=o.total, **({"currency": currency} if currency else {}))
    return e


def economic() -> Export:
    """A Danish book."""
    return book("e-conomic DA", "economic", {
        "Kundenr.": "{k}", "Navn": "{p.name}", "Adresse": "{p.street}", "Postnr.": "{p.postcode}", "By": "{p.city}", "E-mail": "{p.email}", "Telefon": "{p.phone}", "CVR-nr.": "", "Kundegruppe": "1",
        "Sælger": OWNER,
    }, {
        "Fakturanr.": "{n}", "Fakturadato": "{o.at:%d-%m-%Y}", "Kundenr.": "{k}", "Kundenavn": "{p.name}", "Nettobeløb": "0,00", "Moms": "0,00", "Totalbeløb": "{sum}", "Valuta": "DKK",
    }, ("Kunder.csv", "Fakturaer.csv"), "DKK", "cp1252")  # fmt: skip


def procountor() -> Export:
    """A Finnish book."""
    return book("Procountor FI", "procountor", {
        "Asiakasnumero": "{k}", "Nimi": "{p.name}", "Katuosoite": "{p.street}", "Postinumero": "{p.postcode}", "Postitoimipaikka": "{p.city}", "Sähköposti": "{p.email}", "Puhelinnumero": "{p.phone}",
        "Y-tunnus": "", "Yhteyshenkilö": "",
    }, {
        "Laskunumero": "{n}", "Laskun päiväys": "{o.at:%d.%m.%Y}", "Eräpäivä": "30.1.2026", "Asiakasnumero": "{k}", "Asiakas": "{p.name}", "Summa": "{sum}", "Valuutta": "EUR",
    }, ("Asiakkaat.csv", "Myyntilaskut.csv"), "EUR")  # fmt: skip


def raynet() -> Export:
    """Contacts of a Czech CRM and its deals, with the contact by name."""
    e, w = Export("Raynet CS", known=False), World("raynet")
    e.table("kontakty.csv", {
        "Jméno": "{p.given_name}", "Příjmení": "{p.family_name}", "Firma": "{p.organisation}", "E-mail": "{p.email}", "Telefon": "{p.phone}", "Ulice": "{p.street}", "Město": "{p.city}", "PSČ": "{p.postcode}",
        "Země": "{p.country_name}", "Datum narození": "{p.birth:%d.%m.%Y}", "Vlastník": OWNER,
    }, [{"p": p} for p in w.people], ";", "cp1250")  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone birth_date organisation street city postcode country")
    e.table("obchodni_pripady.csv", {
        "Kód": "OP{n}", "Název": "Zakázka {n}", "Klient": "{p.organisation}", "Kontaktní osoba": "{p.name}", "Celková cena": "{money}", "Měna": "CZK", "Fáze": "Výhra", "Platné od": "{at:%d.%m.%Y}", "Vlastník": OWNER,
    }, [{**row, "money": row["amount"].replace(".", ",")} for row in deals(e, w, 25, "OP{n}")], ";", "cp1250")  # fmt: skip
    return e


def helpscout() -> Export:
    """Conversations with the customer on each row and who is assigned."""
    e, w = Export("Help Scout", known=False), World("helpscout")
    rows = tickets(w, 40)
    e.table("conversations.csv", {
        "Conversation ID": "{n}", "Conversation Number": "{n}", "Mailbox": "Support", "Subject": "{subject}", "Status": "{state}", "Type": "email", "Tags": "", "Assigned To": OWNER,
        "Customer Name": "{p.name}", "Customer Email": "{p.email}", "Customer Company": "{p.organisation}", "Created At": "{at:%Y-%m-%d %H:%M:%S}", "Closed At": "{shut}", "Closed By": OWNER,
    }, rows)  # fmt: skip
    for row in rows:
        e.person(row["p"], "name email", organisation={row["p"].organisation, None})
        e.ticket(
            str(row["n"]), row["p"], subject=row["subject"], opened_at=row["at"], closed_at=row["closed"], status=row["state"]
        )
    return e
