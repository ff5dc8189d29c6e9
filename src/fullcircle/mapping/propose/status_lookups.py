"""The status of orders that is only a number, whose words are in a table of their own: `order_status_id` and `order_status`.

A copy of a shop's database has such tables: a number and a word for each status. The words are put into the proposal, where they
can be corrected; a number that the table does not have stays as it is, and is reported. Start at `with_status_words`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import Proposed, ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.values_of import values_of
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.status import status_of
from fullcircle.model.counting import counted, money

STATUS = re.compile(
    r"(^|_)(state|status|statuses|states|statut|statuts|etat|etats|estado|estados|stato|stati|zustand|stav|stavy|stan|durum)(_|$)"
)
OTHERS = re.compile(r"(^|_)(payment|shipping|delivery|stock|country|zahlung|versand|customer|user)(_|$)")
MOST_ROWS = 300  # of a table of words, in several languages
ENOUGH = 0.8  # of the different numbers of a column must be in the table of words
MOSTLY = 0.5  # of the words must be words for a status
NO_STATUS = "incomplete"  # a word for a draft


def with_status_words(engine: Engine, made: Sequence[Proposed]) -> None:
    """Give orders whose status is a number the word that a table without any other use has for it."""
    tables = [one for one in made if not one.maps and _may_be_words(one.sample)]
    for one in made if tables else ():
        for orders in (each for each in one.maps if each.to == "orders"):
            for column in _numbers(one.sample, orders):
                if _say(engine, one, orders, column, tables):
                    break


def _may_be_words(sample: Sample) -> bool:
    return bool(sample.table and 1 < sample.rows <= MOST_ROWS and STATUS.search(plain(sample.name)))


def _numbers(sample: Sample, orders: ProposedMap) -> list[str]:
    """The columns that may hold the number of a status; none where words say the status already."""
    said = str(orders.fields.get("status", {}).get("field", ""))
    if "status" in orders.fields and (said not in sample.facts or not _is_number(sample, said)):
        return []
    names = [said] if said else [each.name for each in sample.found.fields]
    return [name for name in names if _is_number(sample, name) and STATUS.search(plain(name)) and not OTHERS.search(plain(name))]


def _is_number(sample: Sample, name: str) -> bool:
    facts = sample.facts.get(name)
    return bool(facts and facts.filled and facts.whole == 1 and facts.longest <= 4)


def _say(engine: Engine, one: Proposed, orders: ProposedMap, column: str, tables: Sequence[Proposed]) -> bool:
    found = {*values_of(engine, one.sample, column)}
    for table in tables:
        means = _words(engine, table.sample, found)
        if means:
            orders.fields["status"] = {"field": column, "map": means | _of_none(engine, one, orders, column, found - {*means})}
            there = f"{len(means):,} of {len(found):,} values of {one.sample.name}.{column} have a word in {table.sample.name}"
            one.evidence.append(f"{there}, which is the status")
            one.left = [name for name in one.left if name != column]
            table.notes[:] = [f"its words are the status of {one.sample.name}"]
            return True
    return False


def _of_none(engine: Engine, one: Proposed, orders: ProposedMap, column: str, rest: set[str]) -> dict[str, str]:
    """A status of 0, of which there are no words, is none yet: shops write it for an order whose checkout was not ended."""
    if "0" not in rest:
        return {}
    amount = str(orders.fields.get("amount", {}).get("field", ""))
    sum_ = f"coalesce(sum({number_in_column(engine, one.sample, amount)}), 0)" if amount in one.sample.facts else "0"
    rows, worth = engine.rows(f"SELECT count(*), {sum_} FROM {one.sample.table} WHERE {text_of(column)} = '0'")[0]
    one.notes.append(
        f"{LOOK}{column} is 0 in {counted(int(rows), 'row')} ({money(worth, '')} together), of which there is no word: an order "
        "without a status, as shops keep of a checkout that was not ended. It is a draft and counts nowhere; if it is an order, "
        'say it in the map of the status: "0" = "placed"'
    )
    return {"0": NO_STATUS}


def _words(engine: Engine, sample: Sample, found: set[str]) -> dict[str, str]:
    """The word for each number: of several languages the first whose words are known."""
    keys = [name for name in sample.facts if _is_number(sample, name) and sample.facts[name].distinct > 1]
    texts = [name for name, facts in sample.facts.items() if facts.filled and facts.number < MOSTLY and facts.distinct > 1]
    for key in keys:
        for text in texts:
            rows = engine.rows(f"SELECT {text_of(key)}, {text_of(text)} FROM {sample.table} ORDER BY rowid")
            means: dict[str, str] = {}
            for number, word in ((str(number), str(word)) for number, word in rows if number and word):
                if number in found and (number not in means or (status_of(means[number]) is None and status_of(word))):
                    means[number] = word
            known = sum(status_of(word) is not None for word in means.values())
            if means and len(means) >= ENOUGH * len(found - {"0"}) and known >= MOSTLY * len(means):
                return means
    return {}
