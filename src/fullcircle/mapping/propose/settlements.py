"""Payments in the same list as the invoices they settle: `Type` says Invoice here, Payment there. See `without_payments`.

An invoice is the sale, and says itself what is still owed of it. Counted as orders, its payments would be sales again, or, with a
minus, take away what was spent.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.gone import keep_only
from fullcircle.mapping.propose.grain import is_order_word
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.kinds_of_rows import says_kind
from fullcircle.mapping.propose.links import is_like_a_key
from fullcircle.mapping.propose.planner import Proposed, ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.status_column import INVOICE
from fullcircle.mapping.propose.values_of import values_of
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted

PAYMENT = re.compile(
    r"((customer|invoice|client|sales|bill|card|cash|bank|online|partial|unapplied|credit_card)_)?payments?(_(received|receipt|in|on_account|from_customer))?"
    r"|receive_payment|received_payment|pmt|zahlung(en|seingang)?|(teil|kunden|an)zahlung|eingangszahlung|geldeingang|paiements?(_(recu|client))?|reglements?(_client)?"
    r"|encaissements?|pagos?(_(recibido|de_cliente|cliente))?|cobros?|pagament[oi](_(ricevuto|cliente|recebido))?|incass[oi]|recebimentos?|(ont)?betaling(en)?(_ontvangen)?"
    r"|(ind|inn)betaling(er)?|(in)?betalning(ar)?|maksu|suoritus|wplaty?|platnosc|platba|uhrada|prijata_platba|fizetes|befizetes|plata|incasare|uplata|odeme|tahsilat"
    r"|оплата|платеж|поступление|плащане|πληρωμη|εισπραξη|入金|收款|수금|입금"
)


def without_payments(engine: Engine | None, made: Proposed) -> list[str]:
    """Take the payments out of a list of invoices; sentences for the reader."""
    orders = next((one for one in made.maps if one.to == "orders"), None)
    if engine is None or not made.sample.table or orders is None:
        return []
    column, payments = next(
        ((one, found) for one in made.sample.facts if (found := _payments(engine, made.sample, one))), ("", [])
    )
    if not payments:
        return []
    kept = f"coalesce({text_of(column)} NOT IN ({', '.join(map(literal, payments))}), true)"
    keep_only(orders, kept)
    _with_key(engine, made, orders, kept)
    rows = int(engine.value(f"SELECT count(*) FILTER (NOT {kept}) FROM {made.sample.table}"))
    verbs = ("pays", "is") if rows == 1 else ("pay", "are")
    what = f"{counted(rows, 'row')} of the kind {', '.join(payments)}"
    said = f"{column}: {what} {verbs[0]} invoices of the same list, and {verbs[1]} left out"
    if {"paid", "unpaid", "status"} & orders.fields.keys():
        return [said]
    return [f"{LOOK}{said}; which invoices they paid is not known: all of them count as paid"]


def _payments(engine: Engine, sample: Sample, column: str) -> list[str]:
    """The words for payments in a column that says of a row whether it is an invoice or a payment; [] in any other."""
    facts = sample.facts[column]
    if facts.distinct < 2 or not says_kind(column, facts):
        return []
    known = values_of(engine, sample, column)
    payments = [word for word in known if PAYMENT.fullmatch(plain(word))]
    return payments if any(INVOICE.search(plain(word)) for word in known if word not in payments) else []


def _with_key(engine: Engine, made: Proposed, orders: ProposedMap, kept: str) -> None:
    """The number of the invoices is their key, where only the payments had none."""
    said = "no key was found: every row counts as an order"
    if "key" in orders.fields or not any(note.startswith(said) for note in made.notes):
        return
    read = {str(rule.get("field", "")) for rule in orders.fields.values()}
    for column, facts in made.sample.facts.items():
        if column in read or not (is_like_a_key(column) or is_order_word(column)) or facts.date > 0.5:
            continue
        rows, filled, different = engine.rows(
            f"SELECT count(*), count({quoted(column)}), count(DISTINCT {quoted(column)}) FROM {made.sample.table} WHERE {kept}"
        )[0]
        if rows and rows == filled == different:
            orders.fields = {"key": {"field": column}, **orders.fields}
            made.notes = [note for note in made.notes if not note.startswith(said)]
            made.evidence.append(f"key: {rows:,} of {rows:,} rows that are not payments have {column}, all different")
            return
