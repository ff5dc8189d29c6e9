"""Role x class of fields x request: what a role does not see in full is in no answer, error, header or line of the log."""

from __future__ import annotations

import logging
import re

import pytest

from fullcircle.govern.audit_read import AuditFilter, matching
from fullcircle.govern.open import policy_of
from fullcircle.govern.principal import Principal
from tests.govern.conftest import CANARIES
from tests.serve.conftest import EVERY_ROLE, Served
from tests.serve.rest.requests import KEY, MORE, REQUESTS

TYPED = (KEY, KEY.replace("@", "%40"), "quillfeather", "QUILLFEATHER")  # by who asks


def hidden_from(served: Served, role: str) -> list[str]:
    with served.reader("steward") as reader:
        policy = policy_of(served.settings, reader.book)
    assert policy is not None
    sight = policy.sight(Principal("os:x", frozenset({role})))
    return [canary for one, several in CANARIES.items() if sight.level(one) != "full" for canary in several]


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_nothing_leaks(served: Served, role: str, caplog: pytest.LogCaptureFixture) -> None:
    hidden, client = hidden_from(served, role), served.client(role)
    leaks = []
    with caplog.at_level(logging.DEBUG):
        for name, asked in {**REQUESTS, **MORE}.items():
            if name == "search":
                continue  # its word is one of the canaries
            for accept in ("application/json", "text/html"):
                got = client.request(asked.method, asked.path, params=asked.params, json=asked.body, headers={"accept": accept})
                text = f"{got.headers} {got.text}"
                if name == "metrics":
                    text = re.sub(r" [0-9.e+-]+$", "", text, flags=re.MULTILINE)  # seconds may have any digits
                for one in TYPED[:2]:
                    text = text.replace(one, "")
                leaks += [(name, canary) for canary in hidden if canary in text.lower()]
    said = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith(("fullcircle", "granian"))
    ).lower()
    leaks += [("log", canary) for several in CANARIES.values() for canary in several if canary in said]
    assert leaks == []


def test_the_planted_values_are_there_for_who_sees_all(served: Served) -> None:
    client = served.client("steward")
    found = [
        client.request(one.method, one.path, params=one.params, json=one.body).text.lower()
        for one in {**REQUESTS, **MORE}.values()
    ]
    drawn = ("7,319",)  # as tables for people write it
    planted = [canary for several in CANARIES.values() for canary in several if canary not in drawn]
    assert [canary for canary in planted if not any(canary in text for text in found)] == []


def test_what_was_shown_is_in_the_audit_log(apart: Served) -> None:
    apart.client("marketer").get("/v1/customers/crm:contacts:17?fields=orders")
    apart.client("privacy_officer").get("/v1/export/customers")
    exported, shown = matching(apart.settings.home / "audit.sqlite", AuditFilter())[:2]
    assert (shown["question"], shown["door"], exported["question"]) == ("show", "rest", "customers")
    assert "amount" in shown["fields"] and not any(":" in one for one in shown["fields"])
    assert len(exported["customers"]) == 3
