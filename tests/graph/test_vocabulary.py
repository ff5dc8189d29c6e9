"""The vocabulary: ids are IRIs and back, terms are told apart, and what is written down in docs/vocabulary is up to date."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Store
from pyshacl import validate
from rdflib import RDF, SH, Dataset, Graph

from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import StoreContext
from fullcircle.graph.exchange.write import export
from fullcircle.graph.rdf import ontology, vocabulary
from fullcircle.graph.stores.memory import Memory
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.graph import town
from tests.properties import examples

FOLDER = Path(__file__).parents[2] / "docs" / "vocabulary"
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@settings(max_examples=examples(20, soak=250), deadline=None)
@given(st.lists(st.one_of(TEXT, st.text("%3E>:/ aé", max_size=12)), min_size=1, unique=True))
def test_any_id_is_an_iri_and_back(ids: list[str]) -> None:
    iris = [vocabulary.iri(id) for id in ids]
    assert len(set(iris)) == len(ids)
    assert not {vocabulary.VERTEX_GRAPH, vocabulary.STAMP_GRAPH} & set(iris)
    assert [vocabulary.id_of(iri) for iri in iris] == ids
    assert [NamedNode(iri).value for iri in iris] == iris, "an RDF library takes it as it is"
    assert vocabulary.ids_of(pa.chunked_array([iris], pa.string())).to_pylist() == ids
    engine = DuckDB(memory="100MB", threads=1)
    with engine.register("page", pa.table({"id": pa.array(ids, pa.string()), "n": range(len(ids))})):
        in_sql = engine.rows(f"SELECT {vocabulary.iri_sql('id')} FROM page ORDER BY n")
    engine.close()
    assert [row[0] for row in in_sql] == [f"<{iri}>" for iri in iris]


def test_ids_read_well() -> None:
    assert vocabulary.iri("record:crm:contacts:17") == "urn:fullcircle:record:crm:contacts:17"
    assert vocabulary.iri("placed:a>b c") == "urn:fullcircle:placed:a%3Eb%20c"
    assert vocabulary.id_of("https://elsewhere.example/x") == ""


def test_terms_are_told_apart() -> None:
    for label in (*VERTICES, *EDGES):
        terms = vocabulary.properties(label)
        assert set(terms.values()) == {"hash", *{**VERTICES, **EDGES}[label].properties}
    assert vocabulary.predicate("given_name") == "https://schema.org/givenName"
    assert vocabulary.predicate("next_order") == "https://fullcircle.example/ns#nextOrder"
    assert vocabulary.class_of("Customer") == "https://fullcircle.example/ns#Customer"


@pytest.mark.parametrize("name", ontology.FILES)
def test_what_is_written_down_is_up_to_date(name: str) -> None:
    made = ontology.FILES[name]()
    assert (FOLDER / name).read_text(encoding="utf-8") == made, (
        "make it anew: python -m fullcircle.graph.rdf.ontology docs/vocabulary"
    )


def test_every_term_of_ours_is_explained() -> None:
    graph = Store()
    graph.load(path=FOLDER / "fullcircle.ttl", format=RdfFormat.TURTLE)
    explained = {quad.subject.value for quad in graph}
    used = {vocabulary.class_of(label) for label in (*VERTICES, *EDGES)}
    used |= {term for label in (*VERTICES, *EDGES) for term in vocabulary.properties(label)}
    assert {term for term in used if term.startswith(vocabulary.FC)} == explained


def town_as_rdf(folder: Path, *broken: tuple[str, str]) -> Graph:
    """The town as RDF, all graphs in one, with some statements changed: (before, after) in the text of N-Quads."""
    memory = Memory(StoreContext(Path("unused")))
    town.settle_in(memory)
    found = Dataset(default_union=True)
    for path in export(memory, folder, "nquads", Silent()).files:
        text = path.read_text()
        for before, after in broken:
            text = text.replace(before, after)
        found.parse(data=text, format="nquads")
    return Graph().parse(data=found.serialize(format="nt"), format="nt")


def complaints(graph: Graph) -> set[str]:
    """The constraints of our shapes that the graph breaks, as a SHACL engine sees it."""
    fits, report, _ = validate(graph, shacl_graph=Graph().parse(FOLDER / "shapes.ttl"))
    found = {str(named).rpartition("#")[2] for named in report.objects(None, SH.sourceConstraintComponent)}
    assert fits == (not found)
    return found


def test_the_town_keeps_the_shapes(tmp_path: Path) -> None:
    shapes = Graph().parse(FOLDER / "shapes.ttl")
    assert len(set(shapes.objects(None, SH.targetClass))) == len(VERTICES)
    assert complaints(town_as_rdf(tmp_path)) == set()


@pytest.mark.parametrize(
    ("constraint", "before", "after"),
    [
        ("Datatype", '"1815-12-10"^^<http://www.w3.org/2001/XMLSchema#date>', '"long ago"'),
        ("MinCount", "ns#hash>", "ns#hush>"),
        ("MaxCount", "ns#records>", "ns#hash>"),
        ("Class", "ns#Category>", "ns#Habits>"),
        ("Datatype", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>', '"three"'),
    ],
)
def test_the_shapes_find_what_is_wrong(tmp_path: Path, constraint: str, before: str, after: str) -> None:
    assert f"{constraint}ConstraintComponent" in complaints(town_as_rdf(tmp_path, (before, after)))


def test_every_property_of_the_town_is_in_its_shape(tmp_path: Path) -> None:
    """Shapes let pass what they do not name, so this is asked by hand."""
    unknown = """SELECT ?path { ?node a ?class ; ?path ?value . ?shape sh:targetClass ?class FILTER (?path != rdf:type)
        FILTER NOT EXISTS { ?shape sh:property/sh:path ?path } }"""
    for broken, some in (((), False), ((("ns#hash>", "ns#hush>"),), True)):
        graph = town_as_rdf(tmp_path / str(some), *broken).parse(FOLDER / "shapes.ttl")
        assert bool(list(graph.query(unknown, initNs={"sh": SH, "rdf": RDF}))) == some
