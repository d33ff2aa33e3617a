"""What has no place here is listed item by item, as it says it; and who is reached by nothing."""

from pathlib import Path
from typing import Any

from adapters.migration.account import Account
from adapters.migration.outcome import planned
from support.exports import layer, layers, read, rolling, rotation, rotations, shift


def listed(source: str, account: Account) -> dict[str, str]:
    return {
        each["of"]: each["detail"].removesuffix("; it has no place here yet")
        for each in planned(source, account)["not_carried"]
        if each["code"] == "object.no_place"
    }


def marked(account: Account) -> dict[str, str]:
    return {each.of: each.code for each in account.marks if each.code.startswith("person.")}


def person(name: str, *methods: dict[str, Any], rules: Any = ()) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "contact_methods": [{"summary": "mine", **each} for each in methods],
        "notification_rules": list(rules),
    }


def test_pagerdutys_levels_and_rules_are_listed_with_their_delays(tmp_path: Path):
    mail = {"id": "M", "type": "email_contact_method"}
    rule = {
        "id": "N",
        "start_delay_in_minutes": 2,
        "urgency": "high",
        "contact_method": {"id": "M"},
    }
    blocked = {"id": "T", "type": "sms_contact_method", "blacklisted": True}
    policy = {
        "id": "P",
        "name": "all",
        "num_loops": 2,
        "escalation_rules": [
            {
                "id": "R",
                "escalation_delay_in_minutes": 7,
                "targets": [{"id": "S", "type": "schedule_reference"}],
                "escalation_rule_assignment_strategy": {"type": "round_robin"},
            }
        ],
    }
    files = layers(layer())
    files["users.json"] = {
        "users": [
            person("A", mail, rules=[rule]),
            person("B", mail | {"id": "O"}),
            person("C", blocked),
        ]
    }
    files["escalation_policies.json"] = {"escalation_policies": [policy]}
    found = read("pagerduty", tmp_path, files)
    said = listed("pagerduty", found)
    assert said["escalation_rules R"] == (
        "all: level 1: schedule_reference S (round_robin); the next after 7 min"
    )
    assert said["escalation_policies P"] == "all: 1 levels, begun again 2 times"
    assert said["notification_rules N"] == "N: A: email_contact_method after 2 min, urgency high"
    assert [(each.of, each.code) for each in found.marks] == [
        ("person B", "person.no_rule"),
        ("person C", "person.method_off"),
        ("person C", "person.unreachable"),
    ]


def test_opsgenies_rules_keep_their_conditions_and_whom_they_tell(tmp_path: Path):
    files = rotations(rotation())
    files["escalations/e.json"] = {
        "id": "E",
        "name": "web",
        "rules": [
            {
                "condition": "if-not-closed",
                "notifyType": "admins",
                "delay": {"timeAmount": 2, "timeUnit": "hours"},
                "recipient": {"type": "team", "id": "T"},
            }
        ],
        "repeat": {"waitInterval": 20, "count": 3},
    }
    off = {"id": "c", "contactMethod": "sms", "enabled": False}
    for name, contacts in (("A", [off]), ("B", [off | {"enabled": True}])):
        user = {"id": name, "username": f"{name}@x", "userContacts": contacts}
        files[f"users/{name}.json"] = {"user": user, "notificationRuleList": []}
    found = read("opsgenie", tmp_path, files)
    said = listed("opsgenie", found)
    assert said["escalation_rules E#1"] == (
        "web: rule 1: after 2 hours if-not-closed, admins of team:T"
    )
    assert said["escalations E"] == "web: 1 rules; repeated: waitInterval 20, count 3"
    assert marked(found) == {
        "person user:A": "person.unreachable",
        "person user:B": "person.no_rule",
    }


def test_the_steps_of_grafana_oncall_are_listed_and_its_shifts_are_part_of_schedules(
    tmp_path: Path,
):
    files = rolling(shift(["A"]))
    files["users.json"] = {"results": [{"id": "A", "username": "a"}, {"id": "B"}]}
    step = {"id": "P", "escalation_chain_id": "F", "position": 1, "type": "wait", "duration": 240}
    files["escalation_policies.json"] = {"results": [step]}
    rule = {"id": "N", "user_id": "A", "position": 0, "important": True, "type": "notify_by_sms"}
    files["personal_notification_rules.json"] = {"results": [rule]}
    found = read("grafana-oncall", tmp_path, files)
    said = listed("grafana-oncall", found)
    assert said["escalation_policies P"] == "wait: chain F, step 1: type wait, duration 240"
    assert "on_call_shifts G1" not in said
    assert marked(found) == {"person B": "person.no_rule"}
