"""Orders of guests: no number of a customer, or 0, beside the name and the address of who bought."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.errors import ConfigError
from fullcircle.mapping.validate import _check_otherwise, _table
from tests.day_one.conftest import View, bring

CLIENTS = """
Customer No,Name,Email,City
C1,Iris Fenn,iris@example.com,Hull
C2,Otto Beck,otto@example.com,Leeds
"""
ORDERS = """
Order No,Order Date,Customer No,Customer Name,Customer Email,Total,Currency,Paid?
1,2025-01-05,C1,Iris Fenn,iris@example.com,10.00,GBP,Yes
2,2025-01-06,C2,Otto Beck,otto@example.com,20.00,GBP,No
3,2025-01-07,{none},Uma Voss,uma@example.com,40.00,GBP,Yes
4,2025-01-08,{none},Iris Fenn,Iris@example.com,80.00,GBP,Yes
"""
WOO_USERS = """
ID,user_login,user_email,user_registered,first_name,last_name,roles,billing_email,billing_phone
11,mira,mira@example.com,2024-01-02 10:00:00,Mira,Holt,customer,mira@example.com,0161 496 0111
12,boss,boss@example.com,2024-01-02 10:00:00,Bo,Strand,administrator,,
13,dev,dev@example.com,2024-01-02 10:00:00,Dev,Rao,wholesale_customer,dev@example.com,0161 496 0112
"""
WOO_ORDERS = """
order_id,order_date,status,order_total,order_currency,customer_id,billing_first_name,billing_last_name,billing_email
301,2025-01-10 12:00:00,wc-completed,23.00,GBP,11,Mira,Holt,mira@example.com
302,2025-01-11 12:00:00,wc-completed,5.00,GBP,0,Gus,Vale,gus@example.com
303,2025-01-12 12:00:00,wc-completed,7.00,GBP,13,Dev,Rao,dev@example.com
"""


@pytest.mark.parametrize("none", ["", "0", "guest"])
def test_orders_without_a_number_belong_to_whom_they_name(tmp_path, none):
    view: View = bring(tmp_path, {"customers.csv": CLIENTS, "orders.csv": ORDERS.format(none=none)})
    assert view.orders == {
        "Iris Fenn": {"1": Decimal(10), "4": Decimal(80)},
        "Otto Beck": {"2": Decimal(20)},
        "Uma Voss": {"3": Decimal(40)},
    }
    assert view.statuses == {"1": "paid", "2": None, "3": "paid", "4": "paid"}
    assert "2 of 4 rows have no customer in Customer No" in view.text


def test_orders_that_all_have_a_number_make_no_people(tmp_path):
    view = bring(tmp_path, {"customers.csv": CLIENTS, "orders.csv": ORDERS.format(none="C2")})
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert "otherwise" not in view.text


def test_guests_of_a_known_shop_have_their_orders_and_its_staff_are_no_customers(tmp_path):
    view = bring(tmp_path, {"woo-users.csv": WOO_USERS, "orders.csv": WOO_ORDERS})
    assert view.orders == {"Mira Holt": {"301": Decimal(23)}, "Gus Vale": {"302": Decimal(5)}, "Dev Rao": {"303": Decimal(7)}}
    assert view.people == {"Mira Holt", "Gus Vale", "Dev Rao"}


def test_an_otherwise_goes_with_a_ref_alone():
    rule = FieldRule(field="customer", otherwise="email")
    settings = MapSettings(source="s", object="orders", to="orders", fields={"record_id": rule})
    with pytest.raises(ConfigError, match="cannot have an otherwise"):
        _check_otherwise(settings, "record_id", rule, _table(settings), [settings])


INVOICES = """
Rechnungsnr.;Kundennr.;Kunde;Rechnungsdatum;Währung;Brutto
R1;C1;Iris Fenn;14.02.2025;EUR;10,00
R2;C9;Uma Voss;15.02.2025;EUR;20,00
R3;C9;Uma Voss;16.02.2025;EUR;40,00
R4;C2;Otto Beck;17.02.2025;EUR;80,00
R5;;Ed Lang;18.02.2025;EUR;160,00
"""
CARDS = """
Co./Last Name\tFirst Name\tInvoice No.\tDate\tDescription\tAmount\tCurrency
Yarrow Arts\t\t201\t12/02/2026\tAdvert\t100.00\tAUD
Yarrow Arts\t\t201\t12/02/2026\tBanner\t30.00\tAUD
Fenn\tIris\t202\t13/02/2026\tTicket\t20.00\tAUD
Beck\tOtto\t203\t14/02/2026\tTicket\t25.00\tAUD
"""


def test_a_number_that_is_in_no_list_is_of_whom_its_row_names(tmp_path):
    clients = CLIENTS.replace("Customer No", "Kundennr.")
    view: View = bring(tmp_path, {"kunden.csv": clients, "rechnungen.csv": INVOICES})
    assert view.orders["Uma Voss"] == {"R2": Decimal(20), "R3": Decimal(40)}
    assert view.orders["Iris Fenn"] == {"R1": Decimal(10)} and "Ed Lang" not in view.people
    assert "1 number of Kundennr. is not in kunden: those rows belong to the person that the row itself names" in view.text


def test_who_has_nothing_but_a_name_in_two_columns_is_known_by_both(tmp_path):
    view: View = bring(tmp_path, {"customers.csv": CLIENTS, "sales.txt": CARDS})
    spent = {name: sum(orders.values()) for name, orders in view.orders.items()}
    assert spent == {"Yarrow Arts": Decimal(130), "Iris Fenn": Decimal(20), "Otto Beck": Decimal(25)}
