"""A consent to data being processed is none to be written to; a consent to advertising is read in further languages."""

import pytest

from fullcircle.mapping.propose.refusal_columns import agreed_ways
from fullcircle.mapping.propose.words import plain

CONTACTS = """
ID,Nombre,Apellidos,Email,Acepta RGPD,Suscrito al marketing
1,Ana,Ruiz,ana@ruiz.example,Sí,Sí
2,Luis,Soto,luis@soto.example,Sí,No
3,Eva,Rey,eva@rey.example,No,No
"""


def test_who_accepts_the_rules_for_data_has_not_asked_for_advertising(day_one) -> None:
    view = day_one({"contactos.csv": CONTACTS})
    assert view.consents["Luis Soto"] == {("data_processing", True), ("marketing_consent", False)}
    assert view.consents["Ana Ruiz"] == {("data_processing", True), ("marketing_consent", True)}


@pytest.mark.parametrize(
    "header",
    [
        "Zgoda na przetwarzanie danych",
        "Zgoda RODO",
        "Consentement RGPD",
        "DSGVO Einwilligung",
        "Consenso privacy",
        "Aceita LGPD",
        "GDPR consent",
        "Souhlas se zpracováním osobních údajů",
        "Toestemming gegevensverwerking",
        "Acepta política de privacidad",
    ],
)
def test_a_consent_to_processing_is_its_own_purpose(header: str) -> None:
    assert agreed_ways(plain(header)) == ("data_processing",)


@pytest.mark.parametrize(
    "header",
    [
        "Acepta promociones",
        "Souhlas se zasíláním novinek",
        "Souhlas s obchodními sděleními",
        "Súhlas so zasielaním noviniek",
        "Consenso comunicazioni commerciali",
        "Autoriza comunicaciones comerciales",
        "Samtykke til markedsføring",
        "Zgoda na informacje handlowe",
        "Quiere recibir novedades",
        "Chci dostávat novinky",
        "GDPR marketing consent",
    ],
)
def test_a_consent_to_advertising(header: str) -> None:
    assert agreed_ways(plain(header)) == ("marketing_consent",)
