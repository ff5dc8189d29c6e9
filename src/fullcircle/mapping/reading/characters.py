"""One spelling for the characters of numbers, dates and phones: digits of all scripts, dashes, blanks, marks nobody sees."""

from __future__ import annotations

from unicodedata import category, normalize

_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯０１２３４５６７８９"
_DASHES = "\u2212\u2013\u2014\u2012\u2010\u2011\u2015\ufe63\uff0d"
_BLANKS = "\t\n\x0b\x0c\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_UPPER_COMMAS = "\u2018\u2019\u02bc\u00b4\u0060\u02b9\u2032\u066c"
_OTHERS = {
    "＋": "+", "．": ".", "，": ",", "：": ":", "／": "/", "（": "(", "）": ")", "％": "%",
    "٪": "%", "٫": ".", "＄": "$", "￥": "¥",
}  # fmt: skip
_FROM = _DIGITS + _DASHES + _BLANKS + _UPPER_COMMAS + "".join(_OTHERS)
_TO = (
    "0123456789" * (len(_DIGITS) // 10)
    + "-" * len(_DASHES)
    + " " * len(_BLANKS)
    + "'" * len(_UPPER_COMMAS)
    + "".join(_OTHERS.values())
)
# Marks for direction and joining, which some programs put around dates and numbers.
UNSEEN = r"[\x{00AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}\x{061C}]"

# A number as spreadsheets show it once they dropped its last digits: many keys were rounded to the same one.
ROUNDED = r"[-+]?\d([.,]\d+)?[eE]\+\d{2,}"


def is_rounded(text: str) -> str:
    """SQL: true if a key, or a part of it, is a number in scientific notation, as spreadsheets write it."""
    there = f"(contains({text}, 'E+') OR contains({text}, 'e+'))"
    return f"({there} AND regexp_matches({text}, '(^|[-|:/ ]){ROUNDED}($|[-|:/ ])'))"


def without_accents(word: str) -> str:
    """A word as `strip_accents` of the engine returns it."""
    return "".join(letter for letter in normalize("NFD", word) if category(letter)[0] != "M")


def plain(text: str) -> str:
    """SQL: the text with plain digits, `-` for every dash and minus sign, single plain blanks and no unseen marks."""
    sources, targets = _FROM.replace("'", "''"), _TO.replace("'", "''")
    seen = f"regexp_replace(translate({text}, '{sources}', '{targets}'), '{UNSEEN}', '', 'g')"
    single = f"trim(regexp_replace({seen}, ' +', ' ', 'g'))"
    return f"CASE WHEN regexp_full_match({text}, '[!-~]+( [!-~]+)*') THEN {text} ELSE {single} END"
