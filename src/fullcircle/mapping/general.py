"""The proposal for an object of no known vendor: by names in several languages, values, keys and links. See `General`."""

from __future__ import annotations

from fullcircle.mapping.composite import together
from fullcircle.mapping.guess import ID_ENDINGS, columns_of, is_staff, named, plain, singular, words
from fullcircle.mapping.planner import LIKELY, SURE, UNSURE, Planner, Proposed, ProposedMap, Role, Rule, declared_links
from fullcircle.mapping.profiles import text_of
from fullcircle.model.tables import CONFORMED


class General:
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
        self._decide()
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
        if key and not WHO & rules.keys():
            self._add(self._by_number(key, str(key.get("field"))))
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
            whose, before = self.whose(columns.pop("record_id", ""), set(columns.values()), table)
        if table in {"addresses", "consents"} and not whose:
            self.made.notes.append("record_id: whose this is was not found, so nothing is proposed")
            return
        rules = self._rules(table, columns)
        if table == "products" and "name" not in rules and key:
            rules["name"] = dict(key)
        if table == "interactions" and "kind" not in rules and singular(plain(self.sample.name)) & {"deal", "opportunity"}:
            rules["kind"] = {"value": "opportunity"}
        for one in before:
            self._add(one)
        self._add(ProposedMap(table, {**self._own_key(key), **whose, **rules}))
        if table in {"orders"} and not key:
            self.made.notes.append("no key was found: order lines cannot point to these orders")

    def whose(self, column: str, taken: set[str], table: str) -> tuple[dict[str, Rule], list[ProposedMap]]:
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
        candidates += [one for one in declared_links(self.sample) if one not in candidates and not is_staff(one)]
        found = self.planner.find(self.role, candidates, "records")
        if found:
            self.made.evidence.append(found[0].evidence(self.sample))
            self.used.add(found[0].column)
            return {"record_id": {"field": found[0].column, "ref": self.planner.refer(self.role, found[1])}}, []
        if several := together(self.planner, self.role, "records"):
            self.made.evidence.append(several.evidence)
            self.used |= {*several.columns}
            return {"record_id": several.rule}, []
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
        if by_id and not WHO & columns.keys():
            maps.append(self._by_number(rule, by_id))
        self.used.add(key)
        self.made.evidence.append(f"the people are named in {self.sample.name} itself; {key} distinguishes them")
        return {"record_id": {**rule, "ref": self.sample.name}}, maps

    def _by_number(self, key: Rule, column: str) -> ProposedMap:
        """People without a name or an address: their number is kept as an identifier of this source alone."""
        kind = f"{plain(self.sample.source)}_{plain(column)}"
        self.made.notes.append("customers are known by their number only: they cannot meet records of other sources")
        fields: dict[str, Rule] = {
            "record_id": {**key, "ref": self.sample.name},
            "kind": {"value": kind},
            "value": {"field": column},
        }
        return ProposedMap("identifiers", fields, key=plain(column))

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
        elif several := together(self.planner, self.role, "orders"):
            self.made.evidence.append(several.evidence)
            self.used |= {*several.columns}
            fields["order_id"] = several.rule
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
        if not {"quantity", "amount"} & lines.keys():
            fields["quantity"] = {"value": "1"}
            self.made.notes.append("quantity: no field was found, so every line counts as one piece")
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
        whose, people = self.whose(orders.pop("record_id", ""), {*rest, *orders.values()}, "orders")
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
            said = "all different" if not twice else f"{twice:,} of them repeat one: the latest row counts"
            self.made.evidence.append(f"key: {facts.filled:,} of {self.sample.rows:,} rows have {column}, {said}")
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
    def _decide(self) -> None:
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


WHO = {"given_name", "family_name", "full_name", "organisation", "email", "phone", "street", "postcode"}
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
