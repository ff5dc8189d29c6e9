"""The routers of the API, in the order of its description. A new one is a file, and a line here."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, FastAPI

from fullcircle.serve.http.problems import Problem, described
from fullcircle.serve.rest import changes, consents, decisions, health, look_up, persons, proposals
from fullcircle.serve.rest.buying import router_of_buying
from fullcircle.serve.rest.customers import router_of_customer, router_of_customers
from fullcircle.serve.rest.export import router_of_export
from fullcircle.serve.rest.identity import router_of_identity
from fullcircle.serve.rest.metrics import router_of_metrics
from fullcircle.serve.rest.operation import router_of_operation
from fullcircle.serve.rest.search import router_of_search
from fullcircle.serve.rest.timeline import router_of_timeline

ROUTERS: tuple[APIRouter, ...] = (
    router_of_search,
    router_of_customers,
    router_of_timeline,
    router_of_buying,
    router_of_identity,
    router_of_operation,
    router_of_export,
    decisions.router,
    proposals.router,
    look_up.router,
    changes.router,
    persons.router,
    consents.router,
    router_of_customer,  # the last one: its route takes what no other does
)


def add_to(app: FastAPI) -> None:
    """Add the API to an application."""
    v1 = APIRouter(prefix="/v1", responses={**described(401, 403, 408, 413, 422, 429, 500, 503)})
    for router in ROUTERS:
        v1.include_router(router)
    app.include_router(v1)
    app.include_router(health.router)
    app.include_router(router_of_metrics)
    described_by = app.openapi

    def openapi() -> dict[str, object]:
        """The description, with what an error looks like."""
        found = described_by()
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault("Problem", Problem.model_json_schema())
        for methods in found["paths"].values():
            for operation in methods.values():
                _read_examples(operation)
        return found

    app.openapi = openapi  # type: ignore[method-assign]


def _read_examples(operation: dict[str, Any]) -> None:
    """Examples are kept as text until here: otherwise their nulls would be taken out."""
    for answer in operation.get("responses", {}).values():
        content = answer.get("content", {}).get("application/json", {})
        if isinstance(content.get("example"), str):
            content["example"] = json.loads(content["example"])
