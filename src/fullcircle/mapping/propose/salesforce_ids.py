"""Ids of Salesforce: reports write 15 characters, in which case matters, exports 18, the same with three that say the case.

A column of the one length meets keys of the other; the keys stay as the files have them.
"""

from __future__ import annotations

from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Facts

SHORT, LONG = 15, 18


def met(column: str, facts: Facts | None, key_facts: Facts | None) -> str:
    """SQL over a column whose ids have the length of those keys; "" if these are not ids of two lengths."""
    if facts is None or key_facts is None:
        return ""
    if (facts.longest, key_facts.longest) == (SHORT, LONG):
        return with_case(text_of(column))
    if (facts.longest, key_facts.longest) == (LONG, SHORT):
        return f"left({text_of(column)}, {SHORT})"
    return ""


def with_case(text: str) -> str:
    """SQL: the id of 18 characters for one of 15; each of the last three says which of five letters are capitals."""
    bits = f"list_transform(range(0, 5), lambda i: CASE WHEN {text}[c * 5 + i + 1] BETWEEN 'A' AND 'Z' THEN 1 << i ELSE 0 END)"
    letter = f"'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[1 + list_sum({bits})::INTEGER]"
    whole = f"{text} || array_to_string(list_transform(range(0, 3), lambda c: {letter}), '')"
    return f"CASE WHEN regexp_full_match({text}, '[A-Za-z0-9]{{{SHORT}}}') THEN {whole} ELSE {text} END"
