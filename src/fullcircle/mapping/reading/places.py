"""Streets, cities, postcodes, regions and countries: SQL steps over `x`. The spellings are in data/countries.txt.

A street stays readable and gets one spelling: `123 Main Street` and `123 MAIN ST.` both become `123 Main St`; German street
names end in `str.`. A one-line address is split if its format is unambiguous (US, Canada, German and similar).
"""

from __future__ import annotations

from functools import cache

from fullcircle.engine.base import literal
from fullcircle.mapping.reading.names import TIDY
from fullcircle.mapping.shipped import shipped

ABBREVIATED = {
    "street": "St", "st": "St", "avenue": "Ave", "av": "Ave", "ave": "Ave", "road": "Rd", "rd": "Rd", "lane": "Ln", "ln": "Ln",
    "drive": "Dr", "dr": "Dr", "boulevard": "Blvd", "blvd": "Blvd", "court": "Ct", "ct": "Ct", "place": "Pl", "pl": "Pl",
    "square": "Sq", "sq": "Sq", "highway": "Hwy", "hwy": "Hwy", "parkway": "Pkwy", "pkwy": "Pkwy", "terrace": "Ter", "ter": "Ter",
    "terr": "Ter", "circle": "Cir", "cir": "Cir", "crescent": "Cres", "cres": "Cres", "trail": "Trl", "trl": "Trl",
    "apartment": "Apt", "apt": "Apt", "suite": "Ste", "ste": "Ste", "building": "Bldg", "bldg": "Bldg", "floor": "Fl",
    "strasse": "Str.", "straße": "Str.", "str": "Str.", "platz": "Platz",
    "ne": "NE", "nw": "NW", "se": "SE", "sw": "SW", "northeast": "NE", "northwest": "NW", "southeast": "SE", "southwest": "SW",
}  # fmt: skip
STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO", "connecticut": "CT",
    "delaware": "DE", "district of columbia": "DC", "florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID",
    "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA", "maine": "ME",
    "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN", "mississippi": "MS", "missouri": "MO",
    "montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM",
    "new york": "NY", "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK", "oregon": "OR",
    "pennsylvania": "PA", "puerto rico": "PR", "rhode island": "RI", "south carolina": "SC", "south dakota": "SD",
    "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT", "virginia": "VA", "washington": "WA", "west virginia": "WV",
    "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip
PROVINCES = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT")


def _lookup(words: dict[str, str]) -> str:
    """SQL: a MAP with the content of a dictionary."""
    return f"MAP {{{', '.join(f'{literal(word)}: {literal(ours)}' for word, ours in words.items())}}}"


_TOKENS = r"regexp_extract_all(lower(x), '\d+[\p{L}\p{M}]*|[\p{L}\p{M}]+|[^\p{L}\p{M}\d]+')"
_TITLE = r"""CASE
    WHEN regexp_full_match(t, '\d+(st|nd|rd|th)') THEN t
    WHEN regexp_matches(t, '^\d') THEN upper(t)
    WHEN j > 1 AND t IN ('s', 'of', 'am', 'an', 'der', 'de', 'la', 'des', 'du', 'del', 'und', 'auf', 'im', 'in') THEN t
    ELSE upper(t[1]) || t[2:] END"""
_PLAIN = "replace(x, 'ß', '')"
TITLED = f"""CASE WHEN {_PLAIN} <> upper({_PLAIN}) AND x <> lower(x) OR upper({_PLAIN}) = lower({_PLAIN}) THEN x
    ELSE array_to_string(list_transform({_TOKENS}, lambda t, j: {_TITLE}), '') END"""
_WORD = f"""CASE WHEN i = 1 THEN w
    ELSE coalesce({_lookup(ABBREVIATED)}[rtrim(lower(w), '.,')] || CASE WHEN ends_with(w, ',') THEN ',' ELSE '' END, w) END"""
STREET = (
    *TIDY,
    r"regexp_replace(x, '\s+,', ',', 'g')",
    TITLED,
    r"regexp_replace(x, '(?i)([\p{L}])(?:straße|strasse|str\.?)(\s*\d|\s|,|$)', '\1str. \2', 'g')",
    r"regexp_replace(trim(x), ' +', ' ', 'g')",
    r"replace(x, 'str. ,', 'str.,')",
    f"array_to_string(list_transform(string_split(x, ' '), lambda w, i: {_WORD}), ' ')",
)
CITY = (*TIDY, TITLED)
REGION = (
    *TIDY,
    "CASE WHEN len(x) <= 3 THEN upper(x) ELSE x END",
    f"coalesce({_lookup(STATES)}[lower(x)], x)",
    TITLED.replace("CASE WHEN", "CASE WHEN len(x) <= 3 THEN x WHEN", 1),
)
# Here x is a postcode; the column `country` is also available.
POSTCODE = (
    *TIDY,
    r"regexp_replace(regexp_replace(upper(x), '^[A-Z]{1,3}-(\d)', '\1'), '^(\d+)\.0$', '\1')",
    r"regexp_replace(x, '^([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})$', '\1 \2')",
    r"regexp_replace(x, '^([A-Z]\d[A-Z])[ -]?(\d[A-Z]\d)$', '\1 \2')",
    r"""CASE WHEN country = 'US' AND regexp_full_match(x, '\d{4}') THEN '0' || x
        WHEN country = 'US' AND regexp_full_match(x, '\d{9}') THEN x[1:5] || '-' || x[6:]
        WHEN country = 'NL' THEN regexp_replace(x, '^(\d{4}) ?([A-Z]{2})$', '\1 \2') ELSE x END""",
)
_REGIONS = "|".join([*STATES.values(), *PROVINCES])
ONE_LINE_US = (
    r"^(.*\S)[,\s]\s*(?-i)(" + _REGIONS + r")(?i)\.?(?:,?\s+(\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d))?"
    r"(?:,?\s*(usa|us|u\.s\.a\.|united states|canada))?$"
)
# `3212 W 32nd St Palm Harbor`, without a comma: the street ends with the last word for a street (St, Ave ...).
STREET_AND_CITY = (
    r"^(.*\d.*\s(?:St|Ave|Rd|Ln|Dr|Blvd|Ct|Pl|Sq|Hwy|Way|Ter|Cir|Pkwy|Street|Avenue|Road|Lane|Drive|Boulevard|Court)\.?)\s+(\D+)$"
)
ONE_LINE_NO_REGION = r"^(.*\d.*),\s*([\p{L}][\p{L} .''-]+?),?\s+(\d{5}(?:-\d{4})?)$"
# `7271 AB Borculo`, `00-950 Warszawa`, `1000-205 Lisboa`, `114 55 Stockholm`, `10115 Berlin`
_POSTCODE_FIRST = r"\d{4} ?[A-Z]{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{3} \d{2}|\d{4,5}"
ONE_LINE_POSTCODE_FIRST = (
    r"^(.+\d[\s-]?[\p{L}]?),\s*(?:[A-Z]{1,2}-)?(" + _POSTCODE_FIRST + r"),?\s+([\p{L}][\p{L} ./''-]+(?:\s\d{1,2})?)$"
)
# `London SW1A 1AA`, `Ottawa K1A 0B1`: these are like no other postcodes.
ONE_LINE_LETTERS_LAST = (
    r"^(.+),\s*([\p{L}][\p{L} .''-]+?),?\s+([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)"
    r"(?:,?\s+(uk|united kingdom|great britain|england|scotland|wales|northern ireland|canada))?$"
)


def _street_before(line: str) -> str:
    """SQL: the street in the text before the region: up to the last comma, otherwise up to a word for a street."""
    return f"""CASE WHEN strpos({line}, ',') > 0 THEN regexp_extract({line}, '^(.*),[^,]*$', 1)
        WHEN regexp_matches({line}, '{STREET_AND_CITY}') THEN regexp_extract({line}, '{STREET_AND_CITY}', 1)
        WHEN regexp_matches({line}, '\\d') THEN {line} END"""


def _city_before(line: str) -> str:
    """SQL: the city in the text before the region."""
    return f"""CASE WHEN strpos({line}, ',') > 0 THEN nullif(trim(regexp_extract({line}, '([^,]*)$', 1)), '')
        WHEN regexp_matches({line}, '{STREET_AND_CITY}') THEN regexp_extract({line}, '{STREET_AND_CITY}', 2)
        WHEN NOT regexp_matches({line}, '\\d') THEN {line} END"""


# In the text before the region, `123 Main St, Las Vegas`, the street ends at the last comma.
SPLIT = f"""CASE
    WHEN regexp_matches(x, '^.*,.*$') AND regexp_matches(x, '(?i){ONE_LINE_US}') THEN
        list_transform([regexp_extract(x, '(?i){ONE_LINE_US}', ['l', 'r', 'p', 'c'])], lambda a: struct_pack(
            street := {_street_before("rtrim(a.l, ', ')")}, city := {_city_before("rtrim(a.l, ', ')")},
            region := a.r, postcode := nullif(a.p, ''), country := nullif(a.c, '')))[1]
    WHEN regexp_full_match(x, '{ONE_LINE_POSTCODE_FIRST}') THEN
        list_transform([regexp_extract(x, '{ONE_LINE_POSTCODE_FIRST}', ['l', 'p', 'c'])], lambda a: struct_pack(
            street := a.l, city := a.c, region := NULL, postcode := a.p, country := NULL))[1]
    WHEN regexp_matches(x, '(?i){ONE_LINE_LETTERS_LAST}') THEN
        list_transform([regexp_extract(x, '(?i){ONE_LINE_LETTERS_LAST}', ['l', 'c', 'p', 'n'])], lambda a: struct_pack(
            street := a.l, city := a.c, region := NULL, postcode := a.p, country := nullif(a.n, '')))[1]
    WHEN regexp_full_match(x, '{ONE_LINE_NO_REGION}') THEN
        list_transform([regexp_extract(x, '{ONE_LINE_NO_REGION}', ['l', 'c', 'p'])], lambda a: struct_pack(
            street := a.l, city := a.c, region := NULL, postcode := a.p, country := NULL))[1]
    END"""
SPLIT_TYPE = "STRUCT(street VARCHAR, city VARCHAR, region VARCHAR, postcode VARCHAR, country VARCHAR)"


@cache
def country_names() -> dict[str, str]:
    """Every known country name and code, in lower case without dots -> ISO alpha-2."""
    text = shipped("countries.txt")
    known: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, *names = [part.strip() for part in line.split("|")]
            for name in (code, *names):
                known.setdefault(name.lower().replace(".", ""), code)
    return known


COUNTRY_KEY = r"regexp_replace(lower(replace(trim(x), '.', '')), '^(the|la|le|die) | \(.*\)$', '', 'g')"
