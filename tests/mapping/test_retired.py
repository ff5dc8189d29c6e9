"""People who are archived, discharged or deleted by a status: they stay, and the proposal says so."""

import pytest

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
