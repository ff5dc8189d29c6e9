"""One list of customers and suppliers, with a column of yes and no for each of the two. Made-up people."""

RUBRICA = """
Codice;Ragione sociale;Città;Email;Telefono;Cliente;Fornitore
C001;Cantina Monferrato S.r.l.;Asti;info@cantina.example;0141 555 002;Sì;No
C002;Lavanderia Bianchi S.n.c.;Torino;lava@bianchi.example;011 555 004;No;Sì
C003;Tipografia Rossi S.r.l.;Torino;info@rossi.example;011 555 005;Sì;Sì
"""
ADRESAR = """
Kód;Název firmy;Město;E-mail;Odběratel;Dodavatel
1;Pekařství Zvon s.r.o.;Praha;info@zvon.example;Ano;Ne
2;Papír Hora s.r.o.;Brno;info@hora.example;Ne;Ano
"""


def test_a_supplier_is_no_customer_and_who_is_both_is_one(day_one) -> None:
    assert day_one({"rubrica.csv": RUBRICA}).people == {"Cantina Monferrato S.r.l.", "Tipografia Rossi S.r.l."}


def test_suppliers_in_a_czech_address_book(day_one) -> None:
    assert day_one({"adresar.csv": ADRESAR}).people == {"Pekařství Zvon s.r.o."}
