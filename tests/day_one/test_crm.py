"""Exports of CRMs and help desks, as their vendors document them, with made-up people."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal

import pytest

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.plan import plan
from fullcircle.mapping.propose.sample import names_only
from tests.day_one.conftest import bring


def test_salesforce_data_loader_with_deleted_and_merged_contacts(day_one):
    view = day_one(
        {
            "Account.csv": '''
"ID","ISDELETED","MASTERRECORDID","NAME","TYPE","BILLINGSTREET","BILLINGCITY","BILLINGCOUNTRY","PHONE","WEBSITE","INDUSTRY","SYSTEMMODSTAMP"
"001A","false","","Tallow Works","Customer","1 Quay","Hull","United Kingdom","","https://tallow.example","Energy","2024-05-05T10:00:00.000Z"
''',
            "Contact.csv": '''
"ID","ISDELETED","MASTERRECORDID","ACCOUNTID","LASTNAME","FIRSTNAME","SALUTATION","NAME","MAILINGSTREET","MAILINGCITY","MAILINGPOSTALCODE","MAILINGCOUNTRY","PHONE","MOBILEPHONE","EMAIL","HASOPTEDOUTOFEMAIL","OWNERID","SYSTEMMODSTAMP"
"003A","false","","001A","Fenn","Iris","Ms.","Iris Fenn","3 Dock Rd","Hull","HU1 1AA","United Kingdom","+44 1482 496 001","+44 7700 900 001","iris@example.com","true","005X","2024-05-05T10:00:00.000Z"
"003B","true","003A","001A","Fenn","Iris","","Iris Fenn","","","","","","","i.fenn@example.com","false","005X","2024-05-05T10:00:00.000Z"
"003C","true","","","Gone","Gil","","Gil Gone","","","","","","","gil@example.com","false","005X","2024-05-05T10:00:00.000Z"
''',
            "Lead.csv": '''
"ID","ISDELETED","LASTNAME","FIRSTNAME","COMPANY","EMAIL","STATUS","ISCONVERTED","CONVERTEDCONTACTID","SYSTEMMODSTAMP"
"00QA","false","Fenn","I.","Tallow Works","iris.private@example.org","Qualified","true","003A","2024-05-05T10:00:00.000Z"
''',
            "Case.csv": '''
"ID","ISDELETED","CASENUMBER","CONTACTID","ACCOUNTID","STATUS","ORIGIN","SUBJECT","PRIORITY","ISCLOSED","CLOSEDDATE","CREATEDDATE"
"500A","false","00001","003A","001A","Closed","Web","No light","High","true","2024-05-03T10:00:00.000Z","2024-05-01T10:00:00.000Z"
''',
            "Opportunity.csv": '''
"ID","ISDELETED","ACCOUNTID","NAME","STAGENAME","AMOUNT","CLOSEDATE","ISWON","CONTACTID","OWNERID","CREATEDDATE"
"006A","false","001A","Renewal","Closed Won","1200.50","2024-06-01","true","003A","005X","2024-05-01T10:00:00.000Z"
''',
        }
    )  # fmt: skip
    assert view.people == {"Iris Fenn"}
    assert view.emails["Iris Fenn"] == {"iris@example.com", "i.fenn@example.com", "iris.private@example.org"}
    assert view.tickets == {"Iris Fenn": ["No light"]}
    assert view.deals == {"Iris Fenn": [Decimal("1200.50")]}
    assert ("email", False) in view.consents["Iris Fenn"]
    assert view.cities == {"Iris Fenn": "Hull"}
    assert view.quarantine == []


def test_salesforce_labels_in_german(day_one):
    view = day_one(
        {
            "Kontakte.csv": """
Kontakt-ID,Vorname,Nachname,Accountname,E-Mail,Telefon,Mobil,Postanschrift (Straße),Postanschrift (Ort),Postanschrift (PLZ),Postanschrift (Land),Kontaktinhaber
003A,Jutta,Wolke,Wolke GmbH,jutta@example.de,+49 30 1234567,,Ahornweg 5,Berlin,10115,Deutschland,Max Makler
""",
        }
    )
    assert view.people == {"Jutta Wolke"}
    assert view.cities == {"Jutta Wolke": "Berlin"}
    assert "Salesforce contacts" in view.text


def test_hubspot_contacts_companies_deals_and_tickets(day_one):
    view = day_one(
        {
            "hubspot-crm-exports-all-contacts-2025-02-01.csv": '''
"Record ID","First Name","Last Name","Email","Phone Number","Mobile Phone Number","Contact owner","Lifecycle Stage","Lead Status","Marketing contact status","Create Date","Last Modified Date","Street Address","City","State/Region","Postal Code","Country/Region","Associated Company IDs (Primary)","Merged contact IDs","Additional email addresses","Unsubscribed from all email"
"51","Iris","Fenn","iris@example.com","+1 512-555-0111","","Rick Rep","customer","","Marketing contact","2024-01-05 10:00","2024-05-05 11:00","12 Elm Rd","Boston","MA","02134","United States","9001","","iris.two@example.com;i3@example.org","true"
"52","Otto","Beck","otto@example.com","","","Rick Rep","lead","","","2024-01-06 10:00","2024-05-05 11:00","","","","","","","","",""
''',
            "hubspot-crm-exports-all-companies-2025-02-01.csv": '''
"Record ID","Company name","Company owner","Create Date","Phone Number","City","Country/Region","Industry","Company Domain Name"
"9001","Tallow Works","Rick Rep","2024-01-01 10:00","","Boston","United States","Energy","tallow.example"
''',
            "hubspot-crm-exports-all-deals-2025-02-01.csv": '''
"Record ID","Deal Name","Deal Stage","Close Date","Deal owner","Amount","Pipeline","Associated Contact","Associated Contact IDs"
"701","Renewal","Closed Won","2024-06-01 00:00","Rick Rep","1200.50","Sales","Iris Fenn (iris@example.com)","51"
"702","Upsell","Open","2024-07-01 00:00","Rick Rep","10","Sales","Otto Beck (otto@example.com);Iris Fenn (iris@example.com)","52;51"
''',
            "hubspot-crm-exports-all-tickets-2025-02-01.csv": '''
"Ticket ID","Ticket name","Ticket status","Create date","Pipeline","Priority","Ticket owner","Source","Associated Contact IDs"
"81","No light","New","2024-06-01 10:00","Support","HIGH","Rick Rep","Email","51"
''',
        }
    )  # fmt: skip
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.emails["Iris Fenn"] == {"iris@example.com", "iris.two@example.com", "i3@example.org"}
    assert view.deals == {"Iris Fenn": [Decimal("1200.50")], "Otto Beck": [Decimal(10)]}
    assert view.tickets == {"Iris Fenn": ["No light"]}
    assert "Associated Contact IDs names up to 2 people in one cell: each of them has the deal, which counts once" in view.text
    assert ("email", False) in view.consents["Iris Fenn"]
    assert view.quarantine == []


def test_the_owner_of_a_deal_is_nobodys_customer(day_one):
    view = day_one(
        {
            "deals.csv": """
Deal ID,Deal Name,Amount,Close Date,Deal Owner,Associated Contact Email
D1,Renewal,100,2025-01-02,rep@example.com,iris@example.com
D2,Upsell,200,2025-01-03,rep@example.com,otto@example.com
""",
        }
    )
    assert view.people == {"iris@example.com", "otto@example.com"}
    assert view.deals == {"iris@example.com": [Decimal(100)], "otto@example.com": [Decimal(200)]}


def test_dynamics(day_one):
    view = day_one(
        {
            "contacts.csv": """
contactid,firstname,lastname,emailaddress1,telephone1,mobilephone,address1_line1,address1_city,address1_postalcode,address1_country,parentcustomerid,statecode,donotemail,ownerid,modifiedon
c-1,Iris,Fenn,iris@example.com,+1 512 555 0111,,12 Elm Rd,Boston,02134,USA,a-1,Active,true,rick,2024-05-05T10:00:00Z
c-2,Otto,Beck,otto@example.com,,,,,,,,Active,false,rick,2024-05-05T10:00:00Z
""",
            "accounts.csv": """
accountid,name,telephone1,websiteurl,industrycode,statecode,ownerid
a-1,Tallow Works,,https://tallow.example,Energy,Active,rick
""",
            "incidents.csv": """
incidentid,title,ticketnumber,customerid,caseorigincode,prioritycode,statuscode,createdon,ownerid
i-1,No light,CAS-1,c-2,Web,High,Active,2024-05-01T10:00:00Z,rick
""",
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.tickets == {"Otto Beck": ["No light"]}
    assert ("email", False) in view.consents["Iris Fenn"]


def test_zendesk_end_users_are_customers_and_agents_are_not(day_one):
    view = day_one(
        {
            "users.csv": """
id,name,email,role,organization_id,phone,time_zone,locale,suspended,verified,created_at,last_login_at
1,Iris Fenn,iris@example.com,end-user,,+15125550111,UTC,en,false,true,2024-01-01T10:00:00Z,
2,Rick Rep,rick@example.com,agent,,,UTC,en,false,true,2024-01-01T10:00:00Z,
""",
            "tickets.csv": """
id,subject,status,requester_id,assignee_id,priority,created_at,solved_at,via,group_id
10,No light,solved,1,2,high,2024-02-01T10:00:00Z,2024-02-02T10:00:00Z,web,5
""",
        }
    )
    assert view.people == {"Iris Fenn"}
    assert view.tickets == {"Iris Fenn": ["No light"]}


def test_odoo(day_one):
    view = day_one(
        {
            "contacts.csv": """
External ID,Display Name,Email,Phone,Mobile,Street,City,Zip,Country,Is a Company,Tax ID,Salesperson
p1,Iris Fenn,iris@example.com,+32 2 123 45 67,,Rue A 1,Bruxelles,1000,Belgium,False,,Rick Rep
p2,Otto Beck,otto@example.com,,,,,,,False,,Rick Rep
""",
            "sales_orders.csv": """
External ID,Order Reference,Order Date,Customer/External ID,Salesperson,Sales Team,Total,Status,Invoice Status
o1,S001,2024-02-01 10:00:00,p1,Rick Rep,Europe,120.50,Sales Order,Invoiced
o2,S002,2024-02-02 10:00:00,p1,Rick Rep,Europe,10.00,Sales Order,Invoiced
""",
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.orders == {"Iris Fenn": {"o1": Decimal("120.50"), "o2": Decimal(10)}}


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Exports of many vendors, none with a profile of its own but Salesforce and Zoho, in one project and one run."""
    return bring(tmp_path_factory.mktemp("many"), MANY)


MANY = {
    "messages.csv": """
Message ID,Date,From,To,Cc,Subject
m1,2024-02-01 10:00:00,"Iris Fenn <iris@example.com>",support@tallow.example,boss@example.net,No heat
m2,2024-02-01 11:00:00,Tallow Support <support@tallow.example>,"Iris Fenn <iris@example.com>",,Re: No heat
m3,2024-02-02 10:00:00,otto@example.org,support@tallow.example,,Hello
m4,2024-02-02 11:00:00,rick@tallow.example,otto@example.org,,Re: Hello
m5,2024-02-02 12:00:00,rick@tallow.example,sue@tallow.example,,Lunch
""",
    "donors.csv": """
Constituent ID,First Name,Last Name,Spouse First Name,Spouse Last Name,Spouse Email,Email,Phone,Emergency Contact Name,Emergency Contact Phone,Referred By Email
D1,Pia,Lund,Odd,Lund,odd@example.com,pia@example.com,+1 512 555 0121,Ann Aide,+1 512 555 0199,ref@example.com
D2,Uma,Voss,,,,uma@example.com,+1 512 555 0122,,,
""",
    "members.csv": """
Member No,Contact 1 First Name,Contact 1 Last Name,Contact 1 Email,Contact 2 First Name,Contact 2 Last Name,Contact 2 Email
M1,Wim,Xu,wim@example.com,Vic,Yates,vic@example.com
M2,Zoe,Abt,zoe@example.com,,,
""",
    "Contact.csv": """
"ID","ISDELETED","LASTNAME","FIRSTNAME","EMAIL","MAILINGCITY","SYSTEMMODSTAMP"
"003D000001AbCdEIAV","false","Crane","Ada","ada@example.com","Hull","2024-05-05T10:00:00.000Z"
"003D000001abcdEIAQ","false","Drake","Ben","ben@example.com","Hull","2024-05-05T10:00:00.000Z"
""",
    "report_cases.csv": """
"Case Number","Contact ID","Status","Subject","Date/Time Opened","Case Owner"
"00001","003D000001AbCdE","Closed","No light","01/05/2024 10:00","Rick Rep"
"00002","003D000001abcdE","New","No water","13/05/2024 10:00","Rick Rep"
""",
    "people-pipedrive.csv": """
Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Email - Home,Person - Phone - Work,Person - Phone - Mobile,Person - Owner
9001,Eva Foss,Tallow Works,eva@example.com,eva.home@example.org,+1 512-555-0131,+1 512-555-0132,Rick Rep
""",
    "kontakte.csv": """
Vorname,Nachname,E-Mail (privat),E-Mail (arbeit),Telefon (mobil),Straße (privat),Ort (privat),PLZ (privat),Straße (arbeit),Ort (arbeit)
Jutta,Wolke,jutta@example.de,j.wolke@wolke.example,+49 170 1234567,Ahornweg 5,Berlin,10115,Werkstr. 1,Potsdam
""",
    "контакты.csv": """
ID;Имя;Фамилия;Отчество;Рабочий телефон;Рабочий e-mail;Частный e-mail;Ответственный
7001;Анна;Иванова;Петровна;+7 495 123-45-67;anna@work.example;anna@home.example;Олег Менеджер
""",
    "顧客管理.csv": """
"レコード番号","会社名","担当者名","TEL","メールアドレス","更新者"
"8001","あおい商事","山田 太郎","03-1234-5678","taro@example.jp","管理者"
""",
    "brevo_contacts.csv": """
CONTACT ID,EMAIL,FIRSTNAME,LASTNAME,SMS,MODIFIED_TIME,EMAIL_BLACKLISTED
6001,gus@example.com,Gus,Hale,15125550141,2024-02-01,true
""",
}  # fmt: skip


def test_a_message_belongs_to_the_side_that_is_not_the_company(many):
    assert {"Iris Fenn", "otto@example.org"} <= many.people
    assert not {"Rick Rep", "rick@tallow.example", "sue@tallow.example", "Tallow Support", "boss@example.net"} & many.people
    assert {name: len(many.deals[name]) for name in ("Iris Fenn", "otto@example.org")} == {"Iris Fenn": 2, "otto@example.org": 2}


def test_another_person_of_a_row_is_never_the_customer(many):
    assert many.emails["Pia Lund"] == {"pia@example.com"}
    assert many.phones["Pia Lund"] == {"+15125550121"}
    assert many.emails["Wim Xu"] == {"wim@example.com"}
    assert not {"Odd Lund", "Ann Aide", "Vic Yates"} & many.people
    assert "Spouse Email is about another person" in many.text
    assert "Contact 2 Email is about another person" in many.text


def test_ids_of_15_and_of_18_characters_meet_and_their_case_matters(many):
    assert many.tickets == {"Ada Crane": ["No light"], "Ben Drake": ["No water"]}


def test_every_e_mail_and_phone_of_a_person_counts(many):
    assert many.emails["Eva Foss"] == {"eva@example.com", "eva.home@example.org"}
    assert many.phones["Eva Foss"] == {"+15125550131", "+15125550132"}
    assert many.emails["Jutta Wolke"] == {"jutta@example.de", "j.wolke@wolke.example"}
    assert many.cities["Jutta Wolke"] == "Berlin"
    assert many.emails["Анна Петровна Иванова"] == {"anna@work.example", "anna@home.example"}
    assert many.emails["山田 太郎"] == {"taro@example.jp"}
    assert many.consents["Gus Hale"] == {("email", False)}
    assert many.quarantine == []


def test_zoho():
    contacts, accounts, deals = plan(
        names_only(
            "files",
            [
                found("Contacts", "Record Id,Contact Owner Id,Contact Owner,First Name,Last Name,Account Name Id,Account Name,Email,Secondary Email,Assistant,Asst Phone,Mailing Street,Mailing City,Mailing Zip,Other City,Other Zip,Modified Time,Reporting To"),
                found("Accounts", "Record Id,Account Owner Id,Account Owner,Account Name,Phone,Website,Industry,Billing Country"),
                found("Deals", "Record Id,Deal Owner Id,Deal Owner,Amount,Deal Name,Closing Date,Account Name Id,Stage,Contact Name Id,Contact Name"),
            ],
        ),
        None,
    )  # fmt: skip
    assert [one.what for one in (contacts, accounts, deals)] == ["Zoho contacts", "Zoho accounts", "Zoho deals"]
    assert contacts.maps[0].fields["account_id"] == {"field": "Account Name Id", "ref": "Accounts"}
    assert deals.maps[0].fields["record_id"] == {"field": "Contact Name Id", "ref": "Contacts"}
    assert deals.maps[0].fields["at"] == {"field": "Closing Date"}
    assert {"Assistant", "Asst Phone", "Reporting To", "Contact Owner"} <= set(contacts.left)


def found(name, fields):
    return FoundObject(name, (), tuple(FoundField(each) for each in fields.split(",")))


def test_do_not_contact_denies_every_way_and_a_no_there_grants_nothing(day_one):
    view = day_one(
        {
            "contacts.csv": """
Contact ID,Full Name,Email,Do Not Contact,Do Not Email
1,Ada Tal,ada@tal.example,No,Yes
2,Bo Berg,bo@berg.example,Yes,No
3,Cy Dorn,cy@dorn.example,No,
"""
        }
    )
    assert view.consents["Ada Tal"] == {("email", False)}
    assert view.consents["Bo Berg"] == {("email", False), ("call", False), ("sms", False), ("post", False)}
    assert "Cy Dorn" not in view.consents
