"""Compares what came out of an export with the truth, field by field: what is right, wrong or missed. See `compared`."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bench.exports.came_out import Out, Row
from bench.exports.truth import Export, Lines, Thing, as_set
from fullcircle.model.statuses import NO_SALE, STATUSES

RIGHT, WRONG, MISSED = "right", "wrong", "missed"
CENT = Decimal("0.01")
NO_DEALS = {"meeting", "payment", "invoice", "sale"}  # what happened beside: the payments of orders add to nothing


@dataclass
class Score:
    """What became of one field of one vendor."""

    counts: Counter[str] = field(default_factory=Counter)
    example: str = ""  # the first value that is not right

    @property
    def outcome(self) -> str:
        """Wrong if any value is, missed if any is missing."""
        return next((one for one in (WRONG, MISSED) if self.counts[one]), RIGHT)


Scores = dict[str, Score]


def plain(value: Any) -> str:
    """A text without what does not matter: case, punctuation, spaces."""
    return "".join(letter for letter in str(value).casefold() if letter.isalnum())


def same(expected: Any, got: Any) -> bool:
    """True if a value that came out is the one that was expected."""
    if isinstance(expected, datetime):
        return isinstance(got, datetime) and got.replace(second=0, microsecond=0, tzinfo=None) == expected
    if isinstance(expected, date):
        return isinstance(got, date) and (got.date() if isinstance(got, datetime) else got) == expected
    if isinstance(expected, Decimal):
        return abs(Decimal(str(got)) - expected) < CENT
    if isinstance(expected, bool):
        return got is expected
    return plain(expected) == plain(got)


class Comparison:
    """The scores of one export, as they are counted."""

    def __init__(self, export: Export, out: Out) -> None:
        self.export, self.out = export, out
        self.scores: Scores = defaultdict(Score)
        self.whose: dict[str, str] = {}  # customer -> the name of the person

    def count(self, name: str, outcome: str, example: str = "") -> None:
        score = self.scores[name]
        if outcome == WRONG and not score.counts[WRONG]:
            score.example = example
        if outcome == MISSED and not score.counts.keys() & {WRONG, MISSED}:
            score.example = example
        score.counts[outcome] += 1

    def value(self, name: str, expected: Any, got: Any, what: str) -> None:
        """Count one value; None is a value that nobody expects, or that is missing."""
        wanted = as_set(expected)
        if got is None or got == "":
            self.count(name, RIGHT if None in wanted else MISSED, f"{what}: nothing instead of {shown(wanted)}")
        elif any(one is not None and same(one, got) for one in wanted):
            self.count(name, RIGHT)
        else:
            self.count(name, WRONG, f"{what}: {got} instead of {shown(wanted)}")

    # -- people ----------------------------------------------------------------------------------------------------------
    def people(self) -> None:
        """Which person a record is, is seen by name, e-mail and phone; a record that is nobody is wrong."""
        by: dict[tuple[str, str], str] = {}
        shared: set[tuple[str, str]] = set()
        for name, thing in self.export.people.items():
            by["name", plain(name)] = name
            for kind in ("email", "phone"):
                theirs = {(kind, plain(one)) for one in as_set(thing.fields.get(kind)) if one}
                shared |= {one for one in theirs if by.get(one, name) != name}  # a family's: it does not say who
                by |= dict.fromkeys(theirs, name)
            by |= {("key", plain(key)): name for key in thing.keys}
        by = {one: name for one, name in by.items() if one not in shared}
        records: dict[str, list[Row]] = defaultdict(list)
        for record in self.out.records:
            found = who(record, by)
            if len(found) > 1:
                self.count("person", WRONG, f"{' and '.join(sorted(found))} are one record")
            for name in found:
                records[name].append(record)
                self.whose.setdefault(record["customer"], name)
                if self.whose[record["customer"]] != name:
                    self.count("one customer", WRONG, f"{name} and {self.whose[record['customer']]} are one customer")
            if not found and (seen := content(record)):
                self.count("person", WRONG, f"{seen} is a customer")
        for name, thing in self.export.people.items():
            ours = records[name]
            self.count("person", RIGHT if ours else MISSED, f"{name} is not there")
            if ours:
                apart = len({record["customer"] for record in ours}) > 1
                self.count("one customer", MISSED if apart else RIGHT, f"{name} is several customers")
            self._person(name, thing, ours)

    def _person(self, name: str, thing: Thing, records: list[Row]) -> None:
        for column in ("email", "phone", "street", "city"):  # of others, or of where a gift was sent
            thing.fields.setdefault(column, {None})
        for column, expected in thing.fields.items():
            if column in {"email", "phone"}:
                got = {one for record in records for one in record[column + "s"]}
                wanted = {one for one in as_set(expected) if one}
                surplus = [one for one in got if not any(same(each, one) for each in wanted)]
                lacking = [one for one in wanted if not any(same(one, each) for each in got)]
                if surplus:
                    self.count(column, WRONG, f"{name}: {surplus[0]}, who has {shown(wanted) or 'none'}")
                elif lacking:
                    self.count(column, MISSED, f"{name}: {lacking[0]}")
                elif wanted:
                    self.count(column, RIGHT)
                continue
            values = [record.get(column) for record in records if record.get(column) not in {None, ""}]
            if column == "street":  # the spelling may be made uniform; what was there is kept beside it
                values = [record["street_raw"] or record["street"] for record in records if record["street"]]
            if column == "name":
                values = [one for record in records if (one := name_of(record))]
            bad = [one for one in values if not any(each is not None and same(each, one) for each in as_set(expected))]
            if values or expected != {None}:
                self.value(column, expected, bad[0] if bad else values[0] if values else None, name)

    # -- what they did ------------------------------------------------------------------------------------------------------
    def things(self, kind: str, truth: list[Thing], rows: list[Row], names: dict[str, Callable[[Row], Any]]) -> None:
        """Compare things that have keys and belong to people."""
        called = {plain(row.get("text") or row.get("subject")): row for row in rows}  # where the export has no key
        by_key: dict[str, Row] = {plain(row["key"]): row for row in rows}
        seen = set()
        for thing in truth:
            row = next((by_key[plain(key)] for key in sorted(thing.keys) if plain(key) in by_key), None)
            row = row or called.get(plain(thing.fields.get("text", thing.fields.get("subject", "-"))))
            what = f"{kind} {sorted(thing.keys)[0]}"
            self.count(kind, RIGHT if row else MISSED, f"{what} is not there")
            if row:
                seen.add(plain(row["key"]))
                owner = self.whose.get(row["customer"], "somebody else") if row["customer"] else None
                self.value(f"{kind} customer", thing.of, owner, what)
                if thing.lines is not None:
                    self._lines(thing.lines, row["lines"], what)
            for name, expected in thing.fields.items():
                got = names[name](row) if row and name in names else row and row.get(name)
                if row and kind == "order" and name == "status":
                    got = status_of(got, as_set(expected))
                self.value(f"{kind} {name}", expected, got, what)
        for key in by_key.keys() - seen:
            self.count(kind, WRONG, f"{by_key[key]['key']} is no {kind} of this export")

    def _lines(self, expected: Lines, got: list[Row], what: str) -> None:
        if not got:
            self.count("order lines", MISSED, f"{what} has no lines")
            return
        right = sorted((quantity, amount) for quantity, amount, _ in expected)
        ours = sorted((Decimal(str(line["quantity"] or 0)), Decimal(str(line["amount"] or 0))) for line in got)
        fits = len(right) == len(ours) and all(a[0] == b[0] and abs(a[1] - b[1]) < CENT for a, b in zip(right, ours, strict=True))
        self.count("order lines", RIGHT if fits else WRONG, f"{what}: {lines_shown(ours)} instead of {lines_shown(right)}")
        called = [{plain(one) for one in names} for _, _, names in expected]
        for line in got:
            names = {plain(line["name"]), plain(line["sku"])} - {"none", ""}
            good = any(names & one for one in called)
            self.count("line product", RIGHT if good else WRONG if names else MISSED, f"{what}: {line['name'] or line['sku']}")

    def named(self, kind: str, truth: dict[str, Thing], rows: list[Row]) -> None:
        """Compare things that have a name: products, accounts."""
        by = {plain(one): name for name, thing in truth.items() for one in (name, *thing.keys)}
        found: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            name = next((by[plain(row[column])] for column in ("key", "sku", "name") if plain(row.get(column)) in by), "")
            found[name].append(row)
            if not name:
                self.count(kind, WRONG, f"{row['name'] or row['key']} is no {kind} of this export")
        for name, thing in truth.items():
            ours = found[name]
            self.count(kind, RIGHT if ours else MISSED, f"{kind} {name} is not there")
            if ours:
                most = Counter(row["object"] for row in ours).most_common(1)[0][1]  # from two files: they did not meet
                outcome = (
                    WRONG
                    if most > (len(thing.keys) if kind == "account" else 1)
                    else MISSED
                    if len(ours) > max(1, len(thing.keys) * (kind == "account"))
                    else RIGHT
                )
                self.count(f"one {kind}", outcome, f"{name} is there {len(ours)} times")
            for column, expected in thing.fields.items():
                values = [row[column] for row in ours if row.get(column) not in {None, ""}]
                if column == "name":  # a code in its place is not a name, but nothing false
                    codes = {plain(key) for key in thing.keys} - {plain(one) for one in as_set(expected)}
                    values = [one for one in values if plain(one) not in codes]
                bad = [one for one in values if not any(each is not None and same(each, one) for each in as_set(expected))]
                self.value(f"{kind} {column}", expected, bad[0] if bad else values[0] if values else None, f"{kind} {name}")

    def consents(self) -> None:
        got: dict[tuple[str, str], set[bool]] = defaultdict(set)
        for row in self.out.consents:
            channel = "sms" if "sms" in plain(row["purpose"]) else "call" if "call" in plain(row["purpose"]) else "email"
            got[self.whose.get(row["customer"], ""), channel] |= {row["granted"]} - {None}
        for (name, channel), granted in self.export.consents.items():
            values = got[name, channel]
            value = None if not values else granted if values == {granted} else not granted
            self.value(f"consent {channel}", granted, value, name)
        of = {channel for _, channel in self.export.consents}
        for (name, channel), values in got.items():  # a consent that no file says is as wrong as one the wrong way round
            if name and True in values and channel in of and (name, channel) not in self.export.consents:
                self.value(f"consent {channel}", False, True, name)


def who(record: Row, by: dict[tuple[str, str], str]) -> set[str]:
    """The names of the people who a record is: one if it is right."""
    found = {by.get(("name", plain(name_of(record) or record["organisation"] or "")))}
    for kind in ("email", "phone"):
        found |= {by.get((kind, plain(one))) for one in record[kind + "s"]}
    found -= {None}
    return {one for one in found or {by.get(("key", plain(record["key"])))} if one}


def name_of(record: Row) -> str | None:
    return record["full_name"] or " ".join(one for one in (record["given_name"], record["family_name"]) if one) or None


def content(record: Row) -> str | None:
    """Something to call a record by; None if there is nothing in it."""
    return name_of(record) or record["email"] or record["phone"] or record["organisation"] or record["street"]


def shown(values: Any) -> str:
    return " or ".join(sorted(str(one) for one in as_set(values) if one is not None)) or "nothing"


def lines_shown(lines: list[tuple[Decimal, Decimal]]) -> str:
    return ", ".join(f"{quantity.normalize():f} for {amount:.2f}" for quantity, amount in lines)


def amount_of(order: Row) -> Any:
    """An order's amount, else the sum of its lines, as every insight reads it."""
    sums = [line["amount"] for line in order["lines"] if line["amount"] is not None]
    return order["amount"] if order["amount"] is not None else sum(sums) if sums else None


def status_of(got: Any, expected: set[Any]) -> Any:
    """The status that an order is counted with: without a known one it is a sale, wrong where it is none, else missed."""
    if got in STATUSES or got in expected:
        return got
    return f"{got or 'nothing'}, a sale," if expected & set(NO_SALE) else None


def compared(export: Export, out: Out) -> Scores:
    """The scores of every field of an export. If it was stopped by an error, everything is missed."""
    one = Comparison(export, out)
    one.people()
    one.things("order", export.orders, out.orders, {"amount": amount_of})
    one.things("ticket", export.tickets, out.tickets, {})
    one.things("deal", export.deals, [one for one in out.interactions if one["kind"] not in NO_DEALS], {})
    one.named("product", export.products, out.products)
    one.named("account", export.accounts, out.accounts)
    one.consents()
    return dict(one.scores)
