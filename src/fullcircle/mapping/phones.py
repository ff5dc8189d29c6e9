"""Phone numbers to E.164. SQL handles the simple ones; the library parses every other distinct number once.

The table `clean_cache` keeps the results between runs. A number with a + and a possible length is kept even if the library
does not know its block: numbering plans change faster than releases. Local numbers are read in the row's country, or else
the project's. A number that is not valid there but long enough to be valid elsewhere is kept as bare digits without a +, so
that two rows with the same digits still match.
"""

from __future__ import annotations

import phonenumbers
import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.steps import chain

CACHE = "CREATE TABLE IF NOT EXISTS clean_cache (kind VARCHAR, country VARCHAR, raw VARCHAR, clean VARCHAR)"
FOREIGN_DIGITS = (
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９＋", "012345678901234567890123456789+",
)  # fmt: skip
# Reduce the many ways to write a number to digits, with + in front if there was one, before any costly parsing.
BARE = (
    f"translate(x, '{FOREIGN_DIGITS[0]}', '{FOREIGN_DIGITS[1]}')",
    r"regexp_replace(lower(x), '(?:[,;\s]*(?:ext\.?|extension|x|#|durchwahl|app\.)\s*[\d-]{1,6}\s*)$', '')",
    r"regexp_replace(x, '^(?:tel|phone|telefon|mobile|mob|cell|fax)?[:.\s]*', '')",
    r"regexp_extract(x, '^[^;|,/]*(?:/[\d\s-]{3,})?')",  # the first of several; 030/12345 is a single number
    r"CASE WHEN regexp_matches(x, '^\s*(?:\+|00)') THEN replace(x, '(0)', '') ELSE x END",
    r"CASE WHEN regexp_matches(x, '\p{L}') THEN NULL ELSE x END",
    r"CASE WHEN starts_with(trim(x, ' ()'), '+') THEN '+' ELSE '' END || regexp_replace(x, '[^\d]', '', 'g')",
    r"CASE WHEN regexp_full_match(x, '00[1-9]\d{8,}') THEN '+' || x[3:] ELSE x END",
    r"CASE WHEN regexp_full_match(x, '\+?\d{5,17}') THEN x END",
)
SAME_DIGITS = "|".join(f"{digit}{{7}}" for digit in range(10))
JUNK = f"regexp_matches(x, '({SAME_DIGITS})') OR x IN ('1234567890', '0123456789', '+1234567890', '12345678')"
NANP = "+1"  # a North American number is its ten digits: the library gives the same result at a hundred times the cost
NANP_COUNTRIES = ("US", "CA")


def phones(engine: Engine, name: str, values: str, country: str) -> None:
    """Make the temp table `name(raw, country, x)` from `values`, a SELECT of raw and country (ISO code or null)."""
    engine.run(CACHE)
    here = f"coalesce(country, {literal(country)}) AS country"
    distinct = f"(SELECT DISTINCT raw, {here}, raw AS x FROM ({values}) WHERE raw IS NOT NULL)"
    bare = chain(distinct, (*BARE, f"CASE WHEN {JUNK} THEN NULL ELSE x END"), "raw, country")
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
    return f"CASE WHEN regexp_full_match({x}, '\\d{{10,15}}') THEN {x} END"


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
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if not (possible if text.startswith("+") else phonenumbers.is_valid_number(number)):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
