"""The verbs of a steward on a whole project: what they change, what a dry run shows, and that undo restores everything."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import fullcircle
from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError, Contradiction, FullcircleError, NotFound
from fullcircle.graph.digest import digest
from fullcircle.graph.open import open_store
from fullcircle.home.folder import BOOK, TABLES
from fullcircle.identity.decisions import Decisions
from fullcircle.model.tables import TABLES as MODEL_TABLES
from fullcircle.serve.cli.main import app
from fullcircle.serve.cli.steward import one_or_many
from fullcircle.steward.carry_out import Effect, carry_out
from fullcircle.steward.wish import Wish
from tests.test_dry_run import contents

ADA, ADA_SHOP, ADA_AGAIN = "record:crm:contacts:17", "record:shop:people:4", "record:shop:people:7"
HEIDI, BEN, CLEO = "record:crm:contacts:19", "record:crm:contacts:18", "record:crm:contacts:20"


def do(project: Path, verb: str, *names: str, **more: object) -> Effect:
    return carry_out(read_config(project), Wish(verb, names, bool(more.pop("every", False))), "ann", **more)  # type: ignore[arg-type]


def state(project: Path) -> dict[str, str]:
    """Digests of the tables, of what the ledger says now, and of the graph."""
    settings = read_config(project)
    engine = open_engine(settings.home / TABLES)
    found = {}
    for name in MODEL_TABLES:
        if engine.has(name):
            found[name] = hashlib.sha256(repr(engine.rows(f"FROM {name} ORDER BY ALL")).encode()).hexdigest()
    engine.close()
    book = Book(settings.home / BOOK, read_only=True)
    ledger = book.read("SELECT id, state, into_id FROM customer_id ORDER BY id")
    ledger += book.read(
        "SELECT record_id, coalesce(into_id, id) FROM customer_record r JOIN customer_id i ON i.id = r.customer_id ORDER BY 1"
    )
    book.close()
    with open_store(settings, read_only=True) as store:
        found["graph"] = digest(store)
    return found | {"ledger": repr(ledger)}


def test_merge_then_undo_gives_the_identical_state(project: Path) -> None:
    before = state(project)
    merged = do(project, "merge", ADA, HEIDI, reason="she married")
    assert [(len(one.records), one.has) for one in merged.before] != []
    assert len(merged.before) == 2
    assert [one.has for one in merged.after] == [{"orders": 2}]
    assert set(merged.after[0].records) == {ADA, ADA_SHOP, ADA_AGAIN, HEIDI}
    assert (merged.unmet, merged.others, merged.decision) == ((), 0, 1)
    assert state(project)["graph"] != before["graph"]
    with fullcircle.open(project) as reader:  # the effect is in the graph at once
        assert len(reader.show(HEIDI).records) == 4
    undone = do(project, "undo", "1")
    assert {one.id for one in undone.after} == {one.id for one in merged.before}
    assert state(project) == before


def test_split_some_then_undo(project: Path) -> None:
    before = state(project)
    found = do(project, "split", ADA, ADA_SHOP, ADA_AGAIN)
    assert [set(one.records) for one in found.before] == [{ADA, ADA_SHOP, ADA_AGAIN}]
    assert sorted(map(set, (one.records for one in found.after)), key=len) == [{ADA}, {ADA_SHOP, ADA_AGAIN}]
    do(project, "undo", str(found.decision))
    after = state(project)
    assert {name for name in before if before[name] != after[name]} == {
        "ledger"
    }  # it knows one id more, which leads to the first
    found = do(project, "split", ADA, every=True, when="dry run")
    assert [len(one.records) for one in found.after] == [1, 1, 1]


def test_a_dry_run_shows_the_same_and_changes_nothing(project: Path) -> None:
    before = contents(project.parent)
    dry = do(project, "merge", ADA, HEIDI, when="dry run")
    assert contents(project.parent) == before
    real = do(project, "merge", ADA, HEIDI)
    assert (dry.before, dry.after, dry.judgements) == (real.before, real.after, real.judgements)
    assert dry.after[0].edges["PLACED"] == 2


def test_later_only_notes(project: Path) -> None:
    before = state(project)
    noted = do(project, "never", ADA, ADA_SHOP, when="later")
    assert (noted.after, state(project)) == ((), before)
    settings = read_config(project)
    book = Book(settings.home / BOOK)
    assert [one.verb for one in Decisions(book).all()] == ["never"]
    book.close()
    assert CliRunner().invoke(app, ["run", "--quiet", "-c", str(project)]).exit_code == 0
    with fullcircle.open(project) as reader:
        assert reader.show(ADA).customer["id"] != reader.show(ADA_SHOP).customer["id"]


def test_what_contradicts_is_refused_with_names(project: Path) -> None:
    do(project, "always", HEIDI, BEN, when="later")
    with pytest.raises(Contradiction, match="by ann"):
        do(project, "never", HEIDI, BEN)
    with pytest.raises(Contradiction, match="by ann"):
        do(project, "never", HEIDI, BEN, when="dry run")


@pytest.mark.parametrize(
    ("verb", "names", "error"),
    [
        ("merge", [ADA, ADA_SHOP], ConfigError),
        ("merge", [ADA], ConfigError),
        ("always", [ADA, "crm:contacts:99"], NotFound),
        ("merge", [ADA, "nobody at all"], NotFound),
        ("merge", [ADA, "keller"], FullcircleError),
        ("split", [HEIDI, HEIDI], ConfigError),
        ("split", [ADA], ConfigError),
        ("split", [ADA, HEIDI], ConfigError),
        ("split", [ADA, ADA, ADA_SHOP, ADA_AGAIN], ConfigError),
        ("never", [ADA, ADA], ConfigError),
        ("never", [ADA, "record:crm:contacts:99"], NotFound),
        ("undo", ["12"], NotFound),
    ],
)
def test_nonsense_is_refused_and_notes_nothing(original: Path, verb: str, names: list[str], error: type[FullcircleError]) -> None:
    before = contents(original.parent)
    with pytest.raises(error) as raised:
        do(original, verb, *names)
    assert raised.value.hint
    assert contents(original.parent).keys() == before.keys()
    assert not Decisions(Book(read_config(original).home / BOOK)).all()


def test_messages_name_what_is_wrong(original: Path) -> None:
    """A single name, one customer under two names, a record that is not there, a customer where a record is meant."""
    for verb, names, words in (
        ("merge", [ADA], "two customers or more"),
        ("merge", [ADA, ADA_SHOP], "one customer already, customer:"),
        ("always", [ADA, "crm:contacts:99"], "no record crm:contacts:99"),
        ("never", [ADA, ADA], "mean the same"),
    ):
        with pytest.raises(FullcircleError, match=words):
            do(original, verb, *names)
    with fullcircle.open(original) as reader:
        ada = reader.show(ADA).customer["id"]
        with pytest.raises(NotFound, match=f"{ada} is a customer"):
            reader.why(ada, ADA)
        with pytest.raises(NotFound, match="never was"):
            reader.history("customer:0000000000000000")
    assert (one_or_many("tickets", 1), one_or_many("tickets", 2), one_or_many("PLACES", 1)) == ("ticket", "tickets", "PLACES")


def test_the_command_line(project: Path) -> None:
    words = [
        "merge",
        "ada.keller@example.org",
        "adelheid",
        "--dry-run",
        "--actor",
        "ben",
        "--reason",
        "she rang",
        "-c",
        str(project),
    ]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.output
    assert "Dry run" in shown.output
    assert "2 orders" in shown.output
    found = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)
    assert (found["by"], found["reason"], found["when"], len(found["before"]), len(found["after"])) == (
        "ben",
        "she rang",
        "dry run",
        2,
        1,
    )


def test_a_decision_is_kept_when_a_later_stage_fails(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise FullcircleError("The graph server does not answer.", "Start it.")

    monkeypatch.setattr("fullcircle.steward.carry_out.pipeline.run", fail)
    with pytest.raises(FullcircleError) as raised:
        do(project, "merge", ADA, HEIDI)
    assert raised.value.hint == "Start it. The decision 1 is noted; `fullcircle run` applies it."
    book = Book(read_config(project).home / BOOK, read_only=True)
    assert [one.verb for one in Decisions(book).all()] == ["merge"]
    book.close()
