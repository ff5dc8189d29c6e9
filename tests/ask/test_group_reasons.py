"""Why a pair that would be one customer by itself is not: the reason there is, from the other records of the two customers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fullcircle.ask.group_reasons import group_reasons
from fullcircle.ask.why import why
from fullcircle.ask.why_not import why_not
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.memory import Memory
from fullcircle.identity.between import mean_between
from fullcircle.identity.decisions import Decisions
from fullcircle.identity.meeting import needed
from fullcircle.identity.resolve import resolve
from tests.identity.town import build, person

BORN = {"birth_date": date(1980, 5, 5)}
ROWS = [
    person("1", "Ada", "Quillfeather", email="ada@quill.example", phone="+12175550101", **BORN),
    person("2", "Ada", "Quillfeather", email="ada@quill.example", phone="+12175550101", **BORN),
    person("3", "Ada", "Quillfeather", email="ada@quill.example", **BORN),
]
ONE, TWO, THREE = (row["record_id"] for row in ROWS)


def made(folder: Path, rows: list[dict[str, Any]], *apart: tuple[str, str]) -> tuple[DuckDB, Book, Memory]:
    engine, book = DuckDB(threads=1), Book(folder / "book.sqlite")
    build(engine, rows)
    for pair in apart:
        Decisions(book).take("never", [("apart", *pair)], "ann", "two people")
    resolve(engine, book, IdentitySettings())
    return engine, book, Memory(StoreContext(folder))


def test_two_others_that_are_kept_apart_are_named(tmp_path):
    engine, book, store = made(tmp_path, ROWS, (TWO, THREE))
    of = dict(engine.rows("SELECT record_id, customer_id FROM members"))
    assert of[TWO] != of[THREE]
    other = THREE if of[ONE] == of[TWO] else TWO
    found = why_not(store, engine, book, (ONE, other), IdentitySettings())
    assert not found.one_customer and found.explanation.linked
    [reason] = found.reasons
    assert f"{TWO} and {THREE}, one of each customer, are kept apart: judged to be apart" in reason
    assert " or " not in reason
    assert why(store, engine, book, (ONE, other), IdentitySettings()).apart_because == (reason,)
    together = TWO if other == THREE else THREE
    assert why(store, engine, book, (ONE, together), IdentitySettings()).apart_because == ()


def test_a_pair_that_was_not_compared_is_said(tmp_path):
    engine, book, store = made(tmp_path, ROWS[:2])
    engine.run("DELETE FROM pairs; UPDATE members SET customer_id = record_id")
    [reason] = why_not(store, engine, book, (ONE, TWO), IdentitySettings()).reasons
    assert "the last run did not compare them" in reason


def test_without_tables_it_says_where_the_reason_is(tmp_path):
    engine, book, store = made(tmp_path, ROWS[:2])
    found = why_not(store, engine, book, (ONE, TWO), IdentitySettings()).explanation
    assert (
        "ask again when no run has them" in group_reasons(store, None, book, found, (ONE, TWO), IdentitySettings(), "person")[0]
    )


def test_the_mean_is_over_all_pairs_and_names_the_lowest(tmp_path):
    rows = [*ROWS, person("4", "Bo", "Thorn", email="bo@thorn.example", birth_date=date(1950, 1, 1))]
    _, book, _ = made(tmp_path, rows)
    found = mean_between(book, rows[:1], rows[1:], IdentitySettings(), "person")
    assert found is not None
    assert found.pairs == 3 and found.lowest[:2] == (ONE, rows[3]["record_id"]) and found.lowest[2] < 0 < found.mean


@pytest.mark.parametrize("emails", [("ada@quill.example", "ada@quill.example"), ("ada@quill.example", "a.quill@work.example")])
def test_one_e_mail_in_common_is_not_said_to_differ(tmp_path, emails):
    rows = [person("1", "Ada", "Quillfeather", email=emails[0]), person("2", "Ada", "Quill", email=emails[0])]
    more = [(rows[1]["record_id"], "email", emails[1])]
    engine, book = DuckDB(threads=1), Book(tmp_path / "book.sqlite")
    build(engine, rows, more)
    resolve(engine, book, IdentitySettings())
    found = why_not(Memory(StoreContext(tmp_path)), engine, book, tuple(row["record_id"] for row in rows), IdentitySettings())
    assert all(one.same for one in needed(book, found.explanation, "person") if one.field == "email")
