"""A whole address in one cell is not a street: it is split where its parts are certain, else left out."""

import duckdb

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.suggest import suggest

GRID = (
    "ID,Purchase Point,Purchase Date,Bill-to Name,Ship-to Name,Grand Total (Purchased),Status,"
    "Billing Address,Shipping Address,Customer Email"
)


def proposed(name, header):
    return suggest("files", "files", [FoundObject(name, (), tuple(FoundField(one) for one in header.split(",")))])


def rule(text, column):
    """The SQL that a proposal gives for a column."""
    line = next(line for line in text.splitlines() if line.startswith(f"{column} = {{ sql"))
    return line.split('sql = "', 1)[1].rsplit('" }', 1)[0].replace('\\"', '"')


def test_the_billing_address_of_magentos_orders_is_split_if_it_has_four_parts():
    text = proposed("export_orders", GRID)
    read = ", ".join(rule(text, column) for column in ("street", "city", "region", "postcode"))
    cells = "('4 Elm Rd,Hull,England,HU1 1AA'), ('4 Elm Rd,Perth,,PH1 5EN'), ('Flat 2,4 Elm Rd,Hull,England,HU1 1AA'), (NULL)"
    rows = duckdb.sql(f'SELECT {read} FROM (VALUES {cells}) AS orders("Billing Address")').fetchall()
    assert rows == [
        ("4 Elm Rd", "Hull", "England", "HU1 1AA"),
        ("4 Elm Rd", "Perth", None, "PH1 5EN"),
        (None, None, None, None),
        (None, None, None, None),
    ]
    assert 'street = "' not in text
    assert "Shipping Address is left out on purpose" in text


def test_the_billing_address_of_magentos_customers_is_left_out_with_a_note():
    text = proposed("export_customers", "ID,Name,Email,Customer Since,Web Site,Confirmed email,Billing Address,City,ZIP")
    assert "Magento" in text
    assert 'street = "' not in text
    assert "Billing Address is left out on purpose: a whole address in one cell" in text
