"""Recorded bodies of PagerDuty's V3 webhooks: for whom it reached, and when.

Source: developer.pagerduty.com/docs/webhooks-overview. A body is delivered at least once, and has
the same `event.id` each time.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from adapters.migration.account import Fields, Unreadable, folder, instant, loaded
from adapters.migration.shadow import RecordedPage

_PASSED_ON = "somebody passed it on, which no policy decides"
_ASSIGNS: dict[str, str | None] = {
    "incident.triggered": None,
    "incident.escalated": None,
    "incident.reassigned": _PASSED_ON,
    "incident.delegated": _PASSED_ON,
    "incident.reopened": "it was reopened, and went back to whom it was with",
}
"""What assigns people, and why no policy decides whom."""
_CHOSEN = "somebody escalated it, to a level of their choice"
_PERSON = ("user_reference", "user")


class Recording(NamedTuple):
    """What a folder holds: pages, how many bodies there are, how many came again, and which files
    could not be read, with why.
    """

    pages: list[RecordedPage]
    bodies: int
    repeated: int
    unread: list[Unreadable]


def recording_in(path: Path) -> Recording:
    """What is in the `*.json` of a folder: a body each, or a list of them. Raises `Unreadable`."""
    seen: set[str] = set()
    pages: list[RecordedPage] = []
    unread: list[Unreadable] = []
    bodies = repeated = 0
    for file in sorted(folder(path).rglob("*.json")):
        try:
            for body in _bodies(loaded(file), file):
                bodies += 1
                event = _event(body, file)
                id_ = str(event["id"])
                repeated += id_ in seen
                if id_ not in seen and event["event_type"] in _ASSIGNS:
                    pages.append(_page(event, file))
                seen.add(id_)
        except Unreadable as error:
            unread.append(error)
    return Recording(pages, bodies, repeated, unread)


def _bodies(found: Any, file: Path) -> Iterator[Any]:
    if isinstance(found, list):
        yield from found
    else:
        yield found


def _event(body: Any, file: Path) -> Fields:
    event = body.get("event") if isinstance(body, dict) else None
    if not isinstance(event, dict) or not event.get("id") or not event.get("event_type"):
        raise Unreadable("webhook.unexpected", f"{file}: no body of a V3 webhook")
    return event


def _page(event: Fields, file: Path) -> RecordedPage:
    data = event.get("data")
    if not isinstance(data, dict) or not data.get("id"):
        raise Unreadable("webhook.unexpected", f"{file}: the event has no incident")
    agent, kind = event.get("agent"), str(event["event_type"])
    climbs = kind == "incident.escalated"
    by_somebody = isinstance(agent, dict) and agent.get("type") in _PERSON
    policy = data.get("escalation_policy")
    return RecordedPage(
        id=str(event["id"]),
        at=instant(event.get("occurred_at"), str(file)),
        incident=str(data["id"]),
        event=kind.removeprefix("incident."),
        climbs=climbs,
        undecided=_CHOSEN if climbs and by_somebody else _ASSIGNS[kind],
        policy=str(policy.get("id")) if isinstance(policy, dict) else None,
        people=_people(data.get("assignees")),
    )


def _people(found: Any) -> tuple[str, ...]:
    return tuple(
        sorted({str(each["id"]) for each in found or () if isinstance(each, dict) and "id" in each})
    )
