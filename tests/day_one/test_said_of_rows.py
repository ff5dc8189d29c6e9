"""What a row says of itself and of its person: who refused, who was deleted, who was merged into whom."""

from __future__ import annotations

import pytest

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.plan import plan
from fullcircle.mapping.propose.sample import names_only
from tests.day_one.conftest import bring
from tests.day_one.test_missed import maps_of

FILES = {
    "customers.csv": """
Customer ID,First Name,Last Name,Email,Opted out,Do Not Call,Newsletter,Merged Into,Is Deleted
1,Ada,Tal,ada@tal.example,no,no,yes,,no
2,Bo,Berg,bo@berg.example,yes,no,yes,,no
3,Cy,Dorn,cy@dorn.example,,yes,no,,no
4,Dan,Ek,dan@ek.example,no,no,no,,yes
5,Bo,Berg,rb@work.example,no,no,no,2,yes
""",
    "orders.csv": """
Order ID,Customer ID,Order Date,Total
71,1,2024-01-14,10.00
72,5,2024-01-15,20.00
73,4,2024-01-16,30.00
74,3,2024-01-17,40.00
""",
    "kunden.csv": """
Kundennummer;Vorname;Nachname;E-Mail;Werbung gesperrt;Newsletter abgemeldet am;Zusammengeführt in;gelöscht am
K1;Eva;Ast;eva@ast.example;ja;;;
K2;Fred;Birk;fred@birk.example;nein;03.02.2024;;
K3;Gerd;Clar;gerd@clar.example;nein;;;14. Januar 2024
K4;Eva;Ast;ewa@lind.example;nein;;K1;15.01.2024
""",
    "clients.csv": """
N° client;Prénom;Nom;Courriel;désinscrit;Ne pas appeler;Archivé
C1;Lea;Roux;lea@roux.example;oui;non;non
C2;Max;Sole;max@sole.example;non;oui;non
C3;Ines;Tour;ines@tour.example;;;oui
""",
    "entries.csv": """
Entry Id,Entry Date,Name (First),Name (Last),Email,Total,Payment Status,Opt out of newsletter,Archived
11,2024-01-14 08:03:00,Uma,Wolf,uma@wolf.example,25.00,Paid,0,yes
12,2024-01-15 08:03:00,Vic,Zorn,vic@zorn.example,35.00,Paid,1,no
""",
    "produkte.csv": """
Artikelnummer;Bezeichnung;Preis;gelöscht
A1;Tisch;100,00;nein
A2;Stuhl;40,00;ja
""",
}


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    return bring(tmp_path_factory.mktemp("said-of-rows"), FILES)


def test_who_did_not_refuse_did_not_agree_and_a_refusal_stands_before_a_newsletter(view):
    assert view.consents["Ada Tal"] == {("newsletter", True)}
    assert view.consents["Bo Berg"] == {("email", False), ("newsletter", False)}  # the second is from whom was merged into Bo
    assert view.consents["Cy Dorn"] == {("call", False), ("newsletter", False)}
    every = {(way, False) for way in ("email", "call", "sms", "post")}
    assert view.consents["Eva Ast"] == every and view.consents["Fred Birk"] == {("email", False)}
    assert view.consents["Lea Roux"] == {("email", False)} and view.consents["Max Sole"] == {("call", False)}
    assert view.consents["Vic Zorn"] == {("email", False)} and "Uma Wolf" not in view.consents  # on the rows of orders


def test_the_deleted_are_left_out_and_the_merged_are_one_customer_with_whom_they_were_merged_into(view):
    assert view.people == {
        "Ada Tal",
        "Bo Berg",
        "Cy Dorn",
        "Eva Ast",
        "Fred Birk",
        "Ines Tour",
        "Lea Roux",
        "Max Sole",
        "Uma Wolf",
        "Vic Zorn",
    }
    assert view.emails["Bo Berg"] == {"bo@berg.example", "rb@work.example"} and set(view.orders["Bo Berg"]) == {"72"}
    assert view.emails["Eva Ast"] == {"eva@ast.example", "ewa@lind.example"}
    assert "1 of 1 values of Merged Into are in Customer ID: those rows were merged into others" in view.text
    assert set(view.orders["Uma Wolf"]) == {"11"}  # an archived order was done with
    assert view.products == {"Tisch", "Stuhl"} and view.quarantine == []


@pytest.mark.parametrize(
    "header",
    ["merged_to", "master_record_id", "duplicate_of", "Duplicate Of ID", "Zusammengeführt in", "fusionné dans", "Fusionado en",
     "統合先", "merged_into_id", "survivor_id"],
)  # fmt: skip
def test_a_column_of_merges_is_known_by_its_name(header):
    people = maps_of(customers=f"id,first name,last name,email,{header}")["records"]
    assert people["merged_into"] == {"field": header, "ref": "customers"}


@pytest.mark.parametrize("header", ["deleted", "Is Deleted", "deleted_at", "Papierkorb", "supprimé le", "Borrado", "削除フラグ"])
def test_a_column_of_deletions_is_known_by_its_name(header):
    fields = tuple(FoundField(one) for one in ("id", "first name", "last name", "email", header))
    (one,) = plan(names_only("files", [FoundObject("customers", (), fields)]), None)
    assert one.maps and all(header in each.where for each in one.maps)
