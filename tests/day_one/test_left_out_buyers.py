"""Staff whom the list of customers leaves out do not come back by the sales that name them."""

from __future__ import annotations

from tests.day_one.conftest import bring

FILES = {
    "customers.csv": """
customer_code,first_name,last_name,email,customer_group_name
ADA-1,Ada,Tal,ada@tal.example,All Customers
BO-2,Bo,Berg,bo@berg.example,All Customers
CY-3,Cy,Dorn,cy@dorn.example,Staff
""",
    "sales.csv": """
Sale Number,Date,Customer Code,Customer Name,Total
1,2025-01-02,ADA-1,Ada Tal,10.00
2,2025-01-03,BO-2,Bo Berg,20.00
3,2025-01-04,CY-3,Cy Dorn,40.00
4,2025-01-05,ADA-1,Ada Tal,80.00
""",
}


def test_staff_do_not_come_back_by_their_sales(tmp_path):
    view = bring(tmp_path, FILES)
    assert view.people == {"Ada Tal", "Bo Berg"}
    assert set(view.orders["Ada Tal"]) == {"1", "4"} and set(view.statuses) == {"1", "2", "3", "4"}
