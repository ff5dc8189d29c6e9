"""The CSV dialects of graph loaders: header texts, type names, and how values are written.

Gremlin CSV and openCypher CSV are what Amazon Neptune's bulk loader takes. Both are RFC 4180. A missing value is an empty
field, an empty text is `""`: load with `allowEmptyStrings=true`, as our loader does, or Neptune takes both for missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fullcircle.engine.base import quoted
from fullcircle.graph.shape import label_named
from fullcircle.model.graph import EDGES, VERTICES


@dataclass(frozen=True, slots=True)
class Written:
    """What an export made: files in loading order, and rows per kind."""

    files: tuple[Path, ...]
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one CSV format names columns and types. Property names of the model need no escaping."""

    name: str
    vertex: tuple[str, str]  # id, label
    edge: tuple[str, str, str, str]  # id, source, target, label
    types: dict[str, str]  # our property type -> the header's
    vertex_suffix: str = ""  # after the type of a vertex property


GREMLIN = Dialect(
    "gremlin-csv",
    ("~id", "~label"),
    ("~id", "~from", "~to", "~label"),
    {"string": "String", "int": "Long", "double": "Double", "bool": "Bool", "date": "Date", "timestamp": "Datetime"},
    "(single)",  # the loader's own default is set: a second load would then add values instead of replacing them
)
OPENCYPHER = Dialect(
    "opencypher-csv",
    (":ID", ":LABEL"),
    (":ID", ":START_ID", ":END_ID", ":TYPE"),
    # Date would be loaded as plain text, so days are written as DateTime at midnight
    {"string": "String", "int": "Long", "double": "Double", "bool": "Bool", "date": "DateTime", "timestamp": "DateTime"},
)
DIALECTS = {dialect.name: dialect for dialect in (GREMLIN, OPENCYPHER)}


def select(label: str, dialect: Dialect, rows: str) -> str:
    """SQL over a table `rows` of a label: every column as text under its header, null where it is missing."""
    constant = f"'{label}'"
    if label in VERTICES:
        fixed = list(zip(("id", constant), dialect.vertex, strict=True))
    else:
        fixed = list(zip(("id", "source", "target", constant), dialect.edge, strict=True))
    columns = [f"{value} AS {quoted(header)}" for value, header in fixed]
    suffix = dialect.vertex_suffix if label in VERTICES else ""
    for name, type_ in {"hash": "int", **label_named(label).properties}.items():
        columns.append(f"{as_text(name, type_, dialect)} AS {quoted(f'{name}:{dialect.types[type_]}{suffix}')}")
    return f"SELECT {', '.join(columns)} FROM {rows}"


def texts(label: str, dialect: Dialect) -> list[str]:
    """The headers of text columns, whose values are always put in quotes."""
    ids = dialect.vertex if label in VERTICES else dialect.edge
    suffix = dialect.vertex_suffix if label in VERTICES else ""
    named = [
        f"{name}:{dialect.types['string']}{suffix}" for name, type_ in label_named(label).properties.items() if type_ == "string"
    ]
    return [*ids, *named]


def as_text(column: str, type_: str, dialect: Dialect) -> str:
    """SQL for a value as the loaders read it: ISO dates and times in UTC, Infinity and NaN in words.

    Times have exactly three digits behind the second, or none: Java may take more of them for that many milliseconds.
    """
    name = quoted(column)
    if type_ == "string":
        return name
    if type_ == "double":
        infinite = f"WHEN isinf({name}) THEN if({name} > 0, 'Infinity', '-Infinity')"
        return f"CASE WHEN isnan({name}) THEN 'NaN' {infinite} ELSE {name}::VARCHAR END"
    if type_ == "date":
        return f"strftime({name}, '%Y-%m-%d{'T00:00:00Z' if dialect.types['date'] == 'DateTime' else ''}')"
    if type_ == "timestamp":
        whole, parts = "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%gZ"
        return f"CASE WHEN epoch_us({name}) % 1000000 = 0 THEN strftime({name}, '{whole}') ELSE strftime({name}, '{parts}') END"
    return f"{name}::VARCHAR"


def labels() -> list[str]:
    """Every kind, vertices before edges: the order in which files are written and must be loaded."""
    return [*VERTICES, *EDGES]
