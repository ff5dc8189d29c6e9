"""Clients of AWS whose requests are checked by botocore, and answered by a function of a test. Nothing leaves the machine.

What is not a request of that service (a name, a type, a missing parameter) is refused as botocore refuses it; answers are
checked, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

Answer = Callable[[str, dict[str, Any]], dict[str, Any] | Exception]


def client_of(service: str, answer: Answer) -> Any:
    """A client of the service. `answer(operation, parameters)` returns what AWS would, or the error."""
    client = boto3.client(
        service, region_name="eu-central-1", aws_access_key_id="AKIAEXAMPLE", aws_secret_access_key="made-up"
    )  # fmt: skip
    asked: dict[str, dict[str, Any]] = {}

    def heard(params: dict[str, Any], model: Any, **_: Any) -> None:
        asked[model.name] = params

    def answered(model: Any, **_: Any) -> tuple[Any, dict[str, Any]]:
        found = answer(model.name, asked[model.name])
        if isinstance(found, Exception):
            raise found
        report = ParamValidator().validate(found, model.output_shape)
        assert not report.has_errors(), report.generate_report()
        return _Http(), {**found, "ResponseMetadata": {"HTTPStatusCode": 200}}

    client.meta.events.register(f"before-parameter-build.{client.meta.service_model.service_id.hyphenize()}", heard)
    client.meta.events.register(f"before-call.{client.meta.service_model.service_id.hyphenize()}", answered)
    return client


class _Http:
    status_code = 200


def denied(operation: str, message: str = "") -> ClientError:
    """AWS does not allow an operation."""
    return ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, operation)
