"""Reads what sources say of e-mail addresses that mail came back from: `bounced`, `cleaned`, a yes, a day. See `read`.

It does not refuse anything: the person may agree to mail, but this address does not get any. A soft bounce (a full mailbox) says
nothing.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import literal
from fullcircle.mapping.reading.times import NO_DAY

BOUNCED = (
    "bounced", "bounce", "hard bounce", "hard bounced", "hardbounce", "hardbounced", "permanent bounce", "cleaned",
    "undeliverable",
    "undelivered", "not deliverable", "invalid email", "invalid e-mail", "email invalid", "mailbox unavailable", "does not exist",
    "unzustellbar", "nicht zustellbar", "nicht zugestellt", "unbekannt verzogen", "ungültige adresse", "gebounced", "gebounct",
    "rebond", "rebondi", "hard rebond", "non distribuable", "adresse invalide", "npai", "rebotado", "rebotada", "rebote",
    "rebote duro", "no entregable", "rimbalzato", "rimbalzata", "non recapitabile", "onbestelbaar", "onbezorgbaar",
    "opgeschoond", "bereinigt", "nettoyé", "nettoyée", "depurado", "gebouncet",
    "hard gebounced", "odbity", "odbita", "odbite", "niedostarczalny", "studsad", "studsat", "studsade", "avvist",
    "uleverbar", "kan ikke leveres", "nedoručitelný", "nedoručitelná", "nedoručeno", "visszapattant", "kézbesíthetetlen",
    "geri döndü", "teslim edilemedi", "retornado", "devolvido", "não entregue", "недоставлено", "не доставлено", "отскок",
    "退信", "无法投递", "不達", "配信不能", "반송",
)  # fmt: skip
# The same said with how hard: `Twardo odbity`, `Rebote permanente`, `rebond définitif`; with how soft it says nothing.
HARD = (
    "hard|h[åa]rdt?|hård[ea]?|hårt|hart(?:er|es)?|harde|twardo|twarde|twardy|twarda|dura?|duro|dur|permanente?s?|permanent|définitif|définitive|definitiv[oa]?|"
    "trvale|tvrdě|tvrdý|kemény|végleges|kova|pysyvä|sert|kalıcı|жёсткий|жесткий|жёстко|жестко|постоянный|постійний|硬|硬退信|永久"
)
WORD = "[^ -]*"  # what else the word has; `\\pL*` would be a pattern that takes a tenth of a second to read
CAME_BACK = (
    f"bounc{WORD}|gebounc{WORD}|rebond{WORD}|rebot{WORD}|rimbalz{WORD}|odbi{WORD}|odraž{WORD}|odraz|studs{WORD}|avvis{WORD}|visszapatt{WORD}|palaut{WORD}|"
    f"devol{WORD}|rejeiç{WORD}|retorn{WORD}|отскок{WORD}|отказ{WORD}|возврат{WORD}|відскок{WORD}|geri dön{WORD}|退信|退回"
)
HARDLY = f"(?:(?:{HARD})[ -]*(?:{CAME_BACK})|(?:{CAME_BACK})[ -]*(?:{HARD}))"
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


def is_bounced(word: str) -> bool:
    """True for a state, in small letters, that says that mail came back."""
    text = re.sub(r"[\s_-]+", " ", word).strip()
    return text in BOUNCED or re.fullmatch(HARDLY, text) is not None


def bounced(text: str) -> str:
    """SQL: true for such a state."""
    return f"({text} IN ({listed(BOUNCED)}) OR regexp_full_match({text}, {literal(HARDLY)}))"


def read(column: str, email: str) -> str:
    """SQL: the address that gets no mail: the one in the column, or that of the record, if the column says so; else null."""
    text, yes = plainly(column), listed((*YES, *OF_MAIL))
    day = f"regexp_full_match(trim({column}), '{DAY}') AND NOT regexp_full_match(trim({column}), {literal(NO_DAY)})"
    says_so = f"{text} IN ({yes}) OR {bounced(text)} OR {day}"
    return f"CASE WHEN contains({column}, '@') THEN lower(trim({column})) WHEN {says_so} THEN {email} END"
