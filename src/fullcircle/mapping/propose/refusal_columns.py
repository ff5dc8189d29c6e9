"""Columns that say who does not want to be written to or called: `Opted out`, `Do not call`, `Werbung gesperrt`, `désabonné`.

Also what says of a consent that it was withdrawn, in any order and language: `Consent withdrawn`, `Zgoda wycofana`.
A yes there takes consent away; a no says only that nobody refused, which is not a consent. Start at `refused_ways`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from fullcircle.mapping.propose.words import LOOK, UNSPACED, languages, plain, with_and_without_time
from fullcircle.mapping.shipped import shipped

SHORT, LONG = 3, 7  # letters: of words like `am`, `der`; of beginnings that are also found inside of compounds
NEWSLETTERS = (
    *("newsletter", "nieuwsbrief", "infolettre", "boletin", "boletim", "nyhetsbrev", "nyhedsbrev", "uutiskirj", "hirlevel"),
    *("bulten", "рассылк", "розсилк", "メルマガ", "뉴스레터", "mailing"),
)
UNREAD = ": this may say who agreed or refused, and it is not clear what; no consent is read from it"
EVERY_WAY = ("email", "call", "sms", "post")

NO_RING = re.compile(r"mar(ked|knad)sfo(e)?ring(en)?")  # Nordic for marketing: nobody rings
OWN_FIELD = re.compile(r"^(cf|custom|custom_field)_|_(c|custom)$")  # what marks the fields that a firm added


@cache
def _data() -> dict[str, Any]:
    text = shipped("refusals.toml")
    return tomllib.loads(text)


@cache
def refused_ways(name: str) -> tuple[str, ...]:
    """The ways of being written to that a column with this plain name refuses; () if it is another one."""
    name = OWN_FIELD.sub("", name)
    if name in _data()["short"]:
        said = _data()["short"][name].split()
        return EVERY_WAY if said == ["every"] else tuple(said)
    for each in languages().values():
        for form in with_and_without_time(name):
            if form in each.lists.get("no_contact", ()):
                return _ways_in(name) or EVERY_WAY
            if form in each.lists.get("unsubscribed", ()):
                return _ways_in(name) or ("email",)
    return _with_paper(name, _in_english(name)) or _withdrawn(name)


def refused_beside(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """As `refused_ways`, for a column beside others (plain names): `BlockMail` beside `BlockEmail` is about letters."""
    ways = refused_ways(name)
    if "email" not in ways or not _is_mere_mail(name) or not _is_about_email_too(name, others):
        return ways
    return tuple(dict.fromkeys("post" if way == "email" else way for way in ways))


def left_beside(name: str, others: Iterable[str]) -> bool:
    """True for a name of leaving (`Darse de baja`, `Fecha de baja`) beside another column that is about a consent."""
    return _is_of_leaving(name) and any(
        one != name
        and not _is_of_leaving(one)
        and (about_consent(one) or refused_ways(one) or agreed_ways(one) or _said(one, NEWSLETTERS))
        for one in others
    )


def when_left(names: Mapping[str, str]) -> str:
    """The column (by its plain name) that may hold when somebody left a list; "" if none is called so."""
    return next((column for name, column in names.items() if _is_of_leaving(name) or "email" in refused_ways(name)), "")


def when_joined(names: Mapping[str, str]) -> str:
    """The column (by its plain name) that may hold when somebody came onto a list; "" if none is called so."""
    joined = _data()["leaving"]["joined"]
    return next((column for name, column in names.items() if _said(name, joined) and not _is_of_leaving(name)), "")


def names_a_list(name: str) -> bool:
    """True for the plain name of a file or table of who is on a list of mail: `freshmail_subskrybenci`."""
    return _said(name, _data()["leaving"]["lists"])


@cache
def _is_of_leaving(name: str) -> bool:
    known, leaving = _data()["withdrawn"], _data()["leaving"]
    if not _said(name, leaving["words"]) or _is_detail(name) or _is_turned_round(name):
        return False
    around = {
        *_data()["fillers"],
        *known["fillers"],
        *leaving["fillers"],
        *(one for of in _data()["ways"].values() for one in of),
    }
    left = [part for part in name.split("_") if part not in around and len(part) > SHORT and not _is_about(part)]
    return all(_said(part, leaving["words"]) for part in left)


def _with_paper(name: str, ways: tuple[str, ...]) -> tuple[str, ...]:
    """English `mail` may be letters or e-mail: who refuses it refuses both, unless another column is about e-mail."""
    return ("email", "post", *(way for way in ways if way not in {"email", "post"})) if _only_mail(name, ways) else ways


def _only_mail(name: str, ways: tuple[str, ...]) -> bool:
    return "email" in ways and not {"mail", "mails"}.isdisjoint(_pieces(name)) and _is_mere_mail(name)


def _is_mere_mail(name: str) -> bool:
    """True if nothing but `mail` or `mailing` makes the name one about e-mail."""
    found = _pieces(name) & set(_data()["ways"]["email"])
    return bool(found) and found <= {"mail", "mails", "mailing", "mailings"} and "list" not in name


def _is_about_email_too(name: str, others: Iterable[str]) -> bool:
    """True if one of the other columns says the same of e-mail in so many words."""
    said = set(_data()["ways"]["email"]) - {"mail", "mails", "mailing", "mailings"}
    return any(
        one != name and _pieces(one) & said and (refused_ways(one) or agreed_ways(one) or about_consent(one)) for one in others
    )


def _withdrawn(name: str) -> tuple[str, ...]:
    """The ways of a name that says of a consent that it was withdrawn: one word for each, in any order, nothing else beside."""
    known = _data()["withdrawn"]
    if name in known["alone"] or (
        name != "fecha_de_baja" and any(form in known["alone"] for form in with_and_without_time(name))
    ):
        return _ways_in(name) or (("email",) if name == "baja" else EVERY_WAY)
    consent, about = _said(name, known["consent"]), _is_about(name)
    gone = _said(name, known["gone"]) or ((consent or _said(name, NEWSLETTERS)) and _said(name, known["gone_of_consent"]))
    ways = _ways_in(name)
    if not gone or not (consent or about or ways) or _is_detail(name) or _is_turned_round(name):
        return ()
    if not _spoken_together(name) and _beside(name, [*known["consent"], *known["gone"], *known["gone_of_consent"]]):
        return ()
    return ways or (("email",) if _said(name, NEWSLETTERS) and not consent else EVERY_WAY)


def unread_consents(columns: Iterable[str], answered: Collection[str] = ()) -> str:
    """A sentence about columns that no map reads, although they may say who agreed or refused; "" if there are none.

    `answered` are those of the columns whose values are yes and no: they need less in their name.
    """
    found = [name for name in columns if about_consent(plain(name)) or (name in answered and may_be_consent(plain(name)))]
    return f"{LOOK}{', '.join(found)}{UNREAD}" if found else ""


def still_unread(notes: Iterable[str], read: str) -> list[str]:
    """The notes without a column that is read after all."""
    said = [note.removeprefix(LOOK).removesuffix(UNREAD).split(", ") if note.endswith(UNREAD) else None for note in notes]
    left = [(note, names and [name for name in names if name != read]) for note, names in zip(notes, said, strict=True)]
    return [note if names is None else f"{LOOK}{', '.join(names)}{UNREAD}" for note, names in left if names is None or names]


def about_consent(name: str) -> bool:
    """True for a plain name that seems to say of a consent whether it is there; not why, and not by whom."""
    known = _data()["withdrawn"]
    if _is_detail(name):
        return False
    return _said(name, known["consent"]) or (_said(name, [*known["gone"], *known["accepts"]]) and _is_about(name))


def suppression_words(list_: str) -> tuple[str, ...]:
    """The words of a list of suppressions.py, in the form of `plain`."""
    return tuple(_data()["suppressed"][list_])


def day_words(list_: str) -> frozenset[str]:
    """The words of a list of consent_days.py."""
    return frozenset(_data()["days"][list_])


def is_end_of_consent(name: str) -> bool:
    """True for the plain name of the day on which a consent ends: `Consent expiration date`, `Einwilligung gültig bis`."""
    advert = _data()["advert"]
    return _said(name, advert["ends"]) and (
        _said(name, [*_data()["withdrawn"]["consent"], *advert["subscriber"]]) or _is_about(name)
    )


def may_be_consent(name: str) -> bool:
    """True for the plain name of a column of yes and no that speaks of a way to reach people, of advertising or of agreeing."""
    known, parts = _data()["withdrawn"], {*name.split("_")}
    if parts & set(_data()["advert"]["states"]) or _is_no_question(parts):
        return False
    hints = [*known["consent"], *known["accepts"], *known["about"], *_data()["advert"]["subscriber"]]
    return (
        _is_of_leaving(name)
        or bool(_ways_in(name))
        or _said(name, hints)
        or not parts.isdisjoint(known["about_whole"])
        or bool(refused_ways(name))
    )


def _is_no_question(parts: set[str]) -> bool:
    """True for a name with a word for a number or a service, and ways and contacts beside it: `contact_no`, `postal_service`."""
    known = set(_data()["advert"]["no_question"])
    ways = {word for of in _data()["ways"].values() for word in of} | {"contact", "contacts", "kontakt", "contacto"}
    return bool(parts & known) and parts <= known | ways


def agreed_ways(name: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """The purposes of a column that says that somebody agreed, one for each way that it names: `Marketing Post/SMS`.

    English `mail` alone is none of them, as long as no other column (`others`, plain names) is about e-mail.
    """
    agreed, ways = agreed_to(name), _ways_in(name)
    if not agreed:
        agreed = _for_adverts(name)
    if not agreed:
        return ()
    if "email" in ways and _is_mere_mail(name) and not _said(name, _data()["advert"]["not_english"]):
        if not others or not _is_about_email_too(name, others):
            return () if not {"mail", "mails"}.isdisjoint(_pieces(name)) else (agreed,)
        ways = tuple(dict.fromkeys("post" if way == "email" else way for way in ways))
    return tuple(PURPOSES.get(way, f"{way}_opt_in") for way in ways) or (agreed,)


def _for_adverts(name: str) -> str:
    """The purpose of a name of nothing but advertising, ways and words for subscribers: `SMS-Marketing`, `Abonné emailing`."""
    known, data, advert = _data()["withdrawn"], _data(), _data()["advert"]
    if name in advert["partners"]:
        return "partner_offers"
    if _is_turned_round(name) or _said(name, [*known["gone"], *known["gone_of_consent"]]) or refused_ways(name):
        return ""
    parts = name.split("_")
    around = {*data["fillers"], *known["fillers"], *advert["fillers"], *(word for of in data["ways"].values() for word in of)}
    beginnings = [*advert["about"], *advert["subscriber"], *known["accepts"], *advert["own_purpose"]]
    if not all(part in around or _said(part, beginnings) for part in parts if len(part) > 1):
        return ""
    own = next((purpose for word, purpose in advert["own_purpose"].items() if _said(name, [word])), "")
    if own and _said(name, [*known["accepts"], *known["consent"], *advert["about"]]):
        return str(own)
    subscribed, adverts = _said(name, advert["subscriber"]), _said(name, advert["about"])
    if (_ways_in(name) and (subscribed or adverts)) or (subscribed and adverts and not _said(name, NEWSLETTERS)):
        return "marketing_consent"
    return "email_opt_in" if _said(name, NEWSLETTERS) and not _is_detail(name) else ""


PROCESSING = "data_processing"
PURPOSES = {"sms": "sms_opt_in", "call": "call_opt_in", "post": "post_opt_in", "email": "email_opt_in"}


def agreed_to(name: str) -> str:
    """The purpose of a column that says of a consent in general that it is there; "" for any other: `Consenso marketing`."""
    known, data_only = _data()["withdrawn"], _is_of_processing(name)
    consent, about = _said(name, known["consent"]), _is_about(name) or data_only
    accepts = _said(name, known["accepts"]) and (about or bool(_ways_in(name)))
    gone = _said(name, [*known["gone"], *known["gone_of_consent"]])
    if gone or not (consent or accepts) or _is_detail(name) or _is_turned_round(name):
        return ""
    if data_only:
        return PROCESSING
    if not _spoken_together(name) and _beside(name, [*known["consent"], *known["accepts"]]):
        return ""
    ways = _ways_in(name)
    return PURPOSES.get(ways[0], "marketing_consent") if len(ways) == 1 else "marketing_consent"


def _is_of_processing(name: str) -> bool:
    """True for a name of data protection and of nothing that is sent: `Acepta RGPD`, `Zgoda na przetwarzanie danych`."""
    data_words = _data()["processing"]["words"]
    sent = [*(word for word in _data()["withdrawn"]["about"] if word not in data_words), *_data()["advert"]["about"]]
    return _said(name, data_words) and not _said(name, sent) and not _ways_in(name)


def _beside(name: str, beginnings: Iterable[str]) -> list[str]:
    """The long words of a name that are none of these, no way, no filler and nothing that consents are about."""
    known, data = _data()["withdrawn"], _data()
    every = {word for of in data["ways"].values() for word in of} | {*data["fillers"], *known["fillers"]}
    left = [part for part in _one_word(name).split("_") if part not in every and not _is_about(part)]
    return [part for part in left if len(part) > SHORT and not _said(part, beginnings)]


def _is_about(name: str) -> bool:
    known = _data()["withdrawn"]
    return _said(name, known["about"]) or not {*name.split("_")}.isdisjoint(known["about_whole"])


def _is_turned_round(name: str) -> bool:
    return not {*name.split("_")}.isdisjoint(_data()["withdrawn"]["turned"])


def _is_detail(name: str) -> bool:
    return not {*name.split("_")}.isdisjoint(_data()["withdrawn"]["details"])


def _spoken_together(name: str) -> bool:
    return bool(UNSPACED.search(name))


def _said(name: str, beginnings: Iterable[str]) -> bool:
    """True if a word of the name begins so; long ones also inside of compounds, and in scripts without blanks anywhere."""
    parts = name.split("_")
    for one in beginnings:
        if "_" in one and one in name:
            return True
        if any(part.startswith(one) or (len(one) >= LONG and one in part) for part in parts):
            return True
        if UNSPACED.search(one) and one in name:
            return True
    return False


def _in_english(name: str) -> tuple[str, ...]:
    found = _form().fullmatch(name.replace("_", ""))
    if not found:
        return ()
    alone, ways = bool(found.group("alone")), _ways_in(name)
    every = any(word in _pieces(name) for word in _data()["every_way"])
    if not alone and not ((ways or every) and name.split("_", maxsplit=1)[0] == found.group("beside")):
        return ()
    counted = name.startswith("no_of_") or ("call" in ways and "call" not in name)  # `No. of calls`, `No. phone`
    if not alone and found.group("beside") == "no" and counted:
        return ()
    return ways or (EVERY_WAY if every else ("email",))


@cache
def _form() -> re.Pattern[str]:
    """A name without gaps: nothing but an opener, ways and fillers."""
    known = _data()
    around = sorted({*known["fillers"], *known["every_way"], *(word for of in known["ways"].values() for word in of)}, key=len)
    rest = "|".join(word for word in reversed(around) if word.isascii())
    alone = "|".join(sorted(known["openers"], key=len, reverse=True))
    beside = "|".join(sorted(known["beside_a_way"], key=len, reverse=True))
    return re.compile(f"(?:{rest})*?(?:(?P<alone>{alone})|(?P<beside>{beside}))(?:{rest})*")


def _one_word(name: str) -> str:
    return name.replace("whats_app", "whatsapp")  # as it is written: `WhatsApp`


@cache
def _pieces(name: str) -> frozenset[str]:
    """The words of a name that speak of ways, whether gaps are between them or not; the longest first."""
    known = {*_data()["every_way"], *(word for of in _data()["ways"].values() for word in of)}
    found, left = set(), re.sub(r"(^|_)(e|direct)_(?=mail|post)", r"\1\2", _one_word(name))
    parts = set(left.split("_"))
    found |= parts & known
    left = NO_RING.sub(" ", left)
    if not found:  # run together
        for word in sorted(known, key=len, reverse=True):
            if word in left and (len(word) > 3 or word in {"sms", "fax"} or not word.isascii()):
                found.add(word)
                left = left.replace(word, " ")
    return frozenset(found)


def _ways_in(name: str) -> tuple[str, ...]:
    return tuple(way for way, of in _data()["ways"].items() if _pieces(name) & set(of))


@cache
def refusing_words() -> tuple[str, ...]:
    """The names of such columns in other languages, in the form of `plain`."""
    return tuple(
        word for each in languages().values() for key in ("unsubscribed", "no_contact") for word in each.lists.get(key, ())
    )
