"""The queue: what is doubtful comes in order of worth, with evidence and commands; what was decided is no longer in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import fullcircle
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.contested import contested, doubt
from fullcircle.identity.judgements import Judgement
from fullcircle.model.tables import MEMBERS, PAIRS, RECORDS
from fullcircle.serve.cli.main import app


def made(pairs: list[tuple[str, str, float | None, str, bool, str | None]], members: dict[str, str]) -> DuckDB:
    """Tables with these pairs and members; a member's link is its strongest linked pair."""
    engine = DuckDB(threads=1)
    engine.run(f"{MEMBERS.ddl()}; {PAIRS.ddl()}; {RECORDS.ddl()}")
    for a, b, weight, rule, linked, veto in pairs:
        engine.run(
            "INSERT INTO pairs VALUES ($a, $b, $w, $r, $l, $v)", {"a": a, "b": b, "w": weight, "r": rule, "l": linked, "v": veto}
        )
    for record, customer in members.items():
        own = [pair for pair in pairs if record in pair[:2] and pair[4]]
        best = max(own, key=lambda pair: pair[2] or 0, default=None)
        engine.run("INSERT INTO members VALUES ($m, $c, $w, $r)",
                   {"m": record, "c": customer, "w": best[2] if best else None, "r": best[3] if best else "alone"})  # fmt: skip
    return engine


def test_what_is_contested_and_why() -> None:
    engine = made(
        [
            ("a", "b", 1.0, "score", False, None),  # near the threshold
            ("a", "c", -3.9, "score", False, None),  # not near
            ("c", "d", 9.0, "score", False, "generation suffixes differ"),
            ("e", "f", 2.5, "score", True, None),  # one customer by a weak link
            ("g", "h", 20.0, "score", True, None),  # certain
            ("a", "e", 1.0, "score", False, "judged to be apart"),  # decided already
        ],
        {"a": "A", "b": "B", "c": "C", "d": "D", "e": "E", "f": "E", "g": "G", "h": "G"},
    )
    judged = [
        Judgement(4, "together", "a", "g", "ann", "", "2026-01-01"),
        Judgement(5, "together", "a", "gone", "ann", "", "2026-01-01"),
    ]
    found = contested(engine, 2.0, judged, 10)
    assert {(one.kind, one.record_a, one.record_b) for one in found} == {
        ("unsure", "a", "b"), ("vetoed", "c", "d"), ("weak", "e", "f"), ("not met", "a", "g"), ("not met", "a", "gone"),
    }  # fmt: skip
    assert found[0].kind == "not met"
    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)
    assert len(contested(engine, 2.0, judged, 2)) == 2


def test_a_person_with_many_given_names_is_contested() -> None:
    engine = made([], {"a": "A", "b": "A", "c": "A", "d": "D"})
    for record, name in {"a": "Ada", "b": "Ben", "c": "Cleo", "d": "Dora"}.items():
        engine.run("INSERT INTO records BY NAME SELECT $r AS record_id, $n AS given_name", {"r": record, "n": name})
    assert [(one.kind, one.customer_a, one.record_a, one.record_b, one.pairs) for one in contested(engine, 2.0, [], 5)] == [
        ("mixed", "A", "a", "c", 3)
    ]


def test_doubt_is_greatest_at_even_odds() -> None:
    assert doubt(0.0) == 1.0
    assert doubt(3.0) == pytest.approx(doubt(-3.0))
    assert doubt(3.0) < doubt(1.0)
    assert doubt(1e6) < 1e-9


def test_the_queue_of_a_project(original: Path) -> None:
    with fullcircle.open(original) as reader:
        found = reader.review(20)
    assert found
    one = next(item for item in found if {"record:crm:contacts:20", "record:shop:people:5"} == {item.record_a, item.record_b})
    assert one.kind in {"unsure", "weak"}
    assert {part.field for part in one.evidence} >= {"given", "family", "email"}
    assert any(customer.has.get("orders") == 1 for customer in one.customers)
    shown = CliRunner().invoke(app, ["review", "-c", str(original)])
    assert shown.exit_code == 0, shown.exception
    assert "fullcircle never" in shown.output
    printed = json.loads(CliRunner().invoke(app, ["review", "--limit", "20", "--json", "-c", str(original)]).output)
    assert [row["record_a"] for row in printed] == [item.record_a for item in found]


def test_what_waits_for_a_run_is_not_asked_again() -> None:
    engine = made(
        [("a", "b", 1.0, "score", False, None), ("c", "d", 1.5, "score", False, None), ("e", "f", 2.5, "score", True, None)],
        {"a": "A", "b": "B", "b2": "B", "c": "C", "d": "D", "e": "E", "f": "E"},
    )
    together = Judgement(1, "together", "a", "b2", "ann", "", "2026-01-02")  # of the same customers, another pair of records
    apart = Judgement(2, "apart", "e", "f", "ann", "", "2026-01-02")

    def asked(*waiting: Judgement) -> set[tuple[str, str, str]]:
        found = contested(engine, 2.0, [together, apart], 10, waiting)
        return {(one.kind, one.record_a, one.record_b) for one in found}

    assert asked(together, apart) == {("unsure", "c", "d")}
    assert ("not met", "a", "b2") in asked(apart)  # a run has seen it, and it is not so
