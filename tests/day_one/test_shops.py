"""Exports of shops, payments and lists, as their vendors document them, with made-up people."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal

SHOPIFY_ORDERS = """
Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping City,Notes,Cancelled at,Payment Method,Refunded Amount,Vendor,Employee,Id,Risk Level,Source,Phone
#1001,iris@example.com,paid,2025-01-02 10:00:00 -0500,fulfilled,,yes,USD,38.00,5.00,3.00,46.00,,0.00,Standard,2025-01-02 10:00:00 -0500,2,Kettle - Red,10.00,KET-R,2.00,Iris Fenn,12 Elm Rd,12 Elm Rd,,,Boston,02134,MA,US,+15125550111,Uncle Gift,Salem,,,Shopify Payments,0.00,Hearth,rick@example.com,6001,Low,web,
#1001,iris@example.com,,,,,,,,,,,,,,2025-01-02 10:00:00 -0500,1,Pan,20.00,PAN-1,0.00,,,,,,,,,,,,,,,,,Hearth,,,,,
#1002,otto@example.com,refunded,2025-02-02 10:00:00 -0500,unfulfilled,,no,USD,25.00,0.00,0.00,25.00,,0.00,Standard,2025-02-02 10:00:00 -0500,1,Lamp,25.00,LMP-1,0.00,Otto Beck,5 Oak St,5 Oak St,,,Austin,78701,TX,US,,Otto Beck,Austin,,,Shopify Payments,25.00,Hearth,,6002,Low,web,
#1003,,paid,2025-03-03 10:00:00 -0500,fulfilled,,no,USD,20.00,0.00,0.00,20.00,,0.00,,2025-03-03 10:00:00 -0500,1,Pan,20.00,PAN-1,0.00,,,,,,,,,,,,,,,,0.00,Hearth,,6003,Low,pos,
"""


def test_shopify_orders_with_many_lines_and_customers(day_one):
    view = day_one(
        {
            "orders_export.csv": SHOPIFY_ORDERS,
            "customers_export.csv": """
Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags
650001,Iris,Fenn,iris@example.com,yes,,12 Elm Rd,,Boston,MA,US,02134,+15125550111,+15125550111,no,46.00,1,,no,vip
650002,Otto,Beck,otto@example.com,no,,5 Oak St,,Austin,TX,US,78701,,,no,25.00,1,,no,
""",
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.orders == {"Iris Fenn": {"#1001": Decimal("46.00")}, "Otto Beck": {"#1002": Decimal("25.00")}}
    assert view.lines == {"#1001": 2, "#1002": 1, "#1003": 1}
    assert view.products == {"Kettle - Red", "Pan", "Lamp"}
    assert ("email", True) in view.consents["Iris Fenn"]
    assert view.quarantine == []


def test_squarespace_orders(day_one):
    view = day_one(
        {
            "orders.csv": """
Order ID,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Amount Refunded,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem variant,Billing Name,Billing Address1,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Channel Type,Channel Name,Payment Method
00012,iris@example.com,PAID,2025/01/02 10:00:00,FULFILLED,EUR,30.00,0,0,0,30.00,2025/01/02 10:00:00,1,Pot,10.00,SQ1,,Iris Fenn,12 Elm Rd,Boston,02134,MA,US,,Iris Fenn,web,Site,STRIPE
00012,iris@example.com,,,,,,,,,,,2,Pan,10.00,SQ2,,,,,,,,,,,,
""",
        }
    )
    assert view.orders == {"Iris Fenn": {"00012": Decimal("30.00")}}
    assert view.lines == {"00012": 2}


def test_woocommerce_orders_and_customers(day_one):
    view = day_one(
        {
            "wc-orders.csv": """
Order Number,Order Status,Order Date,First Name (Billing),Last Name (Billing),Email (Billing),Phone (Billing),City (Billing),Postcode (Billing),Country Code (Billing),First Name (Shipping),Payment Method Title,Order Total Amount,SKU,Item #,Item Name,Quantity,Item Cost
201,Completed,2025-01-02 10:00,Iris,Fenn,iris@example.com,+15125550111,Boston,02134,US,Uncle,Card,30.00,W1,1,Pot,1,10.00
201,Completed,2025-01-02 10:00,Iris,Fenn,iris@example.com,+15125550111,Boston,02134,US,Uncle,Card,30.00,W2,2,Pan,2,10.00
202,Completed,2025-01-03 10:00,Otto,Beck,otto@example.com,,Austin,78701,US,Otto,Card,10.00,W2,1,Pan,1,10.00
""",
        }
    )
    assert view.orders == {"Iris Fenn": {"201": Decimal("30.00")}, "Otto Beck": {"202": Decimal("10.00")}}
    assert view.lines == {"201": 2, "202": 1}


def test_stripe_customers_and_payments(day_one):
    view = day_one(
        {
            "customers.csv": """
id,Description,Email,Name,Created (UTC),Delinquent,Card ID,Card Last4,Card Brand,Total Spend,Payment Count,Refunded Volume
cus_1,,iris@example.com,Iris Fenn,2024-01-01 10:00,false,card_1,4242,Visa,30.00,2,0.00
cus_2,,otto@example.com,Otto Beck,2024-01-01 10:00,false,card_2,4242,Visa,0.00,0,0.00
""",
            "payments.csv": """
id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Currency,Description,Fee,Status,Customer ID,Customer Email,Card Name
ch_1,2024-02-01 10:00,20.00,0.00,usd,true,20.00,usd,Shop,0.88,Paid,cus_1,iris@example.com,I FENN
ch_2,2024-02-02 10:00,10.00,0.00,usd,true,10.00,usd,Shop,0.59,Paid,cus_1,iris@example.com,I FENN
""",
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.orders == {"Iris Fenn": {"ch_1": Decimal(20), "ch_2": Decimal(10)}}


def test_mailchimp_audience(day_one):
    view = day_one(
        {
            "subscribed_members_export.csv": """
Email Address,First Name,Last Name,Address,Phone Number,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LAST_CHANGED,LEID,EUID,NOTES,TAGS
iris@example.com,Iris,Fenn,,,2,2024-01-01 10:00:00,,2024-01-01 10:05:00,,,2024-01-01 10:05:00,1,e1,,
""",
        }
    )
    assert view.people == {"Iris Fenn"}
    assert view.consents == {"Iris Fenn": {("email", True)}}


def test_address_books_of_google_and_outlook_meet(day_one):
    view = day_one(
        {
            "google.csv": """
First Name,Middle Name,Last Name,Phonetic First Name,Nickname,Organization Name,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Street,Address 1 - City
Iris,,Fenn,,,,1980-02-03,,,* myContacts,,iris@example.com,i3@example.org,Mobile,+1 512 555 0111,12 Elm Rd,Boston
""",
            "outlook.csv": """
Title,First Name,Middle Name,Last Name,Company,Job Title,Business Street,Business City,Business Postal Code,Home Street,Home City,Business Phone,Home Phone,Mobile Phone,E-mail Address,E-mail 2 Address,Birthday,Spouse,Manager's Name
,Iris,,Fenn,Tallow Works,,,,,12 Elm Rd,Boston,,,+1 512 555 0111,iris@example.com,,,Otto,Rick Rep
""",
        }
    )
    assert view.people == {"Iris Fenn"}
    assert view.emails["Iris Fenn"] == {"iris@example.com", "i3@example.org"}


def test_a_cell_of_google_contacts_may_hold_several_addresses_and_phones(day_one):
    view = day_one(
        {
            "contacts.csv": """
First Name,Middle Name,Last Name,Phonetic First Name,Nickname,Organization Name,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Value
Iris,,Fenn,,,,,,,* myContacts,,iris@example.com ::: i2@example.com,i3@example.org ::: i4@example.org,Mobile,(512) 555-0111 ::: +44 1482 496 001,512 555 0113
Otto,,Beck,,,,,,,* myContacts,,,,Mobile,+1 512-555-0199 ::: 01482 496001,
"""
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.emails["Iris Fenn"] == {"iris@example.com", "i2@example.com", "i3@example.org", "i4@example.org"}
    assert view.phones["Iris Fenn"] == {"+15125550111", "+441482496001", "+15125550113"}
    assert "+15125550199" in view.phones["Otto Beck"]


def test_magento_customers_and_orders(day_one):
    view = day_one(
        {
            "export_customers.csv": """
ID,Name,Email,Group,Phone,ZIP,Country,State/Province,Customer Since,Web Site,Confirmed email,Account Created in
1,Iris Fenn,iris@example.com,General,+15125550111,02134,United States,Massachusetts,2024-01-01 10:00:00,Main Website,Confirmation Not Required,Default
""",
            "export_orders.csv": """
ID,Purchase Point,Purchase Date,Bill-to Name,Ship-to Name,Grand Total (Base),Grand Total (Purchased),Status,Customer Email,Customer Group,Payment Method,Total Refunded
000001,Main Website,2024-02-01 10:00:00,Iris Fenn,Uncle Gift,30.00,30.00,complete,iris@example.com,General,card,0.00
""",
        }
    )
    assert view.people == {"Iris Fenn"}
    assert view.orders == {"Iris Fenn": {"000001": Decimal(30)}}


def test_eventbrite_attendees_and_their_buyer(day_one):
    view = day_one(
        {
            "attendees.csv": """
Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee #,Order Type,Currency,Total Paid,Fees Paid,Eventbrite Fees,Attendee Status,Event Name,Buyer First Name,Buyer Last Name,Buyer Email
900,2024-02-01 10:00:00,Iris,Fenn,iris@example.com,1,General,1,Card,USD,10.00,0.50,0.50,Attending,Fair,Iris,Fenn,iris@example.com
900,2024-02-01 10:00:00,Otto,Beck,otto@example.com,1,General,2,Card,USD,10.00,0.50,0.50,Attending,Fair,Iris,Fenn,iris@example.com
""",
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.orders == {"Iris Fenn": {"900": Decimal(20)}}
    assert view.lines == {"900": 2}
