"""What the server measures of itself, for Prometheus. Who may ask for the status may read it; nothing of a customer is in it."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from fullcircle.serve.http.asking import Ask
from fullcircle.serve.http.metrics import MEDIA
from fullcircle.serve.http.problems import described
from fullcircle.serve.rest.answers import router

router_of_metrics = router("operation")
EXAMPLE = "# TYPE fullcircle_requests_now gauge\nfullcircle_requests_now 1.0\n"


@router_of_metrics.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": EXAMPLE}}},
        **described(401, 403, 422, 429, 500, 503),
    },
)
def metrics(request: Request, ask: Ask) -> Response:
    """Counts and times of requests by route, and the process, in the text format of Prometheus. Send the key as for all else."""
    ask.door().check("status", "metrics")
    return Response(request.app.state.metrics.text(), 200, {}, MEDIA)
