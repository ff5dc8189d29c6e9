"""Where the next page is: a header that programs follow, `Link: <...>; rel="next"`."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fastapi import Request


def next_page(request: Request, after: str) -> dict[str, str]:
    """The header with the address of the next page; none on the last one."""
    if not after:
        return {}
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    address = f"{quote(request.url.path, safe='/:@')}?{urlencode([*kept, ('after', after)])}"
    return {"Link": f'<{address}>; rel="next"'}
