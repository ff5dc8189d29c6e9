"""The `shopify` connector: rows by bulk operations, changes by `updated_at`, deletes by comparing all ids.

Start at `Shopify.pull`. The clock is that of Shopify. A search finds a change only some moments later, so each pull starts some
time before the last one. Of what is deleted, or merged, the API says nothing: all ids are compared, once a day.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from fullcircle.config.read import parse
from fullcircle.config.secrets import SCHEMES, secret, web_url
from fullcircle.config.sections import MapSettings
from fullcircle.connectors.base import Batch, Cursor, FoundField, FoundObject, SourceContext
from fullcircle.connectors.http.client import CONTINUES, HttpLimits, Login
from fullcircle.connectors.http.readable import found_of, said_of
from fullcircle.connectors.http.stamped import StampedPosition, set_back, swept, text_of
from fullcircle.connectors.http.token import TokenLogin
from fullcircle.connectors.own_engine import OwnEngine
from fullcircle.connectors.sources.shopify import maps
from fullcircle.connectors.sources.shopify.bulk import Operation, Row, last_stamp, rows_in, save
from fullcircle.connectors.sources.shopify.described import OBJECTS, STAMP, TYPE_NAMES, ShopifyObject, described
from fullcircle.connectors.sources.shopify.login import AppLogin, shop_header
from fullcircle.connectors.sources.shopify.options import ShopifyOptions
from fullcircle.connectors.sources.shopify.rows import number_of, rows_of
from fullcircle.connectors.sources.shopify.shop import ResultGone, Shop, denied
from fullcircle.errors import ConfigError, SourceUnreachable, did_you_mean

STEP_SECONDS = 60.0
FETCHED = 100  # rows that are asked for by id in one query
LISTED = 10_000  # ids that are compared at once
MOST_FAILURES = 3  # of operations for an object in one pull
WRONG_TOKEN = "Look at the app in Shopify: was its token exchanged, or the app taken out of the shop? Then set the new `token`."
DESCRIBE = """{{ shop {{ name currencyCode }} currentAppInstallation {{ accessScopes {{ handle }} }}
    __type(name: "{}") {{ fields {{ name type {{ name ofType {{ name }} }} }} }} }}"""
COUNT = "{{ {0}Count {{ count precision }} }}"


class Shopify:
    """See `connectors.base`: a Connector that also SweepsIds, NotesSweeps, FetchesKeys and ReadsSince."""

    def __init__(self, context: SourceContext) -> None:
        where = f"[sources.{context.name}]"
        self.options = parse(ShopifyOptions, dict(context.options), where)
        example = "https://example.myshopify.com"
        address = web_url(self.options.url, f"{where} url", ("http", "https"), example, context.folder).rstrip("/")
        limits = HttpLimits(min(STEP_SECONDS, self.options.timeout_seconds), self.options.timeout_seconds, self.options.tries)
        self._shop = Shop(address, limits, self.options.api_version)
        self._shop.http.login = self._login(context, where)
        self._batch_rows = context.batch_rows
        self._engine = OwnEngine()
        self._described: dict[str, ShopifyObject] = {}
        self._sweeps: set[str] = set()  # objects whose ids must be compared after this pull

    def _login(self, context: SourceContext, where: str) -> Login:
        options, folder = self.options, context.folder
        if options.token:
            token = options.token
            return TokenLogin(self._shop.where, lambda: secret(token, f"The token of {where}", folder), WRONG_TOKEN, shop_header)
        client = options.client_id
        client = secret(client, f"The client_id of {where}", folder).reveal() if client.startswith(SCHEMES) else client
        return AppLogin(self._shop.http, client, secret(options.client_secret, f"The client_secret of {where}", folder))

    @staticmethod
    def default_maps(source: str) -> list[MapSettings]:
        """The maps of the objects below; see `connectors.base.ProvidesMaps`."""
        return maps.default_maps(source)

    # -- what is there -------------------------------------------------------------------------------------------------
    def check(self) -> list[str]:
        """The shop, then each readable object with its number of rows, and what the app may not read."""
        found = [f"{self._shop.where}, API version {self._shop.version}"]
        found += said_of(self.objects(), self._said)
        if self._shop.points:
            found.append(f"Points for queries: {self._shop.points[0]} of {self._shop.points[1]} left")
        return found

    def _said(self, name: str) -> list[str]:
        object = self._object(name)
        return [f"{name}: {self._count(name)} rows", *(f"{name}: {note}" for note in _notes(object))]

    def discover(self) -> list[FoundObject]:
        """The objects that can be read."""
        return found_of(self.objects(), self._found_object)

    def _found_object(self, name: str) -> FoundObject:
        fields = tuple(FoundField(column, kind) for column, kind in self._object(name).kinds.items())
        return FoundObject(name, ("id",), fields, int(self._count(name).rpartition(" ")[2]), STAMP)

    def objects(self) -> list[str]:
        """The objects named in the options, else all of them."""
        for name in self.options.objects:
            if name not in OBJECTS:
                raise ConfigError(f'The shopify connector reads no "{name}".', did_you_mean(name, OBJECTS))
        return list(self.options.objects or OBJECTS)

    def _count(self, name: str) -> str:
        said = self._shop.query(COUNT.format(name), name)[f"{name}Count"]
        return f"at least {said['count']}" if said.get("precision") == "AT_LEAST" else str(said["count"])

    # -- pulling ---------------------------------------------------------------------------------------------------------
    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows that changed since the cursor; then the ids may have to be compared."""
        object = self._object(name, anew=True)
        now = text_of(self._shop.clock - timedelta(seconds=self.options.overlap_seconds))
        position, new = StampedPosition.resumed(since, object.signature, now, timedelta(days=self.options.read_again_days))
        notes = list(_notes(object)) if since is None or new else []
        if new and since is not None:
            what = ", ".join(one.partition(":")[0] for one in new[:5])
            notes.append(f"all rows are read again, because of what is new or changed: {what}")
        if notes:
            yield self._batch(object, [], position, tuple(notes))
        if "done" not in position.reading:
            yield from self._rows(object, position)
        position.reading = {"done": True}
        if object.whole and position.sweeps(timedelta(hours=self.options.sweep_hours)):
            self._sweeps.add(name)
        yield Batch(self._batch(object, [], position).rows, position.end())

    def _rows(self, object: ShopifyObject, position: StampedPosition) -> Iterator[Batch]:
        """The rows from where the position says; moves it on with each batch."""
        failures = 0
        while failures < MOST_FAILURES:
            start = position.reading.get("from", position.since)
            if "job" not in position.reading:
                job = self._begun(object, f"updated_at:>='{start}'" if start else "", object.selection)
                position.reading = {"job": job.id, "rows": 0, **({"from": start} if start else {})}
                yield self._batch(object, [], position)
            job = Operation(self._shop, object.name, position.reading["job"])
            with tempfile.TemporaryDirectory(prefix="fullcircle-") as folder:
                path = Path(folder) / "rows.jsonl"
                try:
                    result = job.wait(self.options.bulk_wait_seconds)
                    save(self._shop, result, path)
                except ResultGone:
                    position.reading = {"from": start} if start else {}
                    failures += 1
                    continue
                yield from self._parts(object, position, path, result.whole)
                if result.whole:
                    return
                last = last_stamp(path)
            further = bool(last) and last != start
            failures += 0 if further else 1
            start = last if further else start
            position.reading = {"from": start} if start else {}
        raise SourceUnreachable(f"{self._shop.where} does not succeed in reading {object.name}.", CONTINUES)

    def _parts(self, object: ShopifyObject, position: StampedPosition, path: Path, whole: bool) -> Iterator[Batch]:
        rows: list[Row] = []
        done = int(position.reading["rows"])
        for number, row in enumerate(rows_in(path, whole), 1):
            if number <= done:
                continue
            rows.append(row)
            if len(rows) >= self._batch_rows:
                position.reading = {**position.reading, "rows": number}
                yield self._batch(object, rows, position)
                rows = []
        if rows:
            position.reading = {**position.reading, "rows": max(done, number)}
            yield self._batch(object, rows, position)

    def _begun(self, object: ShopifyObject, wanted: str, selection: str) -> Operation:
        """Begin to read the rows of a search, or all."""
        search = f'query: "{wanted}", ' if wanted else ""
        query = f"{{ {object.name}({search}sortKey: UPDATED_AT) {{ edges {{ node {{ {selection} }} }} }} }}"
        return Operation.begun(self._shop, object.name, query, self.options.bulk_wait_seconds)

    def _batch(self, object: ShopifyObject, rows: Sequence[Row], position: StampedPosition, notes: tuple[str, ...] = ()) -> Batch:
        table, rejects = rows_of(self._engine, object, rows)
        return Batch(table, position.cursor(), rejects, notes=notes)

    # -- deletes -----------------------------------------------------------------------------------------------------------
    def sweep(self, name: str) -> Iterator[pa.Array] | None:
        """All ids, where it is time to compare them."""
        if name not in self._sweeps:
            return None
        return (pa.array([number_of(row["id"]) for row in rows], pa.string()) for rows in _blocks(self._found(name, "", "id")))

    def since(self, cursor: Cursor, moment: datetime) -> Cursor:
        """The cursor, set back to this moment."""
        return set_back(cursor, moment)

    def swept(self, name: str, cursor: Cursor) -> Cursor:
        """The cursor once the ids have been compared."""
        self._sweeps.discard(name)
        return swept(cursor)

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        """The rows with these ids as they are now."""
        object = self._object(name)
        for start in range(0, len(keys), FETCHED):
            wanted = " OR ".join(f"id:{key}" for key in keys.slice(start, FETCHED).to_pylist())
            table, rejects = rows_of(self._engine, object, [*self._found(name, wanted, object.selection)])
            yield Batch(table, cursor, rejects)

    def _found(self, name: str, wanted: str, selection: str) -> Iterator[Row]:
        """What a search finds, by an operation that is not continued later. SourceUnreachable if it finds only a part."""
        with tempfile.TemporaryDirectory(prefix="fullcircle-") as folder:
            path = Path(folder) / "rows.jsonl"
            result = self._begun(self._object(name), wanted, selection).wait(self.options.bulk_wait_seconds)
            if not result.whole:
                raise SourceUnreachable(f"{self._shop.where} does not succeed in listing {name}.", CONTINUES)
            save(self._shop, result, path)
            yield from rows_in(path, whole=True)

    def close(self) -> None:
        """Close the connections."""
        self._shop.close()
        self._engine.close()

    # -- the shop ------------------------------------------------------------------------------------------------------------
    def _object(self, name: str, anew: bool = False) -> ShopifyObject:
        """The object as the shop describes it; with `anew` it is asked again, and its clock with it."""
        if anew or name not in self._described:
            said: Any = self._shop.query(DESCRIBE.format(TYPE_NAMES[name]), name)
            scopes = {str(one["handle"]) for one in said["currentAppInstallation"]["accessScopes"]}
            scopes |= {f"read_{one.removeprefix('write_')}" for one in scopes if one.startswith("write_")}
            if f"read_{name}" not in scopes:
                raise denied(name, "its scope is missing")
            fields = (said.get("__type") or {}).get("fields") or ()
            self._described[name] = described(name, fields, scopes, str(said["shop"]["currencyCode"]))
        return self._described[name]


def _blocks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    return iter(lambda: list(islice(rows, LISTED)), [])


def _notes(object: ShopifyObject) -> Iterator[str]:
    """What is not known of the object."""
    if not object.whole:
        yield "only of the last 60 days, and deleted ones are not noticed: the app lacks the scope read_all_orders"
    if object.name == "orders" and "customer_id" not in object.paths:
        yield "their customers are not known, only e-mail addresses: the app lacks the scope read_customers"


PLUGIN = Shopify
