"""What Odoo says of a model, and which columns become of it, in which types. Start at `described`.

A link to one other row comes as [12, "Acme"], or false: its column is the id, and a second one, `<field>_name`, is how it is
called.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STAMP = "write_date"
# What the maps read; of it, each database has what its modules bring. Beside it, all fields of one's own (x_...) are read.
MODELS: dict[str, str] = {
    "res.partner": (
        "name is_company type parent_id company_name email phone mobile street street2 city zip state_id country_id vat website "
        "function comment ref lang active create_date write_date"
    ),
    "product.product": "name default_code barcode lst_price categ_id currency_id active create_date write_date",
    "sale.order": (
        "name partner_id state date_order amount_untaxed amount_total currency_id client_order_ref create_date write_date"
    ),
    "sale.order.line": "order_id product_id product_uom_qty price_unit price_subtotal discount display_type state write_date",
    "crm.lead": (
        "name partner_id contact_name email_from type stage_id probability expected_revenue company_currency active date_closed "
        "create_date write_date"
    ),
}
KINDS = {
    "integer": "integer", "float": "number", "monetary": "number", "boolean": "boolean", "date": "date", "datetime": "moment",
    "many2one": "link", "one2many": "json", "many2many": "json",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OdooModel:
    """A model as the database describes it to this user."""

    name: str
    fields: Mapping[str, str]  # field -> its kind
    missing: tuple[str, ...]  # that the maps read, and that there are not: their columns stay empty

    @property
    def columns(self) -> dict[str, str]:
        """Column -> its type."""
        found = {"id": "text"}
        for name, kind in {**self.fields, **dict.fromkeys(self.missing, "text")}.items():
            found[name] = "text" if kind == "link" else kind
            if kind == "link" or (name in self.missing and name.endswith(("_id", "_currency"))):
                found[f"{name}_name"] = "text"
        return found

    @property
    def signature(self) -> list[str]:
        """What is read of each row: a new entry means that all rows must be read again."""
        return [f"{name}:{kind}" for name, kind in self.fields.items()]

    def text(self, row: Mapping[str, Any], column: str) -> str | None:
        """A value as text; false means none, but in a field of yes and no."""
        field = column.removesuffix("_name") if column not in self.fields else column
        value, kind = row.get(field), self.fields.get(field, "")
        if value is None or (value is False and kind != "boolean"):
            return None
        if kind == "link":
            return str(value[1 if column != field else 0]) or None
        if kind == "moment":
            return f"{str(value).replace(' ', 'T')}Z"
        return value or None if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def described(name: str, there: Mapping[str, Mapping[str, Any]]) -> OdooModel:
    """The model with these fields."""
    wanted = [one for one in MODELS.get(name, "").split() if one in there]
    wanted = wanted or [one for one, field in there.items() if field.get("store", True) and field.get("type") != "binary"]
    own = sorted(
        one for one, field in there.items() if one.startswith("x_") and field.get("store", True) and field.get("type") != "binary"
    )
    fields = {
        one: KINDS.get(str(there[one].get("type")), "text")
        for one in dict.fromkeys([*wanted, *own, STAMP])
        if one in there and one != "id"
    }
    return OdooModel(name, fields, tuple(one for one in MODELS.get(name, "").split() if one not in there))
