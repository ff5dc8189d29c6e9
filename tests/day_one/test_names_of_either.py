"""Address books of companies and people, whose one column of names is called as things are, or by both. Made-up people."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

KONTAKTY = """
ID;Název;Typ;IČ;DIČ;Ulice;Město;PSČ;Jméno kontaktní osoby;E-mail;Telefon
5101;Pekařství U Zvonu s.r.o.;odběratel;27074358;CZ27074358;Dlouhá 15;Praha;110 00;Ludmila Černá;fakturace@uzvonu.example;+420 222 111 001
5102;Tomáš Říha;odběratel;;;Květná 7;Brno;602 00;;tomas.riha@posta.example;+420 603 111 002
5105;Michael Graf;odběratel;;;Ringstraße 2;Wien;1010;;m.graf@graf.example;+43 1 5550105
"""
FAKTURY = """
Číslo;Odběratel;Datum vystavení;Datum splatnosti;Stav;Celkem;Zbývá uhradit;Měna
2025-0001;Pekařství U Zvonu s.r.o.;05.01.2025;19.01.2025;Zaplacená;12 100,00;0,00;CZK
2025-0002;Tomáš Říha;07.02.2025;21.02.2025;Po splatnosti;6 050,00;6 050,00;CZK
2025-0006;Michael Graf;20.02.2025;06.03.2025;Zaplacená;200,00;0,00;EUR
"""
RUBRICA = """
Codice;Ragione sociale / Cognome e nome;Indirizzo;CAP;Città;Codice fiscale;Partita IVA;Email;Cellulare
C001;Conti Giulia;Via Roma 1;10121;Torino;;;giulia.conti@posta.example;3331002001
C002;Cantina Sociale Monferrato Soc. Coop.;Strada Vini 8;14100;Asti;;01234560056;info@cantina.example;
C003;De Luca Chiara;;80121;Napoli;;;chiara.deluca@posta.example;3331002006
C004;Lavanderia Bianchi S.n.c.;Via Po 3;10100;Torino;;02234560056;lava@bianchi.example;
"""


def test_a_column_for_names_of_things_names_customers_in_a_list_of_customers(day_one) -> None:
    view = day_one({"kontakty.csv": KONTAKTY, "faktury.csv": FAKTURY})
    assert view.golden == {
        "Pekařství U Zvonu s.r.o.": "fakturace@uzvonu.example",
        "Tomáš Říha": "tomas.riha@posta.example",
        "Michael Graf": "m.graf@graf.example",
    }
    assert view.spent["Michael Graf"] == {"EUR": Decimal(200)}
    assert view.unpaid == {"Tomáš Říha": {"CZK": Decimal(6050)}}


def test_a_header_of_companies_and_of_people_with_the_family_name_first(day_one) -> None:
    view = day_one({"rubrica.csv": RUBRICA})
    assert view.people == {"Giulia Conti", "Chiara De Luca", "Cantina Sociale Monferrato Soc. Coop.", "Lavanderia Bianchi S.n.c."}
