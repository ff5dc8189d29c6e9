"""What is not mapped says why; a `where` that keeps no row says which words its column has; a sentence is said once."""

from __future__ import annotations

from fullcircle.mapping.look import _words_read
from fullcircle.mapping.reading.customs import _Once
from tests.mapping.conftest import Recording
from tests.mapping.test_links import project, proposed

LOG = "Opis,Kiedy,Kwota,Numer\nszkolenie,2026-01-08,480.00,Z1\nwarsztat,2026-01-09,720.00,Z2\nkurs,2026-01-10,90.00,Z3\n"
STAFF = "Name,E-Mail\nAda Tal,ada@tal.example\n"


def test_what_is_missing_is_said(tmp_path):
    found = proposed(project(tmp_path, dziennik=LOG, mitarbeiter=STAFF))
    assert not found["dziennik"]["maps"]
    (said,) = found["dziennik"]["notes"]
    assert said.startswith("not mapped: ") and "not found: a person" in said and "a date (Kiedy)" in said
    assert found["mitarbeiter"]["notes"] == [
        "not mapped: its name or its columns say that it lists staff, suppliers or other things, who are not customers"
    ]


def test_which_words_a_where_did_not_know_is_said(engine):
    engine.run("CREATE TABLE first_rows AS SELECT * FROM (VALUES ('1', 'Zaktif'), ('2', 'Zaktif'), ('3', 'Weg')) AS t(id, state)")
    said = _words_read(engine, "first_rows", "lower(\"state\") IN ('active')")
    assert said == ["the `where` of its map keeps none of them; state says Zaktif (2), Weg (1)"]


def test_a_sentence_is_said_once():
    heard = Recording()
    once = _Once(heard)
    for text in ("one", "one", "two"):
        once.say(text)
    assert heard.said == ["one", "two"]
