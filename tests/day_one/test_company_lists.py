"""A list of companies beside a list of people: a company is a customer, and its invoices meet it."""

from __future__ import annotations

from decimal import Decimal

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.day_one.conftest import STAGES, proposed, put

COMPANIES = """
ID;Nazwa firmy;NIP;Ulica;Kod pocztowy;Miejscowość;Kraj;Telefon;E-mail;Opiekun
101;Drukarnia Kora Sp. z o.o.;5252344078;ul. Prosta 14;00-850;Warszawa;Polska;+48 22 555 01 10;biuro@kora.example;Ola Rud
102;Piekarnia Tal s.c.;6762481035;ul. Długa 7;31-147;Kraków;Polska;12 555 02 20;zamowienia@tal.example;Ola Rud
103;Mazurska Żegluga Berg;7393921146;ul. Portowa 2;11-500;Giżycko;Polska;87 555 03 30;;Ola Rud
"""
PEOPLE = """
ID;Imię;Nazwisko;Firma;E-mail;Telefon
201;Ada;Tal;Drukarnia Kora Sp. z o.o.;a.tal@kora.example;601555101
202;Bo;Ek;Piekarnia Tal s.c.;bo@ek.example;603555103
203;Cy;Berg;Mazurska Żegluga Berg;cy@berg.example;603555104
"""
INVOICES = """
Numer;Data sprzedaży;Nabywca;NIP nabywcy;E-mail nabywcy;Wartość brutto;Waluta;Status
FV1;2025-01-08;Drukarnia Kora Sp. z o.o.;5252344078;biuro@kora.example;1476,00;PLN;Opłacona
FV2;2025-01-10;Piekarnia Tal s.c. B. Ek;PL6762481035;zamowienia@tal.example;431,12;PLN;Opłacona
FV3;2025-02-03;Mazurska Żegluga Berg;PL7393921146;;2460,00;PLN;Opłacona
FV4;2025-02-04;Lena Dom;;lena@dom.example;10,00;PLN;Opłacona
"""


def test_the_companies_of_a_list_are_customers_whom_their_invoices_meet(tmp_path):
    put(tmp_path, {"firmy.csv": COMPANIES, "osoby.csv": PEOPLE, "faktury.csv": INVOICES})
    config = proposed(tmp_path)
    with open_desk(read_config(config), progress=Silent()) as desk:
        run(desk, Choice(only=STAGES))
        people = dict(desk.engine.rows("SELECT name, kind FROM customers"))
        sums = dict(
            desk.engine.rows(
                "SELECT r.key, sum(o.amount) FROM orders o JOIN members m USING (record_id) JOIN members n USING (customer_id) "
                "JOIN records r ON r.record_id = n.record_id AND r.object = 'firmy' GROUP BY 1"
            )
        )
        accounts = dict(desk.engine.rows("SELECT c.name, a.name FROM customers c JOIN accounts a USING (account_id)"))
    assert sums == {"101": Decimal(1476), "102": Decimal("431.12"), "103": Decimal(2460)}
    assert people["Mazurska Żegluga Berg"] == people["Drukarnia Kora Sp. z o.o."] == "organisation" and len(people) == 7
    assert people["Ada Tal"] == people["Lena Dom"] == "person"
    assert accounts["Ada Tal"] == accounts["Drukarnia Kora Sp. z o.o."] == "Drukarnia Kora Sp. z o.o."
