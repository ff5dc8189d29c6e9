"""Several sources at once: they are waited for side by side, what we have is used by one at a time, and none stops the others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fullcircle import registry
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.base import META, Batch, Cursor, FoundObject, SourceContext
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import Pulled, PullWish, pull
from fullcircle.connectors.turns import Turns, each
from fullcircle.errors import ConfigError, SourceError, SourceUnreachable
from fullcircle.model.progress import Silent
from fullcircle.serve.cli.progress import Bars
from tests.connectors.contract import Said

LONG = 20  # seconds, after which a test fails that waits for another thread


class Slow:
    """A source that waits for all others at each step, and whose rows are swept."""

    meeting: threading.Barrier
    broken: dict[str, BaseException]
    rows: int

    def __init__(self, context: SourceContext) -> None:
        self.name = context.name

    def check(self) -> list[str]:
        return []

    def discover(self) -> list[FoundObject]:
        return []

    def objects(self) -> list[str]:
        return ["people"]

    def quota(self) -> tuple[int, int] | None:
        return 7, 100

    def _meet(self) -> None:
        if not self.broken:
            self.meeting.wait(LONG)

    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        for number in range(3):
            self._meet()
            if self.name in self.broken:
                raise self.broken[self.name]
            keys = [f"{self.name}{number}-{one}" for one in range(self.rows)]
            meta = [keys, ["upsert"] * self.rows, [None] * self.rows, [None] * self.rows, ["{}"] * self.rows]
            yield Batch(pa.table(meta, schema=META), {"number": number})

    def sweep(self, name: str) -> Iterator[pa.Array]:
        for number in range(3):
            self._meet()
            yield pa.array([f"{self.name}{number}-{one}" for one in range(self.rows - 1)], pa.string())

    def close(self) -> None: ...


@pytest.fixture
def several(landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(registry, "load", lambda *_: Slow)
    Slow.broken, Slow.rows = {}, 4

    def pulled(*names: str, at_once: int = 8, progress: Any = None) -> Pulled:
        Slow.meeting = threading.Barrier(len(names))
        sources = {name: SourceSettings(connector="slow", sweep_share=1) for name in names}
        return pull(sources, tmp_path, landing, progress or Silent(), PullWish(at_once=at_once))

    return pulled


def test_sources_are_waited_for_side_by_side(several: Any, landing: Landing) -> None:
    """Each waits for the other at every step: one after the other would not come to an end."""
    found = several("crm", "shop", "help")
    assert [(one.source, one.rows, one.deleted) for one in found.objects] == [("crm", 12, 3), ("shop", 12, 3), ("help", 12, 3)]
    for name in ("crm", "shop", "help"):
        keys = landing.engine.rows(f"SELECT _key FROM ({landing.current_sql(name, 'people')})")
        assert len(keys) == 9 and all(key[0].startswith(name) for key in keys)
        assert landing.pulls.of_source(name).ended_at


def test_one_dead_source_does_not_stop_the_others(several: Any, landing: Landing) -> None:
    Slow.broken = {"shop": SourceUnreachable("The shop is closed.", "Wait.")}
    said = Said()
    found = several("crm", "shop", "help", progress=said)
    assert {one.source for one in found.objects} == {"crm", "help"}
    assert list(found.failed) == ["shop"] and "shop could not be read" in said.lines[0]
    Slow.broken = {name: SourceError(f"{name} is closed.", "") for name in ("crm", "shop", "help")}
    with pytest.raises(SourceError, match="crm is closed; shop: shop is closed; help: help is closed"):
        several("crm", "shop", "help")


def test_a_mistake_or_an_end_of_the_process_ends_it_for_all(several: Any) -> None:
    for error in (ConfigError("Wrong.", ""), KeyboardInterrupt()):
        Slow.broken = {"shop": error}
        with pytest.raises(type(error)):
            several("crm", "shop", "help", at_once=2)


def test_what_we_have_is_used_by_one_at_a_time() -> None:
    turns, inside, most = Turns(), [0], [0]

    def work(_: str) -> None:
        for _ in range(50):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            inside[0] -= 1
            with turns.given():
                pass

    each([str(number) for number in range(6)], 6, turns, work)
    assert most == [1]


def test_after_its_end_nobody_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fullcircle.connectors.turns.LEAVE_SECONDS", 0.0)
    turns, gone_on, waiting, go = Turns(), [], threading.Event(), threading.Event()

    def work(name: str) -> None:
        if name == "wrong":
            with turns.given():
                waiting.wait(LONG)
            raise ConfigError("Wrong.", "")
        with turns.given():
            waiting.set()
            go.wait(LONG)
        gone_on.append(name)

    with pytest.raises(ConfigError):
        each(["slow", "wrong"], 2, turns, work)
    go.set()
    for thread in threading.enumerate():
        if thread.name.endswith("(one_after_another)"):
            thread.join(LONG)
    assert gone_on == []


def test_progress_is_that_of_each(several: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fullcircle.serve.cli.progress.LONG_SECONDS", 0.0)
    with Bars() as bars:
        bars.stage("pull")
        several("crm", "shop", progress=bars)
    said = capsys.readouterr().err
    assert "pull crm.people" in said and "pull shop.people" in said
    assert said.count("/s, 7 of 100 requests used") == 2
