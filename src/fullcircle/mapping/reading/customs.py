"""How one column writes dates and numbers, judged over all its values: what one value leaves open, the others often tell.

A column with 13/02 is day first in all its rows, one with 12,50 has a decimal comma. If no value decides, `dates` of the map
does for dates, or else the other columns of the source (date_order.py). What nothing decides, or what contradicts itself, is
read as is usual in the project's country, and that is reported with the number of values; a number that may be two numbers in a
column of both customs is not read at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.reading.characters import plain
from fullcircle.mapping.reading.date_order import DAY_FIRST, MONTH, MONTH_FIRST, Neighbours
from fullcircle.mapping.reading.numbers import GROUPED_BY_POINT, MACHINE, WORDLESS
from fullcircle.mapping.reading.times import ISO, NO_DAY, NO_MOMENT, SERIAL, has_words
from fullcircle.mapping.reading.weekdays import BEFORE, month_first_by_day
from fullcircle.mapping.reading.year_first import year_first
from fullcircle.model.counting import counted as numbered
from fullcircle.model.progress import Progress, Silent

AMERICAN = frozenset({"US", "PH", "FM", "MH", "PW", "GU", "PR", "AS", "VI"})
DECIMAL_POINT = frozenset(
    [
        "US", "GB", "IE", "AU", "NZ", "CA", "IN", "PK", "BD", "LK", "NP", "CN", "HK", "MO", "SG", "MY", "PH", "TH", "JP", "KR",
        "TW", "IL", "MX", "GT", "HN", "NI", "SV", "DO", "PA", "PR", "NG", "KE", "GH", "UG", "TZ", "ZW", "EG",
    ]
)  # fmt: skip
OPEN = r"^[1-9]\d{0,2}[.,]\d{3}$"
_DATE_PATTERNS = {
    "first": DAY_FIRST,
    "second": MONTH_FIRST,
    "open": rf"^{BEFORE}{MONTH}[/-]{MONTH}[/-](\d{{4}}|\d{{2}})([^\d]|$)",
    "serial": rf"^{SERIAL}$",
}
_NUMBER_PATTERNS = {
    "first": r"^\d{1,3}(\.\d{3})+,\d+$|^\d{1,3}(\.\d{3}){2,}$|^[^.,]*,(\d{1,2}|\d{4,})$|^(0|\d{4,}),\d+$",
    "second": r"^\d{1,3}(,\d{3})+\.\d+$|^\d{1,3}(,\d{3}){2,}$|^[^.,]*\.(\d{1,2}|\d{4,})$|^(0|\d{4,})\.\d+$"
    r"|^\d{1,2}(,\d{2})+,\d{3}",
    "open": OPEN,
    "pointed": r"^[1-9]\d{0,2}\.\d{3}$",
}
_DIGITS = "regexp_replace({t}, '[^0-9.,]|[.,]-*$', '', 'g')"
_WHOLE = r"-?\d+"
_SAME = "regexp_extract({t}, '0?(\\d+)', 1) = regexp_extract({t}, '\\d+[/-]0?(\\d+)', 1)"


@dataclass(slots=True)
class Customs:
    """The places of the maps whose column writes this way; a column that decides nothing follows the country."""

    country: str
    odd: bool = True  # some values are not written as programs do
    worded: bool = True  # some values may have words or signs beside dates and numbers
    day_first: set[int] = field(default_factory=set)
    month_first: set[int] = field(default_factory=set)
    year_first: set[int] = field(default_factory=set)  # two-digit years that come first: 25/12/31
    comma: set[int] = field(default_factory=set)
    point: set[int] = field(default_factory=set)
    both: set[int] = field(default_factory=set)  # 1.234,50 and 1,234.50: what 1,234 is there, nobody knows

    def month_comes_first(self) -> str:
        """SQL over `_place`: true where 03/04 is the fourth of March."""
        return _report(self.month_first, self.day_first, self.country in AMERICAN)

    def year_comes_first(self) -> str:
        """SQL over `_place`: true where 25/12/31 is the last day of 2025."""
        return _report(self.year_first, set(), False)

    def two_numbers(self, text: str) -> str:
        """SQL over `_place`: true for a text that is two numbers in a column of both customs; "" if there is none."""
        places = ", ".join(map(str, sorted(self.both)))
        return f"_place IN ({places}) AND regexp_matches({_DIGITS.format(t=plain(text))}, '{OPEN}')" if places else ""

    def groups(self) -> tuple[str, str]:
        """SQL over `_place`: does the comma in 1,234 group thousands, does the point in 1.234? Null: it cannot be known."""
        comma = _report(self.point, self.comma, self.country in DECIMAL_POINT, self.both)
        return comma, _report(self.comma, set(), False, self.both)


def _report(yes: set[int], no: set[int], usual: bool, unknown: Collection[int] = ()) -> str:
    said = ((unknown, "NULL"), (yes, "true"), (no, "false"))
    when = [
        f"WHEN _place IN ({', '.join(map(str, sorted(places)))}) THEN {answer}"
        for places, answer in said
        if places and answer != str(usual).lower()
    ]
    return f"CASE {' '.join(when)} ELSE {str(usual).lower()} END" if when else str(usual).lower()


def is_time(sql_type: str) -> bool:
    """True for the types of dates and times."""
    return sql_type in {"TIMESTAMP", "DATE"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The columns of one map that can be judged, and the table that has them as text."""

    place: int
    source: str
    object: str
    texts: str
    columns: dict[str, str]  # column -> SQL type
    dates: str = ""  # `day first`, `month first` or `year first`, if the map says it


class _Once(Silent):
    """Says each sentence once: several maps of one object may read the same column."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._said = progress, set[str]()

    def say(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._progress.say(text)


def decide(
    engine: Engine, table: str, asked: Sequence[Asked], country: str, progress: Progress, neighbours: Neighbours | None = None
) -> dict[str, Customs]:
    """The customs of each column of the table; what the neighbours or the country decide is reported."""
    found: dict[str, Customs] = {}
    progress = _Once(progress)
    for each in asked:
        for name in each.columns:
            found.setdefault(name, Customs(country, odd=False, worded=False))
        odd = _odd(engine, each, table, progress)
        if not odd:
            continue
        counts = ", ".join(_counts(name, each.columns[name], worded) for name, worded in odd.items())
        row = engine.rows(f"SELECT {counts} FROM {each.texts}")[0]
        times = [] if each.dates else [name for name in odd if is_time(each.columns[name])]
        years = year_first(engine, each.texts, times, births=[name for name in times if each.columns[name] == "DATE"])
        for place, name in enumerate(odd):
            found[name].odd, found[name].worded = True, found[name].worded or odd[name]
            counted = _Counted(*row[place * 5 : place * 5 + 5])
            where = f"{table}.{name} from {each.source}.{each.object}"
            if name in years:
                found[name].year_first.add(each.place)
                if not years[name]:
                    progress.say(_by_years(where))
            elif is_time(each.columns[name]):
                _decide_date(found[name], each, counted, where, progress, neighbours)
            else:
                _decide_number(found[name], each, counted, where, progress)
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many values of a column tell the first custom, the second, are open; are day numbers, or open with a point."""

    first: int
    second: int
    open: int
    serial: int
    pointed: int


def _decide_date(
    customs: Customs, asked: Asked, counted: _Counted, where: str, progress: Progress, neighbours: Neighbours | None
) -> None:
    """Whether the day comes first: as the map says, as the column shows, as its neighbours show, or as in the country."""
    ours = (customs.day_first, customs.month_first)
    contradicts = bool(counted.first) and bool(counted.second)
    if asked.dates == "year first":
        customs.year_first.add(asked.place)
    elif asked.dates:
        ours[asked.dates == "month first"].add(asked.place)
    elif bool(counted.first) != bool(counted.second):
        ours[0 if counted.first else 1].add(asked.place)
    elif counted.open:
        said = neighbours.month_first(asked.source, asked.object) if neighbours and not contradicts else None
        if said:
            ours[said[0]].add(asked.place)
            order = "month first" if said[0] else "day first"
            progress.say(
                f"{where}: {numbered(counted.open, 'value')} may be day or month first (as 03/04/2025 would be). They were read "
                f"{order}, as {said[1]} "
                f'is. If that is wrong, write dates = "{"day first" if said[0] else "month first"}" in the map.'
            )
        else:
            progress.say(_by_country(where, "TIMESTAMP", counted, customs.country))
    if counted.serial:
        progress.say(
            f"{where}: {numbered(counted.serial, 'value is a whole number', 'values are whole numbers')} of five "
            "digits, read as the day numbers of a spreadsheet."
        )


def _decide_number(customs: Customs, asked: Asked, counted: _Counted, where: str, progress: Progress) -> None:
    """Whether a comma or a point begins the decimals: as the column shows, or as in the country."""
    if bool(counted.first) != bool(counted.second):
        (customs.comma if counted.first else customs.point).add(asked.place)
    elif counted.open and (counted.first or 0 < counted.pointed < counted.open):
        customs.both.add(asked.place)
        progress.say(_unclear(where, counted))
    elif counted.open:
        progress.say(_by_country(where, "DECIMAL", counted, customs.country))


def _by_years(where: str) -> str:
    return (
        f"{where}: its dates were read as year, month, day (25/12/31 is the last day of 2025), because of all values together. "
        'If that is wrong, write dates = "day first" or "month first" in the map.'
    )


def _odd(engine: Engine, asked: Asked, table: str, progress: Progress) -> dict[str, bool]:
    """The columns with a value that programs do not write so, or that may mean two numbers, and whether some have words or signs
    beside it; reports what is not a date."""
    if not asked.columns:
        return {}
    tests = []
    for name, sql_type in asked.columns.items():
        t = quoted(name)
        if is_time(sql_type):
            tests.append(f"bool_or(NOT regexp_full_match({t}, '{ISO}'))")
            tests.append(f"count(*) FILTER (regexp_full_match({t}, '{_none(sql_type)}'))")
            tests.append(f"bool_or({has_words(t)})")
        else:
            tests.append(f"bool_or(NOT regexp_full_match({t}, '{MACHINE}') OR regexp_full_match({t}, '{GROUPED_BY_POINT}'))")
            tests += ["0", f"bool_or(NOT regexp_full_match({t}, '{WORDLESS}'))"]
    row = engine.rows(f"SELECT {', '.join(tests)} FROM {asked.texts}")[0]
    for name, none in zip(asked.columns, row[1::3], strict=True):
        if none:
            progress.say(
                f"{table}.{name} from {asked.source}.{asked.object}: {numbered(none, 'value is', 'values are')} what "
                "systems write for no date "
                "(0000-00-00, 1970-01-01, 9999-12-31 and the like). They were read as empty."
            )
    return {name: worded for name, odd, worded in zip(asked.columns, row[::3], row[2::3], strict=True) if odd}


def _none(sql_type: str) -> str:
    return NO_MOMENT if sql_type == "TIMESTAMP" else NO_DAY


def _counts(name: str, sql_type: str, worded: bool) -> str:
    """SQL: the numbers of `_Counted`."""
    column, t = quoted(name), plain(quoted(name))
    if is_time(sql_type):
        patterns, same = _DATE_PATTERNS, f" AND NOT {_SAME.format(t=t)}"
    else:
        patterns, same = _NUMBER_PATTERNS, ""
        t = _DIGITS.format(t=t)
    easy = ISO + "|" + _none(sql_type) if is_time(sql_type) else _WHOLE
    easy = f"NOT regexp_full_match({column}, '{easy}')"  # they tell nothing, and are many
    said = {key: f"count(*) FILTER ({easy} AND regexp_matches({t}, '{pattern}'))" for key, pattern in patterns.items()}
    if same and worded:
        for key, is_so in (("first", "NOT"), ("second", "")):  # the day of the week beside it says which comes first
            said[key] = said[key][:-1].replace(" AND regexp", f" AND ({is_so} ({month_first_by_day(t)}) OR regexp") + "))"
    if same:
        said["open"] = said["open"][:-1] + same + ")"
    return ", ".join(said.get(key, "0") for key in ("first", "second", "open", "serial", "pointed"))


def _unclear(where: str, counted: _Counted) -> str:
    return (
        f"{where}: its values have decimal commas and decimal points, so {counted.open} of them (1,234) may be two numbers. "
        "They cannot be read and are set aside. Use sql in the map if you know what they are."
    )


def _by_country(where: str, sql_type: str, counted: _Counted, country: str) -> str:
    both = counted.first and counted.second
    why = "its other values contradict one another" if both else "no other value decides"
    end = "Set [project] country, or use sql in the map."
    if is_time(sql_type):
        read = "month first" if country in AMERICAN else "day first"
        what, how = "may be day or month first (as 03/04/2025 would be)", f"read {read}, as is usual in {country}"
        end = 'Write dates = "day first" or "month first" in the map.'
    else:
        what = "may have a decimal sign or a group of thousands (1,234)"
        how = f"read with a decimal {'point' if country in DECIMAL_POINT else 'comma'}, as is usual in {country}; 1.234 is 1.234"
    return f"{where}: {numbered(counted.open, 'value')} {what}, and {why}. They were {how}. {end}"
