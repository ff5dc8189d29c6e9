"""What one row of an object is: a whole order or an item of one. Judged by the values that repeat. Start at `order_of`.

An order that has several rows repeats its key, and with the key its date and its customer. A column (or two, or three: store and
receipt) under which these are always the same is the key of the order, whatever its name; the evidence is said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import is_staff, plain, words
from fullcircle.mapping.propose.links import ENDING, START, is_like_a_key, is_money, stem_of
from fullcircle.mapping.propose.sample import Facts, Sample

CODE = r"\S*\d\S*( \S+)?"  # a number of an order: it has a digit, and is not a sentence
PLACES_OF_SALE = re.compile(
    r"(^|_)(store|shop|till|register|branch|location|outlet|terminal|pos|site|kasse|filiale|laden|markt|magasin|caisse|tienda|caja"
    r"|loja|negozio|cassa|winkel|kassa|year|jahr|series|serie|werk|plant|device)(_|$)"
)
CLOCK = re.compile(r"(^|_)(time|uhrzeit|zeit|heure|hora|ora|tijd|klokken|tid|godzina)(_|$)")
NO_ORDER = re.compile(
    r"(^|_)(line|item|position|pos|zeile|row|customer|client|kunde|product|date|time|total|amount|tax|status)(_|$)"
)
NUMBER = {
    "num",
    "no",
    "nr",
    "number",
    "nummer",
    "numero",
    "ref",
    "reference",
    "id",
    "n",
}  # beside dates and customers: the order's
DIRT = 0.01  # of the orders of several rows may be at odds with themselves: one mistake in a file does not decide
MOST_PARTNERS = 8  # columns that are tried beside a key that does not suffice alone


@dataclass(frozen=True, slots=True)
class Within:
    """What the rows that share a key have in common."""

    key: tuple[str, ...]
    keys: int = 0  # different keys
    several: int = 0  # of them, those with more than one row
    most: int = 0  # the most rows of one key
    same: frozenset[str] = frozenset()  # columns with one value in each (a value may be missing in some rows)
    once: frozenset[str] = frozenset()  # of these, those that only one row of each has
    down: bool = False  # True: the key itself is in the first of the rows only


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that identify the order of a row. None of them: `doubt` says why."""

    within: Within | None
    said: str = ""  # the evidence
    notes: list[str] = field(default_factory=list)  # what a person should look at
    doubt: str = ""


def within(engine: Engine, sample: Sample, key: Sequence[str]) -> Within:
    """What the rows with the same values in the columns of `key` have in common."""
    columns = [name for name in sample.facts if name not in key]
    inner = ", ".join(
        f"count(DISTINCT {quoted(name)}) AS d{place}, count({quoted(name)}) AS f{place}" for place, name in enumerate(columns)
    )
    outer = ", ".join(
        f"count(*) FILTER (n > 1 AND d{place} > 1), count(*) FILTER (n > 1 AND f{place} > 1), "
        f"count(*) FILTER (n > 1 AND f{place} = 1)"
        for place in range(len(columns))
    )
    listed = ", ".join(map(quoted, key))
    filled = " AND ".join(f"{quoted(one)} IS NOT NULL" for one in key)
    groups = f"FROM {sample.table} WHERE {filled} GROUP BY {listed}"
    counts = "SELECT count(*), count(*) FILTER (n > 1), coalesce(max(n), 0)"
    ((keys, several, most),) = engine.rows(f"{counts} FROM (SELECT count(*) AS n {groups})")
    if not several or not columns:
        return Within(tuple(key), keys, several, most, frozenset(columns))
    rest = engine.rows(f"SELECT {outer} FROM (SELECT count(*) AS n, {inner} {groups})")[0]
    same = frozenset(name for place, name in enumerate(columns) if rest[3 * place] <= DIRT * several)
    once = frozenset(
        name for place, name in enumerate(columns) if name in same and not rest[3 * place + 1] and rest[3 * place + 2]
    )
    return Within(tuple(key), keys, several, most, same, once)


PAPERS = frozenset((  # of a sale, and of a person, too: where another column has the number of the order, of the person
    "documento", "document", "n_documento", "numero_documento", "numero_de_documento", "no_documento", "nro_documento",
))  # fmt: skip


def is_order_word(column: str) -> bool:
    """True for a column named like the key of an order: `Receipt #`, `Order Ref`, `Bon-Nr`, `OrderNumber`, `Commande`."""
    name = plain(column)
    stem = re.sub(START, "", re.sub(ENDING, "", name))
    known = {
        *words()["columns"]["order_lines"]["order_id"],
        *words()["tables"]["orders"],
        "basket",
        "cart",
        "checkout",
        "ticket_de_caisse",
    }
    return stem in known or name in known or stem_of(name) in known or (name.endswith("_name") and name[:-5] == "order")


def order_of(engine: Engine, sample: Sample, when: str, who: Collection[str], leave: Collection[str]) -> Order:
    """Which columns identify the order that a row belongs to. `when`, `who`: its date and customer; `leave`: no candidates."""
    fields = [each.name for each in sample.found.fields if each.name in sample.facts and not is_staff(each.name)]
    able = [name for name in fields if name not in {when, *who, *leave} and _could_be(engine, sample, name)]
    named = [name for name in able if is_order_word(name) and _are_codes(engine, sample, name)]
    named = [name for name in named if plain(name) not in PAPERS] or named
    fixed = [name for name in (when, *who) if name]
    seen = [within(engine, sample, (name,)) for name in named]
    for one in sorted((one for one in seen if one.several), key=lambda one: -one.keys):
        if down := _only_above(engine, sample, one, fixed):
            return down
        if not _broken(engine, sample, one, when, who):
            return Order(one, _said(sample, one, fixed), _differing(one, when))
        if pair := with_partner(engine, sample, one.key[0], when, who, [*able, when]):
            return Order(pair, _said(sample, pair, fixed), [f"{one.key[0]} alone is used for several orders"])
    if any(one.several for one in seen):
        bad = next(one for one in seen if one.several)
        return Order(None, doubt=_why_broken(bad, fixed))
    for one in seen:
        if down := _only_above(engine, sample, one, fixed):
            return down
    single = next((one for one in seen if one.keys == sample.rows), None)
    if single:
        return Order(single, f"{single.key[0]} is different in every row: each row is an order of its own")
    return _by_values(engine, sample, when, who, able)


def _by_values(engine: Engine, sample: Sample, when: str, who: Collection[str], able: Sequence[str]) -> Order:
    """The key of the order where no column is named like one."""
    ids = [name for name in able if sample.unique(name) and is_like_a_key(name) and not NO_ORDER.search(plain(name))]
    if ids and not (when and who):
        return Order(within(engine, sample, (ids[0],)), f"{ids[0]} is different in every row: each row is an order of its own")
    if not when or not who:
        return Order(None, doubt="no column identifies the order, and date and customer are not both there to tell by")
    fixed = [when, *who]
    persons = within(engine, sample, tuple(who))
    codes = [
        name for name in able
        if sample.facts[name].distinct < sample.facts[name].filled and sample.facts[name].filled == sample.rows
        and (name not in persons.same or plain(name) in NUMBER) and not NO_ORDER.search(plain(name))
        and _are_codes(engine, sample, name)
    ]  # fmt: skip
    found = [
        one for name in codes if (one := within(engine, sample, (name,))).several and not _broken(engine, sample, one, when, who)
    ]
    together = within(engine, sample, (*who, when))
    if found:
        best = max(found, key=lambda one: one.keys)
        if best.keys >= together.keys:
            return Order(
                best, _said(sample, best, fixed), [f"{best.key[0]} is taken for the number of the order because of its values"]
            )
    if ids and not together.several:
        return Order(within(engine, sample, (ids[0],)), f"{ids[0]} is different in every row: each row is an order of its own")
    listed = " and ".join((*who, when))
    found_so = f"{together.keys:,} orders of {sample.rows:,} rows"
    note = f"no column identifies the order: rows with the same {listed} are taken for one order ({found_so})"
    return Order(together, f"rows with the same {listed} are one order", [note])


def _could_be(engine: Engine, sample: Sample, name: str) -> bool:
    facts = sample.facts[name]
    return facts.filled > 0 and facts.email < 0.5 and facts.longest <= 60 and not is_money(engine, sample, name)


def _are_codes(engine: Engine, sample: Sample, name: str) -> bool:
    return bool(
        engine.value(
            f"SELECT count(*) FILTER (regexp_full_match({quoted(name)}, '{CODE}')) >= 0.9 * count({quoted(name)}) "
            f"FROM {sample.table}"
        )
    )


def _day(engine: Engine, sample: Sample, one: Within, when: str) -> bool:
    """True if the rows of each key are of one day, whatever their time of day."""
    listed = ", ".join(map(quoted, one.key))
    day = f"regexp_extract({quoted(when)}, '^[^ T]+')"
    bad = f"SELECT 1 FROM {sample.table} GROUP BY {listed} HAVING count(DISTINCT {day}) > 1 LIMIT 1"
    return not engine.rows(bad)


def _broken(engine: Engine, sample: Sample, one: Within, when: str, who: Collection[str]) -> bool:
    """True if the rows of a key are not all of one customer, or neither of one customer (as far as known) nor of one day."""
    if any(name not in one.same for name in who):
        return True
    return bool(when) and when not in one.same and not (who or _day(engine, sample, one, when))


def _differing(one: Within, when: str) -> list[str]:
    if when and when not in one.same:
        return [f"{when} is not the same in all rows of an order: that of its last row counts"]
    return []


def with_partner(engine: Engine, sample: Sample, key: str, when: str, who: Collection[str], able: Sequence[str]) -> Within | None:
    """The key with one or two other columns under which date and customer are the same: store and receipt."""
    places = [
        name for name in able if name != key and PLACES_OF_SALE.search(plain(name)) and sample.facts[name].filled == sample.rows
    ]
    few = [
        name for name in able
        if name not in {key, when, *places} and 1 < sample.facts[name].distinct <= 50 and sample.facts[name].filled == sample.rows
        and not NO_ORDER.search(plain(name)) and not CLOCK.search(plain(name))
    ]  # fmt: skip
    single = [(name,) for name in [*places, *few][:MOST_PARTNERS]]
    dated = [(when,), *((name, when) for name in places[:3])] if when and sample.facts[when].filled == sample.rows else []
    for more in [*single[: len(places)], *combinations(places[:3], 2), *dated, *single[len(places) :]]:
        one = within(engine, sample, (*more, key))
        date_counts = when and when not in more
        if not _broken(engine, sample, one, when if date_counts else "", who) and (not date_counts or when in one.same or who):
            return one
    return None


def _only_above(engine: Engine, sample: Sample, one: Within, fixed: Sequence[str]) -> Order | None:
    """Where the key is in the first row of an order only, and so do date and customer."""
    key = one.key[0]
    empty = sample.rows - sample.facts[key].filled
    if not empty or one.several or not fixed:
        return None
    given = " OR ".join(f"{quoted(name)} IS NOT NULL" for name in fixed)
    if engine.value(f"SELECT count(*) FROM {sample.table} WHERE {quoted(key)} IS NULL AND ({given})"):
        return None
    filled = {
        name for name in sample.facts
        if name != key and sample.facts[name].filled
        and not engine.value(f"SELECT count(*) FROM {sample.table} WHERE {quoted(key)} IS NULL AND {quoted(name)} IS NOT NULL")
    }  # fmt: skip
    if filled >= set(sample.facts) - {key}:
        return None
    down = Within(one.key, one.keys, one.keys, 2, frozenset(filled), frozenset(filled), down=True)
    return Order(
        down, f"{key} is in the first row of each order only: the {empty:,} rows below, without it, belong to the order above"
    )


def _said(sample: Sample, one: Within, fixed: Sequence[str]) -> str:
    same = [name for name in fixed if name in one.same]
    given = f"; in each, {' and '.join(same)} {'are' if len(same) > 1 else 'is'} the same" if same else ""
    key = " with ".join(one.key)
    return f"{sample.rows:,} rows have {one.keys:,} different values of {key}{given}: it is the order, a row is an item of it"


def _why_broken(one: Within, fixed: Sequence[str]) -> str:
    different = " and ".join(name for name in fixed if name not in one.same) or "the rest"
    return (
        f"{one.several:,} of the {one.keys:,} values of {one.key[0]} are in several rows, but {different} differs within them, "
        "so it cannot be known which rows are one order"
    )


def is_money_text(facts: Facts | None) -> bool:
    """True for a column of sums."""
    return bool(facts and facts.filled and facts.number >= 0.9)


def number(column: str, comma: bool | None = None) -> str:
    """SQL: the number in a text, near enough to compare sums. `comma`: its decimal sign is known to be a comma, or a point."""
    if comma is not None:
        text = f"regexp_replace({quoted(column)}, '[^0-9{',' if comma else '.'}-]', '', 'g')"
        return f"TRY_CAST(replace({text}, ',', '.') AS DOUBLE)" if comma else f"TRY_CAST({text} AS DOUBLE)"
    return number_in(quoted(column))


def number_in(sql: str) -> str:
    """SQL: the number in a text of SQL, whose decimal sign is a comma where one stands before the last two digits."""
    text = f"regexp_replace(CAST({sql} AS VARCHAR), '[^0-9,.-]', '', 'g')"
    pointed = f"replace(replace({text}, '.', ''), ',', '.')"
    return (
        f"TRY_CAST(CASE WHEN regexp_matches({text}, ',\\d{{1,2}}$') THEN {pointed} ELSE replace({text}, ',', '') END AS DOUBLE)"
    )


def number_in_column(engine: Engine | None, sample: Sample, column: str) -> str:
    """SQL: the number in a cell of a column, by the decimal sign that the column has."""
    return number(column, decimal_comma(engine, sample, column))


def decimal_comma(engine: Engine | None, sample: Sample, column: str) -> bool:
    """True if the sampled values of a column have a decimal comma."""
    if engine is None or not sample.table or column not in sample.facts:
        return False
    return bool(
        engine.value(f"SELECT coalesce(bool_or(regexp_matches({quoted(column)}, ',\\d{{1,2}}\\D*$')), false) FROM {sample.table}")
    )
