"""Orders whose status, amount or quantity no header names: the values say it. The shop's own address is nobody's."""

from __future__ import annotations


def rows(head: str, *parts: str, count: int = 12) -> str:
    """A file with these rows; `N` is the number of the row, in two digits."""
    return head + "\n" + "".join(parts[n % len(parts)].replace("N", f"{n + 10}") + "\n" for n in range(count))


def test_the_status_is_the_column_whose_values_are_statuses(suggested):
    made = suggested(
        {
            "fatture.csv": rows(
                "Numero;Data;Cliente;Indirizzo;Città;E-mail;Imponibile;IVA;Totale;Stato",
                "N/2024;N/01/2024;Iris Fenn;Via N;Roma;iris@example.com;10,00;2,20;12,20;Pagata",
                "N/2024;N/01/2024;Otto Beck;Via N;Pisa;otto@example.com;20,00;4,40;24,40;Annullata",
            ),
            "invoices.csv": rows(
                "Invoice #,Client Name,Date Issued,Invoice Status,Item Name,Rate,Quantity,Line Total",
                "N1,Iris Fenn,01/N/2024,Paid,Lamp,5.00,2,10.00",
                "N1,Otto Beck,01/N/2024,Sent,Cup,4.50,1,4.50",
            ),
        }
    )
    assert "orders" in made["fatture"] and 'status = "Stato"' in suggested.text and 'region = "Stato"' not in suggested.text
    assert 'status = { field = "Invoice Status", map = { "Sent" = "unpaid" } }' in suggested.text
    assert 'ordered_at = "Date Issued"' in suggested.text


def test_the_amount_is_the_only_money_or_the_sum_of_others(suggested):
    suggested(
        {
            "zamowienia.csv": rows(
                "Numer zamówienia;Data zamówienia;E-mail;Kupujący;Kwota razem",
                "ZN;N.01.2024;iris@example.com;Iris Fenn;1 N3,50",
                "ZN;N.01.2024;otto@example.com;Otto Beck;2 N3,90",
            ),
            "orders.csv": rows(
                "Order no,Date,Email,Aa,Bb,Dd",
                "N,2024-01-N,iris@example.com,10.00,1.N,11.N",
                "N,2024-01-N,iris@example.com,20.00,2.N,22.N",
            ),
            "sales.csv": rows("Order no,Date,Email,Aa,Bb", "N,2024-02-N,iris@example.com,3N.10,7.N"),
        }
    )
    assert 'amount = "Kwota razem"' in suggested.text and 'amount = "Dd"' in suggested.text
    assert "it may be Aa or Bb, which nothing decides" in suggested.text


def test_a_quantity_may_be_called_an_amount(suggested):
    suggested(
        {
            "objednavky.csv": rows(
                "code;date;statusName;email;billFullName;itemName;itemAmount;itemUnitPriceWithVat;itemTotalPriceWithVat;totalPriceWithVat",
                "2024N;2024-01-N;Vyřízena;iris@example.com;Iris Fenn;Lamp;2;5,00;10,00;14,50",
                "2024N;2024-01-N;Stornována;otto@example.com;Otto Beck;Cup;3;4,50;13,50;13,50",
            )
        }
    )
    for line in (
        'quantity = "itemAmount"',
        'unit_price = "itemUnitPriceWithVat"',
        'full_name = "billFullName"',
        'status = "statusName"',
    ):
        assert line in suggested.text


def test_the_address_of_the_shop_is_nobodys(suggested):
    made = suggested(
        {
            "transactions.csv": rows(
                "Email,Date,Transaction ID,Status,Total,Currency",
                "shop@store.example,2024-01-N,TN,Successful,1N.50,GBP",
                "shop@store.example,2024-01-N,TN,Refunded,2N.50,GBP",
                count=20,
            )
        }
    )
    assert made["transactions"] == {"orders"}
    assert "Email is the same in every row: it is the company's own" in suggested.text


def test_the_short_names_of_books_of_accounts(suggested):
    made = suggested(
        {
            "CUSTMAST.csv": rows(
                "CUSTNO,CUSTNAME,ADDR1,CITY,EMAILADDR,SLSREP", "C00N,Iris Fenn N,N Elm Rd,Hull,irisN@example.com,RR"
            ),
            "SOHEAD.csv": rows("SONO,CUSTNO,ORDDATE,CURR,ORDTOTAL", "S00N,C00N,202401N,GBP,1N.50"),
            "SOLINE.csv": rows(
                "SONO,LINENO,ITEMNO,ITEMDESC,QTYORD,UNITPRICE,EXTPRICE",
                "S00N,1,LMP-1,Lamp,2,5.00,10.00",
                "S00N,1,CUP-1,Cup,1,4.50,4.50",
            ),
        }
    )
    assert made["CUSTMAST"] == {"records"} and made["SOHEAD"] == {"orders"} and "order_lines" in made["SOLINE"]
    for line in (
        'full_name = "CUSTNAME"',
        'ordered_at = "ORDDATE"',
        'currency = "CURR"',
        'quantity = "QTYORD"',
        'amount = "EXTPRICE"',
    ):
        assert line in suggested.text
