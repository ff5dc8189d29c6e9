"""What sources say of a death: a yes, a day, a note beside the name."""

from __future__ import annotations

import tomllib

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.reading import deceased
from tests.day_one.conftest import Suggested
from tests.properties import examples


def readings(engine: DuckDB, texts: list[str | None]) -> list[tuple[str | None, bool]]:
    with engine.register("said", pa.table({"n": range(len(texts)), "x": pa.array(texts, pa.string())})):
        return [
            (row[0], bool(row[1]))
            for row in engine.rows(
                f"SELECT {deceased.read('x')}, coalesce({deceased.is_unread('x')}, false) FROM said ORDER BY n"
            )
        ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Yes", "yes"), ("TRUE", "yes"), ("1", "yes"), ("Deceased", "yes"), ("verstorben", "yes"), ("Décédée", "yes"),
        ("fallecido", "yes"), ("умер", "yes"), ("死亡", "yes"), ("x", "yes"), ("No", None), ("0", None), ("false", None),
        ("alive", None), ("n/a", None), ("", None), (None, None), ("2021-03-04", "2021-03-04"),
        ("2021-03-04 00:00:00", "2021-03-04"), ("2021-03-04T10:00:00Z", "2021-03-04"), ("12.03.2022", "12.03.2022"),
        ("3/4/2021", "3/4/2021"), ("March 4, 2021", "March 4, 2021"), ("Yes 2021-03-04", "2021-03-04"), ("N", None),
        ("No 0000-00-00", None), ("0000-00-00", None), ("Yes 0000-00-00", "yes"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_death(engine, raw, said):
    assert readings(engine, [raw]) == [(said, False)]


@pytest.mark.parametrize("raw", ["maybe", "see file", "Ada Tal"])
def test_what_says_neither_is_told(engine, raw):
    assert readings(engine, [raw]) == [(None, True)]


@pytest.mark.parametrize(
    ("name", "died"),
    [
        ("Ada Tal (deceased)", True), ("† Bo Berg", True), ("Cy Dorn - verstorben", True), ("Estate of Di Elm", True),
        ("Ed Fox", False), ("Rip Fox", False), ("Tod Late", False), ("The Later Sort", False),
    ],
)  # fmt: skip
def test_a_note_beside_the_name(engine, name, died):
    row = f"(SELECT 'person' AS kind, '{name}' AS full_name_raw) r"
    assert engine.value(f"SELECT {deceased.said_in_name('r')} FROM {row}") is died


@settings(max_examples=examples(20))
@given(
    st.lists(
        st.one_of(st.text(max_size=12), st.dates().map(str), st.sampled_from(["yes", "no", "dead"])), min_size=1, max_size=20
    )
)
def test_whatever_is_written_is_read_or_told(texts):
    engine = DuckDB(threads=1)
    texts = [text.replace("\x00", "") for text in texts]
    for said, unread in readings(engine, [*texts]):
        assert not (said and unread)


HEADERS = {
    "constituents.csv": ("Constituent ID,First Name,Last Name,Email,Deceased,Deceased Date", ["Deceased", "Deceased Date"]),
    "Mitglieder.csv": ("Nr,Vorname,Nachname,E-Mail,Verstorben am", "Verstorben am"),
    "adhérents.csv": ("Numéro,Prénom,Nom,E-mail,Décédé", "Décédé"),
    "socios.csv": ("Número,Nombre,Apellidos,Correo,Fecha de defunción", "Fecha de defunción"),
    "patients.csv": ("PatientId,FirstName,LastName,Email,DateOfDeath", "DateOfDeath"),
    "members.csv": ("Member ID,First name,Last name,Email,Spouse deceased", None),
}


@pytest.mark.parametrize("file", HEADERS)
def test_headers_that_tell_of_a_death(file, tmp_path):
    header, said = HEADERS[file]
    commas = header.count(",")
    suggested = Suggested(tmp_path)
    rows = ["1,Ada,Tal,ada@tal.example,", "2,Bo,Berg,bo@berg.example,Yes"]
    if "Date" in header or "Fecha" in header or " am" in header:
        rows = ["1,Ada,Tal,ada@tal.example,", "2,Bo,Berg,bo@berg.example,2021-03-04"]
    if commas == 5:
        rows = ["1,Ada,Tal,ada@tal.example,No,", "2,Bo,Berg,bo@berg.example,Yes,2021-03-04"]
    suggested({file: "\n".join((header, *rows)) + "\n"})
    [people] = [one["fields"] for one in tomllib.loads(suggested.text)["map"] if one["to"] == "records"]
    found = people.get("deceased")
    assert (found["fields"] if isinstance(found, dict) else found) == said


@pytest.mark.parametrize("word", ["Falecido", "Død", "Verstorben", "deceased", "zmarły"])
def test_a_status_that_tells_of_a_death(word, tmp_path):
    suggested = Suggested(tmp_path)
    suggested({"patients.csv": f"Id,Name,Email,Status\n1,Ada Tal,ada@tal.example,Active\n2,Bo Berg,bo@berg.example,{word}\n"})
    [people] = [one["fields"] for one in tomllib.loads(suggested.text)["map"] if one["to"] == "records"]
    assert "THEN 'yes'" in people["deceased"]["sql"] and word.lower() in people["deceased"]["sql"]


def test_a_status_of_something_else_tells_of_no_death(tmp_path):
    suggested = Suggested(tmp_path)
    suggested({"patients.csv": "Id,Name,Email,Status\n1,Ada Tal,ada@tal.example,Late\n2,Bo Berg,bo@berg.example,Passed\n"})
    [people] = [one["fields"] for one in tomllib.loads(suggested.text)["map"] if one["to"] == "records"]
    assert "deceased" not in people
