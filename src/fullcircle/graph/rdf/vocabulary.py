"""The property graph as RDF: the classes, predicates and graphs it maps to, and SQL that writes it as statements.

    <urn:fullcircle:customer:1> a fc:Customer ; schema:name "Ada" .            in the graph <urn:fullcircle:graph/vertices>
    <urn:fullcircle:customer:1> fc:PURCHASED <urn:fullcircle:product:7> .      in the graph whose name is the edge's own IRI
    <urn:fullcircle:purchased:1%3E7> fc:times 3 .                              in the same graph: a property of that edge

So an edge keeps its id, and a query that does not use the properties of edges needs no GRAPH clause if the default graph is
the union of all graphs, as in Neptune. ontology.py writes the vocabulary as Turtle.
"""

from __future__ import annotations

import re
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

# The prefix of a percent-encoded id. An encoded id never has a `/`, so it cannot be confused with one of our own graphs.
ID = "urn:fullcircle:"
VERTEX_GRAPH = f"{ID}graph/vertices"
STAMP_GRAPH = f"{ID}graph/mark"

# Property types -> XSD. Integers are xsd:integer within 64 bits, because several stores turn xsd:long into it.
DATATYPES = {
    "string": "string",
    "int": "integer",
    "double": "double",
    "bool": "boolean",
    "date": "date",
    "timestamp": "dateTime",
}
# Properties with a term of schema.org of the same meaning and domain; all others have a term of our own.
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
    """The IRI of a vertex label (its class) or of an edge label (its predicate)."""
    return FC + label_named(label).name


def predicate(name: str) -> str:
    """The IRI of a property: that of schema.org if it has one, else our own in lowerCamelCase. It is unique."""
    if name in BORROWED:
        return SCHEMA + BORROWED[name]
    first, *rest = name.split("_")
    return FC + first + "".join(part.capitalize() for part in rest)


def properties(label: str) -> dict[str, str]:
    """Everything stored for a vertex or edge of that label except its id and ends: predicate -> name of the column."""
    return {predicate(name): name for name in ("hash", *label_named(label).properties)}


def type_of(label: str, name: str) -> str:
    """The property type (see model/label.py) of a property or of `hash`."""
    return "int" if name == "hash" else label_named(label).properties[name]


PLAIN = re.compile(r"[A-Za-z0-9_.~:>-]*")  # ids of these characters need nothing but `>` coded


# -- ids ---------------------------------------------------------------------------------------------------------------
def iri(id: str) -> str:
    """The IRI of a vertex or edge; an id can be any text."""
    if PLAIN.fullmatch(id):  # nearly every id; `quote` takes ten times as long
        return ID + id.replace(">", "%3E")
    return ID + quote(id, safe=":")


def id_of(iri: str) -> str:
    """The id of an IRI made by `iri`; "" for any other IRI."""
    return unquote(iri.removeprefix(ID)) if iri.startswith(ID) else ""


def ids_of(iris: pa.ChunkedArray) -> pa.ChunkedArray:
    """`id_of` for a column of IRIs made by `iri`."""
    coded = pc.replace_substring(pc.utf8_slice_codeunits(iris, len(ID)), "%3E", ">")  # most edge ids contain `>`
    if not pc.any(pc.match_substring(coded, "%")).as_py():
        return coded
    return pa.chunked_array([[unquote(text) for text in coded.to_pylist()]], pa.string())


def in_quotes(value: str) -> str:
    """A text in quotes, as Turtle and R2RML write it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


# -- statements, as SQL ------------------------------------------------------------------------------------------------
def iri_sql(column: str) -> str:
    """SQL for `<IRI>` from an id column; it gives the same as `iri`."""
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
    if type_ == "timestamp":  # the fraction without trailing zeros; none for whole seconds
        return f"(strftime({name}, '%Y-%m-%dT%H:%M:%S') || regexp_replace(strftime({name}, '.%f'), '[.]?0+$', '') || 'Z')"
    return f"{name}::VARCHAR"


def statements_sql(label: str, rows: str, graphs: bool) -> str:
    """SQL that gives, for each row of the table `rows` of the label, `text` with all its statements, one a line.

    With `graphs` they are N-Quads, without it triples as in a GRAPH block of SPARQL. The columns `graph` and `own` are the
    IRIs, in angle brackets, of the graph of the statements and of the vertex or edge.
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
