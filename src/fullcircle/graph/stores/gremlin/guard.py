"""Allows a user's Gremlin query only if it can do nothing but read.

The query must be one traversal from `g`, made of steps that are known to read. These are lists of what is allowed, not of what
is forbidden, because a Gremlin server with Groovy runs any program that it receives.
"""

from __future__ import annotations

import re
from itertools import pairwise

from fullcircle.errors import QueryError

_STEPS = """
    V E aggregate all and any as barrier both bothE bothV branch by cap choose coalesce coin combine concat conjoin constant
    count cyclicPath dateAdd dateDiff asDate asString dedup difference disjunct element elementMap emit explain filter flatMap
    fold format from group groupCount has hasId hasKey hasLabel hasNot hasValue id identity in inE inV index intersect is key
    label lTrim length limit local loops map match math max mean merge min none not option optional or order otherV out outE
    outV path product profile project properties propertyMap range replace reverse rTrim repeat sack sample select sideEffect
    simplePath skip split store substring subgraph sum tail timeLimit times to toLower toUpper trim tree unfold union until
    value valueMap values where with withSack withSideEffect withPath withBulk
    eq neq lt lte gt gte between inside outside within without negate containing startingWith endingWith notContaining
    notStartingWith notEndingWith regex notRegex toList toSet next
"""
_TOKENS = """
    g __ T P TextP Order Scope Column Pop Operator Pick WithOptions Direction true false null id label key value asc desc
    shuffle local global keys values first last all mixed any none sum minus mult div min max assign and or addAll tokens
    IN OUT BOTH from to out in both normSack NaN Infinity
"""
READS = frozenset(_STEPS.split())  # names that are allowed before an opening bracket
TOKENS = frozenset(_TOKENS.split())  # names that are allowed without one
TOKEN = re.compile(
    r"""\s+|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?[a-zA-Z]?)"""
    r"""|(?P<name>[A-Za-z_]\w*)|(?P<sign>[.,()\[\]:])""",
    re.DOTALL,
)
LONGEST, DEEPEST = 100_000, 100  # characters; brackets in brackets: servers recurse
ESCAPE = re.compile(r"\\u+([0-9a-fA-F]{4})")
_OPENS = ("(", ",", "[", ":")  # an argument begins after these
HINT = "Only one traversal that starts with g. and only reads is allowed."


def allow(text: str) -> None:
    """Raise QueryError unless the text is one traversal that only reads.

    Groovy decodes escapes before it looks for quotes and names, so the text must read in both ways.
    """
    if len(text) > LONGEST:
        raise QueryError(f"The query is longer than {LONGEST:,} characters.", "Ask in parts.")
    decoded = ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    for one in dict.fromkeys((text, decoded)):
        _allow(one)


def _allow(text: str) -> None:
    words: list[str] = []
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise QueryError(f"The query has {text[at]!r} at character {at + 1}, which is not allowed.", HINT)
        at = found.end()
        if found["text"]:
            _check_text(found["text"])
        if found.lastgroup:
            words.append(found["name"] or found["sign"] or ".text")
    if words[:2] != ["g", "."]:
        raise QueryError("The query does not start with g.", HINT)
    _check_words(words)
    deep = 0
    for word in words:
        deep += (word in "([") - (word in ")]")
        if deep > DEEPEST:
            raise QueryError(f"The query has more than {DEEPEST} brackets in each other.", HINT)


def _check_words(words: list[str]) -> None:
    for before, word in pairwise(words):
        # Groovy also calls a method that is named by a string: g.V()."drop"(), g.V()['drop']().
        if (word == "(" and not (_is_name(before) or before in _OPENS)) or (word == ".text" and before not in _OPENS):
            raise QueryError("The query has a bracket or a string in a place where it is not allowed.", HINT)
    for word, follows in zip(words, [*words[1:], ""], strict=True):
        if not _is_name(word):
            continue
        known = READS if follows == "(" else TOKENS
        if word not in known:
            raise QueryError(f'The query uses "{word}", which is not a step that reads.', HINT)


def _is_name(word: str) -> bool:
    return word[0].isalpha() or word[0] == "_"


def _check_text(text: str) -> None:
    # Groovy runs the code in "${...}"; in single quotes a dollar is only a character.
    if text.startswith('"') and "$" in text:
        raise QueryError("The query has a $ in double quotes.", "Put that string in single quotes.")
