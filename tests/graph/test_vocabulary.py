"""The vocabulary: ids are IRIs and back, terms are told apart, and what is written down in docs/vocabulary is up to date."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Store

from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph import ontology, vocabulary
from fullcircle.graph.base import StoreSetting
from fullcircle.graph.exchange.write import export
from fullcircle.graph.stores.memory import Memory
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.graph import town

FOLDER = Path(__file__).parents[2] / "docs" / "vocabulary"
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
SHACL = "PREFIX sh: <http://www.w3.org/ns/shacl#> "


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(TEXT, st.text("%3E>:/ aé", max_size=12)), min_size=1, unique=True))
def test_any_id_is_an_iri_and_back(ids: list[str]) -> None:
    iris = [vocabulary.iri(id) for id in ids]
    assert len(set(iris)) == len(ids)
    assert not {vocabulary.VERTEX_GRAPH, vocabulary.MARK_GRAPH} & set(iris)
    assert [vocabulary.id_of(iri) for iri in iris] == ids
    assert [NamedNode(iri).value for iri in iris] == iris, "an RDF library takes it as it is"
    assert vocabulary.ids_of(pa.chunked_array([iris], pa.string())).to_pylist() == ids
    engine = DuckDB(memory="100MB", threads=1)
    with engine.lend("page", pa.table({"id": pa.array(ids, pa.string()), "n": range(len(ids))})):
        in_sql = engine.rows(f"SELECT {vocabulary.iri_sql('id')} FROM page ORDER BY n")
    engine.close()
    assert [row[0] for row in in_sql] == [f"<{iri}>" for iri in iris]


def test_ids_read_well() -> None:
    assert vocabulary.iri("record:crm:contacts:17") == "urn:fullcircle:record:crm:contacts:17"
    assert vocabulary.iri("placed:a>b c") == "urn:fullcircle:placed:a%3Eb%20c"
    assert vocabulary.id_of("https://elsewhere.example/x") == ""


def test_terms_are_told_apart() -> None:
    for kind in (*VERTICES, *EDGES):
        terms = vocabulary.properties(kind)
        assert set(terms.values()) == {"hash", *{**VERTICES, **EDGES}[kind].properties}
    assert vocabulary.predicate("given_name") == "https://schema.org/givenName"
    assert vocabulary.predicate("next_order") == "https://fullcircle.example/ns#nextOrder"
    assert vocabulary.class_of("Customer") == "https://fullcircle.example/ns#Customer"


@pytest.mark.parametrize("name", ontology.FILES)
def test_what_is_written_down_is_up_to_date(name: str) -> None:
    made = ontology.FILES[name]()
    assert (FOLDER / name).read_text(encoding="utf-8") == made, (
        "make it anew: python -m fullcircle.graph.ontology docs/vocabulary"
    )


def test_every_term_of_ours_is_explained() -> None:
    told = Store()
    told.load(path=FOLDER / "fullcircle.ttl", format=RdfFormat.TURTLE)
    explained = {quad.subject.value for quad in told}
    used = {vocabulary.class_of(kind) for kind in (*VERTICES, *EDGES)}
    used |= {term for kind in (*VERTICES, *EDGES) for term in vocabulary.properties(kind)}
    assert {term for term in used if term.startswith(vocabulary.FC)} == explained


def shaped(folder: Path, *broken: tuple[str, str]) -> Store:
    """The town as RDF beside the shapes, with some statements changed: (before, after) in the text of N-Quads."""
    memory = Memory(StoreSetting(Path("unused")))
    town.settle_in(memory)
    store = Store()
    store.load(path=FOLDER / "shapes.ttl", format=RdfFormat.TURTLE)
    for path in export(memory, folder, "nquads", Silent()).files:
        text = path.read_text()
        for before, after in broken:
            text = text.replace(before, after)
        store.load(text, format=RdfFormat.N_QUADS)
    return store


# What SHACL says with sh:datatype, sh:maxCount, sh:minCount and sh:class, asked as queries that must find nothing.
BREAKS = {
    "datatype": """SELECT ?node ?path { GRAPH ?h { ?node a ?class } ?shape sh:targetClass ?class ; sh:property ?rule .
        ?rule sh:path ?path ; sh:datatype ?type . GRAPH ?g { ?node ?path ?value } FILTER (datatype(?value) != ?type) }""",
    "twice": """SELECT ?node ?path { GRAPH ?h { ?node a ?class } ?shape sh:targetClass ?class ; sh:property ?rule .
        ?rule sh:path ?path ; sh:maxCount 1 . GRAPH ?g { ?node ?path ?one, ?two } FILTER (?one != ?two) }""",
    "missing": """SELECT ?node ?path { GRAPH ?h { ?node a ?class } ?shape sh:targetClass ?class ; sh:property ?rule .
        ?rule sh:path ?path ; sh:minCount 1 . FILTER NOT EXISTS { GRAPH ?g { ?node ?path ?value } } }""",
    "class": """SELECT ?node ?path { GRAPH ?h { ?node a ?class } ?shape sh:targetClass ?class ; sh:property ?rule .
        ?rule sh:path ?path ; sh:class ?other . GRAPH ?g { ?node ?path ?value }
        FILTER NOT EXISTS { GRAPH ?i { ?value a ?other } } }""",
    "unknown": """SELECT ?node ?path { GRAPH ?h { ?node a ?class } GRAPH ?g { ?node ?path ?value }
        FILTER (?path != <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>) ?shape sh:targetClass ?class
        FILTER NOT EXISTS { ?shape sh:property/sh:path ?path } }""",
    "edge": """SELECT ?node ?path { ?shape sh:targetSubjectsOf ?path ; sh:property ?rule .
        ?rule sh:path ?path ; sh:datatype ?type . GRAPH ?g { ?node ?path ?value } FILTER (datatype(?value) != ?type) }""",
}


def test_the_town_keeps_the_shapes(tmp_path: Path) -> None:
    store = shaped(tmp_path)
    targets = list(store.query(SHACL + "SELECT ?c { ?s sh:targetClass ?c }"))
    assert len(targets) == len(VERTICES)
    for name, query in BREAKS.items():
        assert not list(store.query(SHACL + query)), name


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("datatype", '"1815-12-10"^^<http://www.w3.org/2001/XMLSchema#date>', '"long ago"'),
        ("missing", "ns#hash>", "ns#hush>"),
        ("unknown", "ns#hash>", "ns#hush>"),
        ("class", "ns#Category>", "ns#Habits>"),
        ("edge", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>', '"three"'),
    ],
)
def test_the_shapes_find_what_is_wrong(tmp_path: Path, name: str, before: str, after: str) -> None:
    store = shaped(tmp_path, (before, after))
    assert list(store.query(SHACL + BREAKS[name]))
