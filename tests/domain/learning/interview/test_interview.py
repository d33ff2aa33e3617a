"""Notes of an interview: for those who talked alone, until they are released for good."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster, RosterPerson, RosterTeam
from domain.learning.interview import INTERVIEW
from domain.learning.interview import commands as c
from domain.learning.interview.interview_notes import (
    Interview,
    PostmortemFacts,
    remark_on_interviewee,
    told,
)
from domain.learning.interview.samples import KEEP, RELEASE
from domain.policy import DEFAULT
from domain.sight import PUBLIC, Viewer

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
ROSTER = Roster(
    people=tuple(
        RosterPerson(id=name, name=name.title(), known_as=(f"{name}@example.com",))
        for name in ("ada", "grace", "ray")
    )
)
OF_PM = PostmortemFacts(id="p-1", reference="PM-1", incident="i-7")
CONTEXT = Context(NOW, "c-1", DEFAULT, 4711, "ada", roster=ROSTER, basis=OF_PM)


def viewer(name: str) -> Viewer:
    return Viewer(frozenset({name}), name=name)


def after(*commands: Any, by: str = "ada", known: Interview = INTERVIEW.initial) -> Interview:
    for command in commands:
        events = INTERVIEW.decide(command, known, replace(CONTEXT, actor=by))
        assert events, f"{command} said nothing new"
        known = INTERVIEW.fold(known, events, by)
    return known


def refused(known: Interview, command: Any, by: str = "ada", **more: Any) -> Refused:
    with pytest.raises(Refused) as found:
        INTERVIEW.decide(command, known, replace(CONTEXT, actor=by, **more))
    return found.value


def readers(known: Interview) -> set[str]:
    names = ("ada", "grace", "ray", "mallory")
    return {name for name in names if not INTERVIEW.hides(known, viewer(name))}


def test_they_are_for_whoever_writes_them_the_one_who_was_asked_and_those_who_are_named():
    assert readers(after(c.KeepInterview(postmortem="PM-1", interviewee="Grace", text="x"))) == {
        "ada",
        "grace",
    }
    assert readers(after(KEEP)) == {"ada", "grace", "ray"}
    shared = after(c.ShareInterview(readers=("mallory",)), known=after(KEEP))
    assert readers(shared) == {"ada", "grace", "ray", "mallory"}
    assert INTERVIEW.hides(shared, PUBLIC)


def test_to_anybody_else_they_are_not_there_whatever_one_sends():
    known = after(KEEP)
    for command in (RELEASE, c.ShareInterview(readers=("mallory",)), KEEP):
        again = refused(known, command, by="mallory", viewer=viewer("mallory"))
        assert again.code == "interview.unknown"
        assert "grace" not in f"{again.detail} {again.rule}".lower()


def test_whoever_was_asked_releases_them_or_has_agreed():
    known = after(KEEP)
    reason = c.ReleaseInterview(reason="The dashboard has to change")
    assert refused(known, reason, by="ada").code == "interview.no_consent"
    for by, command in (("grace", reason), ("grace@example.com", reason), ("ada", RELEASE)):
        free = after(command, by=by, known=known)
        assert readers(free) == {"ada", "grace", "ray", "mallory"}
        assert (free.released_by, free.released_because) == (by, "The dashboard has to change")
        assert INTERVIEW.decide(command, free, replace(CONTEXT, actor=by)) == []


def test_what_was_released_stays_as_it_was_read():
    free = after(KEEP, RELEASE)
    for command in (
        c.RewriteInterview(text="Otherwise.", seen=1),
        c.ShareInterview(readers=("x",)),
    ):
        assert refused(free, command).code == "interview.released"


def test_of_two_authors_none_loses_what_was_written():
    known = after(KEEP, c.RewriteInterview(text="First.", seen=1))
    again = refused(known, c.RewriteInterview(text="Second.", seen=1), by="grace")
    assert again.code == "interview.edited_meanwhile"
    assert {"First.", "Second."} <= set(again.detail.replace(": ", "\n").split("\n"))
    assert after(c.RewriteInterview(text="Both.", seen=2), known=known).text == "Both."


def test_the_post_mortem_learns_of_them_as_they_are_released_and_takes_no_more_once_final():
    known = after(KEEP)
    note = told(RELEASE, OF_PM, "n-1", known, None)
    assert note is not None
    assert (note.interview, note.reference) == ("n-1", "IV-4711")
    final = replace(OF_PM, final=True)
    assert refused(known, RELEASE, basis=final).code == "postmortem.final"
    free = after(RELEASE, known=known)
    assert told(RELEASE, OF_PM, "n-1", free, None) is None
    assert INTERVIEW.decide(RELEASE, free, replace(CONTEXT, basis=final)) == []


def test_one_is_with_a_person_and_not_with_a_team():
    teams = Roster(people=ROSTER.people, teams=(RosterTeam(id="payments", name="Payments"),))
    for name in ("payments", "Payments", "team:payments"):
        kept = c.KeepInterview(postmortem="PM-1", interviewee=name, text="x")
        error = refused(INTERVIEW.initial, kept, roster=teams)
        assert error.code == "interview.interviewee_is_team"


def test_whoever_was_asked_and_is_nobody_known_is_said_to_be():
    keep = c.KeepInterview(postmortem="PM-1", interviewee="Tony", text="x")
    [remark] = remark_on_interviewee(keep, after(keep))
    assert remark.code == "interviewee.unsure"
    assert remark_on_interviewee(KEEP, after(KEEP)) == ()
