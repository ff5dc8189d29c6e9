"""What customers are found by: a text of all their records in `Customer.search`, and the words of a person as pieces of it.

The text holds every value as folded words, each after a bar: `|ada|keller|`, `|61412555106|`. A word that a person types is
folded in the same way and sought after a bar, so it is the beginning of a word of the text: one `contains` in one property, in
any store. Numbers are kept with and without the calling code of their country, and without zeros in front, so a number may be
typed in any form. What is typed can mean several things (`0412 555 106`: one number, or three); `found` tries them, the likeliest
first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from unicodedata import category, decimal, normalize

from fullcircle.engine.base import literal
from fullcircle.graph import shape
from fullcircle.graph.base import Vertex
from fullcircle.identity.fold import fold
from fullcircle.mapping.reading.characters import without_accents
from fullcircle.model.identifiers import is_cleaned_as

SEARCH = "search"  # the property
# What it is made of: columns of records and golden records, of records alone, and of addresses.
SAID = ("full_name", "organisation", "email", "city", "postcode")
PARTS = ("given_name", "middle_name", "family_name")
PLACES = ("city", "postcode")
FOUND_BY = frozenset({*SAID, *PARTS, *PLACES, "full_name_raw", "name", "phone", "phone_raw", "value", "number"})
BAR = "|"
# Letters that have no accent to take off, and what people type for them; umlauts are also written out.
LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ς": "σ"}
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"}
# Calling codes have one digit, these two, all others three (E.164); no code is the beginning of another.
ONE, TWO = (
    "1 7",
    (
        "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 "
        "60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98"
    ),
)
TRUNK = {"7": "8", "36": "6"}  # what is dialled before a number within these countries, where it is more than zeros
NUMERIC = re.compile(r"[+()./\-\u2010-\u2015]*\d[\d()+./\-\u2010-\u2015]*")
EXTENSION = re.compile(r"(?<=\d{4})\s*(?:x|ext\.?|extension|durchwahl)\s*\.?\s*\d{1,6}(?=\s|$)", re.IGNORECASE)
LONG = 5  # a number of so many digits is first taken for a whole one
ANYWHERE = 3  # a piece of so many characters may also be in the middle of a word

Holding = Callable[[Sequence[str], Sequence[str]], list[Vertex]]  # (properties, pieces of text) -> vertices that contain all


def found(label: str, words: str, holding: Holding, has_search: Callable[[], bool]) -> list[Vertex]:
    """What a store's `find` answers: by the property `search` if the label has it, else by every word in its text properties.

    So it is also for a graph that was written before there was that property, until the next run: `has_search` is asked whether
    any vertex has it, and only where nothing was found.
    """
    asked = words.lower().split()
    if SEARCH in shape.label_named(label).properties and asked:
        for pieces in tries(words):
            if vertices := holding([SEARCH], pieces):
                return vertices
        if has_search():
            return []
    return holding(shape.searched(label), asked)


def tries(words: str) -> Iterator[list[str]]:
    """The pieces of text that `search` must contain, in every way that the words can be meant, the likeliest first."""
    ways = [words]
    if any(letter in UMLAUTS for letter in words):
        ways.append("".join(UMLAUTS.get(letter, letter) for letter in words))
    made = [_pieces(way, joined) for way in ways for joined in (True, False)]
    made = [_exact(made[0]), *made, *map(_inside, made)]
    for place, pieces in enumerate(made):
        if pieces and pieces not in made[:place]:
            yield pieces


def _exact(pieces: Sequence[str]) -> list[str]:
    """Long numbers whole: 08912345 is rather that number than the beginning of another."""
    return [f"{piece}{BAR}" if piece[1:].isdigit() and len(piece) > LONG else piece for piece in pieces]


def _inside(pieces: Sequence[str]) -> list[str]:
    return [piece[1:] if len(piece) > ANYWHERE else piece for piece in pieces]


def _pieces(words: str, joined: bool) -> list[str]:
    """The words as pieces of the text; `joined`: words of digits beside each other are one number."""
    pieces, number = [], ""
    for word in [*EXTENSION.sub("", words).split(), ""]:
        if NUMERIC.fullmatch(word) and joined:
            number += word
            continue
        if number:
            pieces.append(_piece(_digits(number)))
            number = ""
        pieces.append(_piece(folded(word)))
    return [piece for piece in dict.fromkeys(pieces) if piece]


def _digits(number: str) -> str:
    """The digits of a number as it is typed; the (0) behind a calling code is only dialled within the country."""
    if number.startswith(("+", "00")):
        number = number.replace("(0)", "")
    return "".join(str(decimal(sign)) for sign in number if sign.isdecimal())


def _piece(folded_words: str) -> str:
    return re.sub(r"\|0+(?=\d)", BAR, BAR + folded_words.replace(" ", BAR)) if folded_words else ""


def folded(text: str) -> str:
    """Words as `folded_sql` returns them; empty if nothing is left."""
    bare = "".join(LETTERS.get(small, small) for small in (letter.lower() for letter in normalize("NFC", without_accents(text))))
    bare = re.sub("['’`´]", "", bare)
    return " ".join("".join(letter if category(letter)[0] in "LN" else " " for letter in bare).split())


def folded_sql(column: str) -> str:
    """SQL: a text in lower case without accents, in letters that are typed everywhere; other characters become single blanks."""
    text = f"strip_accents({column})"
    for letter, typed in LETTERS.items():
        both = dict.fromkeys((letter, letter.upper() if len(letter.upper()) == 1 else letter))
        for one in both if letter not in "ıς" else (letter,):
            text = f"replace({text}, {literal(one)}, {literal(typed)})"
    return fold(text)


# -- the text of a customer ------------------------------------------------------------------------------------------------
def search_sql(mine: str, numbered: Sequence[str] = ()) -> str:
    """SELECT customer_id, search: what is said of the customers for whom the condition `mine` is true, by all their records.

    `numbered`: tables of what they did that have numbers beside their keys.
    """
    numbers = "".join(
        f"UNION SELECT customer_id, 'number', number FROM {table} JOIN {{own}} USING (record_id) " for table in numbered
    )
    both = ", ".join(SAID)
    names = f"CASE WHEN full_name IS NULL THEN concat_ws(' ', {', '.join(PARTS)}) END, full_name_raw, {both}"
    own = f"(SELECT record_id, customer_id FROM members WHERE {mine})"
    is_phone = is_cleaned_as("i.kind", "phone")
    said = f"""
        SELECT customer_id, 'text' AS sort, unnest([{names}]) AS value FROM records JOIN {own} USING (record_id)
        UNION SELECT customer_id, 'phone', coalesce(phone, phone_raw) FROM records JOIN {own} USING (record_id)
        UNION SELECT customer_id, CASE WHEN {is_phone} THEN 'phone' WHEN i.kind = 'email' THEN 'text' ELSE 'number' END, i.value
            FROM identifiers i JOIN {own} USING (record_id)
        UNION SELECT customer_id, 'text', unnest([{", ".join(PLACES)}]) FROM addresses JOIN {own} USING (record_id)
        {numbers.format(own=own)}
        UNION SELECT customer_id, 'text', unnest([name, {both}]) FROM customers WHERE {mine}
        UNION SELECT customer_id, 'phone', phone FROM customers WHERE {mine}"""
    return f"""
        SELECT customer_id, string_agg(DISTINCT text, '' ORDER BY text) AS search FROM (
            SELECT customer_id, unnest({_texts_sql()}) AS text FROM ({said}) WHERE value IS NOT NULL)
        WHERE text IS NOT NULL GROUP BY customer_id"""


def _texts_sql() -> str:
    """SQL: the pieces of text for `value`, by its `sort`: each begins and ends with a bar."""
    written_out = "value"
    for letter, typed in UMLAUTS.items():
        written_out = f"replace({written_out}, {literal(letter)}, {literal(typed)})"
    umlauts = f"CASE WHEN regexp_matches(value, '[{''.join(UMLAUTS)}]') THEN {_barred(folded_sql(written_out))} END"
    plain = _barred(folded_sql("value"))
    digits = "regexp_replace(value, '[^0-9]', '', 'g')"
    local = f"CASE WHEN starts_with(value, '+') THEN {_without_code(digits)} END"
    dialled = " ".join(
        f"WHEN starts_with(value, '+{code}') THEN '{first}' || substr({digits}, {len(code) + 1})" for code, first in TRUNK.items()
    )
    phone = ", ".join(_barred(f"nullif({one}, '')") for one in (digits, local, f"CASE {dialled} END"))
    joined = _barred(rf"replace({folded_sql('value')}, ' ', '')")
    return f"CASE sort WHEN 'phone' THEN [{phone}] WHEN 'number' THEN [{plain}, {joined}] ELSE [{plain}, {umlauts}] END"


def _without_code(digits: str) -> str:
    two = ", ".join(f"'{code}'" for code in TWO.split())
    one = ", ".join(f"'{code}'" for code in ONE.split())
    length = f"CASE WHEN substr({digits}, 1, 1) IN ({one}) THEN 2 WHEN substr({digits}, 1, 2) IN ({two}) THEN 3 ELSE 4 END"
    return f"substr({digits}, {length})"


def _barred(text: str) -> str:
    r"""SQL: folded words between bars, without zeros in front of numbers: `01067 dresden` becomes `|1067|dresden|`."""
    return rf"regexp_replace('|' || replace({text}, ' ', '|') || '|', '\|0+([0-9])', '|\1', 'g')"
