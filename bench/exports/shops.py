"""Exports of shops that fullcircle has a profile of: Shopify, WooCommerce, Magento, Squarespace, Etsy, Amazon."""

# ruff: noqa: E501 - the rows of exports are long

from datetime import timedelta
from decimal import Decimal

from bench.exports.made_up import Order, World
from bench.exports.truth import Export

ADDRESS = "street city postcode region country"
ZONE = timedelta(hours=5)  # the shop is five hours behind UTC
SHOPIFY = (
    "Name|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Accepts Marketing|Currency|Subtotal|Shipping|Taxes|Total|"
    "Discount Code|Discount Amount|Shipping Method|Created at|Lineitem quantity|Lineitem name|Lineitem price|"
    "Lineitem compare at price|Lineitem sku|Lineitem requires shipping|Lineitem taxable|Lineitem fulfillment status|Billing Name|"
    "Billing Street|Billing Address1|Billing Address2|Billing Company|Billing City|Billing Zip|Billing Province|Billing Country|"
    "Billing Phone|Shipping Name|Shipping Street|Shipping Address1|Shipping City|Shipping Zip|Shipping Country|Shipping Phone|Notes|"
    "Cancelled at|Payment Method|Payment Reference|Refunded Amount|Vendor|Outstanding Balance|Employee|Location|Device ID|Id|Tags|"
    "Risk Level|Source|Lineitem discount|Tax 1 Name|Tax 1 Value|Phone|Receipt Number|Payment ID"
)
PAYMENT = {
    "paid": {"paid", "shipped"}, "refunded": "refunded", "pending": "placed", "voided": "cancelled",
    "partially_refunded": {"paid", "shipped", "placed"},
}  # fmt: skip


def local(order: Order) -> str:
    return f"{order.at:%Y-%m-%d %H:%M:%S} -0500"


def shopify() -> Export:
    """Orders with a row for each line, the sums only in the first; customers and products. Zips have an apostrophe before them."""
    e, w = Export("Shopify"), World("shopify")
    rows = []
    for o in w.orders(50):
        p, number = o.person, f"#{1001 + o.number}"
        guest = o.number % 17 == 5
        status = list(PAYMENT)[0 if o.number % 6 else o.number // 6 % 5]
        first = {
            "Financial Status": status, "Paid at": local(o), "Fulfillment Status": "fulfilled", "Fulfilled at": local(o),
            "Accepts Marketing": "yes" if p.number % 2 else "no", "Currency": "USD", "Subtotal": str(o.subtotal),
            "Shipping": str(o.shipping), "Taxes": str(o.tax), "Total": str(o.total), "Discount Amount": "0.00",
            "Shipping Method": "Standard", "Shipping Name": "Uncle Gift", "Shipping City": "Salem", "Payment Method": "Shopify Payments",
            "Refunded Amount": str(o.total) if status == "refunded" else "0.00", "Outstanding Balance": "0.00",
            "Id": str(6001000 + o.number), "Risk Level": "Low", "Source": "pos" if guest else "web", "Employee": "Rick Repp",
        } | ({} if guest else {
            "Billing Name": p.name, "Billing Street": p.street, "Billing Address1": p.street, "Billing City": p.city,
            "Billing Zip": "'" + p.postcode, "Billing Province": p.region, "Billing Country": p.country, "Billing Phone": "'" + p.phone,
        })  # fmt: skip
        for place, line in enumerate(o.lines):
            rows.append({
                "Name": number, "Email": "" if guest else p.email, "Created at": local(o), "Lineitem quantity": str(line.quantity),
                "Lineitem name": line.good.name, "Lineitem price": str(line.good.price), "Lineitem sku": line.good.sku, "Vendor": "Hearth",
                "Lineitem requires shipping": "true", "Lineitem taxable": "true", "Lineitem fulfillment status": "fulfilled",
                "Lineitem discount": "0.00", **(first if place == 0 else {}),
            })  # fmt: skip
        e.order({number, str(6001000 + o.number)}, None if guest else p, o.lines, ordered_at=o.at + ZONE, amount=o.total, currency="USD",
                status=PAYMENT[status], channel="pos" if guest else "web")  # fmt: skip
    e.file("orders_export_1.csv", SHOPIFY, rows)
    rows = []
    for p in w.people:
        rows.append({
            "Customer ID": f"'65000{p.number:05d}", "First Name": p.given_name, "Last Name": p.family_name, "Email": p.email,
            "Accepts Email Marketing": "yes" if p.number % 2 else "no", "Default Address Company": "", "Default Address Address1": p.street,
            "Default Address Address2": "", "Default Address City": p.city, "Default Address Province Code": p.region,
            "Default Address Country Code": p.country, "Default Address Zip": "'" + p.postcode, "Default Address Phone": "'" + p.phone,
            "Phone": "'" + p.phone, "Accepts SMS Marketing": "no", "Total Spent": "10.00", "Total Orders": "1", "Note": "",
            "Tax Exempt": "no", "Tags": "vip",
        })  # fmt: skip
        e.person(p, f"name given_name family_name email phone {ADDRESS}", f"65000{p.number:05d}")
        e.consent(p, "email", bool(p.number % 2))
        e.consent(p, "sms", False)
    e.file("customers_export.csv", list(rows[0]), rows)
    e.file("products_export_1.csv", "Handle|Title|Body (HTML)|Vendor|Product Category|Type|Tags|Published|Option1 Name|Option1 Value|"
           "Variant SKU|Variant Grams|Variant Inventory Qty|Variant Price|Variant Compare At Price|Image Src|Status", [{
        "Handle": good.name.lower().replace(" ", "-"), "Title": good.name, "Vendor": "Hearth", "Type": good.category, "Published": "true",
        "Option1 Name": "Title", "Option1 Value": "Default Title", "Variant SKU": good.sku, "Variant Grams": "500.0",
        "Variant Inventory Qty": "7", "Variant Price": str(good.price), "Status": "active",
    } for good in w.goods])  # fmt: skip
    for good in w.goods:
        e.product(good.sku, good.name, sku=good.sku, category=good.category, brand="Hearth", price=good.price)
    return e


WOO = {"Completed": {"paid", "shipped"}, "Processing": {"paid", "placed"}, "Refunded": "refunded", "Cancelled": "cancelled",
       "Pending payment": "pending", "Failed": {"cancelled", "draft"}}  # fmt: skip


def woocommerce() -> Export:
    """The usual order export plugin, a row for each item, and the customers of the analytics pages."""
    e, w = Export("WooCommerce"), World("woocommerce")
    rows = []
    for o in w.orders(50):
        p = o.person
        status = list(WOO)[0 if o.number % 5 else o.number // 5 % 6]
        for place, line in enumerate(o.lines):
            rows.append({
                "Order Number": str(201 + o.number), "Order Status": status, "Order Date": f"{o.at:%Y-%m-%d %H:%M}",
                "First Name (Billing)": p.given_name, "Last Name (Billing)": p.family_name, "Address 1&2 (Billing)": p.street,
                "City (Billing)": p.city, "State Code (Billing)": p.region, "Postcode (Billing)": p.postcode,
                "Country Code (Billing)": p.country, "Email (Billing)": p.email, "Phone (Billing)": p.phone,
                "First Name (Shipping)": "Uncle", "Last Name (Shipping)": "Gift", "City (Shipping)": "Salem",
                "Payment Method Title": "Card", "Cart Discount Amount": "0", "Order Subtotal Amount": str(o.subtotal),
                "Shipping Method Title": "Flat rate", "Order Shipping Amount": str(o.shipping), "Order Refund Amount": "0",
                "Order Total Amount": str(o.total), "Order Total Tax Amount": str(o.tax), "SKU": line.good.sku, "Item #": str(place + 1),
                "Item Name": line.good.name, "Quantity (- Refund)": str(line.quantity), "Item Cost": str(line.good.price),
            })  # fmt: skip
        e.person(p, f"name given_name family_name email phone {ADDRESS}")
        e.order(str(201 + o.number), p, o.lines, ordered_at=o.at, amount=o.total, status=WOO[status])
    e.file("orders-2024-06-01.csv", list(rows[0]), rows)
    rows = [{
        "Name": p.name, "Username": f"{p.given_name.lower()}{p.number}", "Last Active": "2024-05-01", "Sign Up": "2024-01-01",
        "Email": p.email, "Orders": "1", "Total Spend": "10", "AOV": "10", "Country / Region": p.country, "City": p.city,
        "Region": p.region, "Postal Code": p.postcode,
    } for p in w.people]  # fmt: skip
    for p in w.people:
        e.person(p, "name email city postcode region country")
    e.file("wc-customers-report-export.csv", list(rows[0]), rows)
    return e


def woocommerce_wide() -> Export:
    """The export of the Customer / Order plugin: a row for each order, its items in columns line_item_1, line_item_2 ..."""
    e, w = Export("WooCommerce line items"), World("woocommerce-wide")
    rows = []
    for o in w.orders(40):
        p = o.person
        row = {
            "order_id": str(3001 + o.number), "order_number": str(3001 + o.number), "date": f"{o.at:%Y-%m-%d %H:%M:%S}",
            "status": "completed" if o.number % 7 else "refunded", "shipping_total": str(o.shipping), "tax_total": str(o.tax),
            "discount_total": "0.00", "order_total": str(o.total), "order_currency": "GBP", "payment_method": "stripe",
            "customer_id": str(70 + p.number), "customer_user": str(70 + p.number), "customer_email": p.email,
            "billing_first_name": p.given_name, "billing_last_name": p.family_name, "billing_company": "", "billing_email": p.email,
            "billing_phone": p.phone, "billing_address_1": p.street, "billing_address_2": "", "billing_postcode": p.postcode,
            "billing_city": p.city, "billing_state": p.region, "billing_country": p.country, "shipping_first_name": "Uncle",
            "shipping_last_name": "Gift", "shipping_city": "Salem", "customer_note": "",
        }  # fmt: skip
        for place in range(3):
            line = o.lines[place] if place < len(o.lines) else None
            row[f"line_item_{place + 1}"] = (
                f"name:{line.good.name}|product_id:{w.goods.index(line.good) + 1}|sku:{line.good.sku}|quantity:{line.quantity}|total:{line.amount}"
                if line else ""
            )  # fmt: skip
        rows.append(row)
        e.person(p, f"name given_name family_name email phone {ADDRESS}")
        e.order(str(3001 + o.number), p, o.lines, ordered_at=o.at, amount=o.total, currency="GBP",
                status={"paid", "shipped"} if o.number % 7 else "refunded")  # fmt: skip
    e.file("orders.csv", list(rows[0]), rows)
    return e


MAGENTO = {"complete": {"paid", "shipped"}, "processing": {"paid", "placed"}, "pending": "pending", "canceled": "cancelled",
           "closed": "refunded", "holded": "pending"}  # fmt: skip


def magento() -> Export:
    """The exports of the grids of customers and orders."""
    e, w = Export("Magento"), World("magento")
    rows = []
    for p in w.people:
        rows.append({
            "ID": str(p.number + 1), "Name": p.name, "Email": p.email, "Group": "General", "Phone": p.phone, "ZIP": p.postcode,
            "Country": p.country_name, "State/Province": p.region_name, "Customer Since": "2024-01-01 10:00:00",
            "Web Site": "Main Website", "Confirmed email": "Confirmation Not Required", "Account Created in": "Default Store View",
            "Date of Birth": p.birth_date, "Gender": "Female", "Street Address": p.street, "City": p.city,
        })  # fmt: skip
        e.person(p, f"name email phone birth_date {ADDRESS}", str(p.number + 1))
    e.file("export_customers.csv", list(rows[0]), rows)
    rows = []
    for o in w.orders(50):
        p, status = o.person, list(MAGENTO)[0 if o.number % 4 else o.number // 4 % 6]
        rows.append({
            "ID": f"{o.number + 1:09d}", "Purchase Point": "Main Website Main Website Store Default Store View",
            "Purchase Date": f"{o.at:%Y-%m-%d %H:%M:%S}", "Bill-to Name": p.name, "Ship-to Name": "Uncle Gift",
            "Grand Total (Base)": str(o.total), "Grand Total (Purchased)": str(o.total), "Status": status,
            "Billing Address": f"{p.street},{p.city},{p.region_name},{p.postcode}", "Shipping Address": "1 Gift Row,Salem,Oregon,97301",
            "Shipping Information": "Flat Rate - Fixed", "Customer Email": p.email, "Customer Group": "General",
            "Subtotal": str(o.subtotal), "Shipping and Handling": str(o.shipping), "Customer Name": p.name, "Payment Method": "checkmo",
            "Total Refunded": str(o.total) if status == "closed" else "",
        })  # fmt: skip
        e.order(f"{o.number + 1:09d}", p, ordered_at=o.at, amount=o.total, status=MAGENTO[status])
    e.file("export_orders.csv", list(rows[0]), rows)
    return e


def squarespace() -> Export:
    """Orders with a row for each line."""
    e, w = Export("Squarespace"), World("squarespace", countries=("US",))
    rows = []
    for o in w.orders(40):
        p, number = o.person, f"{o.number + 1:05d}"
        refunded = o.number % 8 == 3
        first = {
            "Financial Status": "REFUNDED" if refunded else "PAID", "Paid at": local(o), "Fulfillment Status": "FULFILLED",
            "Fulfilled at": local(o), "Currency": "USD", "Subtotal": str(o.subtotal), "Shipping": str(o.shipping), "Taxes": str(o.tax),
            "Amount Refunded": str(o.total) if refunded else "0.00", "Total": str(o.total), "Discount Code": "", "Discount Amount": "0.00",
            "Shipping Method": "Flat", "Created at": local(o), "Billing Name": p.name, "Billing Address1": p.street, "Billing City": p.city,
            "Billing Zip": p.postcode, "Billing Province": p.region, "Billing Country": p.country, "Billing Phone": p.phone,
            "Shipping Name": "Uncle Gift", "Shipping City": "Salem", "Channel Type": "web", "Channel Name": "Site",
            "Payment Method": "STRIPE", "Payment Reference": f"pi_{o.number}",
        }  # fmt: skip
        for place, line in enumerate(o.lines):
            rows.append({
                "Order ID": number, "Email": p.email, "Lineitem quantity": str(line.quantity), "Lineitem name": line.good.name,
                "Lineitem price": str(line.good.price), "Lineitem sku": line.good.sku, "Lineitem variant": "",
                "Lineitem requires shipping": "true", **(first if place == 0 else {}),
            })  # fmt: skip
        e.person(p, f"name email phone {ADDRESS}")
        e.order(number, p, o.lines, ordered_at=o.at + ZONE, amount=o.total, currency="USD",
                status="refunded" if refunded else {"paid", "shipped"})  # fmt: skip
    header = (
        "Order ID|Email|Lineitem quantity|Lineitem name|Lineitem price|Lineitem sku|Lineitem variant|Lineitem requires shipping"
    )
    e.file("orders.csv", [*header.split("|"), *first], rows)
    return e


def etsy() -> Export:
    """Sold orders, and sold order items."""
    e, w = Export("Etsy"), World("etsy", countries=("US",))
    orders, items = [], []
    for o in w.orders(40):
        p, number = o.person, str(3001000 + o.number)
        cancelled = o.number % 9 == 4
        orders.append({
            "Sale Date": f"{o.at:%m/%d/%y}", "Order ID": number, "Buyer User ID": f"{p.given_name.lower()}{p.number}", "Full Name": p.name,
            "First Name": p.given_name, "Last Name": p.family_name, "Number of Items": str(sum(line.quantity for line in o.lines)),
            "Payment Method": "Online", "Date Shipped": "", "Street 1": p.street, "Street 2": "", "Ship City": p.city,
            "Ship State": p.region, "Ship Zipcode": p.postcode, "Ship Country": p.country_name, "Currency": "USD",
            "Order Value": str(o.subtotal), "Coupon Code": "", "Discount Amount": "0.00", "Shipping": str(o.shipping),
            "Sales Tax": str(o.tax), "Order Total": str(o.total), "Status": "Canceled" if cancelled else "Completed",
            "Card Processing Fees": "1.70", "Order Net": str(o.total - Decimal("1.70")), "Buyer": f"{p.name} ({p.given_name.lower()}{p.number})",
            "SKU": ",".join(line.good.sku for line in o.lines),
        })  # fmt: skip
        for place, line in enumerate(o.lines):
            items.append({
                "Sale Date": f"{o.at:%m/%d/%y}", "Item Name": line.good.name, "Buyer": f"{p.name} ({p.given_name.lower()}{p.number})",
                "Quantity": str(line.quantity), "Price": str(line.good.price), "Coupon Code": "", "Discount Amount": "0.00",
                "Order Shipping": str(o.shipping), "Order Sales Tax": str(o.tax), "Item Total": str(line.amount), "Currency": "USD",
                "Transaction ID": str(880000 + o.number * 10 + place), "Listing ID": str(5000 + w.goods.index(line.good)),
                "Ship Name": p.name, "Order ID": number, "SKU": line.good.sku, "Order Type": "online",
            })  # fmt: skip
        e.person(p, f"name given_name family_name {ADDRESS}")
        e.order(number, p, o.lines, ordered_at=o.at.date(), amount=o.total, currency="USD",
                status="cancelled" if cancelled else {"paid", "shipped"})  # fmt: skip
    e.file("EtsySoldOrders2024.csv", list(orders[0]), orders)
    e.file("EtsySoldOrderItems2024.csv", list(items[0]), items)
    return e


def amazon() -> Export:
    """The all orders report, tab separated, a row for each item."""
    e, w = Export("Amazon"), World("amazon", countries=("US",))
    rows = []
    for o in w.orders(40):
        p, number = o.person, f"111-{1000000 + o.number}-{2000000 + o.number}"
        status = "Cancelled" if o.number % 9 == 4 else "Pending" if o.number % 9 == 5 else "Shipped"
        for line in o.lines:
            rows.append({
                "amazon-order-id": number, "merchant-order-id": "", "purchase-date": f"{o.at:%Y-%m-%dT%H:%M:%S}+00:00",
                "last-updated-date": f"{o.at:%Y-%m-%dT%H:%M:%S}+00:00", "order-status": status, "fulfillment-channel": "Amazon",
                "sales-channel": "Amazon.com", "product-name": line.good.name, "sku": line.good.sku, "asin": f"B0{line.good.sku}",
                "item-status": status, "quantity": str(line.quantity), "currency": "USD", "item-price": str(line.amount),
                "item-tax": "0.00", "shipping-price": "0.00", "buyer-email": f"{p.given_name.lower()}x1@marketplace.example",
                "buyer-name": p.name, "ship-city": p.city, "ship-state": p.region, "ship-postal-code": p.postcode,
                "ship-country": p.country,
            })  # fmt: skip
        e.person(p, "name city postcode region country", email=f"{p.given_name.lower()}x1@marketplace.example")
        e.order(number, p, o.lines, ordered_at=o.at, amount=o.subtotal, currency="USD",
                status={"Shipped": {"shipped", "paid"}, "Cancelled": "cancelled", "Pending": "pending"}[status])  # fmt: skip
    e.file("12345678901.txt", list(rows[0]), rows, delimiter="\t")
    return e
