"""What of an order was paid, and what is owed: kept where the values fit beside the amount. Start at `with_owed`.

`Balance due`, `Offen`, `Restbetrag` are what is owed of a bill; but `Amount due` may be all of it, and a `Balance` that of a
whole account. The values tell: what is owed lies between nothing and the amount, and is the amount with what was paid. A clear
majority of the rows decides; a few odd ones (paid too much) are said. Where rows are items: `of_items`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.gross_amount import is_paid
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.status import status_of
from fullcircle.mapping.worth import CENT
from fullcircle.model.counting import counted
from fullcircle.model.statuses import UNPAID

MOST_WORDS = 15
MOSTLY = 0.8  # of the rows must fit; of the others, one for each row of an order that was paid too much
FEW = 0.05  # of what may be the balance of a whole account may be more than the amount, or one row
DEPOSIT = re.compile(  # what was paid before the rest: of an order that was paid since, it is not all that was paid
    r"(^|_)(deposits?|down_?payment|prepaid|prepayment|advance|arrhes|acomptes?|avances?|angezahlt|anzahlung|vorauszahlung|anticipos?|senal|acconto"
    r"|caparra|anticipo|sinal|entrada|adiantamento|aanbetaling|voorschot|forskud|forskudd|forskott|handpenning|depositum|ennakko\w*|zaliczka|zadatek"
    r"|zaloha|preddavek|eloleg|foglalo|avans|arvuna|predujam|kapara|on_odeme|kapora|аванс|предоплата|задаток|передоплата|капаро|προκαταβολη|内金|前金|手付金"
    r"|定金|订金|訂金|预付款|선금|계약금|dat_coc|tam_ung)(_|$)"
)
# What is given back after a stay or a rental, and is no payment of its price.
SECURITY = re.compile(
    r"(^|_)(security|damage|damages|breakage|refundable|caution|depot_de_garantie|fianza|cauzione|deposito_cauzionale|caucao|borg|borgsom"
    r"|waarborg\w*|kaution\w*|sicherheitsleistung|sikkerhed|vakuus|takuumaksu|kaucja|kauce|kaucia|kaucio|guvence\w*"
    r"|залог|залоговый|застава|εγγυηση|保証金|敷金|押金|保证金|보증금)(_|$)|kaution$"
)
BARE = {"deposit", "deposits", "deposito", "deposit_amount", "depositum", "depot", "depozit", "депозит"}  # of either kind
# Words that may mean the whole sum of a bill: they are what is owed only where some rows owe less.
WHOLE = re.compile(
    r"(^|_)(due|to_pay|payable|zu_zahlen|a_payer|du|da_pagare|a_pagar|te_betalen|att_betala|do_zaplaty|do_zaplacenia|k_uhrade|de_plata"
    r"|za_platiti|balance|saldo|к_оплате|до_сплати)(_|$)"
)


def with_owed(engine: Engine | None, sample: Sample, orders: ProposedMap) -> list[str]:
    """Take `paid` and `unpaid` out of the map where their values do not fit; sentences on those that stay, and why not."""
    said = _of_both(engine, sample, orders)
    if said:
        return said
    owed = orders.fields.get("unpaid", {}).get("field", "")
    if owed and not {"amount", "paid"} & orders.fields.keys() and WHOLE.search(plain(owed)):
        orders.fields["amount"] = orders.fields.pop("unpaid")  # `Kwota do zapłaty` alone is the whole sum
    amount = orders.fields.get("amount", {}).get("field", "")
    _without_deposit(sample, orders, owed)
    both = tuple(orders.fields.get(name, {}).get("field", "") for name in ("paid", "unpaid"))
    proved = bool(engine and amount and all(one in sample.facts for one in both) and _add_up(engine, sample, amount, *both))
    for name in ("unpaid", "paid"):
        column = orders.fields.get(name, {}).get("field", "")
        if not column:
            continue
        if engine is None or not sample.table or column not in sample.facts or not amount:
            orders.fields.pop(name)
            continue
        if name == "paid" and SECURITY.search(plain(column)):
            orders.fields.pop(name)
            said.append(f"{column}: a deposit that is given back: it pays nothing of {amount}")
            continue
        one = _fit(engine, sample, column, amount)
        bare = name == "unpaid" and bool(WHOLE.search(plain(column)))
        if not (proved or one.mostly(bare)) or (bare and one.equal == one.of):
            orders.fields.pop(name)
            said += [f"{LOOK}{column} is {one.odd_words(amount)}, so it is not read as what is {WHAT[name]} of an order"][
                : one.odd
            ]
            continue
        said += [f"{column} is {one.odd_words(amount)}: such an order counts with its {amount}"][: one.odd]
        if name == "unpaid":
            said.append(f"{column}: what is owed of an order; it counts as unpaid, and not as spent")
            said += _words_of(engine, sample, orders, column, amount)
        else:
            if "unpaid" not in orders.fields:
                said.append(f"{column}: what was paid of an order; the rest of {amount} counts as unpaid, and not as spent")
            said += _of_deposits(engine, sample, orders, column) or _either_deposit(engine, sample, orders, column, amount)
    return said


def _without_deposit(sample: Sample, orders: ProposedMap, owed: str) -> None:
    """A deposit is only a part of what was paid: where a column has what is owed, that says all of it."""
    if owed in sample.facts and DEPOSIT.search(plain(str(orders.fields.get("paid", {}).get("field", "")))):
        orders.fields.pop("paid")


def _of_both(engine: Engine | None, sample: Sample, orders: ProposedMap) -> list[str]:
    """Where no column has the amount, as `Amount paid` beside `Balance due` has not: it is what was paid with what is owed."""
    fields = orders.fields
    owed, amount = (fields.get(name, {}).get("field", "") for name in ("unpaid", "amount"))
    paid = amount if amount and is_paid(amount) else ""
    paid = paid or ("" if "amount" in fields else fields.get("paid", {}).get("field", ""))
    if engine is None or not sample.table or not {owed, paid} <= sample.facts.keys():
        return []
    was, left = number_in_column(engine, sample, paid), number_in_column(engine, sample, owed)
    if not engine.value(f"SELECT count(*) FROM {sample.table} WHERE {left} > 0"):
        return []
    together = f"CAST(CAST(coalesce({was}, 0) + coalesce({left}, 0) AS DECIMAL(18,2)) AS VARCHAR)"
    text = f"coalesce({text_of(paid)}, {text_of(owed)})"  # with the mark of its currency
    fields["paid"], fields["unpaid"] = {"field": paid}, {"field": owed}
    fields["amount"] = {"sql": f"regexp_replace({text}, '-?[0-9]([0-9.,'' ]*[0-9])?', {together})"}
    return [f"{paid} and {owed} together are the amount of an order; {owed} counts as unpaid, and not as spent"]


WHAT = {"unpaid": "owed", "paid": "paid"}


@dataclass(frozen=True, slots=True)
class _Fit:
    """How the filled values of a column lie beside the amount of their row."""

    of: int
    within: int  # between nothing and the amount
    equal: int  # all of it
    above: int  # more than it, or of the other sign of an amount that is not paid too much

    @property
    def odd(self) -> int:
        return self.of - self.within

    def mostly(self, bare: bool) -> bool:
        """True if a clear majority fits. `bare`: its name may also be that of the balance of an account."""
        return (
            bool(self.of)
            and (self.within >= MOSTLY * self.of or self.odd == 1 < self.of - 1)
            and (not bare or self.above <= max(FEW * self.of, self.of > 2))
        )

    def odd_words(self, amount: str) -> str:
        return f"not between nothing and {amount} in {self.odd:,} of {counted(self.of, 'row')}"


def _fit(engine: Engine, sample: Sample, column: str, amount: str) -> _Fit:
    value = number_in_column(engine, sample, column)
    whole = number_in_column(engine, sample, amount)
    of, within, equal, above = engine.rows(
        f"SELECT count(*), count(*) FILTER (abs(v) <= abs(w) + {CENT} AND v * w >= 0), count(*) FILTER (abs(v - w) < {CENT}), "
        f"count(*) FILTER (abs(v) > abs(w) + {CENT}) FROM (SELECT {value} AS v, {whole} AS w FROM {sample.table}) "
        "WHERE v IS NOT NULL AND w IS NOT NULL"
    )[0]
    return _Fit(int(of), int(within), int(equal), int(above))


def _add_up(engine: Engine, sample: Sample, amount: str, paid: str, unpaid: str) -> bool:
    """True if what was paid and what is owed is the amount, in most rows that have all three."""
    whole, was, left = (number_in_column(engine, sample, one) for one in (amount, paid, unpaid))
    of, fits, owed = engine.rows(
        f"SELECT count(*), count(*) FILTER (abs(p + u - w) < {CENT}), count(*) FILTER (u > 0 AND abs(p + u - w) < {CENT}) "
        f"FROM (SELECT {whole} AS w, {was} AS p, {left} AS u FROM {sample.table}) WHERE w + p + u IS NOT NULL"
    )[0]
    return bool(owed and fits >= MOSTLY * of)


def _of_deposits(engine: Engine, sample: Sample, orders: ProposedMap, column: str) -> list[str]:
    """A deposit is all that was paid of an order, unless its status says that it was paid, or fulfilled, since."""
    status = orders.fields.get("status", {})
    if not DEPOSIT.search(plain(column)) or status.get("field") not in sample.facts or "unpaid" in orders.fields:
        return []
    word = text_of(status["field"])
    known = engine.rows(f"SELECT DISTINCT {word} AS v FROM {sample.table} WHERE v IS NOT NULL ORDER BY 1 LIMIT 200")
    means = {str(one): status.get("map", {}).get(str(one)) or status_of(str(one)) for (one,) in known}
    done = [one for one, meaning in means.items() if meaning in {"paid", "shipped"}]
    if not done:
        return []
    orders.fields["paid"] = {
        "sql": f"CASE WHEN coalesce({word} NOT IN ({', '.join(map(literal, done))}), true) THEN {text_of(column)} END"
    }
    return [f"{column}: of orders that are {', '.join(done)} the rest was paid since"]


def _either_deposit(engine: Engine, sample: Sample, orders: ProposedMap, column: str, amount: str) -> list[str]:
    """A line on a `Deposit`, where no word says whether it was paid of the price or is given back."""
    if plain(column) not in BARE or "unpaid" in orders.fields:
        return []
    status = orders.fields.get("status", {}).get("field", "")
    words = (
        f"regexp_matches(lower(coalesce({text_of(status)}, '')), 'deposit|balance|part')" if status in sample.facts else "false"
    )
    part, whole = (number_in_column(engine, sample, one) for one in (column, amount))
    count, rest, spoken = engine.rows(
        f"SELECT count(*), sum({whole} - {part}), count(*) FILTER ({words}) FROM {sample.table} "
        f"WHERE {part} > 0 AND {part} < {whole}"
    )[0]
    if not count or spoken:
        return []
    return [
        f"{LOOK}{column} is read as what was paid of {amount}, and the rest as owed ({rest:,.2f} in {counted(count, 'row')}). If "
        "it is a security deposit, which is given back, take paid out of the map: then that counts as spent"
    ]


def _words_of(engine: Engine, sample: Sample, orders: ProposedMap, owed: str, amount: str) -> list[str]:
    """Give unknown words for a status their meaning, where all their rows owe nothing, or all."""
    rule = orders.fields.get("status", {})
    column = rule.get("field", "")
    if column not in sample.facts or sample.facts[column].distinct > MOST_WORDS:
        return []
    left = f"coalesce({number_in_column(engine, sample, owed)}, 0)"
    whole = number_in_column(engine, sample, amount)
    found = engine.rows(
        f"SELECT {quoted(column)} AS v, bool_and({left} < {CENT}), bool_and(abs({left} - {whole}) < 0.005 AND {left} > 0) "
        f"FROM {sample.table} WHERE v IS NOT NULL AND {whole} > 0 GROUP BY 1 ORDER BY 1"
    )
    means = {str(word): "paid" if none else UNPAID for word, none, every in found if (none or every) and status_of(word) is None}
    if not means or all(one == UNPAID for one in means.values()):
        return []
    orders.fields["status"] = {**rule, "map": {**rule.get("map", {}), **means}}
    paid = [word for word, meaning in means.items() if meaning == "paid"]
    return [f"{column}: of what is {', '.join(paid)} nothing is owed in any row: it is paid"]
