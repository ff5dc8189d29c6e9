"""What a person may ask for: all that is kept about them, no more use of it, or to be forgotten everywhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.errors import NotFound
from fullcircle.govern.door import Door
from fullcircle.govern.home_keys import open_book
from fullcircle.home.tables_file import tables_for_reading
from fullcircle.privacy import restrict as restricting
from fullcircle.privacy.certificate import ErasureCertificate
from fullcircle.privacy.erase import erase, finish, plan
from fullcircle.privacy.export import person
from fullcircle.privacy.listed import certificate_of
from fullcircle.serve.http.apart import apart
from fullcircle.serve.http.asking import Ask
from fullcircle.serve.http.problems import described
from fullcircle.serve.rest.writing import IdempotencyKey, begun_once, decides, json_answer, key_of, may_name, shown, with_example
from fullcircle.steward.once import RequestKey, Requests
from fullcircle.steward.who import customer_named

router = APIRouter(tags=["persons"])
EXPORT = {
    "about": {"customer_id": "customer:4q2mzk1v0d8s7h3n", "made_at": "2026-03-02T10:00:00+00:00", "made_by": "fullcircle 0.2.0"},
    "parts": {"golden values": [{"customer_id": "customer:4q2mzk1v0d8s7h3n", "name": "Ada Keller"}]},
}
WHOLE = "It is for roles that see every class of fields: `fullcircle roles list` shows them."


class EraseRequest(BaseModel):
    """How a customer is to be erased."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"dry_run": True}, {"reference": "DSR-2041"}]})
    dry_run: bool = Field(False, description="Show what would be erased, by place; nothing is changed.")
    reference: str = Field("", max_length=200, description="The number of the request. No names: it is kept.")


class RestrictRequest(BaseModel):
    """Why a customer is restricted."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reference": "DSR-2042"}]})
    reference: str = Field("", max_length=200, description="The number of the request. No names: it is kept.")


@router.post("/customers/{id}/erase", responses=described(400, 403, 404, 409))
def erase_customer(id: str, wanted: EraseRequest, request: Request, ask: Ask, key: IdempotencyKey = None) -> Response:
    """Erase a person for good: all records ever merged into the customer, everywhere. The answer is the certificate.

    503 with the code `erasure-open`: it is noted, and something could not be reached; send it again, or run `fullcircle run`.
    """
    door = ask.door()
    door.enter("erase", "erase, dry run" if wanted.dry_run else "erase")
    customer, settings, by = _customer(door, id), ask.settings, decides(door)
    if wanted.dry_run:
        (planned,) = plan(settings, [customer], customer_named)
        return json_answer(shown(door, "erase", "erase", lambda: planned))
    kept = key_of(ask, key, f"erase {customer}", wanted.model_dump())

    def begin() -> Any:
        return answered(lambda: apart(_erase, settings, customer, by, wanted.reference, kept))

    def resume(before: dict[str, Any]) -> Any:
        apart(finish, settings)
        return answered(lambda: certificate_of(settings, before["erasures"][0]))

    def answered(work: Callable[[], ErasureCertificate]) -> Any:
        return shown(door, "erase", "erase", work)

    try:
        return json_answer(begun_once(ask, kept, begin, resume))
    finally:
        request.app.state.looking.close()  # what is compared with is in memory


@router.put("/customers/{id}/restriction", responses=described(400, 403, 404, 409))
def restrict(id: str, wanted: RestrictRequest, ask: Ask, key: IdempotencyKey = None) -> Response:
    """Keep the data of a customer, but do not use them: out of insights, offers and published tables, at once."""
    door = ask.door()
    door.enter("restrict", "restrict")
    customer, settings = _customer(door, id), ask.settings

    def work() -> Any:
        return shown(
            door, "restrict", "restrict",
            lambda: apart(restricting.restrict, settings, customer, customer_named, decides(door), wanted.reference),
        )  # fmt: skip

    kept = key_of(ask, key, f"restrict {customer}", wanted.model_dump())
    return json_answer(begun_once(ask, kept, work, lambda _: work()))


@router.delete("/customers/{id}/restriction", responses=described(403, 404, 409))
def lift(id: str, ask: Ask, key: IdempotencyKey = None) -> Response:
    """Use the data of a customer again."""
    door = ask.door()
    door.enter("restrict", "restrict, lift")
    customer, settings = _customer(door, id), ask.settings

    def work() -> Any:
        return shown(door, "restrict", "restrict", lambda: apart(restricting.lift, settings, customer, customer_named))

    kept = key_of(ask, key, f"lift {customer}", {})
    return json_answer(begun_once(ask, kept, work, lambda _: work()))


@router.get("/customers/{id}/person-export", responses={**with_example(EXPORT), **described(403, 404)})
def export(id: str, ask: Ask) -> Response:
    """All that is kept about a person, for that person, and about nobody else. For roles that see every class of fields."""
    door = ask.door()
    door.check("export", "person export")
    door.check_whole("person export", WHOLE)
    door.enter("export", "person export")
    customer = _customer(door, id)
    with tables_for_reading(ask.settings) as engine, closing(open_book(ask.settings, read_only=True)) as book:
        found = person(ask.settings, engine, book, customer_named(engine, book, customer))
    return json_answer(_as_json(found))


def _erase(settings: Config, customer: str, by: str, reference: str, key: RequestKey | None) -> ErasureCertificate:
    """Erase one customer; the request's key is noted together with the erasure."""

    def noted(book: Book, numbers: list[str]) -> None:
        if key:
            Requests(book).note(key, {"erasures": numbers})

    return erase(settings, [customer], customer_named, by, reference, noted=noted)[0]


def _customer(door: Door, id: str) -> str:
    """The id of a customer, or of one of its records."""
    whole = may_name(door, id)
    if not whole.startswith(("customer:", "record:")):
        raise NotFound(f"There is no {id}.", "Name the customer by its id.")
    return whole


def _as_json(value: Any) -> Any:
    """Times and days as text, as the file for machines has them."""
    if isinstance(value, dict):
        return {str(name): _as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
