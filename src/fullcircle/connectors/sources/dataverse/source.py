"""The `dataverse` connector: changes and deletes are found by the links of change tracking. Start at `Dataverse.pull`.

The first pull of a table reads all rows and keeps the link by which changes can be asked for. A link expires, after 7 days
unless the environment says otherwise: then all rows are read again, and all ids compared. A table whose changes are not tracked,
or not for this user, is read by `modifiedon`, and its ids are compared after each pull.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyarrow as pa

from fullcircle.config.read import parse
from fullcircle.config.secrets import SCHEMES, secret, web_url
from fullcircle.config.sections import MapSettings
from fullcircle.connectors.base import Batch, Cursor, FoundField, FoundObject, SourceContext
from fullcircle.connectors.http.client import Http, HttpLimits, Service
from fullcircle.connectors.own_engine import OwnEngine
from fullcircle.connectors.sources.dataverse import maps
from fullcircle.connectors.sources.dataverse.api import ColumnGone, DataverseApi, DataversePage, LinkExpired
from fullcircle.connectors.sources.dataverse.described import CURRENCY, OBJECTS, STAMP, DataverseTable, defined
from fullcircle.connectors.sources.dataverse.login import DataverseLogin
from fullcircle.connectors.sources.dataverse.options import DataverseOptions
from fullcircle.connectors.sources.dataverse.position import DataversePosition
from fullcircle.connectors.sources.dataverse.reading import COUNTED, TableReader, names_in
from fullcircle.connectors.sources.dataverse.rows import deletes, none_of, shaped, texts_of
from fullcircle.errors import ConfigError, ObjectRefused, SourceBroken, SourceError
from fullcircle.model.counting import counted

STEP_SECONDS = 60.0
UNLISTED = (
    "Dataverse lists no changes to this user, who must be able to read all rows: they are found by their time stamp, and deletes "
    "by comparing the ids"
)
MOST_HELD = 64 << 20  # bytes of rows before they are landed
NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ATTRIBUTES = "LogicalName,AttributeTypeName,IsValidForRead,IsValidODataAttribute"
DEFINITION = {
    "$select": "LogicalName,EntitySetName,PrimaryIdAttribute,ChangeTrackingEnabled",
    "$expand": f"Attributes($select={ATTRIBUTES})",
}


class Dataverse:
    """See `connectors.base`: a Connector that also SweepsIds, NotesSweeps and FetchesKeys."""

    def __init__(self, context: SourceContext) -> None:
        where, folder = f"[sources.{context.name}]", context.folder
        self.options = options = parse(DataverseOptions, dict(context.options), where)
        address = web_url(options.url, f"{where} url", ("http", "https"), "https://example.crm.dynamics.com", folder).rstrip("/")
        entra = web_url(
            options.authority, f"{where} authority", ("http", "https"), "https://login.microsoftonline.com", folder
        ).rstrip("/")
        limits = HttpLimits(min(STEP_SECONDS, options.timeout_seconds), options.timeout_seconds, options.tries)
        self._entra, self._http = Http(Service("Microsoft Entra ID", entra), limits), Http(Service("Dataverse", address), limits)
        by_reference = options.client_id.startswith(SCHEMES)
        client = secret(options.client_id, f"The client_id of {where}", folder).reveal() if by_reference else options.client_id
        client_secret = secret(options.client_secret, f"The client_secret of {where}", folder)
        self._http.login = DataverseLogin(self._entra, options.tenant, address, client, client_secret)
        self._api = DataverseApi(self._http, options.api_version, options.page_rows)
        self._reader = TableReader(self._api)
        self._batch_rows = context.batch_rows
        self._engine = OwnEngine()
        self._tables: dict[str, DataverseTable] = {}
        self._currencies: dict[str, str] | None = None
        self._sweeps: set[str] = set()  # tables of which deletes may have been missed in this pull

    @staticmethod
    def default_maps(source: str) -> list[MapSettings]:
        """The maps of the tables below; see `connectors.base.ProvidesMaps`."""
        return maps.default_maps(source)

    # -- what is there -------------------------------------------------------------------------------------------------
    def check(self) -> list[str]:
        """Log in; the environment, then each readable table with its number of rows, and what the user may not read."""
        names = self.objects()
        found = [f"{self._api.where}, Web API version {self.options.api_version}"]
        for name in names:
            try:
                table = self._table(name)
                rows = self._reader.count(table)
                more = " or more" if rows >= COUNTED else ""
                way = "" if table.tracked else "; its changes are not tracked: turn that on for the table"
                found.append(f"{name}: {counted(rows, 'row')}{more}{way}")
            except ObjectRefused as error:
                found.append(f"{name}: skipped. {error.message}")
        missing = [name for name in OBJECTS if name not in names] if not self.options.objects else []
        if missing:
            found.append(f"Not there, or not for this user: {', '.join(missing)}.")
        if not self._reader.currencies():
            found.append("The currencies cannot be read: amounts have none. Let the user read Currency (transactioncurrency).")
        return found

    def discover(self) -> list[FoundObject]:
        """The default tables that can be read, and those named in `objects`."""
        found = []
        for name in self.objects():
            try:
                table = self._table(name)
                rows = self._reader.count(table)
            except ObjectRefused:
                continue
            fields = tuple(FoundField(column, kind) for column, kind in table.columns.items())
            stamp = STAMP if table.stamped else ""
            found.append(FoundObject(name, (table.key,), fields, rows if rows < COUNTED else None, stamp, table.references))
        return found

    def objects(self) -> list[str]:
        """The tables named in the options, else the default ones that there are in the environment."""
        if self.options.objects:
            return list(self.options.objects)
        wanted = " or ".join(f"LogicalName eq '{name}'" for name in OBJECTS)
        there = names_in(self._api.get("EntityDefinitions", "", {"$select": "LogicalName", "$filter": wanted}))
        return [name for name in OBJECTS if name in there]

    # -- pulling ---------------------------------------------------------------------------------------------------------
    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows that changed since the cursor, and what was deleted. If Dataverse fails, the rows read so far come first."""
        table = self._table(name, anew=True)
        position, why = DataversePosition.resumed(since, table.signature, table.tracked, self._now())
        if why:
            yield self._no_rows(table, position, f"all rows are read again: {why}")
        listed = position.tracked
        try:
            yield from self._changes(table, position)
        except ColumnGone:
            table = self._table(name, anew=True)
            if {*table.signature} == {*position.fields}:
                raise
            position.again(table.signature, self._now())
            yield self._no_rows(table, position, "all rows are read again: its columns have changed meanwhile")
            yield from self._changes(table, position)
        if not position.tracked:
            position.sweep |= since is not None
            position.since, position.reading = (position.upto if table.stamped else None), {}
        if position.sweep:
            self._sweeps.add(name)
        notes = self._notes(table) if since is None else []
        yield self._no_rows(table, position, *notes, *([UNLISTED] if listed and not position.tracked else []))

    def _changes(self, table: DataverseTable, position: DataversePosition) -> Iterator[Batch]:
        """The changes; all rows where a link has expired, and by time stamp where the user may not ask for what is tracked."""
        why = ""
        try:
            yield from self._changes_once(table, position)
            return
        except LinkExpired:
            if position.tracked:
                lost = "the link to its changes has expired" if position.link else "the reading was interrupted for too long"
                position.again(position.fields, self._now())
                why = f"all rows are read again: {lost}"
            else:  # the link of a page: the reading goes on at the time stamp of the last row
                del position.reading["next"]
        except ObjectRefused:
            if not position.tracked:
                raise
            position.refuse(self._now())
        batches = self._changes_once(table, position)
        first = next(batches)  # an error, if the user may not read the table at all
        yield replace(first, notes=(why,)) if why else first
        yield from batches

    def _changes_once(self, table: DataverseTable, position: DataversePosition) -> Iterator[Batch]:
        held: list[pa.Table] = []
        reached = position.cursor()  # of the last page of which all is held
        try:
            for page in self._reader.changes(table, position):
                held.append(self._texts(table, page))
                full = sum(one.num_rows for one in held) >= self._batch_rows or sum(one.nbytes for one in held) >= MOST_HELD
                if full or page.gone:
                    yield self._landed(table, held, page.gone, position.cursor())
                    held = []
                reached = position.cursor()
        except SourceError:
            if held:
                yield self._landed(table, held, (), reached)
            raise
        yield self._landed(table, held, (), position.cursor())

    def _landed(self, table: DataverseTable, held: Sequence[pa.Table], gone: Sequence[str], cursor: Cursor) -> Batch:
        """These rows, then what became of those that are listed as removed: gone, or there again."""
        removed = _ids(table, list(dict.fromkeys(gone)))
        again = [self._texts(table, page) for page in self._reader.found(table, removed)]
        there = {key for one in again for key in one[table.key].to_pylist()}
        rows, rejects = shaped(self._engine, table, pa.concat_tables([none_of(table), *held, *again]))
        missing = deletes([id for id in removed if id not in there], table, self._engine)
        return Batch(pa.concat_tables([rows, missing]), cursor, rejects)

    def _no_rows(self, table: DataverseTable, position: DataversePosition, *notes: str) -> Batch:
        """A cursor, and what a person should know."""
        return Batch(shaped(self._engine, table, none_of(table))[0], position.cursor(), notes=notes)

    def _notes(self, table: DataverseTable) -> list[str]:
        unknown = CURRENCY in table.asked and self._currencies == {}
        return ["amounts have no currency, because the user may not read Currency (transactioncurrency)"] if unknown else []

    # -- by id ---------------------------------------------------------------------------------------------------------------
    def sweep(self, name: str) -> Iterator[pa.Array] | None:
        """All ids, where deletes may have been missed."""
        return self._reader.ids(self._table(name)) if name in self._sweeps else None

    def swept(self, name: str, cursor: Cursor) -> Cursor:
        """The cursor once the ids have been compared."""
        self._sweeps.discard(name)
        return {**cursor, "sweep": False}

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        """The rows with these ids as they are now."""
        table = self._table(name)
        for page in self._reader.found(table, _ids(table, keys.to_pylist())):
            if page.rows:
                rows, rejects = shaped(self._engine, table, self._texts(table, page))
                yield Batch(rows, cursor, rejects)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
        self._entra.close()
        self._engine.close()

    # -- the environment -----------------------------------------------------------------------------------------------------
    def _texts(self, table: DataverseTable, page: DataversePage) -> pa.Table:
        used = {str(row[CURRENCY]) for row in page.rows if row.get(CURRENCY)} if CURRENCY in table.asked else set()
        known = self._currencies
        if used and (known is None or (known and used - {*known})):  # asked once, and again for one that is new
            self._currencies = self._reader.currencies()
        return texts_of(table, page.rows, self._currencies or {})

    def _table(self, name: str, anew: bool = False) -> DataverseTable:
        """The table as the environment defines it; with `anew` it is asked again, and its clock with it."""
        if anew or name not in self._tables:
            if not NAME.fullmatch(name):
                raise ConfigError(f'"{name}" is not the name of a Dataverse table.', "Correct `objects`: contact, not Contacts.")
            path = f"EntityDefinitions(LogicalName='{name}')"
            answer = self._api.get(path, name, DEFINITION)
            lookups = self._attributes(path, name, "LookupAttributeMetadata", "Targets")
            moments = self._attributes(path, name, "DateTimeAttributeMetadata", "DateTimeBehavior")
            days = {column for column, one in moments.items() if (one or {}).get("Value") == "DateOnly"}
            found = defined(answer, {column: to or [] for column, to in lookups.items()}, days)
            if found.key not in found.asked:
                raise ObjectRefused(f"The application user sees no rows of {name}.", f"Let it read {name}, or set `objects`.")
            self._tables[name] = found
        return self._tables[name]

    def _attributes(self, path: str, name: str, kind: str, what: str) -> dict[str, Any]:
        asked = {"$select": f"LogicalName,{what}"}
        listed = self._api.get(f"{path}/Attributes/Microsoft.Dynamics.CRM.{kind}", name, asked)["value"]
        return {str(one["LogicalName"]): one.get(what) for one in listed}

    def _now(self) -> str:
        """Where the next pull has to start: what commits later may have an earlier time stamp."""
        return f"{(self._api.clock - timedelta(seconds=self.options.overlap_seconds)).isoformat(timespec='seconds')}Z"


def _ids(table: DataverseTable, keys: Sequence[str]) -> list[str]:
    """The keys, which go into a query. SourceBroken if one is not an id."""
    if not all(ID.fullmatch(key) for key in keys):
        raise SourceBroken(f"Dataverse returned an id of {table.name} that is not one.", "Pull again.")
    return list(keys)


PLUGIN = Dataverse
