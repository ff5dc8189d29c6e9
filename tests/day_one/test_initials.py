"""Buyers who are known only by an initial and a family name."""

from __future__ import annotations

PEOPLE = """
ID;Prénom;Nom;Adresse e-mail
11;Ada;Tal;ada@tal.example
12;Bo;Ek;bo@ek.example
13;Britt;Ek;britt@ek.example
14;Élie;Dom;elie@dom.example
"""
ORDERS = """
ID;Référence;Client;Total;État;Date
1;AAA;A. Tal;61,40 €;Livré;01/02/2025 11:20:05
2;BBB;A. Tal;25,00 €;Livré;02/03/2025 12:20:05
3;CCC;B. Ek;40,00 €;Livré;03/04/2025 13:20:05
4;DDD;E. Dom;42,00 €;Livré;04/05/2025 14:20:05
5;EEE;Z. Rud;42,00 €;Livré;05/05/2025 14:20:05
"""


def test_an_initial_and_a_family_name_are_no_person(suggested):
    suggested({"clients.csv": PEOPLE, "commandes.csv": ORDERS})
    assert "Client distinguishes them" not in suggested.text
    said = "LOOK: Client: 4 of 4 names are an initial and a family name only: these cannot meet other records, and may be several"
    assert said in suggested.text
    assert "2 of these names are of exactly one person, 1 of several" in suggested.text


def test_whole_names_distinguish_people(suggested):
    suggested(
        {"commandes.csv": ORDERS.replace("A. ", "Ada ").replace("B. ", "Bo ").replace("E. ", "Eva ").replace("Z. ", "Zoé ")}
    )
    assert "an initial and a family name" not in suggested.text
