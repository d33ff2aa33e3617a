"""Slack's Web API (docs.slack.dev/apis/web-api).

The calls go through our own HTTP rather than slack-sdk's client: that one needs a second HTTP stack
and by default repeats a `chat.postMessage` whose connection was lost, which posts it twice.
"""

from typing import Any
from urllib.parse import urlencode

import httpx2
import msgspec

from adapters.products.kit.web import Call, Web, WebAnswer
from handlers.notify.channels import Permanent, Transient, Unusable

READ_BYTES = 8 * 1024 * 1024
REPLY_ORIGINS = frozenset({"https://hooks.slack.com", "https://hooks.slack-gov.com"})
"""Where a `response_url` may lead (docs.slack.dev/interactivity/handling-user-interaction; GovSlack
has a domain of its own, docs.slack.dev/govslack).
"""
_PASSING = frozenset(
    {
        *("ratelimited", "rate_limited", "message_limit_exceeded", "internal_error"),
        *("fatal_error", "service_unavailable", "request_timeout", "accesslimited"),
    }
)
_OF_THE_CHANNEL = frozenset(
    {
        *("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"),
        *("no_permission", "missing_scope", "not_allowed_token_type", "ekm_access_denied"),
        *(
            "org_login_required",
            "access_denied",
            "team_access_not_granted",
            "enterprise_is_restricted",
        ),
        *("channel_not_found", "not_in_channel", "is_archived", "restricted_action"),
    }
)


class SlackRefused(Permanent):
    """An error of the message or its circumstances; `error` is Slack's word for it."""

    def __init__(self, method: str, error: str) -> None:
        super().__init__(f"{method}: {error}")
        self.error = error


class SlackUnusable(Unusable):
    """An error of the token or the channel."""

    def __init__(self, method: str, error: str) -> None:
        super().__init__(f"{method}: {error}")
        self.error = error


class SlackReply(msgspec.Struct, frozen=True):
    """What every method answers."""

    ok: bool
    error: str = "unknown_error"


class Api:
    """Calls methods with a bot token."""

    def __init__(self, web: Web, token: str, base_url: str) -> None:
        self._web = web
        self._base_url = base_url.rstrip("/")
        self._headers = {
            "authorization": f"Bearer {token}",
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        }

    def answers_at(self, url: str) -> bool:
        """Whether a `response_url` is Slack's, or of whatever stands in for Slack as `api_url`."""
        try:
            asked, ours = httpx2.URL(url), httpx2.URL(self._base_url)
        except (httpx2.InvalidURL, UnicodeError):
            return False
        return not asked.userinfo and _origin(asked) in {_origin(ours), *REPLY_ORIGINS}

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """The answer of a method; arguments that are None are left out.

        Raises `Transient`, `SlackUnusable`, `SlackRefused`.
        """
        url = f"{self._base_url}/{method}"
        answer = await self._web.take(
            Call("POST", url, self._headers, _form(arguments), READ_BYTES)
        )
        return self._decoded(method, answer)

    def _decoded(self, method: str, answer: WebAnswer) -> dict[str, Any]:
        try:
            reply = msgspec.json.decode(answer.body, type=SlackReply)
            if reply.ok:
                return dict(msgspec.json.decode(answer.body))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            reason = f"{method}: not an answer: {answer.summary}"
            raise Transient(self._web.redact(reason)) from error
        if reply.error in _PASSING:
            raise Transient(f"{method}: {reply.error}", self._web.retry_after_s(answer))
        fault = SlackUnusable if reply.error in _OF_THE_CHANNEL else SlackRefused
        raise fault(method, self._web.redact(reply.error))


def _origin(url: httpx2.URL) -> str:
    """Scheme, host and port; the usual port goes without saying."""
    return f"{url.scheme}://{url.netloc.decode()}"


def _form(arguments: dict[str, Any]) -> bytes:
    """A form is the one shape that every method takes, those that read as well; values other than
    texts go in it as JSON.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    return urlencode(
        {
            name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
            for name, value in given.items()
        }
    ).encode()
