"""What a customer says to somebody at this door counts from then on, in every run, until it is taken back."""

from __future__ import annotations

from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.stage import EVERYTHING
from tests.serve.conftest import Served


def agreed(served: Served) -> object:
    with served.reader("steward") as reader:
        return reader.show("crm:contacts:17").to_dict()["agreed"]


def test_a_consent_survives_runs_and_the_newest_counts(apart: Served) -> None:
    id, agent = apart.customer(), apart.client("agent")
    place = f"/v1/customers/{id}/consents/sms"
    said = {"granted": False, "source": "phone", "at": "2026-03-02T10:00:00Z"}
    assert apart.client("analyst").put(place, json=said).status_code == 403
    first = agent.put(place, json=said, headers={"Idempotency-Key": "c"})
    assert first.json() == {"customer_id": id, "purpose": "sms", "granted": False, "records": 2}
    assert agreed(apart) == {"sms": False}
    with open_desk(apart.settings) as desk:
        run(desk, EVERYTHING)
    assert agreed(apart) == {"sms": False}
    older = {"granted": True, "source": "form", "at": "2026-03-01T10:00:00Z"}
    assert agent.put(f"/v1/customers/{id}/consents/email", json=older).json()["records"] == 1
    assert agent.put(place, json={**said, "granted": True, "at": "2026-03-03T10:00:00Z"}).status_code == 200
    assert agreed(apart) == {"email": True, "sms": True}
    assert agent.put(place, json=said, headers={"Idempotency-Key": "c"}).content == first.content  # that was then
    assert agreed(apart) == {"email": True, "sms": True}
    assert agent.put(place, json={**said, "at": "2999-01-01T00:00:00Z"}).status_code == 400
    assert agent.delete(place).json()["granted"] is None
    assert agreed(apart) == {"email": True}
