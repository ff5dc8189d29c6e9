"""The state of a project: what the graph holds, how runs ended, how good the data is."""

from __future__ import annotations

from fastapi.responses import Response

from fullcircle.ask.quality import Quality
from fullcircle.ask.runs import RunWithStages
from fullcircle.ask.status import Status
from fullcircle.serve.http.asking import Ask
from fullcircle.serve.rest import examples
from fullcircle.serve.rest.answers import Limit, answer, answers, router

router_of_operation = router("operation")


@router_of_operation.get("/status", **answers(Status, examples.STATUS, 404))
def status(ask: Ask) -> Response:
    """What the graph holds, when each stage was last done, how the last runs ended, and what became of the money."""
    with ask.reader() as reader:
        return answer(reader.status().to_dict())


@router_of_operation.get("/runs", **answers([RunWithStages], examples.RUNS))
def runs(ask: Ask, limit: Limit = 20) -> Response:
    """The last runs with their stages, newest first."""
    with ask.reader() as reader:
        return answer(reader.runs(limit).to_pylist())


@router_of_operation.get("/quality", **answers(Quality, examples.QUALITY, 404))
def quality(ask: Ask, limit: Limit = 20) -> Response:
    """What the rules of quality found, and what waits in quarantine. 503 while a run is at work."""
    with ask.reader() as reader:
        return answer(reader.quality(limit).to_dict())
