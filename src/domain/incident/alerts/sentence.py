"""A report of an alert as a sentence of a timeline: its title, then what has happened to it, from
what to what and by whom, then details.
"""

from collections.abc import Iterator

from domain.incident.alerts.alert import Alert, AlertKind, Change
from domain.incident.alerts.labels import places
from domain.incident.events import AlertReceived
from domain.incident.impact import impact_words
from domain.kernel.text import in_lines
from domain.kernel.totality import total

PLACES_MOST = 3
_DONE = total(
    "what reports of alerts say",
    AlertKind,
    {
        AlertKind.TRIGGERED: "fired",
        AlertKind.REASSIGNED: "reassigned",
        AlertKind.DELEGATED: "delegated",
        AlertKind.ESCALATED: "escalated",
        AlertKind.PRIORITY_UPDATED: "priority changed",
        AlertKind.UPDATED: "updated",
        AlertKind.ACKNOWLEDGED: "acknowledged",
        AlertKind.UNACKNOWLEDGED: "acknowledgement withdrawn",
        AlertKind.ANNOTATED: "note",
        AlertKind.RESOLVED: "resolved",
        AlertKind.REOPENED: "reopened",
    },
)
_NAMED = {
    "title": "title ",
    "text": "",
    "priority": "priority ",
    "assignees": "assigned to ",
    "more": "and ",
}


def sentence(event: AlertReceived) -> str:
    """`Disk full — priority P3 → P1, by Ada (pagerduty)`."""
    alert = event.alert
    title = alert.title or event.known_as or f"{alert.product} alert {alert.alert_id}"
    fires = alert.kind is AlertKind.TRIGGERED
    news = fires and any(each.before is not None for each in event.changes)
    done = ", ".join(_changes(event)) if news else _done(event)
    by = f", {'reported ' if fires else ''}by {alert.by}"
    rule = f", rule {alert.rule}" if alert.rule and fires else ""
    storm = ", told as part of a storm" if alert.storm else ""
    details = None if news else _details(alert)
    impact = _impact(event)
    flaws = f" [flawed: {'; '.join(alert.flaws)}]" if alert.flaws else ""
    return (
        f"{' '.join(title.split())} — {done}{by if alert.by else ''} ({alert.product}{rule}{storm})"
        f"{f': {in_lines(details)}' if details else ''}{impact}{flaws}"
    )


def _impact(event: AlertReceived) -> str:
    """The impact that it states, and what the matrix makes of it, where no raise beside it says."""
    if event.alert.impact is None or event.matrix is None:
        return ""
    words = f" — impact: {impact_words(event.alert.impact)}"
    if event.cites is None:
        return f"{words} — a floor holds: {event.stands}" if event.stands else words
    rule = f"({event.cites}, policy {event.policy_version})"
    if event.growth and event.growth.because:
        return f"{words} — {event.growth.severity}: {event.growth.because} {rule}"
    return f"{words} — the matrix says {event.matrix.severity}: {event.matrix.because} {rule}"


def _done(event: AlertReceived) -> str:
    """What has happened, with from what to what."""
    alert, text = event.alert, event.alert.text or ""
    changed = {each.what: each for each in event.changes}
    match alert.kind:
        case AlertKind.TRIGGERED:
            where = ", ".join(
                f"{name} {value}" for name, value in places(alert.labels)[:PLACES_MOST]
            )
            done = f"fired, {where}" if where else "fired"
        case AlertKind.PRIORITY_UPDATED:
            said = _priority(alert, changed.pop("priority", None))
            stands_for = f", which stands for {event.severity or 'no severity'}"
            done = f"{said}{stands_for if alert.priority else ''}"
        case AlertKind.REASSIGNED:
            done = _reassigned(alert, changed.pop("assignees", None))
        case AlertKind.DELEGATED | AlertKind.ESCALATED:
            done = _DONE[alert.kind]
            if text:
                done += f" {text}" if text.startswith("to ") else f": {text}"
            if alert.kind is AlertKind.DELEGATED and alert.assignees:
                changed.pop("assignees", None)
                done += f", now with {', '.join(alert.assignees)}"
        case AlertKind.RESOLVED if alert.merged_into:
            done = f"{text[:1].lower()}{text[1:]}" or "merged into another one"
        case AlertKind.UPDATED:
            if alert.fields and len(changed) > 1:
                changed.pop("title", None)  # it is made of them
            restated = alert.restates and changed
            done = "" if restated else text or ("" if changed else "updated")
        case _:
            done = _DONE[alert.kind]
    return ", ".join(filter(None, (done, *(_change(each) for each in changed.values()))))


def _priority(alert: Alert, change: Change | None) -> str:
    """Both priorities: in the words of the product, else as they were heard of."""
    if alert.text and " → " in alert.text:
        return alert.text[:1].lower() + alert.text[1:]
    if change and change.before:
        return f"priority {change.before} → {change.now}"
    return f"priority now {alert.priority}" if alert.priority else "no priority now"


def _reassigned(alert: Alert, change: Change | None) -> str:
    now = ", ".join(alert.assignees) or "nobody"
    if change and change.before:
        return f"reassigned from {change.before} to {now}"
    return f"reassigned to {now}"


def _changes(event: AlertReceived) -> Iterator[str]:
    said = [words for each in event.changes if (words := _change(each))]
    yield from said or ["updated"]


def _change(change: Change) -> str:
    """`91 % → 99 %`; of a text, the lines that differ. Empty where only their order does."""
    before, now = map(_in_a_row, (change.before, change.now))
    name = _NAMED.get(change.what, f"{change.what} ")
    if before and now:
        return f"{name}{before} → {now}"
    if now:
        return f"{name}{now}" if change.what in {"assignees", "more"} else f"{name}now {now}"
    return f"{name}no longer {before}" if before else ""


def _in_a_row(text: str | None) -> str:
    """The lines of a text in one, as they stand without their indentation."""
    return "; ".join(filter(None, map(str.strip, (text or "").split("\n"))))


def _details(alert: Alert) -> str | None:
    """What is said beside; of some reports it is in the sentence already."""
    match alert.kind:
        case AlertKind.DELEGATED | AlertKind.ESCALATED | AlertKind.UPDATED:
            return None
        case AlertKind.PRIORITY_UPDATED if alert.text and " → " in alert.text:
            return None
        case AlertKind.RESOLVED if alert.merged_into:
            return None
    return alert.text
