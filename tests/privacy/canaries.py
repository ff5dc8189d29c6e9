"""People with a word of their own in every field, beside ordinary ones, in a small company of many sources; and the byte scan.

Each canary is in the CRM, the shop, the mailing list (whose key is the e-mail address), tickets, consents, deals, gifts that
others sent to it, an object that is not mapped, rows that go to quarantine, and lines that cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

CONFIG = """
[project]
country = "DE"
[sources.crm]
connector = "files"
path = "crm"
[sources.crm.objects.contacts]
files = "contacts.csv"
key = "id"
[sources.crm.objects.deals]
files = "deals.csv"
key = "id"
[sources.crm.objects.guests]
files = "guests.csv"
key = "id"
[sources.shop]
connector = "files"
path = "shop"
[sources.shop.objects.people]
files = "people.csv"
key = "id"
[sources.shop.objects.orders]
files = "orders.csv"
key = "id"
[sources.shop.objects.lines]
files = "lines.csv"
key = "id"
[sources.shop.objects.products]
files = "products.csv"
key = "sku"
[sources.shop.objects.gifts]
files = "gifts.csv"
key = "id"
[sources.mail]
connector = "files"
path = "mail"
[sources.mail.objects.list]
files = "list.csv"
key = "email"
[sources.desk]
connector = "files"
path = "desk"
[sources.desk.objects.tickets]
files = "tickets.jsonl"
key = "id"
[sources.web]
connector = "files"
path = "web"
[sources.web.objects.visits]
files = "visits.csv"
key = "id"

[[map]]
source = "crm"
object = "contacts"
to = "records"
fields = { full_name = "name", email = "email", phone = "phone", street = "street", city = "city", postcode = "postcode" }
[[map]]
source = "crm"
object = "deals"
to = "interactions"
fields = { record_id = { field = "contact", ref = "contacts" }, at = "day", text = "title" }
[[map]]
source = "crm"
object = "guests"
to = "participants"
fields = { record_id = { field = "contact", ref = "contacts" }, interaction_id = { field = "deal", ref = "deals" } }
[[map]]
source = "shop"
object = "people"
to = "records"
fields = { full_name = "name", email = "email" }
[[map]]
source = "shop"
object = "products"
to = "products"
fields = { name = "name" }
[[map]]
source = "shop"
object = "orders"
to = "orders"
fields = { record_id = { field = "person", ref = "people" }, ordered_at = "day", amount = "amount" }
[[map]]
source = "shop"
object = "lines"
to = "order_lines"
[map.fields]
order_id = { field = "order", ref = "orders" }
product_id = { field = "sku", ref = "products" }
quantity = "n"
[[map]]
source = "shop"
object = "gifts"
to = "orders"
fields = { record_id = { field = "person", ref = "people" }, ordered_at = "day", amount = "amount" }
[[map]]
source = "shop"
object = "gifts"
to = "records"
key = "receiver"
where = "receiver IS NOT NULL"
fields = { full_name = "receiver", email = "receiver_email" }
[[map]]
source = "mail"
object = "list"
to = "records"
fields = { full_name = "name", email = "email" }
[[map]]
source = "mail"
object = "list"
to = "consents"
fields = { purpose = "topic", granted = "yes" }
[[map]]
source = "desk"
object = "tickets"
to = "tickets"
fields = { record_id = { field = "who", ref = "crm.contacts" }, opened_at = "day", subject = "subject" }

[publish.targets.lake]
target = "iceberg"
[publish.targets.files]
target = "parquet"
path = "out"
tables = ["customers", "members", "orders", "quarantine", "insight_habits"]
"""
HEADS = {
    "crm/contacts.csv": "id,name,email,phone,street,city,postcode",
    "crm/deals.csv": "id,contact,day,title",
    "crm/guests.csv": "id,deal,contact",
    "shop/people.csv": "id,name,email",
    "shop/orders.csv": "id,person,day,amount,note",
    "shop/lines.csv": "id,order,sku,n",
    "shop/products.csv": "sku,name",
    "shop/gifts.csv": "id,person,day,amount,receiver,receiver_email",
    "mail/list.csv": "email,name,topic,yes",
    "web/visits.csv": "id,email,page",
}


@dataclass(frozen=True, slots=True)
class Canary:
    """A person; `word` is in every text about it, and `digits` are its phone number's."""

    number: int

    @property
    def word(self) -> str:
        """Letters only, so that no cleaning takes it apart; far from the words of all others."""
        letters = hashlib.sha256(str(self.number).encode()).hexdigest()[:9].translate(str.maketrans("0123456789", "ghijklmnop"))
        return f"zqx{letters}"

    @property
    def digits(self) -> str:
        """As they are in the number in any form."""
        return f"5577{self.number:05d}"


def make(folder: Path, canaries: Sequence[Canary], others: int, without: Sequence[Canary] = ()) -> Path:
    """Write the files and the config; returns the config file. `without`: canaries that the sources do not have at all."""
    rows: dict[str, list[str]] = {name: [] for name in HEADS}
    tickets: list[str] = []
    for sku in range(5):
        rows["shop/products.csv"].append(f"s{sku},Thing {sku}")
    for n in range(others):
        _other(rows, tickets, n)
    gone = set(without)
    for one in canaries:
        _gift(rows, one, one in gone)
        if one not in gone:
            _canary(rows, tickets, one)
    for name, head in HEADS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([head, *rows[name]]) + "\n")
    (folder / "desk").mkdir(exist_ok=True)
    (folder / "desk/tickets.jsonl").write_text("\n".join(tickets) + "\n")
    (folder / "fullcircle.toml").write_text(CONFIG)
    return folder / "fullcircle.toml"


def _other(rows: dict[str, list[str]], tickets: list[str], n: int) -> None:
    given, family = f"Otto{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}", f"Besser{chr(97 + n * 7 % 26)}"
    mail = f"{given}.{family}{n}@example.org".lower()
    rows["crm/contacts.csv"].append(f"o{n},{given} {family},{mail},+49 30 4411{n:04d},Weg {n},Bonn,53{n % 1000:03d}")
    rows["shop/people.csv"].append(f"p{n},{given} {family},{mail}")
    for order in range(1 + n % 3):
        rows["shop/orders.csv"].append(f"oo{n}-{order},p{n},2026-0{1 + n % 6}-11,{10 + n},plain")
        rows["shop/lines.csv"].append(f"ol{n}-{order},oo{n}-{order},s{n % 5},1")
    rows["crm/deals.csv"].append(f"od{n},o{n},2026-02-03,Offer {n}")
    tickets.append(json.dumps({"id": f"ot{n}", "who": f"o{n}", "day": "2026-03-04", "subject": f"Question {n}"}))


def _gift(rows: dict[str, list[str]], one: Canary, gone: bool) -> None:
    """An order of an ordinary person that was sent to the canary: the order stays when the canary goes."""
    receiver = "," if gone else f"{one.word.title()} {one.word.title()}son,{one.word}@{one.word}.example"
    rows["shop/gifts.csv"].append(f"g{one.number},p{one.number % 7},2026-05-06,3.50,{receiver}")


def _canary(rows: dict[str, list[str]], tickets: list[str], one: Canary) -> None:
    word, name, mail = one.word, f"{one.word.title()} {one.word.title()}son", f"{one.word}@{one.word}.example"
    rows["crm/contacts.csv"].append(f"c-{word},{name},{mail},030 {one.digits},{word}gasse 5,{word}stadt,{word[:5]}")
    rows["shop/people.csv"].append(f"s-{word},{name},{mail.upper()}")
    rows["mail/list.csv"].append(f"{mail},{name},{word}news,true")
    for order, amount in enumerate(("9.90", f"{word} euros")):
        rows["shop/orders.csv"].append(f"x-{word}-{order},s-{word},2026-04-05,{amount},{word} rings twice")
        rows["shop/lines.csv"].append(f"l-{word}-{order},x-{word}-{order},s{one.number % 5},2")
    rows["crm/deals.csv"].append(f"d-{word},c-{word},2026-02-03,{word} wants it")
    rows["crm/guests.csv"].append(f"gu-{word},od{one.number % 7},c-{word}")
    rows["web/visits.csv"].append(f"v{one.number},{mail},/{word}")
    tickets.append(json.dumps({"id": f"t-{word}", "who": f"c-{word}", "day": "2026-03-04", "subject": f"{word} is broken"}))
    tickets.append(f'{{"id": "b-{word}", "who": "{mail}", "subject": "{word}')


# -- the scan ----------------------------------------------------------------------------------------------------------


def scan(canaries: Sequence[Canary], *places: Path) -> dict[str, set[int]]:
    """File -> the canaries of which there is any trace in it: in its bytes, or in what they say when they are decoded."""
    words = {one.word: one.number for one in canaries} | {one.digits: one.number for one in canaries}
    found: dict[str, set[int]] = {}
    for place in places:
        for path in sorted(place.rglob("*")):
            if not path.is_file():
                continue
            texts = [str(path), path.read_bytes().decode("latin-1"), *_decoded(path)]
            hits = {number for text in texts for number in _hits(text.lower(), words)}
            if hits:
                found[path.relative_to(place).as_posix()] = hits
    return found


def _hits(text: str, words: dict[str, int]) -> Iterator[int]:
    for stem, length in (("zqx", 12), ("5577", 9)):
        at = text.find(stem)
        while at >= 0:
            if (number := words.get(text[at : at + length])) is not None:
                yield number
            at = text.find(stem, at + 1)


def _decoded(path: Path) -> Iterator[str]:
    if path.suffix == ".parquet":
        yield str(pq.read_table(path).to_pydict())
        yield str(pq.ParquetFile(path).metadata.to_dict())
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as tables:
            for schema, name in tables.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
                yield str(tables.execute(f'SELECT * FROM "{schema}"."{name}"').fetchall())
    elif path.suffix == ".sqlite":
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as book:
            for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                yield str(book.execute(f'SELECT * FROM "{name}"').fetchall())
            indexes = book.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall()
        yield from _terms(path, [name for (name,) in indexes])
    elif path.suffix == ".avro":
        yield from _avro(path.read_bytes())


def _terms(path: Path, indexes: Sequence[str]) -> Iterator[str]:
    """The terms of the indexes of words, which are packed by common beginnings: also those that no row has any more."""
    with sqlite3.connect(path) as graph:
        for name in indexes:
            graph.execute(f"CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, '{name}', row)")
            yield str(graph.execute("SELECT term FROM temp.terms").fetchall())
            graph.execute("DROP TABLE temp.terms")


def _avro(data: bytes) -> Iterator[str]:
    """The blocks of an Avro file, which are packed: whatever can be unpacked from any place in it."""
    import zlib

    for at in range(len(data)):
        try:
            text = zlib.decompressobj(-15).decompress(data[at:])
        except zlib.error:
            continue
        if len(text) > 20:
            yield text.decode("latin-1")
