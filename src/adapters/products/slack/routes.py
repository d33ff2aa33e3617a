"""Where a Slack app sends slash commands and clicks. Both must be answered within 3 seconds."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from adapters.products.kit.channel import Host
from adapters.products.kit.route import Read, Route, RouteRefused, RouteReply
from adapters.products.slack.interactions import App, Interactions, interactions_of
from adapters.products.slack.payloads import PayloadFault, interaction, slash_command
from adapters.products.slack.settings import SlackSettings

COMMANDS, INTERACTIONS = "/v1/slack/commands", "/v1/slack/interactions"

log = structlog.get_logger(__name__)

Responder = Callable[[bytes, App, str], Awaitable[Any]]
"""What to answer to a body from an app, with its correlation id."""


def slack_routes(configured: Sequence[SlackSettings], host: Host) -> list[Route]:
    """`POST /v1/slack/{commands|interactions}`, answered for all configured apps."""
    interactions = interactions_of(configured, host)

    async def command(body: bytes, _: App, correlation_id: str) -> Any:
        text = await interactions.command(slash_command(body), correlation_id)
        return {"response_type": "ephemeral", "text": text}

    async def interact(body: bytes, app: App, correlation_id: str) -> Any:
        given = interaction(body)
        match given.type:
            case "url_verification":
                return {"challenge": given.challenge}
            case "block_actions":
                await interactions.click(given, app, correlation_id)
            case "view_submission":
                return await interactions.submit(given, correlation_id)
        return {}

    return [
        Route(
            path=COMMANDS,
            operation_id="slack_command",
            tag="slack",
            summary="Commands",
            description="Take a slash command of a Slack app; the answer is shown to its sender"
            " alone.",
            respond=_authentic(interactions, COMMANDS, command),
        ),
        Route(
            path=INTERACTIONS,
            operation_id="slack_interaction",
            tag="slack",
            summary="Interactions",
            description="Take a click on a button or a filled-in dialog of a Slack app.",
            respond=_authentic(interactions, INTERACTIONS, interact),
        ),
    ]


def _authentic(
    interactions: Interactions, path: str, answer: Responder
) -> Callable[[Read, str], Awaitable[RouteReply]]:
    """Answer who has shown to be Slack."""

    async def respond(read: Read, correlation_id: str) -> RouteReply:
        if not interactions.in_use:
            raise RouteRefused(
                404, "source.unknown", "no channel of kind slack has a signing_secret"
            )
        request = await read()
        app = interactions.app(request.sent, request.headers)
        if app is None:
            log.warning("slack.unauthentic", path=path)
            raise RouteRefused(
                401, "signature.invalid", "the signature is missing, wrong or too old"
            )
        try:
            content = await answer(request.body, app, correlation_id)
        except PayloadFault as fault:
            log.warning("slack.not_understood", path=path, reason=str(fault))
            raise RouteRefused(
                400, "request.invalid", f"not what Slack documents: {fault}"
            ) from fault
        return RouteReply(200, content or b"")

    return respond
