"""Buyers on rows of orders whose whole name is that of a company in another list: that company, and no person. See below."""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.mapping.by_name import same_company
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress


def name_known_companies(engine: Engine, organisations: str, progress: Progress) -> None:
    """Make organisations of the staged buyers with such names; `organisations` (SQL): the words for that kind in sources.

    A name that a person also has, given and family name apart, stays as it is.
    """
    buyers = (
        "FROM staged_records WHERE kind IS NULL AND given_name IS NULL AND family_name IS NULL AND full_name IS NOT NULL "
        "AND (source, object) IN (SELECT (source, object) FROM staged_orders)"
    )
    if not engine.rows(f"SELECT 1 {buyers} LIMIT 1"):
        return
    companies = (
        f"SELECT source, object, {same_company('name')} AS name FROM staged_accounts UNION "
        f"SELECT source, object, {same_company('coalesce(organisation, full_name)')} FROM staged_records "
        f"WHERE lower(kind) IN ({organisations})"
    )
    apart = "given_name IS NOT NULL AND family_name IS NOT NULL"
    people = f"SELECT concat_ws(' ', given_name, family_name) FROM staged_records WHERE {apart}"
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE known_companies AS
        WITH companies AS (FROM ({companies}) WHERE name IS NOT NULL),
            people AS (SELECT {same_company("name")} AS name FROM ({people}) p(name)),
            buyers AS (SELECT record_id, source, object, {same_company("full_name")} AS name {buyers})
        SELECT DISTINCT b.record_id FROM buyers b JOIN companies c ON c.name = b.name
        WHERE (c.source, c.object) <> (b.source, b.object) AND NOT EXISTS (SELECT 1 FROM people p WHERE p.name = b.name)""")
    if found := engine.count("known_companies"):
        engine.run("UPDATE staged_records SET kind = 'organisation' WHERE record_id IN (FROM known_companies)")
        progress.say(
            f"{counted(found, 'buyer has', 'buyers have')} exactly the name of a company in another list, and of no person: "
            "they became organisations."
        )
    engine.run("DROP TABLE temp.known_companies")
