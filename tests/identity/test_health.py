"""Health without truth: the figures, the limits, and that a bad run stops before the graph until it is accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import fullcircle
from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import IdentityLimits
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ExitCode, Unhealthy
from fullcircle.identity.health import check, measure, notes, problems
from fullcircle.model.tables import MEMBERS
from fullcircle.serve.cli.main import app
from tests import small
from tests.ask.conftest import FILES
from tests.identity.town import build, person

STRICT = IdentityLimits(smallest=1, changed=0.3, mixed=0.3, singles=(0.1, 0.9), biggest=4)

CHANGES = IdentityLimits(smallest=1, changed=0.3)


def made(groups: dict[str, str], given: dict[str, str] | None = None) -> DuckDB:
    """Tables in which each record has a customer, and a given name (else Ada)."""
    engine = DuckDB(threads=1)
    build(engine, [person(key, (given or {}).get(key, "Ada"), "Ost") for key in groups])
    fill(engine, groups)
    return engine


def fill(engine: DuckDB, groups: dict[str, str]) -> None:
    engine.run(MEMBERS.ddl())
    for key, customer in groups.items():
        engine.run(f"INSERT INTO members VALUES ('record:town:people:{key}', '{customer}', NULL, 'alone')")


def test_the_figures_of_a_run() -> None:
    engine = made({"a": "A", "b": "A", "c": "A", "d": "D", "e": "E"}, {"b": "Ben", "c": "Cleo"})
    found = measure(engine)
    assert (found.records, found.customers, found.biggest, found.biggest_id) == (5, 3, 3, "A")
    assert found.singles == pytest.approx(2 / 3)
    assert (found.mixed, found.mixed_ids) == (1.0, ("A",))
    assert found.changed is None
    assert ["given names" in text for text in problems(found, STRICT)] == [True]
    assert problems(found, IdentityLimits()) == []  # a few customers say nothing about shares


def test_slips_in_some_of_many_records_are_not_several_people() -> None:
    slips = {"a": "Bda", "b": "Dda"}
    engine = made(dict.fromkeys("abcdefgh", "A"), slips)
    assert measure(engine).mixed == 0
    assert measure(made(dict.fromkeys("abcd", "A"), slips)).mixed == 0  # Ada is in half of them
    assert measure(made(dict.fromkeys("abc", "A"), slips)).mixed == 1


def test_no_records_break_no_limit() -> None:
    engine = made({})
    assert measure(engine).customers == 0
    assert problems(measure(engine), STRICT) == []


def test_changes_are_compared_with_the_last_accepted_run(tmp_path: Path) -> None:
    engine, book = made({"a": "A", "b": "A", "c": "C", "d": "D"}), Book(tmp_path / "book")
    check(engine, book, CHANGES, accept=False)
    fill(engine, {"a": "A", "b": "A", "c": "C", "d": "D", "new": "N"})  # a record that came changes nobody
    assert check(engine, book, CHANGES, accept=False).changed == 0.0
    fill(engine, {"a": "A", "b": "A", "c": "D", "d": "D"})
    for _ in range(2):  # a bad run is not what the next one is compared with
        with pytest.raises(Unhealthy, match=r"66\.7% of the customers have other records than before") as raised:
            check(engine, book, CHANGES, accept=False)
        assert raised.value.exit_code == ExitCode.REFUSED
        assert "--accept" in raised.value.hint
    assert check(engine, book, CHANGES, accept=True).changed_ids == ("C", "D")
    assert check(engine, book, CHANGES, accept=False).changed == 0.0
    assert [note.accepted for note in notes(book)] == [True, True, False, False, True, True]


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        (dict.fromkeys("abcde", "A"), "A has 5 records"),
        (dict(zip("abcd", "ABCD", strict=True)), "have one record only"),
    ],
)
def test_sizes_have_limits(groups: dict[str, str], words: str) -> None:
    assert any(words in text for text in problems(measure(made(groups)), STRICT))


def test_a_bad_run_stops_before_the_graph(tmp_path: Path) -> None:
    limits = "[identity.limits]\nsmallest = 1\nchanged = 0.0\n"
    file = small.make(tmp_path, small.PARQUET + limits, FILES)
    assert CliRunner().invoke(app, ["run", "--quiet", "-c", str(file)]).exit_code == 0
    people = tmp_path / "shop" / "people.csv"
    people.write_text(people.read_text().replace("4,Ada Keller,ada.keller@example.org", "4,Zoltan Veres,zoltan@example.net"))

    result = CliRunner().invoke(app, ["run", "--quiet", "-c", str(file)])
    assert isinstance(result.exception, Unhealthy)
    with fullcircle.open(file) as reader:
        assert len(reader.show("record:shop:people:4").records) == 2  # the graph is as before
        assert [one.accepted for one in reader.health()] == [False, True]
    shown = CliRunner().invoke(app, ["identity", "health", "--json", "-c", str(file)])
    assert shown.exit_code == 1
    assert json.loads(shown.output)[0]["problems"]
    assert isinstance(CliRunner().invoke(app, ["run", "--quiet", "-c", str(file)]).exception, Unhealthy)
    assert CliRunner().invoke(app, ["run", "--quiet", "--accept", "-c", str(file)]).exit_code == 0
    with fullcircle.open(file) as reader:
        assert len(reader.show("record:shop:people:4").records) == 1
    assert "accepted" in CliRunner().invoke(app, ["identity", "health", "-c", str(file)]).output
    assert read_config(file).identity.limits.changed == 0.0
