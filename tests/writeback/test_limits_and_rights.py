"""What stops or bounds a write-back: rights, refused rows, limits, consent, wrong configs, and servers that fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.http import retries
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import pull
from fullcircle.errors import ConfigError, NotFound, SourceError, SourceRefused
from fullcircle.model.progress import Silent
from fullcircle.writeback.facts import FACTS, fact_of
from tests.writeback.crms import HubspotCrm, SalesforceCrm
from tests.writeback.office import Office


@pytest.fixture(params=["salesforce", "hubspot"])
def office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("SF_SECRET", "s3cret")
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    crm: Any = SalesforceCrm() if request.param == "salesforce" else HubspotCrm()
    office = Office(crm, tmp_path, timeout_seconds=0.6, tries=3)
    yield office
    office.close()
    crm.server.stop()


def some(office: Office, number: int = 3) -> list[str]:
    return [office.customer(f"no{one}", one + 1) for one in range(number)]


def test_one_error_names_all_fields_that_cannot_be_written(office: Office) -> None:
    some(office)
    office.crm.close_field("id")
    office.crm.close_field("value")
    with pytest.raises(SourceRefused) as error:
        office.write()
    assert office.crm.names["id"] in error.value.message and office.crm.names["value"] in error.value.message
    assert "edit" in error.value.hint
    office.facts = {"nowhere": "customer_id"}
    office.crm.names["nowhere"] = "Nowhere__c"
    with pytest.raises(SourceRefused, match="no field Nowhere__c"):
        office.write()
    assert office.crm.saves() == 0


def test_an_object_that_may_not_be_changed(office: Office) -> None:
    some(office)
    office.crm.server.read_only.add(office.crm.object)  # type: ignore[attr-defined]
    with pytest.raises(SourceRefused, match="may not change") as error:
        office.write()
    assert error.value.hint
    assert not office.book.read("SELECT 1 FROM sqlite_master WHERE name = 'writeback_cell'") or not office.book.read(
        "SELECT 1 FROM writeback_cell WHERE state IN ('sent', 'written')"
    )


def test_a_row_that_is_refused_does_not_stop_the_others(office: Office) -> None:
    office.crm.refuse_long_texts()
    some(office)
    office.customer("a name that is far too long for the field")
    done = office.write()
    assert done.written == 3 and sum(done.refused.values()) == 1
    assert office.there("no0")["id"] == "customer:no0"
    assert office.write().to_write == 1  # it is tried again, and said again


def test_a_crm_that_refuses_every_row_is_not_asked_for_each(office: Office) -> None:
    office.crm.refuse_long_texts()
    for one in range(12):
        office.customer(f"a name that is far too long for the field {one}")
    with pytest.raises(SourceError, match="refuses each row"):
        office.write()


@pytest.mark.parametrize("fault", ["429", "500", "503", "reset", "garbage", "stall", "expired", "cut"])
def test_a_server_that_fails_for_a_while_gets_each_value_once(office: Office, fault: str) -> None:
    keys = some(office)
    before_the_write = 4 if isinstance(office.crm, SalesforceCrm) else 2
    office.crm.server.faults.extend([*[""] * before_the_write, fault])  # type: ignore[attr-defined]
    done = office.write()
    assert (done.conflicts, dict(done.refused), done.changed) == (0, {}, 0)
    assert [office.crm.value(key, "value") for key in keys] == ["1", "2", "3"]
    assert office.write().to_write == 0
    assert office.undo().changed_since == []
    assert [office.crm.value(key, "value") for key in keys] == [None] * 3


def test_a_limit_is_of_rows(office: Office) -> None:
    some(office, 5)
    assert office.write(limit=2).written == 2
    assert office.write(limit=2).written == 2
    assert office.write().written == 1


def test_an_insight_that_failed_does_not_empty_the_crm(office: Office) -> None:
    office.facts = {"id": "customer_id", "value": "worth"}
    keys = some(office, 60)
    office.write()
    office.engine.run("DELETE FROM insight_worth")
    with pytest.raises(ConfigError, match="60 of 120 values"):
        office.write()
    assert office.crm.value(keys[0], "value") == "1"
    office.settings["clear_share"] = 1
    assert office.write().written == 60
    office.engine.run("DROP TABLE insight_worth")
    with pytest.raises(ConfigError, match="not computed"):
        office.write()


def test_no_offer_is_written_for_who_refused_and_consent_is_what_they_said(office: Office) -> None:
    office.facts = {"id": "next_product", "vip": "refused:email"}
    ada, ben = office.customer("ada"), office.customer("ben")
    for name in ("ada", "ben"):
        office.engine.run(f"INSERT INTO insight_next_product VALUES ('customer:{name}', 'product:1', 1, 'why')")
    office.write()
    assert (office.crm.value(ada, "id"), office.crm.value(ben, "id")) == ("Green tea", "Green tea")
    office.engine.run("INSERT INTO customer_consents VALUES ('customer:ben', 'email', false, NULL, 'shop')")
    office.write()
    assert (office.crm.value(ada, "id"), office.crm.value(ben, "id")) == ("Green tea", None)
    assert (office.crm.value(ada, "vip"), office.crm.value(ben, "vip")) == ("false", "true")


def test_wrong_configs_are_said(office: Office) -> None:
    some(office)
    office.facts = {"id": "nonsense"}
    with pytest.raises(ConfigError, match="not something that is written"):
        office.write()
    office.facts = {"last": "worth"}
    with pytest.raises(ConfigError, match="kind date"):
        office.write()
    office.facts = {"id": "in_segment:nowhere"}
    with pytest.raises(ConfigError, match="no segment"):
        office.write()
    office.facts = {"name": "customer_id"}
    office.crm.names["name"] = "LastName" if isinstance(office.crm, SalesforceCrm) else "lastname"
    with pytest.raises(ConfigError, match="read by a map"):
        office.write()
    office.facts = {"id": "customer_id"}
    office.engine.run("DELETE FROM members")
    with pytest.raises(NotFound, match="No customer has a record"):
        office.write()


def test_every_fact_says_what_it_means() -> None:
    assert all(fact.meaning and fact.sql for fact in FACTS.values())
    assert fact_of("agreed: E-Mail").sql.count("e-mail") == 1


def test_what_was_written_does_not_come_back_as_a_change(office: Office, tmp_path: Path) -> None:
    ada = office.customer("ada", 5)
    office.customer("ben", 6)
    landing = Landing(tmp_path / "landing", office.book, office.engine)
    crm = office.crm

    def pulled() -> tuple[int, list[tuple[Any, ...]]]:
        crm.server.tick(3600)  # type: ignore[attr-defined]
        settings = SourceSettings(connector=crm.connector, **crm.options())
        found = pull({"crm": settings}, tmp_path, landing, Silent(), [f"crm.{crm.object}"]).objects[0]
        return found.rows, office.engine.rows(f"SELECT _key, _at FROM ({landing.current_sql('crm', crm.object)}) ORDER BY 1")

    _, first = pulled()
    crm.server.tick(3600)  # type: ignore[attr-defined]
    assert office.write().written == 2
    assert pulled() == (0, first)  # nor is the row newer than others of the same customer
    crm.change(ada, "last", "2026-01-01")
    crm.server.update(crm.object, ada, **{"Phone" if isinstance(crm, SalesforceCrm) else "phone": "+32 470 000000"})  # type: ignore[attr-defined]
    rows, then = pulled()
    assert rows == 1
    assert dict(then)[ada] > dict(first)[ada]
    assert isinstance(dict(then)[ada], datetime)
