"""The routers of the API, in the order of its description. A new one is a file, and a line here."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from fullcircle.serve.http.problems import Problem, described
from fullcircle.serve.rest import changes, customers, decisions, health, look_up, persons, proposals

ROUTERS: tuple[APIRouter, ...] = (
    decisions.router,
    proposals.router,
    look_up.router,
    changes.router,
    persons.router,
    customers.router,
)


def add_to(app: FastAPI) -> None:
    """Add the API to an application."""
    v1 = APIRouter(prefix="/v1", responses={**described(401, 403, 413, 422, 429, 500, 503)})
    for router in ROUTERS:
        v1.include_router(router)
    app.include_router(v1)
    app.include_router(health.router)
    described_by = app.openapi

    def openapi() -> dict[str, object]:
        """The description, with what an error looks like."""
        found = described_by()
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault("Problem", Problem.model_json_schema())
        return found

    app.openapi = openapi  # type: ignore[method-assign]
