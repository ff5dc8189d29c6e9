"""A `Nombre`, `Nom` or `Name` of a deal, a ticket, a product is what the thing is called; beside a last name it is a person's."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.day_one.conftest import Suggested

# file -> headers, two rows; the column with the name of the thing, and that with the name of the person
THINGS = {
    "pipedrive": (
        "deals.csv",
        "Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Contact person,Deal - Organization,Deal - Status,Person - Email",
        ("1,Roof,1200,EUR,Ada Tal,Tal Works,Won,ada@tal.example", "2,Door,90,EUR,Bo Berg,Berg AG,Open,bo@berg.example"),
        ("Deal - Title", "Deal - Contact person"),
    ),
    "es": (
        "oportunidades.csv",
        "Nombre,Importe,Etapa,Contacto,Correo",
        ("Techo,1200,Ganado,Ada Tal,ada@tal.example", "Puerta,90,Propuesta,Bo Berg,bo@berg.example"),
        ("Nombre", "Contacto"),
    ),
    "es_by_its_columns": (
        "exportacion.csv",
        "Nombre,Importe,Etapa,Contacto,Correo",
        ("Techo,1200,Ganado,Ada Tal,ada@tal.example", "Puerta,90,Propuesta,Bo Berg,bo@berg.example"),
        ("Nombre", "Contacto"),
    ),
    "fr": (
        "opportunités.csv",
        "Nom,Montant,Étape,Contact,E-mail",
        ("Toit,1200,Gagné,Ada Tal,ada@tal.example", "Porte,90,Proposition,Bo Berg,bo@berg.example"),
        ("Nom", "Contact"),
    ),
    "it": (
        "trattative.csv",
        "Nome,Importo,Fase,Referente,Email",
        ("Tetto,1200,Vinta,Ada Tal,ada@tal.example", "Porta,90,Proposta,Bo Berg,bo@berg.example"),
        ("Nome", "Referente"),
    ),
    "nl": (
        "verkoopkansen.csv",
        "Naam,Bedrag,Fase,Contactpersoon,E-mail",
        ("Dak,1200,Gewonnen,Ada Tal,ada@tal.example", "Deur,90,Offerte,Bo Berg,bo@berg.example"),
        ("Naam", "Contactpersoon"),
    ),
    "pl": (
        "szanse.csv",
        "Nazwa,Kwota,Etap,Osoba kontaktowa,E-mail",
        ("Dach,1200,Wygrana,Ada Tal,ada@tal.example", "Drzwi,90,Oferta,Bo Berg,bo@berg.example"),
        ("Nazwa", "Osoba kontaktowa"),
    ),
    "sv": (
        "affärer.csv",
        "Namn,Belopp,Fas,Kontaktperson,E-post",
        ("Tak,1200,Vunnen,Ada Tal,ada@tal.example", "Dörr,90,Offert,Bo Berg,bo@berg.example"),
        ("Namn", "Kontaktperson"),
    ),
    "pt": (
        "negocios.csv",
        "Nome,Valor,Etapa,Contato,E-mail",
        ("Telhado,1200,Ganho,Ada Tal,ada@tal.example", "Porta,90,Proposta,Bo Berg,bo@berg.example"),
        ("Nome", "Contato"),
    ),
    "de": (
        "Verkaufschancen.csv",
        "Name;Betrag;Phase;Ansprechpartner;E-Mail",
        ("Dach;1200;Gewonnen;Ada Tal;ada@tal.example", "Tür;90;Angebot;Bo Berg;bo@berg.example"),
        ("Name", "Ansprechpartner"),
    ),
    "tickets_es": (
        "incidencias.csv",
        "Número,Nombre,Estado,Contacto,Correo,Fecha de apertura",
        ("1,No funciona,Abierto,Ada Tal,ada@tal.example,13/04/2024", "2,Factura,Cerrado,Bo Berg,bo@berg.example,14/04/2024"),
        ("Nombre", "Contacto"),
    ),
}  # fmt: skip
PRODUCTS = {
    "produits.csv": "Réf;Nom;Prix",
    "productos.csv": "Ref;Nombre;Precio",
    "prodotti.csv": "Codice;Nome;Prezzo",
    "producten.csv": "Code;Naam;Prijs",
    "produkty.csv": "Kod;Nazwa;Cena",
    "produkter.csv": "Kod;Namn;Pris",
    "tuotteet.csv": "Koodi;Nimi;Hinta",
}
PEOPLE = {
    "pedidos.csv": ("Nº pedido;Fecha;Total;Nombre;Apellidos;Correo", "1;13/04/2024;12,50;Ada;Tal;ada@tal.example"),
    "oportunidades.csv": ("Nombre;Apellidos;Correo;Importe;Etapa;Fecha", "Ada;Tal;ada@tal.example;90;Propuesta;13/04/2024"),
    "opportunités.csv": ("Prénom;Nom;E-mail;Montant;Étape;Date", "Ada;Tal;ada@tal.example;90;Proposition;13/04/2024"),
    "clientes.csv": ("Nombre;Correo;Etapa;Importe", "Ada Tal;ada@tal.example;Cliente;90"),
    "orders.csv": ("Order No;Date;Total;Name;Email", "1;2024-04-13;12.50;Ada Tal;ada@tal.example"),
}


def fields_of(text: str, to: str) -> dict[str, Any]:
    """The fields of the first map to a table in a proposal."""
    found: dict[str, Any] = next((one["fields"] for one in tomllib.loads(text)["map"] if one["to"] == to), {})
    return found


@pytest.mark.parametrize("name", THINGS)
def test_the_name_of_a_thing_is_not_a_persons(name: str, suggested: Suggested) -> None:
    file, header, rows, (thing, person) = THINGS[name]
    tables = suggested({file: "\n".join((header, *rows)) + "\n"})
    to = "tickets" if "tickets" in name else "interactions"
    assert tables[Path(file).stem] >= {"records", to}
    assert fields_of(suggested.text, to)["subject" if to == "tickets" else "text"] == thing
    people = fields_of(suggested.text, "records")
    assert people["full_name"] == person
    assert not {"given_name", "family_name"} & people.keys()


@pytest.mark.parametrize("file", PRODUCTS)
def test_the_name_of_a_product(file: str, suggested: Suggested) -> None:
    suggested({file: f"{PRODUCTS[file]}\nA1;Oak table;120\nA2;Pine chair;60\n"})
    assert fields_of(suggested.text, "products")["name"] == PRODUCTS[file].split(";")[1]


@pytest.mark.parametrize("file", PEOPLE)
def test_a_first_name_beside_a_last_name_or_an_address_is_a_persons(file: str, suggested: Suggested) -> None:
    suggested({file: "\n".join(PEOPLE[file]) + "\n"})
    people = fields_of(suggested.text, "records")
    assert {"given_name", "family_name"} <= people.keys() or "full_name" in people
