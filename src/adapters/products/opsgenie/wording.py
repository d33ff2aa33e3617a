"""How an Opsgenie action reads in a timeline, where its kind alone does not say everything."""

from collections.abc import Iterator

from handlers.ingest.details import readable
from handlers.ingest.reports import items, line, part, text


def named(value: object) -> str | None:
    """One or more people, teams, tags: a text, an object with a name, or a list of such."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(named, items(value)))) or None
    if isinstance(value, dict):
        return line(value.get("name")) or line(value.get("username")) or line(value.get("id"))
    return line(value)


def _listed(value: object) -> str | None:
    """The same, and details by their names."""
    if isinstance(value, dict) and not {"name", "username", "id"} & value.keys():
        said = ((line(each), line(found)) for each, found in value.items())
        return ", ".join(f"{name} = {found}" for name, found in said if name and found) or None
    return named(value)


LABELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "addnote": ("", ()),
    "create": ("", ()),
    "acknowledge": ("", ()),
    "unacknowledge": ("", ()),
    "close": ("", ()),
    "delete": ("Alert deleted", ()),
    "addtags": ("Tags added", ("addedTags", "tags")),
    "removetags": ("Tags removed", ("removedTags",)),
    "addteam": ("Team added", ("addedTeam", "team", "teams")),
    "addrecipient": ("Recipient added", ("addedRecipient", "recipient", "recipients")),
    "addresponder": ("Responder added", ("addedResponder", "responder", "responders")),
    "removeresponder": ("Responder removed", ("removedResponder", "responder")),
    "adddetails": ("Details added", ("addedDetails", "details")),
    "removedetails": ("Details removed", ("removedDetails",)),
    "assignownership": ("", ()),
    "takeownership": ("", ()),
    "updatemessage": ("Message", ("message",)),
    "updatedescription": ("Description", ("description",)),
    "snooze": ("Snoozed", ("snoozeEndDate", "snoozedUntil")),
    "snoozeend": ("Snooze ended", ()),
}
"""By action: what to call it, and the fields of the alert that tell more, the best one first."""


RESTATING = frozenset({"adddetails", "removedetails", "updatedescription", "updatemessage"})
"""Actions whose words say no more than what they state."""
NOT_THERE = "(none)"


def details_changed(key: str, alert: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """What an action makes of single details of an alert, where it says so."""
    if key == "adddetails":
        found = part(alert.get("addedDetails")) or part(alert.get("details"))
        return tuple(
            (name, value)
            for each, said in found.items()
            if (name := line(each)) and (value := line(said))
        )
    if key == "removedetails":
        given = alert.get("removedDetails")
        names = given if isinstance(given, list) else list(part(given))
        return tuple((name, NOT_THERE) for each in names if (name := line(each)))
    return ()


def wording(key: str, action: str, body: dict[str, object]) -> str | None:
    """The text for an action; `key` is its name in lower case. A custom action is called by its
    own name.
    """
    return text(": ".join(filter(None, _parts(key, action, body))))


def _parts(key: str, action: str, body: dict[str, object]) -> Iterator[str | None]:
    alert = part(body.get("alert"))
    if key == "updatepriority":
        before, now = line(alert.get("oldPriority")), line(alert.get("priority"))
        yield f"Priority {before} → {now}" if before and now else None
    elif key == "create":
        said = (text(alert.get("description")), readable(alert.get("details")))
        yield "\n".join(filter(None, said))
    elif key.startswith("escalate"):
        yield _escalated(body)
    else:
        label, fields = LABELS.get(key, (line(action) or "Action", ()))
        yield label or None
        yield next(filter(None, (_listed(alert.get(field)) for field in fields)), None)
    yield text(alert.get("note"))


def _escalated(body: dict[str, object]) -> str | None:
    alert = part(body.get("alert"))
    whom = (
        named(body.get("escalationNotify"))
        or named(body.get("recipient"))
        or named(alert.get("recipient"))
    )
    to = f"to {whom}" if whom else None
    return " ".join(filter(None, (line(body.get("escalationName")), to))) or None
