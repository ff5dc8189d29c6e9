"""Invoices that name their order, beside it, and credit notes that name the invoice or the order again. Nobody here exists."""

from __future__ import annotations

import pytest

from .conftest import bring, money

ORDERS = """
Numéro;Date;Client;Email;Montant TTC;Devise;Statut
BC-26-01;05/01/2026;Ana Kerlo;ana.kerlo@courriel.example;179,00;EUR;Validé
BC-26-02;07/01/2026;Loïc Braz;loic.braz@courriel.example;984,00;EUR;Validé
BC-26-03;12/02/2026;Eva Morin;eva.morin@courriel.example;4 080,00;EUR;Validé
BC-26-04;13/02/2026;Paul Stéphan;paul.stephan@courriel.example;110,00;EUR;Validé
"""
INVOICES = """
Numéro;Type;Date;Client;Email;Document lié;Montant TTC;Devise;Statut;Montant réglé;Reste à payer
FA-26-01;Facture;06/01/2026;Ana Kerlo;ana.kerlo@courriel.example;BC-26-01;179,00;EUR;Réglée;179,00;0,00
FA-26-02;Facture;08/01/2026;Loïc Braz;loic.braz@courriel.example;BC-26-02;984,00;EUR;En retard;0,00;984,00
AV-26-01;Avoir;20/01/2026;Ana Kerlo;ana.kerlo@courriel.example;FA-26-01;-179,00;EUR;Remboursé;-179,00;0,00
FA-26-03;Facture;13/02/2026;Eva Morin;eva.morin@courriel.example;BC-26-03;4 080,00;EUR;Partiellement réglée;2 000,00;2 080,00
FA-26-04;Facture;14/02/2026;Paul Stéphan;paul.stephan@courriel.example;BC-26-04;110,00;EUR;Annulée;0,00;0,00
FA-26-05;Facture;15/02/2026;Paul Stéphan;paul.stephan@courriel.example;;30,00;EUR;Réglée;30,00;0,00
"""
SHOP = """
Bestellnummer;Bestelldatum;Käufer;E-Mail;Gesamt;Status
BB-301;02.03.2026;Ute Klamm;ute.klamm@post.example;31,60;Versendet
BB-302;03.03.2026;Veit Rohn;veit.rohn@post.example;54,90;Retoure
BB-303;04.03.2026;Ina Dorn;ina.dorn@post.example;49,40;Versendet
BB-304;05.03.2026;Max Ahl;max.ahl@post.example;19,60;Versendet
"""
PAPERS = """
Dokumentnummer;Dokumententyp;Datum;Status;Name;E-Mail;Bestellnummer;Referenzdokument;Betrag brutto;Offener Betrag
R-501;Rechnung;02.03.2026;bezahlt;Ute Klamm;ute.klamm@post.example;BB-301;;31,60;0,00
R-502;Rechnung;03.03.2026;bezahlt;Veit Rohn;veit.rohn@post.example;BB-302;;54,90;0,00
G-061;Gutschrift;06.03.2026;ausgezahlt;Veit Rohn;veit.rohn@post.example;BB-302;R-502;-54,90;0,00
R-503;Rechnung;04.03.2026;bezahlt;Ina Dorn;ina.dorn@post.example;BB-303;;49,40;0,00
G-062;Gutschrift;09.03.2026;ausgezahlt;Ina Dorn;ina.dorn@post.example;BB-303;R-503;-8,90;0,00
R-504;Rechnung;05.03.2026;überfällig;Max Ahl;max.ahl@post.example;BB-304;;19,60;19,60
R-505;Rechnung;10.03.2026;bezahlt;Tom Behr;tom.behr@post.example;;;250,00;0,00
"""


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    files = {"commandes.csv": ORDERS, "factures.csv": INVOICES, "bestellungen.csv": SHOP, "dokumente.csv": PAPERS}
    return bring(tmp_path_factory.mktemp("bills"), files)


@pytest.mark.parametrize(
    ("name", "spent", "owed"),
    [
        ("Ana Kerlo", "0.00", ""),
        ("Loïc Braz", "0.00", "984.00"),
        ("Eva Morin", "2000.00", "2080.00"),
        ("Paul Stéphan", "140.00", ""),
        ("Ute Klamm", "31.60", ""),
        ("Veit Rohn", "0.00", ""),
        ("Ina Dorn", "40.50", ""),
        ("Max Ahl", "0.00", "19.60"),
        ("Tom Behr", "250.00", ""),
    ],
)
def test_an_order_and_its_invoice_count_once(view, name, spent, owed):
    assert sum(view.spent.get(name, {}).values()) == money(spent)[0]
    assert [*view.unpaid.get(name, {}).values()] == (money(owed) if owed else [])


def test_an_order_whose_invoice_was_cancelled_is_said(view):
    said = "of 1 order (110.00 EUR together) every invoice that is there was cancelled, but the order itself was not"
    assert any(said in one for one in view.said)
