"""What the contract suite needs of a system: a world in which things happen, and a connector that pulls from it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from fullcircle import registry
from fullcircle.book.book import Book
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.base import Connector, SourceContext
from fullcircle.connectors.http.answers import Ask, HttpAnswer
from fullcircle.connectors.http.client import Http
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import Pulled, pull
from fullcircle.engine.duckdb import DuckDB
from fullcircle.model.progress import Silent
from tests.fakes.faulty import FaultyServer

Rows = dict[str, str | None]


class World(Protocol):
    """A system with customers. Its verbs do what people there do; `truth` and `merged` say what must have arrived."""

    plugin: Any  # the connector
    server: FaultyServer
    object: str  # of the customers
    text: str  # the column with the text of a customer
    sampled: int  # 1: a pull is ended at each of its requests; 2: at every second one, the others in another test

    def options(self) -> dict[str, Any]: ...
    def make(self, text: str) -> str: ...
    def make_late(self, text: str) -> str:
        """Begun before the last pull, and committed only now."""
        ...

    def change(self, key: str, text: str) -> None: ...
    def delete(self, key: str) -> None: ...
    def delete_hard(self, key: str) -> None:
        """So that no list of changes shows it."""
        ...

    def merge(self, loser: str, winner: str) -> None: ...
    def wait(self) -> None:
        """Time goes on: longer than what is read again."""
        ...

    def wait_long(self) -> None:
        """Longer than the system remembers deletes."""
        ...

    def deny(self) -> str:
        """The user may no longer read one object, which is not that of the customers: its name."""
        ...

    def hide_rows(self) -> None:
        """The user no longer sees most customers, without being refused anything."""
        ...

    def drop_field(self) -> str:
        """A field of the customers vanishes: its name."""
        ...

    def change_type(self, value: str) -> tuple[str, str]:
        """A field of numbers becomes one of text, and gets this value in one row: the name of the field, and the key."""
        ...

    def slowly(self) -> int:
        """All takes many requests from here on: with how many of them a first pull gets on a little."""
        ...

    def truth(self) -> Rows: ...
    def merged(self) -> dict[str, str]: ...


class Said(Silent):
    """Remembers what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, message: str) -> None:
        self.lines.append(message)


@dataclass
class Copy:
    """A landing into which a world is pulled."""

    world: World
    folder: Path
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.said = Said()
        self.open()

    def open(self) -> None:
        self.book, self.engine = Book(self.folder / "book.sqlite"), DuckDB(threads=1)
        self.landing = Landing(self.folder / "landing", self.book, self.engine)

    def pull(self, *objects: str, **options: Any) -> Pulled:
        settings = SourceSettings(connector="contract", **{**self.world.options(), **self.options, **options})
        only = [f"crm.{name}" for name in objects or (self.world.object,)]
        return pull({"crm": settings}, self.folder, self.landing, self.said, only)

    def _current(self, columns: str, where: str) -> list[tuple[Any, ...]]:
        return self.engine.rows(f"SELECT {columns} FROM ({self.landing.current_sql('crm', self.world.object)}) WHERE {where}")

    def rows(self) -> Rows:
        return dict(self._current(f'_key, "{self.world.text}"', "_op <> 'merge'")) if self.landing.objects() else {}

    def merged(self) -> dict[str, str]:
        return dict(self._current("_key, _into", "_op = 'merge'"))

    def whole(self) -> list[tuple[Any, ...]]:
        """All columns of all rows that count."""
        return sorted(self._current("_key, _op, _into, _at, _raw", "true"))

    def again(self, town: Town) -> Copy:
        """Another copy that is as far as this one."""
        copy = town.copy(**self.options)
        copy.close()
        shutil.rmtree(copy.folder)
        shutil.copytree(self.folder, copy.folder)
        copy.open()
        return copy

    def close(self) -> None:
        self.engine.close()
        self.book.close()

    def must_be_right(self) -> None:
        assert self.rows() == self.world.truth()
        assert self.merged() == self.world.merged()


class Town:
    """Copies of one world."""

    def __init__(self, world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self._folder = world, folder
        self._copies: list[Copy] = []
        self.batch_rows = 100_000

        def load(*_: str) -> Callable[[SourceContext], Connector]:
            return lambda context: world.plugin(replace(context, batch_rows=self.batch_rows))

        monkeypatch.setattr(registry, "load", load)

    def copy(self, **options: Any) -> Copy:
        self._copies.append(Copy(self.world, self._folder / str(len(self._copies)), options))
        return self._copies[-1]

    def close(self) -> None:
        for one in self._copies:
            one.close()


def happen(world: World, dice: random.Random, events: int) -> Iterator[None]:
    """Things happen in the world, one at each step."""
    for number in range(events):
        there = sorted(world.truth())
        kind = dice.choice(["make", "make", "late", "change", "change", "delete", "hard", "merge", "wait"])
        if kind == "make" or len(there) < 3:
            world.make(f"made {number}")
        elif kind == "late":
            world.make_late(f"late {number}")
        elif kind == "change":
            world.change(dice.choice(there), f"changed {number}")
        elif kind == "delete":
            world.delete(dice.choice(there))
        elif kind == "hard":
            world.delete_hard(dice.choice(there))
        elif kind == "merge":
            loser, winner = dice.sample(there, 2)
            world.merge(loser, winner)
        else:
            world.wait()
        yield


class Killed(BaseException):
    """The process ends, wherever it is."""


@contextmanager
def killed_at(request: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process ends before its request of this number, from 0."""
    sent = iter(range(1_000_000))
    attempt = Http._attempt

    def until(self: Http, ask: Ask) -> HttpAnswer:
        if next(sent) >= request:
            raise Killed
        return attempt(self, ask)

    with monkeypatch.context() as patch:
        patch.setattr(Http, "_attempt", until)
        yield


@contextmanager
def ends_at(request: int, how: str, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From this request on the server is down, or the process is killed there."""
    if how == "killed":
        with killed_at(request, monkeypatch):
            yield
        return
    world.server.faults.extend([*[""] * request, *["500"] * 100])
    try:
        yield
    finally:
        world.server.faults.clear()
