"""Proposals: they read as config, map what matters, and run."""

import pyarrow as pa
import pytest

from fullcircle.config.read import read_config
from fullcircle.connectors.base import Batch, FoundField, FoundObject
from fullcircle.mapping.conform import conform
from fullcircle.mapping.propose.guess import named, plain, words
from fullcircle.mapping.propose.plan import plan
from fullcircle.mapping.propose.sample import names_only, take
from fullcircle.mapping.propose.suggest import suggest
from fullcircle.model.identifiers import IDENTIFIER_KINDS


def found(name, fields, key=()):
    return FoundObject(name, key, tuple(FoundField(each.strip()) for each in fields.split(",")))


NORTHWIND = [
    found("Categories", "CategoryID,CategoryName,Description", ("CategoryID",)),
    found("Customers", "CustomerID,CompanyName,ContactName,Address,City,Region,PostalCode,Country,Phone,Fax", ("CustomerID",)),
    found("Employees", "EmployeeID,LastName,FirstName,Title,BirthDate,HomePhone", ("EmployeeID",)),
    found("Order Details", "OrderID,ProductID,UnitPrice,Quantity,Discount", ("OrderID", "ProductID")),
    found("Orders", "OrderID,CustomerID,EmployeeID,OrderDate,ShippedDate,Freight,ShipName", ("OrderID",)),
    found("Products", "ProductID,ProductName,SupplierID,CategoryID,UnitPrice", ("ProductID",)),
    found("Suppliers", "SupplierID,CompanyName,ContactName,Phone", ("SupplierID",)),
]


def maps_of(tmp_path, source, objects, name="proposal"):
    text = suggest(source, "sql", objects)
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path).map, text


def as_dict(entry):
    return {
        name: (rule.field or rule.value, rule.ref) if rule.ref else rule.field or rule.value
        for name, rule in entry.fields.items()
    }


def test_a_shop_database(tmp_path):
    maps, text = maps_of(tmp_path, "shop", NORTHWIND)
    assert {entry.object: entry.to for entry in maps if entry.to != "identifiers"} == {
        "Customers": "records", "Order Details": "order_lines", "Orders": "orders", "Products": "products",
    }  # fmt: skip
    by_table = {entry.to: as_dict(entry) for entry in maps}
    assert by_table["orders"] == {"record_id": ("CustomerID", "Customers"), "ordered_at": "OrderDate"}
    assert by_table["order_lines"] == {
        "order_id": ("OrderID", "Orders"), "product_id": ("ProductID", "Products"),
        "quantity": "Quantity", "unit_price": "UnitPrice", "discount": "Discount",
    }  # fmt: skip
    assert by_table["records"].items() >= {"organisation": "CompanyName", "full_name": "ContactName", "street": "Address"}.items()
    assert by_table["products"].items() >= {"name": "ProductName", "price": "UnitPrice"}.items()
    assert [as_dict(entry) for entry in maps if entry.to == "identifiers"] == [{"kind": "fax", "value": "Fax"}]
    assert "# not used: EmployeeID" in text
    assert "shop.Employees is not mapped" in text


def test_german_tables(tmp_path):
    objects = [
        found(
            "kunden", "kundennr,vorname,nachname,straße,plz,ort,e-mail,telefon,geburtsdatum,kundenkarte,newsletter", ("kundennr",)
        ),
        found("bestellungen", "bestellnr,kundennr,bestelldatum,summe", ("bestellnr",)),
        found("bestellpositionen", "bestellnr,artikelnr,menge,einzelpreis"),
        found("artikel", "artikelnr,bezeichnung,warengruppe,preis", ("artikelnr",)),
    ]
    maps, _ = maps_of(tmp_path, "laden", objects)
    assert [(entry.object, entry.to) for entry in maps] == [
        ("kunden", "records"), ("kunden", "identifiers"), ("kunden", "consents"), ("bestellungen", "orders"),
        ("bestellpositionen", "order_lines"), ("artikel", "products"),
    ]  # fmt: skip
    assert (
        as_dict(maps[0]).items()
        >= {"given_name": "vorname", "street": "straße", "email": "e-mail", "birth_date": "geburtsdatum"}.items()
    )
    assert as_dict(maps[4])["product_id"] == ("artikelnr", "artikel")


@pytest.mark.parametrize("name", ["orders", "export"])
def test_one_file_with_everything_makes_four_maps_that_run(tmp_path, engine, landing, progress, name):
    objects = [found(name, "order_no, order date, customer_email, customer name, sku, item name, qty, price")]
    maps, _ = maps_of(tmp_path, "shop", objects)
    line = {"order_no": "7", "order date": "2024-05-01", "customer_email": "Ann@X.org", "customer name": "ann lee", "sku": "t"}
    landing.put(
        "shop", name,
        [
            {**line, "_key": "1", "item name": "Tea", "qty": "2", "price": "1.50"},
            {**line, "_key": "2", "sku": "p", "item name": "Pot", "qty": "1", "price": "20"},
        ],
    )  # fmt: skip
    counts = conform(engine, landing, maps, "US", progress)
    assert [counts[each] for each in ("records", "orders", "order_lines", "products", "quarantine")] == [1, 1, 2, 2, 0]
    assert engine.rows("SELECT full_name, email FROM conformed.records") == [("Ann Lee", "ann@x.org")]
    assert engine.value("SELECT amount FROM conformed.orders") == 23
    assert engine.value("SELECT count(*) FROM conformed.orders o JOIN conformed.records r USING (record_id)") == 1


def test_e_mails_are_known_by_their_shape(tmp_path):
    fields = (FoundField("id"), FoundField("erreichbar", "text", "aaaa@aaa.aa"), FoundField("first_name"))
    maps, _ = maps_of(tmp_path, "s", [FoundObject("contacts", ("id",), fields)])
    assert as_dict(maps[0])["email"] == "erreichbar"


def test_nasty_names_are_still_toml(tmp_path):
    maps, text = maps_of(tmp_path, 'a"b', [found('cust"omers\n', 'e-mail,x"y\\,\x7f\x01z,name\t', ())], "nasty")
    assert text.strip()
    assert all(entry.source == 'a"b' for entry in maps)


def test_nothing_found_is_nothing_proposed():
    assert suggest("empty", "sql", []) == ""


def test_names_are_compared_plainly():
    assert plain("dbo.OrderDetails") == plain("Order Details") == plain("order-details") == "order_details"
    assert plain("Straße") == "strasse"
    assert [named(each) for each in ("Customers", "shop_orders", "sale.line", "tbl_produkte", "weather")] == [
        "records", "orders", "order_lines", "products", "",
    ]  # fmt: skip


def test_synonyms_of_identifiers_are_of_kinds_in_the_model():
    assert words()["identifiers"].keys() <= IDENTIFIER_KINDS.keys()


def planned(*objects):
    return plan(names_only("files", list(objects)), None)


def test_rows_that_say_that_they_were_deleted_are_left_out():
    (people,) = planned(found("contacts", "id,first name,last name,email,phone,deleted,deleted_at"))
    assert all('"deleted" AS VARCHAR' in one.where and '"deleted_at" AS VARCHAR' in one.where for one in people.maps)
    assert not {"deleted", "deleted_at"} & set(people.left)


def test_each_address_of_a_person_is_of_one_place():
    (people,) = planned(found("contacts", "id,name,billing street,billing city,shipping street,shipping city,shipping postcode"))
    assert people.maps[0].fields["street"] == {"field": "billing street"}
    assert people.maps[0].fields["city"] == {"field": "billing city"}
    assert "postcode" not in people.maps[0].fields
    assert [one.fields["postcode"] for one in people.maps if one.to == "addresses"] == [{"field": "shipping postcode"}]


def test_columns_that_deny_say_who_refused():
    (people,) = planned(found("contacts", "id,email,unsubscribed,do not call"))
    denied = {one.fields["purpose"]["value"]: one.fields["refused"] for one in people.maps if one.to == "consents"}
    assert denied == {"email": {"field": "unsubscribed"}, "call": {"field": "do not call"}}


@pytest.mark.parametrize(
    ("header", "kinds"),
    [
        ("E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Value,Phone 2 - Value", ["email", "phone"]),
        ("Email,Alternate Email Address,Mobile,Home Phone,Fax", ["email", "fax", "phone"]),
        ("Email,Email Opt In,Email Status,Phone,Phone Type", []),
        ("Email,Spouse Email,Company Phone,Agent Phone,Phone", []),
        ("EMAIL;TYPE=HOME,EMAIL;TYPE=WORK,TEL;TYPE=CELL,TEL;TYPE=HOME", ["email", "phone"]),
    ],
)
def test_further_e_mails_and_phones_by_their_headers(header, kinds):
    (people,) = planned(found("contacts", f"id,first name,last name,{header}"))
    assert sorted(one.fields["kind"]["value"] for one in people.maps if one.to == "identifiers") == kinds


def test_customers_that_are_accounts_are_known_by_the_number_of_the_account(tmp_path, engine):
    people = sampled(
        engine,
        "individuals",
        "Account ID,First Name,Last Name,E-Mail",
        ("A1", "Iris", "Fenn", "iris@example.com"),
        ("A2", "Otto", "Beck", "otto@example.com"),
    )
    orders = sampled(
        engine, "sales_orders", "Sales Order ID,Account ID,Document Date,Net Value", ("1", "A2", "2024-02-01", "10.00")
    )
    by_name = {one.sample.name: one for one in plan([people, orders], engine)}
    assert by_name["sales_orders"].maps[0].fields["record_id"] == {"field": "Account ID", "ref": "individuals"}


def sampled(engine, name, header, *rows):
    fields = header.split(",")
    table = pa.table({field: [row[place] for row in rows] for place, field in enumerate(fields)})
    meta = pa.table({"_key": [str(n) for n in range(len(rows))], "_op": ["upsert"] * len(rows)})
    for field in fields:
        meta = meta.append_column(field, table[field])

    class One:
        def discover(self):
            return [found(name, header)]

        def pull(self, _name, _since):
            return iter([Batch(meta, None)])

    return take(engine, "files", One())[0]
