"""One customer over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.serve.conftest import Served

Client = Callable[[str], TestClient]


@pytest.mark.parametrize("role", ["steward", "marketer", "analyst", "viewer"])
def test_a_customer_is_the_same_as_in_python(served: Served, client: Client, role: str) -> None:
    answer = client(role).get("/v1/customers/crm:contacts:17")
    with served.reader(role) as reader:
        assert answer.json()["customer"]["id"] == reader.show("crm:contacts:17").customer["id"]
