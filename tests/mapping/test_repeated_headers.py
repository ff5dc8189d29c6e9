"""Two columns with one header, amounts that may be in cents: what is proposed, and what a person is asked. Nobody here exists."""

from __future__ import annotations

import re

import pytest

from fullcircle.connectors.base import FoundObject
from fullcircle.engine.open import open_engine
from fullcircle.mapping.propose.apart_keys import in_all
from fullcircle.mapping.propose.repeated_headers import of_another, twins_of, without_number
from fullcircle.mapping.propose.sample import SHAPES, Facts, Sample
from tests.mapping.test_links import fields, project, proposed

BILLS = (
    "Rechnungsnr;Datum;Kunde;Kunde;E-Mail;Betrag;Betrag\nR1;02.01.2025;1001;Ada Fenn;ada@mail.example;100,00;119,00\n"
    "R2;03.01.2025;1002;Otto Beck;otto@mail.example;50,00;59,50\nR3;04.01.2025;1003;Pia Lund;pia@mail.example;10,00;10,70\n"
    "R4;05.01.2025;1001;Ada Fenn;ada@mail.example;20,00;23,80\n"
)
SENT = (
    "Order,Date,Name,E-Mail,Street,City,Name,E-Mail,Street,City,Total,Total\n"
    "1,2025-01-02,Ada Fenn,ada@mail.example,Rose Lane 1,Leeds,Ada Fenn,ada@mail.example,Rose Lane 1,Leeds,10.00,12.40\n"
    "2,2025-01-03,Otto Beck,otto@mail.example,Hill Road 2,York,Pia Lund,pia@mail.example,Oak Street 9,Bath,20.00,21.00\n"
    "3,2025-01-04,Max Ohm,max@mail.example,Elm Way 3,York,Max Ohm,max@mail.example,Elm Way 3,York,30.00,36.00\n"
)
ALONE = (
    "Order,Date,Name,E-Mail,E-Mail,Total\n1,2025-01-02,Ada Fenn,ada@mail.example,ada@mail.example,10.00\n"
    "2,2025-01-03,Otto Beck,otto@mail.example,pia@mail.example,20.00\n3,2025-01-04,Max Ohm,max@mail.example,,30.00\n"
)
LIST = (
    "Id,Name,Email,Email,City\n1,Ada Fenn,ada@mail.example,ada@work.example,Leeds\n2,Otto Beck,otto@mail.example,,York\n"
    "3,Max Ohm,max@mail.example,,York\n"
)
HEAD = "order_number,created_at,user_name,user_email,currency,{},total\n"
SOLD = (
    "101,2025-01-02T10:00:00Z,Ada Fenn,ada@mail.example,USD,{}\n102,2025-01-03T10:00:00Z,Otto Beck,otto@mail.example,USD,{}\n"
    "103,2025-01-04T10:00:00Z,Pia Lund,pia@mail.example,USD,{}\n"
)


def looks(found):
    return [note for note in found["notes"] if note.startswith("LOOK: ")]


def test_which_columns_have_one_header():
    names = ["Betrag", "betrag_1", "Betrag_2", "Phone_1", "Phone_2", "City", "City_2"]
    assert twins_of(names) == {"Betrag": ["betrag_1", "Betrag_2"]}
    assert without_number("Betrag_2", twins_of(names)) == "Betrag" and without_number("City_2", twins_of(names)) == "City_2"


@pytest.mark.parametrize(
    ("names", "theirs"),
    [
        ("Name|E-Mail|Name_1|E-Mail_1", {"Name_1", "E-Mail_1"}),
        ("Name|Street|City|Phone|Street_1|City_1|Phone_1", set()),  # at home and at work
        ("Name|Email|Email_1|Phone|Phone_1", set()),  # one person has several
        ("Name|Name_1|Total", set()),
    ],
)
def test_what_is_of_another_person(names, theirs):
    assert of_another(names.split("|")) == theirs


def test_of_two_sums_the_one_with_the_tax_and_of_two_customers_the_name(tmp_path):
    found = proposed(project(tmp_path, rechnungen=BILLS))["rechnungen"]
    assert fields(found, "orders")["amount"] == {"field": "Betrag_1"}
    assert fields(found, "records")["full_name"] == {"field": "Kunde_1"}
    assert any("Betrag_1 (213.00 together) is read; Betrag (180.00 together) is not" in note for note in looks(found))


def test_a_second_block_is_of_who_receives(tmp_path):
    found = proposed(project(tmp_path, orders=SENT))["orders"]
    assert fields(found, "orders")["amount"] == {"field": "Total"}
    assert not [one for one in found["maps"] if one["to"] == "identifiers"]
    said = "\n".join(looks(found))
    assert "Total (60.00 together) is read; Total_1 (69.40 together) is not, and differs in 3 rows" in said
    assert "E-Mail is read; E-Mail_1 is not, and differs in 1 row. It is taken for what is of another person" in said


def test_a_second_e_mail_on_an_order_need_not_be_the_buyers_and_in_a_list_it_is(tmp_path):
    found = proposed(project(tmp_path / "1", orders=ALONE))["orders"]
    assert not [one for one in found["maps"] if one["to"] == "identifiers"]
    assert any("E-Mail_1 is not, and differs in 1 row" in note for note in looks(found))
    found = proposed(project(tmp_path / "2", contacts=LIST))["contacts"]
    assert [one["fields"]["value"] for one in found["maps"] if one["to"] == "identifiers"] == [{"field": "Email_1"}]
    assert not looks(found)


def test_whole_numbers_that_look_like_prices_without_a_point(tmp_path):
    text = HEAD.format("subtotal,tax") + SOLD.format("2900,0,2900", "4900,490,5390", "1999,0,1999")
    found = proposed(project(tmp_path, orders=text))["orders"]
    assert fields(found, "orders")["amount"] == {"field": "total"}
    assert any("total (10,289 together) is read as it is, but may be in cents" in note for note in looks(found))
    assert any("amount = { sql = 'CAST(\"total\" AS BIGINT) * 0.01' }" in note for note in looks(found))


def test_amounts_beside_columns_in_cents(tmp_path):
    text = HEAD.format("subtotal_cents,tax_cents") + SOLD.format("2900,0,2900", "4900,490,5390", "2000,0,2000")
    found = proposed(project(tmp_path / "1", orders=text))["orders"]
    assert "* 0.01" in fields(found, "orders")["amount"]["sql"]
    assert "total is in cents: it is subtotal_cents and tax_cents" in found["evidence"]
    text = HEAD.format("fee_cents") + SOLD.format("290,29", "490,53", "200,20")
    found = proposed(project(tmp_path / "2", orders=text))["orders"]
    assert any("may be in cents: fee_cents beside it is" in note for note in looks(found))


@pytest.mark.parametrize("sums", [("100", "250", "1200"), ("2900.00", "4900.00", "1999.00"), ("29", "49", "19")])
def test_whole_amounts_are_not_doubted_without_a_sign(tmp_path, sums):
    text = HEAD.format("note") + SOLD.format(*(f"a,{one}" for one in sums))
    assert not looks(proposed(project(tmp_path, orders=text))["orders"])


@pytest.mark.parametrize("text", ["1'234.50", "1’234,50", "12’100.–", "Fr. 12’100.–", "SFr. 1'200.--", "CHF 1’200.00"])
def test_swiss_sums_are_seen_as_numbers(text):
    assert re.fullmatch(SHAPES["number"], text)


def test_what_counts_nowhere_is_said_where_as_much_was_paid_out():
    engine = open_engine(memory="1GB")
    engine.run("CREATE TABLE rows_of AS SELECT unnest(['100.00', '50.00', '-150.00']) AS a")
    sample = Sample("files", FoundObject("transactions"), "rows_of", 3, True, {"a": Facts(3, 3, 7, number=1)})
    assert "150.00 in a, of which as much is taken back, counts nowhere" in in_all(engine, sample, "a")
    engine.close()
