"""The public version: written for the public, checked, approved by name, taken back in public."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster, RosterPerson
from domain.learning import POSTMORTEM
from domain.learning.postmortem import commands as c
from domain.learning.postmortem.dossier import Postmortem
from domain.learning.postmortem.incident_facts import IncidentFacts
from domain.learning.postmortem.public_check import findings, leads_inside
from domain.learning.postmortem.public_events import PublicField
from domain.learning.postmortem.public_state import words
from domain.learning.postmortem.public_version import remark_on_public
from domain.learning.postmortem.samples import APPROVE, ASK, FINALISE, OPEN, PUBLIC_WRITTEN, WRITTEN
from domain.policy import DEFAULT

NOW = datetime(2026, 5, 8, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
ROSTER = Roster(
    people=(
        RosterPerson(
            id="ada", name="Ada Lovelace", email="ada@example.com", handles={"slack": "countess"}
        ),
        RosterPerson(id="grace", name="Grace Hopper"),
    )
)
INCIDENT = IncidentFacts(id="i-7", reference="INC-7", title="Payments fail")
CONTEXT = Context(NOW, "c-1", DEFAULT, 7, "ray", roster=ROSTER, basis=INCIDENT)
PUBLISH = c.PublishPublic(approved_by="grace")


def told(pm: Postmortem, *commands: Any, at: datetime = NOW) -> Postmortem:
    for command in commands:
        events = POSTMORTEM.decide(command, pm, replace(CONTEXT, now=at))
        assert events, f"{command} said nothing new"
        pm = POSTMORTEM.fold(pm, events, "ray")
    return pm


def refused(pm: Postmortem, command: Any) -> Refused:
    with pytest.raises(Refused) as found:
        POSTMORTEM.decide(command, pm, CONTEXT)
    return found.value


def final(*commands: Any) -> Postmortem:
    return told(POSTMORTEM.initial, OPEN, *WRITTEN, ASK, APPROVE, FINALISE, *commands)


def summary(text: str, seen: int = 1) -> c.WritePublic:
    return c.WritePublic(field=PublicField.SUMMARY, text=text, seen=seen)


def test_it_goes_out_once_it_is_written_rests_on_what_is_final_and_somebody_has_approved_it():
    draft = told(POSTMORTEM.initial, OPEN, *PUBLIC_WRITTEN)
    assert refused(draft, PUBLISH).code == "postmortem.not_final_yet"
    few = refused(final(*PUBLIC_WRITTEN[:3]), PUBLISH)
    assert (few.code, few.detail) == (
        "postmortem.public_incomplete",
        "The public version of PM-7 lacks: What happened, What follows",
    )
    ready = final(*PUBLIC_WRITTEN)
    nobody = refused(ready, c.PublishPublic(approved_by="the web team"))
    assert nobody.code == "postmortem.approver_unknown"
    out = told(ready, PUBLISH).public.published
    assert out is not None
    assert (out.approved_by.person, out.published_at, out.texts) == (
        "grace",
        NOW,
        ready.public.texts,
    )
    assert "Grace" not in words(out)
    assert POSTMORTEM.decide(PUBLISH, told(ready, PUBLISH), CONTEXT) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovelace rolled it back.",
        "It was rolled back by Lovelace.",
        "Ask ada@example.com.",
        "Ask @countess, or @grace.",
        "See http://wiki/payments for more.",
        "See https://grafana.corp/d/1.",
        "See https://10.0.0.7/d/1.",
        "AI-12 follows.",
        "The on-call engineer should have tested it.",
    ],
)
def test_names_what_leads_inside_and_blame_do_not_go_out_unless_somebody_says_why(text: str):
    pm = final(*PUBLIC_WRITTEN, summary(text))
    again = refused(pm, PUBLISH)
    assert again.code == "postmortem.not_for_the_public"
    assert again.detail.count("\n- ") >= 1
    sure = c.PublishPublic(approved_by="grace", override="It quotes the vendor")
    out = told(pm, sure)
    assert out.public.published is not None
    [event] = POSTMORTEM.decide(sure, pm, CONTEXT)
    assert (event.overridden, len(event.found) > 0) == ("It quotes the vendor", True)


def test_what_reads_like_a_name_or_a_link_and_is_none_goes_out():
    for text in (
        "It degraded with grace: see https://example.com/help and INC-7.",
        "All adapters were replaced.",
    ):
        assert findings((text,), ROSTER, ()) == (), text
    assert not leads_inside("https://status.example.com/x")
    assert leads_inside("ssh://git.example.com/x")


def test_a_reason_to_overrule_is_on_record_only_where_something_was_found():
    [event] = POSTMORTEM.decide(
        c.PublishPublic(approved_by="grace", override="To be sure"), final(*PUBLIC_WRITTEN), CONTEXT
    )
    assert (event.overridden, event.found) == (None, ())


def test_what_the_public_has_read_is_corrected_in_public_and_edits_alone_change_nothing():
    pm = final(*PUBLIC_WRITTEN, PUBLISH)
    edited = told(pm, summary("For 25 minutes a third of the payments by card failed."))
    assert edited.public.published == pm.public.published
    assert refused(edited, PUBLISH).code == "postmortem.no_correction"
    correction = "It lasted 25 minutes, not 22."
    again = replace(PUBLISH, correction=correction)
    out = told(edited, again, at=LATER).public.published
    assert out is not None
    assert (out.published_at, out.corrected_at, out.correction) == (NOW, LATER, correction)
    assert "25 minutes a third" in words(out)
    assert correction in words(out)


def test_a_correction_that_names_somebody_does_not_go_out_either():
    pm = final(*PUBLIC_WRITTEN, PUBLISH, summary("Longer."))
    named = replace(PUBLISH, correction="Grace Hopper counted again.")
    assert refused(pm, named).code == "postmortem.not_for_the_public"


def test_what_is_withdrawn_may_go_out_again():
    assert refused(final(), c.WithdrawPublic(reason="x")).code == "postmortem.not_public"
    pm = final(*PUBLIC_WRITTEN, PUBLISH)
    gone = told(pm, c.WithdrawPublic(reason="The vendor asks"), at=LATER)
    assert (gone.public.withdrawn_at, gone.public.withdrawn_because) == (LATER, "The vendor asks")
    assert POSTMORTEM.decide(c.WithdrawPublic(reason="again"), gone, CONTEXT) == []
    back = told(gone, PUBLISH)
    assert back.public.withdrawn_at is None


def test_what_stands_inside_is_taken_over_to_be_edited_and_of_two_authors_none_loses_an_edit():
    pm = told(POSTMORTEM.initial, OPEN)
    take = c.WritePublic(field=PublicField.WHAT_HAPPENED)
    assert refused(pm, take).code == "postmortem.nothing_to_take"
    pm = told(pm, *WRITTEN)
    for field in PublicField:
        taken = told(pm, c.WritePublic(field=field)).public.texts[field]
        assert taken
    both = told(pm, summary("One.", 0))
    stale = refused(both, summary("Other.", 0))
    assert stale.code == "postmortem.edited_meanwhile"
    assert {"It says: One.", "Yours, which was not written: Other."} <= set(
        stale.detail.split("\n")
    )


def test_what_should_not_go_out_is_said_as_it_is_written():
    pm = told(POSTMORTEM.initial, OPEN, summary("Ada Lovelace rolled it back.", 0))
    [remark] = remark_on_public(summary("Ada Lovelace rolled it back.", 0), pm)
    assert (remark.code, "Ada Lovelace" in remark.detail) == ("postmortem.not_for_the_public", True)
