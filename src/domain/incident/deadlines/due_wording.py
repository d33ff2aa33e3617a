"""One line of a timeline for each event of a deadline, from the event alone."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineEvent
from domain.kernel.commit import Event
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


DEADLINE_WORDS: Mapping[type[Event], Callable[[Any], str] | None] = total(
    "the words of deadlines",
    kinds(DeadlineEvent),
    {
        k.ResponseOverdue: lambda v: (
            f"Not acknowledged within the response time of {v.severity}, by {clock(v.due_at)}"
        ),
        k.RootCauseOverdue: lambda v: (
            f"No root cause within the time of {v.severity}, by {clock(v.due_at)}"
        ),
        k.Escalated: lambda v: (
            f"Not told, no channel reaches them: {', '.join(v.to)} ({v.reason})"
            if v.unreached
            else f"Escalated to {', '.join(v.to)}: {v.reason}"
        ),
        k.EscalationSuppressed: lambda v: (
            f"Not needed any more ({v.rule}, due at {clock(v.due_at)}): "
            f"{v.because.replace('_', ' ')}"
        ),
        k.TimeboxExpired: lambda v: (
            f"Timebox of hypothesis {v.hypothesis} is over, not confirmed: pivot to the next one"
        ),
        k.UpdateDue: lambda v: (
            f"Reminder: the next status update{_to(v)} is due at {clock(v.due_at)}"
        ),
        k.UpdateOverdue: _missed,
        k.FirstUpdateOverdue: lambda v: (
            f"No first update{_to(v)} within the time of {v.severity}, by {clock(v.due_at)}"
        ),
        k.MonitoringEnded: lambda v: (
            "Recovery has been watched for as long as planned: resolve, or act"
            if v.last
            else "Recovery has been watched for long enough to resolve"
        ),
        k.AlertsOver: lambda _: "All alerts are over: mitigate or resolve, or say what is wrong",
        k.AllClear: lambda _: "All clear: the resolution has held",
        k.PostmortemRequested: lambda v: f"Post-mortem due by {clock(v.due_at)}",
        k.PostmortemOverdue: lambda v: f"No post-mortem by {clock(v.due_at)}, when it was due",
        k.RecordOverdue: lambda v: f"No short record by {clock(v.due_at)}, when it was due",
        k.RecordFiled: lambda v: (
            "Short record: "
            + (f"impact: {v.impact}; " if v.impact else "")
            + f"follow-ups: {v.follow_ups}"
        ),
        k.PostmortemPublished: lambda v: f"Post-mortem published: {v.url}",
    },
)
