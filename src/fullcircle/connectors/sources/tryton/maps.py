"""The field maps for Tryton's own models, so that a Tryton source needs no [[map]] in the config. Start at `default_maps`."""

from __future__ import annotations

from collections.abc import Callable

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.engine.base import literal

# A sale is an order once the customer has agreed. A quotation becomes an interaction; drafts and cancelled sales are not used.
ORDERED = "('confirmed', 'processing', 'done')"
STATE = FieldRule(field="state", map={"processing": "placed"})  # it says nothing of a payment
OUTCOME = FieldRule(field="state", map={"lead": "open", "opportunity": "open", "converted": "open"})  # converted: to a quotation
# A Tryton party is a person or an organisation, and no field says which. Tax numbers of these types are issued to both, or to
# people only, so they do not identify an organisation; any other type of tax number does.
AMBIGUOUS_TAX = (
    "us_ssn", "us_itin", "us_atin", "us_ptin", "us_tin", "ua_rntrc", "es_nif", "pt_nif", "hr_oib", "nz_ird",
    "dz_nif", "cl_rut", "co_nit", "mx_rfc", "ru_inn", "vn_mst", "za_tin", "uy_rut", "gh_tin", "ke_pin",
)  # fmt: skip
PERSONAL = ("us_ssn", "us_itin", "us_atin", "us_ptin")  # of these, the ones that are national numbers of people
# Legal forms that cannot be a family name.
LEGAL_FORM = (
    r"(?i)(^|\s)(gmbh|ohg|ltd|limited|llc|llp|inc|incorporated|corp|corporation|plc|sarl|s\.a\.r\.l|s\.a|b\.v|bvba|n\.v|"
    r"srl|s\.r\.l|s\.p\.a|oyj?|kft|pty|e\.v|sp\. z o\.o|foundation|university|association)\.?$"
)
HANDLES = ("skype", "sip", "irc", "jabber")


def default_maps(source: str) -> list[MapSettings]:
    """The maps of a Tryton source with this name. Objects that were not pulled are skipped."""

    def to(table: str, object: str, where: str = "", **fields: str | FieldRule) -> MapSettings:
        rules = {name: FieldRule(field=rule) if isinstance(rule, str) else rule for name, rule in fields.items()}
        return MapSettings(source=source, object=object, to=table, where=where, optional=True, fields=rules)

    return [*_parties(to), *_sales(to)]


To = Callable[..., MapSettings]


def _parties(to: To) -> list[MapSettings]:
    organisation = (
        f'("tax_identifier.type" IS NOT NULL AND "tax_identifier.type" NOT IN {_listed(AMBIGUOUS_TAX)}'
        f" OR regexp_matches(trim(name), {literal(LEGAL_FORM)}))"
    )
    personal = f'"tax_identifier.type" IN {_listed(PERSONAL)}'
    in_use = "coalesce(active, true)"  # an archived entry of a party is no longer valid
    kinds = {"mobile": "phone", **dict.fromkeys(HANDLES, "handle")}
    return [
        to(
            "records", "party.party",
            kind=FieldRule(sql=f"CASE WHEN {organisation} THEN 'organisation' ELSE 'person' END"),
            full_name=FieldRule(sql=f"CASE WHEN NOT coalesce({organisation}, false) THEN name END"),
            organisation=FieldRule(sql=f"CASE WHEN {organisation} THEN name END"),
        ),
        to(
            "identifiers", "party.party", "\"tax_identifier.code\" IS NOT NULL",
            kind=FieldRule(sql=f"CASE WHEN {personal} THEN 'national' ELSE 'tax' END"),
            value=FieldRule(sql='"tax_identifier.code"'),
        ),
        to(
            "identifiers", "party.contact_mechanism",
            f"{in_use} AND party IS NOT NULL AND type IN {_listed(('email', 'phone', 'mobile', *HANDLES))}",
            record_id=FieldRule(field="party", ref="party.party"), kind=FieldRule(field="type", map=kinds), value="value",
        ),
        to(
            "addresses", "party.address", f"{in_use} AND party IS NOT NULL",
            record_id=FieldRule(field="party", ref="party.party"),
            use=FieldRule(sql="CASE WHEN invoice THEN 'invoice' WHEN delivery THEN 'delivery' END"),
            street=FieldRule(sql="replace(street, chr(10), ', ')"), city="city", postcode="postal_code",
            region=FieldRule(sql='"subdivision.name"'), country=FieldRule(sql='"country.code"'),
        ),
    ]  # fmt: skip


def _sales(to: To) -> list[MapSettings]:
    party = FieldRule(field="party", ref="party.party")
    day = FieldRule(sql="coalesce(CAST(sale_date AS TIMESTAMP), create_date)")
    channel = FieldRule(value="sales")
    return [
        to(
            "products", "product.product",
            name="name", sku="code", price="list_price_used",
            category=FieldRule(sql="json_extract_string(\"categories.name\", '$[0]')"),
        ),
        to(
            "orders", "sale.sale", f"state IN {ORDERED}",
            record_id=party, ordered_at=day, status=STATE, channel=channel, currency=FieldRule(sql='"currency.code"'),
            amount="untaxed_amount",  # without tax, as in the lines
        ),
        to(
            "interactions", "sale.sale", "state = 'quotation'",
            record_id=party, at=FieldRule(sql="coalesce(CAST(quotation_date AS TIMESTAMP), create_date)"),
            kind=FieldRule(value="quotation"), channel=channel, text="description", amount="untaxed_amount",
            status=FieldRule(value="open"), currency=FieldRule(sql='"currency.code"'),
        ),
        to(
            "order_lines", "sale.line", f"type = 'line' AND product IS NOT NULL AND sale_state IN {ORDERED}",
            order_id=FieldRule(field="sale", ref="sale.sale"), product_id=FieldRule(field="product", ref="product.product"),
            quantity="quantity", unit_price="unit_price", amount="amount",
        ),
        to(
            "interactions", "sale.opportunity", "party IS NOT NULL",
            record_id=party, at=FieldRule(sql="coalesce(CAST(start_date AS TIMESTAMP), create_date)"),
            kind=FieldRule(value="opportunity"), channel=channel, text="description", amount="amount", status=OUTCOME,
            currency=FieldRule(sql='"currency.code"'),
        ),
    ]  # fmt: skip


def _listed(values: tuple[str, ...]) -> str:
    return f"({', '.join(literal(value) for value in values)})"
