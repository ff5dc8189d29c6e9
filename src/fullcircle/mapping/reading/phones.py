"""Phone numbers to E.164. SQL handles the simple ones; the library parses every other distinct number once.

The table `clean_cache` keeps the results between runs. A number with a + and a possible length is kept even if the library
does not know its block: numbering plans change faster than releases. Local numbers are read in the row's country, or else
the project's. A number that is not valid there but long enough to be valid elsewhere is kept as bare digits without a +, so
that two rows with the same digits still match. A number too short for that is a local one: `5550101 (US)` is never the same
as the digits in another country. Extensions are left out; of several numbers in a cell the first one is the phone, and
clean.py makes further identifiers of the others.
"""

from __future__ import annotations

from functools import cache

import phonenumbers
import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.reading.characters import plain
from fullcircle.mapping.reading.steps import chain, for_values

CACHE = "CREATE TABLE IF NOT EXISTS clean_cache (kind VARCHAR, country VARCHAR, raw VARCHAR, clean VARCHAR)"
# A spreadsheet's way to write a long number: its last digits are lost, so it is no phone.
SCIENTIFIC = r"\s*[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+\s*"
_PLACE = (
    "tel|telefon|telephone|téléphone|teléfono|telefono|phone|ph|mobile|mob|mobil|mobiltelefon|cell|cellulare|celular|portable|handy|"
    "natel|fax|home|house|work|office|main|direct|day|evening|private|privat|büro|buero|dienstlich|dienst|geschäftlich|arbeit|zuhause|"
    "casa|trabajo|oficina|móvil|movil|domicile|bureau|travail|ufficio|whatsapp|sms|h|w|m|c|o|t|p|f"
)
_EXTENSION = (
    r"ext\.?|extn\.?|extension|x|#|durchwahl|dw\.?|nst\.?|app\.|apparat|poste|interno|int\.|anexo|ramal|toestel|tst\.|доб\.?|"
    r"wew\.?"
)
# Several numbers in one cell: after ; | ::: a line end or a word, after a comma, and after a slash unless it ends an area code.
PARTS = (
    r"regexp_replace(x, '[\r\n]+|:::', ' ; ', 'g')",
    plain("x"),
    r"regexp_replace(x, ';\s*(ext|isub|phone-context)=', ' \1 ', 'g')",
    r"regexp_replace(x, '\s*[;|]+\s*|\s+(?i:or|oder|and|und|et|ou|y|e|o|&)\s+|\s*,\s*(\+|\(?\d[\d ().-]{5})', ' ; \1', 'g')",
    r"regexp_replace(x, '((?:\d[ ().-]*){7})\s*/\s*((?:[\p{L}]+[.:]? ?)?\+?\(?\d(?:[ ().-]*\d){4})', '\1 ; \2', 'g')",
    r"regexp_replace(x, '([\p{L}][.)]?)\s*/\s*(\+?\(?\d(?:[ ().-]*\d){4})', '\1 ; \2', 'g')",
)
# Reduce the many ways to write a number to digits, with + in front if there was one, before any costly parsing.
LOCAL_FORM = r"\d{5,9} \([A-Z]{2}\)"  # a local number as it is stored: 5550101 (US)
BARE = (
    f"CASE WHEN regexp_full_match(x, '{SCIENTIFIC}') THEN NULL ELSE x END",
    *PARTS,
    "trim(split_part(x, ' ; ', 1))",
    r"CASE WHEN regexp_full_match(x, '\+?\d+\.0+') THEN regexp_replace(x, '\.0+$', '') ELSE x END",  # 5125550101.0
    rf"CASE WHEN regexp_full_match(x, '{LOCAL_FORM}') THEN x ELSE lower(ltrim(x, '=\"'' ')) END",
    rf"regexp_replace(x, '(?:[,;\s]*(?:{_EXTENSION})\s*[:.]?\s*[\d-]{{1,6}}[\s\")]*)$', '')",
    rf"regexp_replace(x, '^(?:[(\[]?(?:{_PLACE})\b[)\]]?\s*(?:no|nr|number|nummer)?\s*[:.)]*\s*)+', '')",
    rf"regexp_replace(x, '\s*[-–(\[]*\s*\b(?:{_PLACE})[)\].]*$', '')",
    r"regexp_extract(x, '^[^;|,/]*(?:/[\d\s-]{3,})?')",  # 030/12345 is a single number
    r"CASE WHEN regexp_matches(x, '^\s*(?:\+|00)') THEN replace(x, '(0)', '') ELSE x END",
    rf"CASE WHEN regexp_matches(x, '[\p{{L}}]') AND NOT regexp_full_match(x, '{LOCAL_FORM}') THEN NULL ELSE x END",
    rf"CASE WHEN regexp_full_match(x, '{LOCAL_FORM}') THEN x "
    r"ELSE CASE WHEN starts_with(trim(x, ' ()'), '+') THEN '+' ELSE '' END || regexp_replace(x, '[^\d]', '', 'g') END",
    r"CASE WHEN regexp_full_match(x, '00[1-9]\d{8,}') THEN '+' || x[3:] ELSE x END",
    rf"CASE WHEN regexp_full_match(x, '\+?\d{{5,17}}|{LOCAL_FORM}') THEN x END",
)
SAME_DIGITS = "|".join(f"{digit}{{7}}" for digit in range(10))
ALL_THE_SAME = "|".join(f"{digit}+" for digit in range(10))
COUNTED = ", ".join(f"'{'1234567890'[:size]}', '{'0123456789'[:size]}', '{'987654321'[:size]}'" for size in range(5, 11))
JUNK = f"regexp_matches(x, '({SAME_DIGITS})') OR regexp_full_match(x, '{ALL_THE_SAME}') OR ltrim(x, '+') IN ({COUNTED})"
_COUNTED_ON = r"(\+\d{1,3}|[01])?0?1234567890?"
JUNK += f" OR regexp_full_match(x, '{_COUNTED_ON}') OR ltrim(x, '+') IN ('9876543210', '919876543210', '19876543210')"
NANP = "+1"  # a North American number is its ten digits: the library gives the same result at a hundred times the cost
NANP_COUNTRIES = ("US", "CA")


def national_sql(value: str, country: str) -> str:
    """SQL: a number of this country as it is dialled there, from its form with a +; null for others."""
    code = phonenumbers.country_code_for_region(country)
    rest = f"substr({value}, {len(str(code)) + 2})"
    dialled = rest if f"+{code}" == NANP else f"CASE WHEN starts_with({rest}, '0') THEN {rest} ELSE '0' || {rest} END"
    return f"CASE WHEN starts_with({value}, '+{code}') THEN {dialled} END"


def phones(engine: Engine, name: str, values: str, country: str) -> None:
    """Make the temp table `name(raw, country, x)` from `values`, a SELECT of raw and country (ISO code or null)."""
    engine.run(CACHE)
    here = f"coalesce(country, {literal(country)}) AS country"
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT DISTINCT raw, {here}, raw AS x FROM ({values}) WHERE raw IS NOT NULL"
    )
    distinct = f"(SELECT raw, country, x FROM {name})"
    bare = for_values(engine, name, chain(distinct, (*BARE, f"CASE WHEN {JUNK} THEN NULL ELSE x END"), "raw, country"))
    if not bare:
        return
    engine.run(f"CREATE OR REPLACE TEMP TABLE bare_phones AS SELECT raw, country, x, {_easy('x')} AS easy FROM ({bare})")
    _parse_new(engine)
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT b.raw, b.country, "
        f"coalesce(b.easy, c.clean, {_digits('b.x')}) AS x FROM bare_phones b "
        "LEFT JOIN clean_cache c ON c.kind = 'phone' AND c.country = b.country AND c.raw = b.x"
    )
    engine.run("DROP TABLE bare_phones")


def _easy(x: str) -> str:
    countries = ", ".join(f"'{each}'" for each in NANP_COUNTRIES)
    return (
        f"CASE WHEN country IN ({countries}) AND regexp_full_match({x}, '1?[2-9]\\d{{2}}[2-9]\\d{{6}}') "
        f"OR regexp_full_match({x}, '\\+1[2-9]\\d{{2}}[2-9]\\d{{6}}') THEN '{NANP}' || right({x}, 10) END"
    )


def _digits(x: str) -> str:
    """SQL: a number that is not valid: as bare digits if it is long enough for another country, else as a local number."""
    countries = ", ".join(f"'{each}'" for each in NANP_COUNTRIES)
    # Nine digits there have lost one, unless they begin with the 0 of other countries.
    longest = f"CASE WHEN b.country IN ({countries}) AND NOT starts_with({x}, '0') THEN 8 ELSE 9 END"
    return f"""CASE WHEN regexp_full_match({x}, '\\d{{10,15}}|{LOCAL_FORM}') THEN {x}
        WHEN regexp_full_match({x}, '\\d{{5,9}}') AND len({x}) <= {longest} THEN {x} || ' (' || b.country || ')' END"""


def further(engine: Engine, values: str) -> None:
    """Make the temp table `further_phones(raw, number, part)`: the second and later numbers of cells that hold several."""
    simple = "[+0-9().\t -]*"
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE odd_phones AS SELECT DISTINCT raw FROM ({values}) "
        f"WHERE raw IS NOT NULL AND NOT regexp_full_match(raw, '{simple}')"
    )
    split = for_values(engine, "odd_phones", chain("(SELECT raw, raw AS x FROM odd_phones)", PARTS))
    listed = f"SELECT raw, string_split(x, ' ; ') AS parts FROM ({split or 'SELECT raw, raw AS x FROM odd_phones'})"
    engine.run(
        "CREATE OR REPLACE TEMP TABLE further_phones AS SELECT raw, number, part FROM (SELECT raw, unnest(parts[2:]) AS part, "
        f"unnest(range(2, len(parts) + 1)) AS number FROM ({listed}) WHERE len(parts) > 1); DROP TABLE odd_phones"
    )


def _parse_new(engine: Engine) -> None:
    new = engine.arrow(
        "SELECT DISTINCT b.country, b.x FROM bare_phones b WHERE b.x IS NOT NULL AND b.easy IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM clean_cache c WHERE c.kind = 'phone' AND c.country = b.country AND c.raw = b.x)"
    )
    if not new.num_rows:
        return
    countries, raws = new["country"].to_pylist(), new["x"].to_pylist()
    clean = [e164(raw, country) for raw, country in zip(raws, countries, strict=True)]
    with engine.register(
        "new_phones", pa.table({"country": new["country"], "raw": new["x"], "clean": pa.array(clean, pa.string())})
    ):
        engine.run("INSERT INTO clean_cache SELECT 'phone', country, raw, clean FROM new_phones")


def e164(text: str, country: str) -> str | None:
    """The number in E.164, or None if it is not a valid number."""
    try:
        number = _international(text, country) or phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if not (possible if text.startswith("+") else phonenumbers.is_valid_number(number)):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _international(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    """A number with its own country's calling code but no +: `491701234567` is too long for one within Germany."""
    code = str(phonenumbers.country_code_for_region(country))
    if not text.startswith(code) or len(text) <= _longest(country):
        return None
    number = phonenumbers.parse("+" + text, None)
    return number if phonenumbers.is_valid_number_for_region(number, country) else None


@cache
def _longest(country: str) -> int:
    """The digits of the longest usual number of a country, without what is dialled before it."""
    kinds = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    usual = [phonenumbers.example_number_for_type(country, kind) for kind in kinds]
    return max((len(phonenumbers.national_significant_number(one)) for one in usual if one is not None), default=15)
