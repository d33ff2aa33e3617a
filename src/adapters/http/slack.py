"""Where a Slack app sends slash commands and clicks. Both must be answered within 3 seconds."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from litestar import Request, Response, post

from adapters.http.problems import problem
from adapters.http.webhooks import TooLargeError, on_too_large, read_body
from adapters.products.slack.interactions import App, Interactions
from adapters.products.slack.payloads import PayloadFault, interaction, slash_command

log = structlog.get_logger(__name__)

Answering = Callable[[bytes, App, str], Awaitable[Any]]


def slack_routes(desk: Interactions) -> list[Any]:
    """The route handlers for `POST /v1/slack/{commands|interactions}`."""

    @post(
        "/v1/slack/commands",
        operation_id="slack_command",
        status_code=200,
        request_max_body_size=None,
        tags=["slack"],
    )
    async def commands(request: Request[Any, Any, Any]) -> Response[Any]:
        """Take a slash command of a Slack app; the answer is shown to its sender alone."""

        async def answering(body: bytes, _: App, correlation_id: str) -> Any:
            text = await desk.command(slash_command(body), correlation_id)
            return {"response_type": "ephemeral", "text": text}

        return await _authentic(desk, request, answering)

    @post(
        "/v1/slack/interactions",
        operation_id="slack_interaction",
        status_code=200,
        request_max_body_size=None,
        tags=["slack"],
    )
    async def interactions(request: Request[Any, Any, Any]) -> Response[Any]:
        """Take a click on a button or a filled-in dialog of a Slack app."""

        async def answering(body: bytes, app: App, correlation_id: str) -> Any:
            given = interaction(body)
            match given.type:
                case "url_verification":
                    return {"challenge": given.challenge}
                case "block_actions":
                    await desk.clicked(given, app, correlation_id)
                case "view_submission":
                    return await desk.submitted(given, correlation_id)
            return {}

        return await _authentic(desk, request, answering)

    return [commands, interactions]


async def _authentic(
    desk: Interactions, request: Request[Any, Any, Any], answering: Answering
) -> Response[Any]:
    """Answer who has shown to be Slack."""
    if not desk.in_use:
        return problem(404, "source.unknown", "no channel of kind slack has a signing_secret")
    try:
        body = await read_body(request)
    except TooLargeError as error:
        return on_too_large(request, error)
    headers = {name.lower(): value for name, value in request.headers.items()}
    app = desk.app(body, headers)
    if app is None:
        log.warning("slack.unauthentic", path=request.url.path)
        return problem(401, "signature.invalid", "the signature is missing, wrong or too old")
    try:
        content = await answering(body, app, request.scope["state"].get("correlation_id", ""))
    except PayloadFault as fault:
        log.warning("slack.not_understood", path=request.url.path, reason=str(fault))
        return problem(400, "request.invalid", f"not what Slack documents: {fault}")
    return Response(content or b"", status_code=200)
