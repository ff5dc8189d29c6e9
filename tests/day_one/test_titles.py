"""What a shop says beside the key: the order number that customers see, how they are addressed, and what partners may send."""

from __future__ import annotations

import pytest

from tests.day_one.conftest import Suggested, bring

CLIENTS = """
ID;Titre;Prénom;Nom;Adresse e-mail;Activé;Newsletter;Offres partenaires
11;Mme;Ada;Tal;ada@tal.example;1;1;0
12;M.;Bo;Berg;bo@berg.example;1;1;1
13;Mme;Cy;Dorn;cy@dorn.example;1;0;0
"""


def test_partners_are_a_consent_of_their_own(tmp_path):
    view = bring(tmp_path, {"clients.csv": CLIENTS})
    assert view.consents["Ada Tal"] == {("newsletter", True), ("partner_offers", False)}
    assert view.consents["Bo Berg"] == {("newsletter", True), ("partner_offers", True)}
    assert 'gender = "Titre"' in view.text


@pytest.mark.parametrize(("title", "values", "read"), [
    ("Title", ("Mr", "Mrs", "Ms"), True), ("Anrede", ("Herr", "Frau", "Frau"), True), ("Aanhef", ("Dhr.", "Mevr.", "Dhr."), True),
    ("Title", ("Director", "Buyer", "Buyer"), False), ("Titel", ("Dr.", "Prof.", "Dr."), False),
])  # fmt: skip
def test_a_title_says_the_gender_where_its_values_do(suggested: Suggested, title, values, read):
    rows = "".join(f"{n};Ada{n};Tal;a{n}@tal.example;{value}\n" for n, value in enumerate(values, 1))
    suggested({"kunden.csv": f"id;first name;last name;email;{title}\n{rows}"})
    assert ("gender = " in suggested.text) == read


@pytest.mark.parametrize(("header", "values"), [
    ("Référence", ("XKBKNABJK", "OHSATSERP", "QWZUTSERA")),
    ("ordernumber", ("20101", "20102", "20103")), ("Reference", ("A-1", "A-2", "A-3")),
])  # fmt: skip
def test_the_number_that_customers_see_is_kept_beside_the_key(suggested: Suggested, header, values):
    rows = "".join(f"{n};{value};Ada Tal;ada@tal.example;10.00;2025-01-0{n}\n" for n, value in enumerate(values, 1))
    suggested({"orders.csv": f"orderID;{header};Customer;Email;Total;Order date\n{rows}"})
    assert f'number = "{header}"' in suggested.text
