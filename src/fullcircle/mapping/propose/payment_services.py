"""Settlement files of payment services (Klarna, Adyen, Mollie): sales, returns, fees and payouts. Start at `with_services`.

A row that names an order of the shop is a payment of it, or a refund; fees, payouts and the like are nobody's money. The buyer is
that of the order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.documents import is_of_service, meaning_of
from fullcircle.mapping.propose.grain import is_money_text, is_order_word
from fullcircle.mapping.propose.guess import columns_of, plain
from fullcircle.mapping.propose.items import date_of
from fullcircle.mapping.propose.kinds_of_rows import says_kind
from fullcircle.mapping.propose.links import link
from fullcircle.mapping.propose.paid_elsewhere import NOTE, says_itself
from fullcircle.mapping.propose.planner import LIKELY, Planner, Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import negative, refund_column
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.values_of import values_of
from fullcircle.mapping.propose.words import LOOK

REFERENCE = re.compile(
    r"^((merchant|shop|store|seller|external|customer|order)_)?(reference|ref|order)(_?(id|no|nr|number|\d))?$"
)
TEXT = re.compile(r"^(description|beschreibung|omschrijving|memo|verwendungszweck|payment_description|concept|libelle)$")
SALE = re.compile(
    r"(sale|sold|capture|captured|settled|payment|charge|purchase|order|sent for settle|verkauf|zahlung|vente|venta|verkoop)s?"
)
SERVICE = re.compile(
    r".*\b(fees?|payouts?|merchantpayout|commissions?|tax|vat|holdback|release|reserve\w*|balance ?transfer|invoice ?deduction"
    r"|deposit ?correction|misc ?costs|top ?up|transfer|withdrawal|interest|adjustment|correction)\b.*"
)
AMOUNT = re.compile(
    r"^(gross_|total_|transaction_|sale_)?(amount|betrag|bedrag|montant|importe|importo|gross|brutto)(_gross|_gc)?$"
)
IN, OUT = re.compile(r"^gross_credit(_gc)?$"), re.compile(r"^gross_debit(_gc)?$")
CODE = re.compile(r"^(gross_|transaction_|payment_|sale_)?(currency|wahrung|waehrung|devise|valuta|moneda)(_code)?$")
ENOUGH = 0.5  # of the references are orders of the shop: others are of another shop, or older


def with_services(planner: Planner, made: list[Proposed]) -> None:
    """Read the objects that are nothing known as payments, where their rows name orders and say how these were paid."""
    for place, one in enumerate(made):
        if not one.maps and planner.role(one.sample) is None and id(one.sample) not in planner.bought:
            made[place] = _settlement(planner, one, made) or one


def _settlement(planner: Planner, bare: Proposed, made: Sequence[Proposed]) -> Proposed | None:
    sample, engine = bare.sample, planner.engine
    if engine is None or not sample.table:
        return None
    named, amount = _orders(planner, sample, made), _amount(sample)
    kind, meant = _kinds(engine, sample)
    refunded = refund_column(sample, list(sample.facts))
    if named is None or not amount or not (kind or refunded):
        return None
    column, reference, other = named
    orders = next(each for each in other.maps if each.to == "orders")
    near = other.sample.source == sample.source
    ref = other.sample.name if near else f"{other.sample.source}.{other.sample.name}"
    fields: dict[str, Rule] = {"pays": {**reference, "ref": ref}, "kind": {"value": "payment"}, "amount": amount, **_rest(sample)}
    out = Proposed(sample, "payments of a payment service", LIKELY)
    where = ""
    if kind:
        back = f"{text_of(kind)} IN ({', '.join(map(literal, meant['back'])) or 'NULL'})"
        where = f"{text_of(kind)} IN ({', '.join(map(literal, [*meant['sale'], *meant['back']]))})"
        if meant["back"]:
            given = negative(engine, sample, str(amount["field"]))["sql"] if "field" in amount else f"({amount['sql']})"
            own = text_of(str(amount["field"])) if "field" in amount else f"({amount['sql']})"
            fields["amount"] = {"sql": f"CASE WHEN {back} THEN {given} ELSE {own} END"}
            out.evidence.append(f"{kind}: {', '.join(meant['back'])} give money back")
        if meant["service"]:
            out.evidence.append(f"{kind}: {', '.join(meant['service'])} are of the payment service, and nobody's money: left out")
        if meant["unknown"]:
            out.notes.append(f"{LOOK}{kind}: what {', '.join(meant['unknown'])} means is not known: these rows are left out")
    if own_sums := says_itself(orders):
        fields.pop("pays")
        out.notes.append(f"{LOOK}{NOTE} {ref}, where {own_sums} says itself what was paid, or is owed: they add to nothing")
    out.maps.append(ProposedMap("interactions", fields, where=where))
    key = next(
        (name for name in sample.facts if plain(name) in {"id", "payment_id", "transaction_id"} and sample.unique(name)), ""
    )
    if key:
        fields["key"] = {"field": key}
    if refunded and key and not (meant["back"] if kind else []):
        some = f"regexp_matches({text_of(refunded)}, '[1-9]')"
        gave: dict[str, Rule] = {**fields, "key": {"sql": f"{text_of(key)} || '-refund'"}}
        gave |= {"amount": negative(engine, sample, refunded), "status": {"value": "refunded"}}
        out.maps.append(ProposedMap("interactions", gave, where=some))
        out.evidence.append(f"{refunded}: what was given back of a payment")
    out.evidence.append(f"{column}: names orders in {other.sample.name}: the rows are payments of these, and refunds")
    used = f"{[each.fields for each in out.maps]}{where}"
    out.left = [name for name in sample.facts if f"{name!r}" not in used and f'"{name}"' not in used]
    return out


def _orders(planner: Planner, sample: Sample, made: Sequence[Proposed]) -> tuple[str, Rule, Proposed] | None:
    """The column that names orders, the rule for their key, and the object of these orders."""
    able = []
    for other in made:
        key = next((str(one.fields.get("key", {}).get("field", "")) for one in other.maps if one.to == "orders"), None)
        key = key or ("".join(other.sample.found.key[:1]) if key is not None else "")
        for name in sample.facts if key and other.sample is not sample else ():
            if not (REFERENCE.search(plain(name)) or TEXT.search(plain(name)) or is_order_word(name)):
                continue
            last = f"ltrim(regexp_extract({text_of(name)}, '(\\S+)$', 1), '#')"
            for rule, sql in (({"field": name}, ""), ({"sql": last}, last)):
                found = link(planner.engine, sample, name, other.sample, key, sql)
                if found.hits > 1 and found.hits >= ENOUGH * found.of:
                    able.append((found.hits / found.of, found.hits, not sql, name, rule, other))
    if not able:
        return None
    *_, name, rule, other = max(able, key=lambda each: each[:3])
    return name, rule, other


def _amount(sample: Sample) -> Rule:
    """The rule of the sum that a buyer paid, before fees; without a rule where no column has it."""
    names = {plain(name): name for name, facts in sample.facts.items() if is_money_text(facts)}
    came, gone = (next((name for word, name in names.items() if each.search(word)), "") for each in (IN, OUT))
    if came and gone:
        return {"sql": f"CASE WHEN regexp_matches({text_of(came)}, '[1-9]') THEN {text_of(came)} ELSE '-' || {text_of(gone)} END"}
    found = next((name for word, name in names.items() if AMOUNT.search(word)), "")
    return {"field": found} if found else {}


def _kinds(engine: Engine, sample: Sample) -> tuple[str, dict[str, list[str]]]:
    """The column that says what each row is, and its words by what they mean; "" without one."""
    for name, facts in sample.facts.items():
        if not says_kind(name, facts):
            continue
        meant: dict[str, list[str]] = {"sale": [], "back": [], "service": [], "unknown": []}
        for word in values_of(engine, sample, name):
            meant[_meaning(word)].append(word)
        if meant["sale"] and (meant["back"] or meant["service"]):
            return name, meant
    return "", {}


def _meaning(word: str) -> str:
    text = re.sub(r"[_\W]+", " ", word.lower()).strip()
    if is_of_service(text) or SERVICE.fullmatch(text):
        return "service"
    if meaning_of(text) == "credit" or text in {"refunded", "returned"}:
        return "back"
    return "sale" if SALE.fullmatch(text) else "unknown"


def _rest(sample: Sample) -> dict[str, Rule]:
    """The day, the currency and the state of a payment."""
    columns = columns_of(sample.found, "orders", sample.facts)
    day = next((name for name in sample.facts if plain(name) in {"capture_date", "creation_date", "date"}), "")
    day = day or columns.get("ordered_at", "") or date_of(sample)
    code = next((name for name in sample.facts if CODE.search(plain(name))), "") or columns.get("currency", "")
    found = {"at": day, "currency": code, "status": columns.get("status", "")}
    return {name: {"field": column} for name, column in found.items() if column}
