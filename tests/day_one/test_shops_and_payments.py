"""Shops with lists of payments, returns and tickets beside them: no sale counts twice, and nothing goes to another customer."""

from __future__ import annotations

from decimal import Decimal

import pytest

ORDERS = """
Nr zamówienia;Data złożenia;Status;Imię i nazwisko;E-mail;Telefon;Zapłacono;Waluta;Wartość zamówienia
70110021;12.03.2026 09:10;Wysłane;Katarzyna Wójcik;k.wojcik@example.com;601 100 201;139,97;PLN;139,97
70110022;13.03.2026 11:20;Dostarczone;Paweł Zieliński;pawel@example.com;601 100 202;54,98;PLN;54,98
70110025;18.03.2026 12:12;Dostarczone;Zofia Mazur;zofia@example.com;601 100 204;84,99;PLN;84,99
70110028;25.03.2026 21:30;Nieopłacone;Ewa Sikora;ewa@example.com;601 100 206;0,00;PLN;54,99
"""
PAYMENTS = """
Data utworzenia;Id transakcji;Id zamówienia sklepu;Typ operacji;Status;Kwota;Waluta;E-mail klienta;Imię;Nazwisko
2026-03-12 09:11:02;73800111;70110021;Wpłata;Zakończona;139,97;PLN;k.wojcik@example.com;Katarzyna;Wójcik
2026-03-13 11:21:02;73800112;70110022;Wpłata;Zakończona;54,98;PLN;pawel@example.com;Paweł;Zieliński
2026-03-18 12:13:02;73800114;70110025;Wpłata;Zakończona;84,99;PLN;zofia@example.com;Zofia;Mazur
2026-03-21 10:00:00;73800115;70110022;Zwrot;Zakończona;-39,99;PLN;pawel@example.com;Paweł;Zieliński
2026-03-25 21:31:00;73800117;70110028;Wpłata;Oczekująca;54,99;PLN;ewa@example.com;Ewa;Sikora
"""
RETURNS = """
Nr zwrotu;Nr zamówienia;Data zwrotu;Status zwrotu;Klient;E-mail;Produkt;SKU;Ilość;Cena brutto;Kwota zwrotu;Waluta
Z/12;70110022;20.03.2026;Zakończony;Paweł Zieliński;pawel@example.com;Sencha;SEN;1;39,99;39,99;PLN
Z/13;70110025;28.03.2026;Odrzucony;Zofia Mazur;zofia@example.com;Matcha;MAT;1;70,00;0,00;PLN
"""


def spent(view):
    return {who: sum(each.values()) for who, each in view.spent.items()}


def test_payments_with_decimal_commas_are_the_sales_of_the_shop(day_one):
    view = day_one({"zamowienia.csv": ORDERS, "payu_transakcje.csv": PAYMENTS, "zwroty.csv": RETURNS})
    assert spent(view) == {
        "Katarzyna Wójcik": Decimal("139.97"), "Paweł Zieliński": Decimal("14.99"), "Zofia Mazur": Decimal("84.99"),
        "Ewa Sikora": 0,
    }  # fmt: skip
    assert view.unpaid == {"Ewa Sikora": {"PLN": Decimal("54.99")}}


def test_what_was_given_back_goes_before_the_price_of_what_came_back(day_one):
    view = day_one({"zamowienia.csv": ORDERS, "zwroty.csv": RETURNS})
    assert spent(view)["Paweł Zieliński"] == Decimal("14.99")
    assert spent(view)["Zofia Mazur"] == Decimal("84.99"), "a return that was refused gives nothing back"
    assert view.statuses["Z/13"] == "cancelled"


def test_a_state_of_payment_in_swedish(day_one):
    rows = """
Ordernummer;Orderdatum;Orderstatus;Förnamn;Efternamn;E-postadress;Valuta;Orderbelopp inkl. moms;Betalsätt;Betalstatus
20461;2026-05-04;Levererad;Åsa;Lindberg;asa@example.com;SEK;1348,00;Klarna;Betald
20463;2026-05-07;Makulerad;Maja;Nyström;maja@example.com;SEK;499,00;Swish;Ej betald
20464;2026-05-11;Skickad;Erik;Dahl;erik@example.com;SEK;6250,00;Faktura;Ej betald
20468;2026-06-01;Returnerad;Nils;Wallin;nils@example.com;SEK;999,00;Klarna;Återbetald
"""
    view = day_one({"ordrar.csv": rows})
    assert view.unpaid == {"Erik Dahl": {"SEK": Decimal(6250)}}
    assert sum(spent(view).values()) == 1348
    assert view.statuses["20463"] == "cancelled"


TICKETS = """
Ticket ID,Subject,Customer name,Customer email,Assignee name,Creation date,Number of agent messages,Number of customer messages
88120011,Where is my kit?,Owen Blythe,owen@example.com,Tamsin Reed,2026-08-10 09:00:00,2,2
88120012,Wrong colour,Siobhan Dowd,siobhan@example.com,Tamsin Reed,2026-08-18 12:00:00,1,3
88120013,Refund,Dev Anand,dev@example.com,Joss Reed,2026-08-24 07:30:00,1,1
88120014,Wholesale?,Ruth Calloway,ruth@example.com,,2026-09-06 08:00:00,0,1
"""
ASKED = {
    "Owen Blythe": ["Where is my kit?"], "Siobhan Dowd": ["Wrong colour"], "Dev Anand": ["Refund"],
    "Ruth Calloway": ["Wholesale?"],
}  # fmt: skip


def test_a_number_of_messages_points_to_nobody(day_one):
    people = "id,name,email\n1,Hannah Pryce,hannah@example.com\n2,Bo Lind,bo@example.com\n3,Kofi Mensah,kofi@example.com\n"
    view = day_one({"tickets.csv": TICKETS, "customers.csv": people})
    assert view.tickets == ASKED
    assert view.people == {*ASKED, "Hannah Pryce", "Bo Lind", "Kofi Mensah"}


def test_people_in_json_beside_tickets(day_one):
    people = [
        f'{{"id":"{n}","attributes":{{"user_name":"{name}","user_email":"{name.split()[0].lower()}@example.com"}}}}'
        for n, name in enumerate(["Hannah Pryce", "Bo Lind", "Kofi Mensah"], 1)
    ]
    view = day_one({"tickets.csv": TICKETS, "buyers.jsonl": "\n".join(people) + "\n"})
    assert view.tickets == ASKED
    assert view.people == {*ASKED, "Hannah Pryce", "Bo Lind", "Kofi Mensah"}


def test_money_beside_people_in_json_is_said(suggested):
    orders = [
        f'{{"type":"orders","id":"{n}","details":{{"user_name":"{name}","user_email":"{mail}@example.com","total":{total}}}}}'
        for n, name, mail, total in [
            (1, "Hannah Pryce", "hannah", 900),
            (2, "Bo Lind", "bo", 1190),
            (3, "Kofi Mensah", "kofi", 750),
        ]
    ]
    suggested({"shop_orders.json": '{"data":[' + ",".join(orders) + "]}"})
    assert "LOOK: details.total (2,840.00 in 3 rows, as it is written) may be what these people paid" in suggested.text


def test_who_is_active_in_a_list_that_cleans_addresses_agreed(day_one):
    rows = """
E-mailadres;Voornaam;Tussenvoegsel;Achternaam;Status;Aanmelddatum;Afmelddatum
sanne@example.com;Sanne;de;Vries;actief;2025-11-02 10:00:00;
jeroen@example.com;Jeroen;van den;Berg;afgemeld;2025-11-03 10:00:00;2026-02-28 19:00:00
pieter@example.com;Pieter;;'t Hart;opgeschoond;2025-12-02 10:00:00;
koen@example.com;Koen;;Mulder;niet bevestigd;2026-01-15 10:00:00;
"""
    view = day_one({"relaties.csv": rows, "klanten.csv": "Klantnummer;Naam;E-mail\n1;Pieter 't Hart;pieter@example.com\n"})
    assert view.consents == {"Sanne de Vries": {("email", True)}, "Jeroen van den Berg": {("email", False)}}
    assert "Pieter 't Hart" in view.people


def test_a_status_of_each_channel(day_one):
    rows = """
Contact ID,Email,Phone number,First name,Last name,Email status,Email status date,SMS status,SMS status date
64f1,hannah@example.com,+12125550101,Hannah,Pryce,Subscribed,2026-08-03,Subscribed,2026-08-03
64f2,owen@example.com,+12125550102,Owen,Blythe,Unsubscribed,2026-08-20,Non-subscribed,
64f3,leonie@example.com,+12125550103,Leonie,Hart,Bounced,2026-08-18,Unsubscribed,2026-08-19
"""
    view = day_one({"omnisend_contacts.csv": rows})
    assert view.consents["Hannah Pryce"] == {("email", True), ("sms", True)}
    assert view.consents["Leonie Hart"] == {("sms", False)}


@pytest.mark.parametrize(
    "header",
    [
        "Nr zamówienia;Data złożenia;Status;Imię i nazwisko;E-mail;Waluta;Produkt - nazwa;Produkt - SKU;Produkt - ilość"
        ";Produkt - cena brutto;Wartość zamówienia",
        "Commande;Date de commande;Statut;Client;E-mail;Devise;Produit : nom;Produit : référence;Produit : quantité"
        ";Produit : prix unitaire;Total commande",
        "Ordernummer;Orderdatum;Status;Klant;E-mail;Valuta;Artikel - naam;Artikel - nummer;Artikel - aantal;Artikel - prijs"
        ";Totaalbedrag",
        "Order number;Order date;Status;Customer;Email;Currency;Item: title;Item: SKU;Item: quantity;Item: price;Order total",
    ],
)
def test_columns_of_items_with_a_word_before_them(day_one, header):
    rows = """
7021;2026-03-12;Paid;Kasia Lis;kasia@example.com;EUR;Sencha;SEN-100;2;40,00;125,00
7021;2026-03-12;Paid;Kasia Lis;kasia@example.com;EUR;Kubek;KUB-01;1;45,00;125,00
7022;2026-03-13;Paid;Jan Mazur;jan@example.com;EUR;Sencha;SEN-100;1;40,00;40,00
7024;2026-03-16;Paid;Ewa Kania;ewa@example.com;EUR;Earl Grey;EAR-1K;5;12,00;60,00
7025;2026-03-18;Paid;Ola Sowa;ola@example.com;EUR;Matcha;MAT-050;1;70,00;70,00
"""
    view = day_one({"export.csv": header + rows})
    assert view.lines == {"7021": 2, "7022": 1, "7024": 1, "7025": 1}, view.text
    assert view.orders["Kasia Lis"] == {"7021": Decimal(125)}
    assert view.products == {"Sencha", "Kubek", "Earl Grey", "Matcha"}


BESTELLINGEN = """
Ordernummer;Orderstatus;Klant;E-mailadres;Orderdatum;Totaalbedrag;Betaling
2026-00481;Afgerond;Sanne de Vries;sanne@example.com;2026-02-02;129,95;Betaald
2026-00483;Geannuleerd;Fatima Amrani;fatima@example.com;2026-02-04;59,00;Niet betaald
2026-00484;In behandeling;Mieke Smit;mieke@example.com;2026-02-06;849,50;Deels betaald
2026-00487;Afgerond;Bas Jansen;bas@example.com;2026-02-12;18,50;Betaald
"""


def test_transactions_that_name_orders_are_payments_and_no_items(day_one):
    rows = """
Transactiesleutel;Ordernummer;Omschrijving;Datum;Betaalmethode;Type;Valuta;Bedrag;Status;IBAN;E-mail
4E8BD901;2026-00481;Bestelling 2026-00481;2026-02-02;ideal;Betaling;EUR;129,95;Succes;NL00EXAM01;sanne@example.com
4E8BD902;2026-00481;Kosten 2026-00481;2026-02-02;ideal;Kosten;EUR;-0,29;Succes;NL00EXAM01;sanne@example.com
4E8BD903;2026-00483;Bestelling 2026-00483;2026-02-04;ideal;Betaling;EUR;59,00;Geannuleerd;;fatima@example.com
4E8BD904;2026-00484;Deelbetaling 2026-00484;2026-02-20;transfer;Betaling;EUR;300,00;Succes;NL00EXAM04;mieke@example.com
4E8BD905;2026-00487;Bestelling 2026-00487;2026-02-12;ideal;Betaling;EUR;18,50;Succes;NL00EXAM03;bas@example.com
"""
    view = day_one({"bestellingen.csv": BESTELLINGEN, "transacties.csv": rows})
    assert view.products == set()
    assert spent(view) == {"Sanne de Vries": Decimal("129.95"), "Mieke Smit": 300, "Bas Jansen": Decimal("18.50")}, view.text
    assert view.unpaid == {"Mieke Smit": {"": Decimal("549.50")}}
    assert "Type: rows of the kind Kosten are no money that the customer spent" in view.text
