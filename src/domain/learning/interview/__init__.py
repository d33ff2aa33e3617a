"""Interviews about an incident: what is said in confidence, until it is released."""

from typing import Any

from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.basis import Basis
from domain.kernel.decider import Decider
from domain.kernel.totality import kinds, named
from domain.learning import POSTMORTEM
from domain.learning.interview import commands as c
from domain.learning.interview import events as e
from domain.learning.interview import interview_notes as notes

__all__ = ["INTERVIEW"]


def _samples() -> Samples[Any, e.InterviewEvent]:
    from domain.learning.interview.samples import SAMPLES  # noqa: PLC0415 - for documents, tests

    return SAMPLES


_BY_NAME = Basis(
    of=POSTMORTEM,
    names=lambda command, _: command.postmortem,
    facts=notes.of_postmortem,
    field="postmortem",
)
_ITS_OWN = Basis(
    of=POSTMORTEM,
    names=lambda _, known: known.postmortem or None,
    facts=notes.of_postmortem,
    tells=notes.told,
)

INTERVIEW: Aggregate[Any, notes.Interview, e.InterviewEvent] = Aggregate(
    name="interview",
    plural="interviews",
    decider=Decider(initial=notes.Interview(), decide=notes.decide, evolve=notes.evolve),
    events=kinds(e.InterviewEvent),
    begin=(e.InterviewKept,),
    commands=named(
        "commands on interviews",
        c.InterviewCommand,
        {
            "keep": c.KeepInterview,
            "rewrite": c.RewriteInterview,
            "share": c.ShareInterview,
            "release": c.ReleaseInterview,
        },
    ),
    opens=(c.KeepInterview,),
    rests={c.KeepInterview: (_BY_NAME,), c.ReleaseInterview: (_ITS_OWN,)},
    consults={
        **dict.fromkeys((c.KeepInterview, c.ShareInterview), notes.named_people),
        c.ReleaseInterview: None,
    },
    id_kind=IdKind.UUID,
    prefix="IV",
    number=lambda event: getattr(event, "number", None),
    view=View(notes.InterviewView, notes.show, notes.headline),
    remarks={c.KeepInterview: notes.remark_on_interviewee},
    samples=_samples,
    sight=lambda known: known.private,
    part_of=lambda known: (POSTMORTEM, known.postmortem) if known.postmortem else None,
    unlisted=lambda _: True,
)
