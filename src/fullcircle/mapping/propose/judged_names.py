"""Says which names of people are taken for companies, and which look like a company's and are not. See `note_judged_names`.

Nothing but the name says it, so a person should look. Of what is taken for a company some names are shown; of people only the
word that made them look like one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.organisation_names import JUDGED, weigh_names
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.refunds import rule_sql
from fullcircle.model.counting import counted

QUOTED = re.compile(r'"([^"]+)"')  # the columns in SQL
NAMES = ("given_name", "middle_name", "family_name", "full_name")


def note_judged_names(engine: Engine, made: Sequence[Proposed]) -> None:
    """Add to the notes of each object with people what was judged by the name alone."""
    for one in made:
        for each in one.maps:
            if each.to == "records" and "kind" not in each.fields and not each.each and one.sample.table:
                one.notes += _said(engine, one.sample.table, each)


def _said(engine: Engine, table: str, people: ProposedMap) -> list[str]:
    columns = [name for name in NAMES if {"field", "fields", "sql"} & people.fields.get(name, {}).keys()]
    there = {*engine.columns(table)}
    used = {found for name in (*columns, "organisation") for found in _columns_in(people.fields.get(name, {}))}
    if not columns or not {*used, *QUOTED.findall(people.where)} <= there:  # values inside of others are read by a run alone
        return []
    texts = {name: rule_sql(people.fields[name]) if name in people.fields else "NULL" for name in (*NAMES, "organisation")}
    made = ", ".join(f"nullif(trim(CAST({text} AS VARCHAR)), '') AS {name}" for name, text in texts.items())
    where = f" WHERE {people.where}" if people.where else ""
    engine.run(f"CREATE OR REPLACE TEMP VIEW judged_people AS SELECT {made} FROM {table}{where}")
    found = weigh_names(engine, "judged_people")
    engine.run(f"DROP TABLE temp.{JUDGED}; DROP VIEW temp.judged_people")
    whose = " and ".join(str(people.fields[name].get("field", name)) for name in columns)
    notes = []
    if found.organisations:
        more = ", ..." if found.organisations > len(found.named) else ""
        notes.append(
            f"{whose}: {counted(found.organisations, 'name is', 'names are')} taken for companies or institutions by the name "
            f"alone ({', '.join(found.named)}{more}); if that is wrong, map `kind`"
        )
    if found.people:
        more = ", ..." if found.people > len(found.ends) else ""
        notes.append(
            f"{whose}: {counted(found.people, 'name looks', 'names look')} like a company's and are taken for people "
            f"({', '.join(found.ends)}{more}), for a given name is before it, or it is in columns for people; if that is wrong, "
            "map `kind`"
        )
    return notes


def _columns_in(rule: Rule) -> set[str]:
    return {*filter(None, [rule.get("field", ""), *rule.get("fields", [])]), *QUOTED.findall(rule.get("sql", ""))}
