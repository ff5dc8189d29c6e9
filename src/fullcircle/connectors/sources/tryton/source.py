"""The `tryton` connector: parties, products, sales, opportunities and any other model of a Tryton server, over its JSON-RPC.

Changed rows are found by `coalesce(write_date, create_date)` and read in pages, ordered by id. A row also counts as changed
when a related row with values that appear in it has changed (`FOLLOWS`). Start at `Tryton.pull`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.secrets import secret, web_url
from fullcircle.config.sections import MapSettings, Settings
from fullcircle.connectors.base import Batch, Cursor, FoundField, FoundObject, SourceContext
from fullcircle.connectors.sources.tryton import maps
from fullcircle.connectors.sources.tryton.rows import TrytonModel, changed_at, described, tables, tagged
from fullcircle.connectors.sources.tryton.rpc import Rpc, ServerError
from fullcircle.connectors.sources.tryton.writing import TrytonWriter
from fullcircle.errors import SourceChanged, SourceError, SourceRefused
from fullcircle.model.counting import counted

OBJECTS = (
    "party.party", "party.contact_mechanism", "party.address",
    "product.product", "sale.sale", "sale.line", "sale.opportunity",
)  # fmt: skip
# Related rows: when one of them changes, values of this row change too, but not its write_date.
FOLLOWS = {
    "party.party": ("identifiers",),
    "product.product": ("template",),
    "sale.sale": ("lines",),
    "sale.line": ("sale",),
}
ANY_ACTIVE = ["active", "in", [True, False]]  # without it Tryton leaves out archived rows
# Tryton also leaves out archived rows in each nested condition that does not mention `active`. This mentions it in an OR.
NEVER = ["active", "in", []]
SEEN_LIMIT = 5_000


class TrytonOptions(Settings):
    """The keys of [sources.<name>] with connector = "tryton"."""

    url: str  # http://host:port/database
    user: str
    password: str  # env:NAME or file:PATH
    objects: tuple[str, ...] = ()
    page_rows: int = Field(1000, ge=1, le=100_000)  # rows per request
    overlap_seconds: int = Field(300, ge=0)  # the longest time a transaction of the server takes to commit
    timeout_seconds: float = Field(90, gt=0)  # for one response
    tries: int = Field(5, ge=1, le=10)  # for one request


@dataclass(slots=True)
class Position:
    """How far the pull of an object has got. It is stored as the cursor, and restored from it."""

    since: str | None  # the pull reads rows changed since then; None: all
    upto: str  # where the next pull starts
    after: int = -1  # the last id that was read
    known: dict[str, str] = field(default_factory=dict)  # rows that the last pull read near its end: id -> digest
    seen: dict[str, str] = field(default_factory=dict)  # the same of this pull, for the next one

    @classmethod
    def resumed(cls, cursor: Cursor | None, upto: str) -> Position:
        """Continue from a cursor: in the middle of a pull that was interrupted, else where the last one ended."""
        if cursor is None:
            return cls(None, upto)
        if "after" in cursor:
            return cls(cursor["since"], cursor["upto"], cursor["after"], dict(cursor["known"]), dict(cursor["seen"]))
        return cls(cursor["since"], upto, known=dict(cursor["seen"]))

    def cursor(self, ended: bool) -> Cursor:
        """The cursor after the rows read so far."""
        if ended:
            return {"since": self.upto, "seen": self.seen}
        return {"since": self.since, "upto": self.upto, "after": self.after, "known": self.known, "seen": dict(self.seen)}


class Tryton:
    """See `connectors.base`: a Connector that also SweepsIds and FetchesKeys."""

    def __init__(self, context: SourceContext) -> None:
        where = f"[sources.{context.name}]"
        self.options = parse(TrytonOptions, dict(context.options), where)
        example = "http://host:port/database, e.g. https://tryton.example.org/company"
        address = web_url(self.options.url, f"{where} url", ("http", "https"), example, context.folder)
        password = secret(self.options.password, f"The password of {where}", context.folder)
        self._batch_rows = context.batch_rows
        self._rpc = Rpc(address, self.options.user, password, self.options.timeout_seconds, self.options.tries)
        self._field_answers: dict[str, dict[str, Any] | None] = {}  # results of fields_get by model: large, and constant

    @staticmethod
    def default_maps(source: str) -> list[MapSettings]:
        """The maps of the objects below; see `connectors.base.ProvidesMaps`."""
        return maps.default_maps(source)

    def check(self) -> list[str]:
        """Log in; the server's version, then each readable object with its number of rows."""
        found = [f"Tryton {self._rpc.version()} at {self._rpc.address}"]
        if not self._rpc.context.get("company"):
            found.append("The user has no company: rows that belong to a company (sales, opportunities) may be hidden.")
        return found + [f"{name}: {counted(self._count(name), 'row')}" for name in self.objects()]

    def discover(self) -> list[FoundObject]:
        """The default objects that can be read, and those named in `objects`."""
        found = []
        for name in dict.fromkeys([*self._readable(OBJECTS), *self.options.objects]):
            model = self._model(name)
            fields = tuple(FoundField(column, kind) for column, kind in model.columns.items())
            found.append(FoundObject(name, ("id",), fields, self._count(name), "write_date" if model.stamped else ""))
        return found

    def objects(self) -> list[str]:
        """The objects named in the options, else the default ones that exist in this database and that the user may read."""
        return list(self.options.objects) or self._readable(OBJECTS)

    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows that changed since the cursor, by ascending id. If the server fails, the rows read so far come first."""
        model = self._model(name)
        # The server's time before the first page is read: the next pull finds what commits after it.
        upto = self._rpc.clock - timedelta(seconds=self.options.overlap_seconds)
        position = Position.resumed(since, upto.isoformat())
        pages: list[pa.Table] = []
        rejects: list[pa.Table] = []
        more = True
        while more:
            try:
                rows = self._page(model, position)
            except SourceError:
                if pages:
                    yield _batch(model, pages, rejects, position.cursor(ended=False))
                raise
            more = len(rows) == self.options.page_rows
            page, bad = tables(model, _new(rows, position))
            pages.append(page)
            rejects += [bad] if bad is not None else []
            if more and sum(table.num_rows for table in pages) >= self._batch_rows:
                yield _batch(model, pages, rejects, position.cursor(ended=False))
                pages, rejects = [], []
        yield _batch(model, pages, rejects, position.cursor(ended=True))

    def sweep(self, name: str) -> Iterator[pa.Array] | None:
        """All ids that exist, also archived ones: Tryton does not record what was deleted."""
        return self._ids(self._model(name))

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        """The rows with these ids, without those that have been deleted in the meantime."""
        model = self._model(name)
        archived = [ANY_ACTIVE] if model.archives else []
        size = self.options.page_rows
        for start in range(0, len(keys), size):
            ids = [int(key) for key in keys.slice(start, size).to_pylist()]
            rows = self._rows(model, [["id", "in", ids], *archived])
            page, bad = tables(model, [(_raw(row), row) for row in rows])
            yield Batch(page, cursor, bad)

    def writer(self) -> TrytonWriter:
        """What writes into its rows; see `connectors.writing.WritesBack`."""
        return TrytonWriter(self._rpc, self.options.user)

    def close(self) -> None:
        """Log out."""
        self._rpc.close()

    def _ids(self, model: TrytonModel) -> Iterator[pa.Array]:
        after, more = -1, True
        while more:
            domain = [["id", ">", after], *([ANY_ACTIVE] if model.archives else [])]
            ids = self._ask(model.name, "search", domain, 0, self.options.page_rows, [["id", "ASC"]])
            more = len(ids) == self.options.page_rows
            after = ids[-1] if ids else after
            yield pa.array([str(key) for key in ids], pa.string())

    def _page(self, model: TrytonModel, position: Position) -> list[dict[str, Any]]:
        domain: list[Any] = [["id", ">", position.after], *([ANY_ACTIVE] if model.archives else [])]
        if position.since is not None and model.stamped:
            domain.append(_changed(model, position.since))
        return self._rows(model, domain)

    def _rows(self, model: TrytonModel, domain: list[Any]) -> list[dict[str, Any]]:
        """A page of rows, the lowest ids first."""
        rows = self._ask(model.name, "search_read", domain, 0, self.options.page_rows, [["id", "ASC"]], list(model.asked))
        if not isinstance(rows, list):
            raise SourceError(f"Tryton did not return rows of {model.name}.", "Check that `url` points to a Tryton server.")
        return rows

    def _ask(self, model: str, method: str, *params: Any) -> Any:
        """Call a method of a model. Raises SourceRefused if the user may not read the model."""
        try:
            return self._rpc.call(f"model.{model}.{method}", *params, self._rpc.context)
        except ServerError as error:
            if error.kind == "UserError" and not self._readable([model]):
                raise _refused(model, self.options.user) from error
            raise

    def _count(self, name: str) -> int:
        return int(self._ask(name, "search_count", [ANY_ACTIVE] if self._model(name).archives else []))

    def _readable(self, names: Sequence[str]) -> list[str]:
        """The models among these that exist and that the user may read."""
        there = [name for name in names if self._fields(name) is not None]
        access = self._rpc.call("model.ir.model.access.get_access", there, self._rpc.context) if there else {}
        return [name for name in there if access.get(name, {}).get("read")]

    def _fields(self, name: str) -> dict[str, Any] | None:
        """Tryton's description of the fields of a model; None if the model does not exist."""
        if name not in self._field_answers:
            try:
                self._field_answers[name] = dict(self._rpc.call(f"model.{name}.fields_get", [], 0, self._rpc.context))
            except ServerError:
                self._field_answers[name] = None
        return self._field_answers[name]

    def _model(self, name: str) -> TrytonModel:
        """The model, if it exists and may be read. Always sends a request, so that the server's time is current."""
        fields = self._fields(name)
        if fields is None:
            raise SourceChanged(
                f'This Tryton database has no model "{name}".',
                "Check its spelling in `objects`, or activate the module that provides it.",
            )
        if not self._readable([name]):
            raise _refused(name, self.options.user)
        follows = [(field, fields[field].get("relation")) for field in FOLLOWS.get(name, ()) if field in fields]
        over_there = tuple((field, "active" in (self._fields(relation) or {})) for field, relation in follows)
        return described(name, fields, over_there)


def _changed(model: TrytonModel, since: str) -> list[Any]:
    """The condition "the row or a row it follows has changed since then". write_date is null if a row was only created."""
    moment = tagged(datetime.fromisoformat(since))
    either: list[Any] = ["OR", ["write_date", ">=", moment], ["create_date", ">=", moment]]

    def of(archives: bool) -> list[Any]:
        return [*either, NEVER] if archives else either

    follows = [[field, "where", [*([ANY_ACTIVE] if archives else []), of(archives)]] for field, archives in model.follows]
    return [*of(model.archives), *follows]


def _new(rows: list[dict[str, Any]], position: Position) -> list[tuple[str, dict[str, Any]]]:
    """The rows that differ from what the last pull read, each with its raw text. Moves the position after them."""
    if not rows:
        return []
    raws = [(_raw(row), row) for row in rows]
    limit = datetime.fromisoformat(position.upto)
    again = [each for each in raws if position.since is not None or (changed_at(each[1]) or datetime.min) >= limit]
    digests = {str(row["id"]): hashlib.blake2b(raw.encode(), digest_size=8).hexdigest() for raw, row in again}
    room = max(0, SEEN_LIMIT - len(position.seen))
    position.seen.update(list(digests.items())[:room])  # an optimisation: a row that is not in it is read twice
    position.after = rows[-1]["id"]
    return [(raw, row) for raw, row in raws if position.known.get(str(row["id"]), "") != digests.get(str(row["id"]))]


def _raw(row: dict[str, Any]) -> str:
    """The row as JSON, sorted, because the server returns the fields in any order."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _batch(model: TrytonModel, pages: list[pa.Table], rejects: list[pa.Table], cursor: Cursor) -> Batch:
    rows = pa.concat_tables(pages) if pages else tables(model, [])[0]
    return Batch(rows, cursor, pa.concat_tables(rejects) if rejects else None)


def _refused(model: str, user: str) -> SourceRefused:
    return SourceRefused(
        f'The Tryton user "{user}" may not read {model}.',
        "Add the user to a group with access to it, or leave the model out of `objects`.",
    )


PLUGIN = Tryton
