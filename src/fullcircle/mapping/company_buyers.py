"""Companies that a shop knows by the person who orders, and the books by their name: both are the company. See `company_buyers`.

A shop has `Radka Malá, Dílna Malá s.r.o.` with the e-mail, the tax number and the address of the company; its invoices are to the
company. Where name, way to reach it, and tax number or address are all the same, the row is the account of the company, if sales
name the row, or if the company has the person's family name, and the row a tax number or the company no legal form.
A contact with an own e-mail, one of several contacts, one whom a source has beside the company, or one who buys nothing, works
there and stays a person.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.mapping.corrections import LOST
from fullcircle.mapping.reading.organisations import is_organisation
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress


def company_buyers(engine: Engine, progress: Progress) -> None:
    """Make organisations of the cleaned records of people that are the account of a company of which a record is there."""
    able = "kind = 'person' AND organisation IS NOT NULL AND (email IS NOT NULL OR phone IS NOT NULL)"
    if not engine.value(f"SELECT count(*) FROM clean_records WHERE {able}"):
        return
    buyers = f"SELECT record_id FROM staged_orders WHERE coalesce(status, '') NOT IN ({LOST})"
    tax = "SELECT record_id, list(DISTINCT value) AS numbers FROM clean_identifiers WHERE kind = 'tax' GROUP BY record_id"
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE company_accounts AS
        WITH known AS (
            SELECT r.record_id, r.source, r.object, r.kind, {_folded("organisation")} AS name, lower(email) AS email, phone,
                t.numbers, {_folded("street")} || '|' || {_folded("postcode")} AS place, {_folded("full_name")} AS person,
                contains({_words("organisation")}, {_words("family_name")})
                    AND (t.numbers IS NOT NULL OR NOT {is_organisation("organisation")}) AS named
            FROM clean_records r LEFT JOIN ({tax}) t USING (record_id) WHERE organisation IS NOT NULL),
        alike AS (
            SELECT p.record_id, p.source, p.object, p.name, p.named AND (p.source, p.object) <> (o.source, o.object) AS named
            FROM known p JOIN known o ON p.name = o.name AND p.name <> '' AND p.kind = 'person' AND o.kind = 'organisation'
            WHERE coalesce(p.email = o.email, p.phone = o.phone) AND (list_has_any(p.numbers, o.numbers) OR p.place = o.place))
        SELECT DISTINCT record_id FROM alike WHERE record_id IN ({buyers}) OR named AND (source, object, name) IN (
            SELECT (source, object, name) FROM known WHERE kind = 'person' GROUP BY ALL HAVING count(DISTINCT person) = 1)""")
    if found := engine.count("company_accounts"):
        engine.run(
            "UPDATE clean_records SET kind = 'organisation', full_name_raw = coalesce(full_name_raw, full_name), "
            "full_name = organisation WHERE record_id IN (FROM company_accounts)"
        )
        progress.say(
            f"{counted(found, 'record is the account', 'records are accounts')} of a company, named after who orders for it: "
            "company, e-mail or phone, and tax number or address are those of a record of the company. They became that company; "
            "the name of the person stays beside it."
        )
    engine.run("DROP TABLE temp.company_accounts")


def _folded(column: str) -> str:
    return rf"lower(strip_accents(regexp_replace({column}, '[^\p{{L}}\p{{N}}]+', '', 'g')))"


def _words(column: str) -> str:
    words = rf"trim(regexp_replace(lower(strip_accents({column})), '[^\p{{L}}\p{{N}}]+', ' ', 'g'))"
    return f"(' ' || {words} || ' ')"
