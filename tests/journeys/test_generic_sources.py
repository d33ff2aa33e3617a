"""Bodies of products that nobody knows here: tried offline, delivered, kept where they fail."""

import json
from pathlib import Path
from typing import Any

from support.patience import eventually
from support.service_process import SIGNAL_SECRET, Process, Reply
from support.webhooks import appears, case

LINK = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"


def problem(event: str, status: str, **more: Any) -> dict[str, Any]:
    said = {"trigger": f"Disk is full {event}", "severity": "Disaster", "hostname": "db-1"}
    link = f"https://zabbix.example.com/tr_events.php?eventid={event}"
    return {"status": status, "link": link, **said, **more}


async def deliver(service: Process, source: str, body: Any, secret: str = SIGNAL_SECRET) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    path = f"/v1/webhooks/generic/{source}?token={secret}"
    return await service.post(path, raw, content_type="text/plain")


async def test_a_body_becomes_what_was_tried_before(service: Process, tmp_path: Path, unique: str):
    number = str(int.from_bytes(unique.encode()[-6:], "big"))
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(problem(number, "PROBLEM")))
    tried = await service.cli("sources", "try", "zabbix", str(file), "--format", "json")
    assert (tried.status, tried.err) == (0, "")
    (shown,) = tried.json
    assert (shown["key"], shown["state"], shown["severity"]) == (number, "firing", "SEV1")

    assert (await deliver(service, "zabbix", file.read_bytes())).status == 202

    async def routed() -> Any:
        found = await service.get("/v1/signals", all="true")
        return next((it["incident"] for it in found if it["alert_id"] == number), None)

    incident = await eventually(routed)
    await appears(service, incident, 1)
    found = await service.get(f"/v1/incidents/{incident}")
    assert (found["title"], found["severity"], found["services"]) == (
        shown["title"],
        "SEV1",
        ["db-1"],
    )
    await deliver(service, "zabbix", problem(number, "OK"))

    async def over() -> bool:
        return bool((await service.get(f"/v1/incidents/{incident}"))["status"] == "resolved")

    await eventually(over)


async def test_what_an_expression_fails_on_waits_with_its_reason(service: Process, tmp_path: Path):
    body = problem("1", "MAYBE")
    reply = await deliver(service, "zabbix", body)
    waiting = await case(service, reply.body["position"])
    assert waiting["code"] == "state.unknown"
    assert "find(@, 'status'" in waiting["reason"]
    assert "'MAYBE'" in waiting["reason"]
    (tmp_path / "body.json").write_text(json.dumps(body))
    tried = await service.cli("sources", "try", "zabbix", str(tmp_path / "body.json"))
    assert tried.status == 1
    assert waiting["reason"] in " ".join(tried.err.split())


async def test_a_subscription_of_amazon_waits_with_its_link(service: Process):
    asks = {
        "Type": "SubscriptionConfirmation",
        "TopicArn": "arn:aws:sns:eu-west-1:1:ops",
        "SubscribeURL": LINK,
        "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    }
    reply = await deliver(service, "amazon", asks)
    waiting = await case(service, reply.body["position"])
    assert waiting["code"] == "subscription.unconfirmed"
    assert LINK in waiting["reason"]
    forged = {**asks, "SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem"}
    assert (await deliver(service, "amazon", forged)).status == 401
    assert (await deliver(service, "amazon", asks, secret="wrong-secret")).status == 401


async def test_what_is_passed_over_is_listed_with_why(service: Process, unique: str):
    test = {"event_id": "{EVENT.ID}", "status": "{EVENT.STATUS}", "trigger": unique}
    reply = await deliver(service, "zabbix", test)

    async def listed() -> Any:
        found = await service.get("/v1/signals", all="true")
        return next((it for it in found if it["signal"] == reply.body["position"]), None)

    row = await eventually(listed)
    assert (row["source"], row["action"], row["incident"]) == ("zabbix", "passed_over", None)
    assert row["because"] == "a test: its macros are not filled in"
    table = await service.cli("signals", "list", "--all")
    assert "passed over" in table.out
    assert row["because"] in table.out


async def test_a_monitor_may_say_all_in_the_query_of_the_address(service: Process, unique: str):
    """As UptimeRobot does by GET, and by POST without a body."""
    about = f"monitorID={unique}&monitorFriendlyName=Shop+{unique}&monitorURL=https%3A%2F%2Fa.test"
    path = f"/v1/webhooks/generic/robot?token={SIGNAL_SECRET}&{about}"
    down = await service.http.get(f"{path}&alertType=1&alertDetails=Connection+Timeout")
    assert down.status_code == 202
    (incident,) = down.json()["became"]["incidents"]

    async def shown() -> Any:
        found = await service.http.get(f"/v1/incidents/{incident}")
        return found.json() if found.status_code == 200 else None

    found = await eventually(shown)
    assert found["title"] == f"Shop {unique}: Connection Timeout"
    up = await service.post(f"{path}&alertType=2&alertDetails=HTTP+200", b"")
    assert up.body["became"]["incidents"] == [incident]
    wrong = await service.http.get(path.replace(SIGNAL_SECRET, "wrong-secret"))
    assert wrong.status_code == 401
    elsewhere = path.replace("generic/robot", "pagerduty/pd")
    assert (await service.http.get(elsewhere)).status_code == 405


async def test_a_change_is_tried_as_a_change(service: Process, tmp_path: Path):
    file = tmp_path / "change.json"
    deployed = {"summary": "Deployed 1.4.2", "source": "ci", "timestamp": "2026-05-04T02:05:00Z"}
    link = {"href": "https://ci.example.com/1", "text": "Build"}
    file.write_text(json.dumps({"routing_key": "k", "payload": deployed, "links": [link]}))
    (shown,) = (await service.cli("sources", "try", "ci", str(file), "--format", "json")).json
    assert (shown["state"], shown["title"], shown["severity"]) == ("change", "Deployed 1.4.2", None)
    assert (shown["at"], shown["links"]) == ("2026-05-04T02:05:00Z", ["https://ci.example.com/1"])
    assert "change" in (await service.cli("sources", "try", "ci", str(file))).out
