"""The mapping with which AWS DMS loads a database into Neptune for a first migration, made from the maps of the config.

DMS copies tables row by row. It can make vertices that correspond to one row, with our ids, so that the first sync afterwards
finds and completes them. It cannot make what needs several rows, cleaning or identity; `left_out` lists that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fullcircle.config.sections import FieldRule, MapSettings, SourceSettings
from fullcircle.graph.rdf import vocabulary
from fullcircle.graph.rdf.vocabulary import in_quotes
from fullcircle.graph.shape import label_named
from fullcircle.model.entities import ENTITIES
from fullcircle.model.graph import VERTICES
from fullcircle.model.tables import CONFORMED

# Canonical table -> the label of the vertices made from its rows.
LABELS = {
    "records": "Record", "accounts": "Account", "products": "Product",
    **{entity.table_name: entity.label for entity in ENTITIES.values()},
}  # fmt: skip
EDGES_OF_ENTITIES = ", ".join(entity.edge for entity in ENTITIES.values())
DMS_TYPES = {"string": "String", "int": "Long", "double": "Double", "bool": "Boolean", "date": "Date", "timestamp": "Date"}
PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
ALWAYS_LEFT_OUT = (
    f"Customers, households, identifiers and all their edges (RESOLVES_TO, HAS_IDENTIFIER, MEMBER_OF, {EDGES_OF_ENTITIES}, "
    "PURCHASED): they need identity resolution, so `fullcircle run` makes them.",
    "Categories, and everything that insights compute.",
    "Cleaned values, and the hashes that a sync compares: the first sync writes every vertex again.",
)


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The table of a source object in the database; `table` is "" for a query."""

    table: str
    key: tuple[str, ...] = ()
    flag_columns: tuple[str, ...] = ()  # columns that flag a row as deleted or merged


@dataclass(frozen=True, slots=True)
class Template:
    """A text with the values of columns in it: a sequence of constants and columns."""

    parts: tuple[tuple[str, str], ...]  # ("text" | "column", what)

    def braces(self) -> str:
        """The template as DMS writes it: `order:shop:{id}`."""
        return "".join(what if sort == "text" else f"{{{what}}}" for sort, what in self.parts)

    def iri(self) -> str:
        """The template of the IRI as R2RML writes it; the R2RML engine percent-encodes the values."""
        coded = (quote(what, safe=":") if sort == "text" else f"{{{_sql_name(what)}}}" for sort, what in self.parts)
        return vocabulary.ID + "".join(coded)


@dataclass(frozen=True, slots=True)
class VertexPlan:
    """A vertex for each row of a table. Its properties, by name, are columns or constant texts."""

    label: str
    object: str
    table: str
    id: Template
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    key: Template = field(default_factory=lambda: Template(()))


@dataclass(frozen=True, slots=True)
class EdgePlan:
    """An edge for each row of a table, between the vertices of two plans; `ends` are their positions in the list."""

    label: str
    table: str
    id: Template
    source: Template
    target: Template
    ends: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """What DMS can load from a source, and what it cannot, a sentence each."""

    vertices: tuple[VertexPlan, ...]
    edges: tuple[EdgePlan, ...]
    left_out: tuple[str, ...]


def tables_of(settings: SourceSettings) -> dict[str, SourceTable]:
    """The objects of a `sql` source as the config names them; a key that the config does not name is ()."""
    found = {}
    for name, object_ in dict(settings.options.get("objects", {})).items():
        key = object_.get("key", ())
        flag_columns = tuple(object_[stamp] for stamp in ("deleted", "merged_into") if object_.get(stamp))
        table = "" if object_.get("query") else object_.get("table") or name
        schema = object_.get("schema")
        found[name] = SourceTable(
            f"{schema}.{table}" if schema and table else table, (key,) if isinstance(key, str) else tuple(key), flag_columns
        )
    return found


def plan(source: str, tables: Mapping[str, SourceTable], maps: Sequence[MapSettings]) -> Plan:
    """What DMS can load from a source, by its maps."""
    ours = [each for each in maps if each.source == source]
    left: list[str] = []
    vertices: list[VertexPlan] = []
    for each in ours:
        if each.to in LABELS and _is_one_to_one(each, tables, left):
            vertices.append(_vertex(each, tables[each.object], left))
    edges = [
        edge
        for each in ours
        if each.to == "order_lines" and _is_one_to_one(each, tables, left, needs_key=False)
        for edge in _contains(each, tables[each.object], vertices, left)
    ]
    for each in ours:
        if each.to not in LABELS and each.to != "order_lines":
            left.append(f"{each.object} to {each.to}: its rows must be cleaned and joined to records first.")
    return Plan(tuple(vertices), tuple(edges), (*dict.fromkeys(left), *ALWAYS_LEFT_OUT))


def _is_one_to_one(map_: MapSettings, tables: Mapping[str, SourceTable], left: list[str], needs_key: bool = True) -> bool:
    what, at = f"{map_.object} to {map_.to}", tables.get(map_.object)
    if at is None or not at.table:
        left.append(f"{what}: it is a query, not a table." if at else f"{what}: the source has no such object.")
    elif map_.where:
        left.append(f"{what}: it maps only some of the rows (where), which DMS cannot express.")
    elif map_.each:
        left.append(f"{what}: it makes several rows from one (each).")
    elif needs_key and not (at.key or _column(map_.fields.get("key"))):
        left.append(f"{what}: it has no key, so its rows have no stable ids.")
    else:
        if at.flag_columns:
            left.append(f"{what}: rows flagged by {', '.join(at.flag_columns)} are loaded too; the first sync deletes them.")
        return True
    return False


def _vertex(map_: MapSettings, at: SourceTable, left: list[str]) -> VertexPlan:
    label = LABELS[map_.to]
    key = _key(map_, at)
    tail = (("text", f":{map_.key}"),) if map_.key else ()
    id = Template((("text", f"{CONFORMED[map_.to].noun}:{map_.source}:{map_.object}:"), *key, *tail))
    constants = {name: text for name, text in {"source": map_.source, "object": map_.object}.items() if name in _of(label)}
    columns: dict[str, str] = {}
    for name, rule in map_.fields.items():
        column = _column(rule)
        if name not in _of(label) or name == "key":
            if name not in ("key", "record_id", "account_id"):
                left.append(f"{map_.object}.{name}: it is not a property of {label}.")
        elif column:
            columns[name] = column
        elif rule.value is not None and not (rule.field or rule.fields or rule.sql or rule.map):
            constants[name] = str(rule.value)
        else:
            left.append(f"{map_.object}.{name}: {_why_not(rule)}.")
    return VertexPlan(label, map_.object, at.table, id, columns, constants, Template(key))


def _of(label: str) -> dict[str, str]:
    return VERTICES[label].properties


def _key(map_: MapSettings, at: SourceTable) -> tuple[tuple[str, str], ...]:
    """The columns of the key, joined by `|` as in connectors."""
    own = _column(map_.fields.get("key"))
    parts: list[tuple[str, str]] = []
    for column in (own,) if own else at.key:
        parts += [("text", "|")] if parts else []
        parts.append(("column", column))
    return tuple(parts)


def _column(rule: FieldRule | None) -> str:
    """The column that a rule copies unchanged; "" if the rule does anything else."""
    if rule is None or rule.fields or rule.sql or rule.map or rule.value is not None:
        return ""
    return "" if re.search(r"[.\[\]{}]", rule.field) else rule.field


def _why_not(rule: FieldRule) -> str:
    if rule.sql:
        return "it is computed by SQL"
    if rule.fields:
        return "it is combined from several columns"
    if rule.map:
        return "its values are replaced by others"
    return "it has a default value" if rule.value is not None else "it is inside a JSON column"


def _contains(map_: MapSettings, at: SourceTable, vertices: Sequence[VertexPlan], left: list[str]) -> Iterator[EdgePlan]:
    """The plan of the edges Order -> Product, if the line has the keys of both ends."""
    ends = []
    for name, label in (("order_id", "Order"), ("product_id", "Product")):
        rule = map_.fields.get(name)
        object_ = rule.ref.removeprefix(f"{map_.source}.") if rule else ""
        there = [n for n, one in enumerate(vertices) if one.label == label and object_ in (one.object, "")]
        column = _column(rule)
        if len(there) != 1 or not column:
            left.append(f"{map_.object} to CONTAINS: {name} does not refer to exactly one table of this source.")
            return
        prefix = f"{CONFORMED[label.lower() + 's'].noun}:{map_.source}:{vertices[there[0]].object}:"
        ends.append((there[0], Template((("text", prefix), ("column", column)))))
    (order, source), (product, target) = ends
    id = Template((("text", "contains:"), *source.parts, ("text", ">"), *target.parts))
    left.append(f"{map_.object} to CONTAINS: quantity and amount are sums over several lines.")
    yield EdgePlan("CONTAINS", at.table, id, source, target, (order, product))


# -- property graph ----------------------------------------------------------------------------------------------------
def gremlin(plan: Plan) -> str:
    """The graph mapping rules of a DMS task for Neptune's property graph, as JSON."""
    rules: list[dict[str, Any]] = []
    for number, vertex in enumerate(plan.vertices, 1):
        definition = {
            "vertex_id_template": vertex.id.braces(),
            "vertex_label": vertex.label,
            "vertex_definition_id": str(number),
            "vertex_properties": [
                {
                    "property_name": name,
                    "property_value_template": template,
                    "property_value_type": DMS_TYPES[_of(vertex.label)[name]],
                }
                for name, template in _templates(vertex).items()
            ],
        }
        rules.append({**_rule(number, vertex.label, vertex.table), "vertex_definitions": [definition]})
    for number, edge in enumerate(plan.edges, len(rules) + 1):
        between: dict[str, Any] = {
            "from_vertex": _end(edge.source, edge.ends[0]),
            "to_vertex": _end(edge.target, edge.ends[1]),
            "edge_id_template": {"label": edge.label, "template": edge.id.braces()},
            "edge_properties": [],
        }
        rules.append({**_rule(number, edge.label, edge.table), "edge_definitions": [between]})
    return json.dumps({"rules": rules}, indent=2, ensure_ascii=False) + "\n"


def _rule(number: int, label: str, table: str) -> dict[str, str]:
    name = table.rpartition(".")[2]  # the schema is chosen in the table mapping of DMS
    return {"rule_id": str(number), "rule_name": f"{label.lower()}_{name}", "table_name": name}


def _end(template: Template, place: int) -> dict[str, str]:
    return {"vertex_id_template": template.braces(), "vertex_definition_id": str(place + 1)}


def _templates(vertex: VertexPlan) -> dict[str, str]:
    """Property -> template, in the order of the model."""
    given = vertex.constants | {name: f"{{{column}}}" for name, column in vertex.columns.items()}
    if "key" in _of(vertex.label):
        given["key"] = vertex.key.braces()
    return {name: given[name] for name in _of(vertex.label) if name in given}


# -- RDF ---------------------------------------------------------------------------------------------------------------
def r2rml(plan: Plan) -> str:
    """The mapping for RDF, as R2RML in Turtle, with the graphs, classes and predicates of rdf/vocabulary.py."""
    blocks = ["@prefix rr: <http://www.w3.org/ns/r2rml#> ."]
    blocks += [_vertex_map(number, vertex) for number, vertex in enumerate(plan.vertices, 1)]
    blocks += [_edge_map(number, edge) for number, edge in enumerate(plan.edges, len(plan.vertices) + 1)]
    return "\n\n".join(blocks) + "\n"


def _vertex_map(number: int, vertex: VertexPlan) -> str:
    graph = f"rr:graph <{vocabulary.VERTEX_GRAPH}>"
    subject = f"rr:template {in_quotes(vertex.id.iri())} ; rr:class <{vocabulary.class_of(vertex.label)}> ; {graph}"
    lines = [f"<#{vertex.label}{number}> a rr:TriplesMap", _table(vertex.table), f"rr:subjectMap [ {subject} ]"]
    lines += [
        f"rr:predicateObjectMap [ rr:predicate <{vocabulary.predicate(name)}> ; rr:objectMap [ {_object(vertex, name)} ] ]"
        for name in _templates(vertex)
    ]
    return " ;\n  ".join(lines) + " ."


def _object(vertex: VertexPlan, name: str) -> str:
    if name == "key":
        return f"rr:template {in_quotes(''.join(_literal_part(*part) for part in vertex.key.parts))} ; rr:termType rr:Literal"
    if name in vertex.constants:
        return f"rr:constant {in_quotes(vertex.constants[name])}"
    type_ = label_named(vertex.label).properties[name]
    typed = "" if type_ == "string" else f" ; rr:datatype <{vocabulary.XSD}{vocabulary.DATATYPES[type_]}>"
    return f"rr:column {in_quotes(_sql_name(vertex.columns[name]))}{typed}"


def _literal_part(sort: str, what: str) -> str:
    return what if sort == "text" else f"{{{_sql_name(what)}}}"


def _edge_map(number: int, edge: EdgePlan) -> str:
    graph = f"rr:graphMap [ rr:template {in_quotes(edge.id.iri())} ]"
    link = f"rr:predicate <{vocabulary.class_of(edge.label)}> ; rr:objectMap [ rr:template {in_quotes(edge.target.iri())} ]"
    lines = [
        f"<#{edge.label}{number}> a rr:TriplesMap",
        _table(edge.table),
        f"rr:subjectMap [ rr:template {in_quotes(edge.source.iri())} ; {graph} ]",
        f"rr:predicateObjectMap [ {link} ]",
    ]
    return " ;\n  ".join(lines) + " ."


def _table(name: str) -> str:
    return f"rr:logicalTable [ rr:tableName {in_quotes('.'.join(_sql_name(part) for part in name.split('.')))} ]"


def _sql_name(name: str) -> str:
    """A name as SQL: quoted unless it has only lower-case letters, digits and `_`."""
    return name if PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'
