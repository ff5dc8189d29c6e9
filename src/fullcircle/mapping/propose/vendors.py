"""The proposal for an object of a known vendor: its profile, with the headers that this file really has. See `proposal_of`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fullcircle.engine.base import quoted
from fullcircle.mapping.propose.apart_keys import lost_amounts
from fullcircle.mapping.propose.bought_rows import without_bought
from fullcircle.mapping.propose.deal_status_column import deal_status_rules
from fullcircle.mapping.propose.death import rule_of_death
from fullcircle.mapping.propose.general import General
from fullcircle.mapping.propose.guess import columns_of, is_somebody_else, is_staff, plain
from fullcircle.mapping.propose.guests import nobodys, otherwise, said
from fullcircle.mapping.propose.links import Link, holds, link
from fullcircle.mapping.propose.name_links import link_account
from fullcircle.mapping.propose.open_amounts import with_owed
from fullcircle.mapping.propose.participants import with_participants
from fullcircle.mapping.propose.personal import answers, refusals
from fullcircle.mapping.propose.planner import LIKELY, SURE, Planner, Proposed, ProposedMap, Role, Rule
from fullcircle.mapping.propose.profiles import is_mostly_its_own, sql_of, text_of, ways
from fullcircle.mapping.propose.refunds import with_refund
from fullcircle.mapping.propose.refusal_columns import unread_consents
from fullcircle.mapping.propose.retired import with_retired
from fullcircle.mapping.propose.roles import without_staff
from fullcircle.mapping.propose.salesforce_ids import met
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.several import further, further_places, is_receiver
from fullcircle.mapping.propose.wide import wide
from fullcircle.mapping.validate import OWN_RECORD
from fullcircle.model.tables import CONFORMED

OF_PEOPLE = {"records", "identifiers", "addresses", "consents", "accounts"}  # a list of people, and of nothing that they did
MOST_PARTS = 20  # values in one cell, each of which becomes an identifier of its own
FILLED = ("records", "accounts", "interactions", "tickets")  # of orders, a column by its name alone may count money twice
NAME_OF_COLUMN = re.compile(r'CAST\("((?:[^"]|"")+)" AS VARCHAR\)')


def proposal_of(planner: Planner, role: Role) -> Proposed:
    """The maps of the profile for which the file has the headers."""
    return _Vendor(planner, role).proposal()


class _Vendor:
    def __init__(self, planner: Planner, role: Role) -> None:
        self.planner, self.role, self.sample, self.known = planner, role, role.sample, role.profile()
        profile = self.known.known
        sure = SURE if self.known.hits >= 0.5 * self.known.of and is_mostly_its_own(self.known) else LIKELY
        self.made = Proposed(role.sample, f"{profile.vendor} {profile.what}", sure)
        self.made.evidence.append(
            f"it has {self.known.hits} of the {self.known.of} headers by which {profile.vendor} {profile.what} are known"
        )
        self.refers_to_itself = False

    def proposal(self) -> Proposed:
        """The maps, evidence and notes."""
        main = [made for one in self.known.known.maps if (made := self._map(one))]
        inside = [one for one, spec in main if spec.get("if_used") and not self.refers_to_itself]
        self.made.maps = [one for one, _ in main if not any(one is other for other in inside)]
        for one, spec in main:
            if not spec.get("if_used") and one.to in FILLED:
                self._fill(one)
            if one.to == "orders":
                self._fill_order(one)
                self._same_key(one, spec)
            account = link_account(self.planner, self.role, one) if one.to == "records" and not spec.get("if_used") else None
            self.made.evidence += [account.evidence] if account else []
        if any(one.to == "records" for one in self.made.maps):
            self._further()
        self._whose()
        if {one.to for one in self.made.maps} <= OF_PEOPLE:
            without_staff(self.planner.engine, self.made)
            read = {name for one in self.made.maps for name in _columns_in(one)}
            self.made.notes += with_retired(self.planner.engine, self.sample, read, self.made.maps)
        self.made.notes += without_bought(self.planner.engine, self.sample, self.made.maps)
        self._participants()
        self._several()
        self._refunds()
        self._beside()
        self._left_out()
        return self.made

    def _map(self, spec: Mapping[str, Any]) -> tuple[ProposedMap, Mapping[str, Any]] | None:
        to = spec["to"]
        key = self.role.keys.get(to) if "key" not in spec else next((rule for rule, _ in ways(self.known, spec["key"])), None)
        if "key" in spec and key is None:
            return None
        fields: dict[str, Rule] = {}
        if key and list(self.sample.found.key) != [key.get("field")]:
            fields["key"] = key
        for name, value in spec["fields"].items():
            column = CONFORMED[to].column(name)
            rule = (
                self._reference(name, column.ref, value)
                if column and column.ref
                else next((one for one, _ in ways(self.known, value)), None)
            )
            if rule:
                fields[name] = rule
        if to in OWN_RECORD and "record_id" not in fields and "records" in self.role.keys:
            fields = {"record_id": {**self.role.keys["records"], "ref": self.sample.name}, **fields}
        required = [
            column.name
            for column in CONFORMED[to].columns[1:]
            if column.required and column.name not in {"source", "object", "key"}
        ]
        if any(name not in fields and not (name == "record_id" and to in OWN_RECORD) for name in required):
            return None
        if not any(name not in {"key", "record_id"} and ("value" not in rule or len(rule) > 1) for name, rule in fields.items()):
            return None
        return ProposedMap(to, fields, spec.get("name", ""), self._where(spec)), spec

    def _where(self, spec: Mapping[str, Any]) -> str:
        return " AND ".join(f"({sql})" for one in spec.get("where", ()) if (sql := sql_of(self.known, one)))

    def _fill(self, people: ProposedMap) -> None:
        """Columns that the profile does not name, by their names and values: `Suburb` in an export of contacts."""
        used = {name for one in self.made.maps for name in _columns_in(one)}
        used |= {column for headers in self.known.known.left if (column := self.known.column(headers))}
        used |= {
            column
            for _, value in self.known.known.identifiers.values()
            if (column := self.known.column(value.removeprefix("split ")))
        }
        found = columns_of(self.sample.found, people.to, self.sample.facts, leave=used)
        named = {"given_name", "family_name", "full_name"} & people.fields.keys()
        for name, column in found.items():
            if name not in people.fields and not CONFORMED[people.to].column(name).ref and not (named and name.endswith("_name")):  # type: ignore[union-attr]
                people.fields[name] = {"field": column}
        if people.to == "interactions" and "field" in people.fields.get("status", {"field": ""}):
            named = people.fields.get("status", {}).get("field", "")
            if "map" not in people.fields.get("status", {}):
                outcome, said = deal_status_rules(self.planner.engine, self.sample, named, used | _columns_in(people) - {named})
                people.fields |= outcome
                self.made.evidence += said

    def _same_key(self, orders: ProposedMap, spec: Mapping[str, Any]) -> None:
        """Rows of one number and different amounts: the number of the vendor is searched by, another column is the key."""
        if any(one["to"] == "order_lines" for one in self.known.known.maps):
            return
        key, amount = (str(orders.fields.get(name, {}).get("field", "")) for name in ("key", "amount"))
        named = next((str(rule.get("field", "")) for rule, _ in ways(self.known, spec.get("key", self.known.known.key))), "")
        if named and key and named != key:
            orders.fields.setdefault("number", {"field": named})
            self.made.evidence.append(f"{key} is the key: rows of one {named} are of different amounts")
        elif lost := lost_amounts(self.planner.engine, self.sample, key, amount):
            self.made.notes.append(lost)

    def _fill_order(self, orders: ProposedMap) -> None:
        """The currency, the status and what is owed of orders that the profile does not name: exports of one vendor differ."""
        used = {name for one in self.made.maps for name in _columns_in(one)}
        used |= {column for headers in self.known.known.left if (column := self.known.column(headers))}
        found = columns_of(self.sample.found, "orders", self.sample.facts, leave=used)
        for name in ("currency", "status", *(("unpaid", "paid") if "amount" in orders.fields else ())):
            facts = self.sample.facts.get(found.get(name, ""))
            if name in found and name not in orders.fields and (facts is None or facts.filled):
                orders.fields[name] = {"field": found[name]}
        self.made.evidence += with_owed(self.planner.engine, self.sample, orders)

    def _whose(self) -> None:
        """Where the profile finds no person, those that names and values tell."""
        for one in list(self.made.maps):
            if one.to in {"orders", "tickets", "interactions"} and "record_id" not in one.fields:
                used = {name for other in self.made.maps for name in _columns_in(other)}
                general = General(self.planner, self.role)
                whose, people = general.whose("", used, one.to)
                one.fields |= whose
                self.made.maps = people + self.made.maps
                self.made.evidence += general.made.evidence
                self.made.notes += general.made.notes

    def _participants(self) -> None:
        """All people of a deal, where a cell names several."""
        for one in [each for each in self.made.maps if each.to == "interactions"]:
            several = with_participants(self.sample, one, self.made.maps)
            self.made.maps += several.maps
            self.made.evidence += several.said

    def _several(self) -> None:
        """Say where a cell names several rows of another object, of which the first is the link."""
        for one in [] if any(each.to == "participants" for each in self.made.maps) else self.made.maps:
            for name, rule in one.fields.items():
                first = rule.get("sql", "") if rule.get("ref") else ""
                for column in NAME_OF_COLUMN.findall(first) if "';', 1" in first else ():
                    several = f"SELECT count(*) FROM {self.sample.table} WHERE trim({quoted(column)}, '; ') LIKE '%;%'"
                    rows = self.planner.engine.value(several) if self.planner.engine and column in self.sample.facts else 0
                    if rows:
                        said = f"{column} names several in {rows:,} of {self.sample.rows:,} rows: the first is the {name}"
                        self.made.notes.append(f"{said}, the others are not linked")

    def _refunds(self) -> None:
        """Refunds beside the orders, where a column says how much was given back."""
        column = self.known.column(self.known.known.refunded) if self.known.known.refunded else ""
        orders = next((one for one in self.made.maps if one.to == "orders"), None)
        if column and orders and (made := with_refund(self.planner.engine, self.sample, orders, column)):
            self.made.maps.append(made)
            self.made.evidence.append(
                f"{column}: an order that was refunded whole has that status; a part is a refund of its own"
            )

    def _beside(self) -> None:
        """Order lines beside one another on the row of their order, where the profile found none."""
        orders = next((one for one in self.made.maps if one.to == "orders"), None)
        if not orders or any(one.to == "order_lines" for one in self.made.maps):
            return
        used = {name for one in self.made.maps for name in _columns_in(one)}
        left = {column for headers in self.known.known.left if (column := self.known.column(headers))}
        found = wide(self.planner.engine, self.sample, orders, used | left)
        self.made.maps += found.maps
        self.made.evidence += found.said
        self.made.notes += found.notes

    # -- references -----------------------------------------------------------------------------------------------------
    def _reference(self, name: str, table: str, value: Any) -> Rule | None:
        """The first way whose target is there and has such keys."""
        for rule, target in ways(self.known, value):
            if target == "self":
                if table in self.role.keys or (table == "records" and name == "record_id"):
                    self.refers_to_itself = True
                    return {**rule, "ref": self.sample.name}
                continue
            found = self._linked(rule, target, table)
            if found:
                return self._or_guest(found, table, value) if name == "record_id" else found
        return None

    def _or_guest(self, found: Rule, table: str, value: Any) -> Rule:
        """The link to customers, where the profile knows another way: rows without a number belong to whom they name."""
        own = next((rule for rule, target in ways(self.known, value) if target == "self"), None)
        column = found.get("field", "")
        if not own or not column or table not in self.role.keys:
            return found
        rows, nobody = nobodys(self.planner, self.sample, Link(column, self.sample, "", 0, 0))
        if not rows:
            return found
        self.refers_to_itself = True
        self.made.evidence.append(said(self.sample, column, rows))
        return otherwise(found, nobody, own)

    def _of_vendor(self, name: str, table: str) -> Role | None:
        wanted = (self.known.known.vendor, name)
        known = [(one.known.known, one) for one in self.planner.roles if one.known and one.serves(table)]
        same = [one for profile, one in known if (profile.vendor, profile.name) == wanted]
        return next((one for one in same if one.sample.source == self.sample.source), same[0] if same else None)

    def _linked(self, rule: Rule, target: str, table: str) -> Rule | None:
        """The rule with its ref: to the vendor's own object, else to whichever object has the values as keys."""
        column = rule.get("field") or next(iter(NAME_OF_COLUMN.findall(rule.get("sql", ""))), "")
        facts = self.sample.facts.get(column)
        if facts and not facts.filled and self.sample.rows:
            return None
        other = self._of_vendor(target, table)
        if other and "field" in other.keys[table]:
            one = link(self.planner.engine, self.sample, column, other.sample, other.keys[table]["field"], rule.get("sql", ""))
            sql = met(column, facts, other.sample.facts.get(one.key)) if "field" in rule and not one.hits else ""
            if sql:
                rule, one = {"sql": sql}, link(self.planner.engine, self.sample, column, other.sample, one.key, sql)
                self.made.notes.append(f"{column}: ids of 15 and of 18 characters are compared as one")
            if one.hits or not one.of or not other.sample.whole:
                self.made.evidence.append(one.evidence(self.sample))
                return {**rule, "ref": self.planner.refer(self.role, other)}
        found = self.planner.find(self.role, [column], table) if "field" in rule else None
        if found and found[0].of and holds(found[0]):
            self.made.evidence.append(found[0].evidence(self.sample))
            return {**rule, "ref": self.planner.refer(self.role, found[1])}
        self.made.notes.append(f"{column} points to a {target} of {self.known.known.vendor}, but no object here holds it")
        return None

    # -- identifiers and consents -----------------------------------------------------------------------------------------
    def _further(self) -> None:
        people = next(one for one in self.made.maps if one.to == "records")
        key = people.fields.get("key")
        whose: dict[str, Rule] = {"record_id": {**key, "ref": self.sample.name}} if key else {}
        if "deceased" not in people.fields and (death := rule_of_death(self.sample)):
            people.fields["deceased"] = death
        for name, (kind, value) in self.known.known.identifiers.items():
            split = value.startswith("split ")
            for rule, _ in ways(self.known, value.removeprefix("split "))[:1]:
                for number, one in enumerate(self._parts(rule) if split else [rule], 1):
                    fields = {**whose, "kind": {"value": kind}, "value": one}
                    self.made.maps.append(ProposedMap("identifiers", fields, f"{name}-{number}" if split else name, people.where))
        used = {name for one in self.made.maps for name in _columns_in(one)}
        used |= {column for headers in self.known.known.left if (column := self.known.column(headers))}
        ordered = any(one.to == "orders" for one in self.made.maps)
        others = {one.name for one in self.sample.found.fields if ordered and is_receiver(one.name)}
        for more in further(self.sample.found, self.sample.facts, used | others, self.sample.rows):
            fields = {**whose, "kind": {"value": more.kind}, "value": {"field": more.column}}
            self.made.maps.append(ProposedMap("identifiers", fields, plain(more.column), people.where))
        for use, place in further_places(self.sample.found, self.sample.facts, used, self.sample.rows):
            of_place: dict[str, Rule] = {column: {"field": name} for column, name in place.items()}
            self.made.maps.append(ProposedMap("addresses", {**whose, "use": {"value": use}, **of_place}, use, people.where))
        for purpose, value in self.known.known.consents.items():
            for rule, _ in ways(self.known, value.removeprefix("not "))[:1]:
                denies = value.startswith("not ")
                filled = f"{text_of(rule['field'])} IS NOT NULL" if "field" in rule and not denies else ""
                fields = {**whose, "purpose": {"value": purpose}, "refused" if denies else "granted": rule}
                where = " AND ".join(one for one in (people.where, filled) if one)
                self.made.maps.append(ProposedMap("consents", fields, purpose, where))
        used |= {name for one in self.made.maps for name in _columns_in(one)}
        self.made.maps += refusals(self.sample, whose, used, people.where)

    def _parts(self, rule: Rule) -> list[Rule]:
        """A rule for each of the values in one cell; more than the sample has, as other rows may hold more."""
        column = rule["field"]
        facts = self.sample.facts.get(column)
        most = min(MOST_PARTS, (facts.parts if facts else 1) + 2)
        text = f"replace(CAST({quoted(column)} AS VARCHAR), ',', ';')"
        return [{"sql": f"nullif(trim(split_part({text}, ';', {number})), '')"} for number in range(1, most + 1)]

    # -- what was left out --------------------------------------------------------------------------------------------------
    def _left_out(self) -> None:
        used = {name for one in self.made.maps for name in _columns_in(one)}
        own = self.sample.found
        self.made.left = [one.name for one in own.fields if one.name not in used and one.name not in own.key]
        for headers, why in self.known.known.left.items():
            column = self.known.column(headers)
            if column in self.made.left:
                self.made.notes.append(f"{column} is left out on purpose: {why}")
        about = {column for headers in self.known.known.left if (column := self.known.column(headers))}
        unread = [one for one in self.made.left if one not in about and _has_values(self.sample, one)]
        of_people = any(one.to == "records" or "record_id" in one.fields for one in self.made.maps)
        if of_people and (unclear := unread_consents(unread, answers(self.sample))):
            self.made.notes.append(unclear)
        staff = [one for one in self.made.left if is_staff(one)]
        if staff:
            self.made.notes.append(f"{', '.join(staff)}: about staff, who are not customers")
        others = [one for one in self.made.left if one not in staff and is_somebody_else(one) and _has_values(self.sample, one)]
        if others:
            self.made.notes.append(f"{', '.join(others)}: about another person than the one of the row, never the customer's own")
        mails = [
            one
            for one in self.made.left
            if (facts := self.sample.facts.get(one)) and facts.mail >= 0.8 and one not in {*staff, *others}
        ]
        if mails:
            self.made.notes.append(f"{', '.join(mails)}: e-mail addresses that are not mapped; records could meet by them")
        if not any("key" in one.fields for one in self.made.maps) and not self.sample.found.key:
            self.made.notes.append("no key was found: a changed row is a new one, and nothing can point to it")


def _has_values(sample: Sample, column: str) -> bool:
    facts = sample.facts.get(column)
    return facts is None or facts.filled > 0


def _columns_in(one: ProposedMap) -> set[str]:
    """The fields of the source that a map reads."""
    rules = one.fields.values()
    names = {name for rule in rules for name in (rule.get("field", ""), *rule.get("fields", ()))}
    texts = [one.where, one.each, *(rule.get("sql", "") for rule in rules)]
    return names | {name.replace('""', '"') for text in texts for name in NAME_OF_COLUMN.findall(text)}
