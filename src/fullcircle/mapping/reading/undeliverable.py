"""Reads what sources say of e-mail addresses that mail came back from: `bounced`, `cleaned`, a yes, a day. See `read`.

It does not refuse anything: the person may agree to mail, but this address does not get any. A soft bounce (a full mailbox) says
nothing.
"""

from __future__ import annotations

from fullcircle.engine.base import literal
from fullcircle.mapping.reading.times import NO_DAY

BOUNCED = (
    "bounced", "bounce", "hard bounce", "hard bounced", "hardbounce", "hardbounced", "permanent bounce", "cleaned",
    "undeliverable",
    "undelivered", "not deliverable", "invalid email", "invalid e-mail", "email invalid", "mailbox unavailable", "does not exist",
    "unzustellbar", "nicht zustellbar", "nicht zugestellt", "unbekannt verzogen", "ungültige adresse", "gebounced", "gebounct",
    "rebond", "rebondi", "hard rebond", "non distribuable", "adresse invalide", "npai", "rebotado", "rebotada", "rebote",
    "rebote duro", "no entregable", "rimbalzato", "rimbalzata", "non recapitabile", "onbestelbaar", "onbezorgbaar", "gebouncet",
    "hard gebounced", "odbity", "odbita", "odbite", "niedostarczalny", "studsad", "studsat", "studsade", "avvist",
    "uleverbar", "kan ikke leveres", "nedoručitelný", "nedoručitelná", "nedoručeno", "visszapattant", "kézbesíthetetlen",
    "geri döndü", "teslim edilemedi", "retornado", "devolvido", "não entregue", "недоставлено", "не доставлено", "отскок",
    "退信", "无法投递", "不達", "配信不能", "반송",
)  # fmt: skip
YES = (  # not `subscribed` or `confirmed`, which are a yes to mail
    "true", "t", "1", "1.0", "yes", "y", "x", "ja", "j", "oui", "o", "si", "sí", "sì", "s", "sim", "tak", "ano", "áno", "evet",
    "igen", "kyllä", "da", "да", "так", "是", "はい", "예",
)  # fmt: skip
OF_MAIL = ("invalid", "rejected", "failed", "error", "ungültig", "invalide", "inválido", "ongeldig", "nieprawidłowy")
DAY = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}.*"


def listed(words: tuple[str, ...]) -> str:
    """SQL: the words as a list of literals."""
    return ", ".join(literal(word) for word in words)


def plainly(column: str) -> str:
    """SQL: a text in small letters, with blanks between its words."""
    return rf"trim(regexp_replace(lower({column}), '[\s_-]+', ' ', 'g'))"


def read(column: str, email: str) -> str:
    """SQL: the address that gets no mail: the one in the column, or that of the record, if the column says so; else null."""
    text, yes = plainly(column), listed((*YES, *BOUNCED, *OF_MAIL))
    day = f"regexp_full_match(trim({column}), '{DAY}') AND NOT regexp_full_match(trim({column}), {literal(NO_DAY)})"
    return f"CASE WHEN contains({column}, '@') THEN lower(trim({column})) WHEN {text} IN ({yes}) OR {day} THEN {email} END"
