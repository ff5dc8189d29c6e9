"""What charities export: gifts and pledges, donors among the people, instalments; a pledge is not money, and counts once; couples."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal

from tests.day_one.conftest import bring

CONSTITUENTS = """
Constituent ID,First Name,Last Name,Email,Address Line 1,City,State,ZIP
D1,Ada,Tal,ada@tal.example,1 Elm Road,Hull,MA,02134
D2,Bo,Berg,bo@berg.example,2 Elm Road,Hull,MA,02134
D3,Cy,Dorn,cy@dorn.example,3 Elm Road,Hull,MA,02134
"""
PLEDGES = """
Pledge ID,Donor ID,Pledge Date,Total Pledged,Balance,Frequency,Campaign,Appeal,Pledge Status
P1,D1,01/14/2024,1200.00,900.00,Monthly,Capital,Spring,Active
P2,D2,02/15/2024,500.00,0.00,Annual,Capital,Fall,Fulfilled
P3,D3,03/16/2024,300.00,300.00,Annual,Capital,Fall,Written Off
"""
INSTALMENTS = """
Installment ID,Pledge ID,Due Date,Amount Due,Amount Paid,Status
I1,P1,02/14/2024,100.00,100.00,Paid
I2,P1,03/14/2024,100.00,0.00,Due
I3,P2,03/15/2024,500.00,500.00,Paid
"""
GIFTS = """
Gift ID,Constituent ID,Gift Date,Gift Type,Gift Amount,Campaign,Appeal,Fund
G1,D1,02/14/2024,Pay-Cash,100.00,Capital,Spring,General
G2,D2,03/15/2024,Pledge Payment,500.00,Capital,Fall,General
"""
BACKERS = """
Backer Number,Backer UID,Backer Name,Email,Shipping Country,Shipping Amount,Reward Title,Pledge Amount,Pledged At,Pledged Status,Shipping Name,Shipping Address 1,Shipping City,Shipping State,Shipping Postal Code
1,991,Ida Roe,ida@roe.example,US,$0.00 USD,One lamp,$25.00 USD,"2024/01/14, 17:03",collected,Ida Roe,4 Oak Lane,Boston,MA,02139
2,992,Tom Voss,tom@voss.example,US,$5.00 USD,Two lamps,$45.00 USD,"2024/01/15, 18:03",dropped,Tom Voss,5 Oak Lane,Boston,MA,02139
"""


def test_pledges_beside_gifts_are_no_sales_and_instalments_are_not_counted_again(tmp_path):
    files = {"constituents.csv": CONSTITUENTS, "pledges.csv": PLEDGES, "installments.csv": INSTALMENTS, "gifts.csv": GIFTS}
    view = bring(tmp_path, files)
    assert view.statuses == {"P1": "pending", "P2": "pending", "P3": "cancelled", "G1": None, "G2": None}
    assert view.orders["Ada Tal"] == {"P1": Decimal(1200), "G1": Decimal(100)} and set(view.orders) == {
        "Ada Tal",
        "Bo Berg",
        "Cy Dorn",
    }
    assert "its rows are promises, not sales: what was given is in gifts" in view.text


def test_pledges_alone_count_once_they_are_paid(tmp_path):
    view = bring(tmp_path, {"constituents.csv": CONSTITUENTS, "pledges.csv": PLEDGES})
    assert {key: view.statuses[key] for key in ("P1", "P2", "P3")} == {"P1": "pending", "P2": "paid", "P3": "cancelled"}


def test_a_couple_is_shown_by_its_whole_name(tmp_path):
    names = ["Mr & Mrs J Smith", "Hans und Petra Meyer", "M. et Mme Roux", "The Berg Family", "Ida Roe"]
    rows = "".join(f"{number},{name},n{number}@mail.example\n" for number, name in enumerate(names))
    assert bring(tmp_path, {"donors.csv": "id,name,email\n" + rows}).people == {*names}


def test_backers_of_a_crowd_are_people_with_an_order_and_an_address(tmp_path):
    view = bring(tmp_path, {"backers.csv": BACKERS})
    assert view.orders == {"Ida Roe": {"1": Decimal(25)}, "Tom Voss": {"2": Decimal(45)}}
    assert view.statuses == {"1": "shipped", "2": "cancelled"} and view.cities == {"Ida Roe": "Boston", "Tom Voss": "Boston"}
