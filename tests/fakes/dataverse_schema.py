"""The columns of the fake environment's tables: a selection from the table references of Dataverse and Dynamics 365."""

from __future__ import annotations

from typing import Any

SYSTEM = "createdon:DateTime modifiedon:DateTime statecode:State statuscode:Status ownerid:Owner(systemuser,team)"
PARTS = ("line1", "line2", "line3", "city", "postalcode", "stateorprovince", "country", "composite")
ADDRESS = " ".join(f"{{0}}_{name}:String" for name in PARTS)
REFUSALS = "donotemail:Boolean donotphone:Boolean donotpostalmail:Boolean donotbulkemail:Boolean donotfax:Boolean"
REGARDING = "regardingobjectid:Lookup(account,contact,lead,opportunity,incident)"
ACTIVITY = f"activityid:Uniqueidentifier subject:String description:Memo {REGARDING} {SYSTEM}"
PEOPLE = (
    "firstname:String middlename:String lastname:String emailaddress1:String emailaddress2:String telephone1:String "
    "mobilephone:String"
)
PAID = "transactioncurrencyid:Lookup(transactioncurrency)"
COLUMNS = {
    "account": "accountid:Uniqueidentifier name:String accountnumber:String industrycode:Picklist websiteurl:String "
    "telephone1:String emailaddress1:String revenue:Money numberofemployees:Integer merged:Boolean masterid:Lookup(account) "
    f"entityimage:Image {PAID} {ADDRESS.format('address1')} {SYSTEM}",
    "contact": f"contactid:Uniqueidentifier {PEOPLE} birthdate:Date gendercode:Picklist numberofchildren:Integer "
    "parentcustomerid:Customer(account,contact) originatingleadid:Lookup(lead) merged:Boolean masterid:Lookup(contact) "
    f"description:Memo interests:MultiSelectPicklist {REFUSALS} {ADDRESS.format('address1')} {ADDRESS.format('address2')} "
    f"{SYSTEM}",
    "lead": f"leadid:Uniqueidentifier {PEOPLE} companyname:String parentcontactid:Lookup(contact) merged:Boolean "
    f"masterid:Lookup(lead) {REFUSALS} {ADDRESS.format('address1')} {SYSTEM}",
    "product": f"productid:Uniqueidentifier name:String productnumber:String price:Money {PAID} {SYSTEM}",
    "salesorder": "salesorderid:Uniqueidentifier ordernumber:String customerid:Customer(account,contact) totalamount:Money "
    f"submitdate:DateTime {PAID} {SYSTEM}",
    "salesorderdetail": "salesorderdetailid:Uniqueidentifier salesorderid:Lookup(salesorder) productid:Lookup(product) "
    "quantity:Decimal priceperunit:Money extendedamount:Money tax:Money createdon:DateTime modifiedon:DateTime",
    "opportunity": "opportunityid:Uniqueidentifier name:String customerid:Customer(account,contact) "
    "parentcontactid:Lookup(contact) parentaccountid:Lookup(account) actualvalue:Money estimatedvalue:Money "
    f"estimatedclosedate:Date actualclosedate:Date {PAID} {SYSTEM}",
    "incident": "incidentid:Uniqueidentifier ticketnumber:String title:String customerid:Customer(account,contact) "
    "primarycontactid:Lookup(contact) prioritycode:Picklist caseorigincode:Picklist merged:Boolean "
    f"masterid:Lookup(incident) {SYSTEM}",
    "phonecall": f"{ACTIVITY} directioncode:Boolean scheduledend:DateTime actualend:DateTime",
    "email": f"{ACTIVITY} directioncode:Boolean senton:DateTime actualend:DateTime "
    "emailsender:Lookup(account,contact,lead,systemuser)",
    "appointment": f"{ACTIVITY} scheduledstart:DateTime actualstart:DateTime",
    "task": f"{ACTIVITY} scheduledend:DateTime actualend:DateTime",
    "transactioncurrency": f"transactioncurrencyid:Uniqueidentifier isocurrencycode:String currencyname:String {SYSTEM}",
}
SETS = {"opportunity": "opportunities", "transactioncurrency": "transactioncurrencies"}
ACTIVITIES = ("phonecall", "email", "appointment", "task")
STATES = {
    "salesorder": ("Active", "Submitted", "Canceled", "Fulfilled", "Invoiced"),
    "opportunity": ("Open", "Won", "Lost"),
    "incident": ("Active", "Resolved", "Canceled"),
    "lead": ("Open", "Qualified", "Disqualified"),
}
LABELS = {
    ("account", "industrycode"): {7: "Consulting"},
    ("incident", "prioritycode"): {1: "High", 2: "Normal"},
    ("incident", "caseorigincode"): {1: "Phone", 2: "Email", 3: "Web"},
    ("contact", "interests"): {1: "Tea", 2: "Süßes"},
}


def set_of(table: str) -> str:
    """The name of a table's rows in the Web API."""
    return SETS.get(table, f"{table}s")


def key_of(table: str) -> str:
    return "activityid" if table in ACTIVITIES else f"{table}id"


def column(name: str, kind: str, **more: Any) -> dict[str, Any]:
    """A column as its definition has it."""
    kind, _, to = kind.partition("(")
    behaviour = "DateOnly" if kind == "Date" else "UserLocal"
    kind = "DateTime" if kind == "Date" else kind
    return {
        "LogicalName": name, "AttributeTypeName": {"Value": f"{kind}Type"}, "IsValidForRead": True,
        "IsValidODataAttribute": kind != "Image", "Targets": to.rstrip(")").split(",") if to else [],
        "DateTimeBehavior": {"Value": behaviour}, **more,
    }  # fmt: skip


def columns_of(table: str) -> dict[str, dict[str, Any]]:
    """The columns of a table."""
    listed = [each.split(":") for each in COLUMNS[table].split()]
    return {name: column(name, kind) for name, kind in listed}


def label(table: str, name: str, value: Any) -> str:
    """The label of a choice."""
    if name == "statecode":
        return STATES.get(table, ("Active", "Inactive"))[value]
    known = LABELS.get((table, name), {})
    if isinstance(value, str):  # several
        return "; ".join(known[int(one)] for one in value.split(","))
    return known.get(value, f"{name} {value}")
