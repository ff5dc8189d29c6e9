"""Staff and suppliers in a list of people, where a column says what somebody is: they are not customers. See `without_staff`.

A row that says both, `Kunde und Lieferant`, stays. A cell may name several: each is looked at alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.gone import keep_only
from fullcircle.mapping.propose.guess import is_staff, plain, words
from fullcircle.mapping.propose.planner import Proposed
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import YES
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.reading.retired import KNOWN
from fullcircle.mapping.reading.undeliverable import is_bounced

MOST_WORDS = 100  # different values in a column of roles; more are titles of jobs or notes
LONGEST = 80
MOST_ROLES = 12  # different values of a column of roles that is not called so
MOSTLY = 0.6  # of these are roles
LONG = 5  # letters of a word for a category that may also end another
BETWEEN = r"(?:[,;/|+&\n]|\s(?:und|and|et|y|e|en|i|og|och|ja|és|a|и|та|ve|και|\+)\s)"  # two roles in one cell
DENIED = (  # `Not a supplier`
    r"(^|\s)(not|no|non|never|kein|keine|keiner|nicht|pas|geen|niet|ikke|ingen|inte|ej|nie|není|nem|ei|değil|não|не)\s"
)
ENDINGS = "(?:s|es|e|en|n|in|innen|i|y|ów|er|a|x)?"


def without_staff(engine: Engine | None, made: Proposed) -> None:
    """Leave out the rows whose role is that of staff or of a supplier, and say it.

    If all rows say so: a list of suppliers makes no customers at all, a list of users who are all `admin` stays.
    """
    sample, maps = made.sample, made.maps
    if engine is None or not sample.table:
        return
    for one in sample.found.fields:
        facts, text = sample.facts.get(one.name), text_of(one.name)
        if not facts or not facts.filled or facts.distinct > MOST_WORDS or any(text in each.where for each in maps):
            continue
        by_word = facts.longest <= LONGEST and (_says_roles(plain(one.name)) or is_of_roles(engine, sample, one.name))
        if by_word:
            theirs = _no_customer(engine, sample.table, text)
        elif plain(one.name) in words()["roles"]["flags"] and facts.distinct <= 2:
            theirs = f"(coalesce(lower({text}) IN ({YES}), false){_no_buyer(sample)})"
        else:
            continue
        named = f"string_agg(DISTINCT {text}, ', ' ORDER BY {text}) FILTER ({theirs})"
        out, roles = engine.rows(f"SELECT count(*) FILTER ({theirs}), {named} FROM {sample.table}")[0]
        shown = f" ({roles})" if by_word else ""
        if out and out < sample.rows:
            made.notes.append(f"{out:,} of {sample.rows:,} rows are staff or suppliers by {one.name}{shown}: they are left out")
            made.by_role += [one.name] if by_word else []
            for each in maps:
                keep_only(each, f"coalesce(NOT {theirs}, true)")
        elif out and by_word and _all_suppliers(engine, sample, text):
            made.notes.append(f"not mapped: all {out:,} rows are suppliers by {one.name}{shown}, who are not customers")
            maps.clear()


def _no_buyer(sample: Sample) -> str:
    """SQL to go on with: and it is not said that the row is of a customer, too: `Cliente` beside `Fornitore`."""
    buyers = [name for name, facts in sample.facts.items() if plain(name) in words()["roles"]["buyers"] and facts.answer == 1]
    return "".join(f" AND coalesce(lower({text_of(name)}) NOT IN ({YES}), true)" for name in buyers)


def is_of_roles(engine: Engine, sample: Sample, column: str) -> bool:
    """True for a column that has customers and others among its few values, whatever it is called: `Perfil`, `Estado`.

    One of nothing but words for suppliers, too.
    """
    said = _few_values(engine, sample, column)
    clients = [one for one in said if _is_one(one, "clients")]
    others = [one for one in said if _is_one(one, "no_customers", "suppliers")]
    suppliers = [one for one in said if _is_one(one, "suppliers")]
    return bool(said) and (suppliers == said or bool(clients and others and _are_roles(said)))


def without_region(engine: Engine | None, sample: Sample, columns: dict[str, str]) -> list[str]:
    """Take away a region whose column says roles, stages or states: `Estado` with `Cliente`, `Perdido`, `Activo` in it."""
    column = columns.get("region", "")
    said = _few_values(engine, sample, column) if engine is not None and column else []
    if not said or not _are_roles(said):
        return []
    del columns["region"]
    return [f"{column} is not a region: it says what somebody is or how far they have come ({', '.join(said[:4])})"]


def _few_values(engine: Engine, sample: Sample, column: str) -> list[str]:
    """The values of a column in small letters; [] if there are many, or they are not short words."""
    facts = sample.facts.get(column)
    if facts is None or not sample.table or not facts.filled or facts.distinct > MOST_ROLES or facts.longest > LONGEST // 2:
        return []
    if max(facts.number, facts.date, facts.email) > 0:
        return []
    text = f"lower({text_of(column)})"
    return [
        str(value) for (value,) in engine.rows(f"SELECT DISTINCT {text} FROM {sample.table} WHERE {text} IS NOT NULL ORDER BY 1")
    ]


def _are_roles(said: list[str]) -> bool:
    """True if most of the values say what somebody is to the firm."""
    of_mail = words()["mail_states"]
    states = {*of_mail["agreed"], *of_mail["left"], *of_mail["ended"], *of_mail["active"], *KNOWN["deleted"], *KNOWN["inactive"]}
    known = [
        one
        for one in said
        if one in states
        or is_bounced(one)
        or _is_one(one, "customers", "clients", "no_customers", "suppliers", "perhaps", "stages")
    ]
    return MOSTLY * len(said) <= len(known)


def _is_one(value: str, *lists: str) -> bool:
    """True for a word of these lists of roles, in some form."""
    return any(_form_of(name).fullmatch(value) for name in lists)


@cache
def _form_of(name: str) -> re.Pattern[str]:
    listed = "|".join(map(re.escape, words()["roles"][name]))
    return re.compile(rf"\W*(?:{listed}){ENDINGS}\W*")


def _says_roles(name: str) -> bool:
    """True for a column that may say what somebody is: `Kategorie`, `Contact type`, `Kundengruppe`; its values decide."""
    known, parts = words()["roles"], name.split("_")
    ends = tuple(one for one in known["parts"] if len(one) >= LONG)
    found = any(part in known["parts"] or part.endswith(ends) for part in parts)  # `Klantcategorie`, `Kundkategori`
    return not is_staff(name) and (name in known["words"] or found)


def no_customers_in(engine: Engine, table: str, column: str) -> tuple[int, str]:
    """How many rows of a table are staff or suppliers by a column that says what somebody is, and the words that say so."""
    text = text_of(column)
    if not _says_roles(plain(column)) or engine.value(f"SELECT count(DISTINCT {text}) FROM {table}") > MOST_WORDS:
        return 0, ""
    theirs = _no_customer(engine, table, text)
    named = f"string_agg(DISTINCT {text}, ', ' ORDER BY {text}) FILTER ({theirs})"
    out, roles = engine.rows(f"SELECT count(*) FILTER ({theirs}), {named} FROM {table}")[0]
    return int(out), str(roles or "")


def no_customer(engine: Engine, sample: Sample, column: str) -> str:
    """SQL: true for a row of staff or a supplier, by a column that says what somebody is."""
    return f"coalesce({_no_customer(engine, sample.table, text_of(column))}, false)"


def _no_customer(engine: Engine, table: str, text: str) -> str:
    """SQL: a cell that names staff or a supplier, and no customer."""
    known, text = words()["roles"], _without_denied(text)
    customer = _names_one(text, known["customers"])
    others = [*known["no_customers"]]
    if engine.value(f"SELECT coalesce(bool_or({customer}), false) FROM {table}"):
        others += known["perhaps"]
    return f"({_names_one(text, others)} AND NOT {customer} AND NOT regexp_matches(lower({text}), {literal(DENIED)}))"


def _without_denied(text: str) -> str:
    """SQL: a cell without what it says that somebody is not: `Not a supplier`, `kein Lieferant`, `tedarikçi değil`."""
    known = words()["roles"]["denied"]
    words_of = {name: "|".join(map(re.escape, sorted(some, key=len, reverse=True))) for name, some in known.items()}
    ways = (
        rf"(^|[^\pL])(?:{words_of['before']})[\s-]+(?:(?:{words_of['between']})[\s'’]+)*(?:[ld]['’])?[\pL-]+",
        rf"(?:{words_of['glued']})\pL+",
        rf"[\pL-]+[\s-]+(?:{words_of['after']})($|[^\pL])",
        rf"\pL*(?:{words_of['within']})",
    )
    denied = "|".join(ways)
    return f"regexp_replace(lower({text}), {literal(denied)}, ' ', 'g')"


def _names_one(text: str, names: Iterable[str]) -> str:
    """SQL: true if one of the values in a cell is one of the names."""
    listed = "|".join(sorted({re.escape(name) for name in names}, key=lambda name: (-len(name), name)))
    pattern = rf"(?:^|{BETWEEN})[^\pL]*(?:{listed}){ENDINGS}[^\pL]*(?:$|{BETWEEN})"
    return f"regexp_matches(lower({text}), {literal(pattern)})"


def _all_suppliers(engine: Engine, sample: Sample, text: str) -> bool:
    theirs = _names_one(_without_denied(text), words()["roles"]["suppliers"])
    return bool(engine.value(f"SELECT bool_and(coalesce({theirs}, false)) FROM {sample.table}"))
