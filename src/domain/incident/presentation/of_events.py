"""What there is to say of each event of an incident, one row each."""

from collections.abc import Mapping

from domain.incident import audiences as a
from domain.incident import events as e
from domain.incident import wording as w
from domain.incident.alerts.sentence import sentence
from domain.incident.events import EVENTS, IncidentEvent
from domain.incident.explanations import whys as y
from domain.incident.presentation import digest as d
from domain.incident.presentation.event_words import EventWords, of_severity, reason_of
from domain.incident.presentation.of_corrections import OF_CORRECTIONS
from domain.incident.presentation.of_deadlines import OF_DEADLINES
from domain.incident.presentation.of_merges import OF_MERGES
from domain.incident.presentation.row import Row, Weight
from domain.incident.state import reference_of
from domain.incident.visibility.visibility import visibility_words
from domain.kernel.roster import with_doubt
from domain.kernel.totality import total

_ALL, _RESPONDERS, _NOBODY = Weight

PRESENTED: Mapping[type[IncidentEvent], Row] = total(
    "how events of incidents are put",
    EVENTS,
    {
        e.Declared: Row(
            line=w.declared,
            why=y.why_declared,
            read_by=_ALL,
            news=a.becomes(lambda _, __: "declared"),
            digest=None,
            words=None,
        ),
        e.AlertReceived: Row(
            line=sentence,
            why=y.why_alert,
            read_by=_ALL,
            news=a.alerted,
            digest=d.with_alert,
            words=None,
        ),
        e.Acknowledged: Row(
            line=lambda _: "Acknowledged",
            why=y.says("Somebody has taken it on: the clocks of the response stand still."),
            read_by=_ALL,
            news=a.turned,
            digest=None,
            words=None,
        ),
        e.AlsoAcknowledged: Row(
            line=lambda v: f"Also acknowledged by {v.responder}",
            why=y.says("One more has taken it on, which somebody had done before."),
            read_by=_ALL,
            news=None,
            digest=None,
            words=None,
        ),
        e.RoleAssigned: Row(
            line=lambda v: f"{v.role.title}: {with_doubt(v.assignee, v.doubt)}",
            why=y.says("A person assigned it: roles come before troubleshooting."),
            read_by=_ALL,
            news=a.roles_changed,
            digest=None,
            words=None,
        ),
        e.RoleHandedOver: Row(
            line=w.handed_over,
            why=y.says("A person handed it over."),
            read_by=_ALL,
            news=a.roles_changed,
            digest=None,
            words=None,
        ),
        e.RoleUnassigned: Row(
            line=w.unassigned,
            why=y.says("A person freed it: nobody holds it now."),
            read_by=_ALL,
            news=a.roles_changed,
            digest=None,
            words=None,
        ),
        e.RoleHolderNoted: Row(
            line=w.holder_noted,
            why=y.says("The directory was changed: a role needs somebody who is there."),
            read_by=_ALL,
            news=a.roles_changed,
            digest=None,
            words=None,
        ),
        e.ImpactReassessed: Row(
            line=w.assessed,
            why=y.why_assessed,
            read_by=_ALL,
            news=a.turned,
            digest=None,
            words=None,
        ),
        e.SeverityChanged: Row(
            line=w.severity,
            why=y.why_severity,
            read_by=_ALL,
            news=a.turned,
            digest=None,
            words=of_severity,
        ),
        e.SeverityUpgraded: Row(
            line=lambda v: f"Severity {v.previous} → {v.severity}, automatic: {v.reason}",
            why=y.why_raised,
            read_by=_ALL,
            news=a.turned,
            digest=None,
            words=of_severity,
        ),
        e.SeverityRaiseWithdrawn: Row(
            line=w.taken_back,
            why=y.why_raised,
            read_by=_ALL,
            news=a.taken_back,
            digest=None,
            words=lambda v: EventWords(previous_severity=v.withdrawn, reason=v.reason),
        ),
        e.HypothesisOpened: Row(
            line=lambda v: (
                f"Hypothesis {v.hypothesis}: {v.statement}"
                + (f" — {with_doubt(v.owner, v.doubt)}" if v.owner else "")
            ),
            why=y.why_hypothesis,
            read_by=_ALL,
            news=None,
            digest=None,
            words=None,
        ),
        e.HypothesisConfirmed: Row(
            line=lambda v: f"Hypothesis {v.hypothesis} confirmed: {v.finding}",
            why=y.says("A person confirmed it: its timebox ends."),
            read_by=_ALL,
            news=None,
            digest=None,
            words=None,
        ),
        e.HypothesisRejected: Row(
            line=lambda v: f"Hypothesis {v.hypothesis} rejected: {v.finding}",
            why=y.says("A person rejected it: its timebox ends."),
            read_by=_ALL,
            news=None,
            digest=None,
            words=None,
        ),
        e.HypothesisAbandoned: Row(
            line=lambda v: f"Hypothesis {v.hypothesis} abandoned: {v.reason}",
            why=y.says("A person left it: its timebox ends."),
            read_by=_ALL,
            news=None,
            digest=None,
            words=None,
        ),
        e.ActionLogged: Row(
            line=lambda v: f"Action: {v.action}",
            why=y.BY_A_PERSON,
            read_by=_ALL,
            news=None,
            digest=d.with_action,
            words=None,
        ),
        e.NoteAdded: Row(
            line=lambda v: v.text,
            why=y.BY_A_PERSON,
            read_by=_ALL,
            news=None,
            digest=None,
            words=None,
        ),
        e.ChangeNoted: Row(
            line=w.change,
            why=y.says("A source reported a change of a service of this incident."),
            read_by=_ALL,
            news=None,
            digest=None,
            words=None,
        ),
        e.UpdatePosted: Row(
            line=w.update,
            why=y.why_updated,
            read_by=_ALL,
            news=a.updated,
            digest=d.with_update,
            words=lambda v: EventWords(text=v.text, status=v.status.value),
        ),
        e.RootCauseIdentified: Row(
            line=lambda v: (
                f"Root cause identified: {v.cause}" + (f" ({v.hypothesis})" if v.hypothesis else "")
            ),
            why=y.why_identified,
            read_by=_ALL,
            news=a.identified,
            digest=None,
            words=None,
        ),
        e.RootCauseWithdrawn: Row(
            line=lambda v: f"That was not the cause: {v.cause} — {v.reason}",
            why=y.says("A person withdrew it: the clock of the root cause runs again."),
            read_by=_ALL,
            news=a.becomes(a.withdrawn),
            digest=None,
            words=lambda v: EventWords(reason=v.reason, failed=v.cause),
        ),
        e.Mitigated: Row(
            line=lambda v: f"Mitigated: {v.mitigation}",
            why=y.why_mitigated,
            read_by=_ALL,
            news=a.becomes(a.mitigated),
            digest=d.with_mitigation,
            words=None,
        ),
        e.DidNotHold: Row(
            line=lambda v: (
                f"Did not hold: {v.what} — {v.reason}" if v.what else f"It did not hold: {v.reason}"
            ),
            why=y.why_set_back,
            read_by=_ALL,
            news=a.did_not_hold,
            digest=None,
            words=lambda v: EventWords(reason=v.reason, failed=v.what),
        ),
        e.Resolved: Row(
            line=w.resolved,
            why=y.why_resolved,
            read_by=_ALL,
            news=a.turned,
            digest=None,
            words=lambda v: EventWords(early_reason=v.early_reason, verification=v.verification),
        ),
        e.Reopened: Row(
            line=lambda v: f"Reopened: {v.reason}",
            why=y.why_reopened,
            read_by=_ALL,
            news=a.turned,
            digest=None,
            words=reason_of,
        ),
        e.Canceled: Row(
            line=lambda v: f"Canceled as a false positive: {v.reason}",
            why=y.says("A person canceled it: its clocks stand still."),
            read_by=_ALL,
            news=a.becomes(lambda _, __: "canceled"),
            digest=None,
            words=reason_of,
        ),
        **OF_MERGES,
        **OF_CORRECTIONS,
        e.LinkAttached: Row(
            line=lambda v: f"Link: {v.name}: {v.url}" if v.name else f"Link: {v.url}",
            why=y.BY_A_PERSON,
            read_by=_ALL,
            news=None,
            digest=None,
            words=None,
        ),
        e.IncidentLinked: Row(
            line=lambda v: f"{w.RELATIONS[v.relation]} {reference_of(v.to_number)}",
            why=y.BY_A_PERSON,
            read_by=_ALL,
            news=None,
            digest=None,
            words=None,
        ),
        e.VisibilitySet: Row(
            line=visibility_words,
            why=y.says("Who may see it was said: docs/access.md."),
            read_by=_RESPONDERS,
            news=None,
            digest=None,
            words=None,
        ),
        e.RuleWaived: Row(
            line=w.waived, why=y.why_waived, read_by=_ALL, news=None, digest=None, words=None
        ),
        **OF_DEADLINES,
    },
)
