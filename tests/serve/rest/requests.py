"""Every reading request of the API beside the verb of the command line that asks the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ADA, BEN = "crm:contacts:17", "crm:contacts:18"
KEY = "record:shop:people:ada.quillfeather@example.org"  # a key that is an e-mail address


@dataclass(frozen=True)
class Asked:
    """A request, and the words of the command line."""

    path: str
    verb: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    part: str = ""  # of the answer, that the command line prints

    @property
    def method(self) -> str:
        return "POST" if self.body is not None else "GET"


REQUESTS = {
    "show": Asked(f"/v1/customers/{ADA}", ("show", ADA)),
    "show by an order": Asked("/v1/customers/order 7", ("show", "order 7")),
    "show nobody": Asked("/v1/customers/record:crm:contacts:999", ("show", "record:crm:contacts:999")),
    "sources": Asked(f"/v1/customers/{ADA}/sources", ("show", ADA, "--sources")),
    "search": Asked("/v1/customers", ("search", "quillfeather"), {"q": "quillfeather"}, part="hits"),
    "search an order": Asked("/v1/customers", ("search", "order 7"), {"q": "order 7"}, part="hits"),
    "search in a city": Asked(
        "/v1/customers", ("search", "order 7", "--city", "Zurzach"), {"q": "order 7", "city": "Zurzach"}, part="hits",
    ),
    "search and count": Asked("/v1/customers", ("search", "order 7", "--counts"), {"q": "order 7", "counts": True}),
    "timeline": Asked(f"/v1/customers/{ADA}/timeline", ("timeline", ADA)),
    "timeline of some": Asked(
        f"/v1/customers/{ADA}/timeline", ("timeline", ADA, "--kind", "order", "--kind", "ticket", "--since", "2026-03-05"),
        {"kind": ["order", "ticket"], "since": "2026-03-05"},
    ),
    "related": Asked(f"/v1/customers/{ADA}/related", ("related", ADA)),
    "habits": Asked(f"/v1/customers/{ADA}/habits", ("habits", ADA)),
    "worth": Asked(f"/v1/customers/{ADA}/worth", ("worth", ADA)),
    "bought together": Asked("/v1/products/tea/bought-together", ("bought-together", "tea")),
    "path": Asked("/v1/path", ("path", ADA, BEN), {"a": ADA, "b": BEN}),
    "why": Asked("/v1/why", ("why", ADA, BEN), {"a": ADA, "b": BEN}),
    "why by a key": Asked("/v1/why", ("why", ADA, KEY), {"a": ADA, "b": KEY}),
    "why not": Asked("/v1/why-not", ("why-not", ADA, BEN), {"a": ADA, "b": BEN}),
    "how": Asked(f"/v1/customers/{ADA}/how", ("how", ADA)),
    "history": Asked(f"/v1/customers/{ADA}/history", ("history", ADA)),
    "decisions": Asked("/v1/history", ("history",)),
    "review": Asked("/v1/review", ("review", "--limit", "10")),
    "quality": Asked("/v1/quality", ("quality",)),
    "runs": Asked("/v1/runs", ("runs",)),
    "status": Asked("/v1/status", ("status",)),
}  # fmt: skip
# What no verb asks in the same words.
MORE = {
    "offers": Asked(f"/v1/customers/{ADA}/offers"),
    "parts": Asked(f"/v1/customers/{ADA}", params={"fields": "records,identifiers,habits"}),
    "everything": Asked(f"/v1/customers/{ADA}", params={"expand": "timeline,sources"}),
    "everything and why": Asked(f"/v1/customers/{ADA}", params={"expand": "history,how"}),
    "search with counts": Asked("/v1/customers", params={"q": "customer", "counts": True}),
    "search for a number": Asked("/v1/customers", params={"q": "3", "counts": True, "limit": 1}),
    "ambiguous": Asked("/v1/customers/3"),
    "batch": Asked("/v1/customers/batch", body={"ids": [ADA, BEN, KEY, "3", "nobody at all"]}),
    "export": Asked("/v1/export/customers"),
    "metrics": Asked("/metrics"),
    "description": Asked("/openapi.json"),
    "not there": Asked("/v1/nowhere"),
    "wrong": Asked("/v1/why", params={"a": ADA}),
}
