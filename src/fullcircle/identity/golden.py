"""One golden record per customer: for each field the chosen value and the record it came from. Pure SQL.

Records that their source merged into another, or that are archived or no longer active there, count last. For names and birth
date the most frequent value, then the original script, then the longest, then the one with its accents (`Schäfer` before
`Schaefer`), then the newest; of equal names the one in an e-mail address of the customer. The family name is chosen first; given
and middle name are of records that have it, whatever its accents, so that `Keller Ada` lends no given name to a Keller; the full
name is of a record with both. For e-mail and phone the preferred source, then the newest; an address that a marketplace made, or
from which mail came back, comes after all others.
Street, city, postcode, region and country are one address and come from one record: one with a street first, then one whose
street is not that of another without its number, then the preferred source, then the newest. Ties go to the smallest record id.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.identity.prepare import WORK
from fullcircle.identity.relays import is_relay
from fullcircle.mapping.reading.names import EASTERN
from fullcircle.model.golden import GOLDEN, GOLDEN_FIELDS, GoldenRule, chosen_by
from fullcircle.model.label import PROPERTY_TYPES
from fullcircle.model.tables import CUSTOMERS, PROVENANCE

WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe", "æ": "ae"}
MISREAD = "[ÂÃÄÅÐÑ][\\x80-\\xBF]|\\x{FFFD}"  # UTF-8 that was read as another encoding
INITIAL = r"regexp_full_match(given_name, '\p{L}\.?')"
BOUNCED = (  # an address from which mail came back comes after all others
    f"CAST((customer_id, email) IN (SELECT (customer_id, undeliverable) FROM {WORK}.golden_rows "
    "WHERE undeliverable IS NOT NULL) AS INTEGER)"
)
ADDRESS = chosen_by(GoldenRule.ADDRESS)


def make_golden(engine: Engine, prefer_sources: Sequence[str]) -> None:
    """Make `customers` and `provenance` in the main schema from `records` and `members`."""
    _rows(engine, prefer_sources)
    _reachable(engine)
    _without_number(engine)
    _values(engine)
    _customers(engine)
    _alone(engine)


def _rows(engine: Engine, prefer_sources: Sequence[str]) -> None:
    """`golden_rows`: every record with its customer, the rank of its source (0 is best) and its age key (largest is newest)."""
    ranks = " ".join(f"WHEN {literal(source)} THEN {place}" for place, source in enumerate(prefer_sources))
    rank = f"CASE r.source {ranks} ELSE {len(prefer_sources)} END" if ranks else "0"
    fields = ", ".join(f"CAST(r.{name} AS VARCHAR) AS {name}" for name in GOLDEN_FIELDS)
    engine.run(f"""
        CREATE TABLE {WORK}.golden_rows AS
        SELECT m.customer_id, r.record_id, n.kind, r.source, r.account_id, r.updated_at, {fields}, {rank} AS source_rank,
            coalesce(epoch_us(r.updated_at), -1) AS age_key, s.size,
            r.merged_into IS NOT NULL OR r.retired IS NOT NULL AS late
        FROM members m JOIN (SELECT customer_id, count(*) AS size FROM members GROUP BY customer_id) s USING (customer_id)
            JOIN records r USING (record_id) JOIN {WORK}.names n USING (record_id)""")


def _reachable(engine: Engine) -> None:
    """In place of an address that a marketplace made, or from which mail came back, the further one of the same record."""
    bounced = f"SELECT customer_id, undeliverable FROM {WORK}.golden_rows WHERE undeliverable IS NOT NULL"
    unfit = "({0} OR (g.customer_id, {1}) IN (" + bounced + "))"
    engine.run(f"""
        UPDATE {WORK}.golden_rows SET email = better.value FROM (
            SELECT g.record_id, min(i.value) AS value FROM {WORK}.golden_rows g
            JOIN identifiers i ON i.record_id = g.record_id AND i.kind = 'email'
            WHERE g.email IS NOT NULL AND {unfit.format(is_relay("g.email"), "g.email")}
                AND NOT {unfit.format(is_relay("i.value"), "i.value")} GROUP BY 1) better
        WHERE golden_rows.record_id = better.record_id""")


def _without_number(engine: Engine) -> None:
    """`streets_without_number`: records whose street another record of the customer has with a house number behind or before."""
    letters = "trim(regexp_replace(lower(strip_accents(street)), '[^a-z]+', ' ', 'g'))"
    engine.run(f"""
        CREATE TABLE {WORK}.streets_without_number AS
        WITH streets AS (
            SELECT DISTINCT customer_id, street, replace(postcode, ' ', '') AS postcode, {letters} AS letters,
                regexp_matches(street, '\\d') AS numbered
            FROM {WORK}.golden_rows WHERE size > 1 AND street IS NOT NULL),
        bare AS (
            SELECT DISTINCT a.customer_id, a.street FROM streets a JOIN streets b USING (customer_id)
            WHERE NOT a.numbered AND b.numbered AND a.letters <> ''
                AND (starts_with(b.letters, a.letters) OR ends_with(b.letters, a.letters))
                AND (a.postcode IS NULL OR b.postcode IS NULL OR a.postcode = b.postcode))
        SELECT record_id FROM {WORK}.golden_rows JOIN bare USING (customer_id, street)""")


def _values(engine: Engine) -> None:
    """`provenance` of customers of several records: one row for each value of each field, with the rule that chose among them."""
    engine.run(PROVENANCE.ddl())
    engine.run(
        f"CREATE TABLE {WORK}.golden_emails AS SELECT customer_id, string_agg(DISTINCT lower(email), ' ' ORDER BY lower(email)) "
        f"AS emails FROM {WORK}.golden_rows WHERE size > 1 AND email IS NOT NULL GROUP BY customer_id"
    )
    for name in sorted(chosen_by(GoldenRule.FREQUENT), key=lambda one: one != "family_name"):
        _vote(engine, name)
        if name == "family_name":
            _chosen_families(engine)
    for name in chosen_by(GoldenRule.NEWEST):
        relay = f"{BOUNCED}, CAST({is_relay(name)} AS INTEGER), " if name == "email" else ""
        order = f"{relay}late, source_rank, -age_key, record_id"
        _rank(engine, GoldenRule.NEWEST, (name,), f"{name} IS NOT NULL", order)
    for name in chosen_by(GoldenRule.SAID):
        order = f"late, length({name}) DESC, source_rank, -age_key, record_id"
        _rank(engine, GoldenRule.SAID, (name,), f"{name} IS NOT NULL", order)
    full = (
        "CAST(street IS NULL AS INTEGER), CAST(city IS NULL AND postcode IS NULL AS INTEGER), "
        f"CAST(record_id IN (FROM {WORK}.streets_without_number) AS INTEGER)"
    )
    some = " OR ".join(f"{name} IS NOT NULL" for name in ADDRESS)
    _rank(engine, GoldenRule.ADDRESS, ADDRESS, some, f"late, {full}, source_rank, -age_key, record_id")


def _vote(engine: Engine, name: str) -> None:
    """The most frequent value wins; provenance names the newest record that has it. Few customers have several values.

    Of equals the one that is in an e-mail address of the customer. The other parts of a name, and the whole one, are first those
    of a record with the parts that were chosen before.
    """
    agrees = _agrees(name)
    in_email, beside, fits = "false", "", "true"
    if name in {"given_name", "middle_name"}:
        beside = f"LEFT JOIN {WORK}.chosen_families f USING (customer_id)"
    if name == "middle_name":  # the first of two surnames is the family name of another record: nobody is `Ida Kern Kern`
        last = _bare(r"regexp_extract(middle_name, '\S+$')")
        fits = f"NOT coalesce({last} = f.chosen_family AND {_bare('family_name')} <> f.chosen_family, false)"
    if name in {"given_name", "family_name"}:
        in_email = f"coalesce(contains(emails, lower(strip_accents({name}))), false)"
        beside += f" LEFT JOIN {WORK}.golden_emails e USING (customer_id)"
    engine.run(f"""
        INSERT INTO provenance
        WITH spelled AS (
            SELECT customer_id, {name} AS value, max({agrees}) AS agrees, bool_or({in_email}) AS in_email,
                count(*) FILTER (NOT late) AS living, count(*) AS votes, max(age_key) AS newest,
                arg_min(record_id, (late, -age_key, record_id)) AS best
            FROM {WORK}.golden_rows r {beside}
            WHERE size > 1 AND {name} IS NOT NULL AND {fits} GROUP BY customer_id, {name}),
        several AS (SELECT customer_id FROM spelled GROUP BY customer_id HAVING count(*) > 1),
        chosen AS (
            SELECT customer_id, best FROM spelled ANTI JOIN several USING (customer_id)
            UNION ALL
            SELECT customer_id, best FROM (
                FROM spelled SEMI JOIN several USING (customer_id)
                QUALIFY row_number() OVER (PARTITION BY customer_id
                    ORDER BY agrees DESC, living DESC, votes DESC, {_original("value")}, in_email DESC, newest DESC, value) = 1))
        SELECT customer_id, '{name}', {name}, record_id, record_id = best, {literal(GoldenRule.FREQUENT.value)}
        FROM {WORK}.golden_rows JOIN chosen USING (customer_id) WHERE size > 1 AND {name} IS NOT NULL""")


def _agrees(name: str) -> str:
    """SQL: how far a record has the parts of the name that were chosen before: 3 of the full name for both, 2 for the family."""
    chosen = "(SELECT any_value(value) FROM provenance p WHERE p.customer_id = r.customer_id AND p.won AND p.field = '{}')"
    if name == "full_name":
        given, family = (f"coalesce(CAST({one} = {chosen.format(one)} AS INTEGER), 0)" for one in ("given_name", "family_name"))
        return f"2 * {family} + {given}"
    same = f"coalesce({_bare('family_name')} = f.chosen_family, false)"
    if name == "given_name":
        meant = f"list_contains(f.initials, {_first('given_name')})"  # `Ada` beside another family name, and `A.` beside this one
        return f"CASE WHEN {INITIAL} THEN CAST({same} AS INTEGER) WHEN {same} THEN 3 WHEN {meant} THEN 2 ELSE 0 END"
    return f"CAST({same} AS INTEGER)" if name == "middle_name" else "0"


def _chosen_families(engine: Engine) -> None:
    """`chosen_families`: the bare family name that won for each customer, and the initials that its records have."""
    engine.run(f"""
        CREATE TABLE {WORK}.chosen_families AS
        SELECT p.customer_id, {_bare("p.value")} AS chosen_family, list({_first("given_name")}) FILTER ({INITIAL}) AS initials
        FROM provenance p JOIN {WORK}.golden_rows g ON g.customer_id = p.customer_id
            AND {_bare("g.family_name")} = {_bare("p.value")} WHERE p.won AND p.field = 'family_name' GROUP BY ALL""")


def _first(name: str) -> str:
    return f"left(lower(strip_accents({name})), 1)"


def _bare(name: str) -> str:
    return rf"regexp_replace(lower(strip_accents({name})), '[^\p{{L}}]+', '', 'g')"


def _original(value: str) -> str:
    """SQL: the order of spellings: another script than Latin, the longest with its accents written out, the one with accents."""
    latin = rf"regexp_matches({value}, '[^\x00-\x{{24F}}\x{{1E00}}-\x{{1EFF}}\p{{P}}]')"
    out = value
    for letter, instead in WRITTEN_OUT.items():
        out = f"replace({out}, '{letter}', '{instead}')"
    accents = rf"regexp_matches({value}, '[^\x00-\x7F]') AND NOT regexp_matches({value}, '{MISREAD}')"
    return f"{latin} DESC, length({out}) DESC, {accents} DESC, length({value}) DESC"


def _rank(engine: Engine, rule: GoldenRule, names: Sequence[str], condition: str, order: str) -> None:
    """The best record wins for all these fields together; a field it does not have stays empty."""
    chosen = ", ".join(names)
    fields = "[" + ", ".join(f"{{'field': '{name}', 'value': {name}}}" for name in names) + "]"
    engine.run(f"""
        INSERT INTO provenance
        SELECT customer_id, part.field, part.value, record_id, won, {literal(rule.value)} FROM (
            SELECT customer_id, record_id, won, unnest({fields}) AS part FROM (
                SELECT customer_id, record_id, {chosen},
                    row_number() OVER (PARTITION BY customer_id ORDER BY {order}) = 1 AS won
                FROM {WORK}.golden_rows WHERE size > 1 AND ({condition})))
        WHERE part.value IS NOT NULL""")


def _customers(engine: Engine) -> None:
    """`customers`: those of one record are copied from it, the others get the winning values."""
    won = ", ".join(f"any_value(value) FILTER (WHERE field = '{name}') AS {name}" for name in GOLDEN_FIELDS)
    types = {field.name: PROPERTY_TYPES[field.type] for field in GOLDEN if field.type != "string"}
    fields = ", ".join(f"CAST({name} AS {types[name]}) AS {name}" if name in types else name for name in GOLDEN_FIELDS)
    engine.run(CUSTOMERS.ddl())
    engine.run(f"""
        INSERT INTO customers BY NAME
        WITH facts AS (
            SELECT customer_id, min(kind) AS kind, count(*) AS records,
                list(DISTINCT source ORDER BY source) AS sources,
                arg_max(account_id, (NOT late, age_key, record_id)) AS account_id,
                min(updated_at) AS first_seen, max(updated_at) AS last_seen
            FROM {WORK}.golden_rows WHERE size > 1 GROUP BY customer_id),
        winners AS (SELECT customer_id, {won} FROM provenance WHERE won GROUP BY customer_id),
        golden AS (
            SELECT f.customer_id, f.kind, {fields}, f.records, f.sources, f.account_id, f.first_seen, f.last_seen
            FROM facts f LEFT JOIN winners w USING (customer_id)
            UNION ALL
            SELECT customer_id, kind, {fields}, 1, [source], account_id, updated_at, updated_at
            FROM {WORK}.golden_rows WHERE size = 1)
        SELECT *, {_display_name()} AS name FROM golden ORDER BY customer_id""")


def _display_name() -> str:
    parts = f"""CASE WHEN regexp_full_match(family_name, '{EASTERN}') THEN concat_ws(' ', family_name, given_name)
        ELSE concat_ws(' ', given_name, middle_name, family_name) END"""
    # A couple or a family has no given name, and is more than its family name: `Hans und Petra Meyer`.
    person = f"coalesce(CASE WHEN given_name IS NULL THEN full_name END, nullif({parts}, ''), full_name)"
    return f"coalesce(CASE WHEN kind = 'organisation' THEN organisation END, {person}, organisation, email, phone)"


def _alone(engine: Engine) -> None:
    """`provenance` of customers of one record."""
    alone = " UNION ALL ".join(
        f"SELECT customer_id, '{name}', {name}, record_id, true, 'the only record' FROM {WORK}.golden_rows "
        f"WHERE size = 1 AND {name} IS NOT NULL"
        for name in GOLDEN_FIELDS
    )
    engine.run(f"INSERT INTO provenance {alone}")
