"""The currency of an amount as its ISO code: from the header, from its column, or from the mark in the cell (`12.50 EUR`, `£9`).

A header that names a currency (`Amount (EUR)`) speaks of the amount itself: it goes before a column that names another one, which
is then that of something else (of the customer, of the sum before it was converted). A cell that names another currency than its
header or its column (`€9` with USD beside it) is not known to be either: it becomes unreadable, so its row goes to quarantine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from fullcircle.config.sections import FieldRule
from fullcircle.engine.base import literal
from fullcircle.mapping.fields import names_in
from fullcircle.mapping.reading.values import filled

# Marks and names that mean one currency only. `$`, `kr` and the like stay as they are: they are used by several.
CODES = {
    "EUR": ("€", "EURO", "EUROS"), "GBP": ("£", "UK£", "GB£", "POUND", "POUNDS"), "USD": ("US$", "$US", "US DOLLAR"),
    "CAD": ("CA$", "C$", "CAN$"), "AUD": ("AU$", "A$"), "NZD": ("NZ$",), "HKD": ("HK$",), "SGD": ("S$", "SG$"), "BRL": ("R$",),
    "MXN": ("MX$",), "INR": ("₹", "RS", "RUPEE", "RUPEES"), "JPY": ("JP¥", "円", "YEN"), "CNY": ("CN¥", "RMB", "元"),
    "KRW": ("₩", "WON"),
    "RUB": ("₽", "РУБ"), "UAH": ("₴",), "TRY": ("₺", "TL", "TRL", "YTL"), "ILS": ("₪", "NIS"), "VND": ("₫",), "THB": ("฿",),
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
WORD = r"[^\x00-@\[-`{-\x{A0}\x{2000}-\x{206F}]"  # a letter or a sign: a class of all letters takes milliseconds to prepare
LISTED = ", ".join(literal(iso) for iso in ISO.split())


# For each table whose money has a currency: the column of the money, and that of its currency.
MONEY_OF = {"orders": ("amount", "currency"), "interactions": ("amount", "currency"), "products": ("price", "price_currency")}
OTHER = " \u2260 "  # between an amount whose cell names one currency, and the other one that is named for it
# Marks that are read as the first of these mean one of the others as well, where those are named: Rs, £, 元.
SHARED = {
    "INR": "PKR LKR NPR MUR SCR BTN", "GBP": "EGP FKP GIP SHP SSP SDG SYP LBP GGP JEP IMP", "CNY": "TWD HKD MOP JPY",
    "JPY": "CNY", "KRW": "KPW", "RUB": "BYN", "TRY": "CYP",
}  # fmt: skip
_BOTH = ", ".join(literal(f"{ours} {theirs}") for ours, others in SHARED.items() for theirs in others.split())
# SQL: the amount; with OTHER and the currency named for it behind it, if its cell names another one.
_AGREEING = f"""CASE WHEN _cell <> _named AND _named IN ({LISTED}) AND _cell || ' ' || _named NOT IN ({_BOTH})
    THEN {{amount}} || {literal(OTHER)} || _named ELSE {{amount}} END"""
_WORDS = ["ALL", "ANG", "BAM", "COP", "CUP", "GEL", "LAK", "MOP", "PEN", "SOS", "TOP", "TRY"]  # codes that are words too
_IN_HEADER = re.compile(r"[(\[]\s*([^()\[\]]{1,12}?)\s*[)\]]\s*$|(?:^|[ _.-])(?:in[ _.-])?([^\s_.()\[\]-]{1,4})$")


def in_header(name: str) -> str:
    """The currency that a header ends with: `Amount (EUR)`, `Betrag in CHF`, `total_eur`, `Price €`; "" if there is none."""
    found = _IN_HEADER.search(name)
    if not found:
        return ""
    word, apart = (found.group(1) or found.group(2)).upper(), bool(found.group(1))
    by_sign = {sign: iso for iso, signs in CODES.items() for sign in signs if apart or not sign.isascii() or "$" in sign}
    if word in by_sign:
        return by_sign[word]
    return word if word in ISO.split() and (word not in _WORDS or (apart and word == "TRY")) else ""


def with_currency(select: str, table: str, rules: Mapping[str, FieldRule]) -> str:
    """SQL: the rows of `select` (all columns of the table as text), with the currency of their money.

    It is as the header of the amount says, its column, or the mark in its cell. The amount itself gets the mark OTHER, and so
    cannot be read, if its cell names another currency. `rules` say what fills the columns. Tables without money stay as they are.
    """
    if table not in MONEY_OF:
        return select
    money, currency = MONEY_OF[table]
    if money not in rules and currency not in rules:
        return select
    header = header_currency([rules[money]] if money in rules else [])
    if header:
        named = literal(header)
        said = f"CASE WHEN {money} IS NOT NULL THEN _named END"
    else:
        written = code(f"nullif(upper(trim({filled(currency)})), '')")
        named = f"CASE WHEN {currency} IN ({LISTED}) THEN {currency} ELSE {written} END"
        said = "coalesce(_named, _cell)"
    amount = _AGREEING.format(amount=money) if header or currency in rules else money
    read = f"SELECT *, {in_cell(money)} AS _cell, {named} AS _named FROM ({select})"
    return f"SELECT * EXCLUDE (_cell, _named) REPLACE ({said} AS {currency}, {amount} AS {money}) FROM ({read})"


def header_currency(rules: Iterable[FieldRule]) -> str:
    """The one currency that the headers named in the rules of amounts end with; "" if there is none or more than one."""
    headers = {iso for rule in rules for name in names_in(rule) if (iso := in_header(name))}
    return headers.pop() if len(headers) == 1 else ""


def in_cell(amount: str) -> str:
    """SQL: the currency that the text of an amount names: `12.50 EUR`, `£9`; null if it names none."""
    # Not any three capitals: the VAT of `10 VAT` is no currency.
    beside = f"list_filter(regexp_extract_all({amount}, '[A-Za-z]+'), lambda word: word IN ({LISTED}))[1]"
    sign = rf"nullif(upper(regexp_extract({amount}, '[A-Za-z]{{0,2}}\p{{Sc}}')), '')"
    word = f"nullif(upper(regexp_extract(trim({amount}), '{WORD}+$|^{WORD}+')), '')"  # 500 Ft, 500 Kč, zł 5
    named = f"coalesce({beside}, {code(sign, known_only=True)}, {code(word, known_only=True)})"
    return f"CASE WHEN NOT regexp_full_match({amount}, '[0-9.,-]*') THEN {named} END"


def code(text: str, known_only: bool = False) -> str:
    """SQL: the ISO code for a mark in capitals; what is not known stays, or becomes null. A map reads the text only once."""
    names = ", ".join(f"{literal(sign)}: {literal(iso)}" for iso, signs in CODES.items() for sign in signs)
    found = f"MAP {{{names}}}[{text}]"
    return found if known_only else f"coalesce({found}, {text})"
