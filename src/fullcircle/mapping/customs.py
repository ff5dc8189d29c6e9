"""How one column writes dates and numbers, judged over all its values: what one value leaves open, the others often tell.

A column with 13/02 is day first in all its rows, one with 12,50 has a decimal comma. If no value decides, or they contradict one
another, the custom of the project's country decides, and that is reported with the number of values it decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.characters import plain
from fullcircle.mapping.numbers import GROUPED_BY_POINT, MACHINE
from fullcircle.mapping.times import ISO, SERIAL
from fullcircle.model.progress import Progress

MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW", "GU", "PR", "AS", "VI"})
DECIMAL_POINT = frozenset(
    [
        "US", "GB", "IE", "AU", "NZ", "CA", "IN", "PK", "BD", "LK", "NP", "CN", "HK", "MO", "SG", "MY", "PH", "TH", "JP", "KR",
        "TW", "IL", "MX", "GT", "HN", "NI", "SV", "DO", "PA", "PR", "NG", "KE", "GH", "UG", "TZ", "ZW", "EG",
    ]
)  # fmt: skip
_DAY, _MONTH = r"(1[3-9]|2\d|3[01])", r"(0?[1-9]|1[0-2])"
_DATE_PATTERNS = {
    "first": rf"^{_DAY}[/-]{_MONTH}[/-]\d",
    "second": rf"^{_MONTH}[/-]{_DAY}[/-]\d",
    "open": rf"^{_MONTH}[/-]{_MONTH}[/-](\d{{4}}|\d{{2}})([^\d]|$)",
    "serial": rf"^{SERIAL}$",
}
_NUMBER_PATTERNS = {
    "first": r"^\d{1,3}(\.\d{3})+,\d+$|^\d{1,3}(\.\d{3}){2,}$|^[^.,]*,(\d{1,2}|\d{4,})$|^(0|\d{4,}),\d+$",
    "second": r"^\d{1,3}(,\d{3})+\.\d+$|^\d{1,3}(,\d{3}){2,}$|^[^.,]*\.(\d{1,2}|\d{4,})$|^(0|\d{4,})\.\d+$"
    r"|^\d{1,2}(,\d{2})+,\d{3}",
    "open": r"^[1-9]\d{0,2}[.,]\d{3}$",
}
_WHOLE = r"-?\d+"
_SAME = "regexp_extract({t}, '^0?(\\d+)', 1) = regexp_extract({t}, '^\\d+[/-]0?(\\d+)', 1)"


@dataclass(slots=True)
class Customs:
    """The places of the maps whose column writes this way; a column that decides nothing follows the country."""

    country: str
    odd: bool = True  # some values are not written as programs do
    day_first: set[int] = field(default_factory=set)
    month_first: set[int] = field(default_factory=set)
    comma: set[int] = field(default_factory=set)
    point: set[int] = field(default_factory=set)

    def month_comes_first(self) -> str:
        """SQL over `_place`: true where 03/04 is the fourth of March."""
        return _report(self.month_first, self.day_first, self.country in MONTH_FIRST)

    def groups(self) -> tuple[str, str]:
        """SQL over `_place`: does the comma in 1,234 group thousands, does the point in 1.234?"""
        return _report(self.point, self.comma, self.country in DECIMAL_POINT), _report(self.comma, set(), False)


def _report(yes: set[int], no: set[int], usual: bool) -> str:
    when = [f"WHEN _place IN ({', '.join(map(str, sorted(places)))}) THEN {said}"
            for places, said in ((yes, "true"), (no, "false")) if places and said != str(usual).lower()]  # fmt: skip
    return f"CASE {' '.join(when)} ELSE {str(usual).lower()} END" if when else str(usual).lower()


def is_time(sql_type: str) -> bool:
    """True for the types of dates and times."""
    return sql_type in {"TIMESTAMP", "DATE"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The columns of one map that can be judged, and the table that has them as text."""

    place: int
    name: str  # for messages: source.object
    texts: str
    columns: dict[str, str]  # column -> SQL type


def decide(engine: Engine, table: str, asked: Sequence[Asked], country: str, progress: Progress) -> dict[str, Customs]:
    """The customs of each column of the table; what the country decides is reported."""
    found: dict[str, Customs] = {}
    for each in asked:
        for name in each.columns:
            found.setdefault(name, Customs(country, odd=False))
        odd = _odd(engine, each)
        if not odd:
            continue
        counts = ", ".join(_counts(name, each.columns[name]) for name in odd)
        row = engine.rows(f"SELECT {counts} FROM {each.texts}")[0]
        for place, name in enumerate(odd):
            first, second, unclear, serial = row[place * 4 : place * 4 + 4]
            customs = found[name]
            customs.odd = True
            ours = (customs.day_first, customs.month_first) if is_time(each.columns[name]) else (customs.comma, customs.point)
            where = f"{table}.{name} from {each.name}"
            if bool(first) != bool(second):
                ours[0 if first else 1].add(each.place)
            elif unclear:
                progress.say(_by_country(where, each.columns[name], unclear, bool(first), country))
            if serial:
                progress.say(
                    f"{where}: {serial} values are whole numbers of five digits, read as the day numbers of a spreadsheet."
                )
    return found


def _odd(engine: Engine, asked: Asked) -> list[str]:
    """The columns with a value that is not written as programs do, or that may mean two numbers."""
    if not asked.columns:
        return []
    tests = []
    for name, sql_type in asked.columns.items():
        t = quoted(name)
        if is_time(sql_type):
            tests.append(f"bool_or(NOT regexp_full_match({t}, '{ISO}'))")
        else:
            tests.append(f"bool_or(NOT regexp_full_match({t}, '{MACHINE}') OR regexp_full_match({t}, '{GROUPED_BY_POINT}'))")
    row = engine.rows(f"SELECT {', '.join(tests)} FROM {asked.texts}")[0]
    return [name for name, odd in zip(asked.columns, row, strict=True) if odd]


def _counts(name: str, sql_type: str) -> str:
    """SQL: how many values tell the first custom, the second, are open, are day numbers."""
    column, t = quoted(name), plain(quoted(name))
    if is_time(sql_type):
        patterns, same = _DATE_PATTERNS, f" AND NOT {_SAME.format(t=t)}"
    else:
        patterns, same = _NUMBER_PATTERNS, ""
        t = f"regexp_replace({t}, '[^0-9.,]|[.,]-*$', '', 'g')"
    easy = f"NOT regexp_full_match({column}, '{ISO if is_time(sql_type) else _WHOLE}')"  # they tell nothing, and are many
    said = {key: f"count(*) FILTER ({easy} AND regexp_matches({t}, '{pattern}'))" for key, pattern in patterns.items()}
    if same:
        said["open"] = said["open"][:-1] + same + ")"
    return ", ".join(said.get(key, "0") for key in ("first", "second", "open", "serial"))


def _by_country(where: str, sql_type: str, unclear: int, both: bool, country: str) -> str:
    why = "its other values contradict one another" if both else "no other value decides"
    if is_time(sql_type):
        read = "month first" if country in MONTH_FIRST else "day first"
        what, how = "may be day or month first (03/04/2025)", f"read {read}, as is usual in {country}"
    else:
        what = "may have a decimal sign or a group of thousands (1,234)"
        how = f"read with a decimal {'point' if country in DECIMAL_POINT else 'comma'}, as is usual in {country}; 1.234 is 1.234"
    return f"{where}: {unclear} values {what}, and {why}. They were {how}. Set [project] country, or use sql in the map."
