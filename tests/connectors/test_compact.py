"""Merging landed files: the same rows count, nothing of their history is lost, and no stage has to run again."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from fullcircle import registry
from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors import compact as compact_module
from fullcircle.connectors.base import Batch, FullRead
from fullcircle.connectors.compact import Compacted, compact
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import pull
from fullcircle.desk import open_desk
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import SourceBroken
from fullcircle.model.progress import Silent
from fullcircle.serve.cli.main import app
from tests import small
from tests.connectors.test_landing import batch, now
from tests.connectors.test_pull import Room
from tests.properties import examples


def history(landing: Landing) -> list[tuple[object, ...]]:
    """Every row of every file, in landing order."""
    tables = [pq.read_table(path).select(["_key", "_op", "name"]) for path in landing.files("crm", "contacts")]
    return [tuple(row.values()) for row in pa.concat_tables(tables).to_pylist()] if tables else []


def some_pulls(landing: Landing) -> None:
    landing.land("crm", "contacts", batch(["1", "2", "3"], 1, name=["a", "b", "c"]))
    landing.land("crm", "contacts", batch(["2"], 2, name=["b2"]))
    landing.land("crm", "contacts", batch(["3"], 3, ops=["delete"], name=["c"]))
    landing.land("crm", "contacts", batch(["2", "4"], 4, name=["b3", "d"]))


def test_the_same_rows_count_and_all_history_stays(landing: Landing) -> None:
    some_pulls(landing)
    before = now(landing), history(landing), landing.fingerprint(), landing.cursor("crm", "contacts")
    assert compact(landing, Silent()) == [Compacted("crm", "contacts", 4, 1, 7)]
    assert (now(landing), history(landing), landing.fingerprint(), landing.cursor("crm", "contacts")) == before
    assert [path.name for path in landing.folder("crm", "contacts").iterdir()] == ["0000000001-0000000004.parquet"]
    assert compact(landing, Silent()) == []


def test_what_lands_later_counts_and_is_merged_again(landing: Landing) -> None:
    some_pulls(landing)
    compact(landing, Silent())
    landing.land("crm", "contacts", batch(["1", "3"], 5, name=["a2", "back"]))
    landing.land("crm", "contacts", batch(["4"], 6, ops=["delete"], name=["d"]))
    before = now(landing), history(landing), landing.fingerprint()
    assert before[0] == [("1", "a2"), ("2", "b3"), ("3", "back")]
    assert compact(landing, Silent()) == [Compacted("crm", "contacts", 3, 1, 10)]
    assert (now(landing), history(landing), landing.fingerprint()) == before


def test_a_fingerprint_tells_what_lands_after_a_merge(landing: Landing) -> None:
    some_pulls(landing)
    compact(landing, Silent())
    before = landing.fingerprint()
    landing.land("crm", "contacts", batch(["9"], 9, name=["z"]))
    assert landing.fingerprint() != before


def test_what_was_forgotten_and_landed_anew_has_another_fingerprint(landing: Landing) -> None:
    some_pulls(landing)
    compact(landing, Silent())
    before = landing.fingerprint()
    landing.forget("crm", "contacts")
    for number in range(1, 5):
        landing.land("crm", "contacts", batch(["1"], number, name=["other"]))
    compact(landing, Silent())
    assert landing.fingerprint() != before


def test_files_with_other_columns_or_of_another_reading_stay_apart(landing: Landing) -> None:
    landing.land("crm", "contacts", batch(["1"], 1, name=["a"]))
    landing.land("crm", "contacts", batch(["2"], 2, name=["b"], city=["Bern"]))
    landing.land("crm", "contacts", batch(["3"], 3, name=["c"], city=["Ulm"]))
    for of in ("b.csv", "a.csv"):
        landing.land("crm", "people", _reading(batch(["1"], 1, name=[f"of {of}"]), of))
    before = now(landing, "_key, name, city")
    people = landing.engine.rows(f"SELECT name FROM ({landing.current_sql('crm', 'people')})")
    assert people == [("of b.csv",)], "files count in the order of their names"
    assert [(one.object, one.files_before, one.files_after) for one in compact(landing, Silent())] == [("contacts", 3, 2)]
    assert now(landing, "_key, name, city") == before
    assert landing.engine.rows(f"SELECT name FROM ({landing.current_sql('crm', 'people')})") == people


def _reading(one: Batch, of: str) -> Batch:
    return replace(one, full_read=FullRead(id=f"r-{of}", of=of, ends=True))


@given(
    pulls=st.lists(
        st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["upsert", "delete"])), min_size=1, max_size=3), max_size=8
    ),
    merged=st.sets(st.integers(0, 7)),
)
@settings(max_examples=examples(15, soak=500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merging_at_any_time_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, pulls: list[list[tuple[str, str]]], merged: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("merging")
    made = []
    for name, at in (("never", set[int]()), ("sometimes", merged)):
        book, engine = Book(folder / f"{name}.sqlite"), DuckDB(threads=1)
        landing = Landing(folder / name, book, engine)
        for place, rows in enumerate(pulls):
            keys, ops = [key for key, _ in rows], [op for _, op in rows]
            landing.land("crm", "contacts", batch(keys, place, ops=ops, name=[f"{key}{place}" for key in keys]))
            if place in at:
                compact(landing, Silent())
        made.append((now(landing, "_key, name, _op") if pulls else [], history(landing)))
        engine.close()
        book.close()
    assert made[0] == made[1]


@pytest.mark.parametrize("step", ["written", "synced", "registered"])
def test_killed_at_any_step_nothing_is_lost_or_doubled(landing: Landing, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    some_pulls(landing)
    before = now(landing), history(landing), landing.fingerprint()

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    if step == "written":
        monkeypatch.setattr("fullcircle.connectors.durable.sync_folders", dies)
    elif step == "synced":
        monkeypatch.setattr(Book, "transaction", dies)
    else:
        monkeypatch.setattr(Path, "unlink", dies)
    with pytest.raises(KeyboardInterrupt):
        compact(landing, Silent())
    monkeypatch.undo()
    assert (now(landing), history(landing), landing.fingerprint()) == before
    landing.tidy()
    compact(landing, Silent())
    landing.tidy()
    assert (now(landing), history(landing), landing.fingerprint()) == before
    assert len(os.listdir(landing.folder("crm", "contacts"))) == 1


def test_a_damaged_file_stops_it_and_everything_stays(landing: Landing) -> None:
    some_pulls(landing)
    path = landing.files("crm", "contacts")[1]
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(SourceBroken, match="cut or changed"):
        compact(landing, Silent())
    path.write_bytes(content)
    assert len(landing.files("crm", "contacts")) == 4


def test_a_pull_merges_by_itself(landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "load", lambda *_: Room)
    monkeypatch.setattr(compact_module, "MANY", 3)
    Room.there = {}
    seen = []
    for day in range(5):
        Room.there[str(day)] = "new"
        Room.changed = [(key, "upsert", value) for key, value in Room.there.items()]
        pull({"n": SourceSettings(connector="room")}, tmp_path, landing, Silent())
        seen.append(len(landing.files("n", "things")))
    assert seen == [1, 2, 1, 2, 1]
    assert landing.engine.rows(f"SELECT count(*) FROM ({landing.current_sql('n', 'things')})") == [(5,)]


def test_the_command_line(tmp_path: Path) -> None:
    file = small.make(tmp_path)
    with open_desk(read_config(file)) as desk:
        for number in range(3):
            desk.landing.land("crm", "contacts", batch([str(number)], number, name=["x"]))

    def said(*words: str) -> str:
        done = CliRunner().invoke(app, ["landing", "compact", *words, "-c", str(file)])
        assert done.exit_code == 0, done.output
        return done.stdout

    row = {"source": "crm", "object": "contacts", "files_before": 3, "files_after": 1, "rows": 3}
    assert json.loads(said("--dry-run", "--json", "-q")) == {"dry_run": True, "objects": [row]}
    assert "would be merged" in said("--dry-run")
    assert "contacts" in said("--source", "crm")
    assert "nothing to merge" in said()
    wrong = CliRunner().invoke(app, ["landing", "compact", "--source", "cmr", "-c", str(file)])
    assert wrong.exit_code != 0
