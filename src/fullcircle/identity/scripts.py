"""Names in other scripts, written in Latin letters, so that the records of one person can be compared. Uses AnyAscii."""

from __future__ import annotations

import re

import pyarrow as pa
from anyascii import anyascii

from fullcircle.engine.base import Engine

# Letters that are neither Latin nor marks; Han, Hangul and kana names are written without blanks, family name first.
_SCRIPTS = ("Greek", "Cyrillic", "Armenian", "Hebrew", "Arabic", "Devanagari", "Bengali", "Thai", "Georgian", "Hangul",
            "Hiragana", "Katakana", "Han")  # fmt: skip
NOT_LATIN = "[" + "".join(rf"\p{{{script}}}" for script in _SCRIPTS) + "]"
_EAST = re.compile("^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+$")
_TWO_SYLLABLE_FAMILIES = {"ouyang", "sima", "zhuge", "shangguan", "situ", "huangfu", "namgung", "hwangbo"}
NAMES = ("given_name", "family_name", "middle_name", "full_name", "organisation")


def transliterations(engine: Engine, into: str) -> None:
    """Make the table `into` (text, latin): the distinct names in other scripts, and their form in Latin letters."""
    with engine.register("latin_rows", latin_rows(engine)):
        engine.run(f"CREATE TABLE {into} AS FROM latin_rows")


def latin_rows(engine: Engine) -> pa.Table:
    """The names of `records` in other scripts (text), and their form in Latin letters (latin)."""
    union = " UNION ".join(
        f"SELECT {name} AS text, '{name}' = 'full_name' AS whole FROM records WHERE regexp_matches({name}, '{NOT_LATIN}')"
        for name in NAMES
    )
    found = engine.arrow(f"SELECT text, max(whole) AS whole FROM ({union}) GROUP BY text ORDER BY text")
    texts = found["text"].to_pylist()
    latin = [in_latin(text, whole) for text, whole in zip(texts, found["whole"].to_pylist(), strict=True)]
    return pa.table({"text": pa.array(texts, pa.string()), "latin": pa.array(latin, pa.string())})


def in_latin(text: str, whole: bool = False) -> str:
    """The text in Latin letters. A whole name in an East Asian script becomes "family, given"."""
    if not _EAST.match(text):
        return anyascii(text)
    syllables = re.findall("[A-Z]?[^A-Z]+", anyascii(text)) or [anyascii(text)]
    if not whole or len(syllables) < 2:
        return "".join(syllables)
    family = 2 if len(syllables) > 2 and "".join(syllables[:2]).lower() in _TWO_SYLLABLE_FAMILIES else 1
    return f"{''.join(syllables[:family])}, {''.join(syllables[family:])}"
