"""What Salesforce says of an object (describe), and which of its fields are pulled, in which types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

STAMP, GONE, MASTER, CURRENCY = "SystemModstamp", "IsDeleted", "MasterRecordId", "CurrencyIsoCode"
OBJECTS = (
    "Account", "Contact", "Lead", "Individual", "Product2", "Order", "OrderItem", "Opportunity", "OpportunityContactRole", "Case",
    "Task", "Event", "Campaign", "CampaignMember",
)  # fmt: skip
# Not pulled: what is made of other fields that are pulled (addresses, places), and files.
SKIPPED_TYPES = {"address", "location", "base64", "complexvalue"}


def _fields(texts: str, **others: str) -> dict[str, str]:
    """Field -> type: of texts, then of the other types."""
    return {name: "string" for name in texts.split()} | {name: kind for kind, names in others.items() for name in names.split()}


# Fields that the maps read and that not every org has, or not every user sees: then they are landed without values.
EXPECTED: dict[str, dict[str, str]] = {
    "Account": _fields(
        "Name Industry BillingStreet BillingCity BillingPostalCode BillingState BillingCountry Website Phone PersonContactId "
        "MasterRecordId",
        boolean="IsPersonAccount",
    ),
    "Contact": _fields(
        "FirstName MiddleName LastName Email Phone MobilePhone HomePhone OtherPhone Fax MailingStreet MailingCity "
        "MailingPostalCode MailingState MailingCountry OtherStreet OtherCity OtherPostalCode OtherState OtherCountry AccountId "
        "IndividualId MasterRecordId",
        date="Birthdate",
        boolean="HasOptedOutOfEmail HasOptedOutOfFax DoNotCall IsPersonAccount",
    ),
    "Lead": _fields(
        "FirstName MiddleName LastName Company Email Phone MobilePhone Street City PostalCode State Country IndividualId "
        "ConvertedContactId MasterRecordId",
        boolean="HasOptedOutOfEmail HasOptedOutOfFax DoNotCall IsConverted",
    ),
    "Individual": _fields(
        "FirstName LastName",
        boolean="HasOptedOutSolicit HasOptedOutProcessing HasOptedOutProfiling HasOptedOutTracking HasOptedOutGeoTracking",
    ),
    "Product2": _fields("Name ProductCode StockKeepingUnit Family"),
    "Order": _fields(
        "AccountId BillToContactId ShipToContactId OrderNumber Status StatusCode CurrencyIsoCode",
        date="EffectiveDate",
        currency="TotalAmount",
        boolean="IsReductionOrder",
    ),
    "OrderItem": _fields("OrderId Product2Id", double="Quantity", currency="UnitPrice TotalPrice"),
    "Opportunity": _fields(
        "AccountId ContactId Name StageName CurrencyIsoCode", currency="Amount", date="CloseDate", boolean="IsWon IsClosed"
    ),
    "OpportunityContactRole": _fields("OpportunityId ContactId"),
    "Case": _fields(
        "CaseNumber ContactId AccountId Subject Status Priority Origin SuppliedEmail SuppliedName SuppliedPhone",
        datetime="CreatedDate ClosedDate",
    ),
    "Task": _fields("WhoId AccountId Subject TaskSubtype", date="ActivityDate", datetime="CreatedDate"),
    "Event": _fields("WhoId AccountId Subject", date="ActivityDate", datetime="CreatedDate StartDateTime"),
    "CampaignMember": _fields("CampaignId ContactId LeadId Status", date="FirstRespondedDate", datetime="CreatedDate"),
}


@dataclass(frozen=True, slots=True)
class SalesforceObject:
    """An object as the org describes it to this user: landed column -> Salesforce's type, and the fields to ask for."""

    name: str
    columns: Mapping[str, str]
    asked: tuple[str, ...]
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    logged: bool = True  # its deletes are in a log
    left: tuple[str, ...] = ()  # computed fields that are not pulled

    @property
    def recycles(self) -> bool:
        """True if deleted rows stay for a while, and say so."""
        return GONE in self.asked

    @property
    def merges(self) -> bool:
        """True if a row says which other one it was merged into."""
        return MASTER in self.asked and self.recycles

    @property
    def signature(self) -> list[str]:
        """Its fields with their types: a new one means that all rows must be read again."""
        return [f"{name}:{self.columns[name]}" for name in self.asked]


def described(answer: Mapping[str, Any], formulas: bool) -> SalesforceObject:
    """The object of a describe answer."""
    name = str(answer["name"])
    there = [one for one in answer["fields"] if one.get("type") not in SKIPPED_TYPES]
    left = tuple(str(one["name"]) for one in there if _is_formula(one) and not formulas)
    kept = {str(one["name"]): one for one in there if one["name"] not in left}
    columns = {key: str(one.get("type", "string")) for key, one in kept.items()}
    columns |= {key: kind for key, kind in EXPECTED.get(name, {}).items() if key not in columns}
    pointing = {key: one["referenceTo"] for key, one in kept.items() if len(one.get("referenceTo") or ()) == 1}
    references = {key: (str(to[0]), "Id") for key, to in pointing.items()}
    return SalesforceObject(name, columns, tuple(kept), references, bool(answer.get("replicateable", True)), left)


def _is_formula(one: Mapping[str, Any]) -> bool:
    """A roll-up summary is computed, too, but when it changes, its row counts as changed."""
    return bool(one.get("calculated")) and one.get("calculatedFormula") is not None


def select(fields: Sequence[str], object: str, where: str = "", order: str = "") -> str:
    """The text of a query."""
    text = f"SELECT {', '.join(fields)} FROM {object}"
    return text + (f" WHERE {where}" if where else "") + (f" ORDER BY {order}" if order else "")
