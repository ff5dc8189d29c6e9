"""Credit notes and offers among invoices, where a column says what each row is: `Belegart`, `Doc type`, `Gift Type`.

A credit note has a positive amount in most books, and would count as a sale; an offer or a pledge is not a sale yet. Start at
`with_documents`, and for objects that are nothing but pledges at `with_promises`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import negative, rule_sql
from fullcircle.mapping.propose.sample import Sample

KIND = re.compile(
    r"^((doc|document|invoice|transaction|trans|txn|trx|gift|donation|record|voucher|entry|sale|sales|order|bill|receipt)_)?"
    r"(type|kind|typ|class)$|^(beleg|vorgangs|dokument|dokumenten|rechnungs|buchungs|auftrags)_?(art|typ)$"
    r"|^(type|genre|nature)(_de|_du)?_(document|piece|facture)$|^(soort|type)_(document|factuur|boeking)$|^(document|doc)type$"
    r"|^tipo(_de|_do|_di)?_(documento|comprobante|factura|fattura|nota|venta|venda|movimiento)$|^(伝票|取引|売上)_?(区分|種別)$"
)
CREDIT = (
    r"(^|[^a-zäöü])(gutschrift\w*|storno\w*|retoure\w*|rücklieferung|credit[ _-]?(note|memo|invoice)s?|creditmemo|refund\w*"
    r"|chargeback|returns?|reversal|avoir|remboursement|nota de cr[eé]dito|abono|devoluci[oó]n|reembolso|nota di credito|rimborso"
    r"|reso|creditnota|terugbetaling|retour|kreditnota|kreditfaktura|faktura koryguj[aą]ca|dobropis|hyvityslasku|iade)"
    r"($|[^a-zäöü])|返品|赤伝|возврат|退货|退款"
)
OPEN = (
    r"(^|[^a-zäöü])(pledges?|angebot\w*|offerte?s?|offers?|kostenvoranschlag|quotes?|quotation|estimates?|pro[ -]?forma\w*|devis"
    r"|presupuesto|cotizaci[oó]n|or[cç]amento|preventivo|offert|tilbud|oferta|nab[ií]dka|tarjous|teklif|lieferschein"
    r"|delivery note|bon de livraison|albar[aá]n)($|[^a-zäöü])|見積\w*|报价\w*"
)
# A payment of what was promised is money: `Pledge Payment`, `Payment on pledge`.
PAYMENT = re.compile(r"(^|[^a-zäöü])(pay|paid|instal|collect|fulfil|zahlung|bezahlt|paiement|vers[eé]|pago|pagad|pagament|betal)")
BARE = {"type", "kind", "typ", "class"}  # of what, they do not say: a `Return` may be one of a train
AMBIGUOUS = re.compile(r"returns?|retour|reso|offers?|offert|oferta|offertes?|tilbud|estimates?")
MOST_KINDS = 25


def with_documents(engine: Engine | None, sample: Sample, maps: Sequence[ProposedMap], used: set[str]) -> list[str]:
    """Make credit notes refunds and offers drafts; sentences for the reader. The column that says it joins the used ones."""
    orders = next((one for one in maps if one.to == "orders"), None)
    for column, facts in sample.facts.items() if engine and sample.table and orders else ():
        if column in used or not 1 < facts.distinct <= MOST_KINDS or not KIND.search(plain(column)):
            continue
        said = []
        for pattern, status, meaning in ((CREDIT, "refunded", "refunds of a negative amount"), (OPEN, "draft", "no sales yet")):
            like = f"regexp_matches(lower({text_of(column)}), {literal(pattern)})"
            words = f"SELECT DISTINCT {quoted(column)} AS v FROM {sample.table} WHERE {like} ORDER BY 1"
            found = [str(word) for (word,) in engine.rows(words)]  # type: ignore[union-attr]
            found = [word for word in found if plain(column) not in BARE or not AMBIGUOUS.fullmatch(word.strip().lower())]
            found = [word for word in found if status != "draft" or not PAYMENT.search(word.lower())]
            if found and len(found) < facts.distinct:
                _say(engine, sample, orders, f"{text_of(column)} IN ({', '.join(map(literal, found))})", status)  # type: ignore[arg-type]
                said.append(f"{column}: rows of the kind {', '.join(found)} are {meaning}")
        if said:
            used.add(column)
            return said
    return []


def _say(engine: Engine, sample: Sample, orders: ProposedMap, those: str, status: str) -> None:
    known = rule_sql(orders.fields["status"]) if "status" in orders.fields else "NULL"
    orders.fields["status"] = {
        "sql": f"CASE WHEN {those} AND coalesce({known}, '') <> 'cancelled' THEN '{status}' ELSE {known} END"
    }
    amount = orders.fields.get("amount", {})
    column = amount.get("field", "")
    if status == "refunded" and column in sample.facts:
        orders.fields["amount"] = {
            "sql": f"CASE WHEN {those} THEN {negative(engine, sample, column)['sql']} ELSE {text_of(column)} END"
        }


GIVEN_UP = (
    "cancel|annul|storn|written|write|void|lapse|drop|default|withdrawn|refus|abgeschrieben|abandon|anulad|annull|geannuleerd"
)


def is_promise(sample: Sample) -> bool:
    """True for an object that is named for pledges."""
    return not {*words()["giving"]["promised"]}.isdisjoint({plain(sample.name), *plain(sample.name).split("_")})


def with_promises(sample: Sample, maps: Sequence[ProposedMap], beside: Sequence[str]) -> list[str]:
    """Make pledges count once they are paid, or not at all where the gifts that paid them are in another object (`beside`)."""
    orders = next((one for one in maps if one.to == "orders"), None)
    if orders is None or not is_promise(sample):
        return []
    known = f"lower({rule_sql(orders.fields['status'])})" if "status" in orders.fields else "NULL"
    kept = f"WHEN regexp_matches({known}, '{GIVEN_UP}') THEN 'cancelled' "
    if not beside:
        paid = ", ".join(map(literal, words()["giving"]["paid"]))
        kept += f"WHEN {known} IN ({paid}) THEN 'paid' "
    if "field" in orders.fields.get("status", {}):
        orders.fields["status_raw"] = orders.fields["status"]
    orders.fields["status"] = {"sql": f"CASE {kept}ELSE 'pending' END"} if known != "NULL" else {"value": "pending"}
    where = f"what was given is in {', '.join(beside)}" if beside else "they count once their status says that they were paid"
    return [f"its rows are promises, not sales: {where}"]
