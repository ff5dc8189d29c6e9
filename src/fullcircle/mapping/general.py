"""The proposal for an object of no known vendor: by names in several languages, values, keys and links. See `General`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fullcircle.engine.base import quoted
from fullcircle.mapping.composite import together
from fullcircle.mapping.grain import within
from fullcircle.mapping.guess import ID_ENDINGS, ID_STARTS, columns_of, is_somebody_else, is_staff, named, plain, singular, words
from fullcircle.mapping.house_numbers import with_house_number
from fullcircle.mapping.items import date_of
from fullcircle.mapping.links import WHOLE_KEY, is_like_a_key
from fullcircle.mapping.messages import customer_side
from fullcircle.mapping.name_links import link_account, named_in, people_columns
from fullcircle.mapping.name_parts import name_part
from fullcircle.mapping.nested_buyer import buyer_in_json
from fullcircle.mapping.order_owner import owner_rule
from fullcircle.mapping.parts import GIVES_BACK, gives_back
from fullcircle.mapping.personal import personal_maps, without_deleted
from fullcircle.mapping.planner import (
    ACCOUNT_IDS,
    LIKELY,
    SURE,
    UNSURE,
    Planner,
    Proposed,
    ProposedMap,
    Role,
    Rule,
    declared_links,
)
from fullcircle.mapping.profiles import text_of
from fullcircle.mapping.refunds import flag_column, negative, refund_column, with_flag, with_refund
from fullcircle.mapping.roles import without_staff
from fullcircle.mapping.several import further, is_buyer, is_receiver, own_mails
from fullcircle.mapping.status_column import status_rule
from fullcircle.mapping.time_of_day import with_time_of_day
from fullcircle.mapping.unnamed import name_by_values
from fullcircle.mapping.whole_names import family_first, whole_name, with_prefix
from fullcircle.mapping.wide import Wide, wide
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
            self.lines()
        elif table == "orders":
            self._orders()
        else:
            self._other(table, self.role.columns, self.role.keys.get(table))
        self.made.maps = [one for one in self.made.maps if one.fields]
        if table in {"records", "accounts"}:
            self.made.notes += without_staff(self.planner.engine, self.sample, self.made.maps)
        for column in without_deleted(self.sample, self.made.maps):
            self.used.add(column)
            self.made.evidence.append(f"rows with {column} are deleted: they are left out")
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
        name_part(self.planner.engine, self.sample, columns)
        rules = self._rules("records", columns)
        key = self.role.keys.get("records")
        own = self._own_key(key)
        people = ProposedMap("records", {**own, **rules})
        if account := link_account(self.planner, self.role, people):
            self.made.evidence.append(account.evidence)
            self.used.add(account.column)
        self._add(people)
        if key and not WHO & rules.keys():
            self._add(self._by_number(key, str(key.get("field"))))
        self.further(key if own else None, set(columns.values()))
        if not key:
            self.made.notes.append("no key was found: a changed row is a new record, and nothing can point to it")

    def further(self, key: Rule | None, taken: set[str]) -> None:
        """A map for each further identifier, address or consent among the columns of a person."""
        whose: dict[str, Rule] = {"record_id": {**key, "ref": self.sample.name}} if key else {}
        for one in personal_maps(self.sample, whose, {*taken, self.role.key} | self.used, self.made.notes):
            self._add(one)

    # -- orders -----------------------------------------------------------------------------------------------------
    def _orders(self) -> None:
        """Orders, unless the rows are parts of orders: counted as orders, their money would be counted twice."""
        columns, back = self.role.columns, gives_back(self.sample)
        if self.role.orders:
            link, other = self.role.orders
            self.made.evidence.append(link.evidence(self.sample))
            if not back or "amount" not in columns:
                what = "refunds" if back else "parts"
                self.made.notes.append(
                    f"not mapped: its rows are {what} of the orders in {other.sample.name}, and would be counted as orders again"
                    + ("; what was given back does not lessen what customers spent" if back else "")
                )
                return
        doubt = self.role.doubt
        if doubt and not back:
            self.made.notes.append(f"no orders are proposed: {doubt}")
            for each in self.inside(columns.get("record_id", ""), {columns.get("ordered_at", "")} - {""}, "orders")[1]:
                self._add(each)
            return
        self._repeats(columns)
        name_by_values(self.planner.engine, self.role, self.made)
        key = self.role.keys.get("orders")
        if self.role.orders:
            unique = [one.name for one in self.sample.found.fields if self.sample.unique(one.name)]
            alike = [one for one in unique if is_like_a_key(one) or GIVES_BACK.search(plain(one))]
            pointing = self.role.orders[0].column
            own = next((one for one in alike if one != pointing), pointing if pointing in alike else "")
            key = {"field": own} if own else None
        self._other("orders", columns, key)
        for one in self.made.maps:
            if one.to == "orders":
                self.with_time_of_day(one.fields)
                if back:
                    self._given_back(one)
        if not back:
            self.refunds()
            self.beside()

    def _flags(self, names: Sequence[str]) -> None:
        """A yes in `Refunded?` or `Cancelled` is the status of the order."""
        free = list(names)
        orders = [one for one in self.made.maps if one.to == "orders"]
        while orders:
            column, status = flag_column(self.planner.engine, self.sample, free)
            if not column:
                return
            with_flag(orders[0], column, status)
            self.used.add(column)
            self.made.evidence.append(f"{column}: yes means that the order was {status}")
            free.remove(column)

    def beside(self) -> None:
        """Order lines that are beside one another on the row of their order."""
        orders = [one for one in self.made.maps if one.to == "orders"]
        found = wide(self.planner.engine, self.sample, orders[0], self.used) if orders else Wide()
        self.made.maps += found.maps
        self.used |= found.used
        self.made.evidence += found.said
        self.made.notes += found.notes

    def refunds(self) -> None:
        """Where a column says how much of an order was given back, refunds beside the orders."""
        self._flags([name for name in self.sample.facts if name not in self.used])
        unused = [name for name in self.sample.facts if name not in self.used]  # a yes is not an amount of 1
        column, orders = refund_column(self.sample, unused), [one for one in self.made.maps if one.to == "orders"]
        made = with_refund(self.planner.engine, self.sample, orders[0], column) if column and orders else None
        if made:
            self._add(made)
            self.used.add(column)
            self.made.evidence.append(
                f"{column}: an order that was refunded whole has that status; a part is a refund of its own"
            )

    def _repeats(self, columns: Mapping[str, str]) -> None:
        """Where orders are in several rows, and no column of items is known: say which columns differ."""
        key, engine = self.role.key, self.planner.engine
        if not key or engine is None or not self.sample.table or key not in self.sample.facts or "updated_at" in columns:
            return
        one = within(engine, self.sample, (key,))
        differing = [name for name in self.sample.facts if one.several and name not in {*one.same, key}]
        if differing:
            self.made.notes.append(
                f"{one.several:,} of {one.keys:,} values of {key} are in several rows, in which {', '.join(differing[:5])} "
                "differ: the latest row counts. If the rows are items, they are not read as order lines, and insights by product "
                "miss them"
            )

    def _given_back(self, one: ProposedMap) -> None:
        """Refunds are orders of a negative amount: they lessen what a customer spent."""
        one.fields["status"] = {"value": "refunded"}
        if "record_id" not in one.fields and self.role.orders:
            link, other = self.role.orders
            one.fields["record_id"] = owner_rule(link.column, other)
            self.used.add(link.column)
            self.made.notes = [said for said in self.made.notes if not said.startswith("record_id:")]
            self.made.evidence.append(f"{link.column}: the customer is that of the order in {other.sample.name}")
        amount = one.fields.get("amount", {}).get("field", "")
        if amount:
            one.fields["amount"] = negative(self.planner.engine, self.sample, amount)
        self.made.notes.append("refunds: they become orders of a negative amount, which lessen what the customer spent")

    def _people_here(self) -> set[str]:
        return {"record_id"} if {"email", "phone"} & columns_of(self.sample.found, "records", self.sample.facts).keys() else set()

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
        if (
            table == "interactions"
            and not columns.get("at")
            and (when := date_of(self.sample, timed=True))
            and when != self.role.key
        ):
            columns["at"] = when  # the only column of dates
        rules = self._rules(table, columns)
        if table == "products" and "name" not in rules and key:
            rules["name"] = dict(key)
        if table == "interactions" and "kind" not in rules and singular(plain(self.sample.name)) & {"deal", "opportunity"}:
            rules["kind"] = {"value": "opportunity"}
        for one in before:
            self._add(one)
        self._add(ProposedMap(table, {**self._own_key(key), **whose, **rules}))
        if table in {"orders"} and not key:
            self.made.notes.append(
                "no key was found: every row counts as an order of its own, and order lines cannot point to these orders"
            )

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
        candidates += [one.name for one in self.sample.found.fields if plain(one.name) in ACCOUNT_IDS and one.name not in taken]
        keys = {plain(str(one.keys["records"].get("field"))) for one in self.planner.roles if one.serves("records")}
        named_so = [one.name for one in self.sample.found.fields if plain(one.name) in keys and is_like_a_key(one.name)]
        candidates += [one for one in named_so if one not in {*candidates, *taken, self.role.key} and plain(one) not in WHOLE_KEY]
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
        if named_here := self._by_name(column, taken, table):
            return {"record_id": named_here}, []
        return self.inside(column, taken, table)

    def _by_name(self, column: str, taken: set[str], table: str) -> Rule | None:
        """The link to people by their name, where this object has no e-mail or phone of theirs, which would say more."""
        people = columns_of(self.sample.found, "records", self.sample.facts, leave=taken)
        if any(name in people and self.sample.facts[people[name]].filled for name in ("email", "phone") if self.sample.facts):
            return None
        candidates = [column] if column else []
        enough = 0.9 if table == "orders" else 0  # orders of people who are nowhere else stay theirs
        found = named_in(self.planner, self.role, candidates + people_columns(self.sample, taken), "records", enough)
        if found:
            self.made.evidence.append(found.evidence)
            self.used.add(found.column)
        return found.rule if found else None

    def _messages(self) -> tuple[dict[str, Rule], list[ProposedMap]] | None:
        """The customers of messages: whoever is not the company."""
        side = customer_side(self.planner.engine, self.sample)
        if side is None:
            return None
        rule: Rule = {"sql": side.email}
        self.used |= {side.sender, side.receiver}
        self.made.notes.append(f"{side.own} is in most rows, so it is taken as the company's own: the customer is the other side")
        self.made.evidence.append(f"the people are named in {side.sender} and {side.receiver}; their address distinguishes them")
        fields: dict[str, Rule] = {"key": rule, "full_name": {"sql": side.name}, "email": rule}
        return {"record_id": {**rule, "ref": self.sample.name}}, [
            ProposedMap("records", fields, where=f"({side.email}) IS NOT NULL")
        ]

    def inside(self, column: str, taken: set[str], table: str) -> tuple[dict[str, Rule], list[ProposedMap]]:
        """People who are only named in this object: the map of them, and the rule that points to it."""
        if table in {"interactions", "tickets"} and (messages := self._messages()):
            return messages
        if table == "orders" and (buyer := buyer_in_json(self.planner.engine, self.made, self.used)):
            return buyer
        shops = own_mails(self.sample, self.made.notes)
        leave = {*taken, *shops, self.role.key, *self._not_the_buyer(), *self._of_items()} - {""}
        columns = columns_of(self.sample.found, "records", self.sample.facts, leave=leave)
        mails = [
            name for name, facts in self.sample.facts.items() if facts.email >= 0.8 and not is_staff(name) and name not in leave
        ]
        if mails and not ((facts := self.sample.facts.get(columns.get("email", ""))) and facts.filled):
            columns["email"] = mails[0]
        columns = {name: value for name, value in columns.items() if name not in {"account_id", "updated_at"}}
        facts = self.sample.facts.get(column)
        by_id = column if column and not (facts and facts.email > 0.5) and self._is_number(column, columns) else ""
        key = by_id or columns.get("email") or columns.get("phone") or columns.get("full_name") or columns.get("organisation")
        if not key or (table == "interactions" and not {"email", "phone"} & columns.keys()):
            self.made.notes.append(
                f"record_id: {f'{column} points to no person' if column else 'no field names a person'} of these sources: "
                f"these {table} would be nobody's"
            )
            return {}, []
        rule: Rule = {"sql": f"lower({text_of(key)})"} if key == columns.get("email") else {"field": key}
        email = columns.get("email", "")
        if key == by_id and email and facts and facts.filled < self.sample.rows:  # guests have an address, but no number
            rule = {"sql": f"coalesce({text_of(key)}, lower({text_of(email)}))"}
        otherwise = [columns[name] for name in ("phone", "full_name") if name in columns]
        if key == email and otherwise and email in self.sample.facts and self.sample.facts[email].filled < self.sample.rows:
            ways = ", ".join(f"lower({text_of(one)})" for one in (email, *otherwise))  # without an address: by phone or name
            rule = {"sql": f"coalesce({ways})"}
        rules = self._rules("records", columns, quiet=True)
        known = f"{rule.get('sql', text_of(key))} IS NOT NULL"
        maps = [ProposedMap("records", {"key": rule, **rules}, where=known)]
        if by_id and not WHO & columns.keys():
            maps.append(self._by_number(rule, by_id))
        used = {*taken, *columns.values(), key, self.role.key, *self._receivers()}
        for one in further(self.sample.found, self.sample.facts, used, self.sample.rows):
            of: dict[str, Rule] = {"record_id": {**rule, "ref": self.sample.name}, "kind": {"value": one.kind}}
            own = {**of, "value": {"field": one.column}}
            maps.append(ProposedMap("identifiers", own, plain(one.column), known))
        self.used.add(key)
        self.made.evidence.append(f"the people are named in {self.sample.name} itself; {key} distinguishes them")
        return {"record_id": {**rule, "ref": self.sample.name}}, maps

    def _not_the_buyer(self) -> set[str]:
        """Columns of who receives an order, where others say who ordered it: a gift is not to its buyer."""
        return self._receivers() if any(is_buyer(each.name) for each in self.sample.found.fields) else set()

    def _receivers(self) -> set[str]:
        """Columns of who receives an order: a phone among them is not a further one of the customer."""
        return {each.name for each in self.sample.found.fields if is_receiver(each.name)}

    def _of_items(self) -> set[str]:
        """Columns that differ within an order: they are of its items, as the `name` beside a `sku`."""
        items = self.role.items
        if items is None or items.order.within is None or not items.within.several:
            return set()
        one = items.within
        return {name for name in self.sample.facts if name not in {*one.same, *one.key, items.when, *items.who}}

    def _is_number(self, column: str, people: Mapping[str, str]) -> bool:
        """True if the column is the number of a customer. `Customer` may hold names: then an address is better."""
        if not _is_id(column):
            return False
        facts = self.sample.facts.get(column)
        named = plain(column) in words()["columns"]["orders"]["record_id"]
        if not named or not facts or not facts.filled or not self.planner.engine:
            return True
        shape = f"regexp_full_match({quoted(column)}, '\\S*\\d\\S*')"
        coded = self.planner.engine.value(
            f"SELECT count(*) FILTER ({shape}) >= 0.5 * count({quoted(column)}) FROM {self.sample.table}"
        )
        return bool(coded) or not {"email", "phone"} & people.keys()

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

    def lines(self) -> None:
        """Order lines: those are the business of lines.py."""

    # -- parts ----------------------------------------------------------------------------------------------------------
    def _own_key(self, key: Rule | None) -> dict[str, Rule]:
        """The `key` among the fields, where the source itself does not know it."""
        if not key or list(self.sample.found.key) == [key.get("field")]:
            return {}
        if "fields" in key:
            self.made.evidence.append(f"key: {' with '.join(key['fields'])} are different in every row together")
            self.used |= set(key["fields"])
            return {"key": key}
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
            if (table, name) == ("orders", "status"):
                rules[name] = status_rule(self.planner.engine, self.sample, source_field)
            if name == "full_name":
                if family_first(source_field):
                    self.made.notes.append(f"{source_field}: the header says that the family name comes first")
                rules[name] = whole_name(source_field)
            if name == "family_name":
                rules[name] = with_prefix(source_field, [one.name for one in self.sample.found.fields])
                self.used |= set(rules[name].get("fields", ()))
        if "street" in rules and table in {"records", "addresses"}:
            keys = {self.role.key, *(str(rule.get("field")) for rule in self.role.keys.values())}
            rules["street"] = with_house_number(self.sample, rules["street"]["field"], self.used, keys)
            self.used |= set(rules["street"].get("fields", ()))
        return rules

    def with_time_of_day(self, rules: dict[str, Rule]) -> None:
        """A date and its time of day may be in two columns."""
        with_time_of_day(self.planner.engine, self.sample, self.used, rules)

    def _add(self, one: ProposedMap) -> None:
        self.made.maps.append(one)
        self.used |= {name for rule in one.fields.values() for name in [rule.get("field", ""), *rule.get("fields", [])] if name}

    # -- judging --------------------------------------------------------------------------------------------------------
    def _decide(self) -> None:
        table = self.role.table
        by_name = named(self.sample.name) == table
        keyed = bool(self.role.keys.get(table) or self.sample.found.key) or table in {"order_lines", "addresses", "consents"}
        self.made.sure = SURE if by_name and keyed and not self.made.notes else LIKELY if by_name or keyed else UNSURE
        for to in dict.fromkeys(one.to for one in self.made.maps):
            for name, why in WORTH.get(to, {}).items():
                if not any(one.to == to and name in one.fields for one in self.made.maps):
                    self._missing(to, name, why)

    def _missing(self, to: str, name: str, why: str) -> None:
        lines = any(one.to == "order_lines" and {"amount", "unit_price"} & one.fields.keys() for one in self.made.maps)
        others = any(one.table == "order_lines" and one is not self.role for one in self.planner.roles)
        if (to, name) != ("orders", "amount") or not (lines or others):
            self.made.notes.append(f"{name}: no field was found; {why}")

    def _worth(self) -> None:
        """What was left out although it looks like something that matters."""
        for name in self.made.left:
            facts = self.sample.facts.get(name)
            if not facts or not facts.filled:
                continue
            if is_staff(name):
                self.made.notes.append(f"{name} is about staff, who are not customers: left out")
            elif is_somebody_else(name):
                self.made.notes.append(
                    f"{name} is about another person than the one of the row: left out, never the customer's own"
                )
            elif facts.mail >= 0.8:
                self.made.notes.append(f"{name} looks like e-mail addresses, but is not mapped: records could meet by it")


WHO = {"given_name", "family_name", "full_name", "organisation", "email", "phone", "street", "postcode"}
WORTH = {
    "records": {},
    "orders": {
        "ordered_at": "without a date it takes no part in habits",
        "amount": "these orders count, but add nothing to what customers spent",
    },
    "interactions": {"at": "without a date its place in time is unknown"},
    "tickets": {"opened_at": "without a date its place in time is unknown"},
}  # fmt: skip


def _is_id(column: str) -> bool:
    name = plain(column)
    return (
        any(name.endswith(ending) for ending in ID_ENDINGS if ending)
        or name.startswith(ID_STARTS)
        or name
        in {
            "customer",
            "client",
            "user",
            "cust",
            "buyer",
        }
    )
