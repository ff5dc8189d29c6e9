"""A landed row that is also about others is emptied: nothing is left of the erased person, no record without a name either."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.privacy.erase import erase
from fullcircle.stage import Choice
from fullcircle.steward.who import customer_named
from tests import small

SOURCE = """
[sources.post]
connector = "files"
path = "post"
[sources.post.objects.parcels]
files = "parcels.jsonl"
key = "id"
[[map]]
source = "post"
object = "parcels"
to = "interactions"
fields = { record_id = { field = "sender", ref = "crm.contacts" }, at = "day", text = "what" }
"""
RECEIVER = """
[[map]]
source = "post"
object = "parcels"
to = "records"
key = "receiver"
fields = { key = "id", full_name = "name", email = "mail" }
"""


Project = Callable[[str], Config]


def _parcel(id: str, sender: int, name: str, mail: str) -> str:
    return json.dumps(
        {
            "id": id, "sender": str(sender), "day": "2026-03-04", "what": f"Parcel {id}", "name": name, "mail": mail,
        }
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Project:
    def made(maps: str) -> Config:
        rows = [_parcel("p1", 18, "Nia Quill", "nia@example.org"), _parcel("p2", 19, "Bo Tal", "bo@example.org")]
        files = {**small.FILES, "post/parcels.jsonl": "\n".join(rows) + "\n"}
        settings = read_config(small.make(tmp_path / "project", SOURCE + maps + small.PARQUET, files))
        _run(settings)
        return settings

    return made


def _run(settings: Config) -> None:
    with open_desk(settings) as desk:
        run(desk, Choice())


def _ids(settings: Config, table: str) -> set[str]:
    with open_desk(settings) as desk:
        return {row[0] for row in desk.engine.rows(f"SELECT record_id FROM {table} WHERE source = 'post'")}


def _of_parcels(settings: Config) -> dict[str, int]:
    tables = ("records", "identifiers", "interactions", "quarantine")
    with open_desk(settings) as desk:
        return {name: int(desk.engine.value(f"SELECT count(*) FROM {name} WHERE source = 'post'")) for name in tables}


def test_no_record_without_a_name_is_left(project: Project) -> None:
    settings = project(RECEIVER)
    (nia,) = {id for id in _ids(settings, "records") if ":p1" in id}
    before = _of_parcels(settings)
    assert before["records"] == before["interactions"] == 2
    erase(settings, [nia], customer_named, "officer")
    _is_gone(settings, nia, others=1)
    file = settings.folder / "post/parcels.jsonl"
    file.write_text(file.read_text() + _parcel("p3", 19, "Ray Ash", "ray@example.org") + "\n")
    _run(settings)  # all rows are read again
    _is_gone(settings, nia, others=2)


def _is_gone(settings: Config, nia: str, others: int) -> None:
    left = _of_parcels(settings)
    assert left == {"records": others, "identifiers": others, "interactions": others + 1, "quarantine": 0}
    with open_desk(settings) as desk:
        assert not desk.engine.rows("SELECT 1 FROM customers WHERE name IS NULL")
        assert not desk.engine.rows("SELECT 1 FROM members WHERE record_id = $id", {"id": nia})


def test_the_next_element_of_an_array_has_the_id_of_the_one_that_is_gone_and_stays(project: Project) -> None:
    guests = """
[sources.post.objects.trips]
files = "trips.jsonl"
key = "id"
[[map]]
source = "post"
object = "trips"
to = "records"
each = "guests"
key = "guest"
fields = { full_name = "name", email = "mail" }
"""
    folder = project(RECEIVER).folder
    trip = {
        "id": "t1",
        "guests": [{"name": f"{one} Guest", "mail": f"{one.lower()}@trip.example"} for one in ("Mia", "Noa", "Pia")],
    }
    other = {"id": "t2", "guests": [{"name": "Ray Guest", "mail": "ray@trip.example"}]}
    (folder / "post/trips.jsonl").write_text(f"{json.dumps(trip)}\n{json.dumps(other)}\n")
    config = folder / "fullcircle.toml"
    config.write_text(config.read_text() + guests)
    settings = read_config(config)
    _run(settings)
    erase(settings, ["mia@trip.example"], customer_named, "officer")
    with open_desk(settings) as desk:
        names = desk.engine.rows("SELECT full_name FROM records WHERE full_name LIKE '% Guest' ORDER BY 1")
    assert names == [("Noa Guest",), ("Pia Guest",), ("Ray Guest",)]
