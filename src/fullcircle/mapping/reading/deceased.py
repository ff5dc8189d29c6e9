"""Reads what sources say of a death: a yes, a day, a note beside the name. Whoever died is not to be written to. See `read`.

The day stays as the source writes it, except that one in ISO form loses its time.
"""

from __future__ import annotations

from fullcircle.engine.base import literal
from fullcircle.mapping.reading.times import NO_DAY
from fullcircle.mapping.reading.values import EMPTY, NO, YES

DEAD = (
    "deceased dead died d dec'd decd rip passed late verstorben tot gestorben décédé décédée decede decedee "
    "mort morte fallecido fallecida muerto muerta difunto difunta deceduto deceduta morto morta defunto "
    "defunta overleden falecido falecida avliden död avdød død kuollut zmarły zmarła zesnulý zemřel zemřela "
    "zomrel preminuo preminula umrl elhunyt meghalt decedat decedată vefat ölü merhum умер умерла умерший "
    "помер померла починал αποβιώσας 死亡 已故 故人 逝去 사망 נפטר נפטרה متوفى متوفاة"
)
ALIVE = "alive living active lebt lebend vivant vivante vivo viva vive levend żyje žije živ él sağ жив жива"
_DAY = r"\d.*\d{2}.*|.*\b(1[89]|20)\d\d\b.*"  # has the numbers of a day, in whatever order
_ISO = r"^(\d{4}-\d{2}-\d{2})([ T].*)?$"
IN_NAMES = (
    r"†|✝|\b(deceased|dec''d|verstorben|décédée?|decedee?|fallecid[oa]|decedut[oa]|overleden|falecid[oa]|avliden|zmarł[ya]|"
    r"estate of|the late)\b"
)


_YES = ", ".join(literal(word) for word in f"{YES} {DEAD}".split())
_NO = ", ".join(literal(word) for word in (*NO.split(), *ALIVE.split(), *EMPTY))


def read(column: str) -> str:
    """SQL: the day as it is written, `yes`, or null: the text says no, nothing, or something that cannot be read."""
    text = f"lower(trim({column}))"
    head, rest = f"split_part({text}, ' ', 1)", f"trim(substr(trim({column}), length(split_part(trim({column}), ' ', 1)) + 1))"
    return (
        f"CASE WHEN {column} IS NULL THEN NULL WHEN {text} IN ({_YES}) THEN 'yes' WHEN {text} IN ({_NO}) THEN NULL "
        f"WHEN {head} IN ({_YES}) AND NOT coalesce({_is_day(rest)}, false) THEN 'yes' "
        f"WHEN {head} IN ({_YES}, {_NO}) THEN {_day(rest)} ELSE {_day(f'trim({column})')} END"
    )


def is_unread(column: str) -> str:
    """SQL: true for a text that says neither yes nor no, and is not a day."""
    text = f"lower(trim({column}))"
    nothing = f"regexp_full_match(trim({column}), {literal(NO_DAY)}) OR split_part({text}, ' ', 1) IN ({_NO}) OR {text} = ''"
    return f"{column} IS NOT NULL AND ({read(column)}) IS NULL AND NOT ({nothing})"


def said_in_name(row: str) -> str:
    """SQL: true if a name of the row says that its person died: `Ada Tal (deceased)`, `† Bo Berg`."""
    return f"coalesce({row}.kind = 'person' AND regexp_matches({row}.full_name_raw, '{IN_NAMES}', 'i'), false)"


def _is_day(text: str) -> str:
    return f"(regexp_full_match({text}, '{_DAY}') AND NOT regexp_full_match({text}, {literal(NO_DAY)}))"


def _day(text: str) -> str:
    return f"CASE WHEN {_is_day(text)} THEN coalesce(nullif(regexp_extract({text}, '{_ISO}', 1), ''), {text}) END"
