"""A shop for music as a SQLite file with declared foreign keys: the published schema of Chinook, with data of our own.

Only the database is named in the config, everything else is proposed. People, links and invoices are right to the cent, and
staff are no customers.
"""

# ruff: noqa: E501 - the schema is as it was published

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from bench.exports.made_up import World
from fullcircle.ask.reader import Reader, open_reader
from fullcircle.ask.suggest import to_suggest, write
from fullcircle.config.read import read_config
from fullcircle.config.starter import starter
from fullcircle.desk import open_desk
from fullcircle.pipeline import run

SCHEMA = """
CREATE TABLE Artist (ArtistId INTEGER PRIMARY KEY, Name NVARCHAR(120));
CREATE TABLE Album (AlbumId INTEGER PRIMARY KEY, Title NVARCHAR(160) NOT NULL, ArtistId INTEGER NOT NULL REFERENCES Artist (ArtistId));
CREATE TABLE Genre (GenreId INTEGER PRIMARY KEY, Name NVARCHAR(120));
CREATE TABLE MediaType (MediaTypeId INTEGER PRIMARY KEY, Name NVARCHAR(120));
CREATE TABLE Playlist (PlaylistId INTEGER PRIMARY KEY, Name NVARCHAR(120));
CREATE TABLE Track (TrackId INTEGER PRIMARY KEY, Name NVARCHAR(200) NOT NULL, AlbumId INTEGER REFERENCES Album (AlbumId),
  MediaTypeId INTEGER NOT NULL REFERENCES MediaType (MediaTypeId), GenreId INTEGER REFERENCES Genre (GenreId), Composer NVARCHAR(220),
  Milliseconds INTEGER NOT NULL, Bytes INTEGER, UnitPrice NUMERIC(10,2) NOT NULL);
CREATE TABLE PlaylistTrack (PlaylistId INTEGER NOT NULL REFERENCES Playlist (PlaylistId),
  TrackId INTEGER NOT NULL REFERENCES Track (TrackId), PRIMARY KEY (PlaylistId, TrackId));
CREATE TABLE Employee (EmployeeId INTEGER PRIMARY KEY, LastName NVARCHAR(20) NOT NULL, FirstName NVARCHAR(20) NOT NULL, Title NVARCHAR(30),
  ReportsTo INTEGER REFERENCES Employee (EmployeeId), BirthDate DATETIME, HireDate DATETIME, Address NVARCHAR(70), City NVARCHAR(40),
  State NVARCHAR(40), Country NVARCHAR(40), PostalCode NVARCHAR(10), Phone NVARCHAR(24), Fax NVARCHAR(24), Email NVARCHAR(60));
CREATE TABLE Customer (CustomerId INTEGER PRIMARY KEY, FirstName NVARCHAR(40) NOT NULL, LastName NVARCHAR(20) NOT NULL,
  Company NVARCHAR(80), Address NVARCHAR(70), City NVARCHAR(40), State NVARCHAR(40), Country NVARCHAR(40), PostalCode NVARCHAR(10),
  Phone NVARCHAR(24), Fax NVARCHAR(24), Email NVARCHAR(60) NOT NULL, SupportRepId INTEGER REFERENCES Employee (EmployeeId));
CREATE TABLE Invoice (InvoiceId INTEGER PRIMARY KEY, CustomerId INTEGER NOT NULL REFERENCES Customer (CustomerId),
  InvoiceDate DATETIME NOT NULL, BillingAddress NVARCHAR(70), BillingCity NVARCHAR(40), BillingState NVARCHAR(40),
  BillingCountry NVARCHAR(40), BillingPostalCode NVARCHAR(10), Total NUMERIC(10,2) NOT NULL);
CREATE TABLE InvoiceLine (InvoiceLineId INTEGER PRIMARY KEY, InvoiceId INTEGER NOT NULL REFERENCES Invoice (InvoiceId),
  TrackId INTEGER NOT NULL REFERENCES Track (TrackId), UnitPrice NUMERIC(10,2) NOT NULL, Quantity INTEGER NOT NULL);
"""
GENRES, ARTISTS, TRACKS = ("Rock", "Jazz", "Folk"), ("The Lanterns", "Quay Trio", "Moss"), 24
REP = (3, "Repp", "Rick", "Sales Support Agent", 1, "rick.repp@music.example")


def fill(path: Path) -> None:
    """40 customers, 60 invoices; the first customer has no invoice, the second the most."""
    world, dice = World("chinook"), Random("chinook")
    with sqlite3.connect(path) as db:
        db.executescript(SCHEMA)
        db.executemany("INSERT INTO Artist VALUES (?, ?)", enumerate(ARTISTS, 1))
        db.executemany("INSERT INTO Album VALUES (?, ?, ?)", [(one, f"Album {one}", one) for one in (1, 2, 3)])
        db.executemany("INSERT INTO Genre VALUES (?, ?)", enumerate(GENRES, 1))
        db.execute("INSERT INTO MediaType VALUES (1, 'MPEG audio file')")
        db.execute("INSERT INTO Playlist VALUES (1, 'Music')")
        tracks = [
            (n, f"Song {n}", 1 + n % 3, 1, 1 + n % 3, None, 200_000 + n, 5_000, 0.99 if n % 4 else 1.99)
            for n in range(1, TRACKS + 1)
        ]
        db.executemany("INSERT INTO Track VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", tracks)
        db.executemany("INSERT INTO PlaylistTrack VALUES (1, ?)", [(n,) for n in range(1, TRACKS + 1)])
        db.execute(
            "INSERT INTO Employee (EmployeeId, LastName, FirstName, Title, Email) VALUES (1, 'Chief', 'Cleo', 'Manager', 'cleo@music.example')"
        )
        db.execute(
            "INSERT INTO Employee (EmployeeId, LastName, FirstName, Title, ReportsTo, Email) VALUES (?, ?, ?, ?, ?, ?)", REP
        )
        people = [
            (p.number + 1, p.given_name, p.family_name, p.organisation if p.number % 8 == 0 else None, p.street, p.city, p.region,
             p.country_name, p.postcode, p.phone, None, p.email, REP[0])
            for p in world.people
        ]  # fmt: skip
        db.executemany(f"INSERT INTO Customer VALUES ({', '.join('?' * 13)})", people)
        line, at = 0, datetime(2021, 1, 1)
        for invoice in range(1, 61):
            p = world.people[1 if invoice % 5 == 0 else dice.randint(1, 39)]
            at += timedelta(days=dice.randint(1, 9))
            bought = [dice.choice(tracks) for _ in range(dice.randint(1, 5))]
            total = round(sum(track[8] for track in bought), 2)
            place = (p.street, p.city, p.region, p.country_name, p.postcode)
            db.execute(
                "INSERT INTO Invoice VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (invoice, p.number + 1, f"{at:%Y-%m-%d} 00:00:00", *place, total),
            )
            for track in bought:
                line += 1
                db.execute("INSERT INTO InvoiceLine VALUES (?, ?, ?, ?, 1)", (line, invoice, track[0], track[8]))


@dataclass
class Shop:
    """The database, the config with its proposal, and who answers."""

    db: sqlite3.Connection
    text: str
    reader: Reader
    tables: dict[str, list[tuple]]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("chinook")
    fill(folder / "chinook.db")
    config = folder / "fullcircle.toml"
    config.write_text(starter(folder)[0], encoding="utf-8")
    settings = read_config(config)
    write(settings, to_suggest(settings), config)
    settings = read_config(config)
    with open_desk(settings) as desk:
        run(desk)
        tables = {
            "orders": desk.engine.rows("SELECT key, amount FROM orders"),
            "lines": desk.engine.rows("SELECT o.key, sum(l.amount) FROM order_lines l JOIN orders o USING (order_id) GROUP BY 1"),
            "products": desk.engine.rows("SELECT name FROM products"),
            "records": desk.engine.rows("SELECT object, key, email FROM records"),
            "quarantine": desk.engine.rows("SELECT object, reason FROM quarantine"),
        }
    with sqlite3.connect(folder / "chinook.db") as db, open_reader(settings) as reader:
        yield Shop(db, config.read_text(encoding="utf-8"), reader, tables)
    db.close()


def cents(value: float | Decimal) -> Decimal:
    return round(Decimal(value), 2)


def test_customers_are_people_and_staff_are_not(shop: Shop) -> None:
    assert sorted(email for _, _, email in shop.tables["records"]) == sorted(
        email for (email,) in shop.db.execute("SELECT Email FROM Customer")
    )
    assert {name for name, _, _ in shop.tables["records"]} == {"Customer"}
    assert shop.tables["quarantine"] == []


def test_invoices_are_right_to_the_cent(shop: Shop) -> None:
    theirs = {str(key): cents(total) for key, total in shop.db.execute("SELECT InvoiceId, Total FROM Invoice")}
    assert {key: cents(amount) for key, amount in shop.tables["orders"]} == theirs
    assert {key: cents(amount) for key, amount in shop.tables["lines"]} == theirs


def test_what_is_sold_are_the_tracks(shop: Shop) -> None:
    assert sorted(name for (name,) in shop.tables["products"]) == sorted(f"Song {n}" for n in range(1, TRACKS + 1))


def test_the_view_of_a_customer_equals_the_database(shop: Shop) -> None:
    for number in (1, 2, 9):
        (email, name, city) = shop.db.execute(
            "SELECT Email, FirstName || ' ' || LastName, City FROM Customer WHERE CustomerId = ?", (number,)
        ).fetchone()
        seen = shop.reader.show(f"record:chinook:Customer:{number}")
        assert (seen.customer["name"], seen.customer["email"], seen.customer["city"]) == (name, email, city)
        sums = [cents(total) for (total,) in shop.db.execute("SELECT Total FROM Invoice WHERE CustomerId = ?", (number,))]
        assert sorted(cents(order["amount"]) for order in seen.orders) == sorted(sums)
        tracks = shop.db.execute(
            "SELECT DISTINCT t.Name FROM InvoiceLine JOIN Invoice USING (InvoiceId) JOIN Track t USING (TrackId) WHERE CustomerId = ?",
            (number,),
        )
        assert {one["name"] for one in seen.products} == {name for (name,) in tracks}


def test_what_was_left_out_is_in_the_proposal(shop: Shop) -> None:
    assert "SupportRepId" in shop.text
    assert "music.Employee is not mapped" in shop.text or "staff" in shop.text
