"""Lists of customers with a contact, a flag where an address might be, and a receiver beside; and lists of suppliers."""

import pytest

from tests.mapping.test_links import fields, project, proposed

LIST = (
    "{kind}_name,email,contact_first_name,contact_last_name,account_number,phone,address_line_1,city,postal_code/zip_code,"
    "province/state,shipping_address,ship-to_contact,ship-to_address_line_1,ship-to_city,ship-to_phone\n"
    "Hollis Freight Ltd.,ap@hollis.example,Ines,Mott,C-1,604-555-0170,5 Dock Rd,Delta,V3M 8H8,BC,False,,,,\n"
    "Crag Inc,ap@crag.example,Tim,Alba,C-2,604-555-0171,9 Summit Ave,Burnaby,V5C 3C3,BC,False,,,,\n"
    "Wilma Okoro,w@oko.example,Wilma,Okoro,C-3,604-555-0172,4 Alder St,Surrey,V3T4D4,BC,True,Kit Okoro,2 Park,Delta,6045550199\n"
)
INVOICES = (
    "Invoice Number,Invoice Date,Customer,Status,Currency,Invoice Total\n"
    "W-1,2026-02-13,Hollis Freight Ltd.,Paid,CAD,20.00\nW-2,2026-03-14,Crag Inc,Paid,CAD,30.00\n"
    "W-3,2026-04-15,Wilma Okoro,Paid,CAD,40.00\nW-4,2026-04-16,Crag Inc,Paid,CAD,50.00\n"
)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    files = {
        "wave_customers": LIST.format(kind="customer"),
        "wave_invoices": INVOICES,
        "wave_vendors": LIST.format(kind="vendor"),
    }
    return proposed(project(tmp_path_factory.mktemp("wave"), **files))


def test_true_and_false_are_no_street(found):
    people = fields(found["wave_customers"], "records")
    assert people["street"] == {"field": "address_line_1"}
    assert (people["postcode"], people["region"]) == ({"field": "postal_code/zip_code"}, {"field": "province/state"})
    places = [one["fields"] for one in found["wave_customers"]["maps"] if one["to"] == "addresses"]
    assert [one["street"] for one in places] == [{"field": "ship-to_address_line_1"}]


def test_the_phone_of_a_receiver_with_a_name_is_not_the_customers(found):
    values = [one["fields"]["value"] for one in found["wave_customers"]["maps"] if one["to"] == "identifiers"]
    assert {"field": "ship-to_phone"} not in values


def test_bills_meet_the_customer_by_the_name_of_the_company(found):
    rule = fields(found["wave_invoices"], "orders")["record_id"]
    assert rule == {"field": "Customer", "ref": "wave_customers", "by": "organisation"}
    assert [one["to"] for one in found["wave_invoices"]["maps"]] == ["orders"]


def test_vendors_are_no_customers(found):
    assert not found["wave_vendors"]["maps"]


@pytest.mark.parametrize("header", ["vendor_name", "Supplier", "Lieferant", "Dodavatel", "Fornitore"])
def test_a_list_whose_first_column_names_suppliers_is_no_list_of_customers(tmp_path, header):
    text = f"{header},email,phone,city\nHollis Ltd,a@hollis.example,604-555-0170,Delta\nCrag,b@crag.example,604-555-0171,Delta\n"
    assert not proposed(project(tmp_path, contacts=text))["contacts"]["maps"]


@pytest.mark.parametrize(("yes", "no"), [("True", "False"), ("Oui", "Non"), ("ja", "nein"), ("1", "0"), ("はい", "いいえ")])
def test_a_flag_is_no_address_in_any_language(tmp_path, yes, no):
    text = f"id,name,email,address\n1,Ada Tal,a@example.com,{yes}\n2,Bo Berg,b@example.com,{no}\n3,Cy Elm,c@example.com,{no}\n"
    assert "street" not in fields(proposed(project(tmp_path, customers=text))["customers"], "records")
