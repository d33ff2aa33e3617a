"""How a PagerDuty event reads in a timeline, where its type alone does not say everything."""

import re
from collections.abc import Callable

from handlers.ingest.reports import items, line, link, part, text


def reference(value: object) -> str | None:
    """The name of a referenced user, service, priority and so on; its id if it has no name."""
    if isinstance(value, str):
        return line(value)
    ref = part(value)
    return line(ref.get("summary")) or line(ref.get("name")) or line(ref.get("id"))


def _joined(separator: str, *parts: str | None) -> str | None:
    return separator.join(part for part in parts if part) or None


def _said(label: str, what: str | None) -> str | None:
    return f"{label}: {what}" if what else None


def _note(_: str, data: dict[str, object]) -> str | None:
    cut = "[trimmed by PagerDuty]" if data.get("trimmed") is True else None
    return _joined(" ", text(data.get("content")), cut)


def _status_update(_: str, data: dict[str, object]) -> str | None:
    cut = "[trimmed by PagerDuty]" if data.get("trimmed") is True else None
    return _said("Status update", _joined(" ", text(data.get("message")), cut))


def _responder(event_type: str, data: dict[str, object]) -> str | None:
    who = reference(data.get("user")) or reference(data.get("escalation_policy")) or "somebody"
    message = text(data.get("message"))
    if event_type.endswith(".added"):
        return _joined(": ", f"Responder requested: {who}", message)
    return _joined(": ", f"Responder {who}", line(data.get("state")), message)


def _conference_bridge(_: str, data: dict[str, object]) -> str | None:
    numbers = (
        _joined(" ", line(part(number).get("label")), line(part(number).get("number")))
        for number in items(data.get("conference_numbers"))
    )
    return _said(
        "Conference bridge",
        _joined(", ", line(data.get("conference_url"), 2_000), *numbers),
    )


RESTATING = (
    "incident.custom_field_values.",
    "incident.incident_type.",
    "incident.service_updated",
)
"""Types whose words say no more than the fields, or the service, that they state."""


def fields_of(event_type: str, data: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """What an event states by name, of which others say nothing."""
    if event_type.startswith("incident.incident_type."):
        type_ = reference(data.get("incident_type"))
        return (("incident type", type_),) if type_ else ()
    if not event_type.startswith("incident.custom_field_values."):
        return ()
    changed = items(data.get("changed_custom_fields"))
    return tuple(
        (field, _field_value(part(entry).get("value")))
        for entry in changed or items(data.get("custom_fields"))
        if (field := line(part(entry).get("display_name")) or line(part(entry).get("name")))
    )


def _custom_fields(event_type: str, data: dict[str, object]) -> str | None:
    changed = (f"{field} = {value}" for field, value in fields_of(event_type, data))
    return _said("Fields", _joined(", ", *changed))


def _field_value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(line, items(value)))) or "(none)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return line(value) or "(none)"


def _incident_type(_: str, data: dict[str, object]) -> str | None:
    return _said("Incident type", reference(data.get("incident_type")))


def _service(_: str, data: dict[str, object]) -> str | None:
    return _said("Service", reference(data.get("service")))


def _delegated(_: str, data: dict[str, object]) -> str | None:
    policy = reference(data.get("escalation_policy"))
    return f"to escalation policy {policy}" if policy else None


def _escalated(_: str, data: dict[str, object]) -> str | None:
    whom = _joined(", ", *map(reference, items(data.get("assignees"))))
    return f"to {whom}" if whom else None


MERGED_INTO = re.compile(
    r"\b[Mm]erged (?:in)?to (?:the )?(?:incident )?"
    r"(?:#|\S+/)?((?<=[#/])[A-Za-z0-9]{2,}|[A-Z0-9]{7,}(?=\W*$))"
)
"""A reason in words that is a merge, and the id or number of the incident that carries on."""
MERGED = "merge_resolve_reason"
"""Why an incident was resolved that was merged into another one."""


def _resolved(_: str, data: dict[str, object]) -> str | None:
    reason = data.get("resolve_reason")
    if isinstance(reason, str):
        said = line(reason)
        return said and _NUMBER_ALONE.sub(r"\1 PagerDuty incident #\2", said)
    kind = line(part(reason).get("type"))
    if kind == MERGED:
        return _joined(" ", "Merged into", _incident_named(part(part(reason).get("incident"))))
    return kind or None


_NUMBER_ALONE = re.compile(r"\b([Mm]erged (?:in)?to) #?(\d+)\b")


def _incident_named(incident: dict[str, object]) -> str | None:
    """An incident there, with its address: a number or an id alone says nothing to people."""
    said, url = reference(incident), link(incident.get("html_url"))
    if said and re.fullmatch(r"\[?#?\d+\]?|[A-Z0-9]{7,}", said):
        said = f"PagerDuty incident {said.strip('[]')}"
    return f"{said} ({url})" if said and url else said or url


def _role(_: str, data: dict[str, object]) -> str | None:
    said = []
    for entry in items(data.get("incident_role_assignments")):
        assignment = part(entry)
        role = reference(assignment.get("role")) or "role"
        now = reference(assignment.get("assignee")) or "nobody"
        before = reference(assignment.get("old_assignee"))
        said.append(f"{role}: {now}" + (f" (was {before})" if before else ""))
    return _joined(", ", *said)


def _workflow(event_type: str, data: dict[str, object]) -> str | None:
    workflow = reference(data.get("incident_workflow")) or line(data.get("summary"))
    return _joined(" ", "Workflow", workflow, event_type.rpartition(".")[2])


def _task(event_type: str, data: dict[str, object]) -> str | None:
    task = line(data.get("name")) or line(data.get("summary"))
    return _joined(": ", f"Task {event_type.rpartition('.')[2]}", task)


def _action(event_type: str, data: dict[str, object]) -> str | None:
    state = line(data.get("state")) or event_type.rpartition(".")[2]
    return _joined(" ", "Action", reference(data.get("action")), state)


WORDING: dict[str, Callable[[str, dict[str, object]], str | None]] = {
    "incident.annotated": _note,
    "incident.status_update_published": _status_update,
    "incident.responder.": _responder,
    "incident.conference_bridge.": _conference_bridge,
    "incident.custom_field_values.": _custom_fields,
    "incident.incident_type.": _incident_type,
    "incident.service_updated": _service,
    "incident.escalated": _escalated,
    "incident.delegated": _delegated,
    "incident.resolved": _resolved,
    "incident.role.": _role,
    "incident.workflow.": _workflow,
    "incident.task.": _task,
    "incident.action_invocation.": _action,
}
"""By the beginning of the event type."""
