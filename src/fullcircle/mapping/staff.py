"""Staff among the people of a map: whoever its `staff` columns name (key, e-mail, name) is not a customer. See `staff_apart`.

A technician files a ticket, an agent is in the list of users. What they did stays, and is nobody's; the run says how many.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.connectors.landing import Landing
from fullcircle.engine.base import Engine, quoted
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.mapping.validate import CheckedMap, where
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.tables import CONFORMED

WORDS = r"regexp_extract_all(lower(strip_accents({})), '[\p{{L}}\p{{N}}]+')"


def words_of(text: str) -> str:
    """SQL: the words of a name or of an address, sorted: `Kern, Otto` is `Otto Kern`; null for a single word: nobody."""
    found = f"list_sort(list_distinct({WORDS.format(text)}))"
    return f"CASE WHEN len({found}) > 1 THEN array_to_string({found}, ' ') END"


def named_in(rows: str, columns: Sequence[str]) -> str:
    """SQL: the texts in columns of some rows, each alone where a cell has several."""
    cells = " UNION ALL ".join(f"SELECT CAST({quoted(name)} AS VARCHAR) AS cell FROM {rows}" for name in columns)
    parts = "SELECT trim(unnest(string_split_regex(cell, '[;|\\n]|<br ?/?>'))) AS part FROM (SELECT DISTINCT cell FROM cells)"
    persons = "SELECT trim(unnest(string_split(part, ','))) AS part FROM parts"
    several = f"SELECT part FROM ({persons}) WHERE contains(part, ' ') OR contains(part, '@')"
    every = f"FROM parts UNION ALL ({several})"
    return f"WITH cells AS ({cells}), parts AS ({parts}) SELECT DISTINCT part FROM ({every}) WHERE part <> ''"


def is_staff_member(names: Sequence[str], key: str, staff: str) -> str:
    """SQL: true for a row whose name, e-mail or key is one of the staff; `staff` is a table with the column `part`."""
    ways = [
        f"{words_of(name)} IN (SELECT {words_of('part')} FROM {staff} WHERE {words_of('part')} IS NOT NULL)" for name in names
    ]
    ways += [f"lower(trim(CAST({key} AS VARCHAR))) IN (SELECT lower(part) FROM {staff})"] if key else []
    return "(" + " OR ".join(f"coalesce({way}, false)" for way in ways) + ")"


def staff_apart(engine: Engine, landing: Landing, checked: Sequence[CheckedMap], progress: Progress) -> None:
    """Take the staff out of the staged records; what they did becomes nobody's."""
    for one in checked:
        if one.settings.staff and one.table.name == "records":
            rows = [_named(landing, one, entry) for entry in one.settings.staff]
            engine.run(f"CREATE OR REPLACE TEMP TABLE staff AS SELECT DISTINCT part FROM ({' UNION ALL '.join(rows)})")
            _take_out(engine, one, progress)
            engine.run("DROP TABLE temp.staff")


def _named(landing: Landing, one: CheckedMap, entry: str) -> str:
    if entry in one.landed.columns:
        return f"({named_in(one.landed.view, [entry])})"
    objects = [name for source, name in landing.objects() if source == one.settings.source]
    name = next((each for each in objects if entry.startswith(f"{each}.")), "")
    if not name:
        raise ConfigError(
            f'{where(one.settings)}: staff names no column "{entry}" and no object of the source.',
            did_you_mean(entry, sorted(one.landed.columns)),
        )
    return f"({named_in(f'({landing.current_sql(one.settings.source, name)})', [entry.removeprefix(f'{name}.')])})"


def _take_out(engine: Engine, one: CheckedMap, progress: Progress) -> None:
    names = ["full_name", "concat_ws(' ', given_name, family_name)", "email"]
    theirs = is_staff_member(names, "key", "staff")
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE staff_records AS SELECT DISTINCT record_id FROM staged_records "
        f"WHERE _place = {one.place} AND {theirs}"
    )
    people = engine.count("staff_records")
    engine.run("DELETE FROM staged_records WHERE record_id IN (FROM staff_records)")
    left = []
    for table in CONFORMED.values():
        column = table.column("record_id")
        if column is None or table.name == "records":
            continue
        those = f"FROM staged_{table.name} WHERE record_id IN (FROM staff_records)"
        many = engine.value(f"SELECT count(*) {those}")
        if column.required:
            engine.run(f"DELETE {those}")
        elif many:
            left.append(counted(many, table.name.removesuffix("s"), table.name))
            engine.run(f"UPDATE staged_{table.name} SET record_id = NULL WHERE record_id IN (FROM staff_records)")
    engine.run("DROP TABLE temp.staff_records")
    if people:
        stay = f": of theirs, {' and '.join(left)} stay as nobody's" if left else ""
        progress.say(
            f"{one.settings.source}.{one.settings.object}: {counted(people, 'person is', 'people are')} named in "
            f"{', '.join(one.settings.staff)}, so they are staff and not customers{stay}."
        )
