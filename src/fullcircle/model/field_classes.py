"""The class of every field: who may see it depends on it. What is not listed here is unclassified: only who sees all sees it.

Golden fields and kinds of identifiers say theirs in golden.py and identifiers.py, the views for BI tools in flat_views.py; a
label or a table of another package where it is declared: `EntityField(field_class=...)`, `VertexLabel(classes=...)`. Some values
have no class of their own, but one of the names in READ_APART: a key in an id may be an e-mail address; the class of an
identifier's value is that of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from fullcircle.model.entities import ADDED
from fullcircle.model.flat_views import BY_TABLE
from fullcircle.model.golden import GOLDEN
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.identifiers import DOMAIN, IDENTIFIER_KINDS
from fullcircle.model.label import EdgeLabel, VertexLabel
from fullcircle.model.table import ORIGIN
from fullcircle.model.tables import TABLES

PLAIN, CONTACT, SENSITIVE, FINANCIAL, TEXT, UNCLASSIFIED = "plain", "contact", "sensitive", "financial", "text", "unclassified"
CLASSES: dict[str, str] = {  # class -> what is in it
    PLAIN: "counts, days, kinds, products, countries, and the ids of customers",
    CONTACT: "names, e-mail addresses, phone numbers, postal addresses, handles, customer and loyalty numbers",
    SENSITIVE: "birth date, gender, death, and the numbers of states: tax, passport, licence",
    FINANCIAL: "what was spent, what is owed, what deals are worth",
    TEXT: "free text: subjects, notes, reasons; anything may be written in it",
    UNCLASSIFIED: "what nobody classified, and what repeats everything: raw rows, the text that search reads",
}
READ_APART: dict[str, str] = {
    "id": "an id of ours: its key is hidden unless contact is seen, or the key is a small number or a UUID",
    "key": "the key of a row at its source, as in an id",
    "of kind": "an identifier's value: the class of its kind",
    "of field": "a value of the field that the column `field` names",
    "identifiers": "a JSON list of {kind, value}",
    "addresses": "a JSON list of addresses",
    "provenance": "JSON: field -> the record it is from",
    "ids": "several ids",
}
KINDS: dict[str, str] = {  # of identifiers; one that is not listed is unclassified
    **{kind.name: kind.field_class for kind in IDENTIFIER_KINDS.values()}, DOMAIN: CONTACT,
}  # fmt: skip


def _by(**classes: str) -> dict[str, str]:
    """Field -> class, from class = "field field". `id_` and `key_` are the two of READ_APART that many have."""
    return {name: one.rstrip("_") for one, names in classes.items() for name in names.split()}


PERSON = {field.name: field.field_class for field in GOLDEN}
_RAW = _by(contact="full_name_raw email_raw phone_raw street_raw", plain="country_raw", sensitive="birth_text")
_ORDER = _by(
    plain="ordered_at status channel currency source number", financial="amount unpaid paid", text="status_raw",
    id_="corrects same_as",
)  # fmt: skip
_TICKET = _by(plain="opened_at closed_at status channel priority source number", text="subject")
_INTERACTION = _by(
    plain="at kind channel sentiment source currency status number", financial="amount", text="text status_raw", id_="pays"
)
_PRODUCT = _by(plain="name sku category brand source price price_currency buyers sales baskets")
_HABITS = _by(
    plain="orders cadence_days first_order last_order next_order due rfm segment categories channel currency",
    financial="amount amounts unpaid why",  # why: says what is owed
)  # fmt: skip
_WORTH = _by(plain="days expected_orders currency lost method why", financial="expected_value")
_PURCHASE = _by(plain="times quantity first last currency", financial="amount amounts")
_RELATED = _by(plain="score shared why rank")
_CONNECTED = _by(plain="rank kinds shared why", id_="through")
_TOGETHER = _by(plain="together support confidence lift lift_low why rank")
_GROUP = _by(plain="name description size share orders basket currency ago", financial="spend")
_NEXT = _by(plain="score rank why")
_SUMMARY = _by(plain="kind records sources first_seen last_seen", contact="name")
_CONSENT = _by(plain="purpose channel granted at source", id_="record")
_ACCOUNT = _by(plain="industry country source", contact="name website")
_HOUSEHOLD = _by(contact="name street city postcode", plain="customers")

LABELS: dict[str, dict[str, str]] = {
    "Customer": {**PERSON, **_SUMMARY, **_by(plain="taste", unclassified="search"), "provenance": "provenance"},
    "Record": {
        **PERSON, **_RAW, **_by(plain="source object kind updated_at", key_="key"),
        "identifiers": "identifiers", "addresses": "addresses",
    },
    "Identifier": {"kind": PLAIN, "customers": PLAIN, "value": "of kind"},
    "Household": _HOUSEHOLD,
    "Account": _ACCOUNT,
    "Product": _PRODUCT,
    "Category": _by(plain="name"),
    "Totals": _by(plain="customers sales baskets rarity2 newest taste_low taste_high"),
    "Consent": _CONSENT,
    "Order": _ORDER,
    "Ticket": _TICKET,
    "Interaction": _INTERACTION,
    "Habits": _HABITS,
    "Worth": _WORTH,
    "Segment": _by(plain="audience size", financial="name rules note"),  # rules, and names by them, may be about sums
    "Group": _GROUP,
    "IN_GROUP": _by(plain="why"),
    "RESOLVES_TO": _by(plain="weight rule"),
    "HAS_IDENTIFIER": _by(plain="records"),
    "CONTAINS": _by(plain="quantity", financial="amount"),
    "PURCHASED": _PURCHASE,
    "RELATED_TO": _RELATED,
    "CONNECTED_TO": _CONNECTED,
    "BOUGHT_WITH": _TOGETHER,
    "MAY_BUY": _NEXT,
    "IN_SEGMENT": _by(plain="since"),
    "MAY_LIKE": _NEXT,
}  # fmt: skip
_ORIGIN = _by(plain="source object updated_at", key_="key")
_COLUMNS: dict[str, dict[str, str]] = {
    "records": {**PERSON, **_RAW, **_by(plain="kind retired", id_="account_id merged_into")},
    "identifiers": {"kind": PLAIN, "value": "of kind", "value_raw": "of kind"},
    "addresses": {**PERSON, **_RAW, "use": PLAIN},
    "accounts": _ACCOUNT,
    "products": _PRODUCT,
    "orders": _ORDER,
    "order_lines": _by(plain="quantity unit_price discount discount_kind status", financial="amount", id_="order_id product_id"),
    "tickets": _TICKET,
    "interactions": _INTERACTION,
    "consents": _CONSENT,
    "participants": _by(id_="interaction_id"),
    "quarantine": _by(plain="stage rule", unclassified="reason raw"),
    "quality_results": _by(plain="rule_id table_name column_name rule action checked failed"),
    "quality_checks": _by(plain="ruleset table_name rule_id result action checked failed score", text="rule message"),
    "members": _by(id_="customer_id", plain="weight rule"),
    "customers": {**PERSON, **_SUMMARY, **_by(id_="account_id household_id")},
    "provenance": {**_by(id_="customer_id", plain="field won rule"), "value": "of field"},
    "pairs": _by(id_="record_a record_b", plain="weight rule linked veto"),
    "households": {**_HOUSEHOLD, **_by(id_="household_id")},
    "household_members": _by(id_="customer_id household_id"),
    "customer_consents": _by(id_="customer_id", plain="purpose agreed at source"),
    "customer_orders": {**_ORDER, **_by(id_="customer_id order_id")},
    "customer_returns": {**_ORDER, **_by(id_="customer_id order_id")},
    "purchases": {**_PURCHASE, **_by(id_="customer_id product_id")},
    "money_check": _by(
        plain="source object currency what entries without_amount", financial="amount spent owed given_back not_counted"
    ),
    "insight_habits": {**_HABITS, **_by(id_="customer_id")},
    "insight_worth": {**_WORTH, **_by(id_="customer_id")},
    "insight_worth_trials": _by(
        plain="method meaning question currency chosen customers known_until days rank_correlation off note",
        financial="expected came squared_error gain gain_low gain_high",
    ),
    "insight_worth_deciles": _by(plain="method question currency decile customers", financial="expected came"),
    "insight_groups": _by(id_="customer_id", plain="group why"),
    "insight_group_sizes": {**_GROUP, **_by(plain="group silhouette made_up note")},
    "insight_segments": _by(id_="customer_id", plain="since", financial="segment"),
    "insight_segment_changes": _by(id_="customer_id", plain="change on", financial="segment"),
    "insight_segment_sizes": _by(plain="audience size refused entered gone", financial="segment rules note"),
    "insight_related": {**_RELATED, **_by(id_="customer_id related_id")},
    "insight_connected": {**_CONNECTED, **_by(id_="customer_id related_id")},
    "insight_bought_together": {**_TOGETHER, **_by(id_="product_id with_product_id")},
    "insight_categories_together": {**_TOGETHER, **_by(plain="category with_category")},
    "insight_next_basket": {**_NEXT, **_by(id_="customer_id product_id")},
    "insight_repurchase": _by(
        id_="customer_id product_id", plain="level subject times every_days last_on next_from next_on next_until why"
    ),
    "insight_trials": _by(
        plain="insight method meaning chosen customers known_until recall recall_low recall_high ndcg ndcg_low ndcg_high gain "
        "gain_low gain_high note"
    ),
    "insight_next_product": {**_NEXT, **_by(id_="customer_id product_id")},
}
_LABEL_OF_TABLE = {one.table: one.name for one in VERTICES.values()} | {one.table: one.name for one in EDGES.values()}


@cache
def classes_of(name: str) -> Mapping[str, str]:
    """Field -> class (or one of READ_APART) of a label of vertices or edges, or of a table; fields not in it are unclassified."""
    if name in VERTICES or name in EDGES:
        label: VertexLabel | EdgeLabel = VERTICES.get(name) or EDGES[name]
        own = {"id": "id", "hash": PLAIN}
        if isinstance(label, EdgeLabel):
            own |= {"source": "id", "target": "id"}
        entity = next((one for one in ADDED if one.label == name), None)
        said = {one.name: one.field_class or UNCLASSIFIED for one in entity.fields} | {"source": PLAIN} if entity else {}
        return {"kind": PLAIN, **LABELS.get(name, {}), **label.classes, **said, **own}  # answers say the label as the kind
    if flat := BY_TABLE.get(name):
        return {one.name: one.field_class for one in flat.columns}
    if of_label := _LABEL_OF_TABLE.get(name):
        return classes_of(of_label)
    if name not in TABLES:
        return _COLUMNS.get(name, {})
    table = TABLES[name]
    origin = _ORIGIN if {column.name for column in ORIGIN} <= {column.name for column in table.columns} else {}
    entity = next((one for one in ADDED if one.table_name == name), None)
    said = {one.name: one.field_class or UNCLASSIFIED for one in entity.fields} if entity else {}
    ids = {table.key: "id"} if table.noun else {}
    if table.column("record_id"):
        ids["record_id"] = "id"
    key = {"key": "key"} if table.column("key") else {}
    named = {column: PLAIN for column in ("source", "object") if table.column(column)}
    return {**_COLUMNS.get(name, {}), **said, **named, **origin, **key, **ids}


def class_of(owner: str, field: str) -> str:
    """The class of a field of a label or a table, or how it is read; unclassified if nobody said it."""
    return classes_of(owner).get(field, UNCLASSIFIED)


def class_of_value(field: str) -> str:
    """The class of a golden field's value, whichever label it is of."""
    return PERSON.get(field, _SUMMARY.get(field, UNCLASSIFIED))
