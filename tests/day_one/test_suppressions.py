"""Lists of who must not get mail, and why: a complaint refuses, a hard bounce does not reach, and each consent has its day."""

from __future__ import annotations

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.day_one.conftest import STAGES, proposed, put

PROFILES = """
Email,Profile ID,First Name,Last Name,Email Marketing Consent,Email Marketing Consent Timestamp,Email Suppressions
ada@tal.example,01HA1,Ada,Tal,SUBSCRIBED,2024-11-02 08:00:00+00:00,[]
bo@berg.example,01HA2,Bo,Berg,SUBSCRIBED,2024-11-03 08:00:00+00:00,"[""SPAM_COMPLAINT""]"
cy@dorn.example,01HA3,Cy,Dorn,SUBSCRIBED,2024-11-04 08:00:00+00:00,"[""HARD_BOUNCE""]"
dan@ek.example,01HA4,Dan,Ek,SUBSCRIBED,2024-11-05 08:00:00+00:00,"[""USER_SUPPRESSED""]"
eva@frey.example,01HA5,Eva,Frey,NEVER_SUBSCRIBED,,[]
fay@gut.example,01HA6,Fay,Gut,UNSUBSCRIBED,2025-02-11 19:20:00+00:00,"[""UNSUBSCRIBE""]"
"""


def _run(folder, files):
    put(folder, files)
    config = proposed(folder)
    with open_desk(read_config(config)) as desk:
        run(desk, Choice(only=STAGES))
        consents = desk.engine.rows(
            'SELECT coalesce(c.name, c.email), t.purpose, t.granted, CAST(t."at" AS DATE)::VARCHAR FROM consents t '
            "JOIN members m ON m.record_id = t.record_id JOIN customers c ON c.customer_id = m.customer_id ORDER BY ALL"
        )
        back = {name for (name,) in desk.engine.rows("SELECT name FROM customers WHERE undeliverable IS NOT NULL")}
    return consents, back, config.read_text()


def test_a_complaint_refuses_and_a_hard_bounce_does_not_reach(tmp_path):
    consents, back, text = _run(tmp_path, {"profiles.csv": PROFILES})
    assert {(name, granted, day) for name, purpose, granted, day in consents if purpose == "email"} >= {
        ("Ada Tal", True, "2024-11-02"), ("Cy Dorn", True, "2024-11-04"),
    }  # fmt: skip
    assert {name for name, _, granted, _ in consents if granted} == {"Ada Tal", "Cy Dorn"}
    assert {name for name, _, granted, _ in consents if not granted} == {"Bo Berg", "Dan Ek", "Fay Gut"}
    assert back == {"Cy Dorn"}
    assert "LOOK" not in text


@pytest.mark.parametrize(
    ("header", "values", "refused", "bounced"),
    [
        ("Suppression reason", ("spam_complaint", "hard_bounce", "", "manual"), {1, 4}, {2}),
        ("Unsubscribe reason", ("No longer want", "", "", "never signed up"), {1, 4}, set()),
        ("Blocklist reason", ("", "HARD_BOUNCE", "Unsubscribed via link", "soft bounce"), {3}, {2}),
        ("Email hard bounce reason", ("", "UNKNOWN_USER", "", "OTHER"), set(), {2, 4}),
        ("Spam complaint", ("yes", "no", "no", ""), {1}, set()),
        ("Spam complaints", ("1", "0", "0", "0"), {1}, set()),
        ("Complained at", ("2025-01-05", "", "", ""), {1}, set()),
        ("Bounce type", ("soft", "hard", "", ""), set(), {2}),
        ("Sperrgrund", ("Beschwerde", "", "Hard Bounce", ""), {1}, {3}),
        ("Motif de désinscription", ("Plainte", "", "", "Désinscrit"), {1, 4}, set()),
        ("Email suppression", ('["HARD_BOUNCE"]', "[]", '["SPAM_COMPLAINT", "HARD_BOUNCE"]', "[]"), {3}, {1, 3}),
    ],
)  # fmt: skip
def test_reasons_are_read_by_their_words(tmp_path, header, values, refused, bounced):
    names = ("Ada Tal", "Bo Berg", "Cy Dorn", "Dan Ek")
    rows = "".join(
        f"{n};{name};{name[:3].strip().lower()}@tal.example;{value}\n"
        for n, (name, value) in enumerate(zip(names, values, strict=True), 1)
    )
    consents, back, _ = _run(tmp_path, {"contacts.csv": f"id;name;email;{header}\n{rows}"})
    assert {name for name, _, granted, _ in consents if not granted} == {names[n - 1] for n in refused}
    assert back == {names[n - 1] for n in bounced}


def test_a_word_that_is_not_known_refuses_and_is_said(tmp_path):
    rows = "1,Ada Tal,ada@tal.example,\n2,Bo Berg,bo@berg.example,QUX\n"
    consents, _, text = _run(tmp_path, {"contacts.csv": f"id,name,email,Suppression reason\n{rows}"})
    assert [(name, granted) for name, _, granted, _ in consents] == [("Bo Berg", False)]
    assert '# LOOK: Suppression reason: it is not known what "QUX" mean' in text


def test_everybody_on_a_list_of_suppressions_refuses(tmp_path):
    rows = "ada@tal.example,2025-01-02\nbo@berg.example,2025-01-03\n"
    consents, _, _ = _run(tmp_path, {"suppressed_contacts.csv": f"email,created\n{rows}"})
    assert [(name, granted) for name, _, granted, _ in consents] == [("ada@tal.example", False), ("bo@berg.example", False)]


def test_the_time_of_leaving_is_the_day_of_the_one_refusal(tmp_path):
    rows = "1,Ada,Tal,ada@tal.example,true,2025-02-03 10:00:00\n2,Bo,Berg,bo@berg.example,false,\n"
    files = {"people.csv": f"Id,First Name,Last Name,Email,Email Opt Out,Unsubscribed Time\n{rows}"}
    assert _run(tmp_path, files)[0] == [("Ada Tal", "email", False, "2025-02-03")]


@pytest.mark.parametrize("day", ["Newsletter date", "Newsletter Datum", "Date newsletter"])
def test_the_day_beside_a_yes_or_no_is_its_day(tmp_path, day):
    rows = "1,Ada Tal,ada@tal.example,yes,2025-02-03\n2,Bo Berg,bo@berg.example,no,2025-02-04\n"
    consents, _, text = _run(tmp_path, {"people.csv": f"id,name,email,Newsletter,{day}\n{rows}"})
    assert [(name, granted, when) for name, _, granted, when in consents] == [
        ("Ada Tal", True, "2025-02-03"), ("Bo Berg", False, "2025-02-04"),
    ]  # fmt: skip
    assert "LOOK" not in text
