"""Landed rows that no map leads to, but that have an identifier of the person in a cell: of objects that are not mapped, too.

Such a row is taken away as a whole, unless the maps make rows of others of it: then the fields with the identifier are emptied.
"""

from __future__ import annotations

import json

from fullcircle.connectors.erased_rows import ErasedRows, erased_rows
from fullcircle.desk import Desk
from fullcircle.engine.base import Engine, literal
from fullcircle.govern.suppressed import Suppressed
from fullcircle.govern.tokens import tokens_of_json
from fullcircle.mapping.traced import LANDED, TRACED


def rows_beside(desk: Desk, suppressed: Suppressed) -> list[tuple[str, str, str, str]]:
    """Entries for the list (customer, kind, digest, detail) of the rows with one of `own_values` that are not yet found.

    Adds them to the landed rows that were found.
    """
    engine = desk.engine
    values = [("value", str(row[0]), "") for row in engine.rows("SELECT digest FROM own_values")]
    engine.run("CREATE OR REPLACE TEMP TABLE beside (source VARCHAR, object VARCHAR, landed VARCHAR, raw VARCHAR)")
    with erased_rows(engine, suppressed, values) as erased:
        for source, object in desk.landing.objects():
            _hold(desk, erased, source, object)
    engine.run(f"DELETE FROM beside WHERE (source, object, landed) IN (SELECT (source, object, landed) FROM {LANDED})")
    _name_fields(engine)
    engine.run(
        f"INSERT INTO {LANDED} (source, object, landed, erasure, patch) "
        "SELECT source, object, landed, customer, patch FROM beside_found"
    )
    row = suppressed.digest_sql("concat_ws(chr(31), 'row', source, object, landed)")
    kind = "CASE WHEN patch IS NULL THEN 'row' ELSE 'part' END"
    return engine.rows(f"SELECT customer, {kind}, {row}, coalesce(patch, '') FROM beside_found")


def _hold(desk: Desk, erased: ErasedRows, source: str, object: str) -> None:
    for path in desk.landing.files(source, object):
        rows = desk.landing.read(source, path)
        places = erased.found(source, object, rows)
        if len(places):
            with desk.engine.register("beside_rows", rows.take(places).select(["_key", "_raw"])):
                desk.engine.run(f"INSERT INTO beside SELECT {literal(source)}, {literal(object)}, _key, _raw FROM beside_rows")


def _name_fields(engine: Engine) -> None:
    """Make `beside_found` (source, object, landed, customer, patch): the patch where the landed row makes rows of others."""
    engine.run(
        "CREATE OR REPLACE TEMP TABLE beside_fields AS SELECT row_number() OVER () AS n, * FROM ("
        "SELECT *, unnest(json_keys(raw)) AS field FROM beside WHERE json_valid(raw)) WHERE NOT contains(field, '\"')"
    )
    cells = "SELECT n, json_extract_string(raw, '$.\"' || field || '\"') AS cell FROM beside_fields"
    tokens = tokens_of_json(
        f"SELECT n, CAST(to_json(cell) AS VARCHAR) AS raw FROM ({cells}) WHERE NOT (cell LIKE '[%' OR cell LIKE '{{%') "
        f"UNION ALL SELECT n, cell FROM ({cells}) WHERE cell LIKE '[%' OR cell LIKE '{{%'",
        "raw",
    )
    others = f"""SELECT DISTINCT source, object, landed FROM {TRACED} WHERE name = 'records' OR len(owners) > 0"""
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE beside_found AS
        SELECT source, object, landed, min(customer) AS customer,
            CASE WHEN bool_or(o.landed IS NOT NULL) THEN list(DISTINCT field) END AS fields, CAST(NULL AS VARCHAR) AS patch
        FROM ({tokens}) JOIN own_values USING (token) JOIN beside_fields USING (n)
            LEFT JOIN ({others}) o USING (source, object, landed)
        GROUP BY source, object, landed""")
    for (fields,) in engine.rows("SELECT DISTINCT fields FROM beside_found WHERE fields IS NOT NULL"):
        patch = json.dumps(dict.fromkeys(sorted(fields)))
        engine.run("UPDATE beside_found SET patch = $patch WHERE fields = $fields", {"patch": patch, "fields": fields})
    engine.run("DROP TABLE beside_fields; DROP TABLE beside")
