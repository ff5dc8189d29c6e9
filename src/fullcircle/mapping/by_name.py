"""References by name: a rule with `by` names a row of another object by what it is called, not by its key.

Names are compared without case and with single spaces, those of companies also without accents and punctuation: `S.r.l.` is
`SRL`, `Kern & Sohn` is `Kern und Sohn`. The legal form stays: it says which company is meant. Only a name that one row alone has
is a link: what several rows are called, or none, stays without one and is reported by its number. Start at `link_by_name`.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.validate import CheckedMap
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.tables import CONFORMED

GIVEN = "coalesce(nullif(trim(given_name), ''), '')"
FAMILY = "coalesce(nullif(trim(family_name), ''), '')"
NAMES = (
    "full_name",
    f"{GIVEN} || ' ' || {FAMILY}",
    f"{FAMILY} || ', ' || {GIVEN}",
    f"{FAMILY} || ' ' || {GIVEN}",
    f"CASE WHEN {GIVEN} <> '' THEN {FAMILY} || {GIVEN} END",  # names without spaces: 山田太郎
    f"CASE WHEN {GIVEN} <> '' AND {FAMILY} <> '' THEN left({GIVEN}, 1) || '. ' || {FAMILY} END",  # H. Lemaire
)
AND = r"\s*&\s*|\s(und|and|et|e|y|en|og|och|ja|i|és)\s"
APOSTROPHES = literal("'\u2019\u2018`\u00b4\u02bc")
# (table, by) -> the texts by which a row of the table is known
FORMS = {
    ("accounts", "name"): ("name",),
    ("records", "email"): ("email",),
    ("records", "name"): NAMES,
    ("records", "organisation"): ("organisation", *NAMES),
}


def same_name(sql: str) -> str:
    """SQL: a name in the form in which names are compared, null if it is empty; `O Dowd` is `O'Dowd`, with any apostrophe."""
    text = f"translate(nfc_normalize(CAST({sql} AS VARCHAR)), {APOSTROPHES}, '      ')"
    return rf"nullif(lower(trim(regexp_replace({text}, '\s+', ' ', 'g'), ' ,')), '')"


def same_company(sql: str) -> str:
    """SQL: the name of a company in the form in which such names are compared, null if it is empty."""
    text = f"lower(nfc_normalize(CAST({sql} AS VARCHAR)))"
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ø", "oe"), ("å", "aa"), ("æ", "ae")):
        text = f"replace({text}, '{letter}', '{written}')"
    text = f"regexp_replace({text}, '{AND}', ' ', 'g')"
    text = rf"regexp_replace(strip_accents({text}), '[.''’`´]', '', 'g')"  # `S.r.l.`, `O'Neill`
    text = rf"regexp_replace({text}, '[^\p{{L}}\p{{M}}\p{{N}}+]+', ' ', 'g')"
    return f"coalesce(nullif(trim({text}), ''), {same_name(sql)})"


def link_by_name(engine: Engine, maps: Sequence[CheckedMap], progress: Progress) -> None:
    """Give the staged references that name a row the key of that row."""
    for each in maps:
        for column, prefix in each.refs.items():
            by = each.settings.fields[column].by if column in each.settings.fields else ""
            ref = each.table.column(column)
            if by and ref is not None and ref.ref:
                _link(engine, each, column, prefix, (ref.ref, by), progress)


def _link(engine: Engine, map_: CheckedMap, column: str, prefix: str, known: tuple[str, str], progress: Progress) -> None:
    staged, (table, by) = f"staged_{map_.table.name}", known
    same = same_company if table == "accounts" else same_name
    key, ours = CONFORMED[table].key, f"_place = {map_.place} AND {quoted(column)} IS NOT NULL"
    forms = " UNION ALL ".join(
        f"SELECT {key} AS id, {same(text)} AS name FROM staged_{table} WHERE starts_with({key}, {literal(prefix)})"
        for text in FORMS[known]
    )
    asked = f"SELECT {quoted(column)} AS ref, {same(f'substr({quoted(column)}, {len(prefix) + 1})')} AS name FROM {staged} "
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE named_references AS SELECT ref, any_value(k.id) AS id, count(DISTINCT k.id) AS ids, "
        f"any_value(rows) AS rows FROM (SELECT ref, name, count(*) AS rows FROM ({asked} WHERE {ours}) GROUP BY ALL) a "
        f"LEFT JOIN ({forms}) k ON k.name = a.name GROUP BY ref"
    )
    engine.run(
        f"UPDATE {staged} SET {quoted(column)} = CASE WHEN n.ids = 1 THEN n.id END FROM named_references n "
        f"WHERE n.ref = {quoted(column)} AND {ours}"
    )
    total, several, rows_of_several, none, rows_of_none = engine.rows(
        "SELECT count(*), count(*) FILTER (ids > 1), coalesce(sum(rows) FILTER (ids > 1), 0), count(*) FILTER (ids = 0), "
        "coalesce(sum(rows) FILTER (ids = 0), 0) FROM named_references"
    )[0]
    engine.run("DROP TABLE temp.named_references")
    what = "addresses" if by == "email" else "names"
    problems = [f"{counted(several, 'is', 'are')} of several {table} ({counted(rows_of_several, 'row')})"] if several else []
    problems += [f"{counted(none, 'is', 'are')} of none ({counted(rows_of_none, 'row')})"] if none else []
    if problems:
        progress.say(
            f"{map_.table.name}.{column} from {map_.settings.source}.{map_.settings.object}: of {total:,} {what}, "
            f"{' and '.join(problems)}: those rows have no link. Which one is meant is never guessed."
        )
