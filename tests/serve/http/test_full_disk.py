"""On a full disk nobody is shown what cannot be noted: by no door; and what can be noted again is shown again."""

from __future__ import annotations

import sqlite3

import pytest

from fullcircle.govern import audit
from tests.serve.conftest import Served
from tests.serve.rest.requests import ADA
from tests.serve.web.conftest import browser

REQUESTS = (f"/v1/customers/{ADA}", f"/v1/customers/{ADA}/timeline", "/v1/customers?q=order%207", "/v1/status")
PAGES = ("/?q=order%207", "/customers/{}")


def test_what_cannot_be_noted_is_not_shown(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    client, ada = served.client("steward"), served.customer()
    page = browser(served, served.keys["steward"])
    asked = [(client, one) for one in REQUESTS] + [(page, one.format(ada)) for one in PAGES]
    with monkeypatch.context() as fault:
        fault.setattr(audit, "state_now", full)
        for by, address in asked:
            got = by.get(address)
            assert (got.status_code, "quillfeather" in got.text.lower()) == (503, False), address
            assert "Free some space" in got.text
        assert client.get("/v1/export/customers").status_code in (403, 503)
        assert served.client("privacy_officer").get("/v1/export/customers").status_code == 503
    assert [by.get(address).status_code for by, address in asked] == [200] * len(asked)
