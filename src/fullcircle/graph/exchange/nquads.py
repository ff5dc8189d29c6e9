"""N-Quads: the graph as RDF, as graph/vocabulary.py says it; Neptune's bulk loader takes these files (format nquads)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.graph.vocabulary import statements_sql


def write(engine: Engine, kind: str, pages: Iterable[pa.Table], path: Path) -> list[Path]:
    """Write pages of rows of a kind into one file, `path` with the ending .nq; the files written."""
    file = path.with_suffix(".nq")
    with file.open("w", encoding="utf-8", newline="") as out:
        for page in pages:
            with engine.lend("page", page):
                for batch in engine.arrow(f"SELECT text FROM ({statements_sql(kind, 'page', graphs=True)})").to_batches():
                    out.writelines(batch["text"].to_pylist())
    return [file]
