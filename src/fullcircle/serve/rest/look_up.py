"""Look up one record, as a form or a till has it; it may become a customer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from fullcircle.model.tables import ADDRESSES, RECORDS
from fullcircle.serve.http.asking import Ask
from fullcircle.serve.http.problems import described
from fullcircle.serve.http.waiting import waits
from fullcircle.serve.rest.writing import IdempotencyKey, begun_once, json_answer, key_of

router = APIRouter(tags=["deciding"])
Text = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
OWN = ("account_id", "merged_into", "retired", "updated_at", "deleted_at")  # what only a source says of its records
FORBID = ConfigDict(extra="forbid")


class OneIdentifier(BaseModel):
    """An e-mail address, a phone number, a loyalty number ..."""

    model_config = FORBID
    kind: Text
    value: Text


def _texts(names: list[str]) -> dict[str, Any]:
    return {name: (Text | None, None) for name in names if name not in OWN}


OneAddress = create_model(
    "OneAddress", __config__=FORBID, __doc__="A further address.",
    **_texts([one.name for one in ADDRESSES.columns if one.name in ("use", "street", "city", "postcode", "region", "country")]),
)  # fmt: skip
OneRecord = create_model(
    "OneRecord", __config__=FORBID, __doc__="A record as somebody gives it; birth_date as YYYY-MM-DD.",
    **_texts([one.name for one in RECORDS.columns]),
    identifiers=(list[OneIdentifier], Field(default_factory=list, max_length=50)),
    addresses=(list[OneAddress], Field(default_factory=list, max_length=20)),
)  # fmt: skip


class LookUpRequest(BaseModel):
    """Whom to look up."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"record": {"full_name": "Ada Keller", "email": "ada.keller@example.org"}},
                {"record": {"full_name": "Nia Walsh", "email": "nia@example.org", "phone": "+41445550123"}, "create": True},
            ]
        },
    )
    record: OneRecord
    create: bool = Field(False, description="Give a new customer an id at once, if nobody fits.")


@router.post("/records/look-up", responses=described(400, 403, 404, 409))
@waits
def look_up(wanted: LookUpRequest, request: Request, ask: Ask, key: IdempotencyKey = None) -> Response:
    """Who is this? The customer by the model of the last run, and the records it was compared with, with their weights.

    With `create` somebody who is not known becomes a customer at once, whom the next run takes into the graph. A source that
    later delivers the record with the same `source`, `object` and `key`, or the same person, finds the same customer.
    """
    record: dict[str, Any] = wanted.record.model_dump(exclude_none=True, exclude_defaults=True)

    def asked() -> Any:
        with ask.reader() as reader:
            reader.looking = request.app.state.looking
            return reader.look_up(record, wanted.create).to_dict()

    kept = key_of(ask, key, "look-up", wanted.model_dump()) if wanted.create else None
    return json_answer(begun_once(ask, kept, asked, lambda _: asked()))
