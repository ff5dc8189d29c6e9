"""The two tools that propose. What they say waits in the review queue until a person decides; they merge and split nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from mcp_types import CallToolResult
from pydantic import Field

from fullcircle.serve.mcp.given import given, giving
from fullcircle.serve.mcp.server import Assistant, assistant, door_at
from fullcircle.serve.mcp.tools import MOST, Call
from fullcircle.steward.propose import Proposal, propose

Id = Annotated[str, Field(min_length=1, max_length=300)]
Reason = Annotated[str, Field(description="Why, in a sentence for the person who decides.", min_length=1, max_length=1_000)]
SHOWN = ("id", "verb", "names", "at", "state")


def propose_merge(
    customers: Annotated[list[Id], Field(description="The ids of the customers that are one.", min_length=2, max_length=20)],
    reason: Reason,
    call: Call,
) -> Annotated[CallToolResult, giving("ProposedMerge", dict[str, Any])]:
    """Propose that two or more customers are one person. Nothing is merged: the proposal waits until a person decides.

    Use it only when the user wants it, after why_same. Give the customers' ids and a reason. You get the proposal's number.
    """
    return _proposed(call, "propose_merge", "merge", customers, reason)


def propose_split(
    customer: Annotated[str, Field(description="The id of the customer that is several people.", max_length=300)],
    records: Annotated[list[Id], Field(description="The ids of the records that should leave it.", min_length=1, max_length=20)],
    reason: Reason,
    call: Call,
) -> Annotated[CallToolResult, giving("ProposedSplit", dict[str, Any])]:
    """Propose that some records of a customer are somebody else. Nothing is split: the proposal waits until a person decides.

    Use it only when the user wants it, after why_same. Give the customer's id, the records that should leave, and a reason.
    You get the proposal's number.
    """
    return _proposed(call, "propose_split", "split", [customer, *records], reason)


def _proposed(call: Call, tool: str, verb: str, names: list[str], reason: str) -> CallToolResult:
    made: Proposal = propose(assistant(call).project, door_at(call, tool), verb, names, reason)
    shown = {name: value for name, value in asdict(made).items() if name in SHOWN}
    return given(shown, MOST, "A person decides about it in the review queue; say so to the user.")


def add_to(server: Assistant) -> None:
    """Add the tools that propose."""
    server.offer(propose_merge, "Propose a merge", reads=False)
    server.offer(propose_split, "Propose a split", reads=False)
