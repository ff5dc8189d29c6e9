"""General ledgers: beside debit and credit, an `Account Name` is that of the books, and nobody's. See `without_accounts`."""

from __future__ import annotations

import re
from collections.abc import Mapping

DEBIT = re.compile(r"(^|_)(debit|debet|soll|debe|debito|dare|wn|winien|дебет)(_|$)")
CREDIT = re.compile(r"(^|_)(credit|kredit|haben|haber|credito|avere|ma|кредит)(_|$)")
ACCOUNT = re.compile(
    r"^(ledger_|gl_|g_l_)?(account|konto|kontobezeichnung|kontoname|compte|cuenta|conto|conta|grootboekrekening|счет)(_|$)"
)


def without_accounts(names: Mapping[str, str]) -> dict[str, str]:
    """The plain names of fields -> field, without those of accounts where there are two sides."""
    if not (any(map(DEBIT.search, names)) and any(map(CREDIT.search, names))):
        return {**names}
    return {name: each for name, each in names.items() if not ACCOUNT.match(name)}
