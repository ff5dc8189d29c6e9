"""Companies and institutions in the fields for people: of the world's legal forms, row by row, and no person among them."""

from __future__ import annotations

import pytest

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.mapping.conform import conform
from fullcircle.mapping.organisation_names import JUDGED, weigh_names
from fullcircle.mapping.reading.organisations import given_names, is_organisation

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
CREMERÍA LOS ALTOS SPR DE RL|Comercial Vega S.A.P.I. de C.V.|Comercial Vega SAPI de CV|Abogados Ruiz SC|Abogados Ruiz, S.C.
Club Vega AC|Club Vega A.C.|Padaria Lima LTDA|Padaria Lima LTDA - ME|Padaria Lima ME|Padaria Lima EPP|Padaria Lima EIRELI
Padaria Lima S/A|Hansen A/S|Hansen I/S|Hansen K/S|Hansen A.M.B.A.
Kurz GesbR|Kurz OG|Kurz e.U.|Kurz reg.Gen.m.b.H.
Lipka z o.o.|Lipka s.c.|Lipka sp. z o.o. sp. k.
Vega S. en C.|Vega S. de R.L. de C.V.|Vega SC de RL|Vega y Cía|Vega S.A.C.
Vega C.A.|Vega S.L.N.E.|Vega SAU|Vega Unipessoal Lda
Kulturförening Norr|Cabinet d'Avocats Roy|PT Maju Jaya|Kaur Pvt Ltd|The Coffee Shop
"""
PEOPLE = """
Maria Sa|Jack Co|Ann Ag|Lincoln|Marco|Inca Roads|Charlotte Church|Guillaume de l'Hôpital|Robert Parish
Anna Schule|Elizabeth House|Ed Sas|Bo Ab|Eva S.|Jan de Vries|Ludwig van Beethoven|Mr. and Mrs. Smith
John and Jane Doe|Maria y José García|Familie Müller|SV Sharma|CV Raman|SA Khan|AB de Villiers|PT Usha|Tim Bau
Ana Maria Costa Me|Isaac Sc|Tom Ac|María Trejo Saldívar
Eva Og|Maria Ca|Ana Cia|Kim Sau
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


BESIDE_PEOPLE = {
    "Emma School": "person",
    "Mary Company": "person",
    "Tom Group": "person",
    "Bill Trust": "person",
    "David Oy": "person",
    "MARIA SA": "person",
    "Anna College": "person",
    "John Bank": "person",
    "Tyra Hotel": "person",
    "Ernst & Karin": "person",
    "John & Mary Holt": "person",
    "Sarah Church": "person",
    "Jean-Pierre Group": "person",
    "Mary Ann Company": "person",
    "Mum & Dad": "person",
    "Victoria Park School": "organisation",
    "Rosa Limited": "organisation",
    "Deutsche Bank": "organisation",
    "Marks & Spencer": "organisation",
    "Nordic Group": "organisation",
    "Montessori School": "organisation",
    "Victoria College": "organisation",
    "Riverside Primary School": "organisation",
    "SIEMENS AG": "organisation",
    "Maria SA": "organisation",
    "Hugo Boss AG": "organisation",
    "Koski Oy": "organisation",
    "Orth + Brandau": "organisation",
    "Zurich Insurance": "organisation",
}


def test_words_that_are_family_names_too_are_weighed_with_what_is_before_them(engine, landing, progress):
    rows = [{"id": str(place), "name": name} for place, name in enumerate(BESIDE_PEOPLE)]
    found = _kinds(engine, landing, progress, rows, full_name="name")
    assert {name: found[str(place)][0] for place, name in enumerate(BESIDE_PEOPLE)} == BESIDE_PEOPLE
    assert any("look like a company's (... " in text and "stay people" in text for text in progress.said)


def test_given_and_family_name_in_columns_of_their_own_are_a_persons(engine, landing, progress):
    names = ["Xun College", "Emma School", "Bright Group", "Deutsche Bank", "MARIA SA", "XUN AG"]
    rows = [{"id": name, "first": name.split()[0], "last": name.split()[1]} for name in names]
    rows += [{"id": "form", "first": "Brandau", "last": "GmbH"}]
    found = _kinds(engine, landing, progress, rows, given_name="first", family_name="last")
    assert {name: found[name][0] for name in (*names, "form")} == {**dict.fromkeys(names, "person"), "form": "organisation"}


def test_a_given_name_that_nobody_listed_is_known_by_the_other_rows(engine, landing, progress):
    people = [("Quilla", "Berg"), ("Quilla", "Thorn")]
    rows = [{"id": str(place), "first": first, "last": last, "whole": None} for place, (first, last) in enumerate(people)]
    rows += [{"id": "2", "first": None, "last": None, "whole": "Quilla School"}]
    rows += [{"id": "3", "first": None, "last": None, "whole": "Orbit School"}]
    found = _kinds(engine, landing, progress, rows, given_name="first", family_name="last", full_name="whole")
    assert [found["2"][0], found["3"][0]] == ["person", "organisation"]


def test_a_name_that_the_row_has_as_its_company_too_is_of_the_company(engine, landing, progress):
    rows = [{"id": "1", "name": "Otto Group", "firm": "Otto Group"}, {"id": "2", "name": "Otto Group", "firm": None}]
    found = _kinds(engine, landing, progress, rows, full_name="name", organisation="firm")
    assert found["1"][0] == "organisation"


def test_every_given_name_makes_a_person_of_such_a_word_and_none_of_a_legal_form(engine):
    engine.run(
        "CREATE TABLE named AS SELECT given || ' ' || word AS full_name, word <> 'GmbH' AS person, "
        "CAST(NULL AS VARCHAR) AS given_name, CAST(NULL AS VARCHAR) AS middle_name, CAST(NULL AS VARCHAR) AS family_name, "
        "CAST(NULL AS VARCHAR) AS organisation FROM (SELECT unnest($given) AS given), "
        "(SELECT unnest(['School', 'Company', 'Group', 'TRUST', 'GmbH']) AS word)",
        {"given": sorted(given_names())},
    )
    weigh_names(engine, "named")
    sql = f"SELECT full_name FROM named LEFT JOIN {JUDGED} ON name = full_name WHERE person = coalesce(is_organisation, false)"
    assert engine.rows(sql) == []
