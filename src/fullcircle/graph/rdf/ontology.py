"""Writes the vocabulary as Turtle: the terms (fullcircle.ttl) and the SHACL shapes (shapes.ttl).

    python -m fullcircle.graph.rdf.ontology docs/vocabulary

writes both files again; a test fails if they are not up to date with model/graph.py.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from fullcircle.graph.rdf import vocabulary
from fullcircle.graph.rdf.vocabulary import BORROWED, DATATYPES, FC, RDFS, SCHEMA, XSD, in_quotes, predicate
from fullcircle.graph.shape import label_named
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.label import EdgeLabel

PREFIXES = {
    "fc": FC,
    "schema": SCHEMA,
    "xsd": XSD,
    "rdf": vocabulary.RDF_TYPE.removesuffix("type"),
    "rdfs": RDFS,
    "sh": "http://www.w3.org/ns/shacl#",
}
SEE_ALSO = {  # similar terms of schema.org, which do not mean exactly the same
    "street": "streetAddress", "city": "addressLocality", "postcode": "postalCode", "region": "addressRegion",
    "country": "addressCountry", "brand": "brand", "category": "category", "currency": "priceCurrency",
    "full_name": "name", "organisation": "worksFor", "PURCHASED": "owns", "MEMBER_OF": "memberOf",
}  # fmt: skip


def terms() -> str:
    """fullcircle.ttl: classes, edges and properties of our own namespace."""
    blocks = [_prefixes("rdf", "rdfs", "schema", "fc", "xsd")]
    blocks += [_class_term(label) for label in VERTICES]
    blocks += [_edge_term(label) for label in EDGES.values()]
    blocks += [_property_term(name, type_, labels) for name, (type_, labels) in _own_properties().items()]
    return "\n\n".join(blocks) + "\n"


def _class_term(label: str) -> str:
    superclass, meaning = VERTICES[label].schema_org, VERTICES[label].meaning
    about = f"rdfs:label {in_quotes(label)}@en ;\n  rdfs:comment {in_quotes(meaning)}@en"
    return f"fc:{label} a rdfs:Class ;\n  rdfs:subClassOf {superclass} ;\n  {about} ."


def _edge_term(label: EdgeLabel) -> str:
    sources, targets = ({f"fc:{pair[side]}": None for pair in label.joins} for side in (0, 1))
    lines = [
        f"fc:{label.name} a rdf:Property",
        f"rdfs:label {in_quotes(label.name.lower().replace('_', ' '))}@en",
        f"schema:domainIncludes {', '.join(sources)}",
        f"schema:rangeIncludes {', '.join(targets)}",
    ]
    if label.name in SEE_ALSO:
        lines.append(f"rdfs:seeAlso schema:{SEE_ALSO[label.name]}")
    if label.properties:
        lines.append(f"rdfs:comment {in_quotes(EDGE_NOTE.format(', '.join(label.properties)))}@en")
    return " ;\n  ".join(lines) + " ."


EDGE_NOTE = "Each edge is in a graph of its own, named by the IRI of the edge; there the edge has the properties: {}."


def _own_properties() -> dict[str, tuple[str, list[str]]]:
    """Property -> its type and the vertex labels that have it, for properties with a term of our own."""
    found: dict[str, tuple[str, list[str]]] = {"hash": ("int", [])}
    for label in (*VERTICES, *EDGES):
        for name, type_ in label_named(label).properties.items():
            if name not in BORROWED:
                known = found.setdefault(name, (type_, []))
                known[1].extend([label] if label in VERTICES else [])
    return found


def _property_term(name: str, type_: str, labels: list[str]) -> str:
    lines = [f"{_short(predicate(name))} a rdf:Property", f"rdfs:label {in_quotes(name.replace('_', ' '))}@en"]
    if labels:
        lines.append(f"schema:domainIncludes {', '.join(f'fc:{label}' for label in labels)}")
    lines.append(f"schema:rangeIncludes xsd:{DATATYPES[type_]}")
    if name == "hash":
        lines.append(f"rdfs:comment {in_quotes('A fingerprint of the whole vertex or edge; it shows a sync what changed.')}@en")
    if name in SEE_ALSO:
        lines.append(f"rdfs:seeAlso schema:{SEE_ALSO[name]}")
    return " ;\n  ".join(lines) + " ."


# -- shapes ------------------------------------------------------------------------------------------------------------
def shapes() -> str:
    """shapes.ttl: one shape for each vertex label, and one for each property of edges.

    A property has at most one value; a vertex has exactly one hash; an edge joins only vertices of its labels.
    """
    blocks = [_prefixes("sh", "schema", "fc", "xsd")]
    blocks += [_vertex_shape(label) for label in VERTICES]
    blocks += [_edge_property_shape(name, type_) for name, type_ in _edge_properties().items()]
    return "\n\n".join(blocks) + "\n"


def _vertex_shape(label: str) -> str:
    lines = [f"fc:{label}Shape a sh:NodeShape", f"sh:targetClass fc:{label}", "sh:nodeKind sh:IRI", _rule("hash", "int", 1)]
    lines += [_rule(name, type_) for name, type_ in VERTICES[label].properties.items()]
    lines += [rule for edge in EDGES.values() for rule in _edge_rules(edge, label)]
    return " ;\n  ".join(lines) + " ."


def _rule(name: str, type_: str, least: int = 0) -> str:
    few = f"sh:minCount {least} ; " if least else ""
    return f"sh:property [ sh:path {_short(predicate(name))} ; sh:datatype xsd:{DATATYPES[type_]} ; {few}sh:maxCount 1 ]"


def _edge_rules(edge: EdgeLabel, label: str) -> Iterator[str]:
    """The rules that an edge label adds to the vertices of a label, as source and as target."""
    for path, here, there in ((f"fc:{edge.name}", 0, 1), (f"[ sh:inversePath fc:{edge.name} ]", 1, 0)):
        others = list(dict.fromkeys(f"[ sh:class fc:{pair[there]} ]" for pair in edge.joins if pair[here] == label))
        if others:
            allowed = f"sh:or ( {' '.join(others)} )" if len(others) > 1 else others[0].strip("[] ")
            yield f"sh:property [ sh:path {path} ; {allowed} ]"


def _edge_properties() -> dict[str, str]:
    """The properties that only edges have; those of vertices are in the shapes of the vertices."""
    of_vertices = {name for label in VERTICES.values() for name in label.properties}
    found = {name: type_ for label in EDGES.values() for name, type_ in label.properties.items()}
    return {name: type_ for name, type_ in found.items() if name not in of_vertices}


def _edge_property_shape(name: str, type_: str) -> str:
    term = _short(predicate(name))
    own = term.partition(":")[2]
    lines = [f"fc:Edge{own[0].upper()}{own[1:]}Shape a sh:NodeShape", f"sh:targetSubjectsOf {term}", _rule("hash", "int", 1)]
    return " ;\n  ".join([*lines, _rule(name, type_)]) + " ."


def _prefixes(*names: str) -> str:
    return "\n".join(f"@prefix {name}: <{PREFIXES[name]}> ." for name in names)


def _short(iri: str) -> str:
    for prefix in ("fc", "schema"):
        if iri.startswith(PREFIXES[prefix]):
            return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}"
    raise ValueError(iri)


FILES = {"fullcircle.ttl": terms, "shapes.ttl": shapes}

if __name__ == "__main__":
    for name, made in FILES.items():
        Path(sys.argv[1], name).write_text(made(), encoding="utf-8")
