"""The list of erased people: keyed hashes of their rows, ids and identifiers, so that nothing brings them back.

There is no value in it, and without its key nobody can find out by trying whether somebody is on it. It is in the book, with a
copy in a file beside it: a new or restored book takes over what the file knows. An entry is of one of these kinds:

    row      a landed row: its source, object and key (or the text of a rejected row)
    id       the id of a row of a table: a record, an order ...
    value    an identifier that nobody else has, as `tokens` write it
    part     a landed row that is also about others: with which JSON merge patch its fields about the person are taken out
    element  an element of an array in such a row
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from fullcircle.book import kept_file
from fullcircle.book.book import Book
from fullcircle.engine.base import literal
from fullcircle.errors import HomeBroken, NotFound

DDL = """
CREATE TABLE IF NOT EXISTS erased_key (one INTEGER PRIMARY KEY CHECK (one = 1), key TEXT NOT NULL, applied TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS erased (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, by TEXT NOT NULL, reference TEXT NOT NULL, at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'lifted')), counts TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS erased_entry (
    erasure TEXT NOT NULL, kind TEXT NOT NULL, digest TEXT NOT NULL, detail TEXT NOT NULL,
    PRIMARY KEY (erasure, kind, digest, detail)) WITHOUT ROWID;
"""
UNIT = "\x1f"  # between the parts of what is hashed
Kind = Literal["row", "id", "value", "part", "element"]
Entry = tuple[str, str, str]  # kind, digest, detail


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure. `person` is a keyed hash; `counts`: how much of what there was, by place."""

    id: str
    person: str
    by: str
    reference: str
    at: str
    state: str  # open: not yet everywhere. done: everywhere. lifted: the person may come back
    counts: dict[str, int]
    changed_at: str


class Suppressed:
    """The list, in the book; `file` is its copy."""

    def __init__(self, book: Book, file: Path) -> None:
        self._book, self._file = book, file
        book.define(DDL)
        self._take_over_file()

    # -- hashing -----------------------------------------------------------------------------------------------------
    def digest(self, text: str) -> str:
        """The keyed hash of a text."""
        key = self._key()
        return _sha(key + _sha(key + text))

    def digest_sql(self, text: str) -> str:
        """SQL for the keyed hash of a text."""
        key = literal(self._key())
        return f"sha256({key} || sha256({key} || {text}))"

    def row_sql(self, source: str, object: str, key: str = "_key") -> str:
        """SQL for the hash of a landed row."""
        return self.digest_sql(f"{literal(row_text(source, object, ''))} || {key}")

    def _key(self) -> str:
        found = self._book.read("SELECT key FROM erased_key")
        if found:
            return str(found[0][0])
        made = secrets.token_hex(32)
        self._book.write("INSERT OR IGNORE INTO erased_key VALUES (1, ?, '')", (made,))
        return str(self._book.read("SELECT key FROM erased_key")[0][0])

    # -- reading -----------------------------------------------------------------------------------------------------
    def any(self) -> bool:
        """True if somebody is on the list."""
        return bool(self._book.read("SELECT 1 FROM erased WHERE state <> 'lifted' LIMIT 1"))

    def digests(self, kind: Kind) -> list[str]:
        """The hashes of one kind, sorted."""
        return sorted({digest for of, digest, _ in self.entries() if of == kind})

    def ids(self) -> pa.Table:
        """The hashes of ids, each with its erasure: digest, erasure."""
        rows = self._book.read(
            "SELECT digest, min(erasure) FROM erased_entry WHERE kind = 'id' "
            "AND erasure IN (SELECT id FROM erased WHERE state <> 'lifted') GROUP BY digest"
        )
        return pa.table(
            {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(("digest", "erasure"))}
        )

    def entries(self) -> list[Entry]:
        """All entries that count."""
        return [
            (row[0], row[1], row[2])
            for row in self._book.read(
                "SELECT DISTINCT kind, digest, detail FROM erased_entry "
                "WHERE erasure IN (SELECT id FROM erased WHERE state <> 'lifted') ORDER BY 1, 2, 3"
            )
        ]

    def erasures(self) -> list[Erasure]:
        """All erasures, oldest first."""
        rows = self._book.read("SELECT id, person, by, reference, at, state, counts, changed_at FROM erased ORDER BY at, id")
        return [Erasure(row[0], row[1], row[2], row[3], row[4], row[5], json.loads(row[6]), row[7]) for row in rows]

    def open(self) -> list[Erasure]:
        """Those that are not yet everywhere."""
        return [one for one in self.erasures() if one.state == "open"]

    def get(self, id: str) -> Erasure:
        """One erasure; NotFound if there is none."""
        found = [one for one in self.erasures() if one.id == id]
        if not found:
            raise NotFound(f"There is no erasure {id}.", "`fullcircle erased list` lists them.")
        return found[0]

    # -- writing -----------------------------------------------------------------------------------------------------
    def note(self, person: str, by: str, reference: str, entries: Iterable[Entry], counts: dict[str, int]) -> str:
        """Put somebody on the list, in one transaction; from then on the erasure will be carried out. Returns its number.

        Afterwards, when it is durable, call `keep_file`: a file ahead of the book would begin what was not decided as a whole.
        """
        hashed = self.digest(person)
        with self._book.transaction():
            again = self._book.read("SELECT id FROM erased WHERE person = ? AND state = 'open'", (hashed,))
            id = again[0][0] if again else f"erasure-{_now()[:10]}-{secrets.token_hex(4)}"
            if not again:
                self._book.write(
                    "INSERT INTO erased VALUES (?, ?, ?, ?, ?, 'open', ?, ?)",
                    (id, hashed, by, reference, _now(), json.dumps(counts, sort_keys=True), _now()),
                )
            self.add(id, entries)
        return str(id)

    def add(self, id: str, entries: Iterable[Entry]) -> None:
        """Further entries of an erasure: rows that were found later."""
        self._book.write_many("INSERT OR IGNORE INTO erased_entry VALUES (?, ?, ?, ?)", ((id, *entry) for entry in entries))

    def add_beside(self, digest: str, entries: Iterable[Entry]) -> None:
        """Further entries of the erasure that has this entry: what was found by it."""
        found = self._book.read("SELECT min(erasure) FROM erased_entry WHERE digest = ?", (digest,))
        self.add(str(found[0][0]), entries)

    def close(self, id: str) -> None:
        """An erasure is carried out everywhere. Call `keep_file` after the last of several."""
        self._set(id, "done")

    def lift(self, id: str) -> None:
        """Take a person off the list: the next pull may bring the person back, as a new one."""
        self.get(id)
        with self._book.transaction():
            self._book.write("DELETE FROM erased_entry WHERE erasure = ?", (id,))
            self._set(id, "lifted")
        self.keep_file()

    def _set(self, id: str, state: str) -> None:
        self._book.write("UPDATE erased SET state = ?, changed_at = ? WHERE id = ?", (state, _now(), id))

    # -- what was carried out ----------------------------------------------------------------------------------------
    def fingerprint(self) -> str:
        """Changes whenever there are other entries."""
        return _sha(json.dumps(self.entries()))

    def is_applied(self) -> bool:
        """True if the landed files were last cleared with these entries."""
        found = self._book.read("SELECT applied FROM erased_key")
        return bool(found) and found[0][0] == self.fingerprint()

    def applied(self) -> None:
        """The landed files are cleared of all entries."""
        self._key()
        if not self.is_applied():
            self._book.write("UPDATE erased_key SET applied = ?", (self.fingerprint(),))
            self.keep_file()

    # -- the copy ----------------------------------------------------------------------------------------------------
    def as_json(self) -> dict[str, Any]:
        """The whole list with its key. Whoever has it can try out who is on it: it is to be kept as safe as a backup."""
        entries = self._book.read("SELECT erasure, kind, digest, detail FROM erased_entry ORDER BY 1, 2, 3, 4")
        rows = self._book.read("SELECT id, person, by, reference, at, state, counts, changed_at FROM erased ORDER BY id")
        return {"version": 1, "key": self._key(), "erased": rows, "entries": entries}

    def take_over(self, kept: dict[str, Any]) -> list[str]:
        """Take over the erasures of another copy of the list that are not known here; returns their numbers, open again."""
        known = {one.id: one for one in self.erasures()}
        with self._book.transaction():
            if kept["key"] != self._key():
                if known:
                    raise HomeBroken(
                        "The list of erased people was made with another key than the one in the book.",
                        "It belongs to another home: use the list that was kept from this one.",
                    )
                self._book.write("UPDATE erased_key SET key = ?", (kept["key"],))
            new = [row for row in kept["erased"] if row[0] not in known or (row[5], known[row[0]].state) == ("lifted", "done")]
            for *facts, state, counts, changed_at in new:
                row = (*facts, "open" if state == "done" else state, counts, changed_at)
                self._book.write("INSERT OR REPLACE INTO erased VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            gone = [row[0] for row in new if row[5] == "lifted"]
            self._book.write_many("DELETE FROM erased_entry WHERE erasure = ?", ((id,) for id in gone))
            ids = {row[0] for row in kept["erased"]} - set(gone)
            self._book.write_many(
                "INSERT OR IGNORE INTO erased_entry VALUES (?, ?, ?, ?)", (row for row in kept["entries"] if row[0] in ids)
            )
        return [row[0] for row in new if row[5] != "lifted"]

    def keep_file(self) -> None:
        """Write the copy durably, for its owner alone."""
        if self._book.read_only:
            return
        kept_file.write(self._file, json.dumps(self.as_json()).encode())

    def _take_over_file(self) -> None:
        if self._book.read_only or not self._file.exists():
            return
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            known = set(self._book.read("SELECT id, state FROM erased"))
            if any((row[0], row[5]) not in known for row in kept["erased"]):
                self.take_over(kept)
        except (ValueError, KeyError, TypeError) as error:
            raise HomeBroken(
                f"The list of erased people, {self._file}, is damaged.",
                "Copy a backup of it back. If the book is in order, delete the file: the book has the list, too.",
            ) from error


def row_text(source: str, object: str, key: str) -> str:
    """What is hashed for a landed row."""
    return UNIT.join(("row", source, object, key))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
