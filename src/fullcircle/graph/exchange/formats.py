"""The CSV dialects of graph loaders: header texts, type names, and how values are written.

Amazon Neptune's bulk loader takes Gremlin CSV and openCypher CSV. Both follow RFC 4180. A missing value is an empty field, an
empty text is `""`: load with `allowEmptyStrings=true`, as our loader does, or Neptune treats both as missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fullcircle.engine.base import quoted
from fullcircle.graph.shape import label_named
from fullcircle.model.graph import EDGES, VERTICES


@dataclass(frozen=True, slots=True)
class Written:
    """The result of an export: files in loading order, and rows per label."""

    files: tuple[Path, ...]
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one CSV format names columns and types. Property names of the model need no escaping."""

    name: str
    vertex: tuple[str, str]  # id, label
    edge: tuple[str, str, str, str]  # id, source, target, label
    types: dict[str, str]  # property type of the model -> type in the header
    vertex_suffix: str = ""  # after the type of a vertex property


GREMLIN = Dialect(
    "gremlin-csv",
    ("~id", "~label"),
    ("~id", "~from", "~to", "~label"),
    {"string": "String", "int": "Long", "double": "Double", "bool": "Bool", "date": "Date", "timestamp": "Datetime"},
    "(single)",  # the loader's default is (set): a second load would then add values instead of replacing them
)
OPENCYPHER = Dialect(
    "opencypher-csv",
    (":ID", ":LABEL"),
    (":ID", ":START_ID", ":END_ID", ":TYPE"),
    # Date would be loaded as text, so days are written as DateTime at midnight
    {"string": "String", "int": "Long", "double": "Double", "bool": "Bool", "date": "DateTime", "timestamp": "DateTime"},
)
DIALECTS = {dialect.name: dialect for dialect in (GREMLIN, OPENCYPHER)}


def select(label: str, dialect: Dialect, rows: str) -> str:
    """SQL over a table `rows` of a label: every column as text under its header, null if it is missing."""
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
    """The headers of text columns, whose values are always quoted."""
    ids = dialect.vertex if label in VERTICES else dialect.edge
    suffix = dialect.vertex_suffix if label in VERTICES else ""
    named = [
        f"{name}:{dialect.types['string']}{suffix}" for name, type_ in label_named(label).properties.items() if type_ == "string"
    ]
    return [*ids, *named]


def as_text(column: str, type_: str, dialect: Dialect) -> str:
    """SQL for a value as the loaders read it: ISO dates and times in UTC, infinity and NaN as words.

    Times have exactly three decimal places, or none: Java may read more of them as that many milliseconds.
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
    """Every label, vertices before edges: the order in which files are written and must be loaded."""
    return [*VERTICES, *EDGES]
