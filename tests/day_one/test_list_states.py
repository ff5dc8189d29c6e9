"""Lists of mail with a status, with and without the times of joining and leaving: the status says who agreed."""

from __future__ import annotations

import pytest

from tests.day_one.conftest import View, bring

FILES = {
    "empfaenger.csv": """
E-Mail;Vorname;Nachname;Status;Angelegt am;Aktiviert am;Abgemeldet am
ada@tal.example;Ada;Tal;aktiv;02.01.2022 10:00;02.01.2022 10:05;
bo@tal.example;Bo;Berg;abgemeldet;02.01.2022 10:00;02.01.2022 10:05;11.01.2025 18:22
cy@tal.example;Cy;Dorn;hardbounce;02.01.2022 10:00;02.01.2022 10:05;
dan@tal.example;Dan;Ek;Beschwerde;02.01.2022 10:00;02.01.2022 10:05;
eva@tal.example;Eva;Frey;gelöscht;02.01.2022 10:00;02.01.2022 10:05;
fred@tal.example;Fred;Gut;unbestätigt;02.01.2022 10:00;;
gerd@tal.example;Gerd;Hut;abgemeldet;02.01.2022 10:00;02.01.2022 10:05;
""",
    "subskrybenci.csv": """
Email,Imię,Nazwisko,Status
anna@las.example,Anna,Las,Aktywny
bolek@las.example,Bolek,Mak,Wypisany
celina@las.example,Celina,Nowak,Do aktywacji
dorota@las.example,Dorota,Ogon,Zapisana
""",
    "abonnes.csv": """
Courriel,Prénom,Nom,Statut,Inscrit le,Désinscrit le
luc@mer.example,Luc,Mer,Actif,2024-01-02,
lea@mer.example,Léa,Noir,Plainte,2024-01-02,
max@mer.example,Max,Olive,Désinscrit,2024-01-02,2024-03-04
ines@mer.example,Inès,Pont,En attente,2024-01-02,
""",
}
AGREED = {"Ada Tal", "Dorota Ogon", "Luc Mer"}
REFUSED = {"Eva Frey", "Bo Berg", "Dan Ek", "Gerd Hut", "Bolek Mak", "Léa Noir", "Max Olive"}


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return bring(tmp_path_factory.mktemp("lists"), FILES)


def test_who_agreed_and_who_left_is_what_the_status_says(view: View) -> None:
    assert len(view.people) == 15
    assert {name for name, said in view.consents.items() if ("email", True) in said} == AGREED
    assert {name for name, said in view.consents.items() if ("email", False) in said} == REFUSED
