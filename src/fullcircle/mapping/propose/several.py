"""Several e-mails, phones and addresses of one person: `E-mail 1 - Value`, `Work phone`, `Shipping City`. Each is one of theirs.

A column counts if its name is a word for an e-mail (phone, fax) with nothing but [qualifiers] of synonyms.toml around, and if
its values are such. What is somebody else's (`Spouse e-mail`) or cannot be known is left out, and the notes say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fullcircle.connectors.base import FoundObject
from fullcircle.mapping.propose.guess import ALL_FLAGS, USES, is_somebody_else, is_staff
from fullcircle.mapping.propose.repeated_headers import of_another
from fullcircle.mapping.propose.sample import Facts, Sample
from fullcircle.mapping.propose.words import base, languages, plain, spoken, words

FAX = ("fax", "faxnummer", "telefax", "fax_number", "факс", "faks", "ファックス", "传真", "傳真", "팩스", "φαξ")
PLACE = ("street", "city", "postcode", "region", "country")
MOST_UNLIKE = 0.5
NAMES_SOMEBODY = re.compile(
    r"_(contact|name|first_?name|last_?name|full_?name|attention|attn|vorname|nachname|nom|nombre|nome|naam)$"
)
OWN_ROWS = 20  # with one and the same address: fewer may be of one customer
BUYER = re.compile(
    r"(^|_)(billing|bill_to|bill|buyer|customer|rechnung|kunde|facturation|purchaser|payer|booker|lead_booker|besteller|comprador|acheteur|cliente"
    r"|klant|koper)(_|$)|^payment_(first|last|full|company|name|address|street|city|zip|post|country|zone|phone|email)|구매자|주문자|주문인|注文者|購入者|ご購入者|买家|買家|买方|订购人|訂購人|下单人"
)
RECEIVER = re.compile(
    r"(^|_)(recipient|receiver|shipping|ship|ship_to|delivery|deliver|liefer|lieferung|lieferadresse|livraison|envio|entrega|consegna"
    r"|consignee|empfaenger|destinataire|destinatario|ontvanger|bezorg|attendee|participant|ticket_holder|teilnehmer)(_|$)|수취인|수령인|받는|배송지|送付先|お届け先|届け先|受取人|収件人|收货人|收貨人|收件人"
)


@dataclass(frozen=True, slots=True)
class Further:
    """A column with a further value of a kind."""

    kind: str
    column: str


def further(found: FoundObject, facts: Mapping[str, Facts], leave: Iterable[str], rows: int) -> list[Further]:
    """The columns with further e-mails, phones and faxes of the person of a row."""
    here = spoken(found.name, tuple(each.name for each in found.fields))
    known = words(here)
    lists = {
        "email": {*known["columns"]["records"]["email"], *_of(here, "mail2"), *known["identifiers"]["email"]},
        "phone": {*known["columns"]["records"]["phone"], *_of(here, "mobile"), *_safe(known["identifiers"]["phone"], here)},
        "fax": {*FAX},
    }
    taken = {*leave, *of_another([each.name for each in found.fields])}
    made = []
    named_apart = _names_a_receiver(found, facts)
    for each in found.fields:
        if named_apart and is_receiver(each.name):
            continue
        if each.name in taken or is_staff(each.name) or is_somebody_else(each.name):
            continue
        kind = next((kind for kind in ("fax", "email", "phone") if _is_word(plain(each.name), lists[kind])), "")
        if kind and _holds(kind, facts.get(each.name), rows):
            made.append(Further(kind, each.name))
    return made


def _names_a_receiver(found: FoundObject, facts: Mapping[str, Facts]) -> bool:
    """True if the rows name who receives: `Ship-to contact` beside `Ship-to phone` is another person, with a phone of theirs."""
    named = [each.name for each in found.fields if is_receiver(each.name) and NAMES_SOMEBODY.search(plain(each.name))]
    return any((one := facts.get(name)) is None or (one.filled and one.answer < 1) for name in named)


def _safe(known: Iterable[str], here: Sequence[str]) -> set[str]:
    """Without the short words of languages that are not spoken here: `cep` is a phone in Turkish, a postcode in Portuguese."""
    own = {*base()["identifiers"]["phone"], *_of(here, "mobile"), *_of(here, "phone")}
    return {word for word in known if len(word) > 4 or word in own}


def is_buyer(column: str) -> bool:
    """True for a column about who ordered: `Bill-to name`, `Buyer email`."""
    return bool(BUYER.search(plain(column)))


def is_own_mail(facts: Facts) -> bool:
    """True for an e-mail address that is in every row of many: that of the shop itself."""
    return facts.email >= 0.9 and facts.distinct == 1 and facts.filled >= OWN_ROWS


def own_mails(sample: Sample, notes: list[str]) -> set[str]:
    """The columns with the shop's own address, which are noted."""
    own = {name for name, facts in sample.facts.items() if is_own_mail(facts)}
    notes += [f"{name} is the same in every row: it is the company's own, and nobody's who ordered" for name in own]
    return own


def is_receiver(column: str) -> bool:
    """True for a column about who receives an order, who need not be who ordered it: `Ship To Phone`."""
    return bool(RECEIVER.search(plain(column))) and not is_buyer(column)


def _of(here: Sequence[str], key: str) -> list[str]:
    return [word for code in here for word in languages()[code].lists.get(key, ())]


def _is_word(name: str, known: Iterable[str]) -> bool:
    """True if a name is one of the words, with only qualifiers and numbers around it."""
    for word in known:
        if name == word or f"_{word}_" in f"_{name}_":
            rest = f"_{name}_".replace(f"_{word}_", "_", 1).split("_")
            if all(not part or part in words()["qualifiers"]["words"] or part.isdigit() for part in rest):
                return True
    stem = name.rstrip("0123456789")  # email3
    return stem != name and stem in known


def _holds(kind: str, facts: Facts | None, rows: int) -> bool:
    if facts is None or not rows:
        return True
    if not facts.filled:
        return False
    if kind == "email":
        return facts.mail >= MOST_UNLIKE
    return facts.email == 0 and (facts.phone >= 0.3 or facts.whole >= MOST_UNLIKE)


def further_places(
    found: FoundObject, facts: Mapping[str, Facts], leave: Iterable[str], rows: int
) -> list[tuple[str, dict[str, str]]]:
    """For each further address: its use, and its columns. An address has a street, or a city with a postcode."""
    here = spoken(found.name, tuple(each.name for each in found.fields))
    columns = words(here)["columns"]["records"]
    taken = set(leave)
    places: dict[str, dict[str, str]] = {}
    for each in found.fields:
        name, known = plain(each.name), facts.get(each.name)
        use = next((one for one in USES if name.startswith(one + "_")), "")
        if not use or each.name in taken or is_somebody_else(each.name) or (rows and known and not known.filled):
            continue
        if known and known.answer >= ALL_FLAGS:
            continue  # whether there is such an address
        rest = name.removeprefix(f"{use}_")
        for column in PLACE:
            if rest in columns[column] and column not in places.get(use, {}):
                places.setdefault(use, {})[column] = each.name
                break
    return [(use, one) for use, one in places.items() if "street" in one or {"city", "postcode"} <= one.keys()]
