"""Writes a whole graph, page by page, into the files of a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import NotFound, StoreError, disk_full, is_disk_full
from fullcircle.graph.base import GraphStore
from fullcircle.graph.exchange import formats, graphml, nquads
from fullcircle.graph.exchange.formats import Written
from fullcircle.model.graph import VERTICES
from fullcircle.model.progress import Progress

PAGE = 250_000  # rows a file: small enough to load in parallel


Writer = Callable[[Engine, str, Iterable[pa.Table], Path], list[Path]]
OTHERS: dict[str, Writer] = {"nquads": nquads.write}
FORMATS = (*formats.DIALECTS, "graphml", *OTHERS)


def export(store: GraphStore, folder: Path, form: str, tell: Progress, gzip: bool = False) -> Written:
    """Write every vertex and edge into `folder`; files of an earlier export there are refused, not mixed.

    `gremlin-csv`, `opencypher-csv`, `nquads`: one file or more per kind. `graphml`: one file, graph.graphml.
    """
    if form not in FORMATS:
        raise NotFound(f'There is no format "{form}".', f"Formats: {', '.join(FORMATS)}.")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise StoreError(f"The folder {folder} is not empty.", "Name an empty or new folder, so that two exports are not mixed.")
    engine = DuckDB(memory="1GB")
    try:
        if form == "graphml":
            return graphml.write(engine, store, folder / "graph.graphml", tell)
        return _by_kind(engine, store, folder, form, tell, gzip)
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(folder) from error
        raise
    finally:
        engine.close()


def _by_kind(engine: Engine, store: GraphStore, folder: Path, form: str, tell: Progress, gzip: bool) -> Written:
    files: list[Path] = []
    rows: dict[str, int] = {}
    counts = store.count()
    for kind in formats.kinds():
        tell.step(f"writing {kind}", counts.get(kind))
        for number, page in enumerate(store.scan(kind, rows=PAGE), 1):
            if page.num_rows == 0:
                continue
            name = f"{'vertices' if kind in VERTICES else 'edges'}-{kind.lower()}-{number:05d}"
            files += _page(engine, kind, page, folder / name, form, gzip)
            rows[kind] = rows.get(kind, 0) + page.num_rows
            tell.advance(page.num_rows)
    return Written(tuple(files), rows)


def _page(engine: Engine, kind: str, page: pa.Table, path: Path, form: str, gzip: bool) -> list[Path]:
    if form in OTHERS:
        return OTHERS[form](engine, kind, [page], path)
    return [write_csv(engine, kind, page, path, formats.DIALECTS[form], gzip)]


def write_csv(engine: Engine, kind: str, page: pa.Table, path: Path, dialect: formats.Dialect, gzip: bool) -> Path:
    """One page of a kind as one CSV file; returns its path, with the ending that tells how it is packed."""
    path = path.with_suffix(".csv.gz" if gzip else ".csv")
    force = ", ".join(quoted(name) for name in formats.texts(kind, dialect))
    packed = ", COMPRESSION gzip" if gzip else ""
    with engine.lend("page", page):
        sql = formats.select(kind, dialect, "page")
        engine.run(f"COPY ({sql}) TO {literal(path)} (FORMAT csv, HEADER, NULLSTR '', FORCE_QUOTE ({force}){packed})")
    return path
