"""New match weights are an event of their own: measured beside the old, used under a limit or when a person says so."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentityLimits, IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import Unhealthy
from fullcircle.identity import health, model_choice, model_store
from fullcircle.identity.ledger import Ledger
from fullcircle.identity.model import PERSON, MatchModel
from fullcircle.identity.model_change import ModelChanges, measure_effect
from fullcircle.identity.resolve import resolve
from tests.forked import Forked
from tests.identity.crowd import make_crowd
from tests.properties import examples

NEVER = IdentityLimits(smallest=1, weights=0.0)  # no change of weights goes unasked
BUILT_IN, LEARN = IdentitySettings(train="never", limits=NEVER), IdentitySettings(limits=NEVER)


class Heard:
    """Keeps what a run says."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def stage(self, name: str) -> None: ...
    def step(self, text: str, total: int | None = None) -> None: ...
    def advance(self, done: int) -> None: ...
    def say(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crowd resolved by the built-in weights; nobody may change anything there."""
    folder = tmp_path_factory.mktemp("crowd")
    engine, book = DuckDB(folder / "t.duckdb", threads=1), Book(folder / "book")
    make_crowd(engine, 150)
    resolve(engine, book, BUILT_IN)
    engine.close()
    book.close()
    return folder


@pytest.fixture(scope="module")
def asked(built_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after a run that learned weights, which wait."""
    folder = tmp_path_factory.mktemp("asked") / "home"
    shutil.copytree(built_in, folder)
    engine, book = opened(folder)
    heard = Heard()
    resolve(engine, book, LEARN, heard)
    (folder / "said").write_text("\n".join(heard.said))
    engine.close()
    book.close()
    return folder


def opened(folder: Path) -> tuple[DuckDB, Book]:
    return DuckDB(folder / "t.duckdb", threads=1), Book(folder / "book")


def copy(folder: Path, to: Path) -> tuple[DuckDB, Book]:
    shutil.copytree(folder, to / "home")
    return opened(to / "home")


def members(engine: DuckDB) -> list[tuple[str, str]]:
    return engine.rows("SELECT record_id, customer_id FROM members ORDER BY record_id")


def weights(book: Book) -> MatchModel:
    found = model_store.load_model(book, PERSON)
    assert found
    return found


def test_new_weights_wait_and_nobody_changes(built_in: Path, asked: Path) -> None:
    before, after = opened(built_in), opened(asked)
    assert members(before[0]) == members(after[0])
    assert before[0].rows("FROM pairs ORDER BY ALL") == after[0].rows("FROM pairs ORDER BY ALL")
    assert weights(after[1]).trained_on == 0
    (change,) = ModelChanges(after[1]).waiting()
    assert change.effect
    assert change.model.trained_on > 500
    assert 0 < change.effect.changed < change.effect.customers
    assert f"would change {change.effect}" in (asked / "said").read_text()
    customers = {id for _, id in members(after[0])}
    assert {id for example in change.effect.examples for id in example.customers} <= customers
    names = {row[0] for row in after[0].rows("SELECT DISTINCT unnest([full_name, email]) FROM records") if row[0]}
    stored = json.dumps(after[1].read("SELECT model, before, why, effect FROM identity_model_change"))
    assert not any(name in stored for name in names)  # ids only


def test_a_run_while_weights_wait_learns_nothing_and_reminds(asked: Path, tmp_path: Path, monkeypatch) -> None:
    engine, book = copy(asked, tmp_path)
    monkeypatch.setattr(model_choice.learning, "learn", lambda *_: pytest.fail("learned again"))
    heard, before, changes = Heard(), members(engine), ModelChanges(book).recent()
    resolve(engine, book, LEARN, heard)
    assert members(engine) == before
    assert ModelChanges(book).recent() == changes
    assert any("identity model apply" in text for text in heard.said)


def test_applied_weights_do_what_was_shown_and_kept_ones_give_the_ids_back(asked: Path, tmp_path: Path) -> None:
    engine, book = copy(asked, tmp_path)
    changes, before = ModelChanges(book), members(engine)
    (change,) = changes.waiting()
    assert change.effect
    changes.decide([change], use=True, by="ann")
    resolve(engine, book, LEARN)
    now = dict(members(engine))
    old = {record: id for record, id in before}
    assert len(set(old.values()) - set(now.values())) == change.effect.absorbed > 0
    assert len(set(now.values()) - set(old.values())) == change.effect.split
    assert weights(book).trained_on == change.model.trained_on
    changes.decide(changes.last_ones(), use=False, by="ben")
    resolve(engine, book, LEARN)
    assert members(engine) == before
    assert changes.waiting() == []  # who kept the old ones is not asked again
    resolve(engine, book, LEARN)
    assert members(engine) == before
    assert [(one.state, one.by) for one in changes.recent()] == [("kept", "ben")]


def test_under_the_limit_they_are_used_at_once(built_in: Path, asked: Path, tmp_path: Path) -> None:
    (waiting,) = ModelChanges(opened(asked)[1]).waiting()
    assert waiting.effect
    heard = Heard()
    engine, book = copy(built_in, tmp_path)
    resolve(engine, book, replace_limits(weights=waiting.effect.share), heard)
    (change,) = ModelChanges(book).recent()
    assert (change.state, change.effect) == ("applied", waiting.effect)
    assert weights(book).trained_on == change.model.trained_on
    assert any("match weights changed" in text for text in heard.said)


def test_a_small_home_needs_nobody(built_in: Path, tmp_path: Path) -> None:
    engine, book = copy(built_in, tmp_path)
    resolve(engine, book, replace_limits(smallest=10_000))
    assert [(one.state, one.effect) for one in ModelChanges(book).recent()] == [("applied", None)]
    assert weights(book).trained_on


def test_a_raised_limit_uses_what_waits(asked: Path, tmp_path: Path) -> None:
    engine, book = copy(asked, tmp_path)
    resolve(engine, book, replace_limits(weights=1.0))
    assert [one.state for one in ModelChanges(book).recent()] == ["applied", "replaced"]


def test_what_waits_is_dropped_when_the_old_weights_fit_again(asked: Path, tmp_path: Path) -> None:
    engine, book = copy(asked, tmp_path)
    resolve(engine, book, BUILT_IN)
    assert [one.state for one in ModelChanges(book).recent()] == ["replaced"]


def test_weights_of_another_version_that_cannot_be_used_give_way(asked: Path, tmp_path: Path) -> None:
    engine, book = copy(asked, tmp_path)
    old = weights(book)
    first = replace(old.comparisons[0], missing="shoe_size_l IS NULL OR shoe_size_r IS NULL")
    model_store.put(book, [replace(old, comparisons=(first, *old.comparisons[1:]), basis="of an older version")])
    resolve(engine, book, LEARN)
    change = ModelChanges(book).recent()[0]
    assert (change.state, change.effect) == ("applied", None)
    assert "does not have" in change.why
    assert weights(book).trained_on


def test_learning_again_from_the_same_records_changes_no_id(asked: Path, tmp_path: Path) -> None:
    engine, book = copy(asked, tmp_path)
    ModelChanges(book).decide(ModelChanges(book).waiting(), use=True, by="ann")
    resolve(engine, book, LEARN)
    before, events = members(engine), book.read("SELECT count(*) FROM customer_event")
    resolve(engine, book, IdentitySettings(train="always", limits=NEVER))
    assert members(engine) == before
    assert book.read("SELECT count(*) FROM customer_event") == events
    assert len(ModelChanges(book).recent()) == 1


def test_a_person_who_applied_is_not_stopped_for_the_changes(asked: Path, tmp_path: Path) -> None:
    engine, book = copy(asked, tmp_path)
    strict = IdentityLimits(smallest=1, changed=0.0, mixed=1.0)
    health.check(engine, book, strict, accept=False)
    ModelChanges(book).decide(ModelChanges(book).waiting(), use=True, by="ann")
    resolve(engine, book, LEARN)
    assert health.check(engine, book, strict, accept=False).changed
    assert [one.state for one in ModelChanges(book).recent()] == ["applied"]
    ModelChanges(book).decide(ModelChanges(book).last_ones(), use=False, by="ann")
    resolve(engine, book, LEARN)
    with pytest.raises(Unhealthy):  # it is confirmed for one change only
        health.check(engine, book, strict, accept=False)


def killed_run(home: str, where: str) -> None:
    engine, book = opened(Path(home))
    original: Callable[..., object] = Ledger.assign

    def assign(ledger: Ledger, of: DuckDB) -> None:
        original(ledger, of)
        if where == "after the ids":
            book._db.execute("COMMIT")
        os.kill(os.getpid(), signal.SIGKILL)

    Ledger.assign = assign  # type: ignore[method-assign,assignment]
    resolve(engine, book, replace_limits(weights=1.0))


@pytest.mark.parametrize("where", ["before the ids", "after the ids"])
def test_a_killed_run_leaves_old_or_new(built_in: Path, asked: Path, tmp_path: Path, where: str) -> None:
    """Weights and ids are written together; the same run again completes it."""
    (waiting,) = ModelChanges(opened(asked)[1]).waiting()
    assert waiting.effect
    shutil.copytree(built_in, tmp_path / "home")
    easy = replace_limits(weights=1.0)

    doomed = Forked(killed_run, str(tmp_path / "home"), where)
    doomed.communicate(timeout=60)
    assert doomed.returncode == -signal.SIGKILL
    engine, book = opened(tmp_path / "home")
    new = where == "after the ids"
    assert bool(weights(book).trained_on) == new
    assert [one.state for one in ModelChanges(book).recent()] == (["applied"] if new else [])
    absorbed = book.read("SELECT count(*) FROM customer_id WHERE state = 'absorbed'")[0][0]
    assert absorbed == (waiting.effect.absorbed if new else 0)
    resolve(engine, book, easy)
    assert weights(book).trained_on
    assert [one.state for one in ModelChanges(book).recent()] == ["applied"]


@settings(max_examples=examples(50))
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12))
def test_effects_count_every_customer_once(groups: list[tuple[int, int]]) -> None:
    """Against a plain count in Python."""
    engine = ENGINE
    engine.run("CREATE OR REPLACE TABLE g (record_id VARCHAR, customer_id VARCHAR, old INTEGER, new INTEGER)")
    for place, (old, new) in enumerate(groups):
        engine.run(f"INSERT INTO g VALUES ('r{place:02}', 'c{old}', {old}, {new})")
    found = measure_effect(engine, "FROM g")
    olds = {old: {new for o, new in groups if o == old} for old, _ in groups}
    news = {new: {old for old, n in groups if n == new} for _, new in groups}
    changed = {old for old, parts in olds.items() if len(parts) > 1 or any(len(news[new]) > 1 for new in parts)}
    assert (found.customers, found.changed) == (len(olds), len(changed))
    places = {(o, n): [place for place, pair in enumerate(groups) if pair == (o, n)] for o, n in groups}
    followed = {min(parts, key=lambda n: (-len(places[o, n]), places[o, n][0])) for o, parts in olds.items()}
    assert (found.absorbed, found.split) == (len(olds) - len(followed), len(news) - len(followed))
    assert all(set(example.customers) <= {f"c{old}" for old in changed} for example in found.examples)


ENGINE = DuckDB(threads=1)


def replace_limits(**more: float) -> IdentitySettings:
    return IdentitySettings(limits=NEVER.model_copy(update=more))
