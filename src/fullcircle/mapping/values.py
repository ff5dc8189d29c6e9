"""SQL that reads dates, numbers and booleans from text in the formats sources use. Text that cannot be read becomes null.

Ambiguous dates (`03/04/2024`) are read day first, or month first if that is the custom in the project's country (US,
Philippines). A part above 12 must be the day, and dates with dots are always day first. Two-digit years: 69-99 are 1900s,
the rest 2000s. Times without a zone are taken as UTC; times with a zone are converted to UTC.
`1,234` is one thousand two hundred thirty-four in countries with a decimal point, and 1.234 elsewhere. `1.234` is always
1.234, because that is how machines write it.
"""

from __future__ import annotations

MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW", "GU", "PR", "AS", "VI"})
DECIMAL_POINT = frozenset(
    [
        "US",
        "GB",
        "IE",
        "AU",
        "NZ",
        "CA",
        "IN",
        "PK",
        "BD",
        "LK",
        "NP",
        "CN",
        "HK",
        "MO",
        "SG",
        "MY",
        "PH",
        "TH",
        "JP",
        "KR",
        "TW",
        "IL",
        "MX",
        "GT",
        "HN",
        "NI",
        "SV",
        "DO",
        "PA",
        "PR",
        "NG",
        "KE",
        "GH",
        "UG",
        "TZ",
        "ZW",
        "EG",
    ]
)
EMPTY = "'null', 'n/a', '#n/a', 'na', 'none', 'nan', 'nat', '-', '--', '?', 'unknown', '(null)'"
YES = "'true', 't', 'yes', 'y', '1', 'on', 'x', 'ja', 'j', 'oui', 'si', 'sí', 'granted', 'opt-in', 'opted in', 'subscribed', 'in'"
NO = "'false', 'f', 'no', 'n', '0', 'off', 'nein', 'non', 'denied', 'opt-out', 'opted out', 'unsubscribed', 'out'"
NAMED_MONTHS = (
    "%d-%b-%y", "%d %b %y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%Y %b %d",
    "%d. %B %Y", "%d. %b %Y",
)  # fmt: skip
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")


def filled(text: str) -> str:
    """SQL: the text, or null if it is a placeholder for a missing value (`N/A`, `0000-00-00`)."""
    return f"CASE WHEN lower({text}) IN ({EMPTY}) OR {text} LIKE '0000-00-00%' THEN NULL ELSE {text} END"


def typed(text: str, sql_type: str, country: str) -> str:
    """SQL that reads text as a canonical column's type; `text` must be a column name (it is repeated)."""
    if sql_type == "TIMESTAMP":
        return timestamp(text, country)
    if sql_type == "DATE":
        return f"CAST({timestamp(text, country)} AS DATE)"
    if sql_type.startswith("DECIMAL"):
        return number(text, sql_type, country)
    if sql_type == "BOOLEAN":
        return f"CASE WHEN lower({text}) IN ({YES}) THEN true WHEN lower({text}) IN ({NO}) THEN false END"
    return text if sql_type == "VARCHAR" else f"TRY_CAST({text} AS {sql_type})"


def timestamp(text: str, country: str) -> str:
    """SQL: text as TIMESTAMP in UTC, or null."""
    named = ", ".join(f"'{day}{time}'" for day in NAMED_MONTHS for time in TIMES)
    year_first = f"regexp_replace({text}, '^(\\d{{4}})[/.](\\d{{1,2}})[/.](\\d{{1,2}})', '\\1-\\2-\\3')"
    return f"""CASE
        WHEN regexp_matches({text}, '^\\d{{4}}-\\d') THEN CAST(TRY_CAST({text} AS TIMESTAMPTZ) AS TIMESTAMP)
        WHEN regexp_full_match({text}, '\\d{{1,2}}[./-]\\d{{1,2}}[./-](\\d{{4}}|\\d{{2}})([ ,T].*)?')
            THEN {_by_country(text, country)}
        WHEN regexp_full_match({text}, '\\d{{10}}(\\.\\d+)?')
            THEN make_timestamp(CAST(CAST({text} AS DOUBLE) * 1000000 AS BIGINT))
        WHEN regexp_full_match({text}, '\\d{{13}}') THEN make_timestamp(CAST({text} AS BIGINT) * 1000)
        WHEN regexp_full_match({text}, '\\d{{16}}') THEN make_timestamp(CAST({text} AS BIGINT))
        WHEN regexp_full_match({text}, '(1[6-9]|20)\\d{{6}}') THEN try_strptime({text}, '%Y%m%d')
        WHEN regexp_full_match({text}, '(19|20)\\d{{6}}T?\\d{{6}}Z?')
            THEN try_strptime(regexp_replace({text}, '[TZ]', '', 'g'), '%Y%m%d%H%M%S')
        WHEN regexp_matches({text}, '^\\d{{4}}[/.]\\d{{1,2}}[/.]\\d{{1,2}}')
            THEN CAST(TRY_CAST({year_first} AS TIMESTAMPTZ) AS TIMESTAMP)
        WHEN regexp_matches({text}, '[A-Za-z]{{3}}') AND regexp_matches({text}, '\\d\\d')
            THEN coalesce(try_strptime({text}, [{named}]), {_mail_date(text)})
        END"""


def _mail_date(text: str) -> str:
    """`Mon, 02 Jan 2024 10:00:00 +0200`, as e-mails and web servers write it."""
    day = "'^(?:\\w+, *)?(\\d{1,2} \\w{3} \\d{4}) +([0-9:]+) *([+-]\\d\\d)?:?(\\d\\d)?(?:GMT|UTC|Z)?$', ['d', 't', 'h', 'm']"
    return f"""list_transform([regexp_extract({text}, {day})], lambda p: CAST(TRY_CAST(
            strftime(try_strptime(p.d, '%d %b %Y'), '%Y-%m-%d') || ' ' || p.t || coalesce(nullif(p.h, ''), '+00') || ':'
            || coalesce(nullif(p.m, ''), '00') AS TIMESTAMPTZ) AS TIMESTAMP))[1]"""


def _by_country(text: str, country: str) -> str:
    """SQL for `a/b/year [time]`: each row decides whether a or b is the month; the country decides if both are possible."""
    groups = "'^(\\d{1,2})([./-])(\\d{1,2})[./-](\\d{4}|\\d{2})[ ,T]*(.*)$', ['a', 's', 'b', 'y', 't']"
    month_first = "p.s <> '.' AND CAST(p.a AS INT) <= 12" if country in MONTH_FIRST else "CAST(p.b AS INT) > 12"
    year = "CASE WHEN len(p.y) = 4 THEN p.y WHEN CAST(p.y AS INT) < 69 THEN '20' || p.y ELSE '19' || p.y END"
    day = f"CASE WHEN {month_first} THEN p.a || '-' || p.b ELSE p.b || '-' || p.a END"
    return f"""list_transform(list_transform([regexp_extract({text}, {groups})],
            lambda p: trim(({year}) || '-' || ({day}) || ' ' || p.t)),
            lambda d: coalesce(CAST(TRY_CAST(d AS TIMESTAMPTZ) AS TIMESTAMP),
                try_strptime(d, ['%Y-%m-%d %I:%M:%S %p', '%Y-%m-%d %I:%M %p'])))[1]"""


def number(text: str, sql_type: str, country: str) -> str:
    """SQL: text as a decimal number, or null; handles currency signs, thousands separators and decimal commas."""
    bare = f"regexp_replace({text}, '[^0-9.,()+-]|\\.$', '', 'g')"
    comma_is_thousand = "regexp_full_match(n, '[-+(]?\\d{1,3}(,\\d{3})+\\)?')" if country in DECIMAL_POINT else "false"
    plain = f"""CASE
        WHEN strpos(n, ',') > 0 AND strpos(n, '.') > strpos(n, ',') THEN replace(n, ',', '')
        WHEN strpos(n, ',') > 0 AND strpos(n, '.') > 0 THEN replace(replace(n, '.', ''), ',', '.')
        WHEN {comma_is_thousand} OR regexp_full_match(n, '[-+(]?\\d{{1,3}}(,\\d{{3}}){{2,}}\\)?') THEN replace(n, ',', '')
        WHEN strpos(n, ',') > 0 THEN replace(n, ',', '.')
        WHEN regexp_full_match(n, '[-+(]?\\d{{1,3}}(\\.\\d{{3}}){{2,}}\\)?') THEN replace(n, '.', '')
        ELSE n END"""
    signed = "regexp_replace(regexp_replace(m, '^\\((.*)\\)$', '-\\1'), '^(.*)-$', '-\\1')"
    shaped = f"regexp_matches({text}, '^[^0-9A-Za-z]*([A-Z]{{3}} ?)?[^A-Za-z]*\\d[^A-Za-z]*( ?[A-Z]{{3}})?$')"
    tidied = f"list_transform(list_transform([{bare}], lambda n: {plain}), lambda m: {signed})[1]"
    return f"""CASE WHEN TRY_CAST({text} AS {sql_type}) IS NOT NULL THEN TRY_CAST({text} AS {sql_type})
        WHEN {shaped} THEN TRY_CAST({tidied} AS {sql_type}) END"""
