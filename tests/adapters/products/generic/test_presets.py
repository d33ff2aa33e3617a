"""Each preset reads what its product sends in several shapes, ends and tests among them.

The bodies stand in `bodies`, one file for each preset: written here, in the shapes that the vendors
document. `instead` is what a body becomes that tells of no alert.
"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.cli.sources import tried
from adapters.products.generic.presets import all_presets, named
from adapters.products.generic.settings import GenericSource
from adapters.products.kit.settings import SettingFault
from adapters.products.registry import PRODUCTS
from domain.incident.alerts.alert import Opens
from domain.policy import DEFAULT
from handlers.ingest.reports import Reading, Report, Unintelligible, Unwanted

FOLDER = Path(__file__).with_name("bodies")
GENERIC = PRODUCTS.source_kinds["generic"]
SECRETS = ("a-secret-of-the-test",)


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    """A body, and what it is read as."""

    says: str
    body: Any
    alerts: list[dict[str, Any]] = []
    instead: str | None = None


def bodies() -> list[Any]:
    return [
        pytest.param(file.stem, sent, id=f"{file.stem}: {sent.says}")
        for file in sorted(FOLDER.glob("*.json"))
        for sent in msgspec.json.decode(file.read_bytes(), type=list[Sent])
    ]


def read(preset: str, body: Any, **more: Any) -> tuple[Reading, ...]:
    settings = GenericSource(kind="generic", secrets=SECRETS, preset=preset, **more)
    raw = body.encode() if isinstance(body, str) else msgspec.json.encode(body)
    return GENERIC.for_source(settings).translate(raw, "tools", Opens.INCIDENT)


@pytest.mark.parametrize(("preset", "sent"), bodies())
def test_a_body_is_read_as_its_product_means_it(preset: str, sent: Sent):
    found = read(preset, sent.body)
    if sent.instead is None:
        alerts = [tried(each, DEFAULT) for each in found if isinstance(each, Report)]
        assert msgspec.json.decode(msgspec.json.encode(alerts)) == sent.alerts
        assert len(found) == len(alerts)
    elif sent.instead == "passed over":
        assert all(isinstance(each, Unwanted) for each in found), found
    else:
        assert [each.code for each in found if isinstance(each, Unintelligible)] == [sent.instead]


def test_every_preset_is_tried_and_found_by_each_of_its_names():
    assert {file.stem for file in FOLDER.glob("*.json")} == set(all_presets())
    for preset in all_presets().values():
        for name in preset.names:
            assert named(name.upper().replace("_", " ")) is preset


def test_a_preset_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(SettingFault, match="preset: 'nagios' is not one of aws, azure"):
        read("nagios", {})


def test_a_field_of_a_preset_is_replaced_or_taken_away():
    body = {"event_id": "1", "status": "PROBLEM", "trigger": "T", "severity": "High", "team": "db"}
    (found,) = read("zabbix", body, title="join(' of ', [trigger, team])", severity="")
    assert isinstance(found, Report)
    assert (found.alert.title, found.alert.priority) == ("T of db", None)


def test_words_of_ones_own_stand_beside_those_of_a_preset():
    body = {"event_id": "1", "status": "ARMED", "trigger": "T", "severity": "Purple"}
    more = {"states": {"armed": "firing"}, "severities": {"purple": "SEV1"}}
    settings = msgspec.convert(
        {"kind": "generic", "secrets": SECRETS, "preset": "zabbix", **more}, GenericSource
    )
    kind = GENERIC.for_source(settings)
    (found,) = kind.translate(msgspec.json.encode(body), "tools", Opens.INCIDENT)
    assert isinstance(found, Report)
    assert tried(found, DEFAULT).severity == "SEV1"
    assert found.alert.priority == "SEV1 (Purple)"


OPENED, LATER = 1_713_755_131_352, 1_713_769_708_699
OPENED_AT, LATER_AT = "2024-04-22T03:05:31.352Z", "2024-04-22T07:08:28.699Z"
ISSUE = {"issueId": "1", "issueTitle": "CPU high"}
OLD = {"incident_id": 1, "condition_name": "CPU high"}


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({**ISSUE, "state": "ACTIVATED"}, None),
        ({**ISSUE, "state": "ACTIVATED", "updatedAt": LATER}, None),
        ({**ISSUE, "state": "ACTIVATED", "createdAt": OPENED}, OPENED_AT),
        ({**ISSUE, "state": ["ACTIVATED"], "createdAt": [OPENED]}, OPENED_AT),
        ({**ISSUE, "state": "ACKNOWLEDGED", "updatedAt": LATER}, None),
        ({**ISSUE, "state": "CLOSED"}, None),
        ({**ISSUE, "state": "CLOSED", "closedAt": LATER}, LATER_AT),
        ({**ISSUE, "state": "CLOSED", "closedAt": "{{closedAt}}"}, None),
        ({**OLD, "current_state": "open", "timestamp": OPENED}, OPENED_AT),
        ({**OLD, "current_state": "acknowledged", "timestamp": LATER}, None),
        ({**OLD, "current_state": "closed", "timestamp": LATER}, LATER_AT),
    ],
)
def test_a_time_of_new_relic_is_right_or_none(body: Any, at: str | None):
    (found,) = read("newrelic", body)
    assert isinstance(found, Report)
    assert found.alert.flaws == ()
    shown = msgspec.json.decode(msgspec.json.encode(tried(found, DEFAULT)))
    assert shown["at"] == at


def test_a_condition_that_does_not_hold_finds_nothing():
    """It gives false, which is neither a time nor a text."""
    fields = ("at", "title", "severity", "service", "group", "labels", "links", "details")
    conditional = dict.fromkeys(fields, "none == 'x' && id")
    conditional["title"] = "(none == 'x' && id) || 'CPU high'"
    settings = GenericSource(kind="generic", secrets=SECRETS, key="id", **conditional)
    body = msgspec.json.encode({"id": "1"})
    (found,) = GENERIC.for_source(settings).translate(body, "tools", Opens.INCIDENT)
    assert isinstance(found, Report)
    alert = found.alert
    assert (alert.flaws, alert.service, alert.priority, alert.text) == ((), None, None, None)


def test_an_error_of_sentry_says_by_which_rule_and_where_it_came():
    tags = [["server_name", "web-1"], ["browser", "x"]]
    event = {"issue_id": "5", "title": "Boom", "environment": "prod", "tags": tags}
    newer = {"action": "triggered", "data": {"event": event, "triggered_rule": "Prod errors"}}
    older = {"id": "5", "message": "Boom", "event": event, "triggering_rules": ["Prod errors"]}
    for body in (newer, older):
        (found,) = read("sentry", body)
        assert isinstance(found, Report)
        assert found.labels == {
            "rule": "Prod errors",
            "environment": "prod",
            "server_name": "web-1",
        }


ALARM = {"AlarmName": "CPU", "AlarmArn": "arn:a", "NewStateValue": "ALARM"}
BEAT = {"heartbeat": {"status": 0}, "msg": "down"}
PROBLEM = {"event_id": "1", "event_value": "1", "event_name": "CPU"}


@pytest.mark.parametrize(
    ("preset", "body", "where"),
    [
        (
            "aws",
            ALARM
            | {"Region": "EU (Ireland)", "AWSAccountId": "12"}
            | {"Trigger": {"Dimensions": [{"name": "InstanceId", "value": "i-1"}]}},
            {"InstanceId": "i-1", "region": "EU (Ireland)", "account": "12"},
        ),
        ("aws", ALARM, {}),
        (
            "uptime_kuma",
            BEAT | {"monitor": {"id": 7, "name": "db", "hostname": "db.example.com", "port": 5432}},
            {"host": "db.example.com", "port": "5432"},
        ),
        (
            "uptime_kuma",
            BEAT | {"monitor": {"id": 7, "name": "db", "tags": [{"name": "env", "value": "prod"}]}},
            {"env": "prod"},
        ),
        (
            "zabbix",
            PROBLEM | {"event_tags": "service:shop, env:prod"},
            {"service": "shop", "env": "prod"},
        ),
        ("zabbix", PROBLEM | {"tags": [{"tag": "env", "value": "prod"}]}, {"env": "prod"}),
        ("zabbix", PROBLEM | {"event_tags": "[{not json"}, {}),
        ("zabbix", PROBLEM, {}),
    ],
)
def test_a_preset_says_where_as_its_product_does(
    preset: str, body: dict[str, Any], where: dict[str, str]
):
    (found,) = read(preset, body)
    assert isinstance(found, Report), found
    assert found.labels == where


@pytest.mark.parametrize(
    ("preset", "body", "title"),
    [
        (
            "uptime_kuma",
            {
                "heartbeat": None,
                "monitor": {"id": 7, "name": "shop"},
                "msg": "it expires in 7 days",
            },
            "shop: it expires in 7 days",
        ),
        (
            "uptimerobot",
            {"monitorID": "7", "monitorFriendlyName": "shop", "alertType": 3},
            "shop: its certificate expires",
        ),
        (
            "uptimerobot",
            {"monitorID": "7", "monitorFriendlyName": "shop", "alertType": "4"},
            "shop: its domain expires",
        ),
    ],
)
def test_a_title_says_what_is_the_matter(preset: str, body: dict[str, Any], title: str):
    (found,) = read(preset, body)
    assert isinstance(found, Report), found
    assert found.alert.title == title
