"""Exports of shops and marketplaces in other languages, none of which fullcircle has a profile of."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.made_up import Order, Person, World
from bench.exports.truth import Export

DONE = {"paid", "shipped", "placed"}  # a sale that became one
OWN = "name email phone street city postcode"


def comma(amount: Decimal, group: str = "") -> str:
    """An amount with a decimal comma, and with a group of thousands."""
    return f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", group)


def state(order: Order, words: dict[str, object]) -> tuple[str, object]:
    """A word for the status, mostly the first, and what it means."""
    word = list(words)[0 if order.number % 4 else order.number // 4 % len(words)]
    return word, words[word]


def shoptet() -> Export:
    """Czech: a row for each item, postage among them, in the encoding of Windows."""
    e, w = Export("Shoptet CZ", known=False), World("shoptet", countries=("DE",))
    rows = []
    for o in w.orders(40):
        p, (word, status) = o.person, state(o, {"Vyřízena": DONE, "Stornována": "cancelled", "Nevyřízena": {"placed", "pending"}})
        for line in o.lines:
            rows.append({"o": o, "p": p, "word": word, "n": line.quantity, "good": line.good, "price": comma(line.good.price),
                         "sum": comma(line.amount), "total": comma(o.subtotal)})  # fmt: skip
        e.order(f"2024{o.number:06d}", p, o.lines, ordered_at=o.at, amount=o.subtotal, currency="CZK", status=status)
        e.person(p, OWN)
    e.table("objednavky.csv", {
        "code": "2024{o.number:06d}", "date": "{o.at:%Y-%m-%d %H:%M:%S}", "statusName": "{word}", "currency": "CZK", "exchangeRate": "1",
        "email": "{p.email}", "phone": "{p.phone}", "billFullName": "{p.name}", "billCompany": "", "billStreet": "{p.street}",
        "billCity": "{p.city}", "billZip": "{p.postcode}", "billCountryName": "Německo", "deliveryFullName": "Uncle Gift",
        "deliveryCity": "Salem", "totalPriceWithVat": "{total}", "itemName": "{good.name}", "itemAmount": "{n}", "itemCode": "{good.sku}",
        "itemUnitPriceWithVat": "{price}", "itemTotalPriceWithVat": "{sum}",
    }, rows, ";", "cp1250")  # fmt: skip
    return e


def allegro() -> Export:
    """Polish: orders and their items in two files."""
    e, w = Export("Allegro PL", known=False), World("allegro", countries=("DE",))
    heads, items = [], []
    for o in w.orders(40):
        p, (word, status) = (
            o.person,
            state(
                o, {"Wysłane": DONE, "Anulowane": "cancelled", "Nowe": {"placed", "pending"}, "Zwrot": {"returned", "refunded"}}
            ),
        )
        heads.append({"o": o, "p": p, "word": word, "total": comma(o.total, " ")})
        items += [
            {"o": o, "good": line.good, "n": line.quantity, "price": comma(line.good.price), "sum": comma(line.amount)}
            for line in o.lines
        ]
        e.order(f"ZAM/{o.number:04d}", p, o.lines, ordered_at=o.at, amount=o.total, currency="PLN", status=status)
        e.person(p, OWN)
    e.table("zamowienia.csv", {
        "Numer zamówienia": "ZAM/{o.number:04d}", "Data zamówienia": "{o.at:%d.%m.%Y %H:%M}", "Status": "{word}", "Kupujący": "{p.name}",
        "E-mail": "{p.email}", "Telefon": "{p.phone}", "Ulica i numer": "{p.street}", "Kod pocztowy": "{p.postcode}", "Miasto": "{p.city}",
        "Odbiorca": "Uncle Gift", "Sposób dostawy": "Paczkomat", "Kwota do zapłaty": "{total}", "Waluta": "PLN", "Sprzedawca": "Rick Repp",
    }, heads, ";")  # fmt: skip
    e.table("pozycje.csv", {
        "Numer zamówienia": "ZAM/{o.number:04d}", "SKU": "{good.sku}", "Nazwa produktu": "{good.name}", "Ilość": "{n}", "Cena": "{price}",
        "Wartość": "{sum}",
    }, items, ";")  # fmt: skip
    return e


def rakuten() -> Export:
    """Japanese: a row for each item, family and given name apart, no cents."""
    e, w = Export("Rakuten JP", known=False), World("rakuten", countries=("US",))
    rows = []
    for o in w.orders(40):
        p, (word, status) = o.person, state(o, {"発送済": DONE, "キャンセル": "cancelled", "注文確認待ち": {"placed", "pending"}})
        total = sum(int(line.amount) for line in o.lines)
        rows += [{"o": o, "p": p, "word": word, "good": line.good, "n": line.quantity, "price": int(line.amount) // line.quantity,
                  "total": total} for line in o.lines]  # fmt: skip
        total = Decimal(sum(int(line.amount) // line.quantity * line.quantity for line in o.lines))
        for row in rows[-len(o.lines) :]:
            row["total"] = total
        e.order(f"338123-2024-{o.number:07d}", p, ordered_at=o.at, amount=total, currency={"JPY", None}, status=status)
        e.person(p, "given_name family_name email phone city postcode", street=None)
        e.people[p.name].fields["street"] = {p.street, None}
        for line in o.lines:
            e.product(line.good.sku, line.good.name)
    e.table("受注データ.csv", {
        "注文番号": "338123-2024-{o.number:07d}", "ステータス": "{word}", "注文日時": "{o.at:%Y/%m/%d %H:%M:%S}", "注文者姓": "{p.family_name}",
        "注文者名": "{p.given_name}", "注文者メールアドレス": "{p.email}", "注文者電話番号": "{p.phone}", "注文者郵便番号": "{p.postcode}",
        "注文者住所都市区": "{p.city}", "注文者住所町以降": "{p.street}", "送付先姓": "Gift", "送付先名": "Uncle", "商品番号": "{good.sku}",
        "商品名": "{good.name}", "個数": "{n}", "単価": "{price}", "合計金額": "{total}",
    }, rows, ",", "cp932")  # fmt: skip
    return e


def trendyol() -> Export:
    """Turkish: a row for each item."""
    e, w = Export("Trendyol TR", known=False), World("trendyol", countries=("DE",))
    rows = []
    for o in w.orders(40):
        p, (word, status) = (
            o.person,
            state(o, {"Teslim Edildi": DONE, "İptal Edildi": "cancelled", "İade Edildi": {"returned", "refunded"}}),
        )
        rows += [{"o": o, "p": p, "word": word, "good": line.good, "n": line.quantity, "price": comma(line.good.price, "."),
                  "sum": comma(line.amount, ".")} for line in o.lines]  # fmt: skip
        e.order(str(910000 + o.number), p, o.lines, ordered_at=o.at, amount=o.subtotal, currency={"TRY", None}, status=status)
        e.person(p, "name email phone city")
    e.table("siparisler.csv", {
        "Sipariş Numarası": "91{o.number:04d}", "Sipariş Tarihi": "{o.at:%d.%m.%Y %H:%M}", "Sipariş Statüsü": "{word}", "Alıcı": "{p.name}",
        "E-Posta": "{p.email}", "Telefon": "{p.phone}", "İl": "{p.city}", "Barkod": "{good.sku}", "Ürün Adı": "{good.name}", "Adet": "{n}",
        "Birim Fiyatı": "{price}", "Satış Tutarı": "{sum}", "Kargo Firması": "Aras", "Fatura": "Kesildi",
    }, rows, ";")  # fmt: skip
    return e


def unas() -> Export:
    """Hungarian: a row for each item, amounts with their currency in the cell."""
    e, w = Export("UNAS HU", known=False), World("unas", countries=("DE",))
    rows = []
    for o in w.orders(40):
        p, (word, status) = o.person, state(o, {"Teljesítve": DONE, "Törölve": "cancelled", "Függőben": {"placed", "pending"}})
        rows += [{"o": o, "p": p, "word": word, "good": line.good, "n": line.quantity, "price": comma(line.good.price, " "),
                  "total": comma(o.total, " ")} for line in o.lines]  # fmt: skip
        e.order(f"U-{o.number:05d}", p, o.lines, ordered_at=o.at, amount=o.total, currency="HUF", status=status)
        e.person(p, OWN)
    e.table("rendelesek.csv", {
        "Rendelésszám": "U-{o.number:05d}", "Dátum": "{o.at:%Y.%m.%d. %H:%M}", "Állapot": "{word}", "Vevő neve": "{p.family_name} {p.given_name}",
        "E-mail cím": "{p.email}", "Telefonszám": "{p.phone}", "Irányítószám": "{p.postcode}", "Város": "{p.city}", "Cím": "{p.street}",
        "Cikkszám": "{good.sku}", "Terméknév": "{good.name}", "Mennyiség": "{n}", "Egységár": "{price} Ft", "Végösszeg": "{total} Ft",
    }, rows, ";")  # fmt: skip
    return e


def prestashop() -> Export:
    """French: customers, and orders that name their customer by number."""
    e, w = Export("PrestaShop FR", known=False), World("prestashop", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "name given_name family_name email", str(p.number))
    for o in w.orders(40):
        word, status = state(
            o,
            {
                "Paiement accepté": DONE,
                "Annulé": "cancelled",
                "Remboursé": "refunded",
                "En attente de paiement par chèque": {"pending", "placed"},
            },
        )
        rows.append({"o": o, "p": o.person, "word": word, "total": comma(o.total, "\u202f")})
        e.order(
            {str(300 + o.number), f"XKB{o.number:06d}"}, o.person, ordered_at=o.at, amount=o.total, currency="EUR", status=status
        )
    e.table("clients.csv", {
        "ID client": "{p.number:d}", "Titre": "M.", "Prénom": "{p.given_name}", "Nom": "{p.family_name}", "Adresse e-mail": "{p.email}",
        "Activé": "Oui", "Inscription": "2024-01-05 10:00:00",
    }, [{"p": p} for p in w.people], ";")  # fmt: skip
    e.table("commandes.csv", {
        "ID commande": "3{o.number:02d}", "Référence": "XKB{o.number:06d}", "ID client": "{p.number:d}", "Total TTC": "{total} €",
        "Mode de paiement": "Carte", "État": "{word}", "Date d'ajout": "{o.at:%d/%m/%Y %H:%M:%S}",
    }, rows, ";")  # fmt: skip
    return e


def insales() -> Export:
    """Russian: the items as a list in a cell."""
    e, w = Export("InSales RU", known=False), World("insales", countries=("DE",))
    rows = []
    for o in w.orders(40):
        p, (word, status) = o.person, state(o, {"Доставлен": DONE, "Отменен": "cancelled", "Возврат": {"returned", "refunded"}})
        items = "; ".join(f"{line.good.name} x {line.quantity}" for line in o.lines)
        rows.append({"o": o, "p": p, "word": word, "items": items, "total": comma(o.total, "\u00a0")})
        e.order(str(7000 + o.number), p, ordered_at=o.at, amount=o.total, currency="RUB", status=status)
        e.person(p, "name email phone city")
        for line in o.lines:
            e.product(line.good.sku, line.good.name)
    e.table("заказы.csv", {
        "Номер заказа": "7{o.number:03d}", "Дата создания": "{o.at:%d.%m.%Y %H:%M}", "Статус": "{word}", "ФИО покупателя": "{p.family_name} {p.given_name}",
        "Email": "{p.email}", "Телефон": "{p.phone}", "Город": "{p.city}", "Состав заказа": "{items}", "Стоимость": "{total}", "Валюта": "RUB",
        "Менеджер": "Rick Repp",
    }, rows, ";", "cp1251")  # fmt: skip
    return e


def ccv() -> Export:
    """Dutch: orders alone, in two currencies, some of nobody."""
    e, w = Export("CCV NL", known=False), World("ccv", countries=("DE",))
    rows = []
    nobody = Person(99, "", "", "", "", "", "", "", "", "", "DE", w.people[0].birth, "")
    for o in w.orders(45):
        word, status = state(o, {"Verzonden": DONE, "Geannuleerd": "cancelled", "Terugbetaald": "refunded", "Concept": "draft"})
        p, currency = nobody if o.number % 7 == 3 else o.person, "CHF" if o.number % 5 == 2 else "EUR"
        rows.append({"o": o, "p": p, "name": p.name.strip(), "word": word, "total": comma(o.total, "."), "currency": currency})
        e.order(
            str(24000 + o.number), None if p is nobody else p, ordered_at=o.at, amount=o.total, currency=currency, status=status
        )
        if p is not nobody:
            e.person(p, OWN)
    e.table("bestellingen.csv", {
        "Bestelnummer": "24{o.number:03d}", "Besteldatum": "{o.at:%d-%m-%Y %H:%M}", "Klantnaam": "{name}", "E-mailadres": "{p.email}",
        "Telefoonnummer": "{p.phone}", "Adres": "{p.street}", "Postcode": "{p.postcode}", "Plaats": "{p.city}", "Totaalbedrag": "{total}",
        "Valuta": "{currency}", "Bestelstatus": "{word}", "Ontvanger": "Uncle Gift",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e
