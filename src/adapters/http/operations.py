"""For those who run the service: health, metrics, its own description."""

import asyncio
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from adapters.http.health import Health
from adapters.telemetry import Telemetry

EXPOSITION = "text/plain; version=0.0.4"
"""The text format of Prometheus; the framework adds the character set."""


@get(
    "/health/live",
    operation_id="live",
    tags=["operations"],
    sync_to_thread=False,
    opt={"open": "it says that the process runs, and nothing else"},
)
def live() -> dict[str, str]:
    """The process runs."""
    return {"status": "live"}


@get("/health/ready", operation_id="ready", tags=["operations"])
async def ready(health: NamedDependency[Health]) -> Response[dict[str, Any]]:
    """Whether commands are taken (the log answers, and stores what is written), and how the read
    models are doing. It is ready without them: commands still work.
    """
    report = await health.report()
    return Response(report, status_code=200 if report["status"] != "unready" else 503)


@get(
    "/metrics",
    operation_id="metrics",
    tags=["operations"],
    media_type=EXPOSITION,
    sync_to_thread=False,
)
def metrics(telemetry: NamedDependency[Telemetry]) -> Response[bytes]:
    """Metrics in the text format of Prometheus."""
    return Response(telemetry.exposition(), media_type=EXPOSITION)


@get("/openapi.json", include_in_schema=False, opt={"name": "openapi"})
async def openapi(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of this service."""
    document: dict[str, Any] = await asyncio.to_thread(request.app.state.openapi)
    return document
