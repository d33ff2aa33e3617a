"""What `/incident …` means."""

from datetime import UTC, datetime

import pytest
from msgspec import convert

from adapters.products.slack.slash_commands import USAGES, VERBS, SlashRequest, parse
from domain.incident.commands import Correct
from domain.kernel.refusal import Refused

ME = "ada (slack U1)"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", SlashRequest("help", None, {})),
        ("help", SlashRequest("help", None, {})),
        ("declare Checkout fails", SlashRequest("declare", None, {"title": "Checkout fails"})),
        (
            "declare sev2 service=checkout,cart  Checkout fails: 500s",
            SlashRequest(
                "declare",
                None,
                {
                    "severity": "SEV2",
                    "services": ["checkout", "cart"],
                    "title": "Checkout fails: 500s",
                },
            ),
        ),
        (
            "declare SEV2 service=a,b: Checkout fails",
            SlashRequest(
                "declare",
                None,
                {"severity": "SEV2", "services": ["a", "b"], "title": "Checkout fails"},
            ),
        ),
        ("ack INC-7", SlashRequest("acknowledge", "INC-7", {})),
        ("ACK inc-7", SlashRequest("acknowledge", "inc-7", {})),
        (
            "update INC-7 still looking",
            SlashRequest("post_update", "INC-7", {"text": "still looking"}),
        ),
        (
            "update INC-7 Monitoring: errors are gone",
            SlashRequest(
                "post_update", "INC-7", {"status": "monitoring", "text": "errors are gone"}
            ),
        ),
        (
            "update INC-7 note this: all is well",
            SlashRequest("post_update", "INC-7", {"text": "note this: all is well"}),
        ),
        (
            "role INC-7 ic me",
            SlashRequest("assign_role", "INC-7", {"role": "incident_commander", "assignee": ME}),
        ),
        (
            "role INC-7 Tech <@U9|bob>",
            SlashRequest(
                "assign_role", "INC-7", {"role": "technical_lead", "assignee": "bob (slack U9)"}
            ),
        ),
        (
            "handover INC-7 scribe @Grace Hopper",
            SlashRequest("hand_over_role", "INC-7", {"role": "scribe", "assignee": "Grace Hopper"}),
        ),
        (
            "severity INC-7 sev1 everything is down",
            SlashRequest(
                "change_severity", "INC-7", {"severity": "SEV1", "reason": "everything is down"}
            ),
        ),
        (
            "setback INC-7 errors are back",
            SlashRequest("did_not_hold", "INC-7", {"reason": "errors are back"}),
        ),
        (
            "notcause INC-7 the disk was not full",
            SlashRequest("withdraw_root_cause", "INC-7", {"reason": "the disk was not full"}),
        ),
        ("free INC-7 IC", SlashRequest("unassign_role", "INC-7", {"role": "incident_commander"})),
        (
            "free INC-7 tech end of shift",
            SlashRequest(
                "unassign_role", "INC-7", {"role": "technical_lead", "reason": "end of shift"}
            ),
        ),
        ("merge INC-7 INC-9", SlashRequest("merge", "INC-7", {"into": "INC-9"})),
        (
            "merge INC-7 INC-9 one &amp; the same",
            SlashRequest("merge", "INC-7", {"into": "INC-9", "reason": "one & the same"}),
        ),
        (
            "unmerge INC-7 another database",
            SlashRequest("unmerge", "INC-7", {"reason": "another database"}),
        ),
        (
            "title INC-7 Checkout fails in the EU",
            SlashRequest("correct", "INC-7", {"title": "Checkout fails in the EU"}),
        ),
        ("link INC-7 INC-9", SlashRequest("link", "INC-7", {"to": "INC-9"})),
        (
            "link INC-7 <https://grafana.example/d?a=1&amp;b=2|grafana.example/d> Dashboard of it",
            SlashRequest(
                "link",
                "INC-7",
                {"url": "https://grafana.example/d?a=1&b=2", "name": "Dashboard of it"},
            ),
        ),
        (
            "retract INC-7 019a/0 a wrong dashboard",
            SlashRequest("retract", "INC-7", {"entry": "019a/0", "reason": "a wrong dashboard"}),
        ),
        (
            "correct INC-7 019a/0 it was the _other_ disk why: misread",
            SlashRequest(
                "correct",
                "INC-7",
                {"entry": "019a/0", "text": "it was the _other_ disk", "reason": "misread"},
            ),
        ),
        (
            "correct INC-7 H1 time: 2026-05-04T12:00Z",
            SlashRequest("correct", "INC-7", {"entry": "H1", "time": "2026-05-04T12:00:00Z"}),
        ),
        (
            "correct INC-7 019a/0 cards fail headline: Cards are declined",
            SlashRequest(
                "correct",
                "INC-7",
                {"entry": "019a/0", "text": "cards fail", "headline": "Cards are declined"},
            ),
        ),
        (
            "correct INC-7 summary it began at noon",
            SlashRequest("correct", "INC-7", {"summary": "it began at noon"}),
        ),
        (
            "correct INC-7 services checkout, cart",
            SlashRequest("correct", "INC-7", {"services": ["checkout", "cart"]}),
        ),
        (
            "mitigate INC-7 rolled back confirm: true",
            SlashRequest("mitigate", "INC-7", {"mitigation": "rolled back", "confirm": True}),
        ),
        ("ack INC-7 `confirm: true`", SlashRequest("acknowledge", "INC-7", {"confirm": True})),
        ("note INC-7 confirm: no", SlashRequest("add_note", "INC-7", {"text": "confirm: no"})),
        (
            "record INC-7 none followups: none needed",
            SlashRequest("file_record", "INC-7", {"impact": "none", "follow_ups": "none needed"}),
        ),
        (
            "resolve INC-7 rolled back",
            SlashRequest("resolve", "INC-7", {"resolution": "rolled back"}),
        ),
        (
            "resolve INC-7 rolled back early: one customer only",
            SlashRequest(
                "resolve",
                "INC-7",
                {"resolution": "rolled back", "early_reason": "one customer only"},
            ),
        ),
        ("status", SlashRequest("status", None, {})),
        ("status INC-7", SlashRequest("status", "INC-7", {})),
    ],
)
def test_a_request_is_understood(text: str, asked: SlashRequest) -> None:
    assert parse(text, "general", ME) == asked


@pytest.mark.parametrize(
    "said",
    [
        "2026-05-04T12:00Z",
        "2026-05-04T12:00:00Z",
        "2026-05-04T14:00+02:00",
        "2026-05-04T12:00:00.0Z",
    ],
)
def test_a_time_is_one_that_the_service_takes_whether_it_has_seconds_or_not(said: str) -> None:
    body = parse(f"correct INC-7 H1 time: {said}", "general", ME).body
    assert convert(body, Correct).time == datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "SEV1: prod is down",
        "sev1 - prod is down",
        "[SEV1] prod is down",
        "“SEV1” prod is down",
        "*SEV-1*, prod is down",
        "sev 1 prod is down",
        "severity=SEV1 prod is down",
        "severity: critical — prod is down",
        "P1 prod is down",
        "P0: [SEV2] prod is down",
        "SEV1\nprod is down",
        ":rotating_light: :fire: P1 prod is down",
        "【SEV1】prod is down",
        "critical: prod is down",
        "[CRIT] prod is down",
        "Major incident — prod is down",
        "URGENT!! prod is down",
    ],
)
def test_a_level_is_understood_however_it_is_written(text: str) -> None:
    meant = {"severity": "SEV1", "title": "prod is down"}
    assert parse(f"declare {text}", "general", ME).body == meant
    behind = parse(f"declare service=web {text}", "general", ME).body
    assert behind == {**meant, "services": ["web"]}


@pytest.mark.parametrize(
    "title",
    [
        *("S3 is down", "P1.5 is out", "1 user cannot log in", "critical users are out"),
        *("critical path: no progress", "non-critical: x", "Alert: x", "[minor] a typo"),
        *("the P1 printer is out", ":fire: in the data centre"),
    ],
)
def test_what_only_looks_like_a_level_stays_in_the_title(title: str) -> None:
    assert parse(f"declare {title}", "general", ME).body == {"title": title}


def test_what_may_be_the_top_level_or_a_name_counts_as_both() -> None:
    assert parse("declare S1 is down", "general", ME).body == {
        "severity": "SEV1",
        "title": "S1 is down",
    }
    judged = parse("severity INC-7 S3 is what it is", "general", ME).body
    assert judged == {"severity": "SEV3", "reason": "is what it is"}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("severity: critical k8s cluster down", "k8s cluster down"),
        ("severity: [critical] k8s down", "k8s down"),
        ("severity critical k8s down", "k8s down"),
        ("sev critical: node 7 is away", "node 7 is away"),
        ("1 - Critical: prod is down", "prod is down"),
        ("1 - Critical prod is down", "prod is down"),
        ("[1 – critical] 9 nodes are down", "9 nodes are down"),  # noqa: RUF001
        ("SEV1: several of 9 nodes", "several of 9 nodes"),
    ],
)
def test_the_level_at_the_head_counts_whatever_numbers_follow(text: str, title: str) -> None:
    assert parse(f"declare {text}", "general", ME).body == {"severity": "SEV1", "title": title}
    judged = parse(f"severity INC-7 {text}", "general", ME).body
    assert judged == {"severity": "SEV1", "reason": title}


@pytest.mark.parametrize(
    "title",
    [
        *(
            "severity labels of 8 are wrong",
            "severities of 7 alerts are wrong",
            "priority queue 7 down",
        ),
        *("1 - click checkout fails", "3 nodes are down", "several of 9 nodes are away"),
    ],
)
def test_words_that_state_no_level_are_the_title(title: str) -> None:
    assert parse(f"declare {title}", "general", ME).body == {"title": title}


@pytest.mark.parametrize(
    "text",
    [
        *("severity: bananas prod down", "prio=urgentissimo x"),
        *("prod is down SEV1", "sev5 x", "SEV1prod", "a (sev 2) b"),
        *("prod is down (P1)", "prod is down, p0"),
    ],
)
def test_a_level_that_cannot_be_taken_for_one_is_refused_and_not_put_into_the_title(
    text: str,
) -> None:
    with pytest.raises(Refused) as refused:
        parse(f"declare {text}", "general", ME)
    assert (refused.value.field, "SEV1, SEV2" in str(refused.value.rule)) == ("severity", True)


def test_in_the_channel_of_an_incident_it_need_not_be_named() -> None:
    assert parse("ack", "inc-7-checkout-fails", ME).ref == "inc-7"
    assert parse("resolve rolled back", "inc-7", ME).ref == "inc-7"
    assert parse("ack INC-8", "inc-7-checkout-fails", ME).ref == "INC-8"
    assert parse("status", "inc-7-checkout-fails", ME).ref == "inc-7"
    assert parse("status", "incidents", ME).ref is None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("ack", "incident"),
        ("update rolled back", "incident"),
        ("update INC-7", "text"),
        ("update INC-7 monitoring:", "text"),
        ("declare", "title"),
        ("declare SEV1 service=x", "title"),
        ("declare SEV9 Checkout fails", "severity"),
        ("severity INC-7 SEV9 because", "severity"),
        ("severity INC-7 SEV1", "reason"),
        ("role INC-7 boss me", "role"),
        ("role INC-7 ic", "role"),
        ("resolve INC-7 fixed early:  ", "resolution"),
        ("free INC-7 boss", "role"),
        ("merge INC-7", "into"),
        ("merge INC-7 because they are one", "into"),
        ("link INC-7", "url"),
        ("title INC-7", "title"),
        ("retract INC-7", "entry"),
        ("retract INC-7 019a/0", "reason"),
        ("correct INC-7", "entry"),
        ("correct INC-7 019a/0", "text"),
        ("correct INC-7 title", "title"),
        ("unmerge INC-7", "reason"),
        ("dance INC-7", "command"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_usage(text: str, field: str) -> None:
    if field == "resolution":
        assert parse(text, "general", ME).body == {"resolution": "fixed early:"}
        return
    with pytest.raises(Refused) as refused:
        parse(text, "general", ME)
    assert refused.value.field == field
    said = f"{refused.value.detail} {refused.value.rule}"
    assert text.partition(" ")[0] in said or "one of declare" in said


def test_every_usage_that_help_shows_begins_with_a_word_that_is_understood() -> None:
    words = {usage.partition(" ")[0] for usage in USAGES}
    assert words == {*VERBS, "status"}


def test_an_incident_that_alerts_have_opened_is_adopted_by_its_name():
    assert parse("declare INC-7 SEV1 prod is down", "general", "ada") == SlashRequest(
        "declare", "INC-7", {"severity": "SEV1", "title": "prod is down"}
    )
    assert parse("declare INC-7", "general", "ada") == SlashRequest("declare", "INC-7", {})
