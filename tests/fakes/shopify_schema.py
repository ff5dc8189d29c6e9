"""The part of Shopify's schema that the fake has, and a reader of queries: fields with arguments and selections."""

from __future__ import annotations

import re
from typing import Any

TYPE_NAMES = {"customers": "Customer", "orders": "Order", "products": "Product"}
CONNECTIONS = {"lineItems", "variants"}
Selection = list[tuple[str, dict[str, str], Any]]  # name, arguments, selection


def _fields(texts: str, **others: str) -> dict[str, str]:
    return dict.fromkeys(texts.split(), "String") | {name: kind for kind, names in others.items() for name in names.split()}


SCHEMA: dict[str, dict[str, str]] = {
    "Customer": _fields(
        "id firstName lastName locale note tags", UnsignedInt64="numberOfOrders", DateTime="createdAt updatedAt",
        CustomerEmailAddress="defaultEmailAddress", CustomerPhoneNumber="defaultPhoneNumber", MailingAddress="defaultAddress",
    ),
    "CustomerEmailAddress": _fields("emailAddress marketingState", DateTime="marketingUpdatedAt"),
    "CustomerPhoneNumber": _fields("phoneNumber marketingState", DateTime="marketingUpdatedAt"),
    "MailingAddress": _fields("firstName lastName company address1 address2 city province zip countryCodeV2 phone"),
    "Order": _fields(
        "id name email phone displayFinancialStatus displayFulfillmentStatus cancelReason sourceName note tags",
        Boolean="test", DateTime="cancelledAt processedAt createdAt updatedAt", Customer="customer",
        MailingAddress="billingAddress",
        MoneyBag="totalPriceSet totalShippingPriceSet totalTaxSet totalRefundedSet totalOutstandingSet",
    )
    | {"refunds": "[Refund]", "lineItems": "LineItem"},
    "MoneyBag": {"shopMoney": "MoneyV2", "presentmentMoney": "MoneyV2"},
    "MoneyV2": {"amount": "Decimal", "currencyCode": "CurrencyCode"},
    "Refund": {"id": "ID", "createdAt": "DateTime", "totalRefundedSet": "MoneyBag", "lineItems": "LineItem"},
    "LineItem": _fields(
        "id title variantTitle sku vendor", Int="quantity currentQuantity", Boolean="isGiftCard", MoneyBag="originalTotalSet",
        ProductVariant="variant", Product="product",
    )
    | {"discountAllocations": "[DiscountAllocation]"},
    "DiscountAllocation": {"allocatedAmountSet": "MoneyBag"},
    "Product": _fields("id title vendor productType status tags", DateTime="createdAt updatedAt")
    | {"variants": "ProductVariant"},
    "ProductVariant": _fields("id title sku", Money="price"),
}  # fmt: skip
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|[{}():]')


def parsed(query: str) -> Selection:
    """The selection of a query."""
    tokens = TOKEN.findall(query)
    return _selection(tokens, 1)[0]


def _selection(tokens: list[str], at: int) -> tuple[Selection, int]:
    found: Selection = []
    while tokens[at] != "}":
        name, arguments, inner = tokens[at], {}, []
        at += 1
        if tokens[at] == "(":
            end = tokens.index(")", at)
            parts = tokens[at + 1 : end]
            arguments = {parts[n]: parts[n + 2].strip('"') for n in range(0, len(parts), 3)}
            at = end + 1
        if tokens[at] == "{":
            inner, at = _selection(tokens, at + 1)
        found.append((name, arguments, inner))
    return found, at + 1


def money(amount: float, currency: str = "EUR", **shown: float) -> dict[str, Any]:
    """A MoneyBag; `USD=5` is what the buyer saw."""
    other = next(iter(shown.items()), (currency, amount))
    shop = {"amount": f"{amount:.2f}", "currencyCode": currency}
    return {"shopMoney": shop, "presentmentMoney": {"amount": f"{other[1]:.2f}", "currencyCode": other[0]}}
