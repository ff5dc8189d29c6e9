"""The households and accounts of a customer, and their people, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fullcircle.ask.people import CustomersGroups
from fullcircle.ask.reader import Reader, open_reader
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.errors import ConfigError
from fullcircle.pipeline import run
from tests import small

NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve")
ADDRESS = 'street = "street"\ncity = "city"\npostcode = "postcode"\ncountry = "country"\n'
FILES = {
    "crm/contacts.csv": "id,name,email,phone,street,city,postcode,country\n"
    + "".join(f"{n},{name} Keller,{name.lower()}@example.org,,Amselweg 7,Zurzach,5330,CH\n" for n, name in enumerate(NAMES, 1))
    + "9,Lone Walker,lone@example.net,,,,,\n",
    "shop/people.csv": "id,name,email\n4,Ada Keller,ada@example.org\n",
    "shop/orders.csv": "id,person,day,amount\n7,4,2026-03-02,19.90\n",
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    file: Path = small.make(tmp_path_factory.mktemp("people"), files=FILES)
    file.write_text(file.read_text().replace('phone = "phone"\n', f'phone = "phone"\n{ADDRESS}', 1))
    with open_desk(read_config(file)) as desk:
        run(desk)
    with open_reader(read_config(file)) as one:
        yield one


def names(found: CustomersGroups) -> list[str]:
    return [str(person["name"]) for group in found.groups for person in group.people]


def test_a_household_has_its_people_with_the_best_known_first(reader: Reader) -> None:
    found = reader.people("crm:contacts:2")
    assert found.name == "Ben Keller"
    (group,) = found.groups
    assert (group.kind, group.total, group.next) == ("Household", 5, "")
    assert names(found)[0] == "Ada Keller"  # known by two records
    assert sorted(names(found)) == [f"{name} Keller" for name in NAMES]


def test_pages_go_on_where_the_last_one_ended(reader: Reader) -> None:
    seen, after = [], ""
    for _ in range(3):
        page = reader.people("crm:contacts:2", after, 2)
        seen += names(page)
        after = page.groups[0].next
    assert after == ""
    assert len(seen) == 5 and set(seen) == {f"{name} Keller" for name in NAMES}


def test_who_is_alone_has_no_group(reader: Reader) -> None:
    assert list(reader.people("crm:contacts:9").groups) == []


@pytest.mark.parametrize("after", ["x", "bm90aGluZw", "WzEsMiwzXQ", "WyJob3VzZWhvbGQ6eCIsMSwiZSJd"])
def test_a_place_of_another_list_is_refused(reader: Reader, after: str) -> None:
    with pytest.raises(ConfigError, match="cursor"):
        reader.people("crm:contacts:2", after)
