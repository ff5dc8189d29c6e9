"""The `hubspot` connector: all rows by lists, changed ones by searches, deletes by the recycle bin and by comparing all ids.

Start at `Hubspot.pull`. The clock is that of HubSpot. A search finds a change only some moments later, so each pull starts
some time before the last one. What is deleted for good is found by comparing all ids, once a day. Some changes, such as a
link to a company, leave no date at their row: all rows are read again from time to time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from fullcircle.config.read import parse
from fullcircle.config.secrets import secret, web_url
from fullcircle.config.sections import MapSettings
from fullcircle.connectors.base import Batch, Cursor, FoundField, FoundObject, SourceContext
from fullcircle.connectors.http.client import HttpLimits
from fullcircle.connectors.http.token import TokenLogin
from fullcircle.connectors.own_engine import OwnEngine
from fullcircle.connectors.sources.hubspot import maps
from fullcircle.connectors.sources.hubspot.described import CURRENCY, IDS, LINKED, OBJECTS, STAGED, HubspotObject, described
from fullcircle.connectors.sources.hubspot.links import AT_ONCE, links_of
from fullcircle.connectors.sources.hubspot.options import HubspotOptions
from fullcircle.connectors.sources.hubspot.portal import IS_NAME, Portal, not_a_list, not_rows
from fullcircle.connectors.sources.hubspot.position import HubspotPosition, milliseconds
from fullcircle.connectors.sources.hubspot.reading import ID, Row, RowPart, RowReader
from fullcircle.connectors.sources.hubspot.rows import deletes, shaped
from fullcircle.connectors.sources.hubspot.writing import HubspotWriter
from fullcircle.errors import ConfigError, ObjectRefused, SourceError
from fullcircle.model.counting import counted

STEP_SECONDS = 60.0
WRONG_TOKEN = "Look at the private app in HubSpot: was its token exchanged, or the app deleted? Then set the new `token`."
HOUR, DAY = 3_600_000, 86_400_000  # milliseconds
Shaped = tuple[pa.Table, pa.Table | None]


class Hubspot:
    """See `connectors.base`: a Connector that also SweepsIds, NotesSweeps, FetchesKeys and ReadsSince."""

    def __init__(self, context: SourceContext) -> None:
        where = f"[sources.{context.name}]"
        self.options = parse(HubspotOptions, dict(context.options), where)
        address = web_url(self.options.url, f"{where} url", ("http", "https"), "https://api.hubapi.com", context.folder).rstrip(
            "/"
        )
        limits = HttpLimits(min(STEP_SECONDS, self.options.timeout_seconds), self.options.timeout_seconds, self.options.tries)
        self._portal = Portal(address, limits, self.options.api_version, self.options.api_share, self.options.searches_per_second)
        token = self.options.token
        self._portal.http.login = TokenLogin(
            self._portal.where, lambda: secret(token, f"The token of {where}", context.folder), WRONG_TOKEN
        )
        self._reader = RowReader(self._portal)
        self._batch_rows = context.batch_rows
        self._engine = OwnEngine()
        self._described: dict[str, HubspotObject] = {}
        self._readable: dict[str, bool] = {}
        self._sweeps: set[str] = set()  # objects whose ids must be compared after this pull

    @staticmethod
    def default_maps(source: str) -> list[MapSettings]:
        """The maps of the objects below; see `connectors.base.ProvidesMaps`."""
        return maps.default_maps(source)

    # -- what is there -------------------------------------------------------------------------------------------------
    def check(self) -> list[str]:
        """The portal, then each readable object with its number of rows, and what the token may not read."""
        found = [f"{self._portal.where}, API version {self._portal.version}"]
        for name in self.objects():
            try:
                object = self._object(name)
                found += [f"{name}: {counted(self._reader.count(name), 'row')}", *(f"{name}: {note}" for note in _unread(object))]
            except ObjectRefused as error:
                found.append(f"{name}: skipped. {error.message}")
        deals = self._described.get("deals")
        if deals is not None and not self.options.currency and CURRENCY not in deals.asked:
            found.append('The deals name no currency. Say it: currency = "EUR" (or another).')
        if self._portal.used:
            found.append(f"Requests of this day: {self._portal.used[0]} of {self._portal.used[1]}")
        return found

    def discover(self) -> list[FoundObject]:
        """The objects that can be read, with the properties that the portal has."""
        found = []
        for name in self.objects():
            try:
                object = self._object(name)
                kinds = {
                    **dict.fromkeys(object.own, "string"),
                    **{object.landed[key]: kind for key, kind in object.kinds.items()},
                }
                fields = tuple(FoundField(column, kind) for column, kind in kinds.items())
                found.append(FoundObject(name, (ID,), fields, self._reader.count(name), object.stamp))
            except ObjectRefused:
                continue
        return found

    def objects(self) -> list[str]:
        """The objects named in the options, else the default ones."""
        return list(self.options.objects or OBJECTS)

    # -- pulling ---------------------------------------------------------------------------------------------------------
    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows that changed since the cursor, then the deletes. If HubSpot fails, the rows read so far come first."""
        object = self._object(name, anew=True)
        now = milliseconds(self._portal.clock)
        start, again = now - self.options.overlap_seconds * 1000, self.options.read_again_days * DAY
        position, new = HubspotPosition.resumed(since, object.signature, start, again)
        notes = list(_unread(object))
        if new and since is not None:
            what = ", ".join(one.partition(":")[0] for one in new[:5])
            notes.append(f"all rows are read again, because of what is new or changed: {what}")
        if notes:
            yield Batch(deletes(self._engine, object, []), position.cursor(), notes=tuple(notes))
        if "done" not in position.reading:
            yield from self._rows(object, position)
        position.reading = {"done": True}  # ended from here on, only the deletes are left
        yield Batch(deletes(self._engine, object, []), position.cursor())
        if since is not None:
            for part in self._now(object, self._reader.archived(name, position.archived)):
                yield self._batch([self._shaped(object, part.rows, part.gone)], position.cursor())
        position.archived = position.upto
        if position.sweep or position.upto - position.swept >= self.options.sweep_hours * HOUR:
            position.sweep = True
            self._sweeps.add(name)
        yield Batch(deletes(self._engine, object, []), position.cursor(ended=True))

    def _rows(self, object: HubspotObject, position: HubspotPosition) -> Iterator[Batch]:
        """The rows from where the position says; moves it on with each batch."""
        if position.since is None:
            parts = self._reader.listed(object, dict(position.reading))
        else:
            parts = self._reader.changed(object, position.since, dict(position.reading))
        held: list[Shaped] = []
        rows: list[Row] = []
        gone: list[str] = []
        reading = position.reading
        try:
            for part in parts:
                rows, gone, reading = [*rows, *part.rows], [*gone, *part.gone], part.reading
                if len(rows) + len(gone) < min(AT_ONCE, self._batch_rows):
                    continue
                held, rows, gone = [*held, self._shaped(object, rows, gone)], [], []
                position.reading = reading
                if sum(table.num_rows for table, _ in held) >= self._batch_rows:
                    yield self._batch(held, position.cursor())
                    held = []
            if rows or gone:
                held.append(self._shaped(object, rows, gone))
            position.reading = reading
        except SourceError:
            if held:
                yield self._batch(held, position.cursor())
            raise
        if held:
            yield self._batch(held, position.cursor())

    def _shaped(self, object: HubspotObject, rows: Sequence[Row], gone: Sequence[str]) -> Shaped:
        links = links_of(self._portal, object, [str(row["id"]) for row in rows])
        table, rejects = shaped(self._engine, object, rows, links, self.options.currency)
        return (pa.concat_tables([table, deletes(self._engine, object, gone)]) if gone else table), rejects

    def _batch(self, parts: Sequence[Shaped], cursor: Cursor) -> Batch:
        rejects = [rejects for _, rejects in parts if rejects is not None]
        return Batch(pa.concat_tables([table for table, _ in parts]), cursor, pa.concat_tables(rejects) if rejects else None)

    # -- deletes -----------------------------------------------------------------------------------------------------------
    def _now(self, object: HubspotObject, ids: Sequence[str]) -> Iterator[RowPart]:
        """What became of these rows, as HubSpot has it now: changed, merged, or deleted."""
        for start in range(0, len(ids), AT_ONCE):
            yield self._reader.read(object, ids[start : start + AT_ONCE])

    def sweep(self, name: str) -> Iterator[pa.Array] | None:
        """All ids, where it is time to compare them."""
        if name not in self._sweeps:
            return None
        return (pa.array(ids, pa.string()) for ids in self._reader.ids(name))

    def since(self, cursor: Cursor, moment: datetime) -> Cursor:
        """The cursor, set back to this moment."""
        return (
            cursor if cursor["since"] is None else {**cursor, "since": min(cursor["since"], milliseconds(moment)), "reading": {}}
        )

    def swept(self, name: str, cursor: Cursor) -> Cursor:
        """The cursor once the ids have been compared."""
        self._sweeps.discard(name)
        return {**cursor, "sweep": False, "swept": cursor["since"]} if cursor["sweep"] else cursor

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        """The rows with these ids as they are now."""
        object = self._object(name)
        for part in self._now(object, keys.to_pylist()):
            yield self._batch([self._shaped(object, part.rows, [])], cursor)

    def writer(self) -> HubspotWriter:
        """What writes into its rows; see `connectors.writing.WritesBack`."""
        return HubspotWriter(self._portal)

    def quota(self) -> tuple[int, int] | None:
        """How many requests are used, and allowed; see `connectors.base.SaysQuota`."""
        return self._portal.used

    def close(self) -> None:
        """Close the connections."""
        self._portal.close()
        self._engine.close()

    # -- the portal ----------------------------------------------------------------------------------------------------------
    def _object(self, name: str, anew: bool = False) -> HubspotObject:
        """The object as the portal describes it; with `anew` it is asked again, and its clock with it."""
        if anew or name not in self._described:
            if not IS_NAME.fullmatch(name):
                raise ConfigError(f'"{name}" is not the name of a HubSpot object.', "Correct `objects`.")
            path = self._portal.described("properties", name)
            properties = self._portal.get(path, name, flaw=not_a_list("name"))["results"]
            readable = {to: self._may_read(to) for to in LINKED.get(name, ())}
            self._described[name] = described(name, properties, self._pipelines(name), readable)
        return self._described[name]

    def _pipelines(self, name: str) -> list[dict[str, Any]]:
        """The pipelines of an object with their stages; none if the token may not read them."""
        if name not in STAGED:
            return []
        try:
            path = self._portal.described("pipelines", name)
            found: list[dict[str, Any]] = self._portal.get(path, name, flaw=not_a_list("stages"))["results"]
        except ObjectRefused:
            return []
        return found

    def _may_read(self, name: str) -> bool:
        if name not in self._readable:
            try:
                self._portal.get(self._portal.objects(name), name, {"limit": 1, "properties": ID}, not_rows)
                self._readable[name] = True
            except ObjectRefused:
                self._readable[name] = False
        return self._readable[name]


def _unread(object: HubspotObject) -> Iterator[str]:
    """What is not known of its links."""
    for to in object.unread:
        yield f"{IDS[to]} stays empty: the token may not read {to}"


PLUGIN = Hubspot
