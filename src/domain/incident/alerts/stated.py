"""The severity that an alert states, in the words of whoever has set it up."""

from domain.incident.alerts.alert import Alert
from domain.incident.severity.floors import floor
from domain.incident.severity.matrix import classify
from domain.policy import Policy, Severity


def severity_of(alert: Alert, policy: Policy) -> Severity | None:
    """The severity that an alert stands for: by its priority, its impact or its urgency, the first
    that it states, and never below what its impact demands; None: it states none. A priority that
    is stated and not understood counts as the higher level in doubt, if nothing else says more.
    """
    impact, named, least = alert.impact, None, None
    if alert.priority:
        named = policy.vocabulary.severity(alert.priority)
        least = None if named else policy.unassessed
    if impact is None:
        return named or _higher(least, policy.alert_urgencies.get(alert.urgency or ""))
    held = floor(impact, policy)
    if named is None or (held and held.severity.outranks(named)):
        return _higher(least, classify(impact, policy).severity)
    return named


def named_by(alert: Alert, policy: Policy) -> Severity | None:
    """The severity that an alert names, whatever its impact comes to; None: it names none."""
    if not alert.priority:
        return None
    return policy.vocabulary.severity(alert.priority) or policy.unassessed


def unclear_severity(alert: Alert, policy: Policy) -> str | None:
    """That the severity is stated and not understood, and what it counts as, for people; None: it
    is understood, or none is stated.
    """
    if not alert.priority or policy.vocabulary.severity(alert.priority) is not None:
        return None
    counted = severity_of(alert, policy)
    return f"the severity “{alert.priority}” is not understood, and counts as {counted}"


def _higher(one: Severity | None, other: Severity | None) -> Severity | None:
    return min(filter(None, (one, other)), default=None)
