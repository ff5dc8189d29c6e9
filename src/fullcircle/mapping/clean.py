"""Cleans the staged tables: names, e-mails, phones, places, identifiers. The original values stay in `*_raw`.

Every distinct value is cleaned once and joined back. Start at `clean`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.known_companies import name_known_companies
from fullcircle.mapping.organisation_names import name_organisations
from fullcircle.mapping.reading import contacts, deceased, names, places, retired, undeliverable
from fullcircle.mapping.reading.phones import further, phones
from fullcircle.mapping.reading.steps import chain, for_values, over_distinct
from fullcircle.mapping.reading.tax_numbers import meet_bare, without_prefix
from fullcircle.model.counting import counted
from fullcircle.model.identifiers import OF_RECORDS, is_cleaned_as
from fullcircle.model.progress import Progress, Silent
from fullcircle.model.table import Table
from fullcircle.model.tables import ADDRESSES, CONFORMED, RECORDS

PERSON = "'person', 'individual', 'human', 'natural', 'p', 'contact', 'b2c', 'private', 'privat', 'privatperson', 'persona'"
ORGANISATION = (
    "'organisation', 'organization', 'company', 'org', 'business', 'legal', 'firma', 'unternehmen', 'societe', 'société', "
    "'empresa', 'account', 'b2b', 'o', 'c', 'legal_entity', 'institution'"
)
OLDEST_BIRTH = "DATE '1000-01-01'"
NO_BIRTH = "DATE '1900-01-01', DATE '1899-12-30', DATE '1899-12-31'"  # what systems write for an unknown date
PLACE = ("street", "city", "region", "postcode")
CLEANED = ("records", "identifiers", "addresses", "accounts")


def clean(engine: Engine, country: str, progress: Progress | None = None) -> None:
    """Make `clean_records`, `clean_identifiers`, `clean_addresses`, `clean_accounts` from the staged tables (all temporary)."""
    if not any(engine.count(f"staged_{name}") for name in CLEANED):
        for name in CLEANED:  # orders alone: nothing is planned for people who are not there
            _select(engine, name, {}, f"staged_{name} r")
        engine.run("CREATE OR REPLACE TEMP TABLE prepared_records AS FROM staged_records")
        return
    _countries(engine)
    _nobody(engine, progress or Silent())
    name_known_companies(engine, ORGANISATION, progress or Silent())
    name_organisations(engine, f"{PERSON}, {ORGANISATION}", progress or Silent())
    _couples(engine)
    for table in (RECORDS, ADDRESSES):
        _prepare(engine, table)
    _places(engine)
    _names(engine)
    _say_couples(engine, progress or Silent())
    _contacts(engine)
    phones(
        engine,
        "c_phone",
        "SELECT r.phone AS raw, c.x AS country FROM prepared_records r LEFT JOIN c_country c ON c.raw = r.country",
        country,
    )
    _records(engine, country)
    _addresses(engine)
    _identifiers(engine, country)
    meet_bare(engine)
    _further(engine, country)
    _select(engine, "accounts", {"country": "c.x"}, "staged_accounts r LEFT JOIN c_country c ON c.raw = r.country")


def _countries(engine: Engine) -> None:
    known = places.country_names()
    tables = ("records", "addresses", "accounts")
    values = " UNION ALL ".join(f"SELECT country AS raw FROM staged_{table}" for table in tables)
    # Countries that occur at the end of one-line addresses are looked up as well.
    values += (
        " UNION ALL SELECT unnest(['USA', 'US', 'U.S.A.', 'United States', 'Canada', 'usa', 'us', 'canada', 'united states'])"
    )
    with engine.register("known_countries", pa.table({"name": list(known), "code": list(known.values())})):
        engine.run(
            "CREATE OR REPLACE TEMP TABLE c_country AS SELECT v.raw, any_value(k.code) AS x FROM "
            f"(SELECT DISTINCT raw, {places.COUNTRY_KEY.replace('x)', 'raw)')} AS name FROM ({values}) WHERE raw IS NOT NULL) v "
            "LEFT JOIN known_countries k ON k.name = v.name OR k.name = lower(replace(v.raw, '.', '')) GROUP BY v.raw"
        )


def _prepare(engine: Engine, table: Table) -> None:
    """Split combined values (one-line addresses, full names) and keep the original values in `*_raw`."""
    staged, name = f"staged_{table.name}", f"prepared_{table.name}"
    street_only = f"SELECT street AS raw FROM {staged} WHERE city IS NULL AND region IS NULL"
    over_distinct(engine, "split_street", street_only, (*names.TIDY, places.SPLIT), places.SPLIT_TYPE)
    one_line = "s.x IS NOT NULL"  # joined only where city and region are missing
    replaced = {"street": f"CASE WHEN {one_line} THEN s.x.street ELSE r.street END"}
    replaced |= {
        column: f"coalesce(r.{column}, CASE WHEN {one_line} THEN s.x.{column} END)" for column in (*PLACE[1:], "country")
    }
    replaced["street_raw"] = "coalesce(r.street_raw, r.street)"
    joins = "LEFT JOIN split_street s ON s.raw = r.street AND r.city IS NULL AND r.region IS NULL"
    if table is RECORDS:
        _name_parts(engine)
        replaced |= _prepared_names()
        replaced |= {f"{column}_raw": f"coalesce(r.{column}_raw, r.{column})" for column in (*OF_RECORDS, "country")}
        joins += f" LEFT JOIN name_parts p ON p.raw = r.full_name AND {_record_kind('r')} = 'person'"
    columns = ", ".join(f"{sql} AS {column}" for column, sql in replaced.items())
    engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * REPLACE ({columns}) FROM {staged} r {joins}")


def _record_kind(r: str) -> str:
    """SQL: person or organisation, as the source says; otherwise derived from the values of the row."""
    return f"""CASE WHEN lower({r}.kind) IN ({ORGANISATION}) THEN 'organisation' WHEN lower({r}.kind) IN ({PERSON}) THEN 'person'
        WHEN {r}.given_name IS NOT NULL OR {r}.family_name IS NOT NULL THEN 'person'
        WHEN {r}.full_name IS NULL AND {r}.organisation IS NOT NULL THEN 'organisation' ELSE 'person' END"""


def _name_parts(engine: Engine) -> None:
    people = f"SELECT full_name AS raw FROM staged_records r WHERE {_record_kind('r')} = 'person'"
    over_distinct(engine, "plain_names", people, names.FULL)
    several = engine.value(f"SELECT count(*) FROM plain_names WHERE {names.OF_SEVERAL}")
    parts = chain("plain_names", (names.PARTS if several else names.PARTS_OF_ONE,))
    engine.run(f"CREATE OR REPLACE TEMP TABLE name_parts AS {parts}")


def _nobody(engine: Engine, progress: Progress) -> None:
    """A name that names nobody (`Test User`, `Walk-in Customer`) becomes empty; the raw one keeps it, and it is reported."""
    whole = "coalesce(nullif(concat_ws(' ', given_name, family_name), ''), full_name)"
    _no_names_at_all(engine, progress)
    plain = f"trim(regexp_replace(lower({whole}), '{names.APART}+', ' ', 'g'))"
    words = ", ".join(literal(word) for word in names.no_names())
    those = f"{plain} IN ({words}) AND coalesce(lower(kind) NOT IN ({ORGANISATION}), true)"
    found = engine.value(f"SELECT count(*) FROM staged_records WHERE {those}")
    if found:
        engine.run(
            f"UPDATE staged_records SET full_name_raw = coalesce(full_name_raw, full_name, {whole}), full_name = NULL, "
            f"given_name = NULL, middle_name = NULL, family_name = NULL WHERE {those}"
        )
        progress.say(
            f"{counted(found, 'name is', 'names are')} of nobody (Guest, Test User, Walk-in Customer ...): read as "
            "empty, and kept as raw names."
        )


def _no_names_at_all(engine: Engine, progress: Progress) -> None:
    """An e-mail address, a number or a link in a field for a name does not name a person; the raw one keeps it."""
    parts = ("given_name", "middle_name", "family_name", "full_name")
    those = " OR ".join(f"regexp_full_match({part}, {literal(names.NO_NAME)})" for part in parts)
    those = f"({those}) AND coalesce(lower(kind) NOT IN ({ORGANISATION}), true)"
    if found := engine.value(f"SELECT count(*) FROM staged_records WHERE {those}"):
        whole = "coalesce(full_name, nullif(concat_ws(' ', given_name, middle_name, family_name), ''))"
        cleared = ", ".join(
            f"{part} = CASE WHEN NOT regexp_full_match({part}, {literal(names.NO_NAME)}) THEN {part} END" for part in parts
        )
        engine.run(f"UPDATE staged_records SET full_name_raw = coalesce(full_name_raw, {whole}), {cleared} WHERE {those}")
        said = counted(found, "name is", "names are")
        progress.say(f"{said} an e-mail address, a number or a link: read as empty, and kept as raw names.")


def _couples(engine: Engine) -> None:
    """Two people in the field for a given name are not a given name: their names go to the full name, to be read there."""
    if not engine.value("SELECT count(given_name) FROM staged_records"):
        return
    both = "concat_ws(' ', given_name, family_name)"
    couple = names.COUPLE.replace("(x,", "(trim(given_name),")
    engine.run(
        f"UPDATE staged_records SET full_name_raw = coalesce(full_name_raw, full_name, {both}), "
        f"full_name = coalesce(full_name, {both}), given_name = NULL, middle_name = NULL "
        f"WHERE {couple} AND coalesce(lower(kind) NOT IN ({ORGANISATION}), true)"
    )
    flipped = f"family_name IS NULL AND regexp_full_match(given_name, {literal(names.FLIPPED_IN_GIVEN)})"
    second = f"given_name IS NOT NULL AND regexp_matches(family_name, {literal(names.SECOND_IN_FAMILY)})"
    engine.run(  # `Tal, Ada` without a family name; `Bo` and `Berg & Di Elm`
        f"UPDATE staged_records SET full_name_raw = coalesce(full_name_raw, full_name, {both}), "
        f"full_name = coalesce(full_name, {both}), given_name = NULL, middle_name = NULL, family_name = NULL "
        f"WHERE (({flipped}) OR ({second})) AND coalesce(lower(kind) NOT IN ({ORGANISATION}), true)"
    )


def _say_couples(engine: Engine, progress: Progress) -> None:
    several = engine.value(
        "SELECT count(*) FROM staged_records r JOIN name_parts p ON p.raw = r.full_name "
        "WHERE p.x.w IS NOT NULL AND p.x.f IS NOT NULL AND p.x.g IS NULL"
    )
    if several:
        progress.say(
            f"{counted(several, 'name is', 'names are')} of couples or families: each keeps its whole name and "
            "family name, without a given name."
        )


def _prepared_names() -> dict[str, str]:
    initial = r"r.middle_name IS NULL AND regexp_full_match(r.given_name, '\s*\S\S+\s+\p{Lu}\.?\s*')"  # "Robert J" as given name
    return {
        "kind": _record_kind("r"),
        "given_name": f"CASE WHEN {initial} THEN split_part(trim(r.given_name), ' ', 1) ELSE coalesce(r.given_name, p.x.g) END",
        "middle_name": f"CASE WHEN {initial} THEN right(rtrim(r.given_name, ' .'), 1) ELSE coalesce(r.middle_name, p.x.m) END",
        "family_name": "coalesce(r.family_name, CASE WHEN r.given_name IS NULL OR p.x.g IS NOT NULL THEN p.x.f END)",
        "full_name_raw": f"coalesce(r.full_name_raw, {_organisation_name('r')})",
    }


def _names(engine: Engine) -> None:
    for column, part, steps in (("given", "g", names.GIVEN), ("middle", "m", names.MIDDLE), ("family", "f", names.FAMILY)):
        values = f"SELECT {column}_name AS raw FROM prepared_records UNION ALL SELECT x.{part} FROM name_parts"
        over_distinct(engine, f"c_{column}", values, steps)
    over_distinct(engine, "c_whole", "SELECT x.w AS raw FROM name_parts", (names.cased(family=True),))
    engine.run(
        "CREATE OR REPLACE TEMP TABLE c_full AS "
        "SELECT p.raw, coalesce(w.x, nullif(concat_ws(' ', g.x, m.x, f.x), '')) AS x FROM name_parts p "
        "LEFT JOIN c_whole w ON w.raw = p.x.w "
        "LEFT JOIN c_given g ON g.raw = p.x.g LEFT JOIN c_middle m ON m.raw = p.x.m LEFT JOIN c_family f ON f.raw = p.x.f"
    )
    values = (
        "SELECT organisation AS raw FROM prepared_records UNION ALL "
        f"SELECT {_organisation_name('r')} FROM prepared_records r WHERE kind = 'organisation'"
    )
    over_distinct(engine, "c_organisation", values, names.ORGANISATION)


def _organisation_name(r: str) -> str:
    return (
        f"coalesce({r}.full_name, nullif(concat_ws(' ', {r}.given_name, {r}.middle_name, {r}.family_name), ''), {r}.organisation)"
    )


def _places(engine: Engine) -> None:
    for column, steps in (("street", places.STREET), ("city", places.CITY), ("region", places.REGION)):
        values = f"SELECT {column} AS raw FROM prepared_records UNION ALL SELECT {column} FROM prepared_addresses"
        over_distinct(engine, f"c_{column}", values, steps)
    both = " UNION ALL ".join(
        f"SELECT r.postcode AS raw, coalesce(c.x, '') AS country "
        f"FROM prepared_{table} r LEFT JOIN c_country c ON c.raw = r.country"
        for table in ("records", "addresses")
    )
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE postcodes AS SELECT DISTINCT raw, country, raw AS x FROM ({both}) WHERE raw IS NOT NULL"
    )
    read = for_values(engine, "postcodes", chain("postcodes", places.POSTCODE, "raw, country")) or "FROM postcodes"
    engine.run(f"CREATE OR REPLACE TEMP TABLE c_postcode AS {read}; DROP TABLE postcodes")


def _contacts(engine: Engine) -> None:
    values = "SELECT email AS raw FROM prepared_records UNION ALL "
    values += f"SELECT value FROM staged_identifiers WHERE {is_cleaned_as(contacts.identifier_kind('kind'), 'email')}"
    over_distinct(engine, "c_email", values, contacts.EMAIL)


def _place_joins() -> str:
    simple = " ".join(
        f"LEFT JOIN c_{column} {column} ON {column}.raw = r.{column}" for column in ("street", "city", "region", "country")
    )
    return f"{simple} LEFT JOIN c_postcode postcode ON postcode.raw = r.postcode AND postcode.country = coalesce(country.x, '')"


def _select(engine: Engine, table: str, replaced: dict[str, str], source: str) -> None:
    """Make the temp table `clean_<table>` with the canonical columns of the row `r`, some of them replaced."""
    columns = ", ".join(
        f"{replaced.get(column.name, f'r.{column.name}')} AS {column.name}" for column in CONFORMED[table].columns
    )
    engine.run(f"CREATE OR REPLACE TEMP TABLE clean_{table} AS SELECT {columns} FROM {source}")


def _records(engine: Engine, country: str) -> None:
    # "54" was read as 2054; a birth date cannot be in the future.
    two_digits = "r.birth_date > current_date AND NOT regexp_matches(r.birth_text, '\\d{4}')"
    birth = f"CASE WHEN {two_digits} THEN CAST(r.birth_date - INTERVAL 100 YEAR AS DATE) ELSE r.birth_date END"
    possible = f"({birth}) BETWEEN {OLDEST_BIRTH} AND current_date AND ({birth}) NOT IN ({NO_BIRTH})"
    has_died, came_back, has_retired = engine.rows(
        "SELECT count(deceased) > 0, count(undeliverable) > 0, count(retired) > 0 FROM prepared_records"
    )[0]
    died = deceased.read("r.deceased") if has_died else "NULL"
    out = retired.read("r.retired") if has_retired else "NULL"
    eastern = f"regexp_full_match(family.x, '{names.EASTERN}')"
    parts = f"""CASE WHEN {eastern} THEN concat_ws(' ', family.x, given.x)
        ELSE nullif(concat_ws(' ', given.x, middle.x, family.x), '') END"""
    replaced = {
        **{f"{part}_name": f"CASE WHEN r.kind = 'person' THEN {part}.x END" for part in ("given", "middle", "family")},
        "full_name": f"CASE WHEN r.kind = 'person' THEN coalesce(f.x, {parts}) ELSE coalesce(n.x, o.x) END",
        "organisation": "CASE WHEN r.kind = 'person' THEN o.x ELSE coalesce(o.x, n.x) END",
        "email": "email.x",
        "phone": "phone.x",
        "birth_date": f"CASE WHEN {possible} THEN {birth} END",
        "gender": contacts.gender("r.gender"),
        "undeliverable": undeliverable.read("r.undeliverable", "email.x") if came_back else "NULL",
        "retired": out,
        "deceased": f"coalesce({died}, CASE WHEN {deceased.said_in_name('r')} THEN 'yes' END)",
        **{column: f"{column}.x" for column in (*PLACE, "country")},
    }
    source = f"""prepared_records r {_place_joins()}
        LEFT JOIN c_given given ON given.raw = r.given_name LEFT JOIN c_middle middle ON middle.raw = r.middle_name
        LEFT JOIN c_family family ON family.raw = r.family_name LEFT JOIN c_full f ON f.raw = r.full_name
        LEFT JOIN c_organisation o ON o.raw = r.organisation
        LEFT JOIN c_organisation n ON r.kind = 'organisation' AND n.raw = {_organisation_name("r")}
        LEFT JOIN c_email email ON email.raw = r.email
        LEFT JOIN c_phone phone ON phone.raw = r.phone AND phone.country = coalesce(country.x, {literal(country)})"""
    _select(engine, "records", replaced, source)


def _addresses(engine: Engine) -> None:
    replaced = {column: f"{column}.x" for column in (*PLACE, "country")}
    _select(engine, "addresses", replaced, f"prepared_addresses r {_place_joins()}")


def _identifiers(engine: Engine, country: str) -> None:
    """Clean each identifier by its kind; an unusable value becomes null, and conform.py sends the row to quarantine."""
    identifier_kind = contacts.identifier_kind("i.kind")
    engine.run(
        "CREATE OR REPLACE TEMP TABLE known_identifiers AS "
        f"SELECT i.* REPLACE ({identifier_kind} AS kind), r.country AS record_country "
        "FROM staged_identifiers i LEFT JOIN clean_records r ON r.record_id = i.record_id"
    )
    values = f"SELECT value AS raw, record_country AS country FROM known_identifiers WHERE {is_cleaned_as('kind', 'phone')}"
    phones(engine, "c_other_phone", values, country)
    for cleaner, steps in (("handle", contacts.HANDLE), ("number", contacts.NUMBER), ("text", contacts.TEXT)):
        values = f"SELECT value AS raw FROM known_identifiers WHERE {is_cleaned_as('kind', cleaner)}"
        over_distinct(engine, f"c_{cleaner}", values, steps)
    is_email, is_phone = is_cleaned_as("r.kind", "email"), is_cleaned_as("r.kind", "phone")
    tax = without_prefix("n.x", f"coalesce(r.record_country, {literal(country)})")
    replaced = {
        "value": f"CASE WHEN {is_email} THEN e.x WHEN {is_phone} THEN p.x WHEN r.kind = 'tax' THEN {tax} "
        "ELSE coalesce(h.x, n.x, t.x) END",
        "value_raw": "coalesce(r.value_raw, r.value)",
    }
    source = f"""known_identifiers r
        LEFT JOIN c_email e ON {is_email} AND e.raw = r.value
        LEFT JOIN c_other_phone p ON {is_phone} AND p.raw = r.value
            AND p.country = coalesce(r.record_country, {literal(country)})
        LEFT JOIN c_handle h ON {is_cleaned_as("r.kind", "handle")} AND h.raw = r.value
        LEFT JOIN c_number n ON {is_cleaned_as("r.kind", "number")} AND n.raw = r.value
        LEFT JOIN c_text t ON {is_cleaned_as("r.kind", "text")} AND t.raw = r.value"""
    _select(engine, "identifiers", replaced, source)


def _further(engine: Engine, country: str) -> None:
    """The second and later phones and e-mails of one cell become identifiers of their own; what cannot be read stays in raw."""
    own = " UNION ALL ".join(
        f"SELECT 'identifier:' || r.source || ':' || r.object || ':' || r.key || ':record-{name}' AS row, r.record_id, "
        f"'{name}' AS kind, r.{name} AS cell, r.country, r.source, r.object, r.key, r.updated_at FROM prepared_records r "
        f"WHERE r.{name} IS NOT NULL"
        for name in OF_RECORDS
    )
    listed = (
        "SELECT i.identifier_row, i.record_id, i.kind, i.value, r.country, i.source, i.object, i.key, i.updated_at "
        "FROM known_identifiers i LEFT JOIN prepared_records r ON r.record_id = i.record_id WHERE i.value IS NOT NULL"
    )
    engine.run(f"CREATE OR REPLACE TEMP VIEW all_cells AS SELECT o.* REPLACE (c.x AS country) FROM ({own} UNION ALL {listed}) o "
               "LEFT JOIN c_country c ON c.raw = o.country")  # fmt: skip
    phone, email = is_cleaned_as("kind", "phone"), is_cleaned_as("kind", "email")
    further(engine, f"SELECT cell AS raw FROM all_cells WHERE {phone}")
    phones(
        engine, "c_further_phone",
        f"SELECT f.part AS raw, a.country FROM further_phones f JOIN all_cells a ON a.cell = f.raw AND {phone}", country,
    )  # fmt: skip
    several = f"SELECT DISTINCT cell FROM all_cells WHERE {email} AND regexp_matches(cell, '@.*[\\s,;|].*@')"
    engine.run(
        "CREATE OR REPLACE TEMP TABLE further_emails AS SELECT cell AS raw, number, part FROM (SELECT cell, "
        "unnest(parts[2:]) AS part, unnest(range(2, len(parts) + 1)) AS number FROM (SELECT cell, "
        "list_filter(regexp_split_to_array(cell, '[\\s,;|<>]+'), "
        f"lambda v: contains(v, '@')) AS parts FROM ({several})) WHERE len(parts) > 1)"
    )
    over_distinct(engine, "c_further_email", "SELECT part AS raw FROM further_emails", contacts.EMAIL)
    parts = f"""SELECT a.*, f.number, f.part, p.x AS value FROM all_cells a JOIN further_phones f ON {phone} AND f.raw = a.cell
            JOIN c_further_phone p ON p.raw = f.part AND p.country = coalesce(a.country, {literal(country)})
        UNION ALL SELECT a.*, f.number, f.part, e.x FROM all_cells a JOIN further_emails f ON {email} AND f.raw = a.cell
            JOIN c_further_email e ON e.raw = f.part"""
    engine.run(
        f"INSERT INTO clean_identifiers BY NAME SELECT first(row || ':' || number ORDER BY row, number) AS identifier_row, "
        "record_id, kind, value, first(part ORDER BY row, number) AS value_raw, "
        "first(source ORDER BY row, number) AS source, first(object ORDER BY row, number) AS object, "
        "first(key ORDER BY row, number) AS key, max(updated_at) AS updated_at "
        f"FROM ({parts}) n WHERE value IS NOT NULL AND NOT EXISTS (SELECT 1 FROM clean_identifiers i "
        "WHERE i.record_id = n.record_id AND i.kind = n.kind AND i.value = n.value) GROUP BY record_id, kind, value"
    )
    engine.run("DROP VIEW temp.all_cells")


def temporary() -> Sequence[str]:
    """The names of the temporary tables that cleaning makes."""
    values = (
        "country",
        "street",
        "city",
        "region",
        "postcode",
        "given",
        "middle",
        "family",
        "full",
        "whole",
        "organisation",
        "email",
        "phone",
    )
    return (
        *(f"c_{value}" for value in (*values, "other_phone", "handle", "number", "text")),
        "further_phones", "further_emails", "c_further_phone", "c_further_email", "prepared_records", "prepared_addresses",
        "known_identifiers", "plain_names", "name_parts", "split_street", "clean_records", "clean_identifiers", "clean_addresses",
        "clean_accounts",
    )  # fmt: skip
