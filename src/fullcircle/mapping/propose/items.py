"""The columns of a table with a row for each item of an order: product, quantity, sums of the item and sums of the order.

Names say it less surely than values: a sum that is the same in all rows of every order, and is not quantity times price, is of
the order and must not be added up. Start at `items_of`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from fullcircle.connectors.base import FoundObject
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.field_names import without_tax
from fullcircle.mapping.propose.gist import OTHER_DATE, bare_of, forms
from fullcircle.mapping.propose.grain import Order, Within, number, order_of
from fullcircle.mapping.propose.gross_amount import NET, is_paid, what_is_paid
from fullcircle.mapping.propose.guess import columns_of, is_about_others, is_of_events, is_staff, named, plain, words
from fullcircle.mapping.propose.numbered_items import are_numbered
from fullcircle.mapping.propose.pieces import amount_of, is_of_pieces, piece_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.several import is_buyer, is_own_mail, is_receiver
from fullcircle.mapping.propose.words import UNSPACED, spellings, spoken

OF_ANYTHING = {
    "name",
    "label",
    "nom",
    "nombre",
    "title",
    "titel",
    "nome",
    "naam",
}  # they name a product only in a list of products
NAMES = (
    "name", "title", "description", "desc", "label", "text", "bezeichnung", "details", "nom", "nombre", "nome", "naam", "navn",
    "namn", "nimi", "nazwa", "nazev", "nazov", "naziv", "nev", "denumire", "libelle", "titre", "titel", "titolo", "omschrijving",
)  # fmt: skip
OF_ORDER = re.compile(
    r"(^|_)(order|orders|invoice|receipt|grand|cart|basket|bon|rechnung|gesamt|bestell|pedido|commande|transaction|ttc)(_|$)"
)
OF_LINE = re.compile(r"(^|_)(line|lineitem|item|row|position|pos|zeile|ligne|linea|extended|ext|product|artikel)(_|$)")
NOT_AMOUNT = re.compile(
    r"(^|_)(tax|taxes|vat|mwst|ust|tva|iva|gst|shipping|ship|freight|versand|porto|postage|fee|fees|discount|rabatt|refund|refunded|tip"
    r"|disc|rabattbetrag|rabattsatz|nachlass|remise|rabais|descuento|dto|desconto|sconto|korting|kortingsbedrag|rabat|rabatu|upust|znizka|alennus"
    r"|sleva|slevy|zlava|zlavy|kedvezmeny|popust|popusta|reducere|indirim|iskonto|скидка|скидки|знижка|отстъпка|εκπτωση|割引|割引額|値引|値引額|折扣|할인|promo\w*|coupons?|vouchers?|gutschein\w*|aktion|actie"
    r"|cost|margin|profit|balance|weight|stock|rate|points|qty|quantity|count|number|no|id|year|zip|phone)(_|$)"
)
ADMISSION = (
    *("event_name", "event", "event_title", "show", "performance", "tour", "veranstaltung", "evenement", "spectacle", "evento"),
    *("wydarzenie", "akce", "etkinlik", "arrangement", "tilaisuus", "ticket_type", "ticket_name", "ticketart", "ticket"),
)
OF_SERVICE = re.compile(  # what is paid for the way of paying or of sending, never for a piece: `PAYMENT_PRICE`, `Versandkosten`
    r"(^|_)(payment|shipment|shipping|ship|delivery|transport|carrier|freight|postage|handling|packing|packaging|gift_?wrap|insurance|cod"
    r"|zahlung|zahlungs|zahlart|zahlungsart|versand|liefer|lieferung|fracht|verpackung|paiement|livraison|expedition|port|emballage|pago|envio"
    r"|entrega|portes|embalaje|pagamento|spedizione|consegna|imballaggio|frete|betaling|betaal|betalings|verzend|verzending|bezorg|levering|frakt"
    r"|fragt|betalning|leverans|toimitus|maksutapa|platnosc|platnosci|dostawa|dostawy|wysylka|wysylki|platba|platby|doprava|dopravy|dobirka"
    r"|szallitas|fizetes|livrare|plata|dostava|placanje|odeme|kargo|teslimat|доставка|доставки|оплата|оплаты|送料|手数料|运费|運費|배송)"
    r"_?(\w+_)?(price|prices|cost|costs|fee|fees|charge|surcharge|preis|kosten|gebuehr|gebuhr|prix|frais|cout|precio|coste|costo|gasto|gastos|prezzo|spese"
    r"|preco|custo|taxa|prijs|kost|pris|avgift|gebyr|hinta|kulu|maksu|cena|koszt|oplata|poplatek|naklady|dij|ar|pret|cijena|ucret|bedel|цена|стоимость|"
    r"料金|费|費|비)(_|$)|^(shipping|versandkosten|lieferkosten|portokosten|zahlungsgebuhr|zahlungsgebuehr|verzendkosten|bezorgkosten|postovne|dopravne)$"
)
PART = re.compile(r"(^|_)(sub_?total|subtotal|zwischensumme|sous_total|net|netto|unit|each|einzel)(_|$)")
PIECE = re.compile(r"(^|_)(unit|each|einzel\w*|piece|stueck|stuck|price|preis|prix|precio|prezzo|preco|prijs|pris)(_|$)")
FIRST_OF = re.compile(r"_?1$")
MONEY = ("quantity", "unit_price", "amount")
MOST_NAMED = 0.5  # of the values that seem to be products
CLOSE = 0.011  # two sums are alike if they differ by less


@dataclass(frozen=True, slots=True)
class Items:
    """What the columns of an object with a row for each item are."""

    order: Order
    when: str
    who: tuple[str, ...]
    product: str  # what a product is known by
    product_name: str  # its name, "" if there is none or it is known by it
    columns: dict[str, str]  # of order_lines: quantity, unit_price, discount, amount
    total: str = ""  # the column with the amount of the whole order
    said: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def within(self) -> Within:
        """What the rows of an order have in common; only where there is an order."""
        if self.order.within is None:
            raise ValueError("no order was found")
        return self.order.within


def items_of(engine: Engine | None, sample: Sample) -> Items | None:
    """The columns of an object whose rows seem to be items that people ordered; None if they do not."""
    if engine is None or not sample.table or not sample.rows or is_about_others(sample.name):
        return None
    events = is_of_events(sample.found)
    if named(sample.name) in {"tickets", "interactions", "addresses", "consents", "accounts"} and not events:
        return None
    found, facts = sample.found, sample.facts
    whole = columns_of(found, "orders", facts)
    when = whole.get("ordered_at", "") or date_of(sample)
    who = _who(sample, whole.get("record_id", ""))
    product, name = _product(sample, {when, *who})
    if events:
        product = _admission(sample) or product
    product, money, piece = _bought(sample, product, {when, *who}, whole.get("amount", ""))
    if not product or not money:
        return None
    order = order_of(engine, sample, when, who, {product, *money.values()} - {""})
    if piece and not is_of_pieces(order, piece):
        return None
    if order.within is None and not (when and who):
        return None
    if order.within is None or (named(sample.name) == "products" and not (order.within.several or when)):
        return Items(order, when, tuple(who), product, name, {}) if order.within is None else None
    of_payment = _names_the_order(engine, sample, product, order.within.key)  # `Order 1001`: what it was for
    beside = _holds_lists(engine, sample, product) or are_numbered(list(facts), product)
    if of_payment or (not order.within.several and beside):
        return None  # items are beside one another in a cell, or in numbered columns: wide.py
    made = _with_sums(engine, sample, Items(order, when, tuple(who), product, name, {}), {when, *who, *order.within.key})
    if not order.within.several and not {"quantity", "unit_price"} & made.columns.keys() and _is_remark(sample, product):
        return None  # what a payment was for, in words
    return made


def _bought(sample: Sample, product: str, leave: Collection[str], amount: str) -> tuple[str, dict[str, str], str]:
    """What was bought, the columns that say how much of it and for what, and the kind of ticket if only that says it."""
    lines = columns_of(sample.found, "order_lines", sample.facts, leave={*leave, product} - {""})
    piece = "" if product or named(sample.name) == "records" else piece_of(sample, lines, leave)
    if piece and not lines.keys() & MONEY and (of_piece := amount or amount_of(sample, piece)):
        lines["amount"] = of_piece
    return product or piece, {name: lines[name] for name in MONEY if name in lines}, piece


def date_of(sample: Sample, timed: bool = False) -> str:
    """The only column of dates that could be that of an order; "" if there is none, or more than one. `timed`: or of a time."""
    dates = [
        name
        for name, facts in sample.facts.items()
        if facts.date >= 0.95
        and facts.whole < 0.5
        and not is_staff(name)
        and not any(OTHER_DATE.search(form.replace("time", "at") if timed else form) for form in spellings(name))
    ]
    return dates[0] if len(dates) == 1 else ""


def _is_remark(sample: Sample, column: str) -> bool:
    """True for a column that describes, and names no product: the `description` of a payment, seldom the same twice."""
    known, facts = words(), sample.facts[column]
    if facts.distinct <= facts.filled // 2:
        return False
    remarks = {*known["columns"]["tickets"]["subject"], *known["columns"]["interactions"]["text"]}
    return plain(column) in remarks and plain(column) not in known["columns"]["order_lines"]["product_id"]


def _names_the_order(engine: Engine, sample: Sample, product: str, key: Collection[str]) -> bool:
    """True if most values of what seems to be a product have the number of their order in them."""
    able = [name for name in key if name in sample.facts and name != product]
    within = " OR ".join(f"(len({quoted(name)}) > 2 AND contains({quoted(product)}, {quoted(name)}))" for name in able)
    most = f"count(*) FILTER ({within}) > {MOST_NAMED} * count({quoted(product)})"
    return bool(able and engine.value(f"SELECT {most} FROM {sample.table}"))


def _holds_lists(engine: Engine, sample: Sample, product: str) -> bool:
    """True if cells hold several products, or one and how many of it."""
    shape = r"[;|\n]|^\s*\[\s*\{|^\s*\d+\s*[x×]\s|\s[x×]\s*\d+\s*$"
    share = f"count(*) FILTER (regexp_matches({quoted(product)}, {literal(shape)})) >= 0.05 * count({quoted(product)})"
    return bool(engine.value(f"SELECT {share} FROM {sample.table}"))


def _who(sample: Sample, column: str) -> list[str]:
    """The columns that say whose the order is: an e-mail address, else what is named so."""
    mails = [name for name, facts in sample.facts.items() if facts.email >= 0.8 and not is_staff(name) and not is_own_mail(facts)]
    if mails:
        return sorted(mails, key=lambda name: (not is_buyer(name), is_receiver(name)))[:1]
    if column and column in sample.facts and sample.facts[column].filled:
        return [column]
    people = columns_of(sample.found, "records", sample.facts)
    parts = [people[name] for name in ("full_name", "given_name", "family_name", "organisation") if name in people]
    parts = [name for name in parts if plain(name) not in {"name", *_product_names()}] or []
    return parts[:2]


def _product_names() -> list[str]:
    return [word for word in words()["columns"]["products"]["name"] if word not in OF_ANYTHING]


def _product(sample: Sample, leave: Collection[str]) -> tuple[str, str]:
    """The column that says what was bought, a code of the article or else its name; with a code, also the name."""
    facts = sample.facts
    names = {
        bare_of(plain(each.name)): each.name
        for each in reversed(sample.found.fields)
        if each.name not in leave and not is_staff(each.name)
    }
    here = spoken(sample.found.name, tuple(each.name for each in sample.found.fields))
    names = {form: each for name, each in names.items() for form in forms(name, "products", here)} | names
    names = {FIRST_OF.sub("", name): each for name, each in names.items()} | names  # `PRODUCT_TITLE1`
    code = columns_of(sample.found, "order_lines", facts, leave=set(leave) - {""}).get("product_id", "")
    known = [*_product_names(), *(f"{start}_{word}" for start in words()["prefixes"]["order_lines"] for word in NAMES)]
    text = next(
        (names[word] for word in known if word in names and facts[names[word]].filled and facts[names[word]].number < 0.5), ""
    )
    if not text:  # `주문상품명`: the word for a product's name ends a longer one
        long = [word for word in known if len(word) > 2 and UNSPACED.match(word)]
        ends = [each for name, each in names.items() if each != code and name.endswith(tuple(long)) and not is_receiver(each)]
        text = next((each for each in ends if facts[each].filled and facts[each].number < 0.5), "")
    if code and _is_position(sample, code):
        code = columns_of(sample.found, "order_lines", facts, leave={*leave, code} - {""}).get("product_id", "")
    if code and plain(code) in known and facts[code].number < 0.5:  # `Item` is a name; beside it a code may be
        other = columns_of(sample.found, "order_lines", facts, leave={*leave, code} - {""}).get("product_id", "")
        if other and facts[other].filled and plain(other) not in known:
            return other, code
    return (code, text if text != code else "") if code else (text, "")


def _admission(sample: Sample) -> str:
    """What was booked: the event, else the sort of ticket."""
    known = {plain(each.name): each.name for each in reversed(sample.found.fields) if sample.facts[each.name].filled}
    return next((known[word] for word in ADMISSION if word in known and sample.facts[known[word]].number < 0.5), "")


def _is_position(sample: Sample, name: str) -> bool:
    """True for the number of a row within its order: few small numbers, `Item #` 1, 2, 3."""
    known = sample.facts[name]
    return (
        known.whole >= 0.99
        and known.longest <= 2
        and bool(re.fullmatch(r".*(#|\b(no|nr|num|number)\b\.?)", name.strip().lower()))
    )


# -- sums ---------------------------------------------------------------------------------------------------------------------
def _with_sums(engine: Engine, sample: Sample, items: Items, leave: Collection[str]) -> Items:
    """Tell the sums of lines from those of orders."""
    one = items.within
    rest = set(leave) | {items.product} | {name for name in sample.facts if OF_SERVICE.search(plain(name))}
    lines = columns_of(sample.found, "order_lines", sample.facts, leave=rest)
    quantity, price = lines.get("quantity", ""), lines.get("unit_price", "")
    people = set(columns_of(sample.found, "records", sample.facts).values())
    quantity = quantity or _quantity(engine, sample, [name for name in sample.facts if name not in {*rest, *people}], price)
    sums = [name for name in sample.facts if name not in {*rest, *people, quantity, price} and _is_sum(sample, name)]
    price = price or _price(engine, sample, sums, quantity)
    sums = [name for name in sums if name != price]
    said: list[str] = []
    amount, total, others = _amounts(engine, sample, one, sums, (quantity, price, items.product), said)
    made = replace(items, product_name=items.product_name or _name(sample, one, rest), total=total)
    made.said.extend(said)
    if total and one.several:
        made.said.append(f"{total} is the same in all rows of an order: it is the amount of the order and is not added up")
    if others:
        made.notes.append(f"{', '.join(others)}: the same in all rows of an order, so not taken for sums of lines")
    if quantity and price and not amount and total and _is_whole_line(engine, sample, one, quantity, price, total):
        made.said.append(f"{price} is the price of the whole row: with this, the rows give {total}")
        amount, price = price, ""
    if price and not amount and not total and one.several >= 3 and price in one.same:
        made.said.append(f"{price} is the same in all rows of an order: it is taken for the amount of the order")
        made, price = replace(made, total=price), ""
    if price and amount and not quantity and _are_pieces(engine, sample, amount, price):
        made.said.append(f"{amount}: small whole numbers, less than {price} in most rows: so many pieces, and no money")
        quantity, amount = amount, ""
    discount = _discount(engine, sample, made, lines.get("discount", ""), (quantity, price, amount))
    found = {"quantity": quantity, "unit_price": price, "discount": discount, "amount": amount}
    made.columns.update({name: column for name, column in found.items() if column})
    return made


def _are_pieces(engine: Engine, sample: Sample, amount: str, price: str) -> bool:
    """True for whole numbers of up to three digits that are less than the price of one in most rows: `PRODUCT_AMOUNT` 1, 2."""
    facts, more = sample.facts[amount], number(amount)
    if facts.whole < 0.99 or facts.longest > 4:
        return False
    below = f"count(*) FILTER ({more} < {number(price)}) > 0.5 * count(*) AND max({more}) < 1000"
    return bool(engine.value(f"SELECT {below} FROM {sample.table} WHERE {more} > 0 AND {number(price)} > 0"))


def _quantity(engine: Engine, sample: Sample, names: Sequence[str], price: str) -> str:
    """The column of whole numbers that, times one of money, gives another one: `itemAmount`; "" if none does."""
    whole = [name for name in names if sample.facts[name].whole >= 0.9 and sample.facts[name].longest <= 5][:5]
    sums = [name for name in names if name not in whole and _is_sum(sample, name)][:6]
    for one in whole if len(sums) > 1 else []:
        for piece, total in [(a, b) for a in ([price] if price in sums else sums) for b in sums if a != b]:
            if _is_product(engine, sample, total, one, piece) and _differ(engine, sample, piece, total):
                return one
    return ""


def _price(engine: Engine, sample: Sample, sums: Sequence[str], quantity: str) -> str:
    """The column that, times the quantity, gives another one; "" if none does."""
    pairs = [(a, b) for a in sums for b in sums if a != b] if quantity else []
    return next((a for a, b in pairs if _is_product(engine, sample, b, quantity, a) and _differ(engine, sample, a, b)), "")


def _amounts(
    engine: Engine, sample: Sample, one: Within, sums: Sequence[str], of_line: tuple[str, str, str], said: list[str]
) -> tuple[str, str, list[str]]:
    """The amount of a line, that of an order, and what else is of orders."""
    quantity, price, product = of_line
    by_line = [name for name in sums if quantity and price and _is_product(engine, sample, name, quantity, price)]
    if quantity and not by_line:
        by_line = [name for name in sums if name not in one.once and _is_per_piece(engine, sample, name, quantity, product)]
    by_order = [name for name in sums if name not in by_line and _is_of_order(one, name)]
    varying = [name for name in sums if name not in {*by_line, *by_order}]
    amount = _pick(sample.found, "order_lines", [*by_line, *varying] if one.several else [*by_line, *_like_lines(varying)])
    total = _pick(sample.found, "orders", [name for name in (by_order if one.several else varying) if name != amount])
    adding = [(a, b) for a in by_order for b in by_order if a != b and one.several and _adds_up(engine, sample, one, a, b)]
    if adding and amount not in by_line:
        amount, total = adding[0]
    of_lines = what_is_paid(engine, sample, amount, {*sample.facts} - {*by_order, *of_line})
    amount, free = of_lines.column, {*sample.facts} - {*of_line, of_lines.column}
    whole = what_is_paid(engine, sample, total, by_order if one.several else free)
    total = whole.column
    said += [each.said for each in (of_lines, whole) if each.said]
    line = number(amount) if amount else f"{number(price)} * {number(quantity) if quantity else 1}" if price else ""
    if one.several and line and (not total or is_paid(total)):
        total = _other_total(engine, sample, one, by_order, total, line, said)
    others = [name for name in by_order if one.several and name not in {amount, total}]
    return amount, total, others


def _other_total(
    engine: Engine, sample: Sample, one: Within, names: Sequence[str], total: str, line: str, said: list[str]
) -> str:
    """The amount of an order where no name says it, or only what was paid of it: by what the lines come to; "" for their sum."""
    found = total_of(engine, sample, one, names, line)
    if found:
        rows = _of_orders(sample, one, found, line)
        odd = engine.value(f"SELECT count(*) FROM ({rows}) WHERE abs(total - lines) > {CLOSE}")
        said += [
            f"{found} differs from the sum of the lines in {odd:,} orders, by fees, tax or discounts: it is what counts as spent"
        ][: int(odd)]
    elif total and _part_paid(engine, sample, one, total, line):
        said.append(
            f"{total} is less than the sum of the lines in some orders: it is what was paid of them, and not their amount"
        )
        return ""
    return found or total


def total_of(engine: Engine, sample: Sample, one: Within, names: Sequence[str], line: str) -> str:
    """The column that is the amount of the order, as it is near what the lines come to, with fees or without a discount."""
    near = "count(*) FILTER (abs(total - lines) <= 0.3 * abs(lines) + 0.01) >= 0.8 * count(*) FILTER (lines <> 0 AND total <> 0)"
    whole = "count(*) FILTER (total <> 0) >= 0.8 * count(*) FILTER (lines <> 0) AND count(DISTINCT total) > 2"
    for name in names:
        if not is_paid(name):
            rows = _of_orders(sample, one, name, line)
            if engine.value(f"SELECT {near} AND {whole} FROM ({rows}) WHERE total IS NOT NULL AND lines IS NOT NULL"):
                return name
    return ""


def _part_paid(engine: Engine, sample: Sample, one: Within, paid: str, line: str) -> bool:
    """True if what was paid of orders is never more than their lines come to, and less somewhere; or all of some, and nothing."""
    rows = _of_orders(sample, one, paid, line)
    all_or_none = f"count(*) FILTER (coalesce(total, 0) = 0) > 0 AND count(*) FILTER (abs(total - lines) <= {CLOSE}) > 0"
    odd = f"count(*) FILTER (abs(total - lines) > {CLOSE} AND total <> 0) <= 0.5 * count(*)"
    if engine.value(f"SELECT {all_or_none} AND {odd} FROM ({rows}) WHERE abs(lines) > {CLOSE}"):
        return True
    less = f"count(*) FILTER (abs(total) <= abs(lines) + {CLOSE}) >= 0.8 * count(*)"
    less += f" AND count(*) FILTER (abs(total) < abs(lines) - {CLOSE}) > 0"
    return bool(engine.value(f"SELECT {less} FROM ({rows}) WHERE total IS NOT NULL AND lines IS NOT NULL"))


def _of_orders(sample: Sample, one: Within, name: str, line: str) -> str:
    key = ", ".join(map(quoted, one.key))
    return f"SELECT max({number(name)}) AS total, sum({line}) AS lines FROM {sample.table} GROUP BY {key}"


def _name(sample: Sample, one: Within, leave: Collection[str]) -> str:
    """A column called only `name` whose values differ within orders: the name of a product, not of a customer."""
    texts = [each for each in sample.facts if one.several and plain(each) in OF_ANYTHING and each not in {*one.same, *leave}]
    return next((each for each in texts if sample.facts[each].number < 0.5), "")


def _discount(engine: Engine, sample: Sample, items: Items, discount: str, of_line: tuple[str, str, str]) -> str:
    """The discount of a line: not that of an order, repeated on its rows, and none if the amounts know already that it is 0."""
    one = items.within
    if discount and one.several and _is_of_order(one, discount) and (items.total or discount in one.once):
        items.notes.append(f"{discount} is the same in all rows of an order: it is not a discount of a line, and is left out")
        return ""
    quantity, price, amount = of_line
    known = quantity and price and amount and _is_product(engine, sample, amount, quantity, price)
    return discount if not known or _varies(engine, sample, discount) else ""


def _is_sum(sample: Sample, name: str) -> bool:
    facts = sample.facts[name]
    return (
        facts.filled > 0
        and facts.number >= 0.9
        and not NOT_AMOUNT.search(without_tax(plain(name)))
        and not is_staff(name)
        and facts.date < 0.9
    )


def _is_of_order(one: Within, name: str) -> bool:
    """The same in all rows of every order; a single order of several rows may have equal items, so there the name counts."""
    if not one.several or name not in one.same:
        return False
    return name in one.once or not (one.several < 3 and OF_LINE.search(plain(name)) and not OF_ORDER.search(plain(name)))


def _is_product(engine: Engine, sample: Sample, name: str, quantity: str, price: str) -> bool:
    """True if the column is quantity times price in nearly all rows, at least up to a discount that is the same for none."""
    alike = f"abs({number(name)} - {number(quantity)} * {number(price)}) <= {CLOSE}"
    some = f"count(*) FILTER ({number(name)} <> 0) > 0"  # nought times anything is nought
    share = engine.value(f"SELECT count(*) FILTER ({alike}) >= 0.8 * count({quoted(name)}) AND {some} FROM {sample.table}")
    return bool(share)


def _is_per_piece(engine: Engine, sample: Sample, name: str, quantity: str, product: str) -> bool:
    """True if twice as many pieces of a product cost twice as much: a sum of an order does not do that."""
    piece = f"count(DISTINCT round({number(name)} / nullif({number(quantity)}, 0), 2))"
    groups = (
        f"SELECT {piece} AS prices FROM {sample.table} GROUP BY {quoted(product)} "
        f"HAVING count(DISTINCT {number(quantity)}) > 1 AND count(DISTINCT {number(name)}) > 1"
    )
    return bool(engine.value(f"SELECT count(*) > 0 AND count(*) FILTER (prices = 1) >= 0.9 * count(*) FROM ({groups})"))


def _differ(engine: Engine, sample: Sample, a: str, b: str) -> bool:
    return bool(engine.value(f"SELECT count(*) FILTER ({number(a)} <> {number(b)}) > 0 FROM {sample.table}"))


def _varies(engine: Engine, sample: Sample, name: str) -> bool:
    return bool(name and engine.value(f"SELECT count(*) FILTER ({number(name)} <> 0) > 0 FROM {sample.table}"))


def _is_whole_line(engine: Engine, sample: Sample, one: Within, quantity: str, price: str, total: str) -> bool:
    """True if the prices alone add up to the amounts of the orders, and quantity times price does not."""
    listed = ", ".join(map(quoted, one.key))
    sums = (
        f"SELECT sum({number(price)}) AS plain, sum({number(quantity)} * {number(price)}) AS times, max({number(total)}) AS total"
    )
    fits = "count(*) FILTER (abs({0} - total) <= 0.02)"
    plain_fits, times_fits, of = engine.rows(
        f"SELECT {fits.format('plain')}, {fits.format('times')}, count(*) FROM ({sums} FROM {sample.table} GROUP BY {listed}) "
        "WHERE plain <> times"
    )[0]
    return bool(of and plain_fits > times_fits and plain_fits >= 0.6 * of)


def _adds_up(engine: Engine, sample: Sample, one: Within, name: str, total: str) -> bool:
    """True if a column that happens to be the same in all rows of an order adds up to the amount of the order."""
    sums = f"SELECT count(*) AS n, sum({number(name)}) AS added, max({number(total)}) AS total FROM {sample.table}"
    fits = f"count(*) FILTER (n > 1 AND abs(added - total) <= {CLOSE}) = count(*) FILTER (n > 1)"
    return bool(engine.value(f"SELECT {fits} FROM ({sums} GROUP BY {', '.join(map(quoted, one.key))})"))


def _like_lines(names: Sequence[str]) -> list[str]:
    return [name for name in names if OF_LINE.search(plain(name)) and not OF_ORDER.search(plain(name))]


def _pick(found: FoundObject, table: str, names: Sequence[str]) -> str:
    """The column of these whose name fits best; "" if none does."""
    others = [each.name for each in found.fields if each.name not in names]
    by_name = columns_of(found, table, None, leave=others).get("amount", "")
    if by_name or not names:
        return by_name
    pattern = OF_ORDER if table == "orders" else OF_LINE
    money = re.compile(
        r"(^|_)(total|totale|totaal|amount|sum|summe|betrag|montant|importe|importo|bedrag|belopp|belob|belop|kwota|wartosc|castka|osszeg|suma|iznos"
        r"|tutar|сумма|сума|umsatz|sales|value|valor|brutto|gross|net|netto|netwr)(_|$)"
    )
    fitting = [name for name in names if money.search(plain(name)) and not PART.search(plain(name))]
    if not fitting and table == "order_lines":  # `Net Sales` alone
        fitting = [
            name for name in names if money.search(plain(name)) and NET.search(plain(name)) and not PIECE.search(plain(name))
        ]
    return next((name for name in fitting if pattern.search(plain(name))), fitting[0] if len(fitting) == 1 else "")
