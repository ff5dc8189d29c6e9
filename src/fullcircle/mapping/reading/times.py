"""SQL that reads times from text in the ways people and programs write them. Text that cannot be read becomes null.

What is written is first brought to `year-month-day` and the rest; the rest is a time of day with its zone. Times with a zone
become UTC, times without one are taken as UTC. A zone that is not known, or whose letters mean several zones (`IST`), makes the
text unreadable, unless the country says which one is meant. Whole numbers are seconds, thousandths, millionths or billionths
since 1970, days of a spreadsheet (five digits), or a date without separators (`20250102`).
"""

from __future__ import annotations

from functools import cache

from fullcircle.mapping.reading.characters import plain, without_accents
from fullcircle.mapping.reading.weekdays import month_first_by_day
from fullcircle.mapping.reading.word_list import meaning
from fullcircle.mapping.shipped import shipped

# What systems write for no day at all; a moment may also not be the first of its calendar, which a birthday may.
_END = "([ T].*)?"
NO_DAY = (
    rf"0000[-/.]?00[-/.]?00.*|00[-/.]00[-/.]0000.*|0+(\.0+)?|0001-01-01{_END}|0?1[-/.]0?1[-/.]0001{_END}|-62135596800(000)?|"
    rf"1900-0?1-00{_END}|0?[01][/.]0?[01]?0[/.]1900{_END}|00?[/.]0?1[/.]1900{_END}|1899-12-3[01]{_END}|12[/.]3[01][/.]1899{_END}|"
    rf"3[01][/.]12[/.]1899{_END}|[29]999-?12-?31.*|31[-/.]12[-/.][29]999{_END}|12[-/.]31[-/.][29]999{_END}|2958465(\.\d+)?"
)
NO_MOMENT = (
    rf"{NO_DAY}|1970-01-01{_END}|0?1[-/.]0?1[-/.]1970{_END}|1969-12-31{_END}|12/31/1969{_END}|(1900|1753)-01-01{_END}|"
    rf"0?1[-/.]0?1[-/.](1900|1753){_END}"
)
ISO = r"\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?"
_MONTHS = ("jan|feb|apr|may|jun|jul|aug|sep|oct|nov|dec", "janfeb***aprmayjunjulaugsepoctnovdec")  # these need no look-up
NUMBERS = r"\d+(\.\d+)?"
WORDLESS = r"[0-9,.:/T+-]+( [0-9,.:/T+-]+)*( ?[AaPp][Mm]| ?Z)?"  # 02.01.2026 10:00
# The letters of zones, with their minutes from UTC. Letters that mean several zones are below.
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "eet": 120,
    "eest": 180, "msk": 180, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "nst": -210, "ndt": -150, "adt": -180, "brt": -180, "art": -180, "sast": 120,
    "pkt": 300, "sgt": 480, "hkt": 480, "pht": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600,
    "aedt": 660, "nzst": 720, "nzdt": 780,
}  # fmt: skip
BY_COUNTRY = {
    "ist": {"IN": 330, "IE": 60, "IL": 120},
    "cst": {"US": -360, "CA": -360, "MX": -360, "CN": 480, "TW": 480},
    "bst": {"GB": 60, "BD": 360},
    "ast": {"CA": -240, "US": -240, "PR": -240, "SA": 180, "KW": 180, "QA": 180},
}
_DAY_FIRST = r"^(\d{1,2}) ?([./-]) ?(\d{1,2}) ?[./-] ?(\d{4}|\d{2})\.?(?:[ ,t]+(\S.*))?$"
_YEAR_FIRST = r"^(\d{4}) ?[./-] ?(\d{1,2}) ?[./-] ?(\d{1,2})\.?(?:[ ,t]+(\S.*)|(z|[+-]\d\d:?\d\d))?$"
_SHORT_YEAR_FIRST = r"^(\d\d) ?[./-] ?(\d{1,2}) ?[./-] ?(\d\d)(?:[ ,t]+(\S.*))?$"
_COMPACT = r"^((?:1[6-9]|20)\d\d)(\d\d)(\d\d)(?:[ T]?(\d\d)(\d\d)(\d\d)?(\.?\d{3})?(Z|[+-]\d\d:?\d\d)?)?$"
_DAY_MONTH = r"^(\d{1,2})[ .,/-]*<(\d+)>[ .,''/-]*(\d{4}|\d{2})(?:[ ,t:]+(\S.*))?$"
_MONTH_DAY = r"^<(\d+)>[ .-]*(\d{1,2})[ .,-]+(\d{4})(?:[ ,t]+(\S.*))?$"
_MONTH_DAY_SHORT = r"^<(\d+)>-(\d{1,2})-(\d{2})(?:[ ,t]+(\S.*))?$"  # Jan-18-24
_YEAR_MONTH = r"^(\d{4})[ .,-]*<(\d+)>[ .-]*(\d{1,2})(?:[ ,t]+(\S.*))?$"
_YEAR_LAST = r"^<(\d+)>[ .]*(\d{1,2})[ ,]+(\d{1,2}:\S.*) (\d{4})$"  # Thu Jan 2 10:00:00 EST 2025
_APART = r"^([^:]*\d),? +[-|@~•·]+ +(\d{1,2}[:h.]\d\d)"  # 01/14/2024 - 08:03
# The halves of the day beside or before the clock, in small letters.
_AM = r"오전|上午|午前|凌晨|π\.? ?μ\.?|ص|öö|öo|sa|de\.|пр\. ?об\.|पूर्वाह्न|pd"
_PM = r"오후|下午|午後|μ\.? ?μ\.?|م|ös|ch|du\.|сл\. ?об\.|अपराह्न|md"
_HOURS = r"\d{1,2}(?:[:時时시点] ?\d\d ?[分분]?(?:[:.]? ?\d\d[秒초]?)?|[時时시点])"
_CLOCK = (
    r"^(\d{1,2})(?:[:h.](\d\d)(?:[:.m](\d\d)s?(?:[.,:](\d{1,9}))?)?|h)?(?: ?([ap])\.? ?m\b\.?)?"
    r" ?((?:utc|gmt) ?[+-]\d{1,2}:?(?:\d\d)?|[+-]\d\d(?::?\d\d)?|[a-z]{1,5}|[a-z]+(?:/[a-z_+-]+)+\d*)?$"
)


@cache
def words() -> dict[str, str]:
    """The words in dates: `<3>` for a month, nothing for the days of the week and for small words."""
    text = shipped("calendar.txt")
    known: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            means, *names = line.split("|")
            for name in names:
                known.setdefault(without_accents(name), f"<{means}>" if means.isdigit() else "")
    return known


def simple(text: str) -> str:
    """SQL: text as TIMESTAMP if it is written as programs do (`2025-01-02 10:00:00+01:00`), otherwise null. See EASY."""
    return f"CASE WHEN regexp_full_match({text}, '{ISO}') THEN CAST(TRY_CAST({text} AS TIMESTAMPTZ) AS TIMESTAMP) END"


def has_words(text: str) -> str:
    """SQL: true for text that is neither as programs write it nor as WORDLESS says; see `timestamp`."""
    return f"NOT regexp_full_match({text}, '{ISO}|{WORDLESS}')"


def joined(text: str) -> str:
    """SQL: a date and a time of day that were joined, without the midnight of the one and the day 0 of the other."""
    text = f"regexp_replace({text}, ' (?:1899-12-3[01]|1900-01-0[01])[ T](\\d)', ' \\1')"
    return f"regexp_replace({text}, '[ T]00:00:00(?:\\.0+)? (\\d{{1,2}}:\\d\\d)', ' \\1')"


def timestamp(text: str, country: str, month_first: str, year_first: str = "false", worded: bool = True) -> str:
    """SQL: text as TIMESTAMP in UTC, or null. `month_first` is SQL: true if 03/04/2025 is the fourth of March; `year_first`: true
    if 25/12/31 is the last day of 2025. Where all values are as ISO or WORDLESS says, `worded` is false, and the SQL shorter."""
    written = _written(text, country, month_first, year_first, worded)
    return f"""CASE
        WHEN regexp_full_match({text}, '{ISO}') THEN CAST(TRY_CAST({text} AS TIMESTAMPTZ) AS TIMESTAMP)
        WHEN regexp_full_match({text}, '{NUMBERS}') AND NOT regexp_full_match({text}, '\\d{{1,2}}\\.\\d+') THEN {_number(text)}
        WHEN regexp_full_match({text}, '\\d{{8}}[ T]?\\d{{4,6}}(\\.\\d{{3}})?(Z|[+-]\\d\\d:?\\d\\d)?') THEN {_compact(text)}
        WHEN regexp_full_match({text}, '/Date\\(\\d{{12,13}}([+-]\\d{{4}})?\\)/')
            THEN make_timestamp(TRY_CAST(regexp_extract({text}, '\\d{{12,13}}') AS BIGINT) * 1000)
        WHEN regexp_matches({text}, '\\p{{N}}') AND len({text}) < 90 THEN {written}
        END"""


def _number(t: str) -> str:
    since_1970 = f"TRY_CAST({t} AS DECIMAL(38,6))"
    return f"""CASE
        WHEN regexp_full_match({t}, '\\d{{10}}(\\.\\d+)?') THEN make_timestamp(CAST({since_1970} * 1000000 AS BIGINT))
        WHEN regexp_full_match({t}, '\\d{{13}}(\\.\\d+)?') THEN make_timestamp(CAST({since_1970} * 1000 AS BIGINT))
        WHEN regexp_full_match({t}, '\\d{{16}}') THEN make_timestamp(CAST({t} AS BIGINT))
        WHEN regexp_full_match({t}, '1\\d{{18}}') THEN make_timestamp(CAST({t} AS BIGINT) // 1000)
        WHEN regexp_full_match({t}, '{SERIAL}') AND CAST({t} AS DOUBLE) < 73051
            THEN TIMESTAMP '1899-12-30' + to_seconds(CAST(round(CAST({t} AS DOUBLE) * 86400) AS BIGINT))
        WHEN regexp_full_match({t}, '\\d{{8}}|\\d{{12}}|\\d{{14}}|\\d{{17}}') THEN {_compact(t)} END"""


SERIAL = r"[1-9]\d{4}(\.\d+)?"  # a day number of a spreadsheet, 1927 to 2099


def _let(name: str, value: str, body: str) -> str:
    """SQL: the body with a name for a value, so that the value is written and computed once."""
    return f"list_transform([{value}], lambda {name}: {body})[1]"


def _compact(t: str) -> str:
    parts = f"regexp_extract({t}, '{_COMPACT}', ['y', 'm', 'd', 'h', 'i', 's', 'f', 'z'])"
    clock = "CASE WHEN _p.h <> '' THEN _p.h || ':' || _p.i || ':' || coalesce(nullif(_p.s, ''), '00') ELSE '' END"
    clock += " || CASE WHEN _p.f <> '' THEN '.' || ltrim(_p.f, '.') ELSE '' END || _p.z"
    stamp = f"CASE WHEN _p.y <> '' THEN TRY_CAST(trim(_p.y || '-' || _p.m || '-' || _p.d || ' ' || {clock}) AS TIMESTAMPTZ) END"
    return _let("_p", parts, f"CAST({stamp} AS TIMESTAMP)")


def _written(text: str, country: str, month_first: str, year_first: str, worded: bool) -> str:
    """SQL: a date with words, blanks or another order of its parts."""
    stamp = f"CASE WHEN _d.day IS NOT NULL THEN {_let('_c', _clock('_d.rest'), _moment('_d.day', '_c', country))} END"
    spelled = _spelled(text) if worded else _small(text)
    return _let("_s", spelled, _let("_d", _day(text, month_first, year_first, worded), stamp))


def _spelled(text: str) -> str:
    """SQL: in small letters, months as `<3>`, without the days of the week, small words and what is in parentheses."""
    # After an offset a zone in brackets only repeats it; without one, it is the zone.
    small = f"regexp_replace({plain(text)}, '([+-]\\d\\d:?\\d\\d|Z) ?(?:\\([^()]*\\)|\\[[^\\[\\]]*\\])$', '\\1')"
    small = f"lower(regexp_replace({small}, ' ?[(\\[]([^()\\[\\]]*)[)\\]]$', ' \\1'))"
    small = _halves(small)
    small = f"regexp_replace({small}, '(\\d) ?[年月] ?', '\\1-', 'g')"
    small = f"regexp_replace({small}, '(\\d) ?[日号] ?', '\\1 ')"
    small = f"regexp_replace({small}, ' ?([時时点分]) ?', ':', 'g')"
    small = f"regexp_replace({small}, ': ?([ap]m)$', ' \\1')"
    small = f"regexp_replace(replace({small}, 'p.m.', 'pm'), 'a\\.m\\.|a\\. m\\.', 'am')"
    small = f"rtrim(replace({small}, 'p. m.', 'pm'), ' :')"
    tokens = f"regexp_extract_all({small}, '[\\p{{L}}][\\p{{L}}/_-]*[\\p{{L}}]|[^\\p{{L}}]+|\\p{{L}}')"
    spelled = f"""array_to_string(list_transform({tokens}, lambda w, i: CASE WHEN NOT regexp_matches(w, '\\p{{L}}{{2}}')
        AND w NOT IN ('à', 'г', 'в') OR w IN ('am', 'pm') THEN w
        WHEN regexp_full_match(w, '{_MONTHS[0]}') THEN '<' || (strpos('{_MONTHS[1]}', w) + 2) // 3 || '>'
        ELSE coalesce({meaning("strip_accents(w)", words())}, w) END), '')"""
    tidy = f"regexp_replace({spelled}, '^[ .,]+|[ .,]+$|([ ,]) *[.,]? +', '\\1', 'g')"
    tidy = f"regexp_replace({tidy}, '^am ', '')"
    tidy = f"regexp_replace({tidy}, '^<3>[ .,]+(\\d{{1,2}}[ .]*<)', '\\1')"  # mar. 4 févr.: mardi
    tidy = f"regexp_replace({tidy}, '{_APART}', '\\1 \\2')"
    return f"CASE WHEN regexp_full_match({text}, '{WORDLESS}') THEN {_small(text)} ELSE {tidy} END"


def _small(text: str) -> str:
    return f"regexp_replace(lower({text}), '{_APART}', '\\1 \\2')"


def _halves(text: str) -> str:
    """SQL: the words of other languages for the halves of the day as am and pm after the clock."""
    there = f"regexp_matches(_h, '(?:{_AM}|{_PM}) ?\\d|\\d[分분시時时点]? ?(?:{_AM}|{_PM})$')"
    changed = "_h"
    for words_, half in ((_AM, "am"), (_PM, "pm")):
        changed = f"regexp_replace({changed}, '(?:^|[ ,.])(?:{words_}) ?({_HOURS})', ' \\1 {half}')"
        changed = f"regexp_replace({changed}, '({_HOURS}) ?(?:{words_})$', '\\1 {half}')"
    return _let("_h", text, f"CASE WHEN {there} THEN {changed} ELSE _h END")


def _parts(pattern: str, names: str) -> str:
    return f"regexp_extract(_s, '{pattern}', ['{names.replace(' ', chr(39) + ', ' + chr(39))}'])"


def _day(text: str, month_first: str, year_first: str, worded: bool) -> str:
    """SQL over `s`: `day` as year-month-day and the `rest`; the day is null if no form fits. A day of the week decides."""

    def form(pattern: str, names: str, year: str = "_p.y", month: str = "_p.m", day: str = "_p.d", known: str = "") -> str:
        packed = f"struct_pack(day := {year} || '-' || {month} || '-' || {day}, rest := coalesce(_p.r, ''))"
        packed = _let("_f", known, packed) if known else packed
        return f"WHEN regexp_matches(_s, '{pattern}') THEN {_let('_p', _parts(pattern, names), packed)}"

    by_day = f"coalesce({month_first_by_day(text)}, {month_first})" if worded else f"({month_first})"
    first = f"_p.s <> '.' AND {by_day} AND CAST(_p.a AS INT) <= 12 OR CAST(_p.b AS INT) > 12"
    year = "CASE WHEN len(_p.y) = 4 THEN _p.y WHEN CAST(_p.y AS INT) < 69 THEN '20' || _p.y ELSE '19' || _p.y END"
    numeric = form(_DAY_FIRST, "a s b y r", year, "if(_f, _p.a, _p.b)", "if(_f, _p.b, _p.a)", known=first)
    short = (
        form(_SHORT_YEAR_FIRST, "y m d r", year).replace("WHEN ", f"WHEN ({year_first}) AND ", 1) if year_first != "false" else ""
    )
    named = (
        form(_DAY_MONTH, "d m y r", year),
        form(_MONTH_DAY, "m d y r"),
        form(_MONTH_DAY_SHORT, "m d y r", year),
        form(_YEAR_MONTH, "y m d r"),
        form(_YEAR_LAST, "m d r y"),
    )
    return f"CASE {form(_YEAR_FIRST, 'y m d r z')} {short} {numeric} {' '.join(named if worded else ())} END"


def _clock(rest: str) -> str:
    """SQL: hour, minute, second, fraction, half (a or p) and zone in the rest; all of them empty if it is not a time of day."""
    return f"regexp_extract({rest}, '{_CLOCK}', ['h', 'i', 's', 'f', 'half', 'zone'])"


def _moment(day: str, c: str, country: str) -> str:
    """SQL: the day and the time of day `c` as TIMESTAMP in UTC; null if the time or its zone cannot be read."""
    hour = f"CAST({c}.h AS INT)"
    half = f"""CASE WHEN {c}.half = 'p' AND {hour} < 12 THEN {hour} + 12 WHEN {c}.half = 'a' AND {hour} = 12 THEN 0
        WHEN {c}.half = 'a' AND {hour} > 12 THEN NULL ELSE {hour} END"""
    clock = f"({half}) || ':' || coalesce(nullif({c}.i, ''), '00') || ':' || coalesce(nullif({c}.s, ''), '00')"
    clock += f" || CASE WHEN {c}.f <> '' THEN '.' || {c}.f ELSE '' END"
    local = f"TRY_CAST({day} || ' ' || {clock} AS TIMESTAMP)"
    named = f"{c}.i <> '' OR {c}.half <> '' OR ends_with(_d.rest, 'h')"  # a number alone is no time of day
    region = f"CAST(TRY_CAST({day} || ' ' || {clock} || ' ' || {c}.zone AS TIMESTAMPTZ) AS TIMESTAMP)"
    return f"""CASE WHEN _d.rest = '' THEN TRY_CAST({day} AS TIMESTAMP) WHEN {c}.h = '' OR NOT ({named}) THEN NULL
        WHEN {c}.zone = '' THEN {local} WHEN strpos({c}.zone, '/') > 0 THEN {region}
        ELSE {local} - to_minutes({_minutes(f"{c}.zone", country)}) END"""


def _minutes(zone: str, country: str) -> str:
    """SQL: the minutes of a zone from UTC: `+01:00`, `gmt-5`, `est`; null if it is not known."""
    ours = {letters: meant[country] for letters, meant in BY_COUNTRY.items() if country in meant}
    known = {letters: str(minutes) for letters, minutes in (ZONES | ours).items()}
    parts = f"regexp_extract({zone}, '^(?:utc|gmt)? ?([+-])(\\d{{1,2}}):?(\\d\\d)?$', ['sign', 'h', 'm'])"
    total = "CAST(_z.h AS INT) * 60 + CAST(coalesce(nullif(_z.m, ''), '0') AS INT)"
    signed = f"CASE WHEN _z.h <> '' AND {total} <= 900 THEN CASE WHEN _z.sign = '-' THEN -({total}) ELSE {total} END END"
    return f"coalesce(CAST({meaning(zone, known)} AS INT), {_let('_z', parts, signed)})"
