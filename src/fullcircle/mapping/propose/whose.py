"""Whose the rows of an object are: by a link to the people, by a name, or people who are only named in it. See `Whose`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.engine.base import literal, quoted
from fullcircle.mapping.propose.company_or_family import by_names, company_or_family, of_company_or_family
from fullcircle.mapping.propose.composite import together
from fullcircle.mapping.propose.customer_and_contact import with_customer_beside_contact
from fullcircle.mapping.propose.death import said_of_death
from fullcircle.mapping.propose.email_links import better_inside
from fullcircle.mapping.propose.guess import ID_ENDINGS, ID_STARTS, columns_of, is_named_beside_contact, is_staff, plain, words
from fullcircle.mapping.propose.guests import nobody_among, with_guests
from fullcircle.mapping.propose.house_numbers import with_house_number
from fullcircle.mapping.propose.leading_zeros import over_zeros
from fullcircle.mapping.propose.links import WHOLE_KEY, is_flag
from fullcircle.mapping.propose.messages import customer_side
from fullcircle.mapping.propose.name_links import named_in, people_columns
from fullcircle.mapping.propose.name_order import learned_order
from fullcircle.mapping.propose.name_parts import name_part
from fullcircle.mapping.propose.neighbours import postcode_beside
from fullcircle.mapping.propose.nested_buyer import buyer_in_json
from fullcircle.mapping.propose.numbered import compound_stems, numbered_people
from fullcircle.mapping.propose.payers import beside_payers
from fullcircle.mapping.propose.person_header import named_person
from fullcircle.mapping.propose.personal import own_numbers, refusals
from fullcircle.mapping.propose.place_in_one import with_place_in_one
from fullcircle.mapping.propose.planner import (
    ACCOUNT_IDS,
    Planner,
    Proposed,
    ProposedMap,
    Role,
    Rule,
    declared_links,
)
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.repeated_headers import twins_of
from fullcircle.mapping.propose.several import further, is_buyer, is_receiver, own_mails
from fullcircle.mapping.propose.status_column import LETTERS, status_rule
from fullcircle.mapping.propose.whole_names import company_beside_contact, family_first, whole_name, with_prefix
from fullcircle.model.tables import CONFORMED

RECEIVER_WORDS = re.compile(
    r"(^|_)(recipient|receiver|ship_to|shipping|delivery|consignee|destinatario|destinataire|empfaenger|ontvanger)(?=_|$)"
)
COUNTS = re.compile(  # how many there were of something, and of nobody the number: `Number of customer messages`
    r"^(number|no|num|count|total|anzahl|nombre|nb|nbre|numero|cantidad|quantidade|quantita|aantal|antal|liczba|ilosc|pocet|darab|lukumaara)"
    r"_((of|de|di|av|af)_)?\w+s$|^(anzahl|aantal|antal|liczba|ilosc|pocet)_|_(count|counts|messages|replies|visits|orders|anzahl)$"
)
WHO = {"given_name", "family_name", "full_name", "organisation", "email", "phone", "street", "postcode"}


class Whose:
    """The people of an object's rows: the rule for record_id, and the map of those who are named nowhere else."""

    def __init__(self, planner: Planner, role: Role) -> None:
        self.planner, self.role, self.sample = planner, role, role.sample
        self.made = Proposed(role.sample, role.table)
        self.used: set[str] = set()
        self.line = ""  # SQL for the sum of an item, where the rows are items

    def whose(self, column: str, taken: set[str], table: str) -> tuple[dict[str, Rule], list[ProposedMap]]:
        """The rule for record_id; if no object holds the people, also the map of the people in this object."""
        candidates = [column] if column and not is_flag(self.sample, column) else []
        people = frozenset(words()["columns"]["orders"]["record_id"])
        for one in self.sample.found.fields:
            name = plain(one.name)
            if (
                one.name not in (*candidates, *taken)
                and not is_staff(one.name)
                and not COUNTS.search(name)
                and not is_flag(self.sample, one.name)
                and (people.intersection(name.split("_")) or numbered_people().intersection(compound_stems(name)))
            ):
                candidates.append(one.name)
        candidates += [one.name for one in self.sample.found.fields if plain(one.name) in ACCOUNT_IDS and one.name not in taken]
        keys = {plain(str(one.keys["records"].get("field"))) for one in self.planner.roles if one.serves("records")}
        named_so = [
            one.name for one in self.sample.found.fields
            if plain(one.name) in keys and not ((facts := self.sample.facts.get(one.name)) and facts.email)
        ]  # fmt: skip
        candidates += [one for one in named_so if one not in {*candidates, *taken, self.role.key} and plain(one) not in WHOLE_KEY]
        candidates += [one for one in declared_links(self.sample) if one not in candidates and not is_staff(one)]
        candidates += [self.role.points] if self.role.points and self.role.points not in candidates else []
        self.made.notes += [self.role.unlinked] if self.role.unlinked else []
        found = self.planner.find(self.role, candidates, "records")
        if found and (why := better_inside(self.planner.engine, self.sample, found[0], taken)):
            here = Whose(self.planner, self.role)
            whose, named_here = here.inside("", taken, table)
            if named_here and "email" in named_here[0].fields:
                self.used |= here.used
                self.made.evidence += [why, *here.made.evidence]
                self.made.notes += here.made.notes
                return whose, named_here
        if found:
            self.made.evidence.append(found[0].evidence(self.sample))
            self.used.add(found[0].column)
            rule: Rule = {"field": found[0].column, "ref": self.planner.refer(self.role, found[1])}
            whose, guests = with_guests(Whose(self.planner, self.role), self, found[0], rule, taken, table)
            return whose, guests + (self._billed_to(whose, found[1], taken) if table == "orders" else [])
        if several := together(self.planner, self.role, "records"):
            self.made.evidence.append(several.evidence)
            self.used |= {*several.columns}
            return {"record_id": several.rule}, []
        if zeros := over_zeros(self.planner, self.role, candidates):
            self.made.notes.append(zeros.said)
            self.used.add(zeros.column)
            return {"record_id": zeros.rule}, []
        if by_name := self._by_name(column, taken, table):
            return {"record_id": by_name}, []
        return self.inside(column, taken, table)

    def _billed_to(self, whose: dict[str, Rule], people: Role, taken: set[str]) -> list[ProposedMap]:
        """The address of the buyer on the row of an order, where the list of people has none."""
        theirs = columns_of(people.sample.found, "records", people.sample.facts)
        if people.known or {"street", "city", "postcode"} & theirs.keys():
            return []
        columns = columns_of(self.sample.found, "records", self.sample.facts, leave={*taken, *self._receivers()})
        place = {name: columns[name] for name in ("street", "city", "postcode", "region", "country") if name in columns}
        if len(place) < 2 or not {"street", "city"} <= place.keys() or not all(is_buyer(one) for one in place.values()):
            return []
        self.made.evidence.append(f"{place['street']}: the address of the customer, of whom no list has one")
        rules: dict[str, Rule] = {name: {"field": column} for name, column in place.items()}
        return [ProposedMap("addresses", {**whose, "use": {"value": "billing"}, **rules}, key="billing")]

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
        if table == "orders" and not {"full_name", "given_name", "family_name"} & columns.keys():
            columns |= self._receiver(columns, leave)
        mails = [
            name for name, facts in self.sample.facts.items() if facts.email >= 0.8 and not is_staff(name) and name not in leave
        ]
        if mails and not ((facts := self.sample.facts.get(columns.get("email", ""))) and facts.filled):
            columns["email"] = mails[0]
        columns = {name: value for name, value in columns.items() if name not in {"account_id", "updated_at"}}
        columns |= {kind: name for kind, name in named_person(self.sample, columns).items() if name not in leave}
        name_part(self.planner.engine, self.sample, columns)
        facts = self.sample.facts.get(column)
        by_id = self._own_number(column, columns)
        key = by_id or columns.get("email") or columns.get("phone") or columns.get("full_name") or columns.get("organisation")
        names = [] if key else self._both_names(columns, table)
        key = key or (names[0] if names else "")
        if not key or (table == "interactions" and not {"email", "phone"} & columns.keys()):
            self.made.notes.append(
                f"record_id: {f'{column} points to no person' if column else 'no field names a person'} of these sources: "
                f"these {table} would be nobody's"
            )
            return {}, []
        rule = self._key_inside(key, by_id, columns, names)
        rules = self._rules("records", columns, quiet=True)
        customer, said = with_customer_beside_contact(self.planner.engine, self.sample, rules, {*leave, *columns.values(), key})
        self.used |= {customer} - {""}
        self.made.evidence += [said] if said else []
        known = f"{rule.get('sql', text_of(key))} IS NOT NULL"
        maps = [ProposedMap("records", {"key": rule, **rules}, where=known)]
        if by_id and not WHO & columns.keys():
            maps.append(self._by_number(rule, by_id))
            maps[-1].where = known if "sql" in rule else maps[-1].where
        used = {*taken, *columns.values(), key, self.role.key, *self._receivers(), *beside_payers(self.sample.found, columns)}
        used |= {name for others in twins_of(self.sample.facts).values() for name in others}  # billed to, and sent to
        maps += own_numbers(self.sample, rule, used, known, self.planner.engine)
        maps += refusals(self.sample, {"record_id": {**rule, "ref": self.sample.name}}, used, known)
        for one in further(self.sample.found, self.sample.facts, used, self.sample.rows):
            of: dict[str, Rule] = {"record_id": {**rule, "ref": self.sample.name}, "kind": {"value": one.kind}}
            own = {**of, "value": {"field": one.column}}
            maps.append(ProposedMap("identifiers", own, plain(one.column), known))
        self.used.add(key)
        self.made.evidence.append(f"the people are named in {self.sample.name} itself; {key} distinguishes them")
        return {"record_id": {**rule, "ref": self.sample.name}}, maps

    def _both_names(self, columns: Mapping[str, str], table: str) -> list[str]:
        """The columns of names that together know a buyer where nothing else does: family or company, and given name."""
        parts = [columns[name] for name in ("family_name", "given_name") if name in columns]
        if either := company_or_family(self.sample):
            parts = [either, *(one for one in parts if one != either)]
        return parts if len(parts) > 1 and table in {"orders", "tickets"} else []

    def _key_inside(self, key: str, by_id: str, columns: Mapping[str, str], names: list[str]) -> Rule:
        """The rule for the key of people who are only named in this object; `by_id`: the column of their numbers, or ""."""
        rule: Rule = {"sql": f"lower({text_of(key)})"} if key == columns.get("email") else by_names(names) or {"field": key}
        email = columns.get("email", "")
        facts = self.sample.facts.get(by_id)
        if key == by_id and email and facts and facts.filled < self.sample.rows:  # guests have an address, but no number
            rule = {"sql": f"coalesce({text_of(key)}, lower({text_of(email)}))"}
        if key == by_id and (nobody := self._nobody(by_id, columns)):
            rule = nobody
        otherwise = [columns[name] for name in ("phone", "full_name") if name in columns]
        if key == email and otherwise and email in self.sample.facts and self.sample.facts[email].filled < self.sample.rows:
            ways = ", ".join(f"lower({text_of(one)})" for one in (email, *otherwise))  # without an address: by phone or name
            rule = {"sql": f"coalesce({ways})"}
        return rule

    def _nobody(self, number: str, columns: Mapping[str, str]) -> Rule:
        """The key of people where their number may be a 0 or a word for nobody; {} where it never is."""
        names = [columns[one] for one in ("given_name", "family_name", "full_name", "email") if one in columns]
        words_of_nobody = nobody_among(self.planner, self.sample, number, names)
        if not words_of_nobody:
            return {}
        none = ", ".join(map(literal, words_of_nobody))
        own = f"CASE WHEN {text_of(number)} NOT IN ({none}) THEN {text_of(number)} END"
        ways = [own, *(f"lower({text_of(columns[one])})" for one in ("email", "phone") if one in columns)]
        self.made.notes.append(
            f"{number}: {', '.join(words_of_nobody)} is nobody's number: such rows belong to whom they name by an e-mail or a "
            "phone, else to nobody"
        )
        return {"sql": f"coalesce({', '.join(ways)})" if len(ways) > 1 else own}

    def _not_the_buyer(self) -> set[str]:
        """Columns of who receives an order, where others say who ordered it: a gift is not to its buyer."""
        others = [each.name for each in self.sample.found.fields if not is_buyer(each.name)]
        buyer = columns_of(self.sample.found, "records", self.sample.facts, leave=others)
        return self._receivers() if {"full_name", "given_name", "email", "phone"} & buyer.keys() else set()

    def _receivers(self) -> set[str]:
        """Columns of who receives an order: a phone among them is not a further one of the customer."""
        return {each.name for each in self.sample.found.fields if is_receiver(each.name)}

    def _receiver(self, columns: Mapping[str, str], leave: Collection[str]) -> dict[str, str]:
        """The name and street of who receives an order, where the row names nobody else: `Receiver Name`, `Delivery Address`."""
        bare = {RECEIVER_WORDS.sub("", plain(name)).strip("_"): name for name in self._receivers() if name not in leave}
        fields = tuple(FoundField(name) for name in bare if name)
        facts = {short: self.sample.facts[name] for short, name in bare.items() if name in self.sample.facts}
        found = columns_of(FoundObject(self.sample.name, (), fields), "records", facts)
        kinds = ("full_name", "given_name", "family_name", "phone", "street", "city", "postcode", "region", "country")
        return {kind: bare[found[kind]] for kind in kinds if kind in found and kind not in columns}

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
        named = plain(column) in words()["columns"]["orders"]["record_id"] or (facts and facts.longest > 5 and not facts.whole)
        if not named or not facts or not facts.filled or not self.planner.engine:
            return True
        shape = f"regexp_full_match({quoted(column)}, '\\S*\\d\\S*')"
        coded = self.planner.engine.value(
            f"SELECT count(*) FILTER ({shape}) >= 0.5 * count({quoted(column)}) FROM {self.sample.table}"
        )
        return bool(coded) or not {"email", "phone"} & people.keys()

    def _own_number(self, column: str, columns: dict[str, str]) -> str:
        """The column if it has numbers of people, else ""; if it has their names, as a `caller_id` may, these are added."""
        facts = self.sample.facts.get(column)
        if column and not (facts and facts.email > 0.5) and self._is_number(column, columns):
            return column
        if column and facts and self._are_names(column) and not {"full_name", "given_name"} & columns.keys():
            columns["full_name"] = column
        return ""

    def _are_names(self, column: str) -> bool:
        """True if the values are of several words without digits."""
        if self.planner.engine is None or not self.sample.table:
            return False
        shape = f"regexp_full_match({quoted(column)}, '[^\\d@]+\\s[^\\d@]+')"
        return bool(
            self.planner.engine.value(
                f"SELECT count(*) FILTER ({shape}) >= 0.9 * count({quoted(column)}) FROM {self.sample.table}"
            )
        )

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
                if rules[name].get("map") == LETTERS:
                    self.made.notes.append(f"{source_field}: E is read as issued (emitida), C as cancelled (cancelada)")
            if name in {"full_name", "family_name", "organisation"}:
                rules[name] = self._name_rule(name, source_field, columns)
        self._parts_of_places(rules, table)
        if table == "records":
            self.used |= {*of_company_or_family(self.sample, rules)}
        return rules

    def _name_rule(self, name: str, source_field: str, columns: Mapping[str, str]) -> Rule:
        """The rule for a name: in the order of its parts, with its prefix, and of a company only where it is one."""
        if name == "organisation":
            if not is_named_beside_contact(source_field, columns.get("given_name", "")):
                return {"field": source_field}
            return company_beside_contact(source_field, columns["given_name"], columns.get("family_name", ""))
        if name == "family_name":
            rule = with_prefix(source_field, [one.name for one in self.sample.found.fields])
            self.used |= set(rule.get("fields", ()))
            return rule
        if family_first(source_field):
            self.made.notes.append(f"{source_field}: the header says that the family name comes first")
            return whole_name(source_field)
        learned, said = learned_order(self.planner, self.role, source_field)
        if said:
            (self.made.evidence if learned else self.made.notes).append(said)
        return whole_name(source_field, learned)

    def _parts_of_places(self, rules: dict[str, Rule], table: str) -> None:
        """The house number may be apart from the street, the postcode in one column with the city, a death in two columns."""
        if table not in {"records", "addresses"}:
            return
        if "deceased" in rules and (both := said_of_death(self.sample, rules["deceased"]["field"])):
            rules["deceased"] = {"fields": both}
            self.used |= {*both}
        if "street" in rules:
            keys = {self.role.key, *(str(rule.get("field")) for rule in self.role.keys.values())}
            rules["street"] = with_house_number(self.sample, rules["street"]["field"], self.used, keys, self.planner.engine)
            self.used |= set(rules["street"].get("fields", ()))
        if "city" in rules and "postcode" not in rules:
            columns = {name: str(rule.get("field", "")) for name, rule in rules.items()}
            if beside := postcode_beside(self.planner.engine, self.sample, columns):
                rules["postcode"] = {"field": beside}
                self.used.add(beside)
                self.made.evidence.append(f"{beside}: beside {columns['city']}, with values like postcodes")
        self.made.evidence += with_place_in_one(self.planner.engine, self.sample, rules, self.used)


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
