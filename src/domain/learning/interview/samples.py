"""One of each event and command of an interview, for documents and tests."""

from datetime import UTC, datetime

from domain.kernel.aggregate import Samples, complete
from domain.kernel.roster import Who
from domain.kernel.totality import kinds
from domain.learning.interview import commands as c
from domain.learning.interview import events as e
from domain.sight import Sight

_AT = datetime(2026, 5, 6, 12, tzinfo=UTC)
_HELD = datetime(2026, 5, 5, 9, tzinfo=UTC)
_SAID = "The graph looked as it does each Monday, so the page seemed to be noise."
KEEP = c.KeepInterview(
    postmortem="PM-1", interviewee="grace", text=_SAID, held_at=_HELD, readers=("ray",)
)
RELEASE = c.ReleaseInterview(reason="The dashboard has to change", consent="In the talk itself")

SAMPLES: Samples[c.InterviewCommand, e.InterviewEvent] = complete(
    Samples(
        events=(
            e.InterviewKept(
                occurred_at=_AT,
                number=1,
                postmortem="0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c11",
                postmortem_reference="PM-1",
                incident="0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c00",
                interviewee=Who(name="Grace Hopper", person="grace"),
                text=_SAID,
                private=Sight(people=("grace", "ray", "ada")),
                held_at=_HELD,
            ),
            e.InterviewRewritten(occurred_at=_AT, version=2, text=f"{_SAID} Nobody was asked."),
            e.InterviewShared(
                occurred_at=_AT, private=Sight(people=("grace", "ray", "ada", "tony"))
            ),
            e.InterviewReleased(
                occurred_at=_AT, reason=RELEASE.reason, consent="In the talk itself"
            ),
        ),
        commands={
            "keep": KEEP,
            "rewrite": c.RewriteInterview(text=f"{_SAID} Nobody was asked.", seen=1),
            "share": c.ShareInterview(readers=("tony",)),
            "release": RELEASE,
        },
        phases={"unknown": (), "private": (KEEP,), "released": (KEEP, RELEASE)},
    ),
    kinds(e.InterviewEvent),
    kinds(c.InterviewCommand),
    ("unknown", "private", "released"),
)
