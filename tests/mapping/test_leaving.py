"""Who left a list, was deleted from it or gets no mail: no consent is read of them, in whatever words and language it is said."""

from __future__ import annotations

import pytest

from fullcircle.engine.base import literal
from fullcircle.mapping.propose.refusal_columns import agreed_ways, left_beside
from fullcircle.mapping.propose.words import plain
from fullcircle.mapping.reading.undeliverable import bounced, is_bounced
from tests.mapping.test_links import project, proposed

LEAVING = (
    "Darse de baja|Fecha de baja|Baja|Se ha dado de baja|Abmeldung|Abmeldedatum|Austrittsdatum|Date de sortie|"
    "Date de désinscription|Data disiscrizione|Data rezygnacji|Rezygnacja|Data wypisu|Uitschrijfdatum|"
    "Datum uitschrijving|Afmeldedato|Datum odjave|"
    "Leiratkozás dátuma|Data de descadastro|Дата отписки|Дата відписки|退订时间|退会日"
)
HARD = (
    "twardo odbity|twarde odbicie|rebote permanente|rebotado duro|hard bounce|rebond définitif|hart gebounct|harter bounce|"
    "tvrdě odražený|hård bounce|hårt studsad|rimbalzo permanente|devolução permanente|жёсткий отскок|硬退信"
)


@pytest.mark.parametrize("header", LEAVING.split("|"))
def test_leaving_beside_a_consent_is_a_refusal(header):
    assert left_beside(plain(header), [plain(header), "name", "consentimiento_rgpd"])
    assert not left_beside(plain(header), [plain(header), "name", "city"])  # an account, a job or a course may be left, too


@pytest.mark.parametrize("header", ["Motivo de baja", "Departamento", "Saldo", "Fecha de alta", "Depart by", "Unsubscribe link"])
def test_what_is_no_leaving(header):
    assert not left_beside(plain(header), [plain(header), "consent"])


def test_a_state_that_says_how_hard_mail_came_back(engine):
    for word in HARD.split("|"):
        assert is_bounced(word) and engine.value(f"SELECT {bounced(literal(word))}"), word
    for word in ("soft bounce", "miękko odbity", "rebote suave", "aktywny", "twardo", "duro de roer", "permanente"):
        assert not is_bounced(word) and not engine.value(f"SELECT {bounced(literal(word))}"), word


def _consents(found):
    maps = [one for one in found["maps"] if one["to"] == "consents"]
    return {one["key"]: one for one in maps}


def test_a_yes_to_leaving_denies_beside_a_consent(tmp_path):
    rows = "1,Ada Tal,a@tal.example,Sí,No,\n2,Bo Ek,b@ek.example,Sí,Sí,20/05/2026\n3,Cy Ohm,c@ohm.example,No,No,\n"
    text = f"ID,Nombre,Email,Consentimiento RGPD,Darse de baja,Fecha de baja\n{rows}"
    made = _consents(proposed(project(tmp_path, contactos=text))["contactos"])
    assert made["darse_de_baja"]["fields"]["refused"] == {"field": "Darse de baja"}
    assert made["darse_de_baja"]["fields"]["at"] == {"field": "Fecha de baja"}  # one refusal, with its day
    assert "fecha_de_baja" not in made


@pytest.mark.parametrize(
    ("name", "headers", "values"),
    [
        ("lista_subskrybenci", "E-mail,Imię,Status,Data zapisu,Data rezygnacji", ("Aktywny", "Usunięty", "Twardo odbity")),
        ("contactos", "Email,Nombre,Estado,Fecha de alta,Fecha de baja", ("Activo", "Desuscrito", "Rebote permanente")),
        ("export", "E-mail,Vorname,Status,Eintragung am,Abmeldedatum", ("Aktiv", "Gelöscht", "Hard Bounce")),
    ],
)
def test_active_in_a_list_of_mail_agreed_and_who_was_deleted_left(tmp_path, name, headers, values):
    days = (("2026-01-04", ""), ("2026-01-05", "2026-03-01"), ("2026-01-06", ""))
    rows = "".join(f"p{n}@tal.example,Ada,{value},{','.join(days[n])}\n" for n, value in enumerate(values))
    found = proposed(project(tmp_path, **{name: f"{headers}\n{rows}"}))[name]
    yes, no = ([one for one in found["maps"] if one["fields"].get("granted") == {"value": said}] for said in (True, False))
    assert [f"'{values[0].lower()}'" in one["where"] for one in yes] == [True]
    assert any(f"'{values[1].lower()}'" in one["where"] for one in no) or "refused" in str(found["maps"])
    assert [one["fields"]["at"]["field"] for one in yes] == [headers.split(",")[3]]
    people = next(one for one in found["maps"] if one["to"] == "records")
    assert people["fields"]["undeliverable"] == {"field": headers.split(",")[2]}


def test_active_customers_agreed_to_nothing(tmp_path):
    rows = "".join(f"{n},Ada Tal {n},a{n}@example.com,{value}\n" for n, value in enumerate(("Activo", "Baja", "Activo"), 1))
    found = proposed(project(tmp_path, clientes=f"ID,Nombre,Email,Estado\n{rows}"))["clientes"]
    assert not any(one["fields"].get("granted") == {"value": True} and "'activo'" in one["where"] for one in found["maps"])


def test_who_agreed_to_get_messages():
    for name in ("Aceita receber WhatsApp", "Acepta recibir WhatsApp", "Accepts WhatsApp"):
        assert agreed_ways(plain(name)) == ("whatsapp_opt_in",), name
    assert agreed_ways(plain("Aceita receber e-mail marketing")) == ("email_opt_in",)
