"""Credit notes, offers, promises among sales, where a column says what each row is: `Belegart`, `Rodzaj`, `Gift Type`.

A credit note has a positive amount in most books, and would count as a sale; offers and pledges are not sales yet, and a soft
credit or a tax receipt are not money at all. The words are in data/documents.toml. Start at
`with_documents`, and for objects that are nothing but pledges at `with_promises`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.guess import plain, singular, words
from fullcircle.mapping.propose.kinds_of_rows import says_kind
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import negative, rule_sql
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.status_column import INVOICE
from fullcircle.mapping.propose.values_of import values_of
from fullcircle.mapping.propose.words import UNSPACED
from fullcircle.mapping.shipped import shipped
from fullcircle.mapping.status import status_of

BARE = frozenset(
    ["type", "kind", "typ", "class", "category", "art", "soort", "tipo", "genre"]
)  # of what, they do not say: a `Return` may be of a train
AMBIGUOUS = re.compile(
    r"returns?|retour|reso|offers?|offert|oferta|offertes?|tilbud|estimates?"
    r"|transfers?( in| out)?|legs|commitments?|cautions?|fk|wz|kp|abono|legat|proposta|proposals?"
)
MEANINGS = {  # part of data/documents.toml -> the status of such rows, and what that means
    "credit": ("refunded", "refunds of a negative amount"),
    "offer": ("draft", "no sales yet"),
    "promise": ("pending", "promises, which count once they are paid"),
    "given_up": ("cancelled", "given up, so nothing was spent"),
    "cancelled": ("cancelled", "cancelled, so nothing was spent"),
    "none": ("draft", "no money that the customer spent"),
}
FIRST = ("none", "given_up", "cancelled", "credit", "promise", "offer")  # of several that fit a word, the first


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads(shipped("documents.toml"))
    found = {}
    for name, given in data.items():
        spaced = [word for word in given if not UNSPACED.search(word)]
        run = [word for word in given if UNSPACED.search(word)]  # words that are run into one another: `売上返品`
        found[name] = re.compile(rf"(?<!\w)({'|'.join(spaced)})(?!\w)" + (f"|{'|'.join(run)}" if run else ""))
    return found


def meaning_of(word: str) -> str:
    """Which of MEANINGS a word for the kind of a row has; "" for a sale, or a word that is not known."""
    text = unicodedata.normalize("NFC", word.strip().lower()).replace("i\u0307", "i").replace("_", " ")
    if _patterns()["way"].fullmatch(text):
        return ""
    found = next((name for name in FIRST if name in _patterns() and _patterns()[name].search(text)), "")
    if not found and len(text.split()) == 1 and status_of(text) == "cancelled":
        return "cancelled"  # `Anulada` among `Venta` and `Devolución`
    if found in {"promise", "offer"} and _patterns()["payment"].search(text):
        return ""
    return found


def is_paid_beside(word: str, others: Collection[str]) -> bool:
    """True for a gift whose payments are rows of their own: `Recurring Donation` beside `Recurring Donation Payment`.

    Of invoices and orders the payments are left out, and not these: settlements.py.
    """
    whole, sales = _words_in(word), {*words()["tables"]["orders"]} - {*words()["giving"]["words"]}
    if INVOICE.search(plain(word)) or any(singular(one) & sales for one in whole):
        return False
    rest = [[one for one in _words_in(other) if not _patterns()["payment"].fullmatch(one)] for other in others if other != word]
    return bool(whole) and whole in rest and not any(_patterns()["payment"].fullmatch(one) for one in whole)


def _words_in(word: str) -> list[str]:
    return re.findall(r"\w+", word.lower().replace("_", " "))


def is_of_service(word: str) -> bool:
    """True for the fee of a payment service, or what it pays out to the company: no payment of a customer."""
    return bool(_patterns()["service"].fullmatch(word.strip().lower()))


def with_documents(
    engine: Engine | None, sample: Sample, maps: Sequence[ProposedMap], used: set[str], payments: bool = False
) -> list[str]:
    """Make credit notes refunds, and take out what is not a sale; sentences for the reader. The column that says it is used.

    `payments`: the rows are payments, among which are the fees of the payment service.
    """
    orders = next((one for one in maps if one.to == "orders"), None)
    for column, facts in sample.facts.items() if engine and sample.table and orders else ():
        if column in used or not says_kind(column, facts):
            continue
        means = {word: meaning_of(word) for word in values_of(engine, sample, column)}  # type: ignore[arg-type]
        if plain(column) in BARE:
            means = {word: "" if AMBIGUOUS.fullmatch(word.strip().lower()) else one for word, one in means.items()}
        if payments:
            means = {word: "none" if is_of_service(word) else one for word, one in means.items()}
        means |= dict.fromkeys((word for word in means if not means[word] and is_paid_beside(word, means)), "promise")
        kinds = {kind: [word for word, one in means.items() if one == kind] for kind in FIRST if kind in means.values()}
        if kinds:
            _say(engine, sample, orders, column, kinds, f"{GIVEN_UP}|{DRAFT}|{AWAITED}" if payments else f"{GIVEN_UP}|{DRAFT}")  # type: ignore[arg-type]
            used.add(column)
            return [f"{column}: rows of the kind {', '.join(found)} are {MEANINGS[kind][1]}" for kind, found in kinds.items()]
    return []


def _say(engine: Engine, sample: Sample, orders: ProposedMap, column: str, kinds: Mapping[str, Sequence[str]], kept: str) -> None:
    """The status of such rows, with the word for their kind as that of the source; what is given back is a negative amount.

    `kept`: a pattern for the words of a status that say more than the kind.
    """
    rule = orders.fields.get("status", {})
    known, raw = (rule_sql(rule), rule_sql({**rule, "map": {}})) if rule else ("NULL", "NULL")
    those = {kind: f"{text_of(column)} IN ({', '.join(map(literal, found))})" for kind, found in kinds.items()}
    if "status_raw" not in orders.fields:
        every = " OR ".join(those.values())
        orders.fields["status_raw"] = {"sql": f"CASE WHEN {every} THEN {text_of(column)} ELSE {raw} END"}
    gone = f"regexp_matches(lower(coalesce({known}, '')), {literal(kept)})"
    cases = " ".join(f"WHEN {sql} THEN '{MEANINGS[kind][0]}'" for kind, sql in those.items())
    orders.fields["status"] = {"sql": f"CASE WHEN {gone} THEN {known} {cases} ELSE {known} END"}
    amount = orders.fields.get("amount", {}).get("field", "")
    if "credit" in those and amount in sample.facts:
        orders.fields["amount"] = {
            "sql": f"CASE WHEN {those['credit']} THEN {negative(engine, sample, amount)['sql']} ELSE {text_of(amount)} END"
        }


GIVEN_UP = (
    "cancel|annul|storn|anul|zru[sš]|declin|fail|written|write|void|lapse|drop|default|withdrawn|refus|abgeschrieben"
    "|abandon|anulad|annull|geannuleerd"
)
AWAITED = (
    "pending|await|request|queued|in progress|ausstehend|beantragt|en attente|pendiente|in attesa|pendente|openstaand|afventer"
    "|venter|vantar|oczekuj"
)
DRAFT = "draft|entwurf|brouillon|borrador|bozza|rascunho|szkic|koncept"


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
