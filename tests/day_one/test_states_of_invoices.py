"""What became of an invoice, in a column that is called as a region, or of few rows whose words all differ. Made-up people."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

STATE = """
document_type,date,number,currency,total_amount,contact_id,contact_name,email,street_line_1,city,postal_code,region,country,state,payment_date
invoice,2025-01-07,F-0101,EUR,130.00,c_01,Ana Ruiz Gil,ana@ruiz.example,Calle Mayor 4,Sevilla,41001,Sevilla,ES,paid,2025-01-07
invoice,2025-01-08,F-0102,EUR,300.00,c_02,Danza Sur S.L.,hola@danzasur.example,Calle Luna 8,Sevilla,41006,Sevilla,ES,late,
invoice,2025-01-20,F-0103,EUR,120.00,c_03,Luis Soto,luis@soto.example,Calle Feria 22,Sevilla,41003,Sevilla,ES,paid,2025-01-21
invoice,2025-02-10,F-0105,EUR,70.00,c_05,Carmen Rey,carmen@rey.example,,Dos Hermanas,41700,Sevilla,ES,outstanding,
invoice,2025-02-12,F-0106,EUR,99.00,c_05,Carmen Rey,carmen@rey.example,,Dos Hermanas,41700,Sevilla,ES,cancelled,
invoice,2025-02-15,F-0107,EUR,484.00,c_02,Danza Sur S.L.,hola@danzasur.example,Calle Luna 8,Sevilla,41006,Sevilla,ES,uncollectible,
"""
AMERICAN = """
number,date,total,currency,customer_name,email,street,city,zip,state,country
1,2025-01-07,130.00,USD,Ann Poe,ann@poe.example,1 Elm St,Austin,78701,TX,US
2,2025-01-08,300.00,USD,Bob Roe,bob@roe.example,2 Oak St,Reno,89501,NV,US
3,2025-01-09,90.00,USD,Bob Roe,bob@roe.example,2 Oak St,Reno,89501,NV,US
"""
FEW = """
Tipo documento;Numero;Data;Cliente;Email;Totale;Valuta;Stato pagamento;Data pagamento;Importo pagato
Fattura;12/2025;04/05/2025;Giulia Conti;giulia@conti.example;990,00;EUR;Pagato;20/05/2025;990,00
Fattura;13/2025;10/05/2025;Giulia Conti;giulia@conti.example;220,00;EUR;Parzialmente pagato;;120,00
Fattura;14/2025;20/05/2025;Luca Riva;luca@riva.example;66,00;EUR;Non pagato;;0,00
Fattura;15/2025;25/05/2025;Luca Riva;luca@riva.example;300,00;EUR;Annullato;;0,00
"""


def test_a_state_beside_a_region_says_what_became_of_an_invoice(day_one) -> None:
    view = day_one({"invoices.csv": STATE})
    assert view.unpaid == {"Danza Sur S.L.": {"EUR": Decimal(300)}, "Carmen Rey": {"EUR": Decimal(70)}}
    assert view.statuses["F-0106"] == "cancelled"
    assert 'region = "region"' in view.text


def test_a_state_of_the_union_stays_a_region(day_one) -> None:
    view = day_one({"orders.csv": AMERICAN})
    assert set(view.statuses.values()) == {None}
    assert 'region = "state"' in view.text


def test_a_few_invoices_of_which_each_has_another_state(day_one) -> None:
    view = day_one({"documenti.csv": FEW})
    assert view.spent == {"Giulia Conti": {"EUR": Decimal(1110)}, "Luca Riva": {"EUR": Decimal(0)}}
    assert view.unpaid == {"Giulia Conti": {"EUR": Decimal(100)}, "Luca Riva": {"EUR": Decimal(66)}}
