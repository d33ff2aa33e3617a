"""Takes signed PagerDuty webhooks and keeps each body as a file. Nothing else follows from them.

It is a service of its own, so that bodies for a comparison reach neither the log nor anybody.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar, Request, Response, post

from adapters.products.pagerduty.signature import HEADER, is_signed

BODY_BYTES_MAX = 1 << 20


def recorder(root: Path, secrets: Sequence[str], tell: Callable[[str], None]) -> Litestar:
    """Answers 202 once a body is on disk, and 401 where none of the secrets has signed it. `tell`
    hears the name of each new file.
    """

    @post("/", status_code=202)
    async def record(request: Request[Any, Any, Any]) -> Response[str]:
        body = await request.body()
        if not is_signed(body, request.headers.get(HEADER), secrets):
            return Response("not signed by a secret that is known here\n", status_code=401)
        name = kept(root, body)
        if name is not None:
            tell(name)
        return Response("", status_code=202)

    return Litestar([record], openapi_config=None, request_max_body_size=BODY_BYTES_MAX)


def kept(root: Path, body: bytes) -> str | None:
    """The name of the new file that holds a body; None: it is there already."""
    path = root / f"{hashlib.sha256(body).hexdigest()[:32]}.json"
    if path.exists():
        return None
    partly = path.with_suffix(".part")
    with open(os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    partly.replace(path)
    return path.name


def listen(app: Litestar, host: str, port: int) -> None:
    """Until it is ended by Ctrl-C."""
    with suppress(KeyboardInterrupt):
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
