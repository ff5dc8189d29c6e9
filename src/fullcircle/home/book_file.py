"""Whether the book is there and whole. It is the one part that cannot be made again: nothing goes on without it by itself."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from fullcircle.book.book import Book
from fullcircle.book.connection import connect, library, unreadable
from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError, FullcircleError, HomeBroken
from fullcircle.govern.home_keys import book_key, open_book
from fullcircle.graph.base import KeepsStamp
from fullcircle.graph.claim import CLAIM
from fullcircle.graph.open import graph_path, is_embedded, open_store
from fullcircle.home.folder import BOOK, LAKE, LANDING, TABLES
from fullcircle.home.seen import Seen

OF_RUNS = {"run", "landed_file"}  # tables of every book that a run has had
# Of one that no run has had: a table of everything that may be kept before (the first users, webhooks, what people decided ...).
BEFORE_RUNS = {
    "audit_anchor", "campaign_member", "change_event", "customer_event", "customer_secret", "decision_judgement", "erased_key",
    "given_consent", "govern_key", "govern_user", "graph_sync", "home_identity", "identity_health", "identity_label",
    "identity_model", "identity_model_change", "judgement", "live_record", "proposal_name", "pulled_source", "quality_outcome",
    "quality_release", "quality_snapshot", "request_once", "restricted_record", "webhook", "writeback_last", "written_field",
}  # fmt: skip
RESTORE = (
    "It contains the customer ids with their history, and all judgements, which cannot be made again. Copy a backup of it to "
    "{path} and run again. Without a backup, `fullcircle run --new-book` begins a new one: everything is read again, the ids are "
    "given anew, and old ids of merged customers are no longer known."
)


def check_book(settings: Config, seen: Seen, new_book: bool = False) -> None:
    """HomeBroken if the book is lost or damaged, unless a new one is wanted. ConfigError if one is wanted without need."""
    path = settings.home / BOOK
    if _has_content(path):
        key = book_key(settings)
        problem = "" if seen.same(BOOK) else _damage(path, key) or ("" if _tables(path, key) & OF_RUNS else _lost(settings, seen))
    else:
        problem = _lost(settings, seen)
    if new_book and not problem:
        raise ConfigError(
            f"The book {path} is not lost: --new-book would throw away its customer ids.",
            "Leave out --new-book. To start anew on purpose, move the whole home away.",
        )
    if problem and not new_book:
        raise HomeBroken(problem, RESTORE.format(path=path))


def book_for_reading(settings: Config) -> Book:
    """The book, opened beside a run. Before the first run (the graph was imported) an empty one; HomeBroken if it is lost."""
    path = settings.home / BOOK
    if path.exists():
        return open_book(settings, read_only=True)
    if problem := _lost(settings, Seen(settings.home)):
        raise HomeBroken(problem, RESTORE.format(path=path))
    return Book(Path(":memory:"))


def set_aside(home: Path, key: bytes | None = None) -> None:
    """Move a damaged book away, so that a new one can begin. It is not deleted. One with nothing but users is that new one."""
    path = home / BOOK
    if _has_content(path) and not _damage(path, key) and not _tables(path, key) & OF_RUNS:
        return
    at = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    for path in sorted(home.glob(f"{BOOK}*")):
        if path.name in (BOOK, f"{BOOK}-wal", f"{BOOK}-shm"):
            path.rename(home / path.name.replace(BOOK, f"damaged-{at}-{BOOK}"))


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _lost(settings: Config, seen: Seen) -> str:
    """The message if there is no book but other parts, which a run with a book has made."""
    home = settings.home
    others = [name for name in (TABLES,) if _has_content(home / name)]
    others += [name for name in (LANDING, LAKE) if any(path.is_file() for path in (home / name).rglob("*"))]
    others += [graph_path(settings).name] if _is_synced(settings) else []
    if not others and not seen.there:
        return ""
    state = "has nothing of a run" if (home / BOOK).exists() else "is missing"
    return f"The book {home / BOOK} {state}, but a run has been here: {', '.join(others) or 'its traces'} exist."


def _is_synced(settings: Config) -> bool:
    """True if a sync, which needs a book, has written the graph; false for one that was only imported."""
    if not is_embedded(settings) or not graph_path(settings).exists():
        return False
    try:
        with open_store(settings, read_only=True) as store:
            stamp = store.stamp() if isinstance(store, KeepsStamp) else ""
    except FullcircleError:
        return False
    return bool(stamp) and not stamp.startswith(CLAIM)


def _damage(path: Path, key: bytes | None) -> str:
    """The message if the file is not a whole book."""
    damaged = f"The book {path} is damaged"
    try:
        with closing(connect(path, key, read_only=True)) as db:
            if db.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                return f"{damaged}: parts of it cannot be read."
        if (there := _tables(path, key)) and not there & {*OF_RUNS, *BEFORE_RUNS}:
            return f"{damaged}: it is the database of another program."
    except library(key is not None).Error as error:
        if about := unreadable(path, key is not None):
            raise ConfigError(*about) from error
        return "" if "locked" in str(error).lower() else f"{damaged}: it was cut or overwritten."
    return ""


def _tables(path: Path, key: bytes | None) -> set[str]:
    with closing(connect(path, key, read_only=True)) as db:
        return {row[0] for row in db.execute("SELECT name FROM sqlite_master").fetchall()}
