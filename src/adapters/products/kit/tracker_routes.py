"""Where trackers say that an issue has changed: `POST /v1/trackers/<kind>`, for all configured
channels of a kind: the secret that has signed the body says whose it is.

A body that is sent again, or later than the next one, changes nothing: it says since when the issue
stands so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import structlog

from adapters.products.kit.body_signature import signs
from adapters.products.kit.channel import Host
from adapters.products.kit.route import Read, Route, RouteRefused, RouteReply
from adapters.products.kit.tracker import IssueSeen, TrackerSettings
from handlers.entrance.tracked_issues import TrackedIssues
from handlers.kernel.ports import Unavailable

log = structlog.get_logger(__name__)


class IssueNews(NamedTuple):
    """What a body says: how an issue stands, and which `account` has left it so, as its tracker
    names that.
    """

    seen: IssueSeen
    account: str | None = None


class NotTheirsError(Exception):
    """A body that its tracker does not send."""


ReadNews = Callable[[bytes, Mapping[str, str], Any], IssueNews | None]
"""What a body says to the channel with these settings; None: nothing about how an issue stands.
Raises `NotTheirsError`.
"""


class TrackerHook(NamedTuple):
    """How a kind of tracker tells us: `product` in words, the header with the signature, behind the
    name of a `scheme`, and what its bodies say.
    """

    kind: str
    product: str
    header: str
    read: ReadNews
    scheme: str = ""


def tracker_routes(
    hook: TrackerHook, configured: Sequence[TrackerSettings], host: Host
) -> list[Route]:
    """The one address of a kind of tracker."""
    asked = [each for each in configured if each.webhook_secrets]

    async def respond(read: Read, _: str) -> RouteReply:
        if not asked:
            reason = f"no channel of kind {hook.kind} has webhook_secrets"
            raise RouteRefused(404, "source.unknown", reason)
        request = await read()
        header = request.headers.get(hook.header, "")
        whose = next(
            (
                each
                for each in asked
                if signs(request.sent, header, each.webhook_secrets, scheme=hook.scheme)
            ),
            None,
        )
        if whose is None:
            log.warning("tracker.unauthentic", kind=hook.kind)
            raise RouteRefused(401, "signature.invalid", "the signature is missing or wrong")
        try:
            news = hook.read(request.body, request.headers, whose)
        except (NotTheirsError, msgspec.DecodeError, UnicodeDecodeError) as fault:
            raise RouteRefused(
                400, "request.invalid", f"not what {hook.product} documents: {fault}"
            ) from fault
        return RouteReply(200, {"changed": await _heard(host, hook, whose, news)})

    return [
        Route(
            path=f"/v1/trackers/{hook.kind}",
            operation_id=f"tracker_{hook.kind}",
            tag="trackers",
            summary=hook.product,
            description=f"Take a webhook of {hook.product} that tells of an issue: the action items"
            " to which it is linked follow it.",
            respond=respond,
        )
    ]


async def _heard(
    host: Host, hook: TrackerHook, whose: TrackerSettings, news: IssueNews | None
) -> tuple[str, ...]:
    if news is None:
        return ()
    ours = whose.account is not None and news.account == whose.account
    issues = TrackedIssues(host.service.executor, host.service.read_models, host.new_id)
    actor = f"{news.seen.by or 'nobody named'} ({hook.kind})"
    try:
        return await issues.hear(news.seen.noted(ours=ours), actor)
    except Unavailable as outage:
        log.warning("tracker.not_noted", kind=hook.kind, reason=str(outage))
        detail = "it cannot be put on record now; send it again"
        raise RouteRefused(503, "storage.unavailable", detail) from outage
