"""Finds what was done to an audit log: an entry changed, taken out, put in or exchanged, a tail cut, and says where.

All entries are read once, in order, and nothing is kept of them but hashes. The chain finds every change that was made without
writing the later hashes anew. Who did that is found by a checkpoint, or by the anchor in the book: the root at that size is
another one then.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from fullcircle.errors import AuditBroken
from fullcircle.govern.audit_anchor import LogAnchor
from fullcircle.govern.audit_checkpoint import Checkpoint
from fullcircle.govern.audit_file import LogState, connect, refused, state
from fullcircle.govern.audit_json import begun_after
from fullcircle.govern.audit_tree import NOTHING, Tree, chained, leaf
from fullcircle.model.counting import counted

MOST = 20  # problems that are named
CANDIDATES = 6  # heads that the next entry may follow, after one that does not fit


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """Something that was done to the log, at which entry."""

    entry: int
    problem: str


@dataclass(slots=True)
class AuditVerdict:
    """What verifying found."""

    origin: str
    size: int  # entries that were read
    root: bytes = b""
    head: bytes = NOTHING
    checkpoints: int = 0  # that fit
    problems: list[AuditProblem] = field(default_factory=list)
    more: int = 0  # further problems, which are not named

    def add(self, entry: int, problem: str) -> None:
        """Name a problem."""
        if len(self.problems) < MOST:
            self.problems.append(AuditProblem(entry, problem))
        else:
            self.more += 1


def verify(path: Path, checkpoints: Sequence[Checkpoint] = (), anchor: LogAnchor | None = None) -> AuditVerdict:
    """Read the whole log. `checkpoints` are those whose signature is right, the smallest first; `anchor` is the book's."""
    verdict = AuditVerdict("", 0)
    try:
        _read(path, verdict, checkpoints, anchor)
    except AuditBroken as error:
        verdict.add(verdict.size + 1, error.message.rstrip("."))
    for one in checkpoints:
        if one.origin != verdict.origin:
            verdict.add(0, f"{one.where} is a checkpoint of another log, {one.origin}")
    return verdict


def verify_since(path: Path, anchor: LogAnchor | None) -> LogState:
    """See that the entries after the anchor are in order, and return how far the log goes. AuditBroken if they are not."""
    verdict = AuditVerdict("", 0)
    now = _read(path, verdict, (), None, anchor)
    if verdict.problems:
        first = verdict.problems[0]
        raise AuditBroken(f"The audit log {path}: {first.problem}.", "`fullcircle audit verify` names everything.")
    return now


def _read(
    path: Path,
    verdict: AuditVerdict,
    checkpoints: Sequence[Checkpoint],
    anchor: LogAnchor | None,
    begin: LogAnchor | None = None,
) -> LogState:
    with closing(connect(path, read_only=True)) as db:
        try:
            db.execute("BEGIN")  # what is appended meanwhile does not count
            now = state(db, path)
            verdict.origin = now.origin
            anchor = _own(db, verdict, anchor)
            reading = _Reading(verdict, [one for one in checkpoints if one.origin == now.origin], anchor, begin)
            for number, text, head in _entries(db, verdict, begin.size if begin else 0):
                reading.entry(number, text, head)
            reading.end(now)
            if not verdict.problems and not begin and db.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                verdict.add(0, "the file is damaged, but not in its entries")
        except (sqlite3.Error, OSError) as error:
            raise refused(error, path) from error
    return now


def _own(db: sqlite3.Connection, verdict: AuditVerdict, anchor: LogAnchor | None) -> LogAnchor | None:
    """The anchor, if it is one of this log. That of another log is a problem, unless this one was begun in its place."""
    if anchor is None or anchor.origin == verdict.origin:
        return anchor
    first = db.execute("SELECT CAST(json AS BLOB) FROM entry WHERE number = 1").fetchone()
    if not first or begun_after(first[0]) != anchor.origin:
        verdict.add(0, f"the book speaks of another log, {anchor.origin}")
    return None


def _entries(db: sqlite3.Connection, verdict: AuditVerdict, begin: int = 0) -> Iterator[tuple[int, bytes, bytes]]:
    """The entries in order; where the file cannot be read further, that is a problem."""
    at = begin
    try:
        sql = "SELECT number, CAST(json AS BLOB), CAST(head AS BLOB) FROM entry WHERE number > ? ORDER BY number"
        for number, text, head in db.execute(sql, (begin or -(2**63),)):
            at = max(number, 0)
            yield number, text or b"", head or b""
    except sqlite3.DatabaseError as error:
        if isinstance(refused(error, Path()), AuditBroken):
            verdict.add(at + 1, f"the file is damaged: after entry {at:,} it cannot be read")
            return
        raise


class _Reading:
    """The state between two entries."""

    def __init__(
        self, verdict: AuditVerdict, checkpoints: Sequence[Checkpoint], anchor: LogAnchor | None, begin: LogAnchor | None
    ) -> None:
        self.verdict = verdict
        self.tree = None if begin else Tree()  # from the middle on there is no root
        self.checkpoints = list(reversed(checkpoints))
        self.anchor = anchor
        self.last = self.fits = begin.size if begin else 0  # the entry before; how far a checkpoint was right
        self.heads = [begin.head if begin else NOTHING]  # what the next one may follow: the head there, or as it should be
        self.known = True  # false after an entry that is out of its place: what the next one follows is elsewhere
        self.shift = 0  # by how much the entries' own numbers differ from their place

    def entry(self, number: int, raw: bytes, head: bytes) -> None:
        """Look at the next entry."""
        if number < 1:
            self.verdict.add(number, f"entry {number:,} was put in")
            return
        follows = number == self.last + 1
        if not follows:
            self._missing(self.last + 1, number - 1)
        new = leaf(raw)
        possible = [chained(each, new) for each in self.heads]
        in_place = self._in_its_place(number, raw)
        if follows and in_place and self.known and head not in possible:
            self.verdict.add(number, f"entry {number:,} was changed")
            self.heads = [head, *possible, *self.heads][:CANDIDATES]
        else:
            self.heads = [head]
        self.known = in_place
        self.last = number
        self.verdict.size += 1
        if self.tree is not None:
            self.tree.add(new)
        self._compare(head)

    def _in_its_place(self, number: int, raw: bytes) -> bool:
        """The entry says itself which one it is; false if that was found to be another one."""
        try:
            own = int(json.loads(raw)["n"])
        except (ValueError, TypeError, KeyError):
            return True  # then its hash is wrong
        before, self.shift = self.shift, own - number
        if self.shift in (0, before):  # in its place, or moved together with the one before it
            return True
        what = f"in place of entry {number + before:,} is the one that was number {own:,}"
        gone = "one was put in before it, or it was moved" if self.shift < before else "what was there was taken out or moved"
        self.verdict.add(number, f"{what}: {gone}")
        return False

    def _missing(self, first: int, last: int) -> None:
        which = f"entry {first:,} is" if first == last else f"entries {first:,} to {last:,} are"
        self.verdict.add(first, f"{which} missing")

    def _compare(self, head: bytes) -> None:
        """What was known of the log when it had this size."""
        if self.anchor and self.anchor.size == self.last and self.anchor.head != head:
            self.verdict.add(
                self.last, f"the book knows another head after entry {self.last:,}: it, or one before it, was written anew"
            )
        while self.checkpoints and self.checkpoints[-1].size <= self.last:
            one = self.checkpoints.pop()
            size = self.tree.size if self.tree else 0
            if one.size == size and self.tree and one.root == self.tree.root:
                self.verdict.checkpoints += 1
                self.fits = one.size
            elif one.size:
                begin = f"{self.fits + 1:,} and " if self.fits + 1 < one.size else ""
                where = f"an entry between {begin}{one.size:,}" if begin else f"entry {one.size:,}"
                self.verdict.add(self.fits + 1, f"{one.where} does not fit: {where} was changed, taken out or put in")

    def end(self, now: LogState) -> None:
        """After the last entry: is it the last one that there was?"""
        verdict, tree = self.verdict, self.tree
        verdict.root = tree.root if tree else b""
        verdict.head = now.head
        if self.last < now.size:
            self._missing(self.last + 1, now.size)
        elif self.last > now.size:
            verdict.add(now.size + 1, f"the log says that entry {now.size:,} is the last one, but there are {self.last:,}")
        elif now.head not in self.heads and not verdict.problems:
            verdict.add(self.last, f"the head of the log does not fit entry {self.last:,}")
        elif tree and (now.tree.size, now.tree.peaks) != (tree.size, tree.peaks) and not verdict.problems:
            verdict.add(self.last, f"the tree of the log does not fit its {counted(self.last, 'entry', 'entries')}")
        if self.anchor and self.anchor.size > max(self.last, now.size):
            verdict.add(
                self.last + 1,
                f"{self._until(self.anchor.size)}: the book knows of {counted(self.anchor.size, 'entry', 'entries')}",
            )
        for one in reversed(self.checkpoints):
            verdict.add(self.last + 1, f"{self._until(one.size)}: {one.where} knows of {counted(one.size, 'entry', 'entries')}")

    def _until(self, size: int) -> str:
        return f"the tail was cut after entry {self.last:,}, {counted(size - self.last, 'entry is', 'entries are')} missing"
