"""Rows that speak of one thing: what another map, or an order before, knew of it is not hidden by an empty value."""

from datetime import datetime

import pytest

from fullcircle.config.sections import MapSettings
from fullcircle.mapping.conform import conform

OLD = datetime(2024, 1, 1)
ATTENDEE = {"key": "mail", "email": "mail", "phone": "phone", "street": "street", "city": "city"}
BUYER = {"key": "buyer", "email": "buyer", "full_name": "by"}


def map_of(to, fields, **more):
    named = {name: rule if isinstance(rule, dict) else {"field": rule} for name, rule in fields.items()}
    return MapSettings.model_validate({"source": "fair", "object": "tickets", "to": to, "fields": named, **more})


def of(engine, columns="phone, full_name, street, city"):
    return engine.rows(f"SELECT {columns} FROM conformed.records ORDER BY record_id")


@pytest.mark.parametrize("order", [1, -1])
def test_two_maps_of_one_person_add_up(engine, landing, progress, order):
    first = {
        "id": "1",
        "mail": "iris@example.com",
        "phone": "+15125550111",
        "street": "12 Elm Rd",
        "city": "Boston",
        "buyer": None,
        "by": None,
    }
    other = {
        "id": "2",
        "mail": "otto@example.com",
        "phone": None,
        "street": None,
        "city": None,
        "buyer": "iris@example.com",
        "by": "Iris Fenn",
    }
    landing.put("fair", "tickets", [first, other])
    maps = [map_of("records", ATTENDEE), map_of("records", BUYER, where="buyer IS NOT NULL")][::order]
    conform(engine, landing, maps, "US", progress)
    assert of(engine) == [("+15125550111", "Iris Fenn", "12 Elm Rd", "Boston"), (None, None, None, None)]


def test_a_value_that_was_emptied_is_empty(engine, landing, progress):
    old = {"_key": "a", "id": "1", "mail": "iris@example.com", "phone": "+15125550111", "_at": datetime(2024, 1, 1)}
    new = {"_key": "b", "id": "1", "mail": "iris@example.com", "phone": None, "_at": datetime(2024, 2, 1)}
    landing.put("fair", "tickets", [old, new])
    conform(engine, landing, [map_of("records", {"key": "id", "email": "mail", "phone": "phone"})], "US", progress)
    assert of(engine, "phone") == [(None,)]


def test_an_order_without_a_phone_does_not_take_away_that_of_the_one_before(engine, landing, progress):
    rows = [
        {"id": "1", "mail": "iris@example.com", "phone": "+15125550111", "street": "12 Elm Rd", "city": "Boston", "_at": OLD},
        {"id": "2", "mail": "iris@example.com", "phone": None, "street": None, "city": None, "_at": datetime(2024, 2, 1)},
        {"id": "3", "mail": "otto@example.com", "phone": None, "street": "1 Oak St", "city": "Hull", "_at": datetime(2024, 1, 1)},
        {"id": "4", "mail": "otto@example.com", "phone": None, "street": None, "city": "Perth", "_at": datetime(2024, 2, 1)},
    ]  # fmt: skip
    landing.put("fair", "tickets", rows)
    maps = [map_of("records", ATTENDEE), map_of("orders", {"record_id": {"field": "mail", "ref": "tickets"}})]
    conform(engine, landing, maps, "US", progress)
    assert of(engine) == [("+15125550111", None, "12 Elm Rd", "Boston"), (None, None, None, "Perth")]  # no street of another city
