"""What was misread in exports of further shops, books and lists: each kind with the least that shows it. Nobody here exists."""

from __future__ import annotations

import json

import duckdb
import pytest

from fullcircle.config.sections import FieldRule
from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.currency import in_header
from fullcircle.mapping.fields import text_sql
from fullcircle.mapping.propose.documents import meaning_of
from fullcircle.mapping.propose.guess import columns_of, guess, named
from fullcircle.mapping.propose.words import plain
from tests.mapping.test_links import fields, project, proposed


@pytest.mark.parametrize(
    ("header", "same"),
    [
        ("Comprador(a)", "Comprador"), ("Nome do(a) Comprador(a)", "Nome do Comprador"), ("Kund:in", "Kund"),
        ("Kund*innen", "Kund"),
               ("Teilnehmer(in)", "Teilnehmer"), ("Adhérent·e", "Adhérent"), ("Alumno/a", "Alumno"), ("Client(s)", "Client"),
        ("Teilnehmer/-in", "Teilnehmer"),
    ],
)  # fmt: skip
def test_words_for_either_sex_are_the_word(header, same):
    assert plain(header) == plain(same)


@pytest.mark.parametrize("header", ["Total (EUR)", "a/c", "Price (a)", "Name/Information"])
def test_other_brackets_and_strokes_stay(header):
    assert plain(header) == plain(header.replace("(", " ").replace(")", " ").replace(":", " ").replace("/", " "))


FURTHER = [
    ("records", "Bestellnr|Vorname RE|Nachname RE|PLZ RE|Ort RE|E-Mail|Vorname LI|Nachname LI|PLZ LI|Ort LI|Gesamtpreis",
     {"given_name": "Vorname RE", "family_name": "Nachname RE", "postcode": "PLZ RE", "city": "Ort RE"}),
    ("records", "Order Number|Retailer Name|City|Zip Code|Country", {"full_name": "Retailer Name"}),
    ("records", "Nome do(a) Afiliado(a)|Comprador(a)|Email do(a) Comprador(a)",
     {"given_name": None, "full_name": "Comprador(a)"}),
    ("order_lines", "Order Number|SKU|Quantity|Wholesale Price|Retail Price", {"unit_price": "Wholesale Price"}),
    ("orders", "Código da transação|Data da transação|Comprador(a)|Valor de compra com impostos|Moeda de compra",
     {"ordered_at": "Data da transação", "amount": "Valor de compra com impostos", "currency": "Moeda de compra"}),
    ("interactions", "Opportunity Name|Contact|Amount|Sales Stage|Date Closed", {"at": "Date Closed"}),
]  # fmt: skip


@pytest.mark.parametrize(("table", "header", "expected"), FURTHER)
def test_columns_of_further_exports(table, header, expected):
    chosen = columns_of(FoundObject("sheet", (), tuple(map(FoundField, header.split("|")))), table)
    assert {name: chosen.get(name) for name in expected} == expected


def test_a_history_of_sales_is_sales():
    assert named("sales_history") == named("Historique des commandes") == "orders"
    assert guess(FoundObject("history", (), (FoundField("Name"), FoundField("Email")))).table == "records"


@pytest.mark.parametrize("word", ["Stornierung", "Cancelación", "Annullamento", "Avbokning", "Annulering"])
def test_a_row_that_cancels_is_cancelled(word):
    assert meaning_of(word) == "cancelled"


def test_the_lira_by_its_former_code():
    assert in_header("Tutar (TL)") == in_header("Tutar (₺)") == "TRY"


def test_what_waits_for_its_payment_is_owed(tmp_path):
    text = (
        "Bestellnummer;Bestelldatum;Zahldatum;Status;Kunde;E-Mail;Gesamtpreis\n"
        "1;14.01.2025;14.01.2025;Versendet;Jutta Wolke;jutta@mail.example;34,80\n"
        "2;25.01.2025;26.01.2025;Versendet;Bert Maus;bert@mail.example;50,00\n"
        "3;26.01.2025;;Bestellt;Otto Beck;otto@mail.example;24,90\n4;27.01.2025;;Storniert;Pia Lund;pia@mail.example;9,90\n"
    )
    found = proposed(project(tmp_path, bestellungen=text))["bestellungen"]
    assert "Bestellt" in fields(found, "orders")["paid"]["sql"] and "Storniert" not in fields(found, "orders")["paid"]["sql"]
    assert any("Zahldatum is empty in 1 row that is Bestellt (24.90 together)" in note for note in found["notes"])


def test_a_deposit_beside_what_is_owed_is_not_all_that_was_paid(tmp_path):
    text = (
        "Invoice #,Client name,Client email,Issued date,Status,Total ($),Balance ($),Deposit ($)\n"
        "1001,Ada Fenn,ada@mail.example,2025-01-14,Paid,106.25,0.00,0.00\n"
        "1002,Otto Beck,otto@mail.example,2025-01-25,Past due,212.50,112.50,100.00\n"
        "1003,Pia Lund,pia@mail.example,2025-01-26,Past due,53.13,53.13,0.00\n"
    )
    orders = fields(proposed(project(tmp_path, invoices=text))["invoices"], "orders")
    assert orders["unpaid"] == {"field": "Balance ($)"} and "paid" not in orders


def test_the_number_of_a_person_is_no_order(tmp_path):
    rows = "".join(
        f"HP{n};{1 + n}/02/2025;Curso;{100 + n},00;Ana Souza;ana{n % 3}@mail.example;529.982.247-2{n % 3}\n" for n in range(6)
    )
    text = "Código da transação;Data da transação;Produto;Valor da compra;Comprador(a);Email;Documento\n" + rows
    orders = fields(proposed(project(tmp_path, vendas=text))["vendas"], "orders")
    assert orders["key"] == {"field": "Código da transação"}


def test_a_list_names_the_customer_and_its_contact(tmp_path):
    text = (
        "Cod.;Denominazione;Indirizzo;Cap;Città;Referente;e-mail\n1;Rossi Maria;Via Roma 1;20121;Milano;;maria@mail.example\n"
        "2;Bianchi Paolo;Via Roma 2;20121;Milano;;paolo@mail.example\n"
        "3;Edilnova S.r.l.;Via Roma 3;20121;Milano;Gallo Sara;a@edil.example\n"
    )
    people = fields(proposed(project(tmp_path, clienti=text))["clienti"], "records")
    assert "Denominazione" in people["full_name"]["sql"] and "Denominazione" in people["organisation"]["sql"]


def test_who_cancelled_is_off_a_list_of_mail_and_only_there(tmp_path):
    rows = "ada@mail.example,Ada,2025-01-14,{}\notto@mail.example,Otto,2025-01-15,cancelled\npia@mail.example,Pia,2025-01-16,{}\n"
    head = "email,first_name,created_at,state\n"
    mail = proposed(project(tmp_path / "1", subscribers=head + rows.format("active", "bounced")))["subscribers"]
    assert any("'cancelled'" in one["where"] for one in mail["maps"] if one["to"] == "consents")
    gym = proposed(project(tmp_path / "2", members=head + rows.format("active", "frozen")))["members"]
    assert not [one for one in gym["maps"] if one["to"] == "consents"]


def test_a_price_is_paid_or_not(tmp_path):
    text = (
        "ID;Name;E-Mail;Anreise;Preis;Preis bezahlt;Typ\n1;Jutta Wolke;jutta@mail.example;14.03.2025;480,00;Ja;Reservierung\n"
        "2;Bert Maus;bert@mail.example;20.03.2025;1.240,50;Nein;Reservierung\n"
        "3;Otto Beck;otto@mail.example;24.03.2025;200,00;Ja;Stornierung\n"
    )
    orders = fields(proposed(project(tmp_path, buchungen=text))["buchungen"], "orders")
    assert "Preis bezahlt" in orders["paid"]["sql"] and "THEN 'cancelled'" in orders["status"]["sql"]


def test_items_beside_one_another_with_their_numbers_and_prices(tmp_path):
    text = (
        "Order No,Date,Customer,Email,Item 1,Qty 1,Price 1,Item 2,Qty 2,Price 2,Shipping,Total\n"
        "1,14/01/2025,Ada Fenn,ada@mail.example,Mug,2,5.00,Lamp,1,20.00,4.00,34.00\n"
        "2,25/01/2025,Otto Beck,otto@mail.example,Mug,1,5.00,,,,4.00,9.00\n"
    )
    found = proposed(project(tmp_path, orders=text))["orders"]
    lines = fields(found, "order_lines")
    assert (lines["quantity"]["field"], lines["unit_price"]) == ("quantity", {"field": "unit_price"})
    each = next(one["each"] for one in found["maps"] if one["to"] == "order_lines")
    assert "Item 2" in each and "Qty 2" in each and fields(found, "orders")["amount"] == {"field": "Total"}


def test_an_amount_inside_an_object_beside_the_items(tmp_path):
    rows = "\n".join(
        f'{{"orderId": "o{n}", "placedAt": "2025-01-{13 + n}", "buyer": {{"name": "Ada Fenn", "email": "ada{n}@mail.example"}}, '
        f'"lines": [{{"sku": "M", "title": "Mug", "qty": 2, "unitPrice": 5.0}}], "totals": {{"grandTotal": {{"amount": "14.00", '
        f'"currency": "EUR"}}, "shipping": {{"amount": "4.00", "currency": "EUR"}}}}}}'
        for n in range(3)
    )
    file = project(tmp_path)
    (tmp_path / "data" / "orders.ndjson").write_text(rows, encoding="utf-8")
    orders = fields(proposed(file)["orders"], "orders")
    assert '"grandTotal"."amount"' in orders["amount"]["sql"] and '"grandTotal"."currency"' in orders["currency"]["sql"]


def test_people_in_a_book_that_is_named_for_invoices(tmp_path):
    text = "Kd-Nr;Name;E-Mail;Telefon;PLZ\n1001;Jutta Wolke;jutta@mail.example;030 2312001;01067\n"
    text += "1002;Bert Maus;bert@mail.example;;10115\n"
    found = proposed(project(tmp_path, Kunden_und_Rechnungen=text))["Kunden_und_Rechnungen"]
    assert [one["to"] for one in found["maps"]] == ["records"] and fields(found, "records")["key"] == {"field": "Kd-Nr"}


def test_a_path_leads_into_an_object_in_a_text():
    rule, columns = FieldRule(field="customer.name"), {"id": "BIGINT", "customer": "VARCHAR"}
    rows = [
        {"customer": json.dumps({"name": "Ada"})},
        {"customer": {"name": "Otto"}},
        {"customer": "no object"},
        {"customer": None},
    ]
    with duckdb.connect() as base:
        base.execute("CREATE TABLE landed (_raw JSON, customer VARCHAR)")
        for row in rows:
            text = row["customer"] if isinstance(row["customer"], str) else json.dumps(row["customer"])
            base.execute("INSERT INTO landed VALUES (?, ?)", [json.dumps(row), text])
        found = base.execute(f"SELECT {text_sql(rule, columns)} FROM landed").fetchall()
    assert found == [("Ada",), ("Otto",), (None,), (None,)]
