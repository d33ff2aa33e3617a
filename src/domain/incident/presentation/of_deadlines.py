"""What there is to say of each event of a deadline, one row each. What is told of it, and to whom,
stands with its rule.
"""

from collections.abc import Mapping

from domain.incident.audiences import prompting
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineEvent
from domain.incident.deadlines.table import TOLD
from domain.incident.events import IncidentEvent
from domain.incident.explanations.whys import (
    nothing_more,
    says,
    why_clear,
    why_escalated,
    why_suppressed,
)
from domain.incident.presentation.event_words import EventWords
from domain.incident.presentation.row import Row, Weight
from domain.kernel.roster import with_members
from domain.kernel.text import clock
from domain.kernel.totality import kinds, total


def _to(event: k.UpdateDue | k.UpdateOverdue | k.FirstUpdateOverdue) -> str:
    """` to engineering and executives`; earlier releases did not say to whom."""
    return f" to {' and '.join(event.audiences)}" if event.audiences else ""


def _missed(event: k.UpdateOverdue) -> str:
    if event.first_due_at is None:
        return f"No status update{_to(event)} by {clock(event.due_at)}, when it was due"
    return (
        f"{event.missed:,} status updates{_to(event)} in a row did not come: the first was due at"
        f" {clock(event.first_due_at)}, the last at {clock(event.due_at)}"
    )


_ALL, _RESPONDERS, _NOBODY = Weight
_PROMPTED = {kind: prompting(prompt) for kind, prompt in TOLD.items()}

OF_DEADLINES: Mapping[type[IncidentEvent], Row] = total(
    "how deadlines are put",
    kinds(DeadlineEvent),
    {
        k.ResponseOverdue: Row(
            line=lambda v: (
                f"Not acknowledged within the response time of {v.severity}, by {clock(v.due_at)}"
            ),
            why=nothing_more,
            read_by=_ALL,
            news=_PROMPTED[k.ResponseOverdue],
            digest=None,
            words=None,
        ),
        k.Escalated: Row(
            line=lambda v: (
                f"Not told, no channel reaches them: {with_members(v.to, v.members)} ({v.reason})"
                if v.unreached
                else f"Escalated to {with_members(v.to, v.members)}: {v.reason}"
            ),
            why=why_escalated,
            read_by=_ALL,
            news=_PROMPTED[k.Escalated],
            digest=None,
            words=lambda v: EventWords(tier=v.tier, to=v.to, members=v.members, reason=v.reason),
        ),
        k.EscalationSuppressed: Row(
            line=lambda v: (
                f"Not needed any more ({v.rule}, due at {clock(v.due_at)}): "
                f"{v.because.replace('_', ' ')}"
            ),
            why=why_suppressed,
            read_by=_NOBODY,
            news=_PROMPTED[k.EscalationSuppressed],
            digest=None,
            words=None,
        ),
        k.RootCauseOverdue: Row(
            line=lambda v: f"No root cause within the time of {v.severity}, by {clock(v.due_at)}",
            why=nothing_more,
            read_by=_ALL,
            news=_PROMPTED[k.RootCauseOverdue],
            digest=None,
            words=None,
        ),
        k.FirstUpdateOverdue: Row(
            line=lambda v: (
                f"No first update{_to(v)} within the time of {v.severity}, by {clock(v.due_at)}"
            ),
            why=nothing_more,
            read_by=_ALL,
            news=_PROMPTED[k.FirstUpdateOverdue],
            digest=None,
            words=None,
        ),
        k.TimeboxExpired: Row(
            line=lambda v: (
                f"Timebox of hypothesis {v.hypothesis} is over, not confirmed: pivot to the"
                " next one"
            ),
            why=nothing_more,
            read_by=_RESPONDERS,
            news=_PROMPTED[k.TimeboxExpired],
            digest=None,
            words=lambda v: EventWords(hypothesis=v.hypothesis),
        ),
        k.UpdateDue: Row(
            line=lambda v: f"Reminder: the next status update{_to(v)} is due at {clock(v.due_at)}",
            why=nothing_more,
            read_by=_RESPONDERS,
            news=_PROMPTED[k.UpdateDue],
            digest=None,
            words=None,
        ),
        k.UpdateOverdue: Row(
            line=_missed,
            why=nothing_more,
            read_by=_ALL,
            news=_PROMPTED[k.UpdateOverdue],
            digest=None,
            words=None,
        ),
        k.MonitoringEnded: Row(
            line=lambda v: (
                "Recovery has been watched for as long as planned: resolve, or act"
                if v.last
                else "Recovery has been watched for long enough to resolve"
            ),
            why=nothing_more,
            read_by=_RESPONDERS,
            news=_PROMPTED[k.MonitoringEnded],
            digest=None,
            words=lambda v: EventWords(last=v.last),
        ),
        k.AlertsOver: Row(
            line=lambda _: "All alerts are over: mitigate or resolve, or say what is wrong",
            why=nothing_more,
            read_by=_RESPONDERS,
            news=_PROMPTED[k.AlertsOver],
            digest=None,
            words=None,
        ),
        k.AllClear: Row(
            line=lambda _: "All clear: the resolution has held",
            why=why_clear,
            read_by=_ALL,
            news=_PROMPTED[k.AllClear],
            digest=None,
            words=None,
        ),
        k.PostmortemRequested: Row(
            line=lambda v: f"Post-mortem due by {clock(v.due_at)}",
            why=nothing_more,
            read_by=_RESPONDERS,
            news=_PROMPTED[k.PostmortemRequested],
            digest=None,
            words=None,
        ),
        k.PostmortemReminded: Row(
            line=lambda v: f"Reminder: the post-mortem is due by {clock(v.until)}",
            why=nothing_more,
            read_by=_RESPONDERS,
            news=_PROMPTED[k.PostmortemReminded],
            digest=None,
            words=None,
        ),
        k.PostmortemOverdue: Row(
            line=lambda v: f"No post-mortem by {clock(v.due_at)}, when it was due",
            why=nothing_more,
            read_by=_ALL,
            news=_PROMPTED[k.PostmortemOverdue],
            digest=None,
            words=None,
        ),
        k.PostmortemPublished: Row(
            line=lambda v: f"Post-mortem published: {v.url}",
            why=says("A person published it: nothing is owed any more."),
            read_by=_ALL,
            news=_PROMPTED[k.PostmortemPublished],
            digest=None,
            words=None,
        ),
        k.RecordOverdue: Row(
            line=lambda v: f"No short record by {clock(v.due_at)}, when it was due",
            why=nothing_more,
            read_by=_ALL,
            news=_PROMPTED[k.RecordOverdue],
            digest=None,
            words=None,
        ),
        k.RecordFiled: Row(
            line=lambda v: (
                "Short record: "
                + (f"impact: {v.impact}; " if v.impact else "")
                + f"follow-ups: {v.follow_ups}"
            ),
            why=says("A person says what it did and what follows: nothing is owed any more."),
            read_by=_ALL,
            news=_PROMPTED[k.RecordFiled],
            digest=None,
            words=None,
        ),
    },
)
