"""The stage `pull`: reads what changed in every source and lands it. Start at `pull`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fullcircle import registry
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.base import (
    META,
    Batch,
    Connector,
    Cursor,
    FetchesKeys,
    FollowsRemoved,
    NotesSweeps,
    ReadsSince,
    SaysQuota,
    SourceContext,
    SweepsIds,
)
from fullcircle.connectors.compact import compact_if_many
from fullcircle.connectors.erased_rows import ErasedRows, left_out
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.turns import Turns, each
from fullcircle.errors import ConfigError, ObjectRefused, SourceError, SourcesFailed, TooManyGone, did_you_mean
from fullcircle.model.counting import counted
from fullcircle.model.progress import NotesSteps, Progress, SideBySide


@dataclass(frozen=True, slots=True)
class PulledObject:
    """What one pull landed of one object, in rows: new or changed, deleted, and rejected."""

    source: str
    object: str
    rows: int
    deleted: int
    rejected: int
    skipped: bool = False  # the user may not read it


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one pull landed, and the sources that could not be read to their end."""

    objects: tuple[PulledObject, ...]
    failed: Mapping[str, SourceError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PullWish:
    """What a pull is asked for. `only` names sources or `source.object`s; without it all are meant."""

    only: Sequence[str] = ()
    anew: bool = False  # read from the start; what was landed before no longer counts
    since: datetime | None = None  # read again what changed since then (UTC, without a zone)
    at_once: int = 1  # sources that are read at the same time


def pull(
    sources: Mapping[str, SourceSettings],
    folder: Path,
    landing: Landing,
    progress: Progress,
    wish: PullWish | Sequence[str] = (),
    country: str = "",
    erased: ErasedRows | None = None,
) -> Pulled:
    """Bring the landed data up to date with the sources. `wish` says of which; rows of `erased` stay out.

    Every batch is durable before its cursor, so a killed pull can simply be run again. A source that cannot be read does not keep
    the others from being read: it is in what is returned. If none can, that is raised. What was landed before it stays.
    """
    wish = wish if isinstance(wish, PullWish) else PullWish(tuple(wish))
    _known(wish.only, sources)
    landing.tidy()
    chosen = [name for name in sources if not wish.only or any(word.partition(".")[0] == name for word in wish.only)]
    landed: dict[str, list[PulledObject]] = {name: [] for name in chosen}
    errors: dict[str, SourceError] = {}
    turns = Turns()

    def work(name: str) -> None:
        own = progress.beside() if isinstance(progress, SideBySide) and wish.at_once > 1 else progress
        how = _How(landing, own, erased, sources[name].sweep_share, wish, turns, chosen.index(name))
        try:
            _open_and_pull(name, lambda: open_source(name, sources[name], folder, country), how, landed[name])
        except SourceError as error:
            landing.pulls.source_failed(name, error.message)
            errors[name] = error
            if len(chosen) > 1:
                progress.say(f"{name} could not be read: {error.message} {error.hint}")
        else:
            landing.pulls.source_ended(name)

    each(chosen, wish.at_once, turns, work)
    failed = {name: errors[name] for name in chosen if name in errors}
    if failed and len(failed) == len(chosen):
        raise next(iter(failed.values())) if len(failed) == 1 else SourcesFailed.of(failed)
    return Pulled(tuple(one for name in chosen for one in landed[name]), failed)


def open_source(name: str, settings: SourceSettings, folder: Path, country: str = "") -> Connector:
    """Open a source of the config for reading; `folder` is the config file's folder, `country` that of the project."""
    plugin = registry.load("connectors", settings.connector)
    connector: Connector = plugin(SourceContext(name=name, folder=folder, options=settings.options, country=country))
    return connector


def _open_and_pull(name: str, open_it: Callable[[], Connector], how: _How, landed: list[PulledObject]) -> None:
    """Pull a source into `landed`. Others have their turn while it is opened, asked and closed."""
    landing, wish = how.landing, how.wish
    with how.turns.given():
        connector = open_it()
    try:
        with how.turns.given():
            wanted = _wanted(connector, name, wish.only)
        if isinstance(connector, FollowsRemoved) and (not wish.only or name in wish.only):
            before = [object for source, object in landing.objects() if source == name and landing.holds(source, object)]
            wanted += connector.gone(before)
        _pull_source(connector, name, wanted, how, landed)
    finally:
        connector.close()


def _known(only: Sequence[str], sources: Mapping[str, SourceSettings]) -> None:
    for word in only:
        source = word.partition(".")[0]
        if source not in sources:
            raise ConfigError(f'The config has no source "{source}".', did_you_mean(source, sources))


def _wanted(connector: Connector, source: str, only: Sequence[str]) -> list[str]:
    there = connector.objects()
    if not only or source in only:
        return there
    named = [word.removeprefix(f"{source}.") for word in only if word.startswith(f"{source}.")]
    for object in named:
        if object not in there:
            raise ConfigError(f'The source "{source}" has no object "{object}".', did_you_mean(object, there))
    return [object for object in there if object in named]


@dataclass(frozen=True, slots=True)
class _How:
    """What all objects of a source are pulled with."""

    landing: Landing
    progress: Progress
    erased: ErasedRows | None
    sweep_share: float
    wish: PullWish
    turns: Turns
    number: int  # of the source: for names of tables that are its own


def _pull_source(connector: Connector, source: str, wanted: Sequence[str], how: _How, landed: list[PulledObject]) -> None:
    """Pull these objects into `landed`; one that the user may not read is skipped. ObjectRefused if that is all of them."""
    refused: ObjectRefused | None = None
    before = len(landed)
    for object in wanted:
        try:
            landed.append(_pull_object(connector, source, object, how))
        except ObjectRefused as error:
            if how.landing.pulls.of(source, object).again:
                raise  # its rows are not there, and would count as deleted
            refused = error
            landed.append(PulledObject(source, object, 0, 0, 0, skipped=True))
            how.progress.say(f"{source}.{object} was skipped: {error.message} {error.hint}")
    if refused is not None and all(one.skipped for one in landed[before:]):
        raise refused


def _pull_object(connector: Connector, source: str, object: str, how: _How) -> PulledObject:
    landing, progress, erased = how.landing, how.progress, how.erased
    progress.step(f"{source}.{object}")
    if landing.lost(source, object):
        progress.say(f"The landed files of {source}.{object} were deleted: it is read from the start.")
        landing.pulls.begins_anew(source, object)
        landing.forget(source, object)
    batches = _batches(connector, source, object, how)
    counts, read_again = _Counts(), False
    first = next(batches, None)  # before what is known is looked at: what is read anew counts from its first batch
    known = bool(landing.files(source, object))
    for pulled in _without_erased(erased, source, object, chain(() if first is None else (first,), batches), counts):
        progress.advance(pulled.rows.num_rows)
        _note_quota(connector, progress)
        for note in pulled.notes:
            progress.say(f"{source}.{object}: {note}")
        if known and pulled.full_read and not read_again:
            read_again = True
            landing.engine.run(f"CREATE OR REPLACE TEMP TABLE keys_before_{how.number} AS {_keys_sql(landing, source, object)}")
        changed = _only_changed(landing, source, object, pulled) if known else pulled
        batch = pulled if pulled.full_read else changed  # what is read as a whole is landed as a whole: it replaces what it held
        counts.add(changed, deletes=not read_again)
        if batch.rows.num_rows or batch.rejects or batch.full_read or batch.cursor != landing.cursor(source, object):
            landing.land(source, object, batch)
    if read_again:
        counts.deleted += _count_gone(how, source, object)
    if isinstance(connector, SweepsIds):
        _sweep(connector, source, object, how, counts)
    if counts.left_out:
        gone_ones = counted(counts.left_out, "row of erased people was", "rows of erased people were")
        progress.say(f"{source}.{object}: {gone_ones} left out. They are still in the source: delete them there, too.")
    compact_if_many(landing, source, object)
    landing.pulls.ended(source, object, counts.rows, counts.deleted)
    return PulledObject(source, object, counts.rows, counts.deleted, counts.rejected)


def _batches(connector: Connector, source: str, object: str, how: _How) -> Iterator[Batch]:
    """The rows from where the last pull ended, or from so far back as is wished."""
    if how.wish.anew:
        return _anew(connector, source, object, how)
    cursor = how.landing.cursor(source, object)
    if how.wish.since is not None and cursor is not None:
        if not isinstance(connector, ReadsSince):
            raise ConfigError(
                f"{source} cannot be asked for what changed since a day.", "Name a --source that can be, or use --full."
            )
        cursor = connector.since(cursor, how.wish.since)
    return how.turns.waiting(connector.pull(object, cursor))


def _note_quota(connector: Connector, progress: Progress) -> None:
    if isinstance(progress, NotesSteps) and isinstance(connector, SaysQuota) and (quota := connector.quota()):
        progress.note(f"{quota[0]:,} of {quota[1]:,} requests used")


def _anew(connector: Connector, source: str, object: str, how: _How) -> Iterator[Batch]:
    """All rows. What is landed is forgotten when the source has begun to send them, not before."""
    forgotten = False
    for batch in how.turns.waiting(connector.pull(object, None)):
        if not forgotten:
            forgotten = True
            how.landing.pulls.begins_anew(source, object)
            how.landing.forget(source, object)
        yield batch


def _keys_sql(landing: Landing, source: str, object: str) -> str:
    return f"SELECT _key FROM ({landing.current_sql(source, object)}) WHERE _op <> 'merge'"


def _count_gone(how: _How, source: str, object: str) -> int:
    """The number of rows that were there before and are not in what was read again."""
    engine, before = how.landing.engine, f"keys_before_{how.number}"
    left = _keys_sql(how.landing, source, object)
    gone = int(engine.value(f"SELECT count(*) FROM {before} WHERE _key NOT IN ({left})"))
    engine.run(f"DROP TABLE {before}")
    if gone:
        how.progress.say(f"{source}.{object}: {counted(gone, 'row')} of what was read before {VANISHED}")
    return gone


def _only_changed(landing: Landing, source: str, object: str, batch: Batch) -> Batch:
    """The batch without rows that are already landed unchanged, so that overlaps and full readings cause no later work.

    So are rows in which only what we wrote ourselves is different.
    """
    rows = batch.rows
    if not rows.num_rows:
        return batch
    meta = rows.select(range(len(META))).append_column("n", pa.array(np.arange(rows.num_rows)))
    with landing.engine.register("pulled", meta):
        now, before = (landing.written.compared(source, object, row) for row in ("p", "k"))
        changed = landing.engine.arrow(ONLY_CHANGED.format(known=landing.current_sql(source, object), now=now, before=before))[
            "n"
        ]
    return batch if len(changed) == rows.num_rows else replace(batch, rows=rows.take(changed))


VANISHED = "no longer count: gone from the files, or marked as deleted (without a key, a changed row is a new one)."

# A key that occurs twice in the batch keeps all its rows: the last one counts, whatever is landed.
# The delete of a key that is not landed is left out.
ONLY_CHANGED = """
WITH known AS (SELECT _key, _op, _into, _at, _raw FROM ({known}) WHERE _key IN (SELECT _key FROM pulled))
SELECT n FROM (SELECT *, count(*) OVER (PARTITION BY _key) AS times FROM pulled) AS p LEFT JOIN known AS k USING (_key)
WHERE times > 1 OR (k._op IS NULL AND p._op <> 'delete') OR (k._op IS NOT NULL AND (p._raw IS NULL OR
    {now} IS DISTINCT FROM {before}))
ORDER BY n
"""


@dataclass(slots=True)
class _Counts:
    rows: int = 0
    deleted: int = 0
    rejected: int = 0
    left_out: int = 0  # rows of erased people

    def add(self, batch: Batch, deletes: bool = True) -> None:
        deleted = int(pc.sum(pc.equal(batch.rows.column(META.names.index("_op")), "delete")).as_py() or 0)
        self.deleted += deleted if deletes else 0
        self.rows += batch.rows.num_rows - deleted
        self.rejected += batch.rejects.num_rows if batch.rejects is not None else 0


# A merged record may be gone from the source, but what it was merged into must stay known, unless that is gone, too.
GONE = """
SELECT _key FROM {known} WHERE _key NOT IN (SELECT _key FROM {swept}) AND (_op <> 'merge' OR
    (_into NOT IN (SELECT _key FROM {swept}) AND _into NOT IN (SELECT _key FROM {known} WHERE _op = 'merge')))
ORDER BY _key
"""
SWEPT_FROM = 100  # rows of an object, below which any share of them may be gone


def _sweep(connector: SweepsIds, source: str, object: str, how: _How, counts: _Counts) -> None:
    """Compare the source's keys with the landed ones: land deletes for missing rows, fetch rows that the cursor missed."""
    landing, progress, erased = how.landing, how.progress, how.erased
    with how.turns.given():
        arrays = connector.sweep(object)
    if arrays is None:
        return
    engine, known, swept = landing.engine, f"({landing.current_sql(source, object)})", f"swept_{how.number}"
    engine.run(f"CREATE OR REPLACE TEMP TABLE {swept} (_key VARCHAR)")
    for keys in how.turns.waiting(arrays):
        with engine.register("swept_keys", pa.table({"_key": keys.cast(pa.string())})):
            engine.run(f"INSERT INTO {swept} SELECT _key FROM swept_keys")
    gone = engine.arrow(GONE.format(known=known, swept=swept))
    missed = engine.arrow(f"SELECT _key FROM {swept} WHERE _key NOT IN (SELECT _key FROM {known}) ORDER BY _key")
    engine.run(f"DROP TABLE {swept}")
    if erased and missed.num_rows:
        missed = _never_missed(erased, source, object, missed)
    cursor = landing.cursor(source, object) or {}
    _check_share(source, object, gone.num_rows, engine.count(known), how.sweep_share)
    if gone.num_rows:
        batch = Batch(_deletes(gone["_key"]), cursor)
        landing.land(source, object, batch)
        counts.add(batch)
        progress.say(f"{source}.{object}: {counted(gone.num_rows, 'row was', 'rows were')} deleted in the source.")
    if missed.num_rows and isinstance(connector, FetchesKeys):
        rows = how.turns.waiting(connector.fetch(object, _texts(missed), cursor))
        for batch in _without_erased(erased, source, object, rows, counts):
            landing.land(source, object, batch)
            counts.add(batch)
    if isinstance(connector, NotesSweeps):
        _note_swept(connector, source, object, landing, cursor)


def _check_share(source: str, object: str, gone: int, known: int, share: float) -> None:
    """TooManyGone if so many rows are gone that a lost permission or a wrong address is more likely than deletes."""
    if known >= SWEPT_FROM and gone > share * known:
        raise TooManyGone(
            f"{source}.{object}: {gone} of {known} rows are no longer in the source. None was deleted here.",
            "Look there: has the user lost a permission, does the address lead to another system? If they were deleted, set "
            f"sweep_share = 1 in [sources.{source}], or FULLCIRCLE_SOURCES__{source.upper()}__SWEEP_SHARE=1 for one run.",
        )


def _note_swept(connector: NotesSweeps, source: str, object: str, landing: Landing, cursor: Cursor) -> None:
    after = connector.swept(object, cursor)
    if after != cursor:
        landing.land(source, object, Batch(META.empty_table(), after))


def _without_erased(
    erased: ErasedRows | None, source: str, object: str, batches: Iterable[Batch], counts: _Counts
) -> Iterator[Batch]:
    """The batches without rows of erased people, which are counted."""
    for batch in batches:
        if erased is None:
            yield batch
            continue
        kept, gone = left_out(erased, source, object, batch)
        counts.left_out += gone
        yield kept


def _texts(missed: pa.Table) -> pa.Array:
    return missed["_key"].combine_chunks()


def _never_missed(erased: ErasedRows, source: str, object: str, missed: pa.Table) -> pa.Table:
    """Rows of erased people are missing for good: they are not fetched again at each pull."""
    stays = np.ones(missed.num_rows, dtype=bool)
    stays[erased.keys(source, object, missed["_key"])] = False
    return missed.filter(pa.array(stays))


def _deletes(keys: pa.ChunkedArray) -> pa.Table:
    rows = len(keys)
    columns = [keys, pa.array(["delete"] * rows), *(pa.nulls(rows, field.type) for field in list(META)[2:])]
    return pa.table(columns, schema=META)
