"""A small project, run once: two sources, three people, one of them in both sources."""

from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from tests import small

FILES = {
    "crm/contacts.csv": (
        "id,name,email,phone\n17,Ada Keller,ada.keller@example.org,+41443334455\n18,Ben Keller,ben@example.org,\n"
    ),
    "shop/people.csv": "id,name,email\n4,Ada Keller,ada.keller@example.org\n5,Cleo Ito,cleo@example.org\n",
    "shop/orders.csv": "id,person,day,amount\n7,4,2026-03-02,19.90\n8,4,2026-03-09,5\n",
}


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's config file."""
    file = small.make(tmp_path_factory.mktemp("project"), files=FILES)
    with open_desk(read_config(file)) as desk:
        run(desk)
    return file
