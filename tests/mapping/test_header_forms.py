"""Other forms of a column's name that mean the same: written out, run together, compounds, whose they are. Nobody here exists."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.gist import aliases, forms
from fullcircle.mapping.propose.guess import columns_of, named
from fullcircle.mapping.propose.words import neighbours_speak, plain, spoken
from tests.properties import examples


def found(name: str, header: str) -> FoundObject:
    return FoundObject(name, (), tuple(FoundField(each) for each in header.split("|")))


@pytest.mark.parametrize(
    ("table", "header", "expected"),
    [
        ("records", "CUST_FST_NM|CUST_LST_NM|CUST_BRTH_DT|CELL_PHN_NO|CTY_NM|ST_CD",
         {"given_name": "CUST_FST_NM", "family_name": "CUST_LST_NM", "birth_date": "CUST_BRTH_DT", "phone": "CELL_PHN_NO",
          "city": "CTY_NM", "region": "ST_CD"}),
        ("records", "PaxFirstName|PaxLastName|PaxDOB|PaxMobilePhone",
         {"given_name": "PaxFirstName", "family_name": "PaxLastName", "birth_date": "PaxDOB", "phone": "PaxMobilePhone"}),
        ("records", "Kd.-Nr.|Geb.-Dat.|Str./Hausnr.|Mobilfunknr.|Straße",
         {"birth_date": "Geb.-Dat.", "phone": "Mobilfunknr.", "street": "Straße"}),
        ("records", "Hasta Adı|Hasta Soyadı|Doğum Tar.|Cep Tel",
         {"given_name": "Hasta Adı", "family_name": "Hasta Soyadı", "birth_date": "Doğum Tar.", "phone": "Cep Tel"}),
        ("records", "CD_CLIENTE|NM_CLIENTE|DT_NASCIMENTO|DS_EMAIL|NR_CELULAR|DS_ENDERECO|NM_CIDADE|NR_CEP",
         {"full_name": "NM_CLIENTE", "email": "DS_EMAIL", "phone": "NR_CELULAR", "street": "DS_ENDERECO", "city": "NM_CIDADE",
          "postcode": "NR_CEP"}),
        ("records", "BuyerFirst|BuyerLast|BuyerAddress|CoBuyerFirst|CoBuyerLast",
         {"given_name": "BuyerFirst", "family_name": "BuyerLast", "street": "BuyerAddress"}),
        ("records", "Nr najemcy|Imię najemcy|Nazwisko najemcy|Tel. kom.|Ulica i nr domu",
         {"given_name": "Imię najemcy", "family_name": "Nazwisko najemcy", "phone": "Tel. kom.", "street": "Ulica i nr domu"}),
        ("orders", "Auftragsnr.|Auftragsdatum|Kunde|Straße|Auftragssumme (EUR)",
         {"ordered_at": "Auftragsdatum", "amount": "Auftragssumme (EUR)"}),
        ("orders", "Nr umowy|Nr najemcy|Data zawarcia umowy|Data zwrotu|Kwota umowy|Status umowy|Imię najemcy",
         {"ordered_at": "Data zawarcia umowy", "amount": "Kwota umowy", "status": "Status umowy"}),
        ("orders", "RecordLocator|CreateDateTime|BaseFare|Taxes|TotalFare|CurrencyCode",
         {"ordered_at": "CreateDateTime", "amount": "TotalFare", "currency": "CurrencyCode"}),
        ("orders", "id|placed_at|total_cents|currency_iso", {"ordered_at": "placed_at", "amount": "total_cents"}),
        ("orders", "Laskun nro|Laskutuspvm|Summa (€)|Tila|Eräpäivä", {"ordered_at": "Laskutuspvm", "amount": "Summa (€)"}),
    ],
)  # fmt: skip
def test_forms_of_headers(table, header, expected):
    chosen = columns_of(found("sheet", header), table)
    assert {name: chosen.get(name) for name in expected} == expected


def test_two_unknown_people_are_nobody_rather_than_the_wrong_one():
    chosen = columns_of(found("sheet", "PaxFirstName|PaxLastName|EscortFirstName|EscortLastName"), "records")
    assert chosen.get("given_name") != "EscortFirstName"
    header = "Foo First Name|Foo Last Name|Bar First Name|Bar Last Name"
    assert not {"given_name", "family_name"} & columns_of(found("sheet", header), "records").keys()


def test_who_receives_is_not_who_buys():
    header = (
        "Voornaam factuuradres|Achternaam factuuradres|Voornaam verzendadres|Achternaam verzendadres|E-mail koper|Besteldatum"
    )
    chosen = columns_of(found("bestellingen", header), "records")
    assert (chosen["given_name"], chosen["family_name"]) == ("Voornaam factuuradres", "Achternaam factuuradres")


def test_two_columns_that_come_down_to_the_same_are_neither():
    names = {plain(each): each for each in ("Opened Date UTC", "Opened Date Local")}
    assert not {"opened_date", "opened_at"} & aliases(names, "orders", ()).keys()


def test_a_short_word_of_one_language_is_not_read_in_another():
    """`cep` is a phone in Turkish and a postcode in Portuguese."""
    assert "phone" not in columns_of(found("people", "Name|NR_CEP"), "records")


def test_an_object_that_shows_no_language_speaks_that_of_its_neighbours():
    ours, theirs = ("scontrini", ("N.", "Tot.")), ("clienti", ("Cognome", "Nome", "Località"))
    assert spoken(*theirs) == ("it",) and spoken(*ours) == ()
    with neighbours_speak({ours: spoken(*theirs)}):
        assert spoken(*ours) == ("it",)
    assert spoken(*ours) == ()


@pytest.mark.parametrize(
    ("name", "table"),
    [("CARD_TXN", "orders"), ("Sales Invoice Header", "orders"), ("invoices_summary", "orders"), ("bokningar", "orders"),
     ("polissen", "orders"), ("tickets", "tickets"), ("Auftragsliste", "orders")],
)  # fmt: skip
def test_names_of_files(name, table):
    assert named(name) == table


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Kd.-Nr.", "kd_nr"),
        ("dbo.Orders", "orders"),
        ("# de venta", "venta"),
        ("Order #", "order"),
        ("#", "no"),
        ("Rec'd", "recd"),
    ],
)
def test_plain_names(written, same):
    assert plain(written) == same


@given(
    st.text(max_size=30),
    st.sampled_from(("records", "orders", "order_lines", "tickets")),
    st.sampled_from(((), ("de",), ("ja",), ("pl", "cs"))),
)
@settings(max_examples=examples(100))
def test_forms_are_found_for_any_text_and_are_never_the_name_itself(text, table, here):
    name = plain(text)
    assert name not in forms(name, table, here)
    assert all(one for one in forms(name, table, here))


def test_a_word_is_begun_only_where_it_is_cut_within_and_a_shared_beginning_says_whose():
    assert "ordered_at" not in columns_of(found("Bestellungen", "Bestellung|Kunde|Gesamtbetrag"), "orders")
    assert "ονομασια" not in forms("ονομα", "products", ("el",))  # a name, which the word for a product begins with
    assert "city" not in columns_of(found("sheet", "shopname|shopcity|shopzip|shopphone|email"), "records")
    assert columns_of(found("sheet", "ccity|czip|cphone|cemail|cstreet"), "records")["city"] == "ccity"
    header = "Status (order)|Date (order)|Total (order)|Name (first)|Name (last)"
    assert columns_of(found("sheet", header), "records")["given_name"] == "Name (first)"
    assert "order_id" not in columns_of(found("sheet", header), "order_lines")
