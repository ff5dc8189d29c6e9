"""Expressions of users only compute: whatever else they try is refused before the engine runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from tests.properties import examples

HARMLESS = [
    "name", '"odd name"', "t.name", "1", "'a''b'", "lower(name) || '-' || trim(city)", "name IS NULL",
    "NOT gone AND amount > 5",
    "CASE WHEN kind = 'x' THEN 1 ELSE 2 END", "CASE kind WHEN 'x' THEN 1 END", "CAST(amount AS DECIMAL(12,2))", "amount::INT",
    "TRY_CAST(name AS DATE)", "try(amount / 0)", "amount BETWEEN 1 AND 2", "kind IN ('a', 'b')", "kind NOT IN ('a')",
    "name LIKE 'a%'", "name ILIKE '%a'", "name NOT LIKE 'a'", "name GLOB 'a*'", "regexp_matches(name, 'a')", "name ~ 'a'",
    "name SIMILAR TO 'a'", "_raw->>'$.a'", "_raw->'a'", "json_extract_string(_raw, '$.a[0]')", "coalesce(a, b, 'c')",
    "nullif(a, '')", "ifnull(a, b)", "if(a, b, c)", "extract(year FROM day)", "date_part('year', day)",
    "strptime(name, '%d.%m.%Y')",
    "day AT TIME ZONE 'Europe/Berlin'", "day + INTERVAL 1 DAY", "current_date", "now()", "today()",
    "list_transform(l, x -> x + 1)",
    "list_transform(l, lambda x: x + 1)", "[x FOR x IN l IF x > 1]", "l[1]", "l[1:2]", "s.a.b", "{'a': 1}", "map {'a': 1}",
    "(SELECT max(x) FROM unnest(l) AS u(x))", "(SELECT string_agg(x, ',' ORDER BY x DESC) FROM unnest(l) AS u(x) WHERE x > '')",
    "(SELECT min(value) FROM json_each(_raw))", "EXISTS (SELECT 1 FROM unnest(l) AS u(x) WHERE x = 1)",
    "a IN (SELECT unnest(l))",
    "substring(name, 1, 2)", "name[1:2]", "split_part(name, ' ', 1)", "string_split(name, ' ')[1]", "left(name, 3)", "-amount",
    "amount % 2", "amount // 2", "greatest(a, b)", "md5(name)", "hash(name)", "name COLLATE NOCASE", "a IS DISTINCT FROM b",
    "a -- a word about it\n", "SELECT 1", "1, 2", "other.lower(a)", "a /* and another */", "position('a' IN name)",
    "name.upper().trim()", "count(*) OVER ()",
    "row_number() OVER (PARTITION BY a ORDER BY b DESC)", "lag(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
    "sum(a) FILTER (a > 1) OVER (PARTITION BY b)", "row(a, b)", "(a, b) = (1, 2)", "strftime(day, '%Y')", "epoch_ms(5)",
    "1) + (2",
    "isfinite(a)", "list_filter(l, x -> x.a = 1)[1].b", "a IS NOT TRUE", "DATE '2025-01-01'", "TIMESTAMP '2025-01-01'",
    "system.main.lower(a)",
    "format('{:02d}', a)", "printf('%d', a)", "translate(a, 'b', 'c')", "string_agg(a, ',') OVER ()", "uuid()", "error('x')",
    "(SELECT a UNION ALL SELECT b LIMIT 1)", "(SELECT x FROM (VALUES (1), (2)) AS v(x) LIMIT 1)",
    "(SELECT DISTINCT unnest(l) LIMIT 1)",
]  # fmt: skip
HOSTILE = [
    "(SELECT content FROM read_text('{file}'))", "(SELECT * FROM read_csv('{file}'))", "(SELECT column0 FROM '{file}')",
    "(SELECT a FROM read_blob('{file}') AS r(a))", "(SELECT file FROM glob('/*'))", '(SELECT x FROM "{file}")',
    "1) FROM read_csv('{file}') --", "1 FROM read_csv('{file}')", "1), (SELECT content FROM read_text('{file}')",
    "1); COPY (SELECT 1) TO '{file}.out'; SELECT (1", "1); ATTACH '{file}.out'; SELECT (1", "1); INSTALL httpfs; SELECT (1",
    "(SELECT count(*) FROM records)", "(SELECT 1 FROM duckdb_settings())", "(SELECT 1 FROM query('SELECT 1'))",
    "(SELECT 1 FROM query_table('records'))", "(WITH r AS (SELECT content FROM read_text('{file}')) SELECT content FROM r)",
    "(WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r)",
    "(SELECT x FROM unnest([1]) AS u(x), read_text('{file}'))", "(SELECT x FROM unnest([1]) AS u(x) JOIN '{file}' ON true)",
    "(SELECT 1 UNION ALL SELECT content FROM read_text('{file}'))", "EXISTS (FROM read_text('{file}'))",
    "(FROM read_text('{file}'))",
    "list_transform([1], x -> (SELECT content FROM read_text('{file}')))", "CASE WHEN true THEN (TABLE records) END",
    "(PIVOT records ON a USING sum(b))", "(SHOW TABLES)", "(DESCRIBE records)", "(SUMMARIZE '{file}')", "getenv('HOME')",
    "current_setting('home_directory')", "nextval('s')", "write_log('x')", "sleep_ms(100000)", "pg_sleep(10)",
    "getvariable('x')",
    "http_get('http://127.0.0.1:1/')", "st_read('{file}')", "no_such_function(a)", "$1", "?",
    "current_query()", "read_text('{file}')", "read_csv('{file}')", "count(*) FROM '{file}'", "", " ", ";", "1;", "--",
    "a -- a comment that would hide what follows",
    "json_execute_serialized_sql(json_serialize_sql('SELECT 1'))", "1) AS a WHERE (true", "1) ORDER BY (2", "1) LIMIT (2",
    "(" * 3000 + "1" + ")" * 3000, "1" + "+1" * 20_000, "sum(a) OVER (ORDER BY (SELECT content FROM read_text('{file}')))",
    "a IN (FROM '{file}')", "a COLLATE (SELECT 1)", "PRAGMA database_list", "(CALL pragma_version())",
    "[x FOR x IN read_text('{file}')]",
    "(SELECT 1 FROM parquet_scan('{file}'))", "(SELECT 1 FROM sniff_csv('{file}'))", "(SELECT 1 FROM iceberg_scan('s3://a/b'))",
    "(SELECT 1 FROM 'https://127.0.0.1:1/a.csv')", "(SELECT a FROM (DELETE FROM records RETURNING a))", "lower(a) FROM records",
    "(SELECT 1 FROM engine)", "(SELECT max(x) FROM unnest((SELECT content FROM read_text('{file}'))) AS u(x))",
]  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    engine = DuckDB(threads=1)
    yield engine
    engine.close()


@pytest.mark.parametrize("expression", HARMLESS)
def test_what_only_computes_is_allowed(engine: DuckDB, expression: str) -> None:
    assert engine.refusal(expression) == ""


@pytest.mark.parametrize("expression", HOSTILE, ids=lambda text: text[:60])
def test_what_does_more_is_refused(engine: DuckDB, tmp_path: Path, expression: str) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n")
    assert engine.refusal(expression.replace("{file}", str(file))) != ""
    assert [one.name for one in tmp_path.iterdir()] == ["secret.csv"]


WORDS = [
    "1",
    "(",
    ")",
    "SELECT",
    "FROM",
    "read_text",
    "'/etc/hostname'",
    ",",
    "lower",
    "a",
    "--\n",
    "/*",
    "*/",
    ";",
    "unnest",
    "[1]",
    "AS",
    "UNION",
]


@settings(max_examples=examples(30, soak=600), deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_no_mix_of_words_that_is_allowed_reads_a_file(words: str) -> None:
    engine = DuckDB(threads=1)
    if not engine.refusal(words):
        plan = engine.rows("SELECT json_serialize_sql($q)", {"q": f"SELECT CAST(({words}) AS VARCHAR) AS x WHERE (true)"})[0][0]
        assert '"function_name":"read_text"' not in plan
        assert "BASE_TABLE" not in plan
    engine.close()


@pytest.mark.parametrize(
    "expression",
    ["trim(a) || 'x'", "CASE WHEN a IN ('x') THEN CAST(b AS DATE) END", "nullif(split_part(a, ',', 1), '')",
     "list_filter([a], lambda x: x > 1)",
     "a ->> '$.b'", "strptime(a, '%d.%m.%Y')", "'current_date'"],
)  # fmt: skip
def test_what_depends_on_its_row_alone(engine, expression):
    assert engine.is_of_row(expression)


@pytest.mark.parametrize(
    "expression",
    ["max(a) OVER (PARTITION BY b)", "current_date", "CASE WHEN a > now() THEN 1 END", "ago(INTERVAL 1 DAY)", "age(a)", "today()",
     "random()", "uuid()", "_seq", "(SELECT max(x) FROM unnest([1]) t(x))", "localtimestamp"],
)  # fmt: skip
def test_what_depends_on_more_than_its_row(engine, expression):
    assert not engine.is_of_row(expression)
