"""What a server measures of itself, for Prometheus: counts and times by route. There is nothing of a customer in it."""

from __future__ import annotations

import time

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA = CONTENT_TYPE_LATEST
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ELSEWHERE = "elsewhere"  # an address that is no route: it may be anything, so it is not kept


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "fullcircle_requests", "Requests that were answered.", ("method", "route", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "fullcircle_request_seconds", "From the request to the end of its answer.", ("route",), registry=self._registry,
            buckets=SECONDS,
        )  # fmt: skip
        self.now = Gauge("fullcircle_requests_now", "Requests that are being answered.", registry=self._registry)
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """All figures, as Prometheus reads them."""
        return generate_latest(self._registry)


class Measured:
    """An ASGI application around another, whose requests are counted and timed."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, began = "aborted", time.perf_counter()
        method = scope["method"] if scope["method"] in METHODS else "other"

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        self.metrics.now.inc()
        try:
            await self.app(scope, receive, sending)
        finally:
            self.metrics.now.dec()
            route = route_of(scope)
            self.metrics.requests.labels(method, route, status).inc()
            self.metrics.seconds.labels(route).observe(time.perf_counter() - began)


def route_of(scope: Scope) -> str:
    """The route of a request as it is written in the program: the address itself may hold a name."""
    whole = scope.get("fastapi", {}).get("effective_route_context")  # of a router in a router
    return str(getattr(whole, "path_format", "") or getattr(scope.get("route"), "path_format", "") or ELSEWHERE)
