"""Whether a discount is money or a share, where the lines cannot prove it later: by the header, a sign, or how it is written.

Lines with a price and an amount, or an amount of their order, prove it (mapping/discount.py). Without these, sums with cents
(`2.00`) are money, unless the header says `%`. Start at `kind_of_discount`.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.currency import in_header
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.items import Items
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.sample import Sample

SHARE = re.compile(
    r"(^|_)(percent|percentage|perc|pct|prozent|prozentsatz|pourcent|pourcentage|porcentaje|porcentagem|percentual|percentuale|procent|procento|procenta"
    r"|procentage|prosentti|prosent|szazalek|yuzde|oran|orani|rate|satz|rabattsatz|taux|tasa|taxa|tasso|aliquota|sats|stawka|sazba|ratio|share|factor|faktor"
    r"|процент|відсоток|ποσοστο|率|割引率|折扣率|할인율)(_|$)|[%％]|prozent$|procent$"
)
MONEY = re.compile(
    r"(^|_)(amount|amt|value|total|sum|money|betrag|summe|montant|valeur|importe|valor|importo|valore|bedrag|belopp|belob|belop|kwota|wartosc|castka|osszeg"
    r"|suma|iznos|tutar|сумма|сума|ποσο|額|割引額|金额|금액|할인액)(_|$)|(betrag|belopp|bedrag)$"
)


def kind_of_discount(engine: Engine | None, sample: Sample, items: Items) -> tuple[Rule, str]:
    """The rule for `discount_kind`, and a sentence; nothing where the lines can prove it, or the values may be shares."""
    column = items.columns.get("discount", "")
    if (
        engine is None
        or column not in sample.facts
        or ("unit_price" in items.columns and ("amount" in items.columns or items.total))
    ):
        return {}, ""
    shown, value = f"trim({quoted(column)})", f"abs({number_in_column(engine, sample, column)})"
    some, cents, large, signs = engine.rows(
        f"SELECT count(*), count(*) FILTER (regexp_matches({shown}, '[.,][0-9]{{2}}([^0-9]|$)')), count(*) FILTER ({value} > 1), "
        f"count(*) FILTER (contains({shown}, '%')) FROM {sample.table} WHERE {value} > 0"
    )[0]
    if not some or signs or not large:
        return {}, ""
    if SHARE.search(plain(column)) or SHARE.search(column):
        return {"value": "percent"}, f"{column}: a percent, as its name says"
    said = bool(MONEY.search(plain(column)) or in_header(column))
    if said or cents >= 0.5 * some:
        why = "as its name says" if said else "as it is written with cents and nothing says that it is a percent"
        return {"value": "money"}, f"{column}: money off the price, {why}"
    return {}, ""
