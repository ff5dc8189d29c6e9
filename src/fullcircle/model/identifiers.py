"""The kinds of identifiers: what sources call them, how they are cleaned and compared, how strong they are. One row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdentifierKind:
    """One kind of identifier. A kind that is not listed is kept; it is cleaned as a number and compared as a handle."""

    name: str
    aliases: tuple[str, ...] = ()  # other names that sources use for it, in lower case
    cleaner: str = "number"  # email | phone | handle | number | text: the steps of mapping/reading/contacts.py and phones.py
    compared_as: str = "handle"  # email | phone | handle | number: its comparison in identity/model.py; "": only searched
    strong: bool = False  # the same value alone links two records, unless something contradicts it
    unique: bool = False  # a person has only one, so different values count against a link
    column: bool = False  # `records` has a column of that name, with the first value of the record
    field_class: str = "contact"  # of its values: see field_classes.py


CUSTOMER_NUMBER = "customer_no"  # a source's own number of a customer; those of two sources may be the same for two people

IDENTIFIER_KINDS: dict[str, IdentifierKind] = {
    kind.name: kind
    for kind in (
        IdentifierKind("email", ("e-mail", "mail", "email_address"), "email", "email", column=True),
        IdentifierKind(
            "phone", ("tel", "telephone", "mobile", "cell", "telefon", "sms", "whatsapp"), "phone", "phone", column=True
        ),
        IdentifierKind("fax", cleaner="phone"),
        IdentifierKind("handle", ("twitter", "instagram", "username"), "handle"),
        IdentifierKind("device", ("cookie", "device_id"), "handle", "phone"),
        IdentifierKind("loyalty", ("loyalty_card", "loyalty_number"), strong=True),
        IdentifierKind(
            "tax",
            ("ssn", "vat", "tin", "tax_id", "eu_vat"),
            "number",
            "number",
            strong=True,
            unique=True,
            field_class="sensitive",
        ),
        IdentifierKind("passport", (), "number", "number", strong=True, unique=True, field_class="sensitive"),
        IdentifierKind(
            "licence",
            ("driver_licence", "license", "drivers_license"),
            "number",
            "number",
            strong=True,
            unique=True,
            field_class="sensitive",
        ),
        IdentifierKind("national", ("national_id",), "number", "number", strong=True, unique=True, field_class="sensitive"),
        IdentifierKind("external", ("external_id",), strong=True),
        IdentifierKind(CUSTOMER_NUMBER, (), "text", ""),
    )
}


def kinds_where(test: Callable[[IdentifierKind], bool]) -> tuple[str, ...]:
    """The names of the kinds for which the test is true."""
    return tuple(kind.name for kind in IDENTIFIER_KINDS.values() if test(kind))


DOMAIN = "domain"  # the domain of an organisation's e-mail: derived by identity, never given by a source
COMPARISONS = tuple(dict.fromkeys(kind.compared_as for kind in IDENTIFIER_KINDS.values() if kind.compared_as))
SEARCHED = kinds_where(lambda kind: not kind.compared_as)  # only to be found by
STRONG = kinds_where(lambda kind: kind.strong)
UNIQUE = kinds_where(lambda kind: kind.unique)
UNIQUE_TO_ONE = ("email", "phone", "fax", *STRONG)  # by which an erased person is known again, where nobody else has the value
OF_RECORDS = kinds_where(lambda kind: kind.column)


def is_cleaned_as(column: str, cleaner: str) -> str:
    """SQL: true where the kind in a column is cleaned that way; kinds that are not listed are cleaned as numbers."""
    if cleaner == "number":
        return f"{column} NOT IN {_listed(kinds_where(lambda kind: kind.cleaner != cleaner))}"
    return f"{column} IN {_listed(kinds_where(lambda kind: kind.cleaner == cleaner))}"


def is_compared_as(column: str, comparison: str) -> str:
    """SQL: true where the kind in a column takes part in a comparison; kinds that are not listed are compared as handles."""
    if comparison == "handle":
        return f"{column} NOT IN {_listed((*kinds_where(lambda kind: kind.compared_as != comparison), DOMAIN))}"
    return f"{column} IN {_listed(kinds_where(lambda kind: kind.compared_as == comparison))}"


def is_compared(column: str) -> str:
    """SQL: true where the kind in a column says who is who; a kind that is only searched does not."""
    return f"{column} NOT IN {_listed(SEARCHED)}"


def _listed(names: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"
