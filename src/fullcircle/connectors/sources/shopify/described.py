"""What is asked of each object of a shop, and which columns become of it, in which types. Start at `described`.

The names are those of Shopify's schema, of which a version may lack some: these columns stay empty. What needs another permission
than the object itself is asked for only with that permission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

OBJECTS = ("customers", "orders", "products")
TYPE_NAMES = {"customers": "Customer", "orders": "Order", "products": "Product"}
ID, STAMP = "id", "updated_at"
CURRENCY = "currency"  # of the prices of products, which name none
SCALARS = {
    "Int": "integer", "UnsignedInt64": "integer", "Float": "number", "Decimal": "number", "Money": "number", "Boolean": "boolean",
    "DateTime": "moment",
}  # fmt: skip
MONEY = "{ shopMoney { amount currencyCode } }"

_ADDRESS = ("firstName", "lastName", "company", "address1", "address2", "city", "province", "zip", "countryCodeV2", "phone")


def _address(column: str, field: str, *without: str) -> dict[str, str]:
    return {f"{column}_{_snake(name)}": f"{field}.{name}" for name in _ADDRESS if name not in without}


def _snake(name: str) -> str:
    name = name.removesuffix("V2")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


# Object -> column -> path in the schema.
FIELDS: dict[str, dict[str, str]] = {
    "customers": {
        ID: "id", "first_name": "firstName", "last_name": "lastName", "email": "defaultEmailAddress.emailAddress",
        "email_marketing_state": "defaultEmailAddress.marketingState",
        "email_marketing_updated_at": "defaultEmailAddress.marketingUpdatedAt", "phone": "defaultPhoneNumber.phoneNumber",
        "sms_marketing_state": "defaultPhoneNumber.marketingState",
        "sms_marketing_updated_at": "defaultPhoneNumber.marketingUpdatedAt",
        **_address("address", "defaultAddress", "firstName", "lastName"),
        "number_of_orders": "numberOfOrders", "locale": "locale", "note": "note", "tags": "tags", "created_at": "createdAt",
        STAMP: "updatedAt",
    },
    "orders": {
        ID: "id", "name": "name", "customer_id": "customer.id", "email": "email", "phone": "phone", "test": "test",
        "financial_status": "displayFinancialStatus", "fulfillment_status": "displayFulfillmentStatus",
        "cancelled_at": "cancelledAt", "cancel_reason": "cancelReason", "source_name": "sourceName",
        "currency": "totalPriceSet.shopMoney.currencyCode", "total": "totalPriceSet.shopMoney.amount",
        "presentment_currency": "totalPriceSet.presentmentMoney.currencyCode",
        "presentment_total": "totalPriceSet.presentmentMoney.amount", "shipping": "totalShippingPriceSet.shopMoney.amount",
        "tax": "totalTaxSet.shopMoney.amount", "refunded": "totalRefundedSet.shopMoney.amount",
        "outstanding": "totalOutstandingSet.shopMoney.amount", **_address("billing", "billingAddress"),
        "note": "note", "tags": "tags", "processed_at": "processedAt", "created_at": "createdAt", STAMP: "updatedAt",
    },
    "products": {
        ID: "id", "title": "title", "vendor": "vendor", "product_type": "productType", "status": "status", "tags": "tags",
        "created_at": "createdAt", STAMP: "updatedAt",
    },
}  # fmt: skip
# Object -> column -> (field, what is asked of its entries). A connection has its entries as lines of their own in a result.
LINE = (
    "id title variantTitle sku vendor quantity currentQuantity isGiftCard "
    f"originalTotalSet {MONEY} discountAllocations {{ allocatedAmountSet {MONEY} }}"
)
OF_PRODUCTS = " variant { id } product { id productType }"  # of a line
REFUND = f"id createdAt totalRefundedSet {MONEY}"
LISTS: dict[str, dict[str, tuple[str, str]]] = {
    "customers": {}, "orders": {"line_items": ("lineItems", LINE), "refunds": ("refunds", REFUND)},
    "products": {"variants": ("variants", "id title sku price")},
}  # fmt: skip
CONNECTIONS = {"LineItem": "lineItems", "ProductVariant": "variants"}  # the type of a line of a result -> where it belongs


@dataclass(frozen=True, slots=True)
class ShopifyObject:
    """An object as the shop describes it to this app."""

    name: str
    kinds: Mapping[str, str]  # column -> its type
    paths: Mapping[str, str]  # column -> path, of those that are asked for
    lists: Mapping[str, tuple[str, str]]  # column -> (field, what is asked), of those that are asked for
    whole: bool = True  # the app sees all rows; else only orders of the last 60 days
    currency: str = ""  # of the shop

    @property
    def selection(self) -> str:
        """What is asked of each row."""
        entries = [
            f"{field} {{ edges {{ node {{ {asked} }} }} }}" if field in CONNECTIONS.values() else f"{field} {{ {asked} }}"
            for field, asked in self.lists.values()
        ]
        return " ".join([_nested(self.paths.values()), *entries])

    @property
    def signature(self) -> list[str]:
        """What is read of each row: a new entry means that all rows must be read again."""
        return [
            *(f"{column}:{self.kinds[column]}" for column in self.paths),
            *(f"{column}:{asked}" for column, (_, asked) in self.lists.items()),
            *(["orders of all times:"] if self.name == "orders" and self.whole else []),
        ]


def described(name: str, fields: Iterable[Mapping[str, Any]], scopes: Set[str], currency: str) -> ShopifyObject:
    """The object, from the fields that its type has in the schema, and what the app may read."""
    there = {str(one["name"]): SCALARS.get(_type_name(one), "text") for one in fields}
    kinds = {column: _kind(path, there) for column, path in FIELDS[name].items()}
    kinds |= {column: "json" for column in LISTS[name]}
    kinds |= {CURRENCY: "text"} if name == "products" else {}
    refused = set() if "read_customers" in scopes else {"customer_id"}
    paths = {key: path for key, path in FIELDS[name].items() if path.partition(".")[0] in there and key not in refused}
    lists = {column: entry for column, entry in LISTS[name].items() if entry[0] in there}
    if "line_items" in lists and "read_products" in scopes:
        lists["line_items"] = (lists["line_items"][0], LINE + OF_PRODUCTS)
    whole = name != "orders" or "read_all_orders" in scopes
    return ShopifyObject(name, kinds, paths, lists, whole, currency)


def _type_name(field: Mapping[str, Any]) -> str:
    kind = field.get("type") or {}
    return str((kind.get("ofType") or kind).get("name") or kind.get("name"))


def _kind(path: str, there: Mapping[str, str]) -> str:
    """The type of a path: of a plain field as the schema says, of one within another by its name."""
    last = path.rpartition(".")[2]
    if last == "id":
        return "id"
    if "." not in path:
        return there.get(path, "moment" if path.endswith("At") else "text")
    return "number" if last == "amount" else "moment" if last.endswith("At") else "text"


def _nested(paths: Iterable[str]) -> str:
    """Paths as a selection: `id defaultAddress { city zip }`."""
    tree: dict[str, list[str]] = {}
    for path in paths:
        first, _, rest = path.partition(".")
        tree.setdefault(first, []).extend([rest] if rest else [])
    return " ".join(f"{first} {{ {_nested(rest)} }}" if rest else first for first, rest in tree.items())
