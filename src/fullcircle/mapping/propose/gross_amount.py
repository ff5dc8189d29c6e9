"""Which of several sums is what the customer pays: with tax, before the fees of a payment service, and all of a bill, not only
what was paid of it. Names in many languages say it, and arithmetic: net and tax are gross. Start at `what_is_paid`.

Where two columns may be the amount and differ, and no name or sum decides, a person is asked to look: `undecided`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.grain import decimal_comma, number
from fullcircle.mapping.propose.guess import is_staff, plain, words
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted

CLOSE = 0.021
NEARLY, MOSTLY = 0.95, 0.9  # of the rows
MOST, LISTED = 12, 36  # columns of numbers that are tried
TAX = re.compile(
    r"(^|_)(tax|taxes|tax_amount|tax_total|total_tax|vat|gst|hst|mwst\w*|ust|umsatzsteuer|mehrwertsteuer|steuer|steuerbetrag|tva|taxe|iva|i_v_a|imposto"
    r"|impostos|impuesto|impuestos|imposta|imposte|btw|btw_bedrag|moms|momsbelob|momsbelopp|mva|mvabelop|alv|podatek|kwota_vat|dph|afa|pdv|ddv|kdv|ндс|пдв"
    r"|ддс|φπα|消費税|消費税額|税額|税金|税额|稅額|부가세|세액|thue)(_|$)"
)
NET = re.compile(
    r"(^|_)(net|netto|neto|neta|nette|nettobetrag|nettosumme|nettowert|nettobelopp|nettobelob|ht|hors_taxes?|excl\w*|ex|exkl|ex_tax|ex_vat|exvat|sin_iva"
    r"|senza_iva|sem_iva|sans_tva|zonder_btw|uden_moms|utan_moms|uten_mva|bez_dph|bez_vat|base_imponible|imponibile|liquido|liquida|sub_?total|subtotaal"
    r"|zwischensumme|sous_total|delsumma|subtotale|payout|税抜|税抜き|税抜金額|未税|不含税|공급가|공급가액)(_|$)|^netto\w+$"
)
GROSS = re.compile(
    r"(^|_)(gross|brutto|bruto|bruttobetrag|bruttosumme|bruttobelopp|bruttobelob|ttc|incl\w*|inc|inkl\w*|with_tax|with_vat|con_iva|con_impuestos|com_iva"
    r"|ivato|ivata|iva_inclusa|avec_tva|met_btw|med_moms|med_mva|s_dph|z_vat|kdv_dahil|с_ндс|з_пдв|税込|税込み|税込金額|含税|價稅合計|价税合计|합계금액)(_|$)|^brutto\w+$"
)
LESSENED = re.compile(  # what explains that a net sum is less than another and still what the customer pays
    r"(^|_)(discounts?|rabatt\w*|nachlass|remise|reduction|descuentos?|sconto|sconti|desconto|korting|rabat|alennus|sleva|kedvezmeny|popust|indirim|скидка"
    r"|знижка|割引|値引|折扣|할인|coupon|voucher|gift_certificate|gutschein)(_|$)"
)
BEFORE = re.compile(  # what it would have been without a discount
    r"(^|_)(unreduced|undiscounted|un_?discounted|list_total|list_price|full_price|rrp|msrp|uvp)(_|$)"
    r"|(^|_)(before|pre|prior_to|vor|ohne|avant|hors|antes_del?|antes_do|prima_dell[ao]|voor|for|fore|ennen|przed|pred)_"
    r"(discounts?|reductions?|rabatt\w*|nachlass|remises?|descuentos?|sconto|sconti|desconto|korting|rabat\w*|alennus\w*|slevou)(_|$)"
)
VOUCHER = re.compile(r"voucher|gift|gutschein|coupon")
NO_SUM = re.compile(
    r"(^|_)(fees?|gebuhr\w*|gebuehr\w*|frais|comision|commission\w*|taxa|kosten|cost|costs|shipping|versand\w*|porto|tip|rate|kurs|cambio|exchange\w*|qty|quantity"
    r"|menge|anzahl|id|no|nr|number|code|phone|zip|postcode|year|percent|prozent|points|days|tage|balance|saldo|original\w*|old|previous)(_|$)"
)

FEE = re.compile(  # what a course or a membership costs; alone, it may be that of a payment service
    r"^((course|class|tuition|programme|program|camp|session|term|total|participation)_)?(fees?|price|cost|tuition)$|^(kurs|teilnahme|lehrgangs)?(gebuhr|gebuehr|beitrag|preis)$"
    r"|^(frais|tarif|cout|prix|cuota|precio|quota|costo|mensalidade|kosten|lesgeld|cursusgeld|avgift|kursavgift|gebyr|kursusgebyr|oplata|cena|poplatek|kurzovne|dij)$"
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The column of the amount, what it was before, and why it was changed; `paid`: the old one is what was paid of it."""

    column: str
    said: str = ""
    paid: bool = False


def is_paid(name: str) -> bool:
    """True for a column that is called what was paid: `Amount paid`, `Bezahlt`, `Kwota opłacona`."""
    return plain(name) in words()["columns"]["orders"]["paid"]


def what_is_paid(engine: Engine | None, sample: Sample, amount: str, among: Collection[str] | None = None) -> Chosen:
    """The column that the customer pays, where `amount` was taken for it by its name. `among`: only these may be it."""
    facts = sample.facts.get(amount)
    if engine is None or not sample.table or facts is None:
        return Chosen(amount)
    numbers = [
        name for name, each in sample.facts.items()
        if name != amount and each.filled and each.number >= MOSTLY and each.date < MOSTLY and not is_staff(name)
    ][:LISTED]  # fmt: skip
    able = [name for name in numbers if (among is None or name in among) and _may_be(name)][:MOST]
    if proved := _settled(engine, sample, [amount, *able], numbers):
        said = f"{proved.whole} is the amount: {proved.paid} and {proved.owed} together are that in {proved.share}"
        return Chosen(amount) if proved.whole == amount else Chosen(proved.whole, said)
    return _by_parts(engine, sample, amount, able, numbers)


def _by_parts(engine: Engine, sample: Sample, amount: str, able: Sequence[str], numbers: Sequence[str]) -> Chosen:
    """The sum with tax and without a discount, by arithmetic and names."""
    name = plain(amount)
    for one in able if not is_paid(amount) else ():
        if off := _without_discount(engine, sample, amount, one, numbers):
            said = f"{one} is {amount} without {off}: it is the amount, as that is what the customer pays"
            taxed = what_is_paid(engine, sample, one, {*able} - {amount, one})
            return taxed if taxed.said else Chosen(one, said)
    if not GROSS.search(name):
        for one in able:
            if tax := _with_tax(engine, sample, amount, one, numbers):
                return Chosen(one, f"{one} is {amount} and {tax}: it is the amount, as that is what the customer pays")
    more = [one for one in able if _is_more(engine, sample, one, amount)]
    if is_paid(amount):
        fees = [one for one in numbers if FEE.search(plain(one)) and _is_more(engine, sample, one, amount)]
        best = _best(more) or "".join(fees[:1])
        said = f"{best} is the amount of an order, and {amount} what was paid of it"
        return Chosen(best, said, paid=True) if best else Chosen(amount)
    more = [one for one in more if not is_paid(one) and not _lessened(engine, sample, one, amount, numbers)]
    if GROSS.search(name) or name.startswith("total_") or name == "total":
        return Chosen(amount)
    if not NET.search(name):
        more = [one for one in more if GROSS.search(plain(one))]
    best = _best(more)
    return Chosen(best, f"{best} is the amount, as it is what the customer pays: {amount} is less") if best else Chosen(amount)


@dataclass(frozen=True, slots=True)
class _Settled:
    """What was paid and what is owed are together this sum."""

    whole: str
    paid: str
    owed: str
    share: str


def _settled(engine: Engine, sample: Sample, able: Sequence[str], numbers: Sequence[str]) -> _Settled | None:
    """Of several sums the one that was paid or is owed, where columns say both; None where they do not, or fit none."""
    both = [*dict.fromkeys([*able, *numbers])]
    sides = [(paid, owed) for paid in both if is_paid(paid) for owed in both if _owed(plain(owed))]
    best: tuple[int, _Settled] | None = None
    for paid, owed in sides[:4]:
        was, left = (f"coalesce({_number(engine, sample, one)}, 0)" for one in (paid, owed))
        for one in [name for name in able if name not in {paid, owed}]:
            fits, of, parts = engine.rows(
                f"SELECT count(*) FILTER (abs({was} + {left} - {_number(engine, sample, one)}) <= {CLOSE}), count(*), "
                f"count(*) FILTER (abs({was}) > {CLOSE}) FROM {sample.table} WHERE abs({was} + {left}) > {CLOSE}"
            )[0]
            if parts and fits >= NEARLY * of and fits > (best[0] if best else 0):
                best = (int(fits), _Settled(one, paid, owed, f"{fits:,} of {counted(int(of), 'row')}"))
    return best[1] if best else None


def undecided(engine: Engine | None, sample: Sample, amount: str, taken: Collection[str]) -> str:
    """A sentence with both sums, where another column could be the amount as well; "" if there is none."""
    if engine is None or not sample.table or amount not in sample.facts or is_paid(amount):
        return ""
    known = {*words()["columns"]["orders"]["amount"]}
    numbers = [name for name, each in sample.facts.items() if each.filled and each.number >= MOSTLY and name != amount]
    for one in [each for each in numbers if each not in taken and plain(each) in known and _may_be(each)][:MOST]:
        name = plain(one)
        if is_paid(one) or NET.search(name) or GROSS.search(name) or GROSS.search(plain(amount)):
            continue
        a, b = _number(engine, sample, amount), _number(engine, sample, one)
        rows = f"FROM {sample.table} WHERE {a} IS NOT NULL AND {b} IS NOT NULL"
        differ, first, second = engine.rows(f"SELECT count(*) FILTER (abs({a} - {b}) > {CLOSE}), sum({a}), sum({b}) {rows}")[0]
        others = [each for each in numbers if each != one]
        if differ and not any(_is_sum_of(engine, sample, x, y, z) for z in others for x, y in ((one, amount), (amount, one))):
            return (
                f"{LOOK}amount: {amount} ({first:,.2f} together) is read, but {one} ({second:,.2f} together) could be the amount "
                f"too: they differ in {counted(int(differ), 'row')}. Map the one that the customer pays"
            )
    return ""


def _may_be(name: str) -> bool:
    text = plain(name)
    return (
        not BEFORE.search(text)
        and not (TAX.search(text) and not GROSS.search(text))
        and not LESSENED.search(text)
        and not NO_SUM.search(text)
        and not _owed(text)
    )


def _owed(text: str) -> bool:
    return text in words()["columns"]["orders"]["unpaid"]


def _best(names: Sequence[str]) -> str:
    """The one of these that is called a sum with tax, else the one that is called an amount."""
    known = [*words()["columns"]["orders"]["amount"], *words()["columns"]["order_lines"]["amount"], "value", "valor", "charge"]
    gross = [one for one in names if GROSS.search(plain(one))]
    called = [one for one in names if plain(one) in known and not NET.search(plain(one))]
    return next(iter([*gross, *sorted(called, key=lambda one: known.index(plain(one)))]), "")


def _number(engine: Engine, sample: Sample, name: str) -> str:
    return number(name, decimal_comma(engine, sample, name) or None)


def _with_tax(engine: Engine, sample: Sample, net: str, gross: str, numbers: Sequence[str]) -> str:
    """The column of the tax that is the difference of the two; "" if none is."""
    clear = GROSS.search(plain(gross)) or NET.search(plain(net))
    able = [one for one in numbers if not (LESSENED.search(plain(one)) or is_paid(one) or _owed(plain(one)))]
    for tax in able:
        if tax != gross and (TAX.search(plain(tax)) or clear) and _is_sum_of(engine, sample, gross, net, tax):
            return tax
    return ""


def _without_discount(engine: Engine, sample: Sample, whole: str, rest: str, numbers: Sequence[str]) -> str:
    """The column of a discount without which the rest is the whole; "" if none is. A voucher is a way to pay."""
    off = [one for one in numbers if LESSENED.search(plain(one)) and not VOUCHER.search(plain(one))]
    return next((one for one in off if _is_sum_of(engine, sample, whole, rest, one)), "")


def _lessened(engine: Engine, sample: Sample, whole: str, rest: str, numbers: Sequence[str]) -> bool:
    """True if the rest is the whole without a discount: it is what the customer pays."""
    return any(LESSENED.search(plain(one)) and _is_sum_of(engine, sample, whole, rest, one) for one in numbers)


def _is_sum_of(engine: Engine, sample: Sample, whole: str, a: str, b: str) -> bool:
    if len({whole, a, b}) < 3:
        return False
    total, one, other = (_number(engine, sample, name) for name in (whole, a, b))
    fits = f"abs(abs({total}) - abs({one}) - abs(coalesce({other}, 0))) <= {CLOSE}"
    rows = f"FROM {sample.table} WHERE {total} IS NOT NULL AND {one} IS NOT NULL"
    some = f"abs({other}) > {CLOSE}"  # where the other is nothing, any two sums that are the same fit
    proved = f"count(*) FILTER ({some}) > 0 AND count(*) FILTER ({some} AND {fits}) >= {MOSTLY} * count(*) FILTER ({some})"
    return bool(engine.value(f"SELECT count(*) > 0 AND {proved} AND count(*) FILTER ({fits}) >= {MOSTLY} * count(*) {rows}"))


def _is_more(engine: Engine, sample: Sample, more: str, less: str) -> bool:
    """True if a sum is never less than another, nearly, and is more somewhere, but not of another size."""
    a, b = _number(engine, sample, more), _number(engine, sample, less)
    rows = f"FROM {sample.table} WHERE {a} IS NOT NULL AND {b} IS NOT NULL"
    never = f"count(*) FILTER (abs({a}) >= abs({b}) - {CLOSE} AND {a} * {b} >= 0) >= {NEARLY} * count(*)"
    some = f"count(*) FILTER (abs({a}) > abs({b}) + {CLOSE}) > 0"
    size = f"count(*) FILTER ({b} <> 0 AND abs({a}) <= 2.5 * abs({b})) >= 0.5 * count(*) FILTER ({b} <> 0)"
    filled = f"count(*) >= 0.5 * (SELECT count(*) FROM {sample.table} WHERE {b} IS NOT NULL)"
    return bool(engine.value(f"SELECT count(*) > 0 AND {never} AND {some} AND {size} AND {filled} {rows}"))
