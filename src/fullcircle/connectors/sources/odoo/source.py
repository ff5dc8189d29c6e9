"""The `odoo` connector: changed rows by `write_date`, in pages by id, archived ones too. Start at `Odoo.pull`.

A row that changes while pages are read is read by the next pull, which starts some time before this one. Of what is deleted, or
merged into another row, Odoo says nothing: all ids are compared, once a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from fullcircle.config.read import parse
from fullcircle.config.secrets import secret, web_url
from fullcircle.config.sections import MapSettings
from fullcircle.connectors.base import Batch, Cursor, FoundField, FoundObject, SourceContext
from fullcircle.connectors.http.client import HttpLimits
from fullcircle.connectors.http.readable import found_of, said_of
from fullcircle.connectors.http.shaped import RowShape, shaped
from fullcircle.connectors.http.stamped import StampedPosition, set_back, swept, text_of
from fullcircle.connectors.http.token import TokenLogin
from fullcircle.connectors.own_engine import OwnEngine
from fullcircle.connectors.sources.odoo import maps
from fullcircle.connectors.sources.odoo.described import MODELS, STAMP, OdooModel, described
from fullcircle.connectors.sources.odoo.options import OdooOptions
from fullcircle.connectors.sources.odoo.server import Server
from fullcircle.errors import ConfigError, SourceBroken

STEP_SECONDS = 60.0
FOR_EVER = timedelta(days=36_500)  # rows need not be read again: whatever changes them dates them
ARCHIVED_TOO = {"active_test": False}
LISTED = 10_000  # ids that are compared at once
IS_MODEL = re.compile(r"[a-z0-9_.]{1,100}")
WRONG_KEY = "Look at the user's API keys in Odoo: was it deleted, or has it ended? Then set the new `key`."


class Odoo:
    """See `connectors.base`: a Connector that also SweepsIds, NotesSweeps, FetchesKeys and ReadsSince."""

    def __init__(self, context: SourceContext) -> None:
        where = f"[sources.{context.name}]"
        self.options = parse(OdooOptions, dict(context.options), where)
        address = web_url(self.options.url, f"{where} url", ("http", "https"), "https://example.odoo.com", context.folder)
        limits = HttpLimits(min(STEP_SECONDS, self.options.timeout_seconds), self.options.timeout_seconds, self.options.tries)
        key, folder = self.options.key, context.folder
        by_rpc = secret(key, f"The key of {where}", folder) if self.options.protocol == "json-rpc" else None
        self._server = Server(address.rstrip("/"), self.options.database, limits, self.options.user, by_rpc)
        if by_rpc is None:
            self._server.http.login = TokenLogin(
                self._server.where, lambda: secret(key, f"The key of {where}", folder), WRONG_KEY
            )
        self._page_rows = min(self.options.page_rows, context.batch_rows)
        self._engine = OwnEngine()
        self._described: dict[str, OdooModel] = {}
        self._sweeps: set[str] = set()  # models whose ids must be compared after this pull

    @staticmethod
    def default_maps(source: str) -> list[MapSettings]:
        """The maps of the models below; see `connectors.base.ProvidesMaps`."""
        return maps.default_maps(source)

    # -- what is there -------------------------------------------------------------------------------------------------
    def check(self) -> list[str]:
        """The server, then each readable model with its number of rows, and what the user may not read."""
        return [f"{self._server.where}, {self.options.protocol}", *said_of(self.objects(), self._said)]

    def _said(self, name: str) -> list[str]:
        self._object(name)
        return [f"{name}: {self._count(name)} rows"]

    def discover(self) -> list[FoundObject]:
        """The models that can be read."""
        return found_of(self.objects(), self._found_object)

    def _found_object(self, name: str) -> FoundObject:
        fields = tuple(FoundField(column, kind) for column, kind in self._object(name).columns.items())
        return FoundObject(name, ("id",), fields, self._count(name), STAMP)

    def objects(self) -> list[str]:
        """The models named in the options, else the default ones."""
        return list(self.options.objects or MODELS)

    def _count(self, name: str) -> int:
        return int(self._server.call(name, "search_count", domain=[], context=ARCHIVED_TOO))

    # -- pulling ---------------------------------------------------------------------------------------------------------
    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows that changed since the cursor; then the ids may have to be compared."""
        model = self._object(name, anew=True)
        now = text_of(self._server.clock - timedelta(seconds=self.options.overlap_seconds))
        position, new = StampedPosition.resumed(since, model.signature, now, FOR_EVER)
        if new and since is not None:
            what = ", ".join(one.partition(":")[0] for one in new[:5])
            note = f"all rows are read again, because of what is new or changed: {what}"
            yield Batch(self._batch(model, [], position.cursor()).rows, position.cursor(), notes=(note,))
        if "done" not in position.reading:
            wanted = [[STAMP, ">=", _asked(position.since)]] if position.since else []
            for rows in self._pages(model, wanted, int(position.reading.get("after", 0))):
                position.reading = {"after": int(rows[-1]["id"])}
                yield self._batch(model, rows, position.cursor())
        position.reading = {"done": True}
        if position.sweeps(timedelta(hours=self.options.sweep_hours)):
            self._sweeps.add(name)
        yield self._batch(model, [], position.end())

    def _pages(self, model: OdooModel, wanted: list[Any], after: int) -> Iterator[list[dict[str, Any]]]:
        """The rows that fit, in the order of their ids; each page begins behind the last id, so that none slips through."""
        while True:
            rows = self._server.call(
                model.name, "search_read", domain=[*wanted, ["id", ">", after]], fields=[*model.fields], limit=self._page_rows,
                order="id", context=ARCHIVED_TOO,
            )  # fmt: skip
            ids = [row["id"] for row in rows] if isinstance(rows, list) else [0]
            if ids != sorted(ids) or (ids and ids[0] <= after):
                raise SourceBroken(f"{self._server.where} does not sort {model.name} by id.", "Pull again.")
            if rows:
                yield rows
                after = ids[-1]
            if len(ids) < self._page_rows:
                return

    def _batch(self, model: OdooModel, rows: list[dict[str, Any]], cursor: Cursor) -> Batch:
        texts = {
            column: pa.array([str(row["id"]) if column == "id" else model.text(row, column) for row in rows], pa.string())
            for column in model.columns
        }
        as_json = [column for column, kind in model.columns.items() if kind == "json"]
        table, rejects = shaped(self._engine, RowShape(model.columns, "id", STAMP, as_json), texts, rows)
        return Batch(table, cursor, rejects)

    # -- deletes -----------------------------------------------------------------------------------------------------------
    def sweep(self, name: str) -> Iterator[pa.Array] | None:
        """All ids, where it is time to compare them."""
        return self._ids(name) if name in self._sweeps else None

    def _ids(self, name: str) -> Iterator[pa.Array]:
        after = 0
        while True:
            ids = self._server.call(name, "search", domain=[["id", ">", after]], limit=LISTED, order="id", context=ARCHIVED_TOO)
            yield pa.array([str(id) for id in ids], pa.string())
            if len(ids) < LISTED:
                return
            after = ids[-1]

    def swept(self, name: str, cursor: Cursor) -> Cursor:
        """The cursor once the ids have been compared."""
        self._sweeps.discard(name)
        return swept(cursor)

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        """The rows with these ids as they are now."""
        model = self._object(name)
        ids = [int(key) for key in keys.to_pylist()]
        for rows in self._pages(model, [["id", "in", ids]], 0):
            yield self._batch(model, rows, cursor)

    def since(self, cursor: Cursor, moment: datetime) -> Cursor:
        """The cursor, set back to this moment."""
        return set_back(cursor, moment)

    def close(self) -> None:
        """Close the connections."""
        self._server.close()
        self._engine.close()

    # -- the database --------------------------------------------------------------------------------------------------------
    def _object(self, name: str, anew: bool = False) -> OdooModel:
        """The model as the database describes it; with `anew` it is asked again, and its clock with it."""
        if anew or name not in self._described:
            if not IS_MODEL.fullmatch(name):
                raise ConfigError(f'"{name}" is not the name of a model.', "Correct `objects`.")
            fields = self._server.call(name, "fields_get", attributes=["type", "store"])
            if not isinstance(fields, dict) or STAMP not in fields:
                raise SourceBroken(f"{self._server.where} does not describe {name}.", "Pull again.")
            self._described[name] = described(name, fields)
        return self._described[name]


def _asked(moment: str | None) -> str:
    """A moment as a domain has it."""
    return str(moment).replace("T", " ").removesuffix("Z")


PLUGIN = Odoo
