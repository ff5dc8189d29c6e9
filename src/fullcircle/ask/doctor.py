"""Is everything there that is needed, and if not, what to do: the machine, the libraries, the config, sources, graph, disk."""

from __future__ import annotations

import importlib.util
import os
import platform
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fullcircle import __version__
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.config.read import FILE_NAME, load_config
from fullcircle.config.sections import Config
from fullcircle.connectors.pull import open_source
from fullcircle.errors import ConfigError, FullcircleError, NotFound
from fullcircle.govern.audit import lost_log, open_audit
from fullcircle.govern.audit_anchor import anchor_of
from fullcircle.govern.audit_file import AUDIT
from fullcircle.govern.home_keys import keyring
from fullcircle.govern.open import policy_of
from fullcircle.govern.users import Users
from fullcircle.graph.base import ChecksServer
from fullcircle.graph.open import open_store
from fullcircle.home.book_file import book_for_reading, check_book
from fullcircle.home.disk import disk_encrypted
from fullcircle.home.folder import BOOK, ERASED, too_open
from fullcircle.home.seen import Seen
from fullcircle.model.counting import counted
from fullcircle.privacy.listed import erasures
from fullcircle.writeback.plan import check_writebacks, planned

LIBRARIES = {"duckdb": "", "pyarrow": "", "psycopg": "postgres", "pyiceberg": "iceberg"}
FREE_GIB = 2.0


@dataclass(frozen=True, slots=True)
class DoctorCheck(ReaderAnswer):
    """One thing that was looked at."""

    what: str
    ok: bool
    found: str
    do: str  # what to do about it; empty where all is well


def doctor(file: Path | None = None) -> Answers[DoctorCheck]:
    """Check everything for a config file; none named: the nearest one. What is wrong is in the answer, never raised."""
    return Answers(DoctorCheck, (*_machine(), *_libraries(), *_project(file)))


def _check(what: str, ok: bool, found: str, do: str = "") -> DoctorCheck:
    return DoctorCheck(what, ok, found, "" if ok else do)


def _machine() -> Iterator[DoctorCheck]:
    yield _check("fullcircle", True, __version__)
    yield _check("python", True, platform.python_version())


def _libraries() -> Iterator[DoctorCheck]:
    for name, extra in LIBRARIES.items():
        try:
            yield _check(name, True, version(name))
        except PackageNotFoundError:
            there = importlib.util.find_spec(name) is not None
            install = f"pip install 'fullcircle[{extra}]'" if extra else ""
            yield _check(name, there or bool(extra), "not installed (optional)", install)


def _project(file: Path | None) -> Iterator[DoctorCheck]:
    try:
        settings = load_config(file)
    except FullcircleError as error:
        yield _check("config", False, error.message, error.hint)
        return
    yield _check("config", True, str(settings.folder / FILE_NAME))
    yield _disk(settings)
    yield _privacy(settings)
    yield _tried("encryption", partial(_encryption, settings))
    yield _tried("book", partial(_book, settings))
    yield _tried("audit log", partial(_audit, settings))
    yield _tried("policy", partial(_policy, settings))
    yield _erased(settings)
    for name in settings.sources:
        yield _tried(f"source {name}", partial(_source, settings, name))
    if not settings.sources:
        yield _check("sources", False, "none in the config", "Add a [sources.<name>] section.")
    for name in settings.writeback:
        yield _tried(f"write-back {name}", partial(_writeback, settings, name))
    yield _tried("graph", partial(_graph, settings))


def _tried(what: str, look: Callable[[], str]) -> DoctorCheck:
    try:
        return _check(what, True, look())
    except FullcircleError as error:
        return _check(what, False, error.message, error.hint)


def _disk(settings: Config) -> DoctorCheck:
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(place).free / 2**30
    return _check("disk", free >= FREE_GIB, f"{free:.1f} GiB free", "Free some space or point [project] home elsewhere.")


def _privacy(settings: Config) -> DoctorCheck:
    home = settings.home
    if home.exists() and not home.is_dir():
        return _check("home", False, f"{home} is a file", "Move it away, or set `home` in [project] to a folder.")
    if not home.exists():
        return _check("home", True, f"{home}, not made yet")
    if not os.access(home, os.W_OK | os.X_OK):
        return _check("home", False, f"{home} is read-only for you", "Correct its permissions, or set `home` in [project].")
    if found := too_open(home):
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        return _check("home", False, f"others may read {found[0]}{more}", f"Run: chmod -R go-rwx {shlex.quote(str(home))}")
    return _check("home", True, f"{home}, for its owner alone")


def _encryption(settings: Config) -> str:
    keyring(settings)
    parts = "book and landed files" if settings.security.encrypt else "nothing by fullcircle itself"
    disk = {True: "encrypted", False: "not encrypted", None: "cannot be seen from here"}
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    return f"{parts}; the disk: {disk[disk_encrypted(place)]}"


def _book(settings: Config) -> str:
    check_book(settings, Seen(settings.home))
    return "whole; back it up: it has the customer ids" if (settings.home / BOOK).exists() else "none yet"


def _audit(settings: Config) -> str:
    if lost := lost_log(settings.home, anchor_of(settings)):
        raise lost
    if not (settings.home / AUDIT).exists():
        return "none yet"
    with open_audit(settings.home, settings) as log:
        entries = counted(log.state().size, "entry", "entries")
    elsewhere = "its checkpoints belong elsewhere" if settings.audit.checkpoints else "[audit] names no folder for checkpoints"
    return f"{entries}; {elsewhere}"


def _policy(settings: Config) -> str:
    with closing(book_for_reading(settings)) as book:
        policy = policy_of(settings, book)
        users = len(Users(book).list())
    if policy is None:
        return "none: whoever can read the home sees all; [govern] in the config changes that"
    if not users:
        raise ConfigError("A policy, and no users: nothing is shown to anybody", "fullcircle users add --first")
    return f"whole, {counted(policy.own, 'rule of your own', 'rules of your own')}, {counted(users, 'user')}"


def _erased(settings: Config) -> DoctorCheck:
    try:
        found = erasures(settings) if (settings.home / ERASED).exists() else []
    except FullcircleError as error:
        return _check("erased people", False, error.message, error.hint)
    left = [one for one in found if one.state == "open"]
    if left:
        open_ones = counted(len(left), "erasure is", "erasures are")
        return _check("erased people", False, f"{open_ones} not carried out everywhere", "Run: fullcircle erased resume")
    return _check("erased people", True, counted(len(found), "erasure") if found else "nobody")


def _source(settings: Config, name: str) -> str:
    connector = open_source(name, settings.sources[name], settings.folder, settings.project.country)
    try:
        return "; ".join(connector.check())
    finally:
        connector.close()


def _writeback(settings: Config, name: str) -> str:
    check_writebacks(settings)
    source = settings.writeback[name].source
    with closing(open_source(source, settings.sources[source], settings.folder, settings.project.country)) as connector:
        plan = planned(settings, name, connector)
    return f"{counted(len(plan.fields), 'field')} of {plan.place} can be written"


def _graph(settings: Config) -> str:
    try:
        with open_store(settings, read_only=True) as store:
            if isinstance(store, ChecksServer):
                store.check_server()
            return f"{settings.graph.store}, {sum(store.count().values()):,} vertices and edges"
    except NotFound:
        return f"{settings.graph.store}, nothing in it yet"
