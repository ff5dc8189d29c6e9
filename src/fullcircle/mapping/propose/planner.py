"""What every object of the sources seems to be, its key, and which columns point to it. See `Planner`.

A proposal is data; suggest.py writes it down. Nothing is proposed that would point to a key that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.about_orders import orders_it_is_about
from fullcircle.mapping.propose.amount_column import amount_column
from fullcircle.mapping.propose.apart_keys import unique_beside
from fullcircle.mapping.propose.bought import is_bought
from fullcircle.mapping.propose.email_links import is_email, is_of_others
from fullcircle.mapping.propose.grain import is_order_word
from fullcircle.mapping.propose.guess import (
    CUSTOMER_NAMES,
    Guess,
    columns_of,
    guess,
    is_about_others,
    is_staff,
    named,
    plain,
    singular,
    words,
)
from fullcircle.mapping.propose.half_numbered import number_of_some
from fullcircle.mapping.propose.items import Items, date_of, items_of
from fullcircle.mapping.propose.kinds_of_rows import lists_sales
from fullcircle.mapping.propose.ledgers import both_sides
from fullcircle.mapping.propose.links import (
    ENDING,
    ENOUGH,
    KEY_ENDING,
    START,
    WHOLE_KEY,
    Link,
    holds,
    is_like_a_key,
    is_own_number,
    key_of,
    link,
    stem_of,
)
from fullcircle.mapping.propose.parts import (
    are_payments,
    doubt_of,
    gives_back,
    gives_items_back,
    key_of_several,
    order_columns,
)
from fullcircle.mapping.propose.person_header import named_person
from fullcircle.mapping.propose.profile_keys import keys_of
from fullcircle.mapping.propose.profiles import Recognised, recognise, ways
from fullcircle.mapping.propose.registrations import are_registrations
from fullcircle.mapping.propose.sample import Sample

Rule = dict[str, Any]  # a field rule as in the config: field, fields, join, value, sql, ref, map
SURE, LIKELY, UNSURE = "sure", "likely", "not sure: read it with care"


@dataclass(slots=True)
class ProposedMap:
    """One [[map]]."""

    to: str
    fields: dict[str, Rule]
    key: str = ""
    where: str = ""
    each: str = ""
    staff: list[str] = field(default_factory=list)  # columns that name staff, who are no customers
    dates: str = ""  # "day first", where the language of the headers says so


@dataclass(slots=True)
class Proposed:
    """What is proposed for one object: its maps, and for a person how sure that is, why, and what was left out."""

    sample: Sample
    what: str = ""  # "orders", "Shopify orders"
    sure: str = UNSURE
    maps: list[ProposedMap] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what is missing or was left out, and why it matters
    left: list[str] = field(default_factory=list)  # fields that no map uses
    by_role: list[str] = field(default_factory=list)  # columns by whose words staff and suppliers were left out

    def people(self, *columns: str) -> ProposedMap | None:
        """The map of the people of its rows, if it reads these columns; None without one."""
        wanted = (each for each in self.maps if each.to == "records" and not each.each and {*columns} <= each.fields.keys())
        return next(wanted, None)


def leave(made: Proposed, kind: str) -> None:
    """Make of the orders what happened (interactions of a kind), which adds to nothing; without lines and products."""
    orders = next(one for one in made.maps if one.to == "orders")
    names = {"key", "record_id", "amount", "currency", "updated_at"}
    kept: dict[str, Rule] = {name: rule for name, rule in orders.fields.items() if name in names}
    when = {"at": orders.fields["ordered_at"]} if "ordered_at" in orders.fields else {}
    maps = [each for each in made.maps if each.to not in {"orders", "order_lines", "products"}]
    if "record_id" in kept:
        maps.append(ProposedMap("interactions", {**kept, "kind": {"value": kind}, **when}, orders.key, orders.where, orders.each))
    made.maps = maps


@dataclass(slots=True)
class Role:
    """What an object seems to be, before it is known what the others are."""

    sample: Sample
    table: str
    columns: dict[str, str]
    key: str  # the column that identifies its rows; "" if there is none
    known: Recognised | None = None
    items: Items | None = None  # where its rows are items of orders, judged by values
    doubt: str = ""  # why it cannot be known which of its rows are one order
    orders: tuple[Link, Role] | None = None  # where it looks like orders, but is about those of another object: payments, refunds
    keys: dict[str, Rule] = field(default_factory=dict)  # for each table it becomes: the rule of its key
    points: str = ""  # the column whose values are numbers of people, whatever it is called: value_links.py
    unlinked: str = ""  # why such a column is not a link
    else_key: str = ""  # the column by which people are known who have no number: half_numbered.py

    def profile(self) -> Recognised:
        """The vendor's object that it is; only for those that are known."""
        if self.known is None:
            raise ValueError(f"{self.sample.name} is not an object of a known vendor")
        return self.known

    def serves(self, table: str) -> bool:
        """True if rows of this object in the table can be pointed to."""
        return table in self.keys


TICKET = re.compile(
    r"ticket|billet|bilet|boleto|entrada|ingress|bigliett|karte|kaart|biljet|lippu|vstupenk|jegy|barcode|attendee|билет|チケット|门票"
)


def is_a_number(name: str) -> bool:
    """True for a column that is called a number or a code: `Numéro de billet`, `Ticket No`."""
    return bool(re.search(START, plain(name)) or re.search(ENDING, plain(name)) or is_like_a_key(name))


ACCOUNT_IDS = {"account_id", "account_no", "account_number", "account_nr"}
ALL_BUT_FEW = 0.9  # of the values that point to people must be there, where no name says that they do
ACTIVITY = {"orders", "tickets", "interactions", "addresses", "consents"}


class Planner:
    """The roles of all objects, and the engine that has their samples."""

    def __init__(self, samples: Sequence[Sample], engine: Engine | None) -> None:
        self.engine = engine
        self.samples = samples
        self.bought: dict[int, str] = {}  # the id of a sample of what the company bought itself -> why it is
        self.roles = [role for one in samples if (role := self._role(one))]
        self._decide_lines()
        for role in self.roles:
            self._keys(role)
            if role.table == "records" and not role.known:
                role.columns |= named_person(role.sample, role.columns)
        for role in self.roles:
            self._decide_companies(role)
            if role.table == "records" and not role.known and role.key == role.columns.get("email", ""):
                self._key_of_some(role)
        for role in self.roles:
            if role.table == "orders" and not role.known:
                self._check_orders(role)
        for role in self.roles:
            role.orders = orders_it_is_about(self, role)
            if role.orders:
                role.keys.pop("orders", None)
        self.roles += [role for one in self.unknown() if (role := self._lines_of_things(one))]

    def role(self, sample: Sample) -> Role | None:
        """The role of an object, None if it is not recognised."""
        return next((one for one in self.roles if one.sample is sample), None)

    def unknown(self) -> list[Sample]:
        """The objects that are not recognised, and are not what the company bought."""
        return [one for one in self.samples if not self.role(one) and id(one) not in self.bought]

    def _role(self, sample: Sample) -> Role | None:
        known = recognise(sample)
        if known and not _knows_less(known, sample):
            return Role(sample, str(known.known.maps[0]["to"]), {}, "", known)
        if why := is_bought(sample):
            self.bought[id(sample)] = why
            return None
        items = items_of(self.engine, sample)
        if items and (gives_items_back(self.engine, sample) or self._are_only_payments(sample, items)):
            return Role(sample, "orders", columns_of(sample.found, "orders", sample.facts), "")
        if items:
            key = items.order.within.key if items.order.within else ("",)
            return Role(
                sample, "order_lines", {"order_id": key[-1], "product_id": items.product, **items.columns}, "", items=items
            )
        ours: Guess | None = guess(sample.found, sample.facts)
        if ours is None and gives_back(sample) and order_columns(sample):
            columns = columns_of(sample.found, "orders", sample.facts)
            return Role(sample, "orders", columns, "") if "amount" in columns else None
        sales = lists_sales(self.engine, sample)
        no_people = ours is None or (ours.table == "records" and (sales or _come_again(sample, ours)))
        if no_people and self._is_like_orders(sample, sales):
            return Role(sample, "orders", columns_of(sample.found, "orders", sample.facts), "")
        if (ours is None or ours.table == "records") and are_registrations(self.engine, sample):
            return Role(sample, "orders", columns_of(sample.found, "orders", sample.facts), "")
        return Role(sample, ours.table, dict(ours.columns), "") if ours else None

    def _are_only_payments(self, sample: Sample, items: Items) -> bool:
        """True for a list of payments without pieces and prices: the text beside a sum is its reference, no product."""
        return are_payments(sample) and not {"quantity", "unit_price"} & items.columns.keys()

    def _is_like_orders(self, sample: Sample, sales: bool = False) -> bool:
        """True for rows with the number of an order, a date and a sum, whose headers do not say which these are.

        `sales`: a column calls some of them invoices, so that only these need a number.
        """
        if self.engine is None or not sample.table or is_about_others(sample.name) or (named(sample.name) and not sales):
            return False
        first = sample.found.fields[0].name
        unique = [name for name in sample.facts if sample.unique(name)]
        alike = [name for name in unique if is_like_a_key(name) or is_own_number(sample, name)]
        others = {word for table in ("tickets", "interactions", "products", "records") for word in words()["tables"][table]}
        numbers = [name for name in alike if is_order_word(name) or (name == first and stem_of(plain(name)) not in others)]
        columns = columns_of(sample.found, "orders", sample.facts)
        free = [name for name in sample.facts if name not in {*numbers, *columns.values()}]
        dated = "ordered_at" in columns or date_of(sample)
        if not (
            WHOSE & columns_of(sample.found, "records", sample.facts).keys() or "record_id" in columns or self._shares(sample)
        ):
            return False  # what nobody ordered: expenses, balances
        paid = "amount" in columns or both_sides(sample) or amount_column(self.engine, sample, free)[0]
        return bool((numbers or sales) and dated and paid)

    def _shares(self, sample: Sample) -> bool:
        """True if another object has a column of the same name that looks like a key."""
        ours = {plain(each.name) for each in sample.found.fields[1:] if each.name in sample.facts}
        others = [one for one in self.samples if one is not sample]
        return any(plain(each.name) in ours and other.unique(each.name) for other in others for each in other.found.fields)

    def _decide_lines(self) -> None:
        """An object named like orders that has a product column are only lines if nothing else holds the lines."""
        lines = [one for one in self.roles if one.table == "order_lines" and not one.known]
        for role in lines:
            others = [one for one in lines if one is not role and named(one.sample.name) == "order_lines"]
            if named(role.sample.name) in {"orders", "records"} and others:
                role.table, role.items = named(role.sample.name), None
                role.columns = columns_of(role.sample.found, role.table, role.sample.facts)

    def _lines_of_things(self, sample: Sample) -> Role | None:
        """An object named like order lines whose product has another name: `TrackId`, which is a key of `Track`."""
        if named(sample.name) != "order_lines":
            return None
        columns = columns_of(sample.found, "order_lines", sample.facts)
        role = Role(sample, "order_lines", columns, "")
        ids = [each.name for each in sample.found.fields if is_like_a_key(each.name) and each.name not in columns.values()]
        ids += [name for name in declared_links(sample) if name not in {*ids, *columns.values()}]
        found = self.find(role, ["", *ids], "products") if "order_id" in columns else None
        if not found or not found[0].hits:
            return None
        columns["product_id"] = found[0].column
        self._keys(role)
        role.columns["product_id"] = found[0].column  # where it has a key, its columns were sought again
        return role

    def _keys(self, role: Role) -> None:
        if role.known:
            role.keys = keys_of(self.engine, self.samples, role.sample, role.profile())
            return
        role.key = key_of(role.sample, role.table, self.engine, [one.sample for one in self.roles])
        if role.table == "order_lines" and (
            not role.sample.rows or role.key in {role.columns["order_id"], role.columns["product_id"]}
        ):
            role.key = role.sample.found.key[0] if len(role.sample.found.key) == 1 else ""
        if role.items and not role.key and not role.sample.found.key:
            role.key = _piece_number(role)
        if role.items:
            role.keys = {role.table: {"field": role.key}} if role.key else {}
        elif role.key:
            role.keys = {role.table: {"field": role.key}}
            role.columns = columns_of(role.sample.found, role.table, role.sample.facts, leave=self._not_for_columns(role))
        elif len(role.sample.found.key) > 1:  # see composite.py
            role.keys = {}
        elif role.table == "records" and (email := role.columns.get("email")) and role.sample.unique(email):
            role.key, role.keys = email, {"records": {"field": email}}
        self._accounts_as_people(role)

    def _accounts_as_people(self, role: Role) -> None:
        """Customers that are accounts, one row for each, are known by the number of the account."""
        account = next((one.name for one in role.sample.found.fields if plain(one.name) in ACCOUNT_IDS), "")
        people = role.table == "records" and (role.key in {"", role.columns.get("email")} or self._is_by_the_way(role))
        if people and account and not role.sample.found.key and role.sample.unique(account):
            role.key, role.keys = account, {"records": {"field": account}}
            role.columns.pop("account_id", None)
        elif people and not role.sample.found.key:
            self._key_by_others(role)

    def _are_codes(self, role: Role, name: str) -> bool:
        """True if the values have digits, as numbers of people do."""
        digits = f"count(*) FILTER (regexp_matches({quoted(name)}, '\\d')) >= 0.9 * count(*)"
        return bool(self.engine and role.sample.table and self.engine.value(f"SELECT {digits} FROM {role.sample.table}"))

    def _is_by_the_way(self, role: Role) -> bool:
        """True for the key of something else that people happen to have one of: `Meter ID`. No other object knows it."""
        stem = stem_of(plain(role.key))
        known = {*words()["columns"]["orders"]["record_id"], *words()["tables"]["records"], *singular(plain(role.sample.name))}
        if stem in known or stem in WHOLE_KEY or any(stem.startswith(one) or stem.endswith(one) for one in known if len(one) > 3):
            return False
        others = [one for one in self.samples if one is not role.sample]
        return not any(plain(each.name) == plain(role.key) for other in others for each in other.found.fields)

    def _key_by_others(self, role: Role) -> None:
        """What others point to is the key, whatever it is called: `A/C` of the customers, and `A/C` of the invoices."""
        for name, facts in role.sample.facts.items():
            word = plain(name)
            if (
                not role.sample.unique(name)
                or facts.email
                or (facts.date >= 0.5 and facts.whole < 0.5)
                or facts.longest > 40
                or is_staff(name)
            ):
                continue
            if name in {column for kind, column in role.columns.items() if kind != "account_id"}:
                continue
            called = word in CUSTOMER_NAMES  # the name by which the others know a customer, beside that of the contact
            if not called and not self._are_codes(role, name):
                continue
            for other in self.roles:
                column = next((one for one in other.sample.facts if plain(one) == word), "")
                if other is role or not column or other.table == "records":
                    continue
                found = link(self.engine, other.sample, column, role.sample, name)
                enough = (
                    ENOUGH if re.search(KEY_ENDING, word) else 1 if called else ALL_BUT_FEW
                )  # `N° licence` in both: a few may dangle
                if found.hits >= 2 and found.hits >= enough * found.of:
                    role.key, role.keys = name, {"records": {"field": name}}
                    role.columns = columns_of(role.sample.found, role.table, role.sample.facts, leave={name})
                    return

    def _key_of_some(self, role: Role) -> None:
        """Who has a number is known by it, and everybody else by the e-mail."""
        if number := number_of_some(self, role):
            role.key, role.else_key, role.keys = number, role.columns["email"], {"records": {"field": number}}

    def _decide_companies(self, role: Role) -> None:
        """Customers of whom nothing personal is known are companies, if people are elsewhere and these did nothing."""
        if role.known or role.table != "records" or not is_of_companies(role.sample):
            return
        others = [one for one in self.roles if one is not role]
        people = [one for one in others if one.serves("records") and not is_of_companies(one.sample)]
        doing = [(one, one.columns["record_id"]) for one in others if one.table in ACTIVITY and "record_id" in one.columns]
        pointed = role.key and any(holds(link(self.engine, one.sample, column, role.sample, role.key)) for one, column in doing)
        if people and not pointed:
            role.table, role.columns = "accounts", columns_of(role.sample.found, "accounts", role.sample.facts)
            self._keys(role)

    def _check_orders(self, role: Role) -> None:
        """The key of orders may be of two columns; and rows that are only parts of orders are not pointed to."""
        if not role.columns.get("ordered_at") and (when := date_of(role.sample)) and when != role.key:
            role.columns["ordered_at"] = when
        if self.engine is None or not role.sample.table or role.sample.found.key or gives_back(role.sample):
            return  # a source that has a key of its own knows what its rows are
        amount = role.columns.get("amount") or columns_of(role.sample.found, "orders", role.sample.facts).get("amount", "")
        states = {"updated_at", "status"} & role.columns.keys()  # the rows may be later states of one order
        if own := unique_beside(self.engine, role.sample, role.key, amount, signs=bool(states)):
            role.key, role.keys = own, {"orders": {"field": own}}
            role.columns = {name: column for name, column in role.columns.items() if column != own}
        if key := key_of_several(self.engine, role.sample, role.key, role.columns):
            role.key, role.keys = "", {"orders": {"fields": list(key), "join": "-"}}
            return
        role.doubt = doubt_of(self.engine, role.sample, role.key, role.columns)
        if role.doubt:
            role.keys = {}

    @staticmethod
    def _not_for_columns(role: Role) -> set[str]:
        """The key is not also a name or a sum; but it may be what a product is known by, and an order of a line."""
        return set() if role.table in {"products", "order_lines"} else {role.key}

    # -- links ---------------------------------------------------------------------------------------------------------
    def find(self, role: Role, columns: Sequence[str], table: str) -> tuple[Link, Role] | None:
        """The best link of one of the columns to an object that becomes rows of the table."""
        targets = [one for one in self.roles if one is not role and one.serves(table) and "field" in one.keys[table]]
        found = []
        for place, column in enumerate(columns):
            for target in targets:
                one = link(self.engine, role.sample, column, target.sample, target.keys[table]["field"])
                declared = declared_links(role.sample).get(column) == (target.sample.name, one.key)
                if table == "records" and not declared and is_of_others(self.engine, role.sample, one):
                    continue
                if declared or (holds(one) and not (place and not one.of)):
                    near = target.sample.source == role.sample.source
                    share = one.hits / one.of if one.of else _name_share(column, target.sample.name)
                    by_key = not is_email(role.sample, column)
                    rich = len(columns_of(target.sample.found, table, target.sample.facts)) if table == "records" else 0
                    named_so = _name_share(column, target.sample.name)
                    found.append(((declared, share >= 0.9, near, by_key, share, named_so, rich, -place), one, target))
        if not found:
            return None
        _, one, target = max(found, key=lambda each: each[0])
        return one, target

    def refer(self, role: Role, target: Role) -> str:
        """How a ref names the other object."""
        near = target.sample.source == role.sample.source
        return target.sample.name if near else f"{target.sample.source}.{target.sample.name}"


def _piece_number(role: Role) -> str:
    """The number that each ticket has, where an order has several: `Ticket number`; "" without one."""
    one = role.items.order.within if role.items else None
    taken = {*(one.key if one else ()), role.items.product if role.items else ""}
    able = [each.name for each in role.sample.found.fields if each.name not in taken and role.sample.unique(each.name)]
    return next((each for each in able if one and one.several and TICKET.search(plain(each)) and is_a_number(each)), "")


def _knows_less(known: Recognised, sample: Sample) -> bool:
    """True if orders had no date, or lines no quantity, although the file has one: another vendor uses some of the same words."""
    for table, column in (("orders", "ordered_at"), ("order_lines", "quantity")):
        maps = [one for one in known.known.maps if one["to"] == table and column in one["fields"]]
        able = any(ways(known, one["fields"][column]) for one in maps)
        if maps and not able and column in columns_of(sample.found, table, sample.facts):
            return True
    return False


def declared_links(sample: Sample) -> Mapping[str, tuple[str, str]]:
    """The foreign keys that a database declares, where its connector names them: field -> the object and its field."""
    declared: Mapping[str, tuple[str, str]] = getattr(sample.found, "references", {})
    return declared


WHOSE = {"full_name", "family_name", "email", "phone", "organisation"}
COME_AGAIN = 0.8  # so few different addresses in a list: its rows are not people, but what people did


def _come_again(sample: Sample, ours: Guess) -> bool:
    """True if the same people are in several rows of what looks like a list of them."""
    columns = [ours.columns.get(one, "") for one in ("email", "phone", "full_name")]
    facts = next((sample.facts[one] for one in columns if one in sample.facts), None)
    return bool(facts and sample.rows >= 10 and facts.distinct < COME_AGAIN * facts.filled)


PERSONAL = {"given_name", "family_name", "email", "phone", "birth_date", "street", "gender"}


def is_of_companies(sample: Sample) -> bool:
    """True for customers of whom nothing personal is known, but what companies have: a website, a line of business."""
    people = columns_of(sample.found, "records", sample.facts)
    companies = columns_of(sample.found, "accounts", sample.facts)
    return not PERSONAL & people.keys() and "name" in companies and bool({"website", "industry"} & companies.keys())


def _name_share(column: str, name: str) -> float:
    """How much a column is named after an object."""
    stem = re.sub(r"_?(id|no|nr|number|key|code|ref)$", "", plain(column))
    forms = singular(plain(name))
    return 1.0 if stem in forms else 0.5 if any(form.endswith("_" + stem) or stem.endswith("_" + form) for form in forms) else 0.0
