"""Reads DQDL. An error says the line, the column, what is there, and the nearest word that would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.dqdl.catalogue import RULE_TYPES
from fullcircle.quality.dqdl.errors import RulesetError

GRAMMAR = Path(__file__).with_name("dqdl.lark")
SECTIONS = ("Metadata", "DataSources", "DefaultLabels", "Rules", "Analyzers")
LONGEST = 1_000_000  # characters of a ruleset
WORDS = {
    "AND": "and", "OR": "or", "NOT": "not", "BETWEEN": "between", "IN": "in", "MATCHES": "matches", "WHERE": "where",
    "WITH": "with", "LABELS": "labels", "RULES": "Rules", "ANALYZERS": "Analyzers", "METADATA": "Metadata", "OF": "of",
    "DATASOURCES": "DataSources", "DEFAULT_LABELS": "DefaultLabels",
}  # fmt: skip
MEANINGS = {
    "NAME": "a name", "STRING": "text in double quotes", "NUMBER": "a number", "KEYWORD": "NULL, EMPTY, WHITESPACES_ONLY",
    "NOW": "now()", "EQUAL": "=", "COMPARISON": "a comparison (> >= < <= !=)", "SIGN": "+ or -", "STAR": "* or /",
    "LPAR": "(", "RPAR": ")", "LSQB": "[", "RSQB": "]", "LBRACE": "{", "RBRACE": "}", "COMMA": "a comma", "COLON": ":",
    "DOLLAR": "$name", "TIME_UNIT": "days, hours or minutes", "SIZE_UNIT": "B, KB, MB, GB or TB", "$END": "the end",
}  # fmt: skip
UNITS = ("days", "hours", "minutes", "B", "KB", "MB", "GB", "TB")


def parse(text: str) -> t.Ruleset:
    """The tree of a ruleset; RulesetError if it is not DQDL. Whether its rules make sense is another question: check.py."""
    if len(text) > LONGEST:
        raise RulesetError(f"The ruleset has more than {LONGEST:,} characters.", "Split it into several.")
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise RulesetError("The ruleset is empty.", 'Write Rules = [ RowCount > 0, IsComplete "column" ].')
    try:
        return _Build().transform(_parser().parse(text))  # type: ignore[no-any-return]
    except UnexpectedInput as error:
        raise _explained(error, text) from None
    except VisitError as error:
        if isinstance(error.orig_exc, RulesetError):
            raise error.orig_exc from None
        raise
    except RecursionError:
        raise RulesetError("The ruleset has too many parentheses in one another.", "Write it in several rules.") from None


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR.read_text(), parser="lalr", start="document", propagate_positions=True)


def _explained(error: UnexpectedInput, text: str) -> RulesetError:
    if isinstance(error, UnexpectedCharacters):
        return _odd_character(error, text)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END" and not isinstance(error, UnexpectedEOF):
        token = error.token
        place = t.TextPlace(token.line or 1, token.column or 1)
        before = text[: token.start_pos or 0]
        return RulesetError(f"{_shown(token)} is not expected here.", _hint(str(token), before, _accepted(error)), place)
    lines = text.rstrip().split("\n")
    expected = _accepted(error) if isinstance(error, UnexpectedToken) else ()
    place = t.TextPlace(len(lines), len(lines[-1]) + 1)
    return RulesetError("The ruleset ends too early.", f"Here may follow: {_list(expected)}.", place)


def _accepted(error: UnexpectedToken) -> Iterable[str]:
    return error.accepts or error.expected


def _odd_character(error: UnexpectedCharacters, text: str) -> RulesetError:
    place, at = t.TextPlace(error.line, error.column), error.pos_in_stream or 0
    char = text[at : at + 1]
    if char == '"':
        return RulesetError("A text in quotes does not end.", 'Close it with ". Inside, a quote is written \\".', place)
    if char in "'\u201c\u201d\u2018\u2019`":
        return RulesetError(f"{char} is not a quote of this language.", 'Use straight double quotes: "column".', place)
    word = re.match(r"[\w.]+|.", text[at:], re.DOTALL)
    return RulesetError(
        f"{word[0] if word else char} is not expected here.",
        _hint(word[0] if word else "", text[:at], error.allowed or ()),
        place,
    )


def _shown(token: Token) -> str:
    text = str(token) if len(token) <= 40 else f"{token[:40]}..."
    return text if token.type == "STRING" else f'"{text}"'


def _hint(word: str, before: str, expected: Iterable[str]) -> str:
    """The nearest right word for what is there, or for a word before it; else what may follow."""
    sections = re.findall(r"(\w+)\s*=\s*\[", before + word)
    if sections and sections[-1] not in SECTIONS and (near := _nearest(sections[-1], SECTIONS)):
        return f'Did you mean "{near}" instead of "{sections[-1]}"?'
    if word in ("<", ">") and before.rstrip().endswith("="):
        return f'Did you mean "{word}="?'
    if word in RULE_TYPES and "COMMA" in expected:
        return f"A comma is missing before {word}."
    possible = [WORDS[name] for name in expected if name in WORDS]
    possible += UNITS if re.search(r"\d\s*$", before) else ()
    if near := _nearest(word, possible):
        return f'Did you mean "{near}"?'
    previous = re.search(r"(\w+)\s*$", before)
    if previous and previous[1] not in (*WORDS.values(), *RULE_TYPES) and (near := _nearest(previous[1], [*WORDS.values()])):
        return f'Did you mean "{near}" instead of "{previous[1]}"?'
    return f"Here may follow: {_list(expected)}."


def _nearest(word: str, known: Sequence[str]) -> str:
    folded = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(word.casefold(), list(folded), 1, 0.6) if word.isidentifier() else []
    return folded[found[0]] if found else ""


def _list(expected: Iterable[str]) -> str:
    names = dict.fromkeys(MEANINGS.get(name) or WORDS.get(name) or name.lower() for name in sorted(expected))
    return ", ".join(names) or "nothing"


def _at(token: Token) -> t.TextPlace:
    return t.TextPlace(token.line or 1, token.column or 1)


def unquoted(token: str) -> str:
    """The value of a text in quotes. Only a quote is escaped: a backslash is one, as patterns need it."""
    return token[1:-1].replace('\\"', '"')


class _Build(Transformer[Token, Any]):
    """Tree of the parser -> tree of ours."""

    def document(self, parts: list[Any]) -> t.Ruleset:
        made: dict[str, Any] = {name: value for name, value in parts if name != "variable"}
        variables = [value for name, value in parts if name == "variable"]
        return t.Ruleset(variables=tuple(variables), **made)

    def metadata(self, parts: list[Any]) -> tuple[str, t.Dictionary]:
        return "metadata", parts[-1]

    def sources(self, parts: list[Any]) -> tuple[str, t.Dictionary]:
        return "sources", parts[-1]

    def dictionary(self, parts: list[Any]) -> t.Dictionary:
        return tuple(parts)

    def pair(self, parts: list[Any]) -> tuple[str, str | tuple[str, ...]]:
        return unquoted(parts[0]), unquoted(parts[1]) if isinstance(parts[1], Token) else parts[1]

    def strings(self, parts: list[Token]) -> tuple[str, ...]:
        return tuple(map(unquoted, parts))

    def variable(self, parts: list[Any]) -> tuple[str, tuple[str, t.VariableValue]]:
        return "variable", (str(parts[0]), parts[-1])

    def default_labels(self, parts: list[Any]) -> tuple[str, t.Labels]:
        return "default_labels", parts[-1]

    def rules(self, parts: list[Any]) -> tuple[str, tuple[t.AnyRule, ...]]:
        return "rules", tuple(parts[1:])

    def analyzers(self, parts: list[Any]) -> tuple[str, tuple[t.Rule, ...]]:
        return "analyzers", tuple(parts[1:])

    def in_parentheses(self, parts: list[Any]) -> t.AnyRule:
        return parts[0]  # type: ignore[no-any-return]

    def and_rules(self, parts: list[Any]) -> t.AnyRule:
        return _joined("and", parts)

    and_part = and_rules

    def or_rules(self, parts: list[Any]) -> t.AnyRule:
        return _joined("or", parts)

    def or_part(self, parts: list[Any]) -> t.AnyRule:
        return parts[0]  # type: ignore[no-any-return]

    def rule(self, parts: list[Any]) -> t.Rule:
        name, rest = parts[0], parts[1:]
        labels = [one for one in rest if isinstance(one, _Labels)]
        if len(labels) > 1:
            raise RulesetError(f"{name} has labels twice.", "Write them in one list.", _at(name))
        return t.Rule(
            str(name),
            tuple(one for one in rest if isinstance(one, t.Parameter)),
            next((one for one in rest if isinstance(one, t.RuleCondition)), None),
            next((unquoted(one) for one in rest if isinstance(one, Token)), ""),
            labels[0].labels if labels else (),
            tuple(one for one in rest if isinstance(one, t.Tag)),
            _at(name),
        )

    analyzer = rule

    def parameter(self, parts: list[Any]) -> t.Parameter:
        connector = str(parts[0]).lower() if len(parts) > 1 else ""
        value = parts[-1]
        if isinstance(value, t.Variable):
            return t.Parameter(value.name, False, connector, True, value.place)
        quoted = value.type == "STRING"
        return t.Parameter(unquoted(value) if quoted else str(value), quoted, connector, False, _at(value))

    def where(self, parts: list[Token]) -> Token:
        return parts[1]

    def labels(self, parts: list[Any]) -> _Labels:
        return _Labels(parts[-1])

    def label_list(self, parts: list[Any]) -> t.Labels:
        return tuple(parts)

    def label(self, parts: list[Token]) -> tuple[str, str]:
        return unquoted(parts[0]), unquoted(parts[-1])

    def tag(self, parts: list[Any]) -> t.Tag:
        return t.Tag(str(parts[1]), parts[2], _at(parts[1]))

    def between(self, parts: list[Any]) -> t.RuleCondition:
        return t.RuleCondition("between", (parts[-3], parts[-1]), parts[0].type == "NOT")

    def is_in(self, parts: list[Any]) -> t.RuleCondition:
        given = parts[-1]
        return t.RuleCondition("in", given if isinstance(given, tuple) else (given,), parts[0].type == "NOT")

    def matches(self, parts: list[Any]) -> t.RuleCondition:
        return t.RuleCondition("matches", (t.Quoted(unquoted(parts[-1])),), parts[0].type == "NOT")

    def comparison(self, parts: list[Any]) -> t.RuleCondition:
        negated = parts[0] == "!="
        return t.RuleCondition("=" if negated else str(parts[0]), (parts[1],), negated)  # type: ignore[arg-type]

    def values(self, parts: list[Any]) -> tuple[t.Operand, ...]:
        return tuple(parts)

    def duration(self, parts: list[Token]) -> t.Duration:
        return t.Duration(_whole(parts[0]), str(parts[1]))

    def size(self, parts: list[Token]) -> t.Size:
        return t.Size(_whole(parts[0]), str(parts[1]))

    def now(self, parts: list[Token]) -> t.Now:
        return t.Now(str(parts[1]), t.Duration(_whole(parts[2]), str(parts[3]))) if len(parts) > 1 else t.Now()

    def text(self, parts: list[Token]) -> t.Quoted:
        return t.Quoted(unquoted(parts[0]))

    def keyword(self, parts: list[Token]) -> t.Keyword:
        return t.Keyword(parts[0].upper())

    def dereference(self, parts: list[Token]) -> t.Variable:
        return t.Variable(str(parts[0]), _at(parts[0]))

    def number(self, parts: list[Token]) -> t.Number:
        return t.Number(str(parts[0]))

    def negative(self, parts: list[Any]) -> t.Numeric:
        return parts[1] if parts[0] == "+" else t.Negative(parts[1])

    def arithmetic(self, parts: list[Any]) -> t.Arithmetic:
        return t.Arithmetic(parts[0], str(parts[1]), parts[2])

    def call(self, parts: list[Any]) -> t.Call:
        return t.Call(str(parts[0]), tuple(parts[1:]), _at(parts[0]))


class _Labels:
    """Labels on their way to the rule that has them."""

    def __init__(self, labels: t.Labels) -> None:
        self.labels = labels


def _joined(operator: Any, parts: Sequence[Any]) -> t.AnyRule:
    rules = [one for one in parts if isinstance(one, t.Rule | t.Composite)]
    labels = next((one.labels for one in parts if isinstance(one, _Labels)), ())
    first = rules[0]
    if len(rules) > 1:
        return t.Composite(operator, tuple(rules), labels, first.place)
    if not labels:
        return first
    if first.labels:
        raise RulesetError("A rule has labels twice.", "Write them in one list.", first.place)
    if isinstance(first, t.Rule):
        return t.Rule(first.type, first.parameters, first.condition, first.where, labels, first.tags, first.place)
    return t.Composite(first.operator, first.rules, labels, first.place)


def _whole(token: Token) -> int:
    if "." in token:
        raise RulesetError(f"{token} is not a whole number.", "Use a smaller unit.", _at(token))
    return int(token)
