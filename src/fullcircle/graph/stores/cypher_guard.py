"""Allows a user's Cypher query only if it can do nothing but read, in any dialect.

These are lists of what is allowed, not of what is forbidden: an engine has more words that write, load files or change settings
than anybody can list, and the next version has more. A word is known by its place: after a value only a keyword of reading may
follow, before a bracket only a keyword or a function that is known to compute. Escapes and quoted names are decoded first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

LONGEST = 100_000  # characters of a query
DEEPEST = 100  # brackets in brackets: parsers recurse


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


KEYWORDS = words(
    """
    MATCH OPTIONAL WHERE WITH UNWIND AS RETURN DISTINCT ORDER BY ASC ASCENDING DESC DESCENDING NULLS FIRST LAST SKIP OFFSET LIMIT
    UNION ALL CALL YIELD AND OR XOR NOT IN IS NULL TRUE FALSE STARTS ENDS CONTAINS CASE WHEN THEN ELSE END EXISTS COUNT COLLECT
    ANY NONE SINGLE SHORTEST WSHORTEST ACYCLIC TRAIL
    """
)
# Keywords after which an expression is complete.
VALUES = frozenset({"NULL", "TRUE", "FALSE", "END", "ASC", "ASCENDING", "DESC", "DESCENDING", "FIRST", "LAST"})
STARTS = frozenset({"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN", "CALL"})
# Words that begin a clause which does more than read. No query that the other rules let pass needs one as a plain name.
WRITES = words(
    """
    ALTER ATTACH BEGIN CHECKPOINT COMMENT COMMIT COPY CREATE DELETE DETACH DROP EXPORT EXTENSION FOREACH FORCE IMPORT INSERT
    INSTALL LOAD MACRO MERGE REMOVE ROLLBACK SET UNINSTALL UPDATE USE
    """
)
TOKEN = re.compile(
    r"""[ \t\r\n]+|//[^\n]*|/\*.*?\*/|(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<quoted>(?:`[^`]*`)+)"""
    r"""|(?P<param>\$\w+)|(?P<number>(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?!\w))|(?P<word>[^\W\d]\w*)"""
    r"""|(?P<sign>[()\[\]{}<>=\-+*%^.,:|;!~&]|/(?!\*))""",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")
# What one parser takes for the end of a line, or of the text, and another one does not.
UNCLEAR = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|\r(?!\n)")
CLOSES = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class CypherDialect:
    """What an engine has beside the keywords: functions that only compute, and procedures that only tell; in lower case."""

    functions: frozenset[str]
    procedures: frozenset[str] = frozenset()
    subqueries: bool = False  # CALL { ... }
    starts: frozenset[str] = field(default=STARTS)
    keywords: frozenset[str] = field(default=KEYWORDS)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query; `sort`: text, quoted, param, number, word, sign."""

    sort: str
    text: str

    @property
    def upper(self) -> str:
        """A word as keywords are written; empty for anything else."""
        return self.text.upper() if self.sort == "word" else ""

    @property
    def name(self) -> str:
        """The name that a word or a quoted name stands for; empty for anything else."""
        if self.sort == "quoted":
            return self.text[1:-1].replace("``", "`")
        return self.text if self.sort == "word" else ""


NOTHING = Token("sign", "")


def why_refused(text: str, dialect: CypherDialect) -> str:
    """Why a query is not a single statement that is known to read; empty if it is one."""
    if len(text) > LONGEST:
        return f"it is longer than {LONGEST:,} characters"
    # Some parsers decode escapes before they look for words and quotes, others only in texts. It must read in both ways.
    decoded = ESCAPE.sub(lambda found: chr(min(int(found[1] or found[2], 16), 0x10FFFF)), text)
    return _refusal(text, dialect) or (_refusal(decoded, dialect) if decoded != text else "")


def reserved_names(text: str, dialect: CypherDialect) -> list[str]:
    """The labels and properties in a query that are also keywords: engines want them in backticks."""
    tokens = list(_tokens(text))
    pairs = pairwise(tokens)
    found = [now.text for before, now in pairs if before.text in (":", ".") and now.upper in dialect.keywords | WRITES]
    return list(dict.fromkeys(found))


def _tokens(text: str) -> Iterator[Token]:
    """The tokens of a query, up to the first character that belongs to none: that one is the last token, of sort "unknown"."""
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            yield Token("unknown", text[at])
            return
        at = found.end()
        if found.lastgroup:
            yield Token(found.lastgroup, found[0])


def _refusal(text: str, dialect: CypherDialect) -> str:
    if UNCLEAR.search(text):
        return "it has a control character, which can be written as an escape (\\u0000)"
    tokens = list(_tokens(text))
    while tokens and tokens[-1].text == ";":
        tokens.pop()
    if any(token.text == ";" for token in tokens):
        return "it has more than one statement"
    if not tokens or tokens[0].upper not in dialect.starts:
        return f"it does not begin with one of {', '.join(sorted(dialect.starts))}"
    return _wrong_nesting(tokens) or _wrong_word(tokens, dialect)


def _wrong_nesting(tokens: list[Token]) -> str:
    open_now: list[str] = []
    for token in tokens:
        if token.sort == "unknown":
            return "a quote or a comment in it is not closed" if token.text in "'\"`/" else f"it has the character {token.text!a}"
        if token.sort == "sign" and token.text in CLOSES.values():
            open_now.append(token.text)
        elif token.sort == "sign" and token.text in CLOSES and (not open_now or open_now.pop() != CLOSES[token.text]):
            return "its brackets do not match"
        if len(open_now) > DEEPEST:
            return f"it has more than {DEEPEST} brackets in each other"
    return "a bracket in it is not closed" if open_now else ""


def _wrong_word(tokens: list[Token], dialect: CypherDialect) -> str:
    """Why one of the words is not known to read, looking at what stands before and after it."""
    complete = False  # an expression or a pattern could end before this token
    padded = [NOTHING, NOTHING, *tokens, NOTHING]
    for place, token in enumerate(tokens):
        earlier, before, _, after = padded[place : place + 4]
        is_part = before.text in (".", ":") or (before.text == "|" and after.text != "(")  # of a longer name, or a label
        is_keyword = token.upper in dialect.keywords
        wrong = ""
        if token.name and after.text == "(" and not is_keyword:
            wrong = _wrong_function(tokens, place, dialect)
        elif token.name and not is_part:
            wrong = _wrong_name(token, complete and not is_keyword)
        if token.upper == "CALL" and not is_part:
            wrong = _wrong_call(after, tokens, place, dialect)
        if "UNION" in (before.upper, earlier.upper if before.upper == "ALL" else "") and token.upper not in dialect.starts | {
            "ALL"
        }:
            wrong = f'it has "{_short(token.text)}" after UNION'
        if wrong:
            return wrong
        complete = _completes(token, before, is_part, dialect)
    return ""


def _wrong_function(tokens: list[Token], place: int, dialect: CypherDialect) -> str:
    called = _long_name(tokens, place)
    first = place - 2 * called.count(".")
    if first > 0 and tokens[first - 1].upper == "CALL":
        return "" if called in dialect.procedures else f"it calls {_short(called)}"
    return "" if called in dialect.functions else f"it uses {_short(called)}(), which is not known to only compute"


def _wrong_name(token: Token, out_of_place: bool) -> str:
    if token.upper in WRITES:
        return f"it has the word {token.upper}"
    return f'it has "{_short(token.text)}" where only a keyword of reading may stand' if out_of_place else ""


def _wrong_call(after: Token, tokens: list[Token], place: int, dialect: CypherDialect) -> str:
    """A call of a procedure ends in a bracket, so `CALL threads = 1` is none."""
    if after.text in ("{", "("):
        return "" if dialect.subqueries else "it calls a subquery"
    end = place + 1
    while end + 2 < len(tokens) and tokens[end + 1].text == ".":
        end += 2
    if not after.name or end + 1 >= len(tokens) or tokens[end + 1].text != "(":
        return f"it calls {_short(after.name) or 'something unknown'} without a list of arguments"
    return ""


def _completes(token: Token, before: Token, is_part: bool, dialect: CypherDialect) -> bool:
    if token.sort == "word":
        return is_part or token.upper not in dialect.keywords or token.upper in VALUES
    if token.text == "*" and token.sort == "sign":
        return before.upper in ("RETURN", "WITH", "DISTINCT", "YIELD") or before.text in ("(", ".")
    return token.sort != "sign" or token.text in CLOSES


def _long_name(tokens: list[Token], place: int) -> str:
    """The name that ends at a place, with what stands before its dots: `neptune.graph.pg_schema`."""
    parts = [tokens[place].name]
    while place >= 2 and tokens[place - 1].text == "." and tokens[place - 2].name:
        place -= 2
        parts.append(tokens[place].name)
    return ".".join(reversed(parts)).lower()


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:37]}..."
