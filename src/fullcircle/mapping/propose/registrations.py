"""Lists of people who booked or registered, each row with what it costs: orders, whatever the list is called.

`participants.csv` with an order number, a date and a sum is what people bought; as a mere list of people its money would count
nowhere. Start at `are_registrations`; where it cannot be known, `unread_money` says what is left out.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.grain import is_money_text, is_order_word, number_in_column
from fullcircle.mapping.propose.guess import columns_of, is_staff, plain
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted

REGISTERED = re.compile(  # the number of a registration, or a list of such
    r"(^|_)(registrations?|registration_(id|no|nr|number|ref)|enrol?ments?|sign_?ups?|attendee_(id|no|number)|kurs_?anmeldung(en)?|anmeldung(en)?"
    r"|anmelde(nr|nummer|_nr|_nummer|_id)|teilnahme(nr|nummer)|inscriptions?|inscripcion(es)?|iscrizion[ei]|inscricao|inscricoes|inschrijving(en)?"
    r"|inschrijfnummer|tilmelding(er)?|pamelding(er)?|anmalning(ar)?|anmalningsnr|ilmoittautumi\w*|zgloszeni[ae]|zapisy|rejestracj[ae]|prihlask[ay]"
    r"|jelentkezes(ek)?|inscrieri|kayit(lar)?|регистраци[яи]|заявк[аи]|реєстраці[яї]|записвания|εγγραφ\w+|prijave?|申込|申込番号|报名|報名|신청)(_|$)"
)
REGISTERED_AT = re.compile(
    r"^(anmelde|buchungs|einschreibe|tilmeldings|pameldings|anmalnings|inschrijf)(datum|dato|zeitpunkt)|(registration|registered|enroll?ment|enroll?ed|signed_up|signup|sign_up"
    r"|inscription|inscripcion|iscrizione|inscricao|inschrijving|tilmelding|zgloszenia|rejestracji|zapisu|prihlaseni|prihlasky|jelentkezes|inscrierii"
    r"|kayit|регистрации|реєстрації|εγγραφης|prijave)"
)
CREATED_AT = re.compile(  # the day on which the row came to be: that of the registration, where no other day is
    r"(^|_)(registriert\w*|registro|registrad[oa]|registrato|registrata|registrert|registreret|registrerad|erfasst|erstellt|erstelldatum|erstellungsdatum"
    r"|angelegt|eingegangen|eingangsdatum|eingang|creat(ed|ion)|entered|submitted|received|creacion|creado|creada|cree|creee|creazione|creato|creata"
    r"|registrazione|criacao|criado|criada|cadastro|aangemaakt|aanmaakdatum|geregistreerd|registratie|oprettet|opprettet|skapad|luotu|utworzenia|utworzono"
    r"|vytvoreni|vytvoreno|letrehozva|letrehozas|rogzitve|inregistrarii|creat|creata|olusturulma|eklenme|kreirano|ustvarjeno|создан[оаы]?|создания"
    r"|створен[оаы]?|створення|създаден[оа]?|δημιουργιας|登録日?|作成日?|创建时间|创建日期|등록일|생성일)(_|$)"
)
NOT_OF_ONE = re.compile(  # what somebody spent or owes altogether
    r"(^|_)(spent|lifetime|ltv|balance|saldo|guthaben|umsatz|revenue|average|avg|ytd|credit|orders|ever|points|budget|income|salary|donated|giving)(_|$)"
    r"|umsatz"
)


def are_registrations(engine: Engine | None, sample: Sample) -> bool:
    """True if each row has the number of an order or a registration, its date and what it costs."""
    if engine is None or not sample.table or not _money(engine, sample):
        return False
    when = columns_of(sample.found, "orders", sample.facts).get("ordered_at", "") or registered_on(sample)
    if when not in sample.facts or sample.facts[when].filled < sample.rows:
        return False
    numbers = [name for name, facts in sample.facts.items() if sample.unique(name) and facts.email == 0 and facts.date < 0.5]
    return any(is_order_word(name) or REGISTERED.search(plain(name)) for name in numbers)


def registered_on(sample: Sample) -> str:
    """The date of a registration, `Anmeldedatum`; without one, the day on which its row was made."""
    dates = [name for name, facts in sample.facts.items() if facts.filled and facts.date >= 0.9 and not is_staff(name)]
    for words in (REGISTERED_AT, CREATED_AT):
        if found := next((name for name in dates if words.search(plain(name))), ""):
            return found
    return ""


def _money(engine: Engine, sample: Sample) -> str:
    """The column of what the rows cost, or of what was paid; "" if nothing was."""
    columns = columns_of(sample.found, "orders", sample.facts)
    named = [columns[one] for one in ("amount", "paid", "unpaid") if columns.get(one) in sample.facts]
    able = [one for one in named if is_money_text(sample.facts[one]) and not NOT_OF_ONE.search(plain(one)) and not is_staff(one)]
    some = "SELECT count(*) FILTER ({} > 0) FROM " + sample.table
    return next((one for one in able if engine.value(some.format(number_in_column(engine, sample, one)))), "")


def unread_money(engine: Engine | None, sample: Sample, left: list[str]) -> list[str]:
    """A line on money in a list of people that counts nowhere."""
    money = _money(engine, sample) if engine is not None and sample.table else ""
    when = columns_of(sample.found, "orders", sample.facts).get("ordered_at", "")
    if engine is None or not money or money not in left or when not in left:
        return []
    sum_ = number_in_column(engine, sample, money)
    count, total = engine.rows(f"SELECT count(*), coalesce(sum({sum_}), 0) FROM {sample.table} WHERE {sum_} > 0")[0]
    return [
        f"{LOOK}{money} ({total:,.2f} in {counted(count, 'row')}) may be what these people paid, and counts nowhere: no column "
        'is the number of an order. If each row is an order, map them with to = "orders" too'
    ]
