"""The `salesforce` connector: changes are found by SystemModstamp, deletes by the log of deletes. Start at `Salesforce.pull`.

The first pull of an object is a bulk job; later ones read what changed since a while before the last one, by the clock of
Salesforce. What was deleted is asked of the log of deletes, which forgets after 15 days or sooner: then all ids are compared.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from fullcircle.config.read import parse
from fullcircle.config.secrets import SCHEMES, secret, web_url
from fullcircle.config.sections import MapSettings
from fullcircle.connectors.base import Batch, Cursor, FoundField, FoundObject, SourceContext
from fullcircle.connectors.http.answers import code_word
from fullcircle.connectors.http.client import Http, HttpLimits, Service
from fullcircle.connectors.own_engine import OwnEngine
from fullcircle.connectors.sources.salesforce import maps
from fullcircle.connectors.sources.salesforce.described import (
    CURRENCY,
    GONE,
    MASTER,
    OBJECTS,
    STAMP,
    SalesforceObject,
    described,
)  # fmt: skip
from fullcircle.connectors.sources.salesforce.login import SalesforceLogin, client_credentials, signed
from fullcircle.connectors.sources.salesforce.options import SalesforceOptions
from fullcircle.connectors.sources.salesforce.org import FieldsGone, LocatorGone, LogTooShort, Org
from fullcircle.connectors.sources.salesforce.position import SalesforcePosition, literal_of, text_of
from fullcircle.connectors.sources.salesforce.reading import LONGEST_QUERY, QueryReader
from fullcircle.connectors.sources.salesforce.rows import deletes, shaped
from fullcircle.connectors.sources.salesforce.writing import SalesforceWriter
from fullcircle.errors import ConfigError, ObjectRefused, SourceError
from fullcircle.model.counting import counted

STEP_SECONDS = 60.0
LOG_DAYS = timedelta(days=15) - timedelta(hours=1)
MOST_LOGGED = 20_000  # deletes that are looked up one by one; more of them are found faster by comparing all ids
ID_LENGTH = 30  # of an id in a query, as an address writes it


class Salesforce:
    """See `connectors.base`: a Connector that also SweepsIds, NotesSweeps, FetchesKeys and ReadsSince."""

    def __init__(self, context: SourceContext) -> None:
        where = f"[sources.{context.name}]"
        self.options = parse(SalesforceOptions, dict(context.options), where)
        example = "https://example.my.salesforce.com"
        address = web_url(self.options.url, f"{where} url", ("http", "https"), example, context.folder).rstrip("/")
        limits = HttpLimits(min(STEP_SECONDS, self.options.timeout_seconds), self.options.timeout_seconds, self.options.tries)
        self._door = Http(Service("Salesforce", address), limits)
        self._org = Org(
            SalesforceLogin(self._door, self._form(context, where)), limits, self.options.api_version, self.options.api_share
        )
        self._reader = QueryReader(self._org, self.options, time.sleep)
        self._batch_rows = context.batch_rows
        self._engine = OwnEngine()
        self._described: dict[str, SalesforceObject] = {}
        self._sweeps: set[str] = set()  # objects whose log of deletes did not suffice in this pull

    def _form(self, context: SourceContext, where: str) -> Any:
        options, folder = self.options, context.folder
        by_reference = options.client_id.startswith(SCHEMES)
        client = secret(options.client_id, f"The client_id of {where}", folder).reveal() if by_reference else options.client_id
        if options.client_secret:
            return client_credentials(client, secret(options.client_secret, f"The client_secret of {where}", folder))
        key = secret(options.private_key, f"The private_key of {where}", folder)
        return signed(client, options.user, options.audience, key)

    @staticmethod
    def default_maps(source: str) -> list[MapSettings]:
        """The maps of the objects below; see `connectors.base.ProvidesMaps`."""
        return maps.default_maps(source)

    # -- what is there -------------------------------------------------------------------------------------------------
    def check(self) -> list[str]:
        """Log in; the org, then each readable object with its number of rows, and what the user may not read."""
        found = [f"{self._org.where}, API version {self._org.version}"]
        names = self.objects()
        for name in names:
            try:
                self._object(name)
                found.append(f"{name}: {counted(self._reader.count(name), 'row')}")
            except ObjectRefused as error:
                found.append(f"{name}: skipped. {error.message}")
        missing = [name for name in OBJECTS if name not in names] if not self.options.objects else []
        if missing:
            found.append(f"Not there, or not for this user: {', '.join(missing)}.")
        if not self.options.currency and not any(CURRENCY in one.asked for one in self._described.values()):
            found.append('The rows name no currency. Say it: currency = "EUR" (or another).')
        if self._org.used:
            found.append(f"API requests in 24 hours: {self._org.used[0]} of {self._org.used[1]}")
        return found

    def discover(self) -> list[FoundObject]:
        """The default objects that can be read, and those named in `objects`."""
        found = []
        for name in self.objects():
            try:
                object = self._object(name)
                fields = tuple(FoundField(column, kind) for column, kind in object.columns.items())
                stamp = STAMP if STAMP in object.asked else ""
                found.append(FoundObject(name, ("Id",), fields, self._reader.count(name), stamp, object.references))
            except ObjectRefused:
                continue
        return found

    def objects(self) -> list[str]:
        """The objects named in the options, else the default ones that this user sees in the org."""
        if self.options.objects:
            return list(self.options.objects)
        listed = self._org.get("sobjects", "").json()["sobjects"]
        there = {str(one["name"]) for one in listed if one.get("queryable", True)}
        return [name for name in OBJECTS if name in there]

    # -- pulling ---------------------------------------------------------------------------------------------------------
    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows that changed since the cursor, then the deletes. If Salesforce fails, the rows read so far come first."""
        object = self._object(name, anew=True)
        position, new = SalesforcePosition.resumed(since, object.signature, self._now())
        if new and since is not None:
            fields = ", ".join(one.partition(":")[0] for one in new[:5])
            yield self._batch(object, [], position, (f"all rows are read again, because of new or changed fields: {fields}",))
        if object.left and since is None:
            left = counted(len(object.left), "computed field is", "computed fields are")
            note = f"{left} not pulled; `formulas = true` pulls them, as of the last change of their row"
            yield self._batch(object, [], position, (note,))
        if "done" not in position.reading:
            object = yield from self._all_changes(object, position)
        job = position.reading.get("job")
        position.reading = {"done": True}  # ended from here on, only the deletes are left
        if job:
            yield self._batch(object, [], position)
            self._reader.forget(name, job)
        yield from self._deletes(object, position)
        if position.sweep:
            self._sweeps.add(name)
        yield Batch(shaped(self._engine, object, _none(object))[0], position.cursor(ended=True))

    def _all_changes(self, object: SalesforceObject, position: SalesforcePosition) -> Generator[Batch, None, SalesforceObject]:
        """The changes, also if a field vanishes while they are asked for; the object as it is described in the end."""
        try:
            yield from self._changes(object, position)
        except FieldsGone:
            object = self._object(object.name, anew=True)
            if object.signature == position.fields:
                raise
            position.since = None if {*object.signature} - {*position.fields} else position.since
            position.fields = object.signature
            position.again(self._now())
            yield from self._changes(object, position)
        return object

    def _changes(self, object: SalesforceObject, position: SalesforcePosition) -> Iterator[Batch]:
        try:
            yield from self._changes_once(object, position)
        except LocatorGone:  # a job or a result that waited for too long: the same is asked for anew
            position.again(self._now())
            yield from self._changes_once(object, position)

    def _changes_once(self, object: SalesforceObject, position: SalesforcePosition) -> Iterator[Batch]:
        first = position.since is None
        where = _alive(object) if first else f"{STAMP} >= {literal_of(str(position.since))}"
        held: list[pa.Table] = []
        parts = self._reader.changes(object.name, object.asked, where, dict(position.reading), large=first)
        try:
            for part in parts:
                held.append(part.texts)
                known = position.reading.get("job") == part.reading.get("job")
                position.reading = part.reading
                if not known or sum(table.num_rows for table in held) >= self._batch_rows:
                    yield self._batch(object, held, position)
                    held = []
        except SourceError:
            if held:
                yield self._batch(object, held, position)
            raise
        if held:
            yield self._batch(object, held, position)

    def _batch(
        self, object: SalesforceObject, parts: Sequence[pa.Table], position: SalesforcePosition, notes: tuple[str, ...] = ()
    ) -> Batch:
        texts = pa.concat_tables(parts) if parts else _none(object)
        rows, rejects = shaped(self._engine, object, texts, self.options.currency)
        return Batch(rows, position.cursor(), rejects, notes=notes)

    # -- deletes -----------------------------------------------------------------------------------------------------------
    def _deletes(self, object: SalesforceObject, position: SalesforcePosition) -> Iterator[Batch]:
        """What the log of deletes says since the last pull; where it does not reach back, a sweep is due."""
        known = datetime.fromisoformat(position.deleted)
        too_old = not object.logged or self._org.clock - known > LOG_DAYS
        ids = None if too_old else self._logged(object, known, position)
        if ids is None:
            position.sweep, position.deleted = True, position.upto
            if object.merges:  # a sweep sees who is gone, but not into whom
                for texts in self._reader.rows(object.name, object.asked, f"{GONE} = true AND {MASTER} != null"):
                    yield self._batch(object, [texts], position)
            return
        if ids:
            yield from self._gone(object, ids, position.cursor())

    def _logged(self, object: SalesforceObject, known: datetime, position: SalesforcePosition) -> list[str] | None:
        """The ids in the log since then; None if it does not reach back, or has too many. Moves `deleted` to where it reaches."""
        start = known.replace(second=0, microsecond=0) - timedelta(minutes=1)
        end = self._org.clock.replace(second=0, microsecond=0) + timedelta(minutes=1)
        asked = {"start": f"{start.isoformat()}+00:00", "end": f"{end.isoformat()}+00:00"}
        try:
            log = self._org.get(f"sobjects/{object.name}/deleted/", object.name, asked).json()
        except LogTooShort:
            return None
        ids = list(dict.fromkeys(str(one["id"]) for one in log["deletedRecords"]))
        earliest, latest = _moment(log.get("earliestDateAvailable")), _moment(log.get("latestDateCovered"))
        if (earliest is not None and earliest > known) or len(ids) > MOST_LOGGED:
            return None
        upto = datetime.fromisoformat(position.upto)
        position.deleted = text_of(min(latest, upto) if latest else upto)
        return ids

    def _gone(self, object: SalesforceObject, ids: Sequence[str], cursor: Cursor) -> Iterator[Batch]:
        """What became of these rows, as Salesforce has it now: merged, deleted, or back from the recycle bin."""
        found: set[str] = set()
        for batch in self.fetch(object.name, pa.array(ids, pa.string()), cursor):
            found |= {*batch.rows["_key"].to_pylist(), *(batch.rejects["key"].to_pylist() if batch.rejects else ())}
            yield batch
        missing = [id for id in ids if id not in found]
        if missing:
            yield Batch(deletes(missing, object, self._engine), cursor)

    def sweep(self, name: str) -> Iterator[pa.Array] | None:
        """All ids, where the log of deletes did not suffice."""
        if name not in self._sweeps:
            return None
        object = self._object(name)
        alive = f"{GONE} = false" if object.recycles else ""
        return (texts["Id"].combine_chunks() for texts in self._reader.rows(name, ["Id"], alive))

    def since(self, cursor: Cursor, moment: datetime) -> Cursor:
        """The cursor, set back to this moment."""
        return cursor if cursor["since"] is None else {**cursor, "since": min(cursor["since"], text_of(moment)), "reading": {}}

    def swept(self, name: str, cursor: Cursor) -> Cursor:
        """The cursor once the ids have been compared."""
        self._sweeps.discard(name)
        return {**cursor, "sweep": False}

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        """The rows with these ids as they are now, also deleted ones that are still kept."""
        object = self._object(name)
        room = LONGEST_QUERY - 2 * len(", ".join(object.asked)) - 200
        size = room // ID_LENGTH if room >= 100 * ID_LENGTH else 2_000  # by a bulk job, whose query may be longer
        for start in range(0, len(keys), size):
            ids = [code_word(key) for key in keys.slice(start, size).to_pylist()]
            quoted = ", ".join(f"'{id}'" for id in ids)
            for texts in self._reader.rows(name, object.asked, f"Id IN ({quoted})"):
                rows, rejects = shaped(self._engine, object, texts, self.options.currency)
                yield Batch(rows, cursor, rejects)

    def writer(self) -> SalesforceWriter:
        """What writes into its rows; see `connectors.writing.WritesBack`."""
        return SalesforceWriter(self._org)

    def quota(self) -> tuple[int, int] | None:
        """How many requests are used, and allowed; see `connectors.base.SaysQuota`."""
        return self._org.used

    def close(self) -> None:
        """Close the connections."""
        self._org.close()
        self._door.close()
        self._engine.close()

    # -- the org -------------------------------------------------------------------------------------------------------------
    def _object(self, name: str, anew: bool = False) -> SalesforceObject:
        """The object as the org describes it; with `anew` it is asked again, and its clock with it."""
        if anew or name not in self._described:
            if not code_word(name):
                raise ConfigError(f'"{name}" is not the name of a Salesforce object.', "Correct `objects`.")
            found = described(self._org.get(f"sobjects/{name}/describe", name).json(), self.options.formulas)
            if "Id" not in found.asked:
                raise ObjectRefused(f"The Salesforce user sees no rows of {name}.", f"Let it read {name}, or set `objects`.")
            self._described[name] = found
        return self._described[name]

    def _now(self) -> str:
        """Where the next pull has to start: what commits later may have an earlier time stamp."""
        return text_of(self._org.clock - timedelta(seconds=self.options.overlap_seconds))


def _alive(object: SalesforceObject) -> str:
    """A first pull reads what is there, and of what is gone only what was merged."""
    if not object.recycles:
        return ""
    return f"{GONE} = false OR {MASTER} != null" if object.merges else f"{GONE} = false"


def _none(object: SalesforceObject) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in object.asked})


def _moment(text: Any) -> datetime | None:
    """A moment of the log, e.g. 2013-05-03T15:57:00.000+0000, in UTC without a zone."""
    return datetime.fromisoformat(str(text)[:19]) if text else None


PLUGIN = Salesforce
