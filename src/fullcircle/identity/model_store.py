"""Stores in the book what a later run or an explanation needs: the models, what is not compared, and
fingerprints of the shared identifiers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.identity.model import MatchModel, default, with_rarity
from fullcircle.identity.model_json import from_json
from fullcircle.identity.sieve import Sieve

DDL = """
CREATE TABLE IF NOT EXISTS identity_model (kind TEXT PRIMARY KEY, model TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS identity_sieve (
    kind TEXT PRIMARY KEY, basis TEXT NOT NULL, records INTEGER NOT NULL, worthless TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS identity_shared (mark INTEGER PRIMARY KEY, state TEXT NOT NULL);
"""


def store(book: Book, models: list[MatchModel], shared: pa.Table, sieves: Sequence[Sieve] = ()) -> None:
    """Replace the models, the sieves and the shared identifiers (fingerprint, state) of the last run. What did not change is not
    written.
    """
    book.define(DDL)
    before = dict(book.read("SELECT mark, state FROM identity_shared"))
    now = dict(zip(shared["fingerprint"].to_pylist(), shared["state"].to_pylist(), strict=True))
    with book.transaction():
        _write(book, models)
        for one in sieves:
            if one != load_sieve(book, one.kind):
                row = (one.kind, one.basis, one.records, json.dumps(one.worthless))
                book.write("INSERT OR REPLACE INTO identity_sieve VALUES (?, ?, ?, ?)", row)
        if before != now:
            book.write_many(
                "DELETE FROM identity_shared WHERE mark = ?", ((fingerprint,) for fingerprint in before.keys() - now.keys())
            )
            book.write_many("INSERT OR REPLACE INTO identity_shared VALUES (?, ?)", sorted(now.items() - before.items()))


def put(book: Book, models: Sequence[MatchModel]) -> None:
    """Put models in force; which names are common stays as the last run counted it. Joins the caller's transaction."""
    found = [(model, load_model(book, model.kind)) for model in models]
    _write(book, [with_rarity(model, now.rarity, now.unseen) if now else model for model, now in found])


def _write(book: Book, models: Sequence[MatchModel]) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    for model in models:
        text = model.as_json()
        if not book.read("SELECT 1 FROM identity_model WHERE kind = ? AND model = ?", (model.kind, text)):
            book.write("INSERT OR REPLACE INTO identity_model VALUES (?, ?, ?)", (model.kind, text, at))


def model_or_built_in(book: Book, record_kind: str) -> MatchModel:
    """The model of the last run, or the built-in one if there is none."""
    return load_model(book, record_kind) or default(record_kind, 0)


def load_model(book: Book, record_kind: str) -> MatchModel | None:
    """The model of the last run, if there is one."""
    book.define(DDL)
    found = book.read("SELECT model FROM identity_model WHERE kind = ?", (record_kind,))
    return from_json(found[0][0]) if found else None


def load_sieve(book: Book, record_kind: str) -> Sieve | None:
    """What the last run did not compare, if it has found that."""
    book.define(DDL)
    rows = book.read("SELECT basis, records, worthless FROM identity_sieve WHERE kind = ?", (record_kind,))
    return Sieve(record_kind, rows[0][0], rows[0][1], tuple(json.loads(rows[0][2]))) if rows else None


def load_shared(book: Book) -> pa.Table:
    """The shared identifiers of the last run: fingerprint, state."""
    book.define(DDL)
    rows = book.read("SELECT mark, state FROM identity_shared")
    return pa.table(
        {"fingerprint": pa.array([row[0] for row in rows], pa.int64()), "state": pa.array([row[1] for row in rows], pa.string())}
    )
