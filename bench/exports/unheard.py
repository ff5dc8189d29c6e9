"""Exports written after the proposals had been mended for all others: shops, tills, farms, gyms, theatres, wholesale."""

# ruff: noqa: E501 - the rows of exports are long

from datetime import timedelta
from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import World
from bench.exports.truth import Export


def vinoteka() -> Export:
    """Croatian: one flat file, the sum of the order in its first row only."""
    e, w = Export("Vinoteka HR", known=False), World("vinoteka", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Isporučeno": DONE, "Otkazano": "cancelled", "Povrat": {"returned", "refunded"}})
        for place, line in enumerate(o.lines):
            first = place == 0
            rows.append({"o": o, "p": o.person, "line": line, "price": comma(line.good.price), "mail": o.person.email if first else "",
                         "name": o.person.name if first else "", "total": comma(o.total) if first else "", "word": word if first else "",
                         "at": f"{o.at:%d.%m.%Y. %H:%M}" if first else ""})  # fmt: skip
        e.order(f"HR-{o.number:04d}", o.person, o.lines, ordered_at=o.at, amount=o.total, currency="EUR", status=status)
        e.person(o.person, "name email")
    e.table("narudzbe.csv", {
        "Broj narudžbe": "HR-{o.number:04d}", "Datum": "{at}", "Kupac": "{name}", "E-mail": "{mail}", "Artikl": "{line.good.name}",
        "Šifra": "{line.good.sku}", "Količina": "{line.quantity}", "Cijena (EUR)": "{price}", "Ukupno (EUR)": "{total}", "Status": "{word}",
    }, rows, ";")  # fmt: skip
    return e


def gym() -> Export:
    """Memberships: members, and what each was charged; some failed."""
    e, w = Export("Gym", known=False), World("gym", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, OWN, f"M{p.number:04d}")
    for o in w.orders(40):
        word, status = state(o, {"Successful": DONE, "Failed": {"cancelled", "pending"}, "Refunded": "refunded"})
        rows.append({"o": o, "p": o.person, "word": word})
        e.order(f"CH{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.subtotal, currency={"GBP", None}, status=status)
    e.table("members.csv", {
        "Member No": "M{p.number:04d}", "Forename": "{p.given_name}", "Surname": "{p.family_name}", "Mobile": "{p.phone}", "Email": "{p.email}",
        "Address 1": "{p.street}", "Town": "{p.city}", "Post Code": "{p.postcode}", "Joined": "05/01/2024", "Membership": "Gold",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("charges.csv", {
        "Charge ref": "CH{o.number:05d}", "Member No": "M{p.number:04d}", "Charged on": "{o.at:%d/%m/%Y}", "What": "Monthly fee",
        "Charge £": "£{o.subtotal}", "Outcome": "{word}",
    }, rows)  # fmt: skip
    return e


def theatre() -> Export:
    """German box office: a row for each seat, who booked, a sum of the booking on each row."""
    e, w = Export("Theater DE", known=False), World("theatre", countries=("DE",))
    rows = []
    for o in w.orders(40):
        off, line = o.number % 9 == 4, o.lines[0]
        rows += [{"o": o, "p": o.person, "good": line.good, "price": comma(line.good.price), "total": comma(line.amount),
                  "seat": f"Reihe {n + 1}", "word": "storniert" if off else "bezahlt"} for n in range(line.quantity)]  # fmt: skip
        e.order(f"V{o.number:05d}", o.person, ordered_at={o.at, o.at.date()}, amount=line.amount, currency={"EUR", None},
                status="cancelled" if off else DONE)  # fmt: skip
        e.person(o.person, "given_name family_name email phone")
        e.product(line.good.name, line.good.name)
    e.table("Karten.csv", {
        "Vorgangsnummer": "V{o.number:05d}", "Gebucht am": "{o.at:%d.%m.%Y %H:%M}", "Veranstaltung": "{good.name}", "Platz": "{seat}",
        "Vorname": "{p.given_name}", "Nachname": "{p.family_name}", "E-Mail": "{p.email}", "Telefon": "{p.phone}", "Kartenpreis": "{price} €",
        "Gesamtpreis": "{total} €", "Status": "{word}", "Kasse": "Rick Repp",
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def wholesale() -> Export:
    """An ERP: headers in capitals, dates without separators, two currencies, lines apart."""
    e, w = Export("ERP", known=False), World("wholesale", countries=("GB",))
    heads, items = [], []
    for p in w.people:
        e.person(p, OWN, f"C{p.number:05d}")
    for o in w.orders(40):
        currency = "USD" if o.number % 5 == 2 else "GBP"
        heads.append({"o": o, "p": o.person, "currency": currency, "state": "X" if o.number % 9 == 4 else ""})
        items += [{"o": o, "line": line, "n": n + 1} for n, line in enumerate(o.lines)]
        e.order(f"SO{o.number:06d}", o.person, o.lines, ordered_at=o.at.date(), amount=o.subtotal, currency=currency)
        for line in o.lines:
            e.product(line.good.sku, line.good.name)
    e.table("CUSTMAST.csv", {
        "CUSTNO": "C{p.number:05d}", "CUSTNAME": "{p.name}", "ADDR1": "{p.street}", "CITY": "{p.city}", "ZIPCODE": "{p.postcode}",
        "PHONE": "{p.phone}", "EMAILADDR": "{p.email}", "SLSREP": "RREPP",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("SOHEAD.csv", {
        "SONO": "SO{o.number:06d}", "CUSTNO": "C{p.number:05d}", "ORDDATE": "{o.at:%Y%m%d}", "CURR": "{currency}", "ORDTOTAL": "{o.subtotal}",
        "SLSREP": "RREPP",
    }, heads)  # fmt: skip
    e.table("SOLINE.csv", {
        "SONO": "SO{o.number:06d}", "LINENO": "{n}", "ITEMNO": "{line.good.sku}", "ITEMDESC": "{line.good.name}", "QTYORD": "{line.quantity}",
        "UNITPRICE": "{line.good.price}", "EXTPRICE": "{line.amount}",
    }, items)  # fmt: skip
    return e


def crate() -> Export:
    """A Spanish shop: orders, and the refunds of some in a file of their own."""
    e, w = Export("Cesta ES", known=False), World("crate", countries=("DE",))
    rows, back = [], []
    for o in w.orders(40):
        word, status = state(o, {"Entregado": DONE, "Anulado": "cancelled", "Pendiente de pago": "placed"})
        rows.append({"o": o, "p": o.person, "word": word, "total": comma(o.total, ".")})
        e.order(f"P{o.number:05d}", o.person, ordered_at=o.at, amount=o.total, currency="EUR", status=status)
        if o.number % 10 == 3:
            back.append({"o": o, "at": o.at + timedelta(days=5), "total": comma(o.lines[0].good.price)})
            e.order(f"D{o.number:05d}", o.person, amount=-o.lines[0].good.price, status={"refunded", "returned"})
        e.person(o.person, OWN)
    e.table("pedidos.csv", {
        "Nº pedido": "P{o.number:05d}", "Fecha": "{o.at:%d/%m/%Y %H:%M}", "Cliente": "{p.name}", "Correo electrónico": "{p.email}",
        "Teléfono": "{p.phone}", "Dirección": "{p.street}", "C.P.": "{p.postcode}", "Población": "{p.city}", "Importe total": "{total} €",
        "Estado": "{word}", "Comercial": "Rick Repp",
    }, rows, ";")  # fmt: skip
    e.table("devoluciones.csv", {
        "Nº devolución": "D{o.number:05d}", "Nº pedido": "P{o.number:05d}", "Fecha": "{at:%d/%m/%Y %H:%M}", "Importe": "{total} €", "Motivo": "Roto",
    }, back, ";")  # fmt: skip
    return e


def bistro() -> Export:
    """A French till: lines, with the ticket's payments in a file beside."""
    e, w = Export("Caisse FR", known=False), World("bistro", countries=("DE",))
    rows, paid = [], []
    for o in w.orders(40):
        rows += [
            {"o": o, "p": o.person, "line": line, "price": comma(line.good.price), "sum": comma(line.amount)} for line in o.lines
        ]
        paid.append({"o": o, "p": o.person, "sum": comma(o.subtotal)})
        e.order(f"T-{o.number:05d}", o.person, o.lines, ordered_at={o.at, o.at.date()}, amount=o.subtotal, currency={"EUR", None})
        e.person(o.person, "name email")
    e.table("ventes.csv", {
        "N° ticket": "T-{o.number:05d}", "Date": "{o.at:%d/%m/%Y}", "Heure": "{o.at:%H:%M}", "Client": "{p.name}", "E-mail client": "{p.email}",
        "Désignation": "{line.good.name}", "Qté": "{line.quantity}", "P.U. TTC": "{price}", "Total TTC": "{sum}", "Vendeur": "Rick Repp",
    }, rows, ";", "cp1252")  # fmt: skip
    e.table("reglements.csv", {
        "N° ticket": "T-{o.number:05d}", "Date": "{o.at:%d/%m/%Y}", "Mode": "CB", "Montant": "{sum}", "Client": "{p.name}",
    }, paid, ";", "cp1252")  # fmt: skip
    return e


def loja() -> Export:
    """Portuguese: customers with their tax number, orders that name it, money with R$."""
    e, w = Export("Loja PT", known=False), World("loja", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "name email phone city")
    for o in w.orders(40):
        word, status = state(o, {"Entregue": DONE, "Cancelado": "cancelled", "Aguardando pagamento": "placed"})
        rows.append({"o": o, "p": o.person, "word": word, "total": comma(o.total, ".")})
        e.order(str(60000 + o.number), o.person, ordered_at=o.at, amount=o.total, currency="BRL", status=status)
    e.table("clientes.csv", {
        "Código": "{p.number:d}", "Nome completo": "{p.name}", "E-mail": "{p.email}", "Celular": "{p.phone}", "Cidade": "{p.city}",
        "CPF": "111444{p.number:05d}",
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    e.table("vendas.csv", {
        "Nº da venda": "60{o.number:03d}", "Data da venda": "{o.at:%d/%m/%Y %H:%M}", "Cód. cliente": "{p.number:d}", "Valor total": "R$ {total}",
        "Situação": "{word}", "Forma de pagamento": "Pix",
    }, rows, ";")  # fmt: skip
    return e


def kirana() -> Export:
    """Indian bills: groups of lakhs, rupees in the cell, GST apart."""
    e, w = Export("Bills IN", known=False), World("kirana", countries=("GB",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"PAID": "paid", "CREDIT": {"placed", "pending", None, "CREDIT"}, "CANCELLED": "cancelled"})
        rows.append(
            {
                "o": o,
                "p": o.person,
                "word": word,
                "net": o.total - o.tax,
                "total": f"₹1,00,{int(o.number):03d}.00" if o.number % 8 == 3 else f"₹{o.total}",
            }
        )
        e.order(
            f"B/{o.number:04d}",
            o.person,
            ordered_at=o.at.date(),
            amount=Decimal(100000 + o.number) if o.number % 8 == 3 else o.total,
            currency="INR",
            status=status,
        )
        e.person(o.person, "name phone")
    e.table("bills.csv", {
        "Bill No": "B/{o.number:04d}", "Bill Date": "{o.at:%d-%b-%y}", "Party Name": "{p.name}", "Mobile": "{p.phone}", "Taxable Value": "{net}",
        "GST": "{o.tax}", "Bill Amount": "{total}", "Status": "{word}", "GSTIN": "",
    }, rows)  # fmt: skip
    return e
