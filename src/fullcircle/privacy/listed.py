"""The list of erased people as a person uses it: look at it, keep a copy outside the home, apply one, take somebody off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fullcircle.book import kept_file
from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError, NotFound
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.suppressed import Erasure, Suppressed
from fullcircle.home.folder import BOOK, ERASED
from fullcircle.model.progress import Progress
from fullcircle.privacy import certificate
from fullcircle.privacy.certificate import ErasureCertificate
from fullcircle.privacy.erase import finish


def erasures(settings: Config) -> list[Erasure]:
    """All erasures, oldest first."""
    if not (settings.home / BOOK).exists():
        return []
    with _opened(settings) as suppressed:
        return suppressed.erasures()


def any_open(settings: Config) -> bool:
    """True if an erasure is not yet everywhere; costs nothing where nobody was ever erased."""
    return (settings.home / ERASED).exists() and any(one.state == "open" for one in erasures(settings))


def certificate_of(settings: Config, erasure: str) -> ErasureCertificate:
    """The certificate; NotFound if there is none, or none yet."""
    with _opened(settings) as suppressed:
        state = suppressed.get(erasure).state
    found = certificate.read(settings.home, erasure)
    if not found:
        hint = "It is not carried out everywhere yet: `fullcircle erased resume` goes on." if state == "open" else ""
        raise NotFound(f"There is no certificate of {erasure}.", hint)
    return found


def lift(settings: Config, erasure: str) -> None:
    """Take a person off the list. An erasure that is not yet everywhere is carried out first."""
    with _opened(settings) as suppressed:
        if suppressed.get(erasure).state == "open":
            raise ConfigError(f"{erasure} is not carried out everywhere yet.", "Run `fullcircle erased resume` first.")
        suppressed.lift(erasure)


def keep(settings: Config, file: Path) -> int:
    """Write the list, with its key, into a file outside the home; returns the number of erasures."""
    if settings.home in file.resolve().parents:
        raise ConfigError("A copy inside the home is lost together with it.", "Name a file elsewhere, beside the backups.")
    if not (settings.home / BOOK).exists():
        raise NotFound(f"The folder {settings.home} has no book yet.", "Create it with `fullcircle run`.")
    with _opened(settings) as suppressed:
        kept_file.write(file, json.dumps(suppressed.as_json()).encode())
        return len(suppressed.erasures())


def apply(settings: Config, file: Path, progress: Progress | None = None) -> list[ErasureCertificate]:
    """Take over a list that was kept elsewhere, and erase who is not erased here."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if not {"key", "erased", "entries"} <= set(kept):
            raise ValueError
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(
            f"{file} is not a list of erased people.", "Name a file that `fullcircle erased keep` wrote."
        ) from error
    with _opened(settings) as suppressed:
        suppressed.take_over(kept)
        suppressed.keep_file()
    return finish(settings, progress)


@contextmanager
def _opened(settings: Config) -> Iterator[Suppressed]:
    with closing(open_book(settings)) as book:
        yield Suppressed(book, settings.home / ERASED)
