"""`fullcircle graph changes`: what anybody changed in the graph, told from the store's own log, place by place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from fullcircle.errors import ConfigError, StoreError
from fullcircle.graph.base import KeepsLog, LogPosition, StoreContext
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.stores.neptune.store import Neptune
from fullcircle.serve.cli import graph_changes
from tests.servers.fake_neptune import REGION, FakeNeptune, Refuse

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("neptune")]
Call = Callable[..., Any]


def entry(commit: int, place: int, op: str = "ADD", **data: Any) -> dict[str, Any]:
    return {"commitTimestamp": 1_700_000_000_000, "eventId": {"commitNum": commit, "opNum": place}, "data": data, "op": op}


def said(value: object, type_: str = "String") -> dict[str, object]:
    return {"value": value, "dataType": type_}


LOG = [
    entry(1, 1, id="customer:1", type="vl", key="label", value=said("Customer")),
    entry(1, 2, id="customer:1", type="vp", key="name", value=said("Ada Müller")),
    entry(2, 1, "REMOVE", id="customer:1", type="vp", key="name", value=said("Ada Müller")),
    entry(2, 2, id="customer:1", type="vp", key="records", value=said(2, "Long")),
    entry(3, 1, id="placed:1", type="e", key="label", value=said("PLACED"), **{"from": "customer:1", "to": "order:1"}),
]
CONFIG = """
[graph]
store = "neptune"
endpoint = "127.0.0.1"
port = {port}
region = "{region}"
iam = false
tls = false
patience_seconds = 5
[graph.others.small]
store = "memory"
"""


@pytest.fixture
def call(neptune: FakeNeptune, aws: str, tmp_path: Path) -> Call:
    neptune.stream = list(LOG)
    path = tmp_path / "fullcircle.toml"
    path.write_text(CONFIG.format(port=neptune.port, region=REGION))
    room = typer.Typer()
    room.callback()(lambda: None)
    graph_changes.register(room)
    return lambda *words: CliRunner().invoke(room, ["changes", *words, "--config", str(path)])


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_skill_is_asked_for_and_not_the_name() -> None:
    assert issubclass(Neptune, KeepsLog)
    assert not isinstance(Memory(StoreContext(Path())), KeepsLog)


def test_changes_as_lines_of_json(call: Call) -> None:
    done = call("--json")
    assert done.exit_code == 0, done.output
    *changes, last = lines(done.stdout)
    assert changes == [
        {"op": "add", "element": "vertex", "id": "customer:1", "property": "label"},
        {"op": "add", "element": "vertex", "id": "customer:1", "property": "name"},
        {"op": "remove", "element": "vertex", "id": "customer:1", "property": "name"},
        {"op": "add", "element": "vertex", "id": "customer:1", "property": "records"},
        {"op": "add", "element": "edge", "id": "placed:1", "property": "label"},
    ]
    assert last == {"next": "3:1"}
    assert "Ada" not in done.output


def test_values_are_told_only_where_they_are_asked_for(call: Call) -> None:
    *changes, _ = lines(call("--json", "--values").stdout)
    assert [change["value"] for change in changes] == ["Customer", "Ada Müller", "Ada Müller", "2", "PLACED"]
    assert "Ada" not in call().output
    assert "Ada Müller" in call("--values").stdout


def test_changes_as_a_table_and_the_next_cursor_beside_it(call: Call) -> None:
    done = call("--since", "2:1")
    assert "records" in done.stdout
    assert "placed:1" in done.stdout
    assert "name" not in done.stdout
    assert "3:1" not in done.stdout
    assert "--since 3:1" in done.stderr


def test_it_goes_on_where_it_stopped(call: Call, neptune: FakeNeptune) -> None:
    cursor, found = "", []
    for _ in range(3):
        *changes, last = lines(call("--json", "--limit", "2", *(["--since", cursor] if cursor else [])).stdout)
        found += [change["property"] for change in changes]
        cursor = last["next"]
    assert found == ["label", "name", "name", "records", "label"]
    assert lines(call("--json", "--since", cursor).stdout) == [{"next": cursor}], "nothing new, and the same place"
    neptune.stream.append(entry(4, 1, id="customer:2", type="vl", key="label", value=said("Customer")))
    assert [one.get("id") for one in lines(call("--json", "--since", cursor).stdout)] == ["customer:2", None]


def test_from_now_on(call: Call, neptune: FakeNeptune) -> None:
    assert lines(call("--json", "--from-now").stdout) == [{"next": "3:1"}]
    done = call("--from-now")
    assert done.stdout == ""
    assert "--since 3:1" in done.stderr
    neptune.stream.clear()
    assert lines(call("--json", "--from-now").stdout) == [{"next": "0:0"}]
    assert lines(call("--json", "--since", "0:0").stdout) == [{"next": "0:0"}]


def test_an_empty_log_is_no_error(call: Call, neptune: FakeNeptune) -> None:
    neptune.stream.clear()
    done = call()
    assert done.exit_code == 0
    assert "no changes" in done.stdout


def test_entries_of_a_sort_we_do_not_know_are_passed_by(call: Call, neptune: FakeNeptune) -> None:
    neptune.stream[1:4] = [entry(2, place, id="x", type="zz", key="k") for place in (1, 2, 3)]
    assert len(lines(call("--json").stdout)) == 3
    neptune.stream = neptune.stream[1:4]
    assert lines(call("--json").stdout) == [{"next": "0:0"}]


@pytest.mark.parametrize("cursor", ["", "3", "a:b", "3:-1", "3:1:2", "-1:0"])
def test_a_cursor_that_is_none(call: Call, cursor: str) -> None:
    done = call("--since", cursor)
    assert isinstance(done.exception, ConfigError)
    assert "COMMIT:PLACE" in done.exception.hint


def test_either_since_or_from_now(call: Call) -> None:
    assert isinstance(call("--since", "1:1", "--from-now").exception, ConfigError)


def test_a_store_without_a_log(call: Call) -> None:
    done = call("--store", "small")
    assert isinstance(done.exception, StoreError)
    assert "keeps no log" in done.exception.message
    assert "graph sync --verify" in done.exception.hint


@pytest.mark.parametrize(
    ("code", "expected"),
    [("ExpiredStreamException", "no longer reaches back"), ("UnsupportedOperationException", "not enabled")],
)
def test_a_log_that_cannot_be_read(call: Call, neptune: FakeNeptune, code: str, expected: str) -> None:
    neptune.always = Refuse(400, code)
    for words in (("--since", "1:1"), ("--from-now",)):
        assert expected in str(call(*words).exception)


def test_a_cursor_is_its_text() -> None:
    assert LogPosition.read(str(LogPosition(12, 3))) == LogPosition(12, 3)


def test_the_verb_is_in_its_group() -> None:
    from fullcircle.serve.cli.main import app

    done = CliRunner().invoke(app, ["graph", "changes", "--help"])
    assert done.exit_code == 0
    assert "fullcircle graph changes --from-now" in done.output
