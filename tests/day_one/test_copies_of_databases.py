"""Copies of the tables of shops and ledgers: numbers for a status, names by an initial, flags, prefixes. Nobody here exists."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal

from .conftest import money


def spent(view):
    return {name: sum(each.values()) for name, each in view.spent.items()}


def owed(view):
    return {name: sum(each.values()) for name, each in view.unpaid.items()}


def test_a_status_that_is_a_number_has_its_word_in_a_table_of_its_own(day_one):
    view = day_one(
        {
            "customer.csv": """
customer_id,firstname,lastname,email
1,Abe,Boone,abe@boone.example
2,Bab,Cohen,bab@cohen.example
""",
            "order.csv": """
order_id,customer_id,firstname,lastname,email,total,order_status_id,currency_code,date_added
1,1,Abe,Boone,abe@boone.example,105.00,5,USD,2026-01-05 10:00:00
2,2,Bab,Cohen,bab@cohen.example,55.00,7,USD,2026-01-06 10:00:00
3,2,Bab,Cohen,bab@cohen.example,65.50,3,USD,2026-01-17 10:00:00
4,1,Abe,Boone,abe@boone.example,75.00,11,USD,2026-01-18 10:00:00
""",
            "order_status.csv": """
order_status_id,language_id,name
3,1,Shipped
7,1,Canceled
5,1,Complete
8,1,Denied
11,1,Refunded
3,2,Versendet
7,2,Abgebrochen
5,2,Komplett
""",
        }
    )
    assert view.statuses == {"1": "shipped", "2": "cancelled", "3": "shipped", "4": "refunded"}
    assert spent(view) == {"Abe Boone": Decimal(105), "Bab Cohen": Decimal("65.50")}
    assert "4 of 4 values of order.order_status_id have a word in order_status" in view.text


def test_orders_name_their_customer_by_an_initial_and_a_flag_is_no_number_of_a_customer(day_one):
    view = day_one(
        {
            "customer.csv": """
ID;Titre;Prénom;Nom de famille;Adresse e-mail;Newsletter;Inscription
1;M.;Hugo;Lemaire;hugo.lemaire@mail.example;1;12/01/2026 10:12:00
2;Mme;Inès;Garnier;ines.garnier@mail.example;0;15/01/2026 11:12:00
3;Mme;Léa;Roussel;lea.roussel@mail.example;1;20/02/2026 08:00:00
""",
            "order.csv": """
ID;Référence;Nouveau client;Livraison;Client;Total;Paiement;État;Date
1;XKBKNABJK;1;France;H. Lemaire;99,90 €;Carte bancaire;Livré;14/01/2026 10:00:00
2;OHSATSERP;1;France;I. Garnier;45,00 €;Chèque;Paiement accepté;16/01/2026 10:00:00
3;UOYEVOLI;0;France;H. Lemaire;30,00 €;Carte bancaire;Expédié;13/02/2026 10:00:00
4;FFATNOMMJ;1;France;L. Roussel;60,00 €;Virement bancaire;En attente de virement bancaire;25/02/2026 10:00:00
""",
        }
    )
    assert {name: set(each) for name, each in view.orders.items()} == {
        "Hugo Lemaire": {"1", "3"},
        "Inès Garnier": {"2"},
        "Léa Roussel": {"4"},
    }
    assert view.unpaid == {"Léa Roussel": {"EUR": money("60")[0]}}


def test_two_customers_with_the_same_initial_are_not_guessed(day_one):
    view = day_one(
        {
            "customer.csv": "ID,First name,Last name,Email\n1,Hugo,Lane,hugo@lane.example\n2,Hans,Lane,hans@lane.example\n3,Ada,Moor,ada@moor.example\n4,Bea,Nash,bea@nash.example\n",
            "order.csv": "ID,Customer,Total,Status,Date\n1,A. Moor,10.00,Paid,2026-01-14\n2,B. Nash,20.00,Paid,2026-01-15\n3,A. Moor,30.00,Paid,2026-01-16\n",
        }
    )
    assert {name: set(each) for name, each in view.orders.items()} == {"Ada Moor": {"1", "3"}, "Bea Nash": {"2"}}


def test_a_kind_of_row_that_was_cancelled_is_no_sale(day_one):
    view = day_one(
        {
            "socios.csv": "Nº tarjeta;Nombre;Apellidos;Correo electrónico\n700001;Ana;Prado;ana@prado.example\n700002;Luis;Rey;luis@rey.example\n",
            "compras.csv": """
Ticket;Fecha;Hora;Tienda;Nº tarjeta;Importe;Puntos;Forma de pago;Tipo
T-0001;15/01/2026;10:05;Centro;700001;35,00;350;Tarjeta;Venta
T-0002;16/01/2026;11:05;Centro;700002;4,00;40;Efectivo;Venta
T-0004;18/01/2026;12:30;Norte;700001;-5,00;-50;Tarjeta;Devolución
T-0005;19/01/2026;12:35;Norte;700002;22,00;0;Tarjeta;Anulada
""",
        }
    )
    assert spent(view) == {"Ana Prado": Decimal(30), "Luis Rey": Decimal(4)}
    assert sorted(str(status) for status in view.statuses.values()) == ["None", "None", "cancelled", "refunded"]


def test_a_copy_of_oxid(day_one):
    view = day_one(
        {
            "oxuser.csv": """
OXID,OXRIGHTS,OXUSERNAME,OXCUSTNR,OXFNAME,OXLNAME,OXSTREET,OXSTREETNR,OXCITY,OXZIP,OXFON,OXCREATE
u1,user,lena@keil.example,1,Lena,Keil,Am Bach,1,Ulm,89073,+49 731 4960001,2026-01-01 10:00:00
u2,user,max@lorenz.example,2,Max,Lorenz,Am Bach,2,Ulm,89073,+49 731 4960002,2026-01-02 10:00:00
u3,malladmin,admin@shop.example,3,Store,Admin,Am Bach,9,Ulm,89073,,2026-01-02 10:00:00
""",
            "oxorder.csv": """
OXID,OXUSERID,OXORDERDATE,OXORDERNR,OXBILLEMAIL,OXBILLFNAME,OXBILLLNAME,OXTOTALNETSUM,OXTOTALBRUTSUM,OXTOTALORDERSUM,OXDELCOST,OXCURRENCY,OXPAID,OXSENDDATE,OXSTORNO,OXTRANSSTATUS
o1,u1,2026-01-05 10:00:00,1,lena@keil.example,Lena,Keil,84.03,100,103.9,3.9,EUR,2026-01-06 10:00:00,2026-01-07 10:00:00,0,OK
o2,u2,2026-01-16 10:00:00,2,max@lorenz.example,Max,Lorenz,168.07,200,203.9,3.9,EUR,0000-00-00 00:00:00,0000-00-00 00:00:00,0,OK
o3,u2,2026-02-16 10:00:00,3,max@lorenz.example,Max,Lorenz,42.02,50,53.9,3.9,EUR,0000-00-00 00:00:00,0000-00-00 00:00:00,1,OK
""",
            "oxorderarticles.csv": """
OXID,OXORDERID,OXAMOUNT,OXARTID,OXARTNUM,OXTITLE,OXNETPRICE,OXBRUTPRICE,OXPRICE,OXBPRICE
a1,o1,2,p1,1001,Tasse,84.03,100,42.02,50
a2,o2,1,p2,1002,Kanne,168.07,200,168.07,200
a3,o3,1,p1,1001,Tasse,42.02,50,42.02,50
""",
        }
    )
    assert view.people == {"Lena Keil", "Max Lorenz"}
    assert spent(view) == {"Lena Keil": Decimal("103.90"), "Max Lorenz": Decimal(0)}
    assert owed(view) == {"Max Lorenz": Decimal("203.90")}
    assert view.statuses == {"o1": "paid", "o2": "placed", "o3": "cancelled"} and view.lines == {"o1": 1, "o2": 1, "o3": 1}


def test_tables_of_sap_business_one(day_one):
    view = day_one(
        {
            "OCRD.csv": """
CardCode;CardName;CardType;Address;ZipCode;City;Country;Phone1;E_Mail;LicTradNum;validFor
C20001;Anke Busch;C;Weg 1;50667;Köln;DE;0221 4960001;anke@busch.example;;Y
C20002;Bernd Carl;C;Weg 2;50667;Köln;DE;0221 4960002;bernd@carl.example;;Y
V10001;Stahl AG;S;Weg 9;50667;Köln;DE;0221 4960009;info@stahl.example;DE123456789;Y
""",
            "OINV.csv": """
DocEntry;DocNum;CANCELED;DocStatus;DocDate;DocDueDate;CardCode;CardName;VatSum;DocCur;DocTotal;PaidToDate
1;80001;N;C;2026-01-05;2026-01-19;C20001;Anke Busch;19;EUR;119;119
2;80002;N;O;2026-01-16;2026-01-30;C20002;Bernd Carl;57;EUR;357;119
3;80003;Y;C;2026-01-17;2026-01-31;C20001;Anke Busch;9.5;EUR;59.5;0
4;80004;C;C;2026-01-17;2026-01-31;C20001;Anke Busch;9.5;EUR;59.5;0
""",
            "INV1.csv": """
DocEntry;LineNum;ItemCode;Dscription;Quantity;Price;LineTotal
1;0;A100;Schraube;10;10;100
2;0;A100;Schraube;20;10;200
2;1;A200;Mutter;10;10;100
""",
            "ORIN.csv": """
DocEntry;DocNum;CANCELED;DocStatus;DocDate;CardCode;CardName;VatSum;DocCur;DocTotal;Comments
1;90001;N;C;2026-02-05;C20001;Anke Busch;3.8;EUR;23.8;
""",
        }
    )
    assert view.people == {"Anke Busch", "Bernd Carl"}
    assert spent(view) == {"Anke Busch": Decimal("95.20"), "Bernd Carl": Decimal(119)}
    assert owed(view) == {"Bernd Carl": Decimal(238)}


def test_the_orders_report_of_ebay(day_one):
    view = day_one(
        {
            "eBay-OrdersReport.csv": """
"Sales Record Number","Order Number","Buyer Username","Buyer Name","Buyer Email","Buyer City","Buyer State","Buyer Zip","Buyer Country","Item Number","Item Title","Custom Label","Quantity","Sold For","Shipping And Handling","Total Price","Sale Date","Paid On Date","Shipped On Date","Transaction ID"
"201","01-1001-1","vintage_vi","Vi Wells","vi@members.example","Austin","TX","78701","United States","3001","Brass lamp","L1","1","$40.00","$5.00","$45.00","Jan-05-26","Jan-05-26","Jan-06-26","T1"
"202","01-1002-2","xan_y","Xan Yates","xan@members.example","Austin","TX","78701","United States","","","","2","$70.00","$8.00","$78.00","Jan-16-26","Jan-16-26","Jan-17-26",""
"203","01-1002-2","xan_y","Xan Yates","xan@members.example","Austin","TX","78701","United States","3001","Brass lamp","L1","1","$40.00","","","Jan-16-26","","","T2"
"204","01-1002-2","xan_y","Xan Yates","xan@members.example","Austin","TX","78701","United States","3002","Tin box","B1","1","$30.00","","","Jan-16-26","","","T3"
"205","01-1003-3","zed_a","Zed Abel","zed@members.example","Austin","TX","78701","United States","3002","Tin box","B1","2","$30.00","$8.00","$68.00","Feb-16-26","","","T4"
""",
        }
    )
    assert spent(view) == {"Vi Wells": Decimal(45), "Xan Yates": Decimal(78), "Zed Abel": Decimal(0)}
    assert owed(view) == {"Zed Abel": Decimal(68)} and view.lines == {"01-1001-1": 1, "01-1002-2": 2, "01-1003-3": 1}


def test_invoices_name_the_company_of_their_one_contact(day_one):
    view = day_one(
        {
            "clients.csv": """
Organization,First Name,Last Name,Email,Phone
Larch Studio,Ada,Larch,ada@larch.example,+1 416 555 0101
,Bo,Quill,bo@quill.example,+1 416 555 0102
,Cy,Reed,cy@reed.example,+1 416 555 0103
""",
            "invoices.csv": """
Client Name,Invoice #,Date Issued,Invoice Status,Amount,Currency
Larch Studio,0000001,2026-01-05,Paid,226.00,CAD
Bo Quill,0000002,2026-01-16,Overdue,101.70,CAD
Cy Reed,0000003,2026-02-16,Draft,113.00,CAD
Bo Quill,0000004,2026-02-18,Paid,56.50,CAD
""",
        }
    )
    assert view.people == {"Ada Larch", "Bo Quill", "Cy Reed"}
    assert spent(view) == {"Ada Larch": Decimal(226), "Bo Quill": Decimal("56.50")}
    assert owed(view) == {"Bo Quill": Decimal("101.70")}


def test_what_has_no_day_of_payment_is_owed(day_one):
    view = day_one(
        {
            "orders.csv": """
Order No,Buyer,Email,Order Date,Total,Paid On Date
1,Vi Wells,vi@wells.example,2026-01-05,48.71,2026-01-05
2,Xan Yates,xan@yates.example,2026-01-16,84.44,2026-01-16
3,Zed Abel,zed@abel.example,2026-02-16,73.61,
""",
        }
    )
    assert owed(view) == {"Zed Abel": Decimal("73.61")}


def test_letters_with_which_every_column_begins_say_nothing(day_one):
    view = day_one(
        {
            "zxcust.csv": """
ZXCUSTNO,ZXFIRSTNAME,ZXLASTNAME,ZXEMAIL,ZXCITY,ZXCREATED
1,Lena,Keil,lena@keil.example,Ulm,2026-01-01
2,Max,Lorenz,max@lorenz.example,Ulm,2026-01-02
""",
            "zxorder.csv": """
ZXORDERNO,ZXCUSTNO,ZXORDERDATE,ZXORDERTOTAL,ZXCURRENCY,ZXORDERSTATUS
1,1,2026-01-05,103.90,EUR,paid
2,2,2026-01-16,203.90,EUR,unpaid
3,2,2026-02-16,53.90,EUR,cancelled
""",
        }
    )
    assert spent(view) == {"Lena Keil": Decimal("103.90"), "Max Lorenz": Decimal(0)}
    assert owed(view) == {"Max Lorenz": Decimal("203.90")}
