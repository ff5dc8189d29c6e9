"""Writes the graph as one GraphML file, for Gephi, NetworkX and others.

Every property is a typed key (`string`, `long`, `double`, `boolean`; days and times as ISO text), the same one for all labels
that have it; the label is the key `labelV` or `labelE`. XML does not allow most control characters: they become U+FFFD, and how
many vertices or edges had one is reported.
"""

from __future__ import annotations

from typing import TextIO

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.graph.base import GraphStore
from fullcircle.graph.exchange.formats import GREMLIN, as_text, labels
from fullcircle.graph.shape import label_named
from fullcircle.model.counting import counted
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
        progress.say(
            f"{counted(odd, 'vertex or edge', 'vertices or edges')} had control characters that XML does not allow; "
            "they became U+FFFD."
        )
    return rows


def _keys(out: TextIO) -> None:
    """One key for each name of vertices, and one of edges: igraph refuses a second one with the same name."""
    for place, of in (("node", VERTICES), ("edge", EDGES)):
        name = f"label{'V' if place == 'node' else 'E'}"
        out.write(f'<key id="{name}" for="{place}" attr.name="{name}" attr.type="string"/>\n')
        for name, type_ in _types(tuple(of)).items():
            out.write(f'<key id="{place}.{name}" for="{place}" attr.name="{name}" attr.type="{type_}"/>\n')


def _types(of: tuple[str, ...]) -> dict[str, str]:
    """The properties of some labels, and the type of the file for each: text where two labels have different types."""
    found: dict[str, str] = {"hash": XML_TYPES["int"]}
    for label in of:
        for name, type_ in label_named(label).properties.items():
            mine = XML_TYPES[type_]
            found[name] = mine if found.get(name, mine) == mine else XML_TYPES["string"]
    return found


def _key(label: str, name: str) -> str:
    return f"{'edge' if label in EDGES else 'node'}.{name}"


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
