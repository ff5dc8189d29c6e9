"""A project with people who are easily mistaken, run once; each test that decides something works on a copy of it."""

import shutil
from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from tests.ask.conftest import CONFIG

FILES = {
    "crm/contacts.csv": (
        "id,name,email,phone\n17,Ada Keller,ada.keller@example.org,+41443334455\n18,Ben Keller,ben@example.org,\n"
        "19,Adelheid Brunner,heidi@example.net,\n20,Cleo Ito,c.ito@example.com,\n"
    ),
    "shop/people.csv": (
        "id,name,email\n4,Ada Keller,ada.keller@example.org\n5,Cleo Ito,cleo@example.org\n"
        "6,Ada Brunner-Keller,ada.b@example.net\n7,Ada Keller,ada.keller@example.org\n"
    ),
    "shop/orders.csv": "id,person,day,amount\n7,4,2026-03-02,19.90\n8,4,2026-03-09,5\n9,5,2026-03-10,7\n10,6,2026-03-11,8\n",
}


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's config file; nobody may change anything there."""
    folder = tmp_path_factory.mktemp("steward")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    file = folder / "fullcircle.toml"
    file.write_text(f'{CONFIG}\n[publish.targets.files]\ntarget = "parquet"\n')  # can be copied to another place
    with open_desk(read_config(file)) as desk:
        run(desk)
    return file


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    """A copy to decide in."""
    shutil.copytree(original.parent, tmp_path / "project")
    return tmp_path / "project" / "fullcircle.toml"
