"""why, why-not, how, history and sources: their answers, in text, JSON and Python, also before there is a graph."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import fullcircle
from fullcircle.ask.review import _commands
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import HomeBroken, NotFound
from fullcircle.graph.open import graph_path
from fullcircle.home.folder import TABLES
from fullcircle.home.tables_file import tables_for_reading
from fullcircle.identity import sieve
from fullcircle.identity.meeting import Needed
from fullcircle.identity.tree import NOT_KEPT, RecordLink, chain, spanning, tree, weakest
from fullcircle.pipeline import STAGES, run
from fullcircle.serve.cli.main import app
from fullcircle.stage import Choice
from tests import small

FILES = {
    "crm/contacts.csv": (
        "id,name,email,phone\n1,Nora Quillwright,nora@one.example,\n2,Nora Quillwright,nora@one.example,+41443334455\n"
        "3,Nora Vandermast,,+41443334455\n4,Otto Lindqvist,otto@one.example,+41443334466\n5,Ottilie Lindqvist,,\n"
    ),
    "shop/people.csv": "id,name,email\n4,Tomas Berg,tomas@example.org\n",
    "shop/orders.csv": "id,person,day,amount\n7,4,2026-03-02,19.90\n",
}
ONE, TWO, THREE, OTTO, OTTILIE = (f"record:crm:contacts:{n}" for n in range(1, 6))


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose run ended after `resolve`: there is no graph. One and three are joined through two by a judgement."""
    from fullcircle.identity.decisions import Decisions

    file = small.make(tmp_path_factory.mktemp("resolved"), files=FILES)
    with open_desk(read_config(file)) as desk:
        Decisions(desk.book).take("always", [("together", TWO, THREE)], "ann", "she married")
        run(desk, Choice(only=[stage.name for stage in STAGES[:4]]))
    assert not graph_path(read_config(file)).exists()
    return file


def cli(file: Path, *words: str) -> str:
    found = CliRunner().invoke(app, [*words, "--config", str(file)], env={"COLUMNS": "140"})
    assert found.exit_code == 0, found.exception
    return found.output


def test_why_can_be_asked_before_there_is_a_graph(resolved: Path) -> None:
    with fullcircle.open(resolved) as reader:
        found = reader.why(ONE, "crm:contacts:2")
        assert found.one_customer
        assert found.explanation.linked
        assert [link.rule for link in found.chain] == ["score"]
        assert not reader.why(ONE, OTTO).one_customer
        with pytest.raises(NotFound, match="no customer graph yet"):
            reader.show("nora")


def test_two_joined_through_a_third_show_the_chain_and_its_weakest_link(resolved: Path) -> None:
    with fullcircle.open(resolved) as reader:
        found = reader.why(ONE, THREE)
    assert found.one_customer
    assert not found.explanation.linked
    assert [(link.record_a, link.record_b, link.rule) for link in found.chain] == [(ONE, TWO, "score"), (TWO, THREE, "judgement")]
    assert found.weakest == found.chain[0]
    text = cli(resolved, "why", ONE, THREE)
    assert "joined through others" in text
    assert "the weakest link" in text
    assert json.loads(cli(resolved, "why", ONE, THREE, "--json"))["weakest"]["rule"] == "score"


def test_how_draws_the_tree(resolved: Path) -> None:
    with fullcircle.open(resolved) as reader:
        found = reader.how(THREE)
    assert [(line.record, line.depth, line.above) for line in found.lines] == [(TWO, 0, None), (THREE, 1, TWO), (ONE, 1, TWO)]
    assert found.weakest is not None
    assert found.weakest.rule == "score"
    text = cli(resolved, "how", ONE)
    assert "`- crm:contacts:1  Nora Quillwright nora@one.example" in text
    assert json.loads(cli(resolved, "how", ONE, "--json"))["lines"][1]["record"] == THREE


def test_why_not_says_what_is_missing(resolved: Path) -> None:
    with fullcircle.open(resolved) as reader:
        found = reader.why_not(OTTO, OTTILIE)
        assert not found.one_customer
        assert found.weight is None or found.weight < found.threshold
        assert reader.why_not(ONE, TWO).reasons == ("They are one customer.",)
    email = next(one for one in found.needed if one.field == "email")
    assert email.missing_in == (OTTILIE,)
    assert email.weight > (found.weight or 0)
    keys = {key.rule: key for key in found.keys}
    assert keys["e-mail"].lacks_b == ("email",)
    assert keys["e-mail"].lacks_a == ()
    text = cli(resolved, "why-not", OTTO, OTTILIE)
    assert "missing in crm:contacts:5" in text
    assert json.loads(cli(resolved, "why-not", OTTO, OTTILIE, "--json"))["threshold"] == found.threshold


def test_why_not_says_that_a_great_run_may_have_left_out_a_weak_key(resolved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fullcircle.open(resolved) as reader:
        plain = reader.why_not(OTTO, OTTILIE)
        monkeypatch.setattr(sieve, "MANY", 1)
        sieved = reader.why_not(OTTO, OTTILIE)
    assert plain.met
    assert not any("as a sample shows" in reason for reason in plain.reasons)
    assert any("as a sample shows" in reason for reason in sieved.reasons)


def test_history_has_events_and_decisions(resolved: Path) -> None:
    with fullcircle.open(resolved) as reader:
        id = reader.how(ONE).customer_id
        found = reader.history(id)
        everything = reader.history()
    assert sorted(one.what for one in found) == ["always", "created"]
    decided = next(one for one in found if one.decision)
    assert (decided.by, decided.reason, decided.records) == ("ann", "she married", (TWO, THREE))
    assert [one.what for one in everything] == ["always"]
    assert "she married" in cli(resolved, "history", id)
    assert json.loads(cli(resolved, "history", "--json"))[0]["by"] == "ann"


def test_sources_of_golden_values(project: Path) -> None:
    with fullcircle.open(project) as reader:
        found = {one.field: one for one in reader.sources("ada.keller@example.org")}
    assert found["full_name"].rule
    assert found["full_name"].agreeing == ("record:crm:contacts:17", "record:shop:people:4")
    assert found["email"].losing == ()
    assert found["phone"].record == "record:crm:contacts:17"
    assert "ada.keller@example.org" in cli(project, "show", "ada.keller@example.org", "--sources")
    rows = json.loads(cli(project, "show", "ada.keller@example.org", "--sources", "--json"))
    assert {row["field"] for row in rows} == set(found)


def test_damaged_tables_say_what_to_do(tmp_path: Path) -> None:
    settings = Config(folder=tmp_path)
    with pytest.raises(NotFound, match="no tables yet"), tables_for_reading(settings):
        pass
    settings.home.mkdir()
    (settings.home / TABLES).write_bytes(b"not a database, but long enough to look like one" * 100)
    with pytest.raises(HomeBroken, match="damaged") as raised, tables_for_reading(settings):
        pass
    assert "--repair" in raised.value.hint


def test_the_tree_keeps_the_strongest_links_and_every_record() -> None:
    links = [RecordLink("a", "b", "score", 9.0), RecordLink("b", "c", "score", 3.0), RecordLink("a", "c", "score", 5.0),
             RecordLink("c", "d", "identifier:tax", None)]  # fmt: skip
    assert {(link.record_a, link.record_b) for link in spanning(links)} == {("a", "b"), ("a", "c"), ("c", "d")}
    assert [link.record_a + link.record_b for link in chain(links, "b", "d")] == ["ab", "ac", "cd"]
    assert weakest(chain(links, "b", "d")) == links[2]
    assert chain(links, "b", "e") == []
    nodes = tree(["a", "b", "c", "d", "e"], links)
    assert [(node.record, node.depth) for node in nodes] == [("a", 0), ("b", 1), ("c", 1), ("d", 2), ("e", 1)]
    assert nodes[-1].link is not None
    assert nodes[-1].link.rule == NOT_KEPT


def test_the_commands_of_a_review_can_be_pasted_whatever_is_in_an_id():
    pair = {"record_a": "record:shop:orders:ada@tal.example ada tal", "record_b": "record:crm:people:O'Neil; $x"}
    one = SimpleNamespace(kind="unsure", customer_a="customer:a", customer_b="customer:b", judgement="", **pair)
    for command in _commands(one):
        words = shlex.split(command)
        assert words[0] == "fullcircle" and words[2:] in ([*pair.values()], ["customer:a", "customer:b"])


def test_a_field_that_is_the_same_does_not_differ():
    assert (
        Needed("email", (), 3.0, True, same=True).now.startswith("the same") and Needed("email", (), 3.0, True).now == "differs"
    )
