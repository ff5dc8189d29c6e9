"""Objects that look like orders but whose rows are parts of orders: payments, refunds, shipments, several amounts of one order.

To count these as orders would count the money twice. See `about_orders` and `doubt_of`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.grain import is_order_word, number, with_partner, within
from fullcircle.mapping.propose.guess import columns_of, is_staff, plain
from fullcircle.mapping.propose.ledgers import both_sides
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.status_column import INVOICE

GIVES_BACK = re.compile(
    r"refund|return|credit_?(note|memo)|chargeback|erstattung|gutschrift|rueckgabe|retour|storno|rembours|avoir|reembolso|devoluc|devoluz"
    r"|rimbors|(^|_)not[ae]s?_(d[ei]_)?credit[oi]?(_|$)|кредитн\w*_извест|коригув|корректир|terugbetal|zwrot|(^|_)(returer|returneringer|reklamationer|rma|rmas|reso|resi|estornos?|abonos)(_|$)|tilbagebetal"
    r"|tilbakebetal|aterbetal|retursedl|returvare|kreditnot|kreditfakt|creditnot|creditfact|krediter|hyvitys|palautu|dobropis|vratky|vraceni|vracene|korekty"
    r"|korygujac|visszaru|visszater|jovairas|(^|_)retur(i|uri|ari)?(_|$)|ramburs|stornar|povrat|(^|_)iade(ler)?(_|$)|возврат|поверненн|връщан|сторно"
    r"|επιστροφ|πιστωτικ|返品|返金|退货|退貨|退款|반품|환불|tra_hang|hoan_tien"
)
MIXED = re.compile(r"_(and|und|et|y|e|i|og|och|en|ja|a|es|si|ve|и|та|και)_")  # `orders_and_returns`: sales too
PART = re.compile(
    r"(^|_)(payment|payments|zahlung|zahlungen|paiement|paiements|pago|pagos|pagamento|pagamenti|betaling|betalingen|shipment|shipments"
    r"|delivery|deliveries|fulfillment|fulfillments|lieferung|lieferungen|charge|charges|capture|captures|transaction|transactions"
    r"|history|status|event|events|fee|fees|discount|discounts|coupon|coupons|tax|taxes|allocation|payout|payouts|installments?|instalments?|instal?lment_schedule)(_|$)"
)
PAYMENTS = re.compile(
    r"(^|_)(payments?|charges?|zahlung(en)?|zahlungseing(ae|a)nge?|paiements?|pagos?|cobros?|pagament[oi]|pagamentos?|betaling(en|er)?"
    r"|betalning(ar)?|platnosci|platby?|odeme(ler)?|tahsilat(lar|i)?|maksut|settlements?|payouts?|cobranzas?|recaudos?|recaudacion|recebimentos?|cash_receipts"
    r"|payment_receipts|remittances?|encaissements?|reglements?|versements?|incassi|incasari|plati|wplaty|wplata|inkaso|indbetalinger|innbetalinger"
    r"|inbetalningar|ontvangsten|suoritukset|uplate|placila|befizetesek|платежи|платеж|оплаты|оплати|поступления|надходження|плащания|πληρωμες|εισπραξεις"
    r"|入金|入金一覧|支払|收款|付款|회수|입금|입금내역|결제내역|thanh_toan)(_|$)"
)
WAY_OF_PAYING = re.compile(
    r"(^|_)(iban|pay(ment)?_(method|type|provider|means)|zahlungs(art|methode|mittel|weise)|(moyen|mode)_de_paiement|forma_de_pago"
    r"|medio_de_pago|metodo_de_pago|metodo_di_pagamento|forma_de_pagamento|metoda_platnosci|betaal(methode|wijze)|betalnings(satt|metod)|betalsatt|betalings(metode|mate)"
    r"|maksutapa|zpusob_platby|fizetesi_mod|odeme_yontemi)(_|$)"
)
TRANSACTIONS = re.compile(r"(^|_)(transactions?|transaktionen|transacciones|transazioni|transacoes|transacties|captures?)(_|$)")
PAPERS = "rechnung|invoice|facture|factura|fattura|fatura|faktur|factuur|szamla|lasku|счет|рахунок|請求書|发票|發票"
PAYS = "payment|zahlung|paiement|pago|pagament|betaling|betalning|platb|platnos|odeme|maksu|оплат|入金|付款"
MOST_KINDS = 25  # different words for what a row is
MOST_SEVERAL = 0.2  # of the keys may be in several rows with different amounts; more are not later states of the same order


def gives_back(sample: Sample) -> bool:
    """True if the object is named like refunds or returns."""
    return bool(GIVES_BACK.search(plain(sample.name)))


def gives_items_back(engine: Engine | None, sample: Sample) -> bool:
    """True for a list of returned items, each with what was given back: no sales, whichever products it names."""
    if not gives_back(sample) or MIXED.search(plain(sample.name)):
        return False
    amount = columns_of(sample.found, "orders", sample.facts).get("amount", "")
    if engine is None or amount not in sample.facts or not sample.table:
        return True
    both = f"count(*) FILTER ({number(amount)} > 0) > 0 AND count(*) FILTER ({number(amount)} < 0) > 0"
    return not engine.value(f"SELECT {both} FROM {sample.table}")


def is_part(sample: Sample) -> bool:
    """True if the object is named like what orders have: payments, shipments."""
    return bool(PART.search(plain(sample.name))) or gives_back(sample) or are_payments(sample)


def are_payments(sample: Sample) -> bool:
    """True if the object is named like what customers paid, `Cobranza`, `payments`, or has the two sides of an account."""
    return bool(PAYMENTS.search(plain(sample.name))) or both_sides(sample) is not None


def pays_orders(sample: Sample) -> bool:
    """True for rows that name orders and are payments: by the name of the object, or a column of how, or by whom, was paid."""
    if are_payments(sample) or any(WAY_OF_PAYING.search(plain(each.name)) for each in sample.found.fields):
        return True
    return bool(TRANSACTIONS.search(plain(sample.name))) and not gives_back(sample)


def order_columns(sample: Sample) -> list[str]:
    """The columns named like the key of an order."""
    return [each.name for each in sample.found.fields if is_order_word(each.name) and not is_staff(each.name)]


def key_of_several(engine: Engine, sample: Sample, key: str, columns: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that are together the key of orders, where one named so repeats: store and receipt; () if one is enough."""
    named = [key] if key else [name for name in order_columns(sample) if name in sample.facts]
    if not named or (key and sample.unique(key)) or "updated_at" in columns:
        return ()
    who = whose(sample, columns)
    for name in named:
        if sample.facts[name].filled == sample.rows and within(engine, sample, (name,)).several:
            able = [each for each in sample.facts if each not in {*who, columns.get("amount", ""), columns.get("status", "")}]
            one = with_partner(engine, sample, name, columns.get("ordered_at", ""), who, able)
            if one and not one.several:
                return one.key
    return ()


def whose(sample: Sample, columns: Mapping[str, str]) -> list[str]:
    """The column that says whose an order is: an e-mail address, else what is named so."""
    mails = [name for name, facts in sample.facts.items() if facts.email >= 0.8 and not is_staff(name)]
    column = columns.get("record_id", "")
    return mails[:1] or ([column] if column in sample.facts else [])


def doubt_of(engine: Engine | None, sample: Sample, key: str, columns: Mapping[str, str]) -> str:
    """Why the rows of an object of orders cannot be counted as orders; "" if they can."""
    if engine is None or not sample.table or not sample.rows:
        return ""
    who = whose(sample, columns)
    amount = columns.get("amount") or columns_of(sample.found, "orders", sample.facts).get("amount", "")
    changes = [columns[name] for name in ("updated_at", "status") if name in columns]
    if key and sample.facts[key].filled and (one := within(engine, sample, (key,))).several:
        states = any(name not in one.same for name in changes)
        if amount and amount not in one.same and not states and one.several > MOST_SEVERAL * one.keys:
            return (
                f"{one.several:,} of the {one.keys:,} values of {key} are in several rows with different values of {amount}: "
                "these are parts of orders, and no column says what was bought or which row counts"
            )
    when = columns.get("ordered_at", "")
    if not key and who and not when and within(engine, sample, who).several:
        return f"no column is the key or the date of an order, so it cannot be known which rows of one {who[0]} are one order"
    if not key and who and when:
        one = within(engine, sample, (*who, when))
        if one.several > MOST_SEVERAL * one.keys:
            return (
                f"no column identifies the order, and {one.several:,} times several rows have the same "
                f"{' and '.join((*who, when))}: they may be one order, or several"
            )
    own_papers = bool(key) and sample.unique(key) and not is_part(sample) and _calls_invoices(engine, sample)
    return "" if own_papers or _are_invoices(sample, key) else _parts_of_named_orders(engine, sample, key, who)


def _are_invoices(sample: Sample, key: str) -> bool:
    """Invoices may name the order that they bill, and a correction the same order again."""
    called = bool(INVOICE.search(plain(sample.name)) or INVOICE.search(plain(key)))
    return called and bool(key) and sample.unique(key) and not is_part(sample)


def _calls_invoices(engine: Engine, sample: Sample) -> bool:
    """True if a column calls most rows invoices, and the others what is filed with invoices: `Dokumententyp`."""
    for name, facts in sample.facts.items():
        if not 0 < facts.distinct <= MOST_KINDS or facts.number >= 0.5 or facts.email or facts.longest > 60:
            continue
        text = f"lower(strip_accents(trim({quoted(name)})))"
        called = f"regexp_full_match({text}, '(\\S+ )?\\S*({PAPERS})\\S*') AND NOT regexp_matches({text}, '{PAYS}')"
        if engine.value(f"SELECT count(*) FILTER ({called}) > 0.5 * count(*) FROM {sample.table}"):
            return True
    return False


def _parts_of_named_orders(engine: Engine, sample: Sample, key: str, who: Sequence[str]) -> str:
    """Why the rows are parts of the orders that a column names."""
    for name in order_columns(sample):
        if name == key or name not in sample.facts or not 1 < sample.facts[name].distinct < sample.facts[name].filled:
            continue
        one = within(engine, sample, (name,))
        if key and sample.unique(key) and not is_part(sample) and _repeat_by_reversals(engine, sample, name):
            continue
        coded = f"count(*) FILTER (regexp_full_match({quoted(name)}, '\\S*\\d\\S*')) >= 0.9 * count({quoted(name)})"
        if who and all(each in one.same for each in who) and engine.value(f"SELECT {coded} FROM {sample.table}"):
            return (
                f"{one.several:,} of the {one.keys:,} values of {name} are in several rows, each with the same "
                f"{' and '.join(who)}: the rows are parts of orders (payments, or items without a product), not orders"
            )
    return ""


def _repeat_by_reversals(engine: Engine, sample: Sample, order: str) -> bool:
    """True if an order is in several rows only where some of them take back what one sold: a credit note names it again."""
    amount = columns_of(sample.found, "orders", sample.facts).get("amount", "")
    takes = f"({number(amount)} < 0)" if amount in sample.facts else "false"
    for name, facts in sample.facts.items():
        if 0 < facts.distinct <= MOST_KINDS and facts.number < 0.5 and facts.longest <= 60:
            takes += f" OR regexp_matches(replace(lower(strip_accents({quoted(name)})), ' ', '_'), '{GIVES_BACK.pattern}')"
    rows = f"SELECT {quoted(order)} AS o, coalesce({takes}, false) AS back FROM {sample.table} WHERE o IS NOT NULL"
    found = engine.rows(
        f"SELECT count(*) FILTER (back), count(DISTINCT o) FILTER (NOT back), count(o) FILTER (NOT back) FROM ({rows})"
    )
    back, orders, sold = found[0]
    return bool(back and orders == sold)
