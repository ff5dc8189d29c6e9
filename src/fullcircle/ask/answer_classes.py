"""What is in each answer: the class of its fields, for the mask. An answer, or a field, that is not listed is unclassified.

Besides the classes and the kinds of model/field_classes.py: `rows EDGE` are dicts with the properties of a vertex, by its id, and
of that edge; `nested` has an entry of its own; `by field` is of the golden field that the answer names, `by comparison` of what
is compared, `by kind` of the label that it names; `golden` is field -> value; `with ids` is text that quotes ids;
`edge` is a dict with the properties of an edge, by its id; `rows TABLE` are rows of a table; `event id` and `event details` are
of one event of a timeline, `cursor` is where its next page begins.
"""

from __future__ import annotations

from fullcircle.model.field_classes import CONTACT, FINANCIAL, LABELS, PLAIN, SENSITIVE, TEXT

REST = "*"  # the fields that are not named
_ALL_PLAIN = {REST: PLAIN}
_RECORD_PAIR = {"record_a": "id", "record_b": "id", REST: PLAIN}

ANSWERS: dict[str, dict[str, str]] = {
    "CustomerView": {
        "customer": "rows", "asked_id": PLAIN, "records": "rows RESOLVES_TO", "identifiers": "rows HAS_IDENTIFIER",
        "member_of": "rows MEMBER_OF", "orders": "rows PLACED", "products": "rows PURCHASED", "tickets": "rows RAISED",
        "interactions": "rows INTERACTED", "habits": "rows HAS_HABITS", "worth": "rows HAS_WORTH",
        "segments": "rows IN_SEGMENT", "related": "rows RELATED_TO",
        "may_like": "rows MAY_LIKE", "may_buy": "rows MAY_BUY",
        "others": "lists", "deals": "rows of deals", "consents": "rows HAS_CONSENT", "agreed": PLAIN, "restricted": PLAIN,
        "totals": PLAIN, "parts": PLAIN,
    },
    "SearchHit": {
        **{name: LABELS["Customer"][name] for name in ("name", "email", "phone", "city", "country", "records", "sources")},
        "id": "id", "found_by": "id",
    },
    "CustomersGroups": {"customer_id": "id", "name": CONTACT, "groups": "nested"},
    "GroupOfPeople": {"group": "rows", "people": "rows", "next": "cursor", REST: PLAIN},
    "SearchPage": {"hits": "nested", "next": "cursor", REST: PLAIN},
    "CustomersPage": {"customers": "rows", "next": "id"},
    "GoldenSource": {"field": PLAIN, "value": "by field", "record": "id", "rule": PLAIN, "agreeing": "ids", "losing": "nested"},
    "LosingValue": {"value": "by field", "records": "ids"},
    "RelatedCustomer": {"id": "id", "name": CONTACT, "score": PLAIN, "shared": PLAIN, "why": PLAIN, "kinds": PLAIN},
    "HabitsAnswer": {**LABELS["Habits"], "customer_id": "id", "name": CONTACT},
    "CampaignResult": {"segment": FINANCIAL, "paid": FINANCIAL, REST: PLAIN},
    "KnownSegment": {"sample": "ids", REST: PLAIN},
    "WorthAnswer": {**LABELS["Worth"], "customer_id": "id", "name": CONTACT},
    "BoughtWith": {"id": "id", REST: PLAIN},
    "PathStep": {"id": "id", "kind": PLAIN, "edge": PLAIN, "name": "by kind"},
    "Surroundings": {"vertex": "rows", "label": PLAIN, "groups": "nested"},
    "AroundGroup": {"neighbours": "nested", "next": "cursor", REST: PLAIN},
    "AroundNeighbour": {"vertex": "rows", "edge": "edge"},
    "SideBySide": {"records": "nested"},
    "RecordBeside": {
        "id": "id", "customer": "id", "fields": "rows records", "identifiers": "rows identifiers", "addresses": "rows addresses",
        REST: PLAIN,
    },
    "WhyAnswer": {
        "explanation": "nested", "one_customer": PLAIN, "chain": "nested", "weakest": "nested", "apart_because": TEXT,
    },
    "Explanation": {**_RECORD_PAIR, "parts": "nested"},
    "FieldWeight": {"value_a": "by comparison", "value_b": "by comparison", REST: PLAIN},
    "RecordLink": _RECORD_PAIR,
    "WhyNotAnswer": {**_RECORD_PAIR, "reasons": TEXT, "keys": "nested", "needed": "nested", "explanation": "nested"},
    "KeyMeeting": _ALL_PLAIN,
    "Needed": {"missing_in": "ids", REST: PLAIN},
    "HowAnswer": {"customer_id": "id", "lines": "nested", "weakest": "nested"},
    "RecordLine": {
        "record": "id", "above": "id", "depth": PLAIN, "rule": PLAIN, "weight": PLAIN,
        "name": CONTACT, "email": CONTACT, "phone": CONTACT,
    },
    "ReviewItem": {**_RECORD_PAIR, "customers": "nested", "evidence": "nested", "do": "with ids", "reason": TEXT},
    "Portrait": {"id": "id", "name": CONTACT, "records": "ids", "golden": "golden", REST: PLAIN},
    "Effect": {"before": "nested", "after": "nested", "unmet": "with ids", "reason": TEXT, REST: PLAIN},
    "PlannedErasure": {"customer_id": "id", "customer_ids": "ids", REST: PLAIN},
    "ErasureCertificate": _ALL_PLAIN,
    "Restriction": {"customer_id": "id", REST: PLAIN},
    "ConsentWritten": {"customer_id": "id", REST: PLAIN},
    "Proposal": {"names": "ids", "reason": TEXT, "ended_reason": TEXT, REST: PLAIN},
    "Evidence": {"value_a": "by comparison", "value_b": "by comparison", REST: PLAIN},
    "HistoryEntry": {"reason": TEXT, "records": "ids", REST: PLAIN},
    "ChangePage": {"events": "nested", REST: PLAIN},
    "ChangeEvent": {"customer_id": "id", "other_id": "id", REST: PLAIN},
    "DecisionTaken": {"reason": TEXT, "undone_reason": TEXT, "records": "ids", REST: PLAIN},
    "LabelQuestion": {"record_a": "id", "record_b": "id", "weight": PLAIN, "fields": "golden"},
    "LookUpAnswer": {
        "state": PLAIN, "customer_id": "id", "record_id": "id", "weight": PLAIN, "rule": PLAIN, "candidates": "nested",
        "notes": TEXT,
    },
    "Candidate": {"customer_id": "id", "record_id": "id", REST: PLAIN},
    "ModelAnswer": {"in_use": "nested", "waiting": "nested", "changes": "nested", "limit": PLAIN, "names": CONTACT},
    "WeightsInUse": _ALL_PLAIN,
    "WeightsChange": {"effect": "nested", REST: PLAIN},
    "ModelEffect": {"examples": "nested", REST: PLAIN},
    "ModelExample": {"what": PLAIN, "customers": "ids", "records": "ids"},
    "ThresholdAnswer": _ALL_PLAIN,
    "HealthRow": _ALL_PLAIN,
    "Timeline": {"customer_id": "id", "events": "nested", "next": "cursor"},
    "TimelineEvent": {"id": "event id", "details": "event details", REST: PLAIN},
    "RunWithStages": {"stages": "nested", REST: PLAIN},
    "StageOfRun": _ALL_PLAIN,
    "Quality": {"results": "nested", "quarantine": "nested", "history": "nested", REST: PLAIN},
    "QualityResult": _ALL_PLAIN,
    "QuarantineGroup": {"reason": TEXT, REST: PLAIN},
    "QualityOfRun": _ALL_PLAIN,
    "SegmentAnswer": {"sample": "nested", REST: PLAIN},
    "SegmentMember": {
        "id": "id", "name": CONTACT, "email": CONTACT, "spent": FINANCIAL,
        **dict.fromkeys(("country", "orders", "currency", "last_order"), PLAIN),
    },
    "Status": {"money": "only financial", REST: PLAIN},
}  # fmt: skip
IDENTITY_EVENT = {
    "what": PLAIN, "customer": "id", "decision": PLAIN, "records": "ids", "by": PLAIN, "reason": TEXT,
}  # fmt: skip
DEALS = {"status": PLAIN, "deals": PLAIN, "amounts": FINANCIAL}
COMPARED: dict[str, str] = {  # the name of a comparison (identity/model.py) -> the class of what it compares
    **dict.fromkeys(
        ("given", "family", "middle", "email", "phone", "address", "handle", "organisation", "given and family"), CONTACT
    ),
    **dict.fromkeys(("birth", "gender", "number"), SENSITIVE),
}
