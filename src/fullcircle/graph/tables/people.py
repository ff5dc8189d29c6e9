"""Customers, the records and identifiers behind them, their households and accounts: one SELECT for each label."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine
from fullcircle.graph.words import search_sql
from fullcircle.mapping.denials import channel_of
from fullcircle.model.entities import ENTITIES
from fullcircle.model.graph import PERSON
from fullcircle.model.identifiers import OF_RECORDS, is_compared

# Customers are made in slices: the aggregation of their provenance cannot spill to disk, so it must fit into memory.
SLICE = 100_000


def selects(engine: Engine) -> dict[str, str | list[str]]:
    """Label -> the SELECT (or several) that gives its rows."""
    return {
        "Customer": _customers(engine),
        "Record": RECORD,
        "Identifier": IDENTIFIER,
        "Household": _households(engine),
        "Account": "SELECT account_id AS id, name, industry, country, website, source FROM accounts",
        "RESOLVES_TO": RESOLVES_TO,
        "HAS_IDENTIFIER": HAS_IDENTIFIER,
        "MEMBER_OF": _member_of(engine),
        "Consent": CONSENT,
        "HAS_CONSENT": HAS_CONSENT,
    }


def _customers(engine: Engine) -> list[str]:
    slices = max(1, -(-engine.count("customers") // SLICE))
    numbered = _numbered(engine)
    return [_customer(f"hash(customer_id) % {slices} = {number}", numbered) for number in range(slices)]


def customer(engine: Engine) -> str:
    """The SELECT of customers in one."""
    return _customer("true", _numbered(engine))


def customer_text() -> str:
    """The SELECT of customers as it is where everything has numbers: its text changes with the code alone."""
    return _customer("true", [one.table_name for one in ENTITIES.values()])


def _numbered(engine: Engine) -> list[str]:
    return [one.table_name for one in ENTITIES.values() if _is_numbered(engine, one.table_name)]


def _is_numbered(engine: Engine, table: str) -> bool:
    """True for a table in which something has a number beside its key."""
    return engine.has(table) and "number" in engine.columns(table) and bool(engine.value(f"SELECT count(number) FROM {table}"))


# provenance: {"email": {"from": "record:...", "rule": "...", "others": 2}, ...}: the record each golden value comes from,
# the rule that chose it and the number of other values.
def _customer(mine: str, numbered: Sequence[str]) -> str:
    return f"""
    WITH field AS (
        SELECT customer_id, field,
            max(record_id) FILTER (won) AS winner, max(rule) FILTER (won) AS rule, count(*) FILTER (NOT won) AS others
        FROM provenance WHERE {mine} GROUP BY customer_id, field HAVING winner IS NOT NULL),
    provenance_json AS (
        SELECT customer_id, '{{' || string_agg(
            to_json(field)::VARCHAR || ':{{"from":' || to_json(winner)::VARCHAR
                || ',"rule":' || to_json(coalesce(rule, ''))::VARCHAR || ',"others":' || others || '}}',
            ',' ORDER BY field) || '}}' AS provenance
        FROM field GROUP BY customer_id),
    search_text AS ({search_sql(mine, numbered)})
    SELECT customer_id AS id, kind, name, {", ".join(PERSON)}, records,
        array_to_string(list_sort(sources), ', ') AS sources, first_seen, last_seen, provenance, search, taste
    FROM (FROM customers WHERE {mine}) LEFT JOIN provenance_json USING (customer_id)
    LEFT JOIN search_text USING (customer_id) LEFT JOIN customer_tastes USING (customer_id)"""


# The further e-mails, phones and addresses of a record; few records have any, so they fit into memory.
RECORD = f"""
    WITH others AS (
        SELECT record_id, '[' || string_agg(DISTINCT json_object('kind', i.kind, 'value', value)::VARCHAR, ','
            ORDER BY json_object('kind', i.kind, 'value', value)::VARCHAR) || ']' AS identifiers
        FROM identifiers i JOIN records r USING (record_id)
        WHERE {" AND ".join(f"value IS DISTINCT FROM r.{name}" for name in OF_RECORDS)} GROUP BY record_id),
    places AS (
        SELECT record_id, '[' || string_agg(DISTINCT json_object('street', a.street, 'city', a.city, 'postcode', a.postcode,
            'region', a.region, 'country', a.country)::VARCHAR, ',' ORDER BY json_object('street', a.street, 'city', a.city,
            'postcode', a.postcode, 'region', a.region, 'country', a.country)::VARCHAR) || ']' AS addresses
        FROM addresses a JOIN records r USING (record_id)
        WHERE (a.street, a.city, a.postcode) IS DISTINCT FROM (r.street, r.city, r.postcode) GROUP BY record_id)
    SELECT record_id AS id, source, object, key, kind, full_name_raw, {", ".join(PERSON)}, identifiers, addresses, updated_at
    FROM records LEFT JOIN others USING (record_id) LEFT JOIN places USING (record_id)"""

# A number that is only searched is one of its source: 1001 of the shop is another customer than 1001 of the books.
_OF_SOURCE = f"CASE WHEN {is_compared('i.kind')} THEN '' ELSE i.source || ':' END"
IDENTIFIER_ID = f"'identifier:' || i.kind || ':' || {_OF_SOURCE} || i.value"
IDENTIFIER = f"""
    SELECT {IDENTIFIER_ID} AS id, i.kind, i.value, count(DISTINCT m.customer_id) AS customers
    FROM identifiers i JOIN members m USING (record_id)
    WHERE i.kind IS NOT NULL AND i.value IS NOT NULL GROUP BY ALL"""
HAS_IDENTIFIER = f"""
    SELECT 'has_identifier:' || m.customer_id || '>' || {IDENTIFIER_ID} AS id,
        m.customer_id AS source, {IDENTIFIER_ID} AS target, count(DISTINCT i.record_id) AS records
    FROM identifiers i JOIN members m USING (record_id) SEMI JOIN customers USING (customer_id)
    WHERE i.kind IS NOT NULL AND i.value IS NOT NULL GROUP BY ALL"""
RESOLVES_TO = """
    SELECT 'resolves_to:' || record_id || '>' || customer_id AS id, record_id AS source, customer_id AS target, weight, rule
    FROM members SEMI JOIN records USING (record_id) SEMI JOIN customers USING (customer_id)"""
CONSENT = f"""
    SELECT consent_id AS id, purpose, {channel_of("purpose")} AS channel, granted, "at", source, record_id AS record
    FROM consents"""
# Who refuses e-mail, or messages to a phone, refuses it for the address or number: it holds for every customer who has that, too.
# Of several refusals of one address the newest does (one of an unknown day before all), so an address of many makes few edges.
HAS_CONSENT = f"""
    WITH refused AS (
        SELECT i.kind, i.value, arg_max(c.consent_id, (coalesce(c."at", TIMESTAMP '9999-12-31'), c.consent_id)) AS consent_id
        FROM (SELECT *, {channel_of("purpose")} AS channel FROM consents WHERE granted = false) c
        JOIN identifiers i ON i.record_id = c.record_id
            AND i.kind = CASE c.channel WHEN 'email' THEN 'email' WHEN 'sms' THEN 'phone' END
        GROUP BY i.kind, i.value),
    whose AS (
        SELECT customer_id, consent_id FROM consents JOIN members USING (record_id)
        UNION SELECT customer_id, consent_id FROM refused JOIN identifiers USING (kind, value) JOIN members USING (record_id))
    SELECT 'has_consent:' || customer_id || '>' || consent_id AS id, customer_id AS source, consent_id AS target
    FROM whose SEMI JOIN customers USING (customer_id)"""
HOUSEHOLD = """
    SELECT household_id AS id, name, street, city, postcode, coalesce(customers, 0) AS customers
    FROM households LEFT JOIN (
        SELECT household_id, count(DISTINCT customer_id) AS customers FROM household_members GROUP BY household_id
    ) USING (household_id)"""
IN_HOUSEHOLD = """
    SELECT 'member_of:' || customer_id || '>' || household_id AS id, customer_id AS source, household_id AS target
    FROM household_members SEMI JOIN customers USING (customer_id) SEMI JOIN households USING (household_id)
    GROUP BY customer_id, household_id"""
# A customer's account comes from its golden values or from any of its records.
AT_ACCOUNT = """
    SELECT 'member_of:' || customer_id || '>' || account_id AS id, customer_id AS source, account_id AS target
    FROM (SELECT customer_id, account_id FROM customers UNION
          SELECT customer_id, account_id FROM records JOIN members USING (record_id) SEMI JOIN customers USING (customer_id))
    SEMI JOIN accounts USING (account_id)"""


def _households(engine: Engine) -> str:
    """The SELECT of households; it has no rows if identity does not make the tables of households."""
    if engine.has("households") and engine.has("household_members"):
        return HOUSEHOLD
    return "SELECT NULL AS id, NULL AS name, NULL AS street, NULL AS city, NULL AS postcode, NULL AS customers LIMIT 0"


def _member_of(engine: Engine) -> list[str]:
    return [AT_ACCOUNT, IN_HOUSEHOLD] if engine.has("households") and engine.has("household_members") else [AT_ACCOUNT]
