"""Names: raw -> clean."""

import pytest

from fullcircle.mapping import names
from fullcircle.mapping.steps import cleaned


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


@pytest.mark.parametrize("name", ["Müller GmbH", "Acme, Inc.", "Foo S.A.", "Bar & Co.", "ACME LTD", "Contoso LLC"])
def test_legal_forms(engine, name):
    assert engine.value("SELECT regexp_matches($name, $form)", {"name": name, "form": names.LEGAL_FORM})


@pytest.mark.parametrize("name", ["Maria Sa", "Jack Co", "Ann Ag", "Lincoln", "Marco", "Inca Roads"])
def test_people_are_no_companies(engine, name):
    assert not engine.value("SELECT regexp_matches($name, $form)", {"name": name, "form": names.LEGAL_FORM})
