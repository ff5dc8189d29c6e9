"""The currency of an amount as its ISO code: from the header, from its column, or from the mark in the cell (`12.50 EUR`, `£9`).

A header that names a currency (`Amount (EUR)`) speaks of the amount itself: it goes before a column that names another one, which
is then that of something else (of the customer, of the sum before it was converted). A cell that names another currency than its
header or its column (`€9` with USD beside it) is not known to be either: it becomes unreadable, so its row goes to quarantine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from fullcircle.config.sections import FieldRule
from fullcircle.engine.base import literal
from fullcircle.mapping.fields import names_in
from fullcircle.mapping.reading.values import filled

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


# For each table whose money has a currency: the column of the money, and that of its currency.
MONEY_OF = {"orders": ("amount", "currency"), "interactions": ("amount", "currency"), "products": ("price", "price_currency")}
OTHER = " \u2260 "  # between an amount whose cell names one currency, and the other one that is named for it
# Marks that are read as the first of these mean one of the others as well, where those are named: Rs, £, 元.
SHARED = {
    "INR": "PKR LKR NPR MUR SCR BTN", "GBP": "EGP FKP GIP SHP SSP SDG SYP LBP GGP JEP IMP", "CNY": "TWD HKD MOP JPY",
    "JPY": "CNY", "KRW": "KPW", "RUB": "BYN", "TRY": "CYP",
}  # fmt: skip
_WORDS = ["ALL", "ANG", "BAM", "COP", "CUP", "GEL", "LAK", "MOP", "PEN", "SOS", "TOP", "TRY"]  # codes that are words too
_IN_HEADER = re.compile(r"[(\[]\s*([^()\[\]]{1,12}?)\s*[)\]]\s*$|(?:^|[ _.-])(?:in[ _.-])?([^\s_.()\[\]-]{1,4})$")


def in_header(name: str) -> str:
    """The currency that a header ends with: `Amount (EUR)`, `Betrag in CHF`, `total_eur`, `Price €`; "" if there is none."""
    found = _IN_HEADER.search(name)
    if not found:
        return ""
    word, apart = (found.group(1) or found.group(2)).upper(), bool(found.group(1))
    by_sign = {sign: iso for iso, signs in CODES.items() for sign in signs if not sign.isascii() or "$" in sign}
    if word in by_sign:
        return by_sign[word]
    return word if word in ISO.split() and (word not in _WORDS or (apart and word == "TRY")) else ""


def currency_texts(texts: Mapping[str, str], table: str, rules: Mapping[str, FieldRule]) -> dict[str, str]:
    """SQL for the currency of an amount of money: as the header of the amount says, its column, or the mark in its cell.

    The amount itself gets the mark OTHER, and so cannot be read, if its cell names another currency.
    `texts`: canonical column -> SQL of its text; `rules` say what fills it. Tables without money have none.
    """
    if table not in MONEY_OF:
        return {}
    money, currency = MONEY_OF[table]
    named, amount, rule = texts[currency], texts[money], rules.get(money)
    headers = {iso for name in names_in(rule) if (iso := in_header(name))} if rule else set()
    if len(headers) == 1:
        named_by = literal(headers.pop())
        return {currency: f"CASE WHEN {amount} IS NOT NULL THEN {named_by} END", money: _agreeing(amount, named_by)}
    written = code(f"nullif(upper(trim({filled(named)})), '')")
    column = f"CASE WHEN {named} IN ({LISTED}) THEN {named} ELSE {written} END"
    return {currency: f"coalesce({column}, {in_cell(amount)})", money: _agreeing(amount, column) if currency in rules else amount}


def _agreeing(amount: str, named: str) -> str:
    """SQL: the amount; with OTHER and the currency named for it behind it, if its cell names another one."""
    found = in_cell(amount)
    shared = ", ".join(literal(f"{ours} {theirs}") for ours, others in SHARED.items() for theirs in others.split())
    other = f"{found} <> {named} AND {named} IN ({LISTED}) AND {found} || ' ' || {named} NOT IN ({shared})"
    return f"CASE WHEN {other} THEN {amount} || {literal(OTHER)} || {named} ELSE {amount} END"


def in_cell(amount: str) -> str:
    """SQL: the currency that the text of an amount names: `12.50 EUR`, `£9`; null if it names none."""
    codes = "|".join(ISO.split())  # not any three capitals: the VAT of `10 VAT` is none
    beside = f"nullif(regexp_extract({amount}, '(^|[^A-Za-z])({codes})($|[^A-Za-z])', 2), '')"
    sign = rf"nullif(upper(regexp_extract({amount}, '[A-Za-z]{{0,2}}\p{{Sc}}')), '')"
    word = f"nullif(upper(regexp_extract(trim({amount}), '[\\p{{L}}]+$|^[\\p{{L}}]+')), '')"  # 500 Ft, 500 Kč, zł 5
    named = f"coalesce({beside}, {code(sign, known_only=True)}, {code(word, known_only=True)})"
    return f"CASE WHEN NOT regexp_full_match({amount}, '[0-9.,-]*') THEN {named} END"


def code(text: str, known_only: bool = False) -> str:
    """SQL: the ISO code for a mark in capitals; what is not known stays, or becomes null. A map reads the text only once."""
    names = ", ".join(f"{literal(sign)}: {literal(iso)}" for iso, signs in CODES.items() for sign in signs)
    found = f"MAP {{{names}}}[{text}]"
    return found if known_only else f"coalesce({found}, {text})"
