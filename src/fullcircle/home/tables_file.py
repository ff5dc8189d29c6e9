"""The tables, opened for reading: several processes may read them at once, but not beside a run, which has them alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fullcircle.config.sections import Config
from fullcircle.engine.base import Engine, literal
from fullcircle.engine.open import open_engine
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.home.examine import damaged_tables
from fullcircle.home.folder import TABLES


@contextmanager
def tables_for_reading(settings: Config) -> Iterator[Engine]:
    """An engine over the tables of the last run, which it cannot change. NotFound before the first run, Busy beside a run.

    HomeBroken if they are damaged.
    """
    path = settings.home / TABLES
    if not path.exists():
        raise NotFound(f"The folder {settings.home} has no tables yet.", "Create them with `fullcircle run`.")
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
