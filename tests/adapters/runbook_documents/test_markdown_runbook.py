"""Runbooks in Markdown: what is read of them, and what is wrong with how they say it."""

import pytest

from adapters.runbook_documents.markdown_runbook import ReadRunbook, runbook_of
from domain.runbook.readiness import faults_of
from support.runbooks import FILLED, TEMPLATE


def wrong(text: str) -> list[tuple[str, str]]:
    read = runbook_of(text)
    return [(each.at, each.rule) for each in [*read.faults, *faults_of(read.contents)]]


def notes(text: str) -> list[tuple[str, str]]:
    return [(each.at, each.rule) for each in runbook_of(text).notes]


def test_the_form_loads_as_it_stands():
    found: ReadRunbook = runbook_of(TEMPLATE)
    assert wrong(TEMPLATE) == []
    assert found.notes == []
    contents = found.contents
    assert contents.title == "[Service/Failure Scenario Name]"
    assert contents.facts["Owner Team"] == "[team name, Slack channel]"
    assert contents.signs["Alert"] == "[Alert name and monitoring tool]"
    assert contents.messages["Internal"] == "Post update in #incidents Slack channel"
    assert [each.line for each in contents.diagnosis] == [16, 17]
    assert [each.words for each in contents.checks] == [
        "Error rate returned to baseline: [dashboard link]",
        "No new alerts firing for 10 minutes",
    ]


def test_comments_and_the_commands_below_them_are_steps():
    first, second = runbook_of(TEMPLATE).contents.remedies
    assert first.title == "Option A: Rollback (preferred if deploy-related)"
    assert [(each.words, each.commands, each.line) for each in first.steps] == [
        (
            "Identify the last known good revision",
            ("kubectl rollout history deployment/<service> -n production",),
            23,
        ),
        (
            "Rollback to previous version",
            ("kubectl rollout undo deployment/<service> -n production",),
            26,
        ),
    ]
    assert second.steps[0].commands == (
        "kubectl autoscale deployment/<service> -n production \\",
        "  --min=3 --max=20 --cpu-percent=70",
    )


def test_code_within_an_item_is_what_it_does():
    nested = "1. Look:\n   ```\n   kubectl get pods\n   ```\n2. Think.\n"
    text = FILLED.replace("1. Check service health", f"{nested}3. Check service health")
    first, second, *_ = runbook_of(text).contents.diagnosis
    assert (first.words, first.commands) == ("Look:", ("kubectl get pods",))
    assert (second.words, second.commands) == ("Think.", ())


FRONT = "---\nservice: checkout\nowner: payments\nalerts: [CheckoutDown]\n---\n"


def test_front_matter_has_facts_as_well():
    read = runbook_of(FRONT + FILLED)
    assert read.faults == []
    assert read.contents.diagnosis[0].line == 16 + 5
    facts = runbook_of(FRONT + FILLED.replace("- **Service**", "- **Thing**")).contents.facts
    assert facts["Service"] == "checkout"


@pytest.mark.parametrize(
    ("front", "at", "rule"),
    [
        ("service: basket", "front matter: service", "contradiction"),
        ("service: [checkout]", "front matter: service", "type"),
        ("alerts: CheckoutDown", "front matter: alerts", "type"),
        ("colour: red", "front matter: colour", "unknown_field"),
        ("service: a\nservice: b", "front matter", "unreadable"),
        ("- a", "front matter", "type"),
        ("a: [", "front matter", "unreadable"),
    ],
)
def test_front_matter_that_is_wrong_is_named(front: str, at: str, rule: str):
    assert wrong(f"---\n{front}\n---\n{FILLED}") == [(at, rule)]


def test_front_matter_that_does_not_end_is_named():
    assert ("front matter", "unreadable") in wrong("---\nservice: a\n" + FILLED)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("## Detection", "## Detektion", ("Detection", "required")),
        ("## Detection", "## Diagnosis\n\n## Detection", ("Diagnosis", "twice")),
        ("# Runbook: Checkout", "# Other\n\n# Runbook: Checkout", ("title", "twice")),
        ("- **Alert**:", "- Alarm:", ("Detection: Alert", "required")),
        ("### Option A", "Option A", ("", "")),
        ("### Option A: Rollback (preferred if deploy-related)\n```bash", "```bash", ("", "")),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, found: tuple[str, str]):
    assert old in FILLED
    faults = wrong(FILLED.replace(old, new, 1))
    assert found in faults if found[0] else not faults


def test_code_that_does_not_end_takes_the_rest_and_is_named():
    text = FILLED[: FILLED.rindex("```")] + FILLED[FILLED.rindex("```") + 3 :]
    found = wrong(text)
    assert found[0] == ("line 31", "unreadable")
    assert ("Verification", "required") in found


def test_a_check_is_a_box_that_nobody_has_ticked_yet():
    text = FILLED.replace("- [ ] Error", "- [x] Error").replace("- [ ] No", "- No")
    assert [rule for _, rule in notes(text)] == ["ticked", "no_checkbox"]
    assert notes(FILLED + "\n## History\n") == [("History", "unknown_section")]


@pytest.mark.parametrize("text", ["", "\x00", "---\n---\n", "# a", "- " * 500, "> " * 500, "```"])
def test_what_is_no_runbook_lacks_all_and_breaks_nothing(text: str):
    assert len(wrong(text)) > 5
