"""What a proposal makes of headers that day one once passed over: tickets, SAP, meetings, bookings, addresses, consents."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

import pytest

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.plan import plan
from fullcircle.mapping.propose.sample import names_only
from fullcircle.mapping.status import status_of


def maps_of(**files: str) -> dict[str, dict[str, dict[str, object]]]:
    """Table -> column -> rule for files of which only the headers are known."""
    found = [FoundObject(name, (), tuple(FoundField(one) for one in headers.split(","))) for name, headers in files.items()]
    return {each.to: each.fields for one in plan(names_only("files", found), None) for each in one.maps}


@pytest.mark.parametrize(
    "headers",
    [
        "Ticket ID,Subject,Status,Priority,Source,Agent,Created time,Resolved time,Closed time,Full name,Email",
        "Case Number,Subject,Status,Owner,Created On,Closed On,Contact Name,Contact Email",
        "Issue Key,Summary,Status,Priority,Created,Resolved,Reporter,Email",
    ],
)
def test_a_file_of_tickets_is_known_by_its_headers(headers):
    tickets = maps_of(export=headers)["tickets"]
    assert {"record_id", "subject", "status", "opened_at", "closed_at"} <= tickets.keys()


def test_the_tickets_of_an_event_with_titles_of_people_are_no_tickets_of_a_help_desk():
    maps = maps_of(export="Ticket ID,Title,First name,Last name,Email,Status")
    assert set(maps) == {"records"}


def test_the_headers_of_sap():
    maps = maps_of(
        KNA1="KUNNR,NAME1,NAME2,STRAS,ORT01,PSTLZ,REGIO,LAND1,TELF1,SMTP_ADDR",
        VBAK="VBELN,ERDAT,AUART,KUNNR,NETWR,WAERK,VBTYP",
        VBAP="VBELN,POSNR,MATNR,ARKTX,KWMENG,NETPR,NETWR,WAERK",
    )
    assert {"full_name", "street", "city", "postcode", "region", "country", "phone", "email"} <= maps["records"].keys()
    assert {"record_id", "ordered_at", "amount", "currency", "status"} <= maps["orders"].keys()
    assert {"order_id", "product_id", "quantity", "amount"} <= maps["order_lines"].keys()
    assert maps["orders"]["record_id"]["ref"] == "KNA1"


def test_who_is_invited_is_a_customer_and_the_host_is_not():
    maps = maps_of(events="Host Name,Host Email,Invitee Name,Invitee Email,Event Type Name,Start Date & Time,Canceled")
    assert maps["records"]["email"] == {"field": "Invitee Email"}
    assert maps["interactions"]["at"] == {"field": "Start Date & Time"}
    assert "Host" not in str(maps)


def test_reservations_with_their_currency_in_the_price():
    maps = maps_of(
        export="Book Number,Booked by,Guest Name(s),Check-in,Check-out,Booked on,Status,Rooms,Price,Commission %,Phone number"
    )
    assert maps["orders"]["amount"] == {"field": "Price"}
    assert {"record_id", "ordered_at", "status", "currency"} <= maps["orders"].keys()


@pytest.mark.parametrize(
    ("street", "others"),
    [
        ("POAddressLine1", "POCity,PORegion,POPostalCode,POCountry"),
        ("billing_address.line1", "billing_address.city,billing_address.zip,billing_address.country"),
        ("Street Address 1", "City,State,Postal Code"),
        ("Улица, номер дома", "Город,Почтовый индекс,Страна"),
    ],
)
def test_the_street_has_a_prefix_or_a_number(street, others):
    name = "Имя,Фамилия" if street.startswith("У") else "First Name,Last Name"
    found = FoundObject(
        "contacts", (), tuple(FoundField(one) for one in [*f"{name},Email".split(","), street, *others.split(",")])
    )
    people = next(each for one in plan(names_only("files", [found]), None) for each in one.maps if each.to == "records")
    assert people.fields["street"] == {"field": street}
    assert {"city", "postcode"} <= people.fields.keys()


@pytest.mark.parametrize(
    ("header", "purpose"),
    [
        ("Email Marketing Consent", "email"),
        ("Email Subscription Status", "email"),
        ("SMS Marketing Consent", "sms"),
    ],
)
def test_a_word_says_whether_someone_subscribed(header, purpose):
    consent = maps_of(contacts=f"Contact ID,First Name,Last Name,Email,{header}")["consents"]
    assert consent["purpose"] == {"value": purpose}
    assert consent["granted"] == {"field": header}


@pytest.mark.parametrize(("word", "meaning"), [("Attending", "paid"), ("Payment Due", "placed")])
def test_more_words_for_a_status(word, meaning):
    assert status_of(word) == meaning


def test_a_receipt_counts_once_and_not_again_for_its_lines_and_payments():
    maps = maps_of(
        sales="Date,Receipt Number,Line Type,Customer Code,Customer Name,Quantity,Subtotal,Sales Tax,Discount,Total,Paid,Details,Register,User,Status,Sku"
    )
    assert {"records", "orders", "products", "order_lines"} <= maps.keys()
    assert maps["orders"]["status"]["map"]["CLOSED"] == "paid"


def test_order_lines_of_odoo_with_the_labels_of_its_export():
    maps = maps_of(
        orders="External ID,Order Reference,Order Date,Customer/External ID,Customer,Salesperson,Total,Untaxed Amount,Status,Invoice Status",
        lines="External ID,Order Reference/External ID,Product,Quantity,Unit of Measure,Unit Price,Discount (%),Subtotal",
    )
    assert {"order_id", "product_id", "quantity", "unit_price"} <= maps["order_lines"].keys()
