"""The field maps for Odoo's own models: an Odoo source needs no [[map]] in the config. Start at `default_maps`.

A partner is a person or a company, or an address of one. A quotation is not an order yet. Amounts are without tax, as in the
lines.
"""

from __future__ import annotations

from collections.abc import Callable

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.connectors.own_maps import OwnMaps

To = Callable[..., MapSettings]
ADDRESS = (
    "coalesce(type IN ('invoice', 'delivery', 'other') AND parent_id IS NOT NULL AND NOT coalesce(is_company, false), false)"
)
COMPANY = "coalesce(is_company, false)"
ORDERED = "state IN ('sale', 'done', 'cancel')"


def default_maps(source: str) -> list[MapSettings]:
    """The maps of an Odoo source with this name. Models that were not pulled are skipped."""
    to = OwnMaps(source).to
    return [*_partners(to), *_sales(to)]


def _partners(to: To) -> list[MapSettings]:
    street = FieldRule(fields=("street", "street2"), join=", ")
    place = {"street": street, "city": "city", "postcode": "zip", "region": "state_id_name", "country": "country_id_name"}
    return [
        to("accounts", "res.partner", COMPANY, name="name", country="country_id_name", website="website"),
        to(
            "records", "res.partner", f"NOT {ADDRESS}",
            kind=FieldRule(sql=f"CASE WHEN {COMPANY} THEN 'organisation' ELSE 'person' END"),
            full_name=FieldRule(sql=f"CASE WHEN NOT {COMPANY} THEN name END"),
            organisation=FieldRule(sql=f"CASE WHEN {COMPANY} THEN name ELSE coalesce(parent_id_name, company_name) END"),
            email="email", phone="phone", retired=FieldRule(sql="CASE WHEN NOT active THEN 'yes' END"),
            account_id=FieldRule(sql=f"CASE WHEN {COMPANY} THEN _key ELSE parent_id END", ref="res.partner"), **place,
        ),
        to("identifiers", "res.partner", f"NOT {ADDRESS}", "mobile", kind=FieldRule(value="phone"), value="mobile"),
        to("identifiers", "res.partner", COMPANY, "tax", kind=FieldRule(value="tax"), value="vat"),
        to("addresses", "res.partner", ADDRESS, record_id=FieldRule(field="parent_id", ref="res.partner"), use="type", **place),
    ]  # fmt: skip


def _sales(to: To) -> list[MapSettings]:
    partner = FieldRule(field="partner_id", ref="res.partner")
    sales = FieldRule(value="sales")
    status = FieldRule(field="state", map={"sale": "placed", "done": "placed", "cancel": "cancelled"})
    outcome = FieldRule(
        sql="CASE WHEN NOT active AND coalesce(probability, 0) = 0 THEN 'lost' WHEN probability >= 100 THEN 'won' ELSE 'open' END"
    )
    return [
        to(
            "products", "product.product",
            name="name", sku="default_code", price="lst_price", price_currency="currency_id_name", category="categ_id_name",
        ),
        to(
            "orders", "sale.order", ORDERED,
            record_id=partner, ordered_at="date_order", status=status, channel=sales, currency="currency_id_name",
            amount="amount_untaxed", number="name",
        ),
        to(
            "interactions", "sale.order", f"NOT {ORDERED}",
            record_id=partner, at="date_order", kind=FieldRule(value="quotation"), channel=sales, text="name",
            amount="amount_untaxed", currency="currency_id_name", status=FieldRule(value="open"), number="name",
        ),
        to(
            "order_lines", "sale.order.line", f"product_id IS NOT NULL AND display_type IS NULL AND {ORDERED}",
            order_id=FieldRule(field="order_id", ref="sale.order"),
            product_id=FieldRule(field="product_id", ref="product.product"), quantity="product_uom_qty",
            unit_price="price_unit", amount="price_subtotal",
        ),
        to(
            "interactions", "crm.lead", "partner_id IS NOT NULL",
            record_id=partner, at=FieldRule(sql="coalesce(date_closed, create_date)"), kind=FieldRule(value="opportunity"),
            channel=sales, text="name", amount="expected_revenue", currency="company_currency_name", status=outcome,
            status_raw="stage_id_name",
        ),
    ]  # fmt: skip
