"""Customers who are known by a number that only some of the list have; invoices that name the customer, and not always a contact."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from tests.day_one.conftest import bring, money

CONTACTS = """
Voornaam;Achternaam;E-mailadres;Bedrijf;Plaats;Klantnummer
Marieke;Dijk;marieke@vandijk.example;Van Dijk Interieur;Amsterdam;
Sanne;Bakker;sanne@bakker.example;;Utrecht;K102
Henk;Groot;henk@groot.example;;Groningen;K103
Luc;Smet;luc@desmet.example;De Smet Consulting;Antwerpen;
"""
INVOICES = """
Factuurnummer;Factuurdatum;Klantnummer;Klant;Contactpersoon;Totaal incl. btw;Valuta;Openstaand bedrag;Status
2025/001;03-02-2025;K100;Van Dijk Interieur;Marieke Dijk;€ 1.815,00;EUR;€ 0,00;Betaald
2025/002;04-02-2025;K101;De Smet Consulting;Luc Smet;€ 968,00;EUR;€ 468,00;Deels betaald
2025/003;14-02-2025;K102;Sanne Bakker;;€ 121,00;EUR;€ 121,00;Openstaand
2025/004;15-02-2025;K103;Henk Groot;;€ 121,00;EUR;€ 0,00;Betaald
"""


def test_who_has_a_number_is_found_by_it_and_who_has_none_by_the_e_mail(tmp_path):
    view = bring(tmp_path, {"contacten.csv": CONTACTS, "facturen.csv": INVOICES})
    assert view.people == {"Marieke Dijk", "Sanne Bakker", "Henk Groot", "Luc Smet"}
    assert view.emails["Sanne Bakker"] == {"sanne@bakker.example"} and view.emails["Marieke Dijk"] == {"marieke@vandijk.example"}
    assert view.orders["Sanne Bakker"] == dict(zip(["2025/003"], money("121"), strict=True))
    assert view.unpaid["Luc Smet"] == {"EUR": money("468")[0]} and view.spent["Henk Groot"] == {"EUR": money("121")[0]}


def test_the_customer_is_named_where_the_contact_is_empty(tmp_path):
    view = bring(tmp_path, {"facturen.csv": INVOICES})
    assert view.people == {"Marieke Dijk", "Luc Smet", "Sanne Bakker", "Henk Groot"}
