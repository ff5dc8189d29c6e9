"""The golden fields: the values that represent a customer, and the rule by which each is chosen among its records.

A new golden field is one row here; it must also be a column of `records`. identity/golden.py applies the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class GoldenRule(Enum):
    """How the winning value of a field is chosen; provenance stores the text."""

    FREQUENT = "most frequent, then original script, longest, accents, newest"
    NEWEST = "preferred source, then newest"
    SAID = "whatever record says so, a day before a yes"
    ADDRESS = "the whole address of one record: complete, then preferred source, then newest"


@dataclass(frozen=True, slots=True)
class GoldenField:
    """One golden field. `type` is a property type of the graph."""

    name: str
    rule: GoldenRule
    type: str = "string"
    shown: bool = True  # the 360 view on a screen lists it; the parts of the name are in the full name
    field_class: str = "contact"  # who may see it: see field_classes.py


GOLDEN: tuple[GoldenField, ...] = (
    GoldenField("given_name", GoldenRule.FREQUENT, shown=False),
    GoldenField("middle_name", GoldenRule.FREQUENT, shown=False),
    GoldenField("family_name", GoldenRule.FREQUENT, shown=False),
    GoldenField("full_name", GoldenRule.FREQUENT),
    GoldenField("organisation", GoldenRule.FREQUENT),
    GoldenField("email", GoldenRule.NEWEST),
    GoldenField("phone", GoldenRule.NEWEST),
    GoldenField("birth_date", GoldenRule.FREQUENT, "date", field_class="sensitive"),
    GoldenField("gender", GoldenRule.FREQUENT, field_class="sensitive"),
    # the day of death as the source writes it, or `yes`; empty: nobody says so
    GoldenField("deceased", GoldenRule.SAID, field_class="sensitive"),
    GoldenField("undeliverable", GoldenRule.SAID),  # an e-mail address from which mail came back; empty: nobody says so
    GoldenField("street", GoldenRule.ADDRESS),
    GoldenField("city", GoldenRule.ADDRESS),
    GoldenField("postcode", GoldenRule.ADDRESS),
    GoldenField("region", GoldenRule.ADDRESS, shown=False, field_class="plain"),
    GoldenField("country", GoldenRule.ADDRESS, field_class="plain"),
)
GOLDEN_FIELDS = tuple(field.name for field in GOLDEN)


def chosen_by(rule: GoldenRule) -> tuple[str, ...]:
    """The names of the fields that a rule chooses."""
    return tuple(field.name for field in GOLDEN if field.rule is rule)
