"""The API's own description: every operation says what it answers, with an example that fits."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.serve.conftest import Served

OWN = ("/v1/", "/metrics", "/health", "/ready")


@pytest.fixture(scope="module")
def described(served: Served) -> dict[str, Any]:
    answer = served.client().get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{method} {path}", one) for path, methods in described["paths"].items() for method, one in methods.items()]


def test_it_is_openapi_3_1_and_its_operations_have_names_of_their_own(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    names = [one["operationId"] for _, one in operations(described)]
    assert sorted(set(names)) == sorted(names)
    assert {path for path in described["paths"] if not path.startswith(OWN)} == set()


def test_every_example_fits_what_is_said_of_the_answer(described: dict[str, Any]) -> None:
    wrong, without = [], []
    for name, one in operations(described):
        for media, content in one["responses"].get("200", {}).get("content", {}).items():
            if "example" not in content and name.startswith("get /v1"):
                without.append(name)
            if media == "application/json" and "example" in content:
                schema = {**content["schema"], "components": described["components"]}
                wrong += [
                    (name, error.json_path, error.message)
                    for error in Draft202012Validator(schema).iter_errors(content["example"])
                ]
    assert wrong == []
    assert without == []


def test_every_operation_says_who_may_ask_and_its_problems(described: dict[str, Any]) -> None:
    for name, one in operations(described):
        if "/v1/" in name or name.endswith("/metrics"):
            assert one["security"], name
            assert {"401", "403", "422", "429"} <= set(one["responses"]), name
            problems = [answer for status, answer in one["responses"].items() if status >= "400"]
            assert all("application/problem+json" in answer["content"] for answer in problems), name
