"""Exports of CRMs and help desks, as their vendors document them, with made-up people."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal


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
