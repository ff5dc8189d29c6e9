"""Runs one query of a user in a process of its own; see ../apart.py."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyoxigraph


def answer(request: dict[str, Any]) -> pa.Table:
    """The answer to the query `text` over the graph in the folder `path`: one row, form and body as in channel.Answer."""
    found = pyoxigraph.Store.read_only(request["path"]).query(request["text"], use_default_graph_as_union=True)
    if isinstance(found, pyoxigraph.QueryTriples):
        form, body = "ntriples", found.serialize(format=pyoxigraph.RdfFormat.N_TRIPLES)
    else:
        form, body = "json", found.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
    return pa.table({"form": [form], "body": pa.array([body or b""], pa.large_binary())})
