"""Whether two names may be of one person: the words that they do not share are compared.

Used where rows have one e-mail or phone: `Ana Ruiz` and `RUIZ, Ana`, `J. Smith` and `John Smith` may be one person, `Uwe Kern`
and `Silke Kern` are two. What is not clear counts as one: identity looks closer.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from fullcircle.engine.base import quoted

ALIKE = 0.85  # two words as near as this may be spellings of one


def words_of_name(columns: Sequence[str], ready: bool = False) -> str:
    """SQL: the words of a name in one order, in small letters without accents; initials are left out. Empty: no name.

    `ready`: these are not names of columns, but SQL already.
    """
    texts = ", ".join(f"CAST({name if ready else quoted(name)} AS VARCHAR)" for name in columns)
    words = rf"regexp_extract_all(lower(strip_accents(concat_ws(' ', {texts}))), '[\p{{L}}\p{{M}}]{{2,}}')"
    return f"array_to_string(list_sort(list_distinct({words})), ' ')"


def are_different(one: str, other: str) -> bool:
    """True for names (from `words_of_name`) that are clearly of two people: a word of each is like none of the other."""
    ours, theirs = one.split(), other.split()
    left = [word for word in ours if not any(_alike(word, each) for each in theirs)]
    right = [word for word in theirs if not any(_alike(word, each) for each in ours)]
    return bool(left and right)


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short) or SequenceMatcher(None, one, other).ratio() >= ALIKE
