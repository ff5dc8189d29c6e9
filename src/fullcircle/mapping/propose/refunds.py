"""A column that says how much of an order was given back: a second map makes refunds of it. Start at `with_refund`.

What was given back whole makes the order `refunded`; of a part, the order stays a sale and a refund of that amount is beside
it, an order of a negative amount with the key `<order>-refund`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.grain import is_money_text, number_in, number_in_column
from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.status import status_of

REFUNDED = re.compile(
    r"^((total|amount|order|money|sum|partial)_)*(refund|refunds|refunded|refund_total|returned_amount)(_(amount|total|value|sum|price|gross))*$"
    r"|^(erstattet|erstattung|erstattungsbetrag|erstatteter_betrag|rueckerstattung|rembourse|montant_rembourse|remboursement"
    r"|refunderet|refundert|refunderat|tilbagebetalt|tilbakebetalt|aterbetalt|aterbetalat|hyvitetty|palautettu|terugbetaald|zwrocono|vraceno"
    r"|visszateritve|rambursat|estornado|devuelto|devolvido|reso|iade_edilen|возвращено|повернено|返金額"
    r"|importe_reembolsado|reembolso|reembolsado|valor_reembolsado|importo_rimborsato|rimborso|terugbetaald_bedrag)$"
    r"|^(refunded|returned|credited)_(amount|total|value|sum)$"
    r"|^((belob|belop|belopp|betrag|bedrag|summe|summa|kwota|wartosc|castka|osszeg|suma|iznos|tutar|montant|importe|importo|valor|monto|total|сумма|сума)_)"
    r"((de|du|del|della|di|do|da|der|af|av)_)?(refunderet|refundert|refunderat|tilbagebetalt|tilbakebetalt|aterbetalt|aterbetald|erstattet|zuruckerstattet"
    r"|erstattung|rembourse|remboursement|reembolsado|reembolsada|reembolso|devuelto|devolvido|devolucion|estornado|estorno|rimborsato|rimborso|terugbetaald"
    r"|hyvitetty|palautettu|zwrotu|zwrocona|zwrocono|vraceni|vracena|visszaterites|visszateritett|rambursata|rambursat|povrata|iade|возврата|повернення)$"
    r"|^(refusionsbelob|erstattungssumme|ruckerstattungsbetrag|hyvityssumma|palautussumma|iade_tutari|返金額|返品額|退款金额|退款金額|환불금액|환불액)$"
)
STATE = re.compile(
    r"(^|_)(status\w*|state|statut|stato|estado|situacao|zustand|stan|stav|tila|durum|durumu|allapot|статус|стан|κατασταση)(_|$)"
)
OPEN = re.compile(  # the state of a return of which nothing was given back yet
    r"(new|open|opened|requested|created|submitted|received|approved_for_return|in_transit|awaiting\w*|neu|offen|eroffnet|beantragt|angefragt|angemeldet|nouveau"
    r"|nouvelle|ouvert|ouverte|demande|demandee|nuevo|nueva|abierto|abierta|solicitado|solicitada|nuovo|aperto|aperta|richiesto|richiesta|novo|aberto|aberta"
    r"|solicitada|nieuw|aangevraagd|aangemeld|aben|apen|oppen|oppet|ny|oprettet|opprettet|anmodet|skapad|avoin|uusi|nowy|nowe|otwarty|otwarte|zgloszone"
    r"|zgloszony|otevrena|otevreno|nova|novy|uj|nyitott|noua|deschis|yeni|acik|новый|новая|открыт|открыта|нове|новий|відкрито|ανοικτη|νεα|受付|新規|待处理|접수)"
)
FLAGS = {
    "refunded": re.compile(r"^(is_|was_)?(fully_)?(refunded|erstattet|rembourse|reembolsado|rimborsato)$"),
    "cancelled": re.compile(
        r"^(is_|was_)?(cancelled|canceled|voided|void|written_off|no_?show|did_not_arrive|did_not_attend|dna|nicht_erschienen"
        r"|abgesagt|storniert|ausgebucht|abgeschrieben|annule|cancelado|anulado|annullato)$"
    ),
    "returned": re.compile(r"^(is_|was_)?(returned|retourniert|retourne|devuelto|devolvido|reso)$"),
    "draft": re.compile(
        r"^(is_|was_)?(a_)?(soft_credit|soft_credited|pledge|pledged|planned_gift|quote|estimate|pro_?forma|in_kind|gift_in_kind"
        r"|matching_gift|angebot|zusage|devis|presupuesto|preventivo|orcamento|offerte|entwurf|draft)$"
    ),
    "paid": re.compile(
        r"^(is_|was_|(price|order|invoice|bill|total|amount|booking|preis|betrag|rechnung|bestellung|buchung|prix|montant|facture|commande|precio|importe"
        r"|factura|pedido|prezzo|importo|fattura|ordine|preco|valor|fatura|prijs|bedrag|factuur|bestelling|belopp|faktura|belob|belop|lasku)_)?"
        r"(fully_)?(paid|settled|bezahlt|beglichen|paye|payee|regle|pagado|pagada|pago|pagato|saldato|betaald|betald|betalt|maksettu"
        r"|oplacon[eayo]|zaplacon[eayo]|zaplaceno|uhrazeno|fizetve|kifizetve|platita?|achitata?|placeno|odendi|оплачен[оа]?|сплачено|платено|入金済)$"
    ),
    "posted": re.compile(  # in the books; a paper that is not is a draft
        r"^(is_|was_)?(posted|finali[sz]ed|gebucht|verbucht|comptabilise|comptabilisee|contabilizad[oa]|contabilizzat[oa]|bokford|bogfort|bokfort"
        r"|zaksiegowan[aeoy]|zauctovan[aoey]|konyvelve|проведен[ао]?|проводен[оа]?)$"
    ),
}
TIMES = {  # when it was done; orders without a time were not
    "refunded": re.compile(
        r"^(refunded|refund|erstattet|rembourse)_(at|on|date|time|am|le)$|^date_refunded$|^fecha_(de_)?reembolso$"
    ),
    "cancelled": re.compile(
        r"^(cancelled|canceled|voided|cancellation)_(at|on|date|time)$|^date_cancell?ed$|^(storniert|annulliert|annule)_(am|le)$"
        r"|^stornodatum$|^date_(d_)?annulation$|^fecha_(de_)?(anulacion|cancelacion)$|^data_(di_)?annullamento$|^annuleringsdatum$"
    ),
}
YES = (
    "'true', 't', 'yes', 'y', '1', 'x', 'ja', 'j', 'oui', 'si', 'sí', 'sì', 'sim', 'tak', 'ano', 'áno', 'igen', 'kyllä', 'evet', "
    "'da', 'да', 'так', 'ναι', '是', 'はい', '예'"
)
NO = (
    "'false', 'f', 'no', 'n', '0', 'nein', 'non', 'nao', 'não', 'nej', 'nei', 'nee', 'nie', 'ne', 'nem', 'ei', 'hayır', 'nu', "
    "'нет', 'ні', 'όχι', '否', 'いいえ', '아니요'"
)
YES_NO = f"{YES}, {NO}"
MOST_STATES = 25
NO_SALE = (
    "'refunded', 'cancelled', 'canceled', 'voided', 'void', 'erstattet', 'storniert', 'rembourse', 'reembolsado', 'rimborsato'"
)


def refund_column(sample: Sample, names: Sequence[str]) -> str:
    """Which of the columns says how much was given back; "" if none does, or nothing was."""
    for name in names:
        if REFUNDED.search(plain(name)) and is_money_text(sample.facts.get(name)):
            return name
    return ""


def flag_column(engine: Engine | None, sample: Sample, names: Sequence[str]) -> tuple[str, str]:
    """A column of yes and no that says that an order was refunded or cancelled, and the status it means; else twice ""."""
    for name in names:
        facts, meant = sample.facts.get(name), _status_of_flag(plain(name))
        if meant and facts and facts.filled and facts.distinct <= 2 and engine and sample.table:
            said = f"lower({text_of(name)}) IN ({YES_NO})"
            if engine.value(f"SELECT coalesce(bool_and({said}), false) FROM {sample.table} WHERE {text_of(name)} IS NOT NULL"):
                return name, meant
        when = next((status for status, known in TIMES.items() if known.search(plain(name))), "")
        if when and facts and 0 < facts.filled < sample.rows and facts.date >= 0.9 and not refund_column(sample, names):
            return name, when
    return "", ""


def _status_of_flag(name: str) -> str:
    """The status that a yes in a column of this name means; "" if none."""
    return next((status for status, known in FLAGS.items() if known.search(name) or name in words()["flags"].get(status, ())), "")


def with_flag(orders: ProposedMap, column: str, status: str, answer: str = YES) -> None:
    """The orders for which the column says yes, or another answer, have the status."""
    known = rule_sql(orders.fields["status"]) if "status" in orders.fields else "NULL"
    said = f"lower({text_of(column)}) IN ({answer})"
    if any(each.search(plain(column)) for each in TIMES.values()):
        said = f"{text_of(column)} IS NOT NULL"
    orders.fields["status"] = {"sql": f"CASE WHEN {said} THEN '{status}' ELSE {known} END"}


def with_no_payment(orders: ProposedMap, column: str) -> None:
    """Where a column of yes and no says that an order was not paid, nothing of it was, unless another column says how much."""
    known = f"{rule_sql(orders.fields['paid'])}, " if "paid" in orders.fields else ""
    orders.fields["paid"] = nothing_where(f"lower({text_of(column)}) IN ({NO})", known)


def nothing_where(condition: str, known: str = "") -> Rule:
    """The rule by which nothing was paid of orders of which a condition (SQL) is true; of others it says nothing.

    `known`: SQL that comes first, with a comma behind it.
    """
    return {"sql": f"coalesce({known}CASE WHEN {condition} THEN '0' END)"}


def says_only_nothing(rule: Rule) -> bool:
    """True for a rule that `nothing_where` made: it does not say how much was paid."""
    return str(rule.get("sql", "")).endswith("THEN '0' END)")


def with_refund(engine: Engine | None, sample: Sample, orders: ProposedMap, column: str) -> ProposedMap | None:
    """The map of the refunds; the status of the orders says whether all was given back. None if the orders have no key,
    or their amount is what is left."""
    key = orders.fields.get("key")
    if not key or _are_rows_too(engine, sample, orders, column):
        return None
    back = f"abs({number_in_column(engine, sample, column)})"
    some = f"{back} > 0"
    amount = orders.fields.get("amount", {}).get("field", "")
    if "refund" in plain(amount):  # `Total (- Refund)`: what was given back is taken off already
        return None
    status = rule_sql(orders.fields["status"]) if "status" in orders.fields else ""
    if amount:
        total = number_in_column(engine, sample, amount)
        orders.fields["status"] = {
            "sql": f"CASE WHEN {back} > 0 AND {back} >= {total} - 0.005 THEN 'refunded' ELSE {status or 'NULL'} END"
        }
        some += f" AND {back} < {total} - 0.005"
    some += f" AND lower(coalesce({status}, '')) NOT IN ({NO_SALE})" if status else ""
    given: dict[str, Rule] = {
        name: dict(orders.fields[name]) for name in ("record_id", "ordered_at", "channel", "currency") if name in orders.fields
    }
    fields: dict[str, Rule] = {
        "key": {"sql": f"{rule_sql(key)} || '-refund'"},
        **given,
        "status": {"value": "refunded"},
        "amount": negative(engine, sample, column),
    }
    return ProposedMap("orders", fields, where=" AND ".join(f"({one})" for one in (orders.where, some) if one))


def _are_rows_too(engine: Engine | None, sample: Sample, orders: ProposedMap, column: str) -> bool:
    """True if what was given back by the column is in rows of its own, too: negative ones, of the same sums. They count, once."""
    rule = orders.fields.get("amount", {})
    if engine is None or not sample.table or not rule:
        return False
    back = number_in_column(engine, sample, column)
    total = number_in_column(engine, sample, rule["field"]) if "field" in rule else number_in(rule_sql(rule))
    rows = f"SELECT DISTINCT round(abs({total}), 2) FROM {sample.table} WHERE {total} < 0"
    found, of = engine.rows(
        f"SELECT count(*) FILTER (round(abs({back}), 2) IN ({rows})), count(*) FROM {sample.table} "
        f"WHERE {total} > 0 AND {back} <> 0"
    )[0]
    return bool(of and found == of)


def with_state(engine: Engine | None, sample: Sample, orders: ProposedMap, column: str) -> list[str]:
    """A return that was refused, or of which nothing was given back yet, gives nothing back; sentences for the reader.

    `column` says so; where it is "", one that is called a state, `Status zwrotu`.
    """
    column = column or next((name for name, each in sample.facts.items() if STATE.search(plain(name)) and not each.date), "")
    if engine is None or not sample.table or column not in sample.facts or sample.facts[column].distinct > MOST_STATES:
        return []
    text = text_of(column)
    means: dict[str, list[str]] = {}
    for (word,) in engine.rows(f"SELECT DISTINCT {text} AS v FROM {sample.table} WHERE v IS NOT NULL ORDER BY 1"):
        meant = status_of(str(word))
        if meant not in {"cancelled", "draft", "pending"}:
            meant = "pending" if OPEN.fullmatch(plain(str(word))) else ""
        if meant:
            means.setdefault(meant, []).append(str(word))
    if not means:
        return []
    cases = " ".join(f"WHEN {text} IN ({', '.join(map(literal, known))}) THEN '{status}'" for status, known in means.items())
    orders.fields["status"] = {"sql": f"CASE {cases} ELSE 'refunded' END"}
    orders.fields["status_raw"] = {"field": column}
    return [
        f"{column}: of what is {', '.join(word for known in means.values() for word in known)} nothing was given back, or not yet"
    ]


def negative(engine: Engine | None, sample: Sample, column: str) -> Rule:
    """The rule of an amount that was given back, whichever sign it has."""
    text = text_of(column)
    signed = f"regexp_matches({text}, '^[^0-9]*[-−–(]|[-−–]$')"  # `$-2.00`, `2,00-` too
    if engine and sample.table and not engine.value(f"SELECT coalesce(bool_or({signed}), false) FROM {sample.table}"):
        return {"sql": f"'-' || {text}"}
    return {"sql": f"CASE WHEN {signed} THEN {text} ELSE '-' || {text} END"}


def rule_sql(rule: Rule) -> str:
    """SQL for the value of a rule of one column, of several, or of SQL; with its words for values, if it has such."""
    if rule.get("map"):
        own = rule_sql({**rule, "map": {}})
        cases = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in rule["map"].items())
        return f"CASE {own} {cases} ELSE {own} END"
    if "sql" in rule:
        return f"({rule['sql']})"
    if "fields" in rule:
        return f"concat_ws('{rule.get('join', ' ')}', {', '.join(text_of(name) for name in rule['fields'])})"
    return text_of(rule["field"]) if "field" in rule else f"'{rule.get('value', '')}'"
