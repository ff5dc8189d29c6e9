"""E-mails and phones of records that cannot be used are set aside, or counted aloud: never gone without a word."""

from fullcircle.mapping.conform import conform
from tests.mapping.test_conform import map_of

PEOPLE = [
    {"id": "1", "mail": "ann@mail.example", "tel": "512-555-0101"},
    {"id": "2", "mail": "ben@@mail.example", "tel": "ask the porter"},
    {"id": "3", "mail": "noreply@shop.example", "tel": "0000000000"},
    {"id": "8", "mail": "noemail", "tel": "555-0101"},
    {"id": "4", "mail": "x@evil.example", "tel": "n/a"},
    {"id": "5", "mail": "-", "tel": "411"},
    {"id": "6", "mail": "unbekannt", "tel": None},
    {"id": "7", "mail": "see notes", "tel": "+1 512 555 0102 / 5.1E+09"},
]


def made(engine, landing, progress):
    landing.put("crm", "people", PEOPLE)
    conform(engine, landing, [map_of("crm", "people", "records", {"email": "mail", "phone": "tel"})], "US", progress)


def test_what_cannot_be_read_is_in_quarantine_and_its_record_stays(engine, landing, progress):
    made(engine, landing, progress)
    assert engine.rows("SELECT key, rule, reason, raw FROM conformed.quarantine ORDER BY key, reason") == [
        (
            key,
            "clean",
            f"records.{column} cannot be read: the record stays, without it",
            f'{{"record_id":"record:crm:people:{key}","{column}":"{raw}"}}',
        )
        for key, column, raw in (
            ("2", "email", "ben@@mail.example"), ("2", "phone", "ask the porter"), ("5", "phone", "411"),
            ("7", "email", "see notes"),
        )
    ]  # fmt: skip
    assert engine.count("conformed.records") == len(PEOPLE)


def test_placeholders_are_counted_aloud_and_kept_as_raw(engine, landing, progress):
    made(engine, landing, progress)
    said = [text for text in progress.said if "placeholder" in text]
    assert [text.split(" (")[0] for text in said] == ["2 e-mail addresses are placeholders", "1 phone number is a placeholder"]
    assert engine.rows("SELECT key, email, email_raw, phone_raw FROM conformed.records WHERE key IN ('3', '4') ORDER BY key") == [
        ("3", None, "noreply@shop.example", "0000000000"), ("4", "x@evil.example", "x@evil.example", "n/a"),
    ]  # fmt: skip
