"""Contacts that name their company, and companies without ids: a name that one company alone has is a link."""

import pytest

CONTACTS = """
{head}
Ilse,Brandt,{first},ilse@a.example
Otto,Kern,{again},otto@b.example
Ada,Tal,Kern & Sohn,ada@c.example
Eva,Roth,Nowhere Ltd,eva@d.example
Pia,Lang,Twin,pia@e.example
Jan,Sommer,,jan@f.example
"""
COMPANIES = """
{head}
{first},Trade,Kiel
Kern und Sohn,Trade,Ulm
Twin,Trade,Leeds
Twin,Trade,York
"""


@pytest.mark.parametrize(
    ("files", "head", "of", "first", "again"),
    [
        (("Contacts", "Companies"), "First Name,Last Name,Company,Email", "Name,Industry,City", "Wind GmbH", "WIND  Gmbh."),
        (("Contacts", "Accounts"), "First Name,Last Name,Account Name,Email", "Account Name,Industry,City", "Möl AG", "Moel AG"),
        (("Kontakte", "Firmen"), "Vorname,Nachname,Firma,E-Mail", "Firmenname,Branche,Ort", "Müller-Lux AG", "Mueller Lux AG"),
        (("Contatti", "Aziende"), "Nome,Cognome,Azienda,Email", "Ragione sociale,Settore,Città", "Vento S.r.l.", "Vento SRL"),
        (("Contacts", "Sociétés"), "Prénom,Nom,Société,Courriel", "Nom,Secteur,Ville", "L'Étoile S.A.", "L’Etoile SA"),
        (("Contactos", "Empresas"), "Nombre,Apellidos,Empresa,Correo", "Nombre,Sector,Ciudad", "Viento S.L.", "Viento SL"),
        (("Contacten", "Bedrijven"), "Voornaam,Achternaam,Bedrijf,E-mail", "Bedrijfsnaam,Branche,Plaats", "Wind B.V.", "Wind BV"),
    ],
)  # fmt: skip
def test_a_company_is_found_by_its_name(day_one, files, head, of, first, again):
    contacts, companies = files
    view = day_one({
        f"{contacts}.csv": CONTACTS.format(head=head, first=first, again=again),
        f"{companies}.csv": COMPANIES.format(head=of, first=first),
    })  # fmt: skip
    assert {name: view.companies.get(name) for name in view.people} == {
        **{"Ilse Brandt": first, "Otto Kern": first, "Ada Tal": "Kern und Sohn"},
        **dict.fromkeys(("Eva Roth", "Pia Lang", "Jan Sommer")),
    }
    assert [text.split(": ", 1)[1] for text in view.said if text.startswith("records.account_id")] == [
        "of 5 names, 1 is of several accounts (1 row) and 1 is of none (1 row): those rows have no link. Which one is meant is "
        "never guessed."
    ]


def test_another_legal_form_is_another_company(day_one):
    contacts = CONTACTS.format(head="First Name,Last Name,Company,Email", first="Müller GmbH", again="Müller AG")
    view = day_one({"Contacts.csv": contacts, "Companies.csv": COMPANIES.format(head="Name,Industry,City", first="Müller GmbH")})
    assert view.companies.get("Ilse Brandt") == "Müller GmbH"
    assert "Otto Kern" not in view.companies
