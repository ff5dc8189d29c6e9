"""A `name` beside first and last name that is not theirs is the company's. See `company_name`."""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.reading.organisations import is_organisation

NAMES = (
    "name",
    "customer_name",
    "client_name",
    "party_name",
    "debtor_name",
    "name1",
    "name_1",
    "kundenname",
    "nazwa",
    "nom_client",
)
FEW, SOME = 0.1, 0.3  # of the filled names are those of the person; look like a company's


def company_name(engine: Engine | None, sample: Sample, columns: Mapping[str, str]) -> str:
    """The column of the companies' names; "" where it holds the people's names, or nobody knows."""
    if engine is None or not sample.table or "organisation" in columns or not {"given_name", "family_name"} <= columns.keys():
        return ""
    given, family = (text_of(columns[one]) for one in ("given_name", "family_name"))
    for column, facts in sample.facts.items():
        if (
            plain(column) not in NAMES
            or column in columns.values()
            or not facts.filled
            or facts.number > FEW
            or facts.email > FEW
        ):
            continue
        name = text_of(column)
        theirs = f"lower({name}) IN (lower({given}), lower({family}), " + ", ".join(
            f"lower(concat_ws('{between}', {first}, {last}))"
            for first, last in ((given, family), (family, given)) for between in (" ", ", ")
        ) + ")"  # fmt: skip
        own, firms, lacking = engine.rows(
            f"SELECT count(*) FILTER ({theirs}), count(*) FILTER ({is_organisation(name)}), count(*) FILTER ({name} IS NULL AND "
            f"{family} IS NOT NULL) FROM {sample.table}"
        )[0]
        if own <= FEW * facts.filled and (firms >= SOME * facts.filled or (lacking and firms)):
            return column
    return ""
