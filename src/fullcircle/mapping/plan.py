"""Decides what every object of the sources becomes: by the profile of its vendor, else by names, values and links. See `plan`.

A proposal is data; suggest.py writes it down. Nothing is proposed that would point to a key that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fullcircle.engine.base import Engine
from fullcircle.mapping.guess import ID_ENDINGS, Guess, columns_of, guess, is_staff, named, plain, singular, words
from fullcircle.mapping.links import Link, holds, key_of, link
from fullcircle.mapping.profiles import Recognised, recognise, text_of
from fullcircle.mapping.sample import Sample
from fullcircle.model.tables import CONFORMED

Rule = dict[str, Any]  # a field rule as in the config: field, fields, join, value, sql, ref, map
SURE, LIKELY, UNSURE = "sure", "likely", "not sure: read it with care"


@dataclass(slots=True)
class ProposedMap:
    """One [[map]]."""

    to: str
    fields: dict[str, Rule]
    key: str = ""
    where: str = ""


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


@dataclass(slots=True)
class Role:
    """What an object seems to be, before it is known what the others are."""

    sample: Sample
    table: str
    columns: dict[str, str]
    key: str  # the column that identifies its rows; "" if there is none
    known: Recognised | None = None
    keys: dict[str, Rule] = field(default_factory=dict)  # for each table it becomes: the rule of its key

    def serves(self, table: str) -> bool:
        """True if rows of this object in the table can be pointed to."""
        return table in self.keys


class Planner:
    """The roles of all objects, and the engine that has their samples."""

    def __init__(self, samples: Sequence[Sample], engine: Engine | None) -> None:
        self.engine = engine
        self.samples = samples
        self.roles = [role for one in samples if (role := self._role(one))]
        self._settle_lines()
        for role in self.roles:
            self._keys(role)

    def role(self, sample: Sample) -> Role | None:
        """The role of an object, None if it is not recognised."""
        return next((one for one in self.roles if one.sample is sample), None)

    def _role(self, sample: Sample) -> Role | None:
        known = recognise(sample)
        if known:
            return Role(sample, str(known.known.maps[0]["to"]), {}, "", known)
        ours: Guess | None = guess(sample.found, sample.facts)
        return Role(sample, ours.table, dict(ours.columns), "") if ours else None

    def _settle_lines(self) -> None:
        """An object named like orders that has a product column are only lines if nothing else holds the lines."""
        lines = [one for one in self.roles if one.table == "order_lines" and not one.known]
        for role in lines:
            others = [one for one in lines if one is not role and named(one.sample.name) == "order_lines"]
            if named(role.sample.name) in {"orders", "records"} and others:
                role.table = named(role.sample.name)
                role.columns = columns_of(role.sample.found, role.table, role.sample.facts)

    def _keys(self, role: Role) -> None:
        if role.known:
            from fullcircle.mapping.vendors import keys_of

            role.keys = keys_of(self, role)
            return
        role.key = key_of(role.sample, role.table, self.engine, [one.sample for one in self.roles])
        if role.table == "order_lines" and (
            not role.sample.rows or role.key in {role.columns["order_id"], role.columns["product_id"]}
        ):
            role.key = role.sample.found.key[0] if len(role.sample.found.key) == 1 else ""
        if role.key:
            role.keys = {role.table: {"field": role.key}}
            role.columns = columns_of(role.sample.found, role.table, role.sample.facts, leave=self._not_for_columns(role))
        elif role.table == "records" and (email := role.columns.get("email")) and role.sample.unique(email):
            role.key, role.keys = email, {"records": {"field": email}}
        elif len(role.sample.found.key) > 1:
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
                if holds(one) and not (place and not one.of):
                    near = target.sample.source == role.sample.source
                    share = one.hits / one.of if one.of else _name_share(column, target.sample.name)
                    found.append(((share >= 0.9, near, share, _name_share(column, target.sample.name), -place), one, target))
        if not found:
            return None
        _, one, target = max(found, key=lambda each: each[0])
        return one, target

    def refer(self, role: Role, target: Role) -> str:
        """How a ref names the other object."""
        near = target.sample.source == role.sample.source
        return target.sample.name if near else f"{target.sample.source}.{target.sample.name}"


def _name_share(column: str, name: str) -> float:
    """How much a column is named after an object."""
    stem = re.sub(r"_?(id|no|nr|number|key|code|ref)$", "", plain(column))
    forms = singular(plain(name))
    return 1.0 if stem in forms else 0.5 if any(form.endswith("_" + stem) or stem.endswith("_" + form) for form in forms) else 0.0


def plan(samples: Sequence[Sample], engine: Engine | None) -> list[Proposed]:
    """What is proposed for every object of all sources together."""
    planner = Planner(samples, engine)
    made = []
    for sample in samples:
        role = planner.role(sample)
        if role is None:
            made.append(Proposed(sample, left=[each.name for each in sample.found.fields]))
        elif role.known:
            from fullcircle.mapping.vendors import proposal_of

            made.append(proposal_of(planner, role))
        else:
            made.append(_General(planner, role).proposal())
    return made


class _General:
    """The proposal for an object of no known vendor."""

    def __init__(self, planner: Planner, role: Role) -> None:
        self.planner, self.role, self.sample = planner, role, role.sample
        self.made = Proposed(role.sample, role.table)
        self.used: set[str] = set()

    def proposal(self) -> Proposed:
        """The maps, evidence and notes."""
        table = self.role.table
        if table == "records":
            self._people()
        elif table == "order_lines":
            self._lines()
        else:
            self._other(table, self.role.columns, self.role.keys.get(table))
        self.made.maps = [one for one in self.made.maps if one.fields]
        self._judge()
        self.made.left = [
            each.name
            for each in self.sample.found.fields
            if each.name not in self.used and each.name not in self.sample.found.key
        ]
        self._worth()
        return self.made

    # -- people -----------------------------------------------------------------------------------------------------
    def _people(self) -> None:
        columns = dict(self.role.columns)
        rules = self._rules("records", columns)
        key = self.role.keys.get("records")
        own = self._own_key(key)
        self._add(ProposedMap("records", {**own, **rules}))
        self.further(key if own else None, set(columns.values()))
        if not key:
            self.made.notes.append("no key was found: a changed row is a new record, and nothing can point to it")

    def further(self, key: Rule | None, taken: set[str]) -> None:
        """A map for each further identifier or consent among the columns of a person."""
        left = {
            plain(one.name): one.name
            for one in self.sample.found.fields
            if one.name not in taken
            and one.name not in self.sample.found.key
            and not is_staff(one.name)
            and one.name != self.role.key
        }
        whose: dict[str, Rule] = {"record_id": {**key, "ref": self.sample.name}} if key else {}
        filled = {name for name, facts in self.sample.facts.items() if facts.filled} if self.sample.rows else set(left.values())
        for identifier_kind, synonyms in words()["identifiers"].items():
            for word in synonyms:
                if word in left and left[word] not in self.used and left[word] in filled:
                    fields = {**whose, "kind": {"value": identifier_kind}, "value": {"field": left[word]}}
                    self._add(ProposedMap("identifiers", fields, key=word))
        for word in words()["consents"]["words"]:
            if word in left and left[word] not in self.used:
                fields = {**whose, "purpose": {"value": word}, "granted": {"field": left[word]}}
                self._add(ProposedMap("consents", fields, key=word))

    # -- activity and things ------------------------------------------------------------------------------------------
    def _other(self, table: str, columns: dict[str, str], key: Rule | None) -> None:
        columns = dict(columns)
        whose: dict[str, Rule] = {}
        before: list[ProposedMap] = []
        if CONFORMED[table].column("record_id") and table not in {"records"}:
            whose, before = self._whose(columns.pop("record_id", ""), set(columns.values()), table)
        if table in {"addresses", "consents"} and not whose:
            self.made.notes.append("record_id: whose this is was not found, so nothing is proposed")
            return
        rules = self._rules(table, columns)
        if table == "interactions" and "kind" not in rules and singular(plain(self.sample.name)) & {"deal", "opportunity"}:
            rules["kind"] = {"value": "opportunity"}
        for one in before:
            self._add(one)
        self._add(ProposedMap(table, {**self._own_key(key), **whose, **rules}))
        if table in {"orders"} and not key:
            self.made.notes.append("no key was found: order lines cannot point to these orders")

    def _whose(self, column: str, taken: set[str], table: str) -> tuple[dict[str, Rule], list[ProposedMap]]:
        """The rule for record_id; if no object holds the people, also the map of the people in this object."""
        candidates = [column] if column else []
        people = words()["columns"]["orders"]["record_id"]
        for one in self.sample.found.fields:
            name = plain(one.name)
            if (
                one.name not in (*candidates, *taken)
                and not is_staff(one.name)
                and any(word in name.split("_") for word in people)
            ):
                candidates.append(one.name)
        found = self.planner.find(self.role, candidates, "records")
        if found:
            self.made.evidence.append(found[0].evidence(self.sample))
            self.used.add(found[0].column)
            return {"record_id": {"field": found[0].column, "ref": self.planner.refer(self.role, found[1])}}, []
        return self.inside(column, taken, table)

    def inside(self, column: str, taken: set[str], table: str) -> tuple[dict[str, Rule], list[ProposedMap]]:
        """People who are only named in this object: the map of them, and the rule that points to it."""
        columns = columns_of(self.sample.found, "records", self.sample.facts, leave={*taken, self.role.key} - {""})
        columns = {name: value for name, value in columns.items() if name not in {"account_id", "updated_at"}}
        facts = self.sample.facts.get(column)
        by_id = column if column and not (facts and facts.email > 0.5) and _is_id(column) else ""
        key = by_id or columns.get("email") or columns.get("phone") or columns.get("full_name") or columns.get("organisation")
        if not key or (table == "interactions" and not {"email", "phone"} & columns.keys()):
            self.made.notes.append(
                f"record_id: {column or 'nothing'} points to no person of these sources: these {table} would be nobody's"
            )
            return {}, []
        rule: Rule = {"sql": f"lower({text_of(key)})"} if key == columns.get("email") else {"field": key}
        rules = self._rules("records", columns, quiet=True)
        maps = [ProposedMap("records", {"key": rule, **rules}, where=f"{text_of(key)} IS NOT NULL")]
        if by_id and not (
            columns.keys() & {"given_name", "family_name", "full_name", "organisation", "email", "phone", "street"}
        ):
            kind = f"{plain(self.sample.source)}_{plain(by_id)}"
            whose = {"record_id": {**rule, "ref": self.sample.name}, "kind": {"value": kind}, "value": {"field": by_id}}
            maps.append(ProposedMap("identifiers", whose, key=plain(by_id)))
            self.made.notes.append("customers are known by their number only: they cannot meet records of other sources")
        self.used.add(key)
        self.made.evidence.append(f"the people are named in {self.sample.name} itself; {key} tells them apart")
        return {"record_id": {**rule, "ref": self.sample.name}}, maps

    # -- lines, with or without everything else on them -----------------------------------------------------------------
    def _lines(self) -> None:
        lines = dict(self.role.columns)
        order, product = lines.pop("order_id", ""), lines.pop("product_id", "")
        fields = {**self._own_key(self.role.keys.get("order_lines"))}
        to_order = self.planner.find(self.role, [order], "orders")
        to_product = self.planner.find(self.role, [product], "products")
        rest = {one for one in lines.values()} | {order, product}
        if to_order:
            self.made.evidence.append(to_order[0].evidence(self.sample))
            fields["order_id"] = {"field": order, "ref": self.planner.refer(self.role, to_order[1])}
        else:
            fields["order_id"] = {"field": order, "ref": self.sample.name}
            self._orders_inside(order, rest)
        if to_product:
            self.made.evidence.append(to_product[0].evidence(self.sample))
            fields["product_id"] = {"field": product, "ref": self.planner.refer(self.role, to_product[1])}
        else:
            fields["product_id"] = {"field": product, "ref": self.sample.name}
            self._products_inside(product, rest)
        self.used |= {order, product}
        self._add(ProposedMap("order_lines", {**fields, **self._rules("order_lines", lines)}, where=self._filled(order, product)))

    def _filled(self, *columns: str) -> str:
        """A condition that the columns have values, where the sample has rows without; else ""."""
        empty = [one for one in columns if (facts := self.sample.facts.get(one)) and facts.filled < self.sample.rows]
        if empty:
            self.made.notes.append(f"rows without {' or '.join(empty)} are not order lines and are passed over")
        return " AND ".join(f"{text_of(one)} IS NOT NULL" for one in empty)

    def _orders_inside(self, order: str, rest: set[str]) -> None:
        orders = columns_of(self.sample.found, "orders", self.sample.facts, leave=rest - {order})
        orders = {name: value for name, value in orders.items() if value != order and name not in {"amount", "updated_at"}}
        whose, people = self._whose(orders.pop("record_id", ""), {*rest, *orders.values()}, "orders")
        for one in people:
            self._add(one)
        self._add(ProposedMap("orders", {"key": {"field": order}, **whose, **self._rules("orders", orders)}))
        self.made.evidence.append(f"every row is an order line: {order} repeats the order, its amount is the sum of its lines")

    def _products_inside(self, product: str, rest: set[str]) -> None:
        goods = columns_of(self.sample.found, "products", self.sample.facts, leave=rest - {product})
        goods = {name: value for name, value in goods.items() if name in {"name", "category", "brand"} and value not in self.used}
        rules: dict[str, Rule] = {"key": {"field": product}, "name": {"field": product}, **self._rules("products", goods)}
        self._add(ProposedMap("products", rules, where=f"{text_of(product)} IS NOT NULL"))

    # -- parts ----------------------------------------------------------------------------------------------------------
    def _own_key(self, key: Rule | None) -> dict[str, Rule]:
        """The `key` among the fields, where the source itself does not know it."""
        if not key or list(self.sample.found.key) == [key.get("field")]:
            return {}
        column = str(key.get("field"))
        facts = self.sample.facts.get(column)
        if facts and self.sample.rows:
            twice = facts.filled - facts.distinct
            told = "all different" if not twice else f"{twice:,} of them repeat one: the latest row counts"
            self.made.evidence.append(f"key: {facts.filled:,} of {self.sample.rows:,} rows have {column}, {told}")
        self.used.add(column)
        return {"key": key}

    def _rules(self, table: str, columns: dict[str, str], quiet: bool = False) -> dict[str, Rule]:
        """The rules of plain columns and of references other than record_id and those of lines."""
        rules: dict[str, Rule] = {}
        for name, source_field in columns.items():
            column = CONFORMED[table].column(name)
            if column and column.ref:
                found = self.planner.find(self.role, [source_field], column.ref)
                if found:
                    rules[name] = {"field": source_field, "ref": self.planner.refer(self.role, found[1])}
                    self.made.evidence.append(found[0].evidence(self.sample))
                    self.used.add(source_field)
                elif not quiet:
                    self.made.notes.append(f"{name}: {source_field} seems to point to {column.ref}, but no object has such keys")
                continue
            self.used.add(source_field)
            rules[name] = {"field": source_field}
        if "street" in rules and table in {"records", "addresses"}:
            number = next(
                (one.name for one in self.sample.found.fields if plain(one.name) in HOUSE_NUMBERS and one.name not in self.used),
                "",
            )
            if number:
                before = not plain(rules["street"]["field"]).startswith(("str", "rue", "via", "calle", "ulica"))
                parts = (
                    [number, rules["street"]["field"]]
                    if before or plain(number).startswith("street")
                    else [rules["street"]["field"], number]
                )
                rules["street"] = {"fields": parts}
                self.used.add(number)
        return rules

    def _add(self, one: ProposedMap) -> None:
        self.made.maps.append(one)
        self.used |= {name for rule in one.fields.values() for name in [rule.get("field", ""), *rule.get("fields", [])] if name}

    # -- judging --------------------------------------------------------------------------------------------------------
    def _judge(self) -> None:
        table = self.role.table
        by_name = named(self.sample.name) == table
        keyed = bool(self.role.keys.get(table) or self.sample.found.key) or table in {"order_lines", "addresses", "consents"}
        self.made.sure = SURE if by_name and keyed and not self.made.notes else LIKELY if by_name or keyed else UNSURE
        for name, why in WORTH.get(table, {}).items():
            if not any(one.to == table and name in one.fields for one in self.made.maps):
                self.made.notes.append(f"{name}: no field was found; {why}")

    def _worth(self) -> None:
        """What was left out although it looks like something that matters."""
        for name in self.made.left:
            facts = self.sample.facts.get(name)
            if not facts or not facts.filled:
                continue
            if is_staff(name):
                self.made.notes.append(f"{name} is about staff, who are not customers: left out")
            elif facts.email >= 0.8:
                self.made.notes.append(f"{name} looks like e-mail addresses, but is not mapped: records could meet by it")


HOUSE_NUMBERS = {
    "street_number",
    "street_no",
    "house_number",
    "house_no",
    "housenumber",
    "hausnummer",
    "haus_nr",
    "hausnr",
    "street_num",
    "numero_civico",
    "huisnummer",
    "nr_domu",
}
WORTH = {
    "records": {},
    "orders": {"ordered_at": "without a date it takes no part in habits"},
    "interactions": {"at": "without a date its place in time is unknown"},
    "tickets": {"opened_at": "without a date its place in time is unknown"},
}  # fmt: skip


def _is_id(column: str) -> bool:
    name = plain(column)
    return any(name.endswith(ending) for ending in ID_ENDINGS if ending) or name in {
        "customer",
        "client",
        "user",
        "cust",
        "buyer",
    }
