"""The fields of the fake org's standard objects: a selection from the "Object Reference for the Salesforce Platform"."""

SYSTEM = "Id:id IsDeleted:boolean CreatedDate:datetime LastModifiedDate:datetime SystemModstamp:datetime OwnerId:reference(User)"
ADDRESS = "{0}Street:textarea {0}City:string {0}State:string {0}PostalCode:string {0}Country:string {0}Address:address"
PREFIXES = {
    "Account": "001", "Contact": "003", "Lead": "00Q", "Individual": "0PK", "Opportunity": "006", "OpportunityContactRole": "00K",
    "Product2": "01t", "Order": "801", "OrderItem": "802", "Case": "500", "Task": "00T", "Event": "00U", "Campaign": "701",
    "CampaignMember": "00v",
}  # fmt: skip
FIELDS = {
    "Account": f"Name:string Phone:phone Website:url Industry:picklist AnnualRevenue:currency NumberOfEmployees:int "
    f"MasterRecordId:reference(Account) ParentId:reference(Account) {ADDRESS.format('Billing')}",
    "Contact": f"FirstName:string LastName:string MiddleName:string Name:string Email:email Phone:phone MobilePhone:phone "
    f"HomePhone:phone OtherPhone:phone Fax:phone Birthdate:date AccountId:reference(Account) MasterRecordId:reference(Contact) "
    f"IndividualId:reference(Individual) HasOptedOutOfEmail:boolean HasOptedOutOfFax:boolean DoNotCall:boolean "
    f"Description:textarea {ADDRESS.format('Mailing')} {ADDRESS.format('Other')}",
    "Lead": f"FirstName:string LastName:string Company:string Email:email Phone:phone MobilePhone:phone Status:picklist "
    f"HasOptedOutOfEmail:boolean HasOptedOutOfFax:boolean DoNotCall:boolean IsConverted:boolean ConvertedDate:date "
    f"ConvertedContactId:reference(Contact) ConvertedAccountId:reference(Account) ConvertedOpportunityId:reference(Opportunity) "
    f"MasterRecordId:reference(Lead) IndividualId:reference(Individual) {ADDRESS.format('')}",
    "Individual": "FirstName:string LastName:string HasOptedOutSolicit:boolean HasOptedOutProcessing:boolean "
    "HasOptedOutProfiling:boolean HasOptedOutTracking:boolean HasOptedOutGeoTracking:boolean ShouldForget:boolean",
    "Opportunity": "Name:string AccountId:reference(Account) ContactId:reference(Contact) StageName:picklist Amount:currency "
    "CloseDate:date IsWon:boolean IsClosed:boolean Probability:percent CurrencyIsoCode:picklist",
    "OpportunityContactRole": "OpportunityId:reference(Opportunity) ContactId:reference(Contact) Role:picklist IsPrimary:boolean",
    "Product2": "Name:string ProductCode:string StockKeepingUnit:string Family:picklist IsActive:boolean",
    "Order": "OrderNumber:string AccountId:reference(Account) BillToContactId:reference(Contact) EffectiveDate:date "
    "Status:picklist StatusCode:picklist TotalAmount:currency IsReductionOrder:boolean OriginalOrderId:reference(Order) "
    "CurrencyIsoCode:picklist",
    "OrderItem": "OrderId:reference(Order) Product2Id:reference(Product2) Quantity:double UnitPrice:currency TotalPrice:currency",
    "Case": "CaseNumber:string ContactId:reference(Contact) AccountId:reference(Account) Subject:string Status:picklist "
    "Priority:picklist Origin:picklist ClosedDate:datetime SuppliedEmail:email SuppliedName:string SuppliedPhone:string",
    "Task": "WhoId:reference(Contact,Lead) AccountId:reference(Account) Subject:combobox ActivityDate:date TaskSubtype:picklist",
    "Event": "WhoId:reference(Contact,Lead) AccountId:reference(Account) Subject:combobox ActivityDate:date "
    "StartDateTime:datetime",
    "Campaign": "Name:string Type:picklist StartDate:date",
    "CampaignMember": "CampaignId:reference(Campaign) ContactId:reference(Contact) LeadId:reference(Lead) Status:picklist "
    "HasResponded:boolean FirstRespondedDate:date",
}


def field(name: str, kind: str, **more: object) -> dict[str, object]:
    """A field as a describe answer has it."""
    kind, _, to = kind.partition("(")
    about = {"name": name, "type": kind, "calculated": False, "calculatedFormula": None, "referenceTo": []}
    return {**about, "referenceTo": to.rstrip(")").split(",") if to else [], **more}


def fields_of(object: str) -> dict[str, dict[str, object]]:
    """The fields of a standard object."""
    listed = [each.split(":") for each in f"{SYSTEM} {FIELDS[object]}".split()]
    return {name: field(name, kind) for name, kind in listed}
