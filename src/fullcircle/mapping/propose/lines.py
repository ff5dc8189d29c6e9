"""The proposal for an object whose rows are items of orders, also with order, customer and product on every row. See `Lines`."""

from __future__ import annotations

from collections.abc import Collection

from fullcircle.engine.base import quoted
from fullcircle.mapping.propose.composite import together
from fullcircle.mapping.propose.discount_kind import kind_of_discount
from fullcircle.mapping.propose.freight import beside_net, freight_of, freight_rule, with_net
from fullcircle.mapping.propose.general import General
from fullcircle.mapping.propose.grain import Within, number
from fullcircle.mapping.propose.gross_amount import is_paid
from fullcircle.mapping.propose.guess import columns_of, plain
from fullcircle.mapping.propose.item_status import OF_ITEM, line_of, lost_words, status_of_items
from fullcircle.mapping.propose.items import CLOSE, Items
from fullcircle.mapping.propose.open_items import owed_of_items
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.status_column import status_column
from fullcircle.mapping.propose.words import LOOK

ONE_OF_AN_ORDER = ("paid", "unpaid", "status", "channel", "currency")  # columns of an order that say nothing if its rows differ


class Lines(General):
    """The proposal for an object with a row for each item."""

    def lines(self) -> None:
        """The maps of lines, and of what else is on their rows."""
        items = self.role.items
        self.of_item: Rule = {}  # the status of an item, where each has its own
        self.added: list[str] = []  # columns that each item costs beside its net amount
        if items is None:
            self._by_names()
        elif items.order.within is None:
            columns = columns_of(self.sample.found, "order_lines", self.sample.facts)
            if {"order_id", "product_id"} <= columns.keys() and self.planner.find(self.role, [columns["order_id"]], "orders"):
                self.role.columns = columns  # the orders are elsewhere: whoever is on a row of theirs is not who ordered
                self._by_names()
            else:
                self._only_people(items)
        else:
            self._by_values(items)

    # -- by the values ------------------------------------------------------------------------------------------------------
    def _by_values(self, items: Items) -> None:
        one = items.within
        fields = {**self._own_key(self.role.keys.get("order_lines"))}
        rest = {*items.columns.values(), *one.key, items.product, items.product_name, items.total} - {"", items.when, *items.who}
        target, columns = self._orders_elsewhere(one.key)
        several = None if target else together(self.planner, self.role, "orders")
        columns = several.columns if several else columns
        key = key_rule(columns)
        rest |= set(columns)
        if several:
            self.made.evidence.append(several.evidence)
            fields["order_id"] = several.rule
        elif target:
            fields["order_id"] = {**key, "ref": target}
        elif not items.when and not items.who and any(other.serves("orders") for other in self.planner.roles):
            self.made.notes.append(
                f"not mapped: {one.key[0]} points to no orders of these sources, and no date or customer is here"
            )
            return
        else:
            fields["order_id"] = {**(self._from_above(one.key[0]) if one.down else key), "ref": self.sample.name}
            self.made.evidence += [items.order.said, *items.said]
            self.made.notes += [*items.order.notes, *items.notes]
            self._orders_of(items, rest, key)
        fields["product_id"] = self._product(items, rest)
        self.used |= {*columns, items.product}
        if not {"quantity", "amount"} & items.columns.keys():
            fields["quantity"] = {"value": "1"}
            self.made.notes.append("quantity: no field was found, so every line counts as one piece")
        kind, said = kind_of_discount(self.planner.engine, self.sample, items)
        if kind:
            fields["discount_kind"] = kind
            self.made.evidence.append(said)
        where = self._filled(*(() if one.down else columns), *(() if items.product_name else (items.product,)))
        if self.of_item or target:
            fields |= {"status": self.of_item} if self.of_item else self._own_status(rest | self.used)
        self._add(ProposedMap("order_lines", {**fields, **self._rules("order_lines", dict(items.columns))}, where=where))

    def _orders_elsewhere(self, key: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """The ref to the object that holds the orders ("" if none does), and the columns here that are the key there."""
        ours = {plain(each.name): each.name for each in self.sample.found.fields}
        for other in self.planner.roles:  # a key of several columns, as store and receipt, has the same names in both objects
            names = [plain(name) for name in other.keys.get("orders", {}).get("fields", ())]
            if other is not self.role and names and plain(key[-1]) in names and all(name in ours for name in names):
                columns = tuple(ours[name] for name in names)
                self.made.evidence.append(f"{' with '.join(columns)} is the key of the orders in {other.sample.name}")
                return self.planner.refer(self.role, other), columns
        found = self.planner.find(self.role, [key[0]], "orders") if len(key) == 1 else None
        if not found:
            return "", key
        self.made.evidence.append(found[0].evidence(self.sample))
        return self.planner.refer(self.role, found[1]), key

    def _from_above(self, column: str) -> Rule:
        """The value of the nearest row above that has one, in the order of the file."""
        return {"sql": f"last_value({text_of(column)} IGNORE NULLS) OVER (ORDER BY _seq)"}

    def _orders_of(self, items: Items, rest: set[str], key: Rule) -> None:
        one = items.within
        orders = self._columns_of_orders(items, rest)
        of_items = self._status_of_items(items, orders, rest)
        freight = self._freight(items, orders, of_items)
        owed = self._owed(items, orders, freight)
        for name in ONE_OF_AN_ORDER:
            if name in orders and one.several and orders[name] not in one.same:
                self.made.notes.append(
                    f"{name}: {orders[name]} differs within orders, so it is of the item (all items count as bought)"
                )
                rest.add(orders.pop(name))
        orders |= {"ordered_at": items.when} if items.when else {}
        varying = {name for name in self.sample.facts if one.several and name not in one.same}
        self._status_by_values(
            orders, [name for name in self.sample.facts if not of_items and name not in {*orders.values(), *rest, *varying}]
        )
        whose, people = self.whose(orders.pop("record_id", ""), {*rest, *orders.values()}, "orders")
        above = sorted({items.when, items.total} & one.once, key=lambda name: name != items.when)
        where = " OR ".join(f"{text_of(name)} IS NOT NULL" for name in above)
        for each in people:
            if where and not one.down:  # the other rows of an order may be without the name and the address
                each.where = f"({each.where}) AND ({where})" if each.where else where
            self._add(each)
        rules = self._rules("orders", orders)
        self.with_time_of_day(rules)
        rules |= of_items | owed
        if items.total or "amount" in of_items:
            rules.setdefault("amount", {"field": items.total})
            self.used.add(items.total)
        elif rule := freight_rule(self.planner.engine, self.sample, items, self.line, freight, self.added) or self._sum_row(
            items
        ):
            rules["amount"] = rule
        elif not {"amount", "unit_price"} & items.columns.keys():
            self.made.notes.append("amount: neither an amount of the order nor prices of its items were found")
        else:
            self.made.evidence.append("the amount of an order is the sum of its lines")
        if one.down:
            where = f"{text_of(one.key[0])} IS NOT NULL"
        elif not where and one.several:
            self._fill_gaps(rules, one)
        self._add(ProposedMap("orders", {"key": key, **whose, **rules}, where=where))
        self.refunds()

    def _freight(self, items: Items, orders: dict[str, str], of_items: dict[str, Rule]) -> str:
        """The column of the freight of an order, where it is proved to be a part of the amount."""
        engine = self.planner.engine
        self.line = line_of(engine, self.sample, items) if engine else ""
        self.added, left = beside_net(engine, self.sample, items, bool(self.line) and "amount" not in of_items)
        self.made.notes += left
        if engine and self.added:
            self.line = with_net(engine, self.sample, self.line, self.added)
            self.used |= {*self.added}
            self.made.evidence.append(f"{items.columns['amount']} is net: {' and '.join(self.added)} of each item are added")
        column, said = freight_of(engine, self.sample, items, self.line, orders.get("paid", ""))
        if "amount" in of_items:
            return ""
        self.used |= {column} - {""}
        self.made.evidence += [text for text in said if not text.startswith(LOOK)]
        self.made.notes += [text for text in said if text.startswith(LOOK)]
        return column

    def _columns_of_orders(self, items: Items, rest: set[str]) -> dict[str, str]:
        found = columns_of(self.sample.found, "orders", self.sample.facts, leave=rest)
        if found.get("amount") != items.total and is_paid(found.get("amount", "")):
            found.setdefault("paid", found["amount"])
        return {name: value for name, value in found.items() if name not in {"amount", "updated_at"}}

    def _owed(self, items: Items, orders: dict[str, str], freight: str) -> dict[str, Rule]:
        columns = [orders[name] for name in ("paid", "unpaid") if name in orders]
        rules, said = owed_of_items(self.planner.engine, self.sample, items, orders, self.line, freight)
        self.used |= {*columns} if rules else set()
        self.made.evidence += [text for text in said if not text.startswith(LOOK)]
        self.made.notes += [text for text in said if text.startswith(LOOK)]
        return rules

    def _status_of_items(self, items: Items, orders: dict[str, str], rest: set[str]) -> dict[str, Rule]:
        """The rules for the status of orders whose items have one each."""
        one = items.within
        varying = [name for name in self.sample.facts if one.several and name not in {*one.same, *rest}]
        own = next((name for name in varying if OF_ITEM.fullmatch(plain(name))), "")
        column = orders.get("status") or own or status_column(self.planner.engine, self.sample, varying)
        if column not in varying:
            return {}
        rules, said = status_of_items(self.planner.engine, self.sample, items, column)
        if rules:
            orders.pop("status", None)
            rest.add(column)
            self.used.add(column)
            self.of_item = {"field": column}
            self.made.notes.append(f"status: {said}")
        return rules

    def _status_by_values(self, orders: dict[str, str], free: Collection[str]) -> None:
        found = status_column(self.planner.engine, self.sample, free) if "status" not in orders else ""
        if found:
            orders["status"] = found
            self.made.evidence.append(f"{found}: its values are words for the status of an order")

    def _sum_row(self, items: Items) -> Rule:
        """The amount of an order from a row of its own, without a product: not less than its lines, as it has tax and postage."""
        amount, engine = items.columns.get("amount", ""), self.planner.engine
        facts = self.sample.facts.get(items.product)
        if not amount or engine is None or not facts or facts.filled == self.sample.rows:
            return {}
        key = ", ".join(map(quoted, items.within.key))
        bare, product, money = f"{text_of(items.product)} IS NULL", text_of(items.product), number(amount)
        orders = (
            f"SELECT count({money}) FILTER ({bare}) AS sums, max({money}) FILTER ({bare}) AS total, "
            f"sum({money}) FILTER ({product} IS NOT NULL) AS lines FROM {self.sample.table} GROUP BY {key}"
        )
        fits = f"sums = 1 AND total >= lines - {CLOSE} AND total <= 2 * lines + 50"
        if not engine.value(f"SELECT count(*) > 2 AND count(*) FILTER ({fits}) >= 0.95 * count(*) FROM ({orders})"):
            return {}
        self.made.evidence.append(
            f"{amount} of the row without {items.product} is the amount of the order, with what its lines lack"
        )
        return {"sql": f"max(CASE WHEN {bare} THEN {text_of(amount)} END) OVER (PARTITION BY {key})"}

    def _fill_gaps(self, rules: dict[str, Rule], one: Within) -> None:
        """What only some rows of an order say is said of the order: the latest row may be without."""
        for name, rule in rules.items():
            column = rule.get("field", "")
            if column in one.same and self.sample.facts[column].filled < self.sample.rows and name != "amount":
                rules[name] = {"sql": f"max({text_of(column)}) OVER (PARTITION BY {', '.join(map(quoted, one.key))})"}

    def _product(self, items: Items, rest: set[str]) -> Rule:
        """The rule that points to the product; without an object of products, also the map of those on the rows."""
        found = self.planner.find(self.role, [items.product], "products")
        if found:
            self.made.evidence.append(found[0].evidence(self.sample))
            return {"field": items.product, "ref": self.planner.refer(self.role, found[1])}
        facts = self.sample.facts[items.product]
        known: Rule = {"field": items.product}
        if items.product_name and facts.filled < self.sample.rows:
            known = {"sql": f"coalesce({text_of(items.product)}, {text_of(items.product_name)})"}
        self._goods(items, known, rest)
        return {**known, "ref": self.sample.name}

    def _goods(self, items: Items, known: Rule, rest: set[str]) -> None:
        goods = columns_of(self.sample.found, "products", self.sample.facts, leave=rest - {items.product})
        goods = {name: value for name, value in goods.items() if name in {"category", "brand"} and value not in self.used}
        name = items.product_name or items.product
        filled = known.get("sql", text_of(items.product))
        rules: dict[str, Rule] = {"key": known, "name": {"field": name}, **self._rules("products", goods)}
        if items.product_name:
            rules["sku"] = {"field": items.product}
        self._add(ProposedMap("products", rules, where=f"{filled} IS NOT NULL"))

    def _only_people(self, items: Items) -> None:
        """It cannot be known which rows are one order: no orders rather than wrong ones, but the people there are."""
        self.made.notes.append(f"no orders are proposed: {items.order.doubt}")
        whose = columns_of(self.sample.found, "orders", self.sample.facts).get("record_id", "")
        _, people = self.inside(whose, {items.when, items.product} - {""}, "orders")
        for each in people:
            self._add(each)

    # -- by names alone -------------------------------------------------------------------------------------------------------
    def _by_names(self) -> None:
        lines = dict(self.role.columns)
        order, product = lines.pop("order_id", ""), lines.pop("product_id", "")
        fields = {**self._own_key(self.role.keys.get("order_lines"))}
        to_order = self.planner.find(self.role, [order], "orders")
        to_product = self.planner.find(self.role, [product], "products")
        rest = {one for one in lines.values()} | {order, product}
        if to_order:
            self.made.evidence.append(to_order[0].evidence(self.sample))
            fields["order_id"] = {"field": order, "ref": self.planner.refer(self.role, to_order[1])}
            fields |= self._own_status(rest | self.used)
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

    def _own_status(self, rest: set[str]) -> dict[str, Rule]:
        """The status of each item, where the orders are elsewhere and some items were cancelled or given back."""
        free = [name for name in self.sample.facts if name not in rest]
        named = [name for name in free if OF_ITEM.fullmatch(plain(name))]
        column = (named or [status_column(self.planner.engine, self.sample, free)])[0]
        lost = lost_words(self.planner.engine, self.sample, column) if column else []
        if not lost:
            return {}
        self.used.add(column)
        self.made.evidence.append(f"{column}: items that are {', '.join(lost)} were not bought")
        return {"status": {"field": column}}

    def _filled(self, *columns: str) -> str:
        """A condition that the columns have values, where the sample has rows without; else ""."""
        empty = [one for one in columns if (facts := self.sample.facts.get(one)) and facts.filled < self.sample.rows]
        if empty:
            lost = ""
            if self.planner.engine and self.sample.table:
                condition = " OR ".join(f"{quoted(one)} IS NULL" for one in empty)
                lost = f"{self.planner.engine.value(f'SELECT count(*) FROM {self.sample.table} WHERE {condition}'):,} "
            self.made.notes.append(f"{lost}rows without {' or '.join(empty)} are not order lines and are passed over")
        return " AND ".join(f"{text_of(one)} IS NOT NULL" for one in empty)

    def _orders_inside(self, order: str, rest: set[str]) -> None:
        orders = columns_of(self.sample.found, "orders", self.sample.facts, leave=rest - {order})
        orders = {
            name: value
            for name, value in orders.items()
            if value != order and name not in {"amount", "updated_at", "paid", "unpaid"}
        }
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


def key_rule(columns: tuple[str, ...]) -> Rule:
    """The rule of a key of one column or of several."""
    return {"field": columns[0]} if len(columns) == 1 else {"fields": list(columns), "join": "-"}
