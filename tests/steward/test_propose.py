"""Proposals wait in the review queue and change nothing; deciding, declining and erasing end them."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

import fullcircle
from fullcircle.config.read import read_config
from fullcircle.errors import ConfigError, NotAllowed, NotFound
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.log import ListLog
from fullcircle.govern.open import open_door
from fullcircle.govern.principal import Principal
from fullcircle.serve.cli.main import app
from fullcircle.steward.carry_out import carry_out
from fullcircle.steward.propose import Proposals, decline, open_proposals, propose
from fullcircle.steward.wish import Wish

CLEO, OTHER_CLEO = "record:crm:contacts:20", "record:shop:people:5"


def door(file: Path, role: str = "agent", name: str = "key:till"):
    settings = read_config(file)
    with closing(open_book(settings)) as book:
        return open_door(settings, book, Principal(name, frozenset({role}), "mcp", "key"), log=ListLog())


def waiting(file: Path) -> list[tuple[str, tuple[str, ...], str]]:
    with closing(open_book(read_config(file))) as book:
        return [(one.verb, one.names, one.by) for one in open_proposals(book)]


def two(file: Path) -> tuple[str, str]:
    with fullcircle.open(file) as reader:
        return tuple(reader.show(one).customer["id"] for one in ("crm:contacts:20", "shop:people:5"))  # type: ignore[return-value]


def test_a_proposal_is_first_in_the_queue_with_its_reason(project: Path) -> None:
    a, b = two(project)
    if a == b:
        pytest.skip("the model holds them for one")
    asked = door(project)
    found = propose(read_config(project), asked, "merge", [CLEO, OTHER_CLEO], "she rang from this number")
    assert (found.verb, set(found.names), found.by, found.state) == ("merge", {a, b}, "key:till", "open")
    with fullcircle.open(project) as reader:
        first = reader.review(3)[0]
        assert reader.show(a).customer["id"] != reader.show(b).customer["id"]  # nothing was merged
    assert (first.kind, first.proposal, first.by, first.reason) == ("proposed", found.id, "key:till", "she rang from this number")
    assert {one.id for one in first.customers} == {a, b}
    assert {first.record_a, first.record_b} == {CLEO, OTHER_CLEO}
    assert f"fullcircle decline {found.id}" in first.do
    assert len({item.record_a for item in fullcircle.open(project).review(2)}) <= 2
    assert [(one.question, one.outcome) for one in asked.log.entries] == [("propose merge", "answered")]
    shown = CliRunner().invoke(app, ["review", "-c", str(project)])
    assert "proposed by key:till" in shown.output


def test_a_decision_about_the_same_customers_ends_it(project: Path) -> None:
    settings = read_config(project)
    propose(settings, door(project), "merge", [CLEO, OTHER_CLEO])
    propose(settings, door(project), "merge", [CLEO, "record:crm:contacts:18"])
    found = carry_out(settings, Wish("never", (CLEO, OTHER_CLEO)), "ann")
    assert len(waiting(project)) == 1
    with closing(open_book(settings)) as book:
        ended = Proposals(book).get(1)
    assert (ended.state, ended.ended_by, ended.decision) == ("decided", "ann", found.decision)


def test_declined_it_leaves_the_queue(project: Path) -> None:
    settings = read_config(project)
    done = propose(settings, door(project), "merge", [CLEO, OTHER_CLEO])
    shown = CliRunner().invoke(app, ["decline", str(done.id), "--json", "-c", str(project)])
    assert json.loads(shown.output)["state"] == "declined"
    project.write_text(project.read_text() + "\n[govern]\n")
    settings = read_config(project)
    made = propose(settings, door(project), "merge", [CLEO, OTHER_CLEO])
    with pytest.raises(NotAllowed):
        decline(settings, door(project), made.id, "till")
    found = decline(settings, door(project, "steward"), made.id, "ann", "two people")
    assert (found.state, found.ended_by, found.ended_reason) == ("declined", "ann", "two people")
    assert not waiting(project)
    with pytest.raises(NotFound, match="declined by ann"):
        decline(settings, door(project, "steward"), made.id, "bo")


def test_the_same_twice_waits_once_and_a_program_in_a_loop_is_stopped(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fullcircle.steward.propose.MOST_OPEN", 20)
    settings = read_config(project)
    for _ in range(3):
        propose(settings, door(project), "merge", [CLEO, OTHER_CLEO])
    propose(settings, door(project, name="key:other"), "merge", [CLEO, OTHER_CLEO])
    assert len(waiting(project)) == 2
    with closing(open_book(settings)) as book:
        kept = Proposals(book)
        for place in range(18):
            kept.add("merge", [CLEO, OTHER_CLEO], f"key:{place}", "")
    with pytest.raises(ConfigError, match="waiting"):
        propose(settings, door(project, name="key:one more"), "merge", [CLEO, OTHER_CLEO])


@pytest.mark.parametrize(
    ("verb", "names", "error"),
    [
        ("always", [CLEO, OTHER_CLEO], ConfigError),
        ("merge", [CLEO], ConfigError),
        ("merge", [CLEO, CLEO], ConfigError),
        ("merge", [CLEO, "record:shop:people:no"], NotFound),
        ("merge", ["Cleo Ito", CLEO], NotFound),
        ("split", [CLEO, OTHER_CLEO], NotFound),
        ("merge", [f"record:x:y:{place}" for place in range(51)], ConfigError),
    ],
)
def test_what_cannot_be_proposed(project: Path, verb: str, names: list[str], error: type[Exception]) -> None:
    if verb == "split":
        names, error = [two(project)[0], OTHER_CLEO], ConfigError  # a record of another customer
    with pytest.raises(error):
        propose(read_config(project), door(project), verb, names)
    assert not waiting(project)


def test_who_may_not_propose_changes_nothing(project: Path) -> None:
    project.write_text(project.read_text() + "\n[govern]\n")
    with pytest.raises(NotAllowed):
        propose(read_config(project), door(project, "analyst"), "merge", [CLEO, OTHER_CLEO])
    assert not waiting(project)


def test_what_has_come_true_by_itself_does_not_wait(project: Path) -> None:
    settings = read_config(project)
    with closing(open_book(settings)) as book:
        one = Proposals(book).add("merge", [CLEO, OTHER_CLEO], "x", "")
        with book.transaction():
            book.write("UPDATE customer_id SET into_id = ?, state = 'absorbed' WHERE id = ?", one.names)
        assert not open_proposals(book)
