"""The field maps for Shopify's own objects: a Shopify source needs no [[map]] in the config. Start at `default_maps`.

Amounts are those in the currency of the shop, with tax and shipping. A refund is an order of its own, of a negative amount, that
names the order it takes back. A gift card that is sold is money paid in advance: it counts when it is spent, not twice. Who
ordered as a guest is known by e-mail address or phone. Nobody who was not asked has agreed to anything.
"""

from __future__ import annotations

from collections.abc import Callable

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.connectors.own_maps import OwnMaps

To = Callable[..., MapSettings]
LINES = "= coalesce(line_items, '[]')"
REAL = "NOT coalesce(test, false)"
# Who placed an order and is no customer there. A name alone is nobody in particular: then it is the person of this order.
GUEST = "coalesce(lower(trim(email)), phone, billing_phone, CASE WHEN billing_last_name IS NOT NULL THEN _key END)"
# What gift cards that an order sells come to.
CARDS = """coalesce(list_sum(list_transform(list_filter(CAST(json_extract(coalesce(line_items, '[]'), '$[*]') AS JSON[]),
    lambda x: json_extract_string(x, '$.isGiftCard') = 'true'),
    lambda x: CAST(json_extract_string(x, '$.originalTotalSet.shopMoney.amount') AS DOUBLE))), 0)"""
GOODS = f"round(total - {CARDS}, 4)"
ONLY_CARDS = f"({CARDS} > 0 AND {GOODS} < 0.005)"
STATUS = """CASE WHEN cancelled_at IS NOT NULL OR financial_status = 'VOIDED' THEN 'cancelled'
    WHEN financial_status IN ('PAID', 'PARTIALLY_REFUNDED') THEN 'paid' WHEN financial_status = 'REFUNDED' THEN 'refunded'
    WHEN financial_status IN ('PENDING', 'EXPIRED') THEN 'awaiting payment'
    WHEN financial_status IN ('AUTHORIZED', 'PARTIALLY_PAID') THEN 'placed' ELSE financial_status END"""
OWED = "CASE WHEN financial_status = 'PARTIALLY_PAID' THEN outstanding END"


def default_maps(source: str) -> list[MapSettings]:
    """The maps of a Shopify source with this name. Objects that were not pulled are skipped."""
    own = OwnMaps(source)
    buyer = FieldRule(sql=f"coalesce({own.record('customers', 'customer_id')}, {own.record('orders', GUEST)})")
    to = own.to
    return [*_people(to), *_consents(to), *_products(to), *_orders(to, buyer), *_lines(to)]


def _people(to: To) -> list[MapSettings]:
    person = FieldRule(value="person")
    return [
        to(
            "records", "customers",
            kind=person, given_name="first_name", family_name="last_name", organisation="address_company", email="email",
            phone="phone", street=FieldRule(fields=("address_address1", "address_address2"), join=", "), city="address_city",
            postcode="address_zip", region="address_province", country="address_country_code",
        ),
        to("identifiers", "customers", "", "address", kind=FieldRule(value="phone"), value="address_phone"),
        to(
            "records", "orders", f"{REAL} AND customer_id IS NULL AND {GUEST} IS NOT NULL",
            key=FieldRule(sql=GUEST), kind=person, given_name="billing_first_name", family_name="billing_last_name",
            organisation="billing_company", email="email", phone=FieldRule(sql="coalesce(phone, billing_phone)"),
            street=FieldRule(fields=("billing_address1", "billing_address2"), join=", "), city="billing_city",
            postcode="billing_zip", region="billing_province", country="billing_country_code",
        ),
    ]  # fmt: skip


def _consents(to: To) -> list[MapSettings]:
    said = "{}_marketing_state IN ('SUBSCRIBED', 'UNSUBSCRIBED')"
    return [
        to(
            "consents", "customers", said.format(way), way,
            purpose=FieldRule(value=way), at=f"{way}_marketing_updated_at",
            granted=FieldRule(sql=f"CASE {way}_marketing_state WHEN 'SUBSCRIBED' THEN 'yes' ELSE 'no' END"),
        )
        for way in ("email", "sms")
    ]  # fmt: skip


def _of(path: str) -> str:
    """SQL for a text in an entry of a list."""
    return f"json_extract_string(_each, '$.{path}')"


def _number(path: str) -> str:
    """SQL for the number at the end of an id in an entry."""
    return f"regexp_extract({_of(path)}, '[^/]+$')"


# The product of a line: its variant, else its code, else its name. Products and variants may be gone since.
GOODS_KEY = f"coalesce(nullif({_number('variant.id')}, ''), nullif({_of('sku')}, ''), {_of('title')})"
NO_CARD = f"coalesce({_of('isGiftCard')}, 'false') = 'false'"


def _products(to: To) -> list[MapSettings]:
    variant = f"nullif(nullif({_of('title')}, ''), 'Default Title')"
    return [
        to(
            "products", "products", f"nullif({_of('sku')}, '') IS NOT NULL", "", "= coalesce(variants, '[]')",
            key=FieldRule(sql=_number("id")), name=FieldRule(sql=f"concat_ws(' - ', title, {variant})"), sku="sku",
            category="$.product_type", brand="$.vendor", price="price", price_currency="$.currency",
        ),
        to(
            "products", "orders", f"{REAL} AND {NO_CARD}", "", LINES,
            key=FieldRule(sql=GOODS_KEY), sku="sku", category="product.productType", brand="vendor",
            name=FieldRule(sql=f"concat_ws(' - ', {_of('title')}, nullif(nullif({_of('variantTitle')}, ''), 'Default Title'))"),
        ),
    ]  # fmt: skip


def _orders(to: To, buyer: FieldRule) -> list[MapSettings]:
    when = FieldRule(sql="coalesce(processed_at, created_at)")
    back = _of("totalRefundedSet.shopMoney.amount")
    return [
        to(
            "orders", "orders", f"{REAL} AND NOT {ONLY_CARDS}",
            record_id=buyer, ordered_at=when, status=FieldRule(sql=STATUS), status_raw="financial_status", channel="source_name",
            currency="currency", amount=FieldRule(sql=GOODS), unpaid=FieldRule(sql=OWED), number="name",
        ),
        to(
            "orders", "orders", f"{REAL} AND NOT {ONLY_CARDS} AND CAST({back} AS DOUBLE) > 0", "", "= coalesce(refunds, '[]')",
            key=FieldRule(sql=f"_key || '-refund-' || {_number('id')}"), record_id=buyer, ordered_at="createdAt",
            status=FieldRule(value="refunded"), channel="$.source_name", currency="totalRefundedSet.shopMoney.currencyCode",
            amount=FieldRule(sql=f"-least(CAST({back} AS DOUBLE), {GOODS})"), corrects=FieldRule(sql="_key", ref="orders"),
        ),
        to(
            "interactions", "orders", f"{REAL} AND {ONLY_CARDS} AND cancelled_at IS NULL",
            record_id=buyer, at=when, kind=FieldRule(value="gift card"), channel="source_name", amount="total",
            currency="currency", text=FieldRule(value="bought a gift card"), number="name",
        ),
    ]  # fmt: skip


def _lines(to: To) -> list[MapSettings]:
    """What was kept of a line, and what was given back of it, with their parts of what it came to after all discounts."""
    quantity, kept = (f"CAST({_of(name)} AS DOUBLE)" for name in ("quantity", "currentQuantity"))
    discounts = (
        "coalesce(list_sum(CAST(json_extract_string(_each, '$.discountAllocations[*].allocatedAmountSet.shopMoney.amount') "
        "AS DOUBLE[])), 0)"
    )
    worth = f"(CAST({_of('originalTotalSet.shopMoney.amount')} AS DOUBLE) - {discounts})"
    parts = {"kept": (kept, "placed"), "back": (f"({quantity} - {kept})", "returned")}
    return [
        to(
            "order_lines", "orders", f"{REAL} AND NOT {ONLY_CARDS} AND {NO_CARD} AND {part} > 0", tail, LINES,
            key=FieldRule(sql=f"_key || '-' || {_number('id')}"), order_id=FieldRule(sql="_key", ref="orders"),
            product_id=FieldRule(sql=GOODS_KEY, ref="orders"), quantity=FieldRule(sql=part),
            amount=FieldRule(sql=f"round({worth} * {part} / {quantity}, 4)"), status=FieldRule(value=status),
        )
        for tail, (part, status) in parts.items()
    ]  # fmt: skip
