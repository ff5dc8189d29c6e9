"""Makes each record ready to be compared: folded names with their long forms, and all its identifiers and addresses.

Everything is made in the schema `WORK`, an in-memory database beside the engine's own, so that neither these tables nor
Splink's ever end up in the file. `subjects` has one row a record; `marks` one row for each identifier or address part.
A record is known here by `code`, its place in the order of record ids.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.identity.model import ORGANISATION, PERSON, RARITY_BOUNDS, UNSEEN_RECORDS

WORK = "identity_work"
NUMBER_KINDS = ("tax", "passport", "licence", "national")  # a person has one of each, so a different one tells something
SUFFIXES = "jr|sr|junior|senior|ii|iii|iv"
LEGAL_FORMS = (
    "llc|inc|incorporated|ltd|limited|corp|corporation|co|company|plc|llp|lp|gmbh|mbh|ag|kg|kgaa|ohg|ug|ev|se|sa|sas|sarl|srl|spa|"
    "sl|slu|bv|nv|vof|ab|oy|oyj|as|asa|aps|sp z o o|sro|kft|zrt|pty|pte|pvt|private|kk|sdn|bhd|cv|ltda|eireli|sab|de cv"
)
STREET_WORDS = {
    "street": "st", "str": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "place": "pl",
    "boulevard": "blvd", "court": "ct", "square": "sq", "terrace": "ter", "highway": "hwy", "parkway": "pkwy", "circle": "cir",
    "north": "n", "south": "s", "east": "e", "west": "w", "apartment": "apt", "suite": "ste", "saint": "st",
}  # fmt: skip


@contextmanager
def workshop(engine: Engine) -> Iterator[None]:
    """An empty in-memory database named WORK, gone at the end whatever happens."""
    engine.run(f"DETACH DATABASE IF EXISTS {WORK}")  # left by a caller that caught an error in between
    engine.run(f"ATTACH ':memory:' AS {WORK}")
    try:
        yield
    finally:
        engine.run(f"DETACH DATABASE IF EXISTS {WORK}")


def prepare(engine: Engine, shared_limit: int) -> None:
    """Make `subjects` and `marks` from records, identifiers and addresses; identifiers of too many names are left out."""
    _names(engine)
    _marks(engine, shared_limit)
    _subjects(engine)


def fold(column: str) -> str:
    """SQL: lower case, no accents, apostrophes gone, all but letters and digits a single blank, null where nothing is left."""
    plain = rf"regexp_replace(lower(strip_accents({column})), '[''’`´]', '', 'g')"
    return rf"nullif(trim(regexp_replace({plain}, '[^\p{{L}}\p{{N}}]+', ' ', 'g')), '')"


def fold_street(column: str) -> str:
    """SQL: a folded street with its usual words in one spelling."""
    text = f"replace({fold(column)}, 'strasse', 'st')"
    words = "MAP {" + ", ".join(f"{literal(long)}: {literal(short)}" for long, short in STREET_WORDS.items()) + "}"
    return f"array_to_string(list_transform(string_split({text}, ' '), lambda w: coalesce({words}[w], w)), ' ')"


def fold_organisation(column: str) -> str:
    """SQL: a folded organisation name without its legal form and a leading "the"."""
    text = rf"regexp_replace(regexp_replace({fold(column)}, '\b([a-z]) (?:([a-z])\b ?)(?:([a-z])\b)?$', '\1\2\3'), '^the ', '')"
    bare = rf"trim(regexp_replace({text}, '(\s+({LEGAL_FORMS}))+$', ''))"
    return f"coalesce(nullif({bare}, ''), {fold(column)})"


def _names(engine: Engine) -> None:
    """`names`: one row a record with its folded names and birth date."""
    with engine.lend("nickname_rows", _nicknames()):
        engine.run(f"CREATE TABLE {WORK}.nicknames AS SELECT name, list(DISTINCT root ORDER BY root) AS roots "
                   "FROM nickname_rows GROUP BY name")  # fmt: skip
    full = "coalesce(full_name, concat_ws(' ', given_name, family_name))"
    engine.run(f"""
        CREATE TABLE {WORK}.folded AS
        SELECT CAST(row_number() OVER (ORDER BY record_id) - 1 AS INTEGER) AS code, record_id,
            CASE WHEN lower(kind) LIKE 'organi%' THEN '{ORGANISATION}' WHEN kind IS NOT NULL THEN '{PERSON}'
                 WHEN organisation IS NOT NULL AND given_name IS NULL AND family_name IS NULL THEN '{ORGANISATION}'
                 ELSE '{PERSON}' END AS kind,
            {fold("given_name")} AS given_text, {fold("family_name")} AS family_text, {fold("middle_name")} AS middle_text,
            {fold(full)} AS full_text, position(',' IN full_name) > 0 AS comma,
            {fold_organisation("coalesce(organisation, full_name)")} AS organisation,
            strftime(birth_date, '%Y-%m-%d') AS birth, lower(left(trim(gender), 1)) AS gender
        FROM records""")
    _split_names(engine)
    engine.run(f"DROP TABLE {WORK}.folded")


def _split_names(engine: Engine) -> None:
    """Given name, middle name, family name and generation suffix out of the folded texts."""
    bare = rf"trim(regexp_replace(%s, '\b({SUFFIXES})\b', '', 'g'))"
    engine.run(f"""
        CREATE TABLE {WORK}.names AS
        WITH words AS (
            SELECT *, string_split(nullif({bare % "coalesce(given_text, '')"}, ''), ' ') AS given_words,
                nullif({bare % "coalesce(family_text, '')"}, '') AS family_bare,
                CASE WHEN given_text IS NULL AND family_text IS NULL AND kind = '{PERSON}'
                     THEN string_split(nullif({bare % "full_text"}, ''), ' ') END AS full_words
            FROM {WORK}.folded),
        parts AS (
            SELECT * EXCLUDE (given_words),
                coalesce(given_words, CASE WHEN len(full_words) > 1 THEN
                    CASE WHEN comma THEN full_words[2:] ELSE full_words[:len(full_words) - 1] END END) AS given_words,
                coalesce(family_bare, CASE WHEN comma THEN full_words[1] ELSE full_words[len(full_words)] END) AS family
            FROM words)
        SELECT code, record_id, kind,
            CASE WHEN kind = '{PERSON}' THEN given_words[1] END AS given,
            CASE WHEN kind = '{PERSON}' THEN family END AS family,
            CASE WHEN kind = '{PERSON}' THEN coalesce(middle_text, nullif(array_to_string(given_words[2:], ' '), '')) END AS middle,
            CASE WHEN kind = '{PERSON}' THEN list_filter(string_split(family, ' '), lambda w: length(w) > 2) END AS family_parts,
            CASE replace(replace(regexp_extract(coalesce(full_text, ''), '\\b({SUFFIXES})$', 1), 'junior', 'jr'), 'senior', 'sr')
                WHEN '' THEN NULL WHEN 'ii' THEN 'jr' ELSE
                replace(replace(regexp_extract(full_text, '\\b({SUFFIXES})$', 1), 'junior', 'jr'), 'senior', 'sr') END AS suffix,
            CASE WHEN kind = '{ORGANISATION}' THEN organisation END AS organisation,
            birth, CASE WHEN gender IN ('m', 'f') THEN gender END AS gender
        FROM parts""")


def _nicknames() -> pa.Table:
    """Each short or long form with the long name it stands for."""
    text = files("fullcircle.identity").joinpath("nicknames.csv").read_text(encoding="utf-8")
    pairs = [(name, row[0]) for row in csv.reader(text.splitlines()) for name in row]
    return pa.table({"name": [name for name, _ in pairs], "root": [root for _, root in pairs]})


def _marks(engine: Engine, shared_limit: int) -> None:
    """`marks`: identifiers (kind, value, state own | shared | junk) and address parts of every record, each once."""
    street, city, postcode = fold_street("street"), fold("city"), f"replace({fold('postcode')}, ' ', '')"
    engine.run(f"""
        CREATE TABLE {WORK}.identifier_marks AS
        WITH found AS (
            SELECT record_id, kind, trim(value) AS value FROM identifiers
            UNION SELECT record_id, 'email', email FROM records
            UNION SELECT record_id, 'phone', phone FROM records),
        known AS (
            SELECT DISTINCT n.code, n.kind AS record_kind, f.kind, CASE WHEN f.kind = 'email' THEN lower(f.value) ELSE f.value END AS value,
                left(coalesce(r.roots[1], n.given), 1) AS initial,
                coalesce(left(n.given, 1) || left(n.family, 1), left(n.organisation, 4)) AS initials
            FROM found f JOIN {WORK}.names n USING (record_id) LEFT JOIN {WORK}.nicknames r ON r.name = n.given
            WHERE f.value <> '')
        SELECT code, record_kind, kind, value,
            CASE WHEN names > {shared_limit} THEN 'junk' WHEN givens > 1 THEN 'shared' ELSE 'own' END AS state
        FROM known JOIN (
            SELECT record_kind, kind, value, count(DISTINCT initials) AS names, count(DISTINCT initial) AS givens
            FROM known GROUP BY ALL) USING (record_kind, kind, value)""")
    engine.run(f"""
        CREATE TABLE {WORK}.address_marks AS
        WITH found AS (
            SELECT record_id, street, city, postcode FROM records UNION SELECT record_id, street, city, postcode FROM addresses),
        folded AS (SELECT DISTINCT code, {street} AS street, {city} AS city, {postcode} AS postcode
                   FROM found JOIN {WORK}.names USING (record_id)
                   WHERE street IS NOT NULL OR city IS NOT NULL OR postcode IS NOT NULL)
        SELECT *, regexp_extract(street, '\\d+') || '|' || list_max(list_transform(
                string_split(regexp_replace(street, '[0-9]+', '', 'g'), ' '),
                lambda w: printf('%02d', length(w)) || w)) AS spot
        FROM folded""")


def _subjects(engine: Engine) -> None:
    """`subjects`: names and all marks as sorted lists, one row a record; lists are null where there is nothing."""
    engine.run(f"""
        CREATE TABLE {WORK}.identifier_lists AS
        SELECT code,
            {_list("value", "kind = 'email'")} AS emails,
            {_list("value", "kind = 'email' AND state = 'own'")} AS emails_own,
            {_list("value", "kind = 'email' AND state = 'shared'")} AS emails_shared,
            {_list("split_part(value, '@', 1)", "kind = 'email' AND position('@' IN value) > 6")} AS email_names,
            {_list("split_part(value, '@', 2)", "kind = 'email'")} AS email_domains,
            {_list("value", "kind IN ('phone', 'device')")} AS phones,
            {_list("value", "kind IN ('phone', 'device') AND state = 'own'")} AS phones_own,
            {_list("value", "kind IN ('phone', 'device') AND state = 'shared'")} AS phones_shared,
            {_list("lower(value)", "kind NOT IN ('email', 'phone', 'device') AND kind NOT IN " + str(NUMBER_KINDS))} AS handles,
            {_list("kind || ':' || value", "kind IN " + str(NUMBER_KINDS))} AS numbers,
            {_list("kind", "kind IN " + str(NUMBER_KINDS))} AS number_kinds
        FROM {WORK}.identifier_marks WHERE state <> 'junk' GROUP BY code""")
    engine.run(f"""
        CREATE TABLE {WORK}.address_lists AS
        SELECT code, {_list("concat_ws(', ', street, postcode, city)", "true")} AS places,
            {_list("street || '|' || coalesce(postcode, city)", "true")} AS addresses,
            {_list("spot || coalesce(left(postcode, 2), '')", "true")} || {_list("spot", "postcode IS NULL")} AS spots,
            {_list("postcode", "true")} AS postcodes, {_list("city", "true")} AS cities
        FROM {WORK}.address_marks GROUP BY code""")
    domains = f"""SELECT domain FROM (SELECT unnest(email_domains) AS domain, code FROM {WORK}.identifier_lists)
                  JOIN {WORK}.names USING (code) WHERE kind = '{ORGANISATION}'
                  GROUP BY domain HAVING count(DISTINCT left(organisation, 4)) > 3"""
    engine.run(f"""
        CREATE TABLE {WORK}.subjects AS
        SELECT n.* EXCLUDE (middle), n.middle, coalesce(r.roots, CASE WHEN n.given IS NOT NULL THEN [n.given] END) AS given_roots,
            {_sound("n.family")} AS family_sound, {_sound("n.given")} AS given_sound,
            CAST(left(n.birth, 4) AS INTEGER) AS birth_year, right(n.birth, 5) = '01-01' AS birth_vague,
            left(n.birth, 5) || right(n.birth, 2) || '-' || substr(n.birth, 6, 2) AS birth_swapped,
            array_to_string(list_sort(string_split(n.organisation, ' ')), ' ') AS organisation_words,
            i.* EXCLUDE (code, email_domains), i.emails[1] AS main_email,
            CASE WHEN n.kind = '{ORGANISATION}' THEN
                list_filter(i.email_domains, lambda d: NOT list_contains(o.domains, d)) END AS email_domains,
            a.* EXCLUDE (code)
        FROM {WORK}.names n LEFT JOIN {WORK}.nicknames r ON r.name = n.given
            LEFT JOIN {WORK}.identifier_lists i ON i.code = n.code LEFT JOIN {WORK}.address_lists a ON a.code = n.code
            CROSS JOIN (SELECT coalesce(list(domain), []) AS domains FROM ({domains})) o
        ORDER BY n.code""")


def _sound(name: str) -> str:
    """SQL: the skeleton of a name, its first letter and later consonants, doubles once: smith, smyth and smiht nearly meet."""
    text = f"regexp_replace(substr({name}, 2), '[aeiouyhw ]', '', 'g')"
    for letter in "lstnrfmpc":
        text = f"replace({text}, '{letter * 2}', '{letter}')"
    return f"left({name}, 1) || {text}"


def _list(value: str, condition: str) -> str:
    """SQL: the distinct values that fulfil a condition, sorted; null where there are none."""
    kept = f"{value} IS NOT NULL AND {condition}"
    return f"list(DISTINCT {value} ORDER BY {value}) FILTER (WHERE {kept})"


def name_classes(engine: Engine, kind: str) -> tuple[dict[str, dict[str, int]], int]:
    """How common names are: column -> name -> class where it differs from the class of a name seen once; and that class."""
    total = int(engine.value(f"SELECT count(*) FROM {WORK}.subjects WHERE kind = {literal(kind)}")) + UNSEEN_RECORDS
    unseen = sum(1 / total >= bound for bound in RARITY_BOUNDS)
    if kind != PERSON:
        return {}, unseen
    classes: dict[str, dict[str, int]] = {}
    for column in ("given", "family"):
        found = engine.rows(
            f"SELECT {column}, {rarity_class('count(*)', total)} AS class FROM {WORK}.subjects "
            f"WHERE {column} IS NOT NULL AND kind = '{PERSON}' GROUP BY {column} HAVING class <> {unseen} ORDER BY {column}"
        )
        classes[column] = dict(found)
    return classes, unseen


def rarity_class(count: str, total: int) -> str:
    """SQL: the rarity class of a name counted so often among so many."""
    return "(" + " + ".join(f"CAST({count} >= {bound * total} AS INTEGER)" for bound in RARITY_BOUNDS) + ")"
