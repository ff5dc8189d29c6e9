"""The status of orders where no header names it: a column with few different values, most of which are words for a status.

`Stato`, `statusName`, `Durum`: the values say it in all languages that the mapping speaks. Start at `status_column`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from functools import cache
from typing import Any

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.shipped import shipped
from fullcircle.mapping.status import plain as plain_word
from fullcircle.mapping.status import status_of
from fullcircle.model.statuses import UNPAID

NOT_STATUS = re.compile(
    r"(^|_)(method|type|typ|kind|mode|carrier|gateway|provider|channel|source|tags?|note|notes|category|product|item|subscribed|consent"
    r"|newsletter|marketing|name|city|country|verified|methode|zahlungsart|versandart)(_|$)"
)
SAYS_STATE = re.compile(  # so called, the words of few rows may all differ
    r"(^|_)(state|status|statut|etat|estado|stato|estatus|situac\w+|zustand|stav|stan|tila|durum\w*|allapot|stare|статус|состояние|стан)(_|$)"
    r"|status$|zustand$|(状況|状態|ステータス|状态|狀態|상태)$"
)
INVOICE = re.compile(
    r"(^|_)(invoices?|\w*rechnung\w*|beleg\w*|factures?|facturas?|fattur[ae]|faturas?|faktur\w*|factu(ur|ren)\w*|bills?"
    r"|szamla\w*|lasku\w*|счета?|рахун\w*|請求書?|发票|發票|청구서?|estimate|statement|honorarnote\w*|recibos?|parcelas?)(_|$)"
)
SENT = {
    "sent", "viewed", "envoyee", "envoye", "versendet", "verzonden", "inviata", "inviato", "enviada", "enviado", "wyslana",
    "odeslana", "sendt", "skickad", "lahetetty", "gonderildi",
}  # fmt: skip
PAID = re.compile(  # the words that say of an invoice that it was paid
    r"^(fully |voll |vollstandig |totalmente |integralement )?(paid|paid in full|settled|bezahlt|beglichen|ausgeglichen|payee?"
    r"|reglee?|acquittee?|encaissee?|pagad[oa]|cobrad[oa]|pagat[oa]|saldat[oa]|incassat[oa]|pag[oa]|liquidad[oa]|quitad[oa]|recebid[oa]|betaald"
    r"|voldaan|betalt|betald|inbetald|maksettu|oplacon[aey]|zaplacon[aey]|zaplacen[ao]?|uhrazen[ao]?|kifizetve|fizetve|kiegyenlitve"
    r"|platita?|achitata?|incasata?|placeno|odendi|оплачен[аоы]?|сплачен[аое]?|платена|πληρω\w*|εξοφλ\w*|入金済み?|支払い?済み?"
    r"|已付款?|已支付|已收款|결제 ?완료|입금 ?완료|납부 ?완료)$"
)
PARTLY = re.compile(  # of an invoice: paid in part
    r"partial|partially|part|in part|teilweise|partiell?e?|partiellement|parcial|parcialmente|parziale|parzialmente|gedeeltelijk"
    r"|deels|delvist?|osittain|czesciowo|czesciowa|castecne|castecna|ciastocne|reszben|partiala|djelomicno|kismi|частично|частково|μερικως"
)
LETTERED = {"estatus", "estatus_documento", "estatus_del_documento"}
LETTERS = {"E": "placed", "C": "cancelled"}  # emitida, cancelada
SALE_LETTERS = {"I": "placed", "O": "placed", "Q": "draft"}  # of a `Sale Status`: invoice, order, quote
PART_PAID = "partially paid"
MOST_WORDS = 15
MOSTLY = 0.6  # of the different values must be words for a status


def status_column(engine: Engine | None, sample: Sample, free: Collection[str]) -> str:
    """The column whose values are statuses; "" if there is none, or more than one that is as good."""
    if engine is None or not sample.table:
        return ""
    best: list[tuple[float, str]] = []
    for name in free:
        facts = sample.facts[name]
        most = facts.filled if SAYS_STATE.search(plain(name)) else max(1, facts.filled // 2)
        few = 0 < facts.distinct <= min(MOST_WORDS, most) and facts.longest <= 40
        if not few or facts.number > 0.2 or facts.email or is_staff(name) or NOT_STATUS.search(plain(name)):
            continue
        known = [status_of(value) is not None for value in _words(engine, sample, name)]
        if sum(known) >= MOSTLY * len(known):
            best.append((sum(known) / len(known) + ("stat" in plain(name)), name))
    best.sort(reverse=True)
    return best[0][1] if best and (len(best) == 1 or best[0][0] > best[1][0]) else ""


def status_rule(engine: Engine | None, sample: Sample, name: str) -> dict[str, Any]:
    """The rule for a status; of an invoice that was sent, the goods need not have been, and beside paid ones it was not paid."""
    if engine is not None and sample.table and name in sample.facts and (letters := _of_letters(engine, sample, name)):
        return {"field": name, "map": letters}
    about = [plain(name), plain(sample.name), *(plain(each.name) for each in sample.found.fields)]
    if engine is None or not sample.table or name not in sample.facts or not any(INVOICE.search(one) for one in about):
        return {"field": name}
    if sample.facts[name].distinct > MOST_WORDS:
        return {"field": name}
    values = _words(engine, sample, name)
    paid = any(PAID.search(plain_word(value)) for value in values)
    out = _out() if paid else {plain_word(one) for one in SENT}
    means = {value: UNPAID if paid else "placed" for value in values if plain_word(value) in out}
    means |= {value: PART_PAID for value in values if PARTLY.fullmatch(plain_word(value))}
    return {"field": name, "map": means} if means else {"field": name}


def with_out(engine: Engine, sample: Sample, rule: dict[str, Any]) -> dict[str, Any]:
    """The rule, where words say that an invoice is out: what was paid of it is known by its payments."""
    if "field" not in rule or rule["field"] not in sample.facts or sample.facts[rule["field"]].distinct > MOST_WORDS:
        return rule
    values = _words(engine, sample, rule["field"])
    means = {value: UNPAID for value in values if plain_word(value) in _out() and status_of(value) is None}
    return {**rule, "map": {**means, **rule.get("map", {})}} if means else rule


def _of_letters(engine: Engine, sample: Sample, name: str) -> dict[str, str]:
    """What single letters mean where the header is `Estatus` (emitida, cancelada), or that of a sale (invoice, order, quote)."""
    if plain(name) in {"sale_status", "sales_status", "sale_state"} and sample.facts[name].longest == 1:
        of_sales = _words(engine, sample, name)
        return {value: SALE_LETTERS[value] for value in of_sales} if {*of_sales} <= SALE_LETTERS.keys() else {}
    if plain(name) not in LETTERED or sample.facts[name].longest != 1:
        return {}
    values = _words(engine, sample, name)
    return {value: LETTERS[value] for value in values} if {*values} <= LETTERS.keys() and "E" in values else {}


@cache
def _out() -> frozenset[str]:
    """The words that say of an invoice beside paid ones that it is out, in all languages."""
    return frozenset(map(plain_word, tomllib.loads(shipped("statuses.toml"))["out"]))


def _words(engine: Engine, sample: Sample, name: str) -> list[str]:
    return [
        str(value)
        for (value,) in engine.rows(f"SELECT DISTINCT {quoted(name)} AS v FROM {sample.table} WHERE v IS NOT NULL ORDER BY 1")
    ]
