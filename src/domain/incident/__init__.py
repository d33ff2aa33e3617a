"""The incident: what may happen to it, and what it is after what has happened."""

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.behaviour import decide, evolve
from domain.incident.commands import COMMANDS, Command
from domain.incident.corrections.looking_back import HINDSIGHT
from domain.incident.course.hypotheses import remark_on_owner
from domain.incident.deadlines.postmortem import remark_on_draft
from domain.incident.deadlines.table import DEADLINES
from domain.incident.events import IncidentEvent
from domain.incident.merging.links import LINK, UNLINK
from domain.incident.merging.merge import MERGE
from domain.incident.merging.unmerge import UNMERGE
from domain.incident.messages.wording_review import remark, remark_on_correction
from domain.incident.notifiables import NOTIFIABLES
from domain.incident.roles import NAMED, remark_on_roles
from domain.incident.severity.decisions import remark_on_severity
from domain.incident.state import PREFIX, Incident, Undeclared
from domain.incident.unheard import BEGINNING, TELLING, remark_on_reach, remark_on_update, unheard
from domain.incident.view import IncidentView, headline, sight_of, view
from domain.incident.visibility.visibility import named_in, spread
from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.deadline import Expire
from domain.kernel.decider import Decider
from domain.kernel.joint import ForParts

__all__ = ["COMMANDS", "INCIDENT", "Command", "Incident", "IncidentEvent"]


def _samples() -> Samples[Command, IncidentEvent]:
    from domain.incident.samples import SAMPLES  # noqa: PLC0415 - for documents and tests

    return SAMPLES


INCIDENT: Aggregate[Command, Incident, IncidentEvent] = Aggregate(
    name="incident",
    plural="incidents",
    decider=Decider(initial=Undeclared(), decide=decide, evolve=evolve),
    events=e.EVENTS,
    begin=(e.Declared, e.AlertReceived),
    commands=COMMANDS,
    opens=(c.Declare, c.ReceiveAlert),
    joint={c.Merge: MERGE, c.Unmerge: UNMERGE, c.Link: LINK, c.Retract: UNLINK},
    names={kind: lambda command: command.entry for kind in (c.Correct, c.Retract)},
    consults={
        **NAMED,
        **dict.fromkeys((c.Acknowledge, c.CheckHolders, c.Correct, c.Escalate, Expire), None),
        c.SetVisibility: named_in,
    },
    id_kind=IdKind.UUID,
    prefix=PREFIX,
    number=lambda event: getattr(event, "number", None),
    view=View(IncidentView, view, headline),
    remarks={
        c.PostUpdate: remark,
        c.Correct: remark_on_correction,
        c.PublishPostmortem: remark_on_draft,
        **dict.fromkeys((c.ReassessImpact, c.ChangeSeverity), remark_on_severity),
        c.Declare: lambda command, incident: (
            *remark_on_severity(command, incident),
            *remark_on_roles(command, incident),
        ),
        **dict.fromkeys((c.AssignRole, c.HandOverRole), remark_on_roles),
        c.OpenHypothesis: remark_on_owner,
    },
    remarks_on_reach={
        **dict.fromkeys(BEGINNING, remark_on_reach),
        c.PostUpdate: remark_on_update,
    },
    unheard=dict.fromkeys(TELLING, unheard),
    notifiables=NOTIFIABLES,
    deadlines=DEADLINES,
    samples=_samples,
    bare=True,
    snapshot=Incident,
    hindsight=HINDSIGHT,
    sight=sight_of,
    unlisted=lambda command: isinstance(command, c.Declare) and command.private is not None,
    spread={
        c.SetVisibility: ForParts(
            to=spread,
            others=lambda it: c.FollowVisibility(private=it.private, reason=it.reason),
        )
    },
)
