"""What a deal or an appointment has beside its key and its person: a title, a worth, a day. Start at `filled_in`.

Names are judged by a word in them (`Montant potentiel`, `Nom de l'opportunité`, `Treatment`) where no synonym is the whole name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.deal_status_column import kind_of_deal
from fullcircle.mapping.propose.guess import is_somebody_else, is_staff, plain, singular, words
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.shipped import shipped
from fullcircle.model.counting import counted

KNOWN: dict[str, list[str]] = tomllib.loads(shipped("deals_and_visits.toml"))
VISITS = frozenset(KNOWN["visits"])
AMOUNT, PRICE = (re.compile(rf"(^|_)({'|'.join(KNOWN[name])})(_|$)") for name in ("amount", "price"))
TREATMENT = re.compile(rf"(^|_)({'|'.join(KNOWN['treatment'])})s?(_|$)")
NAME = re.compile(rf"^({'|'.join(KNOWN['title'])})_")
FOR = re.compile(rf"(^|_)({'|'.join(KNOWN['visit_day'])})")
MADE, ENDS = re.compile("|".join(KNOWN["made"])), re.compile(rf"(^|_)({'|'.join(KNOWN['ends'])})")
NO_SUM, CREATED = (re.compile("|".join(KNOWN[name])) for name in ("no_sum", "created"))


def kind_of_visit(object_name: str) -> str:
    """`appointment` for the rows of an object that is called so, in some language; else ""."""
    forms = singular(plain(object_name))
    parts = {part for form in forms for part in (form, form.rpartition("_")[2], form.partition("_")[0])}
    parts |= {each for part in parts for each in singular(part)}
    return "appointment" if parts & VISITS else ""


def filled_in(sample: Sample, columns: Mapping[str, str], leave: Collection[str]) -> dict[str, str]:
    """The columns for `text` and `amount` of deals and appointments, where they were not known by their whole name."""
    deal, visit = kind_of_deal(sample.name), kind_of_visit(sample.name)
    free = [
        name
        for name, facts in sample.facts.items()
        if facts.filled and name not in {*columns.values(), *leave} and not is_staff(name) and not is_somebody_else(name)
    ]
    found: dict[str, str] = {}
    if (deal or visit) and "amount" not in columns:
        pattern = AMOUNT if deal else PRICE
        sums = [one for one in free if pattern.search(plain(one)) and not NO_SUM.search(plain(one)) and _is_sum(sample, one)]
        if len(sums) == 1:
            found["amount"] = sums[0]
    if (deal or visit) and "text" not in columns:
        pattern = NAME if deal else TREATMENT
        texts = [
            one for one in free if pattern.search(plain(one)) and sample.facts[one].number < 0.5 and one not in found.values()
        ]
        if texts:
            found["text"] = texts[0]
    return found


def day_of_all(sample: Sample, when: str) -> tuple[Rule, str]:
    """The rule for `at` where some deals have no such day yet: the day on which they were created; and what to say of it."""
    facts = sample.facts.get(when)
    if not kind_of_deal(sample.name) or not facts or facts.filled >= sample.rows:
        return {}, ""
    created = [name for name, one in sample.facts.items() if CREATED.search(plain(name)) and one.date >= 0.95 and name != when]
    if len(created) != 1 or sample.facts[created[0]].filled <= facts.filled:
        return {}, ""
    sql = f"coalesce({text_of(when)}, {text_of(created[0])})"
    return {"sql": sql}, f"{when}: where it is empty, {created[0]} is the day"


def day_of_visit(sample: Sample, columns: Mapping[str, str]) -> str:
    """The column of the day that a visit is for, where another one was taken for it: that on which it was made; else ""."""
    when = columns.get("at", "")
    if not kind_of_visit(sample.name) or when not in sample.facts or not MADE.search(plain(when)):
        return ""
    able = [
        name for name, facts in sample.facts.items()
        if facts.date >= 0.95 and facts.filled >= sample.facts[when].filled and name not in columns.values()
        and FOR.search(plain(name)) and not MADE.search(plain(name)) and not ENDS.search(plain(name))
    ]  # fmt: skip
    return able[0] if able else ""


def without_a_person(engine: Engine | None, sample: Sample, person: str, left: Collection[str] = ()) -> str:
    """A sentence about the rows without a value in the column that says whose they are, if another column may say it.

    `left` are columns that are left out on purpose.
    """
    facts = sample.facts.get(person)
    if engine is None or not sample.table or not facts or not 0 < facts.filled < sample.rows:
        return ""
    known = {
        *words()["columns"]["interactions"]["record_id"],
        "company",
        "account",
        "organisation",
        "organization",
        "societe",
        "firma",
    }
    said = []
    for name in sample.facts:
        if name == person or name in left or plain(name) not in known or is_staff(name):
            continue
        if rows := engine.value(f"SELECT count({quoted(name)}) FROM {sample.table} WHERE {quoted(person)} IS NULL"):
            said.append(f"{name} is there in {int(rows):,} of them")
    missing = sample.rows - facts.filled
    rows = f"{counted(missing, 'row has', 'rows have')} no {person} and will belong to nobody"
    return f"{LOOK}{rows}, but {' and '.join(said)}: if it is their customer, map it (docs/how-to/map-fields.md)" if said else ""


def no_worth(sample: Sample, rules: Mapping[str, Rule]) -> str:
    """A sentence about deals that have a currency and no amount."""
    if not kind_of_deal(sample.name) or "currency" not in rules or "amount" in rules:
        return ""
    sums = [name for name, facts in sample.facts.items() if _is_sum(sample, name) and facts.distinct > 1]
    return f"{LOOK}no amount of these deals is read; it may be one of {', '.join(sums)}" if sums else ""


def _is_sum(sample: Sample, name: str) -> bool:
    facts = sample.facts[name]
    return facts.number >= 0.95 and facts.date < 0.5 and facts.answer < 0.95
