"""Gotify, beyond what every channel keeps to."""

from msgspec.structs import replace

from adapters.products.gotify.channel import notification
from domain.policy import Severity
from support.messages import message


def test_a_touch_opens_the_incident_where_there_is_an_address() -> None:
    address = "https://cp.example.com/incidents/INC-7"
    extras = notification(replace(message(), url=address))["extras"]
    assert extras["client::notification"] == {"click": {"url": address}}
    assert "client::notification" not in notification(message())["extras"]


def test_only_what_begins_or_grows_worse_makes_a_noise() -> None:
    assert notification(message(severity=Severity.SEV2))["priority"] == 8
    assert notification(message(kind="update"))["priority"] == 5
