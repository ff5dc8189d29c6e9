"""Tax numbers of companies: with the prefix of its own country, `PL7393921146`, it is the bare one.

See `without_prefix` and `meet_bare`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal

# The prefix of a country, and what is behind it; the country's code where it is another.
FORMS = {
    "AT": r"U?\d{8}", "BE": r"[01]?\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "GR": r"\d{9}", "ES": r"[A-Z\d]\d{7}[A-Z\d]",
    "FI": r"\d{8}", "FR": r"[A-Z\d]{2}\d{9}",
    "GB": r"\d{9}(?:\d{3})?", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z\d]\d{5}[A-Z]{1,2}", "IT": r"\d{11}",
    "LT": r"\d{9}(?:\d{3})?", "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}", "NO": r"\d{9}(?:MVA)?",
    "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}",
    "CHE": r"\d{9}(?:MWST|TVA|IVA)?",
}  # fmt: skip
COUNTRIES = {"EL": "GR", "CHE": "CH"}
_ENDINGS = {"NO": "MVA", "CHE": "(?:MWST|TVA|IVA)"}


def without_prefix(number: str, country: str) -> str:
    """SQL: a cleaned number without the prefix of `country` (SQL: an ISO code), as firms write it at home."""
    cases = "".join(
        f"WHEN {country} = {literal(COUNTRIES.get(prefix, prefix))} AND regexp_full_match({number}, {literal(prefix + form)}) "
        f"THEN regexp_replace({number}, {literal(_around(prefix))}, '', 'g') "
        for prefix, form in FORMS.items()
    )
    return f"CASE {cases}ELSE {number} END"


def meet_bare(engine: Engine) -> None:
    """A cleaned number with a prefix is the bare one that another record has, unless that is of another country."""
    country = " ".join(
        f"WHEN regexp_full_match(value, {literal(prefix + form)}) THEN {literal(COUNTRIES.get(prefix, prefix))}"
        for prefix, form in FORMS.items()
    )
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE bare_numbers AS
        WITH numbers AS (SELECT DISTINCT i.value, r.country FROM clean_identifiers i LEFT JOIN clean_records r USING (record_id)
                WHERE i.kind = 'tax' AND i.value IS NOT NULL),
            prefixed AS (SELECT value, CASE {country} END AS home FROM (SELECT DISTINCT value FROM numbers))
        SELECT DISTINCT p.value, n.value AS bare FROM prefixed p JOIN numbers n
            ON n.value = {without_prefix("p.value", "p.home")} AND n.value <> p.value
        WHERE p.home IS NOT NULL AND coalesce(n.country, p.home) = p.home""")
    engine.run(
        "UPDATE clean_identifiers SET value = bare FROM bare_numbers b WHERE kind = 'tax' AND clean_identifiers.value = b.value; "
        "DROP TABLE temp.bare_numbers"
    )


def _around(prefix: str) -> str:
    own = "ATU?" if prefix == "AT" else prefix
    return f"^{own}|{_ENDINGS[prefix]}$" if prefix in _ENDINGS else f"^{own}"
