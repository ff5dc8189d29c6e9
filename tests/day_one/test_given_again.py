"""A consent that was withdrawn and given again: of two days on one row the later one holds. Nobody here exists."""

from __future__ import annotations

import pytest

from fullcircle.ask.consents import agreed
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.day_one.conftest import STAGES, proposed, put

FILES = {
    "members.csv": """
ID,Name,Email,Consent given on,Consent withdrawn on
1,Ann Ash,ann@a.example,2024-01-01,
2,Bob Bay,bob@b.example,2024-01-01,2024-05-01
3,Cat Coe,cat@c.example,2024-01-01,2023-05-01
4,Dan Dow,dan@d.example,,2024-05-01
""",
    "kontakte.csv": """
Nr;Vorname;Nachname;E-Mail;Einwilligung erteilt am;Einwilligung widerrufen am
1;Uwe;Holt;uwe@h.example;01.02.2025;03.04.2024
2;Ina;Kolb;ina@k.example;01.02.2024;03.04.2024
3;Eva;Lind;eva@l.example;11.02.2024;
""",
    "contactos.csv": """
Id;Nombre;Apellidos;Correo electrónico;Consentimiento otorgado el;Consentimiento revocado el
1;Rosa;Vega;rosa@v.example;01/02/2025;13/04/2024
2;Luis;Mora;luis@m.example;01/02/2024;13/04/2024
""",
}


@pytest.fixture(scope="module")
def by_email(tmp_path_factory):
    folder = tmp_path_factory.mktemp("again")
    put(folder, FILES)
    with open_desk(read_config(proposed(folder))) as desk:
        run(desk, Choice(only=STAGES))
        rows = desk.engine.rows(
            'SELECT c.name, t.purpose, t.granted, t."at" FROM consents t JOIN members USING (record_id) '
            "JOIN customers c USING (customer_id) WHERE t.purpose = 'email' ORDER BY ALL"
        )
    found: dict[str, list[dict]] = {}
    for name, purpose, granted, at in rows:
        found.setdefault(name, []).append({"channel": purpose, "purpose": purpose, "granted": granted, "at": at})
    return {name: agreed(some)["email"] for name, some in found.items()}


@pytest.mark.parametrize(
    ("name", "agrees"),
    [
        ("Ann Ash", True), ("Bob Bay", False), ("Cat Coe", True), ("Dan Dow", False), ("Uwe Holt", True), ("Ina Kolb", False),
        ("Eva Lind", True), ("Rosa Vega", True), ("Luis Mora", False),
    ],
)  # fmt: skip
def test_the_later_day_holds(by_email, name, agrees):
    assert by_email[name] is agrees
