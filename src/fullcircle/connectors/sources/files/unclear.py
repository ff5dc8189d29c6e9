"""The error for a file whose encoding is not clear: what it may be, each with a word as it would be read.

A person who knows one of the people in the file sees at once which word is right. The encodings of the project's country come
first. See `EncodingUnclear`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from fullcircle.errors import SourceBroken

MOST = 5  # encodings that are offered
LONGEST = 24  # characters of a word that is shown
OF_COUNTRIES = {  # the encodings of countries, that of Windows first; elsewhere they are the Western ones
    ("cp1250", "iso8859-2", "cp852"): "PL CZ SK HU SI HR BA RO AL RS ME",
    ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic"): "RU UA BY BG MK RS KZ KG MN TJ",
    ("cp1253", "iso8859-7"): "GR CY",
    ("cp1254", "iso8859-9", "cp857"): "TR AZ",
    ("cp1255",): "IL",
    ("cp1256",): "SA AE EG JO LB MA DZ TN IQ KW QA BH OM YE LY SY SD IR PK",
    ("cp1257", "iso8859-13"): "LT LV EE",
    ("cp1258",): "VN",
    ("cp874",): "TH",
    ("cp932", "euc_jp"): "JP",
    ("cp949",): "KR",
    ("gb18030",): "CN SG",
    ("big5hkscs",): "TW HK MO",
}
WESTERN = ("cp1252", "iso8859-15", "cp850", "mac-roman", "cp437")
TITLES = {
    "cp932": "cp932 (Shift-JIS)", "cp949": "cp949 (EUC-KR)", "gb18030": "gb18030 (GBK)", "euc_jp": "euc_jp (Japanese)",
    "big5hkscs": "big5hkscs (Big5)", "cp1252": "cp1252 (Western)", "cp1250": "cp1250 (Central European)",
    "cp1251": "cp1251 (Cyrillic)", "cp1253": "cp1253 (Greek)", "cp1254": "cp1254 (Turkish)", "cp1255": "cp1255 (Hebrew)",
    "cp1256": "cp1256 (Arabic)", "cp1257": "cp1257 (Baltic)", "cp1258": "cp1258 (Vietnamese)", "cp874": "cp874 (Thai)",
    "mac-roman": "mac-roman (Mac)", "mac-cyrillic": "mac-cyrillic (Mac, Cyrillic)", "cp850": "cp850 (DOS)",
    "cp852": "cp852 (DOS, Central European)", "cp866": "cp866 (DOS, Cyrillic)", "cp437": "cp437 (DOS)",
}  # fmt: skip


class EncodingUnclear(SourceBroken):
    """Nobody but a person can know the encoding of a file; `names` are what it may be, the likeliest first."""

    def __init__(self, path: Path, names: Sequence[str], words: Collection[bytes], country: str = "") -> None:
        self.path, self.names, self.words = path, tuple(names), words
        offered = _offered(names, words, country)
        could = ", ".join(f'{TITLES.get(name, name)}: "{word}"' if word else TITLES.get(name, name) for name, word in offered)
        first = offered[0][0] if offered else "cp1252"
        listed = f" One of its words would be, in {could}." if offered else ""
        super().__init__(
            f"The encoding of {path} is not clear: it is not UTF-8, and its words do not show what else it is.{listed}",
            f'Set encoding for its object to the one in which the word is right, for example encoding = "{first}" (see '
            "docs/how-to/connect-files.md), or save it as UTF-8.",
        )

    def in_country(self, country: str) -> EncodingUnclear:
        """The same, with the encodings of a country first."""
        return EncodingUnclear(self.path, self.names, self.words, country)


def of_country(country: str) -> tuple[str, ...]:
    """The encodings that programs write in a country (ISO code); none for ""."""
    if not country:
        return ()
    theirs = tuple(name for names, countries in OF_COUNTRIES.items() if country.upper() in countries.split() for name in names)
    return theirs or WESTERN


def _offered(names: Sequence[str], words: Collection[bytes], country: str) -> list[tuple[str, str]]:
    """Encodings with a word as each reads it, at most MOST; of those that read all words alike only the first."""
    here = of_country(country)
    able = [one for one in names or here if any(_read(word, one) for word in words)] or [*names]
    able.sort(key=lambda one: one not in here)
    word = _telling(able, words)
    offered: dict[str, str] = {}
    for name in able:
        text = _read(word, name)
        if text and text not in offered:
            offered[text] = name
    if not offered:
        return [(name, "") for name in able[:MOST]]
    return [(name, text) for text, name in list(offered.items())[:MOST]]


def _telling(names: Sequence[str], words: Collection[bytes]) -> bytes:
    """The word that most of the encodings read each in its own way; of equals a short one."""
    fitting = [one for one in words if 2 < len(one) <= LONGEST] or [*words]
    return min(fitting, key=lambda one: (-len({_read(one, name) for name in names} - {""}), len(one), one), default=b"")


def _read(word: bytes, name: str) -> str:
    """The word in an encoding; "" if it is none there, or has signs that no screen shows."""
    try:
        text = word.decode(name)
    except (UnicodeDecodeError, LookupError):
        return ""
    return text if all(map(str.isprintable, text)) else ""
