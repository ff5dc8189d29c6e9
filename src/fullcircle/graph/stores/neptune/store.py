"""The graph in Amazon Neptune: Gremlin over signed WebSockets, bulk loads through S3, queries in three languages.

It extends the Gremlin store (../gremlin/store.py) with Neptune's own interfaces, which are in the other files of this folder and
in ../aws_access.py. Start at `Neptune`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.errors import ConfigError, QueryError, StoreError, StoreRefused
from fullcircle.graph import shape
from fullcircle.graph.base import OLDEST, LogPosition, StoreContext
from fullcircle.graph.exchange import read as exchange
from fullcircle.graph.stores.apart import not_too_many
from fullcircle.graph.stores.aws_access import Access, Cluster, region_of
from fullcircle.graph.stores.gremlin import reading, values, writing
from fullcircle.graph.stores.gremlin.connection import ConnectionPool, Message, ServerAddress
from fullcircle.graph.stores.gremlin.retry import classify_error
from fullcircle.graph.stores.gremlin.store import STAMP, Gremlin, Pace
from fullcircle.graph.stores.neptune import control, faults, streams
from fullcircle.graph.stores.neptune import opencypher as cypher
from fullcircle.graph.stores.neptune.data import Data, why_refused_here
from fullcircle.graph.stores.neptune.loader import Loader, Note, Where
from fullcircle.graph.stores.rdf.sparql import stay_here
from fullcircle.graph.stores.transient import RetryBudget, Verdict
from fullcircle.model.counting import counted
from fullcircle.model.graph import VERTICES
from fullcircle.model.progress import Progress, Silent

LOOKED_UP = ("endpoint", "reader", "port", "iam")  # if `cluster` is given
LOAD = "fullcircle:load"  # the id of the vertex that notes a bulk load under way


class NeptuneOptions(Pace):
    """[graph] with store = "neptune"."""

    cluster: str = ""  # the cluster's identifier: endpoints, port, iam and its roles are looked up
    endpoint: str = ""  # else: the cluster's (writer) endpoint, a host name without scheme and port
    reader: str = ""  # the reader endpoint, used by commands that only read
    port: int = Field(8182, ge=1, le=65535)
    region: str = ""  # by default taken from the name of the endpoint
    iam: bool = True  # sign requests with the credentials that boto3 finds
    tls: bool = True  # False only for tests on loopback
    bucket: str = ""  # s3://bucket/prefix in the cluster's region, for bulk loads
    loader_role: str = ""  # the ARN of the role that lets the cluster read the bucket
    bulk_from: int = Field(50_000, ge=0)  # from this number of new rows on, use a bulk load; 0: never
    keep_files: bool = False  # do not delete the files of a bulk load from the bucket
    parallelism: Literal["LOW", "MEDIUM", "HIGH", "OVERSUBSCRIBE"] = "HIGH"  # how many of the writer's cores load
    poll_seconds: float = Field(5.0, gt=0)
    write_language: Literal["gremlin", "opencypher"] = "gremlin"  # opencypher: for rows that fit into JSON, see _write


class Neptune(Gremlin):
    """See `graph.base.GraphStore`, `LoadsInBulk`, `KeepsLog` and `RunsInsights`."""

    LEFT_OUT = ()  # Neptune optimises a chain of merges by itself

    @staticmethod
    def check_options(options: Mapping[str, Any]) -> None:
        """See `graph.base.ChecksOptions`."""
        parse(NeptuneOptions, dict(options), "[graph]")

    def __init__(self, context: StoreContext) -> None:
        given, self._roles = _looked_up(parse(NeptuneOptions, context.options, "[graph]"), context.read_only)
        reads_only = context.read_only and self._roles is not None  # a reader does not need the attached roles
        if bool(given.bucket) != bool(given.loader_role) and not reads_only:
            raise ConfigError("[graph] has only one of bucket and loader_role.", "A bulk load needs both: set both or none.")
        self._given = given
        host = _host((given.reader if context.read_only else "") or given.endpoint)
        region = region_of(host, given.region)
        self._cluster = Cluster(host, given.port, region, given.iam, given.tls, given.timeout_seconds)
        self.data = Data(Access(self._cluster), RetryBudget(given.patience_seconds))
        self._where = Where(*Where.of(given.bucket), given.loader_role, given.keep_files, given.parallelism, given.poll_seconds) \
            if given.bucket else None  # fmt: skip
        self._checked, self._checking = False, threading.Lock()
        pool = ConnectionPool(self._found, given.workers, RetryBudget(given.patience_seconds), self._classified)
        self._open(given, context.read_only, pool)

    # -- connecting ----------------------------------------------------------------------------------------------------

    def _found(self) -> ServerAddress:
        """The address, which is asked for before every request; the first time, the cluster itself is checked.

        Its name is resolved again for every connection. After a failover, the writer's name leads to the new writer.
        """
        with self._checking:
            if not self._checked:
                self.data.check(writes=not self._read_only)
                self._checked = True
        url, access = self._cluster.websocket, self.data.access
        return ServerAddress(url, timeout=self.options.timeout_seconds, headers=lambda: access.headers("GET", url))

    def _classified(self, error: BaseException, where: str, message: Message) -> Verdict:
        if isinstance(error, StoreError):  # raised while signing
            return Verdict(error)
        verdict = classify_error(error, where)
        if not isinstance(verdict.error, StoreRefused):
            return verdict
        refused: StoreError = faults.refusal(str(error), self._cluster.host, faults.actions_of(message))
        if "403 - Forbidden" in str(error):  # how the driver reports a refused WebSocket
            refused = why_refused_here(self.data, refused)
        return Verdict(refused, redial=True)

    def check_server(self) -> None:
        """Make sure that the cluster answers. Neptune takes our ids."""
        self._pool.ask(reading.stamp(STAMP))

    # -- writing by openCypher -----------------------------------------------------------------------------------------

    def _write(self, label: str, rows: pa.Table, insert_only: bool) -> None:
        """Write by Gremlin, or by openCypher if that is chosen: then for rows without dates, times and infinite numbers.

        Edges that may exist already are always written by Gremlin: openCypher cannot move an edge to other ends.
        """
        self._writable()
        if self._given.write_language == "opencypher" and (label in VERTICES or insert_only):
            table = shape.conformed(label, rows)
            fit = cypher.fits(table)
            self._write_opencypher(label, table.filter(fit), insert_only)
            rows = table.filter(pc.invert(fit))
        if rows.num_rows:
            super()._write(label, rows, insert_only)

    def _write_opencypher(self, label: str, table: pa.Table, insert_only: bool) -> None:
        self._found()
        load = writing.Load(label, table, insert_only)
        if load.is_edges:
            self._check_ends(load)
        text = (cypher.merge_edges if load.is_edges else cypher.merge_vertices)(label)
        actions = (faults.READ, faults.WRITE, faults.DELETE)
        for batch in cypher.batches(label, table, self.options.records_per_request):
            done = self.data.opencypher(text, {"rows": batch}, *actions)[0]["n"]
            if done != len(batch):
                raise StoreError(f"Only {done} of {len(batch)} rows of {label} were written.", "Run the same command again.")

    # -- queries -------------------------------------------------------------------------------------------------------

    def query(self, text: str, language: str = "") -> pa.Table:
        """Run a query in Gremlin, openCypher or SPARQL (the RDF data of a cluster is separate from its property graph)."""
        if language == "opencypher":
            reason = cypher.why_refused(text)
            if reason:
                raise QueryError(f"This query is refused: {reason}. Only reading is allowed here.", "Remove that from the query.")
            rows = self.data.read_opencypher(text, self._given)
            not_too_many(len(rows), self._given.query_rows)
            return values.result_table(rows)
        if language == "sparql":
            stay_here(text)
            found: pa.Table = self.data.read_sparql(text, self._given)
            not_too_many(found.num_rows, self._given.query_rows)
            return found
        if language not in ("", "gremlin"):
            raise QueryError(
                f'This store does not know the query language "{language}".', f"It knows: {', '.join(self.languages())}."
            )
        return super().query(text)

    def languages(self) -> list[str]:
        """Gremlin, openCypher, SPARQL."""
        return ["gremlin", "opencypher", "sparql"]

    # -- the log of changes --------------------------------------------------------------------------------------------

    def changes(self, since: LogPosition = OLDEST) -> Iterator[pa.RecordBatch]:
        """See KeepsLog."""
        return streams.changes(self.data, since)

    def log_end(self) -> LogPosition:
        """See KeepsLog."""
        return streams.end(self.data)

    def changed_ids(self, since: LogPosition) -> tuple[dict[str, pa.Array], LogPosition]:
        """Ids ("vertex", "edge") of all changes after a position, and the position to continue from; see streams.py."""
        return streams.changed_ids(self.data, since)

    # -- bulk loads ----------------------------------------------------------------------------------------------------

    def takes_in_bulk(self, rows: int, progress: Progress) -> bool:
        """Decide how to load this number of new rows, and report it."""
        given = self._given
        if self._where is None:
            if given.bulk_from and rows >= given.bulk_from:
                progress.say(
                    f"{counted(rows, 'row')}: batched requests; with bucket and loader_role in [graph], a bulk load "
                    "would be faster."
                )
            return False
        if not given.bulk_from or rows < given.bulk_from:
            progress.say(f"{counted(rows, 'row')}: batched requests (a bulk load from {given.bulk_from:,} on).")
            return False
        self._check_role()
        progress.say(f"{counted(rows, 'row')}: bulk load through {given.bucket}.")
        return True

    def bulk_load(self, portions: Iterable[tuple[str, pa.Table]], progress: Progress) -> None:
        """Load new rows of any labels, vertices before edges; StoreError if the counts did not grow by exactly these rows."""
        self._writable()
        self._check_role()
        loader, before = self._loader(), self.count()
        note = loader.put(portions, progress)
        loader.run(note, progress)
        after = self.count()
        wrong = {label: after[label] - before[label] for label, rows in note.rows.items() if after[label] - before[label] != rows}
        if wrong:
            counts = ", ".join(f"{label} {found:,} instead of {note.rows[label]:,}" for label, found in sorted(wrong.items()))
            raise StoreError(
                f"The bulk load did not add the expected rows: {counts}.",
                "Another process may have written meanwhile. Run the same command again.",
            )
        loader.tidy(note)

    def _check_role(self) -> None:
        """ConfigError if the cluster cannot read the files. This is only known if the cluster was looked up."""
        assert self._where is not None
        role = self._where.role.partition(",")[0]  # of a chain of roles, the first one is the cluster's
        if self._roles is not None and role not in self._roles:
            raise ConfigError(
                f"The loader_role of [graph] is not attached to the cluster {self._given.cluster}.",
                f"aws neptune add-role-to-db-cluster --db-cluster-identifier {self._given.cluster} --role-arn {role}",
            )

    def finish_bulk(self, progress: Progress) -> None:
        """Complete a bulk load that was interrupted, so that the graph has complete rows only."""
        note = Note.read(self._kept(LOAD))
        if note is None:
            return
        self._writable()
        if self._where is None:
            raise ConfigError(
                "A bulk load into this graph was interrupted, and [graph] no longer says where its files are.",
                "Set bucket and loader_role as they were, then run the same command again.",
            )
        loader = self._loader()
        if note.ready and loader.files(note):
            progress.say("A bulk load was interrupted: completing it.")
            if not loader.is_done(note, progress):
                self._redo(loader, note, progress)
        loader.tidy(note)

    def _redo(self, loader: Loader, note: Note, progress: Progress) -> None:
        try:
            loader.restart(note, progress)
        except StoreRefused:
            raise
        except StoreError as error:
            progress.say(f"{error.message} The same rows are now written by batched requests.")
            with TemporaryDirectory(prefix="fullcircle-load-") as folder:
                loader.fetch(note, Path(folder))
                exchange.load(self, Path(folder), Silent())

    def _loader(self) -> Loader:
        assert self._where is not None
        return Loader(self.data, self._where, lambda note: self._keep(LOAD, note.text() if note else ""))


def _looked_up(given: NeptuneOptions, read_only: bool) -> tuple[NeptuneOptions, tuple[str, ...] | None]:
    """The options, completed by what AWS knows about their cluster, and its attached roles; None: nothing was looked up."""
    if not given.cluster:
        return given, None
    twice = [key for key in LOOKED_UP if key in given.model_fields_set]
    if twice:
        raise ConfigError(
            f"[graph] has cluster and also {' and '.join(twice)}.",
            "Remove the latter: with cluster, they are looked up. Or remove cluster.",
        )
    known = control.look_up(given.cluster, given.region)
    role = given.loader_role
    if given.bucket and not role and not read_only:
        if len(known.roles) != 1:
            raise ConfigError(
                f"The cluster {given.cluster} has {len(known.roles)} roles attached, and [graph] does not say which one loads.",
                "Set loader_role in [graph].",
            )
        role = known.roles[0]
    there = {"endpoint": known.writer, "reader": known.reader, "port": known.port, "iam": known.iam, "loader_role": role}
    return given.model_copy(update=there), known.roles


def _host(endpoint: str) -> str:
    if "/" in endpoint or ":" in endpoint or not endpoint:
        raise ConfigError(
            "The endpoint of [graph] is not a host name." if endpoint else "[graph] has neither cluster nor endpoint.",
            "Set endpoint as Neptune shows it, name.cluster-id.region.neptune.amazonaws.com, or cluster to the cluster's name.",
        )
    return endpoint


PLUGIN = Neptune
