"""Notifications on a terminal."""

import io
from datetime import UTC, datetime

import pytest

from adapters.config.settings import ConfigFault
from adapters.products.console.channel import Console
from adapters.products.console.settings import ConsoleSettings
from adapters.products.webhook.settings import WebhookSettings
from adapters.runtime.open_channels import open_channels, subscription
from domain.notification import Audience
from domain.policy import Severity
from domain.policy.reach import Subscription
from support.messages import message

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


async def test_a_block_reads_well() -> None:
    stream = io.StringIO()
    await Console("console", stream).send(
        message(
            41,
            "[SEV1] checkout — \x1b[2JErrors",
            "INC-7: Errors\n**Impact**: 30% of users",
            id="0f3c",
        )
    )
    assert stream.getvalue() == (
        "\n"
        "[SEV1] checkout — \\x1b[2JErrors\n"
        "  INC-7: Errors\n"
        "  Impact: 30% of users\n"
        "  to engineering · 2026-05-04 12:00 UTC · 0f3c\n\n"
    )


async def test_channels_open_by_their_configuration() -> None:
    configured = {
        "console": ConsoleSettings(audiences=("executives", "engineering")),
        "ops": WebhookSettings(url="http://127.0.0.1:1/", secret="whsec_" + "c2Vj" * 10),
    }
    async with open_channels(configured, io.StringIO(), lambda: NOON) as channels:
        assert [(it.channel.name, it.subscription) for it in channels] == [
            (
                "console",
                Subscription(
                    (Audience.EXECUTIVES, Audience.ENGINEERING), Severity.SEV4, channel="console"
                ),
            ),
            ("ops", Subscription((Audience.ENGINEERING,), Severity.SEV4, channel="ops")),
        ]


@pytest.mark.parametrize("audiences", [(), ("everybody",)])
def test_an_audience_must_be_one_that_exists(audiences: tuple[str, ...]) -> None:
    with pytest.raises(ConfigFault, match=r"channels\.x: audiences"):
        subscription("x", ConsoleSettings(audiences=audiences))


async def test_a_webhook_that_cannot_be_used_is_named() -> None:
    configured = {"ops": WebhookSettings(url="nowhere", secret="whsec_" + "c2Vj" * 10)}
    with pytest.raises(ConfigFault, match=r"channels\.ops: url"):
        async with open_channels(configured, io.StringIO(), lambda: NOON):
            pass
