"""N-Quads: the graph as RDF (graph/rdf/vocabulary.py). Neptune's bulk loader takes these files (format nquads)."""

from __future__ import annotations

from typing import TextIO

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.graph.rdf.vocabulary import statements_sql


def write(engine: Engine, label: str, page: pa.Table, out: TextIO) -> None:
    """Write a page of rows of a label to an open file."""
    with engine.register("page", page):
        for batch in engine.arrow(f"SELECT text FROM ({statements_sql(label, 'page', graphs=True)})").to_batches():
            out.writelines(batch["text"].to_pylist())
