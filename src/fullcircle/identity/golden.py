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
from fullcircle.identity import golden_scope
from fullcircle.identity.golden_scope import SCOPE
from fullcircle.identity.prepare import WORK
from fullcircle.identity.relays import is_relay
from fullcircle.mapping.reading.names import EASTERN
from fullcircle.model.golden import GOLDEN, GOLDEN_FIELDS, GoldenRule, chosen_by
from fullcircle.model.label import PROPERTY_TYPES

WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe", "æ": "ae"}
MISREAD = "[ÂÃÄÅÐÑ][\\x80-\\xBF]|\\x{FFFD}"  # UTF-8 that was read as another encoding
BOUNCED = (  # an address from which mail came back comes after all others
    f"CAST((customer, email) IN (SELECT (customer, undeliverable) FROM {WORK}.golden_rows "
    "WHERE undeliverable IS NOT NULL) AS INTEGER)"
)
ADDRESS = chosen_by(GoldenRule.ADDRESS)
BEST_FIRST = tuple(one for rule in (GoldenRule.NEWEST, GoldenRule.SAID) for one in chosen_by(rule))
VOTED = tuple(sorted(chosen_by(GoldenRule.FREQUENT), key=lambda one: one != "family_name"))
# A place in an order of all records takes 32 bits of a number; what comes before it in the order is above them.
PLACE_BITS = 32
LONGEST = 100_000


def make_golden(engine: Engine, prefer_sources: Sequence[str], whole: bool = False) -> None:
    """Make `customers` and `provenance` in the main schema from `records` and `members`: those of customers that changed, or
    (`whole`) all.
    """
    statements = _statements(prefer_sources)
    texts = [*statements, _customers(), _provenance()]
    part = golden_scope.begin(engine, texts, whole)
    for statement in statements:
        engine.run(statement)
    golden_scope.write(engine, _customers(), _provenance(), texts, part)


def _statements(prefer_sources: Sequence[str]) -> list[str]:
    """What is run before the tables are written, over the customers of the scope."""
    return [_rows(prefer_sources), _reachable(), _without_number(), *_values()]


def _rows(prefer_sources: Sequence[str]) -> str:
    """`golden_rows`: each record with its customer (and a number for it), its age key (largest is newest), and two places.

    They are those in two orders of all records, where late ones come last: the newest first, and the preferred sources first.
    """
    ranks = " ".join(f"WHEN {literal(source)} THEN {place}" for place, source in enumerate(prefer_sources))
    newest = "CAST(row_number() OVER (ORDER BY late, age_key DESC, code) AS INTEGER)"
    preferred = "newest_place"
    if ranks:
        rank = f"CASE source {ranks} ELSE {len(prefer_sources)} END"
        preferred = f"CAST(row_number() OVER (ORDER BY late, {rank}, age_key DESC, code) AS INTEGER)"
    fields = ", ".join(f"CAST(r.{name} AS VARCHAR) AS {name}" for name in GOLDEN_FIELDS)
    return f"""
        CREATE TABLE {WORK}.golden_rows AS
        WITH members AS (SELECT * FROM main.members WHERE customer_id IN (SELECT id FROM {SCOPE})),
        records AS (SELECT * FROM main.records WHERE record_id IN (SELECT record_id FROM members)),
        aged AS MATERIALIZED (
            SELECT n.code, n.record_id, n.kind, r.source, r.merged_into IS NOT NULL OR r.retired IS NOT NULL AS late,
                coalesce(epoch_us(r.updated_at), -1) AS age_key
            FROM records r JOIN {WORK}.names n USING (record_id)),
        placed AS (SELECT code, {newest} AS newest_place, {preferred} AS preferred_place FROM aged)
        SELECT m.customer_id, s.customer, a.*, p.newest_place, p.preferred_place, r.account_id, r.updated_at, {fields}, s.size
        FROM members m JOIN (
                SELECT customer_id, CAST(row_number() OVER () AS INTEGER) AS customer, count(*) AS size
                FROM members GROUP BY customer_id) s USING (customer_id)
            JOIN records r USING (record_id) JOIN aged a USING (record_id) JOIN placed p USING (code)"""


def _reachable() -> str:
    """In place of an address that a marketplace made, or from which mail came back, the further one of the same record."""
    bounced = f"SELECT customer, undeliverable FROM {WORK}.golden_rows WHERE undeliverable IS NOT NULL"
    unfit = "({0} OR (g.customer, {1}) IN (" + bounced + "))"
    return f"""
        UPDATE {WORK}.golden_rows SET email = better.value FROM (
            SELECT g.code, min(i.value) AS value FROM {WORK}.golden_rows g
            JOIN identifiers i ON i.record_id = g.record_id AND i.kind = 'email'
            WHERE g.email IS NOT NULL AND {unfit.format(is_relay("g.email"), "g.email")}
                AND NOT {unfit.format(is_relay("i.value"), "i.value")} GROUP BY 1) better
        WHERE golden_rows.code = better.code"""


def _without_number() -> str:
    """`streets_without_number`: records whose street another record of the customer has with a house number behind or before."""
    letters = "trim(regexp_replace(lower(strip_accents(street)), '[^a-z]+', ' ', 'g'))"
    return f"""
        CREATE TABLE {WORK}.streets_without_number AS
        WITH streets AS (
            SELECT DISTINCT customer, street, replace(postcode, ' ', '') AS postcode, {letters} AS letters,
                regexp_matches(street, '\\d') AS numbered
            FROM {WORK}.golden_rows WHERE size > 1 AND street IS NOT NULL),
        bare AS (
            SELECT DISTINCT a.customer, a.street FROM streets a JOIN streets b USING (customer)
            WHERE NOT a.numbered AND b.numbered AND a.letters <> ''
                AND (starts_with(b.letters, a.letters) OR ends_with(b.letters, a.letters))
                AND (a.postcode IS NULL OR b.postcode IS NULL OR a.postcode = b.postcode))
        SELECT code FROM {WORK}.golden_rows JOIN bare USING (customer, street)"""


def _values() -> list[str]:
    """The record of each customer of several records whose value is taken, field by field: see `_winner`."""
    emails = (
        f"CREATE TABLE {WORK}.golden_emails AS SELECT customer, string_agg(DISTINCT lower(email), ' ' ORDER BY lower(email)) "
        f"AS emails FROM {WORK}.golden_rows WHERE size > 1 AND email IS NOT NULL GROUP BY customer"
    )
    votes = []
    for name in VOTED:
        votes.append(_vote(name))
        if name == "family_name":
            votes.append(_chosen_families())
    return [emails, *votes, _best()]


def _provenance() -> str:
    """A SELECT: one row for each value of each field of each customer, with the rule that chose among them. One statement writes
    it: many small ones would have the engine compress it twice."""
    rules = {name: rule.value for rule in GoldenRule for name in chosen_by(rule)}
    selected = []
    for name in GOLDEN_FIELDS:
        of, won = _winner(name)
        selected.append(f"""
            SELECT customer_id, '{name}' AS field, {name} AS value, record_id, size = 1 OR {won} AS won,
                CASE WHEN size = 1 THEN 'the only record' ELSE {literal(rules[name])} END AS rule
            FROM {WORK}.golden_rows LEFT JOIN {WORK}.{of} USING (customer) WHERE {name} IS NOT NULL""")
    return " UNION ALL ".join(selected)


def _winner(name: str) -> tuple[str, str]:
    """The scratch table that names the record whose value of this field was chosen, and SQL for whether it is this record."""
    if name in VOTED:
        return f"voted_{name}", f"newest_place = best_{name}"
    return "golden_best", f"preferred_place = best_{'address' if name in ADDRESS else name}"


def _best() -> str:
    """`golden_best`: the record of each customer whose value is taken, by its place, for the fields of which one record is best.

    Few customers have several e-mail addresses: only of these is it asked which forward mail.
    """
    longer_first = "(CAST({0} - least(length({1}), {0}) AS BIGINT) << {2}) + preferred_place"
    keys = {name: "CAST(preferred_place AS BIGINT)" for name in chosen_by(GoldenRule.NEWEST)}
    for name in chosen_by(GoldenRule.SAID):  # of those that are not late, then the longest
        keys[name] = f"(CAST(late AS BIGINT) << 60) + {longer_first.format(LONGEST, name, PLACE_BITS)}"
    conditions = {name: f"{name} IS NOT NULL" for name in keys}
    bare = f"code IN (FROM {WORK}.streets_without_number)"
    order = _order_bits(["late", "street IS NULL", "city IS NULL AND postcode IS NULL", bare])
    keys["address"] = f"({order} << {PLACE_BITS}) + preferred_place"
    conditions["address"] = " OR ".join(f"{name} IS NOT NULL" for name in ADDRESS)
    chosen = ", ".join(f"{_place(f'min({key}) FILTER ({conditions[name]})')} AS best_{name}" for name, key in keys.items())
    forwarded = _order_bits([f"{BOUNCED} = 1", is_relay("email")])
    return f"""
        CREATE TABLE {WORK}.golden_best AS
        WITH plain AS MATERIALIZED (
            SELECT customer, {chosen}, min(email) <> max(email) AS several
            FROM {WORK}.golden_rows WHERE size > 1 GROUP BY customer),
        mailed AS (
            SELECT customer, {_place(f"min(({forwarded} << {PLACE_BITS}) + preferred_place)")} AS best_email
            FROM {WORK}.golden_rows WHERE email IS NOT NULL AND customer IN (SELECT customer FROM plain WHERE several)
            GROUP BY customer)
        SELECT p.* REPLACE (coalesce(m.best_email, p.best_email) AS best_email)
        FROM plain p LEFT JOIN mailed m USING (customer)"""


def _order_bits(conditions: Sequence[str]) -> str:
    """SQL: a number that puts those first for which the first condition does not hold, then the second."""
    bits = (f"(CAST({one} AS BIGINT) << {bit})" for bit, one in enumerate(reversed(conditions)))
    return f"({' + '.join(bits)})"


def _place(key: str) -> str:
    return f"CAST({key} & {2**PLACE_BITS - 1} AS INTEGER)"


def _vote(name: str) -> str:
    """`voted_<name>`: the record of each customer whose value is taken: the newest one with the most frequent value.

    Few customers have several values, and only of these are votes counted. Of equals the one that is in an e-mail address of the
    customer. The other parts of a name, and the whole one, are first those of a record with the parts that were chosen before.
    """
    agrees = _agrees(name)
    in_email, beside, fits = "false", "", "true"
    if name in {"given_name", "middle_name"}:
        beside = f"LEFT JOIN {WORK}.chosen_families f USING (customer)"
    if name == "middle_name":  # the first of two surnames is the family name of another record: nobody is `Ida Kern Kern`
        last = _bare(r"regexp_extract(middle_name, '\S+$')")
        fits = f"NOT coalesce({last} = f.chosen_family AND {_bare('family_name')} <> f.chosen_family, false)"
    counted = f"FROM {WORK}.golden_rows r {beside if fits != 'true' else ''} WHERE size > 1 AND {name} IS NOT NULL AND {fits}"
    if name == "full_name":
        beside = " ".join(
            f"LEFT JOIN (SELECT v.customer, w.{one} AS chosen_{one} FROM {WORK}.voted_{one} v "
            f"JOIN {WORK}.golden_rows w ON w.newest_place = v.best_{one}) of_{one} USING (customer)"
            for one in ("given_name", "family_name")
        )
    if name in {"given_name", "family_name"}:
        in_email = f"coalesce(contains(emails, lower(strip_accents({name}))), false)"
        beside += f" LEFT JOIN {WORK}.golden_emails e USING (customer)"
    return f"""
        CREATE TABLE {WORK}.voted_{name} AS
        WITH newest AS MATERIALIZED (
            SELECT customer, min(newest_place) AS best, min({name}) <> max({name}) AS several {counted} GROUP BY customer),
        spelled AS (
            SELECT customer, {name} AS value, max({agrees}) AS agrees, bool_or({in_email}) AS in_email,
                count(*) FILTER (NOT late) AS living, count(*) AS votes, max(age_key) AS newest, min(newest_place) AS best
            FROM {WORK}.golden_rows r {beside}
            WHERE customer IN (SELECT customer FROM newest WHERE several) AND {name} IS NOT NULL AND {fits}
            GROUP BY customer, {name}),
        elected AS (
            FROM spelled QUALIFY row_number() OVER (PARTITION BY customer
                ORDER BY agrees DESC, living DESC, votes DESC, {_original("value")}, in_email DESC, newest DESC, value) = 1)
        SELECT n.customer, coalesce(e.best, n.best) AS best_{name} FROM newest n LEFT JOIN elected e USING (customer)"""


def _agrees(name: str) -> str:
    """SQL: how far a record has the parts of the name that were chosen before: 3 of the full name for both, 2 for the family."""
    if name == "full_name":
        given, family = (f"coalesce(CAST({one} = chosen_{one} AS INTEGER), 0)" for one in ("given_name", "family_name"))
        return f"2 * {family} + {given}"
    same = f"coalesce({_bare('family_name')} = f.chosen_family, false)"
    if name == "given_name":
        meant = f"list_contains(f.initials, {_first('given_name')})"  # `Ada` beside another family name, and `A.` beside this one
        return (
            f"CASE WHEN {_initial('given_name')} THEN CAST({same} AS INTEGER) WHEN {same} THEN 3 WHEN {meant} THEN 2 ELSE 0 END"
        )
    return f"CAST({same} AS INTEGER)" if name == "middle_name" else "0"


def _chosen_families() -> str:
    """`chosen_families`: the bare family name that won for each customer, and the initials that its records have."""
    initials = f"list({_first('g.given_name')}) FILTER ({_initial('g.given_name')})"
    return f"""
        CREATE TABLE {WORK}.chosen_families AS
        SELECT v.customer, {_bare("w.family_name")} AS chosen_family, {initials} AS initials
        FROM {WORK}.voted_family_name v JOIN {WORK}.golden_rows w ON w.newest_place = v.best_family_name
            JOIN {WORK}.golden_rows g ON g.customer = v.customer AND {_bare("g.family_name")} = {_bare("w.family_name")}
        GROUP BY ALL"""


def _initial(name: str) -> str:
    return rf"regexp_full_match({name}, '\p{{L}}\.?')"


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


def _customers() -> str:
    """A SELECT: customers of one record are copied from it, the others get the winning values."""
    won = ", ".join(f"any_value({name}) FILTER ({_winner(name)[1]}) AS {name}" for name in GOLDEN_FIELDS)
    tables = sorted({_winner(name)[0] for name in GOLDEN_FIELDS})
    joined = " ".join(f"LEFT JOIN {WORK}.{table} USING (customer)" for table in tables)
    types = {field.name: PROPERTY_TYPES[field.type] for field in GOLDEN if field.type != "string"}
    fields = ", ".join(f"CAST({name} AS {types[name]}) AS {name}" if name in types else name for name in GOLDEN_FIELDS)
    return f"""
        WITH facts AS MATERIALIZED (
            SELECT customer, any_value(customer_id) AS customer_id, min(kind) AS kind, count(*) AS records,
                min(source) AS source, min(source) <> max(source) AS several,
                arg_max(account_id, (NOT late, age_key, code)) FILTER (account_id IS NOT NULL) AS account_id,
                min(updated_at) AS first_seen, max(updated_at) AS last_seen, {won}
            FROM {WORK}.golden_rows {joined} WHERE size > 1 GROUP BY customer),
        sources AS (
            SELECT customer, list(DISTINCT source ORDER BY source) AS sources FROM {WORK}.golden_rows
            WHERE customer IN (SELECT customer FROM facts WHERE several) GROUP BY customer),
        golden AS (
            SELECT customer_id, kind, {fields}, records, coalesce(s.sources, [source]) AS sources, account_id,
                first_seen, last_seen
            FROM facts LEFT JOIN sources s USING (customer)
            UNION ALL
            SELECT customer_id, kind, {fields}, 1, [source], account_id, updated_at, updated_at
            FROM {WORK}.golden_rows WHERE size = 1)
        SELECT *, {_display_name()} AS name FROM golden ORDER BY customer_id"""


def _display_name() -> str:
    parts = f"""CASE WHEN regexp_full_match(family_name, '{EASTERN}') THEN concat_ws(' ', family_name, given_name)
        ELSE concat_ws(' ', given_name, middle_name, family_name) END"""
    # A couple or a family has no given name, and is more than its family name: `Hans und Petra Meyer`.
    person = f"coalesce(CASE WHEN given_name IS NULL THEN full_name END, nullif({parts}, ''), full_name)"
    return f"coalesce(CASE WHEN kind = 'organisation' THEN organisation END, {person}, organisation, email, phone)"
