"""Looks at the home before any work: what is lost, damaged or from elsewhere is named, with the command that heals it.

What is missing and can be made again is made again, and the run says so. What is damaged stops the run: `--repair` deletes it,
so that it is made again. The book cannot be made again: see book_file.py. Files that look as the last run left them are not
read (seen.py).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.config.sections import Config
from fullcircle.connectors.landing import Landing
from fullcircle.engine.base import Engine, quoted
from fullcircle.engine.open import open_engine
from fullcircle.errors import FullcircleError, HomeBroken
from fullcircle.graph.base import KeepsStamp
from fullcircle.graph.claim import CLAIM
from fullcircle.graph.open import drop_embedded, graph_path, is_embedded, open_store
from fullcircle.graph.sync import DDL as SYNC_DDL
from fullcircle.home.folder import LAKE, LANDING, PUBLISHED, TABLES
from fullcircle.home.identity import Identities
from fullcircle.home.probe import readable
from fullcircle.home.seen import Seen
from fullcircle.model.progress import Progress
from fullcircle.publish.send import discard, examine, heal, named_places, targets_in_home

REPAIR = "Run `fullcircle run --repair`: it deletes what is damaged and makes it again. "
AGAIN = "made again from what was pulled; the customer ids stay."


@dataclass(frozen=True, slots=True)
class Home:
    """The home under examination. `folder` is where its tables and book are: a copy of them in a dry run."""

    settings: Config
    folder: Path
    book: Book
    seen: Seen
    progress: Progress
    repair: bool
    without_graph: bool = False  # the embedded graph is to be deleted anyway

    @property
    def identities(self) -> Identities:
        """The identities of its parts."""
        return Identities(self.book)

    @property
    def ended_well(self) -> bool:
        """True unless the last run was killed or failed: what it was writing may then be half written, on a full disk for one."""
        last = RunLog(self.book).runs(1)
        return not last or last[0][3] == "finished"

    @property
    def deep(self) -> bool:
        """True if changed files are to be read whole: after a killed run they have changed rightly, and are compared anyway."""
        last = RunLog(self.book).runs(1)
        return self.seen.there and bool(last) and last[0][3] != "running"


def open_tables(home: Home) -> Engine:
    """Open the tables and see that they are whole and the book's own; the caller closes them. Busy if another run has them."""
    path, settings = home.folder / TABLES, home.settings.engine
    missing = not path.exists() and bool(home.book.read("SELECT 1 FROM stage_done LIMIT 1"))
    try:
        engine = _whole(path, settings.memory, settings.threads, deep=not home.seen.same(TABLES))
    except _Damaged:
        if not home.repair:
            raise damaged_tables(home.settings.home) from None
        for file in home.folder.glob(f"{TABLES}*"):
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        home.identities.renew("tables")
        home.progress.say(f"The tables were damaged. They are {AGAIN}")
        return open_engine(path, settings.memory, settings.threads)
    if missing:
        home.progress.say(f"The tables {home.settings.home / TABLES} are missing. They are {AGAIN}")
    elif not home.identities.paired(engine):
        home.progress.say(f"The tables and the book are not of the same moment or the same home. The tables are {AGAIN}")
    if missing or not home.identities.paired(engine):
        home.identities.renew("tables")
    return engine


def damaged_tables(home: Path) -> HomeBroken:
    """The error to raise when the tables cannot be read."""
    return HomeBroken(
        f"The tables {home / TABLES} are damaged, or another version of the engine made them.", f"{REPAIR}The customer ids stay."
    )


class _Damaged(Exception):
    pass


def _whole(path: Path, memory: str, threads: int, deep: bool) -> Engine:
    """The engine over tables that can be read, or _Damaged."""
    engine = None
    try:
        engine = open_engine(path, memory, threads)
        for table in _tables(engine) if deep else ():
            hashes = ", ".join(f"max(hash({quoted(name)}))" for name in engine.columns(table))
            engine.rows(f"SELECT {hashes} FROM {table}")
    except FullcircleError:
        if engine:
            engine.close()
        raise
    except Exception as error:  # whatever the library says about a file that it cannot read
        if engine:
            with suppress(Exception):
                engine.close()
        raise _Damaged from error
    return engine


def _tables(engine: Engine) -> Iterator[str]:
    for schema, name in engine.rows(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
    ):
        yield f"{quoted(schema)}.{quoted(name)}"


# -- the other parts ---------------------------------------------------------------------------------------------------


def check_landing(home: Home, landing: Landing) -> None:
    """HomeBroken if landed files are lost or changed; with `repair` their objects are forgotten, and pulled from the start."""
    bad: dict[tuple[str, str], str] = {}
    root = home.settings.home / LANDING
    for path, size, sha, source, object in home.book.read("SELECT path, bytes, sha256, source, object FROM landed_file"):
        if (source, object) in bad:
            continue
        if not (root / path).parent.exists():
            home.progress.say(f"The landed files of {source}.{object} are missing: it is read from the start.")
            bad[source, object] = ""
        elif problem := _landed_problem(root / path, size, sha, home.seen.same(f"{LANDING}/{path}")):
            bad[source, object] = f"The landed file {root / path} {problem}."
    damaged = {which: problem for which, problem in bad.items() if problem}
    if damaged and not home.repair:
        names = ", ".join(f"{source}.{object}" for source, object in damaged)
        raise HomeBroken(
            next(iter(damaged.values())),
            f"Copy it back from a backup, or run `fullcircle run --repair`: it reads {names} again, from the start.",
        )
    for source, object in damaged:
        landing.forget(source, object)
        home.progress.say(f"Landed files of {source}.{object} were damaged: it is read from the start.")


def _landed_problem(path: Path, size: int, sha: str, same: bool) -> str:
    if not path.is_file():
        return "is missing"
    if path.stat().st_size != size:
        return f"has {path.stat().st_size} bytes instead of {size}: it was cut or changed"
    if same:
        return ""
    with path.open("rb") as file:
        return "" if hashlib.file_digest(file, "sha256").hexdigest() == sha else "has other content than was landed"


def check_graph(home: Home) -> None:
    """Notice an embedded graph that is missing, damaged or another one; its stages are then done again."""
    if not is_embedded(home.settings):
        return
    path = graph_path(home.settings)
    fingerprint = _fingerprint(home.book)
    if not path.exists():
        if fingerprint:
            home.progress.say(f"The graph {path} is missing. It is made again from the tables.")
            home.identities.renew("graph")
        return
    if home.without_graph:
        home.identities.renew("graph")
        return
    if home.seen.same(path.name):
        return
    if not _is_readable(home, path):
        if not home.repair and home.ended_well:
            raise HomeBroken(f"The graph {path} is damaged, or another version of its library made it.", REPAIR)
        if home.folder == home.settings.home:
            drop_embedded(home.settings)
        home.progress.say("The graph was damaged. It is made again from the tables.")
        home.identities.renew("graph")
        return
    check_stamp(home.settings, home.book, home.progress)


def check_stamp(settings: Config, book: Book, progress: Progress) -> None:
    """A graph that another sync wrote, or an emptied one, is not the one that the book speaks of: its stages are done again."""
    fingerprint = _fingerprint(book)
    if not fingerprint:
        return
    with open_store(settings, read_only=True) as store:
        stamp = store.stamp() if isinstance(store, KeepsStamp) else fingerprint
        other = stamp != fingerprint if stamp and not stamp.startswith(CLAIM) else not any(store.count().values())
    if other:
        progress.say(
            "The graph is not the one that the last run left: it was emptied, replaced or restored. It is compared anew."
        )
        Identities(book).renew("graph")


def _fingerprint(book: Book) -> str:
    book.define(SYNC_DDL)
    found = book.read("SELECT mark FROM graph_sync")
    return str(found[0][0] or "") if found else ""


def _is_readable(home: Home, path: Path) -> bool:
    empty = path.is_file() and not path.stat().st_size
    graph = home.settings.graph
    return not empty and readable(graph.store, path, graph.options, home.deep)


def check_targets(home: Home) -> None:
    """Notice published files that are lost, and targets that are damaged or refer to another place."""
    settings, seen = home.settings, home.seen
    for part in (LAKE, PUBLISHED):
        if seen.gone(part) and (part == PUBLISHED or not any((settings.home / part).rglob("*"))):
            home.progress.say(f"Published files in {settings.home / part} are missing. They are written again.")
            home.identities.renew(PUBLISHED)
    if not seen.there and _is_unpublished(home):
        home.progress.say(f"Published files in {settings.home} are missing. They are written again.")
        home.identities.renew(PUBLISHED)
    if seen.there and not seen.moved_from and (seen.same(LAKE) or not (settings.home / LAKE).exists()):
        problems = {}
    else:
        problems = examine(settings.publish, settings.folder, settings.home) or _changed_lake(home)
    for name, problem in problems.items():
        _discard(home, name, problem)
    if altered := seen.altered(PUBLISHED):
        home.identities.renew(PUBLISHED)
        for file in altered if home.folder == settings.home else ():
            (settings.home / file).unlink(missing_ok=True)


def _is_unpublished(home: Home) -> bool:
    """True if something was published into the home, and nothing of it is there."""
    settings = home.settings
    if not targets_in_home(settings.publish, settings.folder) or RunLog(home.book).last("publish") is None:
        return False
    return not any((settings.home / part).exists() for part in (LAKE, PUBLISHED))


def _changed_lake(home: Home) -> dict[str, str]:
    """Files of the lake that changed, although its catalog, which every writer changes, did not."""
    altered = home.seen.altered(LAKE)
    if not altered or any("catalog" in name for name in altered) or home.seen.moved_from:
        return {}
    names = targets_in_home(home.settings.publish, home.settings.folder)
    return {name: f"the file {home.settings.home / altered[0]} was cut or changed" for name in names}


def _discard(home: Home, name: str, problem: str) -> None:
    settings = home.settings
    place = named_places(settings.publish, settings.folder).get(name)
    if place and settings.home not in place.parents:
        raise HomeBroken(
            f'The publish target "{name}" in {place} cannot be written: {problem}.',
            f"Nothing was changed there. Delete {place}, or name another `path` in [publish.targets.{name}], then run again.",
        )
    if not home.repair:
        raise HomeBroken(
            f'The publish target "{name}" in {place or settings.home} cannot be written: {problem}.',
            "Run `fullcircle run --repair`: it keeps a lake that was moved with its home; what else is published here is "
            "deleted, nothing elsewhere, and published anew.",
        )
    if home.folder == settings.home:
        if healed := heal(settings.publish, name, settings.folder, settings.home):
            home.progress.say(f'The publish target "{name}" is in order again: {healed}.')
            return
        discard(settings.publish, name, settings.folder, settings.home)
    home.identities.renew(PUBLISHED)
    home.progress.say(f'The publish target "{name}" is published anew: {problem}.')
