"""Answers as Arrow: the CSV of our own queries, statements as rows of a label, and the answers to users' queries."""

from __future__ import annotations

import csv as plain_csv
import json
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from fullcircle.errors import StoreError
from fullcircle.graph.rdf.vocabulary import DATATYPES, RDF_TYPE, XSD, class_of, ids_of, properties, type_of
from fullcircle.graph.shape import ARROW, schema
from fullcircle.graph.stores.rdf.channel import Answer
from fullcircle.model.graph import EDGES

SMALL = 100_000  # bytes; the module `csv` refuses longer fields
TRIPLE = re.compile(r"^(\S+)\s+(\S+)\s+(.*?)\s*\.\s*$")
TYPES = {XSD + name: type_ for type_, name in DATATYPES.items()} | {XSD + "long": "int", XSD + "int": "int"}


def table(body: bytes, columns: Sequence[str]) -> pa.Table:
    """CSV as a table of texts. A missing value is "", so a query must bind every column that may have the empty text."""
    if not body.endswith(b"\n"):  # an answer without rows
        body += b"\n"
    try:
        found = csv.read_csv(
            pa.BufferReader(body),
            read_options=csv.ReadOptions(
                block_size=min(max(len(body) + 1, 1 << 16), 2**31 - 1),  # a row must fit into one block
                use_threads=len(body) > 1 << 20,  # for a few rows, to wake them takes longer than to read
            ),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False, quoted_strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise StoreError(
            "The SPARQL server's answer cannot be read.", "Check that it supports SPARQL 1.1 with CSV results."
        ) from error
    if list(found.column_names) != list(columns):
        raise StoreError(
            "The SPARQL server's answer does not have the columns of the query.", "Check that it supports SPARQL 1.1."
        )
    return found


def few(body: bytes, columns: Sequence[str]) -> Iterable[Sequence[str]]:
    """`table` for a small answer, as rows of texts: for those, it takes a tenth of the time."""
    if len(body) > SMALL:
        return zip(*(table(body, columns)[name].to_pylist() for name in columns), strict=True)
    rows = list(plain_csv.reader(StringIO(body.decode(), newline="")))
    return rows[1:] if rows and rows[0] == list(columns) else zip(*table(body, columns).to_pydict().values(), strict=True)


def typed(texts: pa.ChunkedArray, type_: str) -> pa.ChunkedArray:
    """The texts of literals as values of a type of the model; times in UTC."""
    if type_ == "timestamp":
        texts = pc.replace_substring_regex(texts, r"(Z|[+-]00:00)$", "")
    return pc.cast(texts, ARROW[type_])


def fitting(texts: pa.ChunkedArray, type_: str) -> tuple[pa.ChunkedArray, pa.ChunkedArray | None]:
    """Texts as values of a type of the model, null where they are none; and which these are, None if there are none."""
    try:
        return typed(texts, type_), None
    except pa.ArrowInvalid:
        known = [text for text in pc.unique(texts).to_pylist() if text is not None and _is(text, type_)]
    fits = pc.is_in(texts, value_set=pa.array(known, pa.string()))
    return typed(pc.if_else(fits, texts, pa.scalar(None, pa.string())), type_), pc.and_(pc.is_valid(texts), pc.invert(fits))


def _is(text: str, type_: str) -> bool:
    try:
        typed(pa.chunked_array([[text]], pa.string()), type_)
    except pa.ArrowInvalid:
        return False
    return True


def rows(label: str, nodes: Sequence[str], found: pa.Table) -> pa.Table:
    """Rows of a label, in the order of `nodes` (IRIs), from statements (g, p, o; of edges g, s, p, o).

    Nodes that no statement gives this label are left out: another process has deleted them meanwhile. A value of another program
    that is not of the model's type becomes null, and so does the hash of its row: a sync then writes the row again.
    """
    wanted = pa.chunked_array([pa.array(nodes, pa.string())])
    of_edges = label in EDGES
    own = pc.equal(found["p"], class_of(label) if of_edges else RDF_TYPE)
    if not of_edges:
        own = pc.and_(own, pc.equal(found["o"], class_of(label)))
    first = found.filter(own)
    wanted = wanted.filter(pc.is_in(wanted, value_set=first["g"].combine_chunks()))
    columns: dict[str, pa.ChunkedArray] = {"id": ids_of(wanted)}
    if of_edges:
        place = pc.index_in(wanted, value_set=first["g"].combine_chunks())
        columns |= {"source": ids_of(first["s"].take(place)), "target": ids_of(first["o"].take(place))}
        found = found.filter(pc.equal(found["g"], found["s"]))
    odd: pa.ChunkedArray | None = None  # the rows with a value that is not of the model's type
    for term, name in properties(label).items():
        said = found.filter(pc.equal(found["p"], term))
        place = pc.index_in(wanted, value_set=said["g"].combine_chunks())
        columns[name], misfit = fitting(said["o"].take(place), type_of(label, name))
        odd = misfit if odd is None else pc.or_(odd, misfit) if misfit is not None else odd
    if odd is not None:
        columns["hash"] = pc.if_else(odd, pa.scalar(None, pa.int64()), columns["hash"])
    wanted_schema = schema(label)
    return pa.table({name: columns[name] for name in wanted_schema.names}).cast(wanted_schema)


def few_rows(labels: Sequence[str], found: Iterable[Sequence[str]]) -> list[dict[str, Any] | None]:
    """`rows` for a few nodes of many labels, which is three times as fast for them: the properties of each, from (n, p, o).

    `labels` are those of the nodes, in their places. None for a vertex that no statement gives its label.
    """
    terms = {label: (class_of(label), properties(label)) for label in set(labels)}
    there = [label in EDGES for label in labels]
    known: list[dict[str, str]] = [{} for _ in labels]
    for place, term, text in found:
        node = int(place)
        own, names = terms[labels[node]]
        if term == RDF_TYPE:
            there[node] = there[node] or text == own
        elif (name := names.get(term)) and name != "hash":
            known[node].setdefault(name, text)
    types = {label: {name: type_of(label, name) for name in names.values()} for label, (_, names) in terms.items()}
    values = _values(
        {(types[label][name], text) for label, said in zip(labels, known, strict=True) for name, text in said.items()}
    )
    return [
        {name: values[types[label][name], text] for name, text in said.items()} if exists else None
        for label, said, exists in zip(labels, known, there, strict=True)
    ]


def _values(texts: set[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """(type, text) -> the value, None where it is none of that type."""
    by_type: dict[str, list[str]] = {}
    for type_, text in texts:
        by_type.setdefault(type_, []).append(text)
    return {
        (type_, text): value
        for type_, some in by_type.items()
        for text, value in zip(some, fitting(pa.chunked_array([pa.array(some, pa.string())]), type_)[0].to_pylist(), strict=True)
    }


# -- what users ask ----------------------------------------------------------------------------------------------------
def answer_table(answer: Answer) -> pa.Table:
    """The answer to a user's query: a column per variable; `answer` for ASK; subject, predicate, object for triples.

    A column whose values all have one type gets that type, all others are text. IRIs and texts are not changed.
    """
    if answer.form == "ntriples":
        lines = [found.groups() for line in answer.body.decode().split("\n") if (found := TRIPLE.match(line))]
        columns = list(zip(*lines, strict=True)) or [(), (), ()]
        return pa.table(
            dict(zip(("subject", "predicate", "object"), (pa.array(one, pa.string()) for one in columns), strict=True))
        )
    try:
        data = json.loads(answer.body)
        if "boolean" in data:
            return pa.table({"answer": [bool(data["boolean"])]})
        names, bindings = data["head"]["vars"], data["results"]["bindings"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "The SPARQL server's answer cannot be read.", "Check that it supports SPARQL 1.1 with JSON results."
        ) from error
    return pa.table({name: _column([row.get(name) for row in bindings]) for name in names})


def _column(terms: list[dict[str, Any] | None]) -> pa.ChunkedArray:
    texts = pa.chunked_array([pa.array([term and term["value"] for term in terms], pa.string())])
    types = {TYPES.get(term.get("datatype", ""), "") for term in terms if term}
    if len(types) != 1 or not (type_ := types.pop()) or type_ == "string":
        return texts
    try:
        return typed(texts, type_)
    except pa.ArrowInvalid:  # a number or date out of the range of Arrow
        return texts
