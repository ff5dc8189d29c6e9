"""SQL that reads text as the type of a column. Text that cannot be read becomes null. Start at `typed`.

Times are in times.py, numbers in numbers.py; customs.py judges from a whole column what one value leaves open. Two-digit years:
69-99 are 1900s, the rest 2000s. Dates with dots are always day first.
"""

from __future__ import annotations

from functools import cache

from fullcircle.engine.base import literal
from fullcircle.mapping.reading.characters import plain
from fullcircle.mapping.reading.customs import Customs, is_time
from fullcircle.mapping.reading.numbers import number, whole_or_null
from fullcircle.mapping.reading.times import NO_DAY, NO_MOMENT, simple, timestamp
from fullcircle.model.table import MONEY

# Ways to write nothing, in lower case.
EMPTY = (
    "null", "n/a", "#n/a", "n.a.", "na", "none", "nan", "nat", "nil", "undefined", "-", "--", "---", "?", "unknown", "(null)",
    "<null>", "(none)", "(blank)", "(empty)", "\\n", "k.a.", "k. a.", "keine angabe", "unbekannt", "leer", "inconnu",
    "desconocido", "sin datos", "n.v.t.", "brak", "нет данных",
)  # fmt: skip
YES = (
    "true t yes y 1 1.0 -1 on x ja j oui o si sí sì s sim granted opt-in opted-in subscribed in wahr vrai verdadero vero "
    "verdadeiro v tak ano áno evet doğru да истина igen kyllä da jah taip jā já có так ναι ✓ ✔ ☑ ✅ 是 はい 예 네 نعم כן "
    "confirmed accepted agreed checked abonniert angemeldet zugestimmt inscrito suscrito inscrit abonné accepté aceptado "
    "iscritto aangemeld"
)
NO = (
    "false f no n 0 0.0 off nein non nao não denied opt-out opted-out unsubscribed out falsch faux falso fałsz nee nej nei nie "
    "ne hayır hayir yanlış нет не ні ложь nem ei nu όχι οχι không ✗ ✘ ☐ ❌ ✖ 否 不 いいえ 아니요 아니오 لا לא declined refused "
    "rejected unchecked withdrawn revoked abgemeldet abbestellt widerrufen abgelehnt désabonné désinscrit refusé rechazado "
    "disiscritto afgemeld uitgeschreven descadastrado"
)
# What is said of a subscription by itself, whatever its column is called: `opted in` under `Opt out` is a consent.
AGREED = (
    "granted opt-in opted-in subscribed subscribe agreed abonniert angemeldet zugestimmt inscrito suscrito inscrit abonné "
    "accepté aceptado iscritto aangemeld"
)
LEFT = (
    "opt-out opted-out unsubscribed unsubscribe withdrawn revoked abgemeldet abbestellt widerrufen désabonné désinscrit "
    "disiscritto afgemeld uitgeschreven descadastrado suppressed blocklisted blacklisted blocked gesperrt blockiert bloqué "
    "bloqueado bloccato geblokkeerd"
)
CRORES = ("IN", "PK", "BD", "NP", "LK")  # there, `1.5 cr` is fifteen million
SHARES = ("discount",)  # columns of money in which a percentage is no mistake


@cache
def listed(words: str) -> str:
    """SQL: the words, those with a hyphen also with a blank, an underscore or nothing in its place."""
    known = set(words.split())
    known |= {word.replace("-", sign) for word in known if "-" in word[1:] for sign in (" ", "_", "")}
    return ", ".join(literal(word) for word in sorted(known))


def filled(text: str, sql_type: str = "") -> str:
    """SQL: the text, or null if it is a placeholder for a missing value (`N/A`, for times `0000-00-00`)."""
    none = NO_MOMENT if sql_type == "TIMESTAMP" else NO_DAY
    no_day = f" OR regexp_full_match({text}, '{none}')" if is_time(sql_type) else ""
    words = ", ".join(literal(word) for word in EMPTY)
    empty = f"lower({text}) IN ({words}) OR regexp_full_match({text}, '[–—−-]+')"
    return f"CASE WHEN {empty}{no_day} THEN NULL ELSE {text} END"


def typed(text: str, sql_type: str, country: str, customs: Customs | None = None, column: str = "") -> str:
    """SQL that reads text as a canonical column's type; `text` must be a column name (it is repeated)."""
    ours = customs or Customs(country)
    if is_time(sql_type):
        orders = (ours.month_comes_first(), ours.year_comes_first())
        read = timestamp(text, country, *orders, worded=ours.worded) if ours.odd else simple(text)
        return read if sql_type == "TIMESTAMP" else f"CAST({read} AS DATE)"
    if is_number(sql_type) and not ours.odd:
        return whole_or_null(text, sql_type)
    if is_number(sql_type):
        percent = sql_type != MONEY or not column or column in SHARES
        return number(text, sql_type, ours.groups(), percent, country not in CRORES, ours.worded)
    if sql_type == "BOOLEAN":
        word = f"lower({plain(text)})"
        return f"CASE WHEN {word} IN ({listed(YES)}) THEN true WHEN {word} IN ({listed(NO)}) THEN false END"
    return text if sql_type == "VARCHAR" else f"TRY_CAST({text} AS {sql_type})"


def is_number(sql_type: str) -> bool:
    """True for the types of numbers."""
    return sql_type.startswith(("DECIMAL", "DOUBLE", "FLOAT")) or sql_type.endswith("INT") or sql_type == "INTEGER"
