"""Rows that a rule of a ruleset sends to quarantine. The gate moves them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetAside:
    """`broken`: SQL over a row of the conformed table, true for these rows. With the id of the rule, and the reason."""

    rule: str
    broken: str
    reason: str
