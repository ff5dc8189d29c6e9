"""Names of people: normalise, remove titles and suffixes, correct the letter case, split full names. SQL steps over `x`.

A step is an SQL expression over `x`, the result of the step before it; `steps.py` runs the steps over distinct values. Every
chain here is idempotent. Letters of every script are kept; only names written ALL IN CAPITALS or all in lower case change
their case. Word order: `Last, First` is recognised by its comma; otherwise the last word (with its particles: van, de la
...) is taken as the family name, which is wrong for names that put it first without a comma. A single word is taken as a
given name; a name written without spaces, as in Chinese, is not split.
"""

from __future__ import annotations

PARTICLES = [
    "van",
    "von",
    "vom",
    "zu",
    "zum",
    "zur",
    "der",
    "den",
    "de",
    "da",
    "di",
    "do",
    "dos",
    "das",
    "del",
    "della",
    "dello",
    "des",
    "du",
    "ter",
    "ten",
    "te",
    "af",
    "av",
    "bin",
    "ibn",
    "bint",
    "y",
    "e",
    "und",
    "la",
    "los",
    "las",
    "le",
    "al",
    "el",
]
ALWAYS_SMALL = [word for word in PARTICLES if word not in {"la", "los", "las", "le", "al", "el", "te"}]
TITLES = (
    r"(?i)(^|,\s*)(?:(?:(?:dr|prof|mr|mrs|ms|miss|mx|herr|frau|sra|srta|señora?|mme|mlle|rev|capt|sgt)\.?|"
    r"(?:hr|fr|sr|ing|hon|mag|dott|dra|dipl\.-?ing|dr\. ?med|dr\. ?h\. ?c|st\.?r)\.)\s+)+(\S)"
)
SUFFIXES = r"(?i)(?:[\s,]+(?:jr|sr|ii|iii|iv|ph\.? ?d|m\.? ?d|esq|dds|cpa|mba|msc|bsc)\.?)+$"
JUNK = "'n/a', '#n/a', 'unknown', 'null', 'none', 'nan', 'tbd', 'xxx', 'test', 'no name', 'noname', 'anonymous', 'not provided'"

TIDY = (
    "nfc_normalize(x)",
    r"regexp_replace(x, '[\x{00AD}\x{200B}\x{FEFF}\x{2060}]', '', 'g')",
    r"regexp_replace(x, '[\p{Cc}\p{Z}]+', ' ', 'g')",
    r"regexp_replace(x, '^[\s,;\x22“”„«»*|]+|[\s,;\x22“”„«»*|]+$', '', 'g')",
    r"CASE WHEN regexp_matches(x, '[\p{L}\p{N}]') THEN x END",
)
# "Nan", "None" and "Null" can be real names; so only all-lower-case and all-capital spellings count as junk.
NO_JUNK = f"CASE WHEN lower(x) IN ({JUNK}) AND (x = lower(x) OR x = upper(x) OR strpos(x, ' ') > 0) THEN NULL ELSE x END"
BARE = (
    f"regexp_replace(x, '{TITLES}', '\\1\\2')",
    r"regexp_replace(x, '(?i)[\s,]+(?:jr|sr|ii|iii|iv)\.?,', ',')",
    f"regexp_replace(x, '{SUFFIXES}', '')",
    r"regexp_replace(x, '^[\s,;]+|[\s,;]+$', '', 'g')",
)


def cased(family: bool) -> str:
    """The step that corrects the letter case; in family names a particle may also come first (`van Gogh`)."""
    small = ", ".join(f"'{word}'" for word in ALWAYS_SMALL)
    first = "i >= 1" if family else "i > 1"
    initials = "false" if family else "regexp_full_match(x, '[B-DF-HJ-NP-TV-XZ]{2}')"  # JP, TJ
    token = """CASE WHEN j > 1 AND t IN ('s', 'st', 'nd', 'rd', 'th') THEN t
        WHEN t LIKE 'mc%' AND len(t) > 4 THEN 'Mc' || upper(t[3]) || t[4:]
        ELSE upper(t[1]) || t[2:] END"""
    tokens = r"regexp_extract_all(w, '[\p{L}\p{M}]+|[^\p{L}\p{M}]+')"
    word = f"""CASE WHEN {first} AND i < len(string_split(x, ' ')) AND w IN ({small}) THEN w
        WHEN i > 1 AND w IN ('la', 'los', 'las', 'le') AND string_split(lower(x), ' ')[i - 1] = 'de' THEN w
        WHEN w IN ('ii', 'iii', 'iv') THEN upper(w)
        ELSE array_to_string(list_transform({tokens}, lambda t, j: {token}), '') END"""
    plain = "replace(x, 'ß', '')"
    return f"""CASE WHEN {plain} <> upper({plain}) AND x <> lower(x) OR upper({plain}) = lower({plain}) OR {initials} THEN x
        ELSE array_to_string(list_transform(string_split(lower(x), ' '), lambda w, i: {word}), ' ') END"""


GIVEN = (*TIDY, *BARE, NO_JUNK, cased(family=False))
FAMILY = (*TIDY, *BARE, NO_JUNK, cased(family=True))
MIDDLE = (*GIVEN, r"regexp_replace(x, '^(\p{L})\.$', '\1')")
ORGANISATION = (*TIDY, NO_JUNK)
# The steps for a full name before it is split.
FULL = (*TIDY, *BARE, NO_JUNK)

_FLIPPED = (
    r"regexp_full_match(x, '[^,\d]+, *[^,\d]+') AND NOT regexp_matches(x, ',.* (of|von und zu) ') "
    r"AND len(string_split(trim(split_part(x, ',', 1)), ' ')) <= 3 AND len(string_split(trim(split_part(x, ',', 2)), ' ')) <= 3"
)
_PARTS = r"'^(\S+)\s+(?:(.*?)\s+)??((?:(?i:{particles})\s+)*\S+)$'".format(particles="|".join(PARTICLES))
_NAME = "trim(split_part(x, ',', 1))"
_AFTER = "trim(split_part(x, ',', 2))"
UNSPACED = r"'[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]'"


def _parts(given: str = "NULL", middle: str = "NULL", family: str = "NULL", whole: str = "NULL") -> str:
    return f"struct_pack(g := {given}, m := nullif({middle}, ''), f := {family}, w := {whole})"


# From a cleaned full name: a struct with given, middle and family name, or the whole name where it is not split.
PARTS = f"""CASE
    WHEN {_FLIPPED} THEN
        {_parts(f"split_part({_AFTER}, ' ', 1)", f"array_to_string(string_split({_AFTER}, ' ')[2:], ' ')", _NAME)}
    WHEN strpos({_NAME}, ' ') = 0 AND regexp_matches(x, {UNSPACED}) THEN {_parts(whole=_NAME)}
    WHEN strpos({_NAME}, ' ') = 0 THEN {_parts(_NAME)}
    WHEN regexp_matches(x, '(?i)^(?:van de[rn]?|von de[rm]|de l[ao]s?) ') THEN {_parts(family=_NAME)}
    ELSE {_parts(*(f"regexp_extract({_NAME}, {_PARTS}, {place})" for place in (1, 2, 3)))} END"""
# Short legal forms count only in capitals, because Sa, Ag and Co are also names.
LEGAL_FORM = (
    r"(?:^|[\s,.&])(?:(?i:gmbh|mbh|ohg|ltd|limited|inc|incorporated|llc|llp|plc|corp|corporation|company|sarl|sas|pty|pte|lda|"
    r"ltda|kft|e\. ?v|s\. ?a|s\. ?r\. ?l|s\.? ?p\. ?a|b\. ?v|n\. ?v|s\. ?l|s\. ?r\. ?o|& co|co\.)|"
    r"AG|KG|UG|SA|SRL|SpA|SPA|BV|NV|Oy|OY|AB|ApS|A/S|AS|SL)\.?$"
)
