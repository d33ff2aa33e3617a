"""How an answer that is a page leads to the next one."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request


def link_to_next(request: Request[Any, Any, Any], by: str, place: int | str) -> dict[str, str]:
    """The header (RFC 8288) with the address of this page where the parameter `by` is another."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != by]
    return {"Link": f'<{request.scope["path"]}?{urlencode([*kept, (by, place)])}>; rel="next"'}
