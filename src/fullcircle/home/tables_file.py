"""The tables, opened for reading: several may read them at once, but not beside a run, which has them alone.

The library's own lock is one of processes, and a process loses it as soon as one of several readers in it closes the file. So a
file beside the tables is locked for each who opens them: also threads of one server keep out of each other's way.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fullcircle.config.sections import Config
from fullcircle.engine.base import Engine, literal
from fullcircle.engine.open import open_engine
from fullcircle.errors import Busy, FullcircleError, NotFound
from fullcircle.home.examine import damaged_tables
from fullcircle.home.folder import TABLES

LOCK = f".{TABLES}.lock"


@contextmanager
def tables_for_reading(settings: Config) -> Iterator[Engine]:
    """An engine over the tables of the last run, which it cannot change. NotFound before the first run, Busy beside a run.

    HomeBroken if they are damaged.
    """
    path = settings.home / TABLES
    if not path.exists():
        raise NotFound(f"The folder {settings.home} has no tables yet.", "Create them with `fullcircle run`.")
    with held(settings.home):
        engine = open_engine(None, settings.engine.memory, settings.engine.threads)
        try:
            try:
                engine.run(f"ATTACH {literal(path)} AS kept (READ_ONLY); USE kept")
            except FullcircleError:
                raise
            except Exception as error:  # whatever the library says about a file that it cannot read
                raise damaged_tables(settings.home) from error
            yield engine
        finally:
            engine.close()


@contextmanager
def held(home: Path, alone: bool = False) -> Iterator[None]:
    """Have the tables inside the `with` block, together with other readers or alone. Busy while others have them."""
    try:
        place = os.open(home / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError:  # a folder that cannot be written: nobody writes its tables
        yield
        return
    try:
        try:
            fcntl.flock(place, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(
                f"Another process is using the tables in {home / TABLES}.",
                "Wait until the other run has ended. Reading (show, search, related) works in the meantime.",
            ) from error
        except OSError:
            pass  # a file system without such locks: the library's own is what there is
        yield
    finally:
        os.close(place)
