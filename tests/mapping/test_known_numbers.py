"""Numbers beside the key, by which people know a customer, an order or a case: proposed, and never mistaken for others."""

import pytest

from tests.mapping.test_links import project, proposed

ORDERS = "id,{},customer_id,date,total\n91,{},1,2025-01-05,10.00\n92,{},2,2025-01-06,20.00\n93,{},2,2025-01-07,30.00\n"
PEOPLE = "id,{},name,email\n1,{},Ada Tal,ada@tal.example\n2,{},Bo Berg,bo@berg.example\n3,{},Cy Dorn,cy@dorn.example\n"


def _numbers(found):
    return {
        **{one["to"]: one["fields"]["number"]["field"] for one in found["maps"] if "number" in one["fields"]},
        **{
            one["to"]: one["fields"]["value"]["field"]
            for one in found["maps"]
            if one["to"] == "identifiers" and one["fields"]["kind"].get("value") == "customer_no"
        },
    }


@pytest.mark.parametrize("header", ["Order Number", "Bestellnummer", "Numéro de commande", "order_name", "Ordernummer"])
def test_the_number_of_an_order_beside_its_key(tmp_path, header):
    files = project(
        tmp_path, customers=PEOPLE.format("x", "a", "b", "c"), orders=ORDERS.format(header, "#1001", "#1002", "#1003")
    )
    found = proposed(files)["orders"]
    assert _numbers(found) == {"orders": header}
    assert header not in found["not_used"]


@pytest.mark.parametrize("header", ["Customer Number", "Kundennummer", "Code client", "Klantnummer", "Número de cliente"])
def test_the_number_of_a_customer_beside_the_key(tmp_path, header):
    files = {"customers": PEOPLE.format(header, "CLI-003", "CLI-004", "CLI-005"), "orders": ORDERS.format("x", "a", "b", "c")}
    found = proposed(project(tmp_path, **files))["customers"]
    assert _numbers(found) == {"identifiers": header}


@pytest.mark.parametrize(
    ("header", "values"),
    [("Customer Number", ("A-1", "A-1", "A-1")), ("Customer Number", ("new", "old", "new")), ("Reference", ("Bo", "Cy", "Di"))],
)
def test_what_repeats_or_has_no_digits_is_no_number(tmp_path, header, values):
    assert _numbers(proposed(project(tmp_path, customers=PEOPLE.format(header, *values)))["customers"]) == {}
