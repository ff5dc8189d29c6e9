"""The property graph as RDF: which class, predicate and graph everything becomes, and SQL that writes it as statements.

    <urn:fullcircle:customer:1> a fc:Customer ; schema:name "Ada" .            in the graph <urn:fullcircle:graph/vertices>
    <urn:fullcircle:customer:1> fc:PURCHASED <urn:fullcircle:product:7> .      in the graph whose name is the edge's own IRI
    <urn:fullcircle:purchased:1%3E7> fc:times 3 .                              in the same graph: a property of that edge

So a query that does not care for edges' properties needs no GRAPH where the default graph is the union of all, as in
Neptune, and an edge keeps its id. ontology.py writes the vocabulary down for others to read.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.engine.base import literal, quoted
from fullcircle.graph.shape import label_named
from fullcircle.model.graph import EDGES

FC = "https://fullcircle.example/ns#"
SCHEMA = "https://schema.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

# An id is percent-encoded behind this. `/` never stands in an encoded id, so no id can be taken for one of our own graphs.
ID = "urn:fullcircle:"
VERTEX_GRAPH = f"{ID}graph/vertices"
STAMP_GRAPH = f"{ID}graph/mark"

# Property types -> XSD. Whole numbers are xsd:integer within 64 bits: xsd:long is turned into it by several stores.
DATATYPES = {
    "string": "string",
    "int": "integer",
    "double": "double",
    "bool": "boolean",
    "date": "date",
    "timestamp": "dateTime",
}
# Properties for which schema.org has a term that means just this and is used on such things; all others are ours.
BORROWED = {
    "name": "name",
    "given_name": "givenName",
    "middle_name": "additionalName",
    "family_name": "familyName",
    "email": "email",
    "phone": "telephone",
    "birth_date": "birthDate",
    "gender": "gender",
    "website": "url",
    "sku": "sku",
    "price": "price",
    "ordered_at": "orderDate",
}


def class_of(label: str) -> str:
    """The IRI of a vertex kind, or the predicate of an edge kind."""
    return FC + label_named(label).name


def predicate(name: str) -> str:
    """The IRI of a property: schema.org's where it fits, else ours in lowerCamelCase. Two properties never share one."""
    if name in BORROWED:
        return SCHEMA + BORROWED[name]
    first, *rest = name.split("_")
    return FC + first + "".join(part.capitalize() for part in rest)


def properties(label: str) -> dict[str, str]:
    """All that is kept of a vertex or edge of that kind beside its id and ends: predicate -> our column's name."""
    return {predicate(name): name for name in ("hash", *label_named(label).properties)}


def type_of(label: str, name: str) -> str:
    """The type, in words of model/graph.py, of a property or of `hash`."""
    return "int" if name == "hash" else label_named(label).properties[name]


# -- ids ---------------------------------------------------------------------------------------------------------------
def iri(id: str) -> str:
    """The IRI of a vertex or edge; any text is an id."""
    return ID + quote(id, safe=":")


def id_of(iri: str) -> str:
    """The id behind an IRI that `iri` made; "" for any other."""
    return unquote(iri.removeprefix(ID)) if iri.startswith(ID) else ""


def ids_of(iris: pa.ChunkedArray) -> pa.ChunkedArray:
    """`id_of` for a whole column of IRIs of ours."""
    coded = pc.replace_substring(pc.utf8_slice_codeunits(iris, len(ID)), "%3E", ">")  # `>` stands in most edge ids
    if not pc.any(pc.match_substring(coded, "%")).as_py():
        return coded
    return pa.chunked_array([[unquote(text) for text in coded.to_pylist()]], pa.string())


# -- statements, as SQL ------------------------------------------------------------------------------------------------
def iri_sql(column: str) -> str:
    """SQL for `<IRI>` from an id column; equal to `iri`."""
    return f"('<{ID}' || replace(url_encode({quoted(column)}), '%3A', ':') || '>')"


def literal_sql(column: str, type_: str) -> str:
    """SQL for a value as a literal of N-Quads and SPARQL; null stays null."""
    return f"('\"' || {_lexical(quoted(column), type_)} || '\"{_suffix(type_)}')"


def _suffix(type_: str) -> str:
    return "" if type_ == "string" else f"^^<{XSD}{DATATYPES[type_]}>"


def _lexical(name: str, type_: str) -> str:
    if type_ == "string":
        for raw, safe in (("chr(92)", r"'\\'"), ("chr(34)", r"""'\"'"""), ("chr(10)", r"'\n'"), ("chr(13)", r"'\r'")):
            name = f"replace({name}, {raw}, {safe})"
        return name
    if type_ == "double":
        infinite = f"WHEN isinf({name}) THEN if({name} > 0, 'INF', '-INF')"
        return f"CASE WHEN isnan({name}) THEN 'NaN' {infinite} ELSE {name}::VARCHAR END"
    if type_ == "date":
        return f"strftime({name}, '%Y-%m-%d')"
    if type_ == "timestamp":  # a fraction without its last zeros; none where the seconds are whole
        return f"(strftime({name}, '%Y-%m-%dT%H:%M:%S') || regexp_replace(strftime({name}, '.%f'), '[.]?0+$', '') || 'Z')"
    return f"{name}::VARCHAR"


def statements_sql(label: str, rows: str, graphs: bool) -> str:
    """SQL giving, for each row of a table `rows` of the kind, `text` with all its statements, one a line.

    With `graphs` they are N-Quads; without, triples as they stand inside SPARQL's GRAPH. The columns `graph` and `own` are the
    IRIs, in brackets, of the graph they belong to and of the vertex or edge.
    """
    own = iri_sql("id")
    graph = own if label in EDGES else f"'<{VERTEX_GRAPH}>'"
    end = "' ' || g || ' .' || chr(10)" if graphs else "' .' || chr(10)"
    if label in EDGES:
        first = f"s || ' <{class_of(label)}> ' || t || {end}"
        ends = f", {iri_sql('source')} AS s, {iri_sql('target')} AS t"
    else:
        first, ends = f"own || ' <{RDF_TYPE}> <{class_of(label)}>' || {end}", ""
    parts = [first] + [
        f"coalesce(own || {literal(f' <{term}> ')} || {literal_sql(name, type_of(label, name))} || {end}, '')"
        for term, name in properties(label).items()
    ]
    inner = f"SELECT *, {own} AS own, {graph} AS g{ends} FROM {rows}"
    return f"SELECT {' || '.join(parts)} AS text, g AS graph, own FROM ({inner})"
