"""The Cypher that store.py runs, made from the model, and what users may write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fullcircle.graph import shape
from fullcircle.graph.base import Part
from fullcircle.graph.stores.cypher_guard import CypherDialect, reserved_names, words
from fullcircle.graph.words import SEARCH
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.label import EdgeLabel

TYPES = {"string": "STRING", "int": "INT64", "double": "DOUBLE", "bool": "BOOL", "date": "DATE", "timestamp": "TIMESTAMP"}
STAMP = "FullcircleMark"  # a table of one row, beside those of the labels
# What users may write: functions that only compute (none that reads a file, keeps a sequence or a seed), and procedures that tell
# about the graph.
DIALECT = CypherDialect(
    functions=words(
        """
        abs acos any_value array_append array_cat array_concat array_contains array_cosine_similarity array_cross_product
        array_distance array_dot_product array_extract array_has array_indexof array_inner_product array_position array_prepend
        array_push_back array_push_front array_slice array_squared_distance array_value asin atan atan2 avg bitshift_left
        bitshift_right bitwise_and bitwise_or bitwise_xor blob cardinality cast cbrt ceil ceiling century coalesce collect concat
        concat_ws constant_or_null contains cos cot count count_if current_date current_timestamp date date_part date_trunc
        datepart datetrunc dayname decode degrees duration element_at encode end_node ends_with epoch_ms even factorial floor
        gamma gen_random_uuid greatest hash histogram id ifnull initcap internal_id interval is_acyclic is_trail keys label labels
        last_day lcase least left length levenshtein lgamma list_any_value list_append list_cat list_concat list_contains
        list_creation list_distinct list_element list_extract list_filter list_has list_has_all list_has_any list_indexof list_max
        list_min list_position list_prepend list_product list_reduce list_reverse list_reverse_sort list_slice list_sort list_sum
        list_to_string list_transform list_unique ln log log10 log2 lower lpad ltrim make_date map map_extract map_keys map_values
        max md5 min monthname negate nodes nullif octet_length offset percentilecont percentiledisc pi pow prefix properties
        radians random range regexp_extract regexp_extract_all regexp_full_match regexp_matches regexp_replace
        regexp_split_to_array relationships rels repeat replace reverse right round rowid rpad rtrim sha256 sign sin size
        split_part sqrt start_node starts_with str_split string string_split string_to_array struct_extract struct_pack substr
        substring suffix sum tan time_bucket timestamp to_blob to_bool to_date to_days to_double to_epoch_ms to_float to_hours
        to_int128 to_int16 to_int32 to_int64 to_int8 to_interval to_microseconds to_milliseconds to_minutes to_months to_seconds
        to_string to_timestamp to_uint128 to_uint16 to_uint32 to_uint64 to_uint8 to_uuid to_years tolower toupper trim typeof
        ucase union_extract union_tag union_value upper uuid
        """
    ),
    procedures=frozenset(
        {"show_tables", "table_info", "show_connection", "show_functions", "show_indexes", "db_version", "current_setting"}
    ),
)


def quoted(name: str) -> str:
    """A name in backticks: `Order` and `first` are keywords."""
    return f"`{name}`"


def declare(label: str) -> str:
    """Create the table of a label if it does not exist."""
    model = shape.label_named(label)
    columns = [f"{quoted(name)} {TYPES[type_]}" for name, type_ in (("hash", "int"), *model.properties.items())]
    if isinstance(model, EdgeLabel):
        joins = ", ".join(f"FROM {quoted(source)} TO {quoted(target)}" for source, target in model.joins)
        return f"CREATE REL TABLE IF NOT EXISTS {quoted(label)}({joins}, id STRING, {', '.join(columns)})"
    return f"CREATE NODE TABLE IF NOT EXISTS {quoted(label)}(id STRING PRIMARY KEY, {', '.join(columns)})"


def declare_stamp() -> str:
    """Create the table for the stamp."""
    return f"CREATE NODE TABLE IF NOT EXISTS {STAMP}(id STRING PRIMARY KEY, text STRING)"


def add_property(label: str, name: str, type_: str) -> str:
    """Add a property that was added to the model later."""
    return f"ALTER TABLE {quoted(label)} ADD IF NOT EXISTS {quoted(name)} {TYPES[type_]}"


def add_join(label: str, source: str, target: str) -> str:
    """Let edges of a label join another pair of vertex labels."""
    return f"ALTER TABLE {quoted(label)} ADD IF NOT EXISTS FROM {quoted(source)} TO {quoted(target)}"


def _assigned(label: str, without: tuple[str, ...], between: str) -> str:
    names = [name for name in shape.schema(label).names if name not in without]
    return ", ".join(f"{quoted(name)}{between}{quoted(name)}" for name in names)


def create_vertices(label: str) -> str:
    """Insert vertices from the Arrow table $rows."""
    return f"LOAD FROM $rows CREATE (:{quoted(label)} {{{_assigned(label, (), ': ')}}})"


def merge_vertices(label: str) -> str:
    """Insert or replace vertices from $rows; a null clears the old value."""
    names = [name for name in shape.schema(label).names if name != "id"]
    values = ", ".join(f"v.{quoted(name)} = {quoted(name)}" for name in names)
    return f"LOAD FROM $rows MERGE (v:{quoted(label)} {{id: id}}) SET {values}"


def copy_vertices(label: str) -> str:
    """Append many vertices from $rows. Without IGNORE_ERRORS, a key that exists already crashes the process."""
    return f"COPY {quoted(label)} FROM $rows (IGNORE_ERRORS=true)"


def create_edges(label: str, source: str, target: str) -> str:
    """Append edges from $rows. The two MATCHes must be chained: side by side they make a cross product that fills all memory."""
    carried = ", ".join(quoted(name) for name in shape.schema(label).names if name != "source")
    values = _assigned(label, ("source", "target"), ": ")
    return (
        f"LOAD FROM $rows MATCH (a:{quoted(source)} {{id: source}}) WITH a, {carried} "
        f"MATCH (b:{quoted(target)} {{id: target}}) CREATE (a)-[:{quoted(label)} {{{values}}}]->(b) RETURN count(*)"
    )


def copy_edges(label: str, source: str, target: str) -> str:
    """Append many edges from $rows, whose first columns are source and target."""
    return f"COPY {quoted(label)} FROM $rows (FROM='{source}', TO='{target}')"


def delete_vertices(label: str) -> str:
    """Delete the vertices with the ids in the column `gone` of $rows, and all their edges."""
    return f"LOAD FROM $rows MATCH (v:{quoted(label)} {{id: gone}}) DETACH DELETE v"


def delete_edges(label: str, source: str, target: str) -> str:
    """Delete the edges with the ids in the column `gone` of $rows. This reads the whole label, so call it with many at once."""
    return f"LOAD FROM $rows MATCH (a:{quoted(source)})-[r:{quoted(label)}]->(b:{quoted(target)}) WHERE r.id = gone DELETE r"


def _returned(label: str, columns: list[str]) -> str:
    """The columns of a vertex v or an edge r from a to b."""
    places = {"source": "a.id", "target": "b.id"} if label in EDGES else {}
    one = "r" if label in EDGES else "v"
    return ", ".join(f"{places.get(name, f'{one}.{quoted(name)}')} AS {quoted(name)}" for name in columns)


def scan_vertices(label: str, columns: list[str]) -> str:
    """Vertices by their position in the store, from $low up to, not including, $high."""
    return f"MATCH (v:{quoted(label)}) WHERE offset(id(v)) >= $low AND offset(id(v)) < $high RETURN {_returned(label, columns)}"


def scan_edges(label: str, source: str, target: str, columns: list[str]) -> str:
    """Edges by the position of their source in the store, from $low up to, not including, $high."""
    return (
        f"MATCH (a:{quoted(source)})-[r:{quoted(label)}]->(b:{quoted(target)}) "
        f"WHERE offset(id(a)) >= $low AND offset(id(a)) < $high RETURN {_returned(label, columns)}"
    )


def last_place(label: str) -> str:
    """The highest position of a vertex with the label in the store."""
    return f"MATCH (v:{quoted(label)}) RETURN max(offset(id(v)))"


def counts(labels: Iterable[str] = (*VERTICES, *EDGES)) -> str:
    """How many vertices or edges each label has, one row each; a label with none has no row."""
    return " UNION ALL ".join(
        f"MATCH {'()-[r:{}]->()' if label in EDGES else '(v:{})'} RETURN '{label}' AS label, count(*) AS n".replace(
            "{}", quoted(label)
        )
        for label in labels
    )


def vertex(label: str) -> str:
    """The vertex $id."""
    return f"MATCH (v:{quoted(label)} {{id: $id}}) RETURN {_returned(label, shape.schema(label).names)}"


def vertices(label: str) -> str:
    """The vertices with the ids $ids."""
    return f"UNWIND $ids AS i MATCH (v:{quoted(label)} {{id: i}}) RETURN {_returned(label, shape.schema(label).names)}"


def neighbours(label: str, source: str, target: str, outward: bool) -> str:
    """The first $limit edges by id between the vertex $id and vertices not in $seen.

    One vertex at a time takes half a millisecond; with several (UNWIND, IN) ladybug reads all edges of the label.
    """
    a, b = f"(a:{quoted(source)}{' {id: $id}' if outward else ''})", f"(b:{quoted(target)}{'' if outward else ' {id: $id}'})"
    return (
        f"MATCH {a}-[r:{quoted(label)}]->{b} WHERE NOT {'b' if outward else 'a'}.id IN $seen "
        f"RETURN {_returned(label, shape.schema(label).names)} ORDER BY r.id LIMIT $limit"
    )


def with_other_end(label: str, source: str, target: str, outward: bool, limit: int) -> str:
    """The first edges of the vertex $id in any order, each with the vertex at its other end; edge columns as `r.name`.

    The limit is a part of the text: as a parameter it takes ladybug six times as long.
    """
    a, b = f"(a:{quoted(source)}{' {id: $id}' if outward else ''})", f"(b:{quoted(target)}{'' if outward else ' {id: $id}'})"
    ends = {"source": "a.id", "target": "b.id"}
    edge = [f"{ends.get(name, f'r.{quoted(name)}')} AS {quoted(f'r.{name}')}" for name in shape.schema(label).names]
    far, other = ("b", target) if outward else ("a", source)
    vertex = [f"{far}.{quoted(name)} AS {quoted(name)}" for name in shape.schema(other).names]
    return f"MATCH {a}-[r:{quoted(label)}]->{b} RETURN {', '.join([*edge, *vertex])} LIMIT {limit}"


def greatest_neighbours(label: str, ends: tuple[str, str], outward: bool, by: str, part: Part) -> tuple[str, dict[str, object]]:
    """The first $limit edges between the vertex $id and others, the greatest value of a property of r, a or b first (`by`).

    With what is asked for a part of the list.
    """
    source, target = ends
    a, b = f"(a:{quoted(source)}{' {id: $id}' if outward else ''})", f"(b:{quoted(target)}{'' if outward else ' {id: $id}'})"
    where, given = _in_part("b" if outward else "a", target if outward else source, by, part)
    return (
        f"MATCH {a}-[r:{quoted(label)}]->{b} WHERE a.id <> b.id{where} RETURN {_returned(label, shape.schema(label).names)}, "
        f"{by} AS `greatest value` ORDER BY {by} IS NULL, {by} DESC, r.id LIMIT $limit"
    ), given


def _in_part(far: str, other: str, by: str, part: Part) -> tuple[str, dict[str, object]]:
    """Conditions for a part of a list, and what is asked for."""
    where, given, after = "", dict[str, object](), part.after
    if after and (after.value is None or by == "NULL"):
        where = f" AND {by} IS NULL AND r.id > $after" if after.edge_id is not None or after.value is not None else " AND false"
        given = {"after": (after.edge_id or "") if after.value is None else ""}
    elif after:
        equal = f" OR ({by} = $value AND r.id > $after)" if after.edge_id is not None else ""
        where = f" AND ({by} < $value OR {by} IS NULL{equal})"
        given = {"value": after.value, **({"after": after.edge_id} if equal else {})}
    if part.source:
        where += f" AND {far}.source = $source" if "source" in shape.label_named(other).properties else " AND false"
        given |= {"source": part.source} if "source" in shape.label_named(other).properties else {}
    return where, given


def count_neighbours(label: str, source: str, target: str, outward: bool) -> str:
    """How many edges there are between the vertex $id and others."""
    a, b = f"(a:{quoted(source)}{' {id: $id}' if outward else ''})", f"(b:{quoted(target)}{'' if outward else ' {id: $id}'})"
    return f"MATCH {a}-[r:{quoted(label)}]->{b} WHERE a.id <> b.id RETURN count(*)"


def shortest(a: str, b: str, hops: int) -> str:
    """The ids along a shortest path between $a and $b, and the labels of its edges."""
    return (
        f"MATCH p = (a:{quoted(a)} {{id: $a}})-[r* SHORTEST 1..{hops}]-(b:{quoted(b)} {{id: $b}}) "
        "RETURN properties(nodes(p), 'id'), properties(rels(p), 'id'), properties(rels(p), '_label') LIMIT 1"
    )


def between(label: str, source: str, target: str) -> str:
    """The edge $id from $source to $target."""
    return (
        f"MATCH (a:{quoted(source)} {{id: $source}})-[r:{quoted(label)}]->(b:{quoted(target)} {{id: $target}}) "
        f"WHERE r.id = $id RETURN {_returned(label, shape.schema(label).names)}"
    )


def find(label: str, names: Sequence[str], pieces: int) -> str:
    """The ids of vertices that contain all of $w0, $w1, ... in these columns, the shortest title first, and that length.

    To read whole vertices here takes ladybug ten times as long as to read them by their ids afterwards.
    """
    columns = [f"v.{quoted(name)}" if name == SEARCH else f"lower(v.{quoted(name)})" for name in names]
    held = [f"({' OR '.join(f'{column} CONTAINS $w{n}' for column in columns)})" for n in range(pieces)]
    where = f"WHERE {' AND '.join(held)} " if held else ""
    length = f"size(coalesce(v.{quoted(shape.title(label))}, v.id))"
    return f"MATCH (v:{quoted(label)}) {where}RETURN v.id, {length} AS length ORDER BY length, v.id LIMIT $limit"


def has(label: str, name: str) -> str:
    """A row if any vertex with the label has a value of this property."""
    return f"MATCH (v:{quoted(label)}) WHERE v.{quoted(name)} IS NOT NULL RETURN 1 LIMIT 1"


def hint_for(text: str, said: str) -> str:
    """What to do about a query that the engine does not run; `said`: its error."""
    names = reserved_names(text, DIALECT)
    if names and "Parser exception" in said:
        written = ", ".join(quoted(name) for name in names)
        return f"{', '.join(names)}: also a keyword of Cypher. As a name, write it in backticks: {written}"
    return "It must be Cypher, with the labels of this graph."
