from fullcircle.engine.base import fingerprint
from fullcircle.engine.duckdb import DuckDB
from fullcircle.insights.base import owned_labels
from fullcircle.insights.tables import empty, fill_edges, fill_vertices
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.label import PROPERTY_TYPES

EDGE = "SELECT 'customer:a' AS source, 'product:b' AS target, 'x' AS why, 2.0 AS rank, 1 AS score"


def test_edges_have_ids_types_and_hash_of_ends_and_properties():
    engine = DuckDB(threads=1)
    assert fill_edges(engine, "MAY_LIKE", EDGE) == 1
    types = engine.columns("edges_may_like")
    properties = EDGES["MAY_LIKE"].properties
    assert types == {
        **dict.fromkeys(("id", "source", "target"), "VARCHAR"), "hash": "BIGINT",
        **{name: PROPERTY_TYPES[type_] for name, type_ in properties.items()},
    }  # fmt: skip
    assert engine.value("SELECT id FROM edges_may_like") == "may_like:customer:a>product:b"
    assert engine.value(f"SELECT hash = {fingerprint('source', 'target', *properties)} FROM edges_may_like") is True


def test_vertices_are_hashed_by_their_properties():
    engine = DuckDB(threads=1)
    properties = VERTICES["Habits"].properties
    fill_vertices(engine, "Habits", f"SELECT 'habits:a' AS id, {', '.join(f'NULL AS {name}' for name in properties)}")
    assert engine.value(f"SELECT hash = {fingerprint(*properties)} FROM vertices_habits") is True


def test_a_changed_property_changes_the_hash():
    engine = DuckDB(threads=1)
    fill_edges(engine, "MAY_LIKE", EDGE)
    before = engine.value("SELECT hash FROM edges_may_like")
    fill_edges(engine, "MAY_LIKE", EDGE.replace("'x'", "'y'"))
    assert engine.value("SELECT hash FROM edges_may_like") != before


def test_emptied_tables_keep_their_columns():
    engine = DuckDB(threads=1)
    engine.run("CREATE TABLE insight_next_product AS SELECT 1 AS x")
    fill_edges(engine, "MAY_LIKE", EDGE)
    types = engine.columns("edges_may_like")
    empty(engine, "next_product")
    assert (engine.count("edges_may_like"), engine.columns("edges_may_like")) == (0, types)
    assert not engine.has("insight_next_product")


def test_labels_are_owned_by_the_insight_they_name():
    assert owned_labels("habits") == ("Habits", "HAS_HABITS")
    assert owned_labels("next_product") == ("MAY_LIKE",)
    assert owned_labels("weekday") == ()
