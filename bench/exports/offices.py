"""Exports of CRMs, help desks and books of companies in several countries, in the files that such a system gives."""

# ruff: noqa: E501 - the rows of exports are long

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bench.exports.made_up import COMPANIES, STAFF, Person, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"
ADDRESS = "street city postcode region country"
Rows = list[dict[str, Any]]


def companies(e: Export, twice: str = "", key: str = "{n}") -> Rows:
    """The companies with numbers; one may be there twice, as two different ones of one name."""
    names = [*COMPANIES, *([twice] if twice else [])]
    rows = [{"n": 501 + number, "name": name, "domain": name.split()[0].lower()} for number, name in enumerate(names)]
    for row in rows:
        e.account(key.format(n=row["n"]), str(row["name"]))
        e.accounts[str(row["name"])].keys.add(key.format(n=row["n"]))
    return rows


def deals(e: Export, w: World, count: int, key: str, of: bool = True, at: bool = True) -> Rows:
    """Deals of the first people, and the truth of them."""
    rows = []
    for number, when in enumerate(w.moments(count)):
        p = w.people[number]
        rows.append({"n": number + 1, "p": p, "at": when, "close": when + timedelta(days=9), "amount": f"{400 + number}.50"})
        times = {when, when.date(), (when + timedelta(days=9)).date()}
        e.deal(key.format(n=number + 1), p if of else None, amount=Decimal(f"{400 + number}.50"), **({"at": times} if at else {}))
    return rows


def tickets(w: World, count: int, people: int = 30) -> Rows:
    """Requests: every other one is closed after a day."""
    return [
        {"n": 9001 + number, "p": w.people[number % people], "at": at, "subject": w.subject(number), "state": "closed" if number % 2 else "open",
         "closed": at + timedelta(hours=26) if number % 2 else None, "shut": f"{at + timedelta(hours=26):%Y-%m-%d %H:%M}" if number % 2 else ""}
        for number, at in enumerate(w.moments(count))
    ]  # fmt: skip


def account_of(p: Person, twice: str) -> dict[str, Any]:
    """Whose company a person belongs to: of a name that two companies have, nobody can know."""
    return {"belongs_to": {None} if p.organisation == twice else p.organisation}


def suitecrm() -> Export:
    """Contacts and opportunities that name their account; one name is of two accounts."""
    e, w = Export("SuiteCRM", known=False), World("suitecrm")
    twice = COMPANIES[2]
    e.table("accounts.csv", {
        "Name": "{name}", "ID": "acc-{n}", "Website": "https://{domain}.example", "Type": "Customer", "Industry": "Energy", "Assigned User": OWNER, "Deleted": "0",
    }, companies(e, twice, "acc-{n}"))  # fmt: skip
    gone = w.people[-1]
    e.table("contacts.csv", {
        "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "ID": "con-{p.number:04d}", "Salutation": "", "Title": "Buyer",
        "Account Name": "{p.organisation}", "Email Address": "{p.email}", "Office Phone": "", "Mobile": "{p.phone}", "Fax": "",
        "Primary Address Street": "{p.street}", "Primary Address City": "{p.city}", "Primary Address State": "{p.region_name}",
        "Primary Address Postal Code": "{p.postcode}", "Primary Address Country": "{p.country_name}", "Birthdate": "{p.birth_date}",
        "Do Not Call": "0", "Reports To": "Ann Aide", "Assigned User": OWNER, "Date Modified": "2024-05-05 10:00:00", "Deleted": "{deleted}",
    }, [{"p": p, "deleted": int(p is gone)} for p in w.people])  # fmt: skip
    for p in w.people[:-1]:
        e.person(p, f"name given_name family_name email phone birth_date organisation {ADDRESS}", f"con-{p.number:04d}",
                 **account_of(p, twice))  # fmt: skip
    e.table("opportunities.csv", {
        "Opportunity Name": "Supply {n}", "ID": "opp-{n}", "Account Name": "{p.organisation}", "Opportunity Amount": "{amount}", "Currency": "USD",
        "Expected Close Date": "{close:%Y-%m-%d}", "Sales Stage": "Closed Won", "Contact Name": "{p.name}", "Assigned User": OWNER,
    }, deals(e, w, 25, "opp-{n}"))  # fmt: skip
    return e


def freshsales() -> Export:
    """Contacts, accounts and deals, with the names of the others."""
    e, w = Export("Freshsales", known=False), World("freshsales")
    e.table("accounts.csv", {"Id": "7000{n}", "Name": "{name}", "Website": "{domain}.example", "Sales owner": OWNER, "Industry type": "Energy"},
            companies(e, key="7000{n}"))  # fmt: skip
    e.table("contacts.csv", {
        "Id": "1600{p.number:04d}", "First name": "{p.given_name}", "Last name": "{p.family_name}", "Job title": "Buyer", "Work email": "{p.email}",
        "Work phone": "", "Mobile": "{p.phone}", "Sales owner": OWNER, "Sales account": "{p.organisation}", "Address": "{p.street}", "City": "{p.city}",
        "State": "{p.region_name}", "Zipcode": "{p.postcode}", "Country": "{p.country_name}", "Subscription status": "Subscribed",
        "Last contacted via": "", "Created at": "2024-01-05 10:00:00", "Updated at": "2024-05-05 10:00:00",
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, f"name given_name family_name email phone {ADDRESS}", f"1600{p.number:04d}", belongs_to=p.organisation,
                 organisation={p.organisation, None})  # fmt: skip
    e.table("deals.csv", {
        "Id": "2100{n}", "Name": "Renewal {n}", "Deal value": "{amount}", "Deal stage": "Won", "Deal pipeline": "Default", "Sales account": "{p.organisation}",
        "Related contacts": "{p.name}", "Sales owner": OWNER, "Expected close": "{close:%Y-%m-%d}", "Created at": "{at:%Y-%m-%d %H:%M:%S}",
    }, deals(e, w, 25, "2100{n}"))  # fmt: skip
    return e


def hubspot_links() -> Export:
    """Deals and tickets with several associations in a cell: the first is meant."""
    e, w = Export("HubSpot, several associations"), World("hubspot-links")
    e.table("companies.csv", {"Record ID": "88{n}", "Company name": "{name}", "Company Domain Name": "{domain}.example", "Company owner": OWNER},
            companies(e, key="88{n}"))  # fmt: skip
    e.table("contacts.csv", {
        "Record ID": "55{p.number:03d}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Email": "{p.email}", "Phone Number": "{p.phone}",
        "Contact owner": OWNER, "Lead Status": "", "Create Date": "2024-01-05 10:00", "Associated Company": "{p.organisation}",
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone organisation", f"55{p.number:03d}", belongs_to=p.organisation)
    rows = deals(e, w, 25, "31{n}")
    for row in rows:
        second = w.people[row["n"] + 5] if row["n"] % 3 == 0 else None
        row["ids"] = f"55{row['p'].number:03d}" + (f";55{second.number:03d}" if second else "")
        row["names"] = f"{row['p'].name} ({row['p'].email})" + (f";{second.name} ({second.email})" if second else "")
    e.table("deals.csv", {
        "Record ID": "31{n}", "Deal Name": "Order {n}", "Deal Stage": "Closed won", "Close Date": "{close:%Y-%m-%d} 00:00", "Amount": "{amount}",
        "Pipeline": "Sales", "Deal owner": OWNER, "Associated Contact IDs": "{ids}", "Associated Contact": "{names}",
    }, rows)  # fmt: skip
    return e


def zammad() -> Export:
    """Tickets that name their customer, and users of whom some are agents."""
    e, w = Export("Zammad", known=False), World("zammad")
    staff = [{"login": STAFF[2], "first": STAFF[0], "last": STAFF[1], "mail": STAFF[2], "role": "Agent", "phone": "", "org": ""}]
    people = [
        {"login": p.email, "first": p.given_name, "last": p.family_name, "mail": p.email, "role": "Customer", "phone": p.phone, "org": p.organisation}
        for p in w.people
    ]  # fmt: skip
    e.table("users.csv", {
        "id": "{n}", "login": "{login}", "firstname": "{first}", "lastname": "{last}", "email": "{mail}", "phone": "{phone}", "organization": "{org}",
        "roles": "{role}", "vip": "false", "active": "true", "created_at": "2024-01-05 10:00:00 UTC", "updated_at": "2024-05-05 10:00:00 UTC",
    }, [{"n": number + 3, **one} for number, one in enumerate([*staff, *people])])  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone organisation", str(p.number + 4))
    rows = tickets(w, 40)
    e.table("tickets.csv", {
        "#": "{n}", "Title": "{subject}", "State": "{state}", "Priority": "2 normal", "Group": "Support", "Owner": OWNER, "Customer": "{p.name}",
        "Organization": "{p.organisation}", "Create Channel": "email", "Created at": "{at:%Y-%m-%d %H:%M}", "Closed at": "{shut}",
    }, rows)  # fmt: skip
    for row in rows:
        e.ticket(
            str(row["n"]), row["p"], subject=row["subject"], opened_at=row["at"], closed_at=row["closed"], status=row["state"]
        )
    return e


def airtable() -> Export:
    """Three tables of a base: the cells of links hold names."""
    e, w = Export("Airtable", known=False), World("airtable")
    e.table(
        "Companies-Grid view.csv",
        {"Company": "{name}", "Website": "https://{domain}.example", "Industry": "Energy", "Contacts": ""},
        companies(e),
    )
    e.table("Contacts-Grid view.csv", {
        "Name": "{p.name}", "Email": "{p.email}", "Phone": "{p.phone}", "Company": "{p.organisation}", "Title": "Buyer", "Notes": "met in May",
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, "name email phone", organisation={p.organisation, None}, belongs_to=p.organisation)
    e.table("Deals-Grid view.csv", {
        "Deal": "Deal {n}", "Company": "{p.organisation}", "Primary contact": "{p.name}", "Value": "${amount}", "Stage": "Won", "Close date": "{close:%m/%d/%Y}",
        "Account owner": OWNER,
    }, deals(e, w, 25, "Deal {n}"))  # fmt: skip
    for deal in e.deals:
        deal.fields["text"] = next(iter(deal.keys))
    return e


def holded() -> Export:
    """Customers and invoices of a Spanish book, of Windows, with sums in their notation; the key has zeros before it."""
    e, w = Export("Holded ES", known=False), World("holded")
    e.table("clientes.csv", {
        "Código cliente": "00{p.number:03d}", "Razón social": "{p.organisation}", "Persona de contacto": "{p.name}", "NIF": "B12{p.number:05d}",
        "Dirección": "{p.street}", "Población": "{p.city}", "C.P.": "{p.postcode}", "Provincia": "{p.region_name}", "País": "{p.country_name}",
        "Teléfono": "{p.phone}", "E-mail": "{p.email}", "Comercial": OWNER, "Fecha alta": "05/01/2024",
    }, [{"p": p} for p in w.people], ";", "latin-1")  # fmt: skip
    for p in w.people:
        e.person(p, f"name email phone organisation {ADDRESS}", f"00{p.number:03d}")
    words = {"Cobrada": "paid", "Pendiente": "placed", "Anulada": "cancelled"}
    rows = [
        {"o": o, "p": o.person, "state": list(words)[o.number % 3], "net": f"{o.subtotal:.2f}".replace(".", ","), "sum": f"{o.total:,.2f}".translate(str.maketrans(",.", ".,"))}
        for o in w.orders(50)
    ]  # fmt: skip
    e.table("facturas.csv", {
        "Nº factura": "F24-{o.number:04d}", "Fecha": "{o.at:%d/%m/%Y}", "Código cliente": "00{p.number:03d}", "Cliente": "{p.organisation}",
        "Base imponible": "{net} €", "IVA": "21%", "Total": "{sum} €", "Estado": "{state}", "Comercial": OWNER,
    }, rows, ";", "cp1252")  # fmt: skip
    for row in rows:
        o = row["o"]
        e.order(
            f"F24-{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total, currency="EUR", status=words[row["state"]]
        )
    return e


def fortnox() -> Export:
    """Customers and invoices of a Swedish book; cancelled invoices have a flag."""
    e, w = Export("Fortnox SV", known=False), World("fortnox")
    e.table("Kunder.csv", {
        "Kundnr": "{p.number}", "Namn": "{p.name}", "Organisationsnr": "", "Adress": "{p.street}", "Postnr": "{p.postcode}", "Ort": "{p.city}",
        "Land": "{p.country_name}", "Telefon": "{p.phone}", "E-post": "{p.email}", "Er referens": "", "Vår referens": OWNER, "Aktiv": "Ja",
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    for p in w.people:
        e.person(p, "name email phone street city postcode country", str(p.number))
    rows = [
        {"o": o, "p": o.person, "sum": f"{o.total:.2f}".replace(".", ","), "off": "Ja" if o.number % 4 == 0 else "Nej"}
        for o in w.orders(50)
    ]
    e.table("Fakturor.csv", {
        "Fakturanr": "{o.number:05d}", "Fakturadatum": "{o.at:%Y-%m-%d}", "Förfallodatum": "2025-01-30", "Kundnr": "{p.number}", "Kundnamn": "{p.name}",
        "Totalt": "{sum}", "Valuta": "SEK", "Makulerad": "{off}", "Vår referens": OWNER,
    }, rows, ";")  # fmt: skip
    for row in rows:
        o = row["o"]
        status = "cancelled" if row["off"] == "Ja" else {None, "placed"}
        e.order(f"{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total, currency="SEK", status=status)
    return e


def exact() -> Export:
    """Relations and invoices of a Dutch book: the name of the contact in parts."""
    e, w = Export("Exact NL", known=False), World("exact")
    e.table("Relaties.csv", {
        "Code": "{p.number:018d}", "Bedrijfsnaam": "{p.organisation}", "Aanhef": "", "Voornaam": "{p.given_name}", "Tussenvoegsel": "", "Achternaam": "{p.family_name}",
        "Straat": "{p.street}", "Postcode": "{p.postcode}", "Plaats": "{p.city}", "Land": "{p.country_name}", "Telefoon": "{p.phone}", "E-mailadres": "{p.email}",
        "Btw-nummer": "", "Accountmanager": OWNER, "Type": "Klant",
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    for p in w.people:
        e.person(p, "given_name family_name email phone organisation street city postcode country", f"{p.number:018d}")
    rows = [{"o": o, "p": o.person, "sum": f"{o.total:.2f}".replace(".", ",")} for o in w.orders(50)]
    e.table("Verkoopfacturen.csv", {
        "Factuurnummer": "{o.number:06d}", "Factuurdatum": "{o.at:%d-%m-%Y}", "Vervaldatum": "30-01-2025", "Debiteurcode": "{p.number:018d}",
        "Debiteur": "{p.organisation}", "Bedrag incl. btw": "{sum}", "Valuta": "EUR", "Openstaand bedrag": "0,00", "Status": "Betaald",
    }, rows, ";")  # fmt: skip
    for row in rows:
        o = row["o"]
        e.order(f"{o.number:06d}", o.person, ordered_at=o.at.date(), amount=o.total, currency="EUR", status="paid")
    return e


def minicrm() -> Export:
    """Contacts of a Hungarian CRM; the family name first, two e-mails in a cell."""
    e, w = Export("MiniCRM HU", known=False), World("minicrm")
    e.table("Kapcsolatok.csv", {
        "Azonosító": "{p.number}", "Vezetéknév": "{p.family_name}", "Keresztnév": "{p.given_name}", "Cégnév": "{p.organisation}", "Beosztás": "",
        "E-mail": "{p.email}, {p.given_name}@ceg.example", "Telefonszám": "{p.phone}", "Irányítószám": "{p.postcode}", "Település": "{p.city}",
        "Utca, házszám": "{p.street}", "Ország": "{p.country_name}", "Születési dátum": "{p.birth:%Y.%m.%d.}", "Felelős": OWNER, "Létrehozva": "2024.01.05. 10:00",
    }, [{"p": p} for p in w.people], ";", "cp1250")  # fmt: skip
    for p in w.people:
        e.person(p, "given_name family_name phone birth_date organisation street city postcode country", str(p.number),
                 email={p.email, f"{p.given_name}@ceg.example".lower()})  # fmt: skip
    return e


def amocrm() -> Export:
    """Contacts and deals of a Russian CRM: the deal names its contact."""
    e, w = Export("amoCRM RU", known=False), World("amocrm")
    e.table("amocrm_contacts.csv", {
        "ID": "{p.number}", "Наименование": "{p.name}", "Имя": "{p.given_name}", "Фамилия": "{p.family_name}", "Компания": "{p.organisation}", "Ответственный": OWNER,
        "Дата создания": "05.01.2024 10:00:00", "Рабочий телефон": "{p.phone}", "Рабочий email": "{p.email}", "Должность": "",
    }, [{"p": p} for p in w.people], ";", "cp1251")  # fmt: skip
    for p in w.people:
        e.person(p, "given_name family_name phone email organisation", str(p.number))
    e.table("amocrm_leads.csv", {
        "ID": "77{n}", "Название сделки": "Сделка {n}", "Бюджет": "{amount}", "Ответственный": OWNER, "Дата создания сделки": "{at:%d.%m.%Y %H:%M:%S}",
        "Этап сделки": "Успешно реализовано", "Основной контакт": "{p.name}", "Компания контакта": "{p.organisation}", "Рабочий email": "{p.email}",
    }, deals(e, w, 25, "77{n}"), ";", "cp1251")  # fmt: skip
    return e


def fxiaoke() -> Export:
    """Contacts of a Chinese CRM, with the customer (a company) that they belong to."""
    e, w = Export("Fxiaoke ZH", known=False), World("fxiaoke")
    e.table("客户.csv", {"客户编号": "KH{n}", "客户名称": "{name}", "网址": "https://{domain}.example", "行业": "能源", "负责人": OWNER},
            companies(e, key="KH{n}"), encoding="gb18030")  # fmt: skip
    e.table("联系人.csv", {
        "联系人编号": "LX{p.number:04d}", "姓名": "{p.name}", "客户名称": "{p.organisation}", "手机": "{p.phone}", "邮箱": "{p.email}", "城市": "{p.city}",
        "地址": "{p.street}", "邮编": "{p.postcode}", "生日": "{p.birth:%Y-%m-%d}", "负责人": OWNER, "创建时间": "2024-01-05 10:00",
    }, [{"p": p} for p in w.people], encoding="gb18030")  # fmt: skip
    for p in w.people:
        e.person(p, "name email phone city street postcode birth_date", f"LX{p.number:04d}", belongs_to=p.organisation,
                 organisation={None, p.organisation})  # fmt: skip
    return e
