"""Exports of vendors nobody here has seen: what is beside a column, what it may be called, whose it is. Nobody here exists."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal

import pytest

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.guess import columns_of, guess
from fullcircle.mapping.propose.words import plain, spoken
from fullcircle.mapping.status import status_of
from tests.day_one.test_unseen_headers import PEOPLE, rows


def found(name: str, header: str) -> FoundObject:
    return FoundObject(name, (), tuple(FoundField(each) for each in header.split("|")))


@pytest.mark.parametrize(
    ("name", "table", "header", "expected"),
    [
        ("RePos", "order_lines", "ReNr|Pos|ArtNr|Bez.|Mg|Einh.|EP|GP",
         {"order_id": "ReNr", "product_id": "ArtNr", "quantity": "Mg", "unit_price": "EP", "amount": "GP"}),
        ("Kunden", "records", "KdNr|Name|Vorname|Str. / Nr.|Plz|Ort", {"street": "Str. / Nr.", "postcode": "Plz"}),
        ("clients", "records", "Réf. client|Nom|Prénom|Adr.|C.P.|Ville|Tél. port.|Mél",
         {"postcode": "C.P.", "phone": "Tél. port.", "email": "Mél", "street": "Adr."}),
        ("contacts", "records", "name|email|custom: phone|custom: city|Birth_Date__c|cf_postcode",
         {"phone": "custom: phone", "city": "custom: city", "birth_date": "Birth_Date__c", "postcode": "cf_postcode"}),
        ("顧客台帳", "records", "顧客No|氏名|ご住所|お電話番号", {"street": "ご住所", "phone": "お電話番号"}),
        ("CUSMAS", "records", "CUSNO|CUSNAM|CUSAD1|CUSCTY|CUSST|CUSZIP|CUSTEL|CUSEML",
         {"street": "CUSAD1", "city": "CUSCTY", "region": "CUSST", "phone": "CUSTEL", "email": "CUSEML"}),
        ("order", "records", "order_id|payment_firstname|payment_lastname|payment_address_1|payment_city|payment_method|email",
         {"given_name": "payment_firstname", "family_name": "payment_lastname", "street": "payment_address_1", "city": "payment_city"}),
        ("ops", "orders", "Fecha de compra (date_created)|Estado de la operación (status)|Valor del producto (transaction_amount)",
         {"ordered_at": "Fecha de compra (date_created)", "amount": "Valor del producto (transaction_amount)"}),
        ("orders", "records", "orderid|ofirstname|olastname|oemail|ocity|ozip|ophone|oshipname|oshipcity",
         {"given_name": "ofirstname", "family_name": "olastname", "email": "oemail", "city": "ocity", "postcode": "ozip", "phone": "ophone"}),
        ("clients", "records", "N° client|Nom|Prénom|Rue|Code post.|Localité", {"postcode": "Code post.", "city": "Localité"}),
        ("pacientes", "records", "Nº paciente|Apellidos|Nombre|Direcc.|Poblac.", {"street": "Direcc.", "city": "Poblac."}),
        ("kunder", "records", "Kundnr|Namn|Gatuadr.|Postnr|Ort|Mejl", {"street": "Gatuadr."}),
        ("kunden", "records", "Kundennr|Nachname|Vorname|geb.|Str./Hnr.|PLZ", {"birth_date": "geb.", "street": "Str./Hnr."}),
        ("eleves", "records", "N° élève|Nom|Prénom|Nom resp. légal|Tél. resp. légal|Portable", {"family_name": "Nom", "phone": "Portable"}),
        ("visitors", "records", "Customer name|Email|First visit|Last visit", {"full_name": "Customer name", "given_name": None}),
        ("bokningar", "orders", "Bokningsnr|Bokad den|Gästens namn|Incheckning|Utcheckning|Totalpris", {"ordered_at": "Bokad den"}),
        ("reservations", "orders", "Reservation Number|Check in Date|Check out Date|Reservation Date|Grand Total",
         {"ordered_at": "Reservation Date"}),
        ("deals", "interactions", "id|name|value|estimated_close_date|created_at|stage_name", {"at": "estimated_close_date"}),
        ("prenotazioni", "orders", "N. pren.|Data pren.|Cognome ospite|Nome ospite|Partenza|Tot. soggiorno",
         {"ordered_at": "Data pren.", "amount": "Tot. soggiorno"}),
        ("Auftraege", "order_lines", "Auftr.-Nr.|Auftr.-Datum|Kd-Nr|Art|Endpreis", {"product_id": None}),
        ("tickets", "tickets", "Ticket id|Initial channel|Subject|Status", {"channel": "Initial channel"}),
        ("tickets", "records", "Ticket Number|From|From Email|Agent Assigned", {"full_name": "From", "email": "From Email"}),
    ],
)  # fmt: skip
def test_what_a_column_may_be_called(name, table, header, expected):
    chosen = columns_of(found(name, header), table)
    assert {one: chosen.get(one) for one in expected} == expected


def test_a_name_that_one_language_alone_has_shows_it():
    assert spoken("Kunden", ("KdNr", "Name", "Ort")) == ("de",)
    assert spoken("orders", ("id", "name", "total")) == ()


def test_a_point_before_a_word_for_a_number_is_no_path():
    assert (plain("Deb.nr"), plain("dbo.Orders"), plain("Fakt.nr.")) == ("deb_nr", "orders", "fakt_nr")


def test_a_number_of_another_thing_is_no_guest_in_another_language():
    assert guess(found("servers", "Host ID|IP Address|Last Seen|Uptime")) is None


def test_a_word_for_an_order_before_a_status_of_a_script_without_spaces():
    assert (status_of("주문취소"), status_of("注文キャンセル"), status_of("注文書")) == ("cancelled", "cancelled", None)


def test_a_status_of_another_gender_is_the_same_status():
    assert (status_of("Cancellata"), status_of("Cancellato"), status_of("Zrušená")) == ("cancelled", "cancelled", "cancelled")


def test_the_time_of_a_refund_says_that_there_was_one(day_one):
    lines = [
        f"{91 + n},2024-03-0{n + 1} 10:00:00,{first} {last},{first}@mail.example,{n + 5}.00,{'2024-03-09 10:00:00' if n == 1 else ''}"
        for n, (first, last) in enumerate(PEOPLE)
    ]
    view = day_one({"transactions.csv": rows("id,purchased_at,user_name,user_email,final_price,refunded_at", lines)})
    assert {key: status for key, status in view.statuses.items() if status} == {"92": "refunded"}


def test_a_yes_or_no_in_the_header_of_a_consent_says_nothing(day_one):
    lines = [f"{n};{first};{last};{first}@mail.example;{'j' if n else 'n'}" for n, (first, last) in enumerate(PEOPLE)]
    view = day_one({"Kunden.csv": rows("Kd-Nr;Vorname;Nachname;E-Mail;Newsletter j/n", lines)})
    assert view.consents["Iris Fenn"] == {("newsletter", False)} and view.consents["Pia Lund"] == {("newsletter", True)}


def test_a_bare_code_beside_the_city_is_a_postcode_and_elsewhere_none(day_one):
    people = [f"{n};{first};{last};{first}@mail.example;Polna {n};0{n}-950;Kielce;8{n}" for n, (first, last) in enumerate(PEOPLE)]
    view = day_one({"klienci.csv": rows("Nr klienta;Imię;Nazwisko;E-mail;Ulica;Kod;Miasto;Rabat", people)})
    assert 'postcode = "Kod"' in view.text and "Kod: beside Miasto, with values like postcodes" in view.text


def test_a_bare_code_that_is_like_no_postcode_is_none(suggested):
    people = [f"{n};{first};{last};{first}@mail.example;K{n};Kielce" for n, (first, last) in enumerate(PEOPLE)]
    suggested({"klienci.csv": rows("Nr klienta;Imię;Nazwisko;E-mail;Kod;Miasto", people)})
    assert "postcode" not in suggested.text


def test_what_a_payment_was_for_is_no_product_and_nought_is_no_sum(day_one):
    payments = [
        f"pay{n},{50 + n}.00,USD,captured,order{n},0,0.00,Purchase {n},{first}@mail.example,+1512555010{n},0{n + 1}/02/2024 10:00:00"
        for n, (first, _) in enumerate(PEOPLE)
    ]
    header = "id,amount,currency,status,order_id,international,amount_transferred,description,email,contact,created_at"
    view = day_one(
        {
            "payments.csv": rows(
                header, [*payments, payments[0].replace("pay0", "pay9").replace("order0", "order9").replace("01/02", "25/02")]
            )
        }
    )
    assert sum(len(orders) for orders in view.orders.values()) == 5 and not view.products and not view.lines
    assert {amount for orders in view.orders.values() for amount in orders.values()} == {Decimal(50 + n) for n in range(4)}
    assert {"+15125550100"} in view.phones.values()


def test_a_rate_of_exchange_is_no_currency_and_the_address_of_the_buyer_is_kept(day_one):
    people = [f"{n},{first},{last},{first}@mail.example" for n, (first, last) in enumerate(PEOPLE)]
    orders = [
        f"{70 + n},{n},{n} Elm Road,Austin,7870{n},9 Gift Lane,Salem,{n}9.5000,GBP,1.00000000,2024-03-0{n + 1} 10:00:00"
        for n in range(4)
    ]
    header = "order_id,customer_id,payment_address_1,payment_city,payment_postcode,shipping_address_1,shipping_city,total,currency_code,currency_value,date_added"
    view = day_one({"customer.csv": rows("customer_id,firstname,lastname,email", people), "order.csv": rows(header, orders)})
    assert 'currency = "currency_code"' in view.text and set(view.cities.values()) == {"Austin"}
    assert view.orders["Iris Fenn"] == {"70": Decimal("9.5")}


def test_who_receives_is_the_customer_where_the_row_names_nobody_else(day_one):
    header = "Order ID,Order Status,Order Creation Date,Product Name,Quantity,Product Subtotal,Grand Total,Username (Buyer),Receiver Name,Phone Number,Delivery Address,City,Buyer Paid Shipping Fee"
    lines = [
        f"A{n},Completed,2024-03-0{n + 1} 10:00,Lamp,1,{n + 5}.00,{n + 6}.00,user{n},{first} {last},+1512555010{n},{n} Elm Road,Austin,1.00"
        for n, (first, last) in enumerate(PEOPLE)
    ]
    view = day_one({"Order.all.csv": rows(header, [*lines, lines[0].replace("Lamp", "Rug")])})
    assert view.people == {"Iris Fenn", "Otto Beck", "Pia Lund", "Mara Dorn"} and view.orders["Pia Lund"] == {"A2": Decimal(8)}


def test_a_time_of_joining_is_consent_unless_there_is_one_of_leaving(day_one):
    lines = [
        f"{first}@mail.example;{first};{last};05.01.2024 10:00;{'11.03.2024 08:15' if n == 1 else ''}"
        for n, (first, last) in enumerate(PEOPLE)
    ]
    view = day_one({"Empfaenger.csv": rows("E-Mail;Vorname;Nachname;Aktiviert;Deaktiviert", lines)})
    assert view.consents["Iris Fenn"] == {("email", True)} and view.consents["Otto Beck"] == {("email", False)}


def test_words_of_a_vendor_without_its_date_are_of_another_vendor(suggested):
    header = "OrderId,CustomerId,OrderStatus,OrderTotal,CreatedOnUtc,BillingFirstName,BillingLastName,BillingEmail,BillingZipPostalCode"
    lines = [
        f"{n + 1},{n},Complete,{n}9.50,2024-03-0{n + 1} 10:00:00,{first},{last},{first}@mail.example,7870{n}"
        for n, (first, last) in enumerate(PEOPLE)
    ]
    assert suggested({"orders.csv": rows(header, lines)})["orders"] == {"orders", "records"}
    assert "WooCommerce" not in suggested.text and 'ordered_at = "CreatedOnUtc"' in suggested.text


def test_each_row_has_a_number_of_its_own_whatever_a_row_is_called(suggested):
    header = "Name,Stage,Deal Value,Close Date,Contact Email,Item ID"
    lines = [f"Deal {n},Won,{n}000,2024-03-0{n + 1},{first}@mail.example,77{n}" for n, (first, _) in enumerate(PEOPLE)]
    people = [f"{first} {last},{first}@mail.example" for first, last in PEOPLE]
    suggested({"Contacts.csv": rows("Name,Email", people), "Deals.csv": rows(header, lines)})
    assert 'key = "Item ID"' in suggested.text


def test_a_number_is_the_key_of_what_the_file_is_called_after(suggested):
    lines = [f"{240 + n};0{n + 1}-05-2024;60{n};1{n},50;Betaald" for n in range(4)]
    people = [f"60{n};{first};{last};{first}@mail.example" for n, (first, last) in enumerate(PEOPLE)]
    suggested({
        "Patienten.csv": rows("Pat.nr;Roepnaam;Achternaam;Mailadres", people),
        "Declaraties.csv": rows("Declaratienr;Behandeldatum;Pat.nr;Bedrag;Status", lines),
    })  # fmt: skip
    assert 'key = "Declaratienr"' in suggested.text and 'record_id = { field = "Pat.nr", ref = "Patienten" }' in suggested.text


def test_a_number_in_the_first_column_is_the_key_whatever_it_is_the_number_of(suggested):
    people = [f"H{n};{first} {last};{first}@mail.example" for n, (first, last) in enumerate(PEOPLE)]
    notes = [f"90{n};2024-03-0{n + 1};H{n};1{n},50" for n in range(4)]
    suggested({
        "hyresgäster.csv": rows("Hyresgästnr;Hyresgästens namn;E-postadr.", people),
        "utskick.csv": rows("Lappnr;Datum;Hyresgästnr;Att betala", notes),
    })  # fmt: skip
    assert 'key = "Lappnr"' in suggested.text and 'record_id = { field = "Hyresgästnr", ref = "hyresgäster" }' in suggested.text


def test_a_name_that_ends_like_a_number_is_no_key(suggested):
    people = [f"{first};{last};{first}@mail.example;1100{n}" for n, (first, last) in enumerate(PEOPLE)]
    suggested({"kontakty.csv": rows("Jméno;Příjmení;E-mail;PSČ", people)})
    assert 'given_name = "Jméno"' in suggested.text and 'key = "E-mail"' in suggested.text


def test_times_of_a_first_and_a_last_visit_are_no_names(day_one):
    lines = [f"L{n},{first} {last},{first}@mail.example,2024-01-0{n + 1},2024-05-02" for n, (first, last) in enumerate(PEOPLE)]
    view = day_one({"customers.csv": rows("Customer ID,Customer name,Email,First visit,Last visit", lines)})
    assert view.people == {"Iris Fenn", "Otto Beck", "Pia Lund", "Mara Dorn"}


def test_a_column_called_a_number_may_hold_names(day_one):
    lines = [
        f"INC{n},2024-01-0{n + 1} 10:00:00,No light,{first} {last},{first}@mail.example,Closed"
        for n, (first, last) in enumerate(PEOPLE)
    ]
    view = day_one({"incident.csv": rows("number,opened_at,short_description,caller_id,caller_id.email,state", lines)})
    assert view.tickets == {f"{first} {last}": ["No light"] for first, last in PEOPLE}


def test_a_status_of_a_list_of_mail_is_consent_and_of_others_none(day_one):
    words = ["Subscribed", "Unsubscribed", "Bounced", "Subscribed"]
    lines = [f"{first} {last},{first}@mail.example,{word}" for (first, last), word in zip(PEOPLE, words, strict=True)]
    view = day_one({
        "Subscribers.csv": rows("Name,Email Address,Status", lines),
        "clients.csv": rows("Name,Email,Status", ["Ada Tal,ada@tal.example,Active", "Bo Berg,bo@berg.example,Inactive"]),
    })  # fmt: skip
    assert view.consents == {"Iris Fenn": {("email", True)}, "Otto Beck": {("email", False)}, "Mara Dorn": {("email", True)}}
