"""Contacts of a CRM who are reached at their company's phone, address or website are people beside the company. Made-up names."""

from __future__ import annotations

CONTACTS = """
Kundennummer;Organisation;Vorname;Nachname;Name;E-Mail;Telefon;Strasse;PLZ;Ort;Land;Webseite
1001;Lamm Holzbau GmbH;;;Lamm Holzbau GmbH;info@lamm.example;030 5550101;Am Tor 1;10115;Berlin;Deutschland;www.lamm.example
1002;Brandt & Söhne KG;;;Brandt & Söhne KG;post@brandt.example;030 5550202;Weg 2;10117;Berlin;Deutschland;www.brandt.example
1003;Kontor Nord GmbH;;;Kontor Nord GmbH;info@kontor.example;030 5550303;Ring 3;20095;Hamburg;Deutschland;www.kontor.example
1004;Lind Maler;;;Lind Maler;bo@lind.example;030 5550606;Ring 9;20095;Hamburg;Deutschland;
1005;;Lea;Lohmann;Lea Lohmann;lea@lohmann.example;0172 5550505;Gasse 4;50667;Köln;Deutschland;
"""
PEOPLE = """
ID;Anrede;Vorname;Nachname;Position;Firma;E-Mail (Büro);Telefon (Büro);Strasse;PLZ;Ort;Land;Homepage
1;Frau;Merle;Ög;Einkauf;Lamm Holzbau GmbH;info@lamm.example;030 5550101;Am Tor 1;10115;Berlin;DE;www.lamm.example
2;Frau;Annika;;Leitung;Brandt & Söhne KG;;030 5550202;Weg 2;10117;Berlin;DE;www.brandt.example
3;Frau;Aoife;Daly;Buchhaltung;Kontor Nord GmbH;aoife@kontor.example;030 5550303;Ring 3;20095;Hamburg;DE;www.kontor.example
4;Herr;Tom;Ohm;;Kontor Nord GmbH;;030 5550303;Ring 3;20095;Hamburg;DE;www.kontor.example
5;Herr;Bo;Lind;;Lind Maler;bo@lind.example;030 5550606;Ring 9;20095;Hamburg;DE;
6;Frau;Ida;Brandt;Verkauf;Brandt & Söhne KG;;030 5550202;Weg 2;10117;Berlin;DE;www.brandt.example
"""
OWNERS = """
ID;Anrede;Vorname;Nachname;Position;Firma;E-Mail (Büro);Telefon (Büro);Strasse;PLZ;Ort;Land;Homepage
1;Frau;Eike;Lamm;Inhaberin;Lamm Holzbau GmbH;info@lamm.example;030 5550101;Am Tor 1;10115;Berlin;DE;www.lamm.example
2;Herr;Bo;Lind;;Lind Maler;bo@lind.example;030 5550606;Ring 9;20095;Hamburg;DE;
"""
OFFERS = "Nr;Datum;Person;Betrag;Status\nA1;02.01.2026;1;400,00;Entwurf\nA2;13.01.2026;3;500,00;Entwurf\n"
COMPANIES = {"Lamm Holzbau GmbH", "Brandt & Söhne KG", "Kontor Nord GmbH", "Lind Maler"}


def test_contacts_at_the_phone_and_address_of_their_company_stay_people(day_one):
    view = day_one({"people.csv": PEOPLE, "contacts.csv": CONTACTS, "angebote.csv": OFFERS})
    people = {"Merle Ög", "Annika", "Aoife Daly", "Tom Ohm", "Ida Brandt", "Lea Lohmann"}
    assert view.people == COMPANIES | people  # a painter of the name of his firm is one customer with it


def test_who_buys_in_a_shop_for_the_company_is_the_account_of_the_company(day_one):
    shop = """
Bestellnummer;Datum;Vorname;Nachname;Firma;E-Mail;Telefon;Strasse;PLZ;Ort;Land;Gesamt;Status
501;02.01.2026;Merle;Ög;Lamm Holzbau GmbH;info@lamm.example;030 5550101;Am Tor 1;10115;Berlin;DE;40,00;Bezahlt
502;13.01.2026;Lea;Lohmann;;lea@lohmann.example;0172 5550505;Gasse 4;50667;Köln;DE;50,00;Bezahlt
"""
    view = day_one({"bestellungen.csv": shop, "contacts.csv": CONTACTS})
    assert view.people == COMPANIES | {"Lea Lohmann"} and set(view.orders["Lamm Holzbau GmbH"]) == {"501"}


def test_the_owner_of_a_company_with_a_legal_form_is_a_person_beside_it(day_one):
    view = day_one({"people.csv": OWNERS, "contacts.csv": CONTACTS})
    assert view.people == COMPANIES | {"Eike Lamm", "Lea Lohmann"}
