"""Exports of shops, tills and books of accounts that fullcircle has no profile of."""

# ruff: noqa: E501 - the rows of exports are long

from datetime import timedelta
from decimal import Decimal

from bench.exports.made_up import World
from bench.exports.truth import Export

ADDRESS = "street city postcode region country"
DONE = {"paid", "shipped", "placed"}  # a sale that became one
LIGHTSPEED = (
    "Date|Receipt Number|Line Type|Customer Code|Customer Name|Note|Quantity|Subtotal|Sales Tax|Discount|Loyalty|Total|Paid|Details|"
    "Register|User|Status|Sku|AccountCodeSale|AccountCodePurchase"
)
WIX = (
    "Order number|Date created|Time|Total order quantity|Contact email|Note from customer|Item|Variant|SKU|Qty|Quantity refunded|Price|"
    "Weight|Delivery method|Recipient name|Recipient phone|Delivery country|Delivery city|Delivery address|Delivery zip/postal code|"
    "Billing name|Billing phone|Billing country|Billing state|Billing city|Billing address|Billing zip/postal code|Payment status|"
    "Payment method|Coupon code|Shipping rate|Total tax|Total|Currency|Refunded amount|Net amount|Fulfillment status|Tracking number"
)
NUVEM = (
    "Número do Pedido|E-mail|Data|Status do Pedido|Status do Pagamento|Status do Envio|Moeda|Subtotal|Desconto|Valor do Frete|Total|"
    "Nome do comprador|CPF / CNPJ|Telefone|Nome para a entrega|Telefone para a entrega|Endereço|Número|Complemento|Bairro|Cidade|"
    "Código postal|Estado|País|Forma de Entrega|Forma de Pagamento|Cupom de Desconto|Data de pagamento|Nome do Produto|"
    "Valor do Produto|Quantidade Comprada|SKU|Canal|Identificador do pedido|Vendedor"
)


def bigcommerce() -> Export:
    """Orders with their items in one cell; customers."""
    e, w = Export("BigCommerce", known=False), World("bigcommerce", countries=("US",))
    rows = []
    states = {"Completed": DONE, "Shipped": DONE, "Cancelled": "cancelled", "Refunded": "refunded", "Awaiting Payment": "placed"}
    for o in w.orders(45):
        p, status = o.person, list(states)[0 if o.number % 5 else o.number // 5 % 5]
        items = " | ".join(
            f"Product ID: {w.goods.index(line.good) + 90}, Product Qty: {line.quantity}, Product SKU: {line.good.sku}, "
            f"Product Name: {line.good.name}, Product Weight: 1.0000, Product Variation Details: , "
            f"Product Unit Price: {line.good.price}, Product Total Price: {line.amount}" for line in o.lines
        )  # fmt: skip
        rows.append({
            "Order ID": str(101 + o.number), "Order Status": status, "Order Date": f"{o.at:%m/%d/%Y}", "Order Time": f"{o.at:%H:%M:%S}",
            "Subtotal (inc tax)": str(o.subtotal + o.tax), "Subtotal (ex tax)": str(o.subtotal), "Tax Total": str(o.tax),
            "Shipping Cost (inc tax)": str(o.shipping), "Shipping Cost (ex tax)": str(o.shipping), "Coupon Details": "",
            "Order Total (inc tax)": str(o.total), "Order Total (ex tax)": str(o.total - o.tax),
            "Refund Amount": str(o.total) if status == "Refunded" else "0.00", "Customer ID": str(20 + p.number), "Customer Name": p.name,
            "Customer Email": p.email, "Customer Phone": p.phone, "Ship Method": "Free", "Payment Method": "Card", "Total Quantity": "1",
            "Order Currency Code": "USD", "Exchange Rate": "1.0000000000", "Billing Name": p.name, "Billing First Name": p.given_name,
            "Billing Last Name": p.family_name, "Billing Street 1": p.street, "Billing Suburb": p.city, "Billing State": p.region_name,
            "Billing Zip": p.postcode, "Billing Country": p.country_name, "Billing Phone": p.phone, "Billing Email": p.email,
            "Shipping Name": "Uncle Gift", "Shipping Suburb": "Salem", "Product Details": items,
        })  # fmt: skip
        e.order(
            str(101 + o.number), p, o.lines, ordered_at={o.at, o.at.date()}, amount=o.total, currency="USD", status=states[status]
        )
        e.person(p, f"name email phone {ADDRESS}", str(20 + p.number))
    e.file("orders-2024-06-01.csv", list(rows[0]), rows)
    return e


def wix() -> Export:
    """Orders with a row for each item, and everything of the order repeated."""
    e, w = Export("Wix", known=False), World("wix", countries=("US",))
    rows = []
    for o in w.orders(45):
        p, refunded = o.person, o.number % 9 == 4
        for line in o.lines:
            rows.append({
                "Order number": str(10001 + o.number), "Date created": f"{o.at:%b} {o.at.day}, {o.at.year}", "Time": f"{o.at:%I:%M:%S %p}",
                "Total order quantity": str(sum(each.quantity for each in o.lines)), "Contact email": p.email, "Item": line.good.name,
                "SKU": line.good.sku, "Qty": str(line.quantity), "Quantity refunded": "0", "Price": str(line.good.price),
                "Delivery method": "Standard", "Recipient name": "Uncle Gift", "Recipient phone": "+15035550999", "Delivery city": "Salem",
                "Delivery country": "USA", "Billing name": p.name, "Billing phone": p.phone, "Billing country": p.country_name,
                "Billing state": p.region, "Billing city": p.city, "Billing address": p.street, "Billing zip/postal code": p.postcode,
                "Payment status": "Refunded" if refunded else "Paid", "Payment method": "Card", "Shipping rate": str(o.shipping),
                "Total tax": str(o.tax), "Total": str(o.total), "Currency": "USD", "Refunded amount": str(o.total if refunded else 0),
                "Net amount": str(0 if refunded else o.total), "Fulfillment status": "Fulfilled",
            })  # fmt: skip
        e.person(p, f"name email phone {ADDRESS}")
        e.order(str(10001 + o.number), p, o.lines, ordered_at={o.at, o.at.date()}, amount=o.total, currency="USD",
                status="refunded" if refunded else DONE)  # fmt: skip
    e.file("Orders.csv", WIX, rows)
    return e


def lightspeed() -> Export:
    """A journal of sales: each receipt has a row of the sale, rows of its lines and a row of its payment."""
    e, w = Export("Lightspeed X-Series", known=False), World("lightspeed")
    rows = []
    for o in w.orders(40):
        p, nobody = o.person, o.number % 6 == 5
        total = o.subtotal + o.tax
        base = {
            "Date": f"{o.at:%Y-%m-%d %H:%M:%S}", "Receipt Number": f"NM-{1000 + o.number}", "Customer Code": "" if nobody else f"C-{p.number:04d}",
            "Customer Name": "" if nobody else p.name, "Register": "Main Register", "User": "Rick Repp", "Status": "CLOSED",
        }  # fmt: skip
        quantity = sum(line.quantity for line in o.lines)
        rows.append({
            **base, "Line Type": "Sale", "Quantity": str(quantity), "Subtotal": str(o.subtotal), "Sales Tax": str(o.tax), "Discount": "0.00",
            "Total": str(total), "Paid": str(total), "Details": ", ".join(f"{line.quantity} X {line.good.name}" for line in o.lines),
        })  # fmt: skip
        for line in o.lines:
            rows.append({
                **base, "Line Type": "Sale Line", "Quantity": str(line.quantity), "Subtotal": str(line.amount), "Sales Tax": "0.00",
                "Discount": "0.00", "Total": str(line.amount), "Details": line.good.name, "Sku": line.good.sku, "AccountCodeSale": "200",
            })  # fmt: skip
        rows.append({**base, "Line Type": "Payment", "Paid": str(total), "Details": "Cash"})
        if not nobody:
            e.person(p, "name", f"C-{p.number:04d}")
        e.order(f"NM-{1000 + o.number}", None if nobody else p, o.lines, ordered_at=o.at, amount=total, status=DONE)
    e.file("vend-sales-history.csv", LIGHTSPEED, rows)
    return e


def gumroad() -> Export:
    """Sales, one thing each."""
    e, w = Export("Gumroad"), World("gumroad", countries=("US",))
    rows = []
    for o in w.orders(45):
        p, good, refunded = o.person, o.lines[0].good, o.number % 9 == 4
        rows.append({
            "Purchase ID": f"g{o.number:05d}==", "Item Name": good.name, "Buyer Name": p.name, "Purchase Email": p.email, "Buyer Email": p.email,
            "Do Not Contact?": "0", "Purchase Date": f"{o.at:%Y-%m-%d}", "Purchase Time (UTC timezone)": f"{o.at:%H:%M:%S} UTC",
            "Subtotal ($)": str(good.price), "Taxes ($)": str(o.tax), "Tax Type": "Sales Tax", "Shipping ($)": "0.0",
            "Sale Price ($)": str(good.price + o.tax), "Fees ($)": "1.25", "Net Total ($)": str(good.price - Decimal("1.25")),
            "Street Address": p.street, "City": p.city, "Zip Code": p.postcode, "State": p.region, "Country": p.country_name,
            "Referrer": "direct", "Refunded?": "1" if refunded else "0", "Partial Refund ($)": "0.0",
            "Fully Refunded?": "1" if refunded else "0", "Disputed?": "0", "Variants": "", "Quantity": "1", "Recurring Charge?": "0",
        })  # fmt: skip
        e.person(p, f"name email {ADDRESS}")
        e.product(good.name, good.name)
        e.order(f"g{o.number:05d}==", p, ordered_at={o.at, o.at.date()}, amount=good.price + o.tax,
                currency="USD", status="refunded" if refunded else {*DONE, None})  # fmt: skip
    e.file("sales_123.csv", list(rows[0]), rows)
    return e


def xero() -> Export:
    """Sales invoices with a row for each line and the total repeated; days come before months."""
    e, w = Export("Xero", known=False), World("xero", countries=("GB",))
    rows = []
    states = {"Paid": "paid", "Awaiting Payment": {"placed", "pending"}, "Voided": "cancelled", "Draft": "draft"}
    for o in w.orders(45):
        p, status = o.person, list(states)[0 if o.number % 5 else o.number // 5 % 4]
        total = o.subtotal + o.tax
        for place, line in enumerate(o.lines):
            rows.append({
                "ContactName": p.name, "EmailAddress": p.email, "POAddressLine1": p.street, "POCity": p.city, "PORegion": p.region_name,
                "POPostalCode": p.postcode, "POCountry": p.country_name, "InvoiceNumber": f"INV-{o.number + 1:04d}", "Reference": "",
                "InvoiceDate": f"{o.at:%d/%m/%Y}", "DueDate": f"{o.at + timedelta(days=14):%d/%m/%Y}", "Total": str(total),
                "TaxTotal": str(o.tax), "InvoiceAmountPaid": str(total if status == "Paid" else 0),
                "InvoiceAmountDue": str(0 if status == "Paid" else total), "InventoryItemCode": line.good.sku, "Description": line.good.name,
                "Quantity": f"{line.quantity}.0000", "UnitAmount": str(line.good.price), "Discount": "", "LineAmount": str(line.amount),
                "AccountCode": "200", "TaxType": "20% (VAT on Income)", "TaxAmount": str(o.tax if place == 0 else 0), "Currency": "GBP",
                "Type": "Sales invoice", "Sent": "Sent", "Status": status,
            })  # fmt: skip
        e.person(p, f"name email {ADDRESS}")
        e.order(
            f"INV-{o.number + 1:04d}", p, o.lines, ordered_at=o.at.date(), amount=total, currency="GBP", status=states[status]
        )
    e.file("SalesInvoices.csv", list(rows[0]), rows)
    return e


def sap() -> Export:
    """Customers, sales documents and items, under the names of SAP's columns."""
    e, w = Export("SAP", known=False), World("sap", countries=("DE",))
    rows = [{
        "MANDT": "100", "KUNNR": f"{100000 + p.number:010d}", "LAND1": p.country, "NAME1": p.name, "NAME2": "", "ORT01": p.city,
        "PSTLZ": p.postcode, "REGIO": p.region, "STRAS": p.street, "TELF1": p.phone, "SMTP_ADDR": p.email, "ERDAT": "20240105",
        "ERNAM": "RREPP",
    } for p in w.people]  # fmt: skip
    for p in w.people:
        e.person(p, f"name email phone {ADDRESS}", f"{100000 + p.number:010d}")
    e.file("KNA1.csv", list(rows[0]), rows, delimiter=";")
    heads, items = [], []
    for o in w.orders(40):
        number = f"{5000 + o.number:010d}"
        heads.append({
            "MANDT": "100", "VBELN": number, "ERDAT": f"{o.at:%Y%m%d}", "ERNAM": "RREPP", "AUART": "TA", "KUNNR": f"{100000 + o.person.number:010d}",
            "NETWR": str(o.subtotal), "WAERK": "EUR", "VKORG": "1000",
        })  # fmt: skip
        for place, line in enumerate(o.lines):
            items.append({
                "MANDT": "100", "VBELN": number, "POSNR": f"{(place + 1) * 10:06d}", "MATNR": line.good.sku, "ARKTX": line.good.name,
                "KWMENG": f"{line.quantity}.000", "VRKME": "ST", "NETPR": str(line.good.price), "NETWR": str(line.amount), "WAERK": "EUR",
            })  # fmt: skip
        e.order(number, o.person, o.lines, ordered_at=o.at.date(), amount=o.subtotal, currency="EUR")
    e.file("VBAK.csv", list(heads[0]), heads, delimiter=";")
    e.file("VBAP.csv", list(items[0]), items, delimiter=";")
    return e


def nuvemshop() -> Export:
    """Orders in Portuguese, with a row for each line, the order's own values only in the first."""
    e, w = Export("Nuvemshop PT", known=False), World("nuvemshop", countries=("US",))
    rows = []
    for o in w.orders(45):
        p, cancelled = o.person, o.number % 9 == 4
        first = {
            "E-mail": p.email, "Data": f"{o.at:%d/%m/%Y %H:%M:%S}", "Status do Pedido": "Cancelado" if cancelled else "Arquivado",
            "Status do Pagamento": "Cancelado" if cancelled else "Confirmado", "Status do Envio": "Enviado", "Moeda": "BRL",
            "Subtotal": str(o.subtotal), "Desconto": "0.00", "Valor do Frete": str(o.shipping), "Total": str(o.subtotal + o.shipping),
            "Nome do comprador": p.name, "CPF / CNPJ": f"111444{p.number:05d}", "Telefone": p.phone, "Nome para a entrega": "Uncle Gift",
            "Telefone para a entrega": "+15035550999", "Endereço": p.street.split(" ", 1)[1], "Número": p.street.split(" ", 1)[0],
            "Cidade": p.city, "Código postal": p.postcode, "Estado": p.region_name, "País": p.country_name, "Forma de Pagamento": "Pix",
            "Canal": "Loja", "Identificador do pedido": str(88000 + o.number), "Vendedor": "Rick Repp",
        }  # fmt: skip
        for place, line in enumerate(o.lines):
            rows.append({
                "Número do Pedido": str(500 + o.number), "Nome do Produto": line.good.name, "Valor do Produto": str(line.good.price),
                "Quantidade Comprada": str(line.quantity), "SKU": line.good.sku, **(first if place == 0 else {"E-mail": p.email}),
            })  # fmt: skip
        e.person(p, "name email phone city postcode region country", street=None)
        e.people[p.name].fields["street"] = {p.street, f"{p.street.split(' ', 1)[1]} {p.street.split(' ', 1)[0]}"}
        e.order({str(500 + o.number), str(88000 + o.number)}, p, o.lines, ordered_at=o.at, amount=o.subtotal + o.shipping, currency="BRL",
                status="cancelled" if cancelled else {*DONE, "Arquivado"})  # fmt: skip
    e.file("ventas.csv", NUVEM, rows, delimiter=";")
    return e


def chargebee() -> Export:
    """Customers and invoices under the dotted names of its exports."""
    e, w = Export("Chargebee", known=False), World("chargebee")
    rows = [{
        "customers.id": f"AzZ{p.number:06d}", "customers.first_name": p.given_name, "customers.last_name": p.family_name,
        "customers.email": p.email, "customers.phone": p.phone, "customers.company": "", "customers.auto_collection": "on",
        "customers.created_at": "2024-01-05 10:00:00", "customers.billing_address.line1": p.street,
        "customers.billing_address.city": p.city, "customers.billing_address.state": p.region_name,
        "customers.billing_address.zip": p.postcode, "customers.billing_address.country": p.country,
    } for p in w.people]  # fmt: skip
    for p in w.people:
        e.person(p, f"name given_name family_name email phone {ADDRESS}", f"AzZ{p.number:06d}")
    e.file("customers.csv", list(rows[0]), rows)
    rows = []
    for o in w.orders(40):
        status = "Voided" if o.number % 9 == 4 else "Payment Due" if o.number % 9 == 5 else "Paid"
        rows.append({
            "invoices.id": f"INV{o.number:05d}", "invoices.customer_id": f"AzZ{o.person.number:06d}", "invoices.status": status,
            "invoices.date": f"{o.at:%Y-%m-%d %H:%M:%S}", "invoices.total": str(o.total), "invoices.sub_total": str(o.subtotal),
            "invoices.tax": str(o.tax), "invoices.amount_paid": str(o.total), "invoices.amount_due": "0.00",
            "invoices.currency_code": "USD", "invoices.due_date": f"{o.at:%Y-%m-%d %H:%M:%S}",
        })  # fmt: skip
        e.order(f"INV{o.number:05d}", o.person, ordered_at=o.at, amount=o.total, currency="USD",
                status={"Voided": "cancelled", "Payment Due": "placed", "Paid": "paid"}[status])  # fmt: skip
    e.file("invoices.csv", list(rows[0]), rows)
    return e


def booking() -> Export:
    """Reservations of Booking.com: prices with their currency in the cell."""
    e, w = Export("Booking.com", known=False), World("booking")
    rows = []
    for o in w.orders(40):
        p, cancelled = o.person, o.number % 9 == 4
        rows.append({
            "Book Number": str(3900000000 + o.number), "Booked by": f"{p.family_name}, {p.given_name}", "Guest Name(s)": p.name,
            "Check-in": f"{o.at + timedelta(days=30):%Y-%m-%d}", "Check-out": f"{o.at + timedelta(days=32):%Y-%m-%d}",
            "Booked on": f"{o.at:%Y-%m-%d %H:%M:%S}", "Status": "cancelled_by_guest" if cancelled else "ok", "Rooms": "1", "Persons": "2",
            "Adults": "2", "Children": "", "Price": f"{o.total} EUR", "Commission %": "15.00",
            "Commission Amount": f"{o.total * Decimal('0.15'):.2f} EUR", "Payment status": "", "Remarks": "", "Booker country": p.country.lower(),
            "Device": "Mobile", "Unit type": "Double Room", "Duration (nights)": "2", "Cancellation date": "", "Address": "",
            "Phone number": p.phone,
        })  # fmt: skip
        e.person(p, "name phone country")
        e.order(
            str(3900000000 + o.number),
            p,
            ordered_at=o.at,
            amount=o.total,
            currency="EUR",
            status="cancelled" if cancelled else {*DONE, "ok"},
        )
    e.file("Check-in 2024-01-01 to 2024-06-01.csv", list(rows[0]), rows)
    return e


def ebay() -> Export:
    """The orders report: a row for each item; several items of an order follow a row of the order."""
    e, w = Export("eBay", known=False), World("ebay", countries=("US",))
    rows = []
    for o in w.orders(40):
        p, number = o.person, f"{10 + o.number:02d}-{11000 + o.number}-{22000 + o.number}"
        for place, line in enumerate(o.lines):
            rows.append({
                "Sales Record Number": str(900 + len(rows)), "Order Number": number, "Buyer Username": f"{p.given_name.lower()}{p.number}",
                "Buyer Name": p.name, "Buyer Email": p.email, "Buyer Note": "", "Buyer Address 1": p.street, "Buyer Address 2": "",
                "Buyer City": p.city, "Buyer State": p.region, "Buyer Zip": p.postcode, "Buyer Country": p.country_name,
                "Ship To Name": "Uncle Gift", "Ship To Phone": "+15035550999", "Ship To City": "Salem",
                "Item Number": str(1100220033 + w.goods.index(line.good)), "Item Title": line.good.name, "Custom Label": line.good.sku,
                "Quantity": str(line.quantity), "Sold For": f"${line.good.price}", "Shipping And Handling": "$0.00",
                "Total Price": f"${o.subtotal}", "Payment Method": "Other", "Sale Date": f"{o.at:%b-%d-%y}", "Paid On Date": f"{o.at:%b-%d-%y}",
                "Ship By Date": f"{o.at + timedelta(days=2):%b-%d-%y}", "Transaction ID": str(7700000 + o.number * 10 + place),
            })  # fmt: skip
        e.person(p, f"name email {ADDRESS}")
        e.order(number, p, o.lines, ordered_at=o.at.date(), amount=o.subtotal)
    e.file("eBay-OrdersReport-Jun-01-2024.csv", list(rows[0]), rows)
    return e
