"""A row that its source has archived or closed stays, but what it says of a person gives way to a row in use."""

import pytest

CRM = """
id,first_name,last_name,email,phone,city,{header},updated_at
1,Ilse,Brandt,ilse.old@example.com,+49 30 1234567,Kiel,{gone},2026-05-01
2,Ilse,Brandt,ilse@example.com,+49 30 7654321,Bonn,{here},2024-01-01
3,Otto,Kern,otto@example.com,+49 30 1111111,Ulm,{gone},2025-01-01
4,Lena,Falk,lena@example.com,+49 30 2222222,Jena,{here},2025-01-01
"""
SHOP = """
customer_id,first_name,last_name,email,phone,tax_number
A1,Ilse,Brandt,ilse@example.com,+49 30 1234567,
"""


@pytest.mark.parametrize(
    ("header", "gone", "here"),
    [
        ("Archiviert", "ja", "nein"), ("archived_at", "2026-05-01", ""), ("Status", "Inaktiv", "Aktiv"),
        ("Statut", "archivé", "actif"), ("Geschlossen am", "01.05.2026", ""), ("Obsolete", "Yes", "No"),
        ("Estado", "Cerrado", "Activo"), ("Fecha de baja", "2026-05-01", ""), ("Aktiv", "nej", "ja"), ("Closed", "TRUE", "FALSE"),
        ("Status", "Closed", "Open"), ("Account Status", "Obsolete", "Current"),
    ],
)  # fmt: skip
def test_what_an_archived_row_says_comes_last(day_one, header, gone, here):
    view = day_one({"contacts.csv": CRM.format(header=header, gone=gone, here=here), "shop_customers.csv": SHOP})
    assert view.people == {"Ilse Brandt", "Otto Kern", "Lena Falk"}
    assert (view.cities["Ilse Brandt"], view.cities["Otto Kern"]) == ("Bonn", "Ulm")
    assert view.golden["Ilse Brandt"] == "ilse@example.com"
    assert f"LOOK: {header} says of 2 of 4 rows" in view.text
    assert "retired = " in view.text


BAJA = """
ID,Nombre,Apellidos,Email,{header}
1,Ana,Ruiz,ana@ruiz.example,No
2,Luis,Gil,luis@gil.example,Sí
3,Eva,Sanz,eva@sanz.example,No
"""


@pytest.mark.parametrize("header", ["Baja", "Dado de baja"])
def test_who_left_as_a_customer_is_retired_and_refused_no_mail_by_that_alone(day_one, header):
    view = day_one({"clientes.csv": BAJA.format(header=header)})
    assert not view.consents and f'retired = "{header}"' in view.text


def test_who_left_a_list_of_mail_refused(day_one):
    view = day_one({"suscriptores.csv": BAJA.format(header="Baja")})
    assert view.consents == {"Luis Gil": {("email", False)}} and "retired =" not in view.text


def test_who_left_as_a_customer_gets_no_newsletter_either(day_one):
    rows = BAJA.format(header="Baja,Newsletter").replace(",No\n", ",No,No\n").replace(",Sí\n", ",Sí,Sí\n")
    view = day_one({"clientes.csv": rows})
    assert 'retired = "Baja"' in view.text and ("email", False) in view.consents["Luis Gil"]
