"""The currency of an order as its ISO code: from its column, or else from the mark beside the amount (`12.50 EUR`, `£9`)."""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.engine.base import literal

# Marks and names that mean one currency only. `$`, `kr` and the like stay as they are: they are used by several.
CODES = {
    "EUR": ("€", "EURO", "EUROS"), "GBP": ("£", "UK£", "GB£", "POUND", "POUNDS"), "USD": ("US$", "$US", "US DOLLAR"),
    "CAD": ("CA$", "C$", "CAN$"), "AUD": ("AU$", "A$"), "NZD": ("NZ$",), "HKD": ("HK$",), "SGD": ("S$", "SG$"), "BRL": ("R$",),
    "MXN": ("MX$",), "INR": ("₹", "RS", "RUPEE", "RUPEES"), "JPY": ("JP¥", "円", "YEN"), "CNY": ("CN¥", "RMB", "元"),
    "KRW": ("₩", "WON"), "RUB": ("₽", "РУБ"), "UAH": ("₴",), "TRY": ("₺", "TL"), "ILS": ("₪",), "VND": ("₫",), "THB": ("฿",),
    "NGN": ("₦",), "PHP": ("₱",), "KZT": ("₸",), "PLN": ("ZŁ", "ZL"), "CZK": ("KČ",), "HUF": ("FT",), "CHF": ("SFR",),
}  # fmt: skip


def order_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """SQL for the currency of an order. `texts`: canonical column -> SQL of its text."""
    named, amount = texts["currency"], texts["amount"]
    column = code(f"nullif(upper(trim({named})), '')")
    beside = rf"nullif(regexp_extract({amount}, '(^|[^A-Za-z])([A-Z]{{3}})($|[^A-Za-z])', 2), '')"
    mark = rf"nullif(upper(regexp_extract({amount}, '[A-Za-z]{{0,2}}\p{{Sc}}')), '')"
    return {"currency": f"coalesce({column}, {beside}, {code(mark, known_only=True)})"}


def code(text: str, known_only: bool = False) -> str:
    """SQL: the ISO code for a mark in capitals; what is not known stays, or becomes null."""
    names = " ".join(f"WHEN {literal(mark)} THEN {literal(iso)}" for iso, marks in CODES.items() for mark in marks)
    return f"CASE {text} {names} {'' if known_only else f'ELSE {text} '}END"
