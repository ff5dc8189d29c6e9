"""What Dataverse says of a table (its definition), and which of its columns are pulled, in which types.

A choice is landed as its number and, beside it, as its label (`_statecode_label`). A lookup is landed as the id it points to
(`_customerid_value`) and, where it may point to several tables, as the table's name (`_customerid_type`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

STAMP, MERGED, MASTER = "modifiedon", "merged", "_masterid_value"
CURRENCY, CURRENCY_CODE = "_transactioncurrencyid_value", "_transactioncurrencyid_code"
OBJECTS = (
    "account", "contact", "lead", "product", "salesorder", "salesorderdetail", "opportunity", "incident", "phonecall", "email",
    "appointment", "task",
)  # fmt: skip
# Types of columns -> how they are landed. Those of other types (files, images, lists of people) are not pulled.
KINDS = {
    "StringType": "text", "MemoType": "text", "UniqueidentifierType": "text", "LookupType": "text", "CustomerType": "text",
    "OwnerType": "text", "MultiSelectPicklistType": "text", "IntegerType": "integer", "BigIntType": "integer",
    "PicklistType": "integer", "StateType": "integer", "StatusType": "integer", "DoubleType": "number", "DecimalType": "number",
    "MoneyType": "number", "BooleanType": "boolean", "DateTimeType": "moment",
}  # fmt: skip
CHOICES = {"PicklistType", "StateType", "StatusType", "MultiSelectPicklistType"}
LOOKUPS = {"LookupType", "CustomerType", "OwnerType"}


def _columns(texts: str, **others: str) -> dict[str, str]:
    """Column -> kind: of texts, then of the other kinds."""
    return {name: "text" for name in texts.split()} | {name: kind for kind, names in others.items() for name in names.split()}


_ADDRESS = (
    "address1_line1 address1_line2 address1_line3 address1_city address1_postalcode address1_stateorprovince address1_country"
)
_SECOND = _ADDRESS.replace("address1", "address2")
_PERSON = (
    "firstname middlename lastname emailaddress1 emailaddress2 emailaddress3 telephone1 telephone2 telephone3 mobilephone fax"
)
_REFUSALS = "donotemail donotphone donotpostalmail donotbulkemail donotfax"
_ACTIVITY = "subject description _regardingobjectid_value _regardingobjectid_type"
# Columns that the maps read and that not every environment has, or not every user sees: then they are landed without values.
EXPECTED: dict[str, dict[str, str]] = {
    "account": _columns(
        f"name _industrycode_label websiteurl telephone1 emailaddress1 fax _masterid_value {_ADDRESS}",
        integer="statecode",
        boolean="merged",
    ),
    "contact": _columns(
        f"{_PERSON} _parentcustomerid_value _parentcustomerid_type _originatingleadid_value _masterid_value {_ADDRESS} {_SECOND}",
        integer="statecode gendercode",
        boolean=f"merged {_REFUSALS}",
        date="birthdate",
    ),
    "lead": _columns(
        f"{_PERSON} companyname _parentcontactid_value _masterid_value {_ADDRESS}",
        integer="statecode",
        boolean=f"merged {_REFUSALS}",
    ),
    "product": _columns("name productnumber _subjectid_value _transactioncurrencyid_code", number="price"),
    "salesorder": _columns(
        "ordernumber _customerid_value _customerid_type _statuscode_label _statecode_label _transactioncurrencyid_code",
        integer="statecode",
        number="totalamount",
        moment="createdon submitdate",
    ),
    "salesorderdetail": _columns("_salesorderid_value _productid_value", number="quantity priceperunit extendedamount tax"),
    "opportunity": _columns(
        "name _customerid_value _customerid_type _parentcontactid_value _parentaccountid_value _statuscode_label "
        "_transactioncurrencyid_code",
        integer="statecode",
        number="actualvalue estimatedvalue",
        moment="createdon estimatedclosedate actualclosedate",
    ),
    "incident": _columns(
        "ticketnumber title _customerid_value _customerid_type _primarycontactid_value _statuscode_label _statecode_label "
        "_prioritycode_label _caseorigincode_label _masterid_value",
        integer="statecode",
        boolean="merged",
        moment="createdon",
    ),
    "phonecall": _columns(_ACTIVITY, integer="statecode", boolean="directioncode", moment="createdon scheduledend actualend"),
    "email": _columns(
        f"{_ACTIVITY} _emailsender_value _emailsender_type", boolean="directioncode", moment="createdon senton actualend"
    ),
    "appointment": _columns(_ACTIVITY, integer="statecode", moment="createdon scheduledstart actualstart"),
    "task": _columns(_ACTIVITY, integer="statecode", moment="createdon scheduledend actualend"),
}


@dataclass(frozen=True, slots=True)
class DataverseTable:
    """A table as the environment defines it."""

    name: str  # its logical name: contact
    set: str  # as the API calls its rows: contacts
    key: str
    tracked: bool  # changes, with deletes, can be asked for
    columns: Mapping[str, str]  # landed column -> kind
    asked: tuple[str, ...]
    choices: tuple[str, ...] = ()  # of what is asked: what has labels
    several: tuple[str, ...] = ()  # of what is asked: lookups that point to one of several tables
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def stamped(self) -> bool:
        """True if rows say when they changed."""
        return STAMP in self.asked

    @property
    def merges(self) -> bool:
        """True if a row says which other one it was merged into."""
        return MERGED in self.asked and MASTER in self.asked

    @property
    def signature(self) -> list[str]:
        """Its columns with their kinds: if they change, all rows must be read again."""
        return [f"{name}:{self.columns[name]}" for name in self.asked]


def defined(answer: Mapping[str, Any], targets: Mapping[str, list[str]], dates: set[str]) -> DataverseTable:
    """The table of a definition; `targets` are the tables that lookups point to, `dates` the columns that are days."""
    kept: dict[str, tuple[str, str]] = {}  # property of a row -> (logical name, type)
    for one in answer["Attributes"]:
        type = (one.get("AttributeTypeName") or {}).get("Value", "")
        if type in KINDS and one.get("IsValidForRead") and one.get("IsValidODataAttribute", True):
            name = str(one["LogicalName"])
            kept[f"_{name}_value" if type in LOOKUPS else name] = (name, type)
    choices = tuple(property for property, (_, type) in kept.items() if type in CHOICES)
    lookups = {property: targets.get(name, []) for property, (name, type) in kept.items() if type in LOOKUPS}
    several = tuple(property for property, to in lookups.items() if len(to) != 1)
    name = str(answer["LogicalName"])
    columns = {property: "date" if logical in dates else KINDS[type] for property, (logical, type) in kept.items()}
    columns |= dict.fromkeys([label_of(one) for one in choices] + [type_of(one) for one in several], "text")
    columns |= {CURRENCY_CODE: "text"} if CURRENCY in kept else {}
    columns |= {key: kind for key, kind in EXPECTED.get(name, {}).items() if key not in columns}
    return DataverseTable(
        name,
        str(answer["EntitySetName"]),
        str(answer["PrimaryIdAttribute"]),
        bool(answer.get("ChangeTrackingEnabled")),
        columns,
        tuple(kept),
        choices,
        several,
        {property: (to[0], f"{to[0]}id") for property, to in lookups.items() if len(to) == 1},
    )


def label_of(property: str) -> str:
    """The landed column with the label of a choice."""
    return f"_{property}_label"


def type_of(property: str) -> str:
    """The landed column with the table that a lookup points to."""
    return f"{property.removesuffix('_value')}_type"
