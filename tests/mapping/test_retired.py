"""People who are archived, discharged or deleted by a status: they stay, and the proposal says so."""

import tomllib

import pytest

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.mapping.conform import Onlookers, conform
from fullcircle.mapping.propose.refusal_columns import may_be_consent
from fullcircle.mapping.propose.words import plain
from fullcircle.mapping.retired_people import report_retired
from tests.mapping.test_links import project, proposed


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Archivé", ("Non", "Oui", "Non")), ("Discharged", ("No", "Yes", "No")), ("Archiviert am", ("", "05.03.2026", "")),
        ("Active", ("Yes", "No", "Yes")), ("Status", ("actief", "verwijderd", "actief")),
        ("Stav", ("aktivní", "smazáno", "aktivní")),
    ],
)  # fmt: skip
def test_who_is_no_longer_active_is_said(tmp_path, header, values):
    rows = "".join(f"{n},Ada Tal {n},a{n}@example.com,{value}\n" for n, value in enumerate(values, 1))
    found = proposed(project(tmp_path, customers=f"id,name,email,{header}\n{rows}"))["customers"]
    assert any(said.startswith(f"LOOK: {header} says of 1 of 3 rows") for said in found["notes"]), found["notes"]


@pytest.mark.parametrize(("header", "value"), [("Archivé", "Non"), ("Active", "Yes"), ("Status", "actief"), ("Archive", "Box 7")])
def test_nothing_is_said_where_all_are_active(tmp_path, header, value):
    rows = "".join(f"{n},Ada Tal {n},a{n}@example.com,{value}\n" for n in range(1, 4))
    found = proposed(project(tmp_path, customers=f"id,name,email,{header}\n{rows}"))["customers"]
    assert not any("no longer active" in said for said in found["notes"])


def _run(engine, landing, progress, rows, where=""):
    landing.put("crm", "people", rows)
    fields = {"full_name": FieldRule(field="name"), "email": FieldRule(field="email")}
    conform(
        engine,
        landing,
        [MapSettings(source="crm", object="people", to="records", where=where, fields=fields)],
        "DE",
        progress,
        onlookers=Onlookers(report_retired),
    )
    return [text for text in progress.said if text.startswith("crm.people: ")]


@pytest.mark.parametrize(
    ("column", "values", "many"),
    [
        ("Archived", ("No", "Yes", "Yes"), 2), ("Archiviert am", (None, "05.03.2026", None), 1),
        ("Aktiv", ("ja", "nein", "ja"), 1), ("Status", ("active", "deleted", "active"), 1),
        ("Status", ("active", "vip", "new"), 0), ("Archive", ("Box 7", "Box 8", "Box 9"), 0),
    ],
)  # fmt: skip
def test_a_run_says_how_many_are_no_longer_active(engine, landing, progress, column, values, many):
    rows = [{"id": str(n), "name": f"Ada Tal {n}", "email": f"a{n}@example.com", column: value} for n, value in enumerate(values)]
    said = _run(engine, landing, progress, rows)
    assert [text.split()[1] for text in said] == ([str(many)] if many else [])
    assert all(f"by {column}: they stay" in text for text in said)


def test_a_run_says_how_many_rows_a_where_leaves_out(engine, landing, progress):
    rows = [{"id": str(n), "name": "Ada Tal", "email": f"a{n}@example.com", "deleted": value} for n, value in enumerate("010")]
    assert _run(engine, landing, progress, rows, "\"deleted\" = '0'") == [
        "crm.people: 1 row is left out by the `where` of its map, which reads deleted."
    ]


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Status", ("Ativo", "Excluído", "Inativo")), ("Status", ("Aktiv", "Slettet", "Inaktiv")),
        ("Situação", ("Ativo", "Inativo", "Inativo")),
        ("Status", ("Aktywny", "Usunięta", "Nieaktywny")), ("Aktiv", ("ja", "nein", "nein")),
    ],
)  # fmt: skip
def test_the_condition_that_leaves_them_out_can_be_pasted(tmp_path, header, values):
    rows = "".join(f"{n},Ada Tal {n},a{n}@example.com,{value}\n" for n, value in enumerate(values, 1))
    found = proposed(project(tmp_path, customers=f"id,name,email,{header}\n{rows}"))["customers"]
    said = next(one for one in found["notes"] if one.startswith(f"LOOK: {header} says of 2 of 3 rows"))
    where = tomllib.loads(said[said.index("where = ") :])["where"]
    assert len(where) < 120 and all(f"'{one}'" in where for one in values[1:]) and f"'{values[0]}'" not in where


def test_numbers_and_services_ask_nobody_for_a_consent():
    for name in ("postalService", "contactNo", "fax", "Fax No", "phone_number", "SMS provider"):
        assert not may_be_consent(plain(name)), name
    for name in ("Contact by phone", "SMS", "Fax ok", "Darse de baja", "Newsletter"):
        assert may_be_consent(plain(name)), name
