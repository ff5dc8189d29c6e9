"""E-mails, numbers, handles and phones: raw -> clean."""

import phonenumbers
import pyarrow as pa
import pytest

from fullcircle.mapping.conform import conform
from fullcircle.mapping.reading import contacts
from fullcircle.mapping.reading.phones import e164, phones
from fullcircle.mapping.reading.steps import cleaned
from tests.mapping.test_conform import map_of


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Foo@Bar.COM", "foo@bar.com"), (" mailto:a.b+c@d.de ", "a.b+c@d.de"), ("Jane <jane@x.org>", "jane@x.org"),
        ("john @ example.com", "john@example.com"), ("j@x.com; k@y.com", "j@x.com"), ("<a@b.co>", "a@b.co"),
        ("info@firm.co.uk.", "info@firm.co.uk"), ("JÖRG@müller.de", "jörg@müller.de"), ("mailto:<q@z.io>?subject=hi", "q@z.io"),
        ("first.last@sub.example.org", "first.last@sub.example.org"), ("'o.neil@x.ie'", "o.neil@x.ie"),
        ("none@none.com", None), ("noreply@x.com", None), ("test@test.com", None), ("a@b", None), ("x@y..z", None),
        ("foo.@x.com", None), (".foo@x.com", None), ("two words@x.com", None), ("n/a", None), ("@x.com", None),
        ("a@1.2.3.4", None),
        ("a@-x.com", None), ("test@company.com", "test@company.com"), ("", None), (None, None),
    ],
)  # fmt: skip
def test_emails(engine, raw, clean):
    assert cleaned(engine, [raw], contacts.EMAIL) == [clean]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [("294-66-9999", "294669999"), (" de 123/456 ", "DE123456"), ("000000", None), ("n/a", None), ("-", None), ("ab12", "AB12")],
)
def test_document_numbers(engine, raw, clean):
    assert cleaned(engine, [raw], contacts.NUMBER) == [clean]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [("@Ann_B", "ann_b"), ("https://twitter.com/Ann_B/", "ann_b"), ("www.linkedin.com/in/ann", "ann"), ("@", None)],
)
def test_handles(engine, raw, clean):
    assert cleaned(engine, [raw], contacts.HANDLE) == [clean]


def test_kinds_and_genders(engine):
    kinds = ["E-Mail", "mobile", "SSN", "loyalty", "Fax"]
    with engine.register("few", pa.table({"n": range(5), "k": kinds})):
        found = [row[0] for row in engine.rows(f"SELECT {contacts.identifier_kind('k')} FROM few ORDER BY n")]
    assert found == ["email", "phone", "tax", "loyalty", "fax"]
    texts = ["Male", "w", "Frau", "Divers", "unknown", "Mr."]
    with engine.register("few", pa.table({"n": range(6), "k": texts})):
        found = [row[0] for row in engine.rows(f"SELECT {contacts.gender('k')} FROM few ORDER BY n")]
    assert found == ["m", "f", "f", "x", None, "m"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "Feminino Kvinde kvinne kobieta K nő 女性 Femminile kadın vrouw žena жінка γυναίκα 여성 mujer nainen femeie Hembra",
            "f",
        ),
        ("Masculino Mand mann mężczyzna férfi 男性 Maschile erkek man muž чоловік άνδρας 남성 Varón mies bărbat Homem", "m"),
    ],
)
def test_words_for_women_and_men_in_all_languages(engine, said, meant):
    with engine.register("few", pa.table({"k": said.split()})):
        assert engine.rows(f"SELECT k FROM few WHERE {contacts.gender('k')} IS DISTINCT FROM '{meant}'") == []


def clean_phones(engine, raws, country, default="US"):
    table = pa.table({"raw": raws, "country": pa.array([country] * len(raws), pa.string())})
    with engine.register("some_phones", table):
        phones(engine, "found_phones", "SELECT raw, country FROM some_phones", default)
    found = dict(engine.rows("SELECT raw, x FROM found_phones"))
    return [found[raw] for raw in raws]


@pytest.mark.parametrize(
    ("raw", "country", "clean"),
    [
        ("702-919-1300", None, "+17029191300"), ("(702) 919-1300 ext 5", None, "+17029191300"), ("1 702 919 1300",
        "US", "+17029191300"),
        ("tel: 702.919.1300", None, "+17029191300"), ("+49 (0)30 123456", None, "+4930123456"), ("0049 30 1234567",
        None, "+49301234567"),
        ("030/1234567", "DE", "+49301234567"), ("0043 1 5880 0", "DE", "+43158800"), ("020 7946 0018", "GB", "+442079460018"),
        ("٠٣٠١٢٣٤٥٦٧", "DE", "+49301234567"), ("+4930123456 / +4930999", None, "+4930123456"),
        ("0000000000", None, None), ("999-999-9999", None, None), ("1234567890", None, None), ("call me", None,
        None), ("12", None, None),
        ("410-555-010", None, None), ("0352 6553537", None, "03526553537"),
    ],
)  # fmt: skip
def test_phones(engine, raw, country, clean):
    assert clean_phones(engine, [raw], country) == [clean]


@pytest.mark.parametrize(
    ("raw", "country", "clean"),
    [
        ("491701234567", "DE", "+491701234567"), ("4915112345678", "DE", "+4915112345678"), ("31612345678", "NL", "+31612345678"),
        ("436641234567", "AT", "+436641234567"), ("48512345678", "PL", "+48512345678"), ("5511987654321", "BR", "+5511987654321"),
        ("393123456789", "IT", "+393123456789"), ("3912345678", "IT", "+393912345678"), ("4915123456", "DE", "+494915123456"),
        ("01701234567", "DE", "+491701234567"),
    ],
)  # fmt: skip
def test_a_number_too_long_for_its_country_begins_with_the_code_of_the_country(engine, raw, country, clean):
    assert clean_phones(engine, [raw], country) == [clean]


def test_phones_as_exports_and_people_write_them(engine):
    first = [
        "5125550101.0", "512-555-0101 x123", "(512) 555-0101 ext. 12", "512-555-0101 Ext 7", "512-555-0101 Durchwahl 12",
        "tel:+1-512-555-0101;ext=5", "Home: 512-555-0101", "512-555-0101 (work)", "'+15125550101", '="+15125550101"',
        "512-555-0101 / 512-555-0102; 512-555-0103", "5125550101/5125550102", "512-555-0101\n512-555-0102",
        "512-555-0101 or 512-555-0102", "512-555-0101, 512-555-0102", "512-555-0101,,123", "512\u2013555\u20110101",
        "H: 512-555-0101 / W: 512-555-0102",
    ]  # fmt: skip
    assert dict(zip(first, clean_phones(engine, first, "US"), strict=True)) == dict.fromkeys(first, "+15125550101")


def test_a_phone_in_scientific_notation_is_none(engine):
    assert clean_phones(engine, ["5.12555E+09", "4,917e+11", "5E9"], "US") == [None, None, None]


def test_short_numbers_stay_as_numbers_of_their_country(engine):
    assert clean_phones(engine, ["555-0101", "(5) 555-4729"], "US") == ["5550101 (US)", "55554729 (US)"]
    assert clean_phones(engine, ["555-0101"], "MX") == ["5550101 (MX)"]
    assert clean_phones(engine, ["06 1234567", "512555010"], "US") == ["061234567 (US)", None]
    assert clean_phones(engine, ["5550101 (US)"], "MX") == ["5550101 (US)"]
    assert clean_phones(engine, ["12345", "1111111", "411"], "US") == [None, None, None]


def test_the_other_phones_and_mails_of_a_cell_are_identifiers(engine, landing, progress):
    people = [
        {"id": "1", "tel": "512-555-0101 / 512-555-0102; call me", "mail": "a@x.org; b@x.org"},
        {"id": "2", "tel": "5.12555E+09", "mail": None},
        {"id": "3", "tel": "030/1234567", "mail": "Ann <c@x.org>"},
    ]
    landing.put("crm", "people", people)
    maps = [map_of("crm", "people", "records", {"phone": "tel", "email": "mail", "country": {"value": "US"}})]
    conform(engine, landing, maps, "US", progress)
    assert engine.rows("SELECT key, kind, value FROM conformed.identifiers ORDER BY ALL") == [
        ("1", "email", "a@x.org"), ("1", "email", "b@x.org"), ("1", "phone", "+15125550101"), ("1", "phone", "+15125550102"),
        ("3", "email", "c@x.org"), ("3", "phone", "0301234567"),
    ]  # fmt: skip
    assert engine.rows("SELECT key, phone, phone_raw FROM conformed.records ORDER BY 1")[:2] == [
        ("1", "+15125550101", "512-555-0101 / 512-555-0102; call me"), ("2", None, "5.12555E+09"),
    ]  # fmt: skip
    reasons = engine.rows("SELECT key, reason FROM conformed.quarantine")
    assert [(key, reason.split(",")[0]) for key, reason in reasons] == [("2", "records.phone is in scientific notation")]
    assert engine.value("SELECT count(DISTINCT identifier_row) FROM conformed.identifiers") == 6


def test_the_short_cut_says_what_the_library_says(engine):
    raws = ["2125550123", "12125550123", "+12125550123", "+1 (702) 919-1300", "9165551234", "416-555-0199"]
    for raw, clean in zip(raws, clean_phones(engine, raws, "US"), strict=True):
        number = phonenumbers.parse(raw, "US")
        assert clean == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_a_number_is_asked_for_once(engine, monkeypatch):
    asked = []
    monkeypatch.setattr("fullcircle.mapping.reading.phones.e164", lambda text, country: asked.append(text) or e164(text, country))
    first = clean_phones(engine, ["030 1234567", "030-1234567"], "DE")
    again = clean_phones(engine, ["030 1234567", "(030) 1234567"], "DE")
    assert first == again == ["+49301234567"] * 2
    assert asked == ["0301234567"]
    assert engine.count("clean_cache") == 1


@pytest.mark.parametrize(
    ("raw", "country", "clean"),
    [
        ("PL7393921146", "PL", "7393921146"), ("PL 739-392-11-46", "PL", "7393921146"), ("7393921146", "PL", "7393921146"),
        ("DE123456789", "DE", "123456789"), ("DE123456789", "PL", "DE123456789"), ("ATU12345678", "AT", "12345678"),
        ("EL123456789", "GR", "123456789"), ("CHE-123.456.789 MWST", "CH", "123456789"), ("NL123456789B01", "NL", "123456789B01"),
        ("AB123456", "DE", "AB123456"), ("ESB12345678", "ES", "B12345678"),
    ],
)  # fmt: skip
def test_a_tax_number_with_the_prefix_of_its_country_is_the_bare_one(engine, landing, progress, raw, country, clean):
    landing.put("books", "firms", [{"id": "1", "firm": "Kora", "country": country, "vat": raw}])
    people = map_of("books", "firms", "records", {"key": "id", "organisation": "firm", "country": "country"})
    whose = {"record_id": {"field": "id", "ref": "firms"}, "value": "vat", "kind": {"value": "vat"}}
    numbers = map_of("books", "firms", "identifiers", whose, key="vat")
    conform(engine, landing, [people, numbers], "US", progress)
    assert engine.value("SELECT value FROM conformed.identifiers WHERE kind = 'tax'") == clean
