"""Lists of requests to support, whatever they are called: a subject, and a status or a priority, of somebody who asks.

See `are_requests`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from fullcircle.mapping.propose.words import plain

TICKET = re.compile(r"^(ticket|case|issue|incident|support_ticket|helpdesk_ticket|conversation)_(id|no|nr|number|key)$")
SUPPORT = re.compile(
    r"(^|_)(subject|priority|requester|assignee|assigned_to|resolution|severity|first_response|problem|betreff)(_|$)"
)
TITLE = {"title", "titel"}  # `Dr`, `Head of`
WHO = {"full_name", "email"}


def are_requests(names: Collection[str], tickets: Mapping[str, str], people: Mapping[str, str]) -> bool:
    """True for the columns of such a list: the plain `names` of all, and those that tickets and people have."""
    who = bool(WHO & people.keys() or "record_id" in tickets)
    subject = plain(tickets.get("subject", "title")) not in TITLE
    if any(TICKET.match(name) for name in names):
        return (subject or "priority" in tickets) and "status" in tickets and who
    asked = any(re.search(r"(^|_)requester(_|$)", name) for name in names)
    of_work = {"status", "priority", "closed_at"} & tickets.keys()
    return subject and who and (len(of_work) > 1 or (asked and bool(of_work)))
