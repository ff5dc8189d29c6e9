"""References that miss their key by the way a number is written: 17.0 is linked to 17, 0017 is only reported."""

import pytest

from fullcircle.mapping.conform import conform
from tests.mapping.test_conform import map_of


def links(engine, landing, progress, keys, refs):
    """The customers that orders with these references have."""
    landing.put("shop", "people", [{"id": key, "name": f"Ada {n}"} for n, key in enumerate(keys)])
    landing.put("shop", "orders", [{"id": f"{n:03}", "who": ref} for n, ref in enumerate(refs)])
    maps = [
        map_of("shop", "people", "records", {"full_name": "name"}),
        map_of("shop", "orders", "orders", {"record_id": {"field": "who", "ref": "people"}}),
    ]
    conform(engine, landing, maps, "US", progress)
    return [ref.rsplit(":")[-1] for (ref,) in engine.rows("SELECT record_id FROM conformed.orders ORDER BY key")]


@pytest.mark.parametrize(("keys", "refs"), [(["17", "18"], ["17.0", "18.00"]), (["17.0", "18.0"], ["17", "18"])])
def test_a_float_is_its_number(engine, landing, progress, keys, refs):
    assert links(engine, landing, progress, keys, refs) == keys
    assert [text for text in progress.said if "2 values are written as 17.0" in text]


def test_leading_zeros_are_only_reported(engine, landing, progress):
    assert links(engine, landing, progress, ["17", "018", "19"], ["0017", "18", "99", "19"]) == ["0017", "18", "99", "19"]
    assert [text for text in progress.said if "2 values would have a key if leading zeros did not count" in text]


def test_what_fits_is_left_alone(engine, landing, progress):
    assert links(engine, landing, progress, ["17", "17.0", "A-1"], ["17", "17.0", "A-1", "A-1.0"])[:3] == ["17", "17.0", "A-1"]
    assert not progress.said


def test_a_reference_that_could_be_two_keys_is_left_alone(engine, landing, progress):
    assert links(engine, landing, progress, ["17.0", "17.00"], ["17"]) == ["17"]
