"""What was seen, by whom: the entries of the audit log, whether it is whole, and signed checkpoints of it.

These questions read the log alone; they need neither graph nor tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fullcircle.ask.moment import begin_of, moment
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.config.sections import Config
from fullcircle.errors import AuditBroken, NotFound
from fullcircle.govern.audit import lost_log
from fullcircle.govern.audit_anchor import anchor_of
from fullcircle.govern.audit_anew import begin_anew
from fullcircle.govern.audit_checkpoint import read_checkpoints
from fullcircle.govern.audit_file import AUDIT, connect, state
from fullcircle.govern.audit_key import PublicKey, signing_key
from fullcircle.govern.audit_publish import checkpoint_folder, signed_checkpoint
from fullcircle.govern.audit_read import AuditFilter, export, matching
from fullcircle.govern.audit_verify import verify
from fullcircle.govern.principal import Principal
from fullcircle.home.book_file import book_for_reading
from fullcircle.home.folder import private
from fullcircle.identity.ledger import Ledger

TEXTS = {"at", "who", "door", "via", "question", "outcome", "rule", "detail"}


@dataclass(frozen=True, slots=True)
class AuditLine(ReaderAnswer):
    """One entry: who was shown which fields of whom, through which door and by which rule."""

    number: int
    at: str  # ISO, in UTC
    who: str
    roles: tuple[str, ...]
    door: str
    via: str  # how the person is known: os, key
    question: str
    outcome: str  # answered, refused or failed
    customers: tuple[str, ...]  # pseudonyms
    fields: tuple[str, ...]
    rule: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditFinding(ReaderAnswer):
    """Something that was done to the log."""

    entry: int  # at which entry; 0: in none of them
    problem: str


@dataclass(frozen=True, slots=True)
class AuditReport(ReaderAnswer):
    """Whether the log is whole."""

    whole: bool
    origin: str  # the name of the log
    entries: int
    root: str  # of the Merkle tree, in hex: the same root means the same log
    head: str  # of the chain, in hex
    checkpoints: int  # that fit the log
    findings: tuple[AuditFinding, ...]
    more: int  # further findings


@dataclass(frozen=True, slots=True)
class AuditCheckpoint(ReaderAnswer):
    """How far the log went, signed."""

    checkpoint: str  # as it is published
    entries: int
    public_key: str  # what checks the signature
    file: str | None  # where it was kept


def audit_entries(
    settings: Config, customer: str = "", who: str = "", question: str = "", since: str = "", until: str = "", limit: int = 50
) -> Answers[AuditLine]:
    """The entries that fit, the newest first. `since`: a date, a time, or how long ago: "7d", "12h"."""
    path = _there(settings)
    wanted = AuditFilter(_ids_of(settings, customer), who, question, _moment(since, "--since"), _moment(until, "--until"), limit)
    lines = []
    for found in matching(path, wanted):
        lists = {name: tuple(found[name]) for name in ("roles", "customers", "fields")}
        lines.append(AuditLine(**{**{name: found[name] for name in found.keys() & TEXTS}, "number": found["n"], **lists}))
    return Answers(AuditLine, tuple(lines))


def audit_verify(settings: Config, files: Sequence[Path] = (), public_keys: Sequence[str] = ()) -> AuditReport:
    """Read the whole log and name what was done to it. `files`: checkpoints, or folders of them; otherwise those of [audit].

    `public_keys`: of checkpoints that another key signed than the one in use.
    """
    path, home = _there(settings), settings.home
    folder = checkpoint_folder(settings)
    known = read_checkpoints(files or ((folder,) if folder and folder.is_dir() else ()))
    keys = [PublicKey.read(line) for line in public_keys]
    origin = _origin(path)
    own = [one for one in known if files or one.origin == origin]
    if own and origin and not keys:
        keys.append(signing_key(home, settings, origin).public)
    genuine = [one for one in own if one.is_signed_by(keys) or one.origin != origin]
    verdict = verify(path, genuine, anchor_of(settings))
    findings = [AuditFinding(one.entry, one.problem) for one in verdict.problems]
    findings += [AuditFinding(0, f"{one.where} is not signed by this key") for one in own if one not in genuine]
    if folder and known and not own:
        findings.append(AuditFinding(0, f"none of the checkpoints in {folder} is of this log: it is another one"))
    return AuditReport(
        not findings, verdict.origin, verdict.size, verdict.root.hex(), verdict.head.hex(), verdict.checkpoints,
        tuple(findings), verdict.more,
    )  # fmt: skip


def audit_checkpoint(settings: Config) -> AuditCheckpoint:
    """How far the log goes now, signed; also written into the folder of [audit] checkpoints."""
    _there(settings)
    with private():
        made = signed_checkpoint(settings.home, settings)
    return AuditCheckpoint(made.text, made.size, str(made.public_key), str(made.file) if made.file else None)


def audit_export(settings: Config, file: Path) -> int:
    """Write the whole log with its hashes for others to verify, one JSON object a line; returns the number of entries."""
    path = _there(settings)
    with private():
        made = signed_checkpoint(settings.home, settings, keep=False)
        return export(path, file, made.text, str(made.public_key))


def audit_begin(settings: Config, who: Principal) -> str:
    """Begin a new log where the old one is lost or damaged; returns where a damaged one was set aside."""
    with private():
        return str(begin_anew(settings.home, settings, who) or "")


def _there(settings: Config) -> Path:
    path = settings.home / AUDIT
    if path.exists():
        return path
    if lost := lost_log(settings.home, anchor_of(settings)):
        raise lost
    raise NotFound(f"No audit log was begun in {settings.home} yet.", "It is begun with the first question that is audited.")


def _origin(path: Path) -> str:
    try:
        with closing(connect(path, read_only=True)) as db:
            return state(db, path).origin
    except AuditBroken:  # verifying says so
        return ""


def _ids_of(settings: Config, customer: str) -> list[str]:
    if not customer:
        return []
    id = customer if ":" in customer else f"customer:{customer}"
    with closing(book_for_reading(settings)) as book:
        found = Ledger(book).leading_to(id) if book.read("SELECT 1 FROM sqlite_master WHERE name = 'customer_id'") else []
    return found or [id]  # an erased customer is not in the ledger


def _moment(text: str, option: str) -> str:
    """A time as the log writes it."""
    found = moment(text, option)
    return f"{begin_of(found).isoformat(timespec='microseconds')}Z" if found else ""
