"""Events of a mailing tool, a row each: `opened`, `unsubscribed`, `spam complaint`, `hard bounce`. See `consents_of_events`.

Who left or complained refuses mail from that time on, until an event says that they joined again. An address from which mail came
back is noted as one that gets none, as long as that is the newest event of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.guess import words
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.reading.undeliverable import is_bounced
from fullcircle.model.counting import counted

MOST_EVENTS = 60
# Whatever stands around them: `email.unsubscribed`, `list_unsubscribe`, `Spam Complaint`.
LEFT = re.compile(
    r"(^|[\W_])(unsubscrib\w*|opt(ed)?[ _-]?out|spam[ _-]?(complaints?|report(s|ed)?)|abuse[ _-]?reports?|marked[ _-]as[ _-]spam"
    r"|d[ée]sabonn\w*|desuscri\w*|cancelad[oa] suscripci[óo]n|отписал\w*|отписка|退订|退訂|配信停止)([\W_]|$)"
)
# Said of courses and of service, too: a refusal only beside an event that only mail has.
MAY_HAVE_LEFT = re.compile(
    r"(^|[\W_])(complain(t|ed|ts)|abgemeldet|abmeldung|abbestellt|beschwerde|d[ée]sinscri\w*|plainte|disiscri\w*|uitgeschreven"
    r"|afgemeld|wypisan\w*|rezygnacja|avanm[äa]ld|avregistrerad|frameldt|avmeldt|odhl[áa][šs]en\w*)([\W_]|$)"
)
OF_MAIL = re.compile(
    r"(^|[\W_])(opened|email[ _-]?open|opens?|clicked|clicks?|delivered|soft[ _-]?bounce\w*|ge[öo]ffnet|geklickt|ouvert|cliqu[ée]"
    r"|abiert[oa]|clic|apert[oa]|geopend|geklikt|otwart[eyo]|klikni[ęe]t\w*|открыл\w*|клик\w*)([\W_]|$)"
)
JOINED = re.compile(
    r"(^|[\W_])(subscribed?|resubscribed?|opt(ed)?[ _-]?in|angemeldet|anmeldung|abonn[ée]e?|inscrite?|suscrit[oa]|iscritt[oa]"
    r"|aangemeld|ingeschreven|zapisan\w*|tilmeldt|p[åa]meldt|p[řr]ihl[áa][šs]en\w*|подписал\w*|подписка|订阅|購読)([\W_]|$)"
)


def consents_of_events(engine: Engine, made: Sequence[Proposed]) -> None:
    """Give the proposals whose rows are events of mail the refusals in them; what joined again agrees."""
    for one in made:
        main = next((each for each in one.maps if each.to == "interactions" and "record_id" in each.fields), None)
        column = main.fields.get("kind", {}).get("field", "") if main else ""
        if main is None or column not in one.sample.facts or any(each.to == "consents" for each in one.maps):
            continue
        said = _events(engine, one.sample, column)
        left = _left(said)
        joined = [word for word in said if word not in left and JOINED.search(word)]
        if left and "at" in main.fields:
            one.maps.append(_consents(main, column, left, joined))
            rows = engine.value(f"SELECT count(*) FROM {one.sample.table} WHERE {_lower(column)} IN ({_listed(left)})")
            one.evidence.append(
                f"{column}: {', '.join(left)} ({counted(rows, 'row')}) is a refusal of e-mail from that time on"
                + (f", until {', '.join(joined)}" if joined else "")
            )
        _bounced(one, column, [word for word in said if is_bounced(word)])


def _left(said: list[str]) -> list[str]:
    of_mail = any(LEFT.search(word) or OF_MAIL.search(word) or is_bounced(word) for word in said)
    known = words()["mail_states"]["left"]
    return [word for word in said if LEFT.search(word) or (of_mail and (word in known or MAY_HAVE_LEFT.search(word)))]


def _events(engine: Engine, sample: Sample, column: str) -> list[str]:
    """The kinds of events, in small letters; none if the column is a text of any kind."""
    if not sample.table or not 0 < sample.facts[column].distinct <= MOST_EVENTS:
        return []
    rows = engine.rows(f"SELECT DISTINCT {_lower(column)} AS v FROM {sample.table} WHERE {quoted(column)} IS NOT NULL ORDER BY v")
    return [str(word) for (word,) in rows if word]


def _consents(main: ProposedMap, column: str, left: list[str], joined: list[str]) -> ProposedMap:
    """A refusal, or an agreement: row_consents.py keeps the newest of each person."""
    fields: dict[str, Rule] = {
        "record_id": main.fields["record_id"],
        "purpose": {"value": "email"},
        "granted": {"sql": f"CASE WHEN {_lower(column)} IN ({_listed(left)}) THEN 'no' ELSE 'yes' END"},
    }
    where = f"{_lower(column)} IN ({_listed([*left, *joined])})"
    return ProposedMap("consents", fields, key="email", where=f"({main.where}) AND {where}" if main.where else where)


def _bounced(one: Proposed, column: str, words_: list[str]) -> None:
    people = one.people("email")
    address = people.fields["email"].get("field", "") if people else ""
    if not words_ or people is None or not address or "undeliverable" in people.fields:
        return
    people.fields["undeliverable"] = {"sql": f"CASE WHEN {_lower(column)} IN ({_listed(words_)}) THEN {text_of(address)} END"}
    one.evidence.append(f"{column}: from an address whose newest event is {', '.join(words_)}, mail came back")


def _lower(column: str) -> str:
    return f"lower(trim({text_of(column)}))"


def _listed(words_: list[str]) -> str:
    return ", ".join(map(literal, words_))
