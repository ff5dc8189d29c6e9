"""An example of each answer, for the API's description. The people do not exist."""

from __future__ import annotations

import json
from typing import Any

ADA, BEN = "customer:4q2mx8d5n0c7t1rz", "customer:9k3v0w2h6j8p5e7s"
RECORD, OTHER = "record:crm:contacts:17", "record:shop:people:4"
NAME, EMAIL = "Ada Keller", "ada.keller@example.org"
RULE = {"from": RECORD, "rule": "most recent"}

SEARCH = {
    "hits": [
        {
            "id": ADA, "name": NAME, "email": EMAIL, "phone": "+41440001122", "city": "Zurich", "country": "CH", "records": 2,
            "sources": "crm, shop", "found_by": None,
        }
    ],
    "next": "", "counts": {"source": {"crm": 1, "shop": 1}, "kind": {"person": 1}, "city": {"Zurich": 1}}, "more": False,
}  # fmt: skip
ORDER = {
    "id": "order:shop:orders:7", "kind": "Order", "ordered_at": "2026-03-02T00:00:00", "status": "paid", "amount": 19.9,
    "currency": "CHF", "source": "shop",
}  # fmt: skip
OFFER = {
    "id": "product:shop:products:17", "kind": "Product", "name": "Green tea", "rank": 1, "score": 0.42,
    "why": "Because they bought Tea cups.",
}  # fmt: skip
CUSTOMER: dict[str, Any] = {
    "customer": {
        "id": ADA, "kind": "person", "name": NAME, "email": EMAIL, "records": 2, "sources": "crm, shop",
        "provenance": {"email": RULE},
    },
    "asked_id": "crm:contacts:17",
    "records": [{"id": RECORD, "kind": "person", "source": "crm", "object": "contacts", "key": "17", "full_name": NAME}],
    "identifiers": [{"id": f"identifier:email:{EMAIL}", "kind": "email", "value": EMAIL, "customers": 1, "records": 2}],
    "member_of": [], "orders": [ORDER], "products": [], "tickets": [], "interactions": [], "habits": {}, "worth": {},
    "segments": [], "related": [], "may_like": [OFFER], "may_buy": [], "consents": [], "agreed": {},
}  # fmt: skip
OFFERS = {"customer": {"id": ADA}, "asked_id": "crm:contacts:17", "may_like": [OFFER], "may_buy": []}
NOT_THERE = {
    "type": "urn:fullcircle:not-found", "title": "Not Found", "status": 404,
    "detail": "The graph has no record crm:contacts:999.",
    "code": "not-found", "hint": "Search for the customer by words of the name.", "retry": False, "where": [],
}  # fmt: skip
BATCH = {
    "answers": [
        {"asked": "crm:contacts:17", "status": 200, "customer": CUSTOMER},
        {"asked": "crm:contacts:999", "status": 404, "problem": NOT_THERE},
    ]
}
EVENT = {"at": "2026-03-02T00:00:00", "kind": "order", "id": ORDER["id"], "source": "shop", "details": ORDER}
TIMELINE = {"customer_id": ADA, "events": [EVENT], "next": ""}
RELATED = [
    {
        "id": BEN, "name": "Ben Ito", "score": 0.61, "shared": 4, "why": "Both bought Green tea and Tea cups.",
        "kinds": ["products"],
    }
]  # fmt: skip
HABITS = {
    "customer_id": ADA, "name": NAME, "orders": 6, "amount": 412.5, "currency": "CHF", "amounts": None, "unpaid": None,
    "cadence_days": 31.0, "first_order": "2025-09-01T00:00:00", "last_order": "2026-03-02T00:00:00", "next_order": "2026-04-02",
    "categories": ["Tea"], "channel": "web", "rfm": "545", "segment": "champion", "due": False, "why": "Buys every 31 days.",
}  # fmt: skip
WORTH = {
    "customer_id": ADA, "name": NAME, "days": 365, "expected_orders": 5.2, "expected_value": 360.0, "currency": "CHF",
    "lost": 0.1, "method": "bgnbd_levelled",
    "why": "Ordered on 6 days, the last on 2026-03-02. In the next 365 days about 5.2 orders are expected, and with a chance of "
    "10 % none comes.",
}  # fmt: skip
BOUGHT_TOGETHER = [
    {
        "id": "product:shop:products:18", "name": "Tea cups", "together": 41, "support": 0.04, "confidence": 0.37, "lift": 6.2,
        "lift_low": 3.9,
        "why": "41 of the 111 orders with Tea also held Tea cups: 6.2 times as often as by chance (the lift; 3.90 at least).",
    }
]  # fmt: skip
SOURCES = [
    {
        "field": "email", "value": EMAIL, "record": RECORD, "rule": "most recent", "agreeing": [RECORD, OTHER],
        "losing": [{"value": "ada@example.net", "records": ["record:support:tickets:9"]}],
    }
]  # fmt: skip
DECIDED = {
    "at": "2026-11-02T09:30:00+00:00", "what": "merge", "decision": 3, "by": "os:mia", "reason": "the same phone number",
    "records": [RECORD, OTHER],
}  # fmt: skip
HISTORY = [
    {"at": "2026-11-01T04:00:00+00:00", "what": "created", "decision": None, "by": None, "reason": None, "records": []},
    DECIDED,
]
LINE = {
    "record": RECORD, "depth": 0, "above": None, "rule": None, "weight": None, "name": NAME, "email": EMAIL,
    "phone": "+41440001122",
}  # fmt: skip
LINK = {"record_a": RECORD, "record_b": OTHER, "rule": "score", "weight": 17.3}
HOW = {
    "customer_id": ADA,
    "lines": [LINE, {**LINE, "record": OTHER, "depth": 1, "above": RECORD, "rule": "score", "weight": 17.3, "phone": None}],
    "weakest": LINK,
}
PART = {
    "name": "email", "level": "same", "value_a": EMAIL, "value_b": EMAIL, "against_strangers": 12.1, "against_kin": 9.4,
}  # fmt: skip
EXPLANATION = {
    "record_a": RECORD, "record_b": OTHER, "prior": -12.1, "kin_prior": -3.4, "parts": [PART], "against_strangers": 17.3,
    "against_kin": 18.9, "weight": 17.3, "threshold": 8.0, "reasons": ["score"], "vetoes": [], "linked": True,
}  # fmt: skip
WHY = {**EXPLANATION, "one_customer": True, "chain": [LINK], "weakest": LINK, "apart_because": []}
WHY_NOT = {
    "record_a": RECORD, "record_b": "record:crm:contacts:18", "one_customer": False,
    "reasons": ["Their weight is +2.10, which is 5.90 too little."], "weight": 2.1, "threshold": 8.0, "vetoes": [],
    "met": ["family and city"], "keys": [], "needed": [],
    "explanation": {**EXPLANATION, "record_b": "record:crm:contacts:18", "linked": False, "weight": 2.1, "reasons": []},
}  # fmt: skip
PATH = [
    {"id": ADA, "kind": "Customer", "edge": False, "name": NAME},
    {"id": f"member_of:{ADA}>household:1", "kind": "MEMBER_OF", "edge": True, "name": None},
    {"id": "household:1", "kind": "Household", "edge": False, "name": "Keller"},
]
REVIEW = [
    {
        "kind": "unsure", "worth": 3.2, "question": "One customer or two? The weight +6.90 is too little to link them.",
        "customers": [], "record_a": RECORD, "record_b": "record:crm:contacts:18", "weight": 6.9, "veto": None, "pairs": 1,
        "evidence": [{"field": "phone", "level": "same", "value_a": "+41440001122", "value_b": "+41440001122", "weight": 8.8}],
        "do": [f"fullcircle merge {ADA} {BEN}", f"fullcircle never {RECORD} record:crm:contacts:18"],
        "proposal": None, "by": "", "reason": "",
    }
]  # fmt: skip
STATUS = {
    "graph": {"Customer": 1600, "RESOLVES_TO": 5000},
    "stages": [{"stage": "resolve", "finished_at": "2026-11-30T04:00:12+00:00", "seconds": 3.1, "customers": 1600}],
    "runs": [
        {
            "run": 12, "started_at": "2026-11-30T04:00:00+00:00", "finished_at": "2026-11-30T04:00:41+00:00", "state": "finished",
            "error": None,
        }
    ],
    "money": [],
}  # fmt: skip
RUNS = [
    {
        "run": 12, "started_at": "2026-11-30T04:00:00+00:00", "finished_at": "2026-11-30T04:00:41+00:00", "seconds": 41.0,
        "state": "finished", "error": None,
        "stages": [
            {"stage": "pull", "state": "done", "at": "2026-11-30T04:00:07+00:00", "seconds": 6.8, "counts": {"rows": 211}}
        ],
    }
]  # fmt: skip
QUALITY = {
    "results": [
        {
            "rule": "orders.amount.range", "table": "orders", "column": "amount", "kind": "range", "action": "warn",
            "checked": 9200, "failed": 3, "passed": 0.99967,
        }
    ],
    "quarantine": [
        {
            "source": "shop", "object": "orders", "stage": "conform", "rule": "amount", "reason": "amount is not a number",
            "rows": 1,
        }
    ],
    "quarantined": 1, "history": [{"run": 12, "at": "2026-11-30T04:00:09+00:00", "rows": 16211, "quarantined": 1}],
}  # fmt: skip
EXPORT = json.dumps(CUSTOMER["customer"]) + "\n"
