"""Deciding who is who: merge, split, always, never, undo; what it would do, and what it did. And the versions of customers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from fullcircle.book.book import Book
from fullcircle.errors import ConfigError, NotFound
from fullcircle.serve.http.apart import apart
from fullcircle.serve.http.asking import Ask, AskedBy
from fullcircle.serve.http.problems import described
from fullcircle.serve.rest.writing import (
    IdempotencyKey,
    IfMatch,
    begun_once,
    decides,
    json_answer,
    key_of,
    may_name,
    seen_versions,
    shown,
    with_example,
)
from fullcircle.steward.carry_out import Effect, When, carry_out, complete
from fullcircle.steward.once import RequestKey, Requests, StillRunning
from fullcircle.steward.portrait import Portrait
from fullcircle.steward.versions import check_versions, version_missing, versions
from fullcircle.steward.wish import Wish

router = APIRouter(tags=["deciding"])
MOST_NAMES = 100
VERSIONS = "Customer-Versions"  # the header of an answer that `If-Match` takes back
TWO = ("always", "never")
VERSION = {"customer_id": "customer:4q2mzk1v0d8s7h3n", "version": "db9c6866d5d4c8d011c5297f"}


class DecisionRequest(BaseModel):
    """What to decide."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"verb": "merge", "names": ["customer:4q2mzk1v0d8s7h3n", "customer:9k1zt5c2r6w8x0ab"], "reason": "she rang"},
                {"verb": "split", "names": ["customer:4q2mzk1v0d8s7h3n", "record:shop:buyers:4"], "dry_run": True},
                {"verb": "undo", "names": ["17"]},
            ]
        },
    )
    verb: Literal["merge", "split", "always", "never", "undo"]
    names: list[str] = Field(
        min_length=1,
        max_length=MOST_NAMES,
        description="Ids of customers and records; of a split the customer, then the records that leave it; of an undo the "
        "number of the decision.",
    )
    every: bool = Field(False, description="Of a split: every record becomes a customer of its own.")
    reason: str = Field("", max_length=2_000, description="Why: kept with the decision.")
    dry_run: bool = Field(False, description="Show before and after; nothing is changed.")
    later: bool = Field(False, description="Only note it; the next run applies it.")

    @property
    def when(self) -> When:
        """Whether it is to be applied."""
        return "dry run" if self.dry_run else "later" if self.later else "now"


@dataclass(frozen=True, slots=True)
class _WithRequest:
    """What is noted together with a decision: that its customers are as they were seen, and the request's key."""

    seen: frozenset[str]
    key: RequestKey | None

    def before(self, book: Book, records: tuple[str, ...]) -> None:
        if self.key and Requests(book).kept(self.key):  # another server was quicker
            raise StillRunning("The first request with this Idempotency-Key is not finished yet.", "Send it again in a moment.")
        check_versions(book, records, self.seen)

    def noted(self, book: Book, effect: Effect) -> None:
        if self.key:
            Requests(book).note(self.key, asdict(effect))


@router.post("/decisions", responses=described(400, 403, 404, 409, 412, 428))
def decide(wanted: DecisionRequest, ask: Ask, key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Decide that records are one customer or not, and see the customers before and after. It takes effect at once.

    Say in `If-Match` which versions of the customers you saw: a dry run says them in its header `Customer-Versions`, and
    `GET /v1/customers/{id}/version` does. 412: one has changed since; 428: you did not say.
    """
    door = ask.door()
    door.check("decide", wanted.verb)
    wish = _wish(ask, wanted)
    door.enter("decide", f"{wanted.verb}, dry run" if wanted.dry_run else wanted.verb)
    by, settings = decides(door), ask.settings
    if wanted.dry_run:
        effect = shown(door, "decide", wanted.verb, lambda: apart(carry_out, settings, wish, by, wanted.reason, "dry run"))
        return json_answer(effect, headers=_versions(ask, effect["before"]))
    kept = key_of(ask, key, "decisions", wanted.model_dump())
    noting = _WithRequest(seen_versions(if_match), kept)

    def begin() -> Any:
        if not noting.seen:
            raise version_missing()
        given = (settings, wish, by, wanted.reason, wanted.when, None, noting)
        return shown(door, "decide", wanted.verb, lambda: carry_out(*given) if wanted.later else apart(carry_out, *given))

    def resume(noted: dict[str, Any]) -> Any:
        made = _effect(noted)
        return shown(door, "decide", wanted.verb, lambda: made if made.when == "later" else apart(complete, settings, made))

    found = begun_once(ask, kept, begin, resume)
    return json_answer(found, headers=_versions(ask, found["after"] or found["before"]))


@router.get("/customers/{id}/version", responses={**with_example(VERSION), **described(404)})
def version(id: str, ask: Ask) -> Response:
    """The version of a customer, for `If-Match`: it changes when its records change, or somebody decides about them."""
    door = ask.door()
    door.enter("show", "version")
    customer = may_name(door, id)
    with ask.shared.seats.book() as book:
        found = versions(book, [customer]) if customer.startswith("customer:") else {}
    if not found:
        raise NotFound(f"There is no customer {id}.", "Name it by its id, customer:...")
    now, tag = next(iter(found.items()))
    return json_answer({"customer_id": now, "version": tag}, headers={"ETag": f'"{tag}"'})


def _wish(ask: AskedBy, wanted: DecisionRequest) -> Wish:
    if wanted.dry_run and wanted.later:
        raise ConfigError("dry_run notes nothing, later only notes.", "Leave out one of them.")
    if wanted.verb == "undo":
        if len(wanted.names) != 1:
            raise ConfigError("One decision is undone at a time.", "Name its number alone.")
        return Wish("undo", tuple(wanted.names))
    if wanted.verb in TWO and len(wanted.names) != 2:
        raise ConfigError(f"{wanted.verb} is about two names.", "Name two records, or two customers.")
    return Wish(wanted.verb, tuple(may_name(ask.door(), name) for name in wanted.names), wanted.every)


def _effect(noted: dict[str, Any]) -> Effect:
    """The effect that was kept as JSON when the decision was noted."""
    before = tuple(Portrait(**{**one, "records": tuple(one["records"])}) for one in noted["before"])
    return replace(Effect(**{**noted, "before": (), "after": (), "unmet": ()}), before=before)


def _versions(ask: AskedBy, customers: list[dict[str, Any]]) -> dict[str, str]:
    """The header with the versions of these customers as they are now."""
    with ask.shared.seats.book() as book:
        found = versions(book, [str(one["id"]) for one in customers])
    return {VERSIONS: ", ".join(f'"{tag}"' for tag in found.values())} if found else {}
