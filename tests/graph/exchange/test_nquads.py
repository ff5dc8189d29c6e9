"""N-Quads as another program reads them: every vertex, edge and value comes back, whatever stands in its texts."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from fullcircle.graph import shape
from fullcircle.graph.base import StoreContext
from fullcircle.graph.exchange.write import export
from fullcircle.graph.rdf import vocabulary
from fullcircle.graph.stores.memory import Memory
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.graph.exchange.test_round_trip import QUICK, comparable, graphs
from tests.graph.exchange.test_round_trip import rows_of as wanted_of

XSD = vocabulary.XSD
READ = {
    XSD + "string": str,
    XSD + "integer": int,
    XSD + "double": lambda text: comparable(float(text.replace("INF", "inf"))),
    XSD + "boolean": lambda text: {"true": True, "false": False}[text],
    XSD + "date": date.fromisoformat,
    XSD + "dateTime": lambda text: datetime.fromisoformat(text).replace(tzinfo=None),
}


def rows_of(quads: Iterable[Quad]) -> dict[str, dict[str, dict[str, Any]]]:
    """kind -> id -> row, read from the statements alone."""
    classes = {vocabulary.class_of(label): label for label in (*VERTICES, *EDGES)}
    labels: dict[str, str] = {}
    found: dict[str, dict[str, Any]] = {}
    for quad in quads:
        if isinstance(quad.object, NamedNode):
            node = quad.subject if quad.predicate.value == vocabulary.RDF_TYPE else quad.graph_name
            row = found.setdefault(node.value, {})
            if node == quad.subject:
                assert quad.graph_name.value == vocabulary.VERTEX_GRAPH
                labels[node.value] = classes[quad.object.value]
            else:
                labels[node.value] = classes[quad.predicate.value]
                ends = vocabulary.id_of(quad.subject.value), vocabulary.id_of(quad.object.value)
                row["source"], row["target"] = ends
            continue
        assert isinstance(quad.object, Literal)
        row = found.setdefault(quad.subject.value, {})
        assert quad.predicate.value not in row, "a property stands once"
        row[quad.predicate.value] = READ[quad.object.datatype.value](quad.object.value)
        assert quad.graph_name.value in (vocabulary.VERTEX_GRAPH, quad.subject.value)
    by_kind: dict[str, dict[str, dict[str, Any]]] = {}
    for iri, row in found.items():
        names = vocabulary.properties(labels[iri])
        id = vocabulary.id_of(iri)
        by_kind.setdefault(labels[iri], {})[id] = {"id": id, **{names.get(key, key): value for key, value in row.items()}}
    return by_kind


@QUICK
@given(store=graphs())
def test_everything_comes_back(tmp_path_factory: pytest.TempPathFactory, store: Memory) -> None:
    folder = tmp_path_factory.mktemp("export") / "files"
    written = export(store, folder, "nquads", Silent())
    quads = [quad for path in written.files for quad in parse(path=path, format=RdfFormat.N_QUADS)]
    assert rows_of(quads) == wanted_of(store)


def test_values_look_as_documented(tmp_path: Path) -> None:
    store = Memory(StoreContext(Path("unused")))
    row = dict.fromkeys(shape.schema("Customer").names) | {
        "id": "customer:1", "hash": 7, "name": 'A "B"\n\\', "birth_date": date(1999, 1, 2),
        "first_seen": datetime(2026, 1, 2, 3, 4, 5), "last_seen": datetime(2026, 1, 2, 3, 4, 5, 250000),
    }  # fmt: skip
    store.write_vertices("Customer", pa.Table.from_pylist([row], shape.schema("Customer")))
    files = export(store, tmp_path / "out", "nquads", Silent()).files
    assert [path.name for path in files] == ["vertices-customer-00001.nq"]
    graph = "<urn:fullcircle:graph/vertices> ."
    me = "<urn:fullcircle:customer:1>"
    assert files[0].read_text().splitlines() == [
        f"{me} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://fullcircle.example/ns#Customer> {graph}",
        f'{me} <https://fullcircle.example/ns#hash> "7"^^<http://www.w3.org/2001/XMLSchema#integer> {graph}',
        f'{me} <https://schema.org/name> "A \\"B\\"\\n\\\\" {graph}',
        f'{me} <https://schema.org/birthDate> "1999-01-02"^^<http://www.w3.org/2001/XMLSchema#date> {graph}',
        f'{me} <https://fullcircle.example/ns#firstSeen> "2026-01-02T03:04:05Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> '
        f"{graph}",
        f'{me} <https://fullcircle.example/ns#lastSeen> "2026-01-02T03:04:05.25Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> '
        f"{graph}",
    ]
