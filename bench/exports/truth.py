"""An export and what is true of it: the files, and for each person, order, ticket ... the values that may come out of a field.

A value may be a set: any of them is right. A field that is not mentioned is not compared.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bench.exports.made_up import Line, Person

Value = str | Decimal | date | datetime | bool | None
Lines = list[tuple[Decimal, Decimal, set[str]]]  # quantity, amount, what the product may be called


@dataclass
class Thing:
    """One person, order, ticket ... and what is true of it."""

    keys: set[str]  # any of these may be its key
    fields: dict[str, Any]
    of: str | None = None  # the name of the person whose it is
    lines: Lines | None = None


@dataclass
class Export:
    """The files of one vendor, and the truth."""

    vendor: str
    known: bool = True  # whether a profile of the vendor is shipped
    files: dict[str, str | bytes] = field(default_factory=dict)
    people: dict[str, Thing] = field(default_factory=dict)  # by name
    orders: list[Thing] = field(default_factory=list)
    tickets: list[Thing] = field(default_factory=list)
    deals: list[Thing] = field(default_factory=list)
    products: dict[str, Thing] = field(default_factory=dict)
    accounts: dict[str, Thing] = field(default_factory=dict)
    consents: dict[tuple[str, str], bool] = field(default_factory=dict)

    def file(self, name: str, header: str | Sequence[str], rows: Iterable[dict[str, Any]], delimiter: str = ",") -> None:
        """A delimited file. The header is that of the vendor, with a `|` between names where it is one text."""
        names = header.split("|") if isinstance(header, str) else list(header)
        out = io.StringIO()
        writer = csv.DictWriter(out, names, restval="", delimiter=delimiter, lineterminator="\n", extrasaction="raise")
        writer.writeheader()
        writer.writerows(rows)
        self.files[name] = out.getvalue()

    def table(self, name: str, columns: dict[str, str], things: Iterable[dict[str, Any]], delimiter: str = ",",
              encoding: str = "", above: str = "") -> None:  # fmt: skip
        """A file by templates: header -> `{p.email}`. With an encoding the file has its bytes; `above` stands over the header."""
        self.file(
            name, list(columns), [{one: text.format(**thing) for one, text in columns.items()} for thing in things], delimiter
        )
        text = above + str(self.files[name])
        self.files[name] = text.encode(encoding) if encoding else text

    def person(self, one: Person, columns: str, key: str = "", **fields: Any) -> None:
        """A person with these columns as they are made up, and others as given. Said twice, the values add up."""
        new = {column: of_person(one, column) for column in columns.split()} | fields
        thing = self.people.setdefault(one.name, Thing({key} - {""}, {}))
        for name, value in new.items():
            if name in thing.fields and name in {"email", "phone"}:
                thing.fields[name] = as_set(thing.fields[name]) | as_set(value)
            else:
                thing.fields[name] = value

    def order(self, keys: str | set[str], of: Person | None, lines: Iterable[Line] | None = None, **fields: Any) -> None:
        """An order; `lines` where the export has them."""
        made = (
            [(Decimal(one.quantity), one.amount, {one.good.name, one.good.sku}) for one in lines] if lines is not None else None
        )
        self.orders.append(Thing(as_set(keys), fields, of.name if of else None, made))
        if lines is not None:
            for one in lines:
                self.product(one.good.sku, one.good.name)

    def product(self, sku: str, called: str, /, **fields: Any) -> None:
        self.products.setdefault(called, Thing({sku, called}, {"name": called})).fields.update(fields)

    def ticket(self, key: str, of: Person | None, **fields: Any) -> None:
        self.tickets.append(Thing({key}, fields, of.name if of else None))

    def deal(self, key: str, of: Person | None, **fields: Any) -> None:
        self.deals.append(Thing({key}, fields, of.name if of else None))

    def account(self, key: str, name: str, /, **fields: Any) -> None:
        self.accounts.setdefault(name, Thing({key}, {"name": name} | fields))

    def consent(self, of: Person, channel: str, granted: bool) -> None:
        self.consents[of.name, channel] = granted


def of_person(one: Person, column: str) -> Any:
    """What may come out of a column; a country or a region by its code or its name."""
    if column in {"country", "region"}:
        return {getattr(one, column), getattr(one, f"{column}_name")}
    return getattr(one, column)


def as_set(value: Any) -> set[Any]:
    return set(value) if isinstance(value, set | frozenset) else {value}
