"""What can be written back: each fact of a customer by its name in the config, with the SQL that gives it to everybody.

A fact of an insight that was never computed is an error, not an empty value: else a run without it would empty the CRM.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.connectors.writing import KINDS, WritableField
from fullcircle.engine.base import Engine, literal
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.insights.segments.members import SIZES
from fullcircle.insights.segments.members import TABLE as IN_SEGMENT
from fullcircle.model.field_classes import FINANCIAL, PLAIN
from fullcircle.model.tables import CUSTOMER_CONSENTS


@dataclass(frozen=True, slots=True)
class CustomerFact:
    """Something known of customers. `sql` selects customer_id and value; who is not in it has an empty value."""

    name: str
    kind: str  # as of a field: see connectors.writing.KINDS
    sql: str
    table: str  # that must be there
    meaning: str
    field_class: str = PLAIN
    offers: bool = False  # it is for offers: not written for who refused them


def _of(table: str, name: str, kind: str, value: str, meaning: str, field_class: str = PLAIN) -> CustomerFact:
    return CustomerFact(
        name, kind, f"SELECT customer_id, {value} AS value FROM {table} WHERE {value} IS NOT NULL", table, meaning, field_class
    )


def _offer(name: str, value: str, meaning: str) -> CustomerFact:
    sql = f"SELECT customer_id, {value} AS value FROM insight_next_product JOIN products USING (product_id) WHERE rank = 1"
    return CustomerFact(name, "text", sql, "insight_next_product", meaning, offers=True)


HABITS, WORTH = "insight_habits", "insight_worth"
FACTS: dict[str, CustomerFact] = {
    fact.name: fact
    for fact in (
        _of("customers", "customer_id", "text", "customer_id", "the id of the customer in fullcircle"),
        _of("customers", "records", "integer", "records", "how many records of all sources are this customer"),
        _of("customers", "household_id", "text", "household_id", "the household"),
        CustomerFact(
            "segments", "list",
            f"SELECT customer_id, array_to_string(list_sort(list(segment)), ';') AS value FROM {IN_SEGMENT} "
            f"JOIN {SIZES} USING (segment) WHERE audience GROUP BY customer_id",
            IN_SEGMENT, "the segments of the config that are audiences",
        ),
        _offer("next_product", "products.name", "the product that the customer may like next"),
        _offer("next_product_sku", "sku", "its article number"),
        _offer("next_product_why", "why", "why it is offered"),
        _of(WORTH, "worth", "number", "expected_value", "the value that is expected in the next year", FINANCIAL),
        _of(WORTH, "worth_currency", "text", "currency", "the currency of it"),
        _of(WORTH, "expected_orders", "number", "expected_orders", "how many orders are expected in the next year"),
        _of(WORTH, "health", "integer", "round(100 * (1 - lost))", "the chance in % that an order comes in the next year"),
        _of(HABITS, "orders", "integer", "orders", "how many orders there were"),
        _of(HABITS, "spent", "number", "amount", "what was paid in all", FINANCIAL),
        _of(HABITS, "spent_currency", "text", "currency", "the currency of it"),
        _of(HABITS, "last_order", "date", "CAST(last_order AS DATE)", "the day of the last order"),
        _of(HABITS, "next_order", "date", "next_order", "the day on which the next order is due"),
        _of(HABITS, "buying", "text", "segment", "how the customer buys: new, active, at risk, lapsed ..."),
        _of(HABITS, "rfm", "text", "rfm", "recency, frequency and money, a digit each"),
    )
}  # fmt: skip
WITH_NAME = {  # before a colon -> what it means
    "in_segment": "in_segment:NAME: whether the customer is in this segment of the config",
    "agreed": "agreed:PURPOSE: whether the customer agreed (email, sms, call, post ...); empty where nobody says so",
    "refused": "refused:PURPOSE: whether the customer refused",
}
# (kind of the fact, kind of the field) -> SQL of the text that is written, from `value` and the field's digits.
_NUMBER = "rtrim(rtrim(printf('%.{digits}f', round(CAST(value AS DOUBLE), {digits}) + 0.0), '0'), '.')"
_WHOLE = "CAST(CAST(round(value) AS BIGINT) AS VARCHAR)"
_DAY, _BOX = "strftime(value, '%Y-%m-%d')", "CAST(CAST(value AS BOOLEAN) AS VARCHAR)"
FORMS: dict[tuple[str, str], str] = {
    ("text", "text"): "nullif(trim(value), '')", ("text", "list"): "nullif(trim(value), '')",
    ("list", "list"): "value", ("list", "text"): "value",
    ("number", "number"): _NUMBER, ("number", "text"): _NUMBER.format(digits=2), ("number", "integer"): _WHOLE,
    ("integer", "integer"): _WHOLE, ("integer", "number"): _WHOLE, ("integer", "text"): _WHOLE,
    ("boolean", "boolean"): _BOX, ("boolean", "text"): "CASE WHEN value THEN 'yes' ELSE 'no' END",
    ("date", "date"): _DAY, ("date", "text"): _DAY, ("date", "moment"): f"{_DAY} || 'T00:00:00Z'",
}  # fmt: skip


def fact_of(name: str) -> CustomerFact:
    """The fact with this name in the config. ConfigError if there is none."""
    word, colon, rest = name.partition(":")
    rest = rest.strip()
    if colon and word in WITH_NAME and rest:
        return _named(word, rest)
    if name not in FACTS:
        raise ConfigError(f'"{name}" is not something that is written back.', did_you_mean(name, [*FACTS, *WITH_NAME]))
    return FACTS[name]


def _named(word: str, rest: str) -> CustomerFact:
    if word == "in_segment":
        these = f"SELECT customer_id FROM {IN_SEGMENT} WHERE segment = {literal(rest)}"
        sql = f"SELECT customer_id, customer_id IN ({these}) AS value FROM customers"
        return CustomerFact(f"{word}:{rest}", "boolean", sql, IN_SEGMENT, f"in the segment {rest}")
    answers, purpose = CUSTOMER_CONSENTS.name, literal(rest.lower())
    if word == "agreed":
        sql = f"SELECT customer_id, agreed AS value FROM {answers} WHERE purpose = {purpose} AND agreed IS NOT NULL"
    else:
        those = f"SELECT customer_id FROM {answers} WHERE purpose = {purpose} AND agreed = false"
        sql = f"SELECT customer_id, customer_id IN ({those}) AS value FROM customers"
    return CustomerFact(f"{word}:{rest}", "boolean", sql, answers, f"{word} to {rest}")


def check_fits(fact: CustomerFact, field: WritableField, where: str) -> None:
    """ConfigError if a field cannot take the values of a fact."""
    if (fact.kind, field.kind) not in FORMS:
        fitting = ", ".join(kind for kind in KINDS if (fact.kind, kind) in FORMS)
        raise ConfigError(
            f"{where}: {field.name} is a field of the kind {field.kind}, and {fact.name} is a {fact.kind}.",
            f"Choose a field of one of these kinds: {fitting}.",
        )


def check_known(engine: Engine, fact: CustomerFact) -> None:
    """ConfigError if nobody knows the fact: its table was not made, or the segment is not one."""
    if not engine.has(fact.table):
        raise ConfigError(
            f"{fact.name} cannot be written: it was not computed.",
            "Look at [insights] names and [segments] in the config, then `fullcircle run`.",
        )
    word, _, rest = fact.name.partition(":")
    if word == "in_segment":
        known = [row[0] for row in engine.rows(f"SELECT segment FROM {SIZES} ORDER BY 1")]
        if rest not in known:
            raise ConfigError(f"There is no segment {rest}.", did_you_mean(rest, known))
    if fact.name == "segments" and (odd := engine.rows(f"SELECT segment FROM {SIZES} WHERE contains(segment, ';') LIMIT 1")):
        raise ConfigError(f'The segment "{odd[0][0]}" cannot be written in a list.', "Rename it without a semicolon.")


def text_of_fact(fact: CustomerFact, field: WritableField) -> str:
    """SQL of the text that a field gets, from `value`."""
    if field.kind == "number" and fact.kind == "number" and field.digits == 0:
        return _WHOLE
    return FORMS[fact.kind, field.kind].format(digits=min(field.digits, 2))
