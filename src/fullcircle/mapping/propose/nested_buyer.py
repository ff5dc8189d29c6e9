"""The customer of an order as an object in a cell: `customer: {"id": 7, "email": ...}`, `billing: {"first_name": ...}`, as APIs
answer. Start at `buyer_in_json`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.guess import columns_of, is_somebody_else, is_staff, plain, words
from fullcircle.mapping.propose.nested import NAMES, Leaf, buyer_columns, leaves_of, text_at
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.several import is_receiver

BILLING = re.compile(
    r"^(billing|bill_to|invoice|payment)(_(address|info|details|contact|to))?$|^(purchaser|payer|shopper|buyer)\w*$"
)
ADDRESSED = re.compile(r"^(default|billing|home|primary)?_?address$")


@dataclass(frozen=True, slots=True)
class NestedBuyer:
    """What distinguishes the customers, what is known of each, and the columns that hold them."""

    key: str  # SQL
    fields: dict[str, Rule]
    columns: tuple[str, ...]


def buyer_in_json(engine: Engine | None, made: Proposed, used: set[str]) -> tuple[dict[str, Rule], list[ProposedMap]] | None:
    """The rule that points to the customer in the JSON of an order, and the map of these customers; None without any."""
    sample = made.sample
    mail = columns_of(sample.found, "records", sample.facts).get("email", "")
    buyer = nested_buyer(engine, sample, mail)
    if buyer is None:
        return None
    used |= {*buyer.columns, mail} - {""}
    made.evidence.append(f"the people are objects in {', '.join(buyer.columns)}")
    key: Rule = {"sql": buyer.key}
    people = ProposedMap("records", {"key": key, **buyer.fields}, where=f"({buyer.key}) IS NOT NULL")
    return {"record_id": {**key, "ref": sample.name}}, [people]


def nested_buyer(engine: Engine | None, sample: Sample, email: str) -> NestedBuyer | None:
    """The customer in the JSON of a row; None if no column holds one. `email`: a column beside it with the address."""
    if engine is None or not sample.table:
        return None
    people = set(words()["columns"]["orders"]["record_id"])
    named = [name for name in sample.facts if _called(name) in people or BILLING.search(_called(name))]
    named = [name for name in named if not (is_receiver(name) or is_staff(name) or is_somebody_else(name))]
    inside = {name: found for name in named if (found := [one for one in leaves_of(engine, sample, name) if not one.within])}
    if not inside:
        return None
    fields: dict[str, Rule] = {}
    for name in sorted(inside, key=lambda one: _called(one) not in people):
        leaves = [one for one in inside[name] if not _of_another(one, name)]
        for column, leaf in buyer_columns(sample.name, leaves).items():
            fields.setdefault(column, {"field": leaf.field})
    if email:
        fields["email"] = {"field": email}
    if not NAMES & fields.keys():
        return None
    ids = [one for name in inside for one in inside[name] if plain(one.path) in {"id", "_id", "customer_id", "uuid", "gid"}]
    keys = [text_at(ids[0].field)] if ids else []
    keys += [f"lower({text_of(email) if email else text_at(fields['email']['field'])})"] if "email" in fields else []
    keys += [f"lower({text_at(fields[one]['field'])})" for one in ("phone", "full_name") if not keys and one in fields]
    return NestedBuyer(f"coalesce({', '.join(keys)})", fields, tuple(inside)) if keys else None


def _called(name: str) -> str:
    """The name of a column without that of the order before it: `orderCustomer`."""
    return re.sub(r"^(sales_)?order_", "", plain(name))


def _of_another(leaf: Leaf, name: str) -> bool:
    """True for what is deeper than the person and the address of the person."""
    between = leaf.field.removeprefix(f"{name}.").split(".")[:-1]
    return any(not ADDRESSED.search(plain(one)) for one in between) or any(is_receiver(one) for one in between)
