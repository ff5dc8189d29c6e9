"""The field maps for the tables of Dynamics 365: a Dataverse source needs no [[map]] in the config. Start at `default_maps`.

An account is an organisation. Orders, opportunities and cases belong to their customer, a contact or an account. Opportunities
are not orders. A box that is not ticked agrees to nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.connectors.own_maps import OwnMaps

To = Callable[..., MapSettings]
Record = Callable[[str, str], str]
ALIVE = "_op <> 'merge'"  # of what is not a person, a merged row is one that is gone
INACTIVE = FieldRule(sql="CASE WHEN statecode = 1 AND NOT coalesce(merged, false) THEN 'yes' END")
# A contact's and a lead's boxes -> what is refused by a tick.
REFUSED = {
    "donotemail": "email", "donotphone": "call", "donotpostalmail": "post", "donotbulkemail": "marketing email",
    "donotfax": "fax",
}  # fmt: skip
# Further addresses and numbers of people -> kind, and the end of the identifier's key.
OTHERS = {
    "emailaddress2": ("email", "email2"), "emailaddress3": ("email", "email3"), "mobilephone": ("phone", "mobile"),
    "telephone2": ("phone", "telephone2"), "telephone3": ("phone", "telephone3"), "fax": ("fax", "fax"),
}  # fmt: skip


def default_maps(source: str) -> list[MapSettings]:
    """The maps of a Dataverse source with this name. Tables that were not pulled are skipped."""
    own = OwnMaps(source)
    to, record = own.to, own.record
    return [*_accounts(to), *_people(to, record), *_consents(to), *_sales(to, record), *_contacts_with(to, record)]


def _address(number: int) -> dict[str, str | FieldRule]:
    start = f"address{number}_"
    street = FieldRule(fields=tuple(f"{start}line{line}" for line in (1, 2, 3)))
    return {
        "street": street, "city": f"{start}city", "postcode": f"{start}postalcode", "region": f"{start}stateorprovince",
        "country": f"{start}country",
    }  # fmt: skip


def _accounts(to: To) -> list[MapSettings]:
    return [
        to(
            "accounts", "account", ALIVE,
            name="name", industry="_industrycode_label", country="address1_country", website="websiteurl",
        ),
        to(
            "records", "account",
            kind=FieldRule(value="organisation"), organisation="name", email="emailaddress1", phone="telephone1",
            retired=INACTIVE, **_address(1),
        ),
        to("identifiers", "account", "", "fax", kind=FieldRule(value="fax"), value="fax"),
    ]  # fmt: skip


def _people(to: To, record: Record) -> list[MapSettings]:
    person, external = FieldRule(value="person"), FieldRule(value="external")
    account = FieldRule(sql="CASE WHEN _parentcustomerid_type = 'account' THEN _parentcustomerid_value END", ref="account")
    gender = FieldRule(sql="CASE gendercode WHEN 1 THEN 'male' WHEN 2 THEN 'female' END")
    contact = FieldRule(sql=f"CASE WHEN statecode = 1 THEN {record('contact', '_parentcontactid_value')} END")  # 1: qualified
    names = {"given_name": "firstname", "middle_name": "middlename", "family_name": "lastname"}
    reached = {"email": "emailaddress1", "phone": "telephone1"}
    return [
        to(
            "records", "contact",
            kind=person, birth_date="birthdate", gender=gender, account_id=account, retired=INACTIVE, **names, **reached,
            **_address(1),
        ),
        to(
            "records", "lead",
            kind=person, organisation="companyname", merged_into=contact, **names, **reached, **_address(1),
        ),
        to("addresses", "contact", tail="second", use=FieldRule(value="other"), **_address(2)),
        *(
            to("identifiers", object, "", tail, kind=FieldRule(value=kind), value=column)
            for object in ("contact", "lead")
            for column, (kind, tail) in OTHERS.items()
        ),
        # The same person as the lead that became this contact.
        to("identifiers", "contact", "", "lead", kind=external, value="_originatingleadid_value"),
        to("identifiers", "lead", "statecode = 1", "lead", kind=external, value="leadid"),
    ]  # fmt: skip


def _consents(to: To) -> list[MapSettings]:
    return [
        to("consents", object, "", purpose.replace(" ", "_"), purpose=FieldRule(value=purpose), refused=field)
        for object in ("contact", "lead")
        for field, purpose in REFUSED.items()
    ]


def _sales(to: To, record: Record) -> list[MapSettings]:
    status = FieldRule(
        sql="""CASE WHEN statecode IN (0, 1, 4) THEN 'placed' WHEN statecode = 2 THEN 'cancelled'
        WHEN statecode = 3 THEN 'shipped' ELSE _statecode_label END"""  # 0, 1, 4: active, submitted, invoiced; 3: fulfilled
    )
    outcome = FieldRule(sql="CASE statecode WHEN 0 THEN 'open' WHEN 1 THEN 'won' WHEN 2 THEN 'lost' ELSE _statuscode_label END")
    dealt = f"""coalesce({record("contact", "_parentcontactid_value")}, {_one_of(record, "_customerid", "contact", "account")},
        {record("account", "_parentaccountid_value")})"""
    return [
        to(
            "products", "product",
            name="name", sku="productnumber", price="price", price_currency="_transactioncurrencyid_code",
        ),
        to(
            "orders", "salesorder",
            record_id=FieldRule(sql=_one_of(record, "_customerid", "contact", "account")), number="ordernumber",
            ordered_at=FieldRule(sql="coalesce(submitdate, createdon)"), status=status, status_raw="_statuscode_label",
            currency="_transactioncurrencyid_code", amount="totalamount", channel=FieldRule(value="sales"),
        ),
        to(
            "order_lines", "salesorderdetail", "_productid_value IS NOT NULL",
            order_id=FieldRule(field="_salesorderid_value", ref="salesorder"),
            product_id=FieldRule(field="_productid_value", ref="product"),
            quantity="quantity", unit_price="priceperunit", amount="extendedamount",
        ),
        to(
            "interactions", "opportunity",
            record_id=FieldRule(sql=dealt), at=FieldRule(sql="coalesce(actualclosedate, estimatedclosedate, createdon)"),
            kind=FieldRule(value="opportunity"), channel=FieldRule(value="sales"), text="name",
            amount=FieldRule(sql="CASE WHEN statecode = 1 THEN coalesce(actualvalue, estimatedvalue) ELSE estimatedvalue END"),
            currency="_transactioncurrencyid_code", status=outcome, status_raw="_statuscode_label",
        ),
    ]  # fmt: skip


def _contacts_with(to: To, record: Record) -> list[MapSettings]:
    """Cases, calls, e-mails, meetings and tasks; of activities, those about a person or an organisation."""
    people = ("contact", "account", "lead")
    about = _one_of(record, "_regardingobjectid", *people)
    sender = _one_of(record, "_emailsender", *people)
    wrote = f"coalesce({about}, CASE WHEN NOT directioncode THEN {sender} END)"  # directioncode: true if it is outgoing
    raised = f"coalesce({record('contact', '_primarycontactid_value')}, {_one_of(record, '_customerid', 'contact', 'account')})"
    when = {
        "phonecall": ("call", "phone", "coalesce(actualend, scheduledend, createdon)", about),
        "email": ("email", "email", "coalesce(senton, actualend, createdon)", wrote),
        "appointment": ("meeting", "", "coalesce(actualstart, scheduledstart, createdon)", about),
        "task": ("task", "", "coalesce(actualend, scheduledend, createdon)", about),
    }
    return [
        to(
            "tickets", "incident", ALIVE,
            record_id=FieldRule(sql=raised), opened_at="createdon", status=FieldRule(sql=CASES), subject="title",
            channel="_caseorigincode_label", priority="_prioritycode_label", number="ticketnumber",
        ),
        *(
            to(
                "interactions", object, f"({who}) IS NOT NULL",
                record_id=FieldRule(sql=who), at=FieldRule(sql=at), kind=FieldRule(value=kind), text="subject",
                **({"channel": FieldRule(value=channel)} if channel else {}),
            )
            for object, (kind, channel, at, who) in when.items()
        ),
    ]  # fmt: skip


CASES = "CASE statecode WHEN 0 THEN 'open' WHEN 1 THEN 'resolved' WHEN 2 THEN 'cancelled' ELSE _statecode_label END"


def _one_of(record: Record, lookup: str, *objects: str) -> str:
    """SQL for the record that a lookup to several tables points to; null where it points to another table."""
    cases = " ".join(f"WHEN '{object}' THEN {record(object, f'{lookup}_value')}" for object in objects)
    return f"CASE {lookup}_type {cases} END"
