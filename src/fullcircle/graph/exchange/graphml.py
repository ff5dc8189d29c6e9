"""Writes the graph as one GraphML file, as Gephi and NetworkX open it.

Every property is a typed key (`string`, `long`, `double`, `boolean`; days and times as ISO text), the kind is the key
`labelV` or `labelE`. XML cannot hold most control characters: they become U+FFFD, and how many texts had one is told.
"""

from __future__ import annotations

from typing import TextIO

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.graph.base import GraphStore
from fullcircle.graph.exchange.formats import GREMLIN, as_text, kinds
from fullcircle.graph.shape import kind_named
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress

XML_TYPES = {"string": "string", "int": "long", "double": "double", "bool": "boolean", "date": "string", "timestamp": "string"}
NOT_XML = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'


def write(engine: Engine, store: GraphStore, out: TextIO, tell: Progress) -> dict[str, int]:
    """Write all kinds into an open file, page by page; returns rows per kind."""
    rows: dict[str, int] = {}
    odd = 0
    counts = store.count()
    out.write(HEAD)
    _keys(out)
    out.write('<graph id="customers" edgedefault="directed">\n')
    for kind in kinds():
        tell.step(f"writing {kind}", counts.get(kind))
        for page in store.scan(kind):
            if page.num_rows == 0:
                continue
            with engine.lend("page", page):
                odd += int(engine.value(f"SELECT count(*) FROM page WHERE {_odd(kind)}"))
                for batch in engine.arrow(f"SELECT {_element(kind)} AS line FROM page").to_batches():
                    out.writelines(batch["line"].to_pylist())
            rows[kind] = rows.get(kind, 0) + page.num_rows
            tell.advance(page.num_rows)
    out.write("</graph>\n</graphml>\n")
    if odd:
        tell.say(f"{odd} vertices or edges had control characters that XML cannot hold; they became U+FFFD.")
    return rows


def _keys(out: TextIO) -> None:
    out.write('<key id="labelV" for="node" attr.name="labelV" attr.type="string"/>\n')
    out.write('<key id="labelE" for="edge" attr.name="labelE" attr.type="string"/>\n')
    for kind in kinds():
        place = "node" if kind in VERTICES else "edge"
        for name, type_ in {"hash": "int", **kind_named(kind).properties}.items():
            key = f'id="{_key(kind, name)}" for="{place}" attr.name="{name}" attr.type="{XML_TYPES[type_]}"'
            out.write(f"<key {key}/>\n")


def _key(kind: str, name: str) -> str:
    return f"{kind}.{name}"


def _element(kind: str) -> str:
    """SQL for one vertex or edge as a line of XML."""
    data = " || ".join(_data(kind, name, type_) for name, type_ in {"hash": "int", **kind_named(kind).properties}.items())
    if kind in EDGES:
        ends = f"'\" source=\"' || {_escaped('source')} || '\" target=\"' || {_escaped('target')}"
        return f"'<edge id=\"' || {_escaped('id')} || {ends} || '\"><data key=\"labelE\">{kind}</data>' || {data} || '</edge>\n'"
    return f"'<node id=\"' || {_escaped('id')} || '\"><data key=\"labelV\">{kind}</data>' || {data} || '</node>\n'"


def _data(kind: str, name: str, type_: str) -> str:
    value = _escaped(name) if type_ == "string" else as_text(name, type_, GREMLIN)
    return f"coalesce('<data key=\"{_key(kind, name)}\">' || {value} || '</data>', '')"


def _escaped(name: str) -> str:
    clean = f"regexp_replace({quoted(name)}, {literal(NOT_XML)}, chr(65533), 'g')"
    for raw, safe in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ('"', "&quot;"),
        ("\r", "&#13;"),
        ("\n", "&#10;"),
        ("\t", "&#9;"),
    ):
        clean = f"replace({clean}, {literal(raw)}, {literal(safe)})"
    return clean


def _odd(kind: str) -> str:
    texts = [name for name, type_ in kind_named(kind).properties.items() if type_ == "string"]
    return " OR ".join(f"regexp_matches({quoted(name)}, {literal(NOT_XML)})" for name in texts) or "false"
