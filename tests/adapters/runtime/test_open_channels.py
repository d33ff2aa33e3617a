"""What the configuration of a channel makes of it."""

import pytest

from adapters.config.settings import Config, ConfigFault
from adapters.products.console.settings import ConsoleSettings
from adapters.products.webhook.settings import WebhookSettings
from adapters.runtime.open_channels import pace_of, reach_of, subscription
from handlers.notify.channels import Pace

USUAL = Pace(per_minute=40, burst=5, reserved=2)


@pytest.mark.parametrize(
    ("configured", "pace"),
    [
        ({}, USUAL),
        ({"rate_per_minute": 600}, USUAL._replace(per_minute=600)),
        ({"burst": 100}, USUAL._replace(burst=100, reserved=25)),
        ({"burst": 1}, USUAL._replace(burst=1, reserved=0)),
        ({"burst": 2, "rate_per_minute": 0.5}, Pace(per_minute=0.5, burst=2, reserved=1)),
    ],
)
def test_the_pace_of_a_product_holds_unless_another_is_configured(configured, pace):
    settings = WebhookSettings(url="http://hook.example", secret="whsec_x", **configured)
    assert pace_of(settings, USUAL) == pace


def test_a_channel_that_administrators_read_may_have_no_audience_and_others_have_one():
    assert subscription("admins", ConsoleSettings(audiences=(), admins=True)).audiences == ()
    with pytest.raises(ConfigFault, match="name at least one"):
        subscription("nobody", ConsoleSettings(audiences=()))
    with pytest.raises(ConfigFault, match="customers read it"):
        subscription("public", ConsoleSettings(audiences=("customers",), admins=True))


def test_the_terminal_is_that_of_an_administrator_where_nothing_else_is_configured():
    assert reach_of(Config().channels).tells_admins
    assert not reach_of({"console": ConsoleSettings()}).tells_admins
