"""What the configuration of a channel makes of it."""

import pytest

from adapters.products.webhook.settings import WebhookSettings
from adapters.runtime.open_channels import pace_of
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
