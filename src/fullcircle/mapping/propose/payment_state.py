"""A second column that says whether an order was paid, beside that of its delivery: what is owed is decided by the payment.

`status_description` says delivered, `cleared_description` says reminded. Start at `with_payment_state`.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import rule_sql
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.status_column import MOST_WORDS, MOSTLY, PART_PAID, PARTLY
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.status import is_unpaid, status_of
from fullcircle.mapping.status import plain as plain_word
from fullcircle.model.statuses import GIVEN_BACK, UNPAID

OF_PAYMENT = re.compile(
    r"clear(ed|ing)|payment|paid|financial|settle|zahlung|zahl_?status|bezahl|paiement|paye|reglement|pago|pagad|cobro|pagament|pagat|betaal"
    r"|betal(?!sat|me)|maksu|platnos|zaplac|platb|uhraz|fizet|plata|placanj|odeme|оплат|πληρωμ|支払|入金|付款|결제|thanh_toan"
)
NO_STATE = re.compile(
    r"(^|_)(method|type|art|date|datum|id|amount|by|at|on|terms|gateway|provider|means|mode|description_text)(_|$)"
)
NOT_YET = re.compile(
    r"offen|open|outstanding|due|ausstehend|en attente|impay\w*|abiert[oa]|apert[oa]|openstaand|aben|oppen"
    r"|otevren[ao]?|nieoplacon\w*"
)
CONFIRMED = re.compile(  # what is so called is no mere request: if its payment is pending, it is owed
    r"confirm|conferm|bestatig|bevestig|potwierdz|potvr|bekraft|bekreft|vahvist|onayl|megerosit|visszaigazol|подтвер"
    r"|підтвер|потвърд|επιβεβαι|確認済|确认|確認|확정|xac nhan|placed|booked|reserved|approved|accepted|gebucht"
    r"|reserviert|angenommen|angemeldet|genehmigt|geboekt|gereserveerd|prenotat|approvat|accettat|reservad|aprobad"
    r"|aceptad|aprovad|aceit|accepte|approuve|valide|validad|bokad|bokat|booket|bestilt|reserveret|reservert|varattu"
    r"|zarezerwowan|rezervovan|objednan|foglalt|rezervat|rezervirano|attended|checked in"
)
FIRST = ("cancelled", "draft", *GIVEN_BACK)  # what the other column says of these stays


def with_payment_state(
    engine: Engine | None, sample: Sample, orders: ProposedMap, used: Collection[str]
) -> tuple[str, list[str]]:
    """Read the state of the payment beside the status; its column ("" without one), and sentences."""
    rule = orders.fields.get("status", {})
    first = str(rule.get("field", ""))
    if engine is None or not sample.table or first not in sample.facts or OF_PAYMENT.search(plain(first)):
        return "", []
    for name, facts in sample.facts.items():
        word = plain(name)
        if name in used or name == first or not OF_PAYMENT.search(word) or NO_STATE.search(word) or is_staff(name):
            continue
        if not 1 < facts.distinct <= MOST_WORDS or facts.number > 0.2 or facts.email or facts.longest > 60:
            continue
        known = _meanings(_words(engine, sample, name))
        read = {one: means for one, means in known.items() if means}
        if len(read) < MOSTLY * len(known) or not {"paid", UNPAID, PART_PAID} & {*read.values()}:
            continue
        own = {**rule.get("map", {})}
        stays = [one for one in _words(engine, sample, first) if (own.get(one) or status_of(one)) in FIRST]
        kept = f"WHEN {text_of(first)} IN ({', '.join(map(literal, stays))}) THEN {rule_sql(rule)} " if stays else ""
        owed = _owed(engine, sample, first, rule), [one for one, means in read.items() if means == "pending"]
        if all(owed):
            here = " AND ".join(
                f"{text_of(of)} IN ({', '.join(map(literal, few))})" for of, few in zip((first, name), owed, strict=True)
            )
            kept += f"WHEN {here} THEN {literal(UNPAID)} "
        says = " ".join(f"WHEN {text_of(name)} = {literal(one)} THEN {literal(means)}" for one, means in read.items())
        orders.fields["status"] = {"sql": f"CASE {kept}{says} ELSE {rule_sql(rule)} END"}
        orders.fields.setdefault("status_raw", {"sql": f"concat_ws(', ', {text_of(first)}, {text_of(name)})"})
        said = [f"{name} says whether an order was paid, and so what is owed of it; {first} says the rest"]
        unread = [one for one, means in known.items() if not means]
        said += [f"{LOOK}{name}: what {', '.join(unread)} mean is not known: {first} decides there"] if unread else []
        return name, said
    return "", []


def _owed(engine: Engine, sample: Sample, first: str, rule: Rule) -> list[str]:
    """The words of the status of an order that is surely placed, or done: its payment is owed until it comes."""
    own = {**rule.get("map", {})}
    means = {one: own.get(one) or status_of(one) for one in _words(engine, sample, first)}
    return [
        one for one, of in means.items() if of == "shipped" or (of in {"placed", "paid"} and CONFIRMED.search(plain_word(one)))
    ]


def _meanings(words: Collection[str]) -> dict[str, str]:
    """What the words of a column say of the payment; "" for those that are not known. What is open is owed."""
    found = {}
    for word in words:
        text = plain_word(word)
        means = status_of(word) or ""
        if PARTLY.search(text) and means != "refunded":
            means = PART_PAID if means in {"placed", "paid", "pending"} else ""
        elif NOT_YET.fullmatch(text) or is_unpaid(word, {}):
            means = UNPAID
        elif means in {"shipped", "placed"}:
            means = ""
        found[word] = means
    return found


def _words(engine: Engine, sample: Sample, name: str) -> list[str]:
    rows = engine.rows(f"SELECT DISTINCT {text_of(name)} AS v FROM {sample.table} WHERE v IS NOT NULL ORDER BY 1 LIMIT 40")
    return [str(word) for (word,) in rows]
