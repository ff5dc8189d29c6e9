"""People known only by an initial and a family name, `H. Garnier`: several people may share it. See `note_initials`."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.planner import LIKELY, SURE, Proposed, ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted

SHAPE = r"(\p{Lu})(?:\.[ -]?|\s)(?:\p{Lu}(?:\.[ -]?|\s))*(\p{L}[^.]*\p{L})"
MOSTLY = 0.5  # of the names have that shape
MORE = {"email", "phone", "given_name", "family_name", "street", "birth_date"}


def note_initials(engine: Engine, made: Sequence[Proposed]) -> None:
    """Say that such names may be of several people, and how many of them one person alone in the other objects has."""
    for one in made:
        for each in one.maps:
            column = str(each.fields.get("full_name", {}).get("field", ""))
            if each.to != "records" or MORE & each.fields.keys() or column not in one.sample.facts or not one.sample.table:
                continue
            if each.fields.get("key", {}).get("field") != column:
                continue
            name = text_of(column)
            short = f"regexp_full_match({name}, {literal(SHAPE)})"
            of, all_of = engine.rows(
                f"SELECT count(DISTINCT {name}) FILTER ({short}), count(DISTINCT {name}) FROM {one.sample.table}"
            )[0]
            if not of or of < MOSTLY * all_of:
                continue
            one.evidence = [text for text in one.evidence if not text.endswith(f"; {column} distinguishes them")]
            one.notes.append(
                f"{LOOK}{column}: {of:,} of {all_of:,} names are an initial and a family name only: these cannot meet other "
                f"records, and may be several people{_met(engine, one, made, name, short)}"
            )
            one.sure = LIKELY if one.sure == SURE else one.sure


def _met(engine: Engine, one: Proposed, made: Sequence[Proposed], name: str, short: str) -> str:
    """Of how many such names one person, several or nobody in the other objects has the initial and the family name."""
    people = [
        f"SELECT DISTINCT {_parts(each)} FROM {other.sample.table}"
        for other in made if other is not one and other.sample.table
        for each in other.maps if each.to == "records" and _has_parts(each, other)
    ]  # fmt: skip
    if not people:
        return ""
    first, family = (f"strip_accents(lower(regexp_extract({name}, {literal(SHAPE)}, {part})))" for part in (1, 2))
    asked = f"SELECT DISTINCT {name} AS name, {first} AS i, {family} AS family FROM {one.sample.table} WHERE {short}"
    met = (
        f"SELECT a.name, count(DISTINCT p.given) AS people FROM ({asked}) a JOIN ({' UNION '.join(people)}) p "
        "ON p.family = a.family AND starts_with(p.given, a.i) GROUP BY a.name"
    )
    alone, several = engine.rows(f"SELECT count(*) FILTER (people = 1), count(*) FILTER (people > 1) FROM ({met})")[0]
    return (
        f". In the other lists {counted(alone, 'of these names is', 'of these names are')} of exactly one person, {several:,} of "
        "several: the export of the orders with the number or the e-mail of the customer says whose they are"
    )


def _has_parts(each: ProposedMap, other: Proposed) -> bool:
    fields = [each.fields.get(part, {}).get("field", "") for part in ("given_name", "family_name")]
    return all(field in other.sample.facts for field in fields)


def _parts(each: ProposedMap) -> str:
    given, family = (quoted(each.fields[part]["field"]) for part in ("given_name", "family_name"))
    return f"strip_accents(lower(trim({given}))) AS given, strip_accents(lower(trim({family}))) AS family"
