"""Links that only values show: the number that others use is the key of a list, whatever the columns are called."""

from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest

from fullcircle.engine.duckdb import DuckDB
from tests.mapping.test_links import fields, project, proposed

PEOPLE = (
    "Id;{number};Nom;Prénom;Email\n"
    "2001;CLI-001;Arzel;Enora;enora@courriel.example\n2002;CLI-002;Le Bras;Milo;milo@courriel.example\n"
    "2003;CLI-003;Quéméner;Jade;jade@courriel.example\n2004;CLI-004;Rolland;Jean Marc;jm@courriel.example\n"
)
ORDERS = (
    "Numéro;Date;Client;{number};Montant TTC;Devise;Statut\n"
    "B-01;05/01/2026;Arzel Enora;CLI-001;15,00;EUR;Validé\nB-02;25/01/2026;Le Bras Milo;CLI-002;25,00;EUR;Validé\n"
    "B-03;06/02/2026;Quéméner Jade;CLI-003;35,00;EUR;Validé\nB-04;07/02/2026;Arzel Enora;CLI-001;45,00;EUR;Validé\n"
)


def links(tmp_path: Path, theirs: str, ours: str, **more: str):
    file = project(tmp_path, clients=PEOPLE.format(number=theirs), commandes=ORDERS.format(number=ours), **more)
    return proposed(file)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("Référence", "Référence client"), ("Code", "Code tiers"), ("Matricule", "Réf. interne"), ("Code client", "Code client")],
)
def test_the_number_that_orders_use_is_the_key_of_the_list(tmp_path, theirs, ours):
    found = links(tmp_path, theirs, ours)
    assert fields(found["clients"], "records")["key"] == {"field": theirs}
    assert fields(found["commandes"], "orders")["record_id"] == {"field": ours, "ref": "clients"}
    assert [one["to"] for one in found["commandes"]["maps"]] == ["orders"]


def test_where_others_use_the_key_it_stays_and_the_other_number_is_said(tmp_path):
    tickets = "Ticket;Client Id;Sujet;Date\nT1;2001;Un;05/01/2026\nT2;2002;Deux;06/01/2026\nT3;2003;Trois;25/01/2026\n"
    found = links(tmp_path, "Référence", "Réf. interne", tickets=tickets)
    assert fields(found["clients"], "records")["key"] == {"field": "Id"}
    assert fields(found["tickets"], "tickets")["record_id"] == {"field": "Client Id", "ref": "clients"}
    assert any("LOOK" in said and "Réf. interne" in said for said in found["commandes"]["notes"])


def test_bare_numbers_that_happen_to_be_the_same_are_no_link(tmp_path):
    people = "Id,Code,Name,Email\n" + "".join(f"{n},{1000 + n},Ada Tal {n},a{n}@example.com\n" for n in range(1, 6))
    orders = "order_id,Shelf,order_date,total,email\n" + "".join(
        f"O{n},{1000 + n},2026-01-0{n},5.00,b{n}@example.com\n" for n in range(1, 6)
    )
    found = proposed(project(tmp_path, customers=people, orders=orders))
    assert fields(found["orders"], "orders")["record_id"]["ref"] == "orders"
    assert fields(found["customers"], "records")["key"] == {"field": "Id"}


NAMES = (
    "Numéro;Date;Client;Montant TTC;Devise;Statut\n"
    "B-01;05/01/2026;{0};15,00;EUR;Validé\nB-02;25/01/2026;{1};25,00;EUR;Validé\nB-03;06/02/2026;{2};35,00;EUR;Validé\n"
    "B-04;07/02/2026;Garage du Phare;45,00;EUR;Validé\nB-05;08/02/2026;Menuiserie Arzel SARL;55,00;EUR;Validé\n"
    "B-06;09/02/2026;Kervella Yann;65,00;EUR;Validé\nB-07;10/02/2026;Guillou Anne Lise;75,00;EUR;Validé\n"
)


def read_names(tmp_path: Path, *names: str):
    """What a proposal makes of the names of buyers, of whom a list has some in two parts."""
    file = project(tmp_path, clients=PEOPLE.format(number="Code"), commandes=NAMES.format(*names))
    found = proposed(file)["commandes"]
    rule = fields(found, "records")["full_name"]
    with closing(DuckDB()) as engine:
        values = [one.split(";")[2] for one in NAMES.format(*names).splitlines()[1:]]
        with engine.register("sold", pa.table({"Client": values})):
            read = rule.get("sql", '"Client"')
            return found, [one for (one,) in engine.rows(f"SELECT {read} FROM sold")]


def test_the_order_of_names_is_learned_from_lists_that_have_the_parts(tmp_path):
    found, read = read_names(tmp_path, "Le Bras Milo", "Rolland Jean Marc", "ARZEL Enora")
    assert read[:3] == ["Le Bras, Milo", "Rolland, Jean Marc", "ARZEL, Enora"]
    assert read[3:] == ["Garage du Phare", "Menuiserie Arzel SARL", "Kervella, Yann", "Guillou, Anne Lise"]
    assert any("the family name comes first" in said for said in found["evidence"])


def test_names_in_both_orders_are_said_and_not_turned(tmp_path):
    found, read = read_names(tmp_path, "Le Bras Milo", "Jean Marc Rolland", "Enora Arzel")
    assert read[:3] == ["Le Bras Milo", "Jean Marc Rolland", "Enora Arzel"]
    assert any("LOOK" in said and "family name" in said for said in found["notes"])
