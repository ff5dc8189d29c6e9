"""Addresses that a marketplace or a mail service made to forward mail: `a1b2c3@members.ebay.com`. See `is_relay`.

They reach the person only as long as the marketplace wants. The domains are in relays.csv; others are known by a word for it in
the domain, as `marketplace.shop.example`.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from fullcircle.engine.base import literal

WORDS = "(^|[.-])(relay|privaterelay|mailrelay|marketplaces?|marktplatz|marktplaats|anonymi[sz]ed|masked|forwarder)([.-]|$)"


@cache
def relay_domains() -> tuple[str, ...]:
    """The domains of services that forward mail, in small letters; their subdomains too."""
    text = files("fullcircle.identity").joinpath("relays.csv").read_text(encoding="utf-8")
    return tuple(sorted({line.strip().lower() for line in text.splitlines() if line.strip() and not line.startswith("#")}))


def is_relay(email: str) -> str:
    """SQL: true for an address of such a service."""
    known = "|".join(re.escape(one) for one in relay_domains())
    domain = f"lower(split_part({email}, '@', 2))"
    pattern = literal(rf"(^|\.)({known})$")
    return f"coalesce(regexp_matches({domain}, {pattern}) OR regexp_matches({domain}, {literal(WORDS)}), false)"
