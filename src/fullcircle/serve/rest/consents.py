"""What a customer agrees to or refuses, said to somebody who writes it down here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.mapping.given import LONGEST
from fullcircle.serve.http.apart import apart
from fullcircle.serve.http.asking import Ask, AskedBy
from fullcircle.serve.http.problems import described
from fullcircle.serve.http.waiting import waits
from fullcircle.serve.rest.writing import IdempotencyKey, begun_once, decides, json_answer, key_of, may_name, shown
from fullcircle.steward.consent import ConsentWritten, write_consent
from fullcircle.steward.once import RequestKey, Requests

router = APIRouter(tags=["persons"])
Purpose = Annotated[
    str, Path(max_length=LONGEST, description="email, sms, call or post for a channel; or another purpose, as `show` names it.")
]
Said = tuple[bool, datetime, str]


class ConsentRequest(BaseModel):
    """What the customer said."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"granted": False, "source": "phone", "at": "2026-03-02T10:00:00Z"}]}
    )
    granted: bool
    source: str = Field("", max_length=LONGEST, description="Where it was said: on the phone, on paper ...")
    at: AwareDatetime | None = Field(None, description="When; without it: now.")


@router.put("/customers/{id}/consents/{purpose}", responses=described(400, 403, 404, 409))
@waits
def put(id: str, purpose: Purpose, wanted: ConsentRequest, ask: Ask, key: IdempotencyKey = None) -> Response:
    """Write down what a customer agrees to or refuses. Of different answers the newest counts; it survives every run."""
    said = (wanted.granted, wanted.at or datetime.now(UTC), wanted.source)
    return _write(ask, (id, purpose), said, key, wanted.model_dump())


@router.delete("/customers/{id}/consents/{purpose}", responses=described(400, 403, 404, 409))
@waits
def take_back(id: str, purpose: Purpose, ask: Ask, key: IdempotencyKey = None) -> Response:
    """Take back what was written here: what the sources say counts again."""
    return _write(ask, (id, purpose), None, key, {})


def _write(ask: AskedBy, about: tuple[str, str], said: Said | None, key: str | None, body: dict[str, Any]) -> Response:
    door, (id, purpose) = ask.door(), about
    door.enter("consent", "consent" if said else "consent, take back")
    customer = may_name(door, id)
    kept = key_of(ask, key, f"consent {customer} {purpose} {said is not None}", body)

    def work(what: Said | None, key: RequestKey | None = None) -> Any:
        given = (ask.settings, customer, purpose, what, decides(door), key)
        return shown(door, "consent", "consent", lambda: apart(_write_down, *given))

    def resume(before: dict[str, Any]) -> Any:
        """The same again, with the time that it had."""
        was = before["said"]
        return work((was[0], datetime.fromisoformat(was[1]), was[2]) if was else None)

    return json_answer(begun_once(ask, kept, lambda: work(said, kept), resume))


def _write_down(
    settings: Config, customer: str, purpose: str, said: Said | None, by: str, key: RequestKey | None
) -> ConsentWritten:
    """Write it down; the request's key is noted together with it."""

    def noted(book: Book) -> None:
        if key:
            Requests(book).note(key, {"said": said and [said[0], said[1].isoformat(), said[2]]})

    return write_consent(settings, customer, purpose, said, by, noted)
