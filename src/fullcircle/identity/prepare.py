"""Prepares the records for comparison: folded names with their long forms, and all identifiers and addresses of each record.

All tables are made in `WORK`, an in-memory database attached to the engine, so that these tables are not
written to the engine's file. `features` has one row per record, `identifier_uses` one per identifier of a record, `address_uses`
one per address of a record. Here a record is identified by `code`, its position in the order of record ids.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

import pyarrow as pa

from fullcircle.engine.base import Engine, fingerprint, literal
from fullcircle.identity.fold import (
    fold,
    fold_email,
    fold_organisation,
    fold_street,
    has_legal_form,
    initials,
    letters,
    sound,
    street_key,
    suffix,
    untitled,
    without_suffix,
)
from fullcircle.identity.model import ORGANISATION, PERSON, RARITY_BOUNDS, UNSEEN_RECORDS, other_sex
from fullcircle.identity.scripts import NAMES, transliterations
from fullcircle.model.identifiers import COMPARISONS, DOMAIN, OF_RECORDS, is_compared, is_compared_as

WORK = "identity_work"
MOST_FAMILIES = 6  # an address of more family names is an office or a block of flats, and tells as much as its postcode
MOST_BORN, MOST_BORN_SHARE = 10, 0.01  # a birth date of more names, and this share of the records, stands for none
MOST_LIVING, MOST_LIVING_SHARE = 3, 0.02  # a postcode of more family names, and this share of the addresses, is everybody's
FAMILIES_A_NAME = 3  # an identifier of so many times more family names than given ones are allowed stands for none
FEW = 2_000  # records, of which all lists are gathered
MOST_NAMES = 40  # so many names of an identifier are looked at to find out whether several people use it
PLACE = fingerprint("'place'", "street", "coalesce(postcode, city, '')")
BIRTH = fingerprint("'person'", "'birth'", "birth")
POSTCODE = fingerprint("'postcode'", "postcode")


def _swapped(one: str, other: str) -> str:
    """SQL: a name the wrong way round, as far as both parts are there: Keller Ada is Ada Keller, and not her husband Tom."""
    first, last = (
        f"jaro_winkler_similarity({a}, {b})"
        for a, b in ((f"{one}.given", f"{other}.family"), (f"{one}.family", f"{other}.given"))
    )
    return f"coalesce({first} >= 0.9 AND coalesce({last} >= 0.8, true), false)"


# SQL over two names (l, r) under which an identifier is used: whether they may be one person's.
SAME_USER = (
    f"NOT coalesce({other_sex('l.given', 'r.given')}, false) AND (l.given = r.given "
    "OR left(l.given, 1) = left(r.given, 1) AND least(length(l.given), length(r.given)) = 1 "
    "OR coalesce(list_has_any(list_append(l.roots, l.given), list_append(r.roots, r.given)), false) "
    "OR jaro_winkler_similarity(l.given, r.given) >= 0.8 "
    "OR damerau_levenshtein(l.given, r.given) <= CASE WHEN least(length(l.given), length(r.given)) >= 5 THEN 2 ELSE 1 END "
    f"OR {_swapped('l', 'r')} OR {_swapped('r', 'l')})"
)
# SQL over two birth dates (l, r) under which an identifier is used: two people's, and no slip of one of them.
BORN_APART = "hamming(l.birth, r.birth) > 2 AND right(l.birth, 5) <> right(r.birth, 5)"


@contextmanager
def scratch(engine: Engine) -> Iterator[None]:
    """Attach an empty in-memory database named WORK; it is detached at the end, also after an error."""
    engine.run(f"DETACH DATABASE IF EXISTS {WORK}")  # if an earlier caller left it attached
    engine.run(f"ATTACH ':memory:' AS {WORK}")
    try:
        yield
    finally:
        engine.run(f"DETACH DATABASE IF EXISTS {WORK}")


def prepare(engine: Engine, shared_limit: int, shared: pa.Table | None = None) -> None:
    """Make `features` from records, identifiers and addresses; identifiers used under too many names are left out.

    Which identifiers are shared is counted, unless it is given in `shared` (fingerprint, state), as for a pair alone.
    """
    _names(engine)
    _found_identifiers(engine)
    _found_addresses(engine)
    if shared is None:
        _count_shared(engine, shared_limit)
    else:
        with engine.register("known_shared", shared):
            engine.run(
                f"CREATE TABLE {WORK}.shared_identifiers AS "
                "SELECT CAST(fingerprint AS BIGINT) AS fingerprint, state FROM known_shared"
            )
    _uses(engine)
    _features(engine)


def shared_identifiers(engine: Engine) -> pa.Table:
    """The identifiers used under several names: fingerprint (63 bits), state (shared | junk)."""
    return engine.arrow(f"SELECT fingerprint, state FROM {WORK}.shared_identifiers ORDER BY fingerprint")


def _names(engine: Engine) -> None:
    """`names`: one row per record with its folded names and birth date."""
    with engine.register("nickname_rows", _nicknames()):
        engine.run(f"CREATE TABLE {WORK}.nicknames AS SELECT name, list(DISTINCT root ORDER BY root) AS roots "
                   "FROM nickname_rows GROUP BY name")  # fmt: skip
    full = "coalesce(full_name, concat_ws(' ', given_name, family_name))"
    transliterations(engine, f"{WORK}.latin")
    joined = " ".join(f"LEFT JOIN {WORK}.latin {name}_in ON {name}_in.text = r.{name}" for name in NAMES)
    replaced = ", ".join(f"coalesce({name}_in.latin, r.{name}) AS {name}" for name in NAMES)
    engine.run(f"""
        CREATE TABLE {WORK}.folded AS
        WITH written AS (
            SELECT r.* REPLACE ({replaced},
                CASE WHEN lower(kind) LIKE 'organi%' THEN '{ORGANISATION}' WHEN kind IS NOT NULL THEN '{PERSON}'
                     WHEN r.organisation IS NOT NULL AND r.given_name IS NULL AND r.family_name IS NULL THEN '{ORGANISATION}'
                     ELSE '{PERSON}' END AS kind)
            FROM records r {joined})
        SELECT CAST(row_number() OVER (ORDER BY record_id) - 1 AS INTEGER) AS code, record_id, kind,
            {untitled(fold("given_name"))} AS given_text, {fold("family_name")} AS family_text,
            {fold("middle_name")} AS middle_text,
            {untitled(fold(full))} AS full_text, {fold("full_name_raw")} AS raw_text, position(',' IN full_name) > 0 AS comma,
            CASE WHEN kind = '{ORGANISATION}' THEN {fold_organisation("coalesce(organisation, full_name)")} END AS organisation,
            CASE WHEN kind = '{ORGANISATION}' THEN {has_legal_form("coalesce(organisation, full_name)")} END AS formed,
            CASE WHEN year(birth_date) BETWEEN 1000 AND 9999 THEN strftime(birth_date, '%Y-%m-%d') END AS birth,
            lower(left(trim(gender), 1)) AS gender
        FROM written""")
    _split_names(engine)
    engine.run(f"DROP TABLE {WORK}.folded")


def _split_names(engine: Engine) -> None:
    """Given name, middle name, family name and generation suffix from the folded texts."""
    generation = f"coalesce({suffix('family_text')}, {suffix('given_text')}, {suffix('full_text', 3)}, {suffix('raw_text', 3)})"
    engine.run(f"""
        CREATE TABLE {WORK}.names AS
        WITH words AS (
            SELECT *, string_split({without_suffix("given_text")}, ' ') AS given_only,
                {without_suffix("family_text")} AS family_only,
                CASE WHEN given_text IS NULL AND family_text IS NULL
                     THEN string_split({without_suffix("full_text")}, ' ') END AS all_words
            FROM {WORK}.folded),
        parts AS (
            SELECT *,
                coalesce(given_only, CASE WHEN len(all_words) > 1 THEN
                    CASE WHEN comma THEN all_words[2:] ELSE all_words[:len(all_words) - 1] END END) AS given_words,
                coalesce(family_only, CASE WHEN comma THEN all_words[1] ELSE all_words[len(all_words)] END) AS family
            FROM words)
        SELECT code, record_id, kind, given_words[1] AS given, family,
            coalesce(middle_text, nullif(array_to_string(given_words[2:], ' '), '')) AS middle, {generation} AS suffix,
            regexp_matches(coalesce(family, given_words[1]), '[a-z]') AS latin,
            list_filter(string_split(family, ' '), lambda w: length(w) > 2) AS family_parts,
            CAST(NULL AS VARCHAR) AS organisation, CAST(NULL AS BOOLEAN) AS formed, birth,
            CASE WHEN gender IN ('m', 'f') THEN gender END AS gender
        FROM parts WHERE kind = '{PERSON}'
        UNION ALL BY NAME
        SELECT code, record_id, kind, organisation, formed FROM {WORK}.folded WHERE kind = '{ORGANISATION}'""")


def _nicknames() -> pa.Table:
    """Every form of a name, short or long, with its long form."""
    text = files("fullcircle.identity").joinpath("nicknames.csv").read_text(encoding="utf-8")
    pairs = [(name, row[0]) for row in csv.reader(text.splitlines()) for name in row]
    return pa.table({"name": [name for name, _ in pairs], "root": [root for _, root in pairs]})


def _found_identifiers(engine: Engine) -> None:
    """`found_identifiers`: every identifier of every record once, with the record's name."""
    engine.run(f"""
        CREATE TABLE {WORK}.found_identifiers AS
        WITH found AS (
            SELECT record_id, kind AS identifier_kind, trim(value) AS value FROM identifiers WHERE {is_compared("kind")}
            {" ".join(f"UNION ALL SELECT record_id, '{name}', {name} FROM records" for name in OF_RECORDS)}),
        folded AS (
            SELECT DISTINCT n.code, n.kind AS record_kind, f.identifier_kind,
                CASE WHEN f.identifier_kind = 'email' THEN {fold_email("f.value")} ELSE f.value END AS value
            FROM found f JOIN {WORK}.names n USING (record_id)
            WHERE f.value <> ''),
        named AS (
            FROM folded UNION ALL
            SELECT DISTINCT code, record_kind, '{DOMAIN}', split_part(value, '@', 2) FROM folded
            WHERE identifier_kind = 'email' AND record_kind = '{ORGANISATION}')
        SELECT f.*, coalesce(n.given, n.organisation) AS given, n.family, n.birth,
            {fingerprint("f.record_kind", "f.identifier_kind", "f.value")} AS fingerprint
        FROM named f JOIN {WORK}.names n USING (code)""")


def _found_addresses(engine: Engine) -> None:
    """`found_addresses`: every folded address of every record once."""
    street, city, postcode = fold_street("street"), fold("city"), f"replace({fold('postcode')}, ' ', '')"
    engine.run(f"""
        CREATE TABLE {WORK}.found_addresses AS
        WITH found AS (
            SELECT record_id, street, city, postcode FROM records UNION SELECT record_id, street, city, postcode FROM addresses),
        folded AS (SELECT DISTINCT code, {street} AS street, {city} AS city, {postcode} AS postcode
                   FROM found JOIN {WORK}.names USING (record_id)
                   WHERE street IS NOT NULL OR city IS NOT NULL OR postcode IS NOT NULL)
        SELECT *, {street_key("street")} AS street_key, {PLACE} AS fingerprint FROM folded""")


def _count_shared(engine: Engine, shared_limit: int) -> None:
    """`shared_identifiers`: those used under several names (shared), or under more than `shared_limit` names (junk).

    Names are several if they differ plainly: a slip, a short form, an initial or a swap does not make two people of one. They
    are counted from the most frequent on: a name counts if no earlier one is like it.
    """
    most_born = f"{MOST_BORN} + {MOST_BORN_SHARE} * (SELECT count(*) FROM {WORK}.names)"
    engine.run(f"""
        CREATE TABLE {WORK}.shared_identifiers AS
        WITH used AS (
            SELECT fingerprint, given, min(family) AS family, count(*) AS n FROM {WORK}.found_identifiers
            WHERE given IS NOT NULL GROUP BY fingerprint, given),
        frequent AS (
            SELECT fingerprint FROM {WORK}.found_identifiers WHERE record_kind = '{PERSON}'
            GROUP BY fingerprint HAVING count(*) > {shared_limit} * {FAMILIES_A_NAME}),
        families AS (
            SELECT fingerprint FROM {WORK}.found_identifiers JOIN frequent USING (fingerprint) WHERE record_kind = '{PERSON}'
            GROUP BY fingerprint HAVING count(DISTINCT {sound("family")}) > {shared_limit} * {FAMILIES_A_NAME}),
        born AS (
            SELECT fingerprint, birth FROM {WORK}.found_identifiers
            WHERE birth IS NOT NULL AND right(birth, 5) <> '01-01' GROUP BY fingerprint, birth
            QUALIFY count(*) OVER (PARTITION BY fingerprint) BETWEEN 2 AND {MOST_NAMES}),
        born_apart AS (
            SELECT DISTINCT fingerprint FROM born l JOIN born r USING (fingerprint) WHERE {BORN_APART}),
        several AS (
            SELECT u.*, r.roots, row_number() OVER (PARTITION BY fingerprint ORDER BY n DESC, given, family) AS place
            FROM used u LEFT JOIN {WORK}.nicknames r ON r.name = u.given
            QUALIFY count(*) OVER (PARTITION BY fingerprint) > 1 AND place <= {MOST_NAMES}),
        like_earlier AS (
            SELECT DISTINCT l.fingerprint, l.place FROM several l JOIN several r USING (fingerprint)
            WHERE r.place < l.place AND ({SAME_USER})),
        counted AS (
            SELECT fingerprint, count(*) AS names FROM several ANTI JOIN like_earlier USING (fingerprint, place)
            GROUP BY fingerprint)
        SELECT fingerprint,
            CASE WHEN names > {shared_limit} OR fingerprint IN (FROM families) THEN 'junk' ELSE 'shared' END AS state
        FROM counted WHERE names > 1
        UNION ALL SELECT fingerprint, 'junk' FROM families
            WHERE fingerprint NOT IN (SELECT fingerprint FROM counted WHERE names > 1)
        UNION ALL SELECT fingerprint, 'shared' FROM born_apart
            WHERE fingerprint NOT IN (FROM families UNION SELECT fingerprint FROM counted WHERE names > 1)
        UNION ALL
        SELECT fingerprint, 'junk' FROM {WORK}.found_addresses JOIN {WORK}.names USING (code)
        WHERE street IS NOT NULL AND kind = '{PERSON}' AND fingerprint IN (
            SELECT fingerprint FROM {WORK}.found_addresses GROUP BY fingerprint HAVING count(*) > {MOST_FAMILIES})
        GROUP BY fingerprint HAVING count(DISTINCT {sound("family")}) > {MOST_FAMILIES}
        UNION ALL
        SELECT {POSTCODE} AS fingerprint, 'junk' FROM {WORK}.found_addresses JOIN {WORK}.names USING (code)
        WHERE kind = '{PERSON}' AND postcode IN (
            SELECT postcode FROM {WORK}.found_addresses WHERE postcode IS NOT NULL GROUP BY postcode
            HAVING count(*) > greatest({MOST_LIVING}, {MOST_LIVING_SHARE} * (SELECT count(*) FROM {WORK}.found_addresses)))
        GROUP BY postcode HAVING count(DISTINCT {sound("family")}) > {MOST_LIVING}
        UNION ALL
        SELECT {BIRTH} AS fingerprint, 'junk' FROM {WORK}.names
        WHERE birth IN (SELECT birth FROM {WORK}.names GROUP BY birth HAVING count(*) > {most_born}) GROUP BY birth
        HAVING count(DISTINCT (given, family)) > {most_born}""")


def _uses(engine: Engine) -> None:
    """`identifier_uses` (identifier_kind, value, state own | shared | junk) and `address_uses` of every record, each once."""
    engine.run(f"""
        CREATE TABLE {WORK}.identifier_uses AS
        SELECT f.code, f.record_kind, f.identifier_kind, f.value, coalesce(s.state, 'own') AS state
        FROM {WORK}.found_identifiers f LEFT JOIN {WORK}.shared_identifiers s USING (fingerprint)""")
    engine.run(f"""
        CREATE TABLE {WORK}.address_uses AS
        SELECT f.* REPLACE (CASE WHEN n.kind = '{PERSON}' AND s.state IS NOT NULL THEN NULL ELSE f.street_key END AS street_key),
            n.kind = '{PERSON}' AND s.state IS NOT NULL AS crowded,
            n.kind = '{PERSON}' AND p.state IS NOT NULL AS everybodys
        FROM {WORK}.found_addresses f JOIN {WORK}.names n USING (code)
            LEFT JOIN {WORK}.shared_identifiers s USING (fingerprint)
            LEFT JOIN {WORK}.shared_identifiers p ON p.fingerprint = {POSTCODE}""")
    engine.run(f"DROP TABLE {WORK}.found_addresses")
    engine.run(f"DROP TABLE {WORK}.found_identifiers")


def _features(engine: Engine) -> None:
    """`features`: one row per record, with its names, and its identifiers and addresses as sorted lists; no entries: null."""
    listed = [*_identifier_lists(engine), _address_lists(engine)]
    joined = " ".join(f"LEFT JOIN {WORK}.{name} ON {name}.code = n.code" for name in listed)
    lists = ", ".join(f"{name}.* EXCLUDE (code)" for name in listed[:-1])
    engine.run(f"""
        CREATE TABLE {WORK}.sounds AS
        SELECT name, {sound("name")} AS sound, list_sort(list_distinct(list_append(r.roots, name))) AS roots
        FROM (SELECT family AS name FROM {WORK}.names UNION SELECT given FROM {WORK}.names)
            LEFT JOIN {WORK}.nicknames r USING (name)
        WHERE name IS NOT NULL""")
    engine.run(f"""
        CREATE TABLE {WORK}.features AS
        WITH born AS (
            SELECT * REPLACE (CASE WHEN birth NOT IN (
                SELECT birth FROM (SELECT DISTINCT birth FROM {WORK}.names WHERE birth IS NOT NULL)
                WHERE {BIRTH} IN (SELECT fingerprint FROM {WORK}.shared_identifiers)) THEN birth END AS birth) FROM {WORK}.names)
        SELECT n.*,
            gs.roots AS given_roots, fs.sound AS family_sound, gs.sound AS given_sound,
            CAST(left(n.birth, 4) AS INTEGER) AS birth_year, right(n.birth, 5) = '01-01' AS birth_vague,
            left(n.birth, 5) || right(n.birth, 2) || '-' || substr(n.birth, 6, 2) AS birth_swapped,
            {letters("n.given || n.family")} AS name_letters,
            {initials("n.organisation")} AS initials,
            list_filter(string_split(n.organisation, ' '), lambda w: length(w) > 2) AS organisation_parts,
            array_to_string(list_sort(string_split(n.organisation, ' ')), ' ') AS organisation_words,
            {lists}, emails[1] AS main_email, regexp_replace(emails[1], '[^0-9]+', '', 'g') AS main_email_digits,
            list_filter(email_names, lambda e: NOT coalesce(contains(e, n.given) OR contains(e, n.family), false))
                AS email_words,  -- those that do not contain a part of the name
            places, CASE WHEN places IS NOT NULL THEN list_concat(by_postcode, by_city) END AS addresses,
            nullif(list_concat(keys_by_postcode, keys_by_city, keys_alone), []) AS street_keys, postcodes, areas,
            nullif(list_sort(list_distinct(list_concat(cities, everybodys))), []) AS cities,  -- such a postcode is like a city
            n.code AS first_copy, CAST(1 AS INTEGER) AS copies, CAST(1 AS BIGINT) AS place
        FROM born n LEFT JOIN {WORK}.sounds fs ON fs.name = n.family LEFT JOIN {WORK}.sounds gs ON gs.name = n.given {joined}""")
    # What is in `features` is not kept twice.
    for name in (*listed, "address_uses", "sounds", "names"):
        engine.run(f"DROP TABLE {WORK}.{name}")
    engine.run(f"CREATE VIEW {WORK}.names AS SELECT code, record_id, kind, birth FROM {WORK}.features")
    _find_copies(engine)


def _identifier_lists(engine: Engine) -> list[str]:
    """The identifiers of each record as lists, and parts of them as keys: a scratch table for each sort. Returns their names."""
    long_email = "position('@' IN value) > 6"
    before, after = "split_part(value, '@', 1)", "split_part(value, '@', 2)"
    own, shared = "state = 'own'", "state = 'shared'"
    sorts: dict[str, dict[str, tuple[str, str]]] = {
        "email": {
            "emails": ("value", ""),
            "emails_own": ("value", own),
            "emails_shared": ("value", shared),
            "email_names": (before, long_email),
            "email_letters": (letters("value"), ""),
            "email_starts": (f"left({before}, 5) || '@' || {after}", long_email),
            "email_ends": (f"right({before}, 5) || '@' || {after}", long_email),
        },
        "phone": {"phones": ("value", ""), "phones_own": ("value", own), "phones_shared": ("value", shared)},
        "handle": {"handles": ("lower(value)", "")},
        "number": {"numbers": ("identifier_kind || ':' || value", ""), "number_kinds": ("identifier_kind", "")},
    }
    made = []
    for sort in COMPARISONS:
        made.append(_lists(engine, f"{sort}_lists", _usable(is_compared_as("identifier_kind", sort)), sorts[sort]))
    domains = {"email_domains": ("value", "")}
    return [*made, _lists(engine, "domain_lists", _usable(f"identifier_kind = '{DOMAIN}'"), domains)]


def _usable(condition: str) -> str:
    return f"SELECT code, identifier_kind, value, state FROM {WORK}.identifier_uses WHERE state <> 'junk' AND {condition}"


def _address_lists(engine: Engine) -> str:
    """`address_lists`: the addresses of each record as lists, and parts of them as keys."""
    address_lists = {
        "places": ("concat_ws(', ', street, postcode, city)", ""),
        "by_postcode": ("street || '|' || postcode", "NOT crowded"),
        "by_city": ("street || '|' || city", "NOT crowded"),
        "keys_by_postcode": ("street_key || '|' || left(postcode, 3)", ""),
        "keys_by_city": ("street_key || '|' || city", ""),
        "keys_alone": ("street_key", "coalesce(postcode, city) IS NULL"),
        "postcodes": ("postcode", "NOT everybodys"),
        "areas": ("left(postcode, greatest(3, length(postcode) - 2))", "length(postcode) >= 4 AND NOT everybodys"),
        "cities": ("city", ""),
        "everybodys": ("postcode", "everybodys"),
    }
    return _lists(engine, "address_lists", f"FROM {WORK}.address_uses", address_lists)


def _lists(engine: Engine, name: str, uses: str, lists: dict[str, tuple[str, str]]) -> str:
    """A scratch table of the sorted distinct values (value, condition) of each record; null if there are none.

    Most records have one use: nothing needs to be gathered for them, which takes three times as long. Of few records all are
    gathered, as planning two ways takes longer than that.
    """
    # A value is made only where the condition holds: that of letters costs more than all the others.
    wanted = {column: f"CASE WHEN {condition} THEN {sql} END" if condition else sql for column, (sql, condition) in lists.items()}
    single = ", ".join(f"CASE WHEN {column} IS NOT NULL THEN [{column}] END AS {column}" for column in lists)
    several = ", ".join(f"list_sort(list(DISTINCT {column}) FILTER (WHERE {column} IS NOT NULL)) AS {column}" for column in lists)
    made = ", ".join(f"{sql} AS {column}" for column, sql in wanted.items())
    if engine.count(f"{WORK}.names") < FEW:
        engine.run(f"CREATE TABLE {WORK}.{name} AS SELECT code, {several} FROM (SELECT code, {made} FROM ({uses})) GROUP BY code")
        return name
    engine.run(f"""
        CREATE TABLE {WORK}.{name} AS
        WITH uses AS ({uses}), many AS (SELECT code FROM uses GROUP BY code HAVING count(*) > 1)
        SELECT code, {single} FROM (SELECT code, {made} FROM uses WHERE code NOT IN (FROM many))
        UNION ALL
        SELECT code, {several} FROM (SELECT code, {made} FROM uses WHERE code IN (FROM many)) GROUP BY code""")
    return name


def _find_copies(engine: Engine) -> None:
    """Of records that are alike in every feature the first stands for all, as `first_copy`; `place` counts them."""
    engine.run(f"""
        CREATE TABLE {WORK}.copies_found AS
        WITH hashed AS (  -- a row is hashed whole: among several values a null that is a list would not keep its place
            SELECT code, kind, hash(f) AS features FROM (
                SELECT code, kind, struct_pack(*COLUMNS(* EXCLUDE (code, record_id, first_copy, copies, place))) AS f
                FROM {WORK}.features))
        SELECT code, min(code) OVER alike AS first_copy, CAST(count(*) OVER alike AS INTEGER) AS copies,
            row_number() OVER (PARTITION BY kind, features ORDER BY code) AS place
        FROM hashed SEMI JOIN (SELECT kind, features FROM hashed GROUP BY ALL HAVING count(*) > 1) USING (kind, features)
        WINDOW alike AS (PARTITION BY kind, features)""")
    engine.run(f"""
        UPDATE {WORK}.features SET first_copy = s.first_copy, copies = s.copies, place = s.place
        FROM {WORK}.copies_found s WHERE s.code = features.code""")
    engine.run(f"DROP TABLE {WORK}.copies_found")


def name_classes(engine: Engine, record_kind: str) -> tuple[dict[str, dict[str, int]], int]:
    """How common names are: column -> name -> class, if it is not the class of a name that occurs once; and that class."""
    total = (
        int(engine.value(f"SELECT count(*) FROM {WORK}.features WHERE kind = {literal(record_kind)} AND place = 1"))
        + UNSEEN_RECORDS
    )
    unseen = sum(1 / total >= bound for bound in RARITY_BOUNDS)
    if record_kind != PERSON:
        return {}, unseen
    classes: dict[str, dict[str, int]] = {}
    for column in ("given", "family"):
        found = engine.rows(
            f"SELECT {column}, {rarity_class('count(*)', total)} AS class FROM {WORK}.features "
            f"WHERE {column} IS NOT NULL AND kind = '{PERSON}' AND place = 1 "
            f"GROUP BY {column} HAVING class <> {unseen} ORDER BY {column}"
        )
        classes[column] = dict(found)
    return classes, unseen


def name_agreement(engine: Engine) -> tuple[list[tuple[int, int, float]], float]:
    """The number of pairs of persons that agree on both names, by the classes of the names; and of pairs with both names."""
    total = int(engine.value(f"SELECT count(*) FROM {WORK}.features WHERE kind = '{PERSON}' AND place = 1")) + UNSEEN_RECORDS
    found = engine.rows(f"""
        WITH both_names AS (
            SELECT given, family, count(*) AS n FROM {WORK}.features
            WHERE kind = '{PERSON}' AND place = 1 GROUP BY given, family),
        single AS (
            SELECT given, family, n, sum(n) OVER (PARTITION BY given) AS givens, sum(n) OVER (PARTITION BY family) AS families
            FROM both_names)
        SELECT {rarity_class("givens", total)} AS g, {rarity_class("families", total)} AS f, sum(n), sum(n * (n - 1) // 2)
        FROM single WHERE given IS NOT NULL AND family IS NOT NULL GROUP BY g, f ORDER BY g, f""")
    records = sum(int(row[2]) for row in found)
    return [(row[0], row[1], float(row[3])) for row in found], records * (records - 1) / 2


def rarity_class(count: str, total: int) -> str:
    """SQL: the rarity class of a name that occurs `count` times in `total` records."""
    return "(" + " + ".join(f"CAST({count} >= {bound * total} AS INTEGER)" for bound in RARITY_BOUNDS) + ")"
