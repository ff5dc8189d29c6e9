"""Erases people: first the list of erased people, which is the durable intent, then everything else, which follows from it.

`erase` finds what there is and notes hashes of it in one transaction. From then on `finish` carries it out, as often as it takes:
landed files, book, tables, graph, targets, and at last the bytes that deleted rows leave in files. A killed erasure, the next
pull and a restored backup all do the same. Only when everything is reached is there a certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from fullcircle import pipeline
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.connectors.landing import Landing
from fullcircle.desk import Desk, open_desk
from fullcircle.errors import ErasureOpen, FullcircleError
from fullcircle.govern.audit import forget_pseudonyms
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.suppressed import Erasure, Suppressed
from fullcircle.graph.copy import copy
from fullcircle.graph.open import drop_named, is_embedded, open_named, open_store
from fullcircle.home.folder import ASIDE, ERASED
from fullcircle.mapping.made_records import SOURCE
from fullcircle.model.progress import Progress, Silent
from fullcircle.privacy import certificate
from fullcircle.privacy.certificate import ErasureCertificate
from fullcircle.privacy.collect import Collected, Named, collect
from fullcircle.privacy.forget import erased_customers, forget, trim_phone_cache
from fullcircle.privacy.purge import embedded_stores, purge, rebuilds
from fullcircle.publish.send import drop_older_content, targets_of
from fullcircle.stage import Choice

RESUME = "It is noted, and goes on with `fullcircle erased resume` or the next `fullcircle run`."


@dataclass(frozen=True, slots=True)
class PlannedErasure:
    """What would be erased of a customer, by place, and what is out of reach."""

    customer_id: str
    customer_ids: tuple[str, ...]
    counts: dict[str, int]
    sources: tuple[str, ...]
    reached: tuple[str, ...]
    not_reached: tuple[str, ...]


def plan(settings: Config, which: Sequence[str], named: Named, progress: Progress | None = None) -> list[PlannedErasure]:
    """What `erase` would erase; nothing is changed."""
    with open_desk(settings, progress, dry_run=True) as desk:
        suppressed = Suppressed(desk.book, desk.landing.root.parent / ERASED)
        found = collect(desk, suppressed, [named(desk.engine, desk.book, one) for one in which])
        return [
            PlannedErasure(
                one.customer_id, one.customer_ids, one.counts, _sources(one), tuple(_places(settings)), certificate.REMAINS
            )
            for one in found
        ]


def erase(
    settings: Config,
    which: Sequence[str],
    named: Named,
    by: str,
    reference: str = "",
    progress: Progress | None = None,
    noted: Callable[[Book, list[str]], None] | None = None,
) -> list[ErasureCertificate]:
    """Erase these customers, with all ids that were ever merged into them. ErasureOpen if something could not be reached.

    `noted` gets the numbers of the erasures in the transaction in which they are noted.
    """
    with open_desk(settings, progress) as desk:
        suppressed = Suppressed(desk.book, settings.home / ERASED)
        found = collect(desk, suppressed, [named(desk.engine, desk.book, one) for one in which])
        with desk.book.transaction():
            numbers = []
            for one in found:
                counts = one.counts | {f"source {source}": 1 for source in _sources(one)}
                numbers.append(suppressed.note(one.customer_id, by, reference, one.entries, counts))
            if noted:
                noted(desk.book, numbers)
        suppressed.keep_file()
    return finish(settings, progress)


def finish(settings: Config, progress: Progress | None = None) -> list[ErasureCertificate]:
    """Carry out all erasures that are open; nothing to do if there are none."""
    progress = progress or Silent()
    try:
        with open_desk(settings, progress) as desk:
            open_ones = Suppressed(desk.book, settings.home / ERASED).open()
            if not open_ones:
                return []
            left = _everywhere(desk)
        purge(settings, progress)
    except FullcircleError as error:
        error.hint = f"{error.hint} {RESUME}".strip()
        raise
    if any(left.values()):
        named = "; ".join(f"{name}: {', '.join(tables)}" for name, tables in left.items() if tables)
        raise ErasureOpen(
            f"Published tables that are not sent any more still have the content that they had: {named}.",
            f"Delete them, or add them to `tables` of their target. {RESUME}",
        )
    if aside := sorted(path.name for path in settings.home.glob(ASIDE)):
        raise ErasureOpen(
            f"Damaged files that were set aside may still have the person, and cannot be searched: {', '.join(aside)}.",
            f"Delete them from {settings.home}, or move them to where the backups are. {RESUME}",
        )
    return _certified(settings, open_ones)


def _everywhere(desk: Desk) -> dict[str, list[str]]:
    """Take erased people out of the landed files, the book, the tables, the graph and the targets."""
    config, suppressed = desk.config, Suppressed(desk.book, desk.config.home / ERASED)
    forget(desk.book, desk.engine, suppressed)
    forget_pseudonyms(config, erased_customers(desk.book, desk.engine, suppressed))
    anew = is_embedded(config) and _is_built_anew(config)
    pipeline.run(desk, Choice(rebuild_graph=anew))
    forget(desk.book, desk.engine, suppressed)  # what the run found out by itself: rows that only point to somebody erased
    trim_phone_cache(desk.engine)
    for name in config.graph.others:
        _copy_again(desk, name)
    return drop_older_content(desk.engine, config.publish, config.folder, config.home, desk.progress)


def _is_built_anew(config: Config) -> bool:
    with open_store(config) as store:
        return rebuilds(store)


def _copy_again(desk: Desk, name: str) -> None:
    """Another store with a copy of the graph is brought to its state; where only that clears its files, it is copied anew."""
    config = desk.config
    if name not in embedded_stores(config):
        with open_named(config, name) as other:  # a server: empty unless somebody copied the graph into it
            if not any(other.count().values()):
                return
    else:
        with open_named(config, name) as other:
            anew = rebuilds(other)
        if anew:
            drop_named(config, name)
    with open_store(config, read_only=True) as store, open_named(config, name) as other:
        copy(store, other, desk.progress, replace=True)


def _certified(settings: Config, erasures: Sequence[Erasure]) -> list[ErasureCertificate]:
    """Close the erasures, and write a certificate of each."""
    made = []
    with closing(open_book(settings)) as book:
        suppressed = Suppressed(book, settings.home / ERASED)
        landed, listed = _landing_digest(settings, book), suppressed.fingerprint()
        for one in erasures:
            sources = tuple(place.removeprefix("source ") for place in one.counts if place.startswith("source "))
            counts = {place: number for place, number in one.counts.items() if not place.startswith("source ")}
            made.append(
                ErasureCertificate(
                    one.id, one.person, one.by, one.reference, one.at, datetime.now(UTC).isoformat(timespec="seconds"), counts,
                    tuple(_places(settings)), certificate.REMAINS, sources, listed, landed,
                )
            )  # fmt: skip
            certificate.write(settings.home, made[-1])
            suppressed.close(one.id)
        suppressed.keep_file()
    return made


def _landing_digest(settings: Config, book: Book) -> str:
    from fullcircle.engine.open import open_engine
    from fullcircle.home.folder import LANDING

    with closing(open_engine(None, "100MB", 1)) as engine:
        return Landing(settings.home / LANDING, book, engine).fingerprint()


def _places(settings: Config) -> list[str]:
    """The stores and targets that an erasure goes through."""
    targets = list(targets_of(settings.publish))
    return [
        "landed files and rejected rows",
        "the book: id ledger, judgements, labels, live records",
        "tables, quarantine and caches",
        *(f"graph store {name}" for name in ("main", *settings.graph.others)),
        *(f"publish target {name}, with its older content" for name in targets),
    ]


def _sources(one: Collected) -> tuple[str, ...]:
    """Where else the person still is, to be deleted there; a record that a look-up made is nowhere else."""
    return tuple(sorted({record.split(":", 2)[1] for record in one.records if record.count(":") >= 2} - {SOURCE}))
