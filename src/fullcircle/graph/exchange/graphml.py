"""Writes the graph as one GraphML file, for Gephi, NetworkX and others.

Every property is a typed key (`string`, `long`, `double`, `boolean`; days and times as ISO text), the label is the key
`labelV` or `labelE`. XML does not allow most control characters: they become U+FFFD, and how many vertices or edges
had one is reported.
"""

from __future__ import annotations

from typing import TextIO

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.graph.base import GraphStore
from fullcircle.graph.exchange.formats import GREMLIN, as_text, labels
from fullcircle.graph.shape import label_named
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress

XML_TYPES = {"string": "string", "int": "long", "double": "double", "bool": "boolean", "date": "string", "timestamp": "string"}
NOT_XML = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'


def write(engine: Engine, store: GraphStore, out: TextIO, progress: Progress) -> dict[str, int]:
    """Write all labels to an open file, page by page; returns rows per label."""
    rows: dict[str, int] = {}
    odd = 0
    counts = store.count()
    out.write(HEAD)
    _keys(out)
    out.write('<graph id="customers" edgedefault="directed">\n')
    for label in labels():
        progress.step(f"writing {label}", counts.get(label))
        for page in store.scan(label):
            if page.num_rows == 0:
                continue
            with engine.register("page", page):
                odd += int(engine.value(f"SELECT count(*) FROM page WHERE {_odd(label)}"))
                for batch in engine.arrow(f"SELECT {_element(label)} AS line FROM page").to_batches():
                    out.writelines(batch["line"].to_pylist())
            rows[label] = rows.get(label, 0) + page.num_rows
            progress.advance(page.num_rows)
    out.write("</graph>\n</graphml>\n")
    if odd:
        progress.say(f"{odd} vertices or edges had control characters that XML does not allow; they became U+FFFD.")
    return rows


def _keys(out: TextIO) -> None:
    out.write('<key id="labelV" for="node" attr.name="labelV" attr.type="string"/>\n')
    out.write('<key id="labelE" for="edge" attr.name="labelE" attr.type="string"/>\n')
    for label in labels():
        place = "node" if label in VERTICES else "edge"
        for name, type_ in {"hash": "int", **label_named(label).properties}.items():
            key = f'id="{_key(label, name)}" for="{place}" attr.name="{name}" attr.type="{XML_TYPES[type_]}"'
            out.write(f"<key {key}/>\n")


def _key(label: str, name: str) -> str:
    return f"{label}.{name}"


def _element(label: str) -> str:
    """SQL for one vertex or edge as a line of XML."""
    data = " || ".join(_data(label, name, type_) for name, type_ in {"hash": "int", **label_named(label).properties}.items())
    if label in EDGES:
        ends = f"'\" source=\"' || {_escaped('source')} || '\" target=\"' || {_escaped('target')}"
        return f"'<edge id=\"' || {_escaped('id')} || {ends} || '\"><data key=\"labelE\">{label}</data>' || {data} || '</edge>\n'"
    return f"'<node id=\"' || {_escaped('id')} || '\"><data key=\"labelV\">{label}</data>' || {data} || '</node>\n'"


def _data(label: str, name: str, type_: str) -> str:
    value = _escaped(name) if type_ == "string" else as_text(name, type_, GREMLIN)
    return f"coalesce('<data key=\"{_key(label, name)}\">' || {value} || '</data>', '')"


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


def _odd(label: str) -> str:
    texts = [name for name, type_ in label_named(label).properties.items() if type_ == "string"]
    return " OR ".join(f"regexp_matches({quoted(name)}, {literal(NOT_XML)})" for name in texts) or "false"
