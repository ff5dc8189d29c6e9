"""Companies and institutions in the fields for people: of the world's legal forms, row by row, and no person among them."""

from __future__ import annotations

import pytest

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.mapping.conform import conform
from fullcircle.mapping.reading.organisations import is_organisation

ORGANISATIONS = """
Müller GmbH|Acme, Inc.|Foo S.A.|Bar & Co.|ACME LTD|Contoso LLC|Firma Müller|Anderson & Sons
Zakład Lipka sp. z o.o.|Lipka Sp. z o. o.|LIPKA SP Z O O|Orth & Söhne GmbH|SARL Delorme|Delorme SARL
Stichting Zonlicht|Universität Kleinstadt|Technische Universität Nord|City of Oakvale|St Mary's School
St. Peter's Church|Grace Baptist Church|Novotny s.r.o.|Novotny, s. r. o.|Kolar a.s.|Fekete Kft.|Ferri S.r.l.
Bianco SpA|Vega e Hijos S.L.|Constructora Vega S.A. de C.V.|Norrby Trä AB|Koski Oyj|Koski Oy|Holm ApS|Dahl AS
ООО Ромашка|ООО "Ромашка"|ТОВ Мрія|株式会社山田|山田商事株式会社
上海有限公司|주식회사 가나다|Yıldız Ltd. Şti.|Yıldız A.Ş.|Kurz & Co. KG
Kurz GmbH & Co. KG|Bau-UG (haftungsbeschränkt)|Freiwillige Feuerwehr Kleinstadt|Musikschule Nord
Mairie de Montval|Gemeente Zuidwijk|Ayuntamiento de Villar|Comune di Montepiano|Fundacja Dom|Urząd Miasta
Riverside Primary School|Bright Solutions|Tan Sdn Bhd|Ilić d.o.o.|Илиев ЕООД|Δέλτα Ε.Π.Ε.|Peeters BVBA
Kulturförening Norr|Cabinet d'Avocats Roy|PT Maju Jaya|Kaur Pvt Ltd|The Coffee Shop
"""
PEOPLE = """
Maria Sa|Jack Co|Ann Ag|Lincoln|Marco|Inca Roads|Charlotte Church|Guillaume de l'Hôpital|Robert Parish
Anna Schule|Elizabeth House|Ed Sas|Bo Ab|Eva S.|Jan de Vries|Ludwig van Beethoven|Mr. and Mrs. Smith
John and Jane Doe|Maria y José García|Familie Müller|SV Sharma|CV Raman|SA Khan|AB de Villiers|PT Usha|Tim Bau
Victoria Market|Ben Banks|Ada Se|B. V.|Tom Farmer|Kurt Kirche|Ana Firmino
"""


@pytest.mark.parametrize(("names", "expected"), [(ORGANISATIONS, True), (PEOPLE, False)])
def test_names_of_organisations_and_of_people(engine, names, expected):
    sql = f"SELECT name FROM (SELECT unnest($names) AS name) WHERE {is_organisation('name')} <> $expected"
    assert [
        name for (name,) in engine.rows(sql, {"names": names.replace("\n", "|").strip("|").split("|"), "expected": expected})
    ] == []


def _kinds(engine, landing, progress, rows, **fields):
    landing.put("shop", "orders", rows)
    rules = {name: FieldRule(field=field) for name, field in fields.items()}
    conform(engine, landing, [MapSettings(source="shop", object="orders", to="records", fields=rules)], "DE", progress)
    sql = "SELECT key, kind, full_name, organisation, given_name, family_name FROM conformed.records ORDER BY key"
    return {key: rest for key, *rest in engine.rows(sql)}


def test_a_column_of_people_and_companies_is_read_row_by_row(engine, landing, progress):
    rows = [{"id": "1", "buyer": "Zakład Lipka sp. z o.o."}, {"id": "2", "buyer": "Ada Lipka"}, {"id": "3", "buyer": "ACME Ltd"}]
    found = _kinds(engine, landing, progress, rows, full_name="buyer")
    assert found["1"] == ["organisation", "Zakład Lipka sp. z o.o.", "Zakład Lipka sp. z o.o.", None, None]
    assert found["2"] == ["person", "Ada Lipka", None, "Ada", "Lipka"]
    assert found["3"][:2] == ["organisation", "ACME Ltd"]
    assert any("2 names are of companies or institutions" in text for text in progress.said)


def test_a_company_in_the_parts_of_a_name(engine, landing, progress):
    rows = [
        {"id": "1", "first": None, "last": "Orth & Söhne GmbH"},
        {"id": "2", "first": "Zakład", "last": "Lipka sp. z o.o."},
        {"id": "3", "first": "MARIA", "last": "SA"},
        {"id": "4", "first": "Ines", "last": "Kolmar"},
    ]
    found = _kinds(engine, landing, progress, rows, given_name="first", family_name="last")
    assert [found[key][:2] for key in "12"] == [
        ["organisation", "Orth & Söhne GmbH"],
        ["organisation", "Zakład Lipka sp. z o.o."],
    ]
    assert [found[key][0] for key in "34"] == ["person", "person"]


def test_what_the_source_says_of_the_kind_stands(engine, landing, progress):
    rows = [{"id": "1", "name": "Bright Solutions", "kind": "person"}, {"id": "2", "name": "Ada Kern", "kind": "company"}]
    found = _kinds(engine, landing, progress, rows, full_name="name", kind="kind")
    assert [found[key][0] for key in "12"] == ["person", "organisation"]
