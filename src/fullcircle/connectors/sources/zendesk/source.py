"""The `zendesk` connector: tickets, users and organizations by the incremental exports. Start at `Zendesk.pull`.

The exports show what was deleted, however long ago. What changed in the last minute they leave to the next pull. What was merged
is shown as deleted: into what is not said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pyarrow as pa

from fullcircle.config.read import parse
from fullcircle.config.secrets import secret, web_url
from fullcircle.config.sections import MapSettings
from fullcircle.connectors.base import Batch, Cursor, FoundField, FoundObject, SourceContext
from fullcircle.connectors.http.client import HttpLimits
from fullcircle.connectors.http.readable import found_of, said_of
from fullcircle.connectors.http.shaped import RowShape, shaped, text_of_value
from fullcircle.connectors.http.token import TokenLogin, bearer
from fullcircle.connectors.own_engine import OwnEngine
from fullcircle.connectors.sources.zendesk import maps
from fullcircle.connectors.sources.zendesk.account import Account, CursorGone, basic
from fullcircle.connectors.sources.zendesk.described import CUSTOM, OBJECTS, STAMP, ZendeskObject, described
from fullcircle.connectors.sources.zendesk.options import ZendeskOptions
from fullcircle.connectors.sources.zendesk.reading import pages
from fullcircle.errors import ConfigError, did_you_mean

STEP_SECONDS = 60.0
PER_PAGE = 1000
WRONG_TOKEN = "Look in the Admin Center of Zendesk: was the token deleted, or its admin? Then set the new `token`."


class Zendesk:
    """See `connectors.base`: a Connector that also ReadsSince."""

    def __init__(self, context: SourceContext) -> None:
        where = f"[sources.{context.name}]"
        self.options = parse(ZendeskOptions, dict(context.options), where)
        address = web_url(self.options.url, f"{where} url", ("http", "https"), "https://example.zendesk.com", context.folder)
        limits = HttpLimits(min(STEP_SECONDS, self.options.timeout_seconds), self.options.timeout_seconds, self.options.tries)
        self._account = Account(address.rstrip("/"), limits)
        token, folder = self.options.token, context.folder
        header = basic(self.options.user) if self.options.user else bearer
        self._account.http.login = TokenLogin(
            self._account.where, lambda: secret(token, f"The token of {where}", folder), WRONG_TOKEN, header
        )
        self._per_page = min(PER_PAGE, context.batch_rows)
        self._engine = OwnEngine()
        self._described: dict[str, ZendeskObject] = {}

    @staticmethod
    def default_maps(source: str) -> list[MapSettings]:
        """The maps of the objects below; see `connectors.base.ProvidesMaps`."""
        return maps.default_maps(source)

    # -- what is there -------------------------------------------------------------------------------------------------
    def check(self) -> list[str]:
        """The account, then each readable object with its number of rows, and what the user may not read."""
        return [self._account.where, *said_of(self.objects(), self._said)]

    def _said(self, name: str) -> list[str]:
        self._object(name)
        return [f"{name}: {self._count(name)} rows"]

    def discover(self) -> list[FoundObject]:
        """The objects that can be read."""
        return found_of(self.objects(), self._found_object)

    def _found_object(self, name: str) -> FoundObject:
        fields = tuple(FoundField(column, kind) for column, kind in self._object(name).kinds.items())
        return FoundObject(name, ("id",), fields, self._count(name), STAMP)

    def objects(self) -> list[str]:
        """The objects named in the options, else all of them."""
        for name in self.options.objects:
            if name not in OBJECTS:
                raise ConfigError(f'The zendesk connector reads no "{name}".', did_you_mean(name, OBJECTS))
        return list(self.options.objects or OBJECTS)

    def _count(self, name: str) -> int:
        return int((self._account.get(f"{name}/count.json", name).get("count") or {}).get("value") or 0)

    # -- pulling ---------------------------------------------------------------------------------------------------------
    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """What changed since the cursor, with what was deleted."""
        object = self._object(name)
        cursor: Cursor = dict(since) if since else {"after": self._start()}
        try:
            yield from self._changes(object, cursor)
        except CursorGone as error:
            cursor["after"] = self._start()
            note = f"{error.message.rstrip('.')}: all rows are read again"
            yield replace(self._batch(object, [], cursor), notes=(note,))
            yield from self._changes(object, cursor)

    def _changes(self, object: ZendeskObject, cursor: Cursor) -> Iterator[Batch]:
        for page in pages(self._account, object.name, cursor["after"], self._per_page):
            cursor["after"] = page.after
            yield self._batch(object, page.rows, cursor)

    def _start(self) -> dict[str, int]:
        return {"start_time": int(datetime.combine(self.options.start, time(), UTC).timestamp())}

    def _batch(self, object: ZendeskObject, rows: list[dict[str, Any]], cursor: Cursor) -> Batch:
        latest = list({str(row["id"]): row for row in rows}.values())
        texts = {
            column: pa.array([text_of_value(object.value(row, column)) for row in latest], pa.string()) for column in object.kinds
        }
        gone = [object.is_gone(row) for row in latest]
        table, rejects = shaped(self._engine, RowShape(object.kinds, "id", STAMP, object.as_json), texts, latest, gone)
        return Batch(table, dict(cursor), rejects)

    def since(self, cursor: Cursor, moment: datetime) -> Cursor:
        """The cursor, set back to this moment."""
        return {**cursor, "after": {"start_time": int(moment.replace(tzinfo=UTC).timestamp())}}

    def quota(self) -> tuple[int, int] | None:
        """How many requests are used, and allowed; see `connectors.base.SaysQuota`."""
        return self._account.used

    def close(self) -> None:
        """Close the connections."""
        self._account.close()
        self._engine.close()

    # -- the account ---------------------------------------------------------------------------------------------------------
    def _object(self, name: str) -> ZendeskObject:
        """The object as the account describes it."""
        if name not in self._described:
            self._described[name] = described(name, self._account.listed(f"{CUSTOM[name]}.json", CUSTOM[name], name))
        return self._described[name]


PLUGIN = Zendesk
