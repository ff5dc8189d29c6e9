"""The proposal for an object of no known vendor: by names in several languages, values, keys and links. See `General`."""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.mapping.propose.amount_column import amount_column
from fullcircle.mapping.propose.apart_keys import in_all
from fullcircle.mapping.propose.bought_rows import without_bought
from fullcircle.mapping.propose.charges import said_of_charges
from fullcircle.mapping.propose.company_beside_names import company_name
from fullcircle.mapping.propose.company_lists import with_customers
from fullcircle.mapping.propose.customer_and_contact import company_of_contact
from fullcircle.mapping.propose.deal_status_column import deal_status_rules, kind_of_deal
from fullcircle.mapping.propose.deals_and_visits import (
    day_of_all,
    day_of_visit,
    filled_in,
    kind_of_visit,
    no_worth,
    without_a_person,
)
from fullcircle.mapping.propose.death import said_by_status
from fullcircle.mapping.propose.documents import with_documents
from fullcircle.mapping.propose.gone import without_gone
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.how_sure import decide_how_sure, say_what_is_left
from fullcircle.mapping.propose.items import date_of
from fullcircle.mapping.propose.links import is_like_a_key, is_own_number
from fullcircle.mapping.propose.mail_states import state_of_mail
from fullcircle.mapping.propose.money_of_orders import Money
from fullcircle.mapping.propose.name_links import link_account
from fullcircle.mapping.propose.name_parts import name_part
from fullcircle.mapping.propose.names_of_the_rest import with_names_of_the_rest
from fullcircle.mapping.propose.nested_amount import with_amount_inside
from fullcircle.mapping.propose.net_and_tax import with_net_and_tax
from fullcircle.mapping.propose.own_date import with_own_date
from fullcircle.mapping.propose.paid_elsewhere import applied_amount, as_payments
from fullcircle.mapping.propose.parts import GIVES_BACK, gives_back, pays_orders
from fullcircle.mapping.propose.payers import beside_payers
from fullcircle.mapping.propose.personal import personal_maps
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import (
    refund_column,
)
from fullcircle.mapping.propose.registrations import unread_money
from fullcircle.mapping.propose.retired import with_retired
from fullcircle.mapping.propose.roles import without_region, without_staff
from fullcircle.mapping.propose.thing_names import OF_THINGS, name_of_thing
from fullcircle.mapping.propose.time_of_day import with_time_of_day
from fullcircle.mapping.propose.two_sides import Sides, sides_of, signed
from fullcircle.mapping.propose.unnamed import name_by_values
from fullcircle.mapping.propose.visits import visit_status
from fullcircle.mapping.propose.whole_names import of_two_names
from fullcircle.mapping.propose.whose import WHO
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.tables import CONFORMED


class General(Money):
    """The proposal for an object of no known vendor."""

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
            with_customers(self)
        self.made.maps = [one for one in self.made.maps if one.fields]
        if table in {"records", "accounts"}:
            without_staff(self.planner.engine, self.made)
        self.made.notes += without_bought(self.planner.engine, self.sample, self.made.maps)
        own = str(
            self.role.keys.get("records", {}).get("field")
            or (self.sample.found.key[0] if len(self.sample.found.key) == 1 else "")
        )
        used, evidence, notes = without_gone(self.planner.engine, self.sample, own, self.made.maps)
        self.used |= {*used}
        self.made.evidence += evidence
        self.made.notes += notes
        decide_how_sure(self.planner, self.role, self.made)
        if any(one.to == "records" for one in self.made.maps) and self.role.table == "records":
            self.made.notes += said_of_charges(self.sample, self.made.maps)
            self.made.notes += with_retired(self.planner.engine, self.sample, {*used}, self.made.maps)
        self.made.left = [
            each.name
            for each in self.sample.found.fields
            if each.name not in self.used and each.name not in self.sample.found.key
        ]
        say_what_is_left(self.made)
        if table == "records":
            self.made.notes += unread_money(self.planner.engine, self.sample, self.made.left)
        return self.made

    # -- people -----------------------------------------------------------------------------------------------------
    def _people(self) -> None:
        columns = dict(self.role.columns)
        name_part(self.planner.engine, self.sample, columns)
        if company := company_name(self.planner.engine, self.sample, columns):
            columns["organisation"] = company
            self.made.evidence.append(f"{company}: the name of the company, beside that of its contact")
        self.made.notes += without_region(self.planner.engine, self.sample, columns)
        rules = self._rules("records", columns)
        key = self.role.keys.get("records")
        own = self._own_key(key)
        if own and self.role.else_key:
            key = {"sql": f"coalesce({text_of(self.role.key)}, lower({text_of(self.role.else_key)}))"}
            own = {"key": key}
            self.made.evidence.append(f"who has no {self.role.key} is known by {self.role.else_key}")
        self.used |= {*of_two_names(rules, self.sample.facts)}
        rest, said = with_names_of_the_rest(self.planner.engine, self.sample, columns, rules)
        self.used |= {rest} - {""}
        self.made.evidence += said
        company_of, said = company_of_contact(self.planner.engine, self.sample, rules, {*columns.values(), self.role.key})
        self.used |= {company_of} - {""}
        self.made.evidence += said
        died, said = said_by_status(self.planner.engine, self.sample) if "deceased" not in rules else ("", [])
        rules |= {"deceased": {"sql": died}} if died else {}
        self.made.evidence += said
        people = ProposedMap("records", {**own, **rules})
        if account := link_account(self.planner, self.role, people):
            self.made.evidence.append(account.evidence)
            self.used.add(account.column)
        self._add(people)
        if key and not WHO & rules.keys():
            self._add(self._by_number(key, str(key.get("field"))))
        self.further(key if own else None, {*columns.values(), *beside_payers(self.sample.found, columns)})
        if not key:
            self.made.notes.append("no key was found: a changed row is a new record, and nothing can point to it")

    def further(self, key: Rule | None, taken: set[str]) -> None:
        """A map for each further identifier, address or consent among the columns of a person."""
        whose: dict[str, Rule] = {"record_id": {**key, "ref": self.sample.name}} if key else {}
        state = state_of_mail(self.planner.engine, self.sample)
        for one in personal_maps(
            self.sample, whose, {*taken, self.role.key} | self.used, self.made.notes, state, self.planner.engine
        ):
            self._add(one)

    # -- orders -----------------------------------------------------------------------------------------------------
    def _orders(self) -> None:
        """Orders, unless the rows are parts of orders: counted as orders, their money would be counted twice."""
        columns, back = self.role.columns, gives_back(self.sample)
        given = refund_column(self.sample, list(self.sample.facts)) if back else ""
        columns |= {"amount": given} if given else {}
        sides = None if back else self._sides(columns)
        if self.role.orders and self._is_counted_there(columns, back):
            return
        doubt = self.role.doubt
        if doubt and not back:
            sum_ = in_all(self.planner.engine, self.sample, columns.get("amount", ""))
            self.made.notes.append(f"{LOOK if sum_ else ''}no orders are proposed: {doubt}{sum_}")
            for each in self.inside(columns.get("record_id", ""), {columns.get("ordered_at", "")} - {""}, "orders")[1]:
                self._add(each)
            return
        self._repeats(columns)
        name_by_values(self.planner.engine, self.role, self.made)
        if not given and not sides:  # what was given back is not the price of what came back
            self._what_is_paid(columns)
        self.made.evidence += with_own_date(self.sample, columns, self.role.key)
        key = self.role.keys.get("orders")
        if self.role.orders:
            key = self._key_beside_orders(self.role.orders[0].column, columns)
        self._other("orders", columns, key)
        signed(self.made.maps, sides)
        for one in self.made.maps:
            if one.to == "orders":
                parts, said = with_net_and_tax(self.planner.engine, self.sample, one)
                self.used |= {*parts}
                self.made.evidence += said
                column, inside = with_amount_inside(self.planner.engine, self.sample, one, self.used)
                self.used |= {column} - {""}
                self.made.evidence += [inside] if inside else []
                self.with_time_of_day(one.fields)
                if back:
                    self._given_back(one)
        if not back:
            self.refunds()
            self.beside()

    def _sides(self, columns: dict[str, str]) -> Sides | None:
        """Debit and credit are two sides of one amount, in whichever column it is."""
        sides = sides_of(self.planner.engine, self.sample, columns.get("amount", ""))
        if sides:
            columns["amount"] = sides.column
            self.used |= {*sides.used}
            self.made.evidence.append(sides.said)
        return sides

    def _is_counted_there(self, columns: dict[str, str], back: bool) -> bool:
        """True where the money is that of the orders of another object: what can be said of these rows is proposed here."""
        link, other = self.role.orders or (None, None)
        if link is None or other is None:
            return False
        self.made.evidence.append(link.evidence(self.sample))
        if not back and pays_orders(self.sample) and "amount" not in columns:
            free = [name for name in self.sample.facts if name not in {*columns.values(), link.column}]
            columns |= {"amount": found} if (found := amount_column(self.planner.engine, self.sample, free)[0]) else {}
        if not back and pays_orders(self.sample) and "amount" in columns:
            self._paid_for(columns)
            return True
        if not back or "amount" not in columns:
            what = "refunds" if back else "parts"
            self.made.notes.append(
                f"not mapped: its rows are {what} of the orders in {other.sample.name}, and would be counted as orders again"
                + ("; what was given back does not lessen what customers spent" if back else "")
            )
            return True
        return False

    def _paid_for(self, columns: dict[str, str]) -> None:
        """Payments that name the orders of another object are not sales: they say what was paid of these (paid_elsewhere.py)."""
        link, other = self.role.orders or (None, None)
        if link is None or other is None:
            return
        if applied := applied_amount(self.sample):
            columns["amount"] = applied
        self._other("orders", columns, self._key_beside_orders(link.column, columns))
        signed(self.made.maps, sides_of(self.planner.engine, self.sample, columns["amount"]))
        self.made.evidence += with_documents(self.planner.engine, self.sample, self.made.maps, self.used, payments=True)
        ref, whose = self.planner.refer(self.role, other), other.columns.get("record_id", "")
        as_payments(self.made, link.column, ref, other.sample.name, whose)
        self.used |= {link.column}

    def _key_beside_orders(self, pointing: str, columns: Mapping[str, str]) -> Rule | None:
        """The key of rows that name orders: a number of their own, else that of the order."""
        values = {columns.get("amount"), columns.get("ordered_at"), columns.get("status")}
        unique = [one.name for one in self.sample.found.fields if self.sample.unique(one.name) and one.name not in values]
        alike = [one for one in unique if is_like_a_key(one) or GIVES_BACK.search(plain(one))]
        alike += [one for one in unique[:1] if one not in alike and is_own_number(self.sample, one)]
        own = next((one for one in alike if one != pointing), pointing if pointing in alike else "")
        return {"field": own} if own else None

    # -- activity and things ------------------------------------------------------------------------------------------
    def _other(self, table: str, columns: dict[str, str], key: Rule | None) -> None:
        columns = dict(columns)
        whose: dict[str, Rule] = {}
        before: list[ProposedMap] = []
        thing = name_of_thing(self.sample, table, columns)
        if thing and table in OF_THINGS:
            columns.setdefault(OF_THINGS[table], thing)
        if CONFORMED[table].column("record_id") and table not in {"records"}:
            whose, before = self.whose(columns.pop("record_id", ""), {*columns.values(), thing} - {""}, table)
        if table in {"addresses", "consents"} and not whose:
            self.made.notes.append("record_id: whose this is was not found, so nothing is proposed")
            return
        if table == "interactions":
            self._day(columns)
        status = columns.pop("status", "") if table == "interactions" else ""
        if table == "interactions":
            leave = {status, self.role.key, *(str(rule.get("field", "")) for rule in whose.values())}
            columns |= filled_in(self.sample, columns, leave)
        rules = self._rules(table, columns)
        if table == "interactions":
            rules |= self._outcome(status, {*columns.values(), self.role.key})
            self._of_activity(rules, str(whose.get("record_id", {}).get("field", "")))
        if table == "products" and "name" not in rules and key:
            rules["name"] = dict(key)
        for one in before:
            self._add(one)
        self._add(ProposedMap(table, {**self._own_key(key), **whose, **rules}))
        if table in {"orders"} and not key:
            self.made.notes.append(
                "no key was found: every row counts as an order of its own, and order lines cannot point to these orders"
            )

    def _day(self, columns: dict[str, str]) -> None:
        """The only column of dates; of several days of a visit that for which it is."""
        if not columns.get("at") and (when := date_of(self.sample, timed=True)) and when != self.role.key:
            columns["at"] = when
        if day := day_of_visit(self.sample, columns):
            self.made.evidence.append(f"{day} is the day of the visit, and not {columns['at']}")
            columns["at"] = day

    def _of_activity(self, rules: dict[str, Rule], person: str) -> None:
        """The kind and the day of deals and appointments, and what is missing of them."""
        if "kind" not in rules and (kind := kind_of_deal(self.sample.name) or kind_of_visit(self.sample.name)):
            rules["kind"] = {"value": kind}
        day, said = day_of_all(self.sample, str(rules.get("at", {}).get("field", "")))
        if day:
            self.used |= {name for name in self.sample.facts if text_of(name) in day["sql"]}
            self.made.evidence.append(said)
            rules["at"] = day
        if kind_of_visit(self.sample.name):  # a log of calls has durations that look the same
            with_time_of_day(self.planner.engine, self.sample, self.used, rules, "at")
        self.made.notes += [note for note in (no_worth(self.sample, rules), self._nobodys(person)) if note]

    def _nobodys(self, person: str) -> str:
        return without_a_person(self.planner.engine, self.sample, person)

    def _outcome(self, status: str, taken: set[str]) -> dict[str, Rule]:
        """What became of a deal or a visit."""
        rules, said = deal_status_rules(self.planner.engine, self.sample, status, taken)
        self.made.evidence += said
        if "sql" in rules.get("status", {}) or kind_of_deal(self.sample.name):
            return rules
        visits, said = visit_status(self.sample, rules.get("status", {}), taken)
        self.made.evidence += said
        self.used |= {name for name in self.sample.facts if visits and f'"{name}"' in visits["status"]["sql"]}
        return rules | visits

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
