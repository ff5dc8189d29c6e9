"""SPARQL in this process: Oxigraph in a folder or in memory. Only this file and apart.py import pyoxigraph."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph

from fullcircle.errors import Busy, QueryError, StoreError, disk_full, is_disk_full
from fullcircle.graph.stores.apart import EngineSaid, QueryLimits, run_apart
from fullcircle.graph.stores.rdf.channel import Answer

CSV = pyoxigraph.QueryResultsFormat.CSV
JSON = pyoxigraph.QueryResultsFormat.JSON
N_TRIPLES = pyoxigraph.RdfFormat.N_TRIPLES


class Embedded:
    """See `channel.SparqlChannel`. With `path` None, the graph is in memory only."""

    def __init__(self, path: Path | None, read_only: bool, limits: QueryLimits | None = None) -> None:
        self._path, self._limits = path, limits or QueryLimits()
        self._read_only = read_only
        with self._translated():
            self._store: pyoxigraph.Store | None = self._opened(path, read_only)

    @staticmethod
    def _opened(path: Path | None, read_only: bool) -> pyoxigraph.Store:
        if path is None:
            return pyoxigraph.Store()
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
            return pyoxigraph.Store(str(path))
        if not path.is_dir():
            raise StoreError(f"The RDF graph {path} does not exist yet.", "Create it with `fullcircle run`.")
        return pyoxigraph.Store.read_only(str(path))

    def select(self, query: str) -> bytes:
        """The answer to a SELECT, as CSV."""
        with self._translated():
            found = self._open().query(query, use_default_graph_as_union=True)
            assert isinstance(found, pyoxigraph.QuerySolutions)
            return found.serialize(format=CSV) or b""

    def ask(self, query: str) -> Answer:
        """The answer to a query of any form; the grammar of queries has no updates. It runs in a process of its own (not if the
        graph is only in the memory of this one), which sees what is on the disk."""
        if self._path is not None:
            return self._asked_apart(query)
        with self._translated(of_user=True):
            found = self._open().query(query, use_default_graph_as_union=True)
            if isinstance(found, pyoxigraph.QueryTriples):
                return Answer("ntriples", found.serialize(format=N_TRIPLES) or b"")
            return Answer("json", found.serialize(format=JSON) or b"")

    def _asked_apart(self, query: str) -> Answer:
        self.checkpoint()
        try:
            found = run_apart(f"{__package__}.apart", {"path": str(self._path), "text": query}, self._limits)
        except EngineSaid as error:
            raise QueryError(f"The query is refused: {error}.", "It must be SPARQL 1.1 that only reads.") from error
        return Answer(found["form"][0].as_py(), found["body"][0].as_py())

    def update(self, text: str) -> None:
        """Run updates in one transaction."""
        with self._translated():
            self._open().update(text)

    def checkpoint(self) -> None:
        """Write everything to the disk."""
        if self._path is not None and not self._read_only:
            with self._translated():
                self._open().flush()

    def close(self) -> None:
        """Release the folder for other processes."""
        if self._store is not None and self._path is not None and not self._read_only:
            with self._translated():
                self._store.flush()
        self._store = None  # the library closes its files when nothing refers to the store any more

    def _open(self) -> pyoxigraph.Store:
        if self._store is None:
            raise StoreError("The RDF graph is closed.", "Open it again.")
        return self._store

    @contextmanager
    def _translated(self, of_user: bool = False) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = self._path or "memory"
            if is_disk_full(error):
                raise disk_full(where) from error
            if "lock" in str(error).lower():
                raise Busy(
                    f"Another process is using the RDF graph in {where}.",
                    "Wait for it to end. Reading (show, search, related) works meanwhile.",
                ) from error
            raise StoreError(
                f"The RDF graph in {where} cannot be read or written: {type(error).__name__}.",
                "Check the folder and its permissions. If it is damaged, delete it and run `fullcircle run` again.",
            ) from error
        except (SyntaxError, ValueError, RuntimeError) as error:
            if not of_user:
                raise StoreError(f"The RDF graph refused a statement: {type(error).__name__}.", "Please report it.") from error
            raise QueryError(f"The query is refused: {error}.", "It must be SPARQL 1.1 that only reads.") from error
