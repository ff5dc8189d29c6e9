"""Bookings for somebody else: a course for a child, with the name and the address of a parent. See `booked_for`.

`Opiekun` or `Guardian` may be one of the staff of a firm; where nearly every row has another one, it is the parent who booked.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.grain import is_money_text
from fullcircle.mapping.propose.gross_amount import FEE
from fullcircle.mapping.propose.guess import columns_of, plain, words
from fullcircle.mapping.propose.payment_state import with_payment_state
from fullcircle.mapping.propose.planner import LIKELY, Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.registrations import registered_on
from fullcircle.mapping.propose.retired import STATUS
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.status_column import status_rule
from fullcircle.mapping.propose.words import LOOK

PARENT = re.compile(
    r"(^|_)(parents?|guardian|carer|eltern\w*|erziehungsberechtigte\w*|opiekun\w*|rodzic\w*|responsavel|tutor|tutora|padres?|madre|genitor\w*"
    r"|tuteur|tutrice|responsable_legal|representant_legal|ouders?|voogd|vardnadshavare|malsman|foraelder|foraeldre|foresatt\w*|huoltaja\w*"
    r"|rodic\w*|zakonny_zastupce|szulo\w*|gondviselo|parinte\w*|roditelj\w*|veli\w*|родител\w*|опекун\w*|батьк\w*|保護者|家长|학부모)(_|$)"
)
OF_STAFF_TOO = re.compile(r"opiekun|tutor|responsa|carer|опекун")  # in a firm, who looks after a customer
OF_THINGS = re.compile(
    r"(^|_)(account|company|organi[sz]ation|order|category|item|product|ticket|sku|id)(_|$)"
)  # `Parent company`
BOOKINGS = "bookings"
MOSTLY, OTHERS = 0.8, 0.5  # of the values have the shape; of the filled rows have another value, as staff have not
LEFT = re.compile(r"(^|_)(cancel\w*|storn\w*|rezygnac\w*|anul\w*|annul\w*|abmeld\w*|end|ende|koniec|updated|modified)(_|$)")


def booked_for(engine: Engine | None, sample: Sample) -> Proposed | None:
    """The people who booked and their bookings; None for any other object, or one that lacks a key, a date or an amount."""
    facts = sample.facts
    if engine is None or not sample.table or not sample.found.fields or not sample.unique(sample.found.fields[0].name):
        return None
    theirs = [
        name for name, known in facts.items() if PARENT.search(plain(name)) and not OF_THINGS.search(plain(name)) and known.filled
    ]
    mail = next((one for one in theirs if facts[one].email >= MOSTLY and _differs(sample, one)), "")
    phone = next((one for one in theirs if facts[one].phone >= MOSTLY and one != mail), "")
    parent = next((one for one in theirs if one not in {mail, phone} and _is_name(sample, one) and _differs(sample, one)), "")
    people, orders = columns_of(sample.found, "records", facts), columns_of(sample.found, "orders", facts)
    orders = _with_fee(sample, orders)
    comes, born = people.get("full_name") or orders.get("record_id", ""), people.get("birth_date", "")
    comes = comes if comes and comes != parent and _is_name(sample, comes) else ""
    days = [name for name, known in facts.items() if known.date >= MOSTLY and name != born and not LEFT.search(plain(name))]
    when = orders.get("ordered_at") or registered_on(sample) or (days[0] if len(days) == 1 else "")
    alone = not parent and not {"email", "phone"} & {
        one for one, column in people.items() if column not in {mail, phone}
    }  # nobody says who the parent is
    if not (mail and when and "amount" in orders and (parent or alone)):
        return None
    name = "NULL" if alone else f"coalesce({text_of(parent)}, {text_of(comes)})" if comes else text_of(parent)
    key: Rule = {"sql": f"nullif(lower(concat_ws(' ', {text_of(mail)}, {name})), '')"}
    who: dict[str, Rule] = {"key": key, "email": {"field": mail}} | ({} if alone else {"full_name": {"sql": name}})
    who |= {"phone": {"field": phone}} if phone else {}
    first = sample.found.fields[0].name
    booked: dict[str, Rule] = {"key": {"field": first}, "record_id": {**key, "ref": sample.name}, "ordered_at": {"field": when}}
    state = orders.get("status") or next(
        (name for name in facts if STATUS & {*plain(name).split("_")} and facts[name].filled), ""
    )
    booked |= {"status": status_rule(engine, sample, state)} if state else {}
    booked |= {one: {"field": orders[one]} for one in ("currency", "amount", "paid") if one in orders}
    if "paid" not in orders and "unpaid" in orders:
        booked["unpaid"] = {"field": orders["unpaid"]}
    maps = [ProposedMap("records", who, where=f"{key['sql']} IS NOT NULL"), ProposedMap("orders", booked)]
    spent = [rule.get("field", "") for rule in booked.values()]
    payment, said = with_payment_state(engine, sample, maps[1], spent)
    made = Proposed(sample, BOOKINGS, LIKELY, maps)
    made.evidence = [f"{first} is different in every row: each row is a booking of its own"]
    made.notes = [
        f"{LOOK}{mail} is of who booked, the parent, and so is what was bought; {comes or 'who comes'} is not a customer by that"
        if alone
        else f"{LOOK}{parent} is who booked, and the customer: nearly every row has another one, as staff would not be"
        + (f"; where there is none it is {comes}, who comes" if comes else "")
    ]
    made.notes += said
    used = {first, mail, phone, parent, "" if alone else comes, when, payment, *spent}
    made.left = [each.name for each in sample.found.fields if each.name not in used]
    return made


def _with_fee(sample: Sample, orders: dict[str, str]) -> dict[str, str]:
    """What a course costs is the amount, `Fee`, and what was paid of it is beside it."""
    fee = next((name for name, facts in sample.facts.items() if FEE.search(plain(name)) and is_money_text(facts)), "")
    paid = orders.get("amount", "")
    if not fee or fee in orders.values() or (paid and plain(paid) not in words()["columns"]["orders"]["paid"]):
        return orders
    return {**orders, "amount": fee} | ({"paid": paid} if paid else {})


def named_after_child(one: Proposed) -> bool:
    """True if people are proposed by the address of a parent and the name of somebody else: each child would be a customer."""
    for each in one.maps:
        mail, name = (each.fields.get(part, {}).get("field", "") for part in ("email", "full_name"))
        given = each.fields.get("given_name", {}).get("field", "")
        if each.to == "records" and mail and (name or given):
            of_parent, of_name = plain(mail), plain(name or given)
            return bool(PARENT.search(of_parent)) and not (PARENT.search(of_name) or OF_STAFF_TOO.search(of_parent))
    return False


def _differs(sample: Sample, column: str) -> bool:
    facts = sample.facts[column]
    return facts.distinct >= 2 and (facts.distinct >= OTHERS * facts.filled or not OF_STAFF_TOO.search(plain(column)))


def _is_name(sample: Sample, column: str) -> bool:
    facts = sample.facts[column]
    return max(facts.email, facts.mail, facts.phone, facts.number, facts.date, facts.answer) < 1 - MOSTLY
