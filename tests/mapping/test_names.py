"""Names: raw -> clean."""

import pytest

from fullcircle.mapping.conform import conform
from fullcircle.mapping.reading import names
from fullcircle.mapping.reading.steps import cleaned
from tests.mapping.test_conform import map_of


def one(engine, steps, text):
    return cleaned(engine, [text], steps)[0]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Anna \t Maria ", "Anna Maria"), ("JOHN", "John"), ("jean-luc", "Jean-Luc"), ("Dr. John", "John"),
        ("Prof. Dr. Anna", "Anna"), ("JP", "JP"), ("j.r.", "J.R."), ("X", "X"), ("Mr", "Mr"), ("n/a", None), ("NULL", None),
        ("Null", "Null"), ("", None), (" - ", None), ("\u200bAnn", "Ann"), ("Jose\u0301", "José"), ("王小明", "王小明"),
        ("МАРИЯ", "Мария"), ("MARIA DE LOS ANGELES", "Maria de los Angeles"), ("Ian McKellen", "Ian McKellen"),
        ('"Bob"', "Bob"), ("Sr", "Sr"),
    ],
)  # fmt: skip
def test_given_names(engine, raw, clean):
    assert one(engine, names.GIVEN, raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("O'BRIEN", "O'Brien"), ("mcdonald", "McDonald"), ("VAN DER BERG", "van der Berg"), ("de la cruz", "de la Cruz"),
        ("Smith Jr.", "Smith"), ("Smith Sr", "Smith"), ("SMITH III", "Smith"), ("Schmidt, PhD", "Schmidt"), ("Ma", "Ma"),
        ("NG", "Ng"), ("STRAßER", "Straßer"), ("smith-jones", "Smith-Jones"), ("van Gogh", "van Gogh"), ("LE", "Le"),
        ("Ó Súilleabháin", "Ó Súilleabháin"), ("ÖZTÜRK", "Öztürk"), ("unknown", None),
    ],
)  # fmt: skip
def test_family_names(engine, raw, clean):
    assert one(engine, names.FAMILY, raw) == clean


@pytest.mark.parametrize(
    ("raw", "given", "middle", "family"),
    [
        ("John Smith", "John", None, "Smith"),
        ("John A. Smith", "John", "A.", "Smith"),
        ("Smith, John A.", "John", "A.", "Smith"),
        ("García Márquez, Gabriel José", "Gabriel", "José", "García Márquez"),
        ("Ludwig van Beethoven", "Ludwig", None, "van Beethoven"),
        ("Maria de la Cruz", "Maria", None, "de la Cruz"),
        ("van der Berg", None, None, "van der Berg"),
        ("Dr. Anna Schmidt, PhD", "Anna", None, "Schmidt"),
        ("Smith Jr., John", "John", None, "Smith"),
        ("Smith, Dr. Bob", "Bob", None, "Smith"),
        ("Madonna", "Madonna", None, None),
        ("thomas clifford, 1st baron clifford of chudleigh", "thomas", None, "clifford"),
    ],
)
def test_full_names_are_taken_apart(engine, raw, given, middle, family):
    parts = one(engine, (*names.FULL, names.PARTS), raw)
    assert (parts["g"], parts["m"], parts["f"]) == (given, middle, family)


def test_a_name_without_spaces_stays_whole(engine):
    parts = one(engine, (*names.FULL, names.PARTS), "王小明")
    assert (parts["g"], parts["f"], parts["w"]) == (None, None, "王小明")


COUPLES = [
    ("Mr and Mrs Smith", "Smith"), ("Mr. & Mrs. John Smith", "Smith"), ("John & Jane Doe", "Doe"), ("John and Jane Doe", "Doe"),
    ("John&Jane Doe", "Doe"), ("John A. & Jane B. Doe", "Doe"), ("John Doe and Jane Doe", "Doe"),
    ("John Doe & Jane Roe", "Doe & Roe"), ("Mr. Smith & Mrs. Jones", "Smith & Jones"), ("John & Jane", "John & Jane"),
    ("Dr. John and Mrs. Jane Smith", "Smith"), ("John Smith and Family", "Smith"), ("The Smith Family", "Smith"),
    ("Familie Müller", "Müller"), ("Müller, Familie", "Müller"), ("Fam. de Vries", "de Vries"),
    ("Herr und Frau von der Leyen", "von der Leyen"), ("Eheleute Hans und Petra Müller", "Müller"),
    ("M. et Mme Dupont", "Dupont"),
    ("Mr/Mrs Smith", "Smith"), ("Bob/Sue Miller", "Miller"), ("Juan y María García", "García"), ("The Smiths", "Smiths"),
    ("Sr. y Sra. García", "García"), ("Jan en Marie de Vries", "de Vries"), ("Smith, Mr and Mrs", "Smith"),
    ("Doe, John & Jane", "Doe"),
]  # fmt: skip


def test_couples_and_families_have_a_whole_name_and_no_given_name(engine):
    texts = [text for text, _ in COUPLES]
    found = cleaned(engine, texts, (*names.FULL, names.PARTS))
    assert [(parts["g"], parts["m"], parts["f"], parts["w"]) for parts in found] == [
        (None, None, family, text) for text, family in COUPLES
    ]


ONE_PERSON = [
    ("Prof. Dr. h.c. Anna Müller", "Anna", "Müller"), ("Prof. Dr. Dr. h.c. mult. Anna Müller", "Anna", "Müller"),
    ("Dr. med. dent. Hans Maier", "Hans", "Maier"), ("Dipl.-Ing. (FH) Anna Schmidt", "Anna", "Schmidt"),
    ("Dr.-Ing. Anna Schmidt", "Anna", "Schmidt"), ("Mag. Anna Huber", "Anna", "Huber"),
    ("John Smith, MD", "John", "Smith"),
    ("John Smith (deceased)", "John", "Smith"), ("John Smith - DO NOT CALL", "John", "Smith"),
    ("**VIP** John Smith", "John", "Smith"),
    ("John Smith †", "John", "Smith"), ("Robert (Bob) Smith", "Robert", "Smith"), ("(John Smith)", "John", "Smith"),
    ("Attn: John Smith", "John", "Smith"), ("Mr Smith", None, "Smith"), ("Dr.Müller", None, "Müller"),
    ("Anna Müller B.Sc.", "Anna", "Müller"), ("PD Dr. med. habil. Max Weber", "Max", "Weber"), ("Anna Huber geb. Maier", "Anna",
    "Huber"), ("José Ortega y Gasset", "José", "y Gasset"), ("Frau Müller", None, "Müller"),
    ("Karl von und zu Liechtenstein", "Karl", "von und zu Liechtenstein"), ("Wang En Lai", "Wang", "Lai"),
    ("Anna Sandström", "Anna", "Sandström"), ("Andy Anderson", "Andy", "Anderson"),
    ("Dora Drake", "Dora", "Drake"), ("Ingrid Fam", "Ingrid", "Fam"),
]  # fmt: skip


def test_titles_and_notes_are_no_names(engine):
    found = cleaned(engine, [text for text, *_ in ONE_PERSON], (*names.FULL, names.PARTS))
    assert [(parts["g"], parts["f"], parts["w"]) for parts in found] == [(given, family, None) for _, given, family in ONE_PERSON]


def test_a_note_alone_is_no_name(engine):
    assert one(engine, names.FULL, "DO NOT CALL") is None
    assert one(engine, names.GIVEN, "John (deceased)") == "John"
    assert one(engine, names.FAMILY, "SMITH - VERSTORBEN") == "Smith"


def test_couples_in_any_field_for_a_name(engine, landing, progress):
    people = [
        {"id": "1", "whole": "JOHN & JANE DOE", "first": None, "last": None},
        {"id": "2", "whole": None, "first": "Mr. and Mrs.", "last": "Smith"},
        {"id": "3", "whole": None, "first": "Hans und Petra", "last": "Maier"},
        {"id": "4", "whole": None, "first": "Anna", "last": "Maier"},
    ]
    landing.put("crm", "people", people)
    fields = {"full_name": "whole", "given_name": "first", "family_name": "last"}
    conform(engine, landing, [map_of("crm", "people", "records", fields)], "US", progress)
    columns = "kind, given_name, family_name, full_name, full_name_raw"
    assert engine.rows(f"SELECT {columns} FROM conformed.records ORDER BY key") == [
        ("person", None, "Doe", "John & Jane Doe", "JOHN & JANE DOE"),
        ("person", None, "Smith", "Mr. and Mrs. Smith", "Mr. and Mrs. Smith"),
        ("person", None, "Maier", "Hans und Petra Maier", "Hans und Petra Maier"),
        ("person", "Anna", "Maier", "Anna Maier", "Anna Maier"),
    ]
    assert [text for text in progress.said if text.startswith("3 names are of couples or families")]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ('Studio "Kora" Jan Lis', 'Studio "Kora" Jan Lis'), ('Studio "Kora"', 'Studio "Kora"'),
        ('"Kora" Studio', '"Kora" Studio'),
        ("Firma „Kora“", "Firma „Kora“"), ('"Studio Kora"', "Studio Kora"), ('"Studio "Kora""', 'Studio "Kora"'),
        ("«Kora»", "Kora"), ('"Kora', "Kora"), ('Kora"', "Kora"), (' ;"Kora, ";', "Kora"),
    ],
)  # fmt: skip
def test_quotes_are_taken_away_only_around_the_whole(engine, raw, clean):
    assert one(engine, names.TIDY, raw) == clean
