"""SQL that reads numbers from text: signs, money marks, groups of digits, percent. What is not exactly one number becomes null.

A minus is any dash before or after the number, parentheses around it, or `CR` (credit) beside it; `DR` is a plus. Groups of
digits must be groups: by three, or the Indian way (`1,23,456`). `1,234` and `1.234` may each mean two numbers: see `customs.py`,
which asks the whole column; where it answers null, the number is null.
"""

from __future__ import annotations

import re
from functools import cache

from fullcircle.mapping.reading.characters import plain
from fullcircle.mapping.shipped import shipped

MACHINE = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?"
WORDLESS = "[0-9.,%()+-]*"
GROUPED_BY_POINT = r"[+-]?[1-9]\d{0,2}\.\d{3}"


@cache
def money_signs() -> str:
    """A pattern for the marks of money: signs, codes and words, the longest first."""
    text = shipped("currencies.txt")
    known = sorted({sign for line in text.splitlines() if not line.startswith("#") for sign in line.split()})
    known.sort(key=len, reverse=True)
    return r"(^|[^\p{L}])(?i:" + "|".join(re.escape(sign).replace("'", "''") for sign in known) + r")($|[^\p{L}])"


def number(
    text: str, sql_type: str, customs: tuple[str, str], percent: bool = True, credit: bool = True, worded: bool = True
) -> str:
    """SQL: text as a number of this type, or null.

    `customs` is SQL for two questions about the column: does the comma in 1,234 group thousands, does the point in 1.234?
    With `percent`, 12.5% is .125; without, it is not a number. With `credit`, CR is a minus; without, it is no
    number. A fraction does not become a whole number. Where all values are as WORDLESS says, `worded` is false.
    """
    direct = f"regexp_full_match({text}, '{MACHINE}')"
    if customs[1] != "false":
        direct += f" AND NOT (({customs[1]}) AND regexp_full_match({text}, '{GROUPED_BY_POINT}'))"
    read = _let("_v", _written(text, customs, percent, credit, worded), whole_or_null("_v", sql_type))
    return f"CASE WHEN {direct} THEN {whole_or_null(text, sql_type)} WHEN len({text}) < 60 THEN {read} END"


def whole_or_null(value: str, sql_type: str) -> str:
    """SQL: the number as machines write it as this type; null if the type is whole and the number is not."""
    if "INT" not in sql_type:
        return f"TRY_CAST({value} AS {sql_type})"
    return f"CASE WHEN TRY_CAST({value} AS DOUBLE) = trunc(TRY_CAST({value} AS DOUBLE)) THEN TRY_CAST({value} AS {sql_type}) END"


def _written(text: str, customs: tuple[str, str], percent: bool, credit: bool, worded: bool) -> str:
    """SQL: a number with signs, marks or groups as DECIMAL(38,10)."""
    signs = f"regexp_replace({plain(text)}, '{money_signs()}', '\\1¤\\2', 'g')"
    marked = f"regexp_replace({signs}, '\\p{{Sc}}', '¤', 'g')" if worded else text
    shape = r"^(\()? ?([+-]?) ?¤{0,2} ?([+-]?) ?(\()? ?(?i:(CR|DR)\.?)? ?([0-9.,][0-9., '']*?)"
    shape += r"(?:[.,:/]-{1,2})? ?¤{0,2} ?([+-]?) ?([%‰])? ?(\))? ?¤{0,2} ?(?i:(CR|DR)\.?)?$"
    names = "['o', 's1', 's2', 'o2', 'c1', 'n', 's3', 'p', 'c', 'c2']"
    signs = "replace(concat(_p.s1, _p.s2, _p.s3), '+', '')"
    beside = "upper(concat(_p.c1, _p.c2))"
    allowed = "'', 'CR', 'DR'" if credit else "''"
    brackets = "concat(_p.o, _p.o2, _p.c)"
    sign = f"""CASE WHEN {signs} IN ('', '-') AND len(concat(_p.s1, _p.s2, _p.s3)) <= 1 AND {brackets} IN ('', '()')
        AND {beside} IN ({allowed}) AND ({beside} = '' OR {signs} = '' AND {brackets} = '')
        THEN CASE WHEN {signs} = '-' OR {brackets} = '()' OR {beside} = 'CR' THEN '-' ELSE '' END END"""
    digits = _let("_n", "_p.n", _digits(*customs))
    value = f"TRY_CAST(({sign}) || ({digits}) AS DECIMAL(38,10))"
    share = f"TRY_CAST({value} / CASE _p.p WHEN '%' THEN 100 ELSE 1000 END AS DECIMAL(38,10))" if percent else "NULL"
    value = f"CASE WHEN _p.p = '' THEN {value} ELSE {share} END"
    return _let("_p", f"regexp_extract({marked}, '{shape}', {names})", value)


def _let(name: str, value: str, body: str) -> str:
    return f"list_transform([{value}], lambda {name}: {body})[1]"


def _digits(comma_groups: str, point_groups: str) -> str:
    """SQL over `_n`, digits with points, commas, blanks and upper commas: the number as machines write it, or null."""
    return f"""CASE
        WHEN regexp_full_match(_n, '\\d+|\\d*\\.\\d+|\\d+\\.')
            THEN CASE WHEN NOT regexp_full_match(_n, '{GROUPED_BY_POINT}') THEN _n
                WHEN ({point_groups}) THEN replace(_n, '.', '') WHEN NOT ({point_groups}) THEN _n END
        WHEN regexp_full_match(_n, '\\d*,\\d+|\\d+,')
            THEN replace(_n, ',', CASE WHEN NOT regexp_full_match(_n, '[1-9]\\d{{0,2}},\\d{{3}}') THEN '.'
                WHEN ({comma_groups}) THEN '' WHEN NOT ({comma_groups}) THEN '.' END)
        WHEN regexp_full_match(_n, '\\d{{1,3}}(,\\d{{3}})+(\\.\\d*)?|\\d{{1,2}}(,\\d{{2}})+,\\d{{3}}(\\.\\d*)?')
            THEN replace(_n, ',', '')
        WHEN regexp_full_match(_n, '\\d{{1,3}}(\\.\\d{{3}})+(,\\d*)?') THEN replace(replace(_n, '.', ''), ',', '.')
        WHEN regexp_full_match(_n, '\\d{{1,3}}([ '']\\d{{3}})+([.,]\\d*)?')
            THEN replace(regexp_replace(_n, '[ '']', '', 'g'), ',', '.') END"""
