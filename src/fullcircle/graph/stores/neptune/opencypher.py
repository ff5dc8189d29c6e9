"""openCypher for Neptune: the check of a user's query, and batched writes of rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.graph.stores import cypher_guard
from fullcircle.graph.stores.cypher_guard import KEYWORDS, STARTS, CypherDialect, words
from fullcircle.graph.stores.gremlin.values import structure

# The functions of openCypher and of Neptune that only compute, and the procedure that only tells.
DIALECT = CypherDialect(
    functions=words(
        """
        abs acos asin atan atan2 avg ceil ceiling coalesce collect collintersection collsort collsortmaps collsortmulti
        collsortnodes collsubtract colltoset collunion cos cot count date datetime degrees elementid endnode epochmillis exists
        exp floor haversin head id join keys labels last left length localdatetime log log10 ltrim max min nodes percentilecont
        percentiledisc pi properties radians rand randomuuid range reduce relationships removekeyfrommap replace reverse right
        round rtrim sign sin size split sqrt startnode stdev stdevp substring sum tail tan textindexof time timestamp toboolean
        tobooleanornull tofloat tofloatornull tointeger tointegerornull tolower tostring tostringornull toupper trim type
        shortestpath allshortestpaths
        """
    ),
    procedures=frozenset({"neptune.graph.pg_schema"}),
    subqueries=True,
    starts=STARTS | {"USING"},  # USING QUERY:... is a hint
    keywords=KEYWORDS | {"USING", "QUERY"},
)


def why_refused(text: str) -> str:
    """Why a query is not a single statement that reads; empty if it is one."""
    return cypher_guard.why_refused(text, DIALECT)


def limited(text: str, seconds: float) -> str:
    """The query with a hint that ends it on the server, unless it has hints. The limit of the cluster holds as well."""
    first = re.match(r"\s*(?:(?://[^\n]*\n|/\*.*?\*/)\s*)*(\w*)", text, re.DOTALL)
    if first and first[1].upper() in {"USING", "EXPLAIN"}:
        return text
    return f"USING QUERY:TIMEOUTMILLISECONDS {max(1, int(seconds * 1000))} {text}"


# -- writing -----------------------------------------------------------------------------------------------------------


def fits(table: pa.Table) -> pa.Array:
    """Which rows fit into openCypher parameters: JSON has no dates and times, no infinite numbers and no NaN."""
    fit = pa.array(np.ones(table.num_rows, bool))
    for column in table.columns:
        if pa.types.is_temporal(column.type):
            fit = pc.and_(fit, pc.is_null(column))
        elif pa.types.is_floating(column.type):
            fit = pc.and_(fit, pc.fill_null(pc.is_finite(column), True))
    return fit


def merge_vertices(label: str) -> str:
    """Insert or replace `$rows` (id, p: all properties, null to remove one), with one MERGE on the id for all of them."""
    return f"UNWIND $rows AS r MERGE (n:`{label}` {{`~id`: r.id}}) SET n += r.p RETURN count(n) AS n"


def merge_edges(label: str) -> str:
    """Insert `$rows` (id, source, target, p) between vertices that exist."""
    return (
        "UNWIND $rows AS r MATCH (a {`~id`: r.source}) MATCH (b {`~id`: r.target}) "
        f"MERGE (a)-[n:`{label}` {{`~id`: r.id}}]->(b) SET n += r.p RETURN count(n) AS n"
    )


def batches(label: str, table: pa.Table, records: int) -> Iterator[list[dict[str, Any]]]:
    """Conformed rows as parameters, in batches of about `records` labels and properties."""
    own = structure(label)
    names = [name for name in table.column_names if name not in own]
    size = max(1, records // (len(names) + 1))
    for batch in table.to_batches(max_chunksize=size):
        rows = batch.to_pylist()
        yield [{**{name: row[name] for name in own}, "p": {name: row[name] for name in names}} for row in rows]
