"""What the last run knew and an explanation needs: the models, and fingerprints of identifiers that are not one person's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.identity.model import MatchModel, default, from_json

DDL = """
CREATE TABLE IF NOT EXISTS identity_model (kind TEXT PRIMARY KEY, model TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS identity_shared (mark INTEGER PRIMARY KEY, state TEXT NOT NULL);
"""


def remember(book: Book, models: list[MatchModel], shared: pa.Table) -> None:
    """Keep the models and the shared marks (mark, state), in place of the last run's; unchanged, nothing is written."""
    book.define(DDL)
    before = dict(book.read("SELECT mark, state FROM identity_shared"))
    now = dict(zip(shared["mark"].to_pylist(), shared["state"].to_pylist(), strict=True))
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with book.transaction():
        for model in models:
            text = model.as_json()
            if not book.read("SELECT 1 FROM identity_model WHERE kind = ? AND model = ?", (model.kind, text)):
                book.write("INSERT OR REPLACE INTO identity_model VALUES (?, ?, ?)", (model.kind, text, at))
        if before != now:
            book.write_many("DELETE FROM identity_shared WHERE mark = ?", ((mark,) for mark in before.keys() - now.keys()))
            book.write_many("INSERT OR REPLACE INTO identity_shared VALUES (?, ?)", sorted(now.items() - before.items()))


def model_of(book: Book, kind: str) -> MatchModel:
    """The model of the last run, or the built-in one."""
    return kept(book, kind) or default(kind, 0)


def kept(book: Book, kind: str) -> MatchModel | None:
    """The model of the last run."""
    book.define(DDL)
    found = book.read("SELECT model FROM identity_model WHERE kind = ?", (kind,))
    return from_json(found[0][0]) if found else None


def shared_of(book: Book) -> pa.Table:
    """The shared marks of the last run: mark, state."""
    book.define(DDL)
    rows = book.read("SELECT mark, state FROM identity_shared")
    return pa.table(
        {"mark": pa.array([row[0] for row in rows], pa.int64()), "state": pa.array([row[1] for row in rows], pa.string())}
    )
