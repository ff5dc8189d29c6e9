"""What every connector to a web API must do, whatever happens: the same tests for all of them, each in its own world."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fullcircle.connectors.http import retries
from fullcircle.connectors.sources.salesforce import bulk
from fullcircle.connectors.sources.shopify import bulk as shopify_bulk
from fullcircle.errors import SourceError, SourceUnreachable, TooManyGone
from tests.connectors.contract import Killed, Town, World, ends_at, happen, killed_at
from tests.connectors.dataverse_world import DataverseWorld, UntrackedWorld
from tests.connectors.hubspot_world import HubSpotWorld
from tests.connectors.odoo_world import OdooWorld
from tests.connectors.salesforce_world import SalesforceWorld
from tests.connectors.shopify_world import ShopifyWorld
from tests.connectors.zendesk_world import ZendeskWorld
from tests.fakes.faulty import FAULTS

WORLDS: dict[str, Callable[[], World]] = {
    "salesforce": SalesforceWorld,
    "hubspot": HubSpotWorld,
    "dataverse": DataverseWorld,
    "dataverse without tracking": UntrackedWorld,
    "shopify": ShopifyWorld,
    "zendesk": ZendeskWorld,
    "odoo": OdooWorld,
}
SWEPT = [name for name in WORLDS if name != "zendesk"]  # of which ids are compared
QUICK = {"timeout_seconds": 0.4, "tries": 4}


@pytest.fixture(params=WORLDS)
def town(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setenv("SF_SECRET", "s3cret")
    monkeypatch.setenv("DV_SECRET", "s3cret")
    monkeypatch.setenv("SHOP_SECRET", "s3cret")
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    for slow in (bulk, shopify_bulk):
        monkeypatch.setattr(slow, "FIRST_LOOK", 0.001)
    world = WORLDS[request.param]()
    town = Town(world, tmp_path, monkeypatch)
    yield town
    town.close()
    world.server.stop()


def some(world: World, number: int = 8) -> list[str]:
    return [world.make(f"number {n}") for n in range(number)]


@pytest.mark.parametrize("seed", range(2))
def test_a_full_pull_is_the_sum_of_increments_for_any_cut(town: Town, seed: int) -> None:
    dice = random.Random(seed)
    bit_by_bit = town.copy()
    for _ in happen(town.world, dice, 30):
        if dice.random() < 0.2:
            bit_by_bit.pull()
    bit_by_bit.pull()
    bit_by_bit.must_be_right()
    at_once = town.copy()
    at_once.pull()
    assert at_once.whole() == bit_by_bit.whole()


def test_nothing_new_lands_nothing(town: Town) -> None:
    some(town.world)
    copy = town.copy()
    copy.pull()
    [again] = copy.pull().objects
    assert (again.rows, again.deleted, again.rejected) == (0, 0, 0)


def test_what_commits_late_is_found(town: Town) -> None:
    copy = town.copy()
    some(town.world)
    copy.pull()
    town.world.make_late("late")
    copy.pull()
    copy.must_be_right()


def test_deletes_and_merges_arrive_as_events(town: Town) -> None:
    a, b, c, d, e = some(town.world, 5)
    copy = town.copy()
    copy.pull()
    town.world.wait()
    town.world.delete(a)
    town.world.delete_hard(b)
    town.world.merge(c, d)
    [found] = copy.pull().objects
    assert found.deleted == 3 - len(town.world.merged())  # of a merge, not every system says into what
    copy.must_be_right()
    assert {*copy.rows()} == {d, e}


def test_what_was_deleted_long_ago_is_found_too(town: Town) -> None:
    keys = some(town.world)
    copy = town.copy()
    copy.pull()
    town.world.delete(keys[0])
    town.world.delete_hard(keys[1])
    town.world.merge(keys[2], keys[3])
    town.world.wait_long()
    copy.pull()
    copy.must_be_right()


def _more(world: World) -> None:
    keys = sorted(world.truth())
    world.wait()
    world.change(keys[0], "changed")
    world.delete(keys[1])
    world.delete_hard(keys[2])
    world.merge(keys[3], keys[4])
    some(world, 3)


WHEN = ["first", "later", "long after"]


@pytest.mark.parametrize("when", WHEN)
def test_a_pull_that_ends_at_any_request_is_continued(town: Town, when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    some(town.world, 6)
    start = town.copy(tries=1)
    if when != "first":
        start.pull()
        _more(town.world)
    if when == "long after":
        town.world.wait_long()
    step = town.world.sampled
    for number in range(WHEN.index(when) % step, 100, step):
        copy = start.again(town)
        how = "killed" if number // step % 2 else "down"
        try:
            with ends_at(number, how, town.world, monkeypatch):
                copy.pull()
        except (Killed, SourceError):
            copy.pull()
            copy.must_be_right()
        else:
            break
    assert number > 3
    copy.must_be_right()


def test_a_first_pull_that_is_killed_again_and_again_gets_through(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    some(town.world, 12)
    town.batch_rows = 3
    few = town.world.slowly()
    copy, kills = town.copy(), 0
    while True:
        try:
            with killed_at(few, monkeypatch):
                copy.pull()
            break
        except Killed:
            kills += 1
            assert kills < 20
    assert kills > 1
    copy.must_be_right()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("when", ["first", "later"])
def test_a_fault_that_passes_changes_nothing(town: Town, fault: str, when: str) -> None:
    some(town.world)
    slow = fault in ("stall", "slow")
    copy = town.copy(**QUICK)
    if when == "later":
        copy.pull()
        _more(town.world)
    town.world.server.faults.extend(["", "", "", fault] if slow else ["", "", fault] * 20)
    copy.pull()
    copy.must_be_right()


@pytest.mark.parametrize("fault", ["500", "503", "cut", "reset", "garbage"])
def test_a_fault_that_stays_is_said_in_plain_words(town: Town, fault: str) -> None:
    keys = some(town.world)
    copy = town.copy(**QUICK)
    copy.pull()
    town.world.change(keys[0], "Anna Secret")
    town.world.server.faults.extend(["", "", *[fault] * 100])
    with pytest.raises(SourceUnreachable) as raised:
        copy.pull()
    assert "Anna" not in raised.value.message + raised.value.hint
    town.world.server.faults.clear()
    copy.pull()
    copy.must_be_right()


def test_texts_of_all_kinds(town: Town) -> None:
    texts = ["Zoë", "名前", "a\tb", 'say "hi", twice', "two\nlines", "\u202eright to left", "😀", "x" * 1_000_000, " blanks "]
    for text in texts:
        town.world.make(text)
    copy = town.copy()
    copy.pull()
    assert sorted(str(text) for text in copy.rows().values()) == sorted(texts)
    [again] = copy.pull().objects
    assert again.rows == 0


def test_an_empty_object(town: Town) -> None:
    copy = town.copy()
    copy.pull()
    assert copy.rows() == {}
    some(town.world, 2)
    copy.pull()
    copy.must_be_right()


def test_a_field_that_vanishes(town: Town) -> None:
    keys = some(town.world)
    copy = town.copy()
    copy.pull()
    town.world.drop_field()
    town.world.change(keys[0], "changed")
    copy.pull()
    copy.must_be_right()


def test_a_field_that_changes_its_type(town: Town) -> None:
    some(town.world)
    copy = town.copy()
    copy.pull()
    field, key = town.world.change_type("twelve")
    copy.pull()
    copy.must_be_right()
    assert copy.engine.rows(
        f"SELECT \"{field}\" FROM ({copy.landing.current_sql('crm', town.world.object)}) WHERE _key = '{key}'"
    ) == [("twelve",)]


def test_an_object_that_may_not_be_read_is_skipped_and_said(town: Town) -> None:
    some(town.world)
    denied = town.world.deny()
    copy = town.copy()
    found = {one.object: one for one in copy.pull(denied, town.world.object).objects}
    assert (found[denied].skipped, found[town.world.object].skipped) == (True, False)
    assert [line for line in copy.said.lines if f"crm.{denied} was skipped" in line]
    copy.must_be_right()


@pytest.mark.parametrize("town", SWEPT, indirect=True)
def test_a_sweep_that_would_delete_most_stops_and_asks(town: Town) -> None:
    some(town.world, 120)
    copy = town.copy()
    copy.pull()
    town.world.wait_long()
    town.world.hide_rows()
    for _ in range(2):
        with pytest.raises(TooManyGone, match="118 of 120 rows are no longer in the source"):
            copy.pull()
        assert len(copy.rows()) == 120
    copy.pull(sweep_share=1)
    copy.must_be_right()
