"""One dead source does not stop the others, and what is not read of it does not count as deleted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fullcircle import registry
from fullcircle.config.read import read_config
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.base import META, Batch, Cursor, SourceContext
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import PulledObject, PullWish, pull
from fullcircle.desk import open_desk
from fullcircle.errors import SourceError, SourceRefused, SourcesFailed, SourceUnreachable, TooManyGone
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run
from fullcircle.stage import Choice

DOWN = SourceUnreachable("shop does not respond in time.", "Try later.")


class Shelf:
    """A source with one object `people`: two batches, and after `fails` batches an error."""

    fails: dict[str, tuple[int, SourceError]]
    people: dict[str, list[str]]

    def __init__(self, context: SourceContext) -> None:
        self.name = context.name

    def objects(self) -> list[str]:
        if self.fails.get(self.name, (1, DOWN))[0] < 0:
            raise self.fails[self.name][1]
        return ["people"]

    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        done = int((since or {}).get("done", 0))
        for number, key in enumerate(self.people[self.name]):
            if number >= self.fails.get(self.name, (99, DOWN))[0]:
                raise self.fails[self.name][1]
            if number >= done:
                yield Batch(row(key), {"done": number + 1})

    def since(self, cursor: Cursor, moment: Any) -> Cursor:
        return {"done": 0}

    def close(self) -> None:
        pass


def row(key: str) -> pa.Table:
    columns = [[key], ["upsert"], [None], [None], [json.dumps({"mail": f"{key}@example.org"})], [f"{key}@example.org"]]
    return pa.table(columns, schema=META.append(pa.field("mail", pa.string())))


@pytest.fixture
def shelves(monkeypatch: pytest.MonkeyPatch) -> type[Shelf]:
    load = registry.load
    monkeypatch.setattr(registry, "load", lambda room, name: Shelf if room == "connectors" else load(room, name))
    Shelf.fails, Shelf.people = {}, {"crm": ["ann", "bo"], "shop": ["cem", "dee"]}
    return Shelf


SOURCES = {name: SourceSettings(connector="shelf") for name in ("crm", "shop")}


def pulled(landing: Landing, folder: Path, wish: PullWish | tuple[str, ...] = ()) -> Any:
    return pull(SOURCES, folder, landing, Silent(), wish)


def keys(landing: Landing, source: str) -> list[str]:
    return [key for (key,) in landing.engine.rows(f"SELECT _key FROM ({landing.current_sql(source, 'people')}) ORDER BY 1")]


@pytest.mark.parametrize("at", [-1, 0, 1])
def test_the_others_are_pulled(shelves: type[Shelf], landing: Landing, tmp_path: Path, at: int) -> None:
    shelves.fails = {"crm": (at, DOWN)}
    found = pulled(landing, tmp_path)
    assert (found.failed, keys(landing, "shop")) == ({"crm": DOWN}, ["cem", "dee"])
    assert found.objects == (PulledObject("shop", "people", 2, 0, 0),)
    last = landing.pulls.of_source("crm")
    assert (last.ended_at, last.error, bool(landing.pulls.of_source("shop").ended_at)) == ("", DOWN.message, True)
    shelves.fails = {}
    assert (pulled(landing, tmp_path).failed, keys(landing, "crm")) == ({}, ["ann", "bo"])
    assert landing.pulls.of_source("crm").error == ""


def test_if_none_can_be_read_that_is_the_error(shelves: type[Shelf], landing: Landing, tmp_path: Path) -> None:
    shelves.fails = {"crm": (0, DOWN), "shop": (0, SourceRefused("No login."))}
    with pytest.raises(SourcesFailed, match="crm: shop does not respond in time; shop: No login") as raised:
        pulled(landing, tmp_path)
    assert (raised.value.exit_code, raised.value.retry) == (3, False)
    with pytest.raises(SourceRefused):
        pulled(landing, tmp_path, ("shop",))
    assert SourcesFailed.of({"a": DOWN, "b": TooManyGone("Many.")}).exit_code == 1


def test_what_is_read_anew_counts_once_rows_arrive(shelves: type[Shelf], landing: Landing, tmp_path: Path) -> None:
    pulled(landing, tmp_path)
    shelves.people["crm"] = ["bo", "eve"]
    shelves.fails = {"crm": (0, DOWN)}
    pulled(landing, tmp_path, PullWish(anew=True))
    assert (keys(landing, "crm"), landing.pulls.in_pieces("crm")) == (["ann", "bo"], False)
    shelves.fails = {"crm": (1, DOWN)}
    pulled(landing, tmp_path, PullWish(anew=True))
    assert (keys(landing, "crm"), landing.pulls.in_pieces("crm")) == (["bo"], True)
    shelves.fails = {}
    pulled(landing, tmp_path)
    assert (keys(landing, "crm"), landing.pulls.in_pieces("crm")) == (["bo", "eve"], False)


def test_what_changed_since_then_is_read_again(shelves: type[Shelf], landing: Landing, tmp_path: Path) -> None:
    pulled(landing, tmp_path)
    shelves.people["crm"] = ["zoe", "yan"]
    assert pulled(landing, tmp_path).objects[0].rows == 0
    assert pulled(landing, tmp_path, PullWish(since=datetime(2026, 1, 1))).objects[0].rows == 2


def test_a_run_goes_on_with_what_was_read_before(shelves: type[Shelf], tmp_path: Path) -> None:
    config = tmp_path / "fullcircle.toml"
    config.write_text(
        '[project]\nhome = "home"\n'
        + "".join(f'[sources.{name}]\nconnector = "shelf"\n' for name in SOURCES)
        + "".join(
            f'[[map]]\nsource = "{name}"\nobject = "people"\nto = "records"\n[map.fields]\nemail = "mail"\n' for name in SOURCES
        )
    )
    only = Choice(only=("pull", "conform"))

    def conformed() -> list[str]:
        with open_desk(read_config(config)) as desk:
            try:
                run(desk, only)
            finally:
                there = desk.engine.has("conformed.records")
                found = desk.engine.rows("SELECT key FROM conformed.records ORDER BY 1") if there else []
        return [key for (key,) in found]

    assert conformed() == ["ann", "bo", "cem", "dee"]
    shelves.people = {"crm": ["ann", "bo", "eve"], "shop": ["cem", "dee", "fay"]}
    shelves.fails = {"shop": (2, DOWN)}
    with pytest.raises(SourcesFailed, match=r"Not all sources could be read\. shop: shop does not respond in time") as raised:
        conformed()
    assert [one.stage for one in raised.value.done] == ["pull", "conform"]  # type: ignore[attr-defined]
    assert raised.value.done[0].counts["failed_sources"] == 1  # type: ignore[attr-defined]
    shelves.fails = {"shop": (-1, DOWN)}
    with open_desk(read_config(config)) as desk:
        assert len(desk.engine.rows("SELECT key FROM conformed.records")) == 5
    shutil.rmtree(tmp_path / "home" / "landing" / "shop")  # what is lost, and cannot be read again, must not count as deleted
    with pytest.raises(SourceUnreachable):
        conformed()
    shelves.fails = {"shop": (1, DOWN)}
    for _ in range(2):
        with pytest.raises(SourceUnreachable):
            conformed()
    shelves.fails = {}
    assert conformed() == ["ann", "bo", "cem", "dee", "eve", "fay"]
