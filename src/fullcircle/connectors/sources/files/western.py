"""Whether words with letters beyond ASCII can be Western ones, letter by letter: `Grzêdowski` and `Csûrös` are read wrongly.

The letters of a word must be those of one language, and stand where that language has them. Start at `is_western`.
"""

from __future__ import annotations

import re

# For each language the letters beyond ASCII that it has.
ALPHABETS = (
    *("äöüß", "éèêëàâçîïôûùüœ", "áéíóúñü", "áâãàçéêíóôõú", "àèéìíòóùú", "åäöéüà", "æøåéöü", "äöåšž", "äöüõšž"),
    *("ëïéèöüóáê", "çàéèíïóòúü"),
)
# Letters in places where no Western language has them.
OUT_OF_PLACE = re.compile(
    r"ñ(?![aeiouáéíóú])|[aeiouy]æ|œ(?![ui])|õ(?!e)|ã(?![oeos]|$)|ì(?!$|')|[^\x00-\x7f]{3}|ê$|[aeiou]ê(?!m)|ù(?!$|')|ò(?!$|')|[þðýÞÐÝÿŸ]"
)
WORD = re.compile(r"[^\W\d_]+")
ORDINAL = re.compile(r"(?<![^\W\d_])[A-Za-z]{0,3}[ºª](?!\w)")  # Nº, Mª, 2ª: in the middle of a word it is a letter read wrongly


def is_western(text: str) -> bool:
    """True if every word beyond ASCII could be one of a Western language."""
    words = {word.lower() for word in WORD.findall(ORDINAL.sub(" ", text)) if not word.isascii()}
    return all(not OUT_OF_PLACE.search(word) and any(_beyond(word) <= {*letters} for letters in ALPHABETS) for word in words)


def _beyond(word: str) -> set[str]:
    return {letter for letter in word if not letter.isascii()}
