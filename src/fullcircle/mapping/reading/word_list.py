"""SQL that looks a word up in a list of many."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from fullcircle.engine.base import literal

_BETWEEN = "|"


def meaning(word: str, known: Mapping[str, str]) -> str:
    """SQL: what the list says of a word, or null if the word is not in it.

    The list is two texts that the engine splits once: to read a MAP of hundreds of entries would take it longer, in each
    statement, than to look up thousands of words.
    """
    return f"MAP({_split(known.keys())}, {_split(known.values())})[{word}]"


def _split(words: Collection[str]) -> str:
    if any(_BETWEEN in word for word in words):
        raise ValueError(f"a word in a list cannot have {_BETWEEN}")
    return f"string_split({literal(_BETWEEN.join(words))}, '{_BETWEEN}')"
