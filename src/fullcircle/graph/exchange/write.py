"""Writes a whole graph, page by page, into the files of a format."""

from __future__ import annotations

import gzip as gz
from pathlib import Path
from typing import TextIO, cast

import pyarrow as pa

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.engine.open import open_engine
from fullcircle.errors import NotFound
from fullcircle.graph.base import GraphStore
from fullcircle.graph.exchange import formats, graphml, nquads
from fullcircle.graph.exchange.folder import new_files
from fullcircle.graph.exchange.formats import Written
from fullcircle.model.graph import VERTICES
from fullcircle.model.progress import Progress

PAGE = 250_000  # rows per file: small enough to load files in parallel
FORMATS = (*formats.DIALECTS, "graphml", "nquads")


def export(store: GraphStore, folder: Path, form: str, progress: Progress, gzip: bool = False) -> Written:
    """Write every vertex and edge into `folder`, which must be new or empty; `gzip` compresses each file (.gz).

    `gremlin-csv`, `opencypher-csv`, `nquads`: one file or more per label. `graphml`: one file, graph.graphml. After an error,
    all files are deleted. If the export was killed, readers refuse the folder (see folder.py).
    """
    if form not in FORMATS:
        raise NotFound(f'"{form}" is not an export format.', f"Formats: {', '.join(FORMATS)}.")
    with new_files(folder):
        engine = open_engine(memory="1GB")
        try:
            if form == "graphml":
                path = folder / f"graph.graphml{'.gz' if gzip else ''}"
                with _text(path) as out:
                    return Written((path,), graphml.write(engine, store, out, progress))
            return _by_label(engine, store, folder, form, progress, gzip)
        finally:
            engine.close()


def _by_label(engine: Engine, store: GraphStore, folder: Path, form: str, progress: Progress, gzip: bool) -> Written:
    files: list[Path] = []
    rows: dict[str, int] = {}
    counts = store.count()
    for label in formats.labels():
        progress.step(f"writing {label}", counts.get(label))
        for number, page in enumerate(store.scan(label, rows=PAGE), 1):
            if page.num_rows == 0:
                continue
            name = f"{'vertices' if label in VERTICES else 'edges'}-{label.lower()}-{number:05d}"
            files.append(_page(engine, label, page, folder / name, form, gzip))
            rows[label] = rows.get(label, 0) + page.num_rows
            progress.advance(page.num_rows)
    return Written(tuple(files), rows)


def _page(engine: Engine, label: str, page: pa.Table, path: Path, form: str, gzip: bool) -> Path:
    if form in formats.DIALECTS:
        return write_csv(engine, label, page, path, formats.DIALECTS[form], gzip)
    path = path.with_suffix(".nq.gz" if gzip else ".nq")
    with _text(path) as out:
        nquads.write(engine, label, page, out)
    return path


def _text(path: Path) -> TextIO:
    """A text file to write, compressed if its name ends in .gz; line ends are not translated."""
    if path.suffix == ".gz":
        return cast(TextIO, gz.open(path, "wt", compresslevel=6, encoding="utf-8", newline=""))
    return path.open("w", encoding="utf-8", newline="")


def write_csv(engine: Engine, label: str, page: pa.Table, path: Path, dialect: formats.Dialect, gzip: bool) -> Path:
    """Write one page of a label as one CSV file; returns its path, which ends in .csv or .csv.gz."""
    path = path.with_suffix(".csv.gz" if gzip else ".csv")
    force = ", ".join(quoted(name) for name in formats.texts(label, dialect))
    packed = ", COMPRESSION gzip" if gzip else ""
    with engine.register("page", page):
        sql = formats.select(label, dialect, "page")
        engine.run(f"COPY ({sql}) TO {literal(path)} (FORMAT csv, HEADER, NULLSTR '', FORCE_QUOTE ({force}){packed})")
    return path
