"""The messages themselves: golden renderings of every built-in template, and what holds for all."""

import re
from pathlib import Path

import pytest

from adapters.templates import Templates
from adapters.templates.checking import check, in_use, usable
from adapters.templates.samples import samples
from domain.incident import INCIDENT
from domain.incident.audiences import HEARD
from domain.incident.messages.contexts import InternalContext, PublicContext
from domain.policy import DEFAULT
from domain.registry import AGGREGATES
from handlers.notify.render import Words

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "messages"
WORDS = Templates()
SAMPLES = dict(samples(DEFAULT))
WHOLE = [name for name in SAMPLES if not name.endswith(".bare")]


def said(name: str) -> Words:
    found = WORDS.words(SAMPLES[name])
    assert isinstance(found, Words), found
    return found


@pytest.mark.parametrize("name", WHOLE)
def test_a_message_reads_as_it_was_reviewed(name: str) -> None:
    """After a change of words: `python tests/golden/write.py`, and read the difference."""
    subject, text = said(name)
    assert (GOLDEN / f"{name}.txt").read_text() == f"{subject}\n\n{text}\n"


def test_no_golden_message_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(WHOLE)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_message_is_a_line_and_a_tidy_text_whatever_is_known(name: str) -> None:
    subject, text = said(name)
    assert re.match(r"\[[A-Z0-9 -]+\] \S", subject)
    assert "\n" not in subject
    assert not re.search(r"\n{3}|[ \t]\n|  |\bNone\b(?!:| recorded|\.)|\.\.|,\.", text), text
    assert text == text.strip()


@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.startswith("customers")])
def test_our_own_people_can_tell_which_incident_it_is(name: str) -> None:
    assert "INC-7" in said(name).text


def test_the_templates_of_the_brief_are_followed_to_the_letter() -> None:
    """Brief, "Stakeholder Communication Templates"."""
    for name, labels in {
        "executives.declared": ["Current Status", "Impact", "Next Update"],
        "executives.update": [
            *("Status", "Current Understanding", "Actions Taken", "Next Steps", "Next Update"),
        ],
        "executives.resolved": ["Resolution", "Duration", "Impact Summary", "Follow-up"],
    }.items():
        assert re.findall(r"^\*\*(.+?)\*\*:", said(name).text, re.MULTILINE) == labels
    declared = said("executives.declared")
    assert declared.subject.startswith("[SEV1] checkout, payments — ")
    assert "**Current Status**: We are investigating an issue affecting checkout" in declared.text
    assert "**Impact**: 100% of users" in declared.text
    assert "**Next Update**: In 15 minutes or when we have more information.\n" in declared.text
    update = said("executives.update")
    assert update.subject.startswith("[SEV1 UPDATE] checkout, payments — Investigating")
    assert "**Next Update**: In 15 minutes.\n" in update.text
    resolved = said("executives.resolved")
    assert resolved.subject.startswith("[RESOLVED] checkout, payments — ")
    assert "**Duration**: 2026-05-04 13:55 UTC to 2026-05-04 14:46 UTC (51 min)" in resolved.text
    assert "**Follow-up**: Post-mortem scheduled for 2026-05-06" in resolved.text
    assert "Action items" not in resolved.text, "nothing here tracks them"


def test_a_reminder_names_who_holds_the_role_or_says_that_nobody_does() -> None:
    assert "**To**: Maria, Communications Lead\n" in said("engineering.update_due").text
    assert said("engineering.update_due.bare").text.startswith(
        "**To**: Communications Lead: nobody holds this role; "
        "Incident Commander: nobody holds this role\n"
    )
    assert "Ada, Incident Commander" in said("engineering.update_overdue").text


def test_an_automatic_update_says_that_nobody_wrote_it() -> None:
    text = said("engineering.update.automatic").text
    assert "No change, still investigating. The root cause is not known yet." in text
    assert "since no update was written in time" in text


MAINTENANCE_TEMPLATES = ("maintenance.j2", "maintenance.customers.j2")


def test_every_audience_and_kind_has_a_built_in_template() -> None:
    shown = [(audience, kind) for audience, kind, _, own in in_use(WORDS, AGGREGATES) if not own]
    others = [each for each in AGGREGATES if each.notifiables and each is not INCIDENT]
    assert sorted(shown) == sorted([
        *((str(who), kind) for who, kinds in HEARD.items() for kind in kinds),
        *((str(who), f"{each.name}.{kind}") for each in others
          for who, kinds in each.notifiables.heard.items() for kind in kinds),
    ])  # fmt: skip
    parts = {name for name in WORDS.shipped if name.startswith("_")}
    words = {name for _, _, name, _ in in_use(WORDS, AGGREGATES)}
    assert WORDS.shipped.keys() - parts == words | {"subject.j2"}, "which other aggregates use"
    assert WORDS.shipped.keys() - parts <= usable() | {"backlog.j2", *MAINTENANCE_TEMPLATES}


def test_sound_templates_pass_the_check() -> None:
    assert check(WORDS, DEFAULT, AGGREGATES) == []
    own = {"customers.update.j2": WORDS.shipped["customers.update.j2"], "_mine.j2": "{{ text }}"}
    assert check(Templates(own), DEFAULT, AGGREGATES) == []


def test_the_check_finds_what_fails_for_some_incident_alone() -> None:
    of_leads = "**Subject**: {{ title }}\n\n{{ communications_lead | short }}"
    [fault] = check(Templates({"update_due.j2": of_leads}), DEFAULT, AGGREGATES)
    assert fault.template == "update_due.j2"
    assert "NoneType" in fault.reason


def test_the_check_finds_a_template_that_nothing_uses() -> None:
    own = {"engineering.updat.j2": "**Subject**: a\n\nb", "customers.declared.j2": "x"}
    assert [name for name, _ in check(Templates(own), DEFAULT, AGGREGATES)] == sorted(
        own, reverse=False
    )


def test_a_template_of_customers_cannot_reach_what_is_private() -> None:
    for name in set(InternalContext.__struct_fields__) - {
        *PublicContext.__struct_fields__,
        "audience",
    }:
        source = f"**Subject**: a\n\n{{{{ {name} }}}}"
        [fault] = check(Templates({"customers.update.j2": source}), DEFAULT, AGGREGATES)
        assert "is undefined" in fault.reason
