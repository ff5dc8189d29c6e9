"""Identifiers as they occur in cells, brought to one form: `email<unit>ada@example.org`, `number<unit>41443334455`.

Only what fills a cell counts, or one of several that it lists: an address within a sentence does not take a row away.
"""

from __future__ import annotations

LONGEST = 300  # characters of a cell that may be an identifier, or a list of them
PIECES = r""""(?:[^"\\]|\\.)*"|\d{7,}"""  # in JSON: its texts (and names), and numbers that may be identifiers
_ADDRESS = (
    r"""^(?:[^<>]*<)?[\s''"(\[]*(?:(?:e-?mail|mailto):)?[\s''"]*([^\s<>@,;:"()\[\]]+@[^\s<>@,;:"()\[\]]+\."""
    r"""[^\s<>@,;:"()\[\]]+?)[\s''">)\].]*(?:\([^()]*\))?\s*$"""
)
# What stands around an identifier: characters without width, blanks around an @, a label before a number, an extension after it.
_BARE = (
    (r"[\x{00AD}\x{200B}\x{FEFF}\x{2060}]|\\[nrt]", ""),
    (r"\s*@\s*", "@"),
    (r"^(\s*(?:\+|00)[\d\s]*)\(0\)", r"\1"),
    (r"^\s*\pL{1,12}\s*[.:]\s*([+(\d])", r"\1"),
    (r"(\d)\s+(?:(?i:ext\.?|x|#)\s*\d{1,6}|\([\pL\s]{1,15}\))\s*$", r"\1"),
)
_SEVEN_DIGITS = r"(\d[^\d@]{0,3}){7}"
EMAIL, NUMBER = "'email' || chr(31) || ", "'number' || chr(31) || "


def tokens_of_json(rows: str, raw: str) -> str:
    """SQL: (n, token) of the identifiers in the JSON texts `raw` of `rows`, which has a column n."""
    pieces = f"SELECT n, unnest(regexp_extract_all({raw}, '{PIECES}')) AS piece FROM ({rows})"
    return _tokens(f"SELECT n, trim(piece, '\"') AS cell FROM ({pieces})")


def tokens_of_text(rows: str, raw: str) -> str:
    """SQL: (n, token) of the identifiers in a line that could not be read, whatever separates its cells."""
    return _tokens(f"SELECT n, unnest(string_split_regex({raw}, '[,;|\t\"'']')) AS cell FROM ({rows})")


def tokens_of_cells(cells: str) -> str:
    """SQL: (n, token) of a SELECT of n and cell."""
    return _tokens(cells)


def _tokens(cells: str) -> str:
    may_be = f"len(cell) <= {LONGEST} AND (contains(cell, '@') OR regexp_matches(cell, '{_SEVEN_DIGITS}'))"
    bare = "nfc_normalize(part)"
    for pattern, instead in _BARE:
        bare = f"regexp_replace({bare}, '{pattern}', '{instead}', 'g')"
    parts = f"SELECT n, unnest(string_split_regex(cell, '[,;|]')) AS part FROM ({cells}) WHERE {may_be}"
    single = f"SELECT n, trim({bare}) AS x FROM ({parts})"
    return f"""
        SELECT DISTINCT n, CASE WHEN contains(x, '@') THEN {EMAIL} nullif(lower(regexp_extract(x, '{_ADDRESS}', 1)), '')
            ELSE {NUMBER} nullif(upper(regexp_replace(x, '[^0-9A-Za-z]', '', 'g')), '') END AS token
        FROM ({single}) WHERE len(x) BETWEEN 6 AND 100"""
