"""A real CRM server, read over the network, becomes a 360 view; then it changes, and the view follows."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from fullcircle.ask.customer import CustomerView
from fullcircle.ask.reader import open_reader
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from tests.servers.tryton import TrytonServer, running_tryton

CONFIG = """
[project]
name = "crm"
[sources.crm]
connector = "tryton"
url = "{url}"
user = "{user}"
password = "env:TRYTON_TEST_PASSWORD"
[publish.targets.files]
target = "parquet"
"""


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TrytonServer, Config]]:
    folder = tmp_path_factory.mktemp("crm")
    with running_tryton(tmp_path_factory.mktemp("server")) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRYTON_TEST_PASSWORD", server.password)
        file = folder / "fullcircle.toml"
        file.write_text(CONFIG.format(url=server.url, user=server.user))
        yield server, read_config(file)


def looked_up(settings: Config, which: str) -> CustomerView:
    with open_reader(settings) as reader:
        return reader.show(which)


def record(party: str) -> str:
    return f"record:crm:party.party:{party}"


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.xdist_group("tryton")
def test_crm_to_view_and_after_changes(crm: tuple[TrytonServer, Config]) -> None:
    server, settings = crm
    with open_desk(settings) as desk:
        run(desk)
        assert desk.engine.count("records") == server.truth.counts["party.party"]
        money = dict(
            desk.engine.rows(
                "SELECT r.key, sum(o.amount) FROM orders o JOIN records r USING (record_id) WHERE o.amount <> 0 GROUP BY ALL"
            )
        )
    spent = {party: amount for party, amount in server.truth.spent().items() if amount}
    assert money == spent  # to the last digit
    party = max(spent, key=lambda key: (spent[key], key))
    seen = looked_up(settings, record(party))
    assert seen.customer["name"] == server.truth.people[party]["name"]
    assert round(Decimal(sum(product["amount"] for product in seen.products)), 2) >= round(spent[party], 2)
    assert seen.orders
    assert seen.habits["orders"] >= 1

    other = min((key for key in spent if key != party), key=lambda key: (spent[key], key))
    before = looked_up(settings, record(other)).customer["id"]
    server.merge(int(other), int(party))
    with open_desk(settings) as desk:
        done = {one.stage: one for one in run(desk)}
        assert 0 < done["pull"].counts["rows"] < 60  # what the merge touched, not the whole CRM
        again = run(desk)
    merged = looked_up(settings, record(other))
    assert merged.customer["id"] == looked_up(settings, record(party)).customer["id"]
    assert looked_up(settings, before).customer["id"] == merged.customer["id"]  # an old id always resolves
    assert sum(one.counts.get("written", 0) for one in again if not one.skipped) == 0
