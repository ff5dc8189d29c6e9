"""A little of SOQL: what the fake Salesforce understands of queries. Conditions with AND, OR, brackets, IN and comparisons."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
TOKEN = re.compile(r"\s*('(?:[^'\\]|\\.)*'|\(|\)|,|>=|<=|!=|=|>|<|[A-Za-z_][\w.]*(?:\(\))?|[0-9][0-9T:.Z+-]*)")
FORM = re.compile(
    r"SELECT (?P<fields>.+?) FROM (?P<object>\w+)(?: WHERE (?P<where>.+?))?(?: ORDER BY (?P<order>\w+))?$", re.DOTALL
)


class Malformed(Exception):
    pass


@dataclass(frozen=True)
class Query:
    fields: list[str]
    object: str
    where: Callable[[Row], bool]
    named: list[str]  # the fields of the condition
    order: str


def parsed(text: str) -> Query:
    found = FORM.fullmatch(text.strip())
    if not found:
        raise Malformed
    named: list[str] = []
    where = _Condition(found["where"], named).whole() if found["where"] else lambda _: True
    fields = [name.strip() for name in found["fields"].split(",")]
    return Query(fields, found["object"], where, [*named, *([found["order"]] if found["order"] else [])], found["order"] or "")


class _Condition:
    def __init__(self, text: str, named: list[str]) -> None:
        self.tokens = TOKEN.findall(text)
        if "".join(self.tokens) != re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", text):
            raise Malformed
        self.named = named

    def whole(self) -> Callable[[Row], bool]:
        found = self._or()
        if self.tokens:
            raise Malformed
        return found

    def _or(self) -> Callable[[Row], bool]:
        parts = [self._and()]
        while self.tokens[:1] == ["OR"]:
            self.tokens.pop(0)
            parts.append(self._and())
        return lambda row: any(part(row) for part in parts)

    def _and(self) -> Callable[[Row], bool]:
        parts = [self._one()]
        while self.tokens[:1] == ["AND"]:
            self.tokens.pop(0)
            parts.append(self._one())
        return lambda row: all(part(row) for part in parts)

    def _one(self) -> Callable[[Row], bool]:
        if self.tokens[:1] == ["("]:
            self.tokens.pop(0)
            inner = self._or()
            self._take(")")
            return inner
        name, sign = self.tokens.pop(0), self.tokens.pop(0)
        self.named.append(name)
        if sign == "IN":
            self._take("(")
            values = [_value(self.tokens.pop(0))]
            while self.tokens[:1] == [","]:
                self.tokens.pop(0)
                values.append(_value(self.tokens.pop(0)))
            self._take(")")
            return lambda row: row.get(name) in values
        value = _value(self.tokens.pop(0))
        compare: dict[str, Callable[[Any, Any], bool]] = {
            "=": lambda a, b: a == b, "!=": lambda a, b: a != b, ">=": lambda a, b: a is not None and a >= b,
            "<=": lambda a, b: a is not None and a <= b, ">": lambda a, b: a is not None and a > b,
            "<": lambda a, b: a is not None and a < b,
        }  # fmt: skip
        return lambda row: compare[sign](row.get(name), value)

    def _take(self, token: str) -> None:
        if self.tokens[:1] != [token]:
            raise Malformed
        self.tokens.pop(0)


def _value(token: str) -> Any:
    if token.startswith("'"):
        return token[1:-1]
    words = {"true": True, "false": False, "null": None}
    if token in words:
        return words[token]
    if "T" in token:  # a time: kept without its zone, which is UTC
        return token[:23] if "." in token else token[:19] + ".000"
    return float(token)
