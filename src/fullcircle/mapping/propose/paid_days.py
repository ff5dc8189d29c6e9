"""The day on which an invoice was paid, where nothing else says what was: those without one are owed. See `with_paid_day`."""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import nothing_where
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.status import status_of
from fullcircle.model.counting import counted, money

DAY = re.compile(
    r"^((invoice_|bill_|fully_|last_)?paid_(on|at|date|day|in_full_on|on_date)|date_(of_)?(payment|paid|settled|cleared)|payment_(date|day|received_on|received_date)|settled_(on|at|date)"
    r"|bezahlt_am|gezahlt_am|beglichen_am|bezahldatum|zahlungsdatum|zahldatum|zahltag|zahlungseingang(_am)?|datum_(der_)?(be)?zahlung|ausgeglichen_am"
    r"|(paye|payee|regle|reglee|encaisse|encaissee)_le|date_(de_)?(paiement|reglement|encaissement)"
    r"|(pagad[oa]|cobrad[oa])_el|fecha_(de_|del_)?(pago|cobro)|(pagat[oa]|saldat[oa]|incassat[oa])_il|data_(di_|del_)?(pagamento|incasso|saldo)"
    r"|pag[oa]_em|data_(de_|do_)?(pagamento|recebimento)|betaald_op|betaaldatum|betalingsdatum|datum_betaling|betaaldag"
    r"|betalt_(den|dato)|betalingsdato|betalingsdag|betald_den|betalningsdatum|betaldatum|maksettu_pvm|maksupaiva"
    r"|data_(zaplaty|platnosci|wplaty|oplacenia)|zaplacon[oa]_dnia|datum_(uhrady|platby|zaplaceni)|zaplaceno_dne|uhrazeno_dne"
    r"|fizetes_datuma|fizetve_ekkor|kifizetes_datuma|data_(platii|incasarii)|odeme_tarihi|datum_(placanja|uplate|placila)"
    r"|дата_оплаты|оплачено_дата|дата_оплати|дата_на_плащане|ημερομηνια_πληρωμης|入金日|支払日|付款日期|收款日期|결제일|입금일|ngay_thanh_toan)$"
)
DATES = 0.9  # of the filled cells are dates


def with_paid_day(engine: Engine | None, sample: Sample, orders: ProposedMap) -> tuple[str, str]:
    """Read a day of payment that some orders have and others have not: its column and what to look at; ("", "") without one."""
    if engine is None or not sample.table or {"paid", "unpaid"} & orders.fields.keys():
        return "", ""
    state = orders.fields.get("status", {})
    if state and str(state.get("field", "")) not in sample.facts:
        return "", ""
    amount = str(orders.fields.get("amount", {}).get("field", ""))
    when = str(orders.fields.get("ordered_at", {}).get("field", ""))
    for name, facts in sample.facts.items():
        if name == when or not facts.filled or facts.date < DATES or not DAY.search(plain(name)):
            continue
        text = text_of(name)
        worth = number_in_column(engine, sample, amount) if amount in sample.facts else "0"
        unpaid = f"{text} IS NULL"
        if state and not (waiting := _waiting(engine, sample, state, text)):
            return "", ""
        if state:
            unpaid += f" AND {text_of(str(state['field']))} IN ({', '.join(map(literal, waiting))})"
        rows = f"SELECT {worth} AS w FROM {sample.table} WHERE {unpaid}"
        empty, total = engine.rows(f"SELECT count(*), coalesce(sum(w), 0) FROM ({rows}) WHERE w > 0")[0]
        if not empty:
            return "", ""
        orders.fields["paid"] = nothing_where(unpaid)
        beside = f" that {'is' if empty == 1 else 'are'} {' or '.join(waiting)}" if state else ""
        return name, (
            f"{LOOK}{name} is empty in {counted(empty, 'row')}{beside} ({money(total, '')} together), and nothing else says what "
            f"was paid: {'it counts' if empty == 1 else 'they count'} as owed, and not as spent. If not, take paid out of the map"
        )
    return "", ""


def _waiting(engine: Engine, sample: Sample, state: Rule, day: str) -> list[str]:
    """The words of a status that say no more than that something was ordered, none of whose rows has a day of payment."""
    text = text_of(str(state["field"]))
    rows = f"SELECT {text} AS word, count({day}) AS days FROM {sample.table} WHERE {text} IS NOT NULL GROUP BY ALL ORDER BY 1"
    own = {**state.get("map", {})}
    return [str(word) for word, days in engine.rows(rows) if not days and (own.get(word) or status_of(str(word))) == "placed"]
