"""Objects whose money is in two columns, one for each side of an account: `Debit` and `Credit`, `Soll` and `Haben`, `Paid in`.

See `both_sides`; two_sides.py reads them.
"""

from __future__ import annotations

import re

from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import plain

SUM = r"(amount|total|sum|value|betrag|bel[oø]b|montant|importe|importo|valor|bedrag|kwota|castka|summa|in)"
DEBIT = (
    r"(debits?|debet|debito|debe|debiteur|dr|soll|dare|winien|wn|ma_dati|md|tartozik|borc|debetbelob|debetbelopp|дебет|借方|金額借方|차변|money_out"
    r"|paid_out|withdrawals?|ausgang|auszahlung|decaissement|uscite|saidas?|af|uit)"
)
CREDIT = (
    r"(credits?|kredit|credito|haber|crediteur|cr|haben|avere|ma|dal|kovetel|alacak|kreditbelob|kreditbelopp|кредит|貸方|金額貸方|대변|money_in|paid_in"
    r"|deposits?|eingang|einzahlung|encaissement|entrate|entradas?|bij)"
)
SIDES = tuple(re.compile(rf"({SUM}_)?{side}(_{SUM})?") for side in (DEBIT, CREDIT))
EITHER = 0.95  # of the rows have money on one of the sides, and not on both


def both_sides(sample: Sample) -> tuple[str, str] | None:
    """The debit and the credit column that have the money of the rows together; None without such."""
    able = [name for name, facts in sample.facts.items() if not facts.filled or facts.number >= 0.9]
    debit, credit = (next((name for name in able if side.fullmatch(plain(name))), "") for side in SIDES)
    both = sample.facts[debit].filled + sample.facts[credit].filled if debit and credit else 0
    return (debit, credit) if both and both >= EITHER * sample.rows else None
