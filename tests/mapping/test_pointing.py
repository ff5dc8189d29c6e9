"""A proposal never points to rows that no map makes: `map check` would refuse it."""

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.planner import Proposed, ProposedMap
from fullcircle.mapping.propose.pointing import point_only_there
from fullcircle.mapping.propose.sample import Sample


def proposed(name: str, *maps: ProposedMap) -> Proposed:
    return Proposed(Sample("shop", FoundObject(name, (), (FoundField("id"),))), maps=list(maps))


def test_a_map_that_needs_rows_which_nothing_makes_is_dropped_and_said() -> None:
    of_own = ProposedMap("identifiers", {"kind": {"value": "x"}, "value": {"field": "user_id"}})
    ref = {"field": "user_id", "ref": "payments"}
    pays = proposed("payments", ProposedMap("identifiers", {"record_id": ref, "value": {"field": "user_id"}}), of_own)
    point_only_there([pays])
    assert pays.maps == []
    assert pays.notes[0] == (
        "LOOK: no identifiers are proposed from user_id: record_id would point to rows that no map makes"
    )  # fmt: skip


def test_a_map_that_can_be_without_it_is_kept_and_what_points_to_the_dropped_goes_too() -> None:
    orders = ProposedMap("orders", {"key": {"field": "id"}, "record_id": {"field": "who", "ref": "people"}})
    lines = ProposedMap(
        "order_lines", {"order_id": {"field": "o", "ref": "nothing"}, "product_id": {"field": "p", "ref": "goods"}}
    )
    made = [proposed("orders", orders), proposed("lines", lines)]
    point_only_there(made)
    assert made[0].maps == [ProposedMap("orders", {"key": {"field": "id"}})]
    assert made[0].notes == ["LOOK: orders.record_id is left out: record_id would point to rows that no map makes"]
    assert made[1].maps == []


def test_what_points_to_something_stays() -> None:
    people = proposed(
        "people", ProposedMap("records", {"key": {"field": "id"}}), ProposedMap("consents", {"purpose": {"value": "a"}})
    )
    orders = proposed("orders", ProposedMap("orders", {"record_id": {"field": "who", "ref": "shop.people"}}))
    point_only_there([people, orders])
    assert len(people.maps) == 2 and "record_id" in orders.maps[0].fields and not people.notes + orders.notes
