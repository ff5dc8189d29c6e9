"""The same sale in the shop's orders, in the payments of a payment service and in invoices: it counts once, and that is said."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal

from fullcircle.ask.suggest import counted_once
from tests.day_one.conftest import money

SHOPIFY = """
Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Payment Method,Refunded Amount,Vendor,Id,Risk Level,Source,Phone,Cancelled at,Shipping Name
#1001,iris@example.com,paid,2025-01-02 10:00:00 -0500,fulfilled,USD,40.00,0.00,0.00,40.00,2025-01-02 10:00:00 -0500,2,Kettle,20.00,KET,Iris Fenn,Shopify Payments,0.00,Hearth,61,Low,web,,,Iris Fenn
#1002,otto@example.com,paid,2025-01-03 10:00:00 -0500,fulfilled,USD,30.00,0.00,0.00,30.00,2025-01-03 10:00:00 -0500,1,Pan,30.00,PAN,Otto Beck,Shopify Payments,0.00,Hearth,62,Low,web,,,Otto Beck
#1003,iris@example.com,paid,2025-01-04 10:00:00 -0500,unfulfilled,USD,20.00,0.00,0.00,20.00,2025-01-04 10:00:00 -0500,1,Lamp,20.00,LAM,Iris Fenn,Stripe,0.00,Hearth,63,Low,web,,,Iris Fenn
"""
STRIPE = """
id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Currency,Description,Fee,Mode,Status,Customer ID,Customer Email,Card ID,Card Last4,Card Brand,Card Name,PaymentIntent ID
ch_1,2025-01-02 15:00,40.00,0.00,usd,true,40.00,usd,Charge,1.46,Live,Paid,cus_1,iris@example.com,card_1,4242,Visa,Iris Fenn,pi_1
ch_2,2025-01-05 09:00,30.00,0.00,usd,true,30.00,usd,Charge,1.17,Live,Paid,cus_2,Otto@example.com,card_2,4242,Visa,Otto Beck,pi_2
ch_3,2025-02-24 15:00,20.00,0.00,usd,true,20.00,usd,Payment for Order 1003,0.88,Live,Paid,cus_1,iris@example.com,card_1,4242,Visa,Iris Fenn,pi_3
ch_4,2025-02-25 15:00,7.50,0.00,usd,true,7.50,usd,Donation,0.88,Live,Paid,cus_1,iris@example.com,card_1,4242,Visa,Iris Fenn,pi_4
"""


def test_payments_beside_the_orders_of_the_shop(day_one):
    view = day_one({"orders_export.csv": SHOPIFY, "unified_payments.csv": STRIPE})
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.orders == {"Iris Fenn": dict(zip(["#1001", "#1003"], money("40", "20"), strict=True)), "Otto Beck": {"#1002": 30}}
    assert "3 of 4 rows are sales that are in orders_export too" in view.text
    assert "The other 1 row, 7.50 together, was found in no order" in view.text
    assert view.deals["Iris Fenn"] == money("7.50", "20", "40")  # they stay in the view, and add to nothing


def test_the_number_of_the_order_is_enough(suggested):
    woo = """
Order Number,Order Status,Order Date,First Name (Billing),Last Name (Billing),Address 1&2 (Billing),City (Billing),Postcode (Billing),Country Code (Billing),Email (Billing),Phone (Billing),Payment Method Title,Order Subtotal Amount,Order Shipping Amount,Order Refund Amount,Order Total Amount,SKU,Item Name,Quantity (- Refund),Item Cost
501,Completed,2025-01-02 10:00,Iris,Fenn,12 Elm Rd,Boston,02134,US,iris@example.com,,PayPal,48.00,0,0,48.00,KET,Kettle,1,48.00
502,Completed,2025-02-14 11:00,Otto,Beck,5 Oak St,Austin,78701,US,otto@example.com,,PayPal,1020.00,0,0,1020.00,LAM,Lamp,2,510.00
"""
    paypal = """
"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","To Email Address","Transaction ID","Item Title","Reference Txn ID","Invoice Number","Balance"
"01/09/2025","10:00:00","PST","I. F.","Express Checkout Payment","Completed","USD","48.00","-1.70","46.30","other@paypal.example","shop@store.example","8AB1","Kettle","","WC-501","46.30"
"02/24/2025","11:00:00","PST","O. B.","Website Payment","Completed","USD","1,020.00","-3.00","1,017.00","","shop@store.example","8AB3","Lamp","","WC-502","1,016.70"
"""
    made = suggested({"orders.csv": woo, "paypal.csv": paypal})
    assert {name for name, maps in made.items() if "orders" in maps} == {"orders"}


def test_the_invoices_of_the_orders(suggested):
    orders = "Bestellnummer;Datum;Name;E-Mail;Summe;Status\n" + "".join(
        f"10{n:02};{n:02}.01.2025;Iris Fenn;iris@example.com;4{n},00;versendet\n" for n in range(1, 9)
    )
    invoices = "Rechnungsnummer;Rechnungsdatum;Kunde;E-Mail;Betrag;Status;Bestellung\n" + "".join(
        f"R-{n};{n + 20:02}.01.2025;Iris Fenn;iris@example.com;4{n},00;bezahlt;10{n:02}\n" for n in range(1, 9)
    )
    suggested({"bestellungen.csv": orders, "rechnungen.csv": invoices})
    assert 'same_as = { field = "Bestellung", ref = "bestellungen" }' in suggested.text
    (said,) = counted_once(suggested.text)
    assert said.startswith("rechnungen: Bestellung names orders of bestellungen (8 of 8 values are there)")


SHOP = """
Numer zamówienia;Data złożenia;Status;Imię;Nazwisko;E-mail;Suma zamówienia;Waluta;Opłacone
3001;05.03.2025;Wysłane;Iga;Wrona;iga@example.pl;120,00;PLN;Tak
3002;06.03.2025;Zwrot;Olek;Sowa;olek@example.pl;215,50;PLN;Tak
3003;07.03.2025;Nowe;Olek;Sowa;olek@example.pl;80,00;PLN;Nie
"""
INVOICES = """
Numer;Rodzaj;Data wystawienia;Nabywca;E-mail nabywcy;Wartość brutto;Waluta;Kwota zapłacona;Status;Numer zamówienia;Faktura korygowana
1/03/2025;Faktura VAT;05.03.2025;Iga Wrona;iga@example.pl;120,00;PLN;120,00;Opłacona;3001;
2/03/2025;Faktura VAT;06.03.2025;Olek Sowa;olek@example.pl;215,50;PLN;215,50;Opłacona;3002;
3/03/2025;Korekta;16.03.2025;Olek Sowa;olek@example.pl;-200,00;PLN;-200,00;Opłacona;3002;2/03/2025
4/03/2025;Faktura VAT;18.03.2025;Iga Wrona;iga@example.pl;60,00;PLN;25,00;Częściowo opłacona;;
5/03/2025;Proforma;19.03.2025;Iga Wrona;iga@example.pl;999,00;PLN;0,00;Wystawiona;;
"""


def test_a_correction_beside_the_invoice_of_an_order_drops_no_invoice(day_one):
    view = day_one({"zamowienia.csv": SHOP, "faktury.csv": INVOICES})
    assert view.spent == {"Iga Wrona": {"PLN": 145}, "Olek Sowa": {"PLN": Decimal("15.50")}}
    assert view.unpaid == {"Iga Wrona": {"PLN": 35}, "Olek Sowa": {"PLN": 80}}
    assert any("2 invoices bill orders of zamowienia that are there too (335.50 PLN together)" in said for said in view.said)


def test_payments_that_are_not_found_are_said_and_add_nothing(suggested):
    payments = STRIPE.replace("40.00,0.00", "39.00,0.00").replace("30.00,0.00", "29.00,0.00").replace("20.00,0.00", "19.00,0.00")
    made = suggested({"orders_export.csv": SHOPIFY, "unified_payments.csv": payments})
    assert "orders" not in made["unified_payments"]
    assert "only 0 of 4 were found there" in suggested.text


def test_two_shops_and_payments_alone_are_sales(suggested):
    other = "Order,Date,Email,Total\n" + "".join(f"X{n},2025-01-0{n},iris@example.com,{n}1.00\n" for n in range(1, 9))
    made = suggested({"orders_export.csv": SHOPIFY, "other_orders.csv": other})
    assert all("orders" in maps for maps in made.values())
    assert "orders" in suggested({"unified_payments.csv": STRIPE})["unified_payments"]


def test_refunds_that_name_the_order_are_of_its_customer(day_one):
    head = "Nº pedido;Fecha;Cliente;Correo electrónico;Importe total;Estado\n"
    orders = head + "".join(
        f"P{n};{n}/01/2025 10:00;Iris Fenn;iris@example.com;{n},50 €;{'Anulado' if n == 12 else 'Entregado'}\n"
        for n in range(10, 20)
    )
    back = "Nº devolución;Nº pedido;Fecha;Importe;Motivo\n" + "".join(
        f"D{n};P{n};20/02/2025 10:00;5,00 €;Roto\n" for n in (11, 12)
    )
    view = day_one({"pedidos.csv": orders, "devoluciones.csv": back})
    ours = view.orders["Iris Fenn"]
    assert (ours["P11"], ours["D11"], ours["P12"], ours["D12"]) == (*money("11.50", "-5", "12.50", "-5"),)
    assert view.spent["Iris Fenn"] == {"EUR": sum(money(*(f"{n}.50" for n in range(10, 20) if n != 12), "-5"))}  # P12 was no sale
    assert view.statuses["D11"] == "refunded" and view.statuses["P12"] == "cancelled"
