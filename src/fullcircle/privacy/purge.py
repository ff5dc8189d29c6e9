"""After an erasure the bytes: files are written again without what deleted rows leave in them. Start at `purge`.

DuckDB and SQLite keep the content of rows in free blocks until something overwrites it; a lake keeps older snapshots; killed
runs leave drafts. The home must be closed: Busy while somebody reads or writes in it.
"""

from __future__ import annotations

import shutil
from contextlib import closing

from fullcircle.config.sections import Config
from fullcircle.dry_run import remove_abandoned
from fullcircle.engine.open import without_remains
from fullcircle.govern.home_keys import open_book
from fullcircle.graph.base import GraphStore, LeavesNoRemains
from fullcircle.graph.open import is_embedded, open_named
from fullcircle.home.folder import TABLES, private
from fullcircle.home.seen import Seen
from fullcircle.home.tables_file import held
from fullcircle.model.progress import Progress


def purge(settings: Config, progress: Progress) -> None:
    """Write all files of the home again that may have something left."""
    with private():
        progress.step("writing the tables again")
        with held(settings.home, alone=True):
            without_remains(settings.home / TABLES, settings.engine.memory, settings.engine.threads)
        for name in embedded_stores(settings):
            progress.step(f"writing the graph again ({name})")
            with open_named(settings, name) as store:
                if isinstance(store, LeavesNoRemains):
                    store.without_remains()
        progress.step("writing the book again")
        with closing(open_book(settings)) as book:
            book.without_remains()
        _drafts(settings)
        Seen(settings.home).keep()


def embedded_stores(settings: Config) -> list[str]:
    """The graph stores whose files are in the home: the main one, and the others that there are copies in."""
    found = ["main"] if is_embedded(settings) else []
    return [*found, *(name for name in settings.graph.others if any(settings.home.glob(f"graph-{name}.*")))]


def rebuilds(store: GraphStore) -> bool:
    """True for a store that has to be built anew, since nothing else clears its files."""
    return not isinstance(store, LeavesNoRemains)


def _drafts(settings: Config) -> None:
    """What killed runs and engines may have left: drafts, spilled blocks, copies for dry runs."""
    for pattern in ("*.tmp", "tables.spill", "tables.duckdb.again*", "landing/**/*.tmp"):
        for path in settings.home.glob(pattern):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    remove_abandoned(settings.home)
