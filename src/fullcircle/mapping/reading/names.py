"""Names of people: normalise, remove titles and suffixes, correct the letter case, split full names. SQL steps over `x`.

A step is an SQL expression over `x`, the result of the step before it; `steps.py` runs the steps over distinct values. Every
chain here is idempotent. Letters of every script are kept; only names written ALL IN CAPITALS or all in lower case change
their case. Word order: `Last, First` is recognised by its comma; otherwise the last word (with its particles: van, de la
...) is taken as the family name, which is wrong for names that put it first without a comma. A single word is taken as a
given name; a name written without spaces, as in Chinese, is not split. In `山田 太郎` the family name is first.
"""

from __future__ import annotations

from functools import cache

from fullcircle.mapping.shipped import shipped

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
_PARTICLE = "|".join([*PARTICLES, "[''’][ts]"])  # in a text of SQL: `Pieter 't Hart`
_DEGREE = (
    r"(?:drs?|dres|doktor|doctor|prof|professor|univ\.?-prof|priv\.?-doz)\.?(?:[ -]?(?:h\. ?c\.?|hc\.|e\. ?h\.|med|dent|vet|"
    r"rer|nat|pol|soc|phil|jur|iur|ing|oec|techn|theol|habil|mult|em)\.)*"
)
_ADDRESS = (
    r"pd|mr|mrs|ms|miss|mx|messrs|herrn?|frau|fräulein|señora?|sra|srta|señorita|mme|mlle|madame|monsieur|mevr|mevrouw|dhr|signora|"
    r"signor|rev|reverend|capt|sgt|sir|dra|dott"
)
_DOTTED = r"hr|fr|sr|ing|hon|mag|lic|lt|col|maj|gen|sig|avv|arch|geom|dipl\.?-?[\p{L}]+|st\.?r|mw|fa|pd"
_TITLE = rf"(?:{_DEGREE}|(?:{_ADDRESS})\.?|(?:{_DOTTED})\.)"
_TITLES = rf"(?:(?:{_DEGREE}|{_ADDRESS})(?:\.\s*|\s+)|(?:{_DOTTED})\.\s*)+"
TITLES = rf"(?i)(^|,\s*){_TITLES}([\p{{L}}\p{{M}}\p{{N}}])"
_GENERATION = r"jun\.|sen\.|ml\.|mł\.|st\.|mladší|starší|młodszy|starszy|nuorempi|vanhempi|(?-i:fils|père|hijo|padre)"
SUFFIXES = rf"(?i)(?:[\s,]+(?:{_GENERATION}|jr|sr|ii|iii|iv|ph\.? ?d|m\.? ?d|esq|dds|cpa|mba|m\.? ?sc|b\.? ?sc)\.?)+$"
JUNK = "'n/a', '#n/a', 'unknown', 'null', 'none', 'nan', 'tbd', 'xxx', 'test', 'no name', 'noname', 'anonymous', 'not provided'"


# What stands between the words of a name: marks and blanks. Short, for a pattern with all letters takes milliseconds to prepare.
APART = (
    r"[\x00-/:-@\[-`{-\x{A9}\x{AB}-\x{B1}\x{B4}\x{B6}-\x{B8}\x{BB}\x{BF}×÷\x{2000}-\x{206F}\x{2190}-\x{2BFF}\x{3000}-\x{3003}]"
)


@cache
def no_names() -> tuple[str, ...]:
    """Whole names that name nobody, in small letters and without punctuation."""
    text = shipped("no_names.txt")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(sorted({word.strip() for line in lines for word in line.split(",")} - {""}))


_QUOTES = r"\x22“”„«»"
_QUOTE = f"[{_QUOTES}]"
_EDGE = r"^[\s,;*|]+|[\s,;*|]+$"
TIDY = (
    "nfc_normalize(x)",
    r"regexp_replace(x, '[\x{00AD}\x{061C}\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}\x{2066}-\x{2069}\x{FEFF}]', '', 'g')",
    r"regexp_replace(x, '[\p{Cc}\p{Z}]+', ' ', 'g')",
    rf"regexp_replace(x, '{_EDGE}', '', 'g')",
    rf"regexp_replace(x, '^{_QUOTE}({_QUOTE}.*[^{_QUOTES}]){_QUOTE}$|^{_QUOTE}([^{_QUOTES}].*{_QUOTE}){_QUOTE}$', '\1\2')",
    # Quotes enclose the whole, or one is left over; `Studio "Kora"` keeps those of a part.
    rf"""CASE WHEN regexp_full_match(x, '{_QUOTE}+[^{_QUOTES}]*{_QUOTE}*|[^{_QUOTES}]*{_QUOTE}+')
        THEN regexp_replace(regexp_replace(x, '^{_QUOTE}+|{_QUOTE}+$', '', 'g'), '{_EDGE}', '', 'g') ELSE x END""",
    r"CASE WHEN regexp_matches(x, '[\p{L}\p{N}]') THEN x END",
)
# "Nan", "None" and "Null" can be real names; so only all-lower-case and all-capital spellings count as junk.
NO_JUNK = f"CASE WHEN lower(x) IN ({JUNK}) AND (x = lower(x) OR x = upper(x) OR strpos(x, ' ') > 0) THEN NULL ELSE x END"
_SEPARATED = r"[\s,;:*!/–—-]"
_NOTE = (
    r"deceased|decd\.?|†|do not (?:call|contact|use|mail|e-?mail|ring|phone|disturb|solicit|text)|don''t (?:call|contact)|dnc|"
    r"duplicate|verstorben|nicht (?:anrufen|kontaktieren|verwenden)|bitte nicht anrufen|inactive|inaktiv|"
    r"gesperrt|gekündigt|vip|décédée?|"
    r"ne pas (?:appeler|contacter)|no (?:llamar|contactar)|fallecid[oa]|non chiamare|decedut[oa]|overleden|niet bellen|"
    r"left (?:the )?company|no longer (?:there|with us)|rip|attn|estate of|the late|z\. ?hd\.|zu händen"
)
_IN_BRACKETS = r"'[(\[{][^()\[\]{}]*[)\]}]'"
# Notes beside a name: what stands in brackets, and the words that people write into the field for a name.
NOTES = (
    f"""CASE WHEN NOT regexp_matches(x, '[()\\[\\]{{}}]') THEN x
        WHEN regexp_matches(regexp_replace(x, {_IN_BRACKETS}, ' ', 'g'), '[\\p{{L}}]')
        THEN regexp_replace(regexp_replace(x, {_IN_BRACKETS}, ' ', 'g'), '[()\\[\\]{{}}]', ' ', 'g')
        ELSE regexp_replace(x, '[()\\[\\]{{}}]', ' ', 'g') END""",
    rf"regexp_replace(x, '(?i)(?:^|{_SEPARATED}+)(?:(?:{_NOTE})(?:{_SEPARATED}+|$))+', ' ', 'g')",
    r"regexp_replace(x, '(?i)\s+(?:c/o|geb\.|née)\s+.*$', '')",
    *TIDY,
)
BARE = (
    f"regexp_replace(x, '{TITLES}', '\\1\\2')",
    r"regexp_replace(x, ',\s*(?:MD|M\.D\.|MA|M\.A\.|BA|B\.A\.|RN|JD|LL\.?M\.?|LL\.?B\.?|DO|PE|MPA|M\.Sc\.|B\.Sc\.)$', '')",
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


GIVEN = (*TIDY, *NOTES, *BARE, NO_JUNK, cased(family=False))
FAMILY = (*TIDY, *NOTES, *BARE, NO_JUNK, cased(family=True))
MIDDLE = (*GIVEN, r"regexp_replace(x, '^([\p{L}])\.$', '\1')")
ORGANISATION = (*TIDY, NO_JUNK)
_AND = r"(?:and|&|\+|/|und|u\.|(?-i:et|og|och|en|és|oraz|ja|ve|και|та|samt))"
_FAMILY = (
    r"(?:family|familie|fam\.?|familia|famille|famiglia|família|familjen|household|haushalt|rodzina|eheleute|ehepaar|kinder|kids|"
    r"children)"
)
_TWO_TITLES = rf"(?i)^(?:{_TITLE}|m\.?|mm\.)\s*(?:{_AND}|y|e|i)\s*(?:{_TITLE})(?:\s|$)|,\s*{_TITLE}\s*(?:{_AND}|y|e)\s*{_TITLE}$"
_TWO_PEOPLE = rf"(?i)\S\s+{_AND}\s+\S|[\p{{L}}.]\s*[&+/]\s*[\p{{L}}]|^\S+\s+(?-i:y|e|i)\s+\S+\s+\S"
_ONE_FAMILY = (
    r"(?i)^(?:the\s+)?(?:family of|household of|familie|fam\.?|familia|famille|famiglia|família|familjen|rodzina|eheleute|"
    r"ehepaar)\s+\S"
    rf"|^the\s+[\p{{L}}]+s$|\S\s+(?:family|familie|household|haushalt)$|\S,\s*{_FAMILY}$"
)
COUPLE = (
    rf"(regexp_matches(x, '{_TWO_TITLES}') OR regexp_matches(x, '{_ONE_FAMILY}') "
    rf"OR regexp_matches(x, '{_TWO_PEOPLE}') AND NOT regexp_matches(x, '(?i)von und zu'))"
)
_OF_COUPLE, _OF_FAMILY = "chr(1)", "chr(2)"  # marks in front of a name: of several people; a title and a family name
_SIGN = rf"""CASE WHEN {COUPLE} THEN {_OF_COUPLE} || x
    WHEN regexp_full_match(x, '(?i){_TITLES}[\p{{L}}\p{{M}}''’-]{{2,}}') THEN {_OF_FAMILY} || x ELSE x END"""
_MARKED = f"(starts_with(x, {_OF_COUPLE}) OR starts_with(x, {_OF_FAMILY}))"
# In a field for a part of a name: an e-mail address, a number or a link is no name; and what is the name of the whole person.
NO_NAME = r"\s*([^\s@]+@[^\s@]+\.[^\s@]+|[+(]?\d[\d ()/.+-]{5,}|(https?://|www\.)\S+)\s*"
FLIPPED_IN_GIVEN = r"\s*\p{L}[^,\d@]*,\s*\p{L}[^,\d@]*"
SECOND_IN_FAMILY = r"(?i)\S\s+(?:&|\+|and|und)\s+\p{L}\S*\s+\p{L}"
# The steps for a full name before it is split.
FULL = (*TIDY, NO_JUNK, *NOTES, _SIGN, *(f"CASE WHEN {_MARKED} THEN x ELSE {step} END" for step in BARE), NO_JUNK)

_FLIPPED = (
    r"regexp_full_match(x, '[^,\d]+, *[^,\d]+') AND NOT regexp_matches(x, ',.* (of|von und zu) ') "
    r"AND len(string_split(trim(split_part(x, ',', 1)), ' ')) <= 3 AND len(string_split(trim(split_part(x, ',', 2)), ' ')) <= 3"
)
_PARTS = rf"'^(\S+)\s+(?:(.*?)\s+)??((?:(?i:{_PARTICLE})\s+)*\S+)$'"
_NAME = "trim(split_part(x, ',', 1))"
_AFTER = "trim(split_part(x, ',', 2))"
EASTERN = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}々ーヶ]+"  # the family name comes first
UNSPACED = r"'[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]'"


def _parts(given: str = "NULL", middle: str = "NULL", family: str = "NULL", whole: str = "NULL") -> str:
    return f"struct_pack(g := {given}, m := nullif({middle}, ''), f := {family}, w := {whole})"


_LAST = rf"(?:^|\s)((?:(?i:{_PARTICLE})\s+)*\S+)$"


def _last(name: str) -> str:
    return f"regexp_extract({name}, '{_LAST}', 1)"


def _untitled(name: str) -> str:
    return f"trim(regexp_replace({name}, '(?i)^(?:(?:{_TITLE}|mm?\\.|{_FAMILY})(?:\\s+|$))+', ''))"


def _family_of_couple() -> str:
    """SQL over `_c`, the name of a couple or family: the family name, or both if they differ."""
    left = _untitled(rf"regexp_extract(regexp_replace(_c, '\s*([&+/])\s*', ' \1 ', 'g'), '(?i)^(.*?)\s+(?:{_AND}|y|e|i)\s', 1)")
    right = _untitled(
        rf"regexp_extract(regexp_replace(_c, '\s*([&+/])\s*', ' \1 ', 'g'), '(?i)^.*\s(?:{_AND}|y|e|i)\s+(.*)$', 1)"
    )
    family = (
        rf"trim(regexp_replace(_c, '(?i)^(?:the\s+)?(?:family of|household of|{_FAMILY})\s+|[\s,]+{_FAMILY}$', '', 'g'), ' ,')"
    )
    several = f"regexp_matches(_c, '{_TWO_PEOPLE}') OR regexp_matches(_c, '{_TWO_TITLES}')"
    return f"""CASE WHEN NOT ({several}) THEN {_last(_untitled(family))}
        WHEN regexp_full_match(_c, '[^,&+/]+,[^,]+') AND NOT regexp_matches(split_part(_c, ',', 1), '(?i)\\s{_AND}\\s')
            THEN trim(split_part(_c, ',', 1))
        ELSE list_transform([struct_pack(l := {left}, r := {right})], lambda _n: CASE
            WHEN regexp_full_match(_n.r, '(?i)(?:(?:the|his|her|their)\\s+)?{_FAMILY}|') THEN {_last("_n.l")}
            WHEN _n.l = '' THEN {_last("_n.r")}
            WHEN regexp_full_match(_n.l, '\\S+(?:\\s+[\\p{{L}}]\\.?)*') AND strpos(_n.r, ' ') > 0 THEN {_last("_n.r")}
            WHEN strpos(_n.l, ' ') > 0 AND strpos(_n.r, ' ') = 0 THEN {_last("_n.l")}
            WHEN lower({_last("_n.l")}) = lower({_last("_n.r")}) AND strpos(_n.l, ' ') > 0 THEN {_last("_n.r")}
            ELSE {_last("_n.l")} || ' & ' || {_last("_n.r")} END)[1] END"""


# From a cleaned full name: a struct with given, middle and family name, or the whole name where it is not split. A couple or a
# family has the whole name and a family name.
PARTS_OF_ONE = f"""CASE
    WHEN {_FLIPPED} THEN
        {_parts(f"split_part({_AFTER}, ' ', 1)", f"array_to_string(string_split({_AFTER}, ' ')[2:], ' ')", _NAME)}
    WHEN regexp_full_match({_NAME}, '{EASTERN} {EASTERN}') THEN
        {_parts(f"split_part({_NAME}, ' ', 2)", family=f"split_part({_NAME}, ' ', 1)", whole=_NAME)}
    WHEN strpos({_NAME}, ' ') = 0 AND regexp_matches(x, {UNSPACED}) THEN {_parts(whole=_NAME)}
    WHEN strpos({_NAME}, ' ') = 0 THEN {_parts(_NAME)}
    WHEN regexp_matches(x, '(?i)^(?:van de[rn]?|von de[rm]|de l[ao]s?) ') THEN {_parts(family=_NAME)}
    ELSE {_parts(*(f"regexp_extract({_NAME}, {_PARTS}, {place})" for place in (1, 2, 3)))} END"""
# The same for names among which are those of couples and families, which takes twice as long to plan.
PARTS = f"""CASE
    WHEN starts_with(x, {_OF_COUPLE}) THEN
        list_transform([x[2:]], lambda _c: {_parts(family=f"nullif({_family_of_couple()}, '')", whole="_c")})[1]
    WHEN starts_with(x, {_OF_FAMILY}) THEN {_parts(family=f"regexp_replace(x[2:], '(?i)^{_TITLES}', '')")}
    ELSE {PARTS_OF_ONE} END"""
OF_SEVERAL = _MARKED  # SQL over a name after FULL: true for a couple or a family
