"""Companies that a CRM exports with the mark of its deleted ones are no accounts any more. Made-up companies."""

# ruff: noqa: E501 - the rows of exports are long

ACCOUNTS = """
Name,ID,Website,Email Address,Office Phone,Billing Street,Billing City,Billing Postal Code,Billing Country,Type,Industry,Annual Revenue,Employees,Member of,Assigned User Name,Date Created,Date Modified,Deleted
Northfield Foods Ltd,a1,http://www.northfield.example,accounts@northfield.example,+44 161 496 0100,1 Mill Lane,Manchester,M1 2AB,United Kingdom,Customer,Manufacturing,2500000,40,,Gwen Hart,2024-01-05 09:00:00,2025-01-05 09:00:00,0
Moss Hire,a3,,,+44 114 496 0104,Unit 3,Sheffield,S1 4GT,United Kingdom,Prospect,Other,,,,Luke Dane,2023-02-05 09:00:00,2024-01-05 09:00:00,1
"""
CONTACTS = """
First Name,Last Name,ID,Account Name,Account ID,Email Address,Deleted
Priya,Shah,c1,Northfield Foods Ltd,a1,priya@northfield.example,0
Ken,Moss,c4,Moss Hire,a3,ken@moss.example,0
"""


def test_a_deleted_company_is_nobodys_company(day_one) -> None:
    view = day_one({"accounts.csv": ACCOUNTS, "contacts.csv": CONTACTS})
    assert view.people == {"Priya Shah", "Ken Moss"}
    assert view.companies == {"Priya Shah": "Northfield Foods Ltd"}
