"""Exports of help desks, surveys, chats, car dealers, farms, exchanges, senders of mail and tills, in many tongues."""

# ruff: noqa: E501 - the rows of exports are long

import json
from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def jira_service() -> Export:
    """Jira Service: issues with a reporter, who is the customer, and an assignee."""
    e, w = Export("Jira Service", known=False), World("jira", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        rows.append({"n": number, "p": p, "at": at, "subject": w.subject(number)})
        e.person(p, "name email")
        e.ticket(f"SUP-{number + 1}", p, subject=w.subject(number), opened_at=at)
    e.table("issues.csv", {
        "Issue key": "SUP-{k}", "Issue id": "{id}", "Issue Type": "Service Request", "Summary": "{subject}", "Reporter": "{p.name}", "Reporter Email": "{p.email}", "Assignee": OWNER, "Priority": "Medium", "Status": "Done", "Created": "{at:%d/%b/%y %I:%M %p}", "Resolved": "",
    }, [row | {"k": row["n"] + 1, "id": 10400 + row["n"]} for row in rows])  # fmt: skip
    return e


def dealer() -> Export:
    """A car dealer's system: buyers with a co-buyer, the deal has a sale price and a stock number."""
    e, w = Export("Car dealer", known=False), World("dealer", countries=("US",))
    rows = []
    for o in w.orders(30):
        rows.append({"o": o, "p": o.person})
        e.order(f"D{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total)
        e.person(o.person, f"given_name family_name region {OWN}")
        e.product(f"ST{o.number:04d}", f"ST{o.number:04d}")
    e.table("sold_log.csv", {
        "DealNo": "D{o.number:05d}", "StockNo": "ST{o.number:04d}", "VIN": "1HGCM{o.number:012d}", "BuyerFirst": "{p.given_name}", "BuyerLast": "{p.family_name}", "CoBuyerFirst": "Odd", "CoBuyerLast": "Other", "BuyerAddress": "{p.street}", "BuyerCity": "{p.city}",
        "BuyerState": "{p.region}", "BuyerZip": "{p.postcode}", "BuyerHomePhone": "", "BuyerCellPhone": "{p.phone}", "BuyerEmail": "{p.email}", "SaleDate": "{o.at:%m/%d/%Y}", "SalePrice": "{o.total}", "Salesperson1": OWNER, "FIManager": "Fay Nance", "TradeVIN": "",
    }, rows)  # fmt: skip
    return e


def survey() -> Export:
    """Answers of a survey: who answered, when, what."""
    e, w = Export("Survey", known=False), World("survey", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(35)):
        p = w.people[number]
        rows.append({"n": number, "p": p, "at": at})
        e.person(p, "name given_name family_name email")
    e.table("responses.csv", {
        "Respondent ID": "9{n:06d}", "Collector ID": "4411", "Start Date": "{at:%m/%d/%Y %I:%M:%S %p}", "End Date": "{at:%m/%d/%Y %I:%M:%S %p}", "IP Address": "192.0.2.9", "Email Address": "{p.email}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}",
        "How likely are you to recommend us?": "9", "Anything else?": "No",
    }, rows)  # fmt: skip
    return e


def farm_box() -> Export:
    """Norwegian: subscribers of a farm's box and their deliveries that were paid."""
    e, w = Export("Gårdskasse NO", known=False), World("farm", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone street postcode city", f"A{p.number:04d}")
    for o in w.orders(40):
        word, status = state(o, {"Betalt": DONE, "Kreditert": {"refunded", "returned", "cancelled"}})
        rows.append({"o": o, "p": o.person, "word": word, "sum": comma(o.total, " ")})
        e.order(f"F{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total, currency={"NOK", None})
        del status
    e.table("abonnenter.csv", {
        "Abonnentnr": "A{p.number:04d}", "Fornavn": "{p.given_name}", "Etternavn": "{p.family_name}", "E-postadresse": "{p.email}", "Mobilnr": "{p.phone}", "Gateadresse": "{p.street}", "Postnr./sted": "{p.postcode} {p.city}", "Startdato": "01.02.2023", "Kontaktperson hos oss": OWNER,
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    e.table("fakturaer.csv", {
        "Fakturanr": "F{o.number:05d}", "Abonnentnr": "A{p.number:04d}", "Fakturadato": "{o.at:%d.%m.%Y}", "Forfallsdato": "31.12.2025", "Beløp inkl. mva": "{sum}", "Betalingsstatus": "{word}",
    }, rows, ";")  # fmt: skip
    return e


def api_people() -> Export:
    """People and orders as JSON: lists of phones and e-mails, minor units in a column that says so."""
    e, w = Export("API JSON", known=False), World("api", countries=("US",))
    people, orders = [], []
    for p in w.people:
        people.append({
            "contactId": f"c-{p.number}", "firstName": p.given_name, "lastName": p.family_name, "emails": [{"value": p.email, "primary": True}], "phoneNumbers": [{"type": "mobile", "number": p.phone}],
            "address": {"line1": p.street, "city": p.city, "state": p.region, "postalCode": p.postcode, "country": p.country},
        })  # fmt: skip
        e.person(p, f"name given_name family_name region {OWN}", f"c-{p.number}")
    for o in w.orders(40):
        orders.append(
            {
                "orderId": f"o-{o.number}",
                "contactId": f"c-{o.person.number}",
                "placedAt": f"{o.at:%Y-%m-%dT%H:%M:%SZ}",
                "amountMinor": int(o.total * 100),
                "currencyCode": "EUR",
                "orderStatus": "COMPLETED",
            }
        )
        e.order(f"o-{o.number}", o.person, ordered_at=o.at, amount=o.total, currency="EUR", status=DONE)
    e.files["contacts.json"] = json.dumps(people)
    e.files["orders.json"] = json.dumps(orders)
    return e


def pharmacy() -> Export:
    """Italian: customers with their tax code and receipts."""
    e, w = Export("Farmacia IT", known=False), World("pharmacy", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone city postcode street", str(300 + p.number))
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "sum": comma(o.total, "."), "id": 300 + o.person.number})
        e.order(f"SC{o.number:05d}", o.person, ordered_at={o.at, o.at.date()}, amount=o.total, currency={"EUR", None})
    e.table("anagrafica_clienti.csv", {
        "Cod. Cliente": "{id}", "Cognome": "{p.family_name}", "Nome": "{p.given_name}", "Cod. Fiscale": "", "Indirizzo e n. civico": "{p.street}", "CAP": "{p.postcode}", "Località": "{p.city}", "Cell.": "{p.phone}", "Indirizzo e-mail": "{p.email}", "Farmacista": OWNER,
    }, [{"p": p, "id": 300 + p.number} for p in w.people], ";")  # fmt: skip
    e.table("scontrini.csv", {
        "N. scontrino": "SC{o.number:05d}", "Cod. Cliente": "{id}", "Data e ora": "{o.at:%d/%m/%Y %H:%M}", "Tot. scontrino": "{sum}", "Operatore": OWNER,
    }, rows, ";")  # fmt: skip
    return e


def rental() -> Export:
    """Polish: who rents cars, and the contracts of it."""
    e, w = Export("Wynajem PL", known=False), World("rental", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name birth_date email phone city postcode street", f"N{p.number:04d}")
    for o in w.orders(40):
        word, status = state(o, {"Zakończona": DONE | {None, "Zakończona"}, "Anulowana": "cancelled"})
        rows.append({"o": o, "p": o.person, "sum": comma(o.total, " "), "word": word})
        e.order(f"U/{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total, currency={"PLN", None}, status=status)
    e.table("najemcy.csv", {
        "Nr najemcy": "N{p.number:04d}", "Imię najemcy": "{p.given_name}", "Nazwisko najemcy": "{p.family_name}", "Data ur.": "{p.birth:%d.%m.%Y}", "Tel. kom.": "{p.phone}", "Adres e-mail": "{p.email}", "Ulica i nr domu": "{p.street}", "Kod poczt.": "{p.postcode}", "Miejscowość": "{p.city}",
        "Opiekun": OWNER,
    }, [{"p": p} for p in w.people], ";", "cp1250")  # fmt: skip
    e.table("umowy.csv", {
        "Nr umowy": "U/{o.number:04d}", "Nr najemcy": "N{p.number:04d}", "Data zawarcia umowy": "{o.at:%d.%m.%Y}", "Data zwrotu": "01.01.2026", "Kwota umowy": "{sum} zł", "Status umowy": "{word}",
    }, rows, ";", "cp1250")  # fmt: skip
    return e


def spa() -> Export:
    """Japanese: who booked, and what it cost; yen without cents."""
    e, w = Export("Spa JA", known=False), World("spa", countries=("US",))
    rows = []
    for o in w.orders(40):
        p, (word, status) = o.person, state(o, {"来店済": DONE, "キャンセル": "cancelled"})
        rows.append({"o": o, "p": p, "word": word, "yen": int(o.total) * 100})
        e.order(f"R{o.number:06d}", p, ordered_at=o.at, amount=Decimal(int(o.total) * 100), currency={"JPY", None})
        e.person(p, "email phone", name={p.name, f"{p.family_name} {p.given_name}"})
        del status
    e.table("予約.csv", {
        "予約番号": "R{o.number:06d}", "受付日時": "{o.at:%Y/%m/%d %H:%M}", "予約者名": "{p.family_name} {p.given_name}", "予約者電話番号": "{p.phone}", "予約者メール": "{p.email}", "担当スタッフ": OWNER, "合計料金": "{yen}", "予約状況": "{word}",
    }, rows, ",", "utf-8-sig")  # fmt: skip
    return e


def wifi() -> Export:
    """Portuguese: a provider's clients in capitals without spaces, invoices with `VL_` and `DT_`."""
    e, w = Export("Provedor PT", known=False), World("wifi", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "name email phone birth_date street postcode city", f"{p.number + 10}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "id": o.person.number + 10, "sum": comma(o.total)})
        e.order(f"{7000 + o.number}", o.person, ordered_at=o.at.date(), amount=o.total, currency={"BRL", None})
    e.table("TB_CLIENTE.csv", {
        "CD_CLIENTE": "{id}", "NM_CLIENTE": "{p.name}", "NR_CPF": "", "DT_NASCIMENTO": "{p.birth:%d/%m/%Y}", "DS_EMAIL": "{p.email}", "NR_CELULAR": "{p.phone}", "DS_ENDERECO": "{p.street}", "NM_CIDADE": "{p.city}", "NR_CEP": "{p.postcode}", "NM_VENDEDOR": OWNER,
    }, [{"p": p, "id": p.number + 10} for p in w.people], ";")  # fmt: skip
    e.table("TB_FATURA.csv", {
        "CD_FATURA": "{n}", "CD_CLIENTE": "{id}", "DT_EMISSAO": "{o.at:%d/%m/%Y}", "DT_VENCIMENTO": "01/01/2026", "VL_FATURA": "{sum}", "ST_FATURA": "PAGA",
    }, [row | {"n": 7000 + row["o"].number} for row in rows], ";")  # fmt: skip
    return e


def theatre_greek() -> Export:
    """Greek: who bought tickets."""
    e, w = Export("Θέατρο EL", known=False), World("greek-theatre", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Πληρωμένη": DONE, "Ακυρωμένη": "cancelled"})
        rows.append({"o": o, "p": o.person, "sum": comma(o.total), "word": word})
        e.order(
            f"K{o.number:05d}", o.person, ordered_at={o.at, o.at.date()}, amount=o.total, currency={"EUR", None}, status=status
        )
        e.person(o.person, "given_name family_name email phone")
    e.table("kratiseis.csv", {
        "Αριθμός κράτησης": "K{o.number:05d}", "Ημερομηνία κράτησης": "{o.at:%d/%m/%Y %H:%M}", "Όνομα": "{p.given_name}", "Επώνυμο": "{p.family_name}", "Κινητό τηλέφωνο": "{p.phone}", "Email": "{p.email}", "Συνολικό ποσό": "{sum} €", "Κατάσταση κράτησης": "{word}", "Υπάλληλος": OWNER,
    }, rows, ";")  # fmt: skip
    return e
