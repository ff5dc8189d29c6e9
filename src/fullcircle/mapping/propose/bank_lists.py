"""Lists of a bank whose texts name invoices: `Verwendungszweck` "Rechnung RE-1001 vom 14.01.", beside an amount and a day.

They are payments of these invoices (paid_elsewhere.py). Rows that name none, and what was paid out, say nothing of customers.
Start at `payments_of_a_bank`; what is written for the text is final after `read_numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.grain import is_money_text, number_in_column
from fullcircle.mapping.propose.guess import columns_of, plain, words
from fullcircle.mapping.propose.planner import LIKELY, Planner, Proposed, ProposedMap, Role, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.model.counting import counted

PURPOSE = re.compile(
    r"(^|_)(verwendungszweck|zweck|buchungstext|buchungsdetails|purpose|description|memo|narrative|reference|details|remittance\w*|message|particulars"
    r"|libelle|motif|communication|concepto|descripcion|observaciones|causale|descrizione|descricao|historico|omschrijving|mededeling(en)?|tekst|text"
    r"|meddelande|melding|viesti|selite|tytul|opis|zprava|popis|kozlemeny|detalii|aciklama|назначение\w*|призначення\w*|основание|摘要|適用|적요)(_|$)"
)
BALANCE = re.compile(
    r"(^|_)(saldo|balance|solde|kontostand|running\w*|zustatek|egyenleg|sold|bakiye|остаток|残高|余额|잔액)(_|$)"
)
VALUE_DAY = re.compile(r"valut|value|wert")
MOST_SHAPES = 4  # ways in which the numbers of the invoices are written
LONG = 5  # digits of a number that is not in a text by chance
DATED = 0.9


def payments_of_a_bank(planner: Planner, sample: Sample) -> Proposed | None:
    """The proposal for an object that is nothing else; None where its texts name no invoice."""
    engine = planner.engine
    if engine is None or not sample.table:
        return None
    amount, day = _amount(sample), _day(sample)
    orders = [(role, str(role.keys.get("orders", {}).get("field", ""))) for role in planner.roles if role.table == "orders"]
    there = [(role, key) for role, key in orders if key in role.sample.facts and role.sample.source == sample.source]
    for column in _texts(sample, {amount, day}) if amount and day else ():
        for role, key in there:
            if pattern := _names(engine, sample, column, amount, role, key):
                return _proposed(engine, sample, (column, amount, day), role, pattern)
    return None


def _texts(sample: Sample, taken: set[str]) -> list[str]:
    return [
        name
        for name, facts in sample.facts.items()
        if facts.filled and facts.date < DATED and name not in taken and PURPOSE.search(plain(name))
    ]


def _amount(sample: Sample) -> str:
    known = words()["columns"]["orders"]["amount"]
    able = [name for name, facts in sample.facts.items() if is_money_text(facts) and not BALANCE.search(plain(name))]
    return next((name for name in able if plain(name) in known), able[0] if len(able) == 1 else "")


def _day(sample: Sample) -> str:
    days = [name for name, facts in sample.facts.items() if facts.filled and facts.date >= DATED and facts.whole < DATED]
    return next((name for name in days if not VALUE_DAY.search(plain(name))), days[0] if days else "")


def _names(engine: Engine, sample: Sample, column: str, amount: str, role: Role, key: str) -> str:
    """The pattern of the numbers of these orders, where some text names one and its amount is that of the order; else ""."""
    shapes = engine.rows(
        f"SELECT DISTINCT regexp_replace(lower({text_of(key)}), '[0-9]+', '9', 'g'), "
        f"min(length(regexp_replace({text_of(key)}, '[^0-9]', '', 'g'))) OVER () FROM {role.sample.table} "
        f"WHERE {text_of(key)} IS NOT NULL LIMIT {MOST_SHAPES + 1}"
    )
    if not shapes or len(shapes) > MOST_SHAPES or any("9" not in shape for shape, _ in shapes):
        return ""
    if any(not re.search(r"[^\W\d]", shape) and least < LONG for shape, least in shapes):
        return ""  # a mere number may be anything
    listed = "|".join(re.escape(str(shape)).replace("9", "[0-9]+") for shape, _ in shapes)
    pattern = rf"(?:^|[^\pL\d])({listed})(?:$|[^\pL\d])"
    worth = columns_of(role.sample.found, "orders", role.sample.facts).get("amount", "")
    if worth not in role.sample.facts:
        return ""
    paid, due = number_in_column(engine, sample, amount), number_in_column(engine, role.sample, worth)
    said = f"regexp_extract(lower({text_of(column)}), {literal(pattern)}, 1)"
    just = engine.value(
        f"SELECT count(*) FROM (SELECT {said} AS said, {paid} AS paid FROM {sample.table}) b JOIN (SELECT lower({text_of(key)}) "
        f"AS key, {due} AS due FROM {role.sample.table}) o ON o.key = b.said AND abs(o.due - b.paid) < 0.005"
    )
    return pattern if just else ""


def _proposed(engine: Engine, sample: Sample, columns: tuple[str, str, str], role: Role, pattern: str) -> Proposed:
    column, amount, day = columns
    paid = number_in_column(engine, sample, amount)
    where = f"regexp_matches(lower({text_of(column)}), {literal(pattern)}) AND {paid} > 0"
    fields: dict[str, Rule] = {"at": {"field": day}, "amount": {"field": amount}, "kind": {"value": "payment"}}
    if currency := columns_of(sample.found, "orders", sample.facts).get("currency", ""):
        fields["currency"] = {"field": currency}
    fields |= {"pays": {"field": column, "ref": role.sample.name}, "number": {"field": column}}
    rows, rest, sum_ = engine.rows(
        f"SELECT count(*) FILTER ({where}), count(*) FILTER (NOT ({where}) AND {paid} > 0), "
        f"coalesce(sum({paid}) FILTER (NOT ({where}) AND {paid} > 0), 0) FROM {sample.table}"
    )[0]
    made = Proposed(sample, "payments", LIKELY, [ProposedMap("interactions", fields, where=where)])
    made.evidence.append(f"{column} names orders of {role.sample.name} in {rows:,} of {sample.rows:,} rows: a list of a bank")
    if rest:
        made.notes.append(
            f"{counted(int(rest), 'row')} in which money came ({sum_:,.2f} together): no invoice is named, so nothing is read"
        )
    made.left = [name for name in sample.facts if name not in {*columns, currency}]
    return made


def read_numbers(made: Sequence[Proposed]) -> None:
    """Of the text of a bank the numbers of the orders are read, and nothing else that is in it."""
    for one in made:
        for map_ in one.maps if one.what == "payments" and len(one.maps) == 1 else ():
            found = re.match(r"regexp_matches\((lower\(.*?\)), ('(?:[^']|'')*')\) AND ", map_.where)
            if found and "pays" in map_.fields:
                numbers = f"regexp_extract_all({found[1]}, {found[2]}, 1)"
                rule: Rule = {"sql": f"nullif(array_to_string(list_distinct({numbers}), ','), '')"}
                map_.fields["pays"] = {**rule, "ref": map_.fields["pays"]["ref"]}
                map_.fields["number"] = rule
