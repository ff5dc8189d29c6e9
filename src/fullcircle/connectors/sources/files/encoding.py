"""Finds the encoding of a text file. What is not clear is asked for: wrong text looks like right text to a program.

A byte order mark and valid UTF-8 are certain. For everything else a library judges the words that hold more than ASCII, each
reading is checked for what no language writes (two scripts or a capital in the middle of a word, signs inside words), and the
best one is taken if it is clearly better than the next one with another text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from fullcircle.connectors.sources.files.header_language import written_in
from fullcircle.connectors.sources.files.part import How, opened
from fullcircle.connectors.sources.files.unclear import TITLES, EncodingUnclear
from fullcircle.connectors.sources.files.western import is_western
from fullcircle.errors import ConfigError, SourceBroken

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings that programs still write, with the older standards only where they differ from the one of Windows.
KNOWN = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "mac-roman",
    "mac-cyrillic", "cp850", "cp437", "cp852", "cp866", "koi8-r", "koi8-u", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-15",
    "cp932", "euc_jp", "gb18030", "big5hkscs", "cp949",
)  # fmt: skip
NEAR_WESTERN = {"cp1250", "cp1254", "cp1257", "cp1258", "cp1252"}  # Windows encodings that share most letters with cp1252
WESTERN_ONES = ("cp1252", "iso8859-15", "cp850", "mac-roman")  # below Western headers there may be people of other countries
SHIFTS = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_ext"))  # seven bits: they look like ASCII
NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
WORDS = re.compile(
    rb"[\x30-\x39\x40-\x7e'\-]*[\x80-\xff][\x30-\x39\x40-\x7e\x80-\xff'\-]*"
)  # a second byte may be one of \x40-\x7e
BLOCK = 1 << 22
JUDGED = 1 << 16  # bytes of words
CLEAR, FEW_CLEAR, FEW = 0.75, 0.5, 4  # how near the next reading may come; the same with fewer words than this
DENSE_CLEAR = 0.35
DOUBTFUL = 70  # percent
WESTERN, MAYBE, FEW_MAYBE = 0.8, 0.6, 0.45  # how near a Western reading must come to be taken, or asked about
SELDOM_WESTERN = frozenset("þðýÞÐÝ¸×÷ÿ")  # letters that hardly any Western text has
SELDOM_BESIDE = frozenset("ŠšŽž")  # letters that few Western texts have, and all of Central Europe
DENSE = {"gb18030", "cp949", "big5hkscs", "euc_jp"}  # encodings in which the text of another one nearly always has some meaning
CONTROLS = re.compile("[\x80-\x9f]")
BROKEN, BEYOND_ASCII = re.compile("[\udc80-\udcff]"), re.compile("[^\x00-\x7f]")
FREE = frozenset("°–—…\xa0、。・〜～ー々「」（）")  # signs that may stand anywhere
APART = frozenset("€£¥©•·§½¼¾²³±×")  # signs that no letter touches
OPENING, CLOSING = frozenset("“„«¿¡‘‚"), frozenset("”“»’™®ªº")  # signs before and after a word
# Words of headers whose one letter beyond ASCII can look like any language: a reading that has one of them is right.
COLUMN_WORDS = {
    "währung", "länge", "käufer", "verkäufer", "empfänger", "geschäft", "geschäftspartner", "fällig", "fälligkeit",
    "fälligkeitsdatum", "preço", "preços", "endereço", "endereços", "serviço", "serviços", "peça", "peças", "cobrança",
    "felelős", "vevő", "ügyintéző", "időpont", "fizetendő", "előfizető", "idő", "szülő", "imię", "płeć", "miejscowość",
    "wartość", "właściciel", "ilość", "sprzedaż", "město", "příjmení", "země", "psč", "částka", "směrovací", "vytvořeno",
    "příjemce", "şehir", "soyadı", "adı", "müşteri", "doğum", "sipariş", "kişi", "općina", "količina",
    "nettobeløb", "totalbeløb", "beløb", "beløbet", "fødselsdato", "fødselsdag", "sælger", "køber", "køn", "måned",
    "løbenummer", "fødselsår", "försäljning", "köpare", "säljare", "ändrad", "ändringsdatum", "ändrat", "födelsedatum",
    "födelsedag", "kön", "län", "förnamn", "företag", "företagsnamn", "päiväys", "päivämäärä", "eräpäivä", "sähköposti",
    "määrä", "yhteyshenkilö", "myyjä", "käyttäjä", "käynti", "straße", "größe", "geändert", "gültig", "geschäftlich",
    "übergeordnet", "länderkennzeichen", "hausstraße", "prénom", "société", "téléphone", "numéro", "référence", "créé",
    "libellé", "quantité", "désignation", "civilité", "catégorie", "région", "teléfono", "dirección", "población",
    "código", "razón", "país", "número", "descripción", "móvil", "año", "município", "descrição", "situação", "observação",
    "cidadão", "città", "località", "quantità", "unità",
}  # fmt: skip


Reading = tuple[float, float, str, str]  # share of odd words, confidence of the library, encoding, text


@dataclass(frozen=True, slots=True)
class Encoding:
    """The Python name of an encoding, and what to tell if it was judged."""

    name: str
    note: str = ""
    confidence: int = 100  # percent


@dataclass(frozen=True, slots=True)
class WordsSeen:
    """What was seen of a file that is not UTF-8: its words with more than ASCII, and its first bytes."""

    title: str
    words: Mapping[bytes, int]
    head: bytes


def encoding_of(path: Path, how: How) -> Encoding:
    """The encoding from the config, the byte order mark, or else the bytes of the whole file. Raises SourceBroken if unclear."""
    with opened(path, how.unpack_ratio) as file:
        head = file.read(4096)
        by_bom = next((name for bom, name in BOMS if head.startswith(bom)), "")
        if how.encoding:
            return Encoding(_named(how.encoding, by_bom))
        if by_bom:
            return Encoding(by_bom)
        if (shifted := next((name for sign, name in SHIFTS if sign in head), "")) and b"\x00" not in head:
            return Encoding(shifted, f"read as {shifted}, which was found by its escape sequences")
        if b"\x00" in head and (wide := _wide(head)):
            return Encoding(wide)
        decoder = codecs.getincrementaldecoder("utf-8")()
        block = head
        while block:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                if _is_damaged_utf8(block):
                    return Encoding("utf-8")
                seen = WordsSeen(path.name, _words(file, block), head)
                try:
                    return judged_among(path, seen, how.beside() if how.beside else ())
                except EncodingUnclear as error:
                    raise error.in_country(how.country) from error
            block = file.read(BLOCK)
    return Encoding("utf-8")  # a character cut off at the very end does not change that


def seen_in(path: Path, title: str, how: How) -> WordsSeen | None:
    """What the first megabytes of a file show of its encoding; None if that is certain, or there is nothing to see."""
    with opened(path, how.unpack_ratio) as file:
        head = file.read(4096)
        if b"\x00" in head or any(head.startswith(bom) for bom, _ in BOMS) or any(sign in head for sign, _ in SHIFTS):
            return None
        block = head + file.read(BLOCK)
        try:
            codecs.getincrementaldecoder("utf-8")().decode(block)
        except UnicodeDecodeError:
            return None if _is_damaged_utf8(block) else WordsSeen(title, _words(file, block), head)
    return None


def judged_among(path: Path, own: WordsSeen, beside: Sequence[WordsSeen]) -> Encoding:
    """The encoding of a file by its words, or where they leave doubt, by those of the files beside it: one export has one."""
    alone, unclear = _tried(path, own)
    others = [(other, _tried(path, other)[0]) for other in beside] if alone is None or alone.confidence < DOUBTFUL else []
    fitting = [(other, one) for other, one in others if one is None or _fits(own, one.name, alone)]
    if alone and not any(one and 0 < _differing(own, one.name, alone.name) < FEW for _, one in fitting):
        return alone  # the same text, or words enough of its own
    words = dict(own.words)
    for other, _ in fitting:
        words |= other.words
    heads = b"\n".join(one.head.lstrip().split(b"\n", 1)[0] for one in (own, *(other for other, _ in fitting)))
    together, _ = _tried(path, WordsSeen(own.title, words, heads)) if fitting else (None, None)
    if together and not _fits(own, together.name, alone):
        together = None
    if together is None and alone is None:
        raise unclear or _unclear(path, own.words)
    names = ", ".join(other.title for other, _ in fitting[:3])
    if together is None or (alone and together.name == alone.name):
        assert alone
        return replace(alone, note=f"{alone.note}; {names} beside it may be in another encoding")
    doubt = (
        f"; by its own words it could be {TITLES.get(alone.name, alone.name)}: if names look wrong, set encoding" if alone else ""
    )
    title = TITLES.get(together.name, together.name)
    return Encoding(together.name, f"read as {title}, which was found by its words and those of {names} beside it{doubt}")


def _tried(path: Path, seen: WordsSeen) -> tuple[Encoding | None, SourceBroken | None]:
    try:
        return judged(path, dict(seen.words), seen.head), None
    except SourceBroken as error:
        return None, error


def _differing(own: WordsSeen, one: str, other: str) -> int:
    """How many words are others in the one encoding than in the other."""
    return sum(word.decode(one, "replace") != word.decode(other, "replace") for word in own.words)


def _text(seen: WordsSeen, encoding: str) -> str:
    return _decoded(b"\n".join(seen.words), encoding)


def _fits(own: WordsSeen, encoding: str, alone: Encoding | None) -> bool:
    """True if the words are at most as odd in this encoding as in the one that they seem to be in."""
    text = _text(own, encoding)
    usual = round(_odd_share(_text(own, alone.name)), 1) if alone else 0.1
    return bool(text) and round(_odd_share(text), 1) <= usual


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


def _is_damaged_utf8(block: bytes) -> bool:
    text = block.decode("utf-8", "surrogateescape")
    broken = len(BROKEN.findall(text))
    right = len(BEYOND_ASCII.findall(text)) - broken
    return bool(right) and right >= broken


def _words(file: BinaryIO, block: bytes) -> dict[bytes, int]:
    """Words with more than ASCII, from this block on, and how often each occurs."""
    found: dict[bytes, int] = {}
    size = 0
    while block and size < JUDGED:
        for word in WORDS.findall(block):
            size += 0 if word in found else len(word) + 1
            found[word] = found.get(word, 0) + 1
            if size >= JUDGED:
                break
        block = file.read(BLOCK)
    return found


def judged(path: Path, words: dict[bytes, int], head: bytes = b"") -> Encoding:
    """The encoding in which these words make sense. Raises SourceBroken if that is not clear.

    The headers among the first bytes may show the language, and with it the encodings that there can be.
    """
    shown = written_in(head)
    ours = _by_headers(b"\n".join(words), shown)
    if ours and not set(shown) <= {*WESTERN_ONES}:
        return ours
    try:
        theirs = _by_words(path, words)
    except SourceBroken:
        if ours and is_western(_decoded(b"\n".join(words), ours.name)):
            return ours
        raise
    if theirs.name in WESTERN_ONES and theirs.confidence < DOUBTFUL and not is_western(_decoded(b"\n".join(words), theirs.name)):
        raise _unclear(path, words, [theirs.name])
    same = ours and all(word.decode(theirs.name, "replace") == word.decode(ours.name, "replace") for word in words)
    return ours if ours and same else theirs


def _by_words(path: Path, words: dict[bytes, int]) -> Encoding:
    """The encoding in which these words make sense, whatever the headers are."""
    usual = {word: count for word, count in words.items() if not NOT_IN_CP1252.search(word)}
    sample = b"\n".join(usual if sum(usual.values()) >= 0.98 * sum(words.values()) else words)
    readings = _readings(sample)
    if not readings:
        raise _unclear(path, words)
    fit, sure, name, _ = readings[0]
    rivals = [other for other in readings[1:] if other[0] <= fit + 0.1]
    few = len(words) < FEW and name not in NEAR_WESTERN
    clear = DENSE_CLEAR if name in DENSE else FEW_CLEAR if few else CLEAR
    near = [name, *(other[2] for other in rivals if other[1] >= clear * sure)]
    if set(near) <= NEAR_WESTERN:
        near = _western_or(name, fit, readings, sample)
        name = near[0]
    if len(near) > 1 and len(known := [one for *_, one, text in readings if one in near and _has_column_word(text)]) == 1:
        name, near = known[0], known
    single = name in {*DENSE, "cp932"} and len(BEYOND_ASCII.findall(readings[0][3])) < 2
    if fit > 0.2 or len(near) > 1 or single:
        raise _unclear(path, words, near)
    mine = next(score for _, score, one, _ in readings if one == name)
    against = max((score for odd, score, one, _ in readings if one != name and odd <= fit + 0.1), default=0.0)
    confidence = min(99, round(100 * mine / (mine + against))) if mine + against else 99
    doubt = "; if names look wrong, set encoding" if confidence < DOUBTFUL else ""
    found = f"read as {TITLES.get(name, name)}, which was found by its words (confidence {confidence} %){doubt}"
    return Encoding(name, found, confidence)


def _by_headers(sample: bytes, encodings: tuple[str, ...]) -> Encoding | None:
    """The first encoding of the language of the headers in which the words are what people write."""
    texts = {one: text for one in encodings if (text := _decoded(sample, one))}
    fits = {one: round(_odd_share(text), 1) for one, text in texts.items()}
    if not fits or min(fits.values()) > 0.2:
        return None
    name = min(fits, key=lambda one: (fits[one], encodings.index(one)))
    also = any(fits[one] <= fits[name] and text != texts[name] for one, text in texts.items())
    how = "confidence 65 %); if names look wrong, set encoding" if also else "confidence 95 %)"
    found = f"read as {TITLES.get(name, name)}, which was found by the language of its headers ({how}"
    return Encoding(name, found, 65 if also else 95)


def _decoded(sample: bytes, encoding: str) -> str:
    """The text, or "" if these bytes are none in the encoding."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return "" if encoding.startswith("iso") and CONTROLS.search(text) else text


def _has_column_word(text: str) -> bool:
    return not COLUMN_WORDS.isdisjoint(re.split(r"[^\w]+", text.lower()))


def _western_or(name: str, fit: float, readings: list[Reading], sample: bytes) -> list[str]:
    """cp1252 or the encoding near to it, by the words that differ between the two; both if these words do not show it.

    Most files are Western, and in a few words the letters that both share can look like any language.
    """
    western = next((text for odd, _, one, text in readings if one == "cp1252" and odd <= fit), "")
    if name == "cp1252" and not SELDOM_BESIDE & set(western):
        return [name]
    if name == "cp1252":  # `Šibenik` beside `Mariæ`
        others = [text for odd, _, one, text in readings if one == "cp1250" and odd <= fit]
        differ = sum(a != b for a, b in zip(others[0].split("\n"), western.split("\n"), strict=False)) if others else 0
        return ["cp1252", "cp1250"] if 0 < differ < FEW else [name]
    if not western:
        return [name]
    words = [word for word in sample.split(b"\n") if word.decode(name, "replace") != word.decode("cp1252", "replace")]
    scores = {one: (odd, score) for odd, score, one, _ in _readings(b"\n".join(words))}
    odd, best = scores.get(name, (1.0, 0.0))
    odd_western, west = scores.get("cp1252", (1.0, 0.0))
    if odd_western > odd or SELDOM_WESTERN & set(western):
        return [name]
    if west >= WESTERN * best:
        few = SELDOM_BESIDE & set(western) and len(words) < FEW
        return [name, "cp1252"] if few else ["cp1252"]
    return [name, "cp1252"] if west >= (FEW_MAYBE if len(words) < FEW else MAYBE) * best else [name]


def _readings(sample: bytes) -> list[Reading]:
    """(share of odd words, confidence of the library, encoding, text), the best first, one for each different text."""
    import chardet  # it loads its models, which only files need that are not UTF-8

    ranks = {name: rank for rank, name in enumerate(KNOWN)}
    scores: dict[str, float] = {}
    for found in chardet.detect_all(sample, ignore_threshold=True):
        name = _ours(str(found["encoding"] or ""))
        if name in ranks:
            scores[name] = max(scores.get(name, 0.0), float(found["confidence"]))
    texts: dict[str, tuple[float, str]] = {}
    for name, score in sorted(scores.items(), key=lambda pair: ranks[pair[0]]):
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        if name.startswith("iso") and CONTROLS.search(text):
            continue
        before = texts.get(text)
        texts[text] = (max(score, before[0]), before[1]) if before else (score, name)
    made = [(round(_odd_share(text), 1), score, name, text) for text, (score, name) in texts.items()]
    return sorted(made, key=lambda one: (one[0], -one[1]))


def _ours(name: str) -> str:
    """The name in `KNOWN` of what the library calls by many names; the larger encoding where one contains the other."""
    same = {"shift_jis": "cp932", "shift_jis_2004": "cp932", "euc_kr": "cp949", "euc_jis_2004": "euc_jp", "big5": "big5hkscs",
            "gbk": "gb18030", "gb2312": "gb18030", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-8": "cp1255",
            "tis-620": "cp874", "cp1125": "cp866", "cp858": "cp850"}  # fmt: skip
    try:
        name = codecs.lookup(name).name
    except LookupError:
        return ""
    return same.get(name, name)


def _odd_share(text: str) -> float:
    words = [word for word in re.split(r"[ \n,;|\"./:@_’'`()&+-]+", text) if BEYOND_ASCII.search(word)]
    if not words:
        return 0.0
    greek = [word for word in words if len(word) > 1 and word[1:].islower() and _script(word[0]) == "GREEK"]
    bare = len(greek) > 2 and not any(set("άέήίόύώΐΰ") & set(word) for word in greek)  # Greek words have an accent
    return len(greek if bare else [word for word in words if _is_odd(word)]) / len(words)


def _is_odd(word: str) -> bool:
    """True for what no language writes: two scripts or a late capital in a word, a sign inside it, no character at all."""
    letters = [char for char in word if unicodedata.category(char)[0] in "LM"]
    beyond = [char for char in word if ord(char) > 127]
    if any(unicodedata.category(char) in {"Cc", "Co", "Cn"} for char in beyond):
        return True
    if any(_is_out_of_place(char, before, after) for before, char, after in zip(f" {word}", word, f"{word} "[1:], strict=False)):
        return True
    if len({_script(char) for char in letters if char not in "ªº"} - {""}) > 1:
        return True
    late = any(ord(char) > 127 and char.isupper() for char in word[1:])
    if late and any(char.islower() for char in letters):
        return True
    return any(ord(char) > 127 and char.islower() and "A" <= after <= "Z" for char, after in pairwise(word))


def _is_out_of_place(char: str, before: str, after: str) -> bool:
    """True for a sign that touches a letter it does not belong to."""
    if ord(char) < 128 or char in FREE:
        return False
    if char in APART:
        return before.isalpha() or after.isalpha()
    if char in OPENING or char in CLOSING:
        return (before.isalpha() and char not in CLOSING) or (after.isalpha() and char not in OPENING)
    if unicodedata.category(char)[0] in "LMN":
        return not before.isalpha() and not after.isalpha() and (before.isdigit() or after.isdigit())
    return True


def _script(char: str) -> str:
    if unicodedata.category(char)[0] == "M":
        return ""
    name = unicodedata.name(char, "?").split()[0].split("-")[0]
    return "CJK" if name in {"HIRAGANA", "KATAKANA", "HALFWIDTH", "FULLWIDTH", "IDEOGRAPHIC"} else name


def _unclear(path: Path, words: Collection[bytes], likely: Sequence[str] = ()) -> EncodingUnclear:
    """The error that offers what is likely, then all else in which the words are what somebody may have written."""
    readings = _readings(b"\n".join(words))
    best = min((odd for odd, *_ in readings), default=0.0)
    others = [name for odd, _, name, _ in readings if odd <= best + 0.1]
    return EncodingUnclear(path, [*dict.fromkeys((*likely, *(others if len(likely) < 2 else ())))], words)
