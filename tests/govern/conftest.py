"""A small project with a planted value (a canary) in every class of fields, run once; and one of it with a policy."""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from tests import small

FILES = {
    "crm/contacts.csv": (
        "id,name,email,phone,born,sex,tax,street,city,postcode,country\n"
        "17,Ada Quillfeather,ada.quillfeather@example.org,+41443334455,1984-07-23,female,TAX88991,Amselweg 77,Zurzach,50779,CH\n"
        "18,Ben Quillfeather,ben@example.org,,1999-01-02,male,,Amselweg 77,Zurzach,50779,CH\n"
    ),
    "shop/people.csv": (  # the key is an e-mail address
        "id,name,email,amount\nada.quillfeather@example.org,Ada Quillfeather,ada.quillfeather@example.org,\n"
        "cleo.unbelow@example.org,Cleo Unbelow,cleo.unbelow@example.org,\n"
    ),
    "shop/orders.csv": (
        "id,person,day,amount\n7,ada.quillfeather@example.org,2026-03-02,7319.37\n"
        "8,ada.quillfeather@example.org,2026-03-09,5\n3,cleo.unbelow@example.org,2026-03-11,62\n9,cleo.unbelow@example.org,2026-03-10,61\n"
    ),
    "shop/tickets.csv": "id,person,opened,subject\n3,ada.quillfeather@example.org,2026-04-01,Zebrafish in my parcel\n",
}
MORE = """
[sources.shop.objects.tickets]
files = "tickets.csv"
key = "id"
[[map]]
source = "shop"
object = "tickets"
to = "tickets"
[map.fields]
record_id = { field = "person", ref = "people" }
opened_at = "opened"
subject = "subject"
[[map]]
source = "crm"
object = "contacts"
to = "identifiers"
where = "tax <> ''"
[map.fields]
record_id = { field = "id", ref = "contacts" }
kind = { value = "tax" }
value = "tax"
"""
PERSONAL = 'birth_date = "born"\ngender = "sex"\nstreet = "street"\ncity = "city"\npostcode = "postcode"\ncountry = "country"\n'
OWN_RULES = """
// they may ask and change everything, and see: what is plain, nothing at all, hashes of everything
permit(principal, action in Action::"ask", resource)
when { principal in Role::"viewer" || principal in Role::"blind" || principal in Role::"counter" };
permit(principal, action in Action::"change", resource)
when { principal in Role::"viewer" || principal in Role::"blind" || principal in Role::"counter" };
permit(principal in Role::"viewer", action in Action::"look", resource == FieldClass::"plain");
permit(principal in Role::"counter", action == Action::"see_hashed", resource);
"""
CANARIES = {  # class -> texts that occur in the data of that class alone
    "contact": ("quillfeather", "unbelow", "443334455", "amselweg", "zurzach", "50779"),
    "sensitive": ("1984-07-23", "07-23", "88991"),
    "financial": ("7319", "7,319"),
    "text": ("zebrafish",),
}


def made(folder: Path, more: str = "") -> Path:
    """The project's config file; it was run once."""
    file = small.make(folder, MORE + '\n[publish.targets.files]\ntarget = "parquet"\n', FILES)
    file.write_text(file.read_text().replace('phone = "phone"\n', f'phone = "phone"\n{PERSONAL}', 1) + more)
    with open_desk(read_config(file)) as desk:
        run(desk)
    return file


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The config file of a project without a policy."""
    return made(tmp_path_factory.mktemp("project"))


@pytest.fixture
def governed(project: Path, tmp_path: Path) -> Path:
    """A copy of it with a policy, and nobody listed yet."""
    shutil.copytree(project.parent, tmp_path / "governed")
    file = tmp_path / "governed" / project.name
    file.write_text(f'{file.read_text()}\n[govern]\npolicy = "policy"\nroles = ["viewer", "blind", "counter"]\n')
    (file.parent / "policy").mkdir()
    (file.parent / "policy" / "mine.cedar").write_text(OWN_RULES)
    return file


def os_user() -> str:
    return pwd.getpwuid(os.getuid()).pw_name
