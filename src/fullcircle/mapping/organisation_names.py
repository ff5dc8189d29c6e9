"""Companies and institutions in the fields for the names of people: each becomes an organisation, row by row.

A column `Buyer` holds people and companies, a shop's `Last name` holds `ACME Ltd`. What the source says of the kind stands before
what its name shows. See `name_organisations`; `weigh_names` is also how a proposal knows what to say.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.mapping.reading.organisations import given_names, given_or_place, judgement, may_be_organisation
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

PARTS = "nullif(concat_ws(' ', given_name, middle_name, family_name), '')"
JUDGED = "names_of_organisations"  # name, several (given and family name apart), is_organisation
FIRST = r"regexp_extract(lower(strip_accents(trim({}))), '^[\p{{L}}''’]+')"
SHOWN = 3


@dataclass(frozen=True, slots=True)
class ByName:
    """How many names were judged by the name alone, and some of them: organisations, and people who are called like one."""

    organisations: int
    named: tuple[str, ...]
    people: int
    ends: tuple[str, ...]  # only the last word of each: it is a person's name


def name_organisations(engine: Engine, kinds: str, progress: Progress) -> None:
    """Make organisations of the staged records whose name says so; `kinds` (SQL): the words for a kind in sources."""
    found = weigh_names(engine, "staged_records", f"coalesce(lower(kind) NOT IN ({kinds}), true)")
    if found.organisations:
        those = (
            f"coalesce(lower(kind) NOT IN ({kinds}), true) AND EXISTS (SELECT 1 FROM {JUDGED} n WHERE n.is_organisation "
            f"AND n.name = coalesce({PARTS}, full_name) AND n.several = (given_name IS NOT NULL AND family_name IS NOT NULL))"
        )
        rows = engine.value(f"SELECT count(*) FROM staged_records WHERE {those}")
        engine.run(
            f"UPDATE staged_records SET kind = 'organisation', full_name_raw = coalesce(full_name_raw, full_name, {PARTS}), "
            f"full_name = coalesce({PARTS}, full_name), given_name = NULL, middle_name = NULL, family_name = NULL WHERE {those}"
        )
        progress.say(
            f"{counted(rows, 'name is', 'names are')} of companies or institutions (a legal form, a school ...), in fields for "
            "people: they became organisations."
        )
    if found.people:
        progress.say(
            f"{counted(found.people, 'name looks', 'names look')} like a company's ({', '.join(found.ends)}) and stay people, "
            "for a given name is before it, or given and family name are in columns of their own. Map `kind` if that is wrong."
        )
    engine.run(f"DROP TABLE temp.{JUDGED}")


def weigh_names(engine: Engine, table: str, where: str = "true") -> ByName:
    """Judge the distinct names of a table with the columns of names that records have; makes the temporary table `JUDGED`."""
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE odd_names AS SELECT name, several, bool_or(same) AS same FROM (SELECT DISTINCT "
        f"coalesce({PARTS}, full_name) AS name, given_name IS NOT NULL AND family_name IS NOT NULL AS several, "
        f"coalesce(lower(trim(organisation)) = lower(trim(coalesce({PARTS}, full_name))), false) AS same "
        f"FROM {table} WHERE {where}) WHERE name IS NOT NULL AND {may_be_organisation('name')} GROUP BY ALL"
    )
    if not engine.count("odd_names"):
        engine.run(f"CREATE OR REPLACE TEMP TABLE {JUDGED} (name VARCHAR, several BOOLEAN, is_organisation BOOLEAN)")
    else:
        _given_names(engine, table)
        engine.run(
            f"CREATE OR REPLACE TEMP TABLE {JUDGED} AS SELECT name, several, same OR "
            f"{judgement('name', 'several', 'given_names')} AS is_organisation FROM odd_names"
        )
        engine.run("DROP TABLE temp.given_names")
    engine.run("DROP TABLE temp.odd_names")
    last = r"'... ' || regexp_extract(trim(name), '\S+$')"
    row = engine.rows(
        f"SELECT count(*) FILTER (is_organisation), list_sort(list(trim(name)) FILTER (is_organisation)), "
        f"count(*) FILTER (NOT is_organisation), list_sort(list(DISTINCT {last}) FILTER (NOT is_organisation)) FROM {JUDGED}"
    )[0]
    return ByName(row[0], tuple((row[1] or ())[:SHOWN]), row[2], tuple((row[3] or ())[:SHOWN]))


def _given_names(engine: Engine, table: str) -> None:
    """`given_names` (name, place): those that are shipped, and those that people of different family names have here."""
    shipped = [(name, False) for name in sorted(given_names())] + [(name, True) for name in sorted(given_or_place())]
    rows = pa.table({"name": [name for name, _ in shipped], "place": [place for _, place in shipped]})
    with engine.register("shipped_names", rows):
        engine.run(
            "CREATE OR REPLACE TEMP TABLE given_names AS SELECT lower(strip_accents(name)) AS name, place FROM shipped_names"
        )
    odd = "SELECT name FROM odd_names"
    own = f"SELECT {FIRST.format('given_name')} AS name, lower(family_name) AS family FROM {table} WHERE family_name IS NOT NULL"
    engine.run(
        f"INSERT INTO given_names SELECT name, false FROM ({own} AND coalesce({PARTS}, '') NOT IN ({odd})) "
        f"WHERE length(name) > 1 AND name NOT IN (SELECT name FROM given_names) GROUP BY name HAVING count(DISTINCT family) > 1"
    )
