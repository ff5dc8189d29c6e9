"""What a person may ask for, over HTTP: erased once for each request, restricted and used again, exported."""

from __future__ import annotations

from contextlib import closing

import pytest

from fullcircle.govern.home_keys import open_book
from fullcircle.privacy import erase as erasing
from fullcircle.serve.rest import persons
from tests.serve.conftest import Served


def test_a_person_is_restricted_exported_and_erased(apart: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    id, officer = apart.customer(), apart.client("privacy_officer")
    for role in ("steward", "agent", "admin"):
        assert apart.client(role).post(f"/v1/customers/{id}/erase", json={}).status_code == 403
        assert apart.client(role).put(f"/v1/customers/{id}/restriction", json={}).status_code == 403
        assert apart.client(role).get(f"/v1/customers/{id}/person-export").status_code == 403
    restricted = officer.put(f"/v1/customers/{id}/restriction", json={"reference": "DSR-1"})
    assert restricted.json() == {"customer_id": id, "restricted": True, "records": 2}
    assert officer.delete(f"/v1/customers/{id}/restriction").json()["restricted"] is False
    assert officer.delete(f"/v1/customers/{id}/restriction").status_code == 404
    found = officer.get(f"/v1/customers/{id}/person-export").json()
    assert "ada.quillfeather@example.org" in str(found["parts"])
    planned = officer.post(f"/v1/customers/{id}/erase", json={"dry_run": True}).json()
    assert (planned["customer_id"], planned["counts"]["records"]) == (id, 2)

    proposed = {"verb": "merge", "names": [id, apart.customer("crm:contacts:18")], "reason": "Quillfeather"}
    made = apart.client("agent").post("/v1/proposals", json=proposed, headers={"Idempotency-Key": "p"})
    assert made.status_code == 201
    monkeypatch.setattr(persons, "apart", lambda work, *args: work(*args))  # in this process, where it can be stopped
    monkeypatch.setattr(erasing, "_everywhere", stopped)
    headers = {"Idempotency-Key": "e"}
    assert officer.post(f"/v1/customers/{id}/erase", json={"reference": "DSR-2"}, headers=headers).status_code == 500
    monkeypatch.undo()
    certificate = officer.post(f"/v1/customers/{id}/erase", json={"reference": "DSR-2"}, headers=headers)  # goes on with it
    assert (certificate.status_code, certificate.json()["reference"]) == (200, "DSR-2")
    again = officer.post(f"/v1/customers/{id}/erase", json={"reference": "DSR-2"}, headers=headers)
    assert again.content == certificate.content
    gone = apart.client("agent").post("/v1/proposals", json=proposed, headers={"Idempotency-Key": "p"})
    assert (gone.status_code, gone.json()["code"]) == (409, "answer-gone")
    with closing(open_book(apart.settings, read_only=True)) as book:
        assert book.read("SELECT count(*) FROM erased")[0][0] == 1
        assert book.read("SELECT count(*) FROM proposal")[0][0] == 0
    last = apart.client("agent").get("/v1/changes").json()["events"]
    assert ("erased", id) in [(one["what"], one["customer_id"]) for one in last]


def stopped(*_: object) -> None:
    raise RuntimeError
