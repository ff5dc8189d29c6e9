"""Companies and institutions in the fields for the names of people: each becomes an organisation, row by row.

A column `Buyer` holds people and companies, a shop's `Last name` holds `ACME Ltd`. What the source says of the kind stands before
what its name shows. See `name_organisations`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.mapping.reading.organisations import is_organisation
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

PARTS = "nullif(concat_ws(' ', given_name, middle_name, family_name), '')"


def name_organisations(engine: Engine, kinds: str, progress: Progress) -> None:
    """Make organisations of the staged records whose name says so; `kinds` (SQL): the words for a kind in sources."""
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE names_of_organisations AS SELECT name, several FROM (SELECT DISTINCT "
        f"coalesce({PARTS}, full_name) AS name, given_name IS NOT NULL AND family_name IS NOT NULL AS several "
        f"FROM staged_records WHERE coalesce(lower(kind) NOT IN ({kinds}), true)) WHERE name IS NOT NULL "
        f"AND (NOT several OR name <> upper(name)) AND {is_organisation('name')}"  # `MARIA` and `SA` are a person
    )
    if engine.count("names_of_organisations"):
        those = (
            f"coalesce(lower(kind) NOT IN ({kinds}), true) AND EXISTS (SELECT 1 FROM names_of_organisations n "
            f"WHERE n.name = coalesce({PARTS}, full_name) AND n.several = (given_name IS NOT NULL AND family_name IS NOT NULL))"
        )
        found = engine.value(f"SELECT count(*) FROM staged_records WHERE {those}")
        engine.run(
            f"UPDATE staged_records SET kind = 'organisation', full_name_raw = coalesce(full_name_raw, full_name, {PARTS}), "
            f"full_name = coalesce({PARTS}, full_name), given_name = NULL, middle_name = NULL, family_name = NULL WHERE {those}"
        )
        progress.say(
            f"{counted(found, 'name is', 'names are')} of companies or institutions (a legal form, a school ...), in fields for "
            "people: they became organisations."
        )
    engine.run("DROP TABLE temp.names_of_organisations")
