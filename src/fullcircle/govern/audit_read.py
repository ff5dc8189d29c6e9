"""Reads the audit log: the entries that fit a filter, the newest first, and all of them for others to verify."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fullcircle.errors import cannot_write
from fullcircle.govern.audit_file import connect, known_pseudonyms, refused
from fullcircle.govern.audit_tree import leaf


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; empty means any. `customers` are ids of one person: the one of today and those merged into it."""

    customers: Sequence[str] = ()
    who: str = ""  # a part of the name
    question: str = ""
    since: str = ""  # ISO, in UTC
    until: str = ""
    limit: int = 50


def matching(path: Path, wanted: AuditFilter) -> list[dict[str, Any]]:
    """The entries as plain dicts, the newest first."""
    with closing(connect(path, read_only=True)) as db:
        try:
            pseudonyms = list(known_pseudonyms(db, wanted.customers).values())
            if wanted.customers and not pseudonyms:
                return []
            terms, given = _terms(wanted, pseudonyms)
            where = f"WHERE {' AND '.join(terms)}" if terms else ""
            sql = f"SELECT json FROM entry {where} ORDER BY number DESC LIMIT ?"
            return [json.loads(row[0]) for row in db.execute(sql, (*given, wanted.limit))]
        except sqlite3.Error as error:
            raise refused(error, path) from error


def _terms(wanted: AuditFilter, pseudonyms: Sequence[str]) -> tuple[list[str], list[object]]:
    terms, given = [], list[object](pseudonyms)
    if pseudonyms:
        holes = ", ".join("?" * len(pseudonyms))
        terms.append(f"EXISTS (SELECT 1 FROM json_each(entry.json, '$.customers') WHERE value IN ({holes}))")
    for value, term in (
        (wanted.who, "instr(lower(json ->> 'who'), lower(?)) > 0"),
        (wanted.question, "json ->> 'question' = ?"),
        (wanted.since, "json ->> 'at' >= ?"),
        (wanted.until, "json ->> 'at' < ?"),
    ):
        if value:
            terms.append(term)
            given.append(value)
    return terms, given


def export(path: Path, file: Path, checkpoint: str, public_key: str) -> int:
    """Write the whole log as one JSON object a line, with its hashes, and return how many entries there are.

    The last line is the signed checkpoint, which only a log with exactly these entries fits.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    size = int(checkpoint.split("\n")[1])
    try:
        handle = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as out, closing(connect(path, read_only=True)) as db:
            for line in _lines(db, path, size):
                out.write(line)
            last = {"checkpoint": checkpoint, "public_key": public_key}
            out.write(json.dumps(last, ensure_ascii=False).encode() + b"\n")
        draft.replace(file)
    except OSError as error:
        raise cannot_write(f"The file {file}", error) from error
    finally:
        draft.unlink(missing_ok=True)
    return size


def _lines(db: sqlite3.Connection, path: Path, size: int) -> Iterator[bytes]:
    """The entries as they were hashed, byte for byte, each inside a line."""
    try:
        sql = "SELECT CAST(json AS BLOB), head FROM entry WHERE number <= ? ORDER BY number"
        for text, head in db.execute(sql, (size,)):
            yield b'{"entry":%s,"leaf":"%s","head":"%s"}\n' % (text, leaf(text).hex().encode(), head.hex().encode())
    except sqlite3.Error as error:
        raise refused(error, path) from error
