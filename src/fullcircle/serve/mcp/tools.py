"""The tools that read. Each is a question of the reading room; its description is what a model knows of it.

The parameter `call` is whose call it is; models do not see it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp_types import CallToolResult
from pydantic import Field

from fullcircle.ask.customer import CustomerView
from fullcircle.ask.path import PathStep
from fullcircle.ask.quality import Quality
from fullcircle.ask.related import RelatedCustomer
from fullcircle.ask.search import SearchHit
from fullcircle.ask.segment import SegmentAnswer
from fullcircle.ask.timeline import Timeline, TimelineFilter
from fullcircle.serve.mcp.described import DescribedModel, described_model
from fullcircle.serve.mcp.given import given, giving
from fullcircle.serve.mcp.server import Assistant, in_waiting, reading

MOST = 50  # rows of a list
Call = Context[Any, Any]
Which = Annotated[
    str,
    Field(description="A customer: its id (customer:...), a record's id, an order number, or words that fit only one.",
          min_length=1, max_length=300),
]  # fmt: skip
Rows = Annotated[int, Field(description="At most so many.", ge=1, le=MOST)]


def find_customer(
    words: Annotated[str, Field(description="Name, e-mail, phone, city, order number or id.", min_length=1, max_length=300)],
    call: Call,
    limit: Rows = 10,
) -> Annotated[CallToolResult, giving("FoundCustomers", list[SearchHit])]:
    """Find customers by words that are in any of their records. Use it first, whenever a customer is not yet known by an id.

    Give a name, e-mail, phone number, city, order or ticket number; all words must fit, beginnings of words are enough. You
    get the customers that fit best, with their ids. Where several fit, ask the user which one is meant. Next: show_customer
    with an id.
    """
    with reading(call, "find_customer") as reader:
        found = reader.search(words, limit).to_pylist()
    nobody = "Nobody was found. Try fewer or other words; what you may not see cannot be searched by."
    return given(found, limit, "show_customer with one of the ids." if found else nobody)


def show_customer(which: Which, call: Call, rows: Rows = 20) -> Annotated[CallToolResult, giving("ShownCustomer", CustomerView)]:
    """One customer, whole: golden values and where they come from, source records, identifiers, orders, products, tickets,
    habits, related customers, offers, consents.

    Give an id of find_customer. You get every list up to `rows`; left_out says how many more there are. Respect `agreed`: do
    not suggest to contact somebody by a channel that they refused. Next: timeline, related_customers, next_products,
    why_same.
    """
    with reading(call, "show_customer") as reader:
        found = reader.show(which).to_dict()
    return given(found, rows, "timeline has all events page by page.")


def timeline(
    which: Which,
    call: Call,
    kinds: Annotated[
        list[str], Field(description="Only these: order, ticket, interaction, consent, identity; none: all.", max_length=20)
    ] = [],  # noqa: B006 - the library copies it
    since: Annotated[date | None, Field(description="From this day on, YYYY-MM-DD.")] = None,
    after: Annotated[str, Field(description="The `next` of the page before; empty: the first page.", max_length=2_000)] = "",
    limit: Rows = 20,
) -> Annotated[CallToolResult, giving("CustomerTimeline", Timeline)]:
    """What happened with one customer, newest first: orders, tickets, interactions, consents, and changes of who they are.

    Give an id of find_customer, and if wanted kinds and a first day. You get a page of events; where data.next is not empty,
    ask again with it as `after`. Next: show_customer for what is known as a whole.
    """
    with reading(call, "timeline") as reader:
        found = reader.timeline(which, TimelineFilter(tuple(kinds), since=since), after, limit)
    more = "Ask again with `after` = data.next for older events." if found.next else "This is the last page."
    return given(found.to_dict(), limit, more)


@in_waiting
def why_same(
    record_a: Annotated[str, Field(description="A record's id (record:source:object:key), or a customer's.", max_length=300)],
    call: Call,
    record_b: Annotated[
        str, Field(description="Another record's id; empty: how the customer holds together.", max_length=300)
    ] = "",
) -> Annotated[CallToolResult, giving("WhySame", dict[str, Any])]:
    """Why records are, or are not, one customer. Use it when somebody doubts that a customer is one person.

    Give two record ids of show_customer: you get the match weight field by field (in bits: more is more alike), whether they
    are one customer now, and the links between them. Give one customer's id alone: you get the tree of links that holds it
    together and the weakest of them. Next: propose_merge or propose_split, where they are offered.
    """
    with reading(call, "why_same") as reader:
        found = reader.why(record_a, record_b).to_dict() if record_b else reader.how(record_a).to_dict()
    return given(found, MOST, "show_customer for the whole customer.")


def related_customers(
    which: Which, call: Call, limit: Rows = 10
) -> Annotated[CallToolResult, giving("RelatedCustomers", list[RelatedCustomer])]:
    """Customers who bought similar things, most alike first, each with a score and a reason in words.

    Give an id of find_customer. It says who buys alike, not who knows whom: for that, path. Next: show_customer, next_products.
    """
    with reading(call, "related_customers") as reader:
        found = reader.related(which, limit).to_pylist()
    return given(found, limit, "path says how two of them are connected.")


def path(
    from_which: Which,
    to_which: Which,
    call: Call,
    max_hops: Annotated[int, Field(description="At most so many steps.", ge=1, le=6)] = 6,
) -> Annotated[CallToolResult, giving("PathBetween", list[PathStep])]:
    """How two customers are connected: a shortest path through shared addresses, households, products, orders.

    Give two ids of find_customer. You get the steps from one to the other, by turns things and edges; an error where there is
    no path.
    """
    with reading(call, "path") as reader:
        found = reader.path(from_which, to_which, max_hops).to_pylist()
    return given(found, MOST, "show_customer with an id of a step.")


def next_products(
    which: Which, call: Call, limit: Rows = 10
) -> Annotated[CallToolResult, giving("NextProducts", list[dict[str, Any]])]:
    """Products that a customer may want next, best first, each with a score and the reason. Who refused offers has none.

    Give an id of find_customer. An empty list means: no offer, because of consent, or because too little was bought.
    """
    with reading(call, "next_products") as reader:
        found = reader.show(which, ("may_like",)).to_dict().get("may_like", [])
    return given(found[:limit], limit, "show_customer has what they agreed to.")


@in_waiting
def segment_size(
    conditions: Annotated[
        list[Annotated[str, Field(max_length=5_000)]],
        Field(
            description='All must hold: "spent > 100 EUR", "country in DE, AT", "last_order < 90 days ago".',
            min_length=1,
            max_length=20,
        ),
    ],
    call: Call,
    sample: Annotated[int, Field(description="Show at most so many of them.", ge=0, le=20)] = 5,
) -> Annotated[CallToolResult, giving("SegmentSize", SegmentAnswer)]:
    """How many customers fulfil some conditions, a few of them, and the SQL that counted. Use it to size a campaign or to
    compare groups.

    Each condition is field, operator, value; operators are = != > >= < <= in contains, `is known`, `is unknown`.
    describe_model lists the fields. Fewer than 5 are not counted for who does not see everything. People whose data may not
    be used are in no segment. """  # fmt: skip
    with reading(call, "segment_size") as reader:
        found = reader.segment(conditions, sample).to_dict()
    return given(found, MOST, "Add or leave out a condition to compare.")


def data_quality(call: Call, limit: Rows = 20) -> Annotated[CallToolResult, giving("DataQuality", Quality)]:
    """How good the data is: what each quality rule found, which rows wait in quarantine and why, and how that was before.

    Use it before drawing conclusions from counts, or when a value looks wrong.
    """
    with reading(call, "data_quality") as reader:
        found = reader.quality(limit).to_dict()
    return given(found, limit)


def describe_model(call: Call) -> Annotated[CallToolResult, giving("ModelDescription", DescribedModel)]:
    """What there is in this graph: kinds of things with their fields and counts, the fields that segment_size counts by, and
    how you see each class of fields (full, partial, hashed, absent). Use it once, before segment_size or questions about what
    is known.
    """
    with reading(call, "describe_model") as reader:
        found = described_model(reader)
    return given(found, 200)


TOOLS = (  # with their titles
    (find_customer, "Find customers"), (show_customer, "Show a customer"), (timeline, "Timeline of a customer"),
    (why_same, "Why records are one customer"), (related_customers, "Related customers"), (path, "Path between customers"),
    (next_products, "Offers for a customer"), (segment_size, "Size of a segment"), (data_quality, "Data quality"),
    (describe_model, "Describe the model"),
)  # fmt: skip


def add_to(server: Assistant) -> None:
    """Add the tools that read."""
    for tool, title in TOOLS:
        server.offer(tool, title)
