"""The currency of an order as its ISO code: from its column, or else from the mark beside the amount (`12.50 EUR`, `£9`)."""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.engine.base import literal
from fullcircle.mapping.values import filled

# Marks and names that mean one currency only. `$`, `kr` and the like stay as they are: they are used by several.
CODES = {
    "EUR": ("€", "EURO", "EUROS"), "GBP": ("£", "UK£", "GB£", "POUND", "POUNDS"), "USD": ("US$", "$US", "US DOLLAR"),
    "CAD": ("CA$", "C$", "CAN$"), "AUD": ("AU$", "A$"), "NZD": ("NZ$",), "HKD": ("HK$",), "SGD": ("S$", "SG$"), "BRL": ("R$",),
    "MXN": ("MX$",), "INR": ("₹", "RS", "RUPEE", "RUPEES"), "JPY": ("JP¥", "円", "YEN"), "CNY": ("CN¥", "RMB", "元"),
    "KRW": ("₩", "WON"), "RUB": ("₽", "РУБ"), "UAH": ("₴",), "TRY": ("₺", "TL"), "ILS": ("₪",), "VND": ("₫",), "THB": ("฿",),
    "NGN": ("₦",), "PHP": ("₱",), "KZT": ("₸",), "PLN": ("ZŁ", "ZL"), "CZK": ("KČ",), "HUF": ("FT",), "CHF": ("SFR",),
}  # fmt: skip

# The codes of ISO 4217 that are in use.
ISO = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR "
    "ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT "
    "MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD "
    "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND "
    "VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
LISTED = ", ".join(literal(iso) for iso in ISO.split())


def order_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """SQL for the currency of an order. `texts`: canonical column -> SQL of its text."""
    named, amount = texts["currency"], texts["amount"]
    written = code(f"nullif(upper(trim({filled(named)})), '')")
    column = f"CASE WHEN {named} IN ({LISTED}) THEN {named} ELSE {written} END"
    codes = "|".join(ISO.split())  # not any three capitals: the VAT of `10 VAT` is none
    beside = f"nullif(regexp_extract({amount}, '(^|[^A-Za-z])({codes})($|[^A-Za-z])', 2), '')"
    sign = rf"nullif(upper(regexp_extract({amount}, '[A-Za-z]{{0,2}}\p{{Sc}}')), '')"
    in_cell = f"CASE WHEN NOT regexp_full_match({amount}, '[0-9.,-]*') THEN coalesce({beside}, {code(sign, known_only=True)}) END"
    return {"currency": f"coalesce({column}, {in_cell})"}


def code(text: str, known_only: bool = False) -> str:
    """SQL: the ISO code for a mark in capitals; what is not known stays, or becomes null. A map reads the text only once."""
    names = ", ".join(f"{literal(sign)}: {literal(iso)}" for iso, signs in CODES.items() for sign in signs)
    found = f"MAP {{{names}}}[{text}]"
    return found if known_only else f"coalesce({found}, {text})"
