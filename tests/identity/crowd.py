# ruff: noqa: E501  (SQL expressions read better on one line here)
"""A made-up crowd of any size: households with shared names, addresses, phones and e-mails; several records a person.

Everything is drawn by hashing, so the same size and seed give the same crowd. `truth` says who each record really is.
"""

from __future__ import annotations

from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.prepare import _nicknames
from fullcircle.model.tables import ADDRESSES, IDENTIFIERS, RECORDS

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def make_crowd(engine: DuckDB, households: int, seed: int = 7) -> None:
    """Fill records, identifiers, addresses and truth: about 5.2 records for each household, 2.4 for each person."""
    for table in (RECORDS, IDENTIFIERS, ADDRESSES):
        engine.run(table.ddl())
    engine.run(f"CREATE OR REPLACE MACRO draw(key, what) AS (hash({seed}, key, what) % 1000003) / 1000003.0")
    engine.run(
        "CREATE OR REPLACE MACRO syllable(n) AS substr('bdfglmnprstvkhz', 1 + n % 15, 1) || substr('aeiouaeio', 1 + (n // 15) % 9, 1)"
    )
    engine.run("CREATE OR REPLACE MACRO made_up(n) AS syllable(n * 7919 + 3) || syllable(n * 104729 // 135 + n) || substr('nrslmktd', 1 + (n * 31 + n // 8) % 8, 1) || syllable(n * 15485863 // 7 + n)")  # fmt: skip
    engine.run("CREATE OR REPLACE MACRO zipf(u, n) AS CAST(floor(30 * pow((n + 30) / 30.0, u)) AS BIGINT) - 29")
    engine.run(f"""CREATE OR REPLACE MACRO mistyped(word, key) AS CASE CAST(floor(draw(key, 'kind of typo') * 3) AS INTEGER)
        WHEN 0 THEN left(word, 1 + CAST(draw(key, 'p') * (length(word) - 2) AS INTEGER)) || substr(word, 3 + CAST(draw(key, 'p') * (length(word) - 2) AS INTEGER))
        WHEN 1 THEN left(word, 1 + CAST(draw(key, 'p') * (length(word) - 2) AS INTEGER)) || substr('{LETTERS}', 1 + CAST(floor(draw(key, 'l') * 26) AS INTEGER), 1)
            || substr(word, 3 + CAST(draw(key, 'p') * (length(word) - 2) AS INTEGER))
        ELSE left(word, 2) || substr(word, 2, 1) || substr(word, 3) END""")
    with engine.register("nickname_rows", _nicknames()):
        engine.run("""CREATE OR REPLACE TEMP TABLE givens AS
            SELECT row_number() OVER (ORDER BY hash(root)) AS n, root AS given, list(name ORDER BY name) FILTER (WHERE name <> root) AS shorts
            FROM nickname_rows GROUP BY root""")
    engine.run("INSERT INTO givens SELECT (SELECT max(n) FROM givens) + i, made_up(i + 500000), NULL FROM range(1, 400) t(i)")
    _people(engine, households)
    _records(engine)


def _people(engine: DuckDB, households: int) -> None:
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE homes AS
        SELECT h, made_up(zipf(draw(h, 'surname'), 30000)) AS family,
            CASE WHEN draw(h, 'size') < .35 THEN 1 WHEN draw(h, 'size') < .65 THEN 2 WHEN draw(h, 'size') < .80 THEN 3 WHEN draw(h, 'size') < .93 THEN 4 ELSE 5 END AS size
        FROM range({households}) t(h)""")
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE people AS
        WITH born AS (
            SELECT h * 10 + m AS p, h, m, size, family AS home_family,
                CASE WHEN m >= 2 THEN 2024 - 12 - CAST(draw(h * 10 + m, 'y') * 20 AS INTEGER) ELSE 1990 - CAST(draw(h, 'y') * 45 + draw(h * 10 + m, 'dy') * 6 AS INTEGER) END AS year,
                draw(h * 10 + m, 'd') AS day, draw(h * 10 + m, 'g') < .5 AS male
            FROM homes, range(5) t(m) WHERE m < size)
        SELECT b.*, CASE WHEN m = 3 AND draw(h, 'twins') < .05 THEN true ELSE false END AS twin,
            CASE WHEN draw(p, 'other name') < .10 THEN made_up(zipf(draw(p, 'surname'), 30000)) ELSE home_family END AS family,
            CASE WHEN NOT male AND draw(p, 'married') < .08 THEN made_up(zipf(draw(p, 'second surname'), 30000)) END AS maiden,
            CASE WHEN draw(p, 'moved') < .15 THEN {households} + p ELSE h END AS other_home,
            CASE WHEN m = 2 AND draw(h, 'namesake') < .03 THEN zipf(draw(h * 10, 'given'), (SELECT max(n) FROM givens)) ELSE zipf(draw(p, 'given'), (SELECT max(n) FROM givens)) END AS given_n
        FROM born b""")
    engine.run("""
        CREATE OR REPLACE TEMP TABLE persons AS
        SELECT p.* REPLACE (coalesce(o.year, p.year) AS year), make_date(coalesce(o.year, p.year), 1, 1) + CAST(floor(coalesce(o.day, p.day) * 365) AS INTEGER) AS birth,
            g.given, g.shorts, g.given || '.' || p.family || (p.p % 97) || '@' || ['mail', 'post', 'inbox', 'letters'][1 + p.p % 4] || '.example' AS email,
            g.given || (p.p % 9973) || '@work' || (p.h % 300) || '.example' AS second_email,
            '+1217' || printf('%07d', hash(p.p, 'mobile') % 10000000) AS mobile, '+1309' || printf('%07d', hash(p.h, 'line') % 10000000) AS line,
            'home.' || p.home_family || (p.h % 97) || '@mail.example' AS home_email
        FROM people p JOIN givens g ON g.n = p.given_n LEFT JOIN people o ON p.twin AND o.h = p.h AND o.m = 2""")


def _records(engine: DuckDB) -> None:
    engine.run("""
        CREATE OR REPLACE TEMP TABLE written AS
        WITH several AS (
            SELECT *, p * 10 + k AS r, CASE WHEN draw(p * 10 + k, 'which home') < .5 THEN h ELSE other_home END AS home,
                CASE WHEN draw(p * 10 + k, 'which name') < .5 THEN coalesce(maiden, family) ELSE family END AS family_used
            FROM persons, range(5) t(k)
            WHERE k <= CASE WHEN draw(p, 'records') < .4 THEN 0 WHEN draw(p, 'records') < .67 THEN 1 WHEN draw(p, 'records') < .85 THEN 2 WHEN draw(p, 'records') < .95 THEN 3 ELSE 4 END)
        SELECT r, p, h, ['crm', 'shop', 'desk', 'news'][1 + CAST(floor(draw(r, 'source') * 4) AS INTEGER)] AS source,
            CASE WHEN draw(r, 'given') < .02 THEN NULL WHEN draw(r, 'given') < .07 THEN left(given, 1)
                 WHEN draw(r, 'given') < .19 THEN coalesce(shorts[1 + CAST(floor(draw(r, 'short') * len(shorts)) AS INTEGER)], given)
                 WHEN draw(r, 'given') < .23 THEN mistyped(given, r) ELSE given END AS given_name,
            CASE WHEN draw(r, 'family') < .02 THEN NULL WHEN draw(r, 'family') < .05 THEN mistyped(family_used, r + 1) ELSE family_used END AS family_name,
            CASE WHEN draw(r, 'birth') < .40 THEN NULL WHEN draw(r, 'birth') < .43 THEN birth + CAST(draw(r, 'off') * 9 AS INTEGER)
                 WHEN draw(r, 'birth') < .44 AND day(birth) <= 12 THEN make_date(year(birth), day(birth), month(birth)) ELSE birth END AS birth_date,
            CASE WHEN draw(r, 'gender') < .5 THEN NULL WHEN male THEN 'male' ELSE 'female' END AS gender,
            CASE WHEN draw(r, 'email') < .22 THEN NULL WHEN draw(r, 'email') < .32 THEN home_email WHEN draw(r, 'email') < .47 THEN second_email
                 WHEN draw(r, 'email') < .474 THEN 'none@none.example' WHEN draw(r, 'email') < .49 THEN mistyped(email, r) ELSE email END AS email,
            CASE WHEN draw(r, 'phone') < .35 THEN NULL WHEN draw(r, 'phone') < .55 THEN line ELSE mobile END AS phone,
            CASE WHEN draw(r, 'street') < .25 THEN NULL ELSE (1 + home % 240) || ' ' || made_up(zipf(draw(home, 'street'), 8000)) || ' '
                || ['Street', 'St', 'Road', 'Rd', 'Lane'][1 + CAST(floor(draw(r, 'kind') * 2) AS INTEGER) + 2 * (home % 2)] END AS street,
            made_up(zipf(draw(home // 40, 'city'), 900)) AS city, printf('%05d', (home // 40) * 7 % 99991) AS postcode
        FROM several""")
    engine.run("""
        INSERT INTO records BY NAME
        SELECT 'record:' || source || ':people:' || r AS record_id, 'person' AS kind, given_name, family_name,
            nullif(concat_ws(' ', given_name, family_name), '') AS full_name, birth_date, gender, email, phone, street,
            CASE WHEN street IS NOT NULL THEN city END AS city, CASE WHEN street IS NOT NULL AND draw(r, 'pc') < .8 THEN postcode END AS postcode,
            source, 'people' AS object, CAST(r AS VARCHAR) AS key, TIMESTAMP '2024-01-01' + to_seconds(r % 9999991) AS updated_at
        FROM written ORDER BY r""")
    engine.run("""
        INSERT INTO identifiers BY NAME
        SELECT 'e' || record_id AS identifier_row, record_id, 'email' AS kind, email AS value, source, object, key FROM records WHERE email IS NOT NULL
        UNION ALL BY NAME
        SELECT 'p' || record_id AS identifier_row, record_id, 'phone' AS kind, phone AS value, source, object, key FROM records WHERE phone IS NOT NULL""")
    engine.run(
        "CREATE OR REPLACE TABLE truth AS SELECT 'record:' || source || ':people:' || r AS record_id, CAST(p AS VARCHAR) AS entity_id FROM written"
    )
