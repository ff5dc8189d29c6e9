"""The files of one export share an encoding: what few words leave open, those of the files beside show; a doubt is told."""

from __future__ import annotations

import io
import zipfile

import pytest

from fullcircle.errors import SourceBroken
from tests.connectors.town import Town

# One file with words enough, and one with few: alone, the second is read wrongly, or is not clear.
EXPORTS = {
    "cp1254": ("no,isim\n1,Ayşe Yılmaz\n2,Gökhan Öztürk\n3,İsmail Işık\n",
               ["Ayşe Demir", "Doğan Tan", "Ümit Çağlar", "Şule Demir"]),
    "cp1250": ("id,jméno\n1,Jiří Dvořák\n2,Božena Růžičková\n3,Pavel Němec\n", ["Ana Marić", "Petr Šíma", "Iva Černá"]),
    "cp1252": ("id,name\n1,Jürgen Groß\n2,Hélène Dupré\n3,Zoë Núñez\n4,Renée Gauß\n5,Søren Ålborg\n",
               ["Benoît Lefèvre", "Ola Bodø"]),
    "cp1251": ("номер,имя\n1,Ольга Кузнецова\n2,Сергей Волков\n3,Анна Иванова\n", ["Яна", "Олег Ёж"]),
}  # fmt: skip


@pytest.mark.parametrize(("encoding", "name"), [(encoding, name) for encoding, (_, few) in EXPORTS.items() for name in few])
@pytest.mark.parametrize("order", ["a_customers", "z_customers"])
def test_few_words_are_read_as_the_files_beside(town: Town, encoding: str, name: str, order: str) -> None:
    many, _ = EXPORTS[encoding]
    town.put("orders.csv", many.encode(encoding))
    town.put(f"{order}.csv", f"id,name,city\n1,{name},X\n".encode(encoding))
    town.pull()
    assert [row[1] for row in town.rows(order)] == [name]
    assert [row[1] for row in town.rows("orders")] == [line.split(",")[1] for line in many.splitlines()[1:]]


def test_it_is_said_that_the_files_beside_showed_it(town: Town) -> None:
    town.put("orders.csv", EXPORTS["cp1254"][0].encode("cp1254"))
    town.put("people.csv", "id,name,city\n1,Ayşe Demir,X\n".encode("cp1254"))
    town.pull()
    notes = " ".join(town.said)
    assert "read as cp1254 (Turkish)" in notes and "orders.csv beside it" in notes


def test_a_file_that_is_clear_is_read_by_its_own_words(town: Town) -> None:
    for encoding, (many, _) in EXPORTS.items():
        town.put(f"orders_of_{encoding.replace('cp', 'x')}a.csv", many.encode(encoding))
    town.pull()
    for encoding, (many, _) in EXPORTS.items():
        rows = town.rows(f"orders_of_{encoding.replace('cp', 'x')}a")
        assert [row[1] for row in rows] == [line.split(",")[1] for line in many.splitlines()[1:]]


def test_the_files_of_an_archive_are_beside_one_another_and_utf_8_shows_nothing(town: Town) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("orders.csv", EXPORTS["cp1254"][0].encode("cp1254"))
        archive.writestr("people.csv", "id,name,city\n1,Ayşe Demir,X\n".encode("cp1254"))
        archive.writestr("cities.csv", "id,city\n1,Łódź\n".encode())
    town.put("export.zip", packed.getvalue())
    town.pull()
    assert [row[1] for row in town.rows("people")] == ["Ayşe Demir"] and [row[1] for row in town.rows("cities")] == ["Łódź"]


def test_what_nothing_shows_is_still_asked_for(town: Town) -> None:
    town.put("people.csv", "id,name,city\n1,Şule Demir,X\n".encode("cp1254"))
    town.put("cities.csv", "id,city\n1,Łódź\n".encode())
    with pytest.raises(SourceBroken, match="is not clear"):
        town.pull()
