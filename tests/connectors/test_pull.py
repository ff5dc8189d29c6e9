# ruff: noqa: ARG005 - a fake takes what the contract gives
"""The pull itself, with a connector made as docs/how-to/add-a-connector.md tells, and with one that sweeps."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fullcircle import registry
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.base import META, Batch, Cursor, FetchesKeys, SweepsIds
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import PulledObject, pull
from fullcircle.model.progress import Silent

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-connector.md"


def test_the_connector_of_the_how_to_page_works(landing: Landing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    module: dict[str, Any] = {}
    exec(code, module)
    monkeypatch.setattr(registry, "load", lambda room, name: module["PLUGIN"])
    for to, news in ((3, 3), (5, 2), (5, 0)):
        landed = pull({"n": SourceSettings(connector="numbers", to=to)}, tmp_path, landing, Silent())
        assert landed.objects == (PulledObject("n", "numbers", news, 0, 0),)
    found = landing.engine.rows(f"SELECT _key, n FROM ({landing.current_sql('n', 'numbers')}) ORDER BY n")
    assert found == [(str(n), n) for n in range(5)]


class Room:
    """A source that tells what it is told to tell, and sweeps what is there."""

    there: dict[str, str]
    changed: list[tuple[str, str, str]]
    closed = False

    def __init__(self, context: object) -> None:
        type(self).closed = False

    def check(self) -> list[str]:
        return []

    def discover(self) -> list[Any]:
        return []

    def objects(self) -> list[str]:
        return ["things"]

    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        yield Batch(rows(self.changed), {"told": len(self.changed)})

    def sweep(self, name: str) -> Iterator[pa.Array]:
        for key in self.there:
            yield pa.array([key])

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        yield Batch(rows([(key, "upsert", self.there[key]) for key in keys.to_pylist()]), cursor)

    def close(self) -> None:
        type(self).closed = True


def rows(events: list[tuple[str, str, str]]) -> pa.Table:
    keys, ops, raw = ([event[place] for event in events] for place in range(3))
    none = pa.nulls(len(events), pa.string())
    columns = [pa.array(keys, pa.string()), pa.array(ops, pa.string()), none, pa.nulls(len(events), pa.timestamp("us"))]
    return pa.table([*columns, pa.array(raw, pa.string())], schema=META)


def test_a_sweep_deletes_what_is_gone_and_fetches_what_was_missed(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(registry, "load", lambda room, name: Room)
    assert issubclass(Room, SweepsIds)
    assert issubclass(Room, FetchesKeys)

    def run(there: dict[str, str], *changed: tuple[str, str, str]) -> tuple[PulledObject, list[tuple[Any, ...]]]:
        Room.there, Room.changed = there, list(changed)
        [one] = pull({"room": SourceSettings(connector="room")}, tmp_path, landing, Silent()).objects
        assert Room.closed
        return one, landing.engine.rows(f"SELECT _key, _raw FROM ({landing.current_sql('room', 'things')}) ORDER BY 1")

    a, b = ("a", "upsert", "1"), ("b", "upsert", "1")
    assert run({"a": "1", "b": "1"}, a, b) == (PulledObject("room", "things", 2, 0, 0), [("a", "1"), ("b", "1")])
    assert run({"b": "1"}, b) == (PulledObject("room", "things", 0, 1, 0), [("b", "1")])
    assert run({"b": "1", "c": "9"}) == (PulledObject("room", "things", 1, 0, 0), [("b", "1"), ("c", "9")])
    # a key told twice in a batch: the last word counts, though it is what is landed already
    assert run({"b": "1", "c": "9"}, ("b", "upsert", "2"), b)[1] == [("b", "1"), ("c", "9")]
    assert run({"b": "1"}, ("c", "delete", ""), ("x", "delete", "")) == (PulledObject("room", "things", 0, 1, 0), [("b", "1")])
    assert run({}) == (PulledObject("room", "things", 0, 1, 0), [])


def test_the_connector_is_closed_when_it_fails(landing: Landing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Failing(Room):
        def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
            yield Batch(rows([("a", "upsert", "1")]), {"told": 1})
            raise RuntimeError("the source fell over")

    monkeypatch.setattr(registry, "load", lambda room, name: Failing)
    with pytest.raises(RuntimeError, match="fell over"):
        pull({"room": SourceSettings(connector="room")}, tmp_path, landing, Silent())
    assert Failing.closed
    assert landing.cursor("room", "things") == {"told": 1}
