"""Exports nobody has seen, brought by the verbs of a newcomer: cents, keys by other names, JSON, dates by language."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

import json
from decimal import Decimal

PEOPLE = [("Iris", "Fenn"), ("Otto", "Beck"), ("Pia", "Lund"), ("Mara", "Dorn")]


def rows(header: str, lines: list[str], separator: str = ",") -> str:
    return header.replace("|", separator) + "\n" + "\n".join(line.replace("|", separator) for line in lines) + "\n"


def test_what_others_point_to_is_the_key_whatever_it_is_called(day_one):
    customers = [
        f"{last.upper()}{n:03d}|{first} {last}|{first}@mail.example".replace("|", ",") for n, (first, last) in enumerate(PEOPLE)
    ]
    invoices = [f"{100 + n},0{n + 1}/03/2025,{last.upper()}{n:03d},1{n}.50" for n, (_, last) in enumerate(PEOPLE)]
    view = day_one({
        "Customers.csv": rows("A/C,Contact Name,E-mail", customers), "InvoiceList.csv": rows("No,Date,A/C,Amount", invoices),
    })  # fmt: skip
    assert view.orders["Iris Fenn"] == {"100": Decimal("10.50")} and view.orders["Mara Dorn"] == {"103": Decimal("13.50")}
    assert view.quarantine == []


def test_charges_in_cents_of_an_api_and_people_with_lists_in_json(day_one):
    people = [
        {"contactId": f"c-{n}", "firstName": first, "lastName": last, "emails": [{"value": f"{first}@mail.example"}, {"value": f"{first}@home.example"}],
         "phones": [f"+151255501{n:02d}"], "address": {"line1": f"{n} Elm Road", "city": "Austin"}}
        for n, (first, last) in enumerate(PEOPLE)
    ]  # fmt: skip
    charges = [
        {"id": f"ch_{n}", "object": "charge", "amount": 1990 + n, "currency": "jpy" if n == 3 else "usd", "created": 1735689600 + n,
         "customer": f"c-{n}", "status": "succeeded"}
        for n in range(4)
    ]  # fmt: skip
    view = day_one({"contacts.json": json.dumps(people), "charges.json": json.dumps(charges)})
    assert view.emails["Iris Fenn"] == {"iris@mail.example", "iris@home.example"} and view.phones["Otto Beck"] == {"+15125550101"}
    assert view.cities["Pia Lund"] == "Austin"
    assert view.orders["Iris Fenn"] == {"ch_0": Decimal("19.90")} and view.orders["Mara Dorn"] == {"ch_3": Decimal(1993)}


def test_cents_that_are_none_go_to_quarantine(day_one):
    view = day_one({
        "people.csv": rows("id,name,email", [f"{n},{first} {last},{first}@mail.example" for n, (first, last) in enumerate(PEOPLE)]),
        "purchases.csv": rows("id,user_id,placed_at,total_cents", ["1,0,2025-01-02,1250", "2,1,2025-01-03,12.50", "3,2,2025-01-04,999"]),
    })  # fmt: skip
    assert view.orders["Iris Fenn"] == {"1": Decimal("12.50")} and view.orders["Pia Lund"] == {"3": Decimal("9.99")}
    assert len(view.quarantine) == 1 and "Otto Beck" not in view.orders


def test_headers_in_a_language_that_puts_the_day_first_say_what_a_date_means(day_one):
    lines = [f"B{n};0{n + 1}-02-2024;{first} {last};{first}@mail.example;1{n},50" for n, (first, last) in enumerate(PEOPLE)]
    view = day_one({"bestellingen.csv": rows("Bestelnummer;Besteldatum;Naam klant;E-mailadres;Totaalbedrag", lines)})
    assert 'dates = "day first"' in view.text and "its headers are Dutch, where the day comes first" in view.text
    assert view.orders["Iris Fenn"] == {"B0": Decimal("10.50")}


def test_postcode_and_city_in_one_column(day_one):
    lines = [f"{n};{first} {last};Ahornweg {n};1011{n} Berlin" for n, (first, last) in enumerate(PEOPLE)]
    view = day_one({"Kunden.csv": rows("Kundennr.;Kunde;Straße;PLZ/Ort", lines)})
    assert view.cities == dict.fromkeys(view.people, "Berlin") and len(view.people) == 4


def test_a_number_that_may_be_two_in_a_column_of_both_customs_is_set_aside(day_one):
    sums = ["7,25", "12.50", "1.234,50", "1,234.50", "1,234"]
    lines = [f"{n};2025-01-0{n + 1};Iris Fenn;iris@mail.example;{one}" for n, one in enumerate(sums)]
    view = day_one({"orders.csv": rows("Order ID;Date;Name;Email;Total", lines)})
    assert view.orders["Iris Fenn"] == {
        "0": Decimal("7.25"), "1": Decimal("12.50"), "2": Decimal("1234.50"), "3": Decimal("1234.50")
    }  # fmt: skip
    [reason] = view.quarantine
    assert reason.startswith("orders.amount may be two numbers (1,234 or 1.234)")


def test_a_second_column_of_the_same_name_is_no_organisation(day_one):
    lines = [f"{first} {last},{first}@mail.example,Some Body" for first, last in PEOPLE]
    view = day_one({"contacts.csv": rows("Name,Email,Name", lines)})
    assert "organisation" not in view.text.partition("map suggest")[2] and "Iris Fenn" in view.people


def test_what_nobody_ordered_and_who_serves_is_not_mapped(day_one):
    def table(header: str, line: str) -> str:
        return rows(header, [line.format(n=n, day=f"2024-01-{n + 1:02d}") for n in range(20)])

    view = day_one({
        "expenses.csv": table("Expense ID,Expense Date,Category,Amount,Approved By", "E{n},{day},Travel,{n}2.50,Rick Repp"),
        "servers.csv": table("Host ID,IP Address,Last Seen,Uptime,Version", "H{n},192.0.2.{n},{day},99.9{n},1.{n}.3"),
        "bank_statement.csv": table("Ref,Booking Date,Description,Debit,Balance", "R{n},{day},Card,{n}1.20,1{n}.00"),
        "doctors.csv": table("DoctorFirstName,DoctorLastName,DoctorEmail", "A{n},B{n},d{n}@clinic.example"),
        "payroll.csv": table("Payslip No,Employee Name,Employee Email,Pay Date,Net Pay", "P{n},Emp {n},e@co.example,{day},{n}00.10"),
        "orders.csv": table("Order ID,Order Date,Customer,Email,Total", "{n},{day},Iris Fenn,iris@mail.example,{n}.50"),
    })  # fmt: skip
    assert view.people == {"Iris Fenn"} and len(view.orders["Iris Fenn"]) == 20 and len(view.statuses) == 20


def test_a_few_members_known_by_a_number_in_a_compound_and_one_that_dangles(day_one):
    members = [f"100{n};{first};{last};{first}@mail.example;1112{n};Uppsala" for n, (first, last) in enumerate(PEOPLE)]
    invoices = ["F1;1000;2024-01-05;120,50", "F2;1001;2024-02-05;99,00", "F3;1009;2024-03-05;50,00"]
    view = day_one({
        "medlemmar.csv": rows("Medlemsnr;Förnamn;Efternamn;E-post;Postnr;Ort", members),
        "fakturor.csv": rows("Fakturanr;Medlemsnr;Fakturadatum;Belopp", invoices),
    })  # fmt: skip
    assert view.orders == {"Iris Fenn": {"F1": Decimal("120.50")}, "Otto Beck": {"F2": Decimal("99.00")}}
    assert "2 of 3 values of fakturor.Medlemsnr are in medlemmar.Medlemsnr" in view.text and len(view.people) == 4


def test_the_day_on_which_an_invoice_was_closed_is_not_its_date():
    from tests.day_one.test_missed import maps_of

    maps = maps_of(invoices="Invoice Number,Issue Date,Patient Email,Total Amount,Status,Closed At")
    assert maps["orders"]["ordered_at"] == {"field": "Issue Date"}
