"""Exports of those who take payments, of markets of the far east, and of ledgers kept at home."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def razorpay() -> Export:
    """Razorpay: payments with an e-mail and a phone called `contact`; a part was given back."""
    e, w = Export("Razorpay", known=False), World("razorpay", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p, word = w.people[number % 30], ("captured", "failed", "captured", "refunded")[number % 4]
        rows.append(
            {
                "p": p,
                "at": at,
                "n": f"pay_{number:06d}x",
                "word": word,
                "sum": f"{500 + number}.00",
                "back": f"{500 + number}.00" if word == "refunded" else "0.00",
            }
        )
        status = {"captured": DONE | {"captured"}, "failed": {"failed", "cancelled", "draft", None}, "refunded": "refunded"}[word]
        e.order(
            {f"pay_{number:06d}x", f"order_pay_{number:06d}x"},
            p,
            amount=Decimal(500 + number),
            currency="INR",
            ordered_at=at,
            status=status,
        )
        e.person(p, "email phone")
    e.table("payments.csv", {
        "id": "{n}", "amount": "{sum}", "currency": "INR", "status": "{word}", "order_id": "order_{n}", "invoice_id": "", "international": "0", "method": "upi", "amount_refunded": "{back}", "amount_transferred": "0.00", "refund_status": "", "captured": "1", "description": "Purchase of {n}", "card_id": "", "card": "", "bank": "", "wallet": "", "vpa": "", "email": "{p.email}", "contact": "{p.phone}", "notes": "[]", "fee": "10.00", "tax": "1.50", "error_code": "", "created_at": "{at:%d/%m/%Y %H:%M:%S}",
    }, rows)  # fmt: skip
    return e


def mollie() -> Export:
    """Mollie: payments of consumers who are known by a name only."""
    e, w = Export("Mollie", known=False), World("mollie", countries=("DE",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p, word = w.people[number % 30], ("Paid", "Expired", "Paid", "Canceled")[number % 4]
        rows.append({"p": p, "at": at, "n": f"tr_{number:06d}", "word": word, "sum": f"{30 + number}.50"})
        status = {"Paid": DONE, "Expired": {"expired", "cancelled", "draft", None}, "Canceled": "cancelled"}[word]
        e.order(f"tr_{number:06d}", p, amount=Decimal(f"{30 + number}.50"), currency="EUR", ordered_at=at, status=status)
        e.person(p, "name")
    e.table("payments.csv", {
        "Date": "{at:%Y-%m-%d %H:%M:%S}", "Payment method": "iDEAL", "Currency": "EUR", "Amount": "{sum}", "Status": "{word}", "ID": "{n}", "Description": "Order {n}", "Consumer name": "{p.name}", "Consumer bank account": "", "Consumer BIC": "", "Settlement currency": "EUR", "Settlement amount": "{sum}", "Settlement reference": "12.2401.01", "Amount refunded": "0.00",
    }, rows, ";")  # fmt: skip
    return e


def mercado_pago() -> Export:
    """Mercado Pago: a header in Spanish and, in brackets, its name in the API."""
    e, w = Export("Mercado Pago ES", known=False), World("pago", countries=("US",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p, word = w.people[number % 30], ("approved", "cancelled", "approved", "refunded")[number % 4]
        rows.append({"p": p, "at": at, "n": 7000000 + number, "word": word, "sum": comma(Decimal(1000 + number))})
        e.order(str(7000000 + number), p, amount=Decimal(1000 + number), ordered_at=at, status={"approved": DONE}.get(word, word))
        e.person(p, "name email")
    e.table("actividades.csv", {
        "Fecha de compra (date_created)": "{at:%d/%m/%Y %H:%M:%S}", "Fecha de acreditación (date_approved)": "", "Fecha de liberación del dinero (date_released)": "", "Nombre de la contraparte (counterpart_name)": "{p.name}", "E-mail de la contraparte (counterpart_email)": "{p.email}", "Teléfono de la contraparte (counterpart_phone_number)": "", "Descripción de la operación (reason)": "Venta", "Código de referencia (external_reference)": "",
        "Número de operación de Mercado Pago (operation_id)": "{n}", "Estado de la operación (status)": "{word}", "Tipo de operación (operation_type)": "regular_payment", "Valor del producto (transaction_amount)": "{sum}", "Tarifa de Mercado Pago (mercadopago_fee)": "-1,00", "Monto recibido (net_received_amount)": "{sum}", "Medio de pago (payment_type)": "ticket",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def getresponse() -> Export:
    """GetResponse: contacts with custom fields, and no header that says more than it must."""
    e, w = Export("GetResponse", known=False), World("getresponse", countries=("US",))
    for p in w.people:
        e.person(p, "name email phone city birth_date")
    e.table("contacts.csv", {
        "name": "{p.name}", "email": "{p.email}", "date added": "2024-01-05 10:00:00", "origin": "www", "ip": "192.0.2.1", "score": "", "custom: phone": "{p.phone}", "custom: city": "{p.city}", "custom: birthdate": "{p.birth_date}", "custom: ref": "", "tags": "",
    }, [{"p": p} for p in w.people])  # fmt: skip
    return e


def shopee() -> Export:
    """Shopee: a row for each item; the buyer is a user name, the receiver has the address."""
    e, w = Export("Shopee", known=False), World("shopee", countries=("US",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Completed": DONE, "Cancelled": "cancelled"})
        e.order(f"2401{o.number:05d}ABC", o.person, o.lines, ordered_at=o.at, amount=o.total, status=status)
        e.person(o.person, "name phone street city postcode", email={None})
        rows += [
            {
                "o": o,
                "p": o.person,
                "line": line,
                "word": word,
                "id": f"2401{o.number:05d}ABC",
                "user": o.person.email.split("@")[0].replace(".", ""),
            }
            for line in o.lines
        ]
    e.table("Order.all.csv", {
        "Order ID": "{id}", "Order Status": "{word}", "Cancel reason": "", "Return / Refund Status": "", "Tracking Number*": "TRK{o.number:07d}", "Shipping Option": "Standard", "Estimated Ship Out Date": "", "Ship Time": "", "Order Creation Date": "{o.at:%Y-%m-%d %H:%M}", "Order Paid Time": "", "Parent SKU Reference No.": "", "Product Name": "{line.good.name}", "SKU Reference No.": "{line.good.sku}", "Variation Name": "",
        "Original Price": "{line.good.price}", "Deal Price": "{line.good.price}", "Quantity": "{line.quantity}", "Product Subtotal": "{line.amount}", "Seller Rebate": "0.00", "Seller Voucher": "0.00", "Buyer Paid Shipping Fee": "{o.shipping}", "Grand Total": "{o.total}", "Username (Buyer)": "{user}", "Receiver Name": "{p.name}", "Phone Number": "{p.phone}", "Delivery Address": "{p.street}", "City": "{p.city}", "Zip Code": "{p.postcode}", "Remark from buyer": "", "Note": "",
    }, rows)  # fmt: skip
    return e


def cafe24() -> Export:
    """Cafe24, Korean: who ordered and who receives, each with two phones."""
    e, w = Export("Cafe24 KO", known=False), World("cafe", countries=("US",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"배송완료": DONE, "주문취소": "cancelled"})
        e.order(f"20240{o.number:05d}", o.person, o.lines, ordered_at=o.at, status=status)
        e.person(o.person, "email phone", name={o.person.name, f"{o.person.family_name} {o.person.given_name}"})
        rows += [{"o": o, "p": o.person, "line": line, "word": word, "id": f"20240{o.number:05d}"} for line in o.lines]
    e.table("주문리스트.csv", {
        "주문번호": "{id}", "주문일시": "{o.at:%Y-%m-%d %H:%M:%S}", "주문상태": "{word}", "주문자명": "{p.family_name} {p.given_name}", "주문자 휴대전화": "{p.phone}", "주문자 이메일": "{p.email}", "수령인": "Uncle Gift", "수령인 휴대전화": "+12025550000", "수령인 우편번호": "99999", "수령인 주소": "Nowhere 1", "상품코드": "{line.good.sku}", "주문상품명": "{line.good.name}", "수량": "{line.quantity}", "판매가": "{line.good.price}", "상품구매금액": "{line.amount}", "결제수단": "카드", "배송메시지": "",
    }, rows, ",", "utf-8-sig")  # fmt: skip
    return e


def ledger_japanese() -> Export:
    """A Japanese shop's own books: customers, and slips of sale with their lines."""
    e, w = Export("台帳 JA", known=False), World("ledger-ja", countries=("US",))
    rows = []
    for p in w.people:
        e.person(
            p,
            "email phone postcode birth_date",
            f"C{p.number:04d}",
            name={p.name, f"{p.family_name} {p.given_name}"},
            street={p.street, f"{p.city} {p.street}"},
        )
    for o in w.orders(40):
        yen = {line.good.sku: int(line.good.price * 100) for line in o.lines}
        e.order(
            f"{70000 + o.number}",
            o.person,
            ordered_at=o.at.date(),
            amount=Decimal(sum(yen[line.good.sku] * line.quantity for line in o.lines)),
        )
        rows += [
            {
                "o": o,
                "p": o.person,
                "line": line,
                "id": 70000 + o.number,
                "ep": yen[line.good.sku],
                "gp": yen[line.good.sku] * line.quantity,
            }
            for line in o.lines
        ]
    for good in w.goods:
        e.product(good.sku, good.name)
    e.table("顧客台帳.csv", {
        "顧客No": "C{p.number:04d}", "氏名": "{p.family_name} {p.given_name}", "フリガナ": "", "生年月日": "{p.birth:%Y/%m/%d}", "〒": "{p.postcode}", "ご住所": "{p.street}", "TEL": "", "携帯": "{p.phone}", "メール": "{p.email}", "担当": OWNER, "備考": "",
    }, [{"p": p} for p in w.people], ",", "cp932")  # fmt: skip
    e.table("売上明細.csv", {
        "伝票No": "{id}", "売上日": "{o.at:%Y/%m/%d}", "顧客No": "C{p.number:04d}", "品番": "{line.good.sku}", "品名": "{line.good.name}", "数量": "{line.quantity}", "単価": "{ep}", "金額": "{gp}", "担当": OWNER,
    }, rows, ",", "cp932")  # fmt: skip
    return e


def music_school() -> Export:
    """A Spanish music school: pupils with a tutor who is somebody else, and receipts of which some came back."""
    e, w = Export("Escuela ES", known=False), World("escuela", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone street city postcode birth_date", f"{p.number + 1}")
    for o in w.orders(40):
        word, status = state(o, {"Pagado": DONE, "Anulado": "cancelled"})
        rows.append({"o": o, "p": o.person, "c": o.person.number + 1, "word": word, "sum": comma(o.total)})
        e.order(f"{2024000 + o.number}", o.person, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("alumnos.csv", {
        "Nº alumno": "{n}", "Nombre": "{p.given_name}", "Apellidos": "{p.family_name}", "F. nac.": "{p.birth:%d/%m/%Y}", "Tutor": "Ana {p.family_name}", "Tel. tutor": "+4930999{n:04d}", "Email tutor": "tutor{n}@padres.example", "Móvil": "{p.phone}", "Email": "{p.email}", "Domicilio": "{p.street}", "C.P.": "{p.postcode}", "Localidad": "{p.city}", "Profesor": OWNER, "Instrumento": "Piano",
    }, [{"p": p, "n": p.number + 1} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("recibos.csv", {
        "Nº recibo": "{n}", "F. emisión": "{o.at:%d/%m/%Y}", "Nº alumno": "{c}", "Concepto": "Clases", "Importe": "{sum}", "Estado": "{word}",
    }, [row | {"n": 2024000 + row["o"].number} for row in rows], ";", "cp1252")  # fmt: skip
    return e


def midrange() -> Export:
    """Files of an old machine: six letters for a name, dates without a mark."""
    e, w = Export("Midrange", known=False), World("midrange", countries=("US",))
    heads, items = [], []
    for p in w.people:
        e.person(p, f"name region {OWN}", f"{100100 + p.number}")
    for o in w.orders(40):
        heads.append({"o": o, "p": o.person, "c": 100100 + o.person.number, "n": 500000 + o.number})
        items += [{"o": o, "line": line, "n": 500000 + o.number, "l": k + 1} for k, line in enumerate(o.lines)]
        e.order(str(500000 + o.number), o.person, o.lines, ordered_at=o.at.date(), amount=o.total)
    e.table("CUSMAS.csv", {
        "CUSNO": "{c}", "CUSNAM": "{p.name}", "CUSAD1": "{p.street}", "CUSAD2": "", "CUSCTY": "{p.city}", "CUSST": "{p.region}", "CUSZIP": "{p.postcode}", "CUSTEL": "{p.phone}", "CUSEML": "{p.email}", "SLSREP": "RR", "CRDLMT": "5000.00", "CUSSTS": "A",
    }, [{"p": p, "c": 100100 + p.number} for p in w.people])  # fmt: skip
    e.table("ORDHDR.csv", {
        "ORDNO": "{n}", "CUSNO": "{c}", "ORDDAT": "{o.at:%Y%m%d}", "ORDSTS": "C", "ORDAMT": "{o.total}", "SLSREP": "RR",
    }, heads)  # fmt: skip
    e.table("ORDDTL.csv", {
        "ORDNO": "{n}", "LINNO": "{l}", "ITMNO": "{line.good.sku}", "ITMDSC": "{line.good.name}", "QTYORD": "{line.quantity}", "UNTPRC": "{line.good.price}", "EXTAMT": "{line.amount}",
    }, items)  # fmt: skip
    return e


def kayako() -> Export:
    """Kayako: conversations, the requester by name and e-mail in two columns far apart."""
    e, w = Export("Kayako", known=False), World("kayako", countries=("GB",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        rows.append({"p": p, "at": at, "n": 910 + number, "subject": w.subject(number), "state": ("OPEN", "CLOSED")[number % 2]})
        e.ticket(str(910 + number), p, subject=w.subject(number), opened_at=at, priority="NORMAL")
        e.person(p, "name email")
    e.table("conversations.csv", {
        "Conversation ID": "{n}", "Subject": "{subject}", "Status": "{state}", "Priority": "NORMAL", "Type": "QUESTION", "Requester Name": "{p.name}", "Assigned Agent": OWNER, "Assigned Team": "Support", "Organization": "", "Requester Email": "{p.email}", "Channel": "MAIL", "Created At": "{at:%d %b %Y %H:%M}", "Updated At": "05 Jan 2025 10:00", "Last Replier": OWNER, "Tags": "",
    }, rows)  # fmt: skip
    return e
