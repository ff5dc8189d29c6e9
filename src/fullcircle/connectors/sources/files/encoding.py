"""Detects the encoding of a text file."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from fullcircle.connectors.sources.files.part import opened
from fullcircle.errors import ConfigError

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOT_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
BLOCK = 1 << 22
BROKEN, BEYOND_ASCII = re.compile("[\udc80-\udcff]"), re.compile("[^\x00-\x7f]")


def encoding_of(path: Path, named: str = "") -> str:
    """The Python name of the encoding: from the config, the byte order mark, or else the bytes of the whole file."""
    with opened(path) as file:
        head = file.read(4096)
        by_bom = next((name for bom, name in BOMS if head.startswith(bom)), "")
        if named:
            return _named(named, by_bom)
        if by_bom:
            return by_bom
        if b"\x00" in head and (wide := _wide(head)):
            return wide
        decoder = codecs.getincrementaldecoder("utf-8")()
        block = head
        while block:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return _guess(block)
            block = file.read(BLOCK)
    return "utf-8"  # a character cut off at the very end does not change that


def _named(named: str, by_bom: str) -> str:
    try:
        name = codecs.lookup(named).name
    except LookupError as error:
        raise ConfigError(
            f'The encoding "{named}" is not known.', "Common encodings are utf-8, utf-16, latin-1 and cp1252."
        ) from error
    # Files called "utf-8" may have a byte order mark, which must not become part of the first column's name.
    return by_bom if by_bom.startswith(name) else name


def _wide(head: bytes) -> str:
    """The variant of UTF-16 in a file without a byte order mark: in Latin text every second byte is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 4
    return "utf-16-le" if odd > half > even else "utf-16-be" if even > half > odd else ""


def _guess(block: bytes) -> str:
    """Decide between UTF-8 with a few damaged lines and a Western encoding with one byte per character."""
    text = block.decode("utf-8", "surrogateescape")
    broken = len(BROKEN.findall(text))
    right = len(BEYOND_ASCII.findall(text)) - broken
    if right and right >= broken:
        return "utf-8"
    return "latin-1" if any(code in block for code in NOT_IN_CP1252) else "cp1252"
