"""An erasure that is killed (kill -9) at a chosen point: before or after one of its commits and renames."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.engine.duckdb import DuckDB
from fullcircle.privacy.erase import erase
from fullcircle.steward.who import customer_named


class Doom:
    """Counts the points that are passed; at the fatal one the process dies."""

    def __init__(self, fatal: int) -> None:
        self.passed, self.fatal = 0, fatal

    def point(self) -> None:
        self.passed += 1
        if self.passed == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def work(config: str, which: str, fatal: str) -> None:
    """Erase a customer, and print how many points there were, if it is not killed."""
    with doomed(int(fatal)) as doom:
        erase(read_config(Path(config)), [which], customer_named, "officer")
    print(doom.passed)


@contextmanager
def doomed(fatal: int) -> Iterator[Doom]:
    """From here on this process, which does nothing else, dies at that point."""
    doom = Doom(fatal)
    _around_transactions(Book, doom)
    _around_transactions(DuckDB, doom)
    for owner, name in ((os, "replace"), (Path, "replace"), (Path, "unlink"), (Book, "without_remains")):
        _around(owner, name, doom)
    yield doom


def _around(owner: object, name: str, doom: Doom) -> None:
    real = getattr(owner, name)

    def fated(*given: object, **named: object) -> object:
        doom.point()
        done = real(*given, **named)
        doom.point()
        return done

    setattr(owner, name, fated)


def _around_transactions(owner: type, doom: Doom) -> None:
    real = owner.transaction  # type: ignore[attr-defined]

    @contextmanager
    def fated(self: object) -> Iterator[None]:
        with real(self):
            yield
            doom.point()
        doom.point()

    owner.transaction = fated  # type: ignore[attr-defined]
