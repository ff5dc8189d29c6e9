"""`Mitglied`, `Socio`, `Patient` head a column of whole names, of numbers, or of yes and no: the values decide."""

import pytest

NAMES = ("Ilse Brandt", "Otto Kern", "Ada Tal")
MAILS = ("ilse@a.example", "otto@a.example", "ada@a.example")


def _people(file, header, values, mail="E-Mail", name=None):
    head = [header, mail, "City", *([name] if name else [])]
    rows = [
        [value, address, "Ulm", *([whole] if name else [])] for value, address, whole in zip(values, MAILS, NAMES, strict=True)
    ]
    return {file: "\n".join(",".join(row) for row in (head, *rows)) + "\n"}


@pytest.mark.parametrize(
    ("file", "header"),
    [
        ("mitglieder.csv", "Mitglied"), ("members.csv", "Member"), ("socios.csv", "Socio"), ("membres.csv", "Membre"),
        ("kunden.csv", "Kunde"), ("debitoren.csv", "Debitor"), ("klienten.csv", "Klient"), ("clientes.csv", "Cliente"),
        ("patients.csv", "Patient"), ("teilnehmer.csv", "Teilnehmer"), ("inquilini.csv", "Inquilino"),
        ("huurders.csv", "Huurder"),
        ("medlemmer.csv", "Medlem"), ("czlonkowie.csv", "Członek"), ("clenove.csv", "Člen"),
        ("export.csv", "Locataire"),
    ],
)  # fmt: skip
def test_whole_names(day_one, file, header):
    assert day_one(_people(file, header, NAMES)).people == {*NAMES}


def test_a_number_is_no_name(day_one):
    view = day_one(_people("kontakte.csv", "Mitglied", ("1001", "1002", "1003"), name="Name"))
    assert view.people == {*NAMES}
    assert 'full_name = "Mitglied"' not in view.text


@pytest.mark.parametrize("values", [("ja", "nein", "ja"), ("1001", "1002", "1003"), ("M-1", "M-2", "M-3")])
def test_what_is_no_name_names_nobody(day_one, values):
    view = day_one(_people("mitglieder.csv", "Mitglied", values))
    assert view.people == {*MAILS}


def test_orders_name_the_people_of_such_a_list(day_one):
    bills = "Rechnung,Datum,Mitglied,Betrag\nR1,2025-01-02,Otto Kern,60\nR2,2025-01-03,Ilse Brandt,70\nR3,2025-01-04,Ada Tal,5\n"
    view = day_one({**_people("mitglieder.csv", "Mitglied", NAMES), "rechnungen.csv": bills})
    assert {name: [*orders] for name, orders in view.orders.items()} == {
        "Otto Kern": ["R1"],
        "Ilse Brandt": ["R2"],
        "Ada Tal": ["R3"],
    }
    assert view.people == {*NAMES}
