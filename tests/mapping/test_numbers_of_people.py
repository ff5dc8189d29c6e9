"""The number of a person: a word for people, letters that link, a word for a number, in many languages. Nobody here exists."""

from __future__ import annotations

import pytest

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.guess import columns_of
from fullcircle.mapping.propose.links import is_like_a_key, stem_of
from fullcircle.mapping.propose.numbered import compound_stems, numbered_people
from fullcircle.mapping.propose.words import plain, unlinked, words

COMPOUNDS = (
    *("Medlemsnr", "Medlems-ID", "Kundkod", "Hyresgästnr", "Deltagarnr", "Gåvogivarnummer", "Låntagarnr", "Elevnr", "Givarnr"),
    *(
        "Mitgliedsnr",
        "Mitglieds-Nr.",
        "Mitgliedsnummer",
        "Kundennr",
        "Patientennr",
        "Versichertennummer",
        "Abonnentennr",
        "Kdnr.",
    ),
    *("Mieternummer", "Spendernummer", "Teilnehmernr", "Gästenummer", "Kontaktnr", "Studentnr", "Deb.nr."),
    *("Lidnummer", "Lidmaatschapsnr", "Donateursnr", "Deelnemersnr", "Cliëntnummer", "Klantcode", "Huurdersnr", "KLNR"),
    *("Kundenummer", "Gjestenr", "Pasientnr", "Leietakernr", "Lånernr"),
    *("Asiakasnumero", "Asiakastunnus", "Jäsennumero", "Jäsenen numero", "Vuokralaisen nro", "Potilasnumero"),
    *("Ügyfélazonosító", "Ügyfélkód", "Vevőszám", "Tagsági szám", "Betegazonosító", "Hallgatói azonosító"),
    *("Félagsnúmer", "Viðskiptavinanúmer"),
)
APART = (
    *(
        "Členské číslo",
        "Číslo zákazníka",
        "Nr klienta",
        "Članski broj",
        "Šifra kupca",
        "Nr membru",
        "Código do associado",
        "Nº Sócio",
    ),
    *("N° licencié", "Cod. tesserato", "Número de afiliado", "Üye No", "Müşteri Kodu", "会員番号", "受講生ID", "회원번호"),
    *("会员卡号", "Номер абонента", "Αρ. μέλους", "PupilNo", "LearnerID", "TenantRef", "MemberNum"),
)
NOBODY = ("Artikelnr", "Lieferscheinnr", "Hausnummer", "Telefonnr", "Postnr", "Orgnr", "Verkäufernr", "Kontonr")


@pytest.mark.parametrize("header", [*COMPOUNDS, *APART])
def test_the_number_of_a_person_is_their_key_and_what_points_to_them(header):
    people = numbered_people() | {*words()["tables"]["records"]}
    assert is_like_a_key(header) and stem_of(plain(header)) in people


@pytest.mark.parametrize("header", COMPOUNDS)
def test_a_compound_says_whose_an_order_is_even_where_no_other_column_speaks_its_language(header):
    sheet = FoundObject("sheet", (), tuple(FoundField(each) for each in (header, "Date", "Total")))
    assert columns_of(sheet, "orders")["record_id"] == header


@pytest.mark.parametrize("header", NOBODY)
def test_other_numbers_are_of_nobody(header):
    people = numbered_people()
    assert stem_of(plain(header)) not in people and people.isdisjoint(compound_stems(plain(header)))


def test_what_is_left_without_the_letters_that_link():
    assert {"medlems", "medlem"} <= {*unlinked("medlems_")} and "deltagare" in unlinked("deltagar") and "k" not in unlinked("kn")
