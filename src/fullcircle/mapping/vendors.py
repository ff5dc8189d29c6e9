"""The proposal for an object of a known vendor: its profile, with the headers that this file really has. See `proposal_of`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fullcircle.engine.base import quoted
from fullcircle.mapping.guess import is_staff
from fullcircle.mapping.links import holds, key_of, link
from fullcircle.mapping.plan import LIKELY, SURE, Planner, Proposed, ProposedMap, Role, Rule
from fullcircle.mapping.profiles import Recognised, sql_of, text_of, ways
from fullcircle.model.tables import CONFORMED

MOST_PARTS = 20  # values in one cell, each of which becomes an identifier of its own
OPPOSITE = {
    **{word: "false" for word in ("true", "True", "TRUE", "1", "yes", "Yes", "YES")},
    **{word: "true" for word in ("false", "False", "FALSE", "0", "no", "No", "NO")},
}
NAME_OF_COLUMN = re.compile(r'CAST\("((?:[^"]|"")+)" AS VARCHAR\)')
POINTED_TO = {"records", "accounts", "products", "orders"}


def keys_of(planner: Planner, role: Role) -> dict[str, Rule]:
    """The rule of the key for each table that the object becomes and that others point to."""
    known = _known(role)
    keys: dict[str, Rule] = {}
    inferred = ""
    for one in known.known.maps:
        if one["to"] in keys or one["to"] not in {*POINTED_TO, "tickets", "interactions", "order_lines"}:
            continue
        found = ways(known, one.get("key", known.known.key)) if one.get("key", known.known.key) else []
        if found:
            keys[one["to"]] = found[0][0]
        elif "key" not in one and not inferred:
            inferred = key_of(role.sample, one["to"], planner.engine, planner.samples)
        if inferred and one["to"] not in keys and "key" not in one:
            keys[one["to"]] = {"field": inferred}
    return keys


def proposal_of(planner: Planner, role: Role) -> Proposed:
    """The maps of the profile for which the file has the headers."""
    return _Vendor(planner, role).proposal()


def _known(role: Role) -> Recognised:
    assert role.known is not None
    return role.known


class _Vendor:
    def __init__(self, planner: Planner, role: Role) -> None:
        self.planner, self.role, self.sample, self.known = planner, role, role.sample, _known(role)
        profile = self.known.known
        sure = SURE if self.known.hits >= 0.5 * self.known.of else LIKELY
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
        if any(one.to == "records" for one in self.made.maps):
            self._further()
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
        required = [
            column.name
            for column in CONFORMED[to].columns[1:]
            if column.required and column.name not in {"source", "object", "key"}
        ]
        own = {"identifiers", "addresses", "consents"}
        if any(name not in fields and not (name == "record_id" and to in own and not key) for name in required):
            return None
        if not any(name not in {"key", "record_id", "kind"} for name in fields):
            return None
        return ProposedMap(to, fields, spec.get("name", ""), self._where(spec)), spec

    def _where(self, spec: Mapping[str, Any]) -> str:
        return " AND ".join(f"({sql})" for one in spec.get("where", ()) if (sql := sql_of(self.known, one, whole=True)))

    # -- references -----------------------------------------------------------------------------------------------------
    def _reference(self, name: str, table: str, value: Any) -> Rule | None:
        """The first way whose target is there and has such keys."""
        for rule, target in ways(self.known, value):
            if target == "self":
                if table in self.role.keys or (table == "records" and name == "record_id"):
                    self.refers_to_itself = True
                    return {**rule, "ref": self.sample.name}
                continue
            if "field" not in rule:
                other = self._of_vendor(target, table)
                if other:
                    return {**rule, "ref": self.planner.refer(self.role, other)}
                continue
            found = self._linked(rule["field"], target, table)
            if found:
                return {**rule, "ref": found}
        return None

    def _of_vendor(self, name: str, table: str) -> Role | None:
        wanted = (self.known.known.vendor, name)
        known = [(one.known.known, one) for one in self.planner.roles if one.known and one.serves(table)]
        same = [one for profile, one in known if (profile.vendor, profile.name) == wanted]
        return next((one for one in same if one.sample.source == self.sample.source), same[0] if same else None)

    def _linked(self, column: str, target: str, table: str) -> str:
        """The ref for a column: to the vendor's own object, else to whichever object has the values as keys; or ""."""
        facts = self.sample.facts.get(column)
        if facts and not facts.filled and self.sample.rows:
            return ""
        other = self._of_vendor(target, table)
        if other and "field" in other.keys[table]:
            one = link(self.planner.engine, self.sample, column, other.sample, other.keys[table]["field"])
            if one.hits or not one.of or not other.sample.whole:
                self.made.evidence.append(one.evidence(self.sample))
                return self.planner.refer(self.role, other)
        found = self.planner.find(self.role, [column], table)
        if found and found[0].of and holds(found[0]):
            self.made.evidence.append(found[0].evidence(self.sample))
            return self.planner.refer(self.role, found[1])
        self.made.notes.append(f"{column} points to {target}s of {self.known.known.vendor}, which no object here holds")
        return ""

    # -- identifiers and consents -----------------------------------------------------------------------------------------
    def _further(self) -> None:
        people = next(one for one in self.made.maps if one.to == "records")
        key = people.fields.get("key")
        whose: dict[str, Rule] = {"record_id": {**key, "ref": self.sample.name}} if key else {}
        for name, (kind, value) in self.known.known.identifiers.items():
            split = value.startswith("split ")
            for rule, _ in ways(self.known, value.removeprefix("split "))[:1]:
                for number, one in enumerate(self._parts(rule) if split else [rule], 1):
                    if self._is_filled(one):
                        fields = {**whose, "kind": {"value": kind}, "value": one}
                        self.made.maps.append(
                            ProposedMap("identifiers", fields, f"{name}-{number}" if split else name, people.where)
                        )
        for purpose, value in self.known.known.consents.items():
            for rule, _ in ways(self.known, value.removeprefix("not "))[:1]:
                given: Rule = {**rule, "map": OPPOSITE} if value.startswith("not ") else rule
                if self._is_filled(rule):
                    where = " AND ".join(
                        one for one in (people.where, f"{text_of(rule['field'])} IS NOT NULL" if "field" in rule else "") if one
                    )
                    fields = {**whose, "purpose": {"value": purpose}, "granted": given}
                    self.made.maps.append(ProposedMap("consents", fields, purpose, where))

    def _is_filled(self, rule: Rule) -> bool:
        facts = self.sample.facts.get(rule.get("field", ""))
        return not (facts and self.sample.rows and not facts.filled)

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
        staff = [one for one in self.made.left if is_staff(one)]
        if staff:
            self.made.notes.append(f"{', '.join(staff)}: about staff, who are not customers")
        mails = [
            one for one in self.made.left if (facts := self.sample.facts.get(one)) and facts.email >= 0.8 and one not in staff
        ]
        if mails:
            self.made.notes.append(f"{', '.join(mails)}: e-mail addresses that are not mapped; records could meet by them")
        if not any("key" in one.fields for one in self.made.maps) and not self.sample.found.key:
            self.made.notes.append("no key was found: a changed row is a new one, and nothing can point to it")


def _columns_in(one: ProposedMap) -> set[str]:
    """The fields of the source that a map reads."""
    rules = one.fields.values()
    names = {name for rule in rules for name in (rule.get("field", ""), *rule.get("fields", ()))}
    texts = [one.where, *(rule.get("sql", "") for rule in rules)]
    return names | {name.replace('""', '"') for text in texts for name in NAME_OF_COLUMN.findall(text)}
