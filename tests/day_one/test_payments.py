"""Reports of payment services and marketplaces, as they document them, with made-up people."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal


def test_paypal_knows_the_payer_from_the_merchant_and_refunds_from_payments(day_one):
    view = day_one(
        {
            "paypal.csv": """
"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","To Email Address","Transaction ID","Item Title","Item ID","Reference Txn ID","Invoice Number","Balance"
"01/22/2025","10:00:00","PST","Iris Fenn","Express Checkout Payment","Completed","USD","48.00","-1.70","46.30","iris@example.com","shop@store.example","8AB1","Kettle","K1","","1001","46.30"
"01/25/2025","10:00:00","PST","Iris Fenn","Payment Refund","Completed","USD","-48.00","1.40","-46.60","shop@store.example","Iris@example.com","8AB2","Kettle","K1","8AB1","1001","-0.30"
"02/14/2025","11:00:00","PST","Otto Beck","Website Payment","Pending","USD","1,020.00","-3.00","1,017.00","otto@example.com","shop@store.example","8AB3","Lamp","L1","","1002","1,016.70"
"02/15/2025","11:00:00","PST","","General Withdrawal","Completed","USD","-500.00","0.00","-500.00","shop@store.example","","8AB4","","","","","516.70"
"02/16/2025","11:00:00","PST","Host Ltd","PreApproved Payment Bill User Payment","Completed","USD","-9.00","0.00","-9.00","shop@store.example","bills@host.example","8AB5","","","","","507.70"
"02/17/2025","11:00:00","PST","","General Currency Conversion","Completed","USD","7.00","0.00","7.00","","shop@store.example","8AB6","","","","","514.70"
"""
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.emails == {"Iris Fenn": {"iris@example.com"}, "Otto Beck": {"otto@example.com"}}
    assert view.orders == {"Iris Fenn": {"8AB1": Decimal(48), "8AB2": Decimal(-48)}, "Otto Beck": {"8AB3": Decimal(1020)}}
    assert view.statuses == {"8AB1": "paid", "8AB2": "refunded", "8AB3": "pending"}


def test_square_takes_what_was_collected_and_knows_refunds(day_one):
    view = day_one(
        {
            "transactions.csv": """
Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Tax,Tip,Partial Refunds,Total Collected,Source,Card,Card Entry Methods,Cash,Fees,Net Total,Transaction ID,Payment ID,Device Name,Staff Name,Staff ID,Description,Event Type,Location,Customer ID,Customer Name
01/15/25,10:00:00,Eastern Time (US & Canada),$10.00,$0.00,$10.00,$0.80,$2.00,$0.00,$12.80,Point of Sale,$12.80,Tapped,$0.00,($0.43),$12.37,T1,P1,iPad,Rick Rep,S1,Coffee x 2,Payment,Main,C1,Iris Fenn
01/16/25,10:00:00,Eastern Time (US & Canada),($10.00),$0.00,($10.00),($0.80),$0.00,$0.00,($10.80),Point of Sale,($10.80),Tapped,$0.00,$0.00,($10.80),T2,P2,iPad,Rick Rep,S1,Coffee x 2,Refund,Main,C1,Iris Fenn
01/17/25,10:00:00,Eastern Time (US & Canada),$7.50,-$1.50,$6.00,$0.00,$0.00,$0.00,$6.00,Point of Sale,$0.00,N/A,$6.00,$0.00,$6.00,T3,P3,iPad,Rick Rep,S1,Tea,Payment,Main,,
"""
        }
    )
    assert view.people == {"Iris Fenn"}
    assert view.orders == {"Iris Fenn": {"T1": Decimal("12.80"), "T2": Decimal("-10.80")}}
    assert view.statuses == {"T1": "paid", "T2": "refunded", "T3": "paid"}


def test_etsy_sold_orders(day_one):
    view = day_one(
        {
            "EtsySoldOrders2025.csv": """
"Sale Date","Order ID","Buyer User ID","Full Name","First Name","Last Name","Number of Items","Payment Method","Date Shipped","Street 1","Street 2","Ship City","Ship State","Ship Zipcode","Ship Country","Currency","Order Value","Coupon Code","Discount Amount","Shipping","Sales Tax","Order Total","Status","Card Processing Fees","Order Net","Buyer","SKU"
"01/20/25","3001","irisf","Iris Fenn","Iris","Fenn","2","Online","01/22/25","12 Elm Rd","","Boston","MA","02134","United States","USD","40.00","","0.00","5.00","3.00","48.00","Completed","1.70","46.30","Iris Fenn (irisf)","K1"
"01/21/25","3002","ottob","Otto Beck","Otto","Beck","1","Online","","5 Oak St","","Austin","TX","78701","United States","USD","20.00","","0.00","0.00","0.00","20.00","Canceled","0","20.00","Otto Beck (ottob)","K2"
"""
        }
    )
    assert view.cities == {"Iris Fenn": "Boston", "Otto Beck": "Austin"}
    assert view.orders == {"Iris Fenn": {"3001": Decimal(48)}, "Otto Beck": {"3002": Decimal(20)}}
    assert view.statuses == {"3001": "shipped", "3002": "cancelled"}


def test_amazon_order_report_has_a_row_for_each_item(day_one):
    head = "amazon-order-id,merchant-order-id,purchase-date,last-updated-date,order-status,fulfillment-channel,sales-channel,product-name,sku,asin,item-status,quantity,currency,item-price,item-tax,shipping-price,buyer-email,buyer-name,ship-city,ship-state,ship-postal-code,ship-country"
    rows = [
        "111-1,,2025-01-02T10:00:00+00:00,,Shipped,Amazon,Amazon.com,Kettle,KET,B01,Shipped,2,USD,20.00,1.60,5.00,x1@market.example,Iris Fenn,Boston,MA,02134,US",
        "111-1,,2025-01-02T10:00:00+00:00,,Shipped,Amazon,Amazon.com,Pan,PAN,B02,Shipped,1,USD,10.00,0.80,0.00,x1@market.example,Iris Fenn,Boston,MA,02134,US",
        "111-2,,2025-01-04T10:00:00+00:00,,Cancelled,Amazon,Amazon.com,Lamp,LMP,B03,Cancelled,1,USD,9.00,,,x2@market.example,Otto Beck,Austin,TX,78701,US",
    ]
    view = day_one({"orders.tsv": "\n".join([head, *rows]).replace(",", "\t") + "\n"})
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.orders == {"Iris Fenn": {"111-1": Decimal(30)}, "Otto Beck": {"111-2": Decimal(9)}}
    assert view.lines == {"111-1": 2, "111-2": 1}
    assert view.statuses == {"111-1": "shipped", "111-2": "cancelled"}


def test_what_was_refunded_in_part_is_not_spent(day_one):
    view = day_one(
        {
            "orders_export.csv": """
Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Payment Method,Refunded Amount,Vendor,Id,Risk Level,Source,Phone,Cancelled at,Shipping Name
#1,iris@example.com,partially_refunded,2025-01-02 10:00:00 -0500,fulfilled,USD,40.00,0.00,0.00,40.00,2025-01-02 10:00:00 -0500,2,Kettle,20.00,KET,Iris Fenn,Shopify Payments,15.00,Hearth,61,Low,web,,,Iris Fenn
#2,iris@example.com,refunded,2025-01-03 10:00:00 -0500,fulfilled,USD,30.00,0.00,0.00,30.00,2025-01-03 10:00:00 -0500,1,Pan,30.00,PAN,Iris Fenn,Shopify Payments,30.00,Hearth,62,Low,web,,,Iris Fenn
#3,iris@example.com,pending,,unfulfilled,USD,20.00,0.00,0.00,20.00,2025-01-04 10:00:00 -0500,1,Lamp,20.00,LAM,Iris Fenn,Bank,0.00,Hearth,63,Low,web,,,Iris Fenn
""",
        }
    )
    assert view.orders == {"Iris Fenn": {"#1": Decimal(40), "#1-refund": Decimal(-15), "#2": Decimal(30), "#3": Decimal(20)}}
    assert view.statuses == {"#1": "paid", "#1-refund": "refunded", "#2": "refunded", "#3": "placed"}
