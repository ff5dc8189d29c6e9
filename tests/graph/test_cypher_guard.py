"""A user's Cypher passes only if it is known to read, however it is spelled; and no query can take the process along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcircle.errors import QueryError
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.cypher_guard import DEEPEST, CypherDialect, why_refused
from fullcircle.graph.stores.gremlin import guard
from fullcircle.graph.stores.ladybug.cypher import DIALECT
from fullcircle.graph.stores.ladybug.store import Ladybug
from fullcircle.graph.stores.neptune.opencypher import DIALECT as OF_NEPTUNE
from fullcircle.graph.stores.rdf.sparql import stay_here
from fullcircle.graph.stores.rdf.store import Rdf
from tests.graph import town

READING = (
    "MATCH (c:Customer) WHERE c.name = 'DELETE; DROP' RETURN c.set, c.`drop` // CREATE",
    "MATCH (c:Customer)-[p:PURCHASED]->(x:Product) RETURN x.name, sum(p.times) AS n ORDER BY n DESC LIMIT 5;",
    "MATCH p = (a:Customer)-[r:PURCHASED* SHORTEST 1..4]-(b) RETURN nodes(p), count(DISTINCT b), count(*)",
    "MATCH (c) WHERE c.email =~ '.*x' AND NOT EXISTS { MATCH (c)-[:PLACED]->(o:`Order`) WHERE o.amount > 1e-5 } RETURN c.id",
    "UNWIND [1, 2.5, -3] AS x WITH x WHERE x IN [1,2] RETURN CASE WHEN x > 1 THEN 'a' ELSE 'b' END AS y UNION ALL RETURN 1 AS y",
    "MATCH (c) OPTIONAL MATCH (c)-[:HAS_HABITS|MEMBER_OF]->(h) RETURN c, [x IN [1] WHERE x > 0 | x * 2], {a: 1, b: size(c.name)}",
    "MATCH (c) WHERE ANY(x IN labels(c) WHERE x STARTS WITH 'Cus') RETURN DISTINCT c.kind SKIP 1 LIMIT 0x10",
    "MATCH (c) /* SET */ WITH *, c.name AS created RETURN 'caf\\u00e9', \"\\u0027\", created",
)
MORE = (
    "CALL `threads`=1", "CALL threads=1", "CALL `READ_CSV_SERIAL`('x') RETURN *", "CALL read_csv_serial('x') RETURN *",
    "CALL `show_tables`", "MATCH (n) \\u0044ELETE n", "MATCH (n) \\U00000044ELETE n", "RETURN '\\u0027 DELETE n //'",
    "RETURN nextval('s')", "RETURN `nextval`('s')", "RETURN `next``val`('s')", "RETURN 1DELETE n", "WITH * DELETE n",
    "MATCH (n) RETURN n ORDER BY n.x DESC DELETE n",
    "MATCH (n) // x\r DELETE n\nRETURN n", "MATCH (n) // x\u2028 DELETE n\nRETURN n",
    "LOAD FROM 'x' RETURN *", "MATCH (n) LOAD FROM 'x' RETURN *", "RETURN 1 UNION ALL NEWWORD x", "MATCH (n) NEWCLAUSE n",
    "MATCH (n) `NEWCLAUSE` n", "MATCH (n) FOREACH (x IN [1] | SET n.a = 1)", "MATCH (n) CALL apoc.do.it('x') YIELD a RETURN a",
    "CALL { MATCH (n) DELETE n }", "x = 1", "", ";", "RETURN 'open", "RETURN 1 /* open", "RETURN `open", "RETURN 1; RETURN 2",
    "RETURN (1", "RETURN 1)", "RETURN [1)]", "MATCH (n) RETURN n.delete(1)",
    "RETURN 1\0DELETE n", "EXPLAIN CREATE (n)", "PROFILE RETURN 1",
    "RETURN " + "(" * 3000 + "1" + ")" * 3000,
    "RETURN " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "RETURN " + "1+" * 60_000 + "1",
)  # fmt: skip


@pytest.mark.parametrize("text", READING)
def test_reading_passes(text: str) -> None:
    assert why_refused(text, DIALECT) == ""
    assert why_refused(text, OF_NEPTUNE) == ""


@pytest.mark.parametrize("text", MORE, ids=lambda text: text[:40])
def test_what_is_not_known_to_read_is_refused(text: str) -> None:
    assert why_refused(text, DIALECT)
    assert why_refused(text, OF_NEPTUNE)


def test_each_engine_has_its_own_functions() -> None:
    assert why_refused("RETURN list_transform([1,2], x -> x + 1), interval('1 day')", DIALECT) == ""
    assert why_refused("CALL show_tables() RETURN *", DIALECT) == ""
    assert why_refused("CALL show_tables() RETURN *", OF_NEPTUNE)
    assert why_refused("CALL neptune.graph.pg_schema() YIELD schema RETURN schema", OF_NEPTUNE) == ""
    assert why_refused("MATCH (n) CALL { WITH n MATCH (n)--(m) RETURN count(m) AS c } RETURN c", OF_NEPTUNE) == ""
    assert why_refused("MATCH (n) CALL { WITH n SET n.a = 1 } RETURN n", OF_NEPTUNE)


WRITE = (
    "DELETE n",
    "DETACH DELETE n",
    "SET n.a = 1",
    "REMOVE n.a",
    "CREATE (:X)",
    "MERGE (:X)",
    "CALL threads=1",
    "DROP TABLE X",
    "NEW n",
)
SPACE = st.sampled_from((" ", "\n", "\t", "/* x */", " // x\n", "/**/", "\r\n"))


@given(
    st.sampled_from(READING[:1] + READING[3:]),
    st.sampled_from(WRITE),
    SPACE,
    st.sampled_from((str, str.lower, str.title)),
    st.booleans(),
)
def test_a_clause_that_writes_is_found_wherever_it_stands(
    text: str, clause: str, space: str, spelled: Callable[[str], str], first: bool
) -> None:
    clause = spelled(clause).replace(" ", space)
    whole = f"{clause}{space}{text}" if first else f"{text.partition('//')[0]}{space}{clause}"
    for dialect in (DIALECT, OF_NEPTUNE):
        assert why_refused(whole, dialect)


SOME = st.sampled_from("MATCH(n)RETURN nDELETE`'\"\\u0044;/*-{}[]:.|$1 \n")


@given(st.text(SOME), st.sampled_from((DIALECT, OF_NEPTUNE)))
def test_any_text_gets_an_answer(text: str, dialect: CypherDialect) -> None:
    assert isinstance(why_refused(text, dialect), str)


# -- the limits of the other languages ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "g.V('\\u0027).drop() //')", "g.V(\"\\u0024{System.exit(0)}\")", "g.V().\\u0064rop()",
        "g.V()" + ".out(" * 200 + ")" * 200,
        "g.V('" + "x" * 200_000 + "')",
    ],
    ids=lambda text: text[:30],
)  # fmt: skip
def test_gremlin_is_decoded_first_and_has_limits(text: str) -> None:
    with pytest.raises(QueryError):
        guard.allow(text)
    guard.allow("g.V('caf\\u00e9').out()")


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:a> <urn:b> 1 }", "PREFIX x: <urn:x> DROP ALL", "", "ASK " + "{" * 300 + "}" * 300,
        "ASK { # " + "x" * 200_000,
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_sparql_must_begin_with_reading_and_has_limits(text: str) -> None:
    with pytest.raises(QueryError):
        stay_here(text)
    stay_here("BASE <http://x.example/> PREFIX a: <b> prefix : <((((> # SELECT\n select ?x { ?x a '{{{{' }")


# -- a process of its own ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Ladybug:
    """A graph with narrow limits."""
    options = {"query_seconds": 2, "query_memory": "128MB", "query_rows": 100}
    store = Ladybug(StoreContext(tmp_path_factory.mktemp("narrow") / "graph.ladybug", options))
    store.prepare()
    town.settle_in(store)
    return store


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("UNWIND range(1, 200) AS x RETURN x", "more than 100 rows"),
        ("UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y RETURN count(x + y)", "longer than 2 seconds"),
        ("UNWIND range(1, 100000000) AS x RETURN collect(x)", "more memory than 128MB|longer than 2 seconds"),
        ("RETURN repeat('x', 2000000000)", "more memory than 128MB|longer than 2 seconds"),
        ("RETURN " + "NOT " * 20_000 + "true", "more memory|longer than|ended the process"),
    ],
)
def test_a_query_has_limits(narrow: Ladybug, text: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason):
        narrow.query(text)
    assert narrow.query("MATCH (c:Customer) RETURN count(*) AS n").to_pylist() == [{"n": 3}], "the store goes on"


def test_a_crash_of_the_engine_is_an_error_of_the_query(narrow: Ladybug, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fullcircle.graph.stores.apart.START", "import os; os.abort()")
    with pytest.raises(QueryError, match="ended the process"):
        narrow.query("RETURN 1")


def test_a_reserved_word_gets_a_hint(narrow: Ladybug) -> None:
    with pytest.raises(QueryError) as raised:
        narrow.query("MATCH (c:Order) RETURN c")
    assert "`Order`" in raised.value.hint
    assert narrow.query("MATCH (c:`Order`) RETURN c").num_rows == 0


def test_sparql_runs_apart_and_has_limits(tmp_path: Path) -> None:
    store = Rdf(StoreContext(tmp_path / "graph.rdf", {"query_seconds": 2, "query_rows": 3}))
    town.settle_in(store)
    assert store.query("SELECT ?s { ?s a <https://fullcircle.example/ns#Customer> }").num_rows == 3, "what was just written"
    with pytest.raises(QueryError, match="more than 3 rows"):
        store.query("SELECT ?s { ?s ?p ?o }")
    far = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8))
    with pytest.raises(QueryError, match="longer than 2 seconds"):
        store.query(f"SELECT (COUNT(*) AS ?n) {{ {far} }}")
    store.close()
