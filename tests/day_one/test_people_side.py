"""Lists of people as help desks, books, schools, clinics and clubs export them: who is a customer, what is a deal, whose is what."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal

import pytest

from fullcircle.mapping.propose.guess import named
from tests.day_one.conftest import bring
from tests.day_one.test_missed import maps_of

FILES = {
    "users.csv": """
id,firstname,lastname,email,phone,roles
1,Rick,Rep,rick@store.example,,Agent
2,Iris,Fenn,iris@example.com,+1 512 555 0111,Customer
3,Otto,Beck,otto@example.com,,Customer
""",
    "relaties.csv": """
Code;Bedrijfsnaam;Voornaam;Achternaam;E-mailadres;Plaats;Soort
001;Tallow BV;Pia;Lund;pia@example.nl;Utrecht;Klant
002;Bolt BV;Sam;Bolt;sam@bolt.example;Zwolle;Leverancier
""",
    "verkoopfacturen.csv": """
Factuurnummer;Factuurdatum;Debiteurcode;Bedrag incl. btw;Status
F1;13-01-2025;001;121,50;Betaald
""",
    "leads.csv": """
ID;Название сделки;Бюджет;Дата создания сделки;Этап сделки;Основной контакт;Рабочий email;Ответственный
771;Поставка;400.50;13.02.2025 10:00:00;Новая;Анна Иванова;anna@work.example;Рик
""",
    "студенты.csv": """
ID;Имя;Фамилия;Рабочий email
S1;Анна;Иванова;anna@work.example
""",
    "patient.csv": """
PatNum,LName,FName,Birthdate,WirelessPhone,HmPhone,is_deleted
0007,Voss,Uma,1980-02-03,+1 512 555 0177,,N
0008,Gone,Ann,1980-02-03,+1 512 555 0178,,Y
""",
    "appointment.csv": """
AptNum,PatNum,AptStatus,AptDateTime,ProvNum,Note
5001,0007,Complete,2025-02-13 09:30:00,3,Check-up
""",
    "teachers.csv": """
Teacher_ID,First_Name,Last_Name,Email_Addr
T1,Ann,Aide,ann@school.example
""",
    "adhesions.csv": """
Référence commande;Date de la commande;Statut de la commande;Nom adhérent;Prénom adhérent;Nom payeur;Prénom payeur;Email payeur;Montant tarif
1001;13/02/2025 10:00;Validé;Petit;Kim;Petit;Zoé;zoe@example.fr;20,50
1002;14/02/2025 10:00;Remboursé;Roux;Luc;Roux;Luc;luc@example.fr;10,00
""",
    "kundfakturor.csv": """
Fakturanr;Fakturadatum;Kundnamn;E-post;Totalt;Makulerad
90;2025-01-13;Eva Ek;eva@example.se;100,00;Nej
91;2025-01-14;Eva Ek;eva@example.se;200,00;Ja
""",
    "subscribers.csv": """
Subscriber,Status,Subscribed,Unsubscribed,Name,Last name
ned@example.com,Unsubscribed,2024-01-05 10:00:00,2024-05-05 10:00:00,Ned,Noon
meg@example.com,Active,2024-01-05 10:00:00,,Meg,Moor
""",
    "kundenliste.csv": """
Kunden-Nr.;Anrede;Vorname;Name;Straße;PLZ;Ort;E-Mail
10001;Frau;Jutta;Wolke;Ahornweg 5;10115;Berlin;jutta@example.de
10002;Herr;Horst;Maus;Ahornweg 6;10115;Berlin;horst@example.de
""",
    "clienti.csv": """
Codice;Denominazione;Indirizzo;CAP;Comune;Telefono;E-mail
00001;Gino Rossi;Via Roma 1;00100;Roma;;gino@example.it
00002;Lia Verdi;Via Roma 2;00100;Roma;;lia@example.it
""",
    "fatture_emesse.csv": """
Numero;Data;Cliente;Totale;Stato
7;13/01/2025;Gino Rossi;1.021,50 €;Pagata
8;14/01/2025;Lia Verdi;10,00 €;Pagata
""",
}  # fmt: skip


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return bring(tmp_path_factory.mktemp("people-side"), FILES)


def test_staff_suppliers_and_teachers_are_not_customers(many):
    expected = {"Iris Fenn", "Otto Beck", "Pia Lund", "Анна Иванова", "Uma Voss", "Zoé Petit", "Luc Roux", "Eva Ek"}
    expected |= {"Kim Petit"}  # for whom Zoé paid
    expected |= {"Ned Noon", "Meg Moor", "Jutta Wolke", "Horst Maus", "Gino Rossi", "Lia Verdi"}
    assert many.people == expected
    assert "1 of 3 rows are staff or suppliers by roles (Agent): they are left out" in many.text
    assert "1 of 2 rows are staff or suppliers by Soort (Leverancier): they are left out" in many.text
    assert many.quarantine == []


def test_invoices_that_only_name_the_customer(many):
    assert many.orders["Gino Rossi"] == {"7": Decimal("1021.50")}
    assert many.cities["Gino Rossi"] == "Roma"


def test_the_time_at_which_somebody_left_is_a_refusal(many):
    assert many.consents["Ned Noon"] == {("email", False)}
    assert many.consents["Meg Moor"] == {("email", True)}  # subscribed at a time, and never left


def test_who_pays_is_the_customer_with_the_own_name(many):
    assert many.emails["Zoé Petit"] == {"zoe@example.fr"}
    assert many.orders["Zoé Petit"] == {"1001": Decimal("20.50")}


def test_invoices_by_the_end_of_a_long_word_and_the_code_of_the_debtor(many):
    assert many.orders["Pia Lund"] == {"F1": Decimal("121.50")}


def test_leads_with_a_budget_are_deals(many):
    assert many.deals["Анна Иванова"] == [Decimal("400.50")]


def test_a_number_leads_to_the_object_whose_key_has_its_name(many):
    assert many.deals["Uma Voss"] == [None]
    assert many.phones["Uma Voss"] == {"+15125550177"}


def test_a_flag_in_another_language_says_that_an_order_was_cancelled(many):
    assert {key: many.statuses[key] for key in ("90", "91", "1002")} == {"90": None, "91": "cancelled", "1002": "refunded"}


@pytest.mark.parametrize(
    ("name", "table"),
    [("Verkoopfacturen", "orders"), ("Kundenrechnungen", "orders"), ("Kundfakturor", "orders"), ("Eingangsrechnungen", ""),
     ("Inkoopfacturen", ""), ("Leverantörsfakturor", ""), ("gifts", "orders"), ("Deals-Grid view", "interactions")],
)  # fmt: skip
def test_the_name_of_a_file_says_what_it_holds(name, table):
    assert named(name) == table


def test_customers_without_anything_personal_are_companies():
    people = "Contact ID,First name,Last name,Email"
    assert set(maps_of(客户="客户编号,客户名称,网址,行业,负责人", contacts=people)) == {"accounts", "records"}
    assert set(maps_of(customers="id,name,industry", contacts=people)) == {"accounts", "records"}
    assert set(maps_of(customers="id,name,industry,email", contacts=people)) == {"records"}
    assert set(maps_of(customers="id,name,industry")) == {"records"}  # nobody else is there
    orders = maps_of(customers="id,name,industry", contacts=people, orders="order_id,customer_id,order_date,total")
    assert orders["orders"]["record_id"]["ref"] == "customers"  # who orders is a customer


def test_leads_with_first_and_last_names_are_people():
    assert "records" in maps_of(leads="Lead ID,First name,Last name,City,Pipeline,Value,Created")


@pytest.mark.parametrize("number", ["1", "2"])
def test_an_address_with_a_number_is_one_address(number):
    parts = ",".join(f"Address {number} - {one}" for one in ("Street", "City", "State", "Zip", "Country"))
    maps = maps_of(people=f"ID,First Name,Last Name,Email 1,{parts}")
    where = maps["records"] if number == "1" else maps["addresses"]
    assert {"street", "city", "region", "postcode", "country"} <= where.keys()
